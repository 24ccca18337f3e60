//! What a rule is run on: an objective, seen through noise and through a scale.

use super::{Matrix, Noise, Objective, Vector};
use crate::parameter::{Domain, Invalid, Parameter, Range, Scale, Values, validate, values};

/// An objective with Gaussian noise on its gradients, minimised over z where x = b z.
///
/// The rule only knows z: its gradient at step t is b (cₜ ∇f(b z) + noiseₜ), with cₜ = 1 for every
/// objective but [`NonStationary`](super::NonStationary); its Hessian is b² cₜ ∇²f(b z). What is
/// recorded of a run are the points x.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// f.
    pub objective: Objective,
    /// b, finite and above 0; 1 for the objective as it is.
    pub scale: f64,
    /// Added to ∇f.
    pub noise: Noise,
}

/// Scale, noise and seed, which every objective has: [`Problem::with_values`]'s order.
pub static PARAMETERS: [Parameter; 3] = [
    Parameter::number(
        "b",
        "b",
        "scale of the parameters, x = bz",
        &[1.0],
        (Domain::Positive, Range::new(0.01, 100.0), Scale::Log),
    ),
    Parameter::number(
        "noise",
        "σ",
        "noise on the gradient",
        &[0.0],
        (
            Domain::NonNegative,
            Range::new(0.0, 1e3),
            Scale::LogWithZero { smallest: 1e-3 },
        ),
    ),
    Parameter::number(
        "seed",
        "",
        "seed of the noise",
        &[1.0],
        (Domain::Whole, Range::new(0.0, 1e6).whole(), Scale::Linear),
    ),
];

impl Problem {
    /// The objective with the values of [`PARAMETERS`].
    ///
    /// # Errors
    /// The first value outside its domain.
    pub fn with_values(objective: Objective, values: &Values) -> Result<Self, Invalid> {
        validate("the problem", &PARAMETERS, values)?;
        let [scale, deviation, seed, ..] = *values;
        let noise = Noise {
            deviation,
            // Checked to be one.
            seed: seed as u32,
        };
        Ok(Self {
            objective,
            scale,
            noise,
        })
    }

    /// The values of [`PARAMETERS`].
    #[must_use]
    pub fn values(&self) -> Values {
        let Noise { deviation, seed } = self.noise;
        values(&[self.scale, deviation, f64::from(seed)])
    }

    /// The point x of the plane that the rule's z stands for.
    #[inline]
    #[must_use]
    pub fn point(&self, [z1, z2]: Vector) -> Vector {
        [self.scale * z1, self.scale * z2]
    }

    /// The rule's z for a point x of the plane.
    #[must_use]
    pub fn parameters_of(&self, [x1, x2]: Vector) -> Vector {
        [x1 / self.scale, x2 / self.scale]
    }

    /// Whether the same point has the same gradient at every step.
    #[must_use]
    pub fn is_steady(&self) -> bool {
        self.noise.deviation == 0.0 && !matches!(self.objective, Objective::NonStationary(_))
    }

    /// f(b z).
    #[inline]
    #[must_use]
    pub fn value(&self, z: Vector) -> f64 {
        self.objective.value(self.point(z))
    }

    /// What the rule takes for the gradient at step `t` (from 1).
    #[inline]
    #[must_use]
    pub fn gradient(&self, t: u32, z: Vector) -> Vector {
        let [gradient] = self.gradients(t, [z]);
        gradient
    }

    /// The same at several z.
    #[inline]
    #[must_use]
    pub fn gradients<const N: usize>(&self, t: u32, z: [Vector; N]) -> [Vector; N] {
        let factor = self.objective.gradient_factor(t);
        let [n1, mut n2] = match self.noise.deviation {
            0.0 => [0.0; 2],
            _ => self.noise.at_step(t),
        };
        // Noise would move what the objective does not know.
        if self.objective.dimension() == 1 {
            n2 = 0.0;
        }
        let gradients = self.objective.gradients(z.map(|z| self.point(z)));
        gradients.map(|[g1, g2]| {
            [
                self.scale * (factor * g1 + n1),
                self.scale * (factor * g2 + n2),
            ]
        })
    }

    /// What the rule takes for the Hessian at step `t` (from 1).
    ///
    /// Of a one-dimensional objective the second curvature is 1, not 0: its coordinate neither
    /// moves nor makes a Newton step singular.
    #[must_use]
    pub fn hessian(&self, t: u32, z: Vector) -> Matrix {
        let factor = self.scale * self.scale * self.objective.gradient_factor(t);
        let mut hessian = self
            .objective
            .hessian(self.point(z))
            .map(|row| row.map(|h| factor * h));
        if self.objective.dimension() == 1 {
            hessian[1][1] = 1.0;
        }
        hessian
    }
}

impl From<Objective> for Problem {
    fn from(objective: Objective) -> Self {
        Self {
            objective,
            scale: 1.0,
            noise: Noise {
                deviation: 0.0,
                seed: 1,
            },
        }
    }
}

impl From<&Objective> for Problem {
    fn from(objective: &Objective) -> Self {
        objective.clone().into()
    }
}

impl From<&Self> for Problem {
    fn from(problem: &Self) -> Self {
        problem.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_rule_by_hand() {
        // f1 at x = (5, 3): ∇f = (1, 12), ∇²f = diag(0.2, 4). With b = 2, z = (2.5, 1.5).
        let problem = Problem {
            scale: 2.0,
            ..Objective::F1.into()
        };
        let z = problem.parameters_of([5.0, 3.0]);
        assert_eq!(z, [2.5, 1.5]);
        assert_eq!(problem.value(z), 20.5);
        assert_eq!(problem.gradient(1, z), [2.0, 24.0]);
        assert_eq!(problem.hessian(1, z), [[0.8, 0.0], [0.0, 16.0]]);
    }

    #[test]
    fn noise_leaves_an_inert_coordinate_alone() {
        let problem = Problem {
            noise: Noise {
                deviation: 1.0,
                seed: 1,
            },
            ..Objective::Square.into()
        };
        let [g1, g2] = problem.gradient(1, [0.0, 0.0]);
        assert!(g1 != 0.0);
        assert_eq!(g2, 0.0);
    }
}
