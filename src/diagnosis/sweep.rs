//! One experiment at many learning rates: what is left of the distance, or what loss, after T
//! steps of each.

use super::progress::{Measure, Progress, distance_to, share};
use crate::math::pow;
use crate::objective::{Objective, Problem, Vector};
use crate::optimizer::Optimizer;
use crate::settings::Property;
use crate::trajectory::{Run, StopReason, Trajectory};

/// A sweep over learning rates, in slices.
#[derive(Clone, Debug)]
pub struct Sweep {
    trials: Vec<Trial>,
    finished: usize,
    steps: u32,
    objective: Objective,
    start: Vector,
}

/// The run at one learning rate.
#[derive(Clone, Debug)]
struct Trial {
    learning_rate: f64,
    run: Run,
}

impl Sweep {
    /// A sweep before its first step. `optimizer`'s own learning rate is not used.
    #[must_use]
    pub fn new(
        problem: impl Into<Problem>,
        optimizer: impl Into<Optimizer>,
        start: Vector,
        steps: u32,
        learning_rates: Vec<f64>,
    ) -> Self {
        let (problem, optimizer) = (problem.into(), optimizer.into());
        let trial = |learning_rate| Trial {
            learning_rate,
            run: Run::new(
                problem.clone(),
                optimizer.with_learning_rate(learning_rate),
                start,
            ),
        };
        Self {
            trials: learning_rates.into_iter().map(trial).collect(),
            finished: 0,
            steps,
            objective: problem.objective,
            start,
        }
    }

    /// Takes at most `budget_steps` more steps, all learning rates together; true once done.
    pub fn advance(&mut self, budget_steps: u32) -> bool {
        let mut budget = budget_steps;
        while let Some(trial) = self.trials.get_mut(self.finished) {
            while trial.run.steps_taken() < self.steps {
                if budget == 0 {
                    return false;
                }
                budget -= 1;
                if trial.run.advance().is_err() {
                    break;
                }
            }
            self.finished += 1;
        }
        true
    }

    /// (η, what is left after T steps) for every learning rate done so far, in the order given.
    ///
    /// What is left is, as [`Measure::of`] the objective says, the distance from x_T to the nearest
    /// minimiser over that from x₀, or f(x_T). None where the run did not complete, when the start
    /// is a minimiser, and where the objective has no lower bound.
    pub fn points(&self) -> impl Iterator<Item = (f64, Option<f64>)> + '_ {
        self.trials.iter().take(self.finished).map(|trial| {
            let completed = trial.run.steps_taken() == self.steps;
            let left = self.left(trial.run.point()).filter(|_| completed);
            (trial.learning_rate, left)
        })
    }

    fn left(&self, end: Vector) -> Option<f64> {
        match Measure::of(&self.objective)? {
            Measure::Distance => {
                let minima = self.objective.minima();
                let at_start = distance_to(&minima, self.start)?;
                share(distance_to(&minima, end)?, at_start)
            }
            Measure::Loss => Some(self.objective.value(end)),
        }
    }
}

/// What one run came to, in the sweep's terms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// A share of the distance, or a loss; none where the run could not go on to its last step, and
    /// where there is no such thing.
    pub left: Option<f64>,
    /// Why the run ended.
    pub stop: StopReason,
}

impl End {
    /// Of a run of all steps that were asked for.
    #[must_use]
    pub fn of(run: &Trajectory, objective: &Objective) -> Self {
        let is_whole = matches!(
            run.stop,
            StopReason::Completed | StopReason::Stationary { .. }
        );
        let progress = is_whole.then(|| Progress::at(run, objective, run.steps.len()));
        let left = progress
            .flatten()
            .and_then(|progress| match progress.measure {
                Measure::Distance => progress.share_left,
                Measure::Loss => Some(progress.now),
            });
        Self {
            left,
            stop: run.stop,
        }
    }
}

/// Learning rates that the page tries: 20 a decade.
const RATES_TRIED: usize = 81;

/// The smallest and the largest learning rate that the page tries: η's range.
#[must_use]
pub fn learning_rate_range() -> [f64; 2] {
    Property::named("eta")
        .and_then(Property::quantity)
        .map_or([0.001, 10.0], |eta| [eta.range.min, eta.range.max])
}

/// The learning rates that the page tries.
#[must_use]
pub fn learning_rates_tried() -> Vec<f64> {
    let [from, to] = learning_rate_range();
    log_spaced(from, to, RATES_TRIED)
}

/// `count` values from `from` to `to`, both included and both above 0, at equal ratios.
#[must_use]
pub fn log_spaced(from: f64, to: f64, count: usize) -> Vec<f64> {
    let last = count.saturating_sub(1);
    (0..count)
        .map(|i| match i {
            // The ends exactly, whatever the power rounds to.
            0 => from,
            _ if i == last => to,
            _ => from * pow(to / from, i as f64 / last as f64),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::{Adagrad, EpsilonPlacement, Order, Sgd};
    use crate::trajectory::run;

    const D2L: Adagrad = Adagrad {
        learning_rate: 0.4,
        epsilon: 1e-6,
        epsilon_placement: EpsilonPlacement::Inside,
        initial_accumulator: 0.0,
        learning_rate_decay: 0.0,
        order: Order::Accumulate,
        weight_decay: 0.0,
    };

    /// Evidence: each point is what a run of its own gives.
    #[test]
    fn agrees_with_single_runs_in_any_slices() {
        let start = [-5.0, -2.0];
        let rates = log_spaced(0.001, 10.0, 9);
        for budget in [1, 13, 1_000] {
            let mut sweep = Sweep::new(Objective::F2, D2L, start, 20, rates.clone());
            while !sweep.advance(budget) {}
            let points: Vec<_> = sweep.points().collect();
            assert_eq!(points.len(), rates.len());
            for (learning_rate, share_left) in points {
                let single = Adagrad {
                    learning_rate,
                    ..D2L
                };
                let end = run(&Objective::F2, single, start, 20).point(20);
                let expected = end[0].hypot(end[1]) / start[0].hypot(start[1]);
                assert_eq!(share_left, Some(expected));
            }
        }
    }

    #[test]
    fn points_appear_as_they_are_done() {
        let mut sweep = Sweep::new(Objective::F1, D2L, [1.0, 1.0], 20, vec![0.1, 0.2]);
        assert!(!sweep.advance(25));
        assert_eq!(sweep.points().count(), 1);
        assert!(sweep.advance(15));
        assert_eq!(sweep.points().count(), 2);
    }

    #[test]
    fn divergence_leaves_no_share() {
        let mut sweep = Sweep::new(Objective::F1, D2L, [1.0, 1.0], 20, vec![0.1, 1e300]);
        assert!(sweep.advance(40));
        let shares: Vec<_> = sweep.points().map(|(_, share)| share.is_some()).collect();
        assert_eq!(shares, [true, false]);
    }

    /// By hand: x² with η = 10 grows 19-fold a step, to 19¹⁰⁰⁰, which no f64 holds; in 5 steps to
    /// 19⁵, all of it left.
    #[test]
    fn a_run_that_ended_before_its_last_step_leaves_nothing_to_compare() {
        let rule = Sgd {
            learning_rate: 10.0,
        };
        let end = |steps| {
            End::of(
                &run(Objective::Square, rule, [1.0, 0.0], steps),
                &Objective::Square,
            )
        };
        assert_eq!(end(5).left, Some(19.0_f64.powi(5)));
        assert_eq!(end(1000).left, None);
        assert!(matches!(end(1000).stop, StopReason::Diverged { .. }));
    }

    #[test]
    fn log_spacing_keeps_its_ends_and_its_ratio() {
        // By hand; pow is within 1 ulp on every platform Rust names, so 1e-15 relative.
        let values = log_spaced(0.001, 10.0, 5);
        for (value, expected) in values.iter().zip([0.001, 0.01, 0.1, 1.0, 10.0]) {
            assert!((value / expected - 1.0).abs() < 4e-15);
        }
        assert_eq!(values.last(), Some(&10.0));
        assert_eq!(log_spaced(0.5, 2.0, 1), [0.5]);
        assert!(log_spaced(0.5, 2.0, 0).is_empty());
    }
}
