//! How a rule of a race comes by its η.

use crate::sparse::backend::Plan;
use crate::sparse::batches::Batches;
use crate::sparse::cpu::Options;
use crate::sparse::rules::Rule;
use crate::sparse::tune::{GRID, Search};

/// Rates are tuned on batches of about so many non-zeros at most: eleven short epochs.
const MOST_NONZEROS: usize = 8_000_000;

/// Whether and how far η is searched. That is on the processor wherever the race is run; the answer
/// is the same.
#[derive(Debug)]
pub(super) enum Tuning {
    /// It was given.
    Given,
    /// It is being searched.
    Searching(Box<Search>),
    /// It was found.
    Found {
        /// Whether it lies at an end of the grid.
        is_at_an_end: bool,
        /// Whether every η tried came to the same loss.
        is_untuned: bool,
    },
}

impl Tuning {
    /// Before the first η is tried.
    pub(super) fn search(rule: Rule, options: Options) -> Self {
        Self::Searching(Box::new(Search::new(rule, options)))
    }

    /// How many bytes the search takes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Searching(search) => search.bytes(),
            Self::Given | Self::Found { .. } => 0,
        }
    }

    /// Whether η is still searched.
    pub(super) fn is_under_way(&self) -> bool {
        matches!(self, Self::Searching(_))
    }

    /// Which share of the rates has been tried, 0 to 1.
    pub(super) fn share(&self) -> f64 {
        match self {
            Self::Searching(search) => search.losses().len() as f64 / GRID.len() as f64,
            Self::Given | Self::Found { .. } => 1.0,
        }
    }

    /// Goes on for about so many non-zeros; the best η, where that ends the search.
    pub(super) fn advance(
        &mut self,
        plan: &Plan,
        batches: &Batches,
        nonzeros: usize,
    ) -> Option<f64> {
        let Self::Searching(search) = self else {
            return None;
        };
        if !search.advance(&plan.examples, batches, &plan.columns, nonzeros) {
            return None;
        }
        // Where all rates diverge, the least does so last.
        let [least, ..] = GRID;
        let best = search.best().unwrap_or(least);
        *self = Self::Found {
            is_at_an_end: search.is_at_an_end(),
            is_untuned: search.is_tie(),
        };
        Some(best)
    }
}

/// The batches that rates are tuned on: the first ones.
pub(super) fn tuning_batches(plan: &Plan) -> Batches {
    let Plan {
        examples, batches, ..
    } = plan;
    let order = batches.order();
    let share = MOST_NONZEROS as f64 / examples.nonzeros_of(order).max(1) as f64;
    let count = (batches.count() as f64 * share.min(1.0)).ceil() as usize;
    let rows = order.get(..count.saturating_mul(batches.size()));
    Batches::new(rows.unwrap_or(order).to_vec(), batches.size(), None)
}
