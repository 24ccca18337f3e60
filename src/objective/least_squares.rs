//! Least squares with one example, (w·x − t)² for x = (2, 1), t = 2: a line of minima.
//!
//! After a CSC413 homework notebook, which has no factor ½; here the weights w are x₁ and x₂.

use super::{Matrix, Vector};

/// The weights of smallest norm that fit, t x / ‖x‖² = (0.8, 0.4).
pub(super) const MINIMUM_NORM: Vector = [0.8, 0.4];
/// Along this direction the prediction stays, and so does f.
pub(super) const DIRECTION: Vector = [1.0, -2.0];
pub(super) const HESSIAN: Matrix = [[8.0, 4.0], [4.0, 2.0]];

fn residual([w1, w2]: Vector) -> f64 {
    2.0 * w1 + w2 - 2.0
}

pub(super) fn value(w: Vector) -> f64 {
    let residual = residual(w);
    residual * residual
}

pub(super) fn gradient(w: Vector) -> Vector {
    let residual = residual(w);
    [4.0 * residual, 2.0 * residual]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_of_the_line_is_a_minimum() {
        for along in [-3.0, 0.0, 0.25, 7.0] {
            let w = [0.8 + along, 0.4 - 2.0 * along];
            // The residual rounds at |w| < 20: below 1e-14.
            assert!(value(w) < 1e-28, "{w:?}");
        }
        assert_eq!(gradient([0.0, 0.0]), [-8.0, -4.0]);
        assert_eq!(super::super::eigenvalues(HESSIAN), [0.0, 10.0]);
    }
}
