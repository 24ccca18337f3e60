//! Where many runs of one problem end, for maps over starts or over settings.
//!
//! Nothing is recorded but the ends. The steps of one run wait for each other, each for a root and
//! a division; so a few runs are taken in lockstep, and their roots and divisions overlap. What is
//! the same for all of them, such as which objective it is, is asked once for all. So the compiler
//! sees a straight line of arithmetic, and takes both coordinates at once where the processor can:
//! in WebAssembly it may, see `.cargo/config.toml`.

use crate::objective::{Problem, Vector};
use crate::optimizer::{At, State, UpdateRule};

/// How many runs share a loop: enough to hide a division, few enough for the first cache. Measured
/// in Chromium: 4 take 103 ms for a map that takes 75 ms with 8 and 60 ms with 16.
pub const LANES: usize = 16;

/// The same for runs of rules that differ: with 4, a sweep takes 19 ms, with 8 16 ms, with 16 20 ms.
const RULES_AT_ONCE: usize = 8;

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
        let Some(&first) = chunk.first() else { break };
        // Lanes beyond the last repeat the first, and nobody looks at them.
        let mut lanes = [first; LANES];
        for (lane, &start) in lanes.iter_mut().zip(chunk) {
            *lane = start;
        }
        let all = ends_in_lockstep(problem, |_| rule, &lanes, steps);
        ends.extend(all.into_iter().take(chunk.len()));
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
    for chunk in rules.chunks(RULES_AT_ONCE) {
        let Some(&first) = chunk.first() else { break };
        let rule_of = |lane: usize| chunk.get(lane).copied().unwrap_or(first);
        let all = ends_in_lockstep(problem, rule_of, &[start; RULES_AT_ONCE], steps);
        ends.extend(all.into_iter().take(chunk.len()));
    }
    ends
}

/// Where a few runs in lockstep end. A position that is not finite stays so, whatever is subtracted
/// from it.
fn ends_in_lockstep<R: UpdateRule, const RUNS: usize>(
    problem: &Problem,
    rule_of: impl Fn(usize) -> R,
    starts: &[Vector; RUNS],
    steps: u32,
) -> [Vector; RUNS] {
    let starts = starts.map(|start| problem.parameters_of(start));
    let mut positions = starts;
    let mut states = [State::ZERO; RUNS];
    for (lane, (state, start)) in states.iter_mut().zip(starts).enumerate() {
        *state = rule_of(lane).initial_state(problem, start);
    }
    for step in 1..=steps {
        let gradients = problem.gradients(step, positions);
        let lanes = starts.iter().zip(&mut states);
        let lanes = lanes.zip(&mut positions).zip(gradients).enumerate();
        for (lane, (((&start, state), position), gradient)) in lanes {
            let at = At {
                step,
                start,
                point: *position,
                gradient,
                problem,
            };
            match rule_of(lane).step(state, &at) {
                Some(moved) => {
                    position[0] -= moved.update[0];
                    position[1] -= moved.update[1];
                }
                None => *position = [f64::NAN; 2],
            }
        }
    }
    positions.map(|position| {
        let [x1, x2] = problem.point(position);
        if x1.is_finite() && x2.is_finite() {
            [x1, x2]
        } else {
            [f64::NAN; 2]
        }
    })
}
