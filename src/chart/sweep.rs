//! Base rate against the share of the distance left: for which η does the run stop early?

use plotters_backend::DrawingBackend;

use super::frame::{self, AxisTitles};
use super::painter::{self, Drawn, Label, Painter, Stroke};
use super::projection::{Axis, Projection};
use super::theme::ChartTheme;
use super::{Figure, FigureSize};
use crate::diagnosis::Measure;
use crate::number::significant;

/// What one rule comes to at every learning rate.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepLine {
    /// The rule's name on the page.
    pub label: &'static str,
    /// Its place in the list of all that were chosen: its [look](ChartTheme::look).
    pub look: usize,
    /// (η, what is left after T steps), η rising; none where the run did not come to its end.
    pub points: Vec<(f64, Option<f64>)>,
    /// The rule's own η and what it leaves.
    pub current: (f64, Option<f64>),
}

/// What is left after T steps over η, for several rules, the current η marked.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepChart {
    /// One for each rule shown.
    pub lines: Vec<SweepLine>,
    /// Which of `lines` has its η marked; the first where there is no such.
    pub selected: usize,
    /// What is left: a share of the starting distance, or a loss.
    pub measure: Measure,
    /// The smallest and the largest η tried.
    pub learning_rates: [f64; 2],
    /// T.
    pub steps: u32,
}

impl SweepChart {
    /// The axes from the smallest to the largest of `learning_rates`: the same for every curve, so
    /// that a drag along them sets η.
    #[must_use]
    pub fn projection(learning_rates: [f64; 2], size: &FigureSize) -> Projection {
        Projection {
            area: frame::data_area(size),
            x: Axis::log(learning_rates[0], learning_rates[1]),
            y: Axis::linear(0.0, 120.0),
        }
    }
}

impl Figure for SweepChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let projection = Self::projection(self.learning_rates, size);
        let Some(selected) = self.lines.get(self.selected).or(self.lines.first()) else {
            return Ok(());
        };
        let em = size.font_css_px;
        let titles = AxisTitles {
            x: "η, log scale",
            y: "% of distance left",
        };
        frame::draw(painter, &projection, &titles, size, theme)?;
        let area = projection.area;
        // A gap where a run diverged: each unbroken piece is a line of its own.
        for piece in selected.points.split(|(_, share)| share.is_none()) {
            let pixels = piece.iter().filter_map(|&(learning_rate, share)| {
                Some(projection.pixel_from_data([learning_rate, 100.0 * share?]))
            });
            painter.polyline(pixels, Some(&area), &Stroke::solid(theme.ink, 2.0))?;
        }
        let (learning_rate, share) = selected.current;
        let x = projection.pixel_x(learning_rate);
        painter.line(
            [x, area.top],
            [x, area.bottom],
            &Stroke::solid(theme.step, 2.0),
        )?;
        let Some(share) = share else { return Ok(()) };
        let y = projection.pixel_y(100.0 * share);
        if area.contains([x, y]) {
            painter.disc([x, y], 0.5 * em, theme.background, 1.0)?;
            painter.disc([x, y], 0.4 * em, theme.step, 1.0)?;
        }
        let label = Label::new(theme.step, em).bold();
        let text = format!(
            "η {}: {} %",
            significant(learning_rate, 3),
            significant(100.0 * share, 2)
        );
        // Beside the marker, where there is more room; at the top, where curves seldom come.
        let reach = 0.7 * em + painter::estimated_width(&text, em) / 2.0;
        let left_half = x < (area.left + area.right) / 2.0;
        let centre = [
            x + if left_half { reach } else { -reach },
            area.top + 0.8 * em,
        ];
        painter.text_on_plate(&text, centre, &label, theme.background)
    }
}
