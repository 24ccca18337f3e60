//! Every figure of the default experiment on f1, drawn to SVG and held against a committed file.
//!
//! Evidence: the files in `tests/snapshots/`, which a person has looked at. A change that is meant
//! is accepted with `UPDATE_SNAPSHOTS=1 cargo test --test figures`, and shows in the diff.

// Helpers of tests may fail as tests do: loudly.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use adagrad_lab::chart::landscape::fitted_view;
use adagrad_lab::chart::{
    AccumulatorChart, ChartTheme, Figure, FigureSize, Landscape, LossChart, RatesChart, RuleLine,
    Runs, SweepChart, SweepLine, svg, theme,
};
use adagrad_lab::diagnosis::progress::{Measure, Progress};
use adagrad_lab::diagnosis::sweep::{Sweep, log_spaced};
use adagrad_lab::settings::{Experiment, ObjectiveName};

const SIZE: FigureSize = FigureSize {
    width_css_px: 480.0,
    height_css_px: 360.0,
    font_css_px: 12.0,
};

fn f1() -> ObjectiveName {
    ObjectiveName::from_name("f1").unwrap()
}

/// The default run on f1 with the cursor at its end, compared with nothing.
fn runs() -> Runs {
    let experiment = Experiment::default();
    let run = experiment.run(f1(), experiment.first_rule(), None).unwrap();
    Runs {
        cursor: run.steps.len(),
        lines: vec![RuleLine {
            label: "Adagrad",
            look: 0,
            run: Arc::new(run),
        }],
        selected: 0,
        dimension: 2,
        ghost: None,
        pinned: None,
    }
}

fn landscape() -> Landscape {
    let objective = Experiment::default().objective(f1(), None).unwrap();
    let runs = runs();
    Landscape {
        objective: objective.clone(),
        view: fitted_view(&[(objective, &runs.lines[0].run)]),
        runs,
    }
}

/// Two learning rates a decade: the axes, the line and the mark, in a file that can be read.
fn sweep_chart() -> SweepChart {
    let experiment = Experiment::default();
    let objective = experiment.objective(f1(), None).unwrap();
    let optimizer = experiment.optimizer(experiment.first_rule());
    let rates = log_spaced(1e-3, 10.0, 9);
    let mut sweep = Sweep::new(
        &objective,
        optimizer,
        experiment.start,
        experiment.steps,
        rates,
    );
    assert!(sweep.advance(u32::MAX));
    let end = Progress::at(&runs().lines[0].run, &objective, experiment.steps as usize).unwrap();
    SweepChart {
        lines: vec![SweepLine {
            label: "Adagrad",
            look: 0,
            points: sweep.points().collect(),
            current: (optimizer.learning_rate(), end.share_left),
        }],
        selected: 0,
        measure: Measure::Distance,
        learning_rates: [1e-3, 10.0],
        steps: experiment.steps,
    }
}

fn agrees_with_snapshot(name: &str, figure: &impl Figure, theme: &ChartTheme) {
    let drawn = svg::document(figure, &SIZE, theme).unwrap();
    is_balanced(&drawn);
    for word in ["NaN", "inf"] {
        assert!(!drawn.contains(word), "{name} shows {word}");
    }

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = format!("{name}.svg");
    let committed = root.join("tests/snapshots").join(&file);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&committed, &drawn).unwrap();
        return;
    }
    // Git may have checked it out with line ends of its own.
    let expected = fs::read_to_string(&committed)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    if drawn != expected {
        let folder = root.join("target/snapshots");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(&file), &drawn).unwrap();
        panic!(
            "{name} is not as in tests/snapshots/{file}. Compare it with target/snapshots/{file}; \
             to accept that: UPDATE_SNAPSHOTS=1 cargo test --test figures"
        );
    }
}

/// Every element that opens closes, in order: enough of XML for what plotters writes.
fn is_balanced(document: &str) {
    let mut open = Vec::new();
    for tag in document.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag that starts ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes in <{tag}>");
        let name = tag.split([' ', '\n', '/']).find(|part| !part.is_empty());
        if tag.starts_with('/') {
            assert_eq!(open.pop(), name, "closes what was opened last");
        } else if !tag.ends_with('/') {
            open.push(name.expect("a tag has a name"));
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
}

#[test]
fn landscape_is_as_committed_in_light_and_dark() {
    agrees_with_snapshot("landscape", &landscape(), &theme::LIGHT);
    agrees_with_snapshot("landscape-dark", &landscape(), &theme::DARK);
}

#[test]
fn rates_are_as_committed() {
    agrees_with_snapshot("rates", &RatesChart(runs()), &theme::LIGHT);
}

#[test]
fn accumulator_is_as_committed() {
    agrees_with_snapshot("accumulator", &AccumulatorChart(runs()), &theme::LIGHT);
}

#[test]
fn loss_is_as_committed() {
    agrees_with_snapshot("loss", &LossChart(runs()), &theme::LIGHT);
}

#[test]
fn sweep_is_as_committed() {
    agrees_with_snapshot("sweep", &sweep_chart(), &theme::LIGHT);
}
