//! RMSProp.

use super::EpsilonPlacement;
use super::description::{Description, Details, EPSILON, ETA, Facts, PLACEMENT, PLAIN, share};
use super::epsilon::quotient_rate;
use super::formula::{Formula, RATE, ROOT_INSIDE, ROOT_OUTSIDE, SQUARED, UPDATE};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Values, values};

/// RMSProp, elementwise
///
/// ```text
/// sₜ = γ sₜ₋₁ + (1 − γ) gₜ²
/// xₜ = xₜ₋₁ − η gₜ / √(sₜ + ε)   (ε inside the root)
/// xₜ = xₜ₋₁ − η gₜ / (√sₜ + ε)   (ε outside)
/// ```
///
/// State: s in the accumulator, 0 at first. After Hinton's lecture 6e (2012); D2L has ε inside,
/// PyTorch outside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsProp {
    /// η > 0.
    pub learning_rate: f64,
    /// γ, from 0 (only the last gradient) to below 1.
    pub gamma: f64,
    /// ε ≥ 0.
    pub epsilon: f64,
    /// Inside or outside the root.
    pub epsilon_placement: EpsilonPlacement,
}

pub(super) static DESCRIPTION: Description = Description {
    name: "rmsprop",
    label: "RMSProp",
    parameters: &[
        ETA,
        share("gamma", "γ", "decay of the mean", &[0.9]),
        EPSILON,
        PLACEMENT,
    ],
    state_symbols: ["s_t", "s_t", "", ""],
    facts: Facts {
        adapts_rate: true,
        accumulates_squares: false,
        momentum: false,
        stays_once_still: false,
    },
    build: |values| RmsProp::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        SQUARED,
        Formula::new("accumulator", "s", "", "gamma*s' + (1 - gamma)*squared"),
        ROOT_INSIDE,
        ROOT_OUTSIDE,
        RATE,
        UPDATE,
    ],
    state: "d means of squares",
    cost: "d",
    fixes: "Adagrad’s memory: old gradients fade, and the rate recovers.",
};

impl RmsProp {
    pub(super) fn from_values(&[learning_rate, gamma, epsilon, placement, ..]: &Values) -> Self {
        Self {
            learning_rate,
            gamma,
            epsilon,
            epsilon_placement: EpsilonPlacement::from_index(placement),
        }
    }

    pub(super) fn values(&self) -> Values {
        values(&[
            self.learning_rate,
            self.gamma,
            self.epsilon,
            self.epsilon_placement.index(),
        ])
    }

    #[inline]
    fn rate(&self, mean: &mut f64, gradient: f64) -> f64 {
        *mean = self.gamma * *mean + (1.0 - self.gamma) * (gradient * gradient);
        let root = self.epsilon_placement.denominator(*mean, self.epsilon);
        quotient_rate(self.learning_rate, root, gradient)
    }
}

impl UpdateRule for RmsProp {
    fn initial_state(&self, _: &Problem, _: Vector) -> State {
        State::ZERO
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        let [g1, g2] = at.gradient;
        let rates = [
            self.rate(&mut state.accumulator[0], g1),
            self.rate(&mut state.accumulator[1], g2),
        ];
        Some(Moved::along(rates, at.gradient))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::rule::weights_after;
    use crate::trajectory::run;

    const PLAIN: RmsProp = RmsProp {
        learning_rate: 1.0,
        gamma: 0.75,
        epsilon: 0.0,
        epsilon_placement: EpsilonPlacement::Inside,
    };

    /// By hand: s = ¼ g², so the first step is η/√¼ = 2η whatever the gradient.
    #[test]
    fn the_first_step_is_eta_over_the_root_of_1_minus_gamma() {
        assert_eq!(weights_after(&PLAIN, &[[3.0, -0.25]]), [[-2.0, 2.0]]);
    }

    /// By hand: s = ¼ · 16 = 4; √(4 + 5) = 3 inside, √4 + 2 = 4 outside.
    #[test]
    fn epsilon_stands_inside_or_outside_the_root() {
        let with = |epsilon, epsilon_placement| {
            let rule = RmsProp {
                epsilon,
                epsilon_placement,
                ..PLAIN
            };
            weights_after(&rule, &[[4.0, 4.0]])[0]
        };
        assert_eq!(with(5.0, EpsilonPlacement::Inside), [-(1.0 / 3.0) * 4.0; 2]);
        assert_eq!(with(2.0, EpsilonPlacement::Outside), [-1.0; 2]);
    }

    /// Evidence: `rmsprop-accumulator-bounded`; 1 − γᵗ for gradients of 1, within the rounding of t
    /// steps.
    #[test]
    fn the_mean_stays_bounded() {
        let rule = RmsProp {
            gamma: 0.9,
            ..PLAIN
        };
        let mut state = State::ZERO;
        for t in 1..=200 {
            rule.rate(&mut state.accumulator[0], 1.0);
            let expected = 1.0 - 0.9_f64.powi(t);
            assert!((state.accumulator[0] - expected).abs() < 1e-15 * f64::from(t));
        }
    }

    /// Evidence: `optimizer-table-reference`, f1 from (−5, −2) after 20 steps at η = 0.4, ε = 1e-6
    /// inside. x₁ moves by about η a step and turns, x₂ is at 1e-14: a share of the start.
    #[test]
    fn the_course_materials_comparison() {
        let rule = RmsProp {
            learning_rate: 0.4,
            gamma: 0.9,
            epsilon: 1e-6,
            ..PLAIN
        };
        let end = run(&Objective::F1, rule, [-5.0, -2.0], 20).point(20);
        assert!((end[0] + 0.010_598_672_134_113_744).abs() < 1e-12);
        assert!(end[1].abs() < 1e-12);
    }
}
