//! Adadelta.

use super::description::{Description, Details, Facts, OWN_ETA, PLAIN, share};
use super::formula::{Formula, SQUARED};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Domain, Parameter, Range, Scale, Values, values};

/// Adadelta, elementwise
///
/// ```text
/// sₜ = ρ sₜ₋₁ + (1 − ρ) gₜ²
/// δₜ = √(uₜ₋₁ + ε) / √(sₜ + ε) gₜ
/// uₜ = ρ uₜ₋₁ + (1 − ρ) δₜ²
/// xₜ = xₜ₋₁ − η δₜ
/// ```
///
/// State: s in the accumulator, u in the memory, both 0 at first. The effective rate
/// η √(uₜ₋₁ + ε) / √(sₜ + ε) multiplies the gradient. After Zeiler (2012), who has no η: with η = 1
/// steps have the units of the point. ε above 0, or nothing would ever move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adadelta {
    /// η > 0; 1 for the published rule.
    pub learning_rate: f64,
    /// ρ, from 0 to below 1.
    pub rho: f64,
    /// ε > 0.
    pub epsilon: f64,
}

pub(super) static DESCRIPTION: Description = Description {
    name: "adadelta",
    label: "Adadelta",
    parameters: &[
        OWN_ETA,
        share("rho", "ρ", "decay of the means", &[0.9]),
        Parameter::number(
            "eps",
            "ε",
            "stability constant",
            &[1e-6],
            (Domain::Positive, Range::new(1e-12, 10.0), Scale::Log),
        )
        .script("epsilon"),
    ],
    state_symbols: ["s_t", "s_t", "u_t", "u_t"],
    facts: Facts {
        adapts_rate: true,
        accumulates_squares: false,
        momentum: false,
        stays_once_still: false,
    },
    build: |values| Adadelta::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        SQUARED,
        Formula::new("accumulator", "s", "", "rho*s' + (1 - rho)*squared"),
        Formula::new(
            "ratio of roots",
            "ratio",
            "",
            "sqrt(m' + eps)/sqrt(s + eps)",
        ),
        Formula::new("unscaled update", "delta", "δ_t", "ratio*g"),
        Formula::new("mean of updates", "m", "", "rho*m' + (1 - rho)*delta^2"),
        Formula::new("effective rate", "rate", "", "eta*ratio"),
        Formula::new("update", "update", "", "eta*delta"),
    ],
    state: "d means of squares and d of squared updates",
    cost: "d",
    fixes: "The learning rate: past updates set the scale of the next.",
};

impl Adadelta {
    pub(super) fn from_values(&[learning_rate, rho, epsilon, ..]: &Values) -> Self {
        Self {
            learning_rate,
            rho,
            epsilon,
        }
    }

    pub(super) fn values(&self) -> Values {
        values(&[self.learning_rate, self.rho, self.epsilon])
    }

    /// The effective rate and the update of one coordinate.
    #[inline]
    fn coordinate(
        &self,
        mean_square: &mut f64,
        mean_update: &mut f64,
        gradient: f64,
    ) -> (f64, f64) {
        let mean = |mean: f64, new: f64| self.rho * mean + (1.0 - self.rho) * (new * new);
        *mean_square = mean(*mean_square, gradient);
        let ratio = (*mean_update + self.epsilon).sqrt() / (*mean_square + self.epsilon).sqrt();
        let unscaled = ratio * gradient;
        *mean_update = mean(*mean_update, unscaled);
        (self.learning_rate * ratio, self.learning_rate * unscaled)
    }
}

impl UpdateRule for Adadelta {
    fn initial_state(&self, _: &Problem, _: Vector) -> State {
        State::ZERO
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        let State {
            accumulator: [s1, s2],
            memory: [u1, u2],
        } = state;
        let [g1, g2] = at.gradient;
        let (rate1, update1) = self.coordinate(s1, u1, g1);
        let (rate2, update2) = self.coordinate(s2, u2, g2);
        Some(Moved {
            effective_learning_rate: [rate1, rate2],
            update: [update1, update2],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer::rule::weights_after;

    /// By hand with ρ = ¾, ε = 1: s = ¼ · 12 = 3, δ = 1/√4 · √12 = √3, u = ¾, x = −½ √3.
    #[test]
    fn the_first_step_by_hand() {
        let rule = Adadelta {
            learning_rate: 0.5,
            rho: 0.75,
            epsilon: 1.0,
        };
        let gradient = 12.0_f64.sqrt();
        let weights = weights_after(&rule, &[[gradient, 0.0]]);
        // A handful of roundings of numbers of size 1.
        assert!((weights[0][0] + 0.75_f64.sqrt()).abs() < 1e-15);
        assert_eq!(weights[0][1], 0.0);
        let (mut mean_square, mut mean_update) = (0.0, 0.0);
        rule.coordinate(&mut mean_square, &mut mean_update, gradient);
        assert!((mean_square - 3.0).abs() < 1e-15 && (mean_update - 0.75).abs() < 1e-15);
    }
}
