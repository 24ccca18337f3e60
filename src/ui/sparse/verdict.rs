//! What the race shows, in plain sentences, and what chose the backend.

use super::state::SparseLab;
use crate::ui::dom::{El, el};

/// The lines above the table.
#[must_use]
pub fn verdict(lab: SparseLab) -> El {
    let sentences = move || {
        let why = lab.place.with(|place| place.why.clone());
        why.into_iter()
            .map(|line| el("p").class("hint").text(&line))
            .collect()
    };
    el("section")
        .class("verdict")
        .attr("aria-label", "What this race shows")
        .attr("aria-live", "polite")
        .test_id("verdict")
        .contents_of(sentences)
}
