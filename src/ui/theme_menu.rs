//! The menu of the page's colours, the same in both views.

use leptos_dom::helpers::event_target_value;
use web_sys::Event;

use super::dom::{El, el};
use crate::settings::Theme;

const fn name(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}

/// The menu, which shows `shown` and calls `choose`.
pub fn theme_menu(shown: impl Fn() -> Theme + 'static, choose: impl Fn(Theme) + 'static) -> El {
    let options = Theme::ALL.map(|theme| el("option").attr("value", name(theme)).text(name(theme)));
    let chosen = move |event: Event| {
        let chosen = event_target_value(&event);
        if let Some(theme) = Theme::ALL.into_iter().find(|theme| name(*theme) == chosen) {
            choose(theme);
        }
    };
    let menu = el("select")
        .attr("name", "theme")
        .children(options)
        .value_of(move || name(shown()).to_owned())
        .on("change", chosen);
    el("label")
        .class("theme")
        .children([el("span").text("Theme"), menu])
}
