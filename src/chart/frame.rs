//! A figure's axes: grid, ticks, titles; and where that leaves the data.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::FigureSize;
use super::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use super::projection::{Projection, Rect};
use super::theme::ChartTheme;
use super::ticks::{self, Tick};

/// What stands beside the axes.
#[derive(Clone, Copy, Debug)]
pub struct AxisTitles<'a> {
    /// Below the horizontal axis.
    pub x: &'a str,
    /// Above the vertical axis, so that it reads without turning one's head.
    pub y: &'a str,
}

/// What axes take on the sides of the data, in the size of the figure's text.
pub(super) const LEFT_EM: f64 = 3.6;
const TOP_EM: f64 = 1.9;
pub(super) const RIGHT_EM: f64 = 0.9;
pub(super) const BOTTOM_EM: f64 = 2.9;

/// The rectangle that axes leave for the data.
#[must_use]
pub fn data_area(size: &FigureSize) -> Rect {
    let em = size.font_css_px;
    Rect {
        left: LEFT_EM * em,
        top: TOP_EM * em,
        right: size.width_css_px - RIGHT_EM * em,
        bottom: size.height_css_px - BOTTOM_EM * em,
    }
}

/// Draws grid, ticks and titles around `projection`'s area.
pub fn draw<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    projection: &Projection,
    titles: &AxisTitles<'_>,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<B> {
    let area = projection.area;
    let em = size.font_css_px;
    let grid = Stroke::solid(theme.grid, 1.0);
    let label = Label::new(theme.muted, em);

    for tick in ticks::ticks(&projection.x, (area.width() / (4.6 * em)) as usize) {
        let x = projection.pixel_x(tick.value);
        painter.line([x, area.top], [x, area.bottom], &grid)?;
        painter.text(
            &tick.label,
            [x, area.bottom + 0.6 * em],
            &label.held(HPos::Center, VPos::Top),
        )?;
    }
    draw_but_x_ticks(painter, projection, titles, size, theme)
}

/// The same but for the horizontal axis's grid and ticks, where these are a figure's own.
pub(super) fn draw_but_x_ticks<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    projection: &Projection,
    titles: &AxisTitles<'_>,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<B> {
    let area = projection.area;
    let grid = Stroke::solid(theme.grid, 1.0);
    let axis = Stroke::solid(theme.axis, 1.0);
    for tick in y_ticks(projection, size) {
        let y = projection.pixel_y(tick.value);
        painter.line([area.left, y], [area.right, y], &grid)?;
        draw_y_label(painter, &tick.label, y, projection, size, theme)?;
    }
    painter.line([area.left, area.bottom], [area.right, area.bottom], &axis)?;
    painter.line([area.left, area.top], [area.left, area.bottom], &axis)?;
    draw_titles(painter, area.right, titles, size, theme)
}

/// The vertical axis's ticks.
pub(super) fn y_ticks(projection: &Projection, size: &FigureSize) -> Vec<Tick> {
    let wanted = projection.area.height() / (2.6 * size.font_css_px);
    ticks::ticks(&projection.y, wanted as usize)
}

/// A label of the vertical axis.
pub(super) fn draw_y_label<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    text: &str,
    y: f64,
    projection: &Projection,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<B> {
    let em = size.font_css_px;
    let right = projection.area.left - 0.4 * em;
    // A long number gets smaller: it would lose its first digits beyond the figure's edge.
    let size_css_px = em * (right / estimated_width(text, em)).min(1.0);
    let label = Label::new(theme.muted, size_css_px).held(HPos::Right, VPos::Center);
    painter.text(text, [right, y], &label)
}

/// The titles beside the axes, the lower one's end at `right`.
pub(super) fn draw_titles<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    right: f64,
    titles: &AxisTitles<'_>,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<B> {
    let em = size.font_css_px;
    let label = Label::new(theme.muted, em);
    painter.text(
        titles.x,
        [right, size.height_css_px - 0.15 * em],
        &label.held(HPos::Right, VPos::Bottom),
    )?;
    painter.text(
        titles.y,
        [0.3 * em, 0.3 * em],
        &label.held(HPos::Left, VPos::Top),
    )
}
