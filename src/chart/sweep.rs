//! Base rate against the share of the distance left: for which η does the run stop early?

use plotters_backend::DrawingBackend;

use super::frame::{self, AxisTitles};
use super::painter::{self, Drawn, Label, Painter, Stroke};
use super::projection::{Axis, Projection};
use super::theme::{ChartTheme, Look};
use super::{Figure, FigureSize, key};
use crate::diagnosis::Measure;
use crate::diagnosis::sweep::End;
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
    /// The rule's own η and what it comes to.
    pub current: (f64, End),
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

impl SweepChart {
    /// What is left, in the axis's units.
    fn shown(&self, left: f64) -> f64 {
        match self.measure {
            Measure::Distance => 100.0 * left,
            Measure::Loss => left,
        }
    }

    /// From nothing left to somewhat more than at the start; of losses, from the lowest met.
    fn height(&self) -> Axis {
        if self.measure == Measure::Distance {
            return Axis::linear(0.0, 120.0);
        }
        let all = self.lines.iter().flat_map(|line| &line.points);
        let low = all
            .filter_map(|&(_, left)| left)
            .fold(f64::INFINITY, f64::min);
        // The smallest η hardly leaves the start.
        let firsts = self.lines.iter().filter_map(|line| line.points.first()?.1);
        let high = firsts.fold(low, f64::max);
        let room = 0.1 * (high - low);
        Axis::linear(low - room, high + 2.0 * room)
    }
}

impl Figure for SweepChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let projection = Projection {
            y: self.height(),
            ..Self::projection(self.learning_rates, size)
        };
        let em = size.font_css_px;
        let titles = AxisTitles {
            x: "η, log scale",
            y: match self.measure {
                Measure::Distance => "% of distance left",
                Measure::Loss => "loss after T steps",
            },
        };
        frame::draw(painter, &projection, &titles, size, theme)?;
        let area = projection.area;
        for line in &self.lines {
            let stroke = Stroke::of_look(&theme.look(line.look), 2.0);
            // A gap where a run diverged: each unbroken piece is a line of its own.
            for piece in line.points.split(|(_, left)| left.is_none()) {
                let pixels = piece.iter().filter_map(|&(learning_rate, left)| {
                    Some(projection.pixel_from_data([learning_rate, self.shown(left?)]))
                });
                painter.polyline(pixels, Some(&area), &stroke)?;
            }
        }
        let names = self.lines.iter().map(|line| (line.label, line.look));
        key::draw(painter, &names.collect::<Vec<_>>(), titles.x, size, theme)?;
        let Some(selected) = self.lines.get(self.selected).or(self.lines.first()) else {
            return Ok(());
        };
        for line in &self.lines {
            let (learning_rate, end) = line.current;
            let Some(left) = end.left else { continue };
            let at = projection.pixel_from_data([learning_rate, self.shown(left)]);
            if self.lines.len() > 1 && area.contains(at) {
                let Look { color, marker, .. } = theme.look(line.look);
                painter.disc(at, 0.5 * em, theme.background, 1.0)?;
                painter.marker(marker, at, 0.4 * em, color)?;
            }
        }
        let (learning_rate, end) = selected.current;
        let x = projection.pixel_x(learning_rate);
        painter.line(
            [x, area.top],
            [x, area.bottom],
            &Stroke::solid(theme.step, 2.0),
        )?;
        let Some(left) = end.left else { return Ok(()) };
        let y = projection.pixel_y(self.shown(left));
        if self.lines.len() == 1 && area.contains([x, y]) {
            painter.disc([x, y], 0.5 * em, theme.background, 1.0)?;
            painter.disc([x, y], 0.4 * em, theme.step, 1.0)?;
        }
        let label = Label::new(theme.step, em).bold();
        let rate = significant(learning_rate, 3);
        let text = match self.measure {
            Measure::Distance => format!("η {rate}: {} %", significant(100.0 * left, 2)),
            Measure::Loss => format!("η {rate}: {}", significant(left, 3)),
        };
        // Beside the marker, where there is more room; at the top, where curves seldom come.
        let half = painter::estimated_width(&text, em) / 2.0;
        let reach = 0.7 * em + half;
        let left_half = x < (area.left + area.right) / 2.0;
        let beside = x + if left_half { reach } else { -reach };
        // Within the figure, even where that is over the line; bold type is wider than estimated.
        let nearest = 1.1 * half + 0.2 * em;
        let middle = beside.min(size.width_css_px - nearest).max(nearest);
        let centre = [middle, area.top + 0.8 * em];
        painter.text_on_plate(&text, centre, &label, theme.background)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{svg, theme};
    use crate::trajectory::StopReason;

    /// The label of an amount that needs many digits stays within a narrow card, on either side; a
    /// run without an end has none.
    #[test]
    fn the_label_stays_inside() {
        let size = FigureSize {
            width_css_px: 170.0,
            height_css_px: 150.0,
            font_css_px: 12.0,
        };
        let drawn = |learning_rate, left| {
            let chart = SweepChart {
                lines: vec![SweepLine {
                    label: "",
                    look: 0,
                    points: Vec::new(),
                    current: (
                        learning_rate,
                        End {
                            left,
                            stop: StopReason::Completed,
                        },
                    ),
                }],
                selected: 0,
                measure: Measure::Distance,
                learning_rates: [1e-3, 10.0],
                steps: 20,
            };
            svg::document(&chart, &size, &theme::LIGHT).unwrap()
        };
        for learning_rate in [0.05, 0.15] {
            let text = drawn(learning_rate, Some(3.8e38));
            let label = text.split("<text ").find(|text| text.contains("η 0."));
            let x = label.unwrap().split("x=\"").nth(1).unwrap();
            let x: f64 = x.split('"').next().unwrap().parse().unwrap();
            let middle = x / painter::UNITS_PER_CSS_PX;
            let half = painter::estimated_width("η 0.05: 3.8×10⁴⁰ %", 12.0) / 2.0;
            assert!(
                middle - half > 0.0 && middle + half < 170.0,
                "{middle} {half}"
            );
        }
        assert!(!drawn(0.05, None).contains("η 0.05"));
    }
}
