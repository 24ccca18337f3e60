//! Premature stopping: the readout below each landscape, and the sweep over η.

use std::sync::Arc;

use leptos::prelude::*;

use super::display::Display;
use super::dom::{El, el};
use super::figure_card::FigureCard;
use super::slices::in_slices;
use super::state::Lab;
use crate::chart::{AnyFigure, FigureName, FigureSize, Runs, SweepChart};
use crate::comparison::{Comparison, Contender, Swept};
use crate::diagnosis::sweep::learning_rate_range;
use crate::diagnosis::{Horizon, Measure, Progress, StepsNeeded, Sweep, explain, stops_early};
use crate::number::{percent, significant};
use crate::settings::{ObjectiveName, Property};

/// How far a rule comes on an objective.
#[derive(Clone)]
struct Standing {
    label: &'static str,
    progress: Option<Progress>,
    needed: Option<StepsNeeded>,
    steps: u32,
}

/// In place of what has no value.
const NOTHING: &str = "–";

impl Standing {
    fn stops_early(&self) -> bool {
        self.needed
            .is_some_and(|needed| stops_early(needed, self.steps))
    }

    fn at_start(&self) -> String {
        self.of_progress(|p| significant(p.at_start, 3))
    }

    fn now(&self) -> String {
        self.of_progress(|p| significant(p.now, 3))
    }

    fn left(&self) -> String {
        self.of_progress(|p| share(p.share_left))
    }

    fn last_step_covered(&self) -> String {
        self.of_progress(|p| share(p.last_step_covered))
    }

    fn of_progress(&self, text: fn(Progress) -> String) -> String {
        self.progress.map_or_else(|| NOTHING.to_owned(), text)
    }

    fn steps_needed(&self) -> String {
        match self.needed {
            None => "…".to_owned(),
            Some(StepsNeeded::Reached(steps)) => significant(steps.into(), 7),
            Some(StepsNeeded::MoreThan(_)) => "more than 10⁶".to_owned(),
            Some(
                StepsNeeded::Stuck { .. }
                | StepsNeeded::Diverged { .. }
                | StepsNeeded::Singular { .. },
            ) => "never".to_owned(),
            Some(StepsNeeded::NoMinimum) => NOTHING.to_owned(),
            Some(StepsNeeded::AtMinimum) => "0".to_owned(),
        }
    }
}

fn share(share: Option<f64>) -> String {
    share.map_or_else(|| NOTHING.to_owned(), percent)
}

/// A quantity of a standing: what it is called of distances and of losses, and its text.
type Quantity = (&'static str, &'static str, fn(&Standing) -> String);

const QUANTITIES: [Quantity; 5] = [
    (
        "distance at the start",
        "loss at the start",
        Standing::at_start,
    ),
    ("now", "now", Standing::now),
    ("left", "left", Standing::left),
    (
        "last step covered",
        "last step covered",
        Standing::last_step_covered,
    ),
    (
        "steps to within 1 %",
        "steps to within 1 %",
        Standing::steps_needed,
    ),
];

/// How far each rule has come, how far it would have to go on, and a badge when it stops early.
///
/// Absent where the objective has no lower bound.
#[must_use]
pub fn readout(
    lab: Lab,
    name: ObjectiveName,
    comparison: Memo<Option<Arc<Comparison>>>,
    runs: Signal<Runs>,
) -> El {
    let needed = in_slices(move || {
        let start = lab.experiment.with(|e| e.start);
        let comparison = comparison.get();
        let mut horizons: Vec<Horizon> = Vec::new();
        for contender in comparison.iter().flat_map(|c| &c.contenders) {
            let problem = comparison.as_ref().map(|c| c.problem.clone());
            horizons.extend(problem.map(|p| Horizon::new(p, contender.optimizer, start)));
        }
        let mut done = Vec::new();
        move |budget| {
            while let Some(horizon) = horizons.get_mut(done.len()) {
                done.push(horizon.advance(budget)?);
            }
            Some(done.clone())
        }
    });
    let standings = Memo::new_with_compare(
        move |_| {
            let comparison = comparison.get()?;
            let measure = Measure::of(comparison.objective())?;
            let cursor = runs.with(|runs| runs.cursor);
            let hidden = lab.settings.with(|s| s.hidden.clone());
            let steps = lab.experiment.with(|e| e.steps);
            let needed = needed.get().unwrap_or_default();
            let contenders = comparison.contenders.iter().enumerate();
            let standings: Vec<Standing> = contenders
                .filter(|(_, contender)| !hidden.contains(&contender.rule))
                .map(|(index, contender)| Standing {
                    label: contender.rule.description().label,
                    progress: Progress::at(&contender.run, comparison.objective(), cursor),
                    needed: needed.get(index).copied(),
                    steps,
                })
                .collect();
            Some((measure, standings))
        },
        |_, _| true,
    );
    let only = move || match standings.get() {
        Some((_, standings)) if standings.len() == 1 => standings.into_iter().next(),
        _ => None,
    };
    let markup = move || {
        standings.with(|standings| match standings {
            Some((measure, standings)) => match standings.as_slice() {
                [] => String::new(),
                [one] => list_of(*measure, one),
                several => table_of(*measure, several),
            },
            None => String::new(),
        })
    };
    let badge = el("span")
        .class("badge warning")
        .text("stops early")
        .shown_of(move || only().is_some_and(|standing| standing.stops_early()));
    let sentence = el("span").text_of(move || {
        let said = only().map(|standing| explain::stopping(standing.needed, standing.steps));
        said.unwrap_or_default()
    });
    let verdict = el("p")
        .shown_of(move || only().is_some())
        .children([badge, sentence]);
    el("div")
        .class("readout")
        .test_id(&lab.id("readout", name))
        .shown_of(move || standings.with(Option::is_some))
        .children([el("div").html_of(markup), verdict])
}

fn term(measure: Measure, (of_distance, of_loss, _): &Quantity) -> &'static str {
    match measure {
        Measure::Distance => of_distance,
        Measure::Loss => of_loss,
    }
}

/// One rule's standing, quantity by quantity.
fn list_of(measure: Measure, standing: &Standing) -> String {
    let mut markup = "<dl>".to_owned();
    for quantity in &QUANTITIES {
        let (term, value) = (term(measure, quantity), quantity.2(standing));
        markup += &format!("<div><dt>{term}</dt><dd>{value}</dd></div>");
    }
    markup + "</dl>"
}

/// The rules' standings, a row each.
fn table_of(measure: Measure, standings: &[Standing]) -> String {
    let mut markup = "<table><thead><tr><th scope=\"col\">rule</th>".to_owned();
    for quantity in &QUANTITIES {
        markup += &format!("<th scope=\"col\">{}</th>", term(measure, quantity));
    }
    markup += "</tr></thead><tbody>";
    for standing in standings {
        let badge = if standing.stops_early() {
            " <span class=\"badge warning\">stops early</span>"
        } else {
            ""
        };
        markup += &format!("<tr><th scope=\"row\">{}{badge}</th>", standing.label);
        for (_, _, text) in &QUANTITIES {
            markup += &format!("<td>{}</td>", text(standing));
        }
        markup += "</tr>";
    }
    markup + "</tbody></table>"
}

/// What is left over η for every rule; a drag along it sets the shared η.
#[must_use]
pub fn sweep_card(
    lab: Lab,
    display: Display,
    name: ObjectiveName,
    comparison: Memo<Option<Arc<Comparison>>>,
) -> El {
    // η itself does not change the curves.
    let swept_by = Memo::new(move |_| {
        let comparison = comparison.get()?;
        let plain = |c: &Contender| c.optimizer.with_learning_rate(1.0);
        let rules: Vec<_> = comparison.contenders.iter().map(plain).collect();
        let (start, steps) = lab.experiment.with(|e| (e.start, e.steps));
        Some((comparison.problem.clone(), rules, start, steps))
    });
    let swept = in_slices(move || {
        swept_by.track();
        let mut sweeps = comparison
            .get_untracked()
            .map(|comparison| {
                lab.experiment
                    .with_untracked(|e| comparison.sweeps(e.start, e.steps))
            })
            .unwrap_or_default();
        move |budget| {
            let is_done = |sweep: &mut Sweep| sweep.advance(budget);
            sweeps.iter_mut().all(is_done).then(|| {
                let points = |sweep: &Sweep| sweep.points().collect::<Swept>();
                sweeps.iter().map(points).collect::<Vec<_>>()
            })
        }
    });
    let chart = Memo::new_with_compare(
        move |_| {
            let comparison = comparison.get()?;
            Measure::of(comparison.objective())?;
            // Before the first sweep is done: the axes alone.
            Some(comparison.sweep_chart(&lab.own_settings(), &swept.get().unwrap_or_default()))
        },
        |_, _| true,
    );
    let caption = Memo::new(move |_| {
        chart.with(|chart| {
            let Some(chart) = chart else {
                return "This function has no lower bound: nothing is left to cover.".to_owned();
            };
            let Some(line) = chart.lines.get(chart.selected) else {
                return String::new();
            };
            let (learning_rate, left) = line.current;
            let said = explain::sweep(
                chart.measure,
                &line.points,
                learning_rate,
                left,
                chart.steps,
            );
            if chart.lines.len() == 1 {
                return said;
            }
            [line.label, ": ", &said].concat()
        })
    });
    let on_drag = move |x: f64, size: FigureSize| {
        let projection = SweepChart::projection(learning_rate_range(), &size);
        let along = ((x - projection.area.left) / projection.area.width()).clamp(0.0, 1.0);
        let Some(eta) = Property::named("eta").and_then(Property::quantity) else {
            return;
        };
        let position = (along * f64::from(eta.slider.positions)).round() as u32;
        lab.change(|settings| eta.set_nearest(settings, 0, eta.value_from_slider(position)));
    };
    FigureCard {
        lab,
        display,
        title: "Sweep over η",
        name: FigureName::Sweep,
        objective: name,
        figure: Signal::derive(move || chart.get().map(AnyFigure::Sweep)),
        caption: caption.into(),
        on_drag: Some(Box::new(on_drag)),
    }
    .build()
}
