//! All 40 of PyTorch's runs, as `run()` takes them: each case is its own specification.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it does not expect should stop there"
)]

use adagrad_lab::embed::specification::{RunSpecification, Value};
use adagrad_lab::objective::Vector;
use serde_json::Value as Json;

fn cases() -> Vec<Json> {
    let file: Json =
        serde_json::from_str(include_str!("reference/torch_trajectories.json")).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Missing,
        Json::Number(number) => Value::Number(number.as_f64().unwrap()),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(entries) => Value::List(entries.iter().map(value).collect()),
        other => panic!("{other}"),
    }
}

/// How far apart two runs are at their worst: the largest distance between points of the same step,
/// over the largest coordinate of the reference run.
///
/// The scale is the run's and not the point's own: an iterate that passes near the origin, or a
/// coordinate that crosses 0, has lost its leading digits to cancellation, and only the size of what
/// cancelled says what rounding may leave.
fn worst_difference(ours: impl Iterator<Item = Vector>, torchs: &[Vector]) -> f64 {
    let largest = torchs
        .as_flattened()
        .iter()
        .fold(0.0_f64, |m, x| m.max(x.abs()));
    let distances = ours
        .zip(torchs)
        .map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]));
    distances.fold(0.0, f64::max) / largest
}

/// Every iterate within 1e-9, the bar the project set; all of these runs are stable. What is to be
/// expected is 1e-16 for each of at most 100 steps, so that they are held to 1e-13: a formula that
/// differs at all, by a bias correction or a placement of ε, is off by 1e-9 or more.
#[test]
fn every_iterate_of_every_rule_is_pytorchs() {
    let cases = cases();
    assert_eq!(cases.len(), 40);
    let mut rules: Vec<String> = Vec::new();
    for case in &cases {
        let specification = RunSpecification::parse(|field| value(&case[field])).unwrap();
        let trajectory = specification.run();
        let torchs: Vec<Vector> = serde_json::from_value(case["points"].clone()).unwrap();
        assert_eq!(trajectory.points().count(), torchs.len());
        let difference = worst_difference(trajectory.points(), &torchs);
        assert!(difference <= 1e-13, "{difference:e} on {specification:?}");

        // Losses are of very different sizes along a run; rounding leaves the points' difference
        // times the slope, which the largest loss bounds well enough here.
        let losses: Vec<f64> = serde_json::from_value(case["losses"].clone()).unwrap();
        let largest = losses.iter().fold(0.0_f64, |m, loss| m.max(loss.abs()));
        for (t, loss) in losses.iter().enumerate() {
            let difference = (trajectory.loss(t) - loss).abs() / largest;
            assert!(
                difference <= 1e-12,
                "loss {t}: {difference:e} on {specification:?}"
            );
        }
        rules.push(case["optimizer"].as_str().unwrap().to_owned());
    }
    rules.sort();
    rules.dedup();
    assert_eq!(
        rules,
        [
            "adadelta", "adagrad", "adam", "momentum", "nesterov", "rmsprop", "sgd"
        ]
    );
}

/// No field of a case is overlooked: each is read by the specification or is its answer.
#[test]
fn every_field_of_a_case_is_known() {
    let known = adagrad_lab::embed::specification::field_names();
    for case in cases() {
        for field in case.as_object().unwrap().keys() {
            let answer = ["points", "losses"].contains(&field.as_str());
            assert!(answer || known.contains(&field.as_str()), "{field}");
        }
    }
}
