//! Every line in full, for runs whose numbers come from elsewhere.

use super::*;
use std::sync::Arc;

use crate::diagnosis::horizon::{StepsNeeded, Unfinished};
use crate::diagnosis::sweep::End;
use crate::diagnosis::{Measure, outlook::Outlook};
use crate::objective::{Objective, TypedFunction};
use crate::optimizer::{self, Adagrad, EpsilonPlacement, Newton, Optimizer, Order};
use crate::trajectory::{Halt, StopReason, Trajectory, run};

const D2L: Adagrad = Adagrad {
    learning_rate: 0.4,
    epsilon: 1e-6,
    epsilon_placement: EpsilonPlacement::Inside,
    initial_accumulator: 0.0,
    learning_rate_decay: 0.0,
    order: Order::Accumulate,
    weight_decay: 0.0,
};

fn d2l(steps: u32) -> Trajectory {
    run(&Objective::F1, D2L, [-5.0, -2.0], steps)
}

fn f1(trajectory: &Trajectory, tell: fn(&Subject<'_>, usize) -> String, t: usize) -> String {
    told(&Objective::F1, trajectory, tell, t)
}

/// What is told of a run of Adagrad.
fn told(
    objective: &Objective,
    trajectory: &Trajectory,
    tell: fn(&Subject<'_>, usize) -> String,
    t: usize,
) -> String {
    let subject = Subject {
        objective,
        optimizer: &D2L.into(),
        trajectory,
    };
    tell(&subject, t)
}

// Evidence: D2L's printed end point (−2.382563, −0.158591) and its loss, 0.617962 from 10.5;
// rates and sums from the same twenty steps taken in a spreadsheet's way, without this crate:
// s = (9.480948, 230.402252), rates (0.129907, 0.026352), last squares (0.239339, 0.502835).

#[test]
fn a_completed_run_in_words() {
    let trajectory = d2l(20);
    assert_eq!(
        f1(&trajectory, contour, 20),
        "After 20 steps x₁ has covered 52 % of its way to the minimum, x₂ 92 %."
    );
    assert_eq!(
        f1(&trajectory, effective_rates, 20),
        "x₁’s rate has fallen from 0.4 to 0.13, x₂’s from 0.05 to 0.0264: \
         x₂ has met the larger gradients."
    );
    assert_eq!(
        f1(&trajectory, accumulator, 20),
        "Step 20 added its squared gradient, 0.239 to s₁ (now 9.48) and 0.503 to s₂ (now 230), \
         less than step 1 did."
    );
    assert_eq!(
        f1(&trajectory, loss, 20),
        "The loss has fallen from 10.5 to 0.618 in 20 steps (6 % of it left); \
         the last step took 7 % off."
    );
}

#[test]
fn the_start_and_the_first_step_have_their_own_lines() {
    let trajectory = d2l(20);
    assert_eq!(
        f1(&trajectory, contour, 0),
        "The start (−5, −2) is 5.39 away from the minimum; no step has been taken yet."
    );
    assert_eq!(
        f1(&trajectory, contour, 1),
        "The first step moves x₁ and x₂ equally far, 0.4, although one slope is 8 times the other."
    );
    assert_eq!(
        f1(&trajectory, effective_rates, 0),
        "No step yet: each coordinate gets its own rate with the first step."
    );
    assert_eq!(
        f1(&trajectory, effective_rates, 1),
        "In step 1 x₁ moves with rate 0.4, x₂ with 0.05: x₂ has met the larger gradients."
    );
    assert_eq!(
        f1(&trajectory, accumulator, 0),
        "Both sums begin at 0; every step adds its squared gradient."
    );
    assert_eq!(f1(&trajectory, loss, 0), "The loss is 10.5 at the start.");
    assert_eq!(
        f1(&trajectory, loss, 1),
        "The loss has fallen from 10.5 to 7.24 in 1 step (69 % of it left)."
    );
}

#[test]
fn overshooting_and_moving_away_are_said() {
    // The reference prints the point after step 1 of η = 3: (−2.0000015, 0.99999998).
    let eta_3 = Adagrad {
        learning_rate: 3.0,
        ..D2L
    };
    // ε = 1 makes the first step unequal, so that the places are told and not the step.
    let coarse = Adagrad {
        epsilon: 1.0,
        ..eta_3
    };
    let trajectory = run(&Objective::F1, coarse, [-5.0, -2.0], 3);
    let step1 = trajectory.point(1);
    assert!(step1[0] < 0.0 && step1[1] > 0.0, "{step1:?}");
    assert_eq!(
        f1(&trajectory, contour, 1),
        "After 1 step x₁ has covered 42 % of its way; \
         x₂ stands beyond the minimum by 49 % of its way."
    );
    // By hand: f2 pulls x₂ from 3 towards x₁ = 5 first, to 3.4 in step 1 and 3.58 in step 2.
    let f2 = run(&Objective::F2, D2L, [5.0, 3.0], 2);
    assert_eq!(
        f1(&f2, contour, 2),
        "After 2 steps x₁ has covered 12 % of its way; \
         x₂ is 19 % farther away than at the start."
    );
    // Stepping first with ε = 1e-6 moves by η g/10⁻³: by hand, 400 · 9.6 and −400 · 6.4.
    let step_first = Adagrad {
        order: Order::Step,
        ..D2L
    };
    let flung = run(&Objective::F2, step_first, [5.0, 3.0], 1);
    assert_eq!(
        f1(&flung, contour, 1),
        "After 1 step x₁ is 767 times as far away, on the other side; \
         x₂ is 854 times as far away as it began."
    );
    // Past the minimum by more than it began, the loss rises: 0.4 from 0.1 gives −0.3.
    let rising = run(&Objective::F1, D2L, [0.1, 0.1], 1);
    assert_eq!(
        f1(&rising, loss, 1),
        "The loss has risen from 0.021 to 0.189 in 1 step."
    );
}

#[test]
fn an_ended_run_says_why_and_what_to_change() {
    let far = run(&Objective::F1, D2L, [1e200, 0.0], 5);
    let expected =
        "Step 1 gives numbers too large to compute with: choose a start nearer the minimum.";
    assert_eq!(f1(&far, contour, 5), expected);
    assert_eq!(f1(&far, effective_rates, 5), expected);
    assert_eq!(f1(&far, accumulator, 5), expected);
    assert_eq!(f1(&far, loss, 0), expected);

    let eta = Adagrad {
        learning_rate: 1e300,
        ..D2L
    };
    assert_eq!(
        f1(&run(&Objective::F1, eta, [1.0, 1.0], 5), loss, 0),
        "Step 1 gives numbers too large to compute with: \
         try a smaller η, a larger ε or a larger s₀."
    );

    let still = run(&Objective::F2, D2L, [0.0, 0.0], 5);
    assert_eq!(
        f1(&still, contour, 3),
        "The slope at the start is 0: nothing moves. Choose another start."
    );
}

#[test]
fn a_rate_of_zero_is_not_called_small_because_of_gradients() {
    let without_epsilon = Adagrad {
        epsilon: 0.0,
        ..D2L
    };
    let trajectory = run(&Objective::F1, without_epsilon, [1.0, 0.0], 1);
    assert_eq!(
        f1(&trajectory, effective_rates, 1),
        "In step 1 x₁ moves with rate 2, x₂ with 0."
    );
}

fn left(amount: f64) -> End {
    End {
        left: Some(amount),
        stop: StopReason::Completed,
    }
}

fn ended(stop: StopReason) -> End {
    End { left: None, stop }
}

#[test]
fn the_sweep_names_the_best_rate_tried() {
    let points = [(0.1, Some(0.8)), (2.0, Some(0.000_4)), (10.0, None)];
    assert_eq!(
        sweep(Measure::Distance, &points, 0.4, left(0.44), 20),
        "After 20 steps η = 0.4 leaves 44 % of the distance; \
         the best η tried, 2, leaves 0.04 %."
    );
    assert_eq!(
        sweep(Measure::Distance, &points, 2.0, left(0.000_4), 20),
        "After 20 steps η = 2 leaves 0.04 % of the distance; no η tried does better."
    );
    assert_eq!(
        sweep(
            Measure::Distance,
            &points,
            10.0,
            ended(StopReason::Diverged { step: 6 }),
            20
        ),
        "η = 10 diverges in step 6; the best η tried, 2, leaves 0.04 % of the distance."
    );
    let singular = ended(StopReason::Singular { step: 1 });
    assert_eq!(
        sweep(Measure::Distance, &[(1.0, None)], 1.0, singular, 20),
        "η = 1 meets a singular matrix in step 1; \
         no η tried gives an end point to compare after 20 steps."
    );
}

#[test]
fn the_stopping_line_covers_every_answer() {
    let line = |needed, shown| stopping(Some(needed), shown);
    assert_eq!(
        line(StepsNeeded::Reached(998), 20),
        "1 % of the starting distance is left only after 998 steps, \
         49.9 times those shown."
    );
    assert_eq!(
        line(StepsNeeded::Reached(30), 20),
        "1 % of the starting distance is left only after 30 steps, 1.5 times those shown."
    );
    assert_eq!(
        line(StepsNeeded::Reached(1), 20),
        "Enough steps: 1 % of the starting distance is left after 1 step."
    );
    assert_eq!(
        line(
            StepsNeeded::MoreThan(Unfinished {
                steps: 1_000_000,
                creeps: true
            }),
            20
        ),
        "Even 10⁶ steps leave more than 1 % of the starting distance."
    );
    for needed in [
        StepsNeeded::Stuck {
            step: 3,
            at_rest: false,
        },
        StepsNeeded::Stuck {
            step: 3,
            at_rest: true,
        },
        StepsNeeded::Diverged { step: 3 },
        StepsNeeded::AtMinimum,
    ] {
        assert!(line(needed, 20).ends_with('.'));
    }
    assert!(stopping(None, 20).ends_with('…'));
}

/// A rule by its defaults with that η, one step or more from a start, and what is told of it.
fn lines(
    rule: &str,
    learning_rate: f64,
    objective: &Objective,
    start: Vector,
    steps: u32,
) -> [String; 4] {
    let description = optimizer::Description::named(rule).unwrap();
    let optimizer: Optimizer = description
        .optimizer(&description.defaults())
        .unwrap()
        .with_learning_rate(learning_rate);
    let trajectory = run(objective, optimizer, start, steps);
    let subject = Subject {
        objective,
        optimizer: &optimizer,
        trajectory: &trajectory,
    };
    let t = steps as usize;
    [contour, effective_rates, accumulator, loss].map(|tell| tell(&subject, t))
}

/// By hand on f1 from (−5, −2), η = 0.1: gradients (−1, −8), then (−0.98, −4.8); the points
/// (−4.9, −1.2) and (−4.802, −0.72), the losses 10.5, 5.281 and 3.3427….
#[test]
fn gradient_descent_has_one_rate_and_no_accumulator() {
    let [contour, rates, accumulator, loss] = lines("sgd", 0.1, &Objective::F1, [-5.0, -2.0], 2);
    assert_eq!(
        contour,
        "After 2 steps x₁ has covered 4 % of its way to the minimum, x₂ 64 %."
    );
    assert_eq!(
        rates,
        "The rate, the same for both coordinates, has stayed at 0.1."
    );
    assert_eq!(accumulator, "This rule keeps no accumulator.");
    assert_eq!(
        loss,
        "The loss has fallen from 10.5 to 3.34 in 2 steps (32 % of it left); \
         the last step took 37 % off."
    );
}

/// By hand: H = diag(0.2, 4), so one step is all the way and the rates are 5 and ¼.
#[test]
fn newton_arrives_at_once() {
    let [contour, rates, accumulator, _] = lines("newton", 1.0, &Objective::F1, [-5.0, -2.0], 1);
    let arrived = "Since step 1 the slope is exactly 0, so the point stays where it is.";
    assert!(contour == arrived || contour.starts_with("After 1 step x₁ has covered 100 %"));
    assert_eq!(rates, "In step 1 x₁ moves with rate 5, x₂ with 0.25.");
    assert_eq!(
        accumulator,
        "In step 1 x₁’s accumulator has stayed at 0.2, x₂’s has stayed at 4."
    );
    let [contour, ..] = lines("newton", 1.0, &Objective::LeastSquares, [0.0, 0.0], 5);
    assert_eq!(
        contour,
        "The matrix to divide by is singular in step 1: add damping, or start elsewhere."
    );
}

/// Close to the minimum Newton's gradient is so small that its curvature plus the square of that is
/// its curvature: no sum of squares all the same.
#[test]
fn a_curvature_is_not_told_as_a_sum() {
    let [_, _, accumulator, _] = lines("newton", 1.0, &Objective::Himmelblau, [-5.0, -2.0], 20);
    assert!(accumulator.starts_with("In step 20 x₁’s"), "{accumulator}");
}

#[test]
fn a_run_without_a_step_says_why() {
    let newton = Optimizer::from(Newton {
        learning_rate: 1.0,
        damping: 0.0,
    });
    let singular = run(&Objective::LeastSquares, newton, [0.0, 0.0], 5);
    assert_eq!(
        no_step(&singular),
        "No step could be taken: the matrix to divide by is singular in the first."
    );
    let flung = Adagrad {
        learning_rate: 1e300,
        ..D2L
    };
    assert_eq!(
        no_step(&run(&Objective::F1, flung, [1.0, 1.0], 5)),
        "No step could be taken: the first would leave a value that is not finite."
    );
}

fn typed(source: &str) -> Objective {
    Objective::Typed(Arc::new(TypedFunction {
        source: source.to_owned(),
        program: crate::expression::compile(source).unwrap(),
    }))
}

/// By hand: neither ln(−2) nor √(−2) is a number, and the slope of √x at 0 is infinite.
#[test]
fn a_start_outside_the_domain_is_named() {
    let at = |text: &str, start| {
        let objective = typed(text);
        let trajectory = run(&objective, D2L, start, 5);
        assert!(trajectory.steps.is_empty());
        (
            told(&objective, &trajectory, contour, 0),
            no_step(&trajectory),
        )
    };
    let (said, looked_into) = at("ln(x1)", [-2.0, 1.0]);
    assert_eq!(
        said,
        "f has no finite value at the start: choose another start."
    );
    assert_eq!(
        looked_into,
        "No step could be taken: f has no finite value at the start."
    );
    let (said, _) = at("sqrt(x1)", [0.0, 1.0]);
    assert_eq!(
        said,
        "The slope of f is no finite number at the start: choose another start."
    );
}

/// By hand: RMSProp with γ = 0.9 begins at 0.1 g², so its mean of squares is 0.1 and 6.4 after step
/// 1, and from there it may fall: no sum of squares, and so no reason is given for the rates.
#[test]
fn a_mean_of_squares_is_not_told_as_a_sum() {
    let [_, rates, accumulator, _] = lines("rmsprop", 0.1, &Objective::F1, [-5.0, -2.0], 1);
    assert!(rates.starts_with("In step 1 x₁ moves with rate"), "{rates}");
    assert!(!rates.contains("larger gradients"), "{rates}");
    assert_eq!(
        accumulator,
        "In step 1 x₁’s accumulator has risen from 0 to 0.1, x₂’s has risen from 0 to 6.4."
    );
}

/// Textbook x² from 4 with η = 1: after one step 3, s = 64, rate 1/8.
#[test]
fn one_dimension_is_told_without_x2() {
    let [contour, rates, accumulator, loss] =
        lines("adagrad", 1.0, &Objective::Square, [4.0, 0.0], 1);
    assert_eq!(contour, "After 1 step x has covered 25 % of its way.");
    assert_eq!(rates, "In step 1 x moves with rate 0.125.");
    assert_eq!(
        accumulator,
        "Step 1 added its squared gradient, 64, to s (now 64)."
    );
    assert_eq!(
        loss,
        "The loss has fallen from 16 to 9 in 1 step (56 % of it left)."
    );
}

/// By hand: the saddle's gradient at (1, 1) is (2, −2); with η = ¼ the point is (½, 1.5), f = −2.
#[test]
fn without_a_lowest_value_nothing_is_near_or_left() {
    let [contour, _, _, loss] = lines("sgd", 0.25, &Objective::Saddle, [1.0, 1.0], 1);
    assert_eq!(
        contour,
        "After 1 step the point is (0.5, 1.5), where f is −2; f has no lowest value."
    );
    assert_eq!(loss, "The loss has fallen from 0 to −2 in 1 step.");
    let [contour, ..] = lines("sgd", 1e3, &Objective::Saddle, [1.0, 1.0], 1000);
    assert!(
        contour.ends_with("f has no lowest value to stop at."),
        "{contour}"
    );
}

/// By hand: f = (2x₁ + x₂ − 2)², gradient (−8, −4) at 0; η = 1/20 goes to (0.4, 0.2), half way; the
/// nearest of the line 2x₁ + x₂ = 2 is (0.8, 0.4), √0.2 away.
#[test]
fn many_minima_are_told_by_the_nearest() {
    let [contour, ..] = lines("sgd", 0.05, &Objective::LeastSquares, [0.0, 0.0], 1);
    assert_eq!(
        contour,
        "After 1 step the point is 0.447 from the nearest minimum, (0.8, 0.4)."
    );
    let [contour, ..] = lines("sgd", 0.01, &Objective::Himmelblau, [0.0, 0.0], 5);
    assert!(contour.contains("the minimum (3, 2)"), "{contour}");
}

#[test]
fn remedies_are_what_the_rule_has() {
    let [sgd, ..] = lines("sgd", 1e200, &Objective::F1, [1.0, 1.0], 5);
    assert_eq!(
        sgd,
        "Step 1 gives numbers too large to compute with: try a smaller η."
    );
    let [newton, ..] = lines("newton", 1e200, &Objective::F1, [1.0, 1.0], 5);
    assert_eq!(
        newton,
        "Step 1 gives numbers too large to compute with: try a smaller η or more damping."
    );
}

#[test]
fn losses_are_told_where_no_minimum_is_known() {
    let points = [(0.1, Some(3.0)), (1.0, Some(-2.0)), (10.0, None)];
    assert_eq!(
        sweep(Measure::Loss, &points, 0.1, left(3.0), 20),
        "After 20 steps η = 0.1 ends at the loss 3; the best η tried, 1, ends at the loss −2."
    );
    let falling = Outlook {
        at_start: 8.0,
        after_shown: 4.0,
        later: 0.0,
        ended: None,
        creeps_down: true,
    };
    let broken = Outlook {
        ended: Some((Halt::Diverged, 3)),
        ..falling
    };
    assert!(falling.stops_early() && !broken.stops_early());
    assert_eq!(
        outlook(Some(broken)),
        "This setting breaks down in step 3: the loss falls no further."
    );
    let nowhere = Outlook {
        at_start: f64::NAN,
        ..broken
    };
    assert_eq!(
        outlook(Some(nowhere)),
        "f has no finite value at the start."
    );
    assert_eq!(
        outlook(Some(falling)),
        "Ten times as many steps bring the loss down to 0; those shown make 50 % of that fall."
    );
    assert!(outlook(None).ends_with('…'));
}

/// Evidence: s of step 1 is the squared gradient, (1, 64) by hand; (1 + 1) and (64 + 1) under the
/// root. ε = 1 is small beside both only where both are ten times as large.
#[test]
fn an_epsilon_that_changes_little_is_said_to_with_both_numbers() {
    let line = |epsilon: f64, start| {
        let optimizer = Optimizer::from(crate::optimizer::Adagrad {
            learning_rate: 0.4,
            epsilon,
            epsilon_placement: crate::optimizer::EpsilonPlacement::Inside,
            initial_accumulator: 0.0,
            learning_rate_decay: 0.0,
            order: crate::optimizer::Order::Accumulate,
            weight_decay: 0.0,
        });
        let trajectory = crate::trajectory::run(&Objective::F1, optimizer, start, 20);
        let subject = Subject {
            objective: &Objective::F1,
            optimizer: &optimizer,
            trajectory: &trajectory,
        };
        effective_rates(&subject, 1)
    };
    // f1 = 0.1 x₁² + 2 x₂²: gradients (−10, −8), s = (100, 64).
    let said = line(1.0, [-50.0, -2.0]);
    assert!(
        said.ends_with(" ε = 1 changes little: it is small beside s₁ = 100 and s₂ = 64."),
        "{said}"
    );
    for (epsilon, start) in [
        (1.0, [-5.0, -2.0]),
        (7.0, [-50.0, -2.0]),
        (1e-6, [-50.0, -2.0]),
    ] {
        assert!(!line(epsilon, start).contains("changes little"));
    }
}
