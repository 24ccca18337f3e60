//! Where an objective is smallest, as far as it is known.

use super::Vector;

/// The minimisers of an objective.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Minima {
    /// These, all of the same value.
    Points(&'static [Vector]),
    /// Every point + λ · direction.
    Line {
        /// A point of the line.
        point: Vector,
        /// Its direction, not 0.
        direction: Vector,
    },
    /// None: the objective has no lower bound.
    Unbounded,
    /// Nothing is known, as of a typed function.
    Unknown,
}

impl Minima {
    /// The minimiser nearest to `x` in Euclidean distance; none where there is none or none known.
    #[must_use]
    pub fn nearest(&self, x: Vector) -> Option<Vector> {
        match *self {
            Self::Points(points) => {
                let distance = |p: &Vector| (p[0] - x[0]).hypot(p[1] - x[1]);
                points
                    .iter()
                    .min_by(|a, b| distance(a).total_cmp(&distance(b)))
                    .copied()
            }
            Self::Line { point, direction } => {
                let [d1, d2] = direction;
                let along = ((x[0] - point[0]) * d1 + (x[1] - point[1]) * d2) / (d1 * d1 + d2 * d2);
                Some([point[0] + along * d1, point[1] + along * d2])
            }
            Self::Unbounded | Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_points_and_of_a_line() {
        let points = Minima::Points(&[[3.0, 2.0], [-3.0, 3.0]]);
        assert_eq!(points.nearest([-1.0, 0.0]), Some([-3.0, 3.0]));
        assert_eq!(points.nearest([1.0, 0.0]), Some([3.0, 2.0]));
        let line = Minima::Line {
            point: [1.0, 0.0],
            direction: [0.0, -2.0],
        };
        assert_eq!(line.nearest([5.0, 7.0]), Some([1.0, 7.0]));
        assert_eq!(Minima::Unbounded.nearest([0.0, 0.0]), None);
        assert_eq!(Minima::Unknown.nearest([0.0, 0.0]), None);
    }
}
