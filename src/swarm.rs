//! Where many starts end: one problem and one rule, for maps.
//!
//! Nothing is recorded but the ends. The steps of one run wait for each other, each for a root and
//! a division; so a few runs are taken in lockstep, and their roots and divisions overlap.

use crate::objective::{Problem, Vector};
use crate::optimizer::{At, State, UpdateRule};

/// How many runs share a loop: enough to hide a division, few enough for the registers.
const LANES: usize = 4;

/// One run of the few in lockstep.
#[derive(Clone, Copy)]
struct Lane {
    start: Vector,
    position: Vector,
    state: State,
}

/// Where each of `starts` is after `steps` steps of `rule` on `problem`, in order; NaN in both
/// entries where the run could not be completed.
///
/// The ends are those of [`run`](crate::trajectory::run), bit for bit. A run that overflows only in
/// what a record would show, its loss, say, goes on here.
#[must_use]
pub fn ends<R: UpdateRule>(
    problem: &Problem,
    rule: &R,
    starts: &[Vector],
    steps: u32,
) -> Vec<Vector> {
    let mut ends = Vec::with_capacity(starts.len());
    for chunk in starts.chunks(LANES) {
        // The last few are filled up with the first of them.
        let filler = chunk.first().copied().unwrap_or_default();
        let mut lanes = [filler; LANES].map(|start| lane(problem, rule, start));
        for (lane_of, &start) in lanes.iter_mut().zip(chunk) {
            *lane_of = lane(problem, rule, start);
        }
        for step in 1..=steps {
            for lane in &mut lanes {
                advance(problem, rule, lane, step);
            }
        }
        let finished = lanes.iter().take(chunk.len());
        ends.extend(finished.map(|lane| {
            let [x1, x2] = problem.point(lane.position);
            if x1.is_finite() && x2.is_finite() {
                [x1, x2]
            } else {
                [f64::NAN; 2]
            }
        }));
    }
    ends
}

fn lane<R: UpdateRule>(problem: &Problem, rule: &R, start: Vector) -> Lane {
    let position = problem.parameters_of(start);
    Lane {
        start: position,
        position,
        state: rule.initial_state(problem, position),
    }
}

/// One step. A position that is not finite stays so, whatever is subtracted from it.
#[inline(always)]
fn advance<R: UpdateRule>(problem: &Problem, rule: &R, lane: &mut Lane, step: u32) {
    let at = At {
        step,
        start: lane.start,
        point: lane.position,
        gradient: problem.gradient(step, lane.position),
        problem,
    };
    match rule.step(&mut lane.state, &at) {
        Some(moved) => {
            lane.position[0] -= moved.update[0];
            lane.position[1] -= moved.update[1];
        }
        None => lane.position = [f64::NAN; 2],
    }
}
