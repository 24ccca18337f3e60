//! Which rules race, and at which η.

use leptos_dom::helpers::{event_target, event_target_value};
use web_sys::{Event, HtmlInputElement};

use super::state::SparseLab;
use crate::number::shortest;
use crate::settings::Problem;
use crate::settings::number::{allowed_beside, parse_number};
use crate::sparse::experiment::{Entrant, Rate};
use crate::sparse::race::Report;
use crate::sparse::rules::Kind;
use crate::ui::dom::{El, el};
use crate::ui::panel_section::section;

/// The section of the panel that is about the rules.
#[must_use]
pub fn rules(lab: SparseLab) -> El {
    let rows = Kind::ALL.map(|kind| rule(lab, kind));
    let hint = "η is tuned for each rule on the same eleven rates, 0.0001 to 10, by its progressive \
        loss. Or type one: while the race is on, it holds from the next batch.";
    section(
        "Rules and η",
        true,
        vec![
            el("div").class("entrants").children(rows),
            el("p").class("hint").text(hint),
            el("details").class("rule-settings").children([
                el("summary").text("What the rules do with sparse features"),
                semantics(),
            ]),
        ],
    )
}

fn rule(lab: SparseLab, kind: Kind) -> El {
    let rate = move || {
        lab.experiment.with(|e| {
            let mut rules = e.rules.iter();
            rules.find(|rule| rule.kind == kind).map(|rule| rule.rate)
        })
    };
    let toggle = move |event: Event| {
        let mut experiment = lab.experiment.get_untracked();
        if experiment.rules.iter().any(|rule| rule.kind == kind) {
            if experiment.rules.len() > 1 {
                experiment.rules.retain(|rule| rule.kind != kind);
            }
        } else {
            let rate = Rate::Tuned;
            experiment.rules.push(Entrant { kind, rate });
        }
        lab.change(experiment);
        let is_in = lab
            .experiment
            .with_untracked(|e| e.rules.iter().any(|rule| rule.kind == kind));
        // The last rule stays.
        event_target::<HtmlInputElement>(&event).set_checked(is_in);
    };
    let tuned = move || {
        let found = |report: &Option<Report>| {
            let mut rules = report.as_ref()?.rules.iter();
            rules.find(|rule| rule.kind == kind)?.learning_rate
        };
        lab.report.with(found)
    };
    let text = move || match rate() {
        Some(Rate::Given(rate)) => shortest(rate),
        _ => String::new(),
    };
    let typed = move |event: Event| {
        let given = event_target_value(&event);
        let rate = match given.trim() {
            "" | "tuned" => Some(Rate::Tuned),
            given if given == text() => rate(),
            given => parse_number(given)
                .filter(|rate| *rate > 0.0 && *rate <= 1e6)
                .map(Rate::Given),
        };
        let name = ["η of ", kind.label()].concat();
        lab.problems
            .update(|problems| problems.retain(|known| known.name != name));
        if let Some(rate) = rate {
            lab.set_rate(kind, rate);
        } else {
            let allowed = "a number above 0 and up to 1e6, or nothing to have it tuned";
            let used = match text().as_str() {
                "" => "the tuned one".to_owned(),
                used => used.to_owned(),
            };
            let allowed = allowed_beside(allowed.to_owned(), &given);
            let problem = Problem::new(&name, &given, allowed, used);
            lab.problems.update(|problems| problems.push(problem));
        }
        event_target::<HtmlInputElement>(&event).set_value(&text());
    };
    let label = ["η of ", kind.label(), ", empty to have it tuned"].concat();
    let box_ = el("input")
        .attr("type", "checkbox")
        .attr("name", "rule")
        .attr("value", kind.name())
        .checked_of(move || rate().is_some())
        .on("change", toggle);
    let placeholder = move || match tuned().filter(|_| !lab.is_changed()) {
        Some(rate) => ["tuned: ", &shortest(rate)].concat(),
        None => "tuned".to_owned(),
    };
    let field = el("input")
        .attr("type", "text")
        .class("number")
        .attr("inputmode", "decimal")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .attr("aria-label", &label)
        .test_id(&["sparse-eta-", kind.name()].concat())
        .attr_of("placeholder", placeholder)
        .value_of(text)
        .on("change", typed)
        .shown_of(move || rate().is_some());
    el("div").class("entrant").children([
        el("label")
            .class("tick")
            .children([box_, el("span").text(kind.label())]),
        field,
    ])
}

/// What each rule does, as [`crate::sparse::rules`] defines it.
fn semantics() -> El {
    let rows: [(Kind, &str); 6] = [
        (Kind::Adagrad, "s += g²; w −= η g/√(s + ε)"),
        (Kind::Sgd, "w −= η g"),
        (Kind::Decay, "w −= η/√t g, where t counts batches"),
        (Kind::Counter, "n += 1 where g ≠ 0; w −= η g/√(n + ε)"),
        (Kind::RmsProp, "s ← 0.9 s + 0.1 g²; w −= η g/√(s + ε)"),
        (
            Kind::Adam,
            "m ← 0.9 m + 0.1 g; v ← 0.999 v + 0.001 g²; w −= η m̂/(√v̂ + ε), where t of the bias \
             correction counts batches",
        ),
    ];
    let terms = rows
        .into_iter()
        .flat_map(|(kind, formula)| [el("dt").text(kind.label()), el("dd").text(formula)]);
    el("div").class("panel-body").children([
        el("p").class("hint").text(
            "All are lazy: only features that occur in a batch are updated, with the mean gradient \
             of the batch. For the first four that changes nothing. RMSProp's s and Adam's m and v \
             would fade, and Adam would go on moving w, while a feature is away; lazily they rest.",
        ),
        el("dl").class("semantics").children(terms),
    ])
}
