//! Premature stopping: the readout below each landscape, and the sweep over η.

use std::sync::Arc;

use super::canvas::Frame;
use super::display::Display;
use super::dom::{El, el};
use super::figure_card::FigureCard;
use super::reactive::{Memo, derived, memo, while_seen};
use super::slices::in_slices;
use super::state::Lab;
use super::visibility::in_sight;
use crate::chart::{AnyFigure, FigureName, FigureSize, Runs, SweepChart};
use crate::comparison::{Comparison, Contender, Shown, Swept};
use crate::diagnosis::sweep::learning_rate_range;
use crate::diagnosis::{
    Horizon, LookAhead, Measure, Outlook, Progress, StepsNeeded, Sweep, explain, stops_early,
};
use crate::number::{percent, significant};
use crate::settings::{ObjectiveName, Property};

/// How far a rule comes on an objective.
#[derive(Clone)]
struct Standing {
    label: &'static str,
    progress: Option<Progress>,
    /// None while it is still being simulated.
    ahead: Option<Ahead>,
    steps: u32,
}

/// What a longer run of the rule would come to.
#[derive(Clone, Copy)]
enum Ahead {
    /// Where a minimiser is known: when the rule gets near it.
    Near(StepsNeeded),
    /// Elsewhere: how far the loss would still fall.
    Fall(Outlook),
}

/// On the way to [`Ahead`].
enum Simulation {
    Near(Horizon),
    Fall(LookAhead),
}

impl Simulation {
    fn advance(&mut self, budget_steps: u32) -> Option<Ahead> {
        match self {
            Self::Near(horizon) => horizon.advance(budget_steps).map(Ahead::Near),
            Self::Fall(ahead) => ahead.advance(budget_steps).map(Ahead::Fall),
        }
    }
}

/// In place of what has no value.
const NOTHING: &str = "–";

impl Standing {
    fn stops_early(&self) -> bool {
        match self.ahead {
            Some(Ahead::Near(needed)) => stops_early(needed, self.steps),
            Some(Ahead::Fall(outlook)) => outlook.stops_early(),
            None => false,
        }
    }

    fn said(&self, measure: Measure) -> String {
        match (measure, self.ahead) {
            (Measure::Distance, Some(Ahead::Near(needed))) => {
                explain::stopping(Some(needed), self.steps)
            }
            (Measure::Distance, _) => explain::stopping(None, self.steps),
            (Measure::Loss, Some(Ahead::Fall(outlook))) => explain::outlook(Some(outlook)),
            (Measure::Loss, _) => explain::outlook(None),
        }
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

    fn looked_ahead(&self) -> String {
        let needed = match self.ahead {
            None => return "…".to_owned(),
            Some(Ahead::Fall(outlook)) => return share(outlook.share_of_fall()),
            Some(Ahead::Near(needed)) => needed,
        };
        match needed {
            StepsNeeded::Reached(steps) => significant(steps.into(), 7),
            StepsNeeded::MoreThan(_) => "more than 10⁶".to_owned(),
            StepsNeeded::Diverged { step } => {
                ["never: diverges in step ", &significant(step.into(), 7)].concat()
            }
            StepsNeeded::Stuck { .. } | StepsNeeded::Singular { .. } => "never".to_owned(),
            StepsNeeded::NoMinimum => NOTHING.to_owned(),
            StepsNeeded::AtMinimum => "0".to_owned(),
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
        "of the fall in ten times the steps",
        Standing::looked_ahead,
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
    runs: Memo<Runs>,
) -> El {
    let region = el("div");
    let seen = in_sight(&region.node());
    let comparison = while_seen(comparison, seen, lab.is_moving);
    let runs = while_seen(runs, seen, lab.is_moving);
    let ahead = in_slices(move || {
        let comparison = comparison.get();
        let mut simulations = comparison.map_or_else(Vec::new, |c| simulations(&c));
        let mut done = Vec::new();
        move |budget| {
            while let Some(simulation) = simulations.get_mut(done.len()) {
                done.push(simulation.advance(budget)?);
            }
            Some(done.clone())
        }
    });
    let standings = derived(move || {
        let comparison = comparison.get()?;
        let measure = Measure::of(comparison.objective())?;
        let cursor = runs.with(|runs| runs.cursor);
        let Shown { hidden, .. } = lab.shown.get();
        let steps = comparison.steps;
        let ahead = ahead.get().unwrap_or_default();
        let contenders = comparison.contenders.iter().enumerate();
        let standings: Vec<Standing> = contenders
            .filter(|(_, contender)| !hidden.contains(&contender.rule))
            .map(|(index, contender)| Standing {
                label: contender.rule.description().label,
                progress: Progress::at(&contender.run, comparison.objective(), cursor),
                ahead: ahead.get(index).copied(),
                steps,
            })
            .collect();
        Some((measure, standings))
    });
    let only = move || match standings.get() {
        Some((measure, standings)) if standings.len() == 1 => standings
            .into_iter()
            .next()
            .map(|standing| (measure, standing)),
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
        .shown_of(move || only().is_some_and(|(_, standing)| standing.stops_early()));
    let sentence = el("span").text_of(move || {
        let said = only().map(|(measure, standing)| standing.said(measure));
        said.unwrap_or_default()
    });
    let verdict = el("p")
        .shown_of(move || only().is_some())
        .children([badge, sentence]);
    region
        .class("readout")
        .test_id(&lab.id("readout", name))
        .attr("role", "region")
        .attr(
            "aria-label",
            &["Premature stopping: ", &lab.id("readout", name)].concat(),
        )
        // A table of several rules may be wider than its column, and is then scrolled by keys too.
        .attr_of("tabindex", move || {
            if only().is_some() { "-1" } else { "0" }.to_owned()
        })
        .shown_of(move || standings.with(Option::is_some))
        .children([el("div").html_of(markup), verdict])
}

/// What each rule is to be simulated ahead for; nothing where there is no lower bound.
fn simulations(comparison: &Comparison) -> Vec<Simulation> {
    let (start, steps) = (comparison.start, comparison.steps);
    let Some(measure) = Measure::of(comparison.objective()) else {
        return Vec::new();
    };
    let simulation = |contender: &Contender| {
        let (problem, rule) = (comparison.problem.clone(), contender.optimizer);
        match measure {
            Measure::Distance => Simulation::Near(Horizon::new(problem, rule, start)),
            Measure::Loss => Simulation::Fall(LookAhead::new(problem, rule, start, steps)),
        }
    };
    comparison.contenders.iter().map(simulation).collect()
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

/// What is left over η for every rule; a drag along it sets the η that the selected rule goes by: its
/// own, or the one that rules share.
#[must_use]
pub fn sweep_card(
    lab: Lab,
    display: Display,
    name: ObjectiveName,
    comparison: Memo<Option<Arc<Comparison>>>,
) -> El {
    let frame = Frame::new();
    let comparison = while_seen(comparison, frame.seen, lab.is_moving);
    // η itself does not change the curves.
    let swept_by = memo(move || {
        let comparison = comparison.get()?;
        let plain = |c: &Contender| c.optimizer.with_learning_rate(1.0);
        let rules: Vec<_> = comparison.contenders.iter().map(plain).collect();
        let Comparison { start, steps, .. } = *comparison;
        Some((comparison.problem.clone(), rules, start, steps))
    });
    let swept = in_slices(move || {
        swept_by.track();
        let mut sweeps = comparison
            .get_untracked()
            .map(|comparison| comparison.sweeps())
            .unwrap_or_default();
        move |budget| {
            let is_done = |sweep: &mut Sweep| sweep.advance(budget);
            sweeps.iter_mut().all(is_done).then(|| {
                let points = |sweep: &Sweep| sweep.points().collect::<Swept>();
                sweeps.iter().map(points).collect::<Vec<_>>()
            })
        }
    });
    let chart = derived(move || {
        let comparison = comparison.get()?;
        Measure::of(comparison.objective())?;
        // Before the first sweep is done: the axes alone.
        Some(comparison.sweep_chart(&lab.shown.get(), &swept.get().unwrap_or_default()))
    });
    let caption = memo(move || {
        chart.with(|chart| {
            let Some(chart) = chart else {
                if comparison.with(Option::is_none) {
                    return "There is no function yet.".to_owned();
                }
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
        lab.change(|settings| {
            let eta = Property::in_force(settings, settings.selected_rule(), "eta");
            if let Some(eta) = eta.and_then(Property::quantity) {
                let position = eta.slider_from_value(projection.x.value(along));
                eta.set_nearest(settings, 0, eta.value_from_slider(position));
            }
        });
    };
    FigureCard {
        lab,
        display,
        frame,
        title: "Sweep over η",
        name: FigureName::Sweep,
        objective: name,
        figure: derived(move || chart.get().map(AnyFigure::Sweep)),
        caption,
        on_drag: Some(Box::new(on_drag)),
    }
    .build()
}
