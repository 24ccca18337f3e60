//! The line under the effective rates.

use super::ending::ending;
use super::{Subject, adds_squares, change, number};

/// What multiplies each gradient at step `t`, against step 1.
#[must_use]
pub fn effective_rates(subject: &Subject<'_>, t: usize) -> String {
    if let Some(ending) = ending(subject, t) {
        return ending;
    }
    let trajectory = subject.trajectory;
    let is_plane = subject.objective.dimension() > 1;
    let (Some(first), Some(step)) = (trajectory.steps.first(), trajectory.record(t)) else {
        let first_step = if !is_plane {
            "the first one sets the rate"
        } else if subject.optimizer.description().facts.adapts_rate {
            "each coordinate gets its own rate with the first step"
        } else {
            "both coordinates will have the same rate"
        };
        return format!("No step yet: {first_step}.");
    };
    let [rate1, rate2] = step.effective_learning_rate;
    let [first1, first2] = first.effective_learning_rate;
    let change1 = change(first1, rate1);
    if !is_plane {
        return if t == 1 {
            format!("In step 1 x moves with rate {}.", number(rate1))
        } else {
            format!("The rate {} {}.", change1.verb, change1.amount)
        };
    }
    if number(rate1) == number(rate2) && number(first1) == number(first2) {
        return if t == 1 {
            format!(
                "In step 1 both coordinates have the rate {}.",
                number(rate1)
            )
        } else {
            format!(
                "The rate, the same for both coordinates, {} {}.",
                change1.verb, change1.amount
            )
        };
    }
    let reason = reason(subject, t);
    if t == 1 {
        return format!(
            "In step 1 x₁ moves with rate {}, x₂ with {}{reason}.",
            number(rate1),
            number(rate2)
        );
    }
    let change2 = change(first2, rate2);
    let second = if change1.verb == change2.verb {
        change2.amount
    } else {
        format!("{} {}", change2.verb, change2.amount)
    };
    format!(
        "x₁’s rate {} {}, x₂’s {second}{reason}.",
        change1.verb, change1.amount
    )
}

/// Why one rate is the smaller: only said where the accumulator adds up squared gradients and its
/// larger entry has the smaller rate. A rate of 0 only stands where there was neither gradient
/// nor ε.
fn reason(subject: &Subject<'_>, t: usize) -> &'static str {
    let Some(step) = subject
        .trajectory
        .record(t)
        .filter(|_| adds_squares(subject, t))
    else {
        return "";
    };
    let [rate1, rate2] = step.effective_learning_rate;
    let [sum1, sum2] = step.accumulator;
    if number(rate1) == number(rate2) || rate1 == 0.0 || rate2 == 0.0 {
        ""
    } else if rate1 < rate2 && sum1 > sum2 {
        ": x₁ has met the larger gradients"
    } else if rate2 < rate1 && sum2 > sum1 {
        ": x₂ has met the larger gradients"
    } else {
        ""
    }
}
