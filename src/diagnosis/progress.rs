//! How much of the way to the minimum a run has covered at a step.

use crate::objective::{Minima, Objective, Vector};
use crate::trajectory::Trajectory;

/// In what terms it can be told how far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Distance to the nearest known minimiser.
    Distance,
    /// Loss: no minimiser is known.
    Loss,
}

impl Measure {
    /// The terms for an objective; none where it has no lower bound, so that nothing is far or
    /// near.
    #[must_use]
    pub fn of(objective: &Objective) -> Option<Self> {
        match objective.minima() {
            Minima::Points(_) | Minima::Line { .. } => Some(Self::Distance),
            Minima::Unknown => Some(Self::Loss),
            Minima::Unbounded => None,
        }
    }
}

/// How far a run is at step t: mₜ is ‖xₜ − x*‖₂ or f(xₜ), as `measure` says.
///
/// x* is the minimiser nearest to the point in question, so where there are several, the start and
/// the current point may be measured from different ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// What m is.
    pub measure: Measure,
    /// m₀.
    pub at_start: f64,
    /// mₜ.
    pub now: f64,
    /// Of distances mₜ / m₀, above 1 when the run is farther away than it began; none when the
    /// start is a minimiser, and for losses, which need not end at 0.
    pub share_left: Option<f64>,
    /// Of distances (mₜ₋₁ − mₜ) / mₜ₋₁: how much of the remaining distance step t covered, negative
    /// when it led away; none at t = 0, when nothing remained, and for losses.
    pub last_step_covered: Option<f64>,
}

impl Progress {
    /// Progress at step `t` (from 0) of `trajectory`, or at its last step for any later `t`; none
    /// where `objective` has no lower bound.
    #[must_use]
    pub fn at(trajectory: &Trajectory, objective: &Objective, t: usize) -> Option<Self> {
        let measure = Measure::of(objective)?;
        let minima = objective.minima();
        let Some(at_start) = distance_to(&minima, trajectory.start) else {
            return Some(Self {
                measure,
                at_start: trajectory.start_loss,
                now: trajectory.loss(t),
                share_left: None,
                last_step_covered: None,
            });
        };
        let now = distance_to(&minima, trajectory.point(t))?;
        Some(Self {
            measure,
            at_start,
            now,
            share_left: share(now, at_start),
            last_step_covered: trajectory.record(t).and_then(|step| {
                let before = distance_to(&minima, step.point_before)?;
                share(before - now, before)
            }),
        })
    }
}

/// From `x` to the nearest minimiser.
pub(super) fn distance_to(minima: &Minima, x: Vector) -> Option<f64> {
    Some(distance(x, minima.nearest(x)?))
}

/// ‖a − b‖₂, without overflow on the way.
pub(super) fn distance(a: Vector, b: Vector) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// part / whole, where it has a finite value.
pub(super) fn share(part: f64, whole: f64) -> Option<f64> {
    Some(part / whole).filter(|share| share.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::{Adagrad, EpsilonPlacement, Order};
    use crate::trajectory::run;

    const UNIT_STEPS: Adagrad = Adagrad {
        learning_rate: 1.0,
        epsilon: 0.0,
        epsilon_placement: EpsilonPlacement::Inside,
        initial_accumulator: 0.0,
        learning_rate_decay: 0.0,
        order: Order::Accumulate,
        weight_decay: 0.0,
    };

    /// By hand: with ε = 0 the first step is 1 in both coordinates, so (4, 3) goes to (3, 2).
    #[test]
    fn first_step_by_hand() {
        let trajectory = run(&Objective::F1, UNIT_STEPS, [4.0, 3.0], 1);
        let progress = Progress::at(&trajectory, &Objective::F1, 1).unwrap();
        let left = 13.0_f64.sqrt() / 5.0;
        // Tolerance: √ and ÷ of the rate round once each, so the step is 1 within 2 ulp.
        let close = |a: Option<f64>, b: f64| a.is_some_and(|a| (a - b).abs() < 1e-15);
        assert_eq!(progress.at_start, 5.0);
        assert!(close(progress.share_left, left));
        assert!(close(progress.last_step_covered, 1.0 - left));
        assert!(close(Some(progress.now), 13.0_f64.sqrt()));
    }

    #[test]
    fn nothing_is_claimed_where_there_is_nothing_to_cover() {
        let trajectory = run(&Objective::F1, UNIT_STEPS, [0.0, 0.0], 3);
        let progress = Progress::at(&trajectory, &Objective::F1, 3).unwrap();
        assert_eq!(progress.share_left, None);
        assert_eq!(progress.last_step_covered, None);

        let trajectory = run(&Objective::F1, UNIT_STEPS, [4.0, 0.0], 3);
        let at_start = Progress::at(&trajectory, &Objective::F1, 0).unwrap();
        assert_eq!(at_start.share_left, Some(1.0));
        assert_eq!(at_start.last_step_covered, None);
    }

    /// By hand: from (0, 0) the nearest of Himmelblau's minima is (3, 2), at √13.
    #[test]
    fn the_nearest_minimum_counts_and_without_one_the_loss() {
        let trajectory = run(&Objective::Himmelblau, UNIT_STEPS, [0.0, 0.0], 0);
        let progress = Progress::at(&trajectory, &Objective::Himmelblau, 0).unwrap();
        assert_eq!(progress.measure, Measure::Distance);
        assert_eq!(progress.at_start, 13.0_f64.sqrt());

        let falling = run(&Objective::Saddle, UNIT_STEPS, [1.0, 1.0], 3);
        assert_eq!(Progress::at(&falling, &Objective::Saddle, 3), None);
    }
}
