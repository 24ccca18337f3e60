//! What could not be followed, of a link or a field.

use super::dom::{El, button, el};
use super::reactive::RwSignal;
use crate::settings::Problem;

/// The problems, until dismissed; dismissing forgets them.
#[must_use]
pub fn alerts(problems: RwSignal<Vec<Problem>>) -> El {
    let alert = move || {
        let told = problems.get();
        if told.is_empty() {
            return Vec::new();
        }
        let lines = told.iter();
        let lines = lines.map(|problem| el("li").text(&problem.to_string()));
        let dismiss = button("✕", move || problems.set(Vec::new()))
            .class("dismiss")
            .attr("aria-label", "Dismiss");
        let alert = el("div")
            .class("alert")
            .attr("role", "alert")
            .children([el("ul").children(lines), dismiss]);
        vec![alert]
    };
    el("div").class("alerts").contents_of(alert)
}
