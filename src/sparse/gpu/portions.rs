//! How a batch that is too much for one dispatch is divided: a browser takes a GPU away that does
//! not answer, and can paint only between submissions.

use std::ops::Range;

use crate::sparse::columns::BatchColumns;

/// Where each portion of a batch ends, of its rows, of its columns, and of its long columns.
///
/// Rows and columns are each divided by the entries that one dispatch of them visits; a row or
/// column is never divided, and every portion has at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Portions {
    rows: Vec<u32>,
    columns: Vec<u32>,
    long: Vec<u32>,
}

/// What one dispatch of each kind covers, as places in the batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Portion {
    pub rows: Range<u32>,
    pub columns: Range<u32>,
    pub long: Range<u32>,
}

impl Portions {
    /// Of rows of so many entries, and of their columns, which are long from `long_column` entries
    /// on, with about `most` entries each.
    pub fn of(
        rows: impl Iterator<Item = usize>,
        columns: &BatchColumns<'_>,
        long_column: usize,
        most: u64,
    ) -> Self {
        let lengths = columns.starts.windows(2).map(|pair| match pair {
            [start, end] => (end - start) as usize,
            _ => 0,
        });
        // The dispatch of the columns only looks at the long ones.
        let is_long = |length: &usize| *length >= long_column;
        let short = lengths
            .clone()
            .map(|length| if is_long(&length) { 1 } else { length });
        Self {
            rows: ends(rows, most),
            columns: ends(short, most),
            long: ends(lengths.filter(is_long), most),
        }
    }

    /// How many dispatches of each kind there are at most.
    pub fn count(&self) -> usize {
        self.rows.len().max(self.columns.len()).max(self.long.len())
    }

    /// The first, second and so on of each kind; empty where there is none of it.
    pub fn portions(&self) -> impl Iterator<Item = Portion> {
        let range = |ends: &[u32], place: usize| {
            let end_of = |place: usize| ends.get(place).copied();
            let start = place.checked_sub(1).map_or(Some(0), end_of);
            match (start, end_of(place)) {
                (Some(start), Some(end)) => start..end,
                _ => 0..0,
            }
        };
        (0..self.count()).map(move |place| Portion {
            rows: range(&self.rows, place),
            columns: range(&self.columns, place),
            long: range(&self.long, place),
        })
    }
}

/// Where portions of about `most` entries end.
fn ends(lengths: impl Iterator<Item = usize>, most: u64) -> Vec<u32> {
    let mut ends = Vec::new();
    let (mut count, mut entries) = (0, 0);
    for length in lengths {
        count += 1;
        // One without an entry is visited, too.
        entries += length.max(1) as u64;
        if entries >= most {
            ends.push(count);
            entries = 0;
        }
    }
    if entries > 0 {
        ends.push(count);
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: columns of 2, 200 and 3 entries, the second of them long.
    #[test]
    fn a_small_batch_by_hand() {
        let columns = BatchColumns {
            features: &[0, 1, 2],
            starts: &[7, 9, 209, 212],
            examples: &[],
            values: None,
            long: &[1],
        };
        let portions = Portions::of([2, 1, 1, 5].into_iter(), &columns, 128, 3);
        let found: Vec<Portion> = portions.portions().collect();
        let portion = |rows, columns, long| Portion {
            rows,
            columns,
            long,
        };
        assert_eq!(
            found,
            [portion(0..2, 0..2, 0..1), portion(2..4, 2..3, 0..0)]
        );
        let whole = Portions::of([2, 1, 1, 5].into_iter(), &columns, 128, 1_000);
        assert_eq!(
            whole.portions().collect::<Vec<_>>(),
            [portion(0..4, 0..3, 0..1)]
        );
        // Where none is long, it counts with the others.
        let flat = Portions::of([2, 1, 1, 5].into_iter(), &columns, 1_000, 3);
        assert_eq!(
            flat.portions().collect::<Vec<_>>(),
            [portion(0..2, 0..2, 0..0), portion(2..4, 2..3, 0..0)]
        );
    }
}
