//! Which part of the plane to show.

use crate::math::log10;
use crate::number::round_decimals;
use crate::objective::{Objective, Vector};
use crate::settings::View;
use crate::trajectory::Trajectory;

/// A path that leads farther than this many times the usual extent runs away.
const FARTHEST: f64 = 4.0;

/// The plots are a little wider than high: how much of the plane they show across over what they
/// show upwards. Views are made for this shape, whatever the frame's own is.
const ASPECT: f64 = 1.2;
/// What is left free around what a view is fitted to.
const MARGIN: f64 = 1.16;

/// A rectangle of the plane that holds what is to be seen of some runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    low: Vector,
    high: Vector,
}

/// A view that holds the start, the minimum nearest to it and the whole of every path, with a
/// margin; where no minimum is known, the part of the plane that the objective's description names.
///
/// A path that runs away does not take the view along. Rounded to a thousandth of its extent, so
/// that a link can carry it in a few digits.
#[must_use]
pub fn fitted_view(objective_and_run: &[(Objective, &Trajectory)]) -> View {
    let runs = objective_and_run.iter();
    runs.fold(Extent::EMPTY, |extent, (objective, run)| {
        extent.with(&Extent::of_run(objective, run))
    })
    .view()
}

fn decimals(unit: f64) -> usize {
    (-log10(unit).round()).max(0.0) as usize
}

impl Extent {
    /// The extent of nothing.
    pub const EMPTY: Self = Self {
        low: [f64::INFINITY; 2],
        high: [f64::NEG_INFINITY; 2],
    };

    /// What is to be seen of one run: see [`fitted_view`].
    #[must_use]
    pub fn of_run(objective: &Objective, run: &Trajectory) -> Self {
        let description = objective.description();
        let usual = description.view_half_extent;
        let mut own = Self::EMPTY;
        // Of one dimension x₂ is not drawn: there the axis is f.
        let drawn = |[x1, x2]: Vector| [x1, if objective.dimension() == 1 { 0.0 } else { x2 }];
        own.include(drawn(run.start));
        match objective.minima().nearest(run.start) {
            Some(minimiser) => own.include(drawn(minimiser)),
            None => {
                let [x1, x2] = description.view_centre;
                own.include([x1 - usual, x2 - usual]);
                own.include([x1 + usual, x2 + usual]);
            }
        }
        let [centre, half] = own.centre_and_half();
        let is_within = |times: f64| {
            let reach = half.map(|half| times * half.max(usual));
            move |&[x1, x2]: &Vector| {
                (x1 - centre[0]).abs() <= reach[0] && (x2 - centre[1]).abs() <= reach[1]
            }
        };
        let (is_in_reach, is_near) = (is_within(FARTHEST), is_within(1.0));
        // In one pass: runs may be long.
        let (mut whole, mut near, mut stays) = (own, own, true);
        for point in run.points().map(drawn) {
            stays &= is_in_reach(&point);
            whole.include(point);
            if is_near(&point) {
                near.include(point);
            }
        }
        // Of a path that runs away, what it does before it leaves.
        if stays { whole } else { near }
    }

    /// The smallest extent that holds this one and `other`.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        self.include(other.low);
        self.include(other.high);
        self
    }

    /// Whether all of it can be seen in `view`. There is nothing to see of an empty extent.
    #[must_use]
    pub fn is_within(&self, view: &View) -> bool {
        let reach = [ASPECT * view.half_extent, view.half_extent];
        let mut sides = self.low.iter().zip(self.high).zip(view.centre).zip(reach);
        *self == Self::EMPTY
            || sides.all(|(((low, high), centre), reach)| {
                centre - reach <= *low && high <= centre + reach
            })
    }

    /// The view fitted to it, with a margin.
    #[must_use]
    pub fn view(&self) -> View {
        let Self { low, high } = *self;
        let half_extent =
            MARGIN * ((high[1] - low[1]) / 2.0).max((high[0] - low[0]) / 2.0 / ASPECT);
        if !(half_extent.is_finite() && half_extent < 1e6) {
            return View {
                centre: [0.0, 0.0],
                half_extent: 10.0,
            };
        }
        let half_extent = if half_extent > 0.0 { half_extent } else { 1.0 };
        let unit = 10_f64.powi(log10(half_extent).floor() as i32 - 2);
        let round = |value: f64| (value / unit).round() * unit;
        // Through text, so that 2.9000000000000004 does not end up in a link.
        let tidy = |value: f64| round_decimals(round(value), decimals(unit));
        View {
            centre: [
                tidy((low[0] + high[0]) / 2.0),
                tidy((low[1] + high[1]) / 2.0),
            ],
            half_extent: tidy(half_extent).max(unit),
        }
    }

    fn include(&mut self, point: Vector) {
        for ((low, high), value) in self.low.iter_mut().zip(&mut self.high).zip(point) {
            *low = low.min(value);
            *high = high.max(value);
        }
    }

    fn centre_and_half(&self) -> [Vector; 2] {
        let [[l1, l2], [h1, h2]] = [self.low, self.high];
        [
            [(l1 + h1) / 2.0, (l2 + h2) / 2.0],
            [(h1 - l1) / 2.0, (h2 - l2) / 2.0],
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Experiment, RuleName};
    use crate::trajectory;

    fn extent(learning_rate: f64) -> Extent {
        let adagrad = Experiment::default().optimizer(RuleName::from_name("adagrad").unwrap());
        let optimizer = adagrad.with_learning_rate(learning_rate);
        let run = trajectory::run(&Objective::F1, optimizer, [-5.0, -2.0], 20);
        Extent::of_run(&Objective::F1, &run)
    }

    #[test]
    fn a_fitted_view_holds_what_it_is_fitted_to() {
        for learning_rate in [0.01, 0.4, 2.0, 6.0] {
            let extent = extent(learning_rate);
            assert!(extent.is_within(&extent.view()), "{learning_rate}");
        }
        assert!(Extent::EMPTY.is_within(&extent(0.4).view()));
    }

    #[test]
    fn a_path_that_leaves_the_view_is_not_within_it() {
        // With η = 0.4 the run stays between start and minimum; with η = 6 its first step goes from
        // x₁ = −5 to 1 and from x₂ = −2 to 4.
        let view = extent(0.4).view();
        assert!(!extent(6.0).is_within(&view));
        let both = extent(0.4).with(&extent(6.0));
        assert!(both.is_within(&both.view()));
    }
}
