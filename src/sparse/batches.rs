//! In which order and portions the training examples are met.

use crate::random::SplitMix64;

/// The training rows in the order in which every epoch meets them, a batch after the other; the
/// last one may be smaller.
///
/// A shuffled order is drawn once and the same in every epoch, so that what is planned for a batch
/// (see [`Columns`](super::columns::Columns)) serves every epoch and every rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batches {
    order: Vec<u32>,
    size: usize,
}

impl Batches {
    /// Batches of `size` ≥ 1 (0 counts as 1) of `rows`, in their order or in one drawn by a seed.
    #[must_use]
    pub fn new(mut rows: Vec<u32>, size: usize, shuffle: Option<u32>) -> Self {
        if let Some(seed) = shuffle {
            SplitMix64::stream(seed, 1).shuffle(&mut rows);
        }
        Self {
            order: rows,
            size: size.max(1),
        }
    }

    /// All rows, in the order in which they are met.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.order
    }

    /// How many examples a batch has, but for the last.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many batches an epoch has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.order.len().div_ceil(self.size)
    }

    /// The rows of one batch; none beyond the last.
    #[inline]
    #[must_use]
    pub fn batch(&self, batch: usize) -> &[u32] {
        let start = batch.saturating_mul(self.size).min(self.order.len());
        let end = start.saturating_add(self.size).min(self.order.len());
        self.order.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_batch_is_what_is_left() {
        let batches = Batches::new((0..7).collect(), 3, None);
        assert_eq!(batches.count(), 3);
        let all: Vec<&[u32]> = (0..4).map(|batch| batches.batch(batch)).collect();
        assert_eq!(all, [&[0, 1, 2][..], &[3, 4, 5], &[6], &[]]);
        assert_eq!(Batches::new(Vec::new(), 0, None).count(), 0);
        assert_eq!(Batches::new(vec![1], usize::MAX, None).batch(0), [1]);
    }

    #[test]
    fn a_seed_is_an_order() {
        let order = |shuffle| Batches::new((0..100).collect(), 10, shuffle).order;
        assert_ne!(order(Some(1)), order(None));
        assert_ne!(order(Some(1)), order(Some(2)));
        assert_eq!(order(Some(1)), order(Some(1)));
        let mut sorted = order(Some(1));
        sorted.sort_unstable();
        assert_eq!(sorted, order(None));
    }
}
