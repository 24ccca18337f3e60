//! The controls of the experiment: each speaks of one part of it, by its name in links.

use leptos_dom::helpers::{event_target, event_target_value};
use reactive_graph::graph::untrack;
use web_sys::{Event, HtmlInputElement};

use super::state::SparseLab;
use crate::number::{parse, shortest};
use crate::slider::Move;
use crate::sparse::experiment::{Data, Experiment};
use crate::sparse::query;
use crate::sparse::slider::{POSITIONS, Range, SLIDERS};
use crate::ui::dom::{El, el};
use crate::ui::reactive::memo;
use crate::ui::slider::{Track, slider as track_of, with_keys};

fn text_of(lab: SparseLab, name: &'static str) -> String {
    let text = lab.experiment.with(|e| query::get(e, name));
    text.unwrap_or_default()
}

/// A field for a number or a text, after its label.
fn field(lab: SparseLab, name: &'static str, label: &str) -> El {
    let typed = move |event: Event| {
        lab.set_typed(name, &event_target_value(&event));
        event_target::<HtmlInputElement>(&event).set_value(&text_of(lab, name));
    };
    el("input")
        .attr("type", "text")
        .class("number")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("name", name)
        .test_id(&["sparse-", name].concat())
        .attr("aria-label", label)
        .value_of(move || text_of(lab, name))
        .on("change", typed)
}

/// A number by field alone.
#[must_use]
pub fn number(lab: SparseLab, name: &'static str, label: &str) -> El {
    el("label").class("control field-row").children([
        el("span").class("control-label").text(label),
        field(lab, name, label),
    ])
}

/// A number by slider and field; the slider is that of [`SLIDERS`].
#[must_use]
pub fn slider(lab: SparseLab, name: &'static str, label: &str) -> El {
    let range = SLIDERS.iter().find(|(known, _)| *known == name);
    // Every slider asked for is in the list; of any other the field would be left.
    let range = range.map_or(Range::linear(0.0, 1.0), |(_, range)| *range);
    let id = ["sparse-", name, "-slider"].concat();
    let number = move || parse(&text_of(lab, name)).unwrap_or(range.low);
    let set = move |value: f64| lab.set(name, &shortest(value));
    let track = Track {
        value: Box::new(move || untrack(number)),
        position: Box::new(move |value| range.position(value)),
        value_at: Box::new(move |position| range.value(position)),
        set: Box::new(set),
    };
    let key = move |by: Move| set(range.moved(untrack(number), by));
    let slider = with_keys(track_of(track), key)
        .attr("id", &id)
        .attr("max", &POSITIONS.to_string())
        .value_of(move || range.position(number()).to_string())
        .attr_of("aria-valuetext", move || text_of(lab, name));
    let as_number = [label, ", as a number"].concat();
    let label = el("label")
        .class("control-label")
        .attr("for", &id)
        .text(label);
    el("div").class("control").children([
        el("div").class("control-head").children([label]),
        el("div")
            .class("control-row")
            .children([slider, field(lab, name, &as_number)]),
    ])
}

/// One of some names, each with what it is called; `chosen` by another way than [`query`].
#[must_use]
pub fn choice(
    group: &'static str,
    legend: &str,
    options: &[(&'static str, &str)],
    chosen: impl Fn() -> String + Send + Sync + 'static,
    choose: impl Fn(&'static str) + Copy + 'static,
) -> El {
    let chosen = memo(chosen);
    let option = |&(value, label): &(&'static str, &str)| {
        let input = el("input")
            .attr("type", "radio")
            .attr("name", group)
            .attr("value", value)
            .checked_of(move || chosen.with(|chosen| chosen == value))
            .on("change", move |_: Event| choose(value));
        el("label").children([input, el("span").text(label)])
    };
    el("fieldset")
        .class("choice")
        .children([el("legend").text(legend)])
        .children(options.iter().map(option))
}

/// One of some names that a link has.
#[must_use]
pub fn choice_of(
    lab: SparseLab,
    name: &'static str,
    legend: &str,
    options: &[(&'static str, &str)],
) -> El {
    let chosen = move || text_of(lab, name);
    choice(name, legend, options, chosen, move |value| {
        lab.set(name, value)
    })
}

/// A box to tick.
#[must_use]
pub fn tick(
    name: &str,
    label: &str,
    is_ticked: impl Fn() -> bool + 'static,
    act: impl Fn(bool) + 'static,
) -> El {
    let input = el("input")
        .attr("type", "checkbox")
        .attr("name", name)
        .checked_of(is_ticked)
        .on("change", move |event: Event| {
            act(event_target::<HtmlInputElement>(&event).checked());
        });
    el("label")
        .class("tick")
        .children([input, el("span").text(label)])
}

/// Shows it while the data are of that kind.
#[must_use]
pub fn of_data(lab: SparseLab, control: El, is_of: fn(&Data) -> bool) -> El {
    control.shown_of(move || lab.experiment.with(|e: &Experiment| is_of(&e.data)))
}
