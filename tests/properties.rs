//! What holds for every run: invariants of the rule over random settings, gradients and Hessians
//! against finite differences, and nothing but finite numbers from hostile input.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests, which clippy only knows in test functions"
)]

use adagrad_lab::diagnosis::sweep::End;
use adagrad_lab::diagnosis::{Horizon, LookAhead, Measure, Subject, Sweep, explain};
use adagrad_lab::objective::{self, DiagonalQuadratic, Objective, RotatedQuadratic, Vector};
use adagrad_lab::optimizer::{self, Adagrad, EpsilonPlacement, Order};
use adagrad_lab::trajectory::{StopReason, Trajectory, run};
use proptest::prelude::*;

/// 10^e for e in a range: settings are spread over orders of magnitude.
fn power_of_ten(exponents: std::ops::Range<f64>) -> impl Strategy<Value = f64> {
    exponents.prop_map(|exponent| 10_f64.powf(exponent))
}

fn objective() -> impl Strategy<Value = Objective> {
    let rotated = (
        -360.0..360.0,
        [power_of_ten(-2.0..1.0), power_of_ten(-2.0..1.0)],
    )
        .prop_map(|(angle, eigenvalues)| {
            Objective::Rotated(RotatedQuadratic::new(angle, eigenvalues).unwrap())
        });
    prop_oneof![Just(Objective::F1), Just(Objective::F2), rotated]
}

fn convention() -> impl Strategy<Value = (EpsilonPlacement, Order)> {
    (
        prop_oneof![
            Just(EpsilonPlacement::Inside),
            Just(EpsilonPlacement::Outside)
        ],
        prop_oneof![Just(Order::Accumulate), Just(Order::Step)],
    )
}

/// Any setting the page allows.
fn optimizer() -> impl Strategy<Value = Adagrad> {
    (
        power_of_ten(-3.0..1.0),
        prop_oneof![Just(0.0), power_of_ten(-12.0..1.0)],
        convention(),
        prop_oneof![Just(0.0), 0.0..10.0],
        prop_oneof![Just(0.0), 0.0..1.0],
    )
        .prop_map(
            |(
                learning_rate,
                epsilon,
                (epsilon_placement, order),
                initial_accumulator,
                learning_rate_decay,
            )| Adagrad {
                learning_rate,
                epsilon,
                epsilon_placement,
                initial_accumulator,
                learning_rate_decay,
                order,
                weight_decay: 0.0,
            },
        )
        .prop_filter("steps first from 0", |optimizer| {
            optimizer.validate().is_ok()
        })
}

fn point() -> impl Strategy<Value = Vector> {
    [-10.0..10.0, -10.0..10.0]
}

/// Any f64, NaN and infinities included, with the awkward ones often.
fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        prop::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            1e300,
            -1e300,
            1e154,
            1e-300,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            f64::INFINITY,
            f64::NAN,
        ]),
    ]
}

fn assert_all_finite(trajectory: &Trajectory) {
    for step in &trajectory.steps {
        let vectors = [
            step.point_before,
            step.point_after,
            step.gradient,
            step.accumulator,
            step.effective_learning_rate,
            step.update,
            [step.loss; 2],
        ];
        assert!(
            vectors.as_flattened().iter().all(|v| v.is_finite()),
            "{step:?}"
        );
    }
}

proptest! {
    #[test]
    fn a_run_keeps_the_rules_invariants(
        objective in objective(),
        optimizer in optimizer(),
        start in point(),
    ) {
        let trajectory = run(&objective, optimizer, start, 200);
        assert_all_finite(&trajectory);
        let mut point = start;
        let mut accumulator = trajectory.accumulator(0);
        let mut rate = [f64::INFINITY; 2];
        for step in &trajectory.steps {
            // The records chain, and are what they say, bit for bit.
            prop_assert_eq!(step.point_before, point);
            prop_assert_eq!(step.gradient, objective.gradient(point));
            prop_assert_eq!(step.loss, objective.value(step.point_after));
            for i in 0..2 {
                prop_assert_eq!(
                    step.update[i],
                    step.effective_learning_rate[i] * step.gradient[i]
                );
                prop_assert_eq!(step.point_after[i], point[i] - step.update[i]);
                // No tolerance: every operation between s and the rate rounds monotonically.
                prop_assert!(step.accumulator[i] >= accumulator[i], "the accumulator fell");
                // A rate of 0 stands for 0/0: no gradient yet, and no ε. It is no rate to rise from.
                prop_assert!(
                    step.effective_learning_rate[i] <= rate[i] || rate[i] == 0.0,
                    "the rate rose"
                );
            }
            point = step.point_after;
            accumulator = step.accumulator;
            rate = step.effective_learning_rate;
        }
        match trajectory.stop {
            StopReason::Diverged { step } => {
                prop_assert_eq!(trajectory.steps.len() + 1, step as usize);
            }
            StopReason::Singular { .. } => prop_assert!(false, "Adagrad divides by no matrix"),
            StopReason::Completed | StopReason::Stationary { .. } => {
                prop_assert_eq!(trajectory.steps.len(), 200);
            }
        }
    }

    /// |η g / √(g²)| = η. A square, a root, a quotient and a product round once each: within
    /// 4 × 2⁻⁵² relative.
    #[test]
    fn the_first_step_is_eta_without_epsilon(
        learning_rate in power_of_ten(-3.0..1.0),
        gradient in [power_of_ten(-100.0..100.0), power_of_ten(-100.0..100.0)],
    ) {
        let optimizer = Adagrad {
            learning_rate,
            epsilon: 0.0,
            epsilon_placement: EpsilonPlacement::Inside,
            initial_accumulator: 0.0,
            learning_rate_decay: 0.0,
            order: Order::Accumulate,
            weight_decay: 0.0,
        };
        // A diagonal quadratic's gradient at (1, 1) is its curvatures.
        let quadratic = Objective::Diagonal(DiagonalQuadratic { curvatures: gradient });
        let step = run(&quadratic, optimizer, [1.0, 1.0], 1).steps[0];
        for update in step.update {
            prop_assert!((update / learning_rate - 1.0).abs() <= 4.0 * f64::EPSILON);
        }
    }

    /// Without ε and s₀, c · f has the path of f. The steps contract towards the minimum at these
    /// rates, so 100 of them keep the rounding of each, about 1e-16 of the start, below 1e-12.
    #[test]
    fn scaling_the_loss_leaves_the_path(
        scale in power_of_ten(-3.0..3.0),
        angle in 0.0..90.0,
        learning_rate in 0.01..0.5,
        start in point(),
    ) {
        let optimizer = Adagrad {
            learning_rate,
            epsilon: 0.0,
            epsilon_placement: EpsilonPlacement::Outside,
            initial_accumulator: 0.0,
            learning_rate_decay: 0.0,
            order: Order::Accumulate,
            weight_decay: 0.0,
        };
        let path = |factor: f64| {
            let eigenvalues = [0.4 * factor, 8.0 * factor];
            let rotated = RotatedQuadratic::new(angle, eigenvalues).unwrap();
            run(Objective::Rotated(rotated), optimizer, start, 100)
        };
        for (plain, scaled) in path(1.0).points().zip(path(scale).points()) {
            let difference = (plain[0] - scaled[0]).hypot(plain[1] - scaled[1]);
            prop_assert!(difference <= 1e-12 * start[0].hypot(start[1]), "{difference}");
        }
    }

    /// Central differences are exact for a quadratic but for rounding: |f| ≤ 5 · 400 here, which
    /// rounds by at most a few times 2e-13; over 2h = 0.02 that is below 1e-10.
    #[test]
    fn gradients_agree_with_finite_differences(objective in objective(), x in point()) {
        let h = 0.01;
        let gradient = objective.gradient(x);
        for i in 0..2 {
            let (mut above, mut below) = (x, x);
            above[i] += h;
            below[i] -= h;
            let slope = (objective.value(above) - objective.value(below)) / (above[i] - below[i]);
            prop_assert!((slope - gradient[i]).abs() <= 1e-10, "{slope} {}", gradient[i]);
        }
    }

    /// The gradient is linear: |g| ≤ 150 rounds by a few times 3e-14; over 2h = 2 below 1e-12.
    #[test]
    fn hessians_agree_with_finite_differences(objective in objective(), x in point()) {
        let hessian = objective.hessian(x);
        for i in 0..2 {
            let (mut above, mut below) = (x, x);
            above[i] += 1.0;
            below[i] -= 1.0;
            let (above, below) = (objective.gradient(above), objective.gradient(below));
            for j in 0..2 {
                let curvature = (above[j] - below[j]) / 2.0;
                prop_assert!((curvature - hessian[i][j]).abs() <= 1e-12);
            }
        }
    }

    /// Neither the configuration nor the start need be valid for a run to end in order.
    #[test]
    fn hostile_numbers_never_show(
        objective in objective(),
        (epsilon_placement, order) in convention(),
        numbers in [hostile(), hostile(), hostile(), hostile()],
        start in [hostile(), hostile()],
    ) {
        let [learning_rate, epsilon, initial_accumulator, learning_rate_decay] = numbers;
        let optimizer = Adagrad {
            learning_rate,
            epsilon,
            epsilon_placement,
            initial_accumulator,
            learning_rate_decay,
            order,
            weight_decay: 0.0,
        };
        let trajectory = run(&objective, optimizer, start, 50);
        assert_all_finite(&trajectory);
        let diverged = matches!(trajectory.stop, StopReason::Diverged { .. });
        prop_assert_eq!(diverged, trajectory.steps.len() < 50);
    }

    /// What is said of a run, whatever its numbers, is a short sentence without NaN.
    #[test]
    fn every_line_is_a_short_sentence(
        objective in objective(),
        optimizer in prop_oneof![
            optimizer(),
            // Valid, but far outside what the page allows.
            (hostile(), optimizer()).prop_map(|(learning_rate, optimizer)| Adagrad {
                learning_rate,
                ..optimizer
            }),
        ],
        start in prop_oneof![point(), [hostile(), hostile()]],
        t in 0_usize..30,
    ) {
        let trajectory = run(&objective, optimizer, start, 25);
        let subject = Subject {
            objective: &objective,
            optimizer: &optimizer.into(),
            trajectory: &trajectory,
        };
        let mut sweep = Sweep::new(&objective, optimizer, start, 25, vec![0.01, 0.4, 10.0]);
        prop_assert!(sweep.advance(75));
        let needed = Horizon::new(&objective, optimizer, start).advance(1_000);
        let end = End::of(&trajectory, &objective);
        let points: Vec<_> = sweep.points().collect();
        for line in [
            explain::contour(&subject, t),
            explain::effective_rates(&subject, t),
            explain::accumulator(&subject, t),
            explain::loss(&subject, t),
            explain::stopping(needed, 25),
            explain::sweep(Measure::Distance, &points, optimizer.learning_rate.abs(), end, 25),
        ] {
            prop_assert!(line.ends_with(['.', '…']), "{line}");
            prop_assert!(!line.contains("NaN") && !line.contains("inf"), "{line}");
            // Two lines of a figure's caption on a wide screen.
            prop_assert!(line.chars().count() <= 150, "{line}");
        }
    }

    /// The same of every rule by its defaults on every objective by its own.
    #[test]
    fn every_rule_on_every_objective_is_told_in_short_sentences(
        rule in proptest::sample::select(&optimizer::DESCRIPTIONS[..]),
        description in proptest::sample::select((0..objective::DESCRIPTIONS.len()).collect::<Vec<_>>()),
        learning_rate in power_of_ten(-3.0..1.0),
        start in point(),
        t in 0_usize..30,
    ) {
        let description = &objective::DESCRIPTIONS[description];
        let objective = description.objective(&description.defaults()).unwrap();
        let optimizer = rule.optimizer(&rule.defaults()).unwrap();
        let optimizer = optimizer.with_learning_rate(learning_rate);
        let trajectory = run(&objective, optimizer, start, 25);
        let subject = Subject {
            objective: &objective,
            optimizer: &optimizer,
            trajectory: &trajectory,
        };
        let needed = Horizon::new(&objective, optimizer, start).advance(100);
        let outlook = LookAhead::new(&objective, optimizer, start, 5).advance(50);
        for line in [
            explain::contour(&subject, t),
            explain::effective_rates(&subject, t),
            explain::accumulator(&subject, t),
            explain::loss(&subject, t),
            explain::stopping(needed, 25),
            explain::outlook(outlook),
        ] {
            prop_assert!(line.ends_with(['.', '…']), "{line}");
            prop_assert!(!line.contains("NaN") && !line.contains("inf"), "{line}");
            prop_assert!(line.chars().count() <= 150, "{line}");
        }
    }
}
