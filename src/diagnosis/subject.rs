//! What is told about: a run with the rule and the objective behind it.

use crate::objective::Objective;
use crate::optimizer::Optimizer;
use crate::trajectory::Trajectory;

/// A run, its rule and its objective.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What is minimised.
    pub objective: &'a Objective,
    /// The rule that took the steps.
    pub optimizer: &'a Optimizer,
    /// The steps.
    pub trajectory: &'a Trajectory,
}
