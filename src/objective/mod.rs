//! The functions a run minimises: value, gradient, Hessian, minimiser.
//!
//! One file per family. Every objective maps ℝ² → ℝ, in f64.

mod program;
mod quadratic;
mod rotated;

pub(crate) use program::{Code, Instruction, Operation};
pub use program::{InvalidProgram, Program};
pub use rotated::{InvalidEigenvalue, RotatedQuadratic};

/// A point, gradient or any other quantity with one entry per coordinate (x₁, x₂).
pub type Vector = [f64; 2];

/// A symmetric 2 × 2 matrix, row by row.
pub type Matrix = [[f64; 2]; 2];

/// An objective f: ℝ² → ℝ.
#[derive(Clone, Copy, Debug, PartialEq)]
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
}

impl Objective {
    /// f(x).
    #[must_use]
    pub fn value(&self, x: Vector) -> f64 {
        match self {
            Self::F1 => quadratic::f1_value(x),
            Self::F2 => quadratic::f2_value(x),
            Self::Rotated(rotated) => rotated.value(x),
        }
    }

    /// ∇f(x).
    #[must_use]
    pub fn gradient(&self, x: Vector) -> Vector {
        match self {
            Self::F1 => quadratic::f1_gradient(x),
            Self::F2 => quadratic::f2_gradient(x),
            Self::Rotated(rotated) => rotated.gradient(x),
        }
    }

    /// ∇²f, the same at every point for the quadratics here.
    #[must_use]
    pub fn hessian(&self) -> Matrix {
        match self {
            Self::F1 => quadratic::F1_HESSIAN,
            Self::F2 => quadratic::F2_HESSIAN,
            Self::Rotated(rotated) => rotated.hessian(),
        }
    }

    /// The point at which f is smallest.
    #[must_use]
    pub fn minimiser(&self) -> Vector {
        [0.0, 0.0]
    }

    /// κ = λ_max / λ_min of the Hessian: how much longer than wide the valley is, squared.
    #[must_use]
    pub fn condition_number(&self) -> f64 {
        let [smaller, larger] = eigenvalues(self.hessian());
        larger / smaller
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
