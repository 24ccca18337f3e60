//! Himmelblau's function: four minima of equal depth.
//!
//! f(x) = (x₁² + x₂ − 11)² + (x₁ + x₂² − 7)², after Himmelblau (1972). All minima have value 0: one
//! at (3, 2), the other three at the further intersections of the two parabolas.

use super::{Matrix, Vector};

/// The intersections, to the last digit of an f64.
pub(super) const MINIMA: &[Vector] = &[
    [3.0, 2.0],
    [-2.805_118_086_952_745, 3.131_312_518_250_573],
    [-3.779_310_253_377_747, -3.283_185_991_286_169_4],
    [3.584_428_340_330_491_6, -1.848_126_526_964_403_6],
];

fn parabolas([x1, x2]: Vector) -> Vector {
    [x1 * x1 + x2 - 11.0, x1 + x2 * x2 - 7.0]
}

pub(super) fn value(x: Vector) -> f64 {
    let [first, second] = parabolas(x);
    first * first + second * second
}

pub(super) fn gradient(x: Vector) -> Vector {
    let [first, second] = parabolas(x);
    let [x1, x2] = x;
    [
        4.0 * x1 * first + 2.0 * second,
        2.0 * first + 4.0 * x2 * second,
    ]
}

pub(super) fn hessian(x: Vector) -> Matrix {
    let [first, second] = parabolas(x);
    let [x1, x2] = x;
    let off_diagonal = 4.0 * (x1 + x2);
    [
        [8.0 * x1 * x1 + 4.0 * first + 2.0, off_diagonal],
        [off_diagonal, 8.0 * x2 * x2 + 4.0 * second + 2.0],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::eigenvalues;

    #[test]
    fn the_four_minima_are_minima() {
        for &minimum in MINIMA {
            // The coordinates are right to their last digit, 4e-16; the gradient's slope is below
            // 150 there.
            let [g1, g2] = gradient(minimum);
            assert!(
                g1.abs() < 1e-12 && g2.abs() < 1e-12,
                "{minimum:?}: {g1} {g2}"
            );
            assert!(value(minimum) < 1e-26);
            assert!(eigenvalues(hessian(minimum))[0] > 0.0);
        }
        // (0, 0): 121 + 49 = 170, ∇f = (2 · −7, 2 · −11).
        assert_eq!(value([0.0, 0.0]), 170.0);
        assert_eq!(gradient([0.0, 0.0]), [-14.0, -22.0]);
    }
}
