//! Adagrad in the coordinates of the Hessian's eigenvectors at the start.

use super::EpsilonPlacement;
use super::description::{Description, Details, EPSILON, ETA, Facts, PLACEMENT, PLAIN};
use super::epsilon::quotient_rate;
use super::formula::{Formula, When};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector, larger_eigenvector};
use crate::parameter::{Values, values};

/// Adagrad along turned axes: v, the unit eigenvector of the Hessian at the start with the larger
/// eigenvalue, and w = (−v₂, v₁) across it. With hₜ = (v·gₜ, w·gₜ), elementwise sₜ = sₜ₋₁ + hₜ²; the
/// point moves by −η hₜ / √(sₜ + ε) along each axis (ε inside the root; outside, √sₜ + ε).
///
/// On a quadratic these are its principal axes, and the rule is diagonal Adagrad on the quadratic
/// turned to the axes. State: s along v and w in the accumulator, 0 at first; v, which stays, in
/// the memory. The effective rate is the diagonal of η V diag(1/√(s + ε)) Vᵀ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdagradRotated {
    /// η > 0.
    pub learning_rate: f64,
    /// ε ≥ 0.
    pub epsilon: f64,
    /// Inside or outside the root.
    pub epsilon_placement: EpsilonPlacement,
}

const INSIDE: &[When] = &[When::Zero("epsat")];
const OUTSIDE: &[When] = &[When::NonZero("epsat")];

pub(super) static DESCRIPTION: Description = Description {
    name: "adagrad_rotated",
    label: "Adagrad along the Hessian’s eigenvectors",
    parameters: &[ETA, EPSILON, PLACEMENT],
    state_symbols: ["s_t,1", "s_t,2", "v_1", "v_2"],
    facts: Facts {
        adapts_rate: true,
        accumulates_squares: false,
        momentum: false,
        stays_once_still: false,
    },
    build: |values| AdagradRotated::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        Formula::new("gradient along v", "h1", "h_t,1", "m1*g1 + m2*g2"),
        Formula::new("gradient across v", "h2", "h_t,2", "m1*g2 - m2*g1"),
        Formula::new("accumulator along v", "s1", "", "s1' + h1^2"),
        Formula::new("accumulator across v", "s2", "", "s2' + h2^2"),
        Formula::new("rate along v", "r1", "η_t,1", "eta/sqrt(s1 + eps)").when(INSIDE),
        Formula::new("rate along v", "r1", "η_t,1", "eta/(sqrt(s1) + eps)").when(OUTSIDE),
        Formula::new("rate across v", "r2", "η_t,2", "eta/sqrt(s2 + eps)").when(INSIDE),
        Formula::new("rate across v", "r2", "η_t,2", "eta/(sqrt(s2) + eps)").when(OUTSIDE),
        Formula::new("effective rate", "rate", "", "m1^2*r1 + m2^2*r2")
            .when(&[When::Coordinate(0)]),
        Formula::new("effective rate", "rate", "", "m2^2*r1 + m1^2*r2")
            .when(&[When::Coordinate(1)]),
        Formula::new("update", "update", "", "m1*r1*h1 - m2*r2*h2").when(&[When::Coordinate(0)]),
        Formula::new("update", "update", "", "m2*r1*h1 + m1*r2*h2").when(&[When::Coordinate(1)]),
    ],
    state: "d sums of squares and d axes",
    cost: "d²",
    fixes: "Valleys that run across the axes, where the axes to take are known.",
};

impl AdagradRotated {
    pub(super) fn from_values(&[learning_rate, epsilon, placement, ..]: &Values) -> Self {
        Self {
            learning_rate,
            epsilon,
            epsilon_placement: EpsilonPlacement::from_index(placement),
        }
    }

    pub(super) fn values(&self) -> Values {
        values(&[
            self.learning_rate,
            self.epsilon,
            self.epsilon_placement.index(),
        ])
    }

    #[inline]
    fn rate(&self, accumulator: &mut f64, gradient: f64) -> f64 {
        *accumulator += gradient * gradient;
        let root = self
            .epsilon_placement
            .denominator(*accumulator, self.epsilon);
        quotient_rate(self.learning_rate, root, gradient)
    }
}

impl UpdateRule for AdagradRotated {
    fn initial_state(&self, problem: &Problem, start: Vector) -> State {
        State {
            memory: larger_eigenvector(problem.hessian(1, start)),
            ..State::ZERO
        }
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        let [v1, v2] = state.memory;
        let [g1, g2] = at.gradient;
        let (along, across) = (v1 * g1 + v2 * g2, v1 * g2 - v2 * g1);
        let along_rate = self.rate(&mut state.accumulator[0], along);
        let across_rate = self.rate(&mut state.accumulator[1], across);
        let (along, across) = (along_rate * along, across_rate * across);
        Some(Moved {
            effective_learning_rate: [
                along_rate * v1 * v1 + across_rate * v2 * v2,
                along_rate * v2 * v2 + across_rate * v1 * v1,
            ],
            update: [v1 * along - v2 * across, v2 * along + v1 * across],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::trajectory::run;

    /// Evidence: the course material's f2 from (5, 3) after 20 steps at η = 0.4, ε = 1e-8 along its
    /// principal axes: 1.78242 instead of 3.96024 (±1e-5).
    #[test]
    fn turned_axes_help_on_f2() {
        let rule = AdagradRotated {
            learning_rate: 0.4,
            epsilon: 1e-8,
            epsilon_placement: EpsilonPlacement::Inside,
        };
        let loss = run(&Objective::F2, rule, [5.0, 3.0], 20).loss(20);
        assert!((loss - 1.782_42).abs() < 1e-5, "{loss}");
    }

    /// By hand: without ε the first step is η along both axes, (1, ±1)/√2 on f2, against the signs
    /// of v·g and w·g. At (5, 3) g = (9.6, −6.4): v·g > 0 and w·g > 0, so η v + η w = √2 η (1, 0).
    #[test]
    fn the_first_step_is_eta_along_each_axis() {
        let rule = AdagradRotated {
            learning_rate: 0.5,
            epsilon: 0.0,
            epsilon_placement: EpsilonPlacement::Inside,
        };
        let [x1, x2] = run(&Objective::F2, rule, [5.0, 3.0], 1).point(1);
        assert!((x1 - (5.0 - 0.5_f64.sqrt())).abs() < 2e-15 * 5.0);
        assert!((x2 - 3.0).abs() < 2e-15 * 3.0);
    }
}
