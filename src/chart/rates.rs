//! The effective learning rates of both coordinates at the cursor's step, as bars.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::frame;
use super::painter::{Drawn, Label, Painter, Stroke, estimated_width};
use super::projection::{Axis, Projection, Rect};
use super::theme::{ChartTheme, Rgb};
use super::ticks;
use super::{Figure, FigureSize, Runs};
use crate::number::significant;
use crate::objective::Vector;
use crate::trajectory::Trajectory;

/// One bar per coordinate from 0, its value written out, its first rate as an outline, and a tick
/// mark for every run compared with.
///
/// The axis reaches the largest rate of the whole run, so that bars shrink as the cursor moves.
#[derive(Clone, Debug)]
pub struct RatesChart(pub Runs);

impl Figure for RatesChart {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let Self(runs) = self;
        let em = size.font_css_px;
        let area = Rect {
            left: 2.4 * em,
            ..frame::data_area(size)
        };
        let projection = Projection {
            area,
            x: Axis::linear(0.0, 1.02 * largest_rate(runs)),
            y: Axis::linear(0.0, 2.0),
        };
        let muted = Label::new(theme.muted, em);
        for tick in ticks::ticks(&projection.x, (area.width() / (5.0 * em)) as usize) {
            let x = projection.pixel_x(tick.value);
            painter.line(
                [x, area.top],
                [x, area.bottom],
                &Stroke::solid(theme.grid, 1.0),
            )?;
            painter.text(
                &tick.label,
                [x, area.bottom + 0.35 * em],
                &muted.held(HPos::Center, VPos::Top),
            )?;
        }
        painter.line(
            [area.left, area.top],
            [area.left, area.bottom],
            &Stroke::solid(theme.axis, 1.0),
        )?;
        painter.text(
            "rate at this step",
            [0.3 * em, 0.3 * em],
            &muted.held(HPos::Left, VPos::Top),
        )?;
        painter.text(
            "dotted: at step 1",
            [area.right, size.height_css_px - 0.15 * em],
            &muted.held(HPos::Right, VPos::Bottom),
        )?;

        // Before the first step the bars show the rate that step will use.
        let now = rates(&runs.current, runs.cursor.max(1));
        let first = rates(&runs.current, 1);
        let compared = [(&runs.ghost, theme.ghost), (&runs.pinned, theme.pinned)];
        for (row, name) in ["x₁", "x₂"].into_iter().enumerate() {
            let pick = |rates: Vector| if row == 0 { rates[0] } else { rates[1] };
            let color: Rgb = if row == 0 {
                theme.coordinates[0]
            } else {
                theme.coordinates[1]
            };
            let row_height = area.height() / 2.0;
            let bar = |rate: f64| Rect {
                left: area.left,
                right: projection.pixel_x(rate),
                top: area.top + (row as f64 + 0.24) * row_height,
                bottom: area.top + (row as f64 + 0.76) * row_height,
            };
            let now_bar = bar(pick(now));
            painter.fill_rect(&now_bar, color, 1.0)?;
            let outline = bar(pick(first));
            painter.polyline(
                [
                    [outline.left, outline.top],
                    [outline.right, outline.top],
                    [outline.right, outline.bottom],
                    [outline.left, outline.bottom],
                ],
                None,
                &Stroke::solid(color, 1.25).dashed(2.0, 3.0),
            )?;
            for (run, color) in compared {
                let Some(run) = run else { continue };
                let x = projection.pixel_x(pick(rates(run, runs.cursor.max(1))));
                let tick = Stroke::solid(color, 2.5);
                painter.line(
                    [x, now_bar.top - 0.3 * em],
                    [x, now_bar.bottom + 0.3 * em],
                    &tick,
                )?;
            }
            let middle = (now_bar.top + now_bar.bottom) / 2.0;
            painter.text(
                name,
                [area.left - 0.5 * em, middle],
                &Label::new(color, 1.1 * em)
                    .bold()
                    .held(HPos::Right, VPos::Center),
            )?;
            let value = significant(pick(now), 3);
            let width = estimated_width(&value, em) + em;
            let fits_beside = now_bar.right + width < area.right;
            if fits_beside {
                let beside = [now_bar.right + 0.5 * em, middle];
                painter.text_on_plate(
                    &value,
                    [beside[0] + width / 2.0 - 0.4 * em, middle],
                    &Label::new(theme.ink, em).bold(),
                    theme.background,
                )?;
            } else {
                painter.text(
                    &value,
                    [now_bar.right - 0.5 * em, middle],
                    &Label::new(theme.background, em)
                        .bold()
                        .held(HPos::Right, VPos::Center),
                )?;
            }
        }
        Ok(())
    }
}

/// The rates of step t; 0 for a run that took none.
fn rates(run: &Trajectory, t: usize) -> Vector {
    run.record(t)
        .map_or([0.0, 0.0], |step| step.effective_learning_rate)
}

fn largest_rate(runs: &Runs) -> f64 {
    let all = [
        Some(&runs.current),
        runs.ghost.as_ref(),
        runs.pinned.as_ref(),
    ];
    let largest = all
        .into_iter()
        .flatten()
        .flat_map(|run| {
            run.steps
                .iter()
                .flat_map(|step| step.effective_learning_rate)
        })
        .fold(0.0, f64::max);
    if largest > 0.0 { largest } else { 1.0 }
}
