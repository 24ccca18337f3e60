//! The loops in which the trainer spends its time.
//!
//! Never inlined: a browser compiles a small function for speed soon, and goes over to it with the
//! next call. In a long one that holds them all it would stay for seconds in what it compiled first.

use super::columns::BatchColumns;
use super::examples::{Examples, Row};
use super::loss::LossSum;
use super::rules::{Constants, SparseRule};

/// A model of one rule, during a slice.
pub(super) struct Model<'a, R, const N: usize> {
    /// By rank.
    pub cells: &'a mut [[f32; N]],
    pub intercept: &'a mut [f32; N],
    pub has_intercept: bool,
    pub l2: f32,
    /// Those of the batch.
    pub constants: Constants,
    /// Room for the cells of one example.
    pub copies: Vec<[f32; N]>,
    pub rule: std::marker::PhantomData<R>,
}

impl<R: SparseRule<N>, const N: usize> Model<'_, R, N> {
    /// A batch of one example. How many non-zeros it has.
    ///
    /// Its cells are copied out, updated side by side, and copied back: so that divisions and
    /// roots can be done four at a time, wherever in memory the cells are. `next` are the ranks of
    /// the example to come.
    #[inline(never)]
    pub(super) fn online(&mut self, row: Row<'_>, next: &[u32], losses: &mut LossSum) -> usize {
        let sum = self.copy(row);
        self.touch(next);
        let margin = f64::from(sum + self.intercept[0]);
        let residual = losses.add(margin, row.label) as f32;
        let (constants, l2) = (self.constants, self.l2);
        match row.values {
            // One gradient for all, and so one square of it.
            None if l2 == 0.0 => {
                for cell in &mut self.copies {
                    R::update(&constants, cell, residual);
                }
            }
            None => {
                for cell in &mut self.copies {
                    let gradient = residual + l2 * cell[0];
                    R::update(&constants, cell, gradient);
                }
            }
            Some(values) => {
                for (cell, value) in self.copies.iter_mut().zip(values) {
                    let gradient = residual * value + l2 * cell[0];
                    R::update(&constants, cell, gradient);
                }
            }
        }
        for (&rank, copy) in row.indices.iter().zip(&self.copies) {
            if let Some(cell) = self.cells.get_mut(rank as usize) {
                *cell = *copy;
            }
        }
        if self.has_intercept {
            R::update(&self.constants, self.intercept, residual);
        }
        row.indices.len()
    }

    /// Copies an example's cells, and sums their part of its margin on the way.
    #[inline(always)]
    fn copy(&mut self, row: Row<'_>) -> f32 {
        self.copies.resize(row.indices.len(), [0.0; N]);
        let mut copies = self.copies.iter_mut();
        let mut weight = |&rank: &u32| {
            let cell = self.cells.get(rank as usize).copied().unwrap_or([0.0; N]);
            if let Some(copy) = copies.next() {
                *copy = cell;
            }
            cell[0]
        };
        match row.values {
            None => sum_of(row.indices, weight),
            Some(values) => {
                let terms = row.indices.iter().zip(values);
                terms.map(|(rank, value)| weight(rank) * value).sum()
            }
        }
    }

    /// Reads cells that are about to be needed, so that memory answers while the exponential of
    /// this example is computed. Of a third, which stand last and are the rarest: the frequent ones
    /// are in the cache, and to read them again costs more than it brings.
    #[inline(always)]
    fn touch(&self, ranks: &[u32]) {
        let rarest = ranks
            .get(ranks.len() - ranks.len() / 3..)
            .unwrap_or_default();
        let bits = |&rank: &u32| {
            self.cells
                .get(rank as usize)
                .map_or(0, |cell| cell[0].to_bits())
        };
        std::hint::black_box(rarest.iter().fold(0, |all, rank| all | bits(rank)));
    }

    /// A batch's residuals. How many non-zeros it has.
    #[inline(never)]
    pub(super) fn residuals(
        &mut self,
        examples: &Examples,
        rows: &[u32],
        losses: &mut LossSum,
        residuals: &mut Vec<f32>,
    ) -> usize {
        residuals.clear();
        let mut visited = 0;
        for &row in rows {
            let row = examples.row(row);
            let residual = losses.add(self.margin(row), row.label);
            residuals.push(residual as f32);
            visited += row.indices.len();
        }
        visited
    }

    /// A batch's update from its residuals, feature by feature.
    ///
    /// The mean is taken of the sum, not summed of shares: so residuals of ±½, as all are at w = 0,
    /// cancel to 0 exactly, and the counter does not count what is no more than rounding.
    #[inline(never)]
    pub(super) fn gather(&mut self, columns: &BatchColumns<'_>, residuals: &[f32]) {
        let share = 1.0 / residuals.len() as f32;
        let ends = columns.starts.get(1..).unwrap_or_default();
        let bounds = columns.starts.iter().zip(ends);
        for (&rank, (&start, &end)) in columns.features.iter().zip(bounds) {
            let entries = start as usize..end as usize;
            let column = columns.examples.get(entries.clone()).unwrap_or_default();
            let gradient = match columns.values {
                None => sum_of(column, |&example| at(residuals, example)),
                Some(values) => {
                    let values = values.get(entries).unwrap_or_default();
                    let terms = column.iter().zip(values);
                    terms
                        .map(|(&example, value)| at(residuals, example) * value)
                        .sum()
                }
            };
            self.update(rank, gradient * share);
        }
        if self.has_intercept {
            let gradient = sum_of(residuals, |&residual| residual) * share;
            R::update(&self.constants, self.intercept, gradient);
        }
    }

    #[inline(always)]
    fn update(&mut self, rank: u32, gradient: f32) {
        if let Some(cell) = self.cells.get_mut(rank as usize) {
            let gradient = gradient + self.l2 * cell[0];
            R::update(&self.constants, cell, gradient);
        }
    }

    /// w·x + b.
    #[inline]
    fn margin(&self, row: Row<'_>) -> f64 {
        let weight = |&rank: &u32| self.cells.get(rank as usize).map_or(0.0, |cell| cell[0]);
        let sum = match row.values {
            None => sum_of(row.indices, weight),
            Some(values) => {
                let terms = row.indices.iter().zip(values);
                terms.map(|(rank, value)| weight(rank) * value).sum()
            }
        };
        f64::from(sum + self.intercept[0])
    }
}

#[inline(always)]
fn at(residuals: &[f32], example: u32) -> f32 {
    residuals.get(example as usize).copied().unwrap_or_default()
}

/// Σ of `term` over `items`, in four sums that do not wait for each other.
#[inline(always)]
fn sum_of<T>(items: &[T], mut term: impl FnMut(&T) -> f32) -> f32 {
    let (fours, rest) = items.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, item) in sums.iter_mut().zip(four) {
            *sum += term(item);
        }
    }
    let [a, b, c, d] = sums;
    rest.iter()
        .fold((a + b) + (c + d), |sum, item| sum + term(item))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::columns::{Columns, Planner};
    use crate::sparse::examples::tests::examples;
    use crate::sparse::rules::{Adagrad, Kind, Rule};

    #[test]
    fn columns_of_one_and_the_online_path_are_one() {
        let examples = examples(&[(true, &[(7, 1.0), (3, 0.5), (0, -2.0)])], 200);
        let mut columns = Columns::default();
        Planner::new(200).plan(&examples, &[0], &mut columns);
        let rule = Rule::new(Kind::Adagrad, 0.1, 1e-6);
        let [online, gathered] = [true, false].map(|is_online| {
            let mut cells = vec![[0.25, 0.5]; 200];
            let mut intercept = [0.0, 0.0];
            let mut model = Model::<Adagrad, 2> {
                cells: &mut cells,
                intercept: &mut intercept,
                has_intercept: true,
                l2: 0.5,
                constants: rule.constants(1),
                copies: Vec::new(),
                rule: std::marker::PhantomData,
            };
            let mut losses = LossSum::default();
            if is_online {
                model.online(examples.row(0), &[3, 7, 500], &mut losses);
            } else {
                let mut residuals = Vec::new();
                model.residuals(&examples, &[0], &mut losses, &mut residuals);
                model.gather(&columns.batch(0), &residuals);
            }
            (cells, intercept, losses)
        });
        assert_eq!(online, gathered);
    }
}
