//! The line under a landscape.

use super::ending::ending;
use super::place::Place;
use super::{Subject, after_steps, number, pair, point};
use crate::diagnosis::progress::distance;
use crate::number::percent;
use crate::objective::{Minima, Vector};

/// How far each coordinate has come at step `t`, and on which side of the minimum it stands.
///
/// Of several minima the one nearest to the current point counts; of a line of them the distance
/// does; where none is known, point and loss are told.
#[must_use]
pub fn contour(subject: &Subject<'_>, t: usize) -> String {
    if let Some(ending) = ending(subject, t) {
        return ending;
    }
    let trajectory = subject.trajectory;
    let minima = subject.objective.minima();
    let Some(step) = trajectory.record(t) else {
        return at_start(subject);
    };
    let is_plane = subject.objective.dimension() > 1;
    if t == 1 && is_plane && is_first_step_alike(step.update, step.gradient) {
        return format!(
            "The first step moves x₁ and x₂ equally far, {}, although one slope is {} times the other.",
            number(step.update[0].abs()),
            number(ratio(step.gradient)),
        );
    }
    let now = step.point_after;
    let after = after_steps(t.min(trajectory.steps.len()));
    let Some(minimiser) = minima.nearest(now) else {
        let why = match minima {
            Minima::Unbounded => "f has no lowest value",
            _ => "no minimum is known",
        };
        return format!(
            "After {after} the point is {}, where f is {}; {why}.",
            point(subject, now),
            number(step.loss)
        );
    };
    let place = |i: usize| -> Place {
        let component = |v: Vector| if i == 0 { v[0] } else { v[1] };
        Place::of(
            component(trajectory.start) - component(minimiser),
            component(now) - component(minimiser),
        )
    };
    if !is_plane {
        return format!("After {after} x {}.", place(0));
    }
    let target = match minima {
        Minima::Line { .. } => {
            return format!(
                "After {after} the point is {} from the nearest minimum, {}.",
                number(distance(now, minimiser)),
                pair(minimiser)
            );
        }
        Minima::Points([_, _, ..]) => format!("the minimum {}", pair(minimiser)),
        _ => "the minimum".to_owned(),
    };
    match (place(0), place(1)) {
        (Place::Covered(first), Place::Covered(second)) => format!(
            "After {after} x₁ has covered {} of its way to {target}, x₂ {}.",
            percent(first),
            percent(second)
        ),
        (first, second) => format!("After {after} x₁ {first}; x₂ {second}."),
    }
}

fn at_start(subject: &Subject<'_>) -> String {
    let start = subject.trajectory.start;
    let shown = point(subject, start);
    match subject.objective.minima().nearest(start) {
        Some(minimiser) => format!(
            "The start {shown} is {} away from the {}minimum; no step has been taken yet.",
            number(distance(start, minimiser)),
            match subject.objective.minima() {
                Minima::Points([_, _, ..]) => "nearest ",
                Minima::Line { .. } if subject.objective.dimension() > 1 => "nearest ",
                _ => "",
            }
        ),
        None => format!(
            "At the start {shown} f is {}; no step has been taken yet.",
            number(subject.trajectory.start_loss)
        ),
    }
}

/// Whether a step is equally long in both coordinates although the slopes differ: what a
/// rule does first that divides by the size of the gradient.
fn is_first_step_alike(update: Vector, gradient: Vector) -> bool {
    // Alike to the digits shown, and slopes that differ visibly.
    let [first, second] = update;
    first != 0.0
        && number(first.abs()) == number(second.abs())
        && (1.1..f64::INFINITY).contains(&ratio(gradient))
}

/// The larger magnitude over the smaller.
fn ratio([a, b]: Vector) -> f64 {
    a.abs().max(b.abs()) / a.abs().min(b.abs())
}
