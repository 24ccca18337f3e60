//! The step at the cursor, written out with its numbers.

use std::sync::Arc;

use leptos::prelude::*;

use super::state::Lab;
use crate::inspector::update_mathml;
use crate::number::significant;
use crate::optimizer::Adagrad;
use crate::settings::ObjectiveName;
use crate::trajectory::Trajectory;

const DIGITS: usize = 6;

/// The step that the cursor shows of one objective's run, coordinate by coordinate.
#[component]
pub fn Inspector(lab: Lab, name: ObjectiveName, run: Memo<Arc<Trajectory>>) -> impl IntoView {
    let optimizer = Memo::new(move |_| lab.experiment.with(|experiment| experiment.optimizer));
    // A run that diverged has fewer steps than the cursor may point at: its last is shown.
    let step = Memo::new(move |_| (lab.cursor.get() as usize).min(run.with(|run| run.steps.len())));
    let heading = move || {
        let steps = lab.experiment.with(|experiment| experiment.steps);
        format!("Step {} of {steps} on {}", step.get(), name.name())
    };
    let equations = move |coordinate| {
        move || run.with(|run| definition_list(&optimizer.get(), run, step.get(), coordinate))
    };
    view! {
        <section class="inspector" data-testid=format!("inspector-{}", name.name())>
            <h3>{heading}</h3>
            <p class="inspector-loss">{move || run.with(|run| summary(run, step.get()))}</p>
            <Show when=move || step.get() != 0>
                <div class="inspector-coordinates">
                    <div class="inspector-coordinate x1">
                        <h4>"x₁"</h4>
                        <dl inner_html=equations(0)></dl>
                    </div>
                    <div class="inspector-coordinate x2">
                        <h4>"x₂"</h4>
                        <dl inner_html=equations(1)></dl>
                    </div>
                </div>
            </Show>
        </section>
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

/// The lines of one coordinate's update as HTML; nothing at the start.
///
/// It holds fixed words and formatted numbers only, nothing that a reader or a link can write.
fn definition_list(optimizer: &Adagrad, run: &Trajectory, t: usize, coordinate: usize) -> String {
    let (Some(before), Some(step)) = (t.checked_sub(1), run.record(t)) else {
        return String::new();
    };
    let accumulator_before = run.accumulator(before).get(coordinate).copied();
    let lines = update_mathml(
        optimizer,
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
