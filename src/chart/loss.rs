//! Loss over the steps.

use plotters_backend::DrawingBackend;

use super::painter::{Drawn, Painter, Stroke};
use super::steps_chart::{Series, StepsChart};
use super::theme::ChartTheme;
use super::{Figure, FigureSize, Runs};
use crate::trajectory::Trajectory;

/// f(xₜ) of every run over t, the live one with the cursor's step marked.
#[derive(Clone, Debug)]
pub struct LossChart(pub Runs);

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
            all.push(series(ghost, Stroke::ghost(theme), None));
        }
        if let Some(pinned) = &runs.pinned {
            all.push(series(pinned, Stroke::pinned(theme), None));
        }
        if let Some(line) = runs.selected_line() {
            all.push(series(&line.run, Stroke::solid(theme.ink, 2.0), Some("f")));
        }
        StepsChart {
            series: all,
            cursor: runs.cursor,
            y_title: "loss f(xₜ), log scale",
        }
        .draw(painter, size, theme)
    }
}

fn series<'a>(run: &'a Trajectory, stroke: Stroke, name: Option<&'static str>) -> Series<'a> {
    Series {
        value: Box::new(|step| run.loss(step)),
        last_step: run.steps.len(),
        stroke,
        name,
    }
}
