//! The step at the cursor, written out with its numbers.

use std::sync::Arc;

use leptos_dom::helpers::event_target_value;
use web_sys::Event;

use super::dom::{El, el};
use super::reactive::{Memo, RwSignal, follow, memo};
use super::state::Lab;
use super::visibility::in_sight;
use crate::comparison::{Comparison, Contender};
use crate::inspector::WrittenStep;
use crate::number::significant;
use crate::optimizer::Optimizer;
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
    let seen = in_sight(&section.node());
    // Equations cost the browser more than all figures together: out of sight they keep what they
    // say, and none of what follows reads anything.
    let shown = RwSignal::new(None::<Shown>);
    let now = move || {
        let comparison = comparison.get()?;
        let contender = comparison.contender(lab.selected.get())?;
        let run = Arc::clone(&contender.run);
        Some(Shown {
            optimizer: contender.optimizer,
            scale: comparison.problem.scale,
            step: run.step_shown(lab.cursor.get()),
            run,
        })
    };
    follow(move || {
        if seen.get() {
            shown.set(now());
        }
    });
    let say = move |say: fn(&Shown) -> String| {
        move || shown.with(|shown| shown.as_ref().map(say).unwrap_or_default())
    };
    let coordinate = |class: &str, title: &str, equations: fn(&Shown) -> String| {
        el("div")
            .class(class)
            .children([el("h4").text(title), el("dl").html_of(say(equations))])
    };
    let is_one_dimensional = move || {
        let dimension = |c: &Option<Arc<Comparison>>| Some(c.as_ref()?.objective().dimension());
        comparison.with(dimension) == Some(1)
    };
    let coordinates = el("div")
        .class("inspector-coordinates")
        .children([
            coordinate("inspector-coordinate x1", "x₁", |s| s.equations(0)),
            coordinate("inspector-coordinate x2", "x₂", |s| s.equations(1))
                .shown_of(move || !is_one_dimensional()),
        ])
        .shown_of(move || shown.with(|shown| shown.as_ref().is_some_and(|s| s.step != 0)));
    let contender = move || comparison.with(|c| c.as_ref()?.contender(lab.selected.get()).cloned());
    let now = move |run: &Trajectory| run.step_shown(lab.cursor.get());
    let heading = move || {
        let steps = lab.experiment.with(|experiment| experiment.steps);
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
        coordinates,
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

/// What the inspector shows.
#[derive(Clone)]
struct Shown {
    optimizer: Optimizer,
    /// b of the problem.
    scale: f64,
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
        let t = u32::try_from(self.step).unwrap_or(u32::MAX);
        let written = WrittenStep::new(&self.optimizer, self.scale, &self.run, t);
        let lines = written.map(|written| written.lines(coordinate));
        let mut markup = String::new();
        for line in lines.unwrap_or_default() {
            markup += &format!("<div><dt>{}</dt><dd>{}</dd></div>", line.label, line.mathml);
        }
        markup
    }
}
