//! Presets and conventions against their sources and their runs.

use adagrad_lab::settings::presets::{CONVENTIONS, Convention, Preset};
use adagrad_lab::settings::{Experiment, Settings, format, parse, query};
use adagrad_lab::trajectory::Trajectory;

use crate::{assert_valid, objective, rule};

fn preset(id: &str) -> &'static Preset {
    Preset::of_id(id).unwrap()
}

/// Adagrad's run of a preset.
fn run(id: &str, on: &str) -> Trajectory {
    let experiment = preset(id).experiment();
    experiment
        .run(objective(on), rule("adagrad"), None)
        .unwrap()
}

/// A record of the recomputed source numbers.
fn record(id: &str) -> serde_json::Value {
    let text = include_str!("../reference/seed_numbers.json");
    let records: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
    records
        .into_iter()
        .find(|record| record["id"] == id)
        .unwrap()
}

#[test]
fn presets_are_valid_distinct_and_restored_by_links() {
    let mut ids = Vec::new();
    for preset in Preset::all() {
        let parsed = parse(preset.query);
        assert_eq!(parsed.problems, [], "{}", preset.id);
        assert_eq!(parsed.foreign, [""; 0], "{}", preset.id);
        let settings = Settings::of_experiment(preset.experiment());
        assert_valid(&settings);
        // Nothing but the experiment, as a link would be written.
        assert_eq!(parsed.settings, settings);
        let link = format!("v=1&{}", preset.query);
        assert_eq!(format(&settings, &[]), link.trim_end_matches('&'));
        // What is open tells which preset it is.
        assert_eq!(query::of_experiment(&preset.experiment()), preset.query);
        let same = Preset::all().filter(|other| other.query == preset.query);
        assert_eq!(same.count(), 1, "{}", preset.id);
        assert!(!ids.contains(&preset.id), "{}", preset.id);
        ids.push(preset.id);
    }
    for (i, convention) in CONVENTIONS.iter().enumerate() {
        // Whatever was in force before.
        let before = parse("eta=0.3&eps=1&epsat=outside&s0=2&decay=3&adagrad.eps=5&adagrad.wd=1");
        let mut experiment = before.settings.experiment;
        convention.apply(&mut experiment);
        assert_eq!(Convention::of(&experiment), Some(convention));
        assert_eq!(
            experiment.optimizer(rule("adagrad")),
            convention.optimizer(0.3).into()
        );
        assert!(
            CONVENTIONS[..i]
                .iter()
                .all(|earlier| earlier.id != convention.id)
        );
    }
    assert_eq!(Convention::of(&parse("eps=1").settings.experiment), None);
    assert_eq!(preset("d2l-0.4").experiment(), Experiment::default());
}

#[test]
fn d2ls_presets_end_where_it_prints() {
    for (id, reference) in [
        ("d2l-0.4", "d2l-eta-0.4-endpoint"),
        ("d2l-2", "d2l-eta-2-endpoint"),
    ] {
        let [x1, x2] = run(id, "f1").point(20);
        let printed = record(reference)["stated"].clone();
        assert_eq!(
            printed,
            serde_json::json!([format!("{x1:.6}"), format!("{x2:.6}")])
        );
    }
}

/// The correction quotes each printed number and the run's own, to the same three decimals.
#[test]
fn corrections_quote_the_source_and_the_run() {
    type OfStep = fn(&adagrad_lab::trajectory::Step) -> f64;
    let cases: [(&str, &str, usize, &str, OfStep); 5] = [
        ("report-f1", "f1", 2, "f1-step2-value", |step| step.loss),
        ("report-f1", "f1", 3, "f1-step3-value", |step| step.loss),
        ("report-f2", "f2", 2, "f2-step2-value", |step| step.loss),
        ("report-f2", "f2", 3, "f2-step3-value", |step| step.loss),
        ("report-f2", "f2", 3, "f2-step3-gradient", |step| {
            step.gradient[1]
        }),
    ];
    for (id, on, step, reference, of_step) in cases {
        let correction = preset(id).correction.unwrap().replace('−', "-");
        let record = record(reference);
        assert_eq!(record["agrees"], false);
        let printed = record["stated"]
            .as_str()
            .or(record["stated"][1].as_str())
            .unwrap();
        let run = run(id, on);
        let right = format!("{:.3}", of_step(run.record(step).unwrap()));
        assert!(correction.contains(printed), "{printed} in {correction}");
        assert!(correction.contains(&right), "{right} in {correction}");
    }
}

#[test]
fn the_report_is_slow_where_it_says_stopped() {
    assert_eq!(record("text-eta-0.1-code-eta-0.2")["agrees"], false);
    assert_eq!(record("premature-stop-is-permanent")["agrees"], false);
    let mut experiment = preset("report-0.2").experiment();
    experiment.steps = 1000;
    let within = |[x1, x2]: [f64; 2]| x1.abs() < 0.01 && x2.abs() < 0.01;
    let run = experiment
        .run(objective("f1"), rule("adagrad"), None)
        .unwrap();
    let arrival = run.points().position(within);
    assert_eq!(arrival, Some(998));
    assert!(
        preset("report-0.2")
            .correction
            .unwrap()
            .contains("998 steps")
    );
}

#[test]
fn notes_say_what_the_runs_do() {
    let f1 = |id| run(id, "f1");

    assert_eq!(format!("{:.2}", f1("d2l-0.4").point(20)[0]), "-2.38");
    // Short of η by η ε / 2g² = 2 · 1e-6 / (2 · 64): √(g² + ε) is a little more than |g|.
    assert_eq!(format!("{:.2e}", f1("d2l-2").point(1)[1]), "-1.56e-8");
    let by_hand = f1("report-f1");
    assert_eq!(by_hand.steps[0].gradient, [1.0, 12.0]);
    // ε = 1e-8 takes less than 1e-8 off the first step of η.
    assert!(
        by_hand.steps[0]
            .update
            .iter()
            .all(|update| (update - 0.4).abs() < 1e-8)
    );
    assert!(run("report-f2", "f2").point(1)[1] > 3.0);
    let slow = f1("report-0.2");
    assert_eq!(format!("{:.2}", slow.point(20)[0]), "-3.58");
    let lengths: Vec<f64> = slow
        .steps
        .iter()
        .map(|s| s.update[0].hypot(s.update[1]))
        .collect();
    assert!(lengths.is_sorted_by(|longer, shorter| longer > shorter));
    let overshoot = f1("report-3");
    assert_eq!(format!("{:.6}", overshoot.point(1)[1]), "1.000000");
    assert!(overshoot.point(20).iter().all(|x| x.abs() < 1e-6));
    // f1's curvature along x₂ is 4: plain descent multiplies x₂ by 1 − 4η.
    assert_eq!(1.0 - 4.0 * 3.0, -11.0);
    for (id, bound) in [("pytorch", 0.08), ("keras", 0.008)] {
        for on in ["f1", "f2"] {
            let (start, end) = ([-5.0, -2.0], run(id, on).point(20));
            assert!(
                (0..2).all(|i| f64::abs(end[i] - start[i]) < bound),
                "{id}: {end:?}"
            );
        }
    }
}

/// By hand: 4 − 8/√64 = 3, 3 − 6/√100 = 2.4, 2.4 − 4.8/√123.04 = 1.967; ε adds less than 1e-9.
#[test]
fn the_notes_run_on_x_squared() {
    let by_hand = run("square-by-hand", "square");
    for (step, coordinate) in [(1, 3.0), (2, 2.4), (3, 2.4 - 4.8 / f64::sqrt(123.04))] {
        assert!((by_hand.point(step)[0] - coordinate).abs() < 1e-9);
    }
    let printed = record("x2-manual-step3-point");
    let right = format!("{:.3}", by_hand.point(3)[0]);
    assert_eq!(
        (printed["agrees"].as_bool(), right.as_str()),
        (Some(false), "1.967")
    );
    let square = preset("square-by-hand");
    assert!(
        square
            .correction
            .unwrap()
            .contains(printed["stated"].as_str().unwrap())
    );
    assert!(square.correction.unwrap().contains(&right) && square.note.contains(&right));

    // Every line that the notes' program prints.
    let table = run("square-ten-steps", "square");
    let lines = record("x2-ten-step-table")["recomputed"].clone();
    assert_eq!(lines.as_array().unwrap().len(), 10);
    for (i, line) in lines.as_array().unwrap().iter().enumerate() {
        let step = table.record(i + 1).unwrap();
        let printed = format!(
            "{:>4} | {:7.4} | {:8.4} | {:8.4} | {:13.6} | {:7.4}",
            i + 1,
            step.point_after[0],
            step.gradient[0],
            step.accumulator[0],
            step.effective_learning_rate[0],
            step.update[0]
        );
        assert_eq!(line["printed"], printed);
    }
    let rates = [0, 9].map(|i| format!("{:.4}", table.steps[i].effective_learning_rate[0]));
    assert_eq!(rates, ["0.1250", "0.0766"]);
    assert_eq!(format!("{:.4}", table.point(10)[0]), "0.5849");

    let slow = run("square-fifty-steps", "square");
    let end = record("x2-from-5-final")["recomputed"].clone();
    assert_eq!(end["printed"], format!("{:.4}", slow.point(50)[0]));
    assert_eq!(end["printed"], "3.7908");
    assert_eq!(format!("{:.0}", slow.accumulator(50)[0]), "3603");
}

#[test]
fn the_notes_bowl_has_rates_in_the_ratio_of_its_gradients() {
    let run = run("bowl", "bowl");
    for step in &run.steps {
        let [w, b] = step.effective_learning_rate;
        // ε = 1e-8 beside squares of at least 4: parts in 10⁹.
        assert!((w / b - 10.0).abs() < 1e-7);
        let [w, b] = step.point_after;
        assert!((w - b).abs() < 1e-9);
    }
    let end = record("w2-10b2-rate-ratio")["recomputed"]["end"].clone();
    assert!((run.point(50)[0] - end[0].as_f64().unwrap()).abs() < 1e-12);
}
