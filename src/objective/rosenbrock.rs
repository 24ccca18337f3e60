//! Rosenbrock's function: a curved valley with a flat floor.
//!
//! f(x) = (1 − x₁)² + 100 (x₂ − x₁²)², smallest at (1, 1), where it is 0. After Rosenbrock (1960),
//! with a = 1 and b = 100.

use super::{Matrix, Vector};

pub(super) const MINIMA: &[Vector] = &[[1.0, 1.0]];

pub(super) fn value([x1, x2]: Vector) -> f64 {
    let (along, across) = (1.0 - x1, x2 - x1 * x1);
    along * along + 100.0 * across * across
}

pub(super) fn gradient([x1, x2]: Vector) -> Vector {
    let across = x2 - x1 * x1;
    [-2.0 * (1.0 - x1) - 400.0 * x1 * across, 200.0 * across]
}

pub(super) fn hessian([x1, x2]: Vector) -> Matrix {
    let off_diagonal = -400.0 * x1;
    [
        [2.0 + 1200.0 * x1 * x1 - 400.0 * x2, off_diagonal],
        [off_diagonal, 200.0],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand_at_the_usual_start_and_the_minimum() {
        // (−1.2, 1): across = 1 − 1.44 = −0.44; 2.2² + 100 · 0.1936 = 24.2.
        assert!((value([-1.2, 1.0]) - 24.2).abs() < 1e-13);
        let [g1, g2] = gradient([-1.2, 1.0]);
        // −2 · 2.2 − 400 · 0.528 = −215.6 and 200 · −0.44 = −88, each within a few ulp.
        assert!((g1 + 215.6).abs() < 1e-12 && (g2 + 88.0).abs() < 1e-12);
        assert_eq!(value([1.0, 1.0]), 0.0);
        assert_eq!(gradient([1.0, 1.0]), [0.0, 0.0]);
        assert_eq!(hessian([1.0, 1.0]), [[802.0, -400.0], [-400.0, 200.0]]);
    }
}
