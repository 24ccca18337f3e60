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
#[must_use]
pub fn examples_of_features(examples: &Examples) -> Vec<u32> {
    let occurring = examples.counts().partition_point(|&count| count > 0) as u32;
    let mut ranks = vec![0, occurring / 2, occurring.saturating_sub(1)];
    ranks.dedup();
    ranks.retain(|&rank| rank < occurring);
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

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
