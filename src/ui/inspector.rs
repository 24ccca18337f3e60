//! The step at the cursor, and its equations as the engine writes them.

use super::reactive::{Memo, memo, while_seen};
use leptos_dom::helpers::event_target_value;
use std::sync::Arc;

use web_sys::Event;

use super::dom::{El, el};
use super::state::Lab;
use super::visibility::near_sight;
use super::written::written;
use crate::comparison::{Comparison, Contender};
use crate::diagnosis::explain::no_step;
use crate::engine::{Part, Request, Written};
use crate::number::significant;
use crate::settings::{ObjectiveName, RuleName};
use crate::trajectory::Trajectory;

const DIGITS: usize = 6;

/// The step that the cursor shows of the selected rule's run on one objective, coordinate by
/// coordinate.
#[must_use]
pub fn inspector(lab: Lab, name: ObjectiveName, comparison: Memo<Option<Arc<Comparison>>>) -> El {
    let section = el("section")
        .class("inspector")
        .test_id(&lab.id("inspector", name));
    // Equations cost the browser more than all figures together: out of sight they keep what they
    // say.
    let seen = near_sight(&section.node());
    let comparison = while_seen(comparison, seen, lab.is_moving);
    let cursor = while_seen(lab.cursor, seen, lab.is_moving);
    let equations = written(seen, move || {
        let comparison = comparison.get()?;
        let Contender { rule, run, .. } = comparison.contender(lab.selected.get())?;
        // A run that could not go on has fewer steps than the cursor may point at: its last is
        // shown. At the start there is none.
        let step = run.step_shown(cursor.get());
        (step > 0).then(|| {
            Request::Write(Written {
                objective: name,
                rule: *rule,
                experiment: lab.experiment_shown(),
                part: Part::Step(step),
            })
        })
    });
    let contender = move || comparison.with(|c| c.as_ref()?.contender(lab.selected.get()).cloned());
    let now = move |run: &Trajectory| run.step_shown(cursor.get());
    let heading = move || {
        let steps = comparison.with(|c| c.as_ref().map_or(0, |c| c.steps));
        let step = contender().map_or(0, |contender| now(&contender.run));
        format!("Step {step} of {steps} on {}", name.name())
    };
    let loss = move || {
        let Some(Contender { run, rule, .. }) = contender() else {
            return String::new();
        };
        let said = summary(&run, now(&run));
        if comparison.with(|c| c.as_ref().is_some_and(|c| c.contenders.len() > 1)) {
            return [rule.description().label, ": ", &said].concat();
        }
        said
    };
    section.children([
        el("div")
            .class("inspector-head")
            .children([el("h3").text_of(heading), rule_menu(lab)]),
        el("p").class("inspector-loss").text_of(loss),
        el("div")
            .class("inspector-coordinates")
            .html_of(move || equations.html.get()),
        equations.failure(),
    ])
}

/// Which of several rules is looked into.
fn rule_menu(lab: Lab) -> El {
    let rules = memo(move || lab.experiment.with(|e| e.rules.clone()));
    let chosen = move |event: Event| {
        let rule = RuleName::from_name(&event_target_value(&event));
        lab.change(|settings| settings.selected = rule);
    };
    el("div").class("rule-menu").contents_of(move || {
        let rules = rules.get();
        if rules.len() < 2 {
            return Vec::new();
        }
        let option = |rule: &RuleName| {
            el("option")
                .attr("value", rule.name())
                .text(rule.description().label)
        };
        let menu = el("select")
            .attr("aria-label", "Rule looked into")
            .children(rules.iter().map(option))
            .value_of(move || lab.selected.get().name().to_owned())
            .on("change", chosen);
        vec![menu]
    })
}

/// The loss before and after step `t`, or why there is no step to show.
fn summary(run: &Trajectory, t: usize) -> String {
    let loss = |t| significant(run.loss(t), DIGITS);
    if run.steps.is_empty() {
        return no_step(run).to_owned();
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
