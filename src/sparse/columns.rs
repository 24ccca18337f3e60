//! Batches by feature: which examples of a batch a feature occurs in.

use super::batches::Batches;
use super::examples::Examples;

/// Columns of at least this many entries are [long](BatchColumns::long).
pub const LONG_COLUMN: usize = 128;

/// One batch after the other, each by column: the features that occur in it, ascending by rank, and
/// for each its examples, ascending.
///
/// So an update **gathers** a feature's gradient, Σ over its column of residual × value, in an order
/// that is always the same: no two writers meet, and a run repeats bit for bit. All in a few flat
/// arrays, as a GPU wants them; a run too large for one buffer has several of these.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// For each batch, its first column; and where the last batch ends.
    batch_starts: Vec<u32>,
    /// For each column, the rank of its feature.
    features: Vec<u32>,
    /// For each column, its first entry; and where the last column ends.
    starts: Vec<u32>,
    /// For each entry, its example's place in the batch, from 0.
    examples: Vec<u32>,
    /// For each entry, its value; empty where all are 1.
    values: Vec<f32>,
    /// For each batch, its first long column among `long`; and where the last batch ends.
    long_starts: Vec<u32>,
    /// The long columns, as places among the batch's columns.
    long: Vec<u32>,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            batch_starts: vec![0],
            features: Vec::new(),
            starts: vec![0],
            examples: Vec::new(),
            values: Vec::new(),
            long_starts: vec![0],
            long: Vec::new(),
        }
    }
}

/// The columns of one batch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchColumns<'a> {
    /// The rank of each column's feature, ascending.
    pub features: &'a [u32],
    /// Where each column begins in `examples` and `values`, and where the last ends: one more than
    /// there are columns.
    pub starts: &'a [u32],
    /// The places in the batch, from 0, of **all** batches' entries: `starts` points into it.
    pub examples: &'a [u32],
    /// The values of all batches' entries; none where all are 1.
    pub values: Option<&'a [f32]>,
    /// The columns of at least [`LONG_COLUMN`] entries, as places in `features`, ascending.
    pub long: &'a [u32],
}

impl Columns {
    /// Those of all batches at once; none for batches of 1, which need none. A [`Planner`] makes
    /// them one by one.
    #[must_use]
    pub fn of(examples: &Examples, batches: &Batches) -> Self {
        let mut columns = Self::default();
        if batches.size() > 1 {
            let mut planner = Planner::new(examples.feature_count());
            for batch in 0..batches.count() {
                planner.plan(examples, batches.batch(batch), &mut columns);
            }
        }
        columns
    }

    /// How many batches there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.batch_starts.len() - 1
    }

    /// How many entries all of them have.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.examples.len()
    }

    /// How many bytes they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let numbers = self.batch_starts.len()
            + self.features.len()
            + self.starts.len()
            + self.examples.len()
            + self.values.len()
            + self.long_starts.len()
            + self.long.len();
        4 * numbers
    }

    /// One batch's columns; none beyond the last.
    #[must_use]
    pub fn batch(&self, batch: usize) -> BatchColumns<'_> {
        let columns = range(&self.batch_starts, batch);
        let long = range(&self.long_starts, batch);
        BatchColumns {
            features: self.features.get(columns.clone()).unwrap_or_default(),
            starts: self
                .starts
                .get(columns.start..=columns.end)
                .unwrap_or_default(),
            examples: &self.examples,
            values: (!self.values.is_empty()).then_some(&self.values),
            long: self.long.get(long).unwrap_or_default(),
        }
    }

    /// For each batch, its first column, and where the last batch ends.
    #[must_use]
    pub fn batch_starts(&self) -> &[u32] {
        &self.batch_starts
    }

    /// All batches' columns: the rank of each one's feature.
    #[must_use]
    pub fn features(&self) -> &[u32] {
        &self.features
    }

    /// All batches' columns: where each begins among the entries, and where the last ends.
    #[must_use]
    pub fn starts(&self) -> &[u32] {
        &self.starts
    }

    /// All batches' entries: each one's place in its batch.
    #[must_use]
    pub fn examples(&self) -> &[u32] {
        &self.examples
    }

    /// All batches' entries: each one's value; none where all are 1.
    #[must_use]
    pub fn values(&self) -> Option<&[f32]> {
        (!self.values.is_empty()).then_some(&self.values)
    }

    /// For each batch, its first long column in [`Self::long`], and where the last batch ends.
    #[must_use]
    pub fn long_starts(&self) -> &[u32] {
        &self.long_starts
    }

    /// All batches' long columns, as places among their batch's columns.
    #[must_use]
    pub fn long(&self) -> &[u32] {
        &self.long
    }
}

/// Makes [`Columns`], with room for a note on every feature.
#[derive(Debug)]
pub struct Planner {
    /// By rank: first how often it occurs in the batch, then where its next entry goes; 0 between
    /// batches.
    slots: Vec<u32>,
}

impl Planner {
    /// For examples of so many features.
    #[must_use]
    pub fn new(feature_count: usize) -> Self {
        Self {
            slots: vec![0; feature_count],
        }
    }

    /// Appends the batch of these rows to `columns`.
    pub fn plan(&mut self, examples: &Examples, rows: &[u32], columns: &mut Columns) {
        let first = columns.features.len();
        for &row in rows {
            for &rank in examples.row(row).indices {
                if let Some(slot) = self.slots.get_mut(rank as usize) {
                    if *slot == 0 {
                        columns.features.push(rank);
                    }
                    *slot += 1;
                }
            }
        }
        let touched = columns.features.get_mut(first..).unwrap_or_default();
        touched.sort_unstable();
        let mut start = columns.examples.len() as u32;
        for (column, &rank) in (0..).zip(&*touched) {
            if let Some(slot) = self.slots.get_mut(rank as usize) {
                if *slot as usize >= LONG_COLUMN {
                    columns.long.push(column);
                }
                start += std::mem::replace(slot, start);
                columns.starts.push(start);
            }
        }
        columns.examples.resize(start as usize, 0);
        if examples.values().is_some() {
            columns.values.resize(start as usize, 1.0);
        }
        for (place, &row) in (0..).zip(rows) {
            let row = examples.row(row);
            let mut values = row.values.unwrap_or_default().iter();
            for &rank in row.indices {
                let Some(slot) = self.slots.get_mut(rank as usize) else {
                    continue;
                };
                if let Some(entry) = columns.examples.get_mut(*slot as usize) {
                    *entry = place;
                }
                if let (Some(entry), Some(&value)) =
                    (columns.values.get_mut(*slot as usize), values.next())
                {
                    *entry = value;
                }
                *slot += 1;
            }
        }
        for &rank in columns.features.get(first..).unwrap_or_default() {
            if let Some(slot) = self.slots.get_mut(rank as usize) {
                *slot = 0;
            }
        }
        columns.batch_starts.push(columns.features.len() as u32);
        columns.long_starts.push(columns.long.len() as u32);
    }
}

/// From one start to the next; empty beyond the last.
fn range(starts: &[u32], place: usize) -> std::ops::Range<usize> {
    match (starts.get(place), starts.get(place + 1)) {
        (Some(&start), Some(&end)) => start as usize..end as usize,
        _ => 0..0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::examples::tests::examples;
    use proptest::prelude::*;

    #[test]
    fn a_small_plan_by_hand() {
        // Ranks: 0 is feature 0 (3 times), 1 is feature 2 (twice), 2 is feature 1.
        let examples = examples(
            &[
                (true, &[(0, 1.0), (2, 0.5)]),
                (false, &[(1, 3.0), (0, 2.0)]),
                (true, &[(2, 4.0), (0, 1.0)]),
            ],
            3,
        );
        let mut columns = Columns::default();
        let mut planner = Planner::new(3);
        planner.plan(&examples, &[1, 2], &mut columns);
        planner.plan(&examples, &[0], &mut columns);
        assert_eq!((columns.count(), columns.entries()), (2, 6));
        let first = columns.batch(0);
        assert_eq!(first.features, [0, 1, 2]);
        assert_eq!(first.starts, [0, 2, 3, 4]);
        let second = columns.batch(1);
        assert_eq!(second.features, [0, 1]);
        assert_eq!(second.starts, [4, 5, 6]);
        assert_eq!(second.examples, [0, 1, 1, 0, 0, 0]);
        assert_eq!(second.values, Some(&[2.0, 1.0, 4.0, 3.0, 1.0, 0.5][..]));
        assert!(second.long.is_empty());
        assert_eq!(columns.batch(2).features, []);
    }

    #[test]
    fn long_columns_are_known() {
        let rows: Vec<(bool, &[(u32, f32)])> = (0..LONG_COLUMN)
            .map(|row| (true, [&[(3, 1.0)][..], &[(3, 1.0), (1, 1.0)]][row % 2]))
            .collect();
        let examples = examples(&rows, 4);
        let mut columns = Columns::default();
        let all: Vec<u32> = (0..LONG_COLUMN as u32).collect();
        let mut planner = Planner::new(4);
        planner.plan(&examples, &all[1..], &mut columns);
        planner.plan(&examples, &all, &mut columns);
        assert!(columns.batch(0).long.is_empty());
        assert_eq!(columns.batch(1).long, [0]);
        assert_eq!(columns.batch(1).features, [0, 1]);
    }

    proptest! {
        /// Evidence: the transpose, entry by entry.
        #[test]
        fn columns_are_the_rows_transposed(
            rows in prop::collection::vec(prop::collection::btree_map(0..200_u32, 1..5_u8, 0..20), 1..40),
            batch in 1..10_usize,
        ) {
            let rows: Vec<(bool, Vec<(u32, f32)>)> = rows
                .into_iter()
                .map(|row| (true, row.into_iter().map(|(j, x)| (j, f32::from(x))).collect()))
                .collect();
            let borrowed: Vec<(bool, &[(u32, f32)])> =
                rows.iter().map(|(label, row)| (*label, &row[..])).collect();
            let examples = examples(&borrowed, 200);
            let order: Vec<u32> = (0..rows.len() as u32).rev().collect();
            let mut columns = Columns::default();
            let mut planner = Planner::new(200);
            for rows in order.chunks(batch) {
                planner.plan(&examples, rows, &mut columns);
            }
            prop_assert_eq!(columns.entries(), examples.nonzeros());
            for (number, rows) in order.chunks(batch).enumerate() {
                let planned = columns.batch(number);
                let mut expected = Vec::new();
                for (place, &row) in (0_u32..).zip(rows) {
                    let row = examples.row(row);
                    for (i, &rank) in row.indices.iter().enumerate() {
                        expected.push((rank, place, row.values.map_or(1.0, |values| values[i])));
                    }
                }
                expected.sort_by_key(|&(rank, place, _)| (rank, place));
                let mut found = Vec::new();
                for (column, &rank) in planned.features.iter().enumerate() {
                    for entry in planned.starts[column]..planned.starts[column + 1] {
                        let entry = entry as usize;
                        let value = planned.values.map_or(1.0, |values| values[entry]);
                        found.push((rank, planned.examples[entry], value));
                    }
                }
                prop_assert_eq!(found, expected);
            }
        }
    }
}
