//! The page: masthead, messages, controls, one column of figures per objective, player, details.

use super::alerts::alerts;
use super::canvas::Frame;
use super::caption::{Explain, caption};
use super::controls::controls;
use super::display::Display;
use super::dom::{El, button, el};
use super::exports::exports;
use super::figure_card::FigureCard;
use super::inspector::inspector;
use super::landscape::{landscape_card, runs_of};
use super::legend::legend;
use super::map_card::{map_card, map_menu};
use super::player::player;
use super::reactive::{Memo, RwSignal, derived, memo};
use super::rules_table::rules_table;
use super::runs::{follow_runs, run_progress};
use super::settling::settle;
use super::state::{Lab, Side};
use super::step_table::step_table;
use super::stopping::{readout, sweep_card};
use super::theme_menu::theme_menu;
use super::typed::follow_function;
use crate::chart::{AccumulatorChart, AnyFigure, FigureName, LossChart, RatesChart, Runs};
use crate::diagnosis::explain;
use crate::settings::{ObjectiveName, Settings};

const LEDE: &str = "Every coordinate gets its own learning rate: η divided by the root of its \
    summed squared gradients. Move anything; the real algorithm runs again at once.";

/// The whole page.
#[must_use]
pub fn app(lab: Lab, foreign: Vec<String>) -> El {
    let display = Display::watch(move || lab.settings.with(|s| s.theme));
    let beside = lab.beside();
    follow_function(lab);
    follow_function(beside);
    follow_runs(lab);
    follow_runs(beside);
    settle(lab);
    let compares = memo(move || lab.settings.with(|s| s.other.is_some()));
    let columns = memo(move || lab.settings.with(columns));
    let column = move |(side, name)| {
        let lab = if side == Side::A { lab } else { beside };
        objective_column(lab, display, name)
    };
    let workbench = el("div").class("workbench").children([
        el("aside")
            .class("panel")
            .attr("aria-label", "Controls")
            .children(panel(lab, beside, compares)),
        el("main").class("stage").children([
            el("div")
                .class("stage-head")
                .children([legend(lab, display), map_menu(lab)]),
            el("div")
                .class("objectives")
                .child_for_each(move || columns.get(), column),
            exports(lab, beside, columns, foreign),
            rules_table(lab),
        ]),
    ]);
    el("div")
        .class("lab")
        .class_of("embedded", move || lab.settings.with(|s| s.embed))
        .children([
            masthead(lab),
            alerts(lab.problems),
            workbench,
            player(lab),
            run_progress(lab, beside),
        ])
}

/// What has a column: the objectives of A, each with B beside it where B shows it too, so that what
/// differs is their settings, and then those of B alone.
fn columns(settings: &Settings) -> Vec<(Side, ObjectiveName)> {
    let of_a = &settings.experiment.objectives;
    let of_b = settings.other.as_ref().map(|other| &other.objectives);
    let of_b = of_b.map_or(&[][..], Vec::as_slice);
    let mut columns = Vec::new();
    for &name in of_a {
        columns.push((Side::A, name));
        if of_b.contains(&name) {
            columns.push((Side::B, name));
        }
    }
    let b_alone = of_b.iter().filter(|name| !of_a.contains(name));
    columns.extend(b_alone.map(|&name| (Side::B, name)));
    columns
}

/// The controls of the experiment, or of both with a switch between them.
fn panel(lab: Lab, beside: Lab, compares: Memo<bool>) -> [El; 3] {
    let side = RwSignal::new(Side::A);
    let shown = memo(move || if compares.get() { side.get() } else { Side::A });
    let choose = move |name: &str, chosen: Side| {
        button(name, move || side.set(chosen))
            .test_id(&["side-", name].concat())
            .attr_of("aria-pressed", move || (shown.get() == chosen).to_string())
    };
    let sides = el("div")
        .class("sides")
        .attr("role", "group")
        .attr(
            "aria-label",
            "Which of the two settings the controls change",
        )
        .children([choose("A", Side::A), choose("B", Side::B)])
        .shown_of(move || compares.get());
    // B's controls are there while B is: most pages have none.
    let of_b = move || {
        if compares.get() {
            controls(beside)
        } else {
            Vec::new()
        }
    };
    [
        sides,
        el("div")
            .class("panel-sections")
            .children(controls(lab))
            .shown_of(move || shown.get() == Side::A),
        el("div")
            .class("panel-sections")
            .contents_of(of_b)
            .shown_of(move || shown.get() == Side::B),
    ]
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
            button("", move || lab.toggle_other())
                .test_id("compare")
                .text_of(move || {
                    let label = if lab.settings.with(|s| s.other.is_some()) {
                        "End A/B"
                    } else {
                        "A/B"
                    };
                    label.to_owned()
                }),
            el("a")
                .class("button-link")
                .attr("href", "?view=sparse")
                .test_id("to-sparse")
                .text("Sparse lab"),
            button("Reset", reset).test_id("reset"),
            theme_menu(
                move || lab.settings.with(|s| s.theme),
                move |theme| lab.change(|settings| settings.theme = theme),
            ),
        ]),
    ])
}

/// All figures of one objective.
fn objective_column(lab: Lab, display: Display, name: ObjectiveName) -> El {
    let (comparison, runs) = runs_of(lab, name);
    let chart = |title, figure_name, figure: fn(Runs) -> AnyFigure, explain: Explain| {
        FigureCard {
            lab,
            display,
            frame: Frame::new(),
            title,
            name: figure_name,
            objective: name,
            figure: derived(move || Some(figure(runs.get()))),
            caption: caption(lab, comparison, runs, explain),
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
        sweep_card(lab, display, name, comparison),
    ]);
    let details = el("div").class("details").children([
        inspector(lab, name, comparison),
        step_table(lab, name, comparison),
    ]);
    let heading = move || {
        let formula = match name.description().formula {
            // What is shown, which what is being typed may not be yet.
            "" => match lab.typed.get() {
                Some(function) => ["f = ", &function.source].concat(),
                None => "your function".to_owned(),
            },
            formula => formula.to_owned(),
        };
        let side = match lab.side {
            _ if lab.settings.with(|s| s.other.is_none()) => "",
            Side::A => "A: ",
            Side::B => "B: ",
        };
        [side, &formula].concat()
    };
    el("section")
        .class("objective-column")
        .attr("aria-label", &lab.id("objective", name))
        .children([
            el("h2").text_of(heading),
            landscape_card(lab, display, name, comparison, runs),
            readout(lab, name, comparison, runs),
            map_card(lab, display, name, comparison),
            charts,
            details,
        ])
}
