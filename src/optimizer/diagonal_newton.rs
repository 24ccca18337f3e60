//! Gradient descent preconditioned with the diagonal of the Hessian.

use super::description::{DAMPING, Description, Details, Facts, OWN_ETA, PLAIN};
use super::formula::{Formula, UPDATE};
use super::newton::recorded;
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Values, values};

/// Diagonal Newton, elementwise xₜ = xₜ₋₁ − η gₜ / (Hᵢᵢ + δ) with H = ∇²f(xₜ₋₁).
///
/// Singular where an Hᵢᵢ + δ is 0. Where one is negative the step is still this one, and leads up
/// that axis. State, for the record only: the diagonal of H at step t in the accumulator, its other
/// entry, which is not used, first in the memory. After D2L, section 12.7.2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiagonalNewton {
    /// η > 0; 1 for the full step.
    pub learning_rate: f64,
    /// δ ≥ 0.
    pub damping: f64,
}

pub(super) static DESCRIPTION: Description = Description {
    name: "diagonal_newton",
    label: "preconditioned with the Hessian’s diagonal",
    parameters: &[OWN_ETA, DAMPING],
    state_symbols: ["H_t,11", "H_t,22", "H_t,12", ""],
    facts: Facts {
        adapts_rate: true,
        accumulates_squares: false,
        momentum: false,
        stays_once_still: true,
    },
    build: |values| DiagonalNewton::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        Formula::new("effective rate", "rate", "", "eta/(s + damping)"),
        UPDATE,
    ],
    state: "nothing, but needs d second derivatives",
    cost: "d",
    fixes: "Curvatures that differ along the axes, but not across them.",
};

impl DiagonalNewton {
    pub(super) fn from_values(&[learning_rate, damping, ..]: &Values) -> Self {
        Self {
            learning_rate,
            damping,
        }
    }

    pub(super) fn values(&self) -> Values {
        values(&[self.learning_rate, self.damping])
    }
}

impl UpdateRule for DiagonalNewton {
    fn initial_state(&self, problem: &Problem, start: Vector) -> State {
        recorded(problem.hessian(1, start))
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        *state = recorded(at.hessian());
        let [first, second] = state.accumulator.map(|curvature| curvature + self.damping);
        if first == 0.0 || second == 0.0 {
            return None;
        }
        let rates = [self.learning_rate / first, self.learning_rate / second];
        Some(Moved::along(rates, at.gradient))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::trajectory::{StopReason, run};

    const FULL: DiagonalNewton = DiagonalNewton {
        learning_rate: 1.0,
        damping: 0.0,
    };

    /// By hand: on f1 the diagonal is the Hessian, one step arrives; on f2 at (5, 3) the step is
    /// g/4.2 = (9.6, −6.4)/4.2.
    #[test]
    fn it_sees_the_axes_only() {
        let [x1, x2] = run(&Objective::F1, FULL, [5.0, 3.0], 1).point(1);
        assert!(x1.abs() < 1e-15 && x2.abs() < 1e-15);
        let [x1, x2] = run(&Objective::F2, FULL, [5.0, 3.0], 1).point(1);
        assert!((x1 - (5.0 - 9.6 / 4.2)).abs() < 2e-15 * 5.0);
        assert!((x2 - (3.0 + 6.4 / 4.2)).abs() < 2e-15 * 5.0);
    }

    #[test]
    fn a_curvature_of_0_stops_it() {
        // Rosenbrock's first: 2 + 1200 x₁² − 400 x₂ is 0 at (0, 0.005).
        let start = [0.0, 0.005];
        let stopped = run(&Objective::Rosenbrock, FULL, start, 3);
        assert_eq!(stopped.stop, StopReason::Singular { step: 1 });
        let damped = DiagonalNewton {
            damping: 1.0,
            ..FULL
        };
        assert_eq!(run(&Objective::Rosenbrock, damped, start, 1).steps.len(), 1);
    }
}
