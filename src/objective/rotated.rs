//! The rotated quadratic ½ xᵀQx, Q = R(θ) diag(λ₁, λ₂) R(θ)ᵀ.

use super::{Matrix, Vector};
use crate::parameter::{Domain, Parameter, Range, Scale};

/// ½ xᵀQx with Q = R(θ) diag(λ₁, λ₂) R(θ)ᵀ, where R(θ) turns counter-clockwise by θ.
///
/// θ = 0, λ = (0.2, 4) is f1; θ = 45°, λ = (0.4, 8) is f2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RotatedQuadratic {
    angle_degrees: f64,
    cosine: f64,
    sine: f64,
    eigenvalues: Vector,
}

pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter::number(
        "theta",
        "θ",
        "angle in degrees",
        &[30.0],
        (Domain::Finite, Range::new(-180.0, 180.0), Scale::Linear),
    ),
    Parameter::number(
        "lambda",
        "λ",
        "eigenvalues",
        &[0.2, 4.0],
        (Domain::Positive, Range::new(1e-3, 1e3), Scale::Log),
    ),
];

/// An eigenvalue that makes the quadratic flat, a saddle or not finite.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("eigenvalue must be finite and above 0, got {0}")]
pub struct InvalidEigenvalue(pub f64);

impl RotatedQuadratic {
    /// The quadratic turned by `angle_degrees` with curvature `eigenvalues[0]` along the turned
    /// first axis and `eigenvalues[1]` along the turned second.
    ///
    /// # Errors
    /// When an eigenvalue is not finite and above 0. Any finite angle is allowed.
    pub fn new(angle_degrees: f64, eigenvalues: Vector) -> Result<Self, InvalidEigenvalue> {
        for eigenvalue in eigenvalues {
            if !(eigenvalue.is_finite() && eigenvalue > 0.0) {
                return Err(InvalidEigenvalue(eigenvalue));
            }
        }
        Ok(Self::of_valid(angle_degrees, eigenvalues))
    }

    /// As [`Self::new`], for eigenvalues that are finite and above 0.
    pub(super) fn of_valid(angle_degrees: f64, eigenvalues: Vector) -> Self {
        let (sine, cosine) = sine_and_cosine(angle_degrees);
        Self {
            angle_degrees,
            cosine,
            sine,
            eigenvalues,
        }
    }

    /// θ in degrees, as given.
    #[must_use]
    pub fn angle_degrees(&self) -> f64 {
        self.angle_degrees
    }

    /// λ₁, λ₂.
    #[must_use]
    pub fn eigenvalues(&self) -> Vector {
        self.eigenvalues
    }

    /// f(x) = ½ (λ₁ z₁² + λ₂ z₂²), z = R(θ)ᵀ x.
    #[must_use]
    pub fn value(&self, x: Vector) -> f64 {
        let [z1, z2] = self.principal_coordinates(x);
        let [l1, l2] = self.eigenvalues;
        0.5 * (l1 * z1 * z1 + l2 * z2 * z2)
    }

    /// ∇f(x) = R(θ) (λ₁ z₁, λ₂ z₂), z = R(θ)ᵀ x.
    #[must_use]
    pub fn gradient(&self, x: Vector) -> Vector {
        let [z1, z2] = self.principal_coordinates(x);
        let [l1, l2] = self.eigenvalues;
        let (along, across) = (l1 * z1, l2 * z2);
        [
            self.cosine * along - self.sine * across,
            self.sine * along + self.cosine * across,
        ]
    }

    /// Q.
    #[must_use]
    pub fn hessian(&self) -> Matrix {
        let (c, s) = (self.cosine, self.sine);
        let [l1, l2] = self.eigenvalues;
        let off_diagonal = c * s * (l1 - l2);
        [
            [l1 * c * c + l2 * s * s, off_diagonal],
            [off_diagonal, l1 * s * s + l2 * c * c],
        ]
    }

    fn principal_coordinates(&self, [x1, x2]: Vector) -> Vector {
        [
            self.cosine * x1 + self.sine * x2,
            self.cosine * x2 - self.sine * x1,
        ]
    }
}

/// sin θ and cos θ of a finite angle in degrees: the same bits on every platform, whose own may
/// differ in the last place. Right angles are exact, so that θ = 90° swaps the axes without a trace
/// of rounding.
fn sine_and_cosine(angle_degrees: f64) -> (f64, f64) {
    // What is left of the quarter turns is exact below 10¹⁵; beyond, an f64 names no angle.
    let mut rest = angle_degrees;
    let mut quarter_turns = 0.0;
    while rest.abs() > 45.0 {
        let quarters = (rest / 90.0).round();
        rest -= 90.0 * quarters;
        quarter_turns += quarters;
    }
    let radians = rest.to_radians();
    let square = radians * radians;
    // The Taylor series of both, inside out; on ±π/4 the first terms left out are below 10⁻¹⁷.
    let (mut sine, mut cosine) = (1.0, 1.0);
    for n in (1..=8).rev() {
        let n = 2.0 * f64::from(n);
        sine = 1.0 - sine * square / (n * (n + 1.0));
        cosine = 1.0 - cosine * square / (n * (n - 1.0));
    }
    sine *= radians;
    match (quarter_turns as i64) & 3 {
        1 => (cosine, -sine),
        2 => (-sine, -cosine),
        3 => (-cosine, sine),
        _ => (sine, cosine),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Evidence: computed by hand. Gradients and Hessians meet finite differences in
    // `tests/properties.rs`, and f1 and f2 in `tests/reference.rs`.

    #[test]
    fn right_angles_swap_and_flip_the_axes_exactly() {
        let gradient = |angle| {
            let rotated = RotatedQuadratic::new(angle, [0.2, 4.0]).unwrap();
            rotated.gradient([5.0, 3.0])
        };
        assert_eq!(gradient(0.0), [1.0, 12.0]);
        assert_eq!(gradient(180.0), [1.0, 12.0]);
        for quarter_turn in [90.0, -90.0, 270.0, 450.0] {
            assert_eq!(gradient(quarter_turn), [20.0, 0.2 * 3.0]);
        }
    }

    #[test]
    fn sine_and_cosine_are_the_platforms_and_turn_exactly() {
        // Eighths of a degree, to which quarter turns add without rounding.
        for eighths in -359..=359 {
            let degrees = f64::from(eighths) / 8.0;
            let (sine, cosine) = sine_and_cosine(degrees);
            let platforms = degrees.to_radians().sin_cos();
            // Two units in the last place of what lies in [½, 1).
            assert!((sine - platforms.0).abs() < 2.3e-16, "{degrees}");
            assert!((cosine - platforms.1).abs() < 2.3e-16, "{degrees}");
            let turned = |turns: i32| sine_and_cosine(degrees + 90.0 * f64::from(turns));
            for turns in [-8, -4, 0, 4, 4000] {
                assert_eq!(turned(turns), (sine, cosine));
                assert_eq!(turned(turns + 1), (cosine, -sine));
                assert_eq!(turned(turns + 2), (-sine, -cosine));
                assert_eq!(turned(turns + 3), (-cosine, sine));
            }
        }
        for degrees in [1e16, -1e300, f64::MAX] {
            let (sine, cosine) = sine_and_cosine(degrees);
            assert!((sine.hypot(cosine) - 1.0).abs() < 1e-15, "{degrees}");
        }
    }

    #[test]
    fn turns_counter_clockwise() {
        // At 30° the flat first axis points to (√3/2, 1/2): there f = ½ λ₁.
        let rotated = RotatedQuadratic::new(30.0, [0.2, 4.0]).unwrap();
        let along = [0.75_f64.sqrt(), 0.5];
        assert!((rotated.value(along) - 0.1).abs() < 1e-15);
    }

    #[test]
    fn flat_saddle_and_non_finite_are_refused() {
        for eigenvalue in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let error = RotatedQuadratic::new(0.0, [1.0, eigenvalue]).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("eigenvalue must be finite and above 0, got {eigenvalue}")
            );
        }
    }
}
