//! A [`Map`] computed in slices: a coarse pass over all of it first, then finer ones.

use super::map::{Map, Sides};
use crate::objective::{Problem, Vector};
use crate::optimizer::{OnRules, Optimizer, UpdateRule};
use crate::swarm::{ends_from, ends_of};

/// How many passes a map takes: the first of every 8th value of every 8th row, the next two of
/// every 4th and 2nd, the last of all that is left.
pub const PASSES: u32 = 4;

/// A map in progress.
#[derive(Clone, Debug)]
pub struct Refinement {
    map: Map,
    /// NaN where it is not known yet.
    values: Vec<f32>,
    /// The pass that is next or going on, from 0.
    pass: u32,
    /// Those of its places that are still to be computed, in order.
    places: Vec<[usize; 2]>,
    /// How many of them are done.
    done: usize,
}

impl Refinement {
    /// Before its first value.
    #[must_use]
    pub fn new(map: Map) -> Self {
        Self {
            values: vec![f32::NAN; map.len()],
            places: places(&map, 0),
            map,
            pass: 0,
            done: 0,
        }
    }

    /// Computes at most `count` more values of the current pass; true once the pass is complete.
    /// The next call then begins the next one, or, after the last, does nothing.
    pub fn advance(&mut self, count: usize) -> bool {
        let rest = self.places.get(self.done..).unwrap_or_default();
        let chunk = rest.get(..count.max(1)).unwrap_or(rest);
        let values = values_at(&self.map, chunk);
        self.done += chunk.len();
        for (&[column, row], value) in chunk.iter().zip(values) {
            if let Some(place) = self.values.get_mut(row * self.map.columns + column) {
                *place = value;
            }
        }
        if self.done < self.places.len() {
            return false;
        }
        if self.pass + 1 < PASSES {
            self.pass += 1;
            self.places = places(&self.map, self.pass);
            self.done = 0;
        } else {
            self.pass = PASSES;
        }
        true
    }

    /// Whether every value is known.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.pass == PASSES
    }

    /// All values, row by row from the top, after the last complete pass: until that is the last of
    /// all, each known value stands for those on its right and below up to the next.
    #[must_use]
    pub fn picture(&self) -> Vec<f32> {
        let Some(last) = self.pass.checked_sub(1) else {
            return self.values.clone();
        };
        let stride = stride(last);
        let Map { columns, rows, .. } = self.map;
        let known = |place: usize| place - place % stride;
        let mut picture = Vec::with_capacity(self.values.len());
        for row in 0..rows {
            let from = known(row) * columns;
            let values = self.values.get(from..from + columns).unwrap_or_default();
            picture.extend((0..columns).map(|column| {
                let value = values.get(known(column));
                value.copied().unwrap_or(f32::NAN)
            }));
        }
        picture
    }
}

/// How far apart the values are that are known after a pass, across and down.
const fn stride(pass: u32) -> usize {
    1 << (PASSES - 1 - pass)
}

/// What a pass computes: columns and rows.
fn places(map: &Map, pass: u32) -> Vec<[usize; 2]> {
    let stride = stride(pass);
    let before = 2 * stride;
    let of_row = |row: usize| {
        // Half of every other row is known from the pass before.
        let known = pass > 0 && row.is_multiple_of(before);
        let (first, apart) = if known { (stride, before) } else { (0, stride) };
        let columns = (first..map.columns).step_by(apart);
        columns.map(move |column| [column, row])
    };
    (0..map.rows).step_by(stride).flat_map(of_row).collect()
}

fn values_at(map: &Map, places: &[[usize; 2]]) -> Vec<f32> {
    let starts: Vec<Vector> = places.iter().map(|&[c, r]| map.start(c, r)).collect();
    let ends = match map.sides {
        Sides::Starts { .. } => {
            let task = FromStarts {
                problem: &map.problem,
                starts: &starts,
                steps: map.steps,
            };
            Optimizer::sorted(&[map.optimizer], task).unwrap_or_default()
        }
        Sides::Rates { start, .. } => {
            let optimizers = places.iter().map(|&[c, r]| map.optimizer(c, r));
            let optimizers: Vec<Option<Optimizer>> = optimizers.collect();
            let task = OfRules {
                problem: &map.problem,
                start,
                steps: map.steps,
            };
            let allowed: Vec<Optimizer> = optimizers.iter().copied().flatten().collect();
            let ends = Optimizer::sorted(&allowed, task).unwrap_or_default();
            let mut ends = ends.into_iter();
            let end = |optimizer: &Option<Optimizer>| {
                let end = optimizer.and_then(|_| ends.next());
                end.unwrap_or([f64::NAN; 2])
            };
            optimizers.iter().map(end).collect()
        }
    };
    let value = |(&start, &end): (&Vector, &Vector)| {
        map.measure.of(&map.problem.objective, start, end) as f32
    };
    starts.iter().zip(&ends).map(value).collect()
}

struct FromStarts<'a> {
    problem: &'a Problem,
    starts: &'a [Vector],
    steps: u32,
}

impl OnRules for FromStarts<'_> {
    type Output = Vec<Vector>;

    // Browsers are slow to optimise one function that holds the loops of all rules.
    #[inline(never)]
    fn on<R: UpdateRule>(self, rules: &[R]) -> Vec<Vector> {
        let ends = |&rule| ends_from(self.problem, rule, self.starts, self.steps);
        rules.first().map(ends).unwrap_or_default()
    }
}

struct OfRules<'a> {
    problem: &'a Problem,
    start: Vector,
    steps: u32,
}

impl OnRules for OfRules<'_> {
    type Output = Vec<Vector>;

    #[inline(never)]
    fn on<R: UpdateRule>(self, rules: &[R]) -> Vec<Vector> {
        ends_of(self.problem, rules, self.start, self.steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::map::Measure;
    use crate::diagnosis::progress::Progress;
    use crate::objective::{self, Objective};
    use crate::optimizer;
    use crate::trajectory::{Trajectory, run};

    /// No multiple of anything, so that the last cells of every pass are cut.
    const COLUMNS: usize = 21;
    const ROWS: usize = 11;

    const STARTS: Sides = Sides::Starts {
        low: [-6.0, -3.0],
        high: [5.0, 4.0],
    };
    const RATES: Sides = Sides::Rates {
        start: [-2.0, 1.5],
        learning_rates: [1e-3, 10.0],
        epsilons: [1e-8, 1.0],
    };

    fn map(objective: &Objective, optimizer: Optimizer, sides: Sides) -> Map {
        Map {
            problem: objective.into(),
            optimizer,
            steps: 15,
            sides,
            measure: Measure::usual(objective),
            columns: COLUMNS,
            rows: ROWS,
        }
    }

    fn rules() -> Vec<Optimizer> {
        let rule = |d: &&optimizer::Description| d.optimizer(&d.defaults()).unwrap();
        optimizer::DESCRIPTIONS.iter().map(rule).collect()
    }

    fn objectives() -> Vec<Objective> {
        let objective = |d: &objective::Description| d.objective(&d.defaults()).unwrap();
        let mut objectives: Vec<_> = objective::DESCRIPTIONS.iter().map(objective).collect();
        let source = "x1^2 + ln(x2)^2".to_owned();
        let program = crate::expression::compile(&source).unwrap();
        let typed = objective::TypedFunction { source, program };
        objectives.push(Objective::Typed(std::sync::Arc::new(typed)));
        objectives
    }

    fn completed(map: Map) -> Vec<f32> {
        let mut refinement = Refinement::new(map);
        while !refinement.is_complete() {
            refinement.advance(usize::MAX);
        }
        refinement.picture()
    }

    /// As a value is of a recorded run, by other code.
    fn expected(map: &Map, trajectory: &Trajectory) -> f32 {
        let steps = map.steps as usize;
        if trajectory.steps.len() < steps {
            return f32::NAN;
        }
        match map.measure {
            Measure::Loss => trajectory.loss(steps) as f32,
            Measure::ShareLeft => {
                let progress = Progress::at(trajectory, &map.problem.objective, steps);
                progress.unwrap().share_left.unwrap() as f32
            }
            Measure::Minimum => unreachable!(),
        }
    }

    /// To the bit: the same arithmetic in the same order. A run whose loss or state overflows
    /// while its point does not goes on here and ends there; none of these does.
    #[test]
    fn every_value_is_that_of_a_run() {
        for objective in objectives() {
            for optimizer in rules() {
                for sides in [STARTS, RATES] {
                    let map = map(&objective, optimizer, sides);
                    let values = completed(map.clone());
                    assert_eq!(values.len(), map.len());
                    for (i, value) in values.into_iter().enumerate() {
                        let (column, row) = (i % COLUMNS, i / COLUMNS);
                        let value_of_run = map.optimizer(column, row).map_or(f32::NAN, |rule| {
                            let start = map.start(column, row);
                            expected(&map, &run(&map.problem, rule, start, map.steps))
                        });
                        assert_eq!(
                            value.to_bits(),
                            value_of_run.to_bits(),
                            "{objective:?} {optimizer:?} at {column}, {row}: {value} {value_of_run}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn slices_of_any_size_come_to_the_same() {
        let map = map(&Objective::F2, rules()[5], STARTS);
        let whole = completed(map.clone());
        for count in [0, 1, 7, 64] {
            let mut refinement = Refinement::new(map.clone());
            let mut passes = 0;
            while !refinement.is_complete() {
                passes += u32::from(refinement.advance(count));
            }
            assert_eq!(passes, PASSES);
            assert_eq!(refinement.picture(), whole);
        }
    }

    #[test]
    fn every_pass_shows_what_is_known_in_blocks() {
        let map = map(&Objective::F2, rules()[5], STARTS);
        let whole = completed(map.clone());
        let mut refinement = Refinement::new(map);
        assert!(refinement.picture().iter().all(|value| value.is_nan()));
        for block in [8, 4, 2, 1] {
            refinement.advance(usize::MAX);
            let picture = refinement.picture();
            for row in 0..ROWS {
                for column in 0..COLUMNS {
                    let known = (row - row % block) * COLUMNS + (column - column % block);
                    assert_eq!(picture[row * COLUMNS + column], whole[known]);
                }
            }
        }
        assert!(refinement.is_complete());
        assert!(refinement.advance(1), "nothing more to do");
    }

    /// By hand: Newton's first step reaches f1's minimum exactly; the four minima of Himmelblau lie
    /// in the four quadrants, and without steps each start is nearest to its own.
    #[test]
    fn shares_and_minima_by_hand() {
        let newton = optimizer::Description::named("newton").unwrap();
        let newton = newton.optimizer(&newton.defaults()).unwrap();
        let arrived = completed(map(&Objective::F1, newton, STARTS));
        assert!(arrived.iter().all(|&share| share == 0.0));

        let nearest = Map {
            steps: 0,
            columns: 2,
            rows: 2,
            measure: Measure::Minimum,
            ..map(&Objective::Himmelblau, newton, STARTS)
        };
        let minima = completed(nearest);
        let objective::Minima::Points(points) = Objective::Himmelblau.minima() else {
            panic!()
        };
        let quadrants = [[-1.0, 1.0], [1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]];
        for (index, [x1, x2]) in minima.into_iter().zip(quadrants) {
            let [p1, p2] = points[index as usize];
            assert!(p1 * x1 > 0.0 && p2 * x2 > 0.0);
        }
    }

    #[test]
    fn a_map_over_rates_has_no_epsilon_in_its_lowest_row() {
        let map = map(&Objective::F1, rules()[5], RATES);
        let [eta, epsilon] = map.rates(0, ROWS - 1).unwrap();
        assert_eq!(epsilon, 0.0);
        assert!(eta > 1e-3 && eta < 1e-3 * 10_000_f64.powf(1.0 / 21.0));
        // The middle of ten rows of 0.8 decades each.
        let [_, epsilon] = map.rates(0, ROWS - 2).unwrap();
        assert!((epsilon.log10() - (-8.0 + 0.4)).abs() < 1e-12);
        // Stepping first from s₀ = 0 would divide by 0.
        let mut values = map.optimizer.values();
        values[5] = 1.0;
        let step_first = Map {
            optimizer: map.optimizer.description().optimizer(&values).unwrap(),
            ..map
        };
        assert_eq!(step_first.optimizer(0, ROWS - 1), None);
        assert!(step_first.optimizer(0, 0).is_some());
    }
}
