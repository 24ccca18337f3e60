//! Adam.

use super::description::{Description, Details, EPSILON, ETA, Facts, PLAIN, share};
use super::epsilon::quotient_rate;
use super::formula::{Formula, SQUARED};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Parameter, Values, values};

/// Adam with bias correction, elementwise
///
/// ```text
/// mₜ = β₁ mₜ₋₁ + (1 − β₁) gₜ       m̂ₜ = mₜ / (1 − β₁ᵗ)
/// vₜ = β₂ vₜ₋₁ + (1 − β₂) gₜ²      v̂ₜ = vₜ / (1 − β₂ᵗ)
/// xₜ = xₜ₋₁ − η m̂ₜ / (√v̂ₜ + ε)
/// ```
///
/// State: v in the accumulator, m in the memory, both 0 at first. The effective rate
/// η / (√v̂ₜ + ε) multiplies m̂ₜ. After Kingma & Ba (2015), algorithm 1, as PyTorch has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adam {
    /// η > 0.
    pub learning_rate: f64,
    /// β₁, from 0 to below 1.
    pub beta1: f64,
    /// β₂, from 0 to below 1.
    pub beta2: f64,
    /// ε ≥ 0, in the units of √v.
    pub epsilon: f64,
}

pub(super) static DESCRIPTION: Description = Description {
    name: "adam",
    label: "Adam",
    parameters: &[
        ETA,
        share("beta1", "β₁", "decay of the mean", &[0.9]),
        share("beta2", "β₂", "decay of the mean square", &[0.999]),
        Parameter {
            shared: false,
            ..EPSILON.with_defaults(&[1e-8])
        },
    ],
    state_symbols: ["v_t", "v_t", "m_t", "m_t"],
    facts: Facts {
        adapts_rate: true,
        accumulates_squares: false,
        momentum: true,
        stays_once_still: false,
    },
    build: |values| Adam::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        Formula::new("mean", "m", "", "beta1*m' + (1 - beta1)*g"),
        SQUARED,
        Formula::new("mean square", "s", "", "beta2*s' + (1 - beta2)*squared"),
        Formula::new("corrected mean", "mhat", "m̂_t", "m/(1 - beta1^t)"),
        Formula::new("corrected square", "vhat", "v̂_t", "s/(1 - beta2^t)"),
        Formula::new("root", "root", "", "sqrt(vhat) + eps"),
        Formula::new("effective rate", "rate", "", "eta/root"),
        Formula::new("update", "update", "", "rate*mhat"),
    ],
    state: "d means and d means of squares",
    cost: "d",
    fixes: "RMSProp’s lack of momentum, and its first steps, which are too long.",
};

impl Adam {
    pub(super) fn from_values(&[learning_rate, beta1, beta2, epsilon, ..]: &Values) -> Self {
        Self {
            learning_rate,
            beta1,
            beta2,
            epsilon,
        }
    }

    pub(super) fn values(&self) -> Values {
        values(&[self.learning_rate, self.beta1, self.beta2, self.epsilon])
    }

    /// The effective rate and m̂ of one coordinate, for 1 − β₁ᵗ and 1 − β₂ᵗ.
    #[inline]
    fn coordinate(
        &self,
        mean: &mut f64,
        mean_square: &mut f64,
        gradient: f64,
        [correction1, correction2]: [f64; 2],
    ) -> (f64, f64) {
        *mean = self.beta1 * *mean + (1.0 - self.beta1) * gradient;
        *mean_square = self.beta2 * *mean_square + (1.0 - self.beta2) * (gradient * gradient);
        let corrected = *mean / correction1;
        let root = (*mean_square / correction2).sqrt() + self.epsilon;
        (
            quotient_rate(self.learning_rate, root, corrected),
            corrected,
        )
    }
}

/// baseᵗ by squaring: multiplications only, so that it rounds alike on every platform.
#[inline]
fn power(base: f64, exponent: u32) -> f64 {
    let (mut result, mut square, mut rest) = (1.0, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    result
}

impl UpdateRule for Adam {
    fn initial_state(&self, _: &Problem, _: Vector) -> State {
        State::ZERO
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        let corrections = [
            1.0 - power(self.beta1, at.step),
            1.0 - power(self.beta2, at.step),
        ];
        let State {
            accumulator: [v1, v2],
            memory: [m1, m2],
        } = state;
        let [g1, g2] = at.gradient;
        let (rate1, corrected1) = self.coordinate(m1, v1, g1, corrections);
        let (rate2, corrected2) = self.coordinate(m2, v2, g2, corrections);
        Some(Moved::along([rate1, rate2], [corrected1, corrected2]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::rule::weights_after;
    use crate::trajectory::run;

    const PLAIN: Adam = Adam {
        learning_rate: 0.5,
        beta1: 0.5,
        beta2: 0.75,
        epsilon: 0.0,
    };

    /// By hand: m̂ = g and √v̂ = |g|, so the first step is η. Then g = 4 after 4: m̂ = 4, v̂ = 16, η
    /// again; for 2 after 4, m = 1 + 1·½·2 = 2, m̂ = 2/¾, v = ¾·4 + ¼·4 = 4, v̂ = 4/(7/16).
    #[test]
    fn two_steps_by_hand() {
        let weights = weights_after(&PLAIN, &[[4.0, 4.0], [4.0, 2.0]]);
        assert_eq!(weights[0], [-0.5, -0.5]);
        assert_eq!(weights[1][0], -1.0);
        let second = 0.5 * (8.0 / 3.0) / (64.0_f64 / 7.0).sqrt();
        // A handful of roundings of numbers below 1.
        assert!((weights[1][1] + 0.5 + second).abs() < 1e-15);
    }

    /// Evidence: `optimizer-table-reference`, f1 from (−5, −2) after 20 steps at η = 0.4.
    #[test]
    fn the_course_materials_comparison() {
        let rule = Adam {
            learning_rate: 0.4,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
        };
        let end = run(&Objective::F1, rule, [-5.0, -2.0], 20).point(20);
        // 20 steps of rounding at numbers of size 5.
        assert!((end[0] - 0.996_032_546_923_889_8).abs() < 1e-13);
        assert!((end[1] + 0.212_750_652_269_779_3).abs() < 1e-13);
    }

    #[test]
    fn powers_by_squaring() {
        assert_eq!(power(0.5, 10), 2.0_f64.powi(-10));
        assert_eq!(power(0.0, 0), 1.0);
        // Squaring doubles a relative error: at most t roundings of 2⁻⁵³ in all, 1e-13.
        assert!((power(0.9, 1000) / 0.9_f64.powi(1000) - 1.0).abs() < 2e-13);
    }
}
