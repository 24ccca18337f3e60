//! One line of plain words under each figure: what is to be seen in it at the cursor's step.
//!
//! Pure functions from data to text, for a reader who meets the rules for the first time, one file
//! per figure. A line states only what its numbers show, to three significant digits, and says of a
//! rule only what its records bear out: which rule it is, is nowhere asked.

mod accumulator;
mod ending;
mod landscape;
mod loss;
mod outlook;
mod place;
mod rates;
mod stopping;
mod sweep;
#[cfg(test)]
mod tests;

pub use accumulator::accumulator;
pub use ending::no_step;
pub use landscape::contour;
pub use loss::loss;
pub use outlook::outlook;
pub use rates::effective_rates;
pub use stopping::stopping;
pub use sweep::sweep;

use super::Subject;
use crate::number::significant;
use crate::objective::Vector;

/// Significant digits of every number in a line.
const DIGITS: usize = 3;

/// A change as a reader sees it: the verb says a change only when the numbers shown differ.
struct Change {
    verb: &'static str,
    amount: String,
}

fn change(from: f64, to: f64) -> Change {
    let (from_shown, to_shown) = (number(from), number(to));
    if from_shown == to_shown {
        return Change {
            verb: "has stayed",
            amount: if from == to {
                format!("at {to_shown}")
            } else {
                format!("near {to_shown}")
            },
        };
    }
    Change {
        verb: if to < from { "has fallen" } else { "has risen" },
        amount: format!("from {from_shown} to {to_shown}"),
    }
}

fn squared([a, b]: Vector) -> Vector {
    [a * a, b * b]
}

/// Whether step `t` added its squared gradient to both entries of the accumulator: the rule is one
/// that does so, and these are the gradients that it squared, which weight decay, say, changes.
fn adds_squares(subject: &Subject<'_>, t: usize) -> bool {
    let trajectory = subject.trajectory;
    let facts = &subject.optimizer.description().facts;
    let Some(step) = trajectory.record(t).filter(|_| facts.accumulates_squares) else {
        return false;
    };
    let before = trajectory.accumulator(t.min(trajectory.steps.len()).saturating_sub(1));
    let added = squared(step.gradient);
    [before[0] + added[0], before[1] + added[1]] == step.accumulator
}

fn number(value: f64) -> String {
    significant(value, DIGITS)
}

fn pair([x1, x2]: Vector) -> String {
    format!("({}, {})", number(x1), number(x2))
}

/// A point as its objective's dimension has it.
fn point(subject: &Subject<'_>, x: Vector) -> String {
    if subject.objective.dimension() == 1 {
        number(x[0])
    } else {
        pair(x)
    }
}

fn after_steps(count: usize) -> String {
    if count == 1 {
        "1 step".to_owned()
    } else {
        format!("{count} steps")
    }
}
