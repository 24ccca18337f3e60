//! Gradient descent whose rate decays, per coordinate, with the number of non-zero gradients.

use super::description::{COUNT_OFFSET, Description, Details, ETA, Facts, PLAIN};
use super::epsilon::quotient_rate;
use super::formula::{Formula, UPDATE, When};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Values, values};

/// The occurrence counter, elementwise xₜ = xₜ₋₁ − η₀ / √(sₜ + c) gₜ, where sₜ counts the
/// gradients up to gₜ that are not 0.
///
/// State: the counts in the accumulator. D2L, section 12.7.1, as the step before Adagrad.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Counter {
    /// η₀ > 0.
    pub learning_rate: f64,
    /// c ≥ 0.
    pub count_offset: f64,
}

pub(super) static DESCRIPTION: Description = Description {
    name: "counter",
    label: "occurrence counter",
    parameters: &[ETA, COUNT_OFFSET],
    state_symbols: ["s_t", "s_t", "", ""],
    facts: Facts {
        adapts_rate: true,
        accumulates_squares: false,
        momentum: false,
        stays_once_still: true,
    },
    build: |values| Counter::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        Formula::new("count", "s", "", "s' + 1").when(&[When::NonZero("g")]),
        Formula::new("count", "s", "", "s'").when(&[When::Zero("g")]),
        Formula::new("effective rate", "rate", "", "eta/sqrt(s + c)"),
        UPDATE,
    ],
    state: "d counts",
    cost: "d",
    fixes: "Rare features that a common clock leaves with a small rate.",
};

impl Counter {
    pub(super) fn from_values(&[learning_rate, count_offset, ..]: &Values) -> Self {
        Self {
            learning_rate,
            count_offset,
        }
    }

    pub(super) fn values(&self) -> Values {
        values(&[self.learning_rate, self.count_offset])
    }

    #[inline]
    fn rate(&self, count: &mut f64, gradient: f64) -> f64 {
        if gradient != 0.0 {
            *count += 1.0;
        }
        let root = (*count + self.count_offset).sqrt();
        quotient_rate(self.learning_rate, root, gradient)
    }
}

impl UpdateRule for Counter {
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
    use crate::optimizer::rule::weights_after;

    /// Evidence: the course material's three occurrences, gradients 0.5, 0.1, 0.3 with η₀ = 0.1 and
    /// c = 1e-8, as recomputed to 16 digits (`naive-counter-w1` to `-w3`); a few roundings apart.
    #[test]
    fn three_occurrences() {
        let rule = Counter {
            learning_rate: 0.1,
            count_offset: 1e-8,
        };
        let weights = weights_after(&rule, &[[0.5, 0.0], [0.1, 0.0], [0.3, 0.0]]);
        let expected = [
            -0.049_999_999_75,
            -0.057_071_067_544_187_81,
            -0.074_391_575_591_009_06,
        ];
        for (weight, expected) in weights.iter().zip(expected) {
            assert!((weight[0] - expected).abs() < 1e-16, "{weight:?}");
            assert_eq!(weight[1], 0.0);
        }
    }

    #[test]
    fn gradients_of_0_do_not_count() {
        let rule = Counter {
            learning_rate: 1.0,
            count_offset: 0.0,
        };
        let weights = weights_after(&rule, &[[0.0, 1.0], [0.0, 1.0], [1.0, 1.0]]);
        assert_eq!(weights[2][0], -1.0);
    }
}
