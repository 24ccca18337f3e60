//! Presets and conventions against their sources and their runs.

use adagrad_lab::settings::presets::{CONVENTIONS, Convention, PRESETS, Preset};
use adagrad_lab::settings::{Experiment, ObjectiveName, Settings, format, parse};

use crate::assert_valid;

fn preset(id: &str) -> &'static Preset {
    Preset::of_id(id).unwrap()
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
    for (i, preset) in PRESETS.iter().enumerate() {
        let settings = Settings::of_experiment(preset.experiment());
        assert_valid(&settings);
        assert_eq!(parse(&format(&settings, &[])).settings, settings);
        assert!(PRESETS[..i].iter().all(|earlier| earlier.id != preset.id));
    }
    for (i, convention) in CONVENTIONS.iter().enumerate() {
        assert_eq!(Convention::of(&convention.optimizer(0.3)), Some(convention));
        assert!(
            CONVENTIONS[..i]
                .iter()
                .all(|earlier| earlier.id != convention.id)
        );
    }
    assert_eq!(preset("d2l-0.4").experiment(), Experiment::default());
}

#[test]
fn d2ls_presets_end_where_it_prints() {
    for (id, reference) in [
        ("d2l-0.4", "d2l-eta-0.4-endpoint"),
        ("d2l-2", "d2l-eta-2-endpoint"),
    ] {
        let [x1, x2] = preset(id).experiment().run(ObjectiveName::F1).point(20);
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
    let cases: [(&str, ObjectiveName, usize, &str, OfStep); 5] = [
        (
            "report-f1",
            ObjectiveName::F1,
            2,
            "f1-step2-value",
            |step| step.loss,
        ),
        (
            "report-f1",
            ObjectiveName::F1,
            3,
            "f1-step3-value",
            |step| step.loss,
        ),
        (
            "report-f2",
            ObjectiveName::F2,
            2,
            "f2-step2-value",
            |step| step.loss,
        ),
        (
            "report-f2",
            ObjectiveName::F2,
            3,
            "f2-step3-value",
            |step| step.loss,
        ),
        (
            "report-f2",
            ObjectiveName::F2,
            3,
            "f2-step3-gradient",
            |step| step.gradient[1],
        ),
    ];
    for (id, objective, step, reference, of_step) in cases {
        let correction = preset(id).correction.unwrap().replace('−', "-");
        let record = record(reference);
        assert_eq!(record["agrees"], false);
        let printed = record["stated"]
            .as_str()
            .or(record["stated"][1].as_str())
            .unwrap();
        let run = preset(id).experiment().run(objective);
        let right = format!("{:.3}", of_step(run.record(step).unwrap()));
        assert!(correction.contains(printed), "{printed} in {correction}");
        assert!(correction.contains(&right), "{right} in {correction}");
    }
}

#[test]
fn the_report_is_slow_where_it_says_stopped() {
    assert_eq!(record("text-eta-0.1-code-eta-0.2")["agrees"], false);
    assert_eq!(record("premature-stop-is-permanent")["agrees"], false);
    let experiment = Experiment {
        steps: 1000,
        ..preset("report-0.2").experiment()
    };
    let within = |[x1, x2]: [f64; 2]| x1.abs() < 0.01 && x2.abs() < 0.01;
    let arrival = experiment.run(ObjectiveName::F1).points().position(within);
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
    let run = |id: &str, objective| preset(id).experiment().run(objective);
    let f1 = |id| run(id, ObjectiveName::F1);

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
    assert!(run("report-f2", ObjectiveName::F2).point(1)[1] > 3.0);
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
        for objective in [ObjectiveName::F1, ObjectiveName::F2] {
            let (start, end) = ([-5.0, -2.0], run(id, objective).point(20));
            assert!(
                (0..2).all(|i| f64::abs(end[i] - start[i]) < bound),
                "{id}: {end:?}"
            );
        }
    }
}
