//! Premature stopping where no minimum is known: how much of the fall of the loss the steps shown
//! make, of that of ten times as many.

use super::pace::Pace;
use crate::objective::{Problem, Vector};
use crate::optimizer::Optimizer;
use crate::trajectory::{Halt, Run};

/// How many times the steps shown are looked ahead.
pub const TIMES: u32 = 10;

/// A run that makes less than this share of the fall within the steps shown stops early.
const ENOUGH: f64 = 0.9;

/// The loss now and later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outlook {
    /// f(x₀).
    pub at_start: f64,
    /// f(x_T), T being the steps shown.
    pub after_shown: f64,
    /// f(x₁₀T); the last loss of a run that ended before.
    pub later: f64,
    /// Where the run ended before 10T steps, and why.
    pub ended: Option<(Halt, u32)>,
    /// Whether it was creeping at the end, and on a slope that had fallen: down to something.
    pub creeps_down: bool,
}

impl Outlook {
    /// (f(x₀) − f(x_T)) / (f(x₀) − f(x₁₀T)); none unless the loss falls in ten times the steps, and
    /// they can all be taken.
    #[must_use]
    pub fn share_of_fall(&self) -> Option<f64> {
        let fall = self.at_start - self.later;
        (fall > 0.0 && self.ended.is_none()).then(|| (self.at_start - self.after_shown) / fall)
    }

    /// Whether much of the fall is still to come, and the run [creeps](Pace::creeps) there.
    ///
    /// Not where the slope is what it was or more: nothing then tells of a lowest value, and what
    /// falls for ever does not stop early.
    #[must_use]
    pub fn stops_early(&self) -> bool {
        self.creeps_down && self.share_of_fall().is_some_and(|share| share < ENOUGH)
    }
}

/// A run ahead of the one shown, in slices.
#[derive(Clone, Debug)]
pub struct LookAhead {
    run: Run,
    steps_shown: u32,
    outlook: Outlook,
    pace: Pace,
    is_done: bool,
}

impl LookAhead {
    /// A simulation before its first step.
    #[must_use]
    pub fn new(
        problem: impl Into<Problem>,
        optimizer: impl Into<Optimizer>,
        start: Vector,
        steps_shown: u32,
    ) -> Self {
        let problem = problem.into();
        let at_start = problem.objective.value(start);
        Self {
            run: Run::new(problem, optimizer.into(), start),
            steps_shown,
            outlook: Outlook {
                at_start,
                after_shown: at_start,
                later: at_start,
                ended: None,
                creeps_down: false,
            },
            pace: Pace::default(),
            is_done: false,
        }
    }

    /// Takes at most `budget_steps` more steps; the answer once there is one, and from then on.
    pub fn advance(&mut self, budget_steps: u32) -> Option<Outlook> {
        let last = self.steps_shown.saturating_mul(TIMES);
        for _ in 0..budget_steps {
            if self.is_done {
                break;
            }
            match self.run.advance() {
                Ok(step) => {
                    self.outlook.later = step.loss;
                    self.pace.record(&step);
                    if self.run.steps_taken() <= self.steps_shown {
                        self.outlook.after_shown = step.loss;
                    }
                    self.is_done = self.run.steps_taken() >= last;
                }
                Err(halt) => {
                    self.outlook.ended = Some((halt, self.run.steps_taken() + 1));
                    self.is_done = true;
                }
            }
            if self.is_done {
                self.outlook.creeps_down = self.pace.creeps() && self.pace.slope_has_fallen();
            }
        }
        self.is_done.then_some(self.outlook)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::compile;
    use crate::objective::{Objective, TypedFunction};
    use crate::optimizer::{Description, Sgd};
    use std::sync::Arc;

    /// By hand: on x² gradient descent with η = ¼ halves x, and quarters the loss, in every step.
    #[test]
    fn a_halving_run_in_any_slices() {
        let rule = Sgd {
            learning_rate: 0.25,
        };
        for budget in [1, 3, 100] {
            let mut ahead = LookAhead::new(Objective::Square, rule, [2.0, 0.0], 1);
            let outlook = std::iter::repeat_with(|| ahead.advance(budget))
                .flatten()
                .next()
                .unwrap();
            assert_eq!(outlook.at_start, 4.0);
            assert_eq!(outlook.after_shown, 1.0);
            assert_eq!(outlook.later, 4.0 * 0.25_f64.powi(10));
            // ¾ of a fall that is all but whole.
            assert!(outlook.stops_early());
            assert_eq!(ahead.advance(0), Some(outlook), "the answer stays");
        }
    }

    /// By hand: on f = x₁ Adagrad's step t is η/√t, so that T steps make about 1/√10 of the fall of
    /// 10T, whatever T; and there is nothing to arrive at. On x₁⁴ + x₂² there is.
    #[test]
    fn what_falls_for_ever_does_not_stop_early() {
        let rule = Description::named("adagrad").unwrap().default_optimizer();
        let outlook = |source: &str| {
            let objective = Objective::Typed(Arc::new(TypedFunction {
                source: source.to_owned(),
                program: compile(source).unwrap(),
            }));
            let mut ahead = LookAhead::new(objective, rule, [-5.0, -2.0], 20);
            ahead.advance(u32::MAX).unwrap()
        };
        let unbounded = outlook("x1");
        assert!(unbounded.share_of_fall().unwrap() < 0.4 && !unbounded.stops_early());
        assert!(outlook("x1^4 + 0.1*x2^2").creeps_down);
        // No value at the start at all.
        assert_eq!(outlook("ln(x1)").ended, Some((Halt::Diverged, 1)));
    }

    #[test]
    fn a_run_that_rises_does_not_stop_early() {
        let rule = Sgd { learning_rate: 2.0 };
        let outlook = LookAhead::new(Objective::Square, rule, [2.0, 0.0], 3).advance(30);
        assert_eq!(outlook.unwrap().share_of_fall(), None);
        assert!(!outlook.unwrap().stops_early());
    }
}
