//! Gradient descent whose rate decays with the number of steps.

use super::description::{COUNT_OFFSET, Description, Details, ETA, Facts, PLAIN};
use super::formula::{Formula, UPDATE};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Values, values};

/// Gradient descent with global decay, xₜ = xₜ₋₁ − η₀ / √(t + c) gₜ: one clock for every
/// coordinate.
///
/// Keeps no state. The offset c, 0 in the usual form, is the one of [`Counter`](super::Counter):
/// with the same c both take the same steps where no gradient is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decay {
    /// η₀ > 0.
    pub learning_rate: f64,
    /// c ≥ 0.
    pub count_offset: f64,
}

pub(super) static DESCRIPTION: Description = Description {
    name: "decay",
    label: "gradient descent with decay",
    parameters: &[ETA, COUNT_OFFSET],
    facts: Facts {
        adapts_rate: false,
        accumulates_squares: false,
        momentum: false,
        stays_once_still: true,
    },
    build: |values| Decay::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        Formula::new("effective rate", "rate", "η_t", "eta/sqrt(t + c)"),
        UPDATE,
    ],
    state: "the step’s number",
    cost: "d",
    fixes: "Noise that keeps a constant rate from settling.",
};

impl Decay {
    pub(super) fn from_values(&[learning_rate, count_offset, ..]: &Values) -> Self {
        Self {
            learning_rate,
            count_offset,
        }
    }

    pub(super) fn values(&self) -> Values {
        values(&[self.learning_rate, self.count_offset])
    }
}

impl UpdateRule for Decay {
    fn initial_state(&self, _: &Problem, _: Vector) -> State {
        State::ZERO
    }

    #[inline]
    fn step(&self, _: &mut State, at: &At<'_>) -> Option<Moved> {
        let rate = self.learning_rate / (f64::from(at.step) + self.count_offset).sqrt();
        Some(Moved::along([rate; 2], at.gradient))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::trajectory::run;

    /// By hand: η = 1 at t = 1 and 1/√4 = ½ at t = 4; on x², x₁ becomes −4, and g₄ = 2 x₃.
    #[test]
    fn the_rate_follows_the_clock() {
        let rule = Decay {
            learning_rate: 1.0,
            count_offset: 0.0,
        };
        let trajectory = run(&Objective::Square, rule, [4.0, 0.0], 4);
        assert_eq!(trajectory.point(1), [-4.0, 0.0]);
        let fourth = trajectory.steps[3];
        assert_eq!(fourth.effective_learning_rate, [0.5, 0.5]);
        assert_eq!(fourth.update[0], fourth.point_before[0]);
        assert_eq!(trajectory.point(4), [0.0, 0.0]);
    }
}
