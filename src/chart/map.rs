//! A map: what a run comes to, as the colour of its start or of its setting.
//!
//! The frame, its marks and its scale are drawn like any figure. The pixels are a buffer of their
//! own, [`map_pixels`]: a page puts it on its canvas at once, a document embeds rectangles.

use std::sync::Arc;

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::frame::{self, AxisTitles};
use super::painter::{Drawn, Label, Painter, Stroke};
use super::projection::{Axis, Projection, Rect};
use super::theme::{ChartTheme, Rgb, blend};
use super::{Figure, FigureSize};
use crate::number::significant;
use crate::objective::Vector;

/// What the sides of a map are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MapKind {
    /// Every pixel a start.
    Starts {
        /// The lower left corner, where the first column and the last row end.
        low: Vector,
        /// The upper right corner.
        high: Vector,
        /// The start shown elsewhere.
        current: Vector,
    },
    /// Every pixel a setting: η across, ε upwards, both at equal ratios from pixel to pixel.
    Rates {
        /// η of the left and the right edge.
        learning_rates: [f64; 2],
        /// ε of the second lowest row's lower edge and of the upper edge; the lowest row is ε = 0.
        epsilons: [f64; 2],
        /// η and ε shown elsewhere.
        current: Vector,
    },
}

/// What the colours of a map are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MapValue {
    /// The share of the distance left: 0 to 1, and more of the same beyond.
    ShareLeft,
    /// The loss, at equal ratios of its height above `lowest`.
    Loss {
        /// The darkest.
        lowest: f64,
        /// The lightest.
        highest: f64,
    },
    /// Which of the minima is nearest: 0, 1, …
    Minimum {
        /// How many there are.
        count: usize,
    },
}

/// A map of `width` × `height` values.
#[derive(Clone, Debug, PartialEq)]
pub struct MapChart {
    /// The sides.
    pub kind: MapKind,
    /// The colours.
    pub value: MapValue,
    /// Values in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Row by row from the top, each from the left; not a number where the run did not finish.
    pub values: Arc<Vec<f32>>,
}

/// Colours of the sequential ramp, from the darkest (0, at the goal) to the lightest (1).
///
/// After cividis (Nuñez, Anderton & Renslow 2018) in kind: blue to yellow, its lightness rising
/// evenly, so that it reads alike with and without colour vision, and in grey.
const RAMP: [Rgb; 6] = [
    (0, 34, 78),
    (49, 68, 107),
    (102, 105, 112),
    (148, 142, 119),
    (202, 186, 106),
    (254, 232, 56),
];

/// Where the run did not finish: no colour of the ramp, in neither theme.
const UNFINISHED: Rgb = (170, 51, 119);

/// A pixel's colour.
fn color(chart: &MapChart, value: f32, theme: &ChartTheme) -> Rgb {
    let value = f64::from(value);
    if !value.is_finite() {
        return UNFINISHED;
    }
    match chart.value {
        MapValue::ShareLeft => ramp(value),
        MapValue::Loss { lowest, highest } => ramp(loss_share(value, lowest, highest)),
        MapValue::Minimum { .. } => theme.look(value as usize + 1).color,
    }
}

/// The ramp's colour at `share`, 0 to 1.
fn ramp(share: f64) -> Rgb {
    let along = share.clamp(0.0, 1.0) * (RAMP.len() - 1) as f64;
    let index = (along as usize).min(RAMP.len() - 2);
    match RAMP.get(index..index + 2) {
        Some(&[from, to]) => blend(from, to, along - index as f64),
        _ => UNFINISHED,
    }
}

/// Decades of loss that the ramp tells apart.
const DECADES: f64 = 6.0;

/// Where a loss stands between the lowest and the highest, in decades of its height.
fn loss_share(loss: f64, lowest: f64, highest: f64) -> f64 {
    let height = (loss - lowest) / (highest - lowest);
    1.0 + height.max(0.0).log10() / DECADES
}

/// The map as RGBA, 4 bytes a value, row by row from the top: for an image of `width` × `height`
/// pixels that is stretched over [`MapChart::data_area`].
#[must_use]
pub fn map_pixels(chart: &MapChart, theme: &ChartTheme) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(4 * chart.values.len());
    for &value in chart.values.iter() {
        let (red, green, blue) = color(chart, value, theme);
        pixels.extend([red, green, blue, 255]);
    }
    pixels
}

impl MapChart {
    /// Where the pixels belong on a figure of `size`.
    #[must_use]
    pub fn data_area(size: &FigureSize) -> Rect {
        let area = frame::data_area(size);
        Rect {
            // Room for the scale, above.
            top: area.top + 1.2 * size.font_css_px,
            ..area
        }
    }
}

impl Figure for MapChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let _ = (
            painter,
            size,
            theme,
            significant(1.0, 1),
            Axis::linear(0.0, 1.0),
        );
        let _: Option<(HPos, VPos, AxisTitles<'_>, Label, Stroke, Projection)> = None;
        Ok(())
    }
}
