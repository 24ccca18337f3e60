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

mod drawn;

use std::sync::Arc;

use adagrad_lab::chart::landscape::fitted_view;
use adagrad_lab::chart::{
    AccumulatorChart, AnyFigure, ChartTheme, Figure, FigureSize, Landscape, LossChart, MapChart,
    MapKind, MapValue, RatesChart, RuleLine, Runs, SweepChart, SweepLine, svg, theme,
};
use adagrad_lab::diagnosis::progress::{Measure, Progress};
use adagrad_lab::diagnosis::sweep::{End, Sweep, log_spaced};
use adagrad_lab::expression;
use adagrad_lab::objective::{self, Minima, Objective, TypedFunction, Vector};
use adagrad_lab::optimizer::{self, Adagrad, Optimizer};
use adagrad_lab::settings::presets::D2L;
use adagrad_lab::settings::{Experiment, ObjectiveName, View};
use adagrad_lab::trajectory::run;
use drawn::is_balanced;

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
    let end = End::of(&runs().lines[0].run, &objective);
    SweepChart {
        lines: vec![SweepLine {
            label: "Adagrad",
            look: 0,
            points: sweep.points().collect(),
            current: (optimizer.learning_rate(), end),
        }],
        selected: 0,
        measure: Measure::Distance,
        learning_rates: [1e-3, 10.0],
        steps: experiment.steps,
    }
}

/// Three rules on f2 from D2L's start over 20 steps, the first selected: one keeps no accumulator.
fn three_rules() -> Vec<Optimizer> {
    let rule = |name: &str, rate: f64| {
        let description = optimizer::Description::named(name).unwrap();
        let optimizer = description.optimizer(&description.defaults()).unwrap();
        optimizer.with_learning_rate(rate)
    };
    vec![rule("adagrad", 0.4), rule("sgd", 0.1), rule("adam", 0.4)]
}

fn runs_of(objective: &Objective, rules: &[Optimizer], start: Vector, steps: u32) -> Runs {
    let line = |(look, rule): (usize, &Optimizer)| RuleLine {
        label: rule.description().label,
        look,
        run: Arc::new(run(objective, rule, start, steps)),
    };
    Runs {
        lines: rules.iter().enumerate().map(line).collect(),
        selected: 0,
        dimension: objective.dimension(),
        cursor: steps as usize,
        ghost: None,
        pinned: None,
    }
}

fn landscape_of(objective: Objective, runs: Runs) -> Landscape {
    let pairs: Vec<_> = runs
        .lines
        .iter()
        .map(|line| (objective.clone(), line.run.as_ref()))
        .collect();
    Landscape {
        view: fitted_view(&pairs),
        objective,
        runs,
    }
}

fn compared() -> Runs {
    runs_of(&Objective::F2, &three_rules(), [-5.0, -2.0], 20)
}

fn sweep_of_three_rules() -> SweepChart {
    let start = [-5.0, -2.0];
    let lines = three_rules().into_iter().enumerate().map(|(look, rule)| {
        let rates = log_spaced(1e-3, 10.0, 41);
        let mut sweep = Sweep::new(Objective::F2, rule, start, 20, rates);
        assert!(sweep.advance(u32::MAX));
        let trajectory = run(Objective::F2, rule, start, 20);
        let end = End::of(&trajectory, &Objective::F2);
        SweepLine {
            label: rule.description().label,
            look,
            points: sweep.points().collect(),
            current: (rule.learning_rate(), end),
        }
    });
    SweepChart {
        lines: lines.collect(),
        selected: 0,
        measure: Measure::Distance,
        learning_rates: [1e-3, 10.0],
        steps: 20,
    }
}

/// The share of the distance that Adagrad leaves on f1, for η across and ε upwards, coarse enough
/// for a file that can be read; the right column as if it had not finished.
fn map_of_rates() -> MapChart {
    let (width, height) = (24, 18);
    let kind = MapKind::Rates {
        learning_rates: [1e-2, 10.0],
        epsilons: [1e-8, 10.0],
        current: [0.4, 1e-6],
    };
    let share_left = |column: usize, row: usize| {
        let [learning_rate, epsilon] = kind.at([column, row], [width, height]);
        let rule = Adagrad {
            epsilon,
            ..D2L.optimizer(learning_rate)
        };
        let trajectory = run(Objective::F1, rule, [-5.0, -2.0], 20);
        let progress = Progress::at(&trajectory, &Objective::F1, 20).unwrap();
        if column == width - 1 {
            f32::NAN
        } else {
            progress.share_left.unwrap() as f32
        }
    };
    let values = (0..height).flat_map(|row| (0..width).map(move |column| (column, row)));
    MapChart {
        kind,
        value: MapValue::ShareLeft,
        width,
        height,
        values: Arc::new(
            values
                .map(|(column, row)| share_left(column, row))
                .collect(),
        ),
    }
}

/// Which of Himmelblau's minima a start is nearest to.
fn map_of_starts() -> MapChart {
    const SIDE: usize = 32;
    let minima = Objective::Himmelblau.minima();
    let Minima::Points(points) = minima else {
        panic!("Himmelblau's minima are points");
    };
    let kind = MapKind::Starts {
        low: [-5.0, -5.0],
        high: [5.0, 5.0],
        current: [0.0, 0.0],
    };
    let nearest = |i: usize| {
        let nearest = minima.nearest(kind.at([i % SIDE, i / SIDE], [SIDE, SIDE]));
        points
            .iter()
            .position(|&point| Some(point) == nearest)
            .unwrap() as f32
    };
    MapChart {
        kind,
        value: MapValue::Minimum {
            count: points.len(),
        },
        width: SIDE,
        height: SIDE,
        values: Arc::new((0..SIDE * SIDE).map(nearest).collect()),
    }
}

fn agrees_with_snapshot(name: &str, figure: &impl Figure, theme: &ChartTheme) {
    drawn::agrees_with_snapshot(name, figure, &SIZE, theme);
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

#[test]
fn several_rules_are_as_committed() {
    let landscape = landscape_of(Objective::F2, compared());
    agrees_with_snapshot("rules-landscape", &landscape, &theme::LIGHT);
    agrees_with_snapshot("rules-landscape-dark", &landscape, &theme::DARK);
    agrees_with_snapshot("rules-rates", &RatesChart(compared()), &theme::LIGHT);
    agrees_with_snapshot(
        "rules-accumulator",
        &AccumulatorChart(compared()),
        &theme::LIGHT,
    );
    agrees_with_snapshot("rules-loss", &LossChart(compared()), &theme::LIGHT);
    agrees_with_snapshot("rules-sweep", &sweep_of_three_rules(), &theme::LIGHT);
}

#[test]
fn one_dimension_is_as_committed() {
    let adagrad = D2L.optimizer(1.0);
    let mut runs = runs_of(&Objective::Square, &[adagrad.into()], [4.0, 0.0], 10);
    runs.cursor = 2;
    agrees_with_snapshot("square-rates", &RatesChart(runs.clone()), &theme::LIGHT);
    agrees_with_snapshot(
        "square-accumulator",
        &AccumulatorChart(runs.clone()),
        &theme::LIGHT,
    );
    agrees_with_snapshot(
        "square",
        &landscape_of(Objective::Square, runs),
        &theme::LIGHT,
    );
}

/// Objectives with no minimum, many minima, a line of them, or a curved valley.
#[test]
fn other_landscapes_are_as_committed() {
    for objective in [
        Objective::Saddle,
        Objective::Rosenbrock,
        Objective::Himmelblau,
        Objective::LeastSquares,
        Objective::Beale,
    ] {
        let description = objective.description();
        let runs = runs_of(&objective, &three_rules()[..1], description.start, 20);
        let landscape = landscape_of(objective, runs);
        agrees_with_snapshot(description.name, &landscape, &theme::LIGHT);
    }
}

/// Where ln and √ have no value, nothing is drawn.
#[test]
fn a_typed_function_is_drawn_where_it_is_finite() {
    let source = "sqrt(x1) + x2^2/4 - ln(x1)";
    let objective = Objective::Typed(Arc::new(TypedFunction {
        source: source.to_owned(),
        program: expression::compile(source).unwrap(),
    }));
    let runs = runs_of(&objective, &three_rules()[..1], [3.0, 2.0], 20);
    agrees_with_snapshot("typed", &landscape_of(objective, runs), &theme::LIGHT);
}

#[test]
fn maps_are_as_committed() {
    agrees_with_snapshot("map-rates", &map_of_rates(), &theme::LIGHT);
    agrees_with_snapshot("map-starts", &map_of_starts(), &theme::DARK);
}

/// Every rule on every objective, far from where the page begins, the lines diverging or not.
#[test]
fn every_rule_can_be_drawn_on_every_objective() {
    let rules: Vec<Optimizer> = optimizer::DESCRIPTIONS
        .iter()
        .map(|description| description.optimizer(&description.defaults()).unwrap())
        .collect();
    for description in &objective::DESCRIPTIONS {
        let objective = description.objective(&description.defaults()).unwrap();
        for learning_rate in [0.01, 10.0] {
            let rules: Vec<_> = rules
                .iter()
                .map(|rule| rule.with_learning_rate(learning_rate))
                .collect();
            let runs = runs_of(&objective, &rules, [7.0, -3.0], 30);
            let landscape = landscape_of(objective.clone(), runs.clone());
            for figure in [
                AnyFigure::Landscape(landscape),
                AnyFigure::Rates(RatesChart(runs.clone())),
                AnyFigure::Accumulator(AccumulatorChart(runs.clone())),
                AnyFigure::Loss(LossChart(runs)),
            ] {
                let drawn = svg::document(&figure, &SIZE, &theme::LIGHT).unwrap();
                is_balanced(&drawn);
                for word in ["NaN", "inf"] {
                    assert!(!drawn.contains(word), "{} shows {word}", description.name);
                }
            }
        }
    }
}

/// A view holds the start even when a rule runs away.
#[test]
fn a_run_that_diverges_leaves_the_view_where_it_is() {
    let description = optimizer::Description::named("sgd").unwrap();
    let optimizer = description.optimizer(&description.defaults()).unwrap();
    let diverging = run(
        Objective::F2,
        optimizer.with_learning_rate(1.0),
        [-5.0, -2.0],
        60,
    );
    assert!(diverging.points().any(|[x1, _]| x1.abs() > 1e30));
    let View {
        centre,
        half_extent,
    } = fitted_view(&[(Objective::F2, &diverging)]);
    assert!(half_extent < 40.0, "{half_extent}");
    assert!((-5.0 - centre[0]).abs() < 1.2 * half_extent);
    assert!((-2.0 - centre[1]).abs() < half_extent);
}

/// A figure whose every line is hidden still has its axes.
#[test]
fn no_rule_shown_is_no_fault() {
    let runs = runs_of(&Objective::F1, &[], [-5.0, -2.0], 20);
    for figure in [
        AnyFigure::Landscape(Landscape {
            objective: Objective::F1,
            view: fitted_view(&[]),
            runs: runs.clone(),
        }),
        AnyFigure::Rates(RatesChart(runs.clone())),
        AnyFigure::Accumulator(AccumulatorChart(runs.clone())),
        AnyFigure::Loss(LossChart(runs)),
    ] {
        let drawn = svg::document(&figure, &SIZE, &theme::LIGHT).unwrap();
        assert!(!drawn.contains("NaN"));
    }
}
