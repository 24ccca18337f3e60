//! What is run: objectives, optimizer, start, number of steps.

use crate::objective::{Objective, RotatedQuadratic, Vector};
use crate::optimizer::{Adagrad, EpsilonPlacement, Order};
use crate::trajectory::{self, Trajectory};

/// An objective by its query name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ObjectiveName {
    /// 0.1 x₁² + 2 x₂².
    F1,
    /// 0.1 (x₁+x₂)² + 2 (x₁−x₂)².
    F2,
    /// ½ xᵀQx with the experiment's angle and eigenvalues.
    Rotated,
}

impl ObjectiveName {
    /// Every objective, in the order the page offers them.
    pub const ALL: [Self; 3] = [Self::F1, Self::F2, Self::Rotated];

    /// The name in links and scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::F1 => "f1",
            Self::F2 => "f2",
            Self::Rotated => "rotated",
        }
    }

    /// The objective of that name, whatever its case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|objective| objective.name().eq_ignore_ascii_case(name))
    }
}

/// One optimizer on one or more objectives, from one start.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The objectives shown, side by side in this order; never empty, none twice.
    pub objectives: Vec<ObjectiveName>,
    /// θ of the rotated quadratic, in degrees, counter-clockwise.
    pub theta_degrees: f64,
    /// λ₁, λ₂ of the rotated quadratic, along and across the turned first axis.
    pub eigenvalues: [f64; 2],
    /// The update rule and its convention.
    pub optimizer: Adagrad,
    /// x₀.
    pub start: Vector,
    /// How many steps to take, at least 1.
    pub steps: u32,
}

impl Default for Experiment {
    /// D2L's run at η = 0.4, on f1 and f2.
    fn default() -> Self {
        Self {
            objectives: vec![ObjectiveName::F1, ObjectiveName::F2],
            theta_degrees: 30.0,
            eigenvalues: [0.2, 4.0],
            optimizer: Adagrad {
                learning_rate: 0.4,
                epsilon: 1e-6,
                epsilon_placement: EpsilonPlacement::Inside,
                initial_accumulator: 0.0,
                learning_rate_decay: 0.0,
                order: Order::Accumulate,
                weight_decay: 0.0,
            },
            start: [-5.0, -2.0],
            steps: 20,
        }
    }
}

impl Experiment {
    /// The objective of that name, with this experiment's angle and eigenvalues.
    #[must_use]
    pub fn objective(&self, name: ObjectiveName) -> Objective {
        match name {
            ObjectiveName::F1 => Objective::F1,
            ObjectiveName::F2 => Objective::F2,
            // Eigenvalues in range cannot be refused; for any others, f1 is the quadratic that
            // the default eigenvalues describe.
            ObjectiveName::Rotated => RotatedQuadratic::new(self.theta_degrees, self.eigenvalues)
                .map_or(Objective::F1, Objective::Rotated),
        }
    }

    /// The run on that objective.
    #[must_use]
    pub fn run(&self, name: ObjectiveName) -> Trajectory {
        trajectory::run(self.objective(name), self.optimizer, self.start, self.steps)
    }
}
