//! Every rule's figures in a table, live.

use super::state::SparseLab;
use crate::number::{fixed, shortest, significant};
use crate::sparse::metrics::Metrics;
use crate::sparse::race::{Report, Standing};
use crate::sparse::rules::Kind;
use crate::ui::display::Display;
use crate::ui::dom::{El, button, el};
use crate::ui::legend::swatch;

/// The table.
#[must_use]
pub fn standings(lab: SparseLab, display: Display) -> El {
    let rows = move || {
        let kinds = lab.kinds.get().into_iter().enumerate();
        kinds
            .map(|(place, kind)| row(lab, display, place, kind))
            .collect()
    };
    let tested = move || {
        let is_held_out = lab
            .data
            .with(|data| data.as_ref().is_none_or(|d| d.held_out > 0.0));
        let on = if is_held_out {
            "held out"
        } else {
            "on the training examples"
        };
        format!("Loss, {on}")
    };
    let head = |text: &str| el("th").attr("scope", "col").text(text);
    el("div")
        .class("card standings")
        .children([el("table").test_id("standings").children([
            el("caption").text("Each rule on identical batches"),
            el("thead").children([el("tr").children([
                head("Rule"),
                head("η"),
                head("Epochs"),
                head("Progressive loss"),
                el("th").attr("scope", "col").text_of(tested),
                head("Accuracy"),
                head("ROC-AUC"),
            ])]),
            el("tbody").contents_of(rows),
        ])])
}

/// A button for each rule: pressed while its lines are shown.
#[must_use]
pub fn legend(lab: SparseLab, display: Display) -> El {
    let entries = move || {
        let kinds = lab.kinds.get().into_iter().enumerate();
        let entry = |(place, kind)| toggle(lab, display, place, kind);
        kinds.map(entry).collect()
    };
    el("div")
        .class("rule-legend")
        .attr("role", "group")
        .attr("aria-label", "Rules shown")
        .contents_of(entries)
}

fn toggle(lab: SparseLab, display: Display, place: usize, kind: Kind) -> El {
    let is_shown = move || lab.hidden.with(|hidden| !hidden.contains(&kind));
    let toggle = move || {
        lab.hidden.update(|hidden| {
            if hidden.contains(&kind) {
                hidden.retain(|other| *other != kind);
            } else {
                hidden.push(kind);
            }
        });
    };
    button("", toggle)
        .class("rule-toggle")
        .test_id(&["toggle-", kind.name()].concat())
        .attr_of("aria-pressed", move || is_shown().to_string())
        .children(named(display, place, kind))
}

/// A piece of the rule's line, and its name.
fn named(display: Display, place: usize, kind: Kind) -> [El; 2] {
    let swatch = el("span")
        .class("rule-swatch")
        .attr("aria-hidden", "true")
        .html_of(move || swatch(&display.chart_theme(), place));
    [swatch, el("span").text(kind.label())]
}

fn row(lab: SparseLab, display: Display, place: usize, kind: Kind) -> El {
    let of = move |read: fn(&Standing) -> Option<String>| {
        move || {
            let standing = |report: &Option<Report>| {
                let mut rules = report.as_ref()?.rules.iter();
                read(rules.find(|rule| rule.kind == kind)?)
            };
            lab.report.with(standing).unwrap_or_else(|| "–".to_owned())
        }
    };
    let cell = |id: &str, read: fn(&Standing) -> Option<String>| {
        el("td")
            .test_id(&[id, "-", kind.name()].concat())
            .text_of(of(read))
    };
    el("tr").children([
        el("th").attr("scope", "row").children([el("span")
            .class("rule-name")
            .children(named(display, place, kind))]),
        cell("rate", |rule| {
            let rate = shortest(rule.learning_rate?);
            let note = match rule {
                _ if rule.has_changed_rate => ", changed on the way",
                _ if rule.is_untuned => ", all alike",
                _ if rule.is_at_an_end => ", at the end of the grid",
                _ => "",
            };
            Some([&rate, note].concat())
        }),
        cell("epochs", |rule| Some(rule.epoch_losses.len().to_string())),
        cell("progressive", |rule| {
            let loss = rule.loss_so_far.or(rule.epoch_losses.last().copied())?;
            Some(loss_text(loss))
        }),
        cell("loss", |rule| {
            last(rule).map(|metrics| loss_text(metrics.loss))
        }),
        cell("accuracy", |rule| {
            let accuracy = last(rule)?.accuracy?;
            Some([&fixed(100.0 * accuracy, 2), " %"].concat())
        }),
        cell("auc", |rule| last(rule)?.auc.map(|auc| fixed(auc, 4))),
    ])
}

/// The last test there was.
fn last(rule: &Standing) -> Option<&Metrics> {
    rule.tested.iter().rev().find_map(Option::as_ref)
}

fn loss_text(loss: f64) -> String {
    match loss {
        // In full, it would be wider than its column.
        1e6..f64::INFINITY => significant(loss, 3),
        _ if loss.is_finite() => fixed(loss, 4),
        _ => "diverged".to_owned(),
    }
}
