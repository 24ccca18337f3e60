//! Whether a run creeps: its steps get shorter although the slope would lead it on.

use super::progress::distance;
use crate::objective::Vector;
use crate::trajectory::Step;

/// A slope below this share of the first one is none: what is left of it is rounding.
const NO_SLOPE: f64 = 1e-9;

/// A run's first step and its last two.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    first: Option<Taken>,
    before_last: Taken,
    last: Taken,
}

#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    gradient: Vector,
    update: Vector,
}

impl Pace {
    /// Takes note of the next step.
    #[inline]
    pub fn record(&mut self, step: &Step) {
        let taken = Taken {
            gradient: step.gradient,
            update: step.update,
        };
        self.first.get_or_insert(taken);
        self.before_last = self.last;
        self.last = taken;
    }

    /// Whether the last step stood at a stationary point, a minimum or not.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        self.first
            .is_none_or(|first| length(self.last.gradient) <= NO_SLOPE * length(first.gradient))
    }

    /// Whether the last step was shorter than the first, went on the way of the one before, and did
    /// not stand at a stationary point.
    ///
    /// A rate that shrinks too early makes a run creep. One that swings to and fro does not, nor one
    /// that goes on as it began.
    #[must_use]
    pub fn creeps(&self) -> bool {
        let is_shorter = |first: Taken| length(self.last.update) < length(first.update);
        let ([a1, a2], [b1, b2]) = (self.before_last.update, self.last.update);
        let goes_on = a1 * b1 + a2 * b2 >= 0.0;
        self.first.is_some_and(is_shorter) && goes_on && !self.is_at_rest()
    }

    /// Whether the slope at the last step was less than at the first.
    #[must_use]
    pub fn slope_has_fallen(&self) -> bool {
        let is_less = |first: Taken| length(self.last.gradient) < length(first.gradient);
        self.first.is_some_and(is_less)
    }
}

fn length(vector: Vector) -> f64 {
    distance(vector, [0.0; 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::{Description, Optimizer};
    use crate::trajectory::run;

    fn pace(rule: &str, eta: f64, objective: &Objective, start: Vector) -> Pace {
        let description = Description::named(rule).unwrap();
        let rule: Optimizer = description.optimizer(&description.defaults()).unwrap();
        let mut pace = Pace::default();
        for step in &run(objective, rule.with_learning_rate(eta), start, 200).steps {
            pace.record(step);
        }
        pace
    }

    #[test]
    fn a_rate_that_shrinks_makes_a_run_creep() {
        let adagrad = pace("adagrad", 0.1, &Objective::F1, [-5.0, -2.0]);
        assert!(adagrad.creeps() && adagrad.slope_has_fallen() && !adagrad.is_at_rest());
    }

    /// RMSProp ends in a swing of its own, of η either way: by hand, x = η/2 in turns.
    #[test]
    fn a_run_that_swings_does_not_creep() {
        assert!(!pace("rmsprop", 0.4, &Objective::F1, [-5.0, -2.0]).creeps());
    }

    /// Newton from (0, 0) ends at Himmelblau's maximum, (−0.27, −0.92).
    #[test]
    fn a_run_at_rest_does_not_creep() {
        let newton = pace("newton", 1.0, &Objective::Himmelblau, [0.0, 0.0]);
        assert!(newton.is_at_rest() && !newton.creeps());
    }
}
