//! The rules shown, as the figures draw them; each can be switched off.

use super::display::Display;
use super::dom::{El, button, el};
use super::reactive::memo;
use super::state::Lab;
use crate::chart::{ChartTheme, Look, Marker};
use crate::number::shortest;
use crate::settings::RuleName;

/// A button for each of several rules: pressed while its lines are shown.
#[must_use]
pub fn legend(lab: Lab, display: Display) -> El {
    let rules = memo(move || lab.experiment.with(|e| e.rules.clone()));
    let entries = move || {
        let rules = rules.get();
        if rules.len() < 2 {
            return Vec::new();
        }
        let entry = |(place, rule): (usize, RuleName)| entry(lab, display, place, rule);
        rules.into_iter().enumerate().map(entry).collect()
    };
    el("div")
        .class("rule-legend")
        .attr("role", "group")
        .attr("aria-label", "Rules shown")
        .contents_of(entries)
}

fn entry(lab: Lab, display: Display, place: usize, rule: RuleName) -> El {
    let is_shown = move || lab.settings.with(|s| !s.hidden.contains(&rule));
    let toggle = move || {
        lab.change(|settings| match settings.hidden.contains(&rule) {
            true => settings.hidden.retain(|hidden| *hidden != rule),
            false => settings.hidden.push(rule),
        });
    };
    button("", toggle)
        .class("rule-toggle")
        .test_id(&format!("toggle-{}", rule.name()))
        .attr_of("aria-pressed", move || is_shown().to_string())
        .children([
            el("span")
                .class("rule-swatch")
                .attr("aria-hidden", "true")
                .html_of(move || swatch(&display.chart_theme(), place)),
            el("span").text(rule.description().label),
        ])
}

/// A piece of the line of the rule at `place`, with its marker, as SVG.
#[must_use]
pub fn swatch(theme: &ChartTheme, place: usize) -> String {
    let Look {
        color: (red, green, blue),
        marker,
        dash,
    } = theme.look(place);
    let dash = dash.map_or_else(String::new, |[on, off]| {
        let [on, off] = [on, off].map(shortest);
        format!(" stroke-dasharray=\"{on} {off}\"")
    });
    let paint = format!("rgb({red},{green},{blue})");
    let marker = match marker {
        Marker::Disc => "<circle cx=\"16\" cy=\"7\" r=\"3.5\"/>",
        Marker::Square => "<path d=\"M12.8 3.8h6.4v6.4h-6.4z\"/>",
        Marker::Triangle => "<path d=\"M16 2.5l4.2 7.5h-8.4z\"/>",
        Marker::Diamond => "<path d=\"M16 2.2l4.4 4.8-4.4 4.8-4.4-4.8z\"/>",
        Marker::Ring => "<circle cx=\"16\" cy=\"7\" r=\"3.2\" fill=\"none\" stroke-width=\"2\"/>",
        Marker::Cross => "<path d=\"M12.5 3.5l7 7m0-7l-7 7\" stroke-width=\"2\"/>",
    };
    format!(
        "<svg width=\"32\" height=\"14\" fill=\"{paint}\" stroke=\"{paint}\">\
         <path d=\"M1 7h30\" fill=\"none\" stroke-width=\"2\"{dash}/>{marker}</svg>"
    )
}
