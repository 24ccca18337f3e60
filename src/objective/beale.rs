//! Beale's function: a plateau with steep walls and one narrow minimum.
//!
//! f(x) = (1.5 − x₁ + x₁x₂)² + (2.25 − x₁ + x₁x₂²)² + (2.625 − x₁ + x₁x₂³)², smallest at (3, ½),
//! where it is 0. After Beale (1958).

use super::{Matrix, Vector};

pub(super) const MINIMA: &[Vector] = &[[3.0, 0.5]];

/// Each square's base, with its derivatives by x₁ and x₂, the mixed one, and twice by x₂.
fn terms([x1, x2]: Vector) -> [[f64; 5]; 3] {
    let (x2_2, x2_3) = (x2 * x2, x2 * x2 * x2);
    [
        [1.5 - x1 + x1 * x2, x2 - 1.0, x1, 1.0, 0.0],
        [
            2.25 - x1 + x1 * x2_2,
            x2_2 - 1.0,
            2.0 * x1 * x2,
            2.0 * x2,
            2.0 * x1,
        ],
        [
            2.625 - x1 + x1 * x2_3,
            x2_3 - 1.0,
            3.0 * x1 * x2_2,
            3.0 * x2_2,
            6.0 * x1 * x2,
        ],
    ]
}

pub(super) fn value(x: Vector) -> f64 {
    terms(x).iter().map(|[base, ..]| base * base).sum()
}

pub(super) fn gradient(x: Vector) -> Vector {
    let mut gradient = [0.0; 2];
    for [base, by_1, by_2, ..] in terms(x) {
        gradient[0] += 2.0 * base * by_1;
        gradient[1] += 2.0 * base * by_2;
    }
    gradient
}

pub(super) fn hessian(x: Vector) -> Matrix {
    let mut hessian = [[0.0; 2]; 2];
    for [base, by_1, by_2, by_12, by_22] in terms(x) {
        let off_diagonal = 2.0 * (by_1 * by_2 + base * by_12);
        hessian[0][0] += 2.0 * by_1 * by_1;
        hessian[0][1] += off_diagonal;
        hessian[1][0] += off_diagonal;
        hessian[1][1] += 2.0 * (by_2 * by_2 + base * by_22);
    }
    hessian
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand_at_the_minimum_and_the_origin() {
        assert_eq!(value([3.0, 0.5]), 0.0);
        assert_eq!(gradient([3.0, 0.5]), [0.0, 0.0]);
        // 1.5² + 2.25² + 2.625² = 14.203125; ∂f/∂x₁ = −2 (1.5 + 2.25 + 2.625).
        assert_eq!(value([0.0, 0.0]), 14.203_125);
        assert_eq!(gradient([0.0, 0.0]), [-12.75, 0.0]);
    }
}
