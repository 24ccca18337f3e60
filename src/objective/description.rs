//! Every objective by name, with all that a reader can set of it.

use super::{
    DiagonalQuadratic, NonStationary, Objective, RotatedQuadratic, Vector, diagonal,
    non_stationary, rotated,
};
use crate::parameter::{Invalid, Parameter, Values, defaults, validate, values};

/// One objective, before its parameters are set.
#[derive(Debug)]
pub struct Description {
    /// Its name in links and scripts.
    pub name: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    /// What it computes, as text.
    pub formula: &'static str,
    /// What can be set.
    pub parameters: &'static [Parameter],
    /// A start that shows something.
    pub start: Vector,
    /// The middle of a part of the plane worth seeing.
    pub view_centre: Vector,
    /// From there to the nearer edge, in data units.
    pub view_half_extent: f64,
    /// From values that are all in their domains.
    build: fn(&Values) -> Objective,
}

impl Description {
    /// The objective of that name, whatever its case.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        DESCRIPTIONS
            .iter()
            .find(|description| description.name.eq_ignore_ascii_case(name))
    }

    /// The parameters' defaults.
    #[must_use]
    pub fn defaults(&self) -> Values {
        defaults(self.parameters)
    }

    /// The objective with these values of its parameters.
    ///
    /// # Errors
    /// The first value outside its domain.
    pub fn objective(&self, values: &Values) -> Result<Objective, Invalid> {
        validate(self.name, self.parameters, values)?;
        Ok((self.build)(values))
    }
}

/// What most have in common.
const PLAIN: Description = Description {
    name: "",
    label: "",
    formula: "",
    parameters: &[],
    start: [-5.0, -2.0],
    view_centre: [0.0, 0.0],
    view_half_extent: 6.0,
    build: |_| Objective::F1,
};

/// Every objective but the typed one, in the order the page offers them.
pub static DESCRIPTIONS: [Description; 12] = [
    Description {
        name: "f1",
        label: "f1, a valley along an axis",
        formula: "f1 = 0.1 x₁² + 2 x₂²",
        build: |_| Objective::F1,
        ..PLAIN
    },
    Description {
        name: "f2",
        label: "f2, the valley turned by 45°",
        formula: "f2 = 0.1 (x₁+x₂)² + 2 (x₁−x₂)²",
        build: |_| Objective::F2,
        ..PLAIN
    },
    Description {
        name: "rotated",
        label: "a valley turned by any angle",
        formula: "rotated = ½ xᵀQ(θ, λ) x",
        parameters: rotated::PARAMETERS,
        build: |&[theta, first, second, ..]| {
            Objective::Rotated(RotatedQuadratic::of_valid(theta, [first, second]))
        },
        ..PLAIN
    },
    Description {
        name: "bowl",
        label: "a bowl, w² + 10 b²",
        formula: "bowl = x₁² + 10 x₂²",
        start: [1.0, 1.0],
        view_half_extent: 1.5,
        build: |_| Objective::Bowl,
        ..PLAIN
    },
    Description {
        name: "diagonal",
        label: "a valley of chosen curvatures",
        formula: "diagonal = ½ (L₁ x₁² + L₂ x₂²)",
        parameters: diagonal::PARAMETERS,
        start: [1.0, 1.0],
        view_half_extent: 1.5,
        build: |&[first, second, ..]| {
            Objective::Diagonal(DiagonalQuadratic {
                curvatures: [first, second],
            })
        },
        ..PLAIN
    },
    Description {
        name: "square",
        label: "x², one-dimensional",
        formula: "square = x²",
        start: [4.0, 0.0],
        view_half_extent: 5.0,
        build: |_| Objective::Square,
        ..PLAIN
    },
    Description {
        name: "saddle",
        label: "a saddle",
        formula: "saddle = x₁² − x₂²",
        start: [-2.0, 0.01],
        view_half_extent: 3.0,
        build: |_| Objective::Saddle,
        ..PLAIN
    },
    Description {
        name: "rosenbrock",
        label: "Rosenbrock’s valley",
        formula: "rosenbrock = (1 − x₁)² + 100 (x₂ − x₁²)²",
        start: [-1.2, 1.0],
        view_centre: [0.0, 0.5],
        view_half_extent: 2.0,
        build: |_| Objective::Rosenbrock,
        ..PLAIN
    },
    Description {
        name: "himmelblau",
        label: "Himmelblau’s four minima",
        formula: "himmelblau = (x₁² + x₂ − 11)² + (x₁ + x₂² − 7)²",
        start: [0.0, 0.0],
        build: |_| Objective::Himmelblau,
        ..PLAIN
    },
    Description {
        name: "beale",
        label: "Beale’s plateau",
        formula: "beale = (1.5 − x₁ + x₁x₂)² + (2.25 − x₁ + x₁x₂²)² + (2.625 − x₁ + x₁x₂³)²",
        start: [1.0, 1.0],
        view_centre: [1.0, 0.0],
        view_half_extent: 3.0,
        build: |_| Objective::Beale,
        ..PLAIN
    },
    Description {
        name: "least_squares",
        label: "least squares with one example",
        formula: "least_squares = (2 x₁ + x₂ − 2)²",
        start: [0.0, 0.0],
        view_centre: [0.5, 0.5],
        view_half_extent: 1.0,
        build: |_| Objective::LeastSquares,
        ..PLAIN
    },
    Description {
        name: "nonstationary",
        label: "gradients large first, small later",
        formula: "nonstationary = Σ (√(1 + xᵢ²) − 1), with gradient cₜ∇f",
        parameters: non_stationary::PARAMETERS,
        build: |&[large_steps, large, small, ..]| {
            Objective::NonStationary(NonStationary {
                large_steps: large_steps as u32,
                large,
                small,
            })
        },
        ..PLAIN
    },
];

/// A function that the reader types: only with its text is it an objective, so it is not among
/// [`DESCRIPTIONS`].
pub static TYPED: Description = Description {
    name: "typed",
    label: "your own function",
    formula: "",
    view_half_extent: 4.0,
    start: [-2.0, 1.0],
    ..PLAIN
};

impl Objective {
    /// The description it is of.
    #[must_use]
    pub fn description(&self) -> &'static Description {
        let [f1, f2, rotated, bowl, diagonal, square, rest @ ..] = &DESCRIPTIONS;
        let [
            saddle,
            rosenbrock,
            himmelblau,
            beale,
            least_squares,
            non_stationary,
        ] = rest;
        match self {
            Self::F1 => f1,
            Self::F2 => f2,
            Self::Rotated(_) => rotated,
            Self::Bowl => bowl,
            Self::Diagonal(_) => diagonal,
            Self::Square => square,
            Self::Saddle => saddle,
            Self::Rosenbrock => rosenbrock,
            Self::Himmelblau => himmelblau,
            Self::Beale => beale,
            Self::LeastSquares => least_squares,
            Self::NonStationary(_) => non_stationary,
            Self::Typed(_) => &TYPED,
        }
    }

    /// The values of its parameters, in its description's order.
    #[must_use]
    pub fn values(&self) -> Values {
        match self {
            Self::Rotated(rotated) => {
                let [first, second] = rotated.eigenvalues();
                values(&[rotated.angle_degrees(), first, second])
            }
            Self::Diagonal(diagonal) => values(&diagonal.curvatures),
            Self::NonStationary(NonStationary {
                large_steps,
                large,
                small,
            }) => values(&[f64::from(*large_steps), *large, *small]),
            _ => values(&[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_description_builds_its_objective_and_reads_it_back() {
        for description in &DESCRIPTIONS {
            let defaults = description.defaults();
            let objective = description.objective(&defaults).unwrap();
            assert!(std::ptr::eq(objective.description(), description));
            assert_eq!(objective.values(), defaults, "{}", description.name);
            let named = Description::named(&description.name.to_uppercase()).unwrap();
            assert_eq!(named.name, description.name);
        }
        assert!(Description::named("").is_none());
    }

    #[test]
    fn what_an_objective_cannot_be_is_refused() {
        let rotated = Description::named("rotated").unwrap();
        let mut values = rotated.defaults();
        values[2] = 0.0;
        assert_eq!(
            rotated.objective(&values).unwrap_err().to_string(),
            "lambda of rotated must be two finite numbers above 0, got 0"
        );
    }
}
