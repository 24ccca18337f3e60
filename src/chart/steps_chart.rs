//! What the loss and the accumulator chart share: quantities over the steps of runs.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::FigureSize;
use super::frame::{self, AxisTitles};
use super::painter::{Drawn, Label, Painter, Stroke};
use super::projection::{Axis, Projection, Scale};
use super::theme::{ChartTheme, Marker};

/// Decades shown at most: below that, differences are rounding.
const DECADES_SHOWN: i32 = 14;

/// One line over the steps 0, 1, …
pub(super) struct Series<'a> {
    pub(super) value: Box<dyn Fn(usize) -> f64 + 'a>,
    /// The last step that has a value.
    pub(super) last_step: usize,
    pub(super) stroke: Stroke,
    /// At the cursor in the line's colour, if it belongs to a live run.
    pub(super) marker: Option<Marker>,
    /// Written beside the marker.
    pub(super) name: Option<&'static str>,
}

pub(super) struct StepsChart<'a> {
    pub(super) series: Vec<Series<'a>>,
    pub(super) cursor: usize,
    pub(super) y_title: &'static str,
    /// The largest value that has to be shown.
    pub(super) ceiling: f64,
}

impl StepsChart<'_> {
    /// Steps across, values on a log axis upwards, where those that are 0 have no place and leave a
    /// gap; on a linear one if some are below 0.
    fn projection(&self, size: &FigureSize) -> Projection {
        let last = self.series.iter().map(|s| s.last_step).max().unwrap_or(1);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut lowest_positive = f64::INFINITY;
        for series in &self.series {
            for step in sampled(series.last_step) {
                let value = (series.value)(step);
                if value.is_finite() {
                    low = low.min(value);
                    high = high.max(value.min(self.ceiling));
                    if value > 0.0 {
                        lowest_positive = lowest_positive.min(value);
                    }
                }
            }
        }
        let y = if low < 0.0 {
            let low = low.max(-self.ceiling);
            let room = 0.05 * (high - low);
            Axis::linear(low - room, high + room)
        } else {
            // Room above and below, so that no line runs on the frame.
            let low = lowest_positive.max(high / 10_f64.powi(DECADES_SHOWN)) / 1.3;
            Axis::log(low, 1.3 * high)
        };
        Projection {
            area: frame::data_area(size),
            x: Axis::linear(0.0, last.max(1) as f64),
            y,
        }
    }

    pub(super) fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let projection = self.projection(size);
        let has_place = |value: f64| match projection.y.scale() {
            Scale::Log => value > 0.0,
            Scale::Linear => value.is_finite(),
        };
        let titles = AxisTitles {
            x: "step t",
            y: &[self.y_title, projection.y.scale().title_end()].concat(),
        };
        frame::draw(painter, &projection, &titles, size, theme)?;
        let area = projection.area;
        let em = size.font_css_px;
        let cursor_x = projection.pixel_x(self.cursor as f64);
        painter.line(
            [cursor_x, area.top],
            [cursor_x, area.bottom],
            &Stroke::solid(theme.axis, 1.0).dashed(3.0, 3.0),
        )?;
        for series in &self.series {
            let pixels = sampled(series.last_step).filter_map(|step| {
                let value = (series.value)(step);
                has_place(value).then(|| projection.pixel_from_data([step as f64, value]))
            });
            painter.polyline(pixels, Some(&area), &series.stroke)?;
        }
        for series in &self.series {
            let Some(marker) = series.marker else {
                continue;
            };
            let color = series.stroke.color;
            let step = self.cursor.min(series.last_step);
            let value = (series.value)(step);
            let pixel = projection.pixel_from_data([step as f64, value]);
            if has_place(value) && area.contains(pixel) {
                painter.marker(marker, pixel, 0.34 * em, color)?;
                let Some(name) = series.name else { continue };
                // On the side with more room, above the line unless that leaves the figure.
                let right_half = pixel[0] > (area.left + area.right) / 2.0;
                let (horizontal, dx) = if right_half {
                    (HPos::Right, -0.5 * em)
                } else {
                    (HPos::Left, 0.5 * em)
                };
                let (vertical, dy) = if pixel[1] < area.top + 1.6 * em {
                    (VPos::Top, 0.45 * em)
                } else {
                    (VPos::Bottom, -0.4 * em)
                };
                let label = Label::new(color, em).bold().held(horizontal, vertical);
                painter.text(name, [pixel[0] + dx, pixel[1] + dy], &label)?;
            }
        }
        Ok(())
    }
}

/// Every step of a short run; a long one thinned to what a figure can show, both ends kept.
fn sampled(last_step: usize) -> impl Iterator<Item = usize> {
    const SHOWN: usize = 2000;
    let stride = last_step.div_ceil(SHOWN).max(1);
    // Early steps change most: all of the first few hundred are kept.
    (0..=last_step)
        .filter(move |step| *step < 300 || step.is_multiple_of(stride))
        .chain((last_step >= 300 && !last_step.is_multiple_of(stride)).then_some(last_step))
}
