//! The line under the accumulators.

use super::ending::ending;
use super::{Subject, adds_squares, change, number, squared};

/// How the accumulator stands at step `t` and what the step did to it.
#[must_use]
pub fn accumulator(subject: &Subject<'_>, t: usize) -> String {
    let [symbol, ..] = subject.optimizer.description().state_symbols;
    if symbol.is_empty() {
        return "This rule keeps no accumulator.".to_owned();
    }
    if let Some(ending) = ending(subject, t) {
        return ending;
    }
    let trajectory = subject.trajectory;
    let is_plane = subject.objective.dimension() > 1;
    let [start1, start2] = trajectory.accumulator(0);
    let (Some(first), Some(step)) = (trajectory.steps.first(), trajectory.record(t)) else {
        let start = number(start1);
        return match (adds_squares(subject, 1), is_plane) {
            (true, true) if start1 == start2 => {
                format!("Both sums begin at {start}; every step adds its squared gradient.")
            }
            (true, false) => {
                format!("The sum begins at {start}; every step adds its squared gradient.")
            }
            (_, true) => {
                let second = number(start2);
                format!("No step yet: the accumulator is {start} for x₁ and {second} for x₂.")
            }
            (_, false) => format!("No step yet: the accumulator is {start}."),
        };
    };
    let t = t.min(trajectory.steps.len());
    let [now1, now2] = step.accumulator;
    if !adds_squares(subject, t) {
        let [before1, before2] = trajectory.accumulator(t.saturating_sub(1));
        let first = change(before1, now1);
        if !is_plane {
            return format!(
                "In step {t} the accumulator {} {}.",
                first.verb, first.amount
            );
        }
        let second = change(before2, now2);
        return format!(
            "In step {t} x₁’s accumulator {} {}, x₂’s {} {}.",
            first.verb, first.amount, second.verb, second.amount
        );
    }
    let added = squared(step.gradient);
    let added_first = squared(first.gradient);
    let falls = |i: usize| added.get(i) < added_first.get(i);
    let rises = |i: usize| added.get(i) > added_first.get(i);
    let comparison = if t > 1 && falls(0) && (falls(1) || !is_plane) {
        ", less than step 1 did"
    } else if rises(0) && (rises(1) || !is_plane) {
        ", more than step 1 did"
    } else {
        ""
    };
    let [added1, added2] = added.map(number);
    if !is_plane {
        return format!(
            "Step {t} added its squared gradient, {added1}, to s (now {}){comparison}.",
            number(now1)
        );
    }
    format!(
        "Step {t} added its squared gradient, {added1} to s₁ (now {}) and {added2} to s₂ (now {})\
         {comparison}.",
        number(now1),
        number(now2),
    )
}
