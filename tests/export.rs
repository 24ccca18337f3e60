//! Exports: what is read back is bit for bit what was written.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy only knows in test functions"
)]

use adagrad_lab::embed::specification::{RunSpecification, Value as Given};
use adagrad_lab::export::{pytorch_snippet, trajectory_csv, trajectory_json};
use adagrad_lab::objective::{self, Objective, Problem, RotatedQuadratic, Vector};
use adagrad_lab::optimizer::{self, Adagrad, EpsilonPlacement, Order};
use adagrad_lab::parameter;
use adagrad_lab::trajectory::run;
use serde_json::{Value, json};

const START: Vector = [-5.0, -2.0];

const D2L: Adagrad = Adagrad {
    learning_rate: 0.4,
    epsilon: 1e-6,
    epsilon_placement: EpsilonPlacement::Inside,
    initial_accumulator: 0.0,
    learning_rate_decay: 0.0,
    order: Order::Accumulate,
    weight_decay: 0.0,
};

const PYTORCH: Adagrad = Adagrad {
    learning_rate: 0.1,
    epsilon: 1e-10,
    epsilon_placement: EpsilonPlacement::Outside,
    initial_accumulator: 0.1,
    learning_rate_decay: 0.01,
    order: Order::Accumulate,
    weight_decay: 0.0,
};

fn rotated() -> Objective {
    Objective::Rotated(RotatedQuadratic::new(30.0, [0.2, 4.0]).unwrap())
}

#[test]
fn csv_reads_back_bit_for_bit() {
    // η = 2 sends x₂ to 1e-162: every size of number is in it.
    let optimizer = Adagrad {
        learning_rate: 2.0,
        ..D2L
    };
    let trajectory = run(&Objective::F1, optimizer, START, 20);
    let csv = trajectory_csv(&trajectory);
    let mut rows = csv.lines();
    let columns = rows.next().unwrap().split(',').count();
    assert_eq!(
        rows.next(),
        Some("0,-5.0,-2.0,10.5,,,0.0,0.0,,,,"),
        "the start: no gradient, rate or update yet"
    );
    for (t, step) in (1..).zip(&trajectory.steps) {
        let row: Vec<f64> = rows
            .next()
            .unwrap()
            .split(',')
            .map(|field| field.parse().unwrap())
            .collect();
        let mut expected = vec![
            f64::from(t),
            step.point_after[0],
            step.point_after[1],
            step.loss,
        ];
        for pair in [
            step.gradient,
            step.accumulator,
            step.effective_learning_rate,
            step.update,
        ] {
            expected.extend(pair);
        }
        assert_eq!(row, expected);
        assert_eq!(row.len(), columns);
    }
    assert_eq!(rows.next(), None);
}

#[test]
fn json_is_the_specification_and_its_answer() {
    let trajectory = run(rotated(), PYTORCH, START, 5);
    let json = trajectory_json(rotated(), PYTORCH, 5, &trajectory);
    let value: Value = serde_json::from_str(&json).unwrap();
    for (field, expected) in [
        ("objective", json!("rotated")),
        ("theta", json!(30.0)),
        ("lambda", json!([0.2, 4.0])),
        ("optimizer", json!("adagrad")),
        ("learningRate", json!(0.1)),
        ("epsilon", json!(1e-10)),
        ("epsilonPlacement", json!("outside")),
        ("initialAccumulator", json!(0.1)),
        ("learningRateDecay", json!(0.01)),
        ("order", json!("accumulate")),
        ("start", json!([-5.0, -2.0])),
        ("steps", json!(5)),
        ("stop", json!({"reason": "completed", "step": 5})),
    ] {
        assert_eq!(value[field], expected, "{field}");
    }
    for (field, rows) in [
        ("points", 6),
        ("losses", 6),
        ("gradients", 5),
        ("accumulators", 5),
        ("effectiveLearningRates", 5),
        ("updates", 5),
    ] {
        assert_eq!(value[field].as_array().unwrap().len(), rows, "{field}");
    }
}

/// The fields up to `steps` are a specification of the same run, for every rule and objective.
#[test]
fn json_of_any_run_can_be_run_again() {
    let given = |json: &Value| match json {
        Value::Number(number) => Given::Number(number.as_f64().unwrap()),
        Value::String(text) => Given::Text(text.clone()),
        _ => Given::Missing,
    };
    for objective in &objective::DESCRIPTIONS {
        let objective = objective.objective(&objective.defaults()).unwrap();
        for rule in optimizer::DESCRIPTIONS {
            let optimizer = rule.optimizer(&rule.defaults()).unwrap();
            for set in [[1.0, 0.0, 1.0], [2.0, 0.5, 7.0]] {
                let set = parameter::values(&set);
                let problem = Problem::with_values(objective.clone(), &set).unwrap();
                let trajectory = run(&problem, optimizer, START, 3);
                let json = trajectory_json(&problem, optimizer, 3, &trajectory);
                let json: Value = serde_json::from_str(&json).unwrap();
                let again = RunSpecification::parse(|field| match &json[field] {
                    Value::Array(entries) => Given::List(entries.iter().map(given).collect()),
                    other => given(other),
                })
                .unwrap();
                assert_eq!(again.problem, problem);
                assert_eq!(again.optimizer, optimizer);
                assert_eq!((again.start, again.steps), (START, 3));
            }
        }
    }
}

/// Read by Rust's own parser, which rounds correctly; serde_json's default may be an ulp off.
#[test]
fn json_numbers_read_back_bit_for_bit() {
    let trajectory = run(&Objective::F2, D2L, START, 20);
    let json = trajectory_json(&Objective::F2, D2L, 20, &trajectory);
    let numbers = |field: &str| -> Vec<f64> {
        let (_, rest) = json.split_once(&format!("\"{field}\": ")).unwrap();
        let line = rest.lines().next().unwrap();
        line.split(|c: char| "[], ".contains(c))
            .filter(|text| !text.is_empty())
            .map(|text| text.parse().unwrap())
            .collect()
    };
    let flat = |column: fn(&adagrad_lab::trajectory::Step) -> Vector| -> Vec<f64> {
        trajectory.steps.iter().flat_map(column).collect()
    };
    let points: Vec<f64> = trajectory.points().flatten().collect();
    let losses: Vec<f64> = (0..=20).map(|t| trajectory.loss(t)).collect();
    assert_eq!(numbers("points"), points);
    assert_eq!(numbers("losses"), losses);
    assert_eq!(numbers("gradients"), flat(|step| step.gradient));
    assert_eq!(numbers("accumulators"), flat(|step| step.accumulator));
    assert_eq!(
        numbers("effectiveLearningRates"),
        flat(|step| step.effective_learning_rate)
    );
    assert_eq!(numbers("updates"), flat(|step| step.update));
}

#[test]
fn a_run_without_a_step_still_exports() {
    // f1(1e200) is infinite: divergence in step 1, and a start loss that JSON has no number for.
    let start = [1e200, 0.0];
    let trajectory = run(&Objective::F1, D2L, start, 5);
    let json = trajectory_json(&Objective::F1, D2L, 5, &trajectory);
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["losses"], json!([null]));
    assert_eq!(value["updates"], json!([]));
    assert_eq!(value["stop"], json!({"reason": "diverged", "step": 1}));
    let csv = trajectory_csv(&trajectory);
    assert_eq!(csv.lines().nth(1), Some("0,1e200,0.0,,,,0.0,0.0,,,,"));
}

#[test]
fn pytorchs_own_convention_uses_pytorchs_optimizer() {
    let snippet = pytorch_snippet(&Objective::F1, &PYTORCH, START, 20);
    for line in [
        "    return 0.1 * x1**2 + 2 * x2**2",
        "x = torch.tensor([-5.0, -2.0], requires_grad=True)",
        "    lr=0.1,",
        "    lr_decay=0.01,",
        "    initial_accumulator_value=0.1,",
        "    eps=1e-10,",
        "for _ in range(20):",
    ] {
        assert!(snippet.lines().any(|l| l == line), "{line}\n{snippet}");
    }
}

#[test]
fn every_other_convention_is_written_out() {
    let order = |snippet: &str| snippet.find("s += g**2").unwrap() < snippet.find("x -= ").unwrap();

    let inside = pytorch_snippet(&Objective::F2, &D2L, START, 20);
    assert!(!inside.contains("torch.optim.Adagrad("));
    assert!(inside.contains("x -= rate * g / torch.sqrt(s + eps)"));
    assert!(order(&inside));

    let step_first = Adagrad {
        order: Order::Step,
        ..PYTORCH
    };
    let step_first = pytorch_snippet(&Objective::F2, &step_first, START, 20);
    assert!(step_first.contains("x -= rate * g / (torch.sqrt(s) + eps)"));
    assert!(!order(&step_first));

    let without_epsilon = Adagrad {
        epsilon: 0.0,
        initial_accumulator: 0.0,
        ..PYTORCH
    };
    let without_epsilon = pytorch_snippet(&Objective::F2, &without_epsilon, START, 20);
    assert!(without_epsilon.contains("torch.where(g == 0"));
}

/// Every snippet, run. The end points agree within 1e-12 of the start's length, as the iterates of
/// the reference file do.
#[test]
#[ignore = "needs PyTorch: PYTHON=<a Python that has it> cargo test --test export -- --ignored"]
fn snippets_run_and_agree() {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let step_first = Adagrad {
        order: Order::Step,
        ..PYTORCH
    };
    let without_epsilon = Adagrad {
        epsilon: 0.0,
        ..D2L
    };
    for (objective, optimizer, start) in [
        (Objective::F1, D2L, START),
        (Objective::F2, D2L, START),
        (rotated(), D2L, START),
        (Objective::F1, PYTORCH, START),
        (rotated(), PYTORCH, START),
        (Objective::F2, step_first, START),
        // No gradient in x₂, no ε: 0/0 unless taken care of.
        (Objective::F1, without_epsilon, [-5.0, 0.0]),
    ] {
        let snippet = pytorch_snippet(&objective, &optimizer, start, 20);
        let output = std::process::Command::new(&python)
            .args(["-c", &snippet])
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        let numbers: Vec<f64> = printed
            .split(|c: char| "[], \n".contains(c))
            .filter(|text| !text.is_empty())
            .map(|text| text.parse().unwrap())
            .collect();
        assert_eq!(numbers.len(), 3, "{printed}{errors}\n{snippet}");
        let trajectory = run(&objective, optimizer, start, 20);
        let end = trajectory.point(20);
        let difference = (end[0] - numbers[0]).hypot(end[1] - numbers[1]);
        assert!(
            difference <= 1e-12 * start[0].hypot(start[1]),
            "{end:?} {printed}\n{snippet}"
        );
        assert!((trajectory.loss(20) - numbers[2]).abs() <= 1e-12 * trajectory.start_loss);
    }
}
