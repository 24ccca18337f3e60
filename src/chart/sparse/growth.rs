//! How the accumulators of three features grow.

use plotters_backend::DrawingBackend;

use crate::chart::painter::{Drawn, Painter};
use crate::chart::theme::ChartTheme;
use crate::chart::{Figure, FigureSize};
use crate::sparse::rules::Kind;

/// A feature whose accumulator is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedFeature {
    /// What it is called: a word, or "feature 17".
    pub name: String,
    /// In how many training examples it occurs.
    pub count: u32,
}

/// The accumulators of the watched features over the batches, under one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthChart {
    /// Which rule.
    pub kind: Kind,
    /// Its name on the page.
    pub label: &'static str,
    /// Its place in the experiment's list: its [look](ChartTheme::look).
    pub look: usize,
    /// The features, as many as there are, at most 3.
    pub features: Vec<WatchedFeature>,
    /// Batches done, and then each feature's accumulator, as
    /// [`Growth`](crate::sparse::growth::Growth) has them.
    pub points: Vec<(u64, Vec<f32>)>,
    /// Where the axis of batches ends: those of all epochs.
    pub batches: u64,
}

impl Figure for GrowthChart {
    fn draw<B: DrawingBackend>(
        &self,
        _painter: &mut Painter<'_, B>,
        _size: &FigureSize,
        _theme: &ChartTheme,
    ) -> Drawn<B> {
        Ok(())
    }
}
