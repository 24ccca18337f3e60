//! A run as JSON: the specification that `window.adagradLab.run` takes, and its answer.
//!
//! Written by hand: the format is one flat object of numbers, and a serialiser would weigh more
//! in the download than all of this module.

use std::fmt::Write as _;

use crate::objective::{Objective, Vector};
use crate::optimizer::{Adagrad, EpsilonPlacement, Order};
use crate::trajectory::{StopReason, Trajectory};

/// `trajectory` and what it came from: `objective` and `optimizer`, run for `steps` steps.
///
/// The fields up to `steps` are a valid argument of `adagradLab.run`; those from `points` on are
/// its answer: `points` and `losses` have a row more than the others, the start. Of a run that
/// diverged there are fewer than `steps`. A start loss that is not finite is `null`.
#[must_use]
pub fn trajectory_json(
    objective: &Objective,
    optimizer: &Adagrad,
    steps: u32,
    trajectory: &Trajectory,
) -> String {
    let mut json = Object::new();
    match objective {
        Objective::F1 => json.text("objective", "f1"),
        Objective::F2 => json.text("objective", "f2"),
        Objective::Rotated(rotated) => {
            json.text("objective", "rotated");
            json.value("theta", number(rotated.angle_degrees()));
            json.value("lambda", vector(rotated.eigenvalues()));
        }
    }
    json.text("optimizer", "adagrad");
    json.value("learningRate", number(optimizer.learning_rate));
    json.value("epsilon", number(optimizer.epsilon));
    json.text(
        "epsilonPlacement",
        match optimizer.epsilon_placement {
            EpsilonPlacement::Inside => "inside",
            EpsilonPlacement::Outside => "outside",
        },
    );
    json.value("initialAccumulator", number(optimizer.initial_accumulator));
    json.value("learningRateDecay", number(optimizer.learning_rate_decay));
    json.text(
        "order",
        match optimizer.order {
            Order::Accumulate => "accumulate",
            Order::Step => "step",
        },
    );
    json.value("start", vector(trajectory.start));
    json.value("steps", steps.to_string());

    let records = &trajectory.steps;
    let losses = std::iter::once(trajectory.start_loss).chain(records.iter().map(|s| s.loss));
    json.value("points", array(trajectory.points().map(vector)));
    json.value("losses", array(losses.map(number)));
    json.value(
        "gradients",
        array(records.iter().map(|s| vector(s.gradient))),
    );
    json.value(
        "accumulators",
        array(records.iter().map(|s| vector(s.accumulator))),
    );
    json.value(
        "effectiveLearningRates",
        array(records.iter().map(|s| vector(s.effective_learning_rate))),
    );
    json.value("updates", array(records.iter().map(|s| vector(s.update))));
    let (reason, step) = match trajectory.stop {
        StopReason::Completed => ("completed", steps),
        StopReason::Stationary { step } => ("stationary", step),
        StopReason::Diverged { step } => ("diverged", step),
    };
    json.value(
        "stop",
        format!("{{\"reason\": \"{reason}\", \"step\": {step}}}"),
    );
    json.finish()
}

/// An object being written, one field a line.
struct Object(String);

impl Object {
    fn new() -> Self {
        Self("{".to_owned())
    }

    /// A field whose value is JSON already.
    fn value(&mut self, name: &str, json: String) {
        let separator = if self.0.len() == 1 { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{separator}\n  \"{name}\": {json}");
    }

    /// A field whose value is one of our own words, which need no escapes.
    fn text(&mut self, name: &str, word: &str) {
        self.value(name, format!("\"{word}\""));
    }

    fn finish(self) -> String {
        self.0 + "\n}\n"
    }
}

/// `Debug` prints the shortest digits that read back the same, in a form that is valid JSON.
fn number(value: f64) -> String {
    if value.is_finite() {
        format!("{value:?}")
    } else {
        "null".to_owned()
    }
}

fn vector([first, second]: Vector) -> String {
    format!("[{}, {}]", number(first), number(second))
}

fn array(items: impl Iterator<Item = String>) -> String {
    let mut array = String::from("[");
    for (i, item) in items.enumerate() {
        if i > 0 {
            array.push_str(", ");
        }
        array.push_str(&item);
    }
    array.push(']');
    array
}
