//! The step at the cursor, written out with its numbers.

use std::sync::Arc;

use leptos::prelude::*;

use super::dom::{El, el};
use super::state::Lab;
use super::visibility::in_sight;
use crate::inspector::update_mathml;
use crate::number::significant;
use crate::optimizer::Adagrad;
use crate::settings::ObjectiveName;
use crate::trajectory::Trajectory;

const DIGITS: usize = 6;

/// The step that the cursor shows of one objective's run, coordinate by coordinate.
#[must_use]
pub fn inspector(lab: Lab, name: ObjectiveName, run: Memo<Arc<Trajectory>>) -> El {
    let section = el("section")
        .class("inspector")
        .test_id(&format!("inspector-{}", name.name()));
    let seen = in_sight(&section.node());
    // Equations cost the browser more than all figures together: out of sight they keep what they
    // say, and none of what follows reads anything.
    let shown = Memo::new(move |before: Option<&Option<Shown>>| {
        if !seen.get() {
            return before.cloned().flatten();
        }
        Some(lab.experiment.with(|experiment| {
            let run = run.get();
            Shown {
                optimizer: experiment.optimizer,
                step: run.step_shown(lab.cursor.get()),
                run,
            }
        }))
    });
    let say = move |say: fn(&Shown) -> String| {
        move || shown.with(|shown| shown.as_ref().map(say).unwrap_or_default())
    };
    let coordinate = |class: &str, title: &str, equations: fn(&Shown) -> String| {
        el("div")
            .class(class)
            .children([el("h4").text(title), el("dl").html_of(say(equations))])
    };
    let coordinates = el("div")
        .class("inspector-coordinates")
        .children([
            coordinate("inspector-coordinate x1", "x₁", |s| s.equations(0)),
            coordinate("inspector-coordinate x2", "x₂", |s| s.equations(1)),
        ])
        .shown_of(move || shown.with(|shown| shown.as_ref().is_some_and(|s| s.step != 0)));
    let now = move || run.with(|run| run.step_shown(lab.cursor.get()));
    let heading = move || {
        let steps = lab.experiment.with(|experiment| experiment.steps);
        format!("Step {} of {steps} on {}", now(), name.name())
    };
    section.children([
        el("h3").text_of(heading),
        el("p")
            .class("inspector-loss")
            .text_of(move || run.with(|run| summary(run, now()))),
        coordinates,
    ])
}

/// What the inspector shows.
#[derive(Clone)]
struct Shown {
    optimizer: Adagrad,
    run: Arc<Trajectory>,
    step: usize,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        // The same run is the same allocation; comparing its records would take longer than
        // writing one out.
        Arc::ptr_eq(&self.run, &other.run)
            && (self.optimizer, self.step) == (other.optimizer, other.step)
    }
}

/// The loss before and after step `t`, or why there is no step to show.
fn summary(run: &Trajectory, t: usize) -> String {
    let loss = |t| significant(run.loss(t), DIGITS);
    if run.steps.is_empty() {
        return "No step could be taken: the first would leave a value that is not finite."
            .to_owned();
    }
    match t.checked_sub(1) {
        None => {
            let [x1, x2] = run.start.map(|x| significant(x, DIGITS));
            format!(
                "No step is taken yet: the run starts at ({x1}, {x2}), where the loss is {}.",
                loss(0)
            )
        }
        Some(before) => format!("Loss {} before, {} after.", loss(before), loss(t)),
    }
}

impl Shown {
    /// The lines of one coordinate's update as HTML; nothing at the start.
    ///
    /// It holds fixed words and formatted numbers only, nothing that a reader or a link can write.
    fn equations(&self, coordinate: usize) -> String {
        let (run, t) = (&self.run, self.step);
        let (Some(before), Some(step)) = (t.checked_sub(1), run.record(t)) else {
            return String::new();
        };
        let accumulator_before = run.accumulator(before).get(coordinate).copied();
        let lines = update_mathml(
            &self.optimizer,
            step,
            accumulator_before.unwrap_or_default(),
            u32::try_from(t).unwrap_or(u32::MAX),
            coordinate,
        );
        lines
            .into_iter()
            .map(|line| format!("<div><dt>{}</dt><dd>{}</dd></div>", line.label, line.mathml))
            .collect()
    }
}
