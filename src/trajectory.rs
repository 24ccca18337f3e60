//! A run: a problem and an update rule from a start, step by step.

use crate::objective::{Problem, Vector};
use crate::optimizer::{At, Optimizer, State, UpdateRule};

/// One step of a run, t = 1, 2, …
///
/// Points are those of the plane, x = b z; gradient, state, rate and update are the rule's own, in
/// z. With the scale b = 1 there is no difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// xₜ₋₁.
    pub point_before: Vector,
    /// xₜ = xₜ₋₁ − b update.
    pub point_after: Vector,
    /// f(xₜ).
    pub loss: f64,
    /// gₜ = ∇f(xₜ₋₁), with noise and all that the problem adds.
    pub gradient: Vector,
    /// sₜ: the rule's [accumulator](State::accumulator) after the step.
    pub accumulator: Vector,
    /// The rule's [memory](State::memory) after the step.
    pub memory: Vector,
    /// All that multiplies the gradient, or what the rule has in its place.
    pub effective_learning_rate: Vector,
    /// What is subtracted from the point; of most rules, effective rate × gradient.
    pub update: Vector,
}

impl Step {
    /// The rule's state after the step.
    #[must_use]
    pub fn state(&self) -> State {
        State {
            accumulator: self.accumulator,
            memory: self.memory,
        }
    }

    fn is_finite(&self) -> bool {
        let all = |v: Vector| v.iter().all(|x| x.is_finite());
        self.loss.is_finite()
            && all(self.point_after)
            && all(self.gradient)
            && all(self.accumulator)
            && all(self.memory)
            && all(self.effective_learning_rate)
            && all(self.update)
    }
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// Every step was taken.
    Completed,
    /// Gradient and update were exactly 0 at `step`; this and all later steps stay where they are.
    Stationary {
        /// The first such step, from 1.
        step: u32,
    },
    /// A value was no longer finite at `step`; the records end with the step before.
    Diverged {
        /// The step that could not be completed, from 1.
        step: u32,
    },
    /// The matrix that the rule divides by was singular at `step`; the records end with the step
    /// before.
    Singular {
        /// The step that could not be completed, from 1.
        step: u32,
    },
}

/// Why a step cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Halt {
    /// It would leave a value that is not finite.
    Diverged,
    /// The matrix to divide by is singular.
    Singular,
}

/// Every step of a run, and why it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// x₀.
    pub start: Vector,
    /// f(x₀).
    pub start_loss: f64,
    /// The rule's state before step 1.
    pub initial_state: State,
    /// Steps 1 to n; fewer than asked for only where a step could not be taken.
    pub steps: Vec<Step>,
    /// Why it ended.
    pub stop: StopReason,
    /// The smallest and the largest effective learning rate of each coordinate over all steps; both
    /// 0 where there is no step. Kept here since a long run is costly to search in every frame.
    pub effective_learning_rate_range: [Vector; 2],
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
        self.state(t).accumulator
    }

    /// The rule's state after step t, t from 0; the last for any later t.
    #[must_use]
    pub fn state(&self, t: usize) -> State {
        self.record(t).map_or(self.initial_state, Step::state)
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

    fn include(&mut self, step: Step) {
        let rates = step.effective_learning_rate;
        let [smallest, largest] = &mut self.effective_learning_rate_range;
        if self.steps.is_empty() {
            (*smallest, *largest) = (rates, rates);
        }
        for ((smallest, largest), rate) in smallest.iter_mut().zip(largest).zip(rates) {
            *smallest = smallest.min(rate);
            *largest = largest.max(rate);
        }
        self.steps.push(step);
    }

    /// x₀, x₁, …, xₙ.
    pub fn points(&self) -> impl Iterator<Item = Vector> + '_ {
        std::iter::once(self.start).chain(self.steps.iter().map(|step| step.point_after))
    }
}

/// A run in progress, advanced one step at a time without keeping records.
///
/// Over [`Optimizer`] it takes any rule; over a rule's own type its loop is compiled for that rule
/// alone. For many runs of which only the ends matter there is [`swarm`](crate::swarm).
#[derive(Clone, Debug)]
pub struct Run<R = Optimizer> {
    problem: Problem,
    rule: R,
    /// z₀ and zₜ, what the rule moves; the plane's points are b times these.
    start: Vector,
    position: Vector,
    state: State,
    steps_taken: u32,
}

impl<R: UpdateRule> Run<R> {
    /// A run before its first step, from `start` in the plane.
    #[must_use]
    pub fn new(problem: Problem, rule: R, start: Vector) -> Self {
        let position = problem.parameters_of(start);
        Self {
            state: rule.initial_state(&problem, position),
            problem,
            rule,
            start: position,
            position,
            steps_taken: 0,
        }
    }

    /// The current point of the plane.
    #[must_use]
    pub fn point(&self) -> Vector {
        self.problem.point(self.position)
    }

    /// The rule's state after the steps taken.
    #[must_use]
    pub fn state(&self) -> State {
        self.state
    }

    /// How many steps have been taken.
    #[must_use]
    pub fn steps_taken(&self) -> u32 {
        self.steps_taken
    }

    /// Takes one step and records it.
    ///
    /// # Errors
    /// Does not move where the step would leave a value that is not finite or cannot be computed.
    #[inline]
    pub fn advance(&mut self) -> Result<Step, Halt> {
        let step = self.steps_taken + 1;
        let at = At {
            step,
            start: self.start,
            point: self.position,
            gradient: self.problem.gradient(step, self.position),
            problem: &self.problem,
        };
        let mut state = self.state;
        let moved = self.rule.step(&mut state, &at).ok_or(Halt::Singular)?;
        let position = [
            self.position[0] - moved.update[0],
            self.position[1] - moved.update[1],
        ];
        let point_after = self.problem.point(position);
        let step = Step {
            point_before: self.point(),
            point_after,
            loss: self.problem.objective.value(point_after),
            gradient: at.gradient,
            accumulator: state.accumulator,
            memory: state.memory,
            effective_learning_rate: moved.effective_learning_rate,
            update: moved.update,
        };
        if !step.is_finite() {
            return Err(Halt::Diverged);
        }
        self.position = position;
        self.state = state;
        self.steps_taken += 1;
        Ok(step)
    }
}

/// Runs `optimizer` on `problem` for `steps` steps from `start`.
///
/// Never panics and never records a value that is not finite: a start at which the objective is
/// not finite is divergence at step 1.
#[must_use]
pub fn run(
    problem: impl Into<Problem>,
    optimizer: impl Into<Optimizer>,
    start: Vector,
    steps: u32,
) -> Trajectory {
    run_of(problem.into(), optimizer.into(), start, steps)
}

fn run_of(problem: Problem, optimizer: Optimizer, start: Vector, steps: u32) -> Trajectory {
    let mut recording = Recording::new(problem, optimizer, start, steps);
    recording.advance(steps);
    recording.finish()
}

/// A run whose every step is recorded, taken a few steps at a time: what [`run`] does, for whoever
/// may not take long.
#[derive(Clone, Debug)]
pub struct Recording {
    run: Run,
    /// How many steps were asked for.
    steps: u32,
    so_far: Trajectory,
}

impl Recording {
    /// A recording of `steps` steps of `optimizer` on `problem`, before the first of them.
    #[must_use]
    pub fn new(problem: Problem, optimizer: Optimizer, start: Vector, steps: u32) -> Self {
        let start_loss = problem.objective.value(start);
        let run = Run::new(problem, optimizer, start);
        let so_far = Trajectory {
            start,
            start_loss,
            initial_state: run.state(),
            steps: Vec::new(),
            stop: StopReason::Completed,
            effective_learning_rate_range: [[0.0; 2]; 2],
        };
        Self { run, steps, so_far }
    }

    /// Steps that are still to be taken: 0 where the run could not go on.
    #[must_use]
    pub fn steps_left(&self) -> u32 {
        match self.so_far.stop {
            StopReason::Diverged { .. } | StopReason::Singular { .. } => 0,
            StopReason::Completed | StopReason::Stationary { .. } => {
                self.steps - self.run.steps_taken()
            }
        }
    }

    /// Takes at most `budget` steps; answers how many of them are left over because the run has
    /// ended.
    pub fn advance(&mut self, budget: u32) -> u32 {
        let allowed = budget.min(self.steps_left());
        if self.so_far.steps.is_empty() {
            self.so_far.steps.reserve_exact(self.steps as usize);
        }
        for _ in 0..allowed {
            let t = self.run.steps_taken() + 1;
            let step = match self.run.advance() {
                Ok(step) => step,
                Err(halt) => {
                    self.so_far.stop = match halt {
                        Halt::Diverged => StopReason::Diverged { step: t },
                        Halt::Singular => StopReason::Singular { step: t },
                    };
                    break;
                }
            };
            if self.so_far.stop == StopReason::Completed
                && step.gradient == [0.0; 2]
                && step.update == [0.0; 2]
            {
                self.so_far.stop = StopReason::Stationary { step: t };
            }
            self.so_far.include(step);
        }
        budget - allowed
    }

    /// What was recorded.
    #[must_use]
    pub fn finish(self) -> Trajectory {
        self.so_far
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::{Adagrad, EpsilonPlacement, Order};

    const PLAIN: Adagrad = Adagrad {
        learning_rate: 2.0,
        epsilon: 0.0,
        epsilon_placement: EpsilonPlacement::Inside,
        initial_accumulator: 0.0,
        learning_rate_decay: 0.0,
        order: Order::Accumulate,
        weight_decay: 0.0,
    };

    #[test]
    fn a_run_that_arrives_is_stationary_from_the_next_step_on() {
        // By hand: g₂ = −8, s₂ = 64, rate 2/8, so that step 1 moves x₂ by exactly its 2.
        let trajectory = run(&Objective::F1, PLAIN, [0.0, -2.0], 5);
        assert_eq!(trajectory.stop, StopReason::Stationary { step: 2 });
        assert_eq!(trajectory.steps.len(), 5, "the remaining steps stay there");
        assert!(trajectory.points().skip(1).all(|point| point == [0.0, 0.0]));
        assert_eq!(trajectory.accumulator(5), [0.0, 64.0]);

        let at_minimum = run(&Objective::F2, PLAIN, [0.0, 0.0], 3);
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
        let trajectory = run(&Objective::F1, optimizer, [0.0, 1.0], 5);
        assert_eq!(trajectory.stop, StopReason::Diverged { step: 2 });
        assert_eq!(trajectory.steps.len(), 1);
        assert_eq!(trajectory.point(5), [0.0, 1.0 - 4e80]);
    }

    #[test]
    fn a_recording_in_pieces_is_the_run() {
        // F1 at the minimum of x₁ from [0, −2] becomes stationary; 1e80 diverges (see above).
        for (start, learning_rate) in [([0.0, -2.0], 2.0), ([-5.0, -2.0], 0.4), ([0.0, 1.0], 1e80)]
        {
            let optimizer = Adagrad {
                learning_rate,
                initial_accumulator: 1.0,
                order: Order::Step,
                ..PLAIN
            };
            let whole = run(&Objective::F1, optimizer, start, 50);
            let problem = Problem::from(&Objective::F1);
            let mut recording = Recording::new(problem, optimizer.into(), start, 50);
            while recording.steps_left() > 0 {
                recording.advance(7);
            }
            assert_eq!(recording.advance(7), 7, "nothing is left to do");
            assert_eq!(recording.finish(), whole);
        }
    }

    #[test]
    fn the_start_is_step_0_and_later_steps_than_the_last_are_the_last() {
        let trajectory = run(&Objective::F1, PLAIN, [5.0, 3.0], 2);
        assert_eq!(trajectory.point(0), [5.0, 3.0]);
        // f1(5, 3) = 2.5 + 18, as the course material's hand calculation has it.
        assert_eq!(trajectory.loss(0), 20.5);
        assert_eq!(trajectory.record(0), None);
        assert_eq!(trajectory.record(9), trajectory.steps.last());
        let empty = run(&Objective::F1, PLAIN, [5.0, 3.0], 0);
        assert_eq!(empty.stop, StopReason::Completed);
        assert_eq!(empty.point(3), [5.0, 3.0]);
    }
}
