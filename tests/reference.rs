//! Agreement with results computed apart from this crate: PyTorch's trajectories, D2L's printed
//! end points, and the recomputed numbers of the course material.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets what it does not expect should stop there"
)]

use adagrad_lab::diagnosis::{Horizon, Progress, StepsNeeded, stops_early};
use adagrad_lab::objective::{Objective, RotatedQuadratic, Vector, eigenvalues};
use adagrad_lab::optimizer::{Adagrad, EpsilonPlacement, Order};
use adagrad_lab::trajectory::{Trajectory, run};
use serde::Deserialize;
use serde_json::Value;

/// The material's convention: accumulate first, ε inside, s₀ = 0, no decay.
fn inside(learning_rate: f64, epsilon: f64) -> Adagrad {
    Adagrad {
        learning_rate,
        epsilon,
        epsilon_placement: EpsilonPlacement::Inside,
        initial_accumulator: 0.0,
        learning_rate_decay: 0.0,
        order: Order::Accumulate,
        weight_decay: 0.0,
    }
}

fn d2l(learning_rate: f64, steps: u32) -> Trajectory {
    run(
        &Objective::F1,
        inside(learning_rate, 1e-6),
        [-5.0, -2.0],
        steps,
    )
}

/// The report's hand calculation: from (5, 3), η = 0.4, ε = 1e-8.
fn by_hand(objective: &Objective, steps: u32) -> Trajectory {
    run(objective, inside(0.4, 1e-8), [5.0, 3.0], steps)
}

fn f1_rotated() -> Objective {
    Objective::Rotated(RotatedQuadratic::new(0.0, [0.2, 4.0]).unwrap())
}

fn f2_rotated() -> Objective {
    Objective::Rotated(RotatedQuadratic::new(45.0, [0.4, 8.0]).unwrap())
}

fn norm([x1, x2]: Vector) -> f64 {
    x1.hypot(x2)
}

// PyTorch

#[derive(Deserialize)]
struct TorchFile {
    cases: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TorchAdagrad {
    objective: String,
    start: Vector,
    steps: u32,
    learning_rate: f64,
    learning_rate_decay: f64,
    initial_accumulator: f64,
    epsilon: f64,
    points: Vec<Vector>,
    losses: Vec<f64>,
}

fn torch_cases() -> Vec<TorchAdagrad> {
    let file: TorchFile =
        serde_json::from_str(include_str!("reference/torch_trajectories.json")).unwrap();
    file.cases
        .into_iter()
        .filter(|case| case["optimizer"] == "adagrad")
        .filter(|case| case["objective"] == "f1" || case["objective"] == "f2")
        .inspect(|case| assert_eq!(case["epsilonPlacement"], "outside"))
        .map(|case| serde_json::from_value(case).unwrap())
        .collect()
}

/// Every iterate within 1e-12 of PyTorch's, relative to that iterate's own length: a share of the
/// point, not of each coordinate, because a coordinate that crosses 0 has no digits there.
///
/// 1e-12 is the bar the project set; both compute in f64 and differ in the order of one
/// multiplication and one division, at most about 1e-16 a step over at most 100 steps.
fn assert_follows_torch(case: &TorchAdagrad, objective: &Objective) {
    let optimizer = Adagrad {
        learning_rate: case.learning_rate,
        epsilon: case.epsilon,
        epsilon_placement: EpsilonPlacement::Outside,
        initial_accumulator: case.initial_accumulator,
        learning_rate_decay: case.learning_rate_decay,
        order: Order::Accumulate,
        weight_decay: 0.0,
    };
    let trajectory = run(objective, optimizer, case.start, case.steps);
    assert_eq!(case.points.len(), case.steps as usize + 1);
    for (t, (ours, torchs)) in trajectory.points().zip(&case.points).enumerate() {
        let difference = norm([ours[0] - torchs[0], ours[1] - torchs[1]]);
        assert!(
            difference <= 1e-12 * norm(*torchs),
            "{} step {t}: {ours:?} against PyTorch's {torchs:?}",
            case.objective
        );
        // The loss is quadratic in the point: twice its relative error.
        let (loss, torchs) = (trajectory.loss(t), case.losses[t]);
        assert!((loss - torchs).abs() <= 2e-12 * torchs, "loss at {t}");
    }
}

#[test]
fn every_iterate_is_pytorchs() {
    let cases = torch_cases();
    assert_eq!(cases.len(), 6);
    for case in &cases {
        let objective = match case.objective.as_str() {
            "f1" => Objective::F1,
            _ => Objective::F2,
        };
        assert_follows_torch(case, &objective);
    }
}

#[test]
fn the_rotated_quadratic_follows_pytorch_on_f1_and_f2_too() {
    for case in &torch_cases() {
        let objective = match case.objective.as_str() {
            "f1" => f1_rotated(),
            _ => f2_rotated(),
        };
        assert_follows_torch(case, &objective);
    }
}

// D2L

/// Printed in D2L, section 12.7, to six decimals: compared as printed, so without a tolerance.
#[test]
fn d2l_prints_these_end_points() {
    let printed = |[x1, x2]: Vector| format!("x1: {x1:.6}, x2: {x2:.6}");
    assert_eq!(
        printed(d2l(0.4, 20).point(20)),
        "x1: -2.382563, x2: -0.158591"
    );
    assert_eq!(
        printed(d2l(2.0, 20).point(20)),
        "x1: -0.002295, x2: -0.000000"
    );
}

// The course material, recomputed

struct SeedNumbers(Vec<Value>);

impl SeedNumbers {
    fn read() -> Self {
        Self(serde_json::from_str(include_str!("reference/seed_numbers.json")).unwrap())
    }

    fn recomputed(&self, id: &str) -> &Value {
        let record = self.0.iter().find(|record| record["id"] == id);
        &record.unwrap_or_else(|| panic!("no record {id}"))["recomputed"]
    }
}

/// Every number in `expected`, arrays included, is the one of `actual` in order, within 1e-12
/// relative: both are float64 and differ in the order of a few operations over at most 500 steps.
/// An expected 0 must be met exactly.
#[track_caller]
fn assert_numbers(expected: &Value, actual: &[f64]) {
    fn flatten(value: &Value, into: &mut Vec<f64>) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| flatten(value, into)),
            value => into.push(value.as_f64().unwrap()),
        }
    }
    let mut numbers = Vec::new();
    flatten(expected, &mut numbers);
    assert_eq!(numbers.len(), actual.len());
    for (expected, actual) in numbers.iter().zip(actual) {
        assert!(
            (expected - actual).abs() <= 1e-12 * expected.abs(),
            "expected {expected}, got {actual}"
        );
    }
}

#[test]
fn the_hand_calculation_in_every_column() {
    let seeds = SeedNumbers::read();
    for (name, objective) in [("f1", Objective::F1), ("f2", Objective::F2)] {
        let trajectory = by_hand(&objective, 3);
        let mut compared = 0;
        for record in &seeds.0 {
            let id = record["id"].as_str().unwrap();
            let Some((step, column)) = id
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix("-step"))
                .and_then(|rest| rest.split_once('-'))
            else {
                continue;
            };
            let step = trajectory
                .record(step.parse().unwrap())
                .unwrap_or_else(|| panic!("{id}"));
            let [g1, g2] = step.gradient;
            let actual = match column {
                "gradient" => step.gradient.to_vec(),
                "accumulator" => step.accumulator.to_vec(),
                "rate" => step.effective_learning_rate.to_vec(),
                "update" => step.update.to_vec(),
                "point" => step.point_after.to_vec(),
                "value" => vec![step.loss],
                "squared-gradients" => vec![g1 * g1, g2 * g2],
                // The terms of the sum inside the value: the record rounds f2's to its printed
                // digits, and the value itself is compared above.
                "value-terms" => continue,
                column => panic!("{id}: no column {column}"),
            };
            assert_numbers(&record["recomputed"], &actual);
            compared += 1;
        }
        // Six columns of three steps and the squares of steps 2 and 3, but for those that the
        // material leaves out: f1's third update; f2's third rate, update and squares.
        assert_eq!(compared, if name == "f1" { 19 } else { 17 }, "{name}");
    }
}

#[test]
fn relative_progress_on_f1_and_f2() {
    let seeds = SeedNumbers::read();
    let long = seeds.recomputed("f1-f2-relative-progress-long");
    for (name, objective) in [("f1", Objective::F1), ("f2", Objective::F2)] {
        let trajectory = by_hand(&objective, 500);
        for (steps, left) in long[name].as_object().unwrap() {
            let t = steps.parse().unwrap();
            assert_numbers(left, &[trajectory.loss(t) / trajectory.start_loss]);
        }
    }
}

#[test]
fn the_rotated_bowl_is_slower() {
    let seeds = SeedNumbers::read();
    let expected = seeds.recomputed("rotated-bowl-slower");
    for (name, objective) in [("f1", Objective::F1), ("f2", Objective::F2)] {
        let trajectory = by_hand(&objective, 500);
        let first = (0..=500)
            .find(|&t| trajectory.loss(t) <= 0.01 * trajectory.start_loss)
            .unwrap();
        assert_eq!(Some(first as u64), expected[name].as_u64(), "{name}");
    }
}

#[test]
fn f2_bends_once_and_f1_never() {
    let seeds = SeedNumbers::read();
    let expected = seeds.recomputed("f2-zigzag");
    let reversals = |objective: &Objective, i: usize| {
        let trajectory = by_hand(objective, 200);
        let after: Vec<usize> = (1..trajectory.steps.len())
            .filter(|&t| trajectory.steps[t].update[i] * trajectory.steps[t - 1].update[i] < 0.0)
            .collect();
        after
    };
    for (name, objective) in [
        ("f1_reversals", Objective::F1),
        ("f2_reversals", Objective::F2),
    ] {
        let counts = [0, 1].map(|i| reversals(&objective, i).len() as f64);
        assert_numbers(&expected[name], &counts);
    }
    assert_eq!(
        reversals(&Objective::F2, 1),
        [expected["x2_turns_after_step"].as_u64().unwrap() as usize]
    );
}

#[test]
fn twenty_steps_at_other_rates() {
    let seeds = SeedNumbers::read();
    for (id, learning_rate) in [
        ("quadratic-20-steps-eta-0.1", 0.1),
        ("quadratic-20-steps-eta-0.2", 0.2),
        ("quadratic-20-steps-eta-3.0", 3.0),
    ] {
        let expected = seeds.recomputed(id);
        let trajectory = d2l(learning_rate, 20);
        let (first, last) = (trajectory.steps[0], trajectory.steps[19]);
        assert_numbers(&expected["x"], &last.point_after);
        assert_numbers(&expected["f"], &[last.loss]);
        assert_numbers(&expected["effective_rates"], &last.effective_learning_rate);
        assert_numbers(&expected["first_update"], &first.update);
        assert_numbers(&expected["last_update"], &last.update);
        assert_numbers(&expected["s"], &last.accumulator);
    }
    let overshoot = seeds.recomputed("eta-3-overshoot");
    let trajectory = d2l(3.0, 2);
    assert_numbers(&overshoot["x1"], &trajectory.point(1));
    assert_numbers(&overshoot["s1"], &trajectory.accumulator(1));
    assert_numbers(
        &overshoot["rate1"],
        &trajectory.steps[0].effective_learning_rate,
    );
    assert_numbers(&overshoot["x2"], &trajectory.point(2));
}

#[test]
fn d2ls_steps_shrink_and_never_swing() {
    let seeds = SeedNumbers::read();
    let trajectory = d2l(0.4, 20);
    let lengths = seeds.recomputed("d2l-later-steps-smaller");
    for (step, length) in lengths.as_object().unwrap() {
        let update = trajectory.record(step.parse().unwrap()).unwrap().update;
        assert_numbers(length, &[norm(update)]);
    }
    let crossings = trajectory
        .steps
        .iter()
        .filter(|step| step.point_before[1] * step.point_after[1] < 0.0)
        .count();
    let expected = &seeds.recomputed("d2l-smoother-than-gd")["adagrad"];
    assert_eq!(Some(crossings as u64), expected.as_u64());
    let losses = seeds.recomputed("d2l-eta-2-better");
    assert_numbers(&losses["eta_0_4"], &[trajectory.loss(20)]);
    assert_numbers(&losses["eta_2"], &[d2l(2.0, 20).loss(20)]);
}

#[test]
fn stopping_early_is_not_stopping_forever() {
    let seeds = SeedNumbers::read();
    let within_20 = seeds.recomputed("premature-stop-within-20");
    let permanent = seeds.recomputed("premature-stop-is-permanent");
    for (learning_rate, key, left) in [(0.1, "0.1", "eta_0_1"), (0.2, "0.2", "eta_0_2")] {
        let trajectory = d2l(learning_rate, 20_000);
        assert_numbers(&within_20["start"], &[trajectory.start_loss]);
        assert_numbers(&within_20[left], &[trajectory.loss(20)]);
        let first = trajectory
            .points()
            .position(|[x1, x2]| x1.abs() < 0.01 && x2.abs() < 0.01)
            .unwrap();
        assert_eq!(
            Some(first as u64),
            permanent["first_step_below_0_01"][key].as_u64()
        );
        let rate = |t: usize| trajectory.record(t).unwrap().effective_learning_rate[0];
        assert_numbers(&permanent["rate_x1_after_20"][key], &[rate(20)]);
        assert_numbers(&permanent["rate_x1_limit"][key], &[rate(20_000)]);
    }
}

/// The same finding in the page's own terms: at η = 0.2, twenty steps leave most of the distance,
/// and 1 % of it takes more than ten times as many.
#[test]
fn the_page_says_stops_early_where_the_material_sees_it() {
    let progress = Progress::at(&d2l(0.2, 20), &Objective::F1, 20).unwrap();
    let end = [-3.578_138_868_914_126, -0.753_152_031_186_933];
    let share = norm(end) / norm([-5.0, -2.0]);
    assert!((progress.share_left.unwrap() - share).abs() < 1e-12);

    let mut horizon = Horizon::new(Objective::F1, inside(0.2, 1e-6), [-5.0, -2.0]);
    let needed = horizon.advance(1_000_000).unwrap();
    // 1 % of the starting distance is 0.0539; both |x| below 0.01 is at step 998.
    assert!(matches!(needed, StepsNeeded::Reached(200..998)));
    assert!(stops_early(needed, 20));
}

#[test]
fn hessians_eigenvalues_and_condition() {
    let seeds = SeedNumbers::read();
    for (name, objective, rotated) in [
        ("f1", Objective::F1, f1_rotated()),
        ("f2", Objective::F2, f2_rotated()),
    ] {
        let [[a, b], [c, d]] = objective.hessian([0.0; 2]);
        assert_numbers(seeds.recomputed(&format!("{name}-hessian")), &[a, b, c, d]);
        assert_numbers(
            seeds.recomputed(&format!("{name}-eigenvalues")),
            &eigenvalues(objective.hessian([0.0; 2])),
        );
        // f1 is θ = 0, λ = (0.2, 4); f2 is θ = 45°, λ = (0.4, 8). An entry is a sum of two
        // products of sines: a few ulp.
        for (row, rotated_row) in objective
            .hessian([0.0; 2])
            .iter()
            .zip(rotated.hessian([0.0; 2]))
        {
            for (entry, rotated_entry) in row.iter().zip(rotated_row) {
                assert!((entry - rotated_entry).abs() < 1e-14);
            }
        }
        assert!((objective.condition_number().unwrap() - 20.0).abs() < 1e-12);
        assert!((rotated.condition_number().unwrap() - 20.0).abs() < 1e-12);
        assert_numbers(
            seeds.recomputed(&format!("{name}-start-value")),
            &[objective.value([5.0, 3.0])],
        );
        assert_numbers(
            seeds.recomputed(&format!("{name}-minimum")),
            &[0.0, 0.0, objective.value(objective.minimiser())],
        );
    }
}

#[test]
fn the_first_step_is_eta_whatever_the_gradient() {
    let expected = SeedNumbers::read();
    let expected = expected.recomputed("first-step-equals-eta");
    let updates = [1e-3, 1.0, 1e3].map(|gradient| {
        // x² at half the gradient.
        let trajectory = run(
            Objective::Square,
            inside(0.1, 1e-8),
            [gradient / 2.0, 0.0],
            1,
        );
        trajectory.steps[0].update[0]
    });
    assert_numbers(expected, &updates);
}

#[test]
fn the_accumulator_tracks_squared_curvature() {
    let seeds = SeedNumbers::read();
    let ratio = |[s1, s2]: Vector| s1 / s2;
    let from_1_1 = run(&Objective::F1, inside(0.1, 1e-8), [1.0, 1.0], 100);
    let expected = seeds.recomputed("accumulator-ratio-is-diag-q-squared");
    assert_numbers(&expected["from_1_1"], &[ratio(from_1_1.accumulator(100))]);
    let long = by_hand(&Objective::F1, 10_000);
    assert_numbers(&expected["from_5_3_step1"], &[ratio(long.accumulator(1))]);
    assert_numbers(&expected["from_5_3_step3"], &[ratio(long.accumulator(3))]);
    assert_numbers(
        &expected["from_5_3_step10000"],
        &[ratio(long.accumulator(10_000))],
    );
    let rates = from_1_1.record(100).unwrap().effective_learning_rate;
    assert_numbers(
        &seeds.recomputed("adagrad-precond-power-half-or-one")["rate_ratio"],
        &[ratio(rates)],
    );
}

/// Recorded difference: 0.0. Halving is exact in f64, and so is everything after it: the root of
/// a quarter is half the root, and rate × gradient is the same number.
#[test]
fn halving_the_loss_changes_nothing_without_epsilon() {
    let full = RotatedQuadratic::new(45.0, [0.4, 8.0]).unwrap();
    let half = RotatedQuadratic::new(45.0, [0.2, 4.0]).unwrap();
    let path = |rotated| {
        run(
            Objective::Rotated(rotated),
            inside(0.4, 0.0),
            [5.0, 3.0],
            100,
        )
        .points()
        .collect::<Vec<_>>()
    };
    assert_eq!(path(full), path(half));
}
