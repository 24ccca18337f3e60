//! Growth of the accumulator over the steps.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::painter::{Drawn, Label, Painter, Stroke};
use super::steps_chart::{Series, StepsChart};
use super::theme::{ChartTheme, Marker};
use super::{Figure, FigureSize, Runs, frame, key};
use crate::trajectory::Trajectory;

/// sₜ of every coordinate over t, x₂ dashed, of every rule that keeps one, and of the runs compared
/// with.
///
/// The colours are the coordinates' for one rule, the rules' for several.
#[derive(Clone, Debug)]
pub struct AccumulatorChart(pub Runs);

impl Figure for AccumulatorChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let Self(runs) = self;
        let mut all = Vec::new();
        let compared = [
            (&runs.ghost, Stroke::ghost(theme)),
            (&runs.pinned, Stroke::pinned(theme)),
        ];
        for (run, stroke) in compared {
            if let Some(run) = run.as_ref().filter(|run| accumulates(run)) {
                all.extend(series(run, [stroke, stroke], runs.dimension));
            }
        }
        let mut is_empty = true;
        for (_, line) in runs
            .selected_last()
            .filter(|(_, line)| accumulates(&line.run))
        {
            is_empty = false;
            let look = theme.look(line.look);
            let ([first, second], marker) = if runs.compares_rules() {
                ([look.color; 2], look.marker)
            } else {
                (theme.coordinates, Marker::Disc)
            };
            let strokes = [
                Stroke::solid(first, 2.25),
                Stroke::solid(second, 2.25).dashed(6.0, 3.0),
            ];
            let symbols = if runs.dimension == 1 {
                ["s", ""]
            } else {
                ["s₁", "s₂"]
            };
            let names = symbols.map(|name| (!runs.compares_rules()).then_some(name));
            for (series, name) in series(&line.run, strokes, runs.dimension).zip(names) {
                all.push(Series {
                    marker: Some(marker),
                    name,
                    ..series
                });
            }
        }
        StepsChart {
            series: all,
            cursor: runs.cursor,
            y_title: if runs.compares_rules() && runs.dimension > 1 {
                "sₜ of x₁, dashed x₂"
            } else {
                "accumulator sₜ"
            },
            ceiling: f64::INFINITY,
        }
        .draw(painter, size, theme)?;
        if is_empty {
            let area = frame::data_area(size);
            let middle = [
                (area.left + area.right) / 2.0,
                (area.top + area.bottom) / 2.0,
            ];
            let label = Label::new(theme.muted, size.font_css_px);
            painter.text_on_plate(
                "no accumulator",
                middle,
                &label.held(HPos::Center, VPos::Center),
                theme.background,
            )?;
        }
        key::draw(painter, &runs.labels_and_looks(), "step t", size, theme)
    }
}

/// Whether the rule keeps an accumulator: one that is 0 from the first step to the last is none.
fn accumulates(run: &Trajectory) -> bool {
    let last = run.accumulator(run.steps.len());
    let first = run.accumulator(1);
    run.steps.is_empty() || [first, last].concat().iter().any(|&s| s != 0.0)
}

fn series(
    run: &Trajectory,
    [first, second]: [Stroke; 2],
    dimension: usize,
) -> impl Iterator<Item = Series<'_>> {
    let both: [Series<'_>; 2] = [
        Series {
            value: Box::new(|step| run.accumulator(step)[0]),
            last_step: run.steps.len(),
            stroke: first,
            marker: None,
            name: None,
        },
        Series {
            value: Box::new(|step| run.accumulator(step)[1]),
            last_step: run.steps.len(),
            stroke: second,
            marker: None,
            name: None,
        },
    ];
    both.into_iter().take(dimension)
}
