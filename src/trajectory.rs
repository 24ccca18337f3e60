//! A run: an objective and an optimizer from a start, step by step.

use crate::objective::{Objective, Vector};
use crate::optimizer::Adagrad;

/// One step of a run, t = 1, 2, …
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// xₜ₋₁.
    pub point_before: Vector,
    /// xₜ = xₜ₋₁ − update.
    pub point_after: Vector,
    /// f(xₜ).
    pub loss: f64,
    /// gₜ = ∇f(xₜ₋₁).
    pub gradient: Vector,
    /// sₜ.
    pub accumulator: Vector,
    /// All that multiplies the gradient, decay included.
    pub effective_learning_rate: Vector,
    /// Effective rate × gradient.
    pub update: Vector,
}

impl Step {
    fn is_finite(&self) -> bool {
        let all = |v: Vector| v.iter().all(|x| x.is_finite());
        self.loss.is_finite()
            && all(self.point_after)
            && all(self.gradient)
            && all(self.accumulator)
            && all(self.effective_learning_rate)
            && all(self.update)
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// Every step was taken.
    Completed,
    /// The gradient was exactly 0 at `step`; this and all later steps stay where they are.
    Stationary {
        /// The first step with gradient 0, from 1.
        step: u32,
    },
    /// A value was no longer finite at `step`; the records end with the step before.
    Diverged {
        /// The step that could not be completed, from 1.
        step: u32,
    },
}

/// Every step of a run, and why it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// x₀.
    pub start: Vector,
    /// f(x₀).
    pub start_loss: f64,
    /// s₀.
    pub initial_accumulator: Vector,
    /// Steps 1 to n; fewer than asked for only after divergence.
    pub steps: Vec<Step>,
    /// Why it ended.
    pub stop: StopReason,
}

impl Trajectory {
    /// xₜ, t from 0; the last point for any later t.
    #[must_use]
    pub fn point(&self, t: usize) -> Vector {
        self.record(t).map_or(self.start, |step| step.point_after)
    }

    /// f(xₜ), t from 0; the last loss for any later t.
    #[must_use]
    pub fn loss(&self, t: usize) -> f64 {
        self.record(t).map_or(self.start_loss, |step| step.loss)
    }

    /// sₜ, t from 0; the last for any later t.
    #[must_use]
    pub fn accumulator(&self, t: usize) -> Vector {
        self.record(t)
            .map_or(self.initial_accumulator, |step| step.accumulator)
    }

    /// The step that a cursor at `cursor` shows: the last one, where the run diverged before.
    #[must_use]
    pub fn step_shown(&self, cursor: u32) -> usize {
        (cursor as usize).min(self.steps.len())
    }

    /// The record of step t, or of the last step for any later t; none for t = 0 or an empty run.
    #[must_use]
    pub fn record(&self, t: usize) -> Option<&Step> {
        let last = t.min(self.steps.len()).checked_sub(1)?;
        self.steps.get(last)
    }

    /// x₀, x₁, …, xₙ.
    pub fn points(&self) -> impl Iterator<Item = Vector> + '_ {
        std::iter::once(self.start).chain(self.steps.iter().map(|step| step.point_after))
    }
}

/// A run in progress, advanced one step at a time without keeping records.
#[derive(Clone, Debug)]
pub struct Run {
    objective: Objective,
    optimizer: Adagrad,
    point: Vector,
    accumulator: Vector,
    steps_taken: u32,
}

impl Run {
    /// A run before its first step.
    #[must_use]
    pub fn new(objective: Objective, optimizer: Adagrad, start: Vector) -> Self {
        Self {
            objective,
            optimizer,
            point: start,
            accumulator: optimizer.initial_state(),
            steps_taken: 0,
        }
    }

    /// The current point.
    #[must_use]
    pub fn point(&self) -> Vector {
        self.point
    }

    /// How many steps have been taken.
    #[must_use]
    pub fn steps_taken(&self) -> u32 {
        self.steps_taken
    }

    /// Takes one step; none, and no move, when it would leave a value that is not finite.
    #[inline]
    pub fn advance(&mut self) -> Option<Step> {
        let gradient = self.objective.gradient(self.point);
        let mut accumulator = self.accumulator;
        let moved = self
            .optimizer
            .step(self.steps_taken + 1, &mut accumulator, gradient);
        let point_after = [
            self.point[0] - moved.update[0],
            self.point[1] - moved.update[1],
        ];
        let step = Step {
            point_before: self.point,
            point_after,
            loss: self.objective.value(point_after),
            gradient,
            accumulator,
            effective_learning_rate: moved.effective_learning_rate,
            update: moved.update,
        };
        if !step.is_finite() {
            return None;
        }
        self.point = point_after;
        self.accumulator = accumulator;
        self.steps_taken += 1;
        Some(step)
    }
}

/// Runs `optimizer` on `objective` for `steps` steps from `start`.
///
/// Never panics and never records a value that is not finite: a start at which the objective is
/// not finite is divergence at step 1.
#[must_use]
pub fn run(objective: &Objective, optimizer: &Adagrad, start: Vector, steps: u32) -> Trajectory {
    let mut run = Run::new(*objective, *optimizer, start);
    let mut records = Vec::with_capacity(steps as usize);
    let mut stop = StopReason::Completed;
    for t in 1..=steps {
        let Some(step) = run.advance() else {
            stop = StopReason::Diverged { step: t };
            break;
        };
        if stop == StopReason::Completed && step.gradient == [0.0, 0.0] {
            stop = StopReason::Stationary { step: t };
        }
        records.push(step);
    }
    Trajectory {
        start,
        start_loss: objective.value(start),
        initial_accumulator: optimizer.initial_state(),
        steps: records,
        stop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::{EpsilonPlacement, Order};

    const PLAIN: Adagrad = Adagrad {
        learning_rate: 2.0,
        epsilon: 0.0,
        epsilon_placement: EpsilonPlacement::Inside,
        initial_accumulator: 0.0,
        learning_rate_decay: 0.0,
        order: Order::Accumulate,
    };

    #[test]
    fn a_run_that_arrives_is_stationary_from_the_next_step_on() {
        // By hand: g₂ = −8, s₂ = 64, rate 2/8, so that step 1 moves x₂ by exactly its 2.
        let trajectory = run(&Objective::F1, &PLAIN, [0.0, -2.0], 5);
        assert_eq!(trajectory.stop, StopReason::Stationary { step: 2 });
        assert_eq!(trajectory.steps.len(), 5, "the remaining steps stay there");
        assert!(trajectory.points().skip(1).all(|point| point == [0.0, 0.0]));
        assert_eq!(trajectory.accumulator(5), [0.0, 64.0]);

        let at_minimum = run(&Objective::F2, &PLAIN, [0.0, 0.0], 3);
        assert_eq!(at_minimum.stop, StopReason::Stationary { step: 1 });
    }

    #[test]
    fn a_diverged_run_ends_at_its_last_finite_point() {
        // Stepping with s₀ = 1: x₂ = 1 goes to about −4e80, s to 17; then a step of about 4e160,
        // whose loss no f64 holds.
        let optimizer = Adagrad {
            learning_rate: 1e80,
            initial_accumulator: 1.0,
            order: Order::Step,
            ..PLAIN
        };
        let trajectory = run(&Objective::F1, &optimizer, [0.0, 1.0], 5);
        assert_eq!(trajectory.stop, StopReason::Diverged { step: 2 });
        assert_eq!(trajectory.steps.len(), 1);
        assert_eq!(trajectory.point(5), [0.0, 1.0 - 4e80]);
    }

    #[test]
    fn the_start_is_step_0_and_later_steps_than_the_last_are_the_last() {
        let trajectory = run(&Objective::F1, &PLAIN, [5.0, 3.0], 2);
        assert_eq!(trajectory.point(0), [5.0, 3.0]);
        // f1(5, 3) = 2.5 + 18, as the course material's hand calculation has it.
        assert_eq!(trajectory.loss(0), 20.5);
        assert_eq!(trajectory.record(0), None);
        assert_eq!(trajectory.record(9), trajectory.steps.last());
        let empty = run(&Objective::F1, &PLAIN, [5.0, 3.0], 0);
        assert_eq!(empty.stop, StopReason::Completed);
        assert_eq!(empty.point(3), [5.0, 3.0]);
    }
}
