//! How good each rule is, over the epochs.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::key_rows::{KeyRows, MARK_EM};
use super::off_scale;
use crate::chart::frame::{self, AxisTitles};
use crate::chart::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use crate::chart::projection::{Axis, Projection, Scale};
use crate::chart::theme::ChartTheme;
use crate::chart::{Figure, FigureSize};

/// What is drawn of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    /// The mean logistic loss in nats: progressive, each batch before its update, as a line; and
    /// that of the test at every epoch's end.
    Loss,
    /// The share of the test's examples told right.
    Accuracy,
    /// The area under the ROC curve on the test's examples.
    Auc,
}

/// How good one rule is.
#[derive(Clone, Debug, PartialEq)]
pub struct LearningLine {
    /// The rule's name on the page.
    pub label: &'static str,
    /// Its place in the experiment's list: its [look](ChartTheme::look).
    pub look: usize,
    /// Epochs done and the mean progressive loss since the point before, as
    /// [`Race::curves`](crate::sparse::race::Race::curves) has them; drawn with [`Quality::Loss`]
    /// only. Where it is not finite, the line has a gap.
    pub progressive: Vec<[f64; 2]>,
    /// The chosen quality on the test's examples at the end of the first epoch, the second, …;
    /// shares from 0 to 1. None where it was not tested.
    pub tested: Vec<Option<f64>>,
}

/// Progressive and held-out loss, or held-out accuracy or area under the curve, over the epochs.
///
/// Names stand at the lines' ends where there is room beside the axes, otherwise in a key. A loss
/// well above ln 2, what guessing costs, is off the scale unless all are: an arrow says which rule
/// went there.
#[derive(Clone, Debug, PartialEq)]
pub struct LearningChart {
    /// One for each rule shown.
    pub lines: Vec<LearningLine>,
    /// What `tested` of the lines is.
    pub quality: Quality,
    /// Where the axis of epochs ends: the experiment's.
    pub epochs: u32,
    /// Whether the test is on examples held out; otherwise it is on those trained on.
    pub is_held_out: bool,
}

/// Into about how many parts all epochs are divided.
const PARTS: u32 = 48;
/// Beside the axes, in the size of the figure's text: from one name to the next; from the axes to a
/// name's mark, and to the name.
const NAMES_APART_EM: f64 = 1.25;
const BEFORE_MARK_EM: f64 = 1.0;
const BEFORE_NAME_EM: f64 = 1.65;
/// The narrowest figure that has names beside the axes.
const NARROWEST_WITH_NAMES_EM: f64 = 34.0;

impl LearningLine {
    /// The progressive loss in means over equal parts of an epoch, about [`PARTS`] over all: those
    /// of few examples would be noise, the same under every rule.
    fn progressive(&self, quality: Quality, epochs: u32) -> Vec<[f64; 2]> {
        let mut means: Vec<[f64; 2]> = Vec::new();
        if quality != Quality::Loss {
            return means;
        }
        // A power of two, so that parts are those of the curve, or several of them.
        let fit = (PARTS / epochs.max(1)).max(1);
        let per_epoch = f64::from((fit / 2 + 1).next_power_of_two());
        let (mut before, mut part, mut width) = (0.0, 0.0, 0.0);
        for &[done, loss] in &self.progressive {
            // Epochs done are quotients: a point at a part's end counts as in it.
            let its_part = (done * per_epoch - 1e-6).ceil();
            let its_width = (done - before).max(0.0);
            match means.last_mut() {
                Some([end, mean]) if its_part == part && width + its_width > 0.0 => {
                    *mean = (*mean * width + loss * its_width) / (width + its_width);
                    *end = done;
                    width += its_width;
                }
                _ => {
                    means.push([done, loss]);
                    (part, width) = (its_part, its_width);
                }
            }
            before = done;
        }
        means
    }

    fn tested(&self, quality: Quality) -> impl Iterator<Item = [f64; 2]> {
        let unit = if quality == Quality::Accuracy {
            100.0
        } else {
            1.0
        };
        let tested = self.tested.iter().enumerate();
        tested.map(move |(epoch, value)| [(epoch + 1) as f64, value.map_or(f64::NAN, |v| unit * v)])
    }

    /// Where the line has come to.
    fn end(&self, quality: Quality, epochs: u32) -> Option<[f64; 2]> {
        let progressive = self.progressive(quality, epochs).pop();
        progressive.or_else(|| self.tested(quality).last())
    }
}

impl LearningChart {
    fn y_axis(&self) -> Axis {
        let (least_span, most) = match self.quality {
            Quality::Loss => (0.01, f64::INFINITY),
            Quality::Accuracy => (1.0, 100.0),
            Quality::Auc => (0.01, 1.0),
        };
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for line in &self.lines {
            let progressive = line.progressive(self.quality, self.epochs);
            for [_, value] in progressive.into_iter().chain(line.tested(self.quality)) {
                if value.is_finite() && value <= most {
                    low = low.min(value);
                    high = high.max(value);
                }
            }
        }
        if low > high {
            return match self.quality {
                Quality::Loss => Axis::linear(0.0, 1.0),
                Quality::Accuracy | Quality::Auc => Axis::linear(0.5 * most, most),
            };
        }
        if self.quality == Quality::Loss {
            const OFF_SCALE: f64 = 1.2 * std::f64::consts::LN_2;
            high = high.min(OFF_SCALE.max(2.0 * low));
            // Losses of many sizes, as on data that can be told apart without error.
            if low > 0.0 && high > 30.0 * low {
                return Axis::log(low / 1.2, 1.2 * high);
            }
        }
        // Room above and below, so that no line runs on the frame.
        let span = high - low;
        let room = (0.06 * span)
            .max(0.5 * (least_span - span))
            .max(0.005 * high);
        Axis::linear((low - room).max(0.0), (high + room).min(most))
    }

    fn y_title(&self) -> &'static str {
        match (self.quality, self.is_held_out) {
            (Quality::Loss, true) => "progressive loss; marks: held out",
            (Quality::Loss, false) => "progressive loss; marks: at the end",
            (Quality::Accuracy, true) => "held-out accuracy, %",
            (Quality::Accuracy, false) => "accuracy in training, %",
            (Quality::Auc, true) => "held-out ROC-AUC",
            (Quality::Auc, false) => "ROC-AUC in training",
        }
    }

    /// The width that names beside the axes take; none where a key is better.
    fn room_for_names(&self, size: &FigureSize) -> Option<f64> {
        let em = size.font_css_px;
        let widths = self.lines.iter().map(|line| line.label);
        let widest = widths
            .map(|label| estimated_width(label, em))
            .fold(0.0, f64::max);
        let height = frame::data_area(size).height();
        let fits = size.width_css_px >= NARROWEST_WITH_NAMES_EM * em
            && widest <= 0.3 * size.width_css_px
            && self.lines.len() as f64 * NAMES_APART_EM * em <= height;
        fits.then_some(BEFORE_NAME_EM * em + widest)
    }

    fn draw_names<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        projection: &Projection,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let em = size.font_css_px;
        let area = projection.area;
        let mut ends: Vec<(f64, &LearningLine)> = self
            .lines
            .iter()
            .map(|line| {
                let value = line.end(self.quality, self.epochs).map(|[_, value]| value);
                // One without a point yet stands last, one off the scale first.
                let y = value.map_or(area.bottom, |value| {
                    if value.is_finite() && value > 0.0 {
                        projection.pixel_y(value)
                    } else {
                        area.top
                    }
                });
                (y.max(area.top).min(area.bottom), line)
            })
            .collect();
        ends.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let apart = NAMES_APART_EM * em;
        let mut lowest = area.top - apart;
        for (y, _) in &mut ends {
            *y = y.max(lowest + apart);
            lowest = *y;
        }
        let mut highest = area.bottom + apart;
        for (y, _) in ends.iter_mut().rev() {
            *y = y.min(highest - apart);
            highest = *y;
        }
        let label = Label::new(theme.muted, em).held(HPos::Left, VPos::Center);
        for (y, line) in ends {
            let look = theme.look(line.look);
            let x = area.right + BEFORE_MARK_EM * em;
            painter.marker(look.marker, [x, y], MARK_EM * em, look.color)?;
            painter.text(line.label, [area.right + BEFORE_NAME_EM * em, y], &label)?;
        }
        Ok(())
    }
}

impl Figure for LearningChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let em = size.font_css_px;
        let beside = self.room_for_names(size);
        let in_key = beside.is_none().then_some(&self.lines);
        let in_key = in_key.into_iter().flatten();
        let key = KeyRows::new(
            in_key.map(|line| (theme.look(line.look), line.label.to_owned())),
            size,
        );
        let rest = key.rest(size);
        let mut area = frame::data_area(&rest);
        area.right -= beside.unwrap_or_default();
        let projection = Projection {
            area,
            x: Axis::linear(0.0, f64::from(self.epochs.max(1))),
            y: self.y_axis(),
        };
        let titles = AxisTitles {
            x: "epochs",
            y: &[self.y_title(), projection.y.scale().title_end()].concat(),
        };
        frame::draw(painter, &projection, &titles, &rest, theme)?;
        let has_place = |value: f64| {
            value.is_finite() && (projection.y.scale() == Scale::Linear || value > 0.0)
        };
        let is_off = |value: f64| value.is_nan() || value > projection.y.max();
        let mut off = Vec::new();
        for line in &self.lines {
            let look = theme.look(line.look);
            let progressive = line.progressive(self.quality, self.epochs);
            let tested: Vec<[f64; 2]> = line.tested(self.quality).collect();
            let stroke = Stroke::of_look(&look, 1.75);
            let thin = Stroke::solid(look.color, 1.0).faded(0.6);
            let is_loss = self.quality == Quality::Loss;
            for (points, stroke) in [
                (&progressive, stroke),
                (&tested, if is_loss { thin } else { stroke }),
            ] {
                // A gap where there is no value: each unbroken piece is a line of its own.
                for piece in points.split(|&[_, value]| !has_place(value)) {
                    let pixels = piece.iter().map(|&point| projection.pixel_from_data(point));
                    painter.polyline(pixels, Some(&area), &stroke)?;
                }
            }
            let alone = (progressive.len() == 1).then_some(&progressive);
            let marked = alone.into_iter().flatten().chain(&tested);
            for &point in marked.filter(|[_, value]| has_place(*value)) {
                let pixel = projection.pixel_from_data(point);
                if area.contains(pixel) {
                    painter.marker(look.marker, pixel, 0.34 * em, look.color)?;
                }
            }
            let end = line.end(self.quality, self.epochs).filter(|_| is_loss);
            off.extend(
                end.filter(|&[_, value]| is_off(value))
                    .map(|[epochs, _]| (projection.pixel_x(epochs), look)),
            );
        }
        off_scale::draw(painter, &off, &area, size)?;
        if beside.is_some() {
            self.draw_names(painter, &projection, size, theme)?;
        }
        key.draw(painter, size, theme)
    }
}
