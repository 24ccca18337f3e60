//! The sections of the panel of controls, the same in both views.

use super::dom::{El, el};

/// A section that folds; unfolded at first if `is_open`.
#[must_use]
pub fn section(title: &str, is_open: bool, contents: Vec<El>) -> El {
    let section = el("details").class("panel-section");
    let section = if is_open {
        section.attr("open", "")
    } else {
        section
    };
    section.children([
        el("summary").children([el("h2").text(title)]),
        el("div").class("panel-body").children(contents),
    ])
}
