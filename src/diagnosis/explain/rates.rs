//! The line under the effective rates.

use super::ending::ending;
use super::{Subject, adds_squares, change, number};
use crate::optimizer::{EpsilonPlacement, Optimizer, Order};

/// What multiplies each gradient at step `t`, against step 1.
#[must_use]
pub fn effective_rates(subject: &Subject<'_>, t: usize) -> String {
    let rates = rates(subject, t);
    // Where both accumulators make it too long, the smaller one says enough.
    small_epsilon(subject, t)
        .into_iter()
        .map(|why| [&rates, " ", &why].concat())
        .find(|line| line.chars().count() <= LONGEST)
        .unwrap_or(rates)
}

/// Characters of two lines of a caption.
const LONGEST: usize = 150;

/// Below this share of s, ε changes a rate √(s + ε) by less than 5 %.
const SMALL_SHARE: f64 = 0.1;

/// An ε that only keeps from dividing by 0, as the usual 10⁻⁶ does, is not set to change anything.
const NOTICED: f64 = 1e-3;

/// Why ε changes little, where it stands under the root beside a much larger accumulator: only said
/// of a rule that divides by √(s + ε), as its rates and its accumulator at `t` bear out.
///
/// The longer form comes first; none where there is nothing to say.
fn small_epsilon(subject: &Subject<'_>, t: usize) -> Vec<String> {
    small_beside(subject, t).unwrap_or_default()
}

fn small_beside(subject: &Subject<'_>, t: usize) -> Option<Vec<String>> {
    let trajectory = subject.trajectory;
    let Optimizer::Adagrad(adagrad) = subject.optimizer else {
        return None;
    };
    let is_inside = adagrad.epsilon_placement == EpsilonPlacement::Inside;
    let step = trajectory.record(t).filter(|_| is_inside)?;
    // What the step divided by.
    let divisor = match adagrad.order {
        Order::Accumulate => step.accumulator,
        Order::Step => trajectory.accumulator(t.min(trajectory.steps.len()).saturating_sub(1)),
    };
    let is_plane = subject.objective.dimension() > 1;
    let smallest = if is_plane {
        divisor[0].min(divisor[1])
    } else {
        divisor[0]
    };
    let is_noticed = adagrad.epsilon >= NOTICED;
    if !is_noticed || adagrad.epsilon > SMALL_SHARE * smallest {
        return None;
    }
    let epsilon = number(adagrad.epsilon);
    let [s1, s2] = divisor.map(number);
    let beside = |s: &str| format!("ε = {epsilon} changes little: it is small beside {s}.");
    if !is_plane {
        return Some(vec![beside(&format!("s = {s1}"))]);
    }
    let smaller = match divisor[0] <= divisor[1] {
        true => format!("s₁ = {s1}"),
        false => format!("s₂ = {s2}"),
    };
    Some(vec![
        beside(&format!("s₁ = {s1} and s₂ = {s2}")),
        format!("ε = {epsilon} is small beside {smaller}."),
    ])
}

/// The line of the rates alone.
fn rates(subject: &Subject<'_>, t: usize) -> String {
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
