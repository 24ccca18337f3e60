//! For features with names: those with the largest weights, among the frequent and among the rare.

use super::state::SparseLab;
use crate::number::{fixed, grouped, significant};
use crate::sparse::experiment::Data;
use crate::sparse::figures::{Word, Words};
use crate::sparse::rules::Kind;
use crate::ui::dom::{El, el};
use crate::ui::reactive::memo;

/// The card; shown for text.
#[must_use]
pub fn words(lab: SparseLab) -> El {
    let is_text = memo(move || {
        let is_text = |data: &Data| matches!(data, Data::Text { .. });
        lab.picture
            .with(|picture| is_text(&picture.experiment.data))
    });
    let lists = move || {
        if !is_text.get() {
            return Vec::new();
        }
        let hidden = lab.hidden.get();
        lab.picture.with(|picture| {
            let shown = picture.rules_but(&hidden).into_iter();
            let of_rule =
                |(place, kind): (usize, Kind)| Some(rule(kind, picture.words.get(place)?));
            shown.filter_map(of_rule).collect()
        })
    };
    let note = move || {
        lab.picture.with(|picture| match picture.words.first() {
            Some(words) => words.note(picture.data.labels.as_ref()),
            None => String::new(),
        })
    };
    el("section")
        .class("card words")
        .test_id("words")
        .attr("aria-label", "Words")
        .children([
            el("h3").text("Words with the largest weights"),
            el("p").class("hint").text_of(note),
            el("div").class("word-lists").contents_of(lists),
        ])
        .shown_of(move || is_text.get())
}

fn rule(kind: Kind, words: &Words) -> El {
    let lists = [("Frequent", &words.frequent), ("Rare", &words.rare)];
    let largest = words.frequent.iter().chain(&words.rare);
    let largest = largest.fold(0.0_f32, |largest, word| largest.max(word.weight.abs()));
    let list = |(title, words): (&str, &Vec<Word>)| {
        let rows = words.iter().map(|word| {
            let share = if largest > 0.0 {
                f64::from(word.weight.abs() / largest)
            } else {
                0.0
            };
            let sign = if word.weight < 0.0 {
                "negative"
            } else {
                "positive"
            };
            // An attribute and no style: a strict Content-Security-Policy allows it.
            let bar = format!(
                "<svg viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" class=\"{sign}\" \
                 aria-hidden=\"true\"><rect width=\"{:.1}\" height=\"8\"/></svg>",
                100.0 * share
            );
            el("tr").children([
                el("th").attr("scope", "row").text(&word.name),
                el("td").class("weight-bar").html_of(move || bar.clone()),
                el("td").text(&signed(word.weight)),
                el("td")
                    .class("muted")
                    .text(&[&grouped(f64::from(word.count)), "×"].concat()),
            ])
        });
        let table = el("table").test_id(&[title, "-", kind.name()].concat().to_lowercase());
        if words.is_empty() {
            return table.children([el("caption").text(&[title, ": none"].concat())]);
        }
        table.children([el("caption").text(title), el("tbody").children(rows)])
    };
    el("div").class("rule-words").children([
        el("h4").text(kind.label()),
        el("div").class("word-pair").children(lists.map(list)),
    ])
}

fn signed(weight: f32) -> String {
    let size = f64::from(weight.abs());
    // In full, it would be wider than its column.
    let text = match size {
        1e6.. => significant(size, 3),
        _ => fixed(size, 2),
    };
    [if weight < 0.0 { "−" } else { "+" }, &text].concat()
}
