//! Effective learning rate against how often features occur, over all of them.

use plotters_backend::DrawingBackend;

use crate::chart::painter::{Drawn, Painter};
use crate::chart::projection::Pixel;
use crate::chart::theme::ChartTheme;
use crate::chart::{Figure, FigureSize};
use crate::sparse::frequency::Density;

/// One rule's rates.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityPanel {
    /// The rule's name on the page.
    pub label: &'static str,
    /// Its place in the experiment's list: its [look](ChartTheme::look).
    pub look: usize,
    /// How many features have which frequency and rate.
    pub density: Density,
    /// The watched features: the share of training examples each occurs in and its effective rate;
    /// none where it has none.
    pub watched: [Option<[f64; 2]>; 3],
    /// Whether the line rate ∝ 1/√frequency is drawn: what Adagrad comes to where the gradients of
    /// active features are of one size.
    pub has_guide: bool,
}

/// Effective rate (upwards) against frequency (across), both on logarithmic scales, a panel for
/// each rule and the same axes for all.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityChart {
    /// One for each rule shown, 1 to 6.
    pub panels: Vec<DensityPanel>,
}

impl DensityChart {
    /// What is drawn at `pixel`: the place of its panel, log₁₀ of the frequency, and log₁₀ of the
    /// rate; none outside the panels.
    #[must_use]
    pub fn frequency_at(&self, _size: &FigureSize, _pixel: Pixel) -> Option<(usize, f64, f64)> {
        None
    }
}

impl Figure for DensityChart {
    fn draw<B: DrawingBackend>(
        &self,
        _painter: &mut Painter<'_, B>,
        _size: &FigureSize,
        _theme: &ChartTheme,
    ) -> Drawn<B> {
        Ok(())
    }
}
