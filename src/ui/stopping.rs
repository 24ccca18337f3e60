//! Premature stopping: the readout below each landscape, and the sweep over η.

use leptos::prelude::*;

use super::display::Display;
use super::dom::{El, el, memo};
use super::figure_card::FigureCard;
use super::slices::in_slices;
use super::state::Lab;
use crate::chart::{AnyFigure, FigureName, FigureSize, Runs, SweepChart};
use crate::diagnosis::explain;
use crate::diagnosis::horizon::{Horizon, StepsNeeded, stops_early};
use crate::diagnosis::progress::Progress;
use crate::diagnosis::sweep::{learning_rate_range, sweep_of};
use crate::number::{percent, significant};
use crate::settings::{Experiment, ObjectiveName, Property};

/// The experiment without what only the other objectives' runs depend on.
fn own_experiment(lab: Lab, name: ObjectiveName) -> Memo<Experiment> {
    memo(move || own_experiment_now(lab, name))
}

/// How far the run has come, how far it would have to go on, and a badge when it stops early.
#[must_use]
pub fn readout(lab: Lab, name: ObjectiveName, runs: Signal<Runs>) -> El {
    let experiment = own_experiment(lab, name);
    let needed = in_slices(move || {
        let e = experiment.get();
        let mut horizon = Horizon::new(e.objective(name), e.optimizer, e.start);
        move |budget| horizon.advance(budget)
    });
    let progress = memo(move || {
        let minimiser = experiment.with(|e| e.objective(name).minimiser());
        runs.with(|runs| Progress::at(&runs.current, minimiser, runs.cursor))
    });
    let steps = memo(move || experiment.with(|e| e.steps));
    let share = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), percent);
    let needed_text = move || match needed.get() {
        None => "…".to_owned(),
        Some(StepsNeeded::Reached(steps)) => significant(steps.into(), 7),
        Some(StepsNeeded::MoreThan(_)) => "more than 10⁶".to_owned(),
        Some(StepsNeeded::Stuck { .. } | StepsNeeded::Diverged { .. }) => "never".to_owned(),
        Some(StepsNeeded::AtMinimum) => "0".to_owned(),
    };
    let stops = move || {
        let needed = needed.get();
        needed.is_some_and(|needed| stops_early(needed, steps.get()))
    };
    let entry = |term: &str, value: Box<dyn Fn() -> String>| {
        el("div").children([el("dt").text(term), el("dd").text_of(value)])
    };
    let distances = el("dl").children([
        entry(
            "distance at the start",
            Box::new(move || significant(progress.get().distance_at_start, 3)),
        ),
        entry(
            "now",
            Box::new(move || significant(progress.get().distance_now, 3)),
        ),
        entry("left", Box::new(move || share(progress.get().share_left))),
        entry(
            "last step covered",
            Box::new(move || share(progress.get().last_step_covered)),
        ),
        entry("steps to within 1 %", Box::new(needed_text)),
    ]);
    let verdict = el("p").children([
        el("span")
            .class("badge warning")
            .text("stops early")
            .shown_of(stops),
        el("span").text_of(move || explain::stopping(needed.get(), steps.get())),
    ]);
    el("div")
        .class("readout")
        .test_id(&format!("readout-{}", name.name()))
        .children([distances, verdict])
}

/// The share of the distance left over η; a drag along it sets η.
#[must_use]
pub fn sweep_card(lab: Lab, display: Display, name: ObjectiveName, runs: Signal<Runs>) -> El {
    // η itself does not change the curve.
    let swept = memo(move || {
        let mut experiment = own_experiment_now(lab, name);
        experiment.optimizer.learning_rate = 1.0;
        experiment
    });
    let points = in_slices(move || {
        let mut sweep = sweep_of(&swept.get(), name);
        move |budget| {
            sweep
                .advance(budget)
                .then(|| sweep.points().collect::<Vec<_>>())
        }
    });
    let current = memo(move || {
        let experiment = lab.experiment.get();
        let minimiser = experiment.objective(name).minimiser();
        let share = runs.with(|runs| {
            Progress::at(&runs.current, minimiser, runs.current.steps.len()).share_left
        });
        (experiment.optimizer.learning_rate, share)
    });
    let figure = Signal::derive(move || {
        let [from, to] = learning_rate_range();
        AnyFigure::Sweep(SweepChart {
            // Before the first sweep is done: the axes alone.
            points: points
                .get()
                .unwrap_or_else(|| vec![(from, None), (to, None)]),
            current: current.get(),
            steps: swept.with(|e| e.steps),
        })
    });
    let caption = memo(move || {
        let (learning_rate, share) = current.get();
        let steps = swept.with(|e| e.steps);
        explain::sweep(
            points.get().unwrap_or_default(),
            learning_rate,
            share,
            steps,
        )
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
        figure,
        caption: caption.into(),
        on_drag: Some(Box::new(on_drag)),
    }
    .build()
}

fn own_experiment_now(lab: Lab, name: ObjectiveName) -> Experiment {
    Experiment {
        objectives: vec![name],
        ..lab.experiment.get()
    }
}
