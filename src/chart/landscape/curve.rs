//! The layer below of a one-dimensional objective: its curve and axes.

use plotters_backend::DrawingBackend;

use super::super::FigureSize;
use super::super::frame::{self, AxisTitles};
use super::super::painter::{Drawn, Painter, Stroke};
use super::super::theme::ChartTheme;
use super::contours::draw_minimum;
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
    painter.polyline(pixels, Some(&axes.area), &stroke)?;
    let Some([x1, _]) = curve.objective.minima().nearest([0.0; 2]) else {
        return Ok(());
    };
    let minimum = axes.pixel_from_data([x1, curve.objective.value([x1, 0.0])]);
    if axes.area.contains(minimum) {
        draw_minimum(painter, minimum, size.font_css_px, theme)?;
    }
    Ok(())
}
