//! The functions a run minimises: value, gradient, Hessian, minimisers.
//!
//! One file per family. Every objective maps ℝ² → ℝ, in f64. [`DESCRIPTIONS`] names them with all
//! that a reader can set, [`Problem`] adds noise and scale.

mod beale;
mod bowl;
pub mod description;
mod diagonal;
mod himmelblau;
mod least_squares;
mod minima;
mod noise;
mod non_stationary;
pub mod problem;
mod program;
mod quadratic;
mod rosenbrock;
mod rotated;
mod saddle;
mod square;

pub use description::{DESCRIPTIONS, Description, TYPED};
pub use diagonal::DiagonalQuadratic;
pub use minima::Minima;
pub use noise::Noise;
pub use non_stationary::NonStationary;
pub use problem::Problem;
pub(crate) use program::{Code, Instruction, Operation};
pub use program::{InvalidProgram, Program};
pub use rotated::{InvalidEigenvalue, RotatedQuadratic};

use std::sync::Arc;

/// A point, gradient or any other quantity with one entry per coordinate (x₁, x₂).
pub type Vector = [f64; 2];

/// A symmetric 2 × 2 matrix, row by row.
pub type Matrix = [[f64; 2]; 2];

/// An objective f: ℝ² → ℝ.
#[derive(Clone, Debug, PartialEq)]
pub enum Objective {
    /// f1(x) = 0.1 x₁² + 2 x₂²: a valley along an axis (D2L, section 12.7).
    F1,
    /// f2(x) = 0.1 (x₁+x₂)² + 2 (x₁−x₂)²: the valley turned by 45° (D2L, exercise 12.7.2).
    ///
    /// Each factor is √2 times a coordinate of the turned axes, so f2 is *twice* the rotated f1:
    /// the condition number is the same, the eigenvalues are doubled.
    F2,
    /// ½ xᵀQx with chosen angle and eigenvalues.
    Rotated(RotatedQuadratic),
    /// x₁² + 10 x₂².
    Bowl,
    /// ½ (L₁ x₁² + L₂ x₂²).
    Diagonal(DiagonalQuadratic),
    /// x₁², one-dimensional.
    Square,
    /// x₁² − x₂².
    Saddle,
    /// (1 − x₁)² + 100 (x₂ − x₁²)².
    Rosenbrock,
    /// (x₁² + x₂ − 11)² + (x₁ + x₂² − 7)².
    Himmelblau,
    /// (1.5 − x₁ + x₁x₂)² + (2.25 − x₁ + x₁x₂²)² + (2.625 − x₁ + x₁x₂³)².
    Beale,
    /// (2 x₁ + x₂ − 2)²: least squares with one example.
    LeastSquares,
    /// Σᵢ (√(1 + xᵢ²) − 1), with gradients large at first and small later.
    NonStationary(NonStationary),
    /// What the reader typed.
    Typed(Arc<TypedFunction>),
}

/// A function as the reader typed it, and compiled.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedFunction {
    /// What was typed.
    pub source: String,
    /// Value, gradient and Hessian of it.
    pub program: Program,
}

impl Objective {
    /// f(x).
    #[inline]
    #[must_use]
    pub fn value(&self, x: Vector) -> f64 {
        match self {
            Self::F1 => quadratic::f1_value(x),
            Self::F2 => quadratic::f2_value(x),
            Self::Rotated(rotated) => rotated.value(x),
            Self::Bowl => bowl::value(x),
            Self::Diagonal(diagonal) => diagonal.value(x),
            Self::Square => square::value(x),
            Self::Saddle => saddle::value(x),
            Self::Rosenbrock => rosenbrock::value(x),
            Self::Himmelblau => himmelblau::value(x),
            Self::Beale => beale::value(x),
            Self::LeastSquares => least_squares::value(x),
            Self::NonStationary(_) => non_stationary::value(x),
            Self::Typed(function) => function.program.value(x),
        }
    }

    /// ∇f(x).
    #[inline]
    #[must_use]
    pub fn gradient(&self, x: Vector) -> Vector {
        let [gradient] = self.gradients([x]);
        gradient
    }

    /// ∇f at several points.
    #[inline]
    #[must_use]
    pub fn gradients<const N: usize>(&self, points: [Vector; N]) -> [Vector; N] {
        match self {
            Self::F1 => points.map(quadratic::f1_gradient),
            Self::F2 => points.map(quadratic::f2_gradient),
            Self::Rotated(rotated) => points.map(|x| rotated.gradient(x)),
            Self::Bowl => points.map(bowl::gradient),
            Self::Diagonal(diagonal) => points.map(|x| diagonal.gradient(x)),
            Self::Square => points.map(square::gradient),
            Self::Saddle => points.map(saddle::gradient),
            Self::Rosenbrock => points.map(rosenbrock::gradient),
            Self::Himmelblau => points.map(himmelblau::gradient),
            Self::Beale => points.map(beale::gradient),
            Self::LeastSquares => points.map(least_squares::gradient),
            Self::NonStationary(_) => points.map(non_stationary::gradient),
            Self::Typed(function) => points.map(|x| function.program.gradient(x)),
        }
    }

    /// cₜ: the gradient of step `t` (from 1) is cₜ ∇f. 1 but for
    /// [`NonStationary`](Self::NonStationary).
    #[inline]
    #[must_use]
    pub fn gradient_factor(&self, t: u32) -> f64 {
        match self {
            Self::NonStationary(non_stationary) => non_stationary.factor(t),
            _ => 1.0,
        }
    }

    /// ∇²f(x).
    #[must_use]
    pub fn hessian(&self, x: Vector) -> Matrix {
        match self {
            Self::F1 => quadratic::F1_HESSIAN,
            Self::F2 => quadratic::F2_HESSIAN,
            Self::Rotated(rotated) => rotated.hessian(),
            Self::Bowl => bowl::HESSIAN,
            Self::Diagonal(diagonal) => diagonal.hessian(),
            Self::Square => square::HESSIAN,
            Self::Saddle => saddle::HESSIAN,
            Self::Rosenbrock => rosenbrock::hessian(x),
            Self::Himmelblau => himmelblau::hessian(x),
            Self::Beale => beale::hessian(x),
            Self::LeastSquares => least_squares::HESSIAN,
            Self::NonStationary(_) => non_stationary::hessian(x),
            Self::Typed(function) => function.program.hessian(x),
        }
    }

    /// How many coordinates f depends on: with 1, x₂ has no gradient and never moves.
    #[inline]
    #[must_use]
    pub fn dimension(&self) -> usize {
        match self {
            Self::Square => 1,
            _ => 2,
        }
    }

    /// Where f is smallest.
    #[must_use]
    pub fn minima(&self) -> Minima {
        match self {
            Self::F1
            | Self::F2
            | Self::Rotated(_)
            | Self::Bowl
            | Self::Diagonal(_)
            | Self::NonStationary(_) => Minima::Points(&[[0.0, 0.0]]),
            Self::Square => Minima::Line {
                point: [0.0, 0.0],
                direction: [0.0, 1.0],
            },
            Self::Saddle => Minima::Unbounded,
            Self::Typed(_) => Minima::Unknown,
            Self::Rosenbrock => Minima::Points(rosenbrock::MINIMA),
            Self::Himmelblau => Minima::Points(himmelblau::MINIMA),
            Self::Beale => Minima::Points(beale::MINIMA),
            Self::LeastSquares => Minima::Line {
                point: least_squares::MINIMUM_NORM,
                direction: least_squares::DIRECTION,
            },
        }
    }

    /// The minimiser nearest to the origin, or the origin where there is none: a point that a
    /// figure may show and measure from when it has no other.
    #[must_use]
    pub fn minimiser(&self) -> Vector {
        self.minima().nearest([0.0; 2]).unwrap_or_default()
    }

    /// κ = λ_max / λ_min of the Hessian: how much longer than wide the valley is, squared. None
    /// where f is not a quadratic with one minimum.
    #[must_use]
    pub fn condition_number(&self) -> Option<f64> {
        match self {
            Self::F1 | Self::F2 | Self::Rotated(_) | Self::Bowl | Self::Diagonal(_) => {
                let [smaller, larger] = eigenvalues(self.hessian([0.0, 0.0]));
                Some(larger / smaller)
            }
            _ => None,
        }
    }
}

/// Both eigenvalues of a symmetric matrix, the smaller first.
///
/// Mean ± radius of [[a, b], [b, d]]: (a+d)/2 ± √(((a−d)/2)² + b²). The smaller one is taken as
/// det/larger where the larger is positive, which keeps its digits in a long valley.
#[must_use]
pub fn eigenvalues([[a, b], [_, d]]: Matrix) -> Vector {
    let mean = (a + d) / 2.0;
    let radius = ((a - d) / 2.0).hypot(b);
    let larger = mean + radius;
    let smaller = if larger > 0.0 {
        (a * d - b * b) / larger
    } else {
        mean - radius
    };
    [smaller, larger]
}

/// The unit eigenvector of the larger eigenvalue of a symmetric matrix, first entry not negative;
/// (−v₂, v₁) is the other's. Of a multiple of the identity every vector is one: (1, 0) is taken.
#[must_use]
pub fn larger_eigenvector([[a, b], [_, d]]: Matrix) -> Vector {
    let half_difference = (a - d) / 2.0;
    let radius = half_difference.hypot(b);
    if radius == 0.0 {
        return [1.0, 0.0];
    }
    // Of the two columns of A − λ_smaller I the one whose first step does not cancel.
    let [v1, v2] = if half_difference >= 0.0 {
        [half_difference + radius, b]
    } else {
        [b, radius - half_difference]
    };
    let length = if v1 < 0.0 {
        -v1.hypot(v2)
    } else {
        v1.hypot(v2)
    };
    [v1 / length, v2 / length]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_by_hand() {
        assert_eq!(larger_eigenvector([[4.0, 0.0], [0.0, 0.2]]), [1.0, 0.0]);
        assert_eq!(larger_eigenvector([[0.2, 0.0], [0.0, 4.0]]), [0.0, 1.0]);
        assert_eq!(larger_eigenvector([[3.0, 0.0], [0.0, 3.0]]), [1.0, 0.0]);
        // (2, 1) is that of (2, 1)(2, 1)ᵀ; f2's steep direction is (1, −1).
        let [v1, v2] = larger_eigenvector([[4.0, 2.0], [2.0, 1.0]]);
        assert!((v1 - 2.0 * v2).abs() < 1e-15 && v2 > 0.0);
        let [v1, v2] = larger_eigenvector(quadratic::F2_HESSIAN);
        assert!((v1 + v2).abs() < 1e-15 && v1 > 0.0);
    }
}
