//! What became of features, the most frequent tenth to the rarest.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::key_rows::KeyRows;
use super::off_scale;
use crate::chart::frame::{self, AxisTitles};
use crate::chart::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use crate::chart::projection::{Axis, Projection};
use crate::chart::theme::ChartTheme;
use crate::chart::{Figure, FigureSize};
use crate::number::grouped;
use crate::sparse::repeats::Spread;

/// What of the weights is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// √ of the mean of (w − w*)²: their error, where the truth w* is known and standard normal.
    FromTruth,
    /// √ of the mean of w²: their size, where it is not.
    FromZero,
}

/// What became of features under one rule.
#[derive(Clone, Debug, PartialEq)]
pub struct DecilesLine {
    /// The rule's name on the page.
    pub label: &'static str,
    /// Its place in the experiment's list: its [look](ChartTheme::look).
    pub look: usize,
    /// By tenth, the most frequent first, over the data sets; on one alone its three numbers are
    /// the same.
    pub tenths: Vec<Spread>,
}

/// Errors, or sizes, of weights by frequency decile, with their spread over several data sets.
///
/// Whiskers reach from the least to the most, beside each other for the rules. Beside errors, a
/// dashed line at 1 is what leaving every weight at 0 comes to. What is more than twice the
/// best rule's largest number is off the scale, with an arrow.
#[derive(Clone, Debug, PartialEq)]
pub struct DecilesChart {
    /// One for each rule shown.
    pub lines: Vec<DecilesLine>,
    /// What the numbers are.
    pub deviation: Deviation,
    /// In how many training examples the rarest and the most frequent feature of each tenth occur.
    pub occurrences: Vec<[u32; 2]>,
    /// On how many data sets.
    pub data_sets: usize,
}

/// Size of the numbers of occurrences, in that of the figure's text.
const OCCURRENCES_EM: f64 = 0.8;

impl DecilesChart {
    fn tenths(&self) -> usize {
        let drawn = self.lines.iter().map(|line| line.tenths.len()).max();
        match drawn.unwrap_or_default().max(self.occurrences.len()) {
            0 => 10,
            tenths => tenths,
        }
    }

    fn y_axis(&self) -> Axis {
        let largest = |line: &DecilesLine| {
            let numbers = line.tenths.iter().map(|spread| spread.most);
            numbers.fold(0.0, |largest: f64, number| {
                // A rule that diverged is the largest.
                if number.is_finite() {
                    largest.max(number)
                } else {
                    f64::INFINITY
                }
            })
        };
        let has_truth = self.deviation == Deviation::FromTruth;
        // The line of doing nothing is always shown.
        let least = if has_truth { 1.0 } else { 0.0 };
        let best = self.lines.iter().map(largest).fold(f64::INFINITY, f64::min);
        let ceiling = 2.0 * best.max(least);
        let shown = self.lines.iter().flat_map(|line| &line.tenths);
        let ends = shown.flat_map(|spread| [spread.least, spread.most]);
        let (low, high) = ends
            .filter(|end| end.is_finite())
            .fold((f64::INFINITY, least), |(low, high), end| {
                (low.min(end), high.max(end))
            });
        let high = high.min(ceiling);
        if high <= 0.0 {
            return Axis::linear(0.0, 1.0);
        }
        let low = low.min(if has_truth { 1.0 } else { high });
        let room = 0.08 * (high - low);
        // From 0 on, unless that leaves the half of the figure empty.
        let low = if low < 0.45 * high { 0.0 } else { low - room };
        Axis::linear(low, high + room.max(0.02 * high))
    }

    /// Below the axis: the tenths, and how often their features occur where there is room; where
    /// there is none, only the first and the last tenth's.
    fn draw_x_ticks<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        projection: &Projection,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let em = size.font_css_px;
        let area = projection.area;
        let label = Label::new(theme.muted, em).held(HPos::Center, VPos::Top);
        for tenth in 1..=self.tenths() {
            let x = projection.pixel_x(tenth as f64);
            painter.text(&tenth.to_string(), [x, area.bottom + 0.5 * em], &label)?;
        }
        let texts = self.occurrences.iter().map(|&[least, most]| {
            let [from, to] = [least, most].map(|count| grouped(f64::from(count)));
            if least == most {
                [&to, "×"].concat()
            } else {
                [&from, "–", &to, "×"].concat()
            }
        });
        let texts: Vec<String> = texts.collect();
        let width = |text: &String| estimated_width(text, OCCURRENCES_EM * em);
        let band = area.width() / self.tenths() as f64;
        // The first has the largest numbers, and the margin on its left.
        let fit = |beside: &[String]| beside.iter().map(width).sum::<f64>() / 2.0 + 0.6 * em < band;
        let all_fit = texts.windows(2).all(fit);
        let label = Label::new(theme.muted, OCCURRENCES_EM * em);
        let y = area.bottom + 1.75 * em;
        if all_fit {
            for (place, text) in texts.iter().enumerate() {
                let x = projection.pixel_x((place + 1) as f64);
                painter.text(text, [x, y], &label.held(HPos::Center, VPos::Top))?;
            }
            return Ok(());
        }
        if let Some(first) = texts.first() {
            painter.text(first, [area.left, y], &label.held(HPos::Left, VPos::Top))?;
        }
        if let [_, .., last] = texts.as_slice() {
            painter.text(last, [area.right, y], &label.held(HPos::Right, VPos::Top))?;
        }
        Ok(())
    }
}

impl Figure for DecilesChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let em = size.font_css_px;
        let names = self.lines.iter();
        let names = names.map(|line| (theme.look(line.look), line.label.to_owned()));
        let key = KeyRows::new(names, size);
        let rest = key.rest(size);
        let has_truth = self.deviation == Deviation::FromTruth;
        let mut area = frame::data_area(&rest);
        area.bottom -= 1.1 * em;
        if has_truth {
            area.right -= 2.4 * em;
        }
        let projection = Projection {
            area,
            x: Axis::linear(0.5, self.tenths() as f64 + 0.5),
            y: self.y_axis(),
        };
        let what = if has_truth {
            "error √mean (w − w*)²"
        } else {
            "size √mean w²"
        };
        let data_sets = match self.data_sets {
            0 | 1 => String::new(),
            several => [", ", &several.to_string(), " data sets"].concat(),
        };
        let titles = AxisTitles {
            x: "frequency decile (last: the rarest)",
            y: &[what, &data_sets].concat(),
        };
        frame::draw_but_x_ticks(painter, &projection, &titles, &rest, theme)?;
        self.draw_x_ticks(painter, &projection, size, theme)?;
        if has_truth {
            let y = projection.pixel_y(1.0);
            let stroke = Stroke::solid(theme.muted, 1.25).dashed(5.0, 4.0);
            painter.line([area.left, y], [area.right, y], &stroke)?;
            let label = Label::new(theme.muted, 0.9 * em).held(HPos::Left, VPos::Center);
            painter.text("w = 0", [area.right + 0.4 * em, y], &label)?;
        }

        let band = area.width() / self.tenths() as f64;
        let apart = (0.7 * band / self.lines.len().max(1) as f64).min(0.8 * em);
        let mut off = Vec::new();
        for (place, line) in self.lines.iter().enumerate() {
            let look = theme.look(line.look);
            let dodge = apart * (place as f64 - (self.lines.len() as f64 - 1.0) / 2.0);
            let pixel = |tenth: usize, number: f64| {
                let [x, y] = projection.pixel_from_data([(tenth + 1) as f64, number]);
                [x + dodge, y]
            };
            let numbered: Vec<(usize, &Spread)> = line.tenths.iter().enumerate().collect();
            for piece in numbered.split(|(_, spread)| !spread.mean.is_finite()) {
                let pixels = piece
                    .iter()
                    .map(|&(tenth, spread)| pixel(tenth, spread.mean));
                painter.polyline(pixels, Some(&area), &Stroke::of_look(&look, 1.5))?;
            }
            let whisker = Stroke::solid(look.color, 1.25);
            for &(tenth, spread) in &numbered {
                let [x, y] = pixel(tenth, spread.mean);
                if !area.contains([x, y]) {
                    off.push((x, look));
                    continue;
                }
                if spread.most > spread.least {
                    let ends = [spread.least, spread.most.min(projection.y.max())];
                    let [low, high] = ends.map(|number| pixel(tenth, number));
                    painter.line(low, high, &whisker)?;
                    let cap = 0.35 * apart;
                    for [x, y] in [low, high] {
                        painter.line([x - cap, y], [x + cap, y], &whisker)?;
                    }
                }
                let radius = (0.45 * apart).clamp(0.2 * em, 0.32 * em);
                painter.marker(look.marker, [x, y], radius, look.color)?;
            }
        }
        // The farthest right first.
        off.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        off_scale::draw(painter, &off, &area, size)?;
        key.draw(painter, size, theme)
    }
}
