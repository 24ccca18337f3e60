//! The one-dimensional f(x) = x₁²: nothing depends on x₂, which never moves.

use super::{Matrix, Vector};

pub(super) const HESSIAN: Matrix = [[2.0, 0.0], [0.0, 0.0]];

pub(super) fn value([x1, _]: Vector) -> f64 {
    x1 * x1
}

pub(super) fn gradient([x1, _]: Vector) -> Vector {
    [2.0 * x1, 0.0]
}
