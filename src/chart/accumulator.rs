//! Growth of the accumulator over the steps.

use plotters_backend::DrawingBackend;

use super::painter::{Drawn, Painter, Stroke};
use super::steps_chart::{Series, StepsChart};
use super::theme::ChartTheme;
use super::{Figure, FigureSize, Runs};
use crate::trajectory::Trajectory;

/// sₜ of both coordinates over t, x₂ dashed, and those of the runs compared with.
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
        let mut series = Vec::new();
        let compared = [
            (&runs.ghost, Stroke::ghost(theme)),
            (&runs.pinned, Stroke::pinned(theme)),
        ];
        for (run, stroke) in compared {
            if let Some(run) = run {
                let both = coordinates(run, [stroke, stroke], [None, None]);
                series.extend(both);
            }
        }
        let [first, second] = theme.coordinates;
        let strokes = [
            Stroke::solid(first, 2.25),
            Stroke::solid(second, 2.25).dashed(6.0, 3.0),
        ];
        if let Some(line) = runs.selected_line() {
            let names = [Some("s₁"), Some("s₂")];
            series.extend(coordinates(&line.run, strokes, names));
        }
        StepsChart {
            series,
            cursor: runs.cursor,
            y_title: "accumulator sₜ, log scale",
        }
        .draw(painter, size, theme)
    }
}

fn coordinates<'a>(
    run: &'a Trajectory,
    strokes: [Stroke; 2],
    names: [Option<&'static str>; 2],
) -> [Series<'a>; 2] {
    [
        Series {
            value: Box::new(|step| run.accumulator(step)[0]),
            last_step: run.steps.len(),
            stroke: strokes[0],
            name: names[0],
        },
        Series {
            value: Box::new(|step| run.accumulator(step)[1]),
            last_step: run.steps.len(),
            stroke: strokes[1],
            name: names[1],
        },
    ]
}
