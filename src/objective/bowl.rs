//! The bowl f(x) = x₁² + 10 x₂²: the course material's w² + 10 b².

use super::{Matrix, Vector};

pub(super) const HESSIAN: Matrix = [[2.0, 0.0], [0.0, 20.0]];

pub(super) fn value([x1, x2]: Vector) -> f64 {
    x1 * x1 + 10.0 * x2 * x2
}

pub(super) fn gradient([x1, x2]: Vector) -> Vector {
    [2.0 * x1, 20.0 * x2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand_at_1_1() {
        assert_eq!(value([1.0, 1.0]), 11.0);
        assert_eq!(gradient([1.0, 1.0]), [2.0, 20.0]);
    }
}
