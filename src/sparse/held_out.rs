//! Which examples train, and which are held out to test.

use crate::random::SplitMix64;

/// How examples are held out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum HeldOut {
    /// A share of the file, from its end: 0 to 1.
    End(f64),
    /// A share, 0 to 1, drawn by a seed.
    Drawn {
        /// How much.
        share: f64,
        /// Which.
        seed: u32,
    },
    /// All from this row on: those of a second file.
    From(usize),
}

/// The rows that train and those that test, both ascending and without a common one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The rows to train on.
    pub training: Vec<u32>,
    /// The rows to test on; none where nothing is held out.
    pub held_out: Vec<u32>,
}

impl HeldOut {
    /// Splits `count` rows. A share is rounded to whole rows; one that is no number holds out
    /// nothing.
    #[must_use]
    pub fn split(self, count: usize) -> Split {
        let rows = count as u32;
        let of = |share: f64| (count as f64 * share.clamp(0.0, 1.0)).round() as u32;
        let (mut training, mut held_out): (Vec<u32>, Vec<u32>);
        match self {
            Self::End(share) => {
                let first = rows - of(share);
                (training, held_out) = ((0..first).collect(), (first..rows).collect());
            }
            Self::From(first) => {
                let first = first.min(count) as u32;
                (training, held_out) = ((0..first).collect(), (first..rows).collect());
            }
            Self::Drawn { share, seed } => {
                training = (0..rows).collect();
                SplitMix64::stream(seed, 0).shuffle(&mut training);
                held_out = training.split_off((rows - of(share)) as usize);
                training.sort_unstable();
                held_out.sort_unstable();
            }
        }
        Split { training, held_out }
    }
}

impl Split {
    /// The rows that metrics are about: the held-out ones, or the training ones where there are
    /// none.
    #[must_use]
    pub fn tested(&self) -> &[u32] {
        if self.held_out.is_empty() {
            &self.training
        } else {
            &self.held_out
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_held_out() {
        let split = HeldOut::End(0.3).split(10);
        assert_eq!(split.training, [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(split.held_out, [7, 8, 9]);
        assert_eq!(split.tested(), [7, 8, 9]);
        assert_eq!(HeldOut::From(7).split(10), split);
        assert_eq!(HeldOut::From(11).split(10).held_out, []);
        assert_eq!(HeldOut::End(f64::NAN).split(2).tested(), [0, 1]);
        assert_eq!(HeldOut::End(2.0).split(2).training, []);
    }

    #[test]
    fn a_drawn_share_is_every_row_once() {
        let draw = |seed| HeldOut::Drawn { share: 0.25, seed }.split(1000);
        let split = draw(1);
        assert_eq!((split.training.len(), split.held_out.len()), (750, 250));
        let mut all = [split.training.clone(), split.held_out.clone()].concat();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..1000));
        assert_eq!(draw(1), split);
        assert_ne!(draw(2), split);
    }
}
