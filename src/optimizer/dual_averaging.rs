//! Adagrad in its dual-averaging form.

use super::EpsilonPlacement;
use super::description::{Description, Details, EPSILON, ETA, Facts, PLACEMENT, PLAIN};
use super::epsilon::quotient_rate;
use super::formula::{Formula, RATE, ROOT_INSIDE, ROOT_OUTSIDE, SQUARED};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Values, values};

/// Adagrad by dual averaging, xₜ = x₀ − η Hₜ⁻¹ hₜ with hₜ = Σ gₖ over k ≤ t, elementwise
///
/// ```text
/// hₜ = hₜ₋₁ + gₜ
/// sₜ = sₜ₋₁ + gₜ²
/// xₜ = x₀ − η hₜ / √(sₜ + ε)   (ε inside the root; outside, √sₜ + ε)
/// ```
///
/// Every step starts anew from the start x₀: it minimises η hₜ·x + ½ (x − x₀)ᵀ Hₜ (x − x₀). State:
/// s in the accumulator, h in the memory, both 0 at first. The effective rate η / √(sₜ + ε)
/// multiplies hₜ; the update is xₜ₋₁ − xₜ. After Duchi, Hazan & Singer (2011), equation 3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DualAveraging {
    /// η > 0.
    pub learning_rate: f64,
    /// ε ≥ 0.
    pub epsilon: f64,
    /// Inside or outside the root.
    pub epsilon_placement: EpsilonPlacement,
}

pub(super) static DESCRIPTION: Description = Description {
    name: "dual_averaging",
    label: "Adagrad by dual averaging",
    parameters: &[ETA, EPSILON, PLACEMENT],
    state_symbols: ["s_t", "s_t", "h_t", "h_t"],
    facts: Facts {
        adapts_rate: true,
        accumulates_squares: true,
        momentum: false,
        stays_once_still: false,
    },
    build: |values| DualAveraging::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        Formula::new("sum of gradients", "m", "", "m' + g"),
        SQUARED,
        Formula::new("accumulator", "s", "", "s' + squared"),
        ROOT_INSIDE,
        ROOT_OUTSIDE,
        RATE,
        Formula::new("new point", "x", "", "x0 - rate*m"),
        Formula::new("update", "update", "", "x' - x"),
    ],
    state: "d sums of squares, d sums and the start",
    cost: "d",
    fixes: "The order of gradients: each counts alike, whenever it came.",
};

impl DualAveraging {
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
}

impl UpdateRule for DualAveraging {
    fn initial_state(&self, _: &Problem, _: Vector) -> State {
        State::ZERO
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        let coordinate = |sum: &mut f64, squares: &mut f64, gradient: f64| {
            *sum += gradient;
            *squares += gradient * gradient;
            let root = self.epsilon_placement.denominator(*squares, self.epsilon);
            let rate = quotient_rate(self.learning_rate, root, *sum);
            (rate, rate * *sum)
        };
        let State {
            accumulator: [s1, s2],
            memory: [h1, h2],
        } = state;
        let (rate1, offset1) = coordinate(h1, s1, at.gradient[0]);
        let (rate2, offset2) = coordinate(h2, s2, at.gradient[1]);
        Some(Moved {
            effective_learning_rate: [rate1, rate2],
            update: [
                at.point[0] - (at.start[0] - offset1),
                at.point[1] - (at.start[1] - offset2),
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::rule::weights_after;

    const PLAIN: DualAveraging = DualAveraging {
        learning_rate: 0.1,
        epsilon: 0.0,
        epsilon_placement: EpsilonPlacement::Inside,
    };

    /// By hand: gradients 3 and 4 sum to 7, their squares to 25; from there 0.1 · 7/5.
    #[test]
    fn two_steps_by_hand() {
        let weights = weights_after(&PLAIN, &[[3.0, 0.0], [4.0, 0.0]]);
        assert!((weights[0][0] + 0.1).abs() < 1e-16);
        assert!((weights[1][0] + 0.14).abs() < 1e-16);
        assert_eq!(weights[1][1], 0.0);
    }

    /// Evidence: `dual-averaging-vs-adagrad`: for 10,000 gradients of 1 this form goes
    /// η t/√t = 10. The sum is exact; each point is computed anew.
    #[test]
    fn constant_gradients_go_as_the_root_of_t() {
        let weights = weights_after(&PLAIN, &[[1.0, 1.0]; 10_000]);
        assert!((weights[9_999][0] + 10.0).abs() < 1e-14);
    }
}
