//! The layer above: the runs, the current point, its gradient and its step.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::super::painter::{self, Drawn, Label, Painter, Stroke};
use super::super::projection::{Pixel, Rect};
use super::super::theme::{ChartTheme, Look};
use super::super::{FigureSize, RuleLine, Runs, key};
use super::LandscapeProjection;
use crate::trajectory::{Step, Trajectory};

/// A run with more points in view than this shows a line without its points.
const POINTS_SHOWN: usize = 400;

/// The layer above: the runs, the current point, its gradient and its step.
pub(super) fn draw<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    runs: &Runs,
    plane: &LandscapeProjection,
    size: &FigureSize,
    theme: &ChartTheme,
) -> Drawn<B> {
    let em = size.font_css_px;
    if let Some(ghost) = &runs.ghost {
        draw_path(
            painter,
            ghost,
            ghost.steps.len(),
            plane,
            &Stroke::ghost(theme),
        )?;
    }
    if let Some(pinned) = &runs.pinned {
        draw_path(
            painter,
            pinned,
            pinned.steps.len(),
            plane,
            &Stroke::pinned(theme),
        )?;
        let end = plane.pixel_from_point(pinned.point(pinned.steps.len()));
        if plane.area().contains(end) {
            painter.fill_rect(&square(end, 0.32 * em), theme.pinned, 1.0)?;
        }
    }
    for (_, line) in runs.selected_last() {
        draw_line(painter, line, runs, plane, em, theme)?;
    }
    let Some(line) = runs.selected_line() else {
        return Ok(());
    };
    let start = plane.pixel_from_point(line.run.start);
    if plane.area().contains(start) {
        painter.disc(start, 0.55 * em, theme.background, 1.0)?;
        painter.ring(start, 0.5 * em, &Stroke::solid(theme.ink, 2.25))?;
    }
    if let Some(step) = line.run.record(runs.cursor) {
        draw_arrows(painter, step, plane, em, theme)?;
    }
    for (_, line) in runs.selected_last() {
        let now = plane.pixel_from_point(line.run.point(runs.cursor));
        if plane.area().contains(now) && runs.cursor > 0 && !line.run.steps.is_empty() {
            let Look { color, marker, .. } = theme.look(line.look);
            painter.disc(now, 0.48 * em, theme.background, 1.0)?;
            painter.marker(marker, now, 0.38 * em, color)?;
        }
    }
    key::draw(painter, &runs.labels_and_looks(), "x₁", size, theme)
}

/// One rule's path: what is travelled with its points, and faintly what is ahead.
fn draw_line<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    line: &RuleLine,
    runs: &Runs,
    plane: &LandscapeProjection,
    em: f64,
    theme: &ChartTheme,
) -> Drawn<B> {
    let look = theme.look(line.look);
    let ahead = line
        .run
        .points()
        .skip(runs.cursor)
        .map(|x| plane.pixel_from_point(x));
    let rest = Stroke::solid(look.color, 1.25).faded(0.35).dashed(2.0, 4.0);
    painter.polyline(ahead, Some(&plane.area()), &rest)?;
    let travelled = Stroke::of_look(&look, 2.0);
    draw_path(painter, &line.run, runs.cursor, plane, &travelled)?;
    let points = Points {
        look,
        // Shapes are told apart only when they are large enough, and apart themselves.
        radius: if runs.compares_rules() { 0.28 } else { 0.2 } * em,
        apart: if runs.compares_rules() { 0.8 } else { 0.2 } * em,
        has_arrowheads: !runs.compares_rules(),
    };
    draw_points(painter, &line.run, runs.cursor, plane, em, &points)
}

/// How the points of a path are drawn.
struct Points {
    look: Look,
    radius: f64,
    /// Points closer than this to the last one drawn are left to the line.
    apart: f64,
    has_arrowheads: bool,
}

fn square(centre: Pixel, half: f64) -> Rect {
    Rect {
        left: centre[0] - half,
        top: centre[1] - half,
        right: centre[0] + half,
        bottom: centre[1] + half,
    }
}

fn draw_path<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    run: &Trajectory,
    steps: usize,
    plane: &LandscapeProjection,
    stroke: &Stroke,
) -> Drawn<B> {
    let pixels = run
        .points()
        .take(steps + 1)
        .map(|x| plane.pixel_from_point(x));
    painter.polyline(pixels, Some(&plane.area()), stroke)
}

/// A mark at every point and an arrowhead in the middle of every segment long enough to carry one.
fn draw_points<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    run: &Trajectory,
    steps: usize,
    plane: &LandscapeProjection,
    em: f64,
    points: &Points,
) -> Drawn<B> {
    let mut last = plane.pixel_from_point(run.start);
    let mut shown = 0;
    for point in run.points().take(steps + 1).skip(1) {
        let pixel = plane.pixel_from_point(point);
        // Points that would lie on one another are one blot: leave them to the line.
        if painter::is_nearer(last, pixel, points.apart) {
            continue;
        }
        if shown > POINTS_SHOWN {
            break;
        }
        let apart = painter::distance(last, pixel);
        if plane.area().contains(pixel) {
            painter.marker(points.look.marker, pixel, points.radius, points.look.color)?;
            shown += 1;
        }
        let middle = [(last[0] + pixel[0]) / 2.0, (last[1] + pixel[1]) / 2.0];
        let head = 0.65 * em;
        if points.has_arrowheads && apart > 1.6 * em && plane.area().contains(middle) {
            let share = 0.5 + head / 2.0 / apart;
            let tip = [
                last[0] + share * (pixel[0] - last[0]),
                last[1] + share * (pixel[1] - last[1]),
            ];
            painter.arrowhead(last, tip, head, points.look.color)?;
        }
        last = pixel;
    }
    Ok(())
}

/// Unit vectors of pixels downhill and along the step; not numbers where there is no direction.
fn directions(step: &Step, plane: &LandscapeProjection) -> [Pixel; 2] {
    let unit = |[x, y]: Pixel| {
        let size = x.hypot(y);
        [x / size, y / size]
    };
    match plane {
        // Pixels count downwards, and both vectors point away from where the run goes.
        LandscapeProjection::Plane(_) => {
            [step.gradient, step.update].map(|[g1, g2]| unit([-g1, g2]))
        }
        LandscapeProjection::Curve(curve) => {
            // Along the tangent, as steep as it is drawn; and along the axis that the step is on.
            let slope = curve.pixel_slope(step.point_before[0]);
            let downhill = [slope.signum(), slope.abs()];
            [unit(downhill), unit([-step.update[0], 0.0])]
        }
    }
}

/// Downhill (−∇f) and the step taken, from the point the step started at.
///
/// Both are drawn at a readable length; the numbers beside the figure give their sizes.
fn draw_arrows<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    step: &Step,
    plane: &LandscapeProjection,
    em: f64,
    theme: &ChartTheme,
) -> Drawn<B> {
    let from = plane.pixel_from_point(step.point_before);
    if !plane.area().contains(from) {
        return Ok(());
    }
    let [towards_downhill, towards_step] = directions(step, plane);
    if let LandscapeProjection::Curve(_) = plane {
        // The tangent goes on uphill.
        let [dx, dy] = towards_downhill;
        let uphill = [from[0] - 4.0 * em * dx, from[1] - 4.0 * em * dy];
        let ends = [from, uphill];
        painter.polyline(
            ends,
            Some(&plane.area()),
            &Stroke::solid(theme.gradient, 1.25),
        )?;
    }
    // Each label stands on the far side from the other arrow.
    let cross = towards_downhill[0] * towards_step[1] - towards_downhill[1] * towards_step[0];
    let side = if cross > 0.0 { 1.0 } else { -1.0 };
    for (towards, length, side, color, name) in [
        (towards_downhill, 5.0 * em, side, theme.gradient, "−∇f"),
        (towards_step, 3.6 * em, -side, theme.step, "step"),
    ] {
        // Shorter where the edge is near.
        let tip = [1.0, 0.7, 0.45].into_iter().find_map(|share| {
            let length = share * length;
            let tip = [from[0] + length * towards[0], from[1] + length * towards[1]];
            plane.area().contains(tip).then_some(tip)
        });
        let Some(tip) = tip else { continue };
        painter.arrow(from, tip, &Stroke::solid(color, 2.5))?;
        let aside = [side * towards[1], -side * towards[0]];
        let label = Label::new(color, 0.92 * em)
            .bold()
            .held(HPos::Center, VPos::Center);
        // As far as the text's box reaches towards the arrow, and the arrowhead towards the text.
        let half_width = painter::estimated_width(name, 0.92 * em) / 2.0;
        let clear = 0.45 * em + half_width * aside[0].abs() + 0.5 * em * aside[1].abs();
        let beside = [tip[0] + clear * aside[0], tip[1] + clear * aside[1]];
        painter.text(name, beside, &label)?;
    }
    Ok(())
}
