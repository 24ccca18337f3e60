//! Data to pixels and back.
//!
//! Pixels are CSS pixels from the figure's upper left corner; the painter turns them into whatever
//! the backend counts in.

use crate::math::{ln, pow};
use crate::objective::Vector;
use crate::settings::View;

/// A position on a figure in CSS pixels: right, down.
pub type Pixel = [f64; 2];

/// A rectangle in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Rect {
    /// Right − left, at least 1 so that nothing divides by 0.
    #[must_use]
    pub fn width(&self) -> f64 {
        (self.right - self.left).max(1.0)
    }

    /// Bottom − top, at least 1.
    #[must_use]
    pub fn height(&self) -> f64 {
        (self.bottom - self.top).max(1.0)
    }

    /// Whether `pixel` lies inside or on the edge.
    #[must_use]
    pub fn contains(&self, pixel: Pixel) -> bool {
        (self.left..=self.right).contains(&pixel[0]) && (self.top..=self.bottom).contains(&pixel[1])
    }

    /// The same rectangle, smaller by `margin` on every side.
    #[must_use]
    pub fn inset(&self, margin: f64) -> Self {
        Self {
            left: self.left + margin,
            top: self.top + margin,
            right: self.right - margin,
            bottom: self.bottom - margin,
        }
    }
}

/// How values are spaced along an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal differences, equal lengths.
    Linear,
    /// Equal ratios, equal lengths.
    Log,
}

impl Scale {
    /// How an axis's title ends.
    #[must_use]
    pub const fn title_end(self) -> &'static str {
        match self {
            Self::Linear => "",
            Self::Log => ", log scale",
        }
    }
}

/// A range of values along one side of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    scale: Scale,
    min: f64,
    max: f64,
    /// max − min, or ln(max / min) on a log scale, which is asked for at every point of a line.
    span: f64,
}

impl Axis {
    /// A linear axis; an empty or unusable range becomes one unit wide.
    #[must_use]
    pub fn linear(min: f64, max: f64) -> Self {
        let min = if min.is_finite() { min } else { 0.0 };
        let max = if max.is_finite() && max > min {
            max
        } else {
            min + 1.0
        };
        Self {
            scale: Scale::Linear,
            min,
            max,
            span: max - min,
        }
    }

    /// A logarithmic axis; a range that is empty or reaches 0 becomes one decade.
    #[must_use]
    pub fn log(min: f64, max: f64) -> Self {
        let max = if max.is_normal() && max > 0.0 {
            max
        } else {
            1.0
        };
        let min = if min.is_normal() && min > 0.0 && min < max {
            min
        } else {
            max / 10.0
        };
        Self {
            scale: Scale::Log,
            min,
            max,
            span: ln(max / min),
        }
    }

    /// How values are spaced.
    #[must_use]
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// The smallest value shown.
    #[must_use]
    pub fn min(&self) -> f64 {
        self.min
    }

    /// The largest value shown.
    #[must_use]
    pub fn max(&self) -> f64 {
        self.max
    }

    /// Where `value` lies: 0 at the smallest, 1 at the largest, beyond for values outside.
    #[must_use]
    pub fn fraction(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => (value - self.min) / self.span,
            Scale::Log => ln(value / self.min) / self.span,
        }
    }

    /// The inverse of [`fraction`](Self::fraction).
    #[must_use]
    pub fn value(&self, fraction: f64) -> f64 {
        match self.scale {
            Scale::Linear => self.min + fraction * (self.max - self.min),
            Scale::Log => self.min * pow(self.max / self.min, fraction),
        }
    }
}

/// Two axes on a rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    /// Where the data is drawn.
    pub area: Rect,
    /// Left to right.
    pub x: Axis,
    /// Bottom to top.
    pub y: Axis,
}

impl Projection {
    /// Where (x, y) is drawn.
    #[must_use]
    pub fn pixel_from_data(&self, [x, y]: Vector) -> Pixel {
        [self.pixel_x(x), self.pixel_y(y)]
    }

    /// Where x is drawn, from the left.
    #[must_use]
    pub fn pixel_x(&self, x: f64) -> f64 {
        self.area.left + self.x.fraction(x) * self.area.width()
    }

    /// Where y is drawn, from the top.
    #[must_use]
    pub fn pixel_y(&self, y: f64) -> f64 {
        self.area.bottom - self.y.fraction(y) * self.area.height()
    }

    /// Which (x, y) is drawn at `pixel`.
    #[must_use]
    pub fn data_from_pixel(&self, pixel: Pixel) -> Vector {
        [
            self.x
                .value((pixel[0] - self.area.left) / self.area.width()),
            self.y
                .value((self.area.bottom - pixel[1]) / self.area.height()),
        ]
    }
}

/// A [`View`] of the plane on a rectangle, with one scale for both axes, so that a right angle
/// looks right and a gradient stands square on its contour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlaneProjection {
    /// Where the plane is drawn.
    pub area: Rect,
    centre: Vector,
    units_per_px: f64,
}

impl PlaneProjection {
    /// `view` in `area`: its half extent reaches from the centre to the nearer pair of edges.
    #[must_use]
    pub fn new(view: &View, area: Rect) -> Self {
        let shorter = area.width().min(area.height());
        Self {
            area,
            centre: view.centre,
            units_per_px: view.half_extent / (shorter / 2.0),
        }
    }

    /// Data units per CSS pixel, along either axis.
    #[must_use]
    pub fn units_per_px(&self) -> f64 {
        self.units_per_px
    }

    /// Where `x` is drawn.
    #[must_use]
    pub fn pixel_from_data(&self, x: Vector) -> Pixel {
        let [middle_x, middle_y] = self.middle();
        [
            middle_x + (x[0] - self.centre[0]) / self.units_per_px,
            middle_y - (x[1] - self.centre[1]) / self.units_per_px,
        ]
    }

    /// Which point is drawn at `pixel`.
    #[must_use]
    pub fn data_from_pixel(&self, pixel: Pixel) -> Vector {
        let [middle_x, middle_y] = self.middle();
        [
            self.centre[0] + (pixel[0] - middle_x) * self.units_per_px,
            self.centre[1] - (pixel[1] - middle_y) * self.units_per_px,
        ]
    }

    /// The same mapping as two linear axes.
    #[must_use]
    pub fn axes(&self) -> Projection {
        let [left, bottom] = self.data_from_pixel([self.area.left, self.area.bottom]);
        let [right, top] = self.data_from_pixel([self.area.right, self.area.top]);
        Projection {
            area: self.area,
            x: Axis::linear(left, right),
            y: Axis::linear(bottom, top),
        }
    }

    fn middle(&self) -> Pixel {
        [
            (self.area.left + self.area.right) / 2.0,
            (self.area.top + self.area.bottom) / 2.0,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rect = Rect {
        left: 40.0,
        top: 10.0,
        right: 440.0,
        bottom: 310.0,
    };

    #[test]
    fn the_plane_has_one_scale_and_a_drag_lands_where_it_is_dropped() {
        let view = View {
            centre: [-2.5, -1.0],
            half_extent: 3.0,
        };
        let plane = PlaneProjection::new(&view, AREA);
        // The shorter side is the height, 300 px for 6 units: 0.02 units a pixel on both axes.
        assert_eq!(plane.units_per_px(), 0.02);
        assert_eq!(plane.pixel_from_data([-2.5, -1.0]), [240.0, 160.0]);
        assert_eq!(plane.pixel_from_data([-1.5, 0.0]), [290.0, 110.0]);
        let back = plane.data_from_pixel(plane.pixel_from_data([0.3, -4.7]));
        assert!((back[0] - 0.3).abs() < 1e-12 && (back[1] + 4.7).abs() < 1e-12);
        let axes = plane.axes();
        for point in [[0.0, 0.0], [-5.0, -2.0]] {
            let (a, b) = (plane.pixel_from_data(point), axes.pixel_from_data(point));
            assert!((a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9);
        }
    }

    #[test]
    fn a_log_axis_spaces_decades_evenly_and_inverts() {
        let axis = Axis::log(0.001, 10.0);
        for (value, fraction) in [(0.001, 0.0), (0.1, 0.5), (10.0, 1.0)] {
            assert!((axis.fraction(value) - fraction).abs() < 1e-12);
            assert!((axis.value(fraction) / value - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn unusable_ranges_become_usable() {
        for axis in [
            Axis::linear(f64::NAN, 1.0),
            Axis::linear(2.0, 2.0),
            Axis::log(0.0, 5.0),
            Axis::log(-1.0, f64::INFINITY),
            Axis::log(3.0, 3.0),
        ] {
            assert!(axis.max() > axis.min());
            assert!(axis.fraction(axis.max()).is_finite());
        }
    }
}
