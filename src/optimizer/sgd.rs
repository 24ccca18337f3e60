//! Gradient descent.

use super::description::{Description, Details, ETA, Facts, PLAIN};
use super::formula::Formula;
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Values, values};

/// Gradient descent, xₜ = xₜ₋₁ − η gₜ: one rate for every coordinate, always.
///
/// Keeps no state. PyTorch's `SGD` without momentum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// η > 0.
    pub learning_rate: f64,
}

pub(super) static DESCRIPTION: Description = Description {
    name: "sgd",
    label: "gradient descent",
    parameters: &[ETA],
    facts: Facts {
        adapts_rate: false,
        accumulates_squares: false,
        momentum: false,
        stays_once_still: true,
    },
    build: |values| Sgd::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[Formula::new("update", "update", "", "eta*g")],
    state: "nothing",
    cost: "d",
    fixes: "Nothing yet: it is what the others are measured against.",
};

impl Sgd {
    pub(super) fn from_values(&[learning_rate, ..]: &Values) -> Self {
        Self { learning_rate }
    }

    pub(super) fn values(&self) -> Values {
        values(&[self.learning_rate])
    }
}

impl UpdateRule for Sgd {
    fn initial_state(&self, _: &Problem, _: Vector) -> State {
        State::ZERO
    }

    #[inline]
    fn step(&self, _: &mut State, at: &At<'_>) -> Option<Moved> {
        Some(Moved::along([self.learning_rate; 2], at.gradient))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::trajectory::run;

    /// By hand on f1 from (−5, −2), where g = (−1, −8): x₁ shrinks by 1 − 0.2 η, x₂ by 1 − 4 η.
    #[test]
    fn two_steps_by_hand() {
        let rule = Sgd { learning_rate: 0.5 };
        let trajectory = run(&Objective::F1, rule, [-5.0, -2.0], 2);
        assert_eq!(trajectory.point(1), [-4.5, 2.0]);
        assert_eq!(trajectory.point(2), [-4.05, -2.0]);
        assert_eq!(trajectory.steps[0].effective_learning_rate, [0.5, 0.5]);
    }
}
