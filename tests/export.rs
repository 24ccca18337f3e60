//! Exports: what is read back is bit for bit what was written.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy only knows in test functions"
)]

use std::sync::Arc;

use adagrad_lab::embed::specification::{RunSpecification, Value as Given};
use adagrad_lab::export::{pytorch_snippet, trajectory_csv, trajectory_json};
use adagrad_lab::expression;
use adagrad_lab::objective::{self, Objective, Problem, RotatedQuadratic, TypedFunction, Vector};
use adagrad_lab::optimizer::{self, Adagrad, EpsilonPlacement, Optimizer, Order};
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

/// Evidence: √x₁ has no curvature at −5, and e^(x₁²) one that is too large for f64 at 100.
#[test]
fn a_state_that_is_not_finite_is_an_empty_field() {
    let newton = optimizer::Description::named("newton").unwrap();
    for (source, start, expected) in [
        ("sqrt(x1)", [-5.0, -2.0], "0,-5.0,-2.0,,,,,0.0,,,,"),
        ("exp(x1^2)", [100.0, 100.0], "0,100.0,100.0,,,,,0.0,,,,"),
    ] {
        let trajectory = run(typed(source), newton.default_optimizer(), start, 5);
        assert_eq!(
            trajectory_csv(&trajectory).lines().nth(1),
            Some(expected),
            "{source}"
        );
    }
}

#[test]
fn pytorchs_own_convention_uses_pytorchs_optimizer() {
    let snippet = pytorch_snippet(&Objective::F1, PYTORCH, START, 20);
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

    let inside = pytorch_snippet(&Objective::F2, D2L, START, 20);
    assert!(!inside.contains("torch.optim.Adagrad("));
    assert!(inside.contains("x -= rate * g / torch.sqrt(s + eps)"));
    assert!(order(&inside));

    let step_first = Adagrad {
        order: Order::Step,
        ..PYTORCH
    };
    let step_first = pytorch_snippet(&Objective::F2, step_first, START, 20);
    assert!(step_first.contains("x -= rate * g / (torch.sqrt(s) + eps)"));
    assert!(!order(&step_first));

    let without_epsilon = Adagrad {
        epsilon: 0.0,
        initial_accumulator: 0.0,
        ..PYTORCH
    };
    let without_epsilon = pytorch_snippet(&Objective::F2, without_epsilon, START, 20);
    assert!(without_epsilon.contains("torch.where(g == 0"));
}

/// Rules with their defaults, and in the conventions that PyTorch does not have.
fn rules() -> Vec<Optimizer> {
    let mut rules = Vec::new();
    for description in optimizer::DESCRIPTIONS {
        let defaults = description.defaults();
        rules.push(description.optimizer(&defaults).unwrap());
        for (query, value) in [("epsat", 1.0), ("eps", 0.0), ("order", 1.0), ("wd", 0.1)] {
            let Some(position) = parameter::position(description.parameters, query) else {
                continue;
            };
            let mut values = defaults;
            values[position] = value;
            rules.extend(description.optimizer(&values));
        }
    }
    rules
}

fn objectives() -> Vec<Objective> {
    let mut objectives: Vec<Objective> = objective::DESCRIPTIONS
        .iter()
        .map(|description| description.objective(&description.defaults()).unwrap())
        .collect();
    let source = "sin(x)^2 + 0.1 (x - y)² + max(y, -1) * y";
    objectives.push(typed(source));
    objectives
}

fn typed(source: &str) -> Objective {
    Objective::Typed(Arc::new(TypedFunction {
        source: source.to_owned(),
        program: expression::compile(source).unwrap(),
    }))
}

/// As it is, and seen through noise and a scale.
fn problems() -> Vec<Problem> {
    let seen = |objective: Objective| {
        [[1.0, 0.0, 1.0], [2.0, 0.5, 7.0]]
            .map(|set| Problem::with_values(objective.clone(), &parameter::values(&set)).unwrap())
    };
    objectives().into_iter().flat_map(seen).collect()
}

/// By hand: what each part of a script is for.
#[test]
fn snippets_name_pytorchs_rules_and_all_that_a_problem_adds() {
    let of = |name: &str, problem: &Problem| {
        let description = optimizer::Description::named(name).unwrap();
        let optimizer = description.optimizer(&description.defaults()).unwrap();
        pytorch_snippet(problem, optimizer, START, 20)
    };
    let plain = Problem::from(Objective::F1);
    for (name, call) in [
        ("sgd", "torch.optim.SGD([x], lr=0.4)"),
        ("momentum", "torch.optim.SGD([x], lr=0.4, momentum=0.5)"),
        (
            "nesterov",
            "torch.optim.SGD([x], lr=0.4, momentum=0.5, nesterov=True)",
        ),
        ("adam", "torch.optim.Adam([x], lr="),
        ("adadelta", "torch.optim.Adadelta([x], lr="),
        (
            "newton",
            "x -= eta * torch.linalg.solve(H + damping * torch.eye(2), g)",
        ),
    ] {
        assert!(of(name, &plain).contains(call), "{}", of(name, &plain));
    }
    let set = parameter::values(&[2.0, 0.5, 7.0]);
    let seen = Problem::with_values(typed("x^2 + ln(2y)"), &set).unwrap();
    let snippet = of("dual_averaging", &seen);
    for line in [
        "    return x1**2 + torch.log(2 * x2)",
        "    state = mixed(7 << 32 | t)",
        "z = torch.tensor([-2.5, -1.0], requires_grad=True)  # the rule moves z, where x = 2.0 * z",
        "z0 = z.detach().clone()",
        "    (g,) = torch.autograd.grad(f(2.0 * z), z)",
        "        g += 2.0 * noise(t + 1)",
        "        z.copy_(z0 - offset)",
        "print((2.0 * z).tolist(), f(2.0 * z).item())",
    ] {
        assert!(snippet.lines().any(|l| l == line), "{line}\n{snippet}");
    }
}

#[test]
fn json_of_a_typed_function_has_its_text() {
    let function = typed("x\t+ y");
    let json = trajectory_json(&function, D2L, 3, &run(&function, D2L, START, 3));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["objective"], json!("typed"));
    assert_eq!(json["function"], json!("x\t+ y"));
}

/// Every snippet, run: each rule in each convention on each objective, 5 steps. The end points
/// agree within 1e-12 of the larger of start and end, as the iterates of the reference file do; of
/// rules that divide by a matrix within 1e-10, since its condition, here up to some 10⁵, multiplies
/// what rounding does to it. Left out are runs that fly apart, as Newton's on Huber's function from
/// afar: each step there cubes the last one's rounding too.
///
/// One process for all: PyTorch takes a second to load.
#[test]
#[ignore = "needs PyTorch: PYTHON=<a Python that has it> cargo test --test export -- --ignored"]
fn snippets_run_and_agree() {
    let steps = 5;
    let mut driver = String::from("import contextlib, io\nscripts = []\n");
    let mut runs = Vec::new();
    for problem in problems() {
        for optimizer in rules() {
            let start = problem.objective.description().start;
            let trajectory = run(&problem, optimizer, start, steps);
            let flies_apart = trajectory.points().flatten().any(|x| x.abs() > 1e6);
            if trajectory.steps.len() < steps as usize || flies_apart {
                continue;
            }
            let snippet = pytorch_snippet(&problem, optimizer, start, steps);
            driver.push_str(&format!("scripts.append({snippet:?})\n"));
            let divides_by_matrix =
                ["adagrad_full", "newton"].contains(&optimizer.description().name);
            let tolerance = if divides_by_matrix { 1e-10 } else { 1e-12 };
            runs.push((snippet, trajectory, tolerance));
        }
    }
    driver.push_str(
        "for script in scripts:
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(script, {})
        print(said.getvalue().strip())
    except Exception as error:
        print(repr(error))
",
    );
    let file = std::env::temp_dir().join("adagrad-lab-snippets.py");
    std::fs::write(&file, driver).unwrap();
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = std::process::Command::new(python).arg(&file).output();
    let output = output.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    println!("{} scripts", runs.len());
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(printed.lines().count(), runs.len(), "{errors}");
    for (line, (snippet, trajectory, tolerance)) in printed.lines().zip(&runs) {
        let numbers: Vec<f64> = line
            .split(|c: char| "[], ".contains(c))
            .filter(|text| !text.is_empty())
            .map(|text| text.parse().unwrap_or(f64::NAN))
            .collect();
        assert_eq!(numbers.len(), 3, "{line}\n{snippet}");
        let end = trajectory.point(steps as usize);
        let difference = (end[0] - numbers[0]).hypot(end[1] - numbers[1]);
        let length = end[0]
            .hypot(end[1])
            .max(trajectory.start[0].hypot(trajectory.start[1]));
        assert!(
            difference <= tolerance * length.max(1.0),
            "{end:?} {line}\n{snippet}"
        );
    }
}
