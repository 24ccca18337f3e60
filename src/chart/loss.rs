//! Loss over the steps.

use plotters_backend::DrawingBackend;

use super::painter::{Drawn, Painter, Stroke};
use super::steps_chart::{Series, StepsChart};
use super::theme::ChartTheme;
use super::{Figure, FigureSize, Runs, key};
use crate::trajectory::Trajectory;

/// f(xₜ) of every run over t, the live ones with the cursor's step marked.
///
/// On a log axis, or on a linear one if some loss is below 0.
#[derive(Clone, Debug)]
pub struct LossChart(pub Runs);

/// A loss this many times the start's is off the figure: one run that diverges does not take the
/// others' place.
const CEILING: f64 = 1e3;

impl Figure for LossChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let Self(runs) = self;

        let mut all = Vec::new();
        if let Some(ghost) = &runs.ghost {
            all.push(series(ghost, Stroke::ghost(theme)));
        }
        if let Some(pinned) = &runs.pinned {
            all.push(series(pinned, Stroke::pinned(theme)));
        }
        for (_, line) in runs.selected_last() {
            let look = theme.look(line.look);
            all.push(Series {
                marker: Some(look.marker),
                name: (!runs.compares_rules()).then_some("f"),
                ..series(&line.run, Stroke::of_look(&look, 2.0))
            });
        }
        let at_start = all.iter().map(|series| (series.value)(0).abs());
        let largest_at_start = at_start.fold(0.0, f64::max);
        let ceiling = if runs.compares_rules() && largest_at_start > 0.0 {
            CEILING * largest_at_start
        } else {
            f64::INFINITY
        };
        StepsChart {
            series: all,
            cursor: runs.cursor,
            y_title: "loss f(xₜ)",
            ceiling,
        }
        .draw(painter, size, theme)?;
        key::draw(painter, &runs.labels_and_looks(), "step t", size, theme)
    }
}

fn series(run: &Trajectory, stroke: Stroke) -> Series<'_> {
    Series {
        value: Box::new(|step| run.loss(step)),
        last_step: run.steps.len(),
        stroke,
        marker: None,
        name: None,
    }
}
