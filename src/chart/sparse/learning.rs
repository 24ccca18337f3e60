//! How good each rule is, over the epochs.

use plotters_backend::DrawingBackend;

use crate::chart::frame::{self, AxisTitles};
use crate::chart::painter::{Drawn, Painter};
use crate::chart::projection::{Axis, Projection};
use crate::chart::theme::ChartTheme;
use crate::chart::{Figure, FigureSize};

/// What is drawn of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// The mean logistic loss in nats: progressive, each batch before its update, as a line; and
    /// that of the test at every epoch's end.
    Loss,
    /// The share of the test's examples told right.
    Accuracy,
    /// The area under the ROC curve on the test's examples.
    Auc,
}

/// How good one rule is.
#[derive(Clone, Debug, PartialEq)]
pub struct LearningLine {
    /// The rule's name on the page.
    pub label: &'static str,
    /// Its place in the experiment's list: its [look](ChartTheme::look).
    pub look: usize,
    /// Epochs done and the mean progressive loss since the point before, as
    /// [`Race::curves`](crate::sparse::race::Race::curves) has them; drawn with [`Quality::Loss`]
    /// only. Where it is not finite, the line has a gap.
    pub progressive: Vec<[f64; 2]>,
    /// The chosen quality on the test's examples at the end of the first epoch, the second, …;
    /// shares from 0 to 1. None where it was not tested.
    pub tested: Vec<Option<f64>>,
}

/// Progressive and held-out loss, or held-out accuracy or area under the curve, over the epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct LearningChart {
    /// One for each rule shown.
    pub lines: Vec<LearningLine>,
    /// What `tested` of the lines is.
    pub quality: Quality,
    /// Where the axis of epochs ends: the experiment's.
    pub epochs: u32,
    /// Whether the test is on examples held out; otherwise it is on those trained on.
    pub is_held_out: bool,
}

impl Figure for LearningChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let projection = Projection {
            area: frame::data_area(size),
            x: Axis::linear(0.0, f64::from(self.epochs)),
            y: Axis::linear(0.0, 1.0),
        };
        let titles = AxisTitles { x: "epochs", y: "" };
        frame::draw(painter, &projection, &titles, size, theme)
    }
}
