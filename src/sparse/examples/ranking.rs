//! How examples come to have their features numbered by frequency.

use super::{Examples, FeatureNames, Rows, range};
use crate::sparse::held_out::Split;

/// Examples in the making, their features being ranked by how often they occur in training.
///
/// In slices, as for tens of millions of non-zeros it takes a second. What a row has of features
/// beyond the last cannot be, readers see to that, and would count as the last rank.
#[derive(Debug)]
pub struct Ranking {
    rows: Rows,
    names: FeatureNames,
    split: Split,
    /// By feature, in how many training examples it occurs.
    occurrences: Vec<u32>,
    /// How many training examples are counted.
    counted: usize,
    /// By feature; none before all are counted.
    ranks: Vec<u32>,
    /// By rank; none before all are counted.
    features: Vec<u32>,
    /// How many rows have ranks.
    ranked: usize,
    /// Room for a row's ranks and values.
    pairs: Vec<(u32, f32)>,
}

impl Ranking {
    /// Of the features 0..`feature_count` of `rows`, before the first slice.
    #[must_use]
    pub fn new(rows: Rows, names: FeatureNames, feature_count: u32, split: Split) -> Self {
        Self {
            rows,
            names,
            split,
            occurrences: vec![0; feature_count as usize],
            counted: 0,
            ranks: Vec::new(),
            features: Vec::new(),
            ranked: 0,
            pairs: Vec::new(),
        }
    }

    /// Goes on for about so many non-zeros, at least an example's, and tells whether all is done.
    pub fn advance(&mut self, nonzeros: usize) -> bool {
        let training = self.split.training.get(self.counted..).unwrap_or_default();
        if !training.is_empty() {
            let mut visited = 0;
            for &row in training {
                let row = range(&self.rows.offsets, row as usize);
                for &feature in self.rows.indices.get(row).unwrap_or_default() {
                    if let Some(count) = self.occurrences.get_mut(feature as usize) {
                        *count += 1;
                    }
                    visited += 1;
                }
                self.counted += 1;
                if visited >= nonzeros {
                    break;
                }
            }
            return false;
        }
        if self.features.len() < self.occurrences.len() {
            self.features = descending(&self.occurrences);
            self.ranks = vec![0; self.features.len()];
            for (rank, &feature) in (0..).zip(&self.features) {
                if let Some(slot) = self.ranks.get_mut(feature as usize) {
                    *slot = rank;
                }
            }
            return false;
        }
        let mut visited = 0;
        while self.ranked < self.rows.count() && visited < nonzeros.max(1) {
            visited += self.rank_row();
            self.ranked += 1;
        }
        self.ranked == self.rows.count()
    }

    /// Gives the next row's non-zeros their ranks, and sorts them. How many it has.
    fn rank_row(&mut self) -> usize {
        let entries = range(&self.rows.offsets, self.ranked);
        let last = self.features.len().saturating_sub(1) as u32;
        let rank = |&feature: &u32| self.ranks.get(feature as usize).copied().unwrap_or(last);
        let indices = self.rows.indices.get_mut(entries.clone());
        let indices = indices.unwrap_or_default();
        for index in indices.iter_mut() {
            *index = rank(index);
        }
        match self.rows.values.get_mut(entries) {
            None => indices.sort_unstable(),
            Some(values) => {
                self.pairs.clear();
                self.pairs
                    .extend(indices.iter().copied().zip(values.iter().copied()));
                self.pairs.sort_unstable_by_key(|&(rank, _)| rank);
                for ((rank, value), slot) in self.pairs.iter().zip(indices.iter_mut().zip(values)) {
                    (*slot.0, *slot.1) = (*rank, *value);
                }
            }
        }
        indices.len()
    }

    /// The examples; what is left to do is done at once.
    #[must_use]
    pub fn finish(mut self) -> Examples {
        while !self.advance(usize::MAX) {}
        let count = |&feature: &u32| self.occurrences.get(feature as usize).copied();
        let rows = self.rows;
        Examples {
            offsets: rows.offsets,
            indices: rows.indices,
            values: (!rows.values.is_empty()).then_some(rows.values),
            labels: rows.labels,
            counts: self.features.iter().filter_map(count).collect(),
            features: self.features,
            names: self.names,
            split: self.split,
        }
    }
}

/// The places of `counts`, those of the highest first and ties in their order: a counting sort, as
/// there are millions.
fn descending(counts: &[u32]) -> Vec<u32> {
    let highest = counts.iter().copied().max().unwrap_or_default() as usize;
    // By count, from the highest: first how many have it, then where the next of them goes.
    let mut next = vec![0_u32; highest + 1];
    for &count in counts {
        if let Some(slot) = next.get_mut(highest - count as usize) {
            *slot += 1;
        }
    }
    let mut start = 0;
    for slot in &mut next {
        start += std::mem::replace(slot, start);
    }
    let mut sorted = vec![0; counts.len()];
    for (place, &count) in (0..).zip(counts) {
        if let Some(slot) = next.get_mut(highest - count as usize) {
            if let Some(sorted) = sorted.get_mut(*slot as usize) {
                *sorted = place;
            }
            *slot += 1;
        }
    }
    sorted
}
