//! Which part of the plane to show.

use crate::math::log10;
use crate::number::round_decimals;
use crate::objective::{Objective, Vector};
use crate::settings::View;
use crate::trajectory::Trajectory;

/// A path that leads farther than this many times the usual extent runs away.
const FARTHEST: f64 = 4.0;

/// A view that holds the start, the minimum nearest to it and the whole of every path, with a
/// margin; where no minimum is known, the part of the plane that the objective's description names.
///
/// A path that runs away does not take the view along. Rounded to a thousandth of its extent, so
/// that a link can carry it in a few digits.
#[must_use]
pub fn fitted_view(objective_and_run: &[(Objective, &Trajectory)]) -> View {
    let mut extent = Extent::EMPTY;
    for (objective, run) in objective_and_run {
        let description = objective.description();
        let usual = description.view_half_extent;
        let mut own = Extent::EMPTY;
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
        let points = || run.points().map(drawn);
        if points().all(|point| is_within(FARTHEST)(&point)) {
            points().for_each(|point| own.include(point));
        } else {
            // What it does before it leaves.
            let near = is_within(1.0);
            points().filter(near).for_each(|point| own.include(point));
        }
        extent.include(own.low);
        extent.include(own.high);
    }
    let Extent { low, high } = extent;
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

fn decimals(unit: f64) -> usize {
    (-log10(unit).round()).max(0.0) as usize
}

/// The smallest rectangle around the points included.
struct Extent {
    low: Vector,
    high: Vector,
}

impl Extent {
    const EMPTY: Self = Self {
        low: [f64::INFINITY; 2],
        high: [f64::NEG_INFINITY; 2],
    };

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
