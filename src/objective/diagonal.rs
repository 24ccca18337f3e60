//! The quadratic along the axes, ½ Σ Lᵢ xᵢ², with chosen curvatures.

use super::{Matrix, Vector};
use crate::parameter::{Domain, Parameter, Range, Scale};

/// f(x) = ½ (L₁ x₁² + L₂ x₂²), for L₁, L₂ above 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DiagonalQuadratic {
    /// L₁, L₂: the second derivatives along the axes.
    pub curvatures: Vector,
}

pub(super) const PARAMETERS: &[Parameter] = &[Parameter::number(
    "L",
    "L",
    "curvatures",
    &[1.0, 100.0],
    (Domain::Positive, Range::new(1e-3, 1e3), Scale::Log),
)];

impl DiagonalQuadratic {
    /// f(x).
    #[must_use]
    pub fn value(&self, [x1, x2]: Vector) -> f64 {
        let [l1, l2] = self.curvatures;
        0.5 * (l1 * x1 * x1 + l2 * x2 * x2)
    }

    /// ∇f(x) = (L₁ x₁, L₂ x₂).
    #[must_use]
    pub fn gradient(&self, [x1, x2]: Vector) -> Vector {
        let [l1, l2] = self.curvatures;
        [l1 * x1, l2 * x2]
    }

    /// ∇²f.
    #[must_use]
    pub fn hessian(&self) -> Matrix {
        let [l1, l2] = self.curvatures;
        [[l1, 0.0], [0.0, l2]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_eigenvalues_are_its_curvatures() {
        let quadratic = DiagonalQuadratic {
            curvatures: [1.0, 100.0],
        };
        assert_eq!(super::super::eigenvalues(quadratic.hessian()), [1.0, 100.0]);
        assert_eq!(quadratic.value([1.0, 1.0]), 50.5);
        assert_eq!(quadratic.gradient([2.0, -1.0]), [2.0, -100.0]);
    }
}
