//! Which part of the plane to show.

use crate::objective::{Objective, Vector};
use crate::settings::View;
use crate::trajectory::Trajectory;

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
