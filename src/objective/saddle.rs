//! The saddle f(x) = x₁² − x₂²: stationary at the origin, unbounded below along x₂.

use super::{Matrix, Vector};

pub(super) const HESSIAN: Matrix = [[2.0, 0.0], [0.0, -2.0]];

pub(super) fn value([x1, x2]: Vector) -> f64 {
    x1 * x1 - x2 * x2
}

pub(super) fn gradient([x1, x2]: Vector) -> Vector {
    [2.0 * x1, -2.0 * x2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_curvature_is_negative() {
        assert_eq!(super::super::eigenvalues(HESSIAN), [-2.0, 2.0]);
        assert_eq!(gradient([0.0, 0.0]), [0.0, -0.0]);
        assert_eq!(value([1.0, 3.0]), -8.0);
    }
}
