//! One line of plain words under each figure: what is to be seen in it at the cursor's step.
//!
//! Pure functions from data to text, for a reader who meets Adagrad for the first time. A line
//! states only what its numbers show, to three significant digits.

use super::Subject;
use super::horizon::{MOST_STEPS, StepsNeeded};
use crate::number::{percent, significant};
use crate::objective::Vector;
use crate::trajectory::{StopReason, Trajectory};

/// Significant digits of every number in a line.
const DIGITS: usize = 3;

/// Beyond this the squares of gradients come near the largest f64, whatever the learning rate.
const HUGE_COORDINATE: f64 = 1e100;

/// How far each coordinate has come at step `t`, and on which side of the minimum it stands.
#[must_use]
pub fn contour(subject: &Subject<'_>, t: usize) -> String {
    let trajectory = subject.trajectory;
    let minimiser = subject
        .objective
        .minima()
        .nearest(trajectory.point(t))
        .unwrap_or_default();
    if let Some(ending) = ending(trajectory, t) {
        return ending;
    }
    let Some(step) = trajectory.record(t) else {
        return format!(
            "The start {} is {} away from the minimum; no step has been taken yet.",
            pair(trajectory.start),
            number(super::progress::distance(trajectory.start, minimiser))
        );
    };
    if t == 1 && is_first_step_alike(step.update, step.gradient) {
        return format!(
            "The first step moves x₁ and x₂ equally far, {}, although one slope is {} times the other.",
            number(step.update[0].abs()),
            number(ratio(step.gradient)),
        );
    }
    let now = step.point_after;
    let place = |i: usize| -> Place {
        let component = |v: Vector| if i == 0 { v[0] } else { v[1] };
        Place::of(
            component(trajectory.start) - component(minimiser),
            component(now) - component(minimiser),
        )
    };
    let after = after_steps(t.min(trajectory.steps.len()));
    match (place(0), place(1)) {
        (Place::Covered(first), Place::Covered(second)) => format!(
            "After {after} x₁ has covered {} of its way to the minimum, x₂ {}.",
            percent(first),
            percent(second)
        ),
        (first, second) => format!("After {after} x₁ {first}; x₂ {second}."),
    }
}

/// What multiplies each gradient at step `t`, against step 1.
#[must_use]
pub fn effective_rates(subject: &Subject<'_>, t: usize) -> String {
    let trajectory = subject.trajectory;
    if let Some(ending) = ending(trajectory, t) {
        return ending;
    }
    let (Some(first), Some(step)) = (trajectory.steps.first(), trajectory.record(t)) else {
        return "No step yet: each coordinate gets its own rate with the first step.".to_owned();
    };
    let [rate1, rate2] = step.effective_learning_rate;
    // The rate falls as the sum of squared gradients grows, so the smaller one has met the larger
    // gradients; but a rate of 0 only stands where there was neither gradient nor ε.
    let reason = if number(rate1) == number(rate2) || rate1 == 0.0 || rate2 == 0.0 {
        ""
    } else if rate1 < rate2 {
        ": x₁ has met the larger gradients"
    } else {
        ": x₂ has met the larger gradients"
    };
    if t == 1 {
        return format!(
            "In step 1 x₁ moves with rate {}, x₂ with {}{reason}.",
            number(rate1),
            number(rate2)
        );
    }
    let [first1, first2] = first.effective_learning_rate;
    let (change1, change2) = (change(first1, rate1), change(first2, rate2));
    let second = if change1.verb == change2.verb {
        change2.amount
    } else {
        format!("{} {}", change2.verb, change2.amount)
    };
    format!(
        "x₁’s rate {} {}, x₂’s {second}{reason}.",
        change1.verb, change1.amount
    )
}

/// How the accumulated squares stand at step `t` and what the step added.
#[must_use]
pub fn accumulator(subject: &Subject<'_>, t: usize) -> String {
    let trajectory = subject.trajectory;
    if let Some(ending) = ending(trajectory, t) {
        return ending;
    }
    let (Some(first), Some(step)) = (trajectory.steps.first(), trajectory.record(t)) else {
        return format!(
            "Both sums begin at {}; every step adds its squared gradient.",
            number(trajectory.accumulator(0)[0])
        );
    };
    let t = t.min(trajectory.steps.len());
    let added = squared(step.gradient);
    let added_first = squared(first.gradient);
    let comparison = if t > 1 && added[0] < added_first[0] && added[1] < added_first[1] {
        ", less than step 1 did"
    } else if added[0] > added_first[0] && added[1] > added_first[1] {
        ", more than step 1 did"
    } else {
        ""
    };
    format!(
        "Step {t} added its squared gradient, {} to s₁ (now {}) and {} to s₂ (now {}){comparison}.",
        number(added[0]),
        number(step.accumulator[0]),
        number(added[1]),
        number(step.accumulator[1]),
    )
}

/// How the loss at step `t` compares with the start and with the step before.
#[must_use]
pub fn loss(subject: &Subject<'_>, t: usize) -> String {
    let trajectory = subject.trajectory;
    if let Some(ending) = ending(trajectory, t) {
        return ending;
    }
    let t = t.min(trajectory.steps.len());
    let (start, now) = (trajectory.start_loss, trajectory.loss(t));
    let Some(before) = t.checked_sub(1).map(|t| trajectory.loss(t)) else {
        return format!("The loss is {} at the start.", number(start));
    };
    let since_start = change(start, now);
    let of_start = if now < start {
        format!(" ({} of it left)", percent(now / start))
    } else {
        String::new()
    };
    let last_step = if t == 1 {
        String::new()
    } else if now < before {
        format!("; the last step took {} off", percent(1.0 - now / before))
    } else if now > before {
        "; the last step raised it".to_owned()
    } else {
        "; the last step left it as it was".to_owned()
    };
    format!(
        "The loss {} {} in {}{of_start}{last_step}.",
        since_start.verb,
        since_start.amount,
        after_steps(t)
    )
}

/// What the current learning rate leaves of the distance after `steps` steps, against the best
/// one in the sweep's `points`.
#[must_use]
pub fn sweep(
    points: impl IntoIterator<Item = (f64, Option<f64>)>,
    learning_rate: f64,
    share_left: Option<f64>,
    steps: u32,
) -> String {
    let best = points
        .into_iter()
        .filter_map(|(rate, share)| Some((rate, share?)))
        .min_by(|(_, a), (_, b)| a.total_cmp(b));
    let after = after_steps(steps as usize);
    let rate = number(learning_rate);
    match (share_left, best) {
        (Some(left), Some((_, best_left))) if left <= best_left => format!(
            "After {after} η = {rate} leaves {} of the distance; no η tried does better.",
            percent(left)
        ),
        (Some(left), Some((best_rate, best_left))) => format!(
            "After {after} η = {rate} leaves {} of the distance; the best η tried, {}, leaves {}.",
            percent(left),
            number(best_rate),
            percent(best_left)
        ),
        (Some(left), None) => format!(
            "After {after} η = {rate} leaves {} of the distance.",
            percent(left)
        ),
        (None, Some((best_rate, best_left))) => format!(
            "η = {rate} gives no end point; the best η tried, {}, leaves {} of the distance.",
            number(best_rate),
            percent(best_left)
        ),
        (None, None) => format!("No η tried leaves a distance to compare after {after}."),
    }
}

/// Whether the steps shown are enough; `needed` is none while it is still being simulated.
#[must_use]
pub fn stopping(needed: Option<StepsNeeded>, steps_shown: u32) -> String {
    let Some(needed) = needed else {
        return "Simulating ahead, to see when 1 % of the starting distance is left …".to_owned();
    };
    match needed {
        StepsNeeded::Reached(steps) if steps <= steps_shown => {
            format!(
                "Enough steps: 1 % of the starting distance is left after {}.",
                after_steps(steps as usize)
            )
        }
        StepsNeeded::Reached(steps) => format!(
            "1 % of the starting distance is left only after {}, {} times those shown.",
            after_steps(steps as usize),
            number(f64::from(steps) / f64::from(steps_shown))
        ),
        StepsNeeded::MoreThan(MOST_STEPS) => {
            "Even 10⁶ steps leave more than 1 % of the starting distance.".to_owned()
        }
        StepsNeeded::MoreThan(steps) => {
            format!("Even {steps} steps leave more than 1 % of the starting distance.")
        }
        StepsNeeded::Stuck { step } => {
            format!("From step {step} on the updates are too small to change the point at all.")
        }
        StepsNeeded::Diverged { step } => {
            format!("This setting breaks down in step {step}, so it never gets near the minimum.")
        }
        StepsNeeded::Singular { step } => {
            format!(
                "The matrix to divide by is singular in step {step}: the rule has no step there."
            )
        }
        StepsNeeded::NoMinimum => "No minimum is known to get near.".to_owned(),
        StepsNeeded::AtMinimum => {
            "The start is the minimum: there is no distance to cover.".to_owned()
        }
    }
}

/// The line for every figure once nothing more moves: at rest, or out of numbers.
fn ending(trajectory: &Trajectory, t: usize) -> Option<String> {
    let [start1, start2] = trajectory.start;
    match trajectory.stop {
        StopReason::Diverged { step } if t >= trajectory.steps.len() => {
            let remedy = if start1.abs().max(start2.abs()) > HUGE_COORDINATE {
                "choose a start nearer the minimum"
            } else {
                "try a smaller η, a larger ε or a larger s₀"
            };
            Some(format!(
                "Step {step} gives numbers too large to compute with: {remedy}."
            ))
        }
        StopReason::Singular { step } if t >= trajectory.steps.len() => Some(format!(
            "The matrix to divide by is singular in step {step}: add damping, or start elsewhere."
        )),
        StopReason::Stationary { step: 1 } => {
            Some("The slope at the start is 0: nothing moves. Choose another start.".to_owned())
        }
        // The gradient of step t is taken where step t − 1 ended.
        StopReason::Stationary { step } if t + 1 >= step as usize => Some(format!(
            "Since step {} the slope is exactly 0, so the point stays where it is.",
            step - 1
        )),
        _ => None,
    }
}

/// Where a coordinate stands on its way from `start` to 0.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    /// This share of its way is covered.
    Covered(f64),
    /// On the other side, this share of its way beyond.
    Beyond(f64),
    /// On its side, this many times as far away as it began, above 1.
    Farther(f64),
    /// Began at the minimum and is still there.
    Stayed,
    /// Began at the minimum and is this far from it.
    Off(f64),
}

impl Place {
    fn of(start: f64, now: f64) -> Self {
        if start == 0.0 {
            return if now == 0.0 {
                Self::Stayed
            } else {
                Self::Off(now.abs())
            };
        }
        let left = now / start;
        if left < 0.0 {
            Self::Beyond(-left)
        } else if left > 1.0 {
            Self::Farther(left)
        } else {
            Self::Covered(1.0 - left)
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Covered(share) => write!(formatter, "has covered {} of its way", percent(*share)),
            Self::Beyond(share) if *share < 1.0 => write!(
                formatter,
                "stands beyond the minimum by {} of its way",
                percent(*share)
            ),
            Self::Beyond(times) => write!(
                formatter,
                "is {} times as far away, on the other side",
                number(*times)
            ),
            Self::Farther(times) if *times < 2.0 => write!(
                formatter,
                "is {} farther away than at the start",
                percent(times - 1.0)
            ),
            Self::Farther(times) => write!(
                formatter,
                "is {} times as far away as it began",
                number(*times)
            ),
            Self::Stayed => write!(formatter, "is where it began, at the minimum"),
            Self::Off(distance) => write!(
                formatter,
                "began at the minimum and is now {} off",
                number(*distance)
            ),
        }
    }
}

/// A change as a reader sees it: the verb says a change only when the numbers shown differ.
struct Change {
    verb: &'static str,
    amount: String,
}

fn change(from: f64, to: f64) -> Change {
    let (from_shown, to_shown) = (number(from), number(to));
    if from_shown == to_shown {
        return Change {
            verb: "has stayed",
            amount: if from == to {
                format!("at {to_shown}")
            } else {
                format!("near {to_shown}")
            },
        };
    }
    Change {
        verb: if to < from { "has fallen" } else { "has risen" },
        amount: format!("from {from_shown} to {to_shown}"),
    }
}

/// Whether a step is equally long in both coordinates although the slopes differ: what Adagrad
/// does first when the accumulator starts at 0 and ε is small.
fn is_first_step_alike(update: Vector, gradient: Vector) -> bool {
    // Alike to the digits shown, and slopes that differ visibly.
    let [first, second] = update;
    first != 0.0 && number(first.abs()) == number(second.abs()) && ratio(gradient) >= 1.1
}

/// The larger magnitude over the smaller.
fn ratio([a, b]: Vector) -> f64 {
    a.abs().max(b.abs()) / a.abs().min(b.abs())
}

fn squared([a, b]: Vector) -> Vector {
    [a * a, b * b]
}

fn number(value: f64) -> String {
    significant(value, DIGITS)
}

fn pair([x1, x2]: Vector) -> String {
    format!("({}, {})", number(x1), number(x2))
}

fn after_steps(count: usize) -> String {
    if count == 1 {
        "1 step".to_owned()
    } else {
        format!("{count} steps")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::{Adagrad, EpsilonPlacement, Order};
    use crate::trajectory::run;

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

    #[test]
    fn the_sweep_names_the_best_rate_tried() {
        let points = [(0.1, Some(0.8)), (2.0, Some(0.000_4)), (10.0, None)];
        assert_eq!(
            sweep(points, 0.4, Some(0.44), 20),
            "After 20 steps η = 0.4 leaves 44 % of the distance; \
             the best η tried, 2, leaves 0.04 %."
        );
        assert_eq!(
            sweep(points, 2.0, Some(0.000_4), 20),
            "After 20 steps η = 2 leaves 0.04 % of the distance; no η tried does better."
        );
        assert_eq!(
            sweep(points, 10.0, None, 20),
            "η = 10 gives no end point; the best η tried, 2, leaves 0.04 % of the distance."
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
            line(StepsNeeded::MoreThan(1_000_000), 20),
            "Even 10⁶ steps leave more than 1 % of the starting distance."
        );
        for needed in [
            StepsNeeded::Stuck { step: 3 },
            StepsNeeded::Diverged { step: 3 },
            StepsNeeded::AtMinimum,
        ] {
            assert!(line(needed, 20).ends_with('.'));
        }
        assert!(stopping(None, 20).ends_with('…'));
    }
}
