//! How the accumulators of a few features grow.

use super::examples::Examples;
use super::rules::Kind;

/// The state of a few features over the batches of one rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Growth {
    /// Batches done, and then each feature's state, in the order of the features.
    pub points: Vec<(u64, Vec<f32>)>,
    /// Between two points there are at least so many batches.
    stride: u64,
}

impl Growth {
    /// A figure shows no more; with twice as many, every second is dropped.
    pub const MOST_POINTS: usize = 512;

    /// Appends a point, unless it follows too closely on the last.
    pub fn push(&mut self, steps: u64, states: Vec<f32>) {
        let last = self.points.last().map_or(0, |(steps, _)| *steps);
        if steps < last + self.stride.max(1) {
            return;
        }
        self.points.push((steps, states));
        if self.points.len() >= 2 * Self::MOST_POINTS {
            let mut place = 0;
            self.points.retain(|_| {
                place += 1;
                place % 2 == 0
            });
            let span = self.points.last().map_or(0, |(steps, _)| *steps);
            self.stride = span / Self::MOST_POINTS as u64;
        }
    }

    /// The feature at `slot` is another one from now on, whose past is not known: not a number.
    pub fn forget(&mut self, slot: usize) {
        for (_, states) in &mut self.points {
            if let Some(state) = states.get_mut(slot) {
                *state = f32::NAN;
            }
        }
    }

    /// Forgets what came after so many batches.
    pub fn cut(&mut self, steps: u64) {
        let end = self.points.partition_point(|(point, _)| *point <= steps);
        self.points.truncate(end);
    }
}

/// What stands for a feature's accumulator among what a rule keeps of it: Adagrad's s, the counter's
/// n, RMSProp's s, Adam's v; none of a rule that keeps the weight alone.
#[must_use]
pub fn accumulator(kind: Kind, cell: &[f32]) -> Option<f32> {
    match kind {
        Kind::Sgd | Kind::Decay => None,
        Kind::Counter | Kind::Adagrad | Kind::RmsProp | Kind::Adam => {
            cell.get(1..)?.last().copied()
        }
    }
}

/// The ranks of a frequent, a middling and a rare feature among those that occur in training; fewer
/// where fewer occur.
///
/// Middling as the figures scale frequency, by its logarithm: of n₁ and n₂ occurrences, √(n₁ n₂).
/// By rank it would be as rare as the last in a text, of whose words most occur once.
#[must_use]
pub fn examples_of_features(examples: &Examples) -> Vec<u32> {
    let counts = examples.counts();
    let occurring = counts.partition_point(|&count| count > 0) as u32;
    let last = occurring.saturating_sub(1);
    let count = |rank: u32| {
        counts
            .get(rank as usize)
            .map_or(0, |&count| u64::from(count))
    };
    let square = count(0) * count(last);
    let middle = counts.partition_point(|&count| u64::from(count).pow(2) > square) as u32;
    let mut ranks = vec![0, middle.clamp(1, last.saturating_sub(1).max(1)), last];
    ranks.retain(|&rank| rank < occurring);
    ranks.dedup();
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::examples::tests::examples;

    #[test]
    fn points_stay_few_and_ascend_to_the_last_batches() {
        let mut growth = Growth::default();
        for steps in 1..=100_000 {
            growth.push(steps, vec![steps as f32]);
        }
        let steps: Vec<u64> = growth.points.iter().map(|(steps, _)| *steps).collect();
        assert!(steps.is_sorted_by(|a, b| a < b));
        assert!((Growth::MOST_POINTS / 2..2 * Growth::MOST_POINTS).contains(&steps.len()));
        // Within two strides of the end: 100,000/512 each.
        assert!(steps[steps.len() - 1] > 100_000 - 2 * 196 && steps[0] < 1_000);
    }

    #[test]
    fn the_middling_feature_is_between_in_the_logarithm_of_frequency() {
        // In row i the features up to that of the place in `counts` that still occur.
        let of = |counts: &[u32]| {
            let row = |row: u32| -> Vec<(u32, f32)> {
                let occurs = counts.iter().zip(0..).filter(|&(&count, _)| count > row);
                occurs.map(|(_, feature)| (feature, 1.0)).collect()
            };
            let rows: Vec<_> = (0..counts.iter().copied().max().unwrap_or(0))
                .map(row)
                .collect();
            let rows: Vec<_> = rows.iter().map(|row| (true, &row[..])).collect();
            examples_of_features(&examples(&rows, counts.len() as u32))
        };
        assert_eq!(of(&[100, 90, 12, 9, 1, 1, 1, 1, 0]), [0, 3, 7]);
        assert_eq!(of(&[100, 90, 80, 1]), [0, 2, 3]);
        assert_eq!(of(&[5, 5, 5, 5]), [0, 1, 3]);
        assert_eq!(of(&[5, 1]), [0, 1]);
        assert_eq!(of(&[3]), [0]);
        assert_eq!(of(&[]), []);
    }

    #[test]
    fn adams_accumulator_is_v() {
        assert_eq!(accumulator(Kind::Adam, &[1.0, 2.0, 3.0]), Some(3.0));
        assert_eq!(accumulator(Kind::Adagrad, &[1.0, 2.0]), Some(2.0));
        assert_eq!(accumulator(Kind::Sgd, &[1.0]), None);
        assert_eq!(accumulator(Kind::Adagrad, &[]), None);
    }

    #[test]
    fn what_is_cut_can_be_passed_again() {
        let mut growth = Growth::default();
        for steps in [1, 4, 5, 9] {
            growth.push(steps, vec![steps as f32]);
        }
        growth.cut(5);
        growth.push(6, vec![6.0]);
        let steps: Vec<u64> = growth.points.iter().map(|(steps, _)| *steps).collect();
        assert_eq!(steps, [1, 4, 5, 6]);
    }
}
