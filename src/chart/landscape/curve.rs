//! The layer below of a one-dimensional objective: its curve and axes.

use plotters_backend::DrawingBackend;

use super::super::FigureSize;
use super::super::frame::{self, AxisTitles};
use super::super::painter::{Drawn, Painter, Stroke};
use super::super::theme::ChartTheme;
use super::projection::CurveProjection;

/// Draws the curve on a cleared figure.
pub(super) fn draw<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    curve: &CurveProjection,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<B> {
    let axes = &curve.axes;
    let titles = AxisTitles { x: "x", y: "f(x)" };
    frame::draw(painter, axes, &titles, size, theme)?;
    let pixels = curve.samples().map(|sample| axes.pixel_from_data(sample));
    let stroke = Stroke::solid(theme.contour_low, 1.75);
    painter.polyline(pixels, Some(&axes.area), &stroke)
}
