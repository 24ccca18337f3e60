//! Gradients that are large for the first k steps and small from then on.
//!
//! f(x) = Σᵢ (√(1 + xᵢ²) − 1), whose slope is 1 far from the minimum and never above it; the
//! gradient of step t is cₜ ∇f with cₜ = `large` up to step k and `small` after. So far from the
//! minimum its size is cₜ, as in the course material's example (10, then 0.1 after 1000 steps):
//! what a rule remembers of the large ones decides how it goes on. The value is f itself, the same
//! at every step, so that losses compare.

use super::{Matrix, Vector};
use crate::parameter::{Domain, Parameter, Range, Scale};

/// f(x) = Σᵢ (√(1 + xᵢ²) − 1) with gradients cₜ ∇f(x).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NonStationary {
    /// k: the last step with large gradients.
    pub large_steps: u32,
    /// cₜ for t ≤ k, above 0.
    pub large: f64,
    /// cₜ for t > k, above 0.
    pub small: f64,
}

pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter::number(
        "k",
        "k",
        "steps with large gradients",
        &[20.0],
        (
            Domain::Whole,
            Range::new(0.0, 1e5).whole(),
            Scale::LogWithZero { smallest: 1.0 },
        ),
    ),
    Parameter::number(
        "large",
        "c",
        "size of the large gradients",
        &[10.0],
        (Domain::Positive, Range::new(1e-3, 1e3), Scale::Log),
    ),
    Parameter::number(
        "small",
        "c′",
        "size of the small gradients",
        &[0.1],
        (Domain::Positive, Range::new(1e-3, 1e3), Scale::Log),
    ),
];

impl NonStationary {
    /// cₜ, t from 1.
    #[must_use]
    pub fn factor(&self, t: u32) -> f64 {
        if t <= self.large_steps {
            self.large
        } else {
            self.small
        }
    }
}

/// √(1 + x²), without overflow on the way.
fn root(x: f64) -> f64 {
    1.0_f64.hypot(x)
}

pub(super) fn value([x1, x2]: Vector) -> f64 {
    // √(1 + x²) − 1 = x² / (√(1 + x²) + 1), which does not cancel near 0.
    let term = |x: f64| x * (x / (root(x) + 1.0));
    term(x1) + term(x2)
}

pub(super) fn gradient([x1, x2]: Vector) -> Vector {
    [x1 / root(x1), x2 / root(x2)]
}

pub(super) fn hessian([x1, x2]: Vector) -> Matrix {
    let curvature = |x: f64| root(x).powi(-3);
    [[curvature(x1), 0.0], [0.0, curvature(x2)]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand_on_a_pythagorean_triple() {
        // √(1 + 0.75²) = 1.25: f = 0.25 + 0.25, ∇f = 0.75/1.25 in each.
        assert_eq!(value([0.75, -0.75]), 0.5);
        assert_eq!(gradient([0.75, -0.75]), [0.6, -0.6]);
        // 1.25⁻³ = 0.512 within a few ulp.
        assert!((hessian([0.75, 0.0])[0][0] - 0.512).abs() < 1e-15);
        assert_eq!(hessian([0.75, 0.0])[1][1], 1.0);
    }

    #[test]
    fn the_factor_changes_after_step_k() {
        let objective = NonStationary {
            large_steps: 3,
            large: 10.0,
            small: 0.1,
        };
        let factors = [1, 3, 4, 100].map(|t| objective.factor(t));
        assert_eq!(factors, [10.0, 10.0, 0.1, 0.1]);
    }
}
