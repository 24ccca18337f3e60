//! A map: what a run comes to, as the colour of its start or of its setting.
//!
//! The frame, its marks and its scale are drawn like any figure. The pixels are a buffer of their
//! own, [`map_pixels`]: a page puts it on its canvas at once, a document embeds rectangles.

mod colors;

pub use colors::MapValue;

use std::sync::Arc;

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::frame::{self, AxisTitles};
use super::painter::{Drawn, Label, Painter, Stroke};
use super::projection::{Axis, Pixel, Projection, Rect};
use super::theme::ChartTheme;
use super::{Figure, FigureSize, ticks};
use crate::math::pow;
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

impl MapKind {
    /// The start, or η and ε, that the middle of a pixel stands for: column and row from the upper
    /// left, of a map of `width` × `height`.
    #[must_use]
    pub fn at(&self, [column, row]: [usize; 2], [width, height]: [usize; 2]) -> Vector {
        let across = (column as f64 + 0.5) / width.max(1) as f64;
        let from_top = row as f64 + 0.5;
        match *self {
            Self::Starts { low, high, .. } => [
                low[0] + across * (high[0] - low[0]),
                high[1] - from_top / height.max(1) as f64 * (high[1] - low[1]),
            ],
            Self::Rates {
                learning_rates: [from, to],
                epsilons: [low, high],
                ..
            } => {
                let rows_with_epsilon = height.max(2) - 1;
                let epsilon = if row >= rows_with_epsilon {
                    0.0
                } else {
                    Axis::log(low, high).value(1.0 - from_top / rows_with_epsilon as f64)
                };
                [Axis::log(from, to).value(across), epsilon]
            }
        }
    }
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

/// The map as RGBA, 4 bytes a value, row by row from the top: for an image of `width` × `height`
/// pixels that is stretched over [`MapChart::data_area`].
#[must_use]
pub fn map_pixels(chart: &MapChart, theme: &ChartTheme) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(4 * chart.values.len());
    for &value in chart.values.iter() {
        let (red, green, blue) = chart.value.color(value, theme);
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
            top: area.top + 1.3 * size.font_css_px,
            ..area
        }
    }

    /// The start, or η and ε, of the map's pixel under a pixel of a figure of `size`; none beside
    /// the map.
    #[must_use]
    pub fn under(&self, pixel: Pixel, size: &FigureSize) -> Option<Vector> {
        let area = Self::data_area(size);
        let index = |share: f64, count: usize| {
            ((share * count as f64) as usize).min(count.saturating_sub(1))
        };
        let column = index((pixel[0] - area.left) / area.width(), self.width);
        let row = index((pixel[1] - area.top) / area.height(), self.height);
        let at = || self.kind.at([column, row], [self.width, self.height]);
        area.contains(pixel).then(at)
    }

    /// The sides as axes; ε = 0 is the row below those on the axis.
    fn projection(&self, size: &FigureSize) -> Projection {
        let area = Self::data_area(size);
        match self.kind {
            MapKind::Starts { low, high, .. } => Projection {
                area,
                x: Axis::linear(low[0], high[0]),
                y: Axis::linear(low[1], high[1]),
            },
            MapKind::Rates {
                learning_rates,
                epsilons: [low, high],
                ..
            } => {
                // One row lower than ε reaches, at the same ratio.
                let rows_with_epsilon = self.height.max(2) - 1;
                let row = pow(high / low, 1.0 / rows_with_epsilon as f64);
                Projection {
                    area,
                    x: Axis::log(learning_rates[0], learning_rates[1]),
                    y: Axis::log(low / row, high),
                }
            }
        }
    }

    /// Everything but the pixels.
    fn draw_frame<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let projection = self.projection(size);
        self.draw_axes(painter, &projection, size, theme)?;
        let em = size.font_css_px;
        let area = &projection.area;
        let y_title = self.titles().y;
        self.value.draw_scale(painter, area, y_title, em, theme)?;
        if self.values.iter().any(|value| !value.is_finite()) {
            colors::draw_unfinished(painter, area, em, theme)?;
        }
        let (MapKind::Starts { current, .. } | MapKind::Rates { current, .. }) = self.kind;
        let [x, y] = projection.pixel_from_data(current);
        let lowest_row = area.bottom - self.row_height(area) / 2.0;
        // ε = 0 has no place on a log axis, but a row.
        let y = if matches!(self.kind, MapKind::Rates { .. }) {
            y.min(lowest_row)
        } else {
            y
        };
        if area.contains([x, y]) {
            // Seen on every colour: dark around light.
            painter.ring([x, y], 0.55 * em, &Stroke::solid((0, 0, 0), 4.0))?;
            painter.ring([x, y], 0.55 * em, &Stroke::solid((255, 255, 255), 2.0))?;
        }
        Ok(())
    }

    fn row_height(&self, area: &Rect) -> f64 {
        area.height() / self.height.max(1) as f64
    }

    fn draw_axes<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        projection: &Projection,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let em = size.font_css_px;
        let area = projection.area;
        let label = Label::new(theme.muted, em).held(HPos::Center, VPos::Top);
        for tick in ticks::ticks(&projection.x, (area.width() / (4.6 * em)) as usize) {
            let at = [projection.pixel_x(tick.value), area.bottom + 0.6 * em];
            painter.text(&tick.label, at, &label)?;
        }
        let zero = match self.kind {
            MapKind::Starts { .. } => None,
            MapKind::Rates { .. } => Some(area.bottom - self.row_height(&area) / 2.0),
        };
        if let Some(y) = zero {
            frame::draw_y_label(painter, "0", y, projection, size, theme)?;
        }
        for tick in frame::y_ticks(projection, size) {
            let y = projection.pixel_y(tick.value);
            // Clear of the lowest row and its label.
            if zero.is_none_or(|zero| y < zero - 1.1 * em) {
                frame::draw_y_label(painter, &tick.label, y, projection, size, theme)?;
            }
        }
        painter.outline_rect(&area, &Stroke::solid(theme.axis, 1.0))?;
        frame::draw_titles(painter, area.right, &self.titles(), size, theme)
    }

    fn titles(&self) -> AxisTitles<'static> {
        match self.kind {
            MapKind::Starts { .. } => AxisTitles {
                x: "x₁ of the start",
                y: "x₂ of the start",
            },
            MapKind::Rates { .. } => AxisTitles {
                x: "η, log scale",
                y: "ε, log scale",
            },
        }
    }

    /// The pixels as rectangles: coarse enough for a document, equal neighbours in one.
    fn draw_cells<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        const MOST: usize = 128;
        let area = Self::data_area(size);
        let (columns, rows) = (self.width.min(MOST), self.height.min(MOST));
        let (width, height) = (
            area.width() / columns.max(1) as f64,
            area.height() / rows.max(1) as f64,
        );
        let color_at = |column: usize, row: usize| {
            if column >= columns {
                return None;
            }
            let (x, y) = (column * self.width / columns, row * self.height / rows);
            let value = self.values.get(y * self.width + x)?;
            Some(colors::coarse(self.value.color(*value, theme)))
        };
        for row in 0..rows {
            let top = area.top + row as f64 * height;
            let mut column = 0;
            while let Some(color) = color_at(column, row) {
                let first = column;
                while color_at(column, row) == Some(color) {
                    column += 1;
                }
                // Overlapping, so that no seam shows.
                let cell = Rect {
                    left: area.left + first as f64 * width,
                    top,
                    right: (area.left + column as f64 * width + 1.0).min(area.right),
                    bottom: (top + height + 1.0).min(area.bottom),
                };
                painter.fill_rect(&cell, color, 1.0)?;
            }
        }
        Ok(())
    }
}

impl Figure for MapChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        self.draw_cells(painter, size, theme)?;
        self.draw_frame(painter, size, theme)
    }
}

/// A map without its pixels, for a page that puts [`map_pixels`] below it.
#[derive(Clone, Debug, PartialEq)]
pub struct MapFrame(pub MapChart);

impl Figure for MapFrame {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        self.0.draw_frame(painter, size, theme)
    }
}

#[cfg(test)]
mod tests {
    use super::colors::{RAMP, UNFINISHED};
    use super::*;
    use crate::chart::theme::LIGHT;

    fn map(value: MapValue, values: &[f32]) -> MapChart {
        MapChart {
            kind: MapKind::Rates {
                learning_rates: [0.1, 10.0],
                epsilons: [1e-2, 1.0],
                current: [1.0, 0.0],
            },
            value,
            width: 1,
            height: values.len(),
            values: Arc::new(values.to_vec()),
        }
    }

    #[test]
    fn pixels_run_through_the_ramp_and_say_what_did_not_finish() {
        let chart = map(MapValue::ShareLeft, &[0.0, 1.0, 7.0, f32::NAN]);
        let pixels = map_pixels(&chart, &LIGHT);
        let expected = [RAMP[0], RAMP[5], RAMP[5], UNFINISHED];
        for (pixel, (red, green, blue)) in pixels.chunks(4).zip(expected) {
            assert_eq!(pixel, [red, green, blue, 255]);
        }
        assert_eq!(pixels.len(), 16);
    }

    /// Four minima's swatches and both titles want 34.7 times the text's size.
    #[test]
    fn a_narrow_map_has_a_short_title() {
        let chart = MapChart {
            kind: MapKind::Starts {
                low: [-5.0; 2],
                high: [5.0; 2],
                current: [0.0; 2],
            },
            ..map(MapValue::Minimum { count: 4 }, &[0.0])
        };
        for (width_css_px, is_long) in [(360.0, false), (560.0, true)] {
            let size = FigureSize {
                width_css_px,
                height_css_px: 300.0,
                font_css_px: 12.0,
            };
            let text = crate::chart::svg::document(&chart, &size, &LIGHT).unwrap();
            assert_eq!(text.contains("ends nearest to minimum"), is_long);
            assert!(text.contains("minimum"));
        }
    }

    /// By hand: two rows reach from ε = 10⁻² to 1, one decade each; ε = 0 lies one row lower.
    #[test]
    fn the_lowest_row_is_epsilon_zero() {
        let chart = map(MapValue::ShareLeft, &[0.0, 0.0, 0.0]);
        let size = FigureSize {
            width_css_px: 300.0,
            height_css_px: 300.0,
            font_css_px: 12.0,
        };
        let projection = chart.projection(&size);
        let rows = [1.0, 0.1, 0.01].map(|epsilon| projection.pixel_y(epsilon));
        let third = projection.area.height() / 3.0;
        // Logarithms round at 1e-16 of their size; pixels are hundreds.
        for (row, y) in rows.iter().enumerate() {
            assert!((y - projection.area.top - row as f64 * third).abs() < 1e-9);
        }
    }

    /// What a pixel stands for is drawn in its middle.
    #[test]
    fn positions_agree_with_the_axes() {
        let size = FigureSize {
            width_css_px: 300.0,
            height_css_px: 200.0,
            font_css_px: 12.0,
        };
        let rates = map(MapValue::ShareLeft, &[0.0; 7]);
        let starts = MapChart {
            kind: MapKind::Starts {
                low: [-3.0, 1.0],
                high: [5.0, 2.0],
                current: [0.0, 0.0],
            },
            ..rates.clone()
        };
        for chart in [rates, starts] {
            let area = MapChart::data_area(&size);
            for row in 0..7 {
                let middle = [
                    (area.left + area.right) / 2.0,
                    area.top + (row as f64 + 0.5) / 7.0 * area.height(),
                ];
                let at = chart.kind.at([0, row], [1, 7]);
                assert_eq!(chart.under(middle, &size), Some(at));
                if at[1] == 0.0 {
                    assert_eq!(row, 6, "ε = 0 is the lowest row");
                    continue;
                }
                let drawn = chart.projection(&size).pixel_from_data(at);
                // Logarithms round at 1e-16 of their size; pixels are hundreds.
                assert!((drawn[0] - middle[0]).hypot(drawn[1] - middle[1]) < 1e-9);
            }
            assert_eq!(chart.under([0.0, 0.0], &size), None);
        }
    }
}
