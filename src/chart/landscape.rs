//! The landscape: contours of an objective with a run on them.
//!
//! Two layers, so that a moving slider redraws only the run: [`BackdropLayer`] (contours, axes, the
//! minimum) changes with view, objective, size and theme; [`RunsLayer`] with everything else.

use plotters_backend::DrawingBackend;
use plotters_backend::text_anchor::{HPos, VPos};

use super::contour_lines::{Field, LevelCurve, levels};
use super::frame::{self, AxisTitles};
use super::painter::{self, Drawn, Label, Painter, Stroke};
use super::projection::{Pixel, PlaneProjection, Rect};
use super::theme::{ChartTheme, blend};
use super::{Figure, FigureSize, Runs};
use crate::number::significant;
use crate::objective::{Objective, Vector};
use crate::settings::View;
use crate::trajectory::{Step, Trajectory};

const LEVELS: usize = 11;
/// Contours are sampled every so many CSS pixels: fine enough to look smooth.
const SAMPLE_CSS_PX: f64 = 3.5;
/// A run with more points in view than this shows a line without its points.
const POINTS_SHOWN: usize = 400;

/// Both layers, for an export or a snapshot.
#[derive(Clone, Debug)]
pub struct Landscape {
    /// What is minimised.
    pub objective: Objective,
    /// The part of the plane shown.
    pub view: View,
    /// The runs on it.
    pub runs: Runs,
}

impl Figure for Landscape {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let Self {
            objective,
            view,
            runs,
        } = self.clone();
        BackdropLayer { objective, view }.draw(painter, size, theme)?;
        RunsLayer { view, runs }.draw(painter, size, theme)
    }
}

/// The layer that only view, objective, size and theme change.
#[derive(Clone, Debug, PartialEq)]
pub struct BackdropLayer {
    /// What is minimised.
    pub objective: Objective,
    /// The part of the plane shown.
    pub view: View,
}

impl Figure for BackdropLayer {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let plane = projection(&self.view, size);
        Backdrop::new(&self.objective, &plane).draw(painter, &plane, size, theme)
    }
}

/// The layer that every step changes.
#[derive(Clone, Debug)]
pub struct RunsLayer {
    /// The part of the plane shown.
    pub view: View,
    /// The runs on it.
    pub runs: Runs,
}

impl Figure for RunsLayer {
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        draw_runs(
            painter,
            &self.runs,
            &projection(&self.view, size),
            size,
            theme,
        )
    }
}

/// How the plane lies on a figure of `size`.
#[must_use]
pub fn projection(view: &View, size: &FigureSize) -> PlaneProjection {
    PlaneProjection::new(view, frame::data_area(size))
}

/// A view that holds the start, the minimum and the whole of every path, with a margin.
///
/// Rounded to a thousandth of its extent, so that a link can carry it in a few digits.
#[must_use]
pub fn fitted_view(objective_and_run: &[(Objective, &Trajectory)]) -> View {
    let mut low = [f64::INFINITY; 2];
    let mut high = [f64::NEG_INFINITY; 2];
    let mut include = |point: Vector| {
        for ((low, high), value) in low.iter_mut().zip(&mut high).zip(point) {
            *low = low.min(value);
            *high = high.max(value);
        }
    };
    for (objective, run) in objective_and_run {
        include(objective.minimiser());
        run.points().for_each(&mut include);
    }
    // The plots are a little wider than high; the path must fit both ways.
    const ASPECT: f64 = 1.2;
    const MARGIN: f64 = 1.16;
    let half_extent = MARGIN * ((high[1] - low[1]) / 2.0).max((high[0] - low[0]) / 2.0 / ASPECT);
    if !(half_extent.is_finite() && half_extent < 1e6) {
        return View {
            centre: [0.0, 0.0],
            half_extent: 10.0,
        };
    }
    let half_extent = if half_extent > 0.0 { half_extent } else { 1.0 };
    let unit = 10_f64.powf(half_extent.log10().floor() - 2.0);
    let round = |value: f64| (value / unit).round() * unit;
    // Through text, so that 2.9000000000000004 does not end up in a link.
    let tidy = |value: f64| {
        format!("{:.*}", decimals(unit), round(value))
            .parse()
            .unwrap_or(value)
    };
    View {
        centre: [
            tidy((low[0] + high[0]) / 2.0),
            tidy((low[1] + high[1]) / 2.0),
        ],
        half_extent: tidy(half_extent).max(unit),
    }
}

fn decimals(unit: f64) -> usize {
    (-unit.log10().round()).max(0.0) as usize
}

/// The layer below: contours, axes, the minimum.
#[derive(Clone, Debug)]
struct Backdrop {
    curves: Vec<LevelCurve>,
    minimiser: Vector,
}

impl Backdrop {
    /// Samples `objective` over what `plane` shows.
    fn new(objective: &Objective, plane: &PlaneProjection) -> Self {
        let area = plane.area;
        let [left, bottom] = plane.data_from_pixel([area.left, area.bottom]);
        let [right, top] = plane.data_from_pixel([area.right, area.top]);
        let field = Field::sample(
            |x| objective.value(x),
            [left, bottom],
            [right, top],
            (area.width() / SAMPLE_CSS_PX) as usize,
            (area.height() / SAMPLE_CSS_PX) as usize,
        );
        let minimiser = objective.minimiser();
        let curves = levels(
            objective.value(minimiser),
            field.max().unwrap_or(f64::NAN),
            LEVELS,
        )
        .into_iter()
        .map(|level| field.level_curve(level))
        .collect();
        Self { curves, minimiser }
    }

    /// Draws the layer on a cleared figure.
    fn draw<B: DrawingBackend>(
        &self,
        painter: &mut Painter<'_, B>,
        plane: &PlaneProjection,
        size: &FigureSize,
        theme: &ChartTheme,
    ) -> Drawn<B> {
        let em = size.font_css_px;
        let axes = plane.axes();
        let titles = AxisTitles {
            x: "x₁", y: "x₂"
        };
        frame::draw(painter, &axes, &titles, size, theme)?;
        let top = self.curves.len().max(2) - 1;
        let mut labels = LabelPlaces::new(plane.area.inset(1.4 * em), em);
        for (index, curve) in self.curves.iter().enumerate() {
            let color = blend(
                theme.contour_low,
                theme.contour_high,
                index as f64 / top as f64,
            );
            let stroke = Stroke::solid(color, 1.25);
            for piece in &curve.pieces {
                let pixels = piece.iter().map(|&x| plane.pixel_from_data(x));
                painter.polyline(pixels, Some(&plane.area), &stroke)?;
            }
        }
        for curve in self.curves.iter().rev() {
            if let Some(place) = labels.place(curve, plane) {
                let label = Label::new(theme.muted, 0.82 * em);
                painter.text_on_plate(
                    &significant(curve.level, 3),
                    place,
                    &label,
                    theme.background,
                )?;
            }
        }
        let minimum = plane.pixel_from_data(self.minimiser);
        if plane.area.contains(minimum) {
            draw_minimum(painter, minimum, em, theme)?;
        }
        Ok(())
    }
}

fn draw_minimum<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    at: Pixel,
    em: f64,
    theme: &ChartTheme,
) -> Drawn<B> {
    let arm = 0.5 * em;
    let stroke = Stroke::solid(theme.minimum, 2.25);
    for [dx, dy] in [[1.0, 1.0], [1.0, -1.0]] {
        painter.line(
            [at[0] - arm * dx, at[1] - arm * dy],
            [at[0] + arm * dx, at[1] + arm * dy],
            &stroke,
        )?;
    }
    Ok(())
}

/// Where contour labels go: one per curve, apart from each other, away from the edge.
struct LabelPlaces {
    inside: Rect,
    apart: f64,
    taken: Vec<Pixel>,
}

impl LabelPlaces {
    fn new(inside: Rect, em: f64) -> Self {
        Self {
            inside,
            apart: 3.2 * em,
            taken: Vec::new(),
        }
    }

    fn place(&mut self, curve: &LevelCurve, plane: &PlaneProjection) -> Option<Pixel> {
        // Along a diagonal, where neighbouring curves lie furthest apart in most valleys.
        let towards = [self.inside.right, self.inside.top];
        let place = curve
            .pieces
            .iter()
            .flatten()
            .map(|&x| plane.pixel_from_data(x))
            .filter(|&pixel| self.inside.contains(pixel))
            .filter(|&pixel| {
                self.taken
                    .iter()
                    .all(|&other| painter::distance(pixel, other) > self.apart)
            })
            .min_by(|&a, &b| {
                painter::distance(a, towards).total_cmp(&painter::distance(b, towards))
            })?;
        self.taken.push(place);
        Some(place)
    }
}

/// The layer above: the runs, the current point, its gradient and its step.
fn draw_runs<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    runs: &Runs,
    plane: &PlaneProjection,
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
        let end = plane.pixel_from_data(pinned.point(pinned.steps.len()));
        if plane.area.contains(end) {
            painter.fill_rect(&square(end, 0.32 * em), theme.pinned, 1.0)?;
        }
    }
    let run = &runs.current;
    let rest = Stroke::solid(theme.ink, 1.25).faded(0.35).dashed(2.0, 4.0);
    let ahead = run
        .points()
        .skip(runs.cursor)
        .map(|x| plane.pixel_from_data(x));
    painter.polyline(ahead, Some(&plane.area), &rest)?;
    let travelled = Stroke::solid(theme.ink, 2.0);
    draw_path(painter, run, runs.cursor, plane, &travelled)?;
    draw_points(painter, run, runs.cursor, plane, em, theme)?;

    let start = plane.pixel_from_data(run.start);
    if plane.area.contains(start) {
        painter.disc(start, 0.55 * em, theme.background, 1.0)?;
        painter.ring(start, 0.5 * em, &Stroke::solid(theme.ink, 2.25))?;
    }
    if let Some(step) = run.record(runs.cursor) {
        draw_arrows(painter, step, plane, em, theme)?;
    }
    let now = plane.pixel_from_data(run.point(runs.cursor));
    if plane.area.contains(now) && runs.cursor > 0 {
        painter.disc(now, 0.48 * em, theme.background, 1.0)?;
        painter.disc(now, 0.38 * em, theme.ink, 1.0)?;
    }
    Ok(())
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
    plane: &PlaneProjection,
    stroke: &Stroke,
) -> Drawn<B> {
    let pixels = run
        .points()
        .take(steps + 1)
        .map(|x| plane.pixel_from_data(x));
    painter.polyline(pixels, Some(&plane.area), stroke)
}

/// A dot at every point and an arrowhead in the middle of every segment long enough to carry one.
fn draw_points<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    run: &Trajectory,
    steps: usize,
    plane: &PlaneProjection,
    em: f64,
    theme: &ChartTheme,
) -> Drawn<B> {
    let radius = 0.2 * em;
    let mut last = plane.pixel_from_data(run.start);
    let mut shown = 0;
    for point in run.points().take(steps + 1).skip(1) {
        let pixel = plane.pixel_from_data(point);
        let apart = painter::distance(last, pixel);
        // Points that would lie on one another are one blot: leave them to the line.
        if apart < radius {
            continue;
        }
        if shown > POINTS_SHOWN {
            break;
        }
        if plane.area.contains(pixel) {
            painter.disc(pixel, radius, theme.ink, 1.0)?;
            shown += 1;
        }
        let middle = [(last[0] + pixel[0]) / 2.0, (last[1] + pixel[1]) / 2.0];
        let head = 0.65 * em;
        if apart > 1.6 * em && plane.area.contains(middle) {
            let share = 0.5 + head / 2.0 / apart;
            let tip = [
                last[0] + share * (pixel[0] - last[0]),
                last[1] + share * (pixel[1] - last[1]),
            ];
            painter.arrowhead(last, tip, head, theme.ink)?;
        }
        last = pixel;
    }
    Ok(())
}

/// Downhill (−∇f) and the step taken, from the point the step started at.
///
/// Both are drawn at a readable length; the numbers beside the figure give their sizes.
fn draw_arrows<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    step: &Step,
    plane: &PlaneProjection,
    em: f64,
    theme: &ChartTheme,
) -> Drawn<B> {
    let from = plane.pixel_from_data(step.point_before);
    if !plane.area.contains(from) {
        return Ok(());
    }
    let [towards_downhill, towards_step] = [step.gradient, step.update].map(|vector| {
        let size = vector[0].hypot(vector[1]);
        // Pixels count downwards, and both vectors point away from where the run goes.
        [-vector[0] / size, vector[1] / size]
    });
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
            plane.area.contains(tip).then_some(tip)
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
