//! Labelled examples in compressed rows, their features numbered by frequency.

mod ranking;

pub use ranking::Ranking;

use super::held_out::Split;

/// Examples as they come from a file or a generator, their features numbered as there, from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    offsets: Vec<u32>,
    indices: Vec<u32>,
    /// Empty as long as every value is 1.
    values: Vec<f32>,
    labels: Vec<bool>,
}

impl Default for Rows {
    fn default() -> Self {
        Self {
            offsets: vec![0],
            indices: Vec::new(),
            values: Vec::new(),
            labels: Vec::new(),
        }
    }
}

impl Rows {
    /// Appends a non-zero of the example that [`Self::finish_row`] will finish, and whose features
    /// are all different.
    #[inline]
    pub fn push(&mut self, feature: u32, value: f32) {
        if value != 1.0 && self.values.is_empty() {
            self.values.resize(self.indices.len(), 1.0);
            self.values.push(value);
        } else if !self.values.is_empty() {
            self.values.push(value);
        }
        self.indices.push(feature);
    }

    /// Ends an example.
    #[inline]
    pub fn finish_row(&mut self, label: bool) {
        self.offsets.push(self.indices.len() as u32);
        self.labels.push(label);
    }

    /// Other labels, in the rows' order.
    pub(super) fn set_labels(&mut self, labels: impl Iterator<Item = bool>) {
        for (label, other) in self.labels.iter_mut().zip(labels) {
            *label = other;
        }
    }

    /// The label of every row.
    pub(super) fn labels(&self) -> &[bool] {
        &self.labels
    }

    /// Leaves out the rows that `keeps` does not keep.
    pub(super) fn retain(&mut self, keeps: impl Fn(usize) -> bool) {
        let mut kept = Self::default();
        let ends = self.offsets.iter().zip(self.offsets.iter().skip(1));
        for (row, ((&start, &end), &label)) in ends.zip(&self.labels).enumerate() {
            if !keeps(row) {
                continue;
            }
            for nonzero in start as usize..end as usize {
                let value = self.values.get(nonzero).copied().unwrap_or(1.0);
                if let Some(&index) = self.indices.get(nonzero) {
                    kept.push(index, value);
                }
            }
            kept.finish_row(label);
        }
        *self = kept;
    }

    /// Counts features from `first` on, not from 0.
    pub(super) fn subtract_from_features(&mut self, first: u32) {
        for index in &mut self.indices {
            *index = index.saturating_sub(first);
        }
    }

    /// How many examples are finished.
    #[must_use]
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// How many non-zeros there are.
    #[must_use]
    pub fn nonzeros(&self) -> usize {
        self.indices.len()
    }

    /// The feature of every non-zero, row by row.
    #[must_use]
    pub fn features(&self) -> &[u32] {
        &self.indices
    }
}

/// What features are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeatureNames {
    /// By number, the first by this one.
    Numbered {
        /// The number of feature 0: 0 or 1.
        first: u32,
    },
    /// By a word each.
    Words(Vec<String>),
}

/// One example: its non-zeros and its label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row<'a> {
    /// Ranks of features.
    pub indices: &'a [u32],
    /// As many values; none where all are 1.
    pub values: Option<&'a [f32]>,
    /// Whether it is of the positive class.
    pub label: bool,
}

/// Examples, split for training and testing, in compressed rows.
///
/// Features are renumbered by **rank**: 0 occurs most often among the training examples, and ties
/// stand as in the file. So the weights that are met all the time share a few cache lines, and a
/// rank says at once whether a feature is frequent or rare; and a row's non-zeros stand by rank,
/// the rarest last. [`Self::by_feature`] leads back.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    offsets: Vec<u32>,
    indices: Vec<u32>,
    values: Option<Vec<f32>>,
    labels: Vec<bool>,
    /// By rank, the feature's number in the file, from 0.
    features: Vec<u32>,
    /// By rank, in how many training examples it occurs; never rising.
    counts: Vec<u32>,
    /// What the features are called, in the file's order.
    pub names: FeatureNames,
    /// Which rows train and which test.
    pub split: Split,
}

impl Examples {
    /// As [`Ranking`] makes them, at once.
    #[must_use]
    pub fn new(rows: Rows, names: FeatureNames, feature_count: u32, split: Split) -> Self {
        Ranking::new(rows, names, feature_count, split).finish()
    }

    /// How many examples there are, those held out too.
    #[must_use]
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// How many features there are, those that never occur too.
    #[must_use]
    pub fn feature_count(&self) -> usize {
        self.features.len()
    }

    /// How many non-zeros there are in all.
    #[must_use]
    pub fn nonzeros(&self) -> usize {
        self.indices.len()
    }

    /// How many bytes they take, names apart.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let values = self.values.as_ref().map_or(0, Vec::len);
        let numbers = self.offsets.len() + self.indices.len() + values;
        4 * (numbers + 2 * self.features.len() + self.labels.len()) + self.labels.len()
    }

    /// How many non-zeros these rows have.
    #[must_use]
    pub fn nonzeros_of(&self, rows: &[u32]) -> usize {
        let lengths = rows.iter().map(|&row| {
            let row = range(&self.offsets, row as usize);
            row.len()
        });
        lengths.sum()
    }

    /// One example; an empty negative one beyond the last.
    #[inline]
    #[must_use]
    pub fn row(&self, row: u32) -> Row<'_> {
        let row = row as usize;
        let entries = range(&self.offsets, row);
        Row {
            indices: self.indices.get(entries.clone()).unwrap_or_default(),
            values: self.values.as_ref().and_then(|values| values.get(entries)),
            label: self.labels.get(row).copied().unwrap_or_default(),
        }
    }

    /// Where each row begins among the non-zeros, and where the last ends: one more than rows.
    #[must_use]
    pub fn offsets(&self) -> &[u32] {
        &self.offsets
    }

    /// The rank of every non-zero, row by row.
    #[must_use]
    pub fn indices(&self) -> &[u32] {
        &self.indices
    }

    /// The value of every non-zero; none where all are 1.
    #[must_use]
    pub fn values(&self) -> Option<&[f32]> {
        self.values.as_deref()
    }

    /// Every row's label.
    #[must_use]
    pub fn labels(&self) -> &[bool] {
        &self.labels
    }

    /// By rank, the feature's number in the file, from 0.
    #[must_use]
    pub fn features(&self) -> &[u32] {
        &self.features
    }

    /// By rank, in how many training examples the feature occurs; never rising.
    #[must_use]
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// What stands by rank, in the file's own order.
    #[must_use]
    pub fn by_feature(&self, by_rank: &[f32]) -> Vec<f32> {
        let mut by_feature = vec![0.0; self.features.len()];
        for (&feature, &value) in self.features.iter().zip(by_rank) {
            if let Some(slot) = by_feature.get_mut(feature as usize) {
                *slot = value;
            }
        }
        by_feature
    }

    /// What stands in the file's order, by rank.
    #[must_use]
    pub fn by_rank(&self, by_feature: &[f32]) -> Vec<f32> {
        let of = |&feature: &u32| by_feature.get(feature as usize).copied();
        self.features
            .iter()
            .map(|f| of(f).unwrap_or_default())
            .collect()
    }

    /// What the feature of that rank is called; empty beyond the last.
    #[must_use]
    pub fn name(&self, rank: usize) -> String {
        let feature = self.features.get(rank).copied();
        match (&self.names, feature) {
            (FeatureNames::Numbered { first }, Some(feature)) => {
                (u64::from(feature) + u64::from(*first)).to_string()
            }
            (FeatureNames::Words(words), Some(feature)) => {
                words.get(feature as usize).cloned().unwrap_or_default()
            }
            (_, None) => String::new(),
        }
    }

    /// w·x + b for weights by rank, in f64: for metrics, not for training.
    #[must_use]
    pub fn margin(&self, row: u32, weights: &[f32], intercept: f32) -> f64 {
        let row = self.row(row);
        let weight = |&rank: &u32| weights.get(rank as usize).map_or(0.0, |&w| f64::from(w));
        let sum: f64 = match row.values {
            None => row.indices.iter().map(weight).sum(),
            Some(values) => {
                let terms = row.indices.iter().zip(values);
                terms.map(|(rank, &x)| weight(rank) * f64::from(x)).sum()
            }
        };
        sum + f64::from(intercept)
    }
}

/// Where a row's non-zeros stand; nowhere beyond the last row.
#[inline]
fn range(offsets: &[u32], row: usize) -> std::ops::Range<usize> {
    match (offsets.get(row), offsets.get(row + 1)) {
        (Some(&start), Some(&end)) => start as usize..end as usize,
        _ => 0..0,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::sparse::held_out::HeldOut;

    /// Examples of these features and values, all for training.
    pub(in crate::sparse) fn examples(rows: &[(bool, &[(u32, f32)])], features: u32) -> Examples {
        let mut raw = Rows::default();
        for (label, entries) in rows {
            for &(feature, value) in *entries {
                raw.push(feature, value);
            }
            raw.finish_row(*label);
        }
        let split = HeldOut::End(0.0).split(raw.count());
        Examples::new(raw, FeatureNames::Numbered { first: 1 }, features, split)
    }

    #[test]
    fn features_are_ranked_by_frequency_and_lead_back() {
        let examples = examples(
            &[
                (true, &[(4, 1.0), (2, 1.0)]),
                (false, &[(4, 1.0)]),
                (true, &[(0, 1.0), (2, 1.0), (4, 1.0)]),
            ],
            5,
        );
        assert_eq!(examples.features(), [4, 2, 0, 1, 3]);
        assert_eq!(examples.counts(), [3, 2, 1, 0, 0]);
        assert_eq!(examples.row(2).indices, [0, 1, 2]);
        assert_eq!(examples.row(2).values, None);
        assert!(examples.row(2).label && !examples.row(1).label);
        assert_eq!(examples.row(3).indices, []);
        let by_rank = [10.0, 20.0, 30.0, 40.0, 50.0];
        let by_feature = examples.by_feature(&by_rank);
        assert_eq!(by_feature, [30.0, 40.0, 20.0, 50.0, 10.0]);
        assert_eq!(examples.by_rank(&by_feature), by_rank);
        assert_eq!(examples.name(0), "5");
        assert_eq!(examples.margin(0, &by_rank, 0.5), 30.5);
        assert_eq!(examples.nonzeros_of(&[0, 2]), 5);
    }

    #[test]
    fn values_appear_with_the_first_that_is_not_1() {
        let examples = examples(&[(true, &[(0, 1.0)]), (true, &[(0, 0.5), (1, 1.0)])], 2);
        assert_eq!(examples.values(), Some(&[1.0, 0.5, 1.0][..]));
        assert_eq!(examples.row(1).values, Some(&[0.5, 1.0][..]));
        assert_eq!(examples.margin(1, &[2.0, 3.0], 0.0), 4.0);
    }

    #[test]
    fn a_row_stands_by_rank_with_its_values() {
        let rows: [(bool, &[(u32, f32)]); 2] = [
            (true, &[(9, 0.5), (2, -1.0), (7, 3.0)]),
            (false, &[(7, 1.0), (2, 2.0), (0, 4.0)]),
        ];
        let examples = examples(&rows, 10);
        assert_eq!(examples.features().get(..4), Some(&[2, 7, 0, 9][..]));
        assert_eq!(examples.row(0).indices, [0, 1, 3]);
        assert_eq!(examples.row(0).values, Some(&[-1.0, 3.0, 0.5][..]));
        assert_eq!(examples.row(1).indices, [0, 1, 2]);
        assert_eq!(examples.row(1).values, Some(&[2.0, 1.0, 4.0][..]));
    }

    /// Evidence: the same at once.
    #[test]
    fn slices_make_no_difference() {
        let rows = || {
            let mut rows = Rows::default();
            for row in 0..40_u32 {
                for feature in 0..row % 5 {
                    rows.push((row * 7 + feature * 3) % 20, 1.0);
                }
                rows.finish_row(row % 2 == 0);
            }
            rows
        };
        let ranking = || {
            let split = HeldOut::End(0.25).split(40);
            Ranking::new(rows(), FeatureNames::Numbered { first: 0 }, 20, split)
        };
        for nonzeros in [0, 1, 3, 50] {
            let mut sliced = ranking();
            let mut slices = 0;
            while !sliced.advance(nonzeros) {
                slices += 1;
                assert!(slices < 200, "it does not end");
            }
            assert_eq!(sliced.finish(), ranking().finish());
        }
    }

    /// What only the test has counts for nothing: it is the rarest there is.
    #[test]
    fn only_training_examples_count() {
        let mut rows = Rows::default();
        for feature in [1, 0, 0, 0] {
            rows.push(feature, 1.0);
            rows.finish_row(true);
        }
        let split = HeldOut::From(2).split(4);
        let words = FeatureNames::Words(["a", "b"].map(String::from).to_vec());
        let examples = Examples::new(rows, words, 2, split);
        assert_eq!(examples.counts(), [1, 1]);
        assert_eq!(examples.name(1), "b");
        assert_eq!(examples.name(2), "");
    }
}
