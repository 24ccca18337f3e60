//! How the accumulators of three features grow.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::WATCHED_MARKERS;
use super::key_rows::KeyRows;
use crate::chart::frame::{self, AxisTitles};
use crate::chart::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use crate::chart::projection::{Axis, Projection};
use crate::chart::theme::{ChartTheme, Look};
use crate::chart::{Figure, FigureSize};
use crate::number::grouped;
use crate::sparse::rules::Kind;

/// A feature whose accumulator is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedFeature {
    /// What it is called: a word, or "feature 17".
    pub name: String,
    /// In how many training examples it occurs.
    pub count: u32,
}

/// The accumulators of the watched features over the batches, under one rule.
///
/// All in the rule's colour: marks and dashes tell the features apart. A rule that keeps no
/// accumulator, or has none above 0, has a sentence in place of axes.
#[derive(Clone, Debug, PartialEq)]
pub struct GrowthChart {
    /// Which rule.
    pub kind: Kind,
    /// Its name on the page.
    pub label: &'static str,
    /// Its place in the experiment's list: its [look](ChartTheme::look).
    pub look: usize,
    /// The features, as many as there are, at most 3.
    pub features: Vec<WatchedFeature>,
    /// Batches done, and then each feature's accumulator, as
    /// [`Growth`](crate::sparse::growth::Growth) has them.
    pub points: Vec<(u64, Vec<f32>)>,
    /// Where the axis of batches ends: those of all epochs.
    pub batches: u64,
}

const DASHES: [Option<[f64; 2]>; 3] = [None, Some([8.0, 3.0]), Some([3.0, 2.5])];

impl GrowthChart {
    /// Why there is nothing to be drawn, in two lines that follow the rule's name; none where an
    /// accumulator is above 0.
    fn why_none(&self) -> Option<[&'static str; 2]> {
        match self.kind {
            Kind::Sgd => Some(["keeps no accumulator:", "all features have the one rate."]),
            Kind::Decay => Some(["keeps no accumulator:", "its rate falls with the batches."]),
            Kind::Counter | Kind::Adagrad | Kind::RmsProp | Kind::Adam => {
                let mut places = 0..self.features.len();
                let has_points = places.any(|place| self.points(place).next().is_some());
                (!has_points).then_some(["has no accumulator above 0", "for these features."])
            }
        }
    }

    /// (batches, accumulator) of the feature at that place, where a log scale has a place for it.
    fn points(&self, place: usize) -> impl Iterator<Item = [f64; 2]> {
        self.points.iter().filter_map(move |(batches, states)| {
            let state = f64::from(*states.get(place)?);
            (state > 0.0 && state.is_finite()).then_some([*batches as f64, state])
        })
    }

    fn looks(&self, theme: &ChartTheme) -> impl Iterator<Item = Look> {
        let color = theme.look(self.look).color;
        let shapes = WATCHED_MARKERS.into_iter().zip(DASHES);
        shapes.map(move |(marker, dash)| Look {
            color,
            marker,
            dash,
        })
    }
}

impl Figure for GrowthChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let em = size.font_css_px;
        let features = self.features.iter().filter(|_| self.why_none().is_none());
        let names = features.map(|feature| {
            let count = grouped(f64::from(feature.count));
            [&feature.name, ", ", &count, "×"].concat()
        });
        let key = KeyRows::new(self.looks(theme).zip(names), size);
        let rest = key.rest(size);
        let all = (0..self.features.len()).flat_map(|place| self.points(place));
        let (low, high) = all.fold((f64::INFINITY, 0.0), |(low, high), [_, state]| {
            (state.min(low), state.max(high))
        });
        let mut area = frame::data_area(&rest);
        // The last number of batches is long.
        area.right -= em;
        let projection = Projection {
            area,
            x: Axis::linear(0.0, self.batches.max(1) as f64),
            // Room above and below, so that no line runs on the frame.
            y: Axis::log(low / 1.5, high * 1.5),
        };
        let title = [self.label, ": accumulator, log scale"].concat();
        let titles = AxisTitles {
            x: "batches",
            y: if estimated_width(&title, em) < size.width_css_px {
                &title
            } else {
                self.label
            },
        };
        if let Some(why) = self.why_none() {
            painter.outline_rect(&area, &Stroke::solid(theme.axis, 1.0))?;
            let middle = (area.left + area.right) / 2.0;
            let label = Label::new(theme.muted, em).held(HPos::Center, VPos::Center);
            let [first, second] = why;
            let in_one = [self.label, " ", first].concat();
            let lines: &[&str] = if estimated_width(&in_one, em) < area.width() {
                &[&in_one, second]
            } else {
                &[self.label, first, second]
            };
            let mut y = (area.top + area.bottom) / 2.0 - 0.7 * em * (lines.len() - 1) as f64;
            for line in lines {
                painter.text(line, [middle, y], &label)?;
                y += 1.4 * em;
            }
            return frame::draw_titles(painter, area.right, &titles, &rest, theme);
        }
        frame::draw(painter, &projection, &titles, &rest, theme)?;
        for (place, look) in self.looks(theme).enumerate().take(self.features.len()) {
            let pixels = self.points(place);
            let pixels = pixels.map(|point| projection.pixel_from_data(point));
            painter.polyline(pixels, Some(&area), &Stroke::of_look(&look, 2.0))?;
        }
        for (place, look) in self.looks(theme).enumerate().take(self.features.len()) {
            if let Some(last) = self.points(place).last() {
                let pixel = projection.pixel_from_data(last);
                painter.marker(look.marker, pixel, 0.4 * em, look.color)?;
            }
        }
        key.draw(painter, size, theme)
    }
}
