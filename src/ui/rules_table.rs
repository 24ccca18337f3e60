//! The rules side by side in words, as the engine writes them; every fact opens an experiment that
//! shows it.

use super::reactive::RwSignal;
use leptos_dom::helpers::window;
use web_sys::Event;

use super::dom::{El, el};
use super::presets::open_pressed;
use super::state::Lab;
use super::written::written;
use crate::engine::Request;

/// The table, folded.
#[must_use]
pub fn rules_table(lab: Lab) -> El {
    let open = move |event: Event| {
        if open_pressed(lab, &event) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
    };
    // Written when it is first opened: most readers never look.
    let opened = RwSignal::new(false);
    let table = written(opened, || Some(Request::RulesTable));
    let frame = el("div")
        .class("table-frame")
        .attr("tabindex", "0")
        .attr("role", "region")
        .attr("aria-label", "The rules compared")
        .on("click", open)
        .html_of(move || table.html.get());
    el("details")
        .class("rules-table")
        .test_id("rules-table")
        .on("toggle", move |_: Event| opened.set(true))
        .children([
            el("summary").text("The rules compared"),
            frame,
            table.failure(),
        ])
}
