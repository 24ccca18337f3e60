//! Whether a run has diverged although its numbers are still finite: it left every bound.
//!
//! A run has left every bound at step t when from there to its last step it is farther than
//! [`FAR`] times its starting distance from the nearest minimiser, and ends farther away than ever,
//! at least [`GROWTH`] times as far as at t. Distances, not losses, since they mean the same for
//! every objective. A Newton step past a saddle, or a first step of a large η, may lead as far away;
//! but what converges comes nearer from there on, and what swings for ever does not grow.
//!
//! A rate that falls, as η/√t does, may turn growth into convergence after any number of steps:
//! gradient descent with decay comes back from 10¹⁰⁰ starting distances. While numbers are finite,
//! a run has therefore only diverged if no coordinate's rate is smaller than when it left.

use super::progress::distance_to;
use crate::objective::{Minima, Vector};
use crate::trajectory::{StopReason, Trajectory};

/// Beyond so many starting distances no path to a minimum leads: the plane that any objective's
/// links can show is 10³ wide.
pub const FAR: f64 = 1e6;

/// A run that still grows has become so many times as far since it was first far.
pub const GROWTH: f64 = 10.0;

/// The distances of a run, as they come.
#[derive(Clone, Copy, Debug)]
pub struct Escape {
    bound: f64,
    /// The first of the steps that are far, and its distance.
    left: Option<(u32, f64)>,
    largest: f64,
    last: f64,
}

impl Escape {
    /// Of a run that starts so far away; from a minimiser itself, or from nearer than 1, it is as
    /// far as from 1.
    #[must_use]
    pub fn new(distance_at_start: f64) -> Self {
        Self {
            bound: FAR * distance_at_start.max(1.0),
            left: None,
            largest: 0.0,
            last: 0.0,
        }
    }

    /// Takes note of the distance after `step`, or of a lower bound of one that is not far.
    #[inline]
    pub fn record(&mut self, step: u32, distance: f64) {
        if distance <= self.bound {
            self.left = None;
            return;
        }
        if self.left.is_none() {
            self.left = Some((step, distance));
            self.largest = 0.0;
        }
        self.largest = self.largest.max(distance);
        self.last = distance;
    }

    /// Whether a point is far of which this is a coordinate's distance, or the larger one: no other
    /// needs its distance computed.
    #[inline]
    #[must_use]
    pub fn may_be_far(&self, coordinate: f64) -> bool {
        std::f64::consts::SQRT_2 * coordinate >= self.bound
    }

    /// The step at which the run left every bound, if by now it has.
    #[must_use]
    pub fn step(&self) -> Option<u32> {
        let (step, distance) = self.left?;
        let grows = self.last >= self.largest && self.last >= GROWTH * distance;
        grows.then_some(step)
    }
}

/// The step at which a recorded run left every bound; none where no minimiser is known.
#[must_use]
pub fn left_every_bound(trajectory: &Trajectory, minima: &Minima) -> Option<u32> {
    let distance = |x: Vector| distance_to(minima, x);
    let mut escape = Escape::new(distance(trajectory.start)?);
    // Nearly every run ends near: nothing else is then to be looked at.
    let last = trajectory.steps.last()?;
    if distance(last.point_after)? <= escape.bound {
        return None;
    }
    for (t, step) in (1..).zip(&trajectory.steps) {
        escape.record(t, distance(step.point_after)?);
    }
    let step = escape.step()?;
    let is_out_of_numbers = matches!(trajectory.stop, StopReason::Diverged { .. });
    let then = trajectory.record(step as usize)?.effective_learning_rate;
    let rate_has_fallen = last
        .effective_learning_rate
        .iter()
        .zip(then)
        .any(|(now, then)| *now < then);
    (is_out_of_numbers || !rate_has_fallen).then_some(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::horizon::{Horizon, StepsNeeded};
    use crate::objective::Objective;
    use crate::optimizer::{Description, Optimizer};
    use crate::trajectory::run;
    use proptest::prelude::*;

    fn rule(name: &str, eta: f64) -> Optimizer {
        let description = Description::named(name).unwrap();
        let rule = description.optimizer(&description.defaults()).unwrap();
        rule.with_learning_rate(eta)
    }

    fn left(name: &str, eta: f64, objective: &Objective, start: Vector, steps: u32) -> Option<u32> {
        let recorded = run(objective, rule(name, eta), start, steps);
        left_every_bound(&recorded, &objective.minima())
    }

    /// By hand: f1 = 0.1 x₁² + 2 x₂², so that each step of η = 10 takes x₂ to −39 x₂ and x₁ to −x₁.
    /// From (−5, −2), 5.4 away, 2·39³ = 1.2·10⁵, 2·39⁴ = 4.6·10⁶ and 2·39⁵ = 1.8·10⁸ > 5.4·10⁶.
    #[test]
    fn gradient_descent_with_a_large_rate_leaves_in_step_5() {
        let start = [-5.0, -2.0];
        assert_eq!(left("sgd", 10.0, &Objective::F1, start, 1000), Some(5));
        assert_eq!(left("sgd", 10.0, &Objective::F1, start, 6), Some(5));
        // At step 5 itself it may yet come back.
        assert_eq!(left("sgd", 10.0, &Objective::F1, start, 5), None);
        assert_eq!(left("sgd", 0.4, &Objective::F1, start, 1000), None);
        // η = ½ swings between two points for ever: x₂ to −x₂.
        assert_eq!(left("sgd", 0.5, &Objective::F1, start, 1000), None);
    }

    /// By hand: step t takes x₂ to (1 − 40/√t) x₂, which grows up to t = 400, and falls from there.
    #[test]
    fn a_rate_that_falls_brings_back_what_has_grown() {
        let start = [-5.0, -2.0];
        for name in ["decay", "counter"] {
            for eta in [3.0, 5.0, 10.0] {
                for steps in [10, 20, 100, 400, 2_000] {
                    assert_eq!(
                        left(name, eta, &Objective::F1, start, steps),
                        None,
                        "{name} {eta}"
                    );
                }
                let mut ahead = Horizon::new(Objective::F1, rule(name, eta), start);
                assert!(matches!(
                    ahead.advance(2_000),
                    Some(StepsNeeded::Reached(_))
                ));
            }
        }
    }

    /// Evidence: the recorded run. In step 12 it is first far, but neither of its coordinates is.
    #[test]
    fn readout_and_captions_name_the_same_step() {
        let start = [-0.35, -0.14];
        let mut ahead = Horizon::new(Objective::F2, rule("sgd", 0.6), start);
        let step = left("sgd", 0.6, &Objective::F2, start, 1000).unwrap();
        assert_eq!(ahead.advance(2_000), Some(StepsNeeded::Diverged { step }));
    }

    #[test]
    fn one_jump_is_no_divergence() {
        let mut escape = Escape::new(2.0);
        for (step, distance) in [(1, 1e9), (2, 7e8), (3, 5e8)] {
            escape.record(step, distance);
            assert_eq!(escape.step(), None);
        }
        escape.record(4, 1.0);
        escape.record(5, 3e6);
        escape.record(6, 3e8);
        assert_eq!(escape.step(), Some(5));
    }

    proptest! {
        /// Evidence: what arrives, as simulated ahead, has not diverged, at no step on its way.
        #[test]
        fn no_run_that_arrives_is_ever_called_diverged(
            name in prop::sample::select(vec![
                "sgd", "decay", "counter", "momentum", "nesterov", "adagrad", "adagrad_full",
                "adagrad_rotated", "rmsprop", "adam", "adadelta", "newton",
                "diagonal_newton", "dual_averaging",
            ]),
            objective in prop::sample::select(vec![
                Objective::F1, Objective::F2, Objective::Rosenbrock, Objective::Himmelblau,
                Objective::Beale,
            ]),
            start in [-4.0..4.0, -4.0..4.0],
            eta in (-4.0..1.5).prop_map(|power: f64| 10.0_f64.powf(power)),
        ) {
            let mut horizon = Horizon::new(objective.clone(), rule(name, eta), start);
            if let Some(StepsNeeded::Reached(steps)) = horizon.advance(2_000) {
                let minima = objective.minima();
                for shown in 1..=steps.min(60) {
                    let recorded = run(&objective, rule(name, eta), start, shown);
                    prop_assert_eq!(left_every_bound(&recorded, &minima), None);
                }
            }
        }
    }
}
