//! What a rule comes to after T steps, from every start of a rectangle or at every (η, ε) of one.
//!
//! A map is a grid of values, row by row from the top, each row from the left. This file says what
//! stands behind each of them; [`refinement`](super::refinement) computes them.

use super::progress::distance;
use crate::objective::{Minima, Objective, Problem, Vector};
use crate::optimizer::Optimizer;
use crate::parameter;

/// A map, before anything of it is computed.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// What is minimised.
    pub problem: Problem,
    /// The rule; its own η and ε are not used where the map goes over them.
    pub optimizer: Optimizer,
    /// T, at least 1.
    pub steps: u32,
    /// What the sides are.
    pub sides: Sides,
    /// What the values are.
    pub measure: Measure,
    /// Values in a row, at least 1.
    pub columns: usize,
    /// Rows, at least 1.
    pub rows: usize,
}

/// What the sides of a map are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sides {
    /// x₁ across and x₂ upwards: each value is that of a run from the middle of its cell.
    Starts {
        /// The lower left corner.
        low: Vector,
        /// The upper right corner.
        high: Vector,
    },
    /// η across and ε upwards, at equal ratios from cell to cell, each value that of its cell's
    /// middle. The lowest row is ε = 0.
    Rates {
        /// Where each run starts.
        start: Vector,
        /// η at the left and the right edge, above 0.
        learning_rates: [f64; 2],
        /// ε at the lower edge of the second lowest row and at the upper edge, above 0.
        epsilons: [f64; 2],
    },
}

/// What the values of a map are. Each is NaN where the run did not finish, or where there is no
/// such thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The distance from x_T to the nearest minimiser over that from x₀; 0 where both are 0.
    ShareLeft,
    /// f(x_T).
    Loss,
    /// Which of several minimisers is nearest to x_T: its index in [`Minima::Points`].
    Minimum,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 3] = [Self::ShareLeft, Self::Loss, Self::Minimum];

    /// Its name in requests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ShareLeft => "share",
            Self::Loss => "loss",
            Self::Minimum => "minimum",
        }
    }

    /// The measure of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// Whether `objective` has such values: there is a distance where a minimiser is known, and a
    /// choice of minima where there are several.
    #[must_use]
    pub fn suits(self, objective: &Objective) -> bool {
        match (self, objective.minima()) {
            (Self::Loss, _) => true,
            (Self::ShareLeft, minima) => {
                matches!(minima, Minima::Points(_) | Minima::Line { .. })
            }
            (Self::Minimum, Minima::Points(points)) => points.len() > 1,
            (Self::Minimum, _) => false,
        }
    }

    /// The share of the distance where a minimiser is known, the loss elsewhere.
    #[must_use]
    pub fn usual(objective: &Objective) -> Self {
        if Self::ShareLeft.suits(objective) {
            Self::ShareLeft
        } else {
            Self::Loss
        }
    }

    /// The value for a run from `start` to `end`, which is NaN where it did not finish.
    pub(super) fn of(self, objective: &Objective, start: Vector, end: Vector) -> f64 {
        if end.iter().any(|x| x.is_nan()) {
            return f64::NAN;
        }
        let minima = objective.minima();
        match (self, minima) {
            (Self::Loss, _) => objective.value(end),
            (Self::ShareLeft, _) => match (minima.nearest(start), minima.nearest(end)) {
                (Some(from), Some(to)) => {
                    let left = distance(end, to);
                    if left == 0.0 {
                        0.0
                    } else {
                        left / distance(start, from)
                    }
                }
                _ => f64::NAN,
            },
            (Self::Minimum, Minima::Points(points)) => {
                let nearest = minima.nearest(end);
                let index = points.iter().position(|&point| Some(point) == nearest);
                index.map_or(f64::NAN, |index| index as f64)
            }
            (Self::Minimum, _) => f64::NAN,
        }
    }
}

/// Whether the rule has an ε for a map to go over.
#[must_use]
pub fn has_epsilon(optimizer: &Optimizer) -> bool {
    epsilon_position(optimizer).is_some()
}

fn epsilon_position(optimizer: &Optimizer) -> Option<usize> {
    parameter::position(optimizer.description().parameters, "eps")
}

impl Map {
    /// How many values it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the run behind the value at `column` and `row`, from the top, starts.
    #[must_use]
    pub fn start(&self, column: usize, row: usize) -> Vector {
        match self.sides {
            Sides::Starts { low, high } => {
                let [across, upwards] = self.middle(column, row, self.rows);
                [
                    low[0] + across * (high[0] - low[0]),
                    low[1] + upwards * (high[1] - low[1]),
                ]
            }
            Sides::Rates { start, .. } => start,
        }
    }

    /// η and ε there; none on a map over starts.
    #[must_use]
    pub fn rates(&self, column: usize, row: usize) -> Option<[f64; 2]> {
        let Sides::Rates {
            learning_rates,
            epsilons,
            ..
        } = self.sides
        else {
            return None;
        };
        let with_epsilon = self.rows.saturating_sub(1);
        let [across, upwards] = self.middle(column, row, with_epsilon);
        let between = |[from, to]: [f64; 2], share: f64| from * (to / from).powf(share);
        let epsilon = if row < with_epsilon {
            between(epsilons, upwards)
        } else {
            0.0
        };
        Some([between(learning_rates, across), epsilon])
    }

    /// The rule there: the map's own, or with the η and ε of the place. None where it takes no
    /// such ε.
    #[must_use]
    pub fn optimizer(&self, column: usize, row: usize) -> Option<Optimizer> {
        let Some([learning_rate, epsilon]) = self.rates(column, row) else {
            return Some(self.optimizer);
        };
        let mut values = self.optimizer.with_learning_rate(learning_rate).values();
        *values.get_mut(epsilon_position(&self.optimizer)?)? = epsilon;
        self.optimizer.description().optimizer(&values).ok()
    }

    /// The middle of a cell, 0 to 1 rightwards and, over the topmost `rows`, upwards.
    fn middle(&self, column: usize, row: usize, rows: usize) -> [f64; 2] {
        let across = (column as f64 + 0.5) / self.columns as f64;
        let downwards = (row as f64 + 0.5) / rows as f64;
        [across, 1.0 - downwards]
    }
}
