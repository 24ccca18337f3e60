//! What the comparisons of rules and the table of facts claim, against the runs.

use adagrad_lab::objective::Vector;
use adagrad_lab::settings::facts::{COLUMNS, facts};
use adagrad_lab::settings::presets::Preset;
use adagrad_lab::settings::{RuleName, parse};
use adagrad_lab::trajectory::{Step, StopReason, Trajectory};

use crate::{objective, rule};

fn run(id: &str, on: &str, of: &str) -> Trajectory {
    let experiment = Preset::of_id(id).unwrap().experiment();
    assert!(experiment.objectives.contains(&objective(on)));
    assert!(experiment.rules.contains(&rule(of)));
    let run = experiment.run(objective(on), rule(of), None).unwrap();
    assert!(!matches!(run.stop, StopReason::Diverged { .. }));
    run
}

/// The note names each number, rounded as it has it.
fn says(id: &str, numbers: &[String]) {
    let note = Preset::of_id(id).unwrap().note;
    let plain = note.replace('−', "-");
    for number in numbers {
        assert!(plain.contains(number.as_str()), "{number} in {note}");
    }
}

fn fixed(number: f64, decimals: usize) -> String {
    format!("{number:.decimals$}")
}

/// Step t, from 1, after which `holds` first.
fn first_step(run: &Trajectory, holds: impl Fn(&Step) -> bool) -> usize {
    1 + run.steps.iter().position(holds).unwrap()
}

fn within(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}

#[test]
fn one_rate_for_all_is_too_much_for_one_and_too_little_for_the_other() {
    // f1's curvatures are 0.2 and 4: factors 1 − 0.4 · 0.2 and 1 − 0.4 · 4.
    for step in &run("one-rate", "f1", "sgd").steps {
        let factor = |i: usize| step.point_after[i] / step.point_before[i];
        assert!(within(factor(0), 0.92, 1e-12) && within(factor(1), -0.6, 1e-12));
    }
    let [first, second] = run("one-rate", "f1", "adagrad").steps[0].effective_learning_rate;
    // Gradients 1 and 8: rates 0.4 and 0.05.
    assert!(within(first / second, 8.0, 1e-5));
}

#[test]
fn a_falling_rate_settles_under_noise() {
    let mean = |of: &str| {
        let run = run("settling", "f1", of);
        run.steps
            .iter()
            .rev()
            .take(100)
            .map(|step| step.loss)
            .sum::<f64>()
            / 100.0
    };
    says(
        "settling",
        &[fixed(mean("sgd"), 1), fixed(mean("decay"), 3)],
    );
}

#[test]
fn a_counter_keeps_the_rate_of_what_never_occurs() {
    let [x1, x2] = run("rare", "f1", "counter")
        .record(20)
        .unwrap()
        .effective_learning_rate;
    let [clock_1, clock_2] = run("rare", "f1", "decay")
        .record(20)
        .unwrap()
        .effective_learning_rate;
    assert_eq!((x1, clock_1), (clock_2, clock_2));
    says("rare", &[fixed(x2, 1), fixed(clock_1, 3)]);
}

#[test]
fn momentum_carries_along_and_nesterovs_brakes_ahead() {
    let end = |of: &str| run("along-the-valley", "f1", of).point(20)[0];
    says(
        "along-the-valley",
        &[fixed(end("momentum"), 2), fixed(end("sgd"), 2)],
    );
    let lowest = |of: &str| {
        let points = run("braking", "square", of);
        points
            .points()
            .map(|[x, _]| x)
            .fold(f64::INFINITY, f64::min)
    };
    says(
        "braking",
        &[fixed(lowest("momentum"), 2), fixed(lowest("nesterov"), 2)],
    );
}

#[test]
fn rmsprop_goes_on_and_forgets() {
    let [adagrad, rmsprop] = ["adagrad", "rmsprop"].map(|of| run("goes-on", "f1", of));
    let thrown_out = rmsprop.point(100);
    says(
        "goes-on",
        &[fixed(adagrad.point(100)[0], 2), fixed(thrown_out[1], 2)],
    );
    assert!(thrown_out[0].abs() < 1e-12);
    assert!(rmsprop.point(80)[1].abs() < 1e-4);

    let rate = |of: &str, t: usize| {
        run("forgetting", "nonstationary", of)
            .record(t)
            .unwrap()
            .effective_learning_rate[0]
    };
    let numbers = [
        rate("rmsprop", 20),
        rate("rmsprop", 100),
        rate("adagrad", 100),
    ];
    says(
        "forgetting",
        &[
            fixed(numbers[0], 3),
            fixed(numbers[1], 2),
            fixed(numbers[2], 4),
        ],
    );
    assert_eq!(
        fixed(rate("adagrad", 20), 4),
        fixed(rate("adagrad", 100), 4)
    );
}

#[test]
fn first_steps_are_as_long_as_the_means_allow() {
    // √(ε + 0.1 g²) is above √0.1 |g| by less than 1e-5 of it for |g| ≥ 1; Adam's ε less.
    let step = |of: &str| run("first-steps", "f1", of).steps[0].update;
    for (of, length) in [("rmsprop", 0.4 / f64::sqrt(0.1)), ("adam", 0.4)] {
        assert!(step(of).iter().all(|update| within(-update, length, 1e-5)));
    }
    says(
        "first-steps",
        &[fixed(-step("rmsprop")[0], 2), fixed(-step("adam")[0], 1)],
    );
    let adam = run("first-steps", "f1", "adam");
    assert!(adam.points().any(|[x1, _]| x1 > 0.9));

    let adadelta = run("no-rate", "f1", "adadelta");
    let first = adadelta.steps[0].update;
    assert!(
        first
            .iter()
            .all(|update| within(-update, f64::sqrt(1e-6 / 0.1), 1e-5))
    );
    let arrived = |of: &str| {
        let run = run("no-rate", "f1", of);
        first_step(&run, |step| step.loss < 0.01 * run.start_loss).to_string()
    };
    says(
        "no-rate",
        &[fixed(-first[0], 3), arrived("adadelta"), arrived("adagrad")],
    );
}

#[test]
fn dual_averaging_begins_as_adagrad_and_falls_behind() {
    let [adagrad, dual] = ["adagrad", "dual_averaging"].map(|of| run("from-the-start", "f1", of));
    let [a, b] = [&adagrad, &dual].map(|run| run.point(1));
    // The same number by another way of rounding.
    assert!((0..2).all(|i| within(a[i], b[i], 1e-14)));
    says(
        "from-the-start",
        &[fixed(dual.point(20)[0], 2), fixed(adagrad.point(20)[0], 2)],
    );
}

#[test]
fn turned_valleys_need_turned_rates() {
    let loss = |id: &str, of: &str, t: usize| run(id, "f2", of).loss(t);
    let full = fixed(loss("across-the-axes", "adagrad_full", 100), 3);
    says(
        "across-the-axes",
        &[full, fixed(loss("across-the-axes", "adagrad", 100), 3)],
    );
    let turned = fixed(loss("turned-axes", "adagrad_rotated", 20), 2);
    says(
        "turned-axes",
        &[turned, fixed(loss("turned-axes", "adagrad", 20), 2)],
    );
}

#[test]
fn newton_needs_one_step() {
    let is_at_minimum = |[x1, x2]: Vector| x1.abs() < 1e-14 && x2.abs() < 1e-14;
    for on in ["f1", "f2"] {
        assert!(is_at_minimum(run("one-step", on, "newton").point(1)));
    }
    assert!(is_at_minimum(
        run("one-step", "f1", "diagonal_newton").point(1)
    ));
    let left = run("one-step", "f2", "diagonal_newton").loss(20);
    says("one-step", &[fixed(left, 2)]);
}

#[test]
fn beyond_quadratics() {
    let gone = |of: &str| {
        let run = run("saddle", "saddle", of);
        first_step(&run, |step| step.point_after[1].abs() > 1.0).to_string()
    };
    says("saddle", &[gone("adagrad"), gone("sgd")]);

    let end = |of: &str| run("rosenbrock", "rosenbrock", of).loss(1000);
    says(
        "rosenbrock",
        &[
            fixed(end("adam"), 5),
            fixed(end("adagrad"), 2),
            fixed(end("rmsprop"), 2),
        ],
    );
    let last = run("rosenbrock", "rosenbrock", "rmsprop").steps[999].update;
    assert!(last.iter().all(|update| within(update.abs(), 0.1, 1e-3)));

    let end = |of: &str| run("which-minimum", "least_squares", of).point(200);
    let [x1, x2] = end("sgd");
    assert!(within(x1, 0.8, 1e-15) && within(x2, 0.4, 1e-15));
    // The last thousand-millionths are still to come.
    assert!(end("adagrad").iter().all(|x| within(*x, 2.0 / 3.0, 1e-6)));
}

/// Each fact holds in the runs of the preset beside it.
#[test]
fn the_table_of_facts_is_shown_by_its_presets() {
    assert_eq!(COLUMNS.len(), 5);
    for rule in RuleName::all() {
        let name = rule.name();
        let shown = facts(rule).map(|fact| {
            assert!(!fact.text.is_empty());
            let preset = fact
                .preset
                .unwrap_or_else(|| panic!("{name}: {}", fact.text));
            let experiment = parse(preset.query).settings.experiment;
            assert!(experiment.rules.contains(&rule), "{name} in {}", preset.id);
            let runs = experiment.objectives.iter();
            let runs = runs.map(|&on| experiment.run(on, rule, None).unwrap());
            runs.flat_map(|run| run.steps).collect::<Vec<Step>>()
        });
        let [of_rate, of_momentum, of_state, ..] = &shown;
        let description = rule.description();

        let own_rates = of_rate.iter().any(|step| {
            let [first, second] = step.effective_learning_rate;
            first != second
        });
        assert_eq!(own_rates, description.facts.adapts_rate, "{name}");

        // Past gradients are seen to carry the point where a coordinate climbs; without them, no
        // step goes uphill.
        let products = |step: &Step| [0, 1].map(|i| step.update[i] * step.gradient[i]);
        let climbs = |step: &Step| products(step).iter().any(|&product| product < 0.0);
        if description.facts.momentum {
            assert!(of_momentum.iter().any(climbs), "{name}");
        } else {
            let uphill = |step: &Step| products(step).iter().sum::<f64>() < 0.0;
            assert!(!of_momentum.iter().any(uphill), "{name}");
        }

        for (i, symbol) in description.state_symbols.iter().enumerate() {
            let entry = |step: &Step| match i {
                0 | 1 => step.accumulator[i],
                _ => step.memory[i - 2],
            };
            // x₂ of a one-dimensional objective, or of a start on an axis, has nothing to keep.
            let is_kept = of_state.iter().any(|step| entry(step) != 0.0);
            assert!(
                is_kept || i % 2 == 1 || symbol.is_empty(),
                "{name} keeps {symbol}"
            );
            assert!(!is_kept || !symbol.is_empty(), "{name} keeps {i}");
        }
    }
}
