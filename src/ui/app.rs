//! The page: masthead, messages, controls, one column of figures per objective, player, details.

use leptos::prelude::*;
use leptos::web_sys::Event;

use super::controls::controls;
use super::display::Display;
use super::dom::{El, button, el, memo};
use super::exports::exports;
use super::figure_card::FigureCard;
use super::inspector::inspector;
use super::landscape::{landscape_card, runs_of};
use super::player::player;
use super::state::Lab;
use super::step_table::step_table;
use super::stopping::{readout, sweep_card};
use crate::chart::{AccumulatorChart, AnyFigure, FigureName, LossChart, RatesChart, Runs};
use crate::diagnosis::explain;
use crate::settings::{ObjectiveName, Settings};
use crate::trajectory::Trajectory;

const LEDE: &str = "Every coordinate gets its own learning rate: η divided by the root of its \
    summed squared gradients. Move anything; the real algorithm runs again at once.";

/// The whole page.
#[must_use]
pub fn app(lab: Lab, foreign: Vec<String>) -> El {
    let display = Display::watch(lab);
    let objectives = memo(move || lab.experiment.with(|e| e.objectives.clone()));
    let workbench = el("div").class("workbench").children([
        el("aside")
            .class("panel")
            .attr("aria-label", "Controls")
            .children(controls(lab)),
        el("main").class("stage").children([
            el("div").class("objectives").child_for_each(
                move || objectives.get(),
                move |name| objective_column(lab, display, name),
            ),
            exports(lab, objectives, foreign),
        ]),
    ]);
    el("div")
        .class("lab")
        .class_of("embedded", move || lab.settings.with(|s| s.embed))
        .children([masthead(lab), alerts(lab), workbench, player(lab)])
}

fn masthead(lab: Lab) -> El {
    let is_pinned = move || lab.settings.with(|settings| settings.pinned.is_some());
    let toggle_pin = move || {
        lab.change(|settings| {
            settings.pinned = match settings.pinned {
                Some(_) => None,
                None => Some(settings.experiment.clone()),
            };
        });
    };
    let reset = move || {
        let embed = lab.settings.with_untracked(|settings| settings.embed);
        lab.problems.set(Vec::new());
        lab.restore(Settings {
            embed,
            ..Settings::default()
        });
    };
    el("header").class("masthead").children([
        el("div").children([
            el("h1").text("Adagrad Lab"),
            el("p").class("lede").text(LEDE),
        ]),
        el("div").class("masthead-actions").children([
            button("", toggle_pin).test_id("pin").text_of(move || {
                let label = if is_pinned() {
                    "Unpin the run"
                } else {
                    "Pin this run"
                };
                label.to_owned()
            }),
            button("Reset", reset).test_id("reset"),
            theme_menu(lab),
        ]),
    ])
}

fn theme_menu(lab: Lab) -> El {
    let options =
        ["system", "light", "dark"].map(|name| el("option").attr("value", name).text(name));
    let chosen = move |event: Event| {
        let theme = event_target_value(&event);
        lab.change(|settings| settings.choose("theme", &theme));
    };
    let menu = el("select")
        .attr("name", "theme")
        .children(options)
        .value_of(move || lab.settings.with(|s| s.get("theme")).unwrap_or_default())
        .on("change", chosen);
    el("label")
        .class("theme")
        .children([el("span").text("Theme"), menu])
}

/// What could not be followed, until dismissed.
fn alerts(lab: Lab) -> El {
    let alert = move || {
        let problems = lab.problems.get();
        if problems.is_empty() {
            return Vec::new();
        }
        let lines = problems.iter();
        let lines = lines.map(|problem| el("li").text(&problem.to_string()));
        let dismiss = button("✕", move || lab.problems.set(Vec::new()))
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

fn formula(name: ObjectiveName) -> &'static str {
    match name {
        ObjectiveName::F1 => "f1 = 0.1 x₁² + 2 x₂²",
        ObjectiveName::F2 => "f2 = 0.1 (x₁+x₂)² + 2 (x₁−x₂)²",
        ObjectiveName::Rotated => "rotated = ½ xᵀQ(θ, λ) x",
    }
}

/// All figures of one objective.
fn objective_column(lab: Lab, display: Display, name: ObjectiveName) -> El {
    let (run, runs) = runs_of(lab, name);
    let chart = |title, figure_name, figure: fn(Runs) -> AnyFigure, explain: Explain| {
        FigureCard {
            lab,
            display,
            title,
            name: figure_name,
            objective: name,
            figure: Signal::derive(move || figure(runs.get())),
            caption: Signal::derive(move || runs.with(|r| explain(&r.current, r.cursor))),
            on_drag: None,
        }
        .build()
    };
    let charts = el("div").class("charts").children([
        chart(
            "Effective rates",
            FigureName::Rates,
            |runs| AnyFigure::Rates(RatesChart(runs)),
            explain::effective_rates,
        ),
        chart(
            "Accumulators",
            FigureName::Accumulator,
            |runs| AnyFigure::Accumulator(AccumulatorChart(runs)),
            explain::accumulator,
        ),
        chart(
            "Loss",
            FigureName::Loss,
            |runs| AnyFigure::Loss(LossChart(runs)),
            explain::loss,
        ),
        sweep_card(lab, display, name, runs),
    ]);
    let details = el("div")
        .class("details")
        .children([inspector(lab, name, run), step_table(lab, name, run)]);
    el("section")
        .class("objective-column")
        .attr("aria-label", name.name())
        .children([
            el("h2").text(formula(name)),
            landscape_card(lab, display, name, runs),
            readout(lab, name, runs),
            charts,
            details,
        ])
}

/// One line of plain words on a run at the cursor.
type Explain = fn(&Trajectory, usize) -> String;
