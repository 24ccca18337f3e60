//! The rules side by side in words; every fact opens an experiment that shows it.

use leptos_dom::helpers::{event_target, window};
use web_sys::{Element, Event};

use super::dom::{El, el};
use super::presets::open_preset;
use super::reactive::RwSignal;
use super::state::Lab;
use crate::settings::RuleName;
use crate::settings::facts::{COLUMNS, facts};
use crate::settings::presets::Preset;

/// The table, folded.
#[must_use]
pub fn rules_table(lab: Lab) -> El {
    let open = move |event: Event| {
        let target: Element = event_target(&event);
        let preset = target.get_attribute("data-preset");
        if let Some(preset) = preset.and_then(|id| Preset::of_id(&id)) {
            open_preset(lab, preset);
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    };
    let table = el("div")
        .class("table-frame")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "The rules compared")
        .on("click", open);
    // Written when it is first opened: most readers never look.
    let opened = RwSignal::new(false);
    let table = table.html_of(move || {
        if opened.get() {
            markup()
        } else {
            String::new()
        }
    });
    el("details")
        .class("rules-table")
        .test_id("rules-table")
        .on("toggle", move |_: Event| opened.set(true))
        .children([el("summary").text("The rules compared"), table])
}

fn markup() -> String {
    let mut markup = "<table><thead><tr><th scope=\"col\">rule</th>".to_owned();
    for column in COLUMNS {
        markup += &["<th scope=\"col\">", column, "</th>"].concat();
    }
    markup += "</tr></thead><tbody>";
    for rule in RuleName::all() {
        let label = rule.description().label;
        markup += &["<tr><th scope=\"row\">", label, "</th>"].concat();
        for fact in facts(rule) {
            let cell = match fact.preset {
                Some(preset) => [
                    "<td><button type=\"button\" class=\"fact\" data-preset=\"",
                    preset.id,
                    "\" title=\"",
                    preset.title,
                    "\">",
                    fact.text,
                    "</button></td>",
                ]
                .concat(),
                None => ["<td>", fact.text, "</td>"].concat(),
            };
            markup += &cell;
        }
        markup += "</tr>";
    }
    markup + "</tbody></table>"
}
