//! f1 and f2, written as their source prints them, so that rounding agrees with its runs.

use super::{Matrix, Vector};

pub(super) const F1_HESSIAN: Matrix = [[0.2, 0.0], [0.0, 4.0]];
pub(super) const F2_HESSIAN: Matrix = [[4.2, -3.8], [-3.8, 4.2]];

pub(super) fn f1_value([x1, x2]: Vector) -> f64 {
    0.1 * x1 * x1 + 2.0 * x2 * x2
}

pub(super) fn f1_gradient([x1, x2]: Vector) -> Vector {
    [0.2 * x1, 4.0 * x2]
}

pub(super) fn f2_value([x1, x2]: Vector) -> f64 {
    let (sum, difference) = (x1 + x2, x1 - x2);
    0.1 * sum * sum + 2.0 * difference * difference
}

pub(super) fn f2_gradient([x1, x2]: Vector) -> Vector {
    // Kept as sum and difference: 4.2 x₁ − 3.8 x₂ cancels along the valley, where runs end.
    let (along, across) = (0.2 * (x1 + x2), 4.0 * (x1 - x2));
    [along + across, along - across]
}
