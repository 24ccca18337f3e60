//! The line for every figure once nothing more moves: at rest, or out of numbers.

use super::Subject;
use crate::diagnosis::Measure;
use crate::diagnosis::escape::left_every_bound;
use crate::trajectory::{StopReason, Trajectory};

/// Beyond this the squares of gradients come near the largest f64, whatever the learning rate.
const HUGE_COORDINATE: f64 = 1e100;

/// Why a run has no step at all, for a place where its steps are looked into.
#[must_use]
pub fn no_step(trajectory: &Trajectory) -> &'static str {
    if matches!(trajectory.stop, StopReason::Singular { .. }) {
        "No step could be taken: the matrix to divide by is singular in the first."
    } else if !trajectory.start_loss.is_finite() {
        "No step could be taken: f has no finite value at the start."
    } else {
        "No step could be taken: the first would leave a value that is not finite."
    }
}

/// Why the run goes no further than step `t`, if it does not.
pub(super) fn ending(subject: &Subject<'_>, t: usize) -> Option<String> {
    let trajectory = subject.trajectory;
    if let Some(step) = left_every_bound(trajectory, &subject.objective.minima())
        && t >= step as usize
    {
        return Some(format!(
            "The run diverges: since step {step} it is over 10⁶ starting distances from the minimum. \
             Try {}.",
            remedies(subject)
        ));
    }
    match trajectory.stop {
        StopReason::Diverged { step } if t >= trajectory.steps.len() => {
            Some(diverged(subject, step))
        }
        StopReason::Singular { step } if t >= trajectory.steps.len() => Some(format!(
            "The matrix to divide by is singular in step {step}: {}.",
            if has_parameter(subject, "damping") {
                "add damping, or start elsewhere"
            } else {
                "start elsewhere"
            }
        )),
        StopReason::Stationary { step: 1 } => {
            Some("The slope at the start is 0: nothing moves. Choose another start.".to_owned())
        }
        // The gradient of step t is taken where step t − 1 ended.
        StopReason::Stationary { step } if t + 1 >= step as usize => Some(format!(
            "Since step {} the slope is exactly 0, so the point stays where it is.",
            step - 1
        )),
        _ => None,
    }
}

fn diverged(subject: &Subject<'_>, step: u32) -> String {
    let start = subject.trajectory.start;
    let [start1, start2] = start;
    let too_large = format!("Step {step} gives numbers too large to compute with");
    match Measure::of(subject.objective) {
        // A typed function may have no value there at all.
        Some(Measure::Loss) if !subject.trajectory.start_loss.is_finite() => {
            "f has no finite value at the start: choose another start.".to_owned()
        }
        Some(Measure::Loss)
            if !subject
                .objective
                .gradient(start)
                .iter()
                .all(|g| g.is_finite()) =>
        {
            "The slope of f is no finite number at the start: choose another start.".to_owned()
        }
        Some(Measure::Loss) => format!(
            "Step {step} leads where f or its slope is no finite number: try a smaller η or another \
             start."
        ),
        None => format!("{too_large}: f has no lowest value to stop at."),
        Some(Measure::Distance) if start1.abs().max(start2.abs()) > HUGE_COORDINATE => {
            format!("{too_large}: choose a start nearer the minimum.")
        }
        Some(Measure::Distance) => format!("{too_large}: try {}.", remedies(subject)),
    }
}

/// What of the rule's parameters makes its steps smaller.
fn remedies(subject: &Subject<'_>) -> String {
    let mut all = vec!["a smaller η"];
    for (query, remedy) in [
        ("eps", "a larger ε"),
        ("s0", "a larger s₀"),
        ("damping", "more damping"),
    ] {
        if has_parameter(subject, query) {
            all.push(remedy);
        }
    }
    match all.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

fn has_parameter(subject: &Subject<'_>, query: &str) -> bool {
    let parameters = subject.optimizer.description().parameters;
    parameters.iter().any(|parameter| parameter.query == query)
}
