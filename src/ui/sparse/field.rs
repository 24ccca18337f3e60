//! The controls of the experiment: each speaks of one part of it, by its name in links.

use leptos_dom::helpers::{event_target, event_target_value};
use web_sys::{Event, HtmlInputElement};

use super::state::SparseLab;
use crate::number::{round_significant, shortest};
use crate::sparse::experiment::{Data, Experiment};
use crate::sparse::query;
use crate::ui::dom::{El, el};
use crate::ui::reactive::memo;

/// A slider's range.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// From where.
    pub low: f64,
    /// To where.
    pub high: f64,
    /// Whether equal distances are equal factors; then `low` is above 0.
    pub is_log: bool,
    /// Whether only whole numbers make sense.
    pub is_whole: bool,
}

/// Positions of a slider.
const POSITIONS: f64 = 120.0;

impl Range {
    /// Equal distances, equal differences.
    #[must_use]
    pub const fn linear(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            is_log: false,
            is_whole: false,
        }
    }

    /// Whole numbers, equal factors.
    #[must_use]
    pub const fn whole(low: f64, high: f64) -> Self {
        Self {
            low,
            high,
            is_log: true,
            is_whole: true,
        }
    }

    fn value(self, position: f64) -> f64 {
        let share = position / POSITIONS;
        let value = if self.is_log {
            self.low * (self.high / self.low).powf(share)
        } else {
            self.low + share * (self.high - self.low)
        };
        // Two digits are what a reader sets; the ends are exact.
        let value = if self.is_whole {
            round_significant(value, 2).round()
        } else {
            round_significant(value, 2)
        };
        if position >= POSITIONS {
            self.high
        } else {
            value.clamp(self.low, self.high)
        }
    }

    fn position(self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        let share = if self.is_log {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        (share * POSITIONS).round()
    }
}

fn text_of(lab: SparseLab, name: &'static str) -> String {
    let text = lab.experiment.with(|e| query::get(e, name));
    text.unwrap_or_default()
}

/// A field for a number or a text, after its label.
fn field(lab: SparseLab, name: &'static str, label: &str) -> El {
    let typed = move |event: Event| {
        lab.set(name, &event_target_value(&event));
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

/// A number by slider and field.
#[must_use]
pub fn slider(lab: SparseLab, name: &'static str, label: &str, range: Range) -> El {
    let id = ["sparse-", name, "-slider"].concat();
    let number = move || text_of(lab, name).parse().unwrap_or(range.low);
    let slid = move |event: Event| {
        if let Ok(position) = event_target_value(&event).parse() {
            lab.set(name, &shortest(range.value(position)));
        }
    };
    let slider = el("input")
        .attr("type", "range")
        .attr("id", &id)
        .attr("min", "0")
        .attr("max", &POSITIONS.to_string())
        .attr("step", "1")
        .value_of(move || range.position(number()).to_string())
        .attr_of("aria-valuetext", move || text_of(lab, name))
        .on("input", slid);
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
