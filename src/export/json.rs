//! A run as JSON: the specification that `window.adagradLab.run` takes, and its answer.
//!
//! Written by hand: the format is one flat object of numbers, and a serialiser would weigh more
//! in the download than all of this module.

use std::fmt::Write as _;

use crate::objective::{Objective, Problem, Vector, problem};
use crate::optimizer::Optimizer;
use crate::parameter::{Kind, Parameter, Values, defaults};
use crate::trajectory::{StopReason, Trajectory};

/// `trajectory` and what it came from: `problem` and `optimizer`, run for `steps` steps.
///
/// The fields up to `steps` are a valid argument of `adagradLab.run`; those from `points` on are
/// its answer: `points` and `losses` have a row more than the others, the start. Of a run that
/// stopped early there are fewer than `steps`. A start loss that is not finite is `null`.
#[must_use]
pub fn trajectory_json(
    problem: impl Into<Problem>,
    optimizer: impl Into<Optimizer>,
    steps: u32,
    trajectory: &Trajectory,
) -> String {
    json_of(&problem.into(), &optimizer.into(), steps, trajectory)
}

fn json_of(
    problem: &Problem,
    optimizer: &Optimizer,
    steps: u32,
    trajectory: &Trajectory,
) -> String {
    let mut json = Object::new();
    let objective = problem.objective.description();
    json.text("objective", objective.name);
    json.parameters(objective.parameters, &problem.objective.values());
    if let Objective::Typed(function) = &problem.objective {
        json.value("function", quoted(&function.source));
    }
    if problem.values() != defaults(&problem::PARAMETERS) {
        json.parameters(&problem::PARAMETERS, &problem.values());
    }
    let rule = optimizer.description();
    json.text("optimizer", rule.name);
    json.parameters(rule.parameters, &optimizer.values());
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
        StopReason::Singular { step } => ("singular", step),
    };
    json.value(
        "stop",
        format!("{{\"reason\": \"{reason}\", \"step\": {step}}}"),
    );
    json.finish()
}

/// An object being written, one field a line.
pub(crate) struct Object(String);

impl Object {
    pub(crate) fn new() -> Self {
        Self("{".to_owned())
    }

    /// A field whose value is JSON already.
    pub(crate) fn value(&mut self, name: &str, json: String) {
        let separator = if self.0.len() == 1 { "" } else { "," };
        // Writing to a String cannot fail.
        let _ = write!(self.0, "{separator}\n  \"{name}\": {json}");
    }

    /// A field whose value is one of our own words, which need no escapes.
    pub(crate) fn text(&mut self, name: &str, word: &str) {
        self.value(name, format!("\"{word}\""));
    }

    /// A field for each parameter.
    fn parameters(&mut self, parameters: &[Parameter], values: &Values) {
        let mut rest = values.as_slice();
        for parameter in parameters {
            let Some((own, others)) = rest.split_at_checked(parameter.count()) else {
                return;
            };
            rest = others;
            match (&parameter.kind, own) {
                (Kind::Choice { names }, [index]) => {
                    let name = names.get(*index as usize).unwrap_or(&"");
                    self.text(parameter.script, name);
                }
                (_, [one]) => self.value(parameter.script, number(*one)),
                (_, own) => self.value(parameter.script, array(own.iter().copied().map(number))),
            }
        }
    }

    pub(crate) fn finish(self) -> String {
        self.0 + "\n}\n"
    }
}

/// A text as JSON has it.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// `Debug` prints the shortest digits that read back the same, in a form that is valid JSON.
pub(crate) fn number(value: f64) -> String {
    if value.is_finite() {
        format!("{value:?}")
    } else {
        "null".to_owned()
    }
}

fn vector([first, second]: Vector) -> String {
    format!("[{}, {}]", number(first), number(second))
}

pub(crate) fn array(items: impl Iterator<Item = String>) -> String {
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
