//! How much of the way to the minimum a run has covered at a step.

use crate::objective::Vector;
use crate::trajectory::Trajectory;

/// Distances to the minimiser x* at step t of a run; dₜ = ‖xₜ − x*‖₂.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// d₀.
    pub distance_at_start: f64,
    /// dₜ.
    pub distance_now: f64,
    /// dₜ / d₀, above 1 when the run is farther away than it began; none when the start is x*.
    pub share_left: Option<f64>,
    /// (dₜ₋₁ − dₜ) / dₜ₋₁: how much of the remaining distance step t covered, negative when it led
    /// away; none at t = 0 and when nothing remained.
    pub last_step_covered: Option<f64>,
    /// 1 − |xₜᵢ − x*ᵢ| / |x₀ᵢ − x*ᵢ| for each coordinate i, negative when it is farther away than
    /// it began; none for a coordinate that starts at x*ᵢ.
    pub coordinate_covered: [Option<f64>; 2],
}

impl Progress {
    /// Progress at step `t` (from 0) of `trajectory`, or at its last step for any later `t`.
    #[must_use]
    pub fn at(trajectory: &Trajectory, minimiser: Vector, t: usize) -> Self {
        let start = trajectory.start;
        let now = trajectory.point(t);
        let distance_at_start = distance(start, minimiser);
        let distance_now = distance(now, minimiser);
        let covered = |start: f64, now: f64, minimiser: f64| {
            share((now - minimiser).abs(), (start - minimiser).abs()).map(|left| 1.0 - left)
        };
        Self {
            distance_at_start,
            distance_now,
            share_left: share(distance_now, distance_at_start),
            last_step_covered: trajectory.record(t).and_then(|step| {
                let before = distance(step.point_before, minimiser);
                share(before - distance_now, before)
            }),
            coordinate_covered: [
                covered(start[0], now[0], minimiser[0]),
                covered(start[1], now[1], minimiser[1]),
            ],
        }
    }
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
        let progress = Progress::at(&trajectory, [0.0, 0.0], 1);
        let left = 13.0_f64.sqrt() / 5.0;
        // Tolerance: √ and ÷ of the rate round once each, so the step is 1 within 2 ulp.
        let close = |a: Option<f64>, b: f64| a.is_some_and(|a| (a - b).abs() < 1e-15);
        assert_eq!(progress.distance_at_start, 5.0);
        assert!(close(progress.share_left, left));
        assert!(close(progress.last_step_covered, 1.0 - left));
        assert!(close(progress.coordinate_covered[0], 0.25));
        assert!(close(progress.coordinate_covered[1], 1.0 / 3.0));
    }

    #[test]
    fn nothing_is_claimed_where_there_is_nothing_to_cover() {
        let trajectory = run(&Objective::F1, UNIT_STEPS, [0.0, 0.0], 3);
        let progress = Progress::at(&trajectory, [0.0, 0.0], 3);
        assert_eq!(progress.share_left, None);
        assert_eq!(progress.last_step_covered, None);
        assert_eq!(progress.coordinate_covered, [None, None]);

        let trajectory = run(&Objective::F1, UNIT_STEPS, [4.0, 0.0], 3);
        let at_start = Progress::at(&trajectory, [0.0, 0.0], 0);
        assert_eq!(at_start.share_left, Some(1.0));
        assert_eq!(at_start.last_step_covered, None);
        assert_eq!(at_start.coordinate_covered, [Some(0.0), None]);
    }
}
