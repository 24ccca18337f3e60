//! The line under the sweep over η.

use super::{after_steps, number};
use crate::diagnosis::Measure;
use crate::diagnosis::sweep::End;
use crate::number::percent;
use crate::trajectory::StopReason;

/// What became of a run that has nothing left to compare.
fn without_end(stop: StopReason) -> String {
    match stop {
        StopReason::Diverged { step } => format!("diverges in step {step}"),
        StopReason::Singular { step } => format!("meets a singular matrix in step {step}"),
        StopReason::Completed | StopReason::Stationary { .. } => "gives no end point".to_owned(),
    }
}

/// What the current learning rate comes to in `steps` steps, in terms of `measure`, against the best
/// one in the sweep's `points`.
#[must_use]
pub fn sweep(
    measure: Measure,
    points: &[(f64, Option<f64>)],
    learning_rate: f64,
    end: End,
    steps: u32,
) -> String {
    let best = points
        .iter()
        .filter_map(|&(rate, left)| Some((rate, left?)))
        .min_by(|(_, a), (_, b)| a.total_cmp(b));
    let after = after_steps(steps as usize);
    let rate = number(learning_rate);
    let amount = |left: f64| match measure {
        Measure::Distance => percent(left),
        Measure::Loss => number(left),
    };
    let (leaves, of_what) = match measure {
        Measure::Distance => ("leaves", " of the distance"),
        Measure::Loss => ("ends at the loss", ""),
    };
    match (end.left, best) {
        (Some(left), Some((_, best_left))) if left <= best_left => format!(
            "After {after} η = {rate} {leaves} {}{of_what}; no η tried does better.",
            amount(left)
        ),
        (Some(left), Some((best_rate, best_left))) => format!(
            "After {after} η = {rate} {leaves} {}{of_what}; the best η tried, {}, {leaves} {}.",
            amount(left),
            number(best_rate),
            amount(best_left)
        ),
        (Some(left), None) => {
            format!(
                "After {after} η = {rate} {leaves} {}{of_what}.",
                amount(left)
            )
        }
        (None, Some((best_rate, best_left))) => format!(
            "η = {rate} {}; the best η tried, {}, {leaves} {}{of_what}.",
            without_end(end.stop),
            number(best_rate),
            amount(best_left)
        ),
        (None, None) => format!(
            "η = {rate} {}; no η tried gives an end point to compare after {after}.",
            without_end(end.stop)
        ),
    }
}
