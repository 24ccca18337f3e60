//! What every update rule is: a configuration that carries a state from step to step.

use crate::objective::{Matrix, Problem, Vector};

/// What a rule remembers; each says what it keeps where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// What its rates are made of: sums or means of squared gradients, counts, curvatures.
    pub accumulator: Vector,
    /// What else it keeps: a momentum, a sum of gradients, what is off a matrix's diagonal.
    pub memory: Vector,
}

impl State {
    /// Nothing yet.
    pub const ZERO: Self = Self {
        accumulator: [0.0; 2],
        memory: [0.0; 2],
    };
}

/// Where a rule stands before step t.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// t, from 1.
    pub step: u32,
    /// x₀.
    pub start: Vector,
    /// xₜ₋₁.
    pub point: Vector,
    /// gₜ.
    pub gradient: Vector,
    /// Where the Hessian is to be had.
    pub problem: &'a Problem,
}

impl At<'_> {
    /// ∇²f(xₜ₋₁); costs something, and few rules ask for it.
    #[must_use]
    pub fn hessian(&self) -> Matrix {
        self.problem.hessian(self.step, self.point)
    }
}

/// What one step does to both coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// All that multiplies the gradient, or what stands in its place, such as a momentum; of a rule
    /// that multiplies by a matrix, its diagonal. 0 where it would be 0/0.
    pub effective_learning_rate: Vector,
    /// What is subtracted from the point.
    pub update: Vector,
}

impl Moved {
    /// Rate × direction in each coordinate.
    #[inline]
    #[must_use]
    pub fn along(effective_learning_rate: Vector, direction: Vector) -> Self {
        Self {
            effective_learning_rate,
            update: [
                effective_learning_rate[0] * direction[0],
                effective_learning_rate[1] * direction[1],
            ],
        }
    }
}

/// An update rule with its parameters set.
pub trait UpdateRule: Copy {
    /// The state before the first step from `start`.
    fn initial_state(&self, problem: &Problem, start: Vector) -> State;

    /// One step: carries `state` from t − 1 to t and tells how far to move. None where the matrix
    /// to divide by is singular; `state` is then of no use.
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved>;
}

/// The first step of a rule at the origin, whatever the objective, and the state after it.
#[cfg(test)]
pub(super) fn first_step(rule: &impl UpdateRule, gradient: Vector) -> (Moved, State) {
    let problem = Problem::from(crate::objective::Objective::F1);
    let mut state = rule.initial_state(&problem, [0.0; 2]);
    let at = At {
        step: 1,
        start: [0.0; 2],
        point: [0.0; 2],
        gradient,
        problem: &problem,
    };
    (rule.step(&mut state, &at).unwrap(), state)
}

/// The weights of a model that starts at 0 and meets these gradients, whatever it does: after each
/// step.
#[cfg(test)]
pub(super) fn weights_after(rule: &impl UpdateRule, gradients: &[Vector]) -> Vec<Vector> {
    let problem = Problem::from(crate::objective::Objective::F1);
    let start = [0.0; 2];
    let mut state = rule.initial_state(&problem, start);
    let mut point = start;
    let step = |(step, &gradient)| {
        let at = At {
            step,
            start,
            point,
            gradient,
            problem: &problem,
        };
        let moved = rule.step(&mut state, &at).unwrap();
        point = [point[0] - moved.update[0], point[1] - moved.update[1]];
        point
    };
    (1..).zip(gradients).map(step).collect()
}
