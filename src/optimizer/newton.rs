//! Newton's method.

use super::description::{DAMPING, Description, Details, Facts, OWN_ETA, PLAIN};
use super::formula::{Formula, When};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Matrix, Problem, Vector};
use crate::parameter::{Values, values};

/// Newton's method with damping, xₜ = xₜ₋₁ − η (H + δI)⁻¹ gₜ with H = ∇²f(xₜ₋₁).
///
/// Singular where the determinant of H + δI is 0 up to 4 f64 roundings of its two products. Where
/// the matrix is not positive the step is still this one: it goes to the quadratic's stationary
/// point, be it a saddle or a maximum. State, for the record only: the diagonal of H at step t in
/// the accumulator, its other entry first in the memory. The effective rate is η times the diagonal
/// of the inverse. The damping is Levenberg's (1944).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Newton {
    /// η > 0; 1 for the full step.
    pub learning_rate: f64,
    /// δ ≥ 0.
    pub damping: f64,
}

const FIRST: &[When] = &[When::Coordinate(0)];
const SECOND: &[When] = &[When::Coordinate(1)];

pub(super) static DESCRIPTION: Description = Description {
    name: "newton",
    label: "Newton’s method",
    parameters: &[OWN_ETA, DAMPING],
    state_symbols: ["H_t,11", "H_t,22", "H_t,12", ""],
    facts: Facts {
        adapts_rate: true,
        accumulates_squares: false,
        momentum: false,
        stays_once_still: true,
    },
    build: |values| Newton::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        Formula::new(
            "determinant",
            "det",
            "D",
            "(s1 + damping)*(s2 + damping) - m1^2",
        ),
        Formula::new("effective rate", "rate", "", "eta*(s2 + damping)/det").when(FIRST),
        Formula::new("effective rate", "rate", "", "eta*(s1 + damping)/det").when(SECOND),
        Formula::new(
            "update",
            "update",
            "",
            "eta*((s2 + damping)*g1 - m1*g2)/det",
        )
        .when(FIRST),
        Formula::new(
            "update",
            "update",
            "",
            "eta*((s1 + damping)*g2 - m1*g1)/det",
        )
        .when(SECOND),
    ],
    state: "nothing, but needs d² second derivatives",
    cost: "d³",
    fixes: "Curvature of every kind: one step on a quadratic.",
};

/// What a rule of curvatures records of the Hessian.
pub(super) fn recorded([[first, product], [_, second]]: Matrix) -> State {
    State {
        accumulator: [first, second],
        memory: [product, 0.0],
    }
}

impl Newton {
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

impl UpdateRule for Newton {
    fn initial_state(&self, problem: &Problem, start: Vector) -> State {
        recorded(problem.hessian(1, start))
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        *state = recorded(at.hessian());
        let first = state.accumulator[0] + self.damping;
        let second = state.accumulator[1] + self.damping;
        let product = state.memory[0];
        let (diagonal, off_diagonal) = (first * second, product * product);
        let determinant = diagonal - off_diagonal;
        if determinant.abs() <= 4.0 * f64::EPSILON * diagonal.abs().max(off_diagonal) {
            // Infinities are never singular: ∞ − ∞ is not a number, and the run then ends by that.
            return None;
        }
        let [g1, g2] = at.gradient;
        let rate = self.learning_rate;
        Some(Moved {
            effective_learning_rate: [rate * second / determinant, rate * first / determinant],
            update: [
                rate * (second * g1 - product * g2) / determinant,
                rate * (first * g2 - product * g1) / determinant,
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::trajectory::{StopReason, run};

    const FULL: Newton = Newton {
        learning_rate: 1.0,
        damping: 0.0,
    };

    /// Evidence: `newton-one-step`; a few roundings at 5.
    #[test]
    fn one_step_on_a_quadratic() {
        for objective in [Objective::F1, Objective::F2, Objective::Bowl] {
            let [x1, x2] = run(&objective, FULL, [5.0, 3.0], 1).point(1);
            assert!(x1.abs() < 1e-14 && x2.abs() < 1e-14, "{x1} {x2}");
        }
    }

    #[test]
    fn a_saddle_attracts_it() {
        let trajectory = run(&Objective::Saddle, FULL, [3.0, 1.0], 1);
        assert_eq!(trajectory.point(1), [0.0, 0.0]);
    }

    #[test]
    fn a_singular_hessian_stops_it_and_damping_helps() {
        let trajectory = run(&Objective::LeastSquares, FULL, [0.0, 0.0], 5);
        assert_eq!(trajectory.stop, StopReason::Singular { step: 1 });
        assert!(trajectory.steps.is_empty());
        // By hand: (8 + δ, 4; 4, 2 + δ) with δ = 10: det = 18 · 12 − 16 = 200; g = (−8, −4); the
        // step is (12 · 8 − 4 · 4, 18 · 4 − 4 · 8)/200 = (0.4, 0.2).
        let damped = Newton {
            damping: 10.0,
            ..FULL
        };
        assert_eq!(
            run(&Objective::LeastSquares, damped, [0.0, 0.0], 1).point(1),
            [0.4, 0.2]
        );
    }

    #[test]
    fn one_dimension_is_not_singular() {
        let trajectory = run(&Objective::Square, FULL, [4.0, 1.0], 1);
        assert_eq!(trajectory.point(1), [0.0, 1.0]);
    }
}
