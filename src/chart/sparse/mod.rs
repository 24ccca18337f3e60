//! The figures of the sparse lab: what a race shows, as plain data that draws itself.
//!
//! - [`learning`]: how good each rule is, over the epochs.
//! - [`density`]: effective learning rates against how often features occur.
//! - [`deciles`]: what became of features, the most frequent tenth to the rarest.
//! - [`growth`]: the accumulators of three features.
//!
//! A rule's look is its place in the experiment's list of rules, whatever is hidden, as in the
//! playground: so it is the same in every figure. The three watched features have the same marks
//! wherever they are drawn: [`WATCHED_MARKERS`].

pub mod deciles;
pub mod density;
pub mod growth;
mod key_rows;
pub mod learning;
mod off_scale;

pub use deciles::{DecilesChart, DecilesLine, Deviation};
pub use density::{DensityChart, DensityPanel};
pub use growth::{GrowthChart, WatchedFeature};
pub use learning::{LearningChart, LearningLine, Quality};

use plotters_backend::DrawingBackend;

use super::painter::{Drawn, Painter};
use super::theme::{ChartTheme, Marker};
use super::{Figure, FigureSize};

/// How the first, second and third watched feature are marked.
pub const WATCHED_MARKERS: [Marker; 3] = [Marker::Disc, Marker::Square, Marker::Triangle];

/// Any of the lab's figures: apart from [`AnyFigure`](super::AnyFigure), so that the playground's
/// first load has none of them.
#[derive(Clone, Debug)]
pub enum SparseFigure {
    /// Loss, accuracy or area under the ROC curve over the epochs.
    Learning(LearningChart),
    /// Effective learning rate against frequency.
    Density(DensityChart),
    /// Errors or sizes of weights by frequency.
    Deciles(DecilesChart),
    /// Accumulators over the batches.
    Growth(GrowthChart),
}

impl Figure for SparseFigure {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        match self {
            Self::Learning(figure) => figure.draw(painter, size, theme),
            Self::Density(figure) => figure.draw(painter, size, theme),
            Self::Deciles(figure) => figure.draw(painter, size, theme),
            Self::Growth(figure) => figure.draw(painter, size, theme),
        }
    }
}
