//! Where many runs of one problem end, for maps over starts or over settings.
//!
//! Nothing is recorded but the ends. The steps of one run wait for each other, each for a root and
//! a division; so a few runs are taken in lockstep, and their roots and divisions overlap.

use crate::objective::{Problem, Vector};
use crate::optimizer::{At, State, UpdateRule};

/// How many runs share a loop: enough to hide a division, few enough for the registers.
const LANES: usize = 4;

/// Where each run of `rule` from one of `starts` is after `steps` steps on `problem`, in order; NaN
/// in both entries where the run could not be completed.
///
/// The ends are those of [`run`](crate::trajectory::run), bit for bit. A run that overflows only in
/// what a record would show, its loss, say, goes on here.
#[must_use]
pub fn ends_from<R: UpdateRule>(
    problem: &Problem,
    rule: R,
    starts: &[Vector],
    steps: u32,
) -> Vec<Vector> {
    let mut ends = Vec::with_capacity(starts.len());
    for chunk in starts.chunks(LANES) {
        let Some(starts) = filled(chunk) else { break };
        let mut lanes = starts.map(|start| Lane::new(problem, &rule, start));
        for step in 1..=steps {
            for lane in &mut lanes {
                lane.advance(problem, &rule, step);
            }
        }
        ends.extend(lanes.iter().take(chunk.len()).map(|lane| lane.end(problem)));
    }
    ends
}

/// The same for each of `rules` from one `start`.
#[must_use]
pub fn ends_of<R: UpdateRule>(
    problem: &Problem,
    rules: &[R],
    start: Vector,
    steps: u32,
) -> Vec<Vector> {
    let mut ends = Vec::with_capacity(rules.len());
    for chunk in rules.chunks(LANES) {
        let Some(rules) = filled(chunk) else { break };
        let mut lanes = rules.map(|rule| Lane::new(problem, &rule, start));
        for step in 1..=steps {
            for (lane, rule) in lanes.iter_mut().zip(&rules) {
                lane.advance(problem, rule, step);
            }
        }
        ends.extend(lanes.iter().take(chunk.len()).map(|lane| lane.end(problem)));
    }
    ends
}

/// One item for each lane; lanes beyond the last repeat the first, and nobody looks at them. None of
/// an empty chunk, which `chunks` has none of.
fn filled<T: Copy>(chunk: &[T]) -> Option<[T; LANES]> {
    let mut lanes = [*chunk.first()?; LANES];
    for (slot, item) in lanes.iter_mut().zip(chunk) {
        *slot = *item;
    }
    Some(lanes)
}

/// One run of the few in lockstep.
#[derive(Clone, Copy)]
struct Lane {
    start: Vector,
    position: Vector,
    state: State,
}

impl Lane {
    fn new<R: UpdateRule>(problem: &Problem, rule: &R, start: Vector) -> Self {
        let position = problem.parameters_of(start);
        Self {
            start: position,
            position,
            state: rule.initial_state(problem, position),
        }
    }

    /// One step. A position that is not finite stays so, whatever is subtracted from it.
    #[inline(always)]
    fn advance<R: UpdateRule>(&mut self, problem: &Problem, rule: &R, step: u32) {
        let at = At {
            step,
            start: self.start,
            point: self.position,
            gradient: problem.gradient(step, self.position),
            problem,
        };
        match rule.step(&mut self.state, &at) {
            Some(moved) => {
                self.position[0] -= moved.update[0];
                self.position[1] -= moved.update[1];
            }
            None => self.position = [f64::NAN; 2],
        }
    }

    fn end(&self, problem: &Problem) -> Vector {
        let [x1, x2] = problem.point(self.position);
        if x1.is_finite() && x2.is_finite() {
            [x1, x2]
        } else {
            [f64::NAN; 2]
        }
    }
}
