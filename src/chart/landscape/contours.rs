//! The layer below: contours, axes, minima.

use plotters_backend::DrawingBackend;

use super::super::FigureSize;
use super::super::contour_lines::{Field, LevelCurve, levels_above, levels_by_area};
use super::super::frame::{self, AxisTitles};
use super::super::painter::{self, Drawn, Label, Painter, Stroke};
use super::super::projection::{Pixel, PlaneProjection, Rect};
use super::super::theme::{ChartTheme, blend};
use crate::number::significant;
use crate::objective::{Minima, Objective};

const LEVELS: usize = 11;
/// Contours are sampled every so many CSS pixels: fine enough to look smooth, of a quadratic and of
/// what may bend more sharply.
const SAMPLE_CSS_PX: [f64; 2] = [3.5, 1.75];

/// A line that is nowhere farther from the level than so many CSS pixels looks smooth, on screens with
/// three device pixels for each, too.
const FLAT_CSS_PX: f64 = 0.08;

/// A function that turns faster than a reader can follow is drawn with fewer levels, until it has no
/// more points than this: four times those of the busiest objective here.
const MOST_POINTS: usize = 60_000;

/// Contours of an objective over what a plane shows.
pub(super) struct Backdrop {
    curves: Vec<LevelCurve>,
    minima: Minima,
}

impl Backdrop {
    /// Samples `objective` over what `plane` shows.
    pub(super) fn new(objective: &Objective, plane: &PlaneProjection) -> Self {
        let area = plane.area;
        let [left, bottom] = plane.data_from_pixel([area.left, area.bottom]);
        let [right, top] = plane.data_from_pixel([area.right, area.top]);
        let [coarse, fine] = SAMPLE_CSS_PX;
        let sample_css_px = if objective.condition_number().is_some() {
            coarse
        } else {
            fine
        };
        let field = Field::sample(
            |x| objective.value(x),
            [left, bottom],
            [right, top],
            (area.width() / sample_css_px) as usize,
            (area.height() / sample_css_px) as usize,
        );
        let sorted = field.sorted();
        let minima = objective.minima();
        let levels = match minima.nearest([0.0; 2]) {
            Some(minimiser) => levels_above(objective.value(minimiser), &sorted, LEVELS),
            None => levels_by_area(&sorted, LEVELS),
        };
        let mut curves: Vec<LevelCurve> = levels
            .into_iter()
            .map(|level| field.level_curve(level))
            .collect();
        while curves.len() > 1 && points_of(&curves) > MOST_POINTS {
            let mut stays = false;
            curves.retain(|_| {
                stays = !stays;
                stays
            });
        }
        // The curves of a busier function bend at every cell: there is nothing between to follow.
        if points_of(&curves) <= MOST_POINTS / 4 {
            let tolerance = FLAT_CSS_PX * plane.units_per_px();
            let smooth = |curve: LevelCurve| {
                curve.refined(|x| objective.value(x), |x| objective.gradient(x), tolerance)
            };
            curves = curves.into_iter().map(smooth).collect();
        }
        Self { curves, minima }
    }

    /// Draws the layer on a cleared figure.
    pub(super) fn draw<B: DrawingBackend>(
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
        draw_minima(painter, &self.minima, plane, em, theme)
    }
}

fn points_of(curves: &[LevelCurve]) -> usize {
    let pieces = curves.iter().flat_map(|curve| &curve.pieces);
    pieces.map(Vec::len).sum()
}

/// A cross at every minimiser, or the line they are on.
fn draw_minima<B: DrawingBackend>(
    painter: &mut Painter<'_, B>,
    minima: &Minima,
    plane: &PlaneProjection,
    em: f64,
    theme: &ChartTheme,
) -> Drawn<B> {
    let area = &plane.area;
    match *minima {
        Minima::Points(points) => points
            .iter()
            .map(|&point| plane.pixel_from_data(point))
            .filter(|&pixel| area.contains(pixel))
            .try_for_each(|pixel| draw_minimum(painter, pixel, em, theme)),
        Minima::Line { point, direction } => {
            let [x, y] = plane.pixel_from_data(point);
            let [d1, d2] = direction;
            // Beyond the figure both ways, wherever on the line its point is.
            let reach = (x.abs() + y.abs() + area.right + area.bottom) / d1.hypot(d2);
            let end = |side: f64| [x + side * reach * d1, y - side * reach * d2];
            let stroke = Stroke::solid(theme.minimum, 2.25);
            painter.polyline([end(-1.0), end(1.0)], Some(area), &stroke)
        }
        Minima::Unbounded | Minima::Unknown => Ok(()),
    }
}

/// A cross at a minimiser.
pub(super) fn draw_minimum<B: DrawingBackend>(
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
#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::landscape::LandscapeProjection;
    use crate::engine::function;
    use crate::objective::DESCRIPTIONS;
    use crate::settings::View;

    fn backdrop(objective: &Objective) -> Option<Backdrop> {
        let view = View {
            centre: [0.0, 0.0],
            half_extent: 5.0,
        };
        let size = FigureSize {
            width_css_px: 900.0,
            height_css_px: 900.0,
            font_css_px: 12.0,
        };
        match LandscapeProjection::new(objective, &view, &size) {
            LandscapeProjection::Plane(plane) => Some(Backdrop::new(objective, &plane)),
            LandscapeProjection::Curve(_) => None,
        }
    }

    #[test]
    fn every_objective_has_room_for_all_its_levels() {
        for description in &DESCRIPTIONS {
            let Ok(objective) = description.objective(&description.defaults()) else {
                continue;
            };
            if let Some(backdrop) = backdrop(&objective) {
                assert_eq!(backdrop.curves.len(), LEVELS, "{}", description.name);
                // As much as says the comment on the bound.
                assert!(4 * points_of(&backdrop.curves) <= MOST_POINTS + MOST_POINTS / 10);
            }
        }
    }

    #[test]
    fn what_turns_faster_than_the_eye_has_fewer_levels() {
        let typed = function::compile("sin(40 x1 x2) + cos(30 x1)").unwrap();
        let curves = backdrop(&Objective::Typed(typed)).unwrap().curves;
        assert!(!curves.is_empty() && curves.len() < LEVELS);
        assert!(points_of(&curves) <= MOST_POINTS);
    }
}
