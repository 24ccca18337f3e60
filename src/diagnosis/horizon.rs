//! How many steps a setting needs to get near the minimum, simulated ahead of what is shown.

use super::escape::Escape;
use super::pace::Pace;
use super::progress::distance;
use crate::objective::{Minima, Problem, Vector};
use crate::optimizer::Optimizer;
use crate::trajectory::{Halt, Run};

/// Near means within this share of the starting distance.
pub const NEAR: f64 = 0.01;

/// Steps simulated before giving up.
pub const MOST_STEPS: u32 = 1_000_000;

/// What simulating ahead found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepsNeeded {
    /// The first step that ends within [`NEAR`] of the starting distance.
    Reached(u32),
    /// Still farther away after this many steps.
    MoreThan(Unfinished),
    /// The point stopped moving short of the goal: from `step` on, every update is too small to
    /// change it, and so it never arrives.
    Stuck {
        /// The first step that left the point where it was.
        step: u32,
        /// Whether it stands at a stationary point, which is none of the known minima.
        at_rest: bool,
    },
    /// A value was no longer finite, or the run [left every bound](super::escape) and still grew
    /// when it was given up.
    Diverged {
        /// The step that left every bound, or else the one that could not be completed.
        step: u32,
    },
    /// The matrix that the rule divides by was singular.
    Singular {
        /// The step that could not be computed.
        step: u32,
    },
    /// The start is a minimiser.
    AtMinimum,
    /// There is no minimum to get near, or none is known.
    NoMinimum,
}

/// A run that was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// The steps it took.
    pub steps: u32,
    /// Whether it was creeping: its steps had become shorter than the first, although they went on
    /// the same way and the slope was not 0.
    pub creeps: bool,
}

/// A run ahead of the one shown, in slices.
#[derive(Clone, Debug)]
pub struct Horizon {
    run: Run,
    minima: Minima,
    near: f64,
    pace: Pace,
    escape: Escape,
    /// Whether a step that leaves the point where it is means that all later ones do.
    stays_once_still: bool,
    answer: Option<StepsNeeded>,
}

impl Horizon {
    /// A simulation before its first step.
    #[must_use]
    pub fn new(
        problem: impl Into<Problem>,
        optimizer: impl Into<Optimizer>,
        start: Vector,
    ) -> Self {
        let (problem, optimizer) = (problem.into(), optimizer.into());
        let minima = problem.objective.minima();
        let distance_at_start = minima
            .nearest(start)
            .map(|minimiser| distance(start, minimiser));
        Self {
            stays_once_still: optimizer.description().facts.stays_once_still && problem.is_steady(),
            run: Run::new(problem, optimizer, start),
            minima,
            pace: Pace::default(),
            escape: Escape::new(distance_at_start.unwrap_or_default()),
            near: NEAR * distance_at_start.unwrap_or_default(),
            answer: match distance_at_start {
                None => Some(StepsNeeded::NoMinimum),
                Some(0.0) => Some(StepsNeeded::AtMinimum),
                Some(_) => None,
            },
        }
    }

    /// Takes at most `budget_steps` more steps; the answer once there is one, and from then on.
    pub fn advance(&mut self, budget_steps: u32) -> Option<StepsNeeded> {
        for _ in 0..budget_steps {
            if self.answer.is_some() {
                break;
            }
            self.answer = self.advance_once();
        }
        self.answer
    }

    fn advance_once(&mut self) -> Option<StepsNeeded> {
        let step = match self.run.advance() {
            Ok(step) => step,
            Err(halt) => {
                let step = self.run.steps_taken() + 1;
                return Some(match halt {
                    Halt::Diverged => StepsNeeded::Diverged {
                        step: self.escape.step().unwrap_or(step),
                    },
                    Halt::Singular => StepsNeeded::Singular { step },
                });
            }
        };
        let taken = self.run.steps_taken();
        self.pace.record(&step);
        let offset = self.offset(step.point_after);
        // The larger coordinate is a lower bound that spares nearly every step its square root.
        let larger = offset[0].max(offset[1]);
        let distance = if self.escape.may_be_far(larger) {
            offset[0].hypot(offset[1])
        } else {
            larger
        };
        self.escape.record(taken, distance);
        if self.is_near(offset) {
            return Some(StepsNeeded::Reached(taken));
        }
        // A step that leaves the point leaves the gradient too. Of Adagrad, say, the accumulator
        // and the decay only grow, so no later update is larger; and rounding is monotone, so none
        // of them moves the point either.
        if self.stays_once_still && step.point_after == step.point_before {
            return Some(StepsNeeded::Stuck {
                step: taken,
                at_rest: self.pace.is_at_rest(),
            });
        }
        (taken >= MOST_STEPS).then(|| match self.escape.step() {
            Some(step) => StepsNeeded::Diverged { step },
            None => StepsNeeded::MoreThan(Unfinished {
                steps: taken,
                creeps: self.pace.creeps(),
            }),
        })
    }

    fn is_near(&self, offset: Vector) -> bool {
        // The larger coordinate is a lower bound that spares nearly every step its square root.
        offset[0].max(offset[1]) <= self.near && offset[0].hypot(offset[1]) <= self.near
    }

    /// How far a point is from the nearest minimiser in each coordinate; never near where there is
    /// none.
    fn offset(&self, point: Vector) -> Vector {
        let minimiser = self.nearest_minimiser(point);
        minimiser.map_or([f64::INFINITY; 2], |minimiser| {
            [
                (point[0] - minimiser[0]).abs(),
                (point[1] - minimiser[1]).abs(),
            ]
        })
    }
}

impl Horizon {
    fn nearest_minimiser(&self, point: Vector) -> Option<Vector> {
        match self.minima {
            // Nothing to choose: the usual case, without a distance to compute.
            Minima::Points([only]) => Some(*only),
            _ => self.minima.nearest(point),
        }
    }
}

/// Whether a run of `steps_shown` steps stops early: it would need more than ten times as many.
///
/// [`StepsNeeded::MoreThan`] counts as far as it is known to: up to a tenth of its limit, and if it
/// [creeps](Unfinished::creeps). A run that diverges or meets a singular matrix does not stop early,
/// it goes wrong; one that swings for ever or rests at a stationary point has not stopped for a rate
/// that shrank.
#[must_use]
pub fn stops_early(needed: StepsNeeded, steps_shown: u32) -> bool {
    let ten_times = 10 * u64::from(steps_shown);
    match needed {
        StepsNeeded::Reached(steps) => u64::from(steps) > ten_times,
        StepsNeeded::MoreThan(Unfinished { steps, creeps }) => {
            creeps && u64::from(steps) >= ten_times
        }
        StepsNeeded::Stuck { at_rest, .. } => !at_rest,
        StepsNeeded::Diverged { .. }
        | StepsNeeded::Singular { .. }
        | StepsNeeded::AtMinimum
        | StepsNeeded::NoMinimum => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::{Adagrad, EpsilonPlacement, Momentum, Newton, Order};
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

    /// Evidence: the definition, applied to the recorded run.
    #[test]
    fn agrees_with_the_recorded_run_in_any_slices() {
        let start = [-5.0, -2.0];
        let recorded = run(&Objective::F1, D2L, start, 2_000);
        let near = NEAR * start[0].hypot(start[1]);
        let expected = recorded
            .points()
            .position(|[x1, x2]| x1.hypot(x2) <= near)
            .unwrap();
        for budget in [1, 7, 10_000] {
            let mut horizon = Horizon::new(Objective::F1, D2L, start);
            let needed = std::iter::repeat_with(|| horizon.advance(budget))
                .flatten()
                .next()
                .unwrap();
            assert_eq!(needed, StepsNeeded::Reached(expected as u32));
            assert_eq!(horizon.advance(0), Some(needed), "the answer stays");
        }
    }

    #[test]
    fn gives_up_after_the_most_steps() {
        // Away from the minimum η = 10⁻³ moves at most 2η√t after t steps, here 2: not 99 of 100.
        let slow = Adagrad {
            learning_rate: 1e-3,
            ..D2L
        };
        let mut horizon = Horizon::new(Objective::F1, slow, [100.0, 0.0]);
        assert_eq!(horizon.advance(MOST_STEPS - 1), None);
        let creeping = StepsNeeded::MoreThan(Unfinished {
            steps: 1_000_000,
            creeps: true,
        });
        assert_eq!(horizon.advance(1), Some(creeping));
    }

    #[test]
    fn a_point_too_large_for_its_updates_is_stuck() {
        // Numbers near 10¹⁷ are 16 apart; the first step is 0.4.
        let mut horizon = Horizon::new(Objective::F1, D2L, [1e17, 0.0]);
        let stuck = StepsNeeded::Stuck {
            step: 1,
            at_rest: false,
        };
        assert_eq!(horizon.advance(10), Some(stuck));
        // And so the recorded run stays, too.
        let recorded = run(&Objective::F1, D2L, [1e17, 0.0], 1_000);
        assert_eq!(recorded.point(1_000), [1e17, 0.0]);
    }

    #[test]
    fn divergence_and_a_start_at_the_minimum_are_told_apart() {
        let mut diverging = Horizon::new(Objective::F1, D2L, [1e200, 0.0]);
        assert_eq!(
            diverging.advance(10),
            Some(StepsNeeded::Diverged { step: 1 })
        );
        let mut there = Horizon::new(Objective::F1, D2L, [0.0, 0.0]);
        assert_eq!(there.advance(0), Some(StepsNeeded::AtMinimum));
    }

    #[test]
    fn stopping_early_is_more_than_ten_times_the_steps_shown() {
        assert!(!stops_early(StepsNeeded::Reached(200), 20));
        assert!(stops_early(StepsNeeded::Reached(201), 20));
        let more = |creeps| {
            StepsNeeded::MoreThan(Unfinished {
                steps: 1_000_000,
                creeps,
            })
        };
        assert!(stops_early(more(true), 100_000));
        assert!(!stops_early(more(false), 20));
        // More than 10⁶ may or may not be more than 1,000,010.
        assert!(!stops_early(more(true), 100_001));
        let stuck = |at_rest| StepsNeeded::Stuck { step: 1, at_rest };
        assert!(stops_early(stuck(false), u32::MAX));
        assert!(!stops_early(stuck(true), 20));
        assert!(!stops_early(StepsNeeded::Diverged { step: 1 }, 1));
        assert!(!stops_early(StepsNeeded::AtMinimum, 1));
    }

    #[test]
    fn several_minima_none_and_a_singular_matrix() {
        let newton = Newton {
            learning_rate: 1.0,
            damping: 0.0,
        };
        // Newton arrives on a quadratic at once, and of Himmelblau's minima the nearest counts.
        let mut on_f2 = Horizon::new(Objective::F2, newton, [5.0, 3.0]);
        assert_eq!(on_f2.advance(10), Some(StepsNeeded::Reached(1)));
        let mut on_himmelblau = Horizon::new(Objective::Himmelblau, newton, [-3.0, 3.0]);
        assert!(matches!(
            on_himmelblau.advance(10),
            Some(StepsNeeded::Reached(_))
        ));
        let mut on_saddle = Horizon::new(Objective::Saddle, D2L, [1.0, 1.0]);
        assert_eq!(on_saddle.advance(10), Some(StepsNeeded::NoMinimum));
        let mut on_a_line = Horizon::new(Objective::LeastSquares, newton, [0.0, 0.0]);
        assert_eq!(
            on_a_line.advance(10),
            Some(StepsNeeded::Singular { step: 1 })
        );
        assert!(!stops_early(StepsNeeded::NoMinimum, 1));
        assert!(!stops_early(StepsNeeded::Singular { step: 1 }, 1));
    }

    #[test]
    fn a_momentum_that_stands_still_may_go_on() {
        // Numbers near 10¹⁷ are 16 apart: the first step, 8, rounds to nothing, half way to the even
        // neighbour; the second, 8 + ½ 8, moves.
        let momentum = Momentum {
            learning_rate: 4e-16,
            momentum: 0.5,
        };
        let mut horizon = Horizon::new(Objective::F1, momentum, [1e17, 0.0]);
        let first = horizon.run.clone().advance().unwrap();
        assert_eq!(first.point_before, first.point_after);
        assert_eq!(horizon.advance(10), None);
        assert_ne!(horizon.run.point(), [1e17, 0.0]);
    }
}
