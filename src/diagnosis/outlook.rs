//! Premature stopping where no minimum is known: how much of the fall of the loss the steps shown
//! make, of that of ten times as many.

use crate::objective::{Problem, Vector};
use crate::optimizer::Optimizer;
use crate::trajectory::Run;

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
}

impl Outlook {
    /// (f(x₀) − f(x_T)) / (f(x₀) − f(x₁₀T)); none unless the loss falls in ten times the steps.
    #[must_use]
    pub fn share_of_fall(&self) -> Option<f64> {
        let fall = self.at_start - self.later;
        (fall > 0.0).then(|| (self.at_start - self.after_shown) / fall)
    }

    /// Whether most of the fall is still to come.
    #[must_use]
    pub fn stops_early(&self) -> bool {
        self.share_of_fall().is_some_and(|share| share < ENOUGH)
    }
}

/// A run ahead of the one shown, in slices.
#[derive(Clone, Debug)]
pub struct LookAhead {
    run: Run,
    steps_shown: u32,
    outlook: Outlook,
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
            },
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
                    if self.run.steps_taken() <= self.steps_shown {
                        self.outlook.after_shown = step.loss;
                    }
                    self.is_done = self.run.steps_taken() >= last;
                }
                Err(_) => self.is_done = true,
            }
        }
        self.is_done.then_some(self.outlook)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::Sgd;

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

    #[test]
    fn a_run_that_rises_does_not_stop_early() {
        let rule = Sgd { learning_rate: 2.0 };
        let outlook = LookAhead::new(Objective::Square, rule, [2.0, 0.0], 3).advance(30);
        assert_eq!(outlook.unwrap().share_of_fall(), None);
        assert!(!outlook.unwrap().stops_early());
    }
}
