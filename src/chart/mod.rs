//! The figures: each a pure function of data, size and theme over any plotters backend.
//!
//! The same code draws to the page's canvas, to an exported SVG and to the native snapshots. It
//! knows no signals and no browser. [`painter`] speaks to plotters, [`projection`] maps data to
//! pixels (and back, for drags), [`frame`] draws axes; the rest is one figure per file.

pub mod accumulator;
mod clip;
mod contour_lines;
pub mod frame;
mod key;
pub mod landscape;
pub mod loss;
pub mod map;
pub mod painter;
pub mod projection;
pub mod rates;
pub mod sparse;
mod steps_chart;
pub mod svg;
pub mod sweep;
pub mod theme;
mod ticks;

pub use accumulator::AccumulatorChart;
pub use landscape::Landscape;
pub use loss::LossChart;
pub use map::{MapChart, MapFrame, MapKind, MapValue, map_pixels};
pub use painter::{Drawn, Painter};
pub use projection::{Axis, PlaneProjection, Rect, Scale};
pub use rates::RatesChart;
pub use sweep::{SweepChart, SweepLine};
pub use theme::{ChartTheme, Look, Marker};

use std::sync::Arc;

use plotters_backend::DrawingBackend;

use crate::trajectory::Trajectory;

/// A figure's size on the page and the size of its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FigureSize {
    /// Width in CSS pixels.
    pub width_css_px: f64,
    /// Height in CSS pixels.
    pub height_css_px: f64,
    /// Size of ordinary text in CSS pixels; margins and markers follow it.
    pub font_css_px: f64,
}

/// Which figure of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureName {
    /// The path on the contours.
    Landscape,
    /// Effective learning rates.
    Rates,
    /// Accumulator growth.
    Accumulator,
    /// Loss.
    Loss,
    /// Share of the distance left over η.
    Sweep,
}

impl FigureName {
    /// Every figure, in the page's order.
    pub const ALL: [Self; 5] = [
        Self::Landscape,
        Self::Rates,
        Self::Accumulator,
        Self::Loss,
        Self::Sweep,
    ];

    /// Its name in the names of files and in requests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Landscape => "landscape",
            Self::Rates => "rates",
            Self::Accumulator => "accumulator",
            Self::Loss => "loss",
            Self::Sweep => "sweep",
        }
    }

    /// The figure of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|figure| figure.name() == name)
    }
}

/// The run of one rule, as figures show it.
#[derive(Clone, Debug)]
pub struct RuleLine {
    /// The rule's name on the page.
    pub label: &'static str,
    /// The rule's place in the list of all that were chosen, whatever is hidden: its
    /// [look](ChartTheme::look).
    pub look: usize,
    /// Its run.
    pub run: Arc<Trajectory>,
}

/// The runs one figure shows: one per rule, and what the selected one is compared with.
#[derive(Clone, Debug)]
pub struct Runs {
    /// The rules' runs on one objective from one start; only those to be shown.
    pub lines: Vec<RuleLine>,
    /// Which of `lines` has gradient, step and numbers shown; the first where there is no such.
    pub selected: usize,
    /// Coordinates of the objective: with 1, x₂ is left out.
    pub dimension: usize,
    /// Steps of the runs that the cursor has passed, 0 at the start.
    pub cursor: usize,
    /// The selected rule's run before the last change.
    pub ghost: Option<Arc<Trajectory>>,
    /// The run the reader pinned.
    pub pinned: Option<Arc<Trajectory>>,
}

impl Runs {
    /// No runs, as of a function that is not there yet.
    #[must_use]
    pub fn none() -> Self {
        Self {
            lines: Vec::new(),
            selected: 0,
            dimension: 2,
            cursor: 0,
            ghost: None,
            pinned: None,
        }
    }

    /// The line with gradient, step and numbers; none where no line is shown.
    #[must_use]
    pub fn selected_line(&self) -> Option<&RuleLine> {
        self.lines.get(self.selected).or(self.lines.first())
    }

    /// Whether several rules are shown, so that looks tell them apart; otherwise colours can say something else.
    #[must_use]
    pub fn compares_rules(&self) -> bool {
        self.lines.len() > 1
    }

    /// What a key names, in the rules' order.
    fn labels_and_looks(&self) -> Vec<(&'static str, usize)> {
        self.lines
            .iter()
            .map(|line| (line.label, line.look))
            .collect()
    }

    /// The selected line last, so that it lies on the others.
    fn selected_last(&self) -> impl Iterator<Item = (bool, &RuleLine)> {
        let selected = self.selected_line();
        let is_selected = move |line: &RuleLine| selected.is_some_and(|s| std::ptr::eq(s, line));
        let others = self.lines.iter().filter(move |line| !is_selected(line));
        others
            .map(|line| (false, line))
            .chain(selected.map(|line| (true, line)))
    }
}

/// A figure: plain data that can be drawn on any backend at any size, in any theme.
pub trait Figure {
    /// Draws on a cleared surface of `size`.
    ///
    /// # Errors
    /// What the backend reports.
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B>;
}

/// Any of the figures: so that the page's views, generic code that a reader downloads, are
/// compiled once and not once per figure.
#[derive(Clone, Debug)]
pub enum AnyFigure {
    /// The landscape's lower layer.
    Backdrop(landscape::BackdropLayer),
    /// The landscape's upper layer.
    Runs(landscape::RunsLayer),
    /// Both layers.
    Landscape(Landscape),
    /// Effective learning rates.
    Rates(RatesChart),
    /// Accumulator growth.
    Accumulator(AccumulatorChart),
    /// Loss.
    Loss(LossChart),
    /// Share of the distance left over η.
    Sweep(SweepChart),
    /// What many starts, or many settings, come to: all but the pixels.
    MapFrame(MapFrame),
}

impl Figure for AnyFigure {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        match self {
            Self::Backdrop(figure) => figure.draw(painter, size, theme),
            Self::Runs(figure) => figure.draw(painter, size, theme),
            Self::Landscape(figure) => figure.draw(painter, size, theme),
            Self::Rates(figure) => figure.draw(painter, size, theme),
            Self::Accumulator(figure) => figure.draw(painter, size, theme),
            Self::Loss(figure) => figure.draw(painter, size, theme),
            Self::Sweep(figure) => figure.draw(painter, size, theme),
            Self::MapFrame(figure) => figure.draw(painter, size, theme),
        }
    }
}
