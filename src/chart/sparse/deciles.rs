//! What became of features, the most frequent tenth to the rarest.

use plotters_backend::DrawingBackend;

use crate::chart::painter::{Drawn, Painter};
use crate::chart::theme::ChartTheme;
use crate::chart::{Figure, FigureSize};
use crate::sparse::repeats::Spread;

/// What of the weights is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// √ of the mean of (w − w*)²: their error, where the truth w* is known and standard normal.
    FromTruth,
    /// √ of the mean of w²: their size, where it is not.
    FromZero,
}

/// What became of features under one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct DecilesLine {
    /// The rule's name on the page.
    pub label: &'static str,
    /// Its place in the experiment's list: its [look](ChartTheme::look).
    pub look: usize,
    /// By tenth, the most frequent first, over the data sets; on one alone its three numbers are
    /// the same.
    pub tenths: Vec<Spread>,
}

/// Errors, or sizes, of weights by frequency decile, with their spread over several data sets.
#[derive(Clone, Debug, PartialEq)]
pub struct DecilesChart {
    /// One for each rule shown.
    pub lines: Vec<DecilesLine>,
    /// What the numbers are.
    pub deviation: Deviation,
    /// In how many training examples the rarest and the most frequent feature of each tenth occur.
    pub occurrences: Vec<[u32; 2]>,
    /// On how many data sets.
    pub data_sets: usize,
}

impl Figure for DecilesChart {
    fn draw<B: DrawingBackend>(
        &self,
        _painter: &mut Painter<'_, B>,
        _size: &FigureSize,
        _theme: &ChartTheme,
    ) -> Drawn<B> {
        Ok(())
    }
}
