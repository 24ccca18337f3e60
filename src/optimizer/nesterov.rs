//! Nesterov's momentum.

use super::description::{Description, Details, ETA, Facts, PLAIN};
use super::formula::Formula;
use super::momentum::{ACCUMULATE, MOMENTUM, rolled_on};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Values, values};

/// Nesterov's momentum, mₜ = μ mₜ₋₁ + gₜ, xₜ = xₜ₋₁ − η (gₜ + μ mₜ): momentum that looks one step
/// ahead.
///
/// State: m in the memory, 0 at first. The effective rate η multiplies gₜ + μ mₜ. After Nesterov
/// (1983), in PyTorch's form, `SGD(momentum, nesterov=True)`, in which xₜ is the point ahead.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nesterov {
    /// η > 0.
    pub learning_rate: f64,
    /// μ, from 0 (gradient descent) to below 1.
    pub momentum: f64,
}

pub(super) static DESCRIPTION: Description = Description {
    name: "nesterov",
    label: "Nesterov’s momentum",
    parameters: &[ETA, MOMENTUM],
    state_symbols: ["", "", "m_t", "m_t"],
    facts: Facts {
        adapts_rate: false,
        accumulates_squares: false,
        momentum: true,
        stays_once_still: false,
    },
    build: |values| Nesterov::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        ACCUMULATE,
        Formula::new("look ahead", "ahead", "", "g + momentum*m"),
        Formula::new("update", "update", "", "eta*ahead"),
    ],
    state: "d momenta",
    cost: "d",
    fixes: "Momentum’s swing past the minimum: it brakes a step earlier.",
};

impl Nesterov {
    pub(super) fn from_values(&[learning_rate, momentum, ..]: &Values) -> Self {
        Self {
            learning_rate,
            momentum,
        }
    }

    pub(super) fn values(&self) -> Values {
        values(&[self.learning_rate, self.momentum])
    }
}

impl UpdateRule for Nesterov {
    fn initial_state(&self, _: &Problem, _: Vector) -> State {
        State::ZERO
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        state.memory = rolled_on(self.momentum, state.memory, at.gradient);
        let ahead = rolled_on(self.momentum, state.memory, at.gradient);
        Some(Moved::along([self.learning_rate; 2], ahead))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::trajectory::run;

    /// By hand on x² from 4, η = 1/8, μ = ½: g = m = 8, step (8 + 4)/8, x = 2.5; g = 5, m = 9, step
    /// (5 + 4.5)/8 = 1.1875.
    #[test]
    fn two_steps_by_hand() {
        let rule = Nesterov {
            learning_rate: 0.125,
            momentum: 0.5,
        };
        let trajectory = run(&Objective::Square, rule, [4.0, 0.0], 2);
        assert_eq!(trajectory.point(1)[0], 2.5);
        assert_eq!(trajectory.point(2)[0], 1.3125);
    }
}
