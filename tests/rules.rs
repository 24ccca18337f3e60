//! What holds for every update rule: only finite numbers, invariances, and what the course material
//! found of them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect should stop there"
)]

use adagrad_lab::objective::{
    DESCRIPTIONS as OBJECTIVES, DiagonalQuadratic, NonStationary, Objective, Problem,
    RotatedQuadratic, Vector,
};
use adagrad_lab::optimizer::{
    Adagrad, AdagradFull, AdagradRotated, Adam, Counter, DESCRIPTIONS, Decay, DualAveraging,
    EpsilonPlacement, Momentum, Optimizer, Order, RmsProp, Sgd,
};
use adagrad_lab::parameter::{Kind, values};
use adagrad_lab::swarm::{ends_from, ends_of};
use adagrad_lab::trajectory::{Run, StopReason, run};
use proptest::prelude::*;

const PLAIN: Adagrad = Adagrad {
    learning_rate: 0.1,
    epsilon: 0.0,
    epsilon_placement: EpsilonPlacement::Inside,
    initial_accumulator: 0.0,
    learning_rate_decay: 0.0,
    order: Order::Accumulate,
    weight_decay: 0.0,
};

fn distance(a: Vector, b: Vector) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Any f64, NaN and infinities included, with the awkward ones often.
fn hostile() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        -10.0..10.0,
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

/// Any valid rule: every value from its domain, often outside the page's range.
fn any_rule() -> impl Strategy<Value = Optimizer> {
    let numbers = prop::collection::vec((hostile(), 0.0..1.0_f64, prop::bool::weighted(0.3)), 8);
    (0..DESCRIPTIONS.len(), numbers).prop_filter_map("not together", |(index, numbers)| {
        let description = DESCRIPTIONS[index];
        let mut values = description.defaults();
        let mut drawn = values.iter_mut().zip(numbers);
        for parameter in description.parameters {
            for (value, (hostile, share, is_hostile)) in drawn.by_ref().take(parameter.count()) {
                if let Kind::Choice { .. } = parameter.kind {
                    *value = share.round();
                } else if is_hostile && parameter.allows(hostile) {
                    *value = hostile;
                } else if parameter.allows(share) {
                    *value = share;
                }
            }
        }
        description.optimizer(&values).ok()
    })
}

fn any_problem() -> impl Strategy<Value = Problem> {
    (
        0..OBJECTIVES.len(),
        prop::sample::select(vec![1.0, 0.5, 2.0, 1e-100]),
        prop::sample::select(vec![0.0, 0.1, 1e300]),
        any::<u32>(),
    )
        .prop_map(|(index, scale, deviation, seed)| {
            let description = &OBJECTIVES[index];
            let objective = description.objective(&description.defaults()).unwrap();
            let set = values(&[scale, deviation, f64::from(seed)]);
            Problem::with_values(objective, &set).unwrap()
        })
}

/// The largest distance between a run that is turned by the second angle and the run on the turned
/// objective from the turned start.
fn rotation_difference(
    rule: AdagradFull,
    [angle, turn]: [f64; 2],
    eigenvalues: Vector,
    start: Vector,
    steps: u32,
) -> f64 {
    let (sine, cosine) = f64::to_radians(turn).sin_cos();
    let turned = |[x1, x2]: Vector| [cosine * x1 - sine * x2, sine * x1 + cosine * x2];
    let objective =
        |degrees| Objective::Rotated(RotatedQuadratic::new(degrees, eigenvalues).unwrap());
    let plain = run(objective(angle), rule, start, steps);
    let rotated = run(objective(angle + turn), rule, turned(start), steps);
    let pairs = plain.points().zip(rotated.points());
    pairs
        .map(|(a, b)| distance(turned(a), b))
        .fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_rule_records_what_is_not_finite(
        rule in any_rule(),
        problem in any_problem(),
        start in [hostile(), hostile()],
    ) {
        let trajectory = run(&problem, rule, start, 30);
        for step in &trajectory.steps {
            let vectors = [
                step.point_before,
                step.point_after,
                step.gradient,
                step.accumulator,
                step.memory,
                step.effective_learning_rate,
                step.update,
                [step.loss; 2],
            ];
            prop_assert!(vectors.as_flattened().iter().all(|v| v.is_finite()), "{:?}", step);
        }
        let stopped = match trajectory.stop {
            StopReason::Diverged { step } | StopReason::Singular { step } => Some(step as usize),
            StopReason::Completed | StopReason::Stationary { .. } => None,
        };
        prop_assert_eq!(stopped.unwrap_or(31), trajectory.steps.len() + 1);
        if let StopReason::Stationary { step } = trajectory.stop {
            // Not the point before: a start that is not a multiple of b is not a point of the run.
            let still = trajectory.point(step as usize);
            prop_assert!(trajectory.points().skip(step as usize).all(|point| point == still));
        }
    }

    /// Maps take the steps that are recorded, bit for bit, and so does a run of the rule's own type.
    #[test]
    fn maps_take_the_same_steps(
        problem in any_problem(),
        rule in any_rule(),
        start in [-3.0..3.0, -3.0..3.0],
    ) {
        let trajectory = run(&problem, rule, start, 20);
        let completed = trajectory.steps.len() == 20;
        let starts = [start, [1.0, 2.0], start, [0.5, 0.5], start];
        let from = ends_from(&problem, rule, &starts, 20);
        let rules = [rule, PLAIN.into(), rule, Sgd { learning_rate: 0.1 }.into(), rule];
        let of = ends_of(&problem, &rules, start, 20);
        let same = |(i, _): &(usize, &Vector)| i % 5 % 2 == 0;
        for (i, end) in from.iter().chain(&of).enumerate().filter(same) {
            // Where only a loss or a rate overflows, the record ends and the points go on.
            if completed {
                prop_assert_eq!(*end, trajectory.point(20), "{}", i);
            } else if matches!(trajectory.stop, StopReason::Singular { .. }) {
                prop_assert!(end[0].is_nan() && end[1].is_nan());
            }
        }
        if let Optimizer::Adagrad(own) = rule {
            let mut own = Run::new(problem, own, start);
            for step in &trajectory.steps {
                prop_assert_eq!(own.advance(), Ok(*step));
            }
        }
    }

    /// Full-matrix Adagrad commutes with rotations: turning objective and start turns the run.
    ///
    /// 50 steps where rounding does not grow: across a direction that has met no gradient yet the
    /// rate is η/√ε, which times the curvature is at most ½ · 2/√1 here, so that every step
    /// contracts. Both runs round at 2⁻⁵² of the start a step; 1e-12 of it is 100 times that.
    #[test]
    fn full_matrix_adagrad_commutes_with_rotations(
        angle in 0.0..360.0,
        turn in 0.0..360.0,
        eigenvalues in [0.1..2.0, 0.1..2.0],
        start in [-5.0..5.0, -5.0..5.0],
        learning_rate in 0.05..0.5,
        epsilon in 1.0..4.0,
    ) {
        let rule = AdagradFull { learning_rate, epsilon };
        let difference = rotation_difference(rule, [angle, turn], eigenvalues, start, 50);
        prop_assert!(difference <= 1e-12 * start[0].hypot(start[1]), "{difference:e}");
    }

    /// As above without ε, or nearly: the first step, where G is singular or nearly so. What rounds
    /// across the gradient, 2⁻⁵² of it, is enlarged by at most the least rate that is not taken for
    /// 0, η/√(16 · 2⁻⁵² ‖g‖²): 2e-16 · 2e7 = 4e-9 of η.
    #[test]
    fn the_first_full_matrix_step_commutes_even_where_singular(
        angle in 0.0..360.0,
        turn in 0.0..360.0,
        eigenvalues in [0.1..10.0, 0.1..10.0],
        start in [-5.0..5.0, -5.0..5.0],
        learning_rate in 0.05..1.0,
        epsilon in prop::sample::select(vec![0.0, 1e-12, 1e-6, 1e-2]),
    ) {
        let rule = AdagradFull { learning_rate, epsilon };
        let difference = rotation_difference(rule, [angle, turn], eigenvalues, start, 1);
        prop_assert!(difference <= 1e-8 * learning_rate + 1e-14, "{difference:e}");
    }

    /// Adagrad with ε = 0, s₀ = 0 does not see the scale of a coordinate's gradients: multiplying
    /// one curvature of a diagonal quadratic by c leaves the path.
    ///
    /// A power of 2 rounds nothing above the subnormal numbers: bit for bit. Any other c rounds its product once a step, and
    /// steps near the minimum, where x changes sign, are of the size of x itself: 1e-12 of the start
    /// covers 100 of them.
    #[test]
    fn adagrad_does_not_see_the_scale_of_a_coordinate(
        curvatures in [0.1..10.0, 0.1..10.0],
        factor in 0.01..100.0,
        start in [-5.0..5.0, -5.0..5.0],
    ) {
        let path = |factor: f64| {
            let curvatures = [curvatures[0], curvatures[1] * factor];
            let objective = Objective::Diagonal(DiagonalQuadratic { curvatures });
            run(objective, PLAIN, start, 100).points().collect::<Vec<_>>()
        };
        let plain = path(1.0);
        for (a, b) in plain.iter().flatten().zip(path(1024.0).iter().flatten()) {
            prop_assert!(a == b || a.abs() < 1e-290, "{a} {b}");
        }
        let size = start[0].hypot(start[1]);
        for (a, b) in plain.iter().zip(path(factor)) {
            prop_assert!(distance(*a, b) <= 1e-12 * size);
        }
    }

    /// From the same start, both first steps are η g/√(g² + ε), or with ε outside. Dual averaging
    /// goes by way of the new point, which rounds once more at its size.
    #[test]
    fn dual_averagings_first_step_is_adagrads(
        learning_rate in 0.01..2.0,
        epsilon in prop::sample::select(vec![0.0, 1e-8, 1e-2]),
        epsilon_placement in prop::sample::select(vec![
            EpsilonPlacement::Inside,
            EpsilonPlacement::Outside,
        ]),
        start in [-5.0..5.0, -5.0..5.0],
    ) {
        let adagrad = Adagrad { learning_rate, epsilon, epsilon_placement, ..PLAIN };
        let dual = DualAveraging { learning_rate, epsilon, epsilon_placement };
        let (adagrad, dual) = (
            run(Objective::F2, adagrad, start, 1).steps[0],
            run(Objective::F2, dual, start, 1).steps[0],
        );
        prop_assert_eq!(adagrad.effective_learning_rate, dual.effective_learning_rate);
        prop_assert_eq!(adagrad.accumulator, dual.accumulator);
        prop_assert!(distance(adagrad.point_after, dual.point_after) <= 2e-15 * 7.0);
    }

    /// θ = b z: Adagrad in z is Adagrad in θ at the rate b η, gradient descent at b² η (without ε;
    /// the record `reparameterisation`). b rounds in a few products a step.
    #[test]
    fn a_scale_is_another_rate(
        scale in 0.1..10.0,
        start in [-5.0..5.0, -5.0..5.0],
    ) {
        let problem = Problem { scale, ..Objective::F1.into() };
        let rate = |learning_rate| Adagrad { learning_rate, ..PLAIN };
        let pairs = [
            (
                run(&problem, PLAIN, start, 50),
                run(Objective::F1, rate(0.1 * scale), start, 50),
            ),
            (
                // Below 1/(4 · 100): contracts for every b.
                run(&problem, Sgd { learning_rate: 0.002 }, start, 50),
                run(Objective::F1, Sgd { learning_rate: 0.002 * scale * scale }, start, 50),
            ),
        ];
        for (scaled, plain) in pairs {
            for (a, b) in scaled.points().zip(plain.points()) {
                prop_assert!(distance(a, b) <= 1e-12 * (1.0 + start[0].hypot(start[1])));
            }
        }
    }
}

// The course material, recomputed: figures of `tests/reference/seed_numbers.json`, by their id.

fn x_squared(rule: impl Into<Optimizer>, start: f64, steps: u32) -> Vec<f64> {
    let trajectory = run(Objective::Square, rule, [start, 0.0], steps);
    assert!(trajectory.points().all(|[_, x2]| x2 == 0.0));
    trajectory.points().map(|[x1, _]| x1).collect()
}

/// `x2-manual-*`: x² from 4, η = 1, ε = 1e-8 inside. Within 1e-14, a few roundings of numbers below
/// 4.
#[test]
fn x_squared_by_hand() {
    let rule = Adagrad {
        learning_rate: 1.0,
        epsilon: 1e-8,
        ..PLAIN
    };
    let points = x_squared(rule, 4.0, 3);
    let expected = [
        4.0,
        3.000_000_000_078_125,
        2.400_000_000_098_125,
        1.967_268_932_519_856_5,
    ];
    for (point, expected) in points.iter().zip(expected) {
        assert!((point - expected).abs() < 1e-14, "{point} {expected}");
    }
}

/// `x2-ten-step-table` and `x2-rate-does-not-vanish`: the same with ε outside.
#[test]
fn x_squared_in_ten_steps_and_two_hundred() {
    let rule = Adagrad {
        learning_rate: 1.0,
        epsilon: 1e-8,
        epsilon_placement: EpsilonPlacement::Outside,
        ..PLAIN
    };
    let trajectory = run(Objective::Square, rule, [4.0, 0.0], 200);
    for (t, expected) in [
        (1, 3.000_000_001_25),
        (2, 2.400_000_001_69),
        (3, 1.967_268_934_300_445_7),
        (10, 0.584_948_002_714_066_4),
        (20, 0.112_923_469_739_550_13),
    ] {
        assert!((trajectory.point(t)[0] - expected).abs() < 1e-13, "{t}");
    }
    let last = trajectory.steps[199];
    // 200 steps of rounding; x itself has shrunk to 2e-14, which keeps its relative accuracy.
    assert!((last.accumulator[0] - 175.101_468_413_117_2).abs() < 1e-10);
    assert!((last.effective_learning_rate[0] - 0.075_570_988_952_933_47).abs() < 1e-13);
}

/// `x2-from-5-final` and `x2-rate-needs-tuning`: from 5 with ε = 1e-8 outside, 50 steps.
#[test]
fn x_squared_from_5() {
    for (learning_rate, expected) in [
        (0.01, 4.873_094_198_800_22),
        (0.1, 3.790_823_652_020_421_7),
        (1.0, 0.014_215_039_582_751_677),
        (5.0, 0.0),
    ] {
        let rule = Adagrad {
            learning_rate,
            epsilon: 1e-8,
            epsilon_placement: EpsilonPlacement::Outside,
            ..PLAIN
        };
        let last = x_squared(rule, 5.0, 50)[50];
        assert!((last - expected).abs() < 1e-12, "{learning_rate}: {last}");
    }
}

/// `w2-10b2-rate-ratio`: the bowl from (1, 1), η = 0.1, ε = 1e-8 inside.
#[test]
fn the_bowls_coordinates_move_alike() {
    let rule = Adagrad {
        epsilon: 1e-8,
        ..PLAIN
    };
    let trajectory = run(Objective::Bowl, rule, [1.0, 1.0], 50);
    let end = trajectory.point(50);
    let expected = [0.137_083_081_261_830_44, 0.137_083_081_116_674_36];
    assert!(distance(end, expected) < 1e-14, "{end:?}");
    let [rate1, rate2] = trajectory.steps[49].effective_learning_rate;
    assert!((rate1 / rate2 - 9.999_999_995_026_204).abs() < 1e-12);
}

/// `curvature-rate-adaptation`: L = (1, 100) from (1, 1), 100 steps.
#[test]
fn curvatures_cancel() {
    let objective = Objective::Diagonal(DiagonalQuadratic {
        curvatures: [1.0, 100.0],
    });
    let rule = Adagrad {
        epsilon: 1e-8,
        ..PLAIN
    };
    let end = run(objective, rule, [1.0, 1.0], 100).point(100);
    assert!(distance(end, [0.027_386_882_029_702_485, 0.027_386_881_819_696_528]) < 1e-14);
}

/// `optimizer-table-reference`: f1 from (−5, −2), 20 steps at η = 0.4. 1e-12 is 20 steps of rounding
/// at 5, enlarged 100 times.
#[test]
fn the_table_of_optimizers() {
    let momentum = Momentum {
        learning_rate: 0.4,
        momentum: 0.5,
    };
    let adagrad = Adagrad {
        learning_rate: 0.4,
        epsilon: 1e-6,
        ..PLAIN
    };
    let rmsprop = RmsProp {
        learning_rate: 0.4,
        gamma: 0.9,
        epsilon: 1e-6,
        epsilon_placement: EpsilonPlacement::Inside,
    };
    let adam = Adam {
        learning_rate: 0.4,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
    };
    let rules: [(Optimizer, Vector); 5] = [
        (
            Sgd { learning_rate: 0.4 }.into(),
            [-0.943_466_645_813_982_4, -7.312_316_880_125_978e-5],
        ),
        (
            momentum.into(),
            [-0.062_843_455_030_378_68, 0.001_202_335_571_783_461_4],
        ),
        (
            adagrad.into(),
            [-2.382_562_771_979_649, -0.158_590_550_036_669_66],
        ),
        (
            rmsprop.into(),
            [-0.010_598_672_134_113_744, 1.036_212_133_727_516_7e-14],
        ),
        (
            adam.into(),
            [0.996_032_546_923_889_8, -0.212_750_652_269_779_3],
        ),
    ];
    for (rule, expected) in rules {
        let end = run(Objective::F1, rule, [-5.0, -2.0], 20).point(20);
        assert!(distance(end, expected) < 1e-12, "{rule:?}: {end:?}");
    }
}

/// `csc413-*`: least squares with one example from 0, a million steps in the source; the limits are
/// reached to 1e-9 within these.
#[test]
fn adaptive_rules_miss_the_minimum_norm_solution() {
    let end = |rule: Optimizer, steps| {
        let problem = Objective::LeastSquares.into();
        ends_from(&problem, rule, &[[0.0, 0.0]], steps)[0]
    };
    let stale = Adagrad {
        learning_rate: 0.01,
        initial_accumulator: 1.0,
        order: Order::Step,
        ..PLAIN
    };
    let textbook = Adagrad {
        order: Order::Accumulate,
        ..stale
    };
    let from_zero = Adagrad {
        learning_rate: 0.01,
        ..PLAIN
    };
    let eta_01 = Adagrad {
        learning_rate: 0.1,
        ..stale
    };
    for (rule, steps, expected) in [
        (
            stale,
            1_000_000,
            [0.680_220_070_499_199_3, 0.639_559_859_001_442_1],
        ),
        (
            textbook,
            1_000_000,
            [0.666_876_151_581_846_5, 0.666_247_696_836_114_2],
        ),
        (
            from_zero,
            1_000_000,
            [0.666_666_666_666_602_5, 0.666_666_666_666_602_5],
        ),
        (eta_01, 1, [0.8, 0.4]),
    ] {
        // A million steps of rounding in an average direction: 1e-16 · √10⁶ at each of two.
        let end = end(rule.into(), steps);
        assert!(distance(end, expected) < 1e-12, "{rule:?}: {end:?}");
    }
    // Plain descent has the smallest norm.
    let descent = end(
        Sgd {
            learning_rate: 0.05,
        }
        .into(),
        200,
    );
    assert!(distance(descent, [0.8, 0.4]) < 1e-12, "{descent:?}");
}

/// `non-stationary-gradients`: 1000 gradients of 10, then k of 0.1, at η = 0.1: Adagrad's rate
/// 3.1621e-4 after 1000 small steps (±1e-7), RMSProp's recovered. From so far away that the slope is
/// 1 within 1e-8: a start of 10⁴ at least.
#[test]
fn large_gradients_are_remembered() {
    let objective = Objective::NonStationary(NonStationary {
        large_steps: 1000,
        large: 10.0,
        small: 0.1,
    });
    let rmsprop = RmsProp {
        learning_rate: 0.1,
        gamma: 0.9,
        epsilon: 0.0,
        epsilon_placement: EpsilonPlacement::Inside,
    };
    let start = [2e4, -2e4];
    let adagrad = run(&objective, PLAIN, start, 2000);
    let rmsprop = run(&objective, rmsprop, start, 2000);
    for (k, adagrads, rmsprops) in [
        (1, 0.000_316_227_750_205_450_85, 0.010_540_866_973_685_19),
        (100, 0.000_316_226_184_889_866_3, 0.888_902_083_374_562_1),
        (1000, 0.000_316_211_955_814_292_4, 1.0),
    ] {
        let rate = |trajectory: &adagrad_lab::trajectory::Trajectory| {
            trajectory.steps[1000 + k - 1].effective_learning_rate[0]
        };
        assert!((rate(&adagrad) / adagrads - 1.0).abs() < 1e-7);
        assert!((rate(&rmsprop) / rmsprops - 1.0).abs() < 1e-7);
    }
}

/// `saddle-escape`, on (x₁² − x₂²)/2: without noise Adagrad leaves in 17 steps, a constant rate in
/// 73. Halving the function halves gradient descent's rate and is nothing to Adagrad without ε.
#[test]
fn the_saddle_is_left() {
    let escape = |rule: Optimizer| {
        let trajectory = run(Objective::Saddle, rule, [1.0, 0.001], 200);
        trajectory.points().position(|[_, x2]| x2.abs() > 1.0)
    };
    assert_eq!(escape(PLAIN.into()), Some(17));
    assert_eq!(
        escape(
            Sgd {
                learning_rate: 0.05
            }
            .into()
        ),
        Some(73)
    );
}

/// Where every gradient counts, the counter is the clock: `Clock with offset`, bit for bit.
#[test]
fn the_counter_is_the_clock_where_every_gradient_counts() {
    let (learning_rate, count_offset) = (0.3, 2.0);
    let clock = Decay {
        learning_rate,
        count_offset,
    };
    let counter = Counter {
        learning_rate,
        count_offset,
    };
    let clock = run(Objective::F2, clock, [-5.0, -2.0], 50);
    let counter = run(Objective::F2, counter, [-5.0, -2.0], 50);
    assert!(clock.points().eq(counter.points()));
    // And on a coordinate without gradients it stands still.
    let inert = run(
        Objective::Square,
        Counter {
            learning_rate,
            count_offset,
        },
        [1.0, 1.0],
        9,
    );
    assert_eq!(inert.accumulator(9), [9.0, 0.0]);
}

/// Along the principal axes f2 is a diagonal quadratic: the rotated rule takes diagonal Adagrad's
/// steps there. 1e-13 is 50 steps of rounding at 6.
#[test]
fn rotated_adagrad_is_adagrad_along_the_axes() {
    let start = [5.0, 3.0];
    let rotated = AdagradRotated {
        learning_rate: 0.4,
        epsilon: 1e-6,
        epsilon_placement: EpsilonPlacement::Inside,
    };
    let diagonal = Adagrad {
        learning_rate: 0.4,
        epsilon: 1e-6,
        ..PLAIN
    };
    // v = (1, −1)/√2 with curvature 8 and w = (1, 1)/√2 with 0.4.
    let half = 0.5_f64.sqrt();
    let turned = |[x1, x2]: Vector| [half * (x1 - x2), half * (x1 + x2)];
    let axes = Objective::Diagonal(DiagonalQuadratic {
        curvatures: [8.0, 0.4],
    });
    let on_f2 = run(Objective::F2, rotated, start, 50);
    let on_axes = run(axes, diagonal, turned(start), 50);
    for (a, b) in on_f2.points().zip(on_axes.points()) {
        assert!(distance(turned(a), b) < 1e-13);
    }
    // No rotation, no difference.
    let on_f1 = run(Objective::F1, rotated, start, 50);
    let plain = run(Objective::F1, diagonal, start, 50);
    assert!(on_f1.points().eq(plain.points()));
}

/// Noise of the same seed is the same for every rule, and repeats.
#[test]
fn noise_repeats() {
    let problem = |seed: f64| {
        let set = values(&[1.0, 0.5, seed]);
        Problem::with_values(Objective::F1, &set).unwrap()
    };
    let noise = |rule: Optimizer, seed| -> Vec<Vector> {
        let trajectory = run(problem(seed), rule, [-5.0, -2.0], 20);
        let steps = trajectory.steps.iter();
        steps
            .map(|step| {
                let exact = Objective::F1.gradient(step.point_before);
                [step.gradient[0] - exact[0], step.gradient[1] - exact[1]]
            })
            .collect()
    };
    let sgd: Optimizer = Sgd { learning_rate: 0.1 }.into();
    assert_eq!(noise(sgd, 1.0), noise(sgd, 1.0));
    assert_ne!(noise(sgd, 1.0), noise(sgd, 2.0));
    for (a, b) in noise(sgd, 1.0).into_iter().zip(noise(PLAIN.into(), 1.0)) {
        // What is left of the difference of gradients rounds at their size, 8.
        assert!(distance(a, b) < 1e-14);
    }
}
