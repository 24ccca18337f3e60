//! Momentum.

use super::description::{Description, Details, ETA, Facts, PLAIN, share};
use super::formula::Formula;
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Parameter, Values, values};

/// Momentum, mₜ = μ mₜ₋₁ + gₜ, xₜ = xₜ₋₁ − η mₜ: a ball that rolls on.
///
/// State: m in the memory, 0 at first. The effective rate η multiplies mₜ. After Polyak (1964), in
/// PyTorch's form, `SGD(momentum)` without dampening.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Momentum {
    /// η > 0.
    pub learning_rate: f64,
    /// μ, from 0 (gradient descent) to below 1.
    pub momentum: f64,
}

/// μ.
pub(super) const MOMENTUM: Parameter = share("momentum", "μ", "momentum", &[0.5]);

/// The line that Nesterov's momentum has too.
pub(super) const ACCUMULATE: Formula = Formula::new("momentum", "m", "", "momentum*m' + g");

pub(super) static DESCRIPTION: Description = Description {
    name: "momentum",
    label: "momentum",
    parameters: &[ETA, MOMENTUM],
    state_symbols: ["", "", "m_t", "m_t"],
    facts: Facts {
        adapts_rate: false,
        accumulates_squares: false,
        momentum: true,
        stays_once_still: false,
    },
    build: |values| Momentum::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[ACCUMULATE, Formula::new("update", "update", "", "eta*m")],
    state: "d momenta",
    cost: "d",
    fixes: "Zigzag across a valley, and slow progress along it.",
};

impl Momentum {
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

/// μ mₜ₋₁ + gₜ.
#[inline]
pub(super) fn rolled_on(momentum: f64, [m1, m2]: Vector, [g1, g2]: Vector) -> Vector {
    [momentum * m1 + g1, momentum * m2 + g2]
}

impl UpdateRule for Momentum {
    fn initial_state(&self, _: &Problem, _: Vector) -> State {
        State::ZERO
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        state.memory = rolled_on(self.momentum, state.memory, at.gradient);
        Some(Moved::along([self.learning_rate; 2], state.memory))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::Sgd;
    use crate::trajectory::run;

    /// By hand on x² from 4, η = 1/8, μ = ½: g = 8, m = 8, x = 3; g = 6, m = 10, x = 1.75.
    #[test]
    fn momentum_by_hand() {
        let rule = Momentum {
            learning_rate: 0.125,
            momentum: 0.5,
        };
        let trajectory = run(&Objective::Square, rule, [4.0, 0.0], 2);
        assert_eq!(trajectory.point(1)[0], 3.0);
        assert_eq!(trajectory.point(2)[0], 1.75);
        assert_eq!(trajectory.steps[1].memory, [10.0, 0.0]);
    }

    /// The course material's two ingredients: without momentum this is gradient descent, bit for
    /// bit, and so is Nesterov's.
    #[test]
    fn without_momentum_it_is_gradient_descent() {
        let start = [-5.0, -2.0];
        let (learning_rate, momentum) = (0.3, 0.0);
        let plain = run(&Objective::F2, Sgd { learning_rate }, start, 20);
        let momentum_run = run(
            &Objective::F2,
            Momentum {
                learning_rate,
                momentum,
            },
            start,
            20,
        );
        let nesterov_run = run(
            &Objective::F2,
            crate::optimizer::Nesterov {
                learning_rate,
                momentum,
            },
            start,
            20,
        );
        for t in 0..=20 {
            assert_eq!(plain.point(t), momentum_run.point(t));
            assert_eq!(plain.point(t), nesterov_run.point(t));
        }
    }
}
