//! Where the points of a run lie on a landscape.

use super::super::projection::{Axis, Pixel, PlaneProjection, Projection, Rect};
use super::super::{FigureSize, frame};
use crate::objective::{Objective, Vector};
use crate::settings::View;

/// Points of the plane on a figure: as on a map or, of a one-dimensional objective, on its curve.
#[derive(Clone, Debug)]
pub enum LandscapeProjection {
    /// x₁ across, x₂ up.
    Plane(PlaneProjection),
    /// x₁ across, f up.
    Curve(CurveProjection),
}

/// A one-dimensional objective as a curve.
#[derive(Clone, Debug)]
pub struct CurveProjection {
    /// What is drawn.
    pub objective: Objective,
    /// x₁ across, f(x₁) up.
    pub axes: Projection,
}

impl CurveProjection {
    /// Samples of the curve: how f's range in view is found, and what is drawn of it.
    const SAMPLES: usize = 400;

    /// The part of the curve whose x₁ `view` shows, over the whole width of `area`.
    fn new(objective: &Objective, view: &View, area: Rect) -> Self {
        let plane = PlaneProjection::new(view, area).axes();
        let mut curve = Self {
            objective: objective.clone(),
            axes: plane,
        };
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for [_, value] in curve.samples() {
            if value.is_finite() {
                low = low.min(value);
                high = high.max(value);
            }
        }
        // Room below, so that the lowest point does not lie on the axis.
        curve.axes.y = Axis::linear(low - 0.06 * (high - low), high);
        curve
    }

    /// (x₁, f(x₁)) from the left edge to the right one.
    pub(super) fn samples(&self) -> impl Iterator<Item = Vector> + '_ {
        (0..=Self::SAMPLES).map(|i| {
            let x1 = self.axes.x.value(i as f64 / Self::SAMPLES as f64);
            [x1, self.value(x1)]
        })
    }

    /// Pixels down per pixel to the right along the tangent at x₁.
    pub(super) fn pixel_slope(&self, x1: f64) -> f64 {
        let [gradient, _] = self.objective.gradient([x1, 0.0]);
        let [origin, moved] = [[0.0, 0.0], [1.0, gradient]].map(|x| self.axes.pixel_from_data(x));
        (moved[1] - origin[1]) / (moved[0] - origin[0])
    }

    fn value(&self, x1: f64) -> f64 {
        self.objective.value([x1, 0.0])
    }
}

impl LandscapeProjection {
    /// What `view` shows of `objective` on a figure of `size`.
    #[must_use]
    pub fn new(objective: &Objective, view: &View, size: &FigureSize) -> Self {
        let area = frame::data_area(size);
        if objective.dimension() == 1 {
            return Self::Curve(CurveProjection::new(objective, view, area));
        }
        Self::Plane(PlaneProjection::new(view, area))
    }

    /// Where it is drawn.
    #[must_use]
    pub fn area(&self) -> Rect {
        match self {
            Self::Plane(plane) => plane.area,
            Self::Curve(curve) => curve.axes.area,
        }
    }

    /// Where the point `x` of a run is drawn: of a curve, at (x₁, f(x₁)).
    #[must_use]
    pub fn pixel_from_point(&self, x: Vector) -> Pixel {
        match self {
            Self::Plane(plane) => plane.pixel_from_data(x),
            Self::Curve(curve) => curve.axes.pixel_from_data([x[0], curve.value(x[0])]),
        }
    }

    /// Which point is drawn at `pixel`: of a curve, that with this x₁ and x₂ = 0.
    #[must_use]
    pub fn point_from_pixel(&self, pixel: Pixel) -> Vector {
        match self {
            Self::Plane(plane) => plane.data_from_pixel(pixel),
            Self::Curve(curve) => [curve.axes.data_from_pixel(pixel)[0], 0.0],
        }
    }

    /// Data units per CSS pixel, along x₁.
    #[must_use]
    pub fn units_per_px(&self) -> f64 {
        match self {
            Self::Plane(plane) => plane.units_per_px(),
            Self::Curve(curve) => {
                (curve.axes.x.max() - curve.axes.x.min()) / curve.axes.area.width()
            }
        }
    }
}
