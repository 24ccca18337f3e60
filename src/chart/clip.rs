//! Cutting segments to a rectangle (Liang & Barsky 1984).
//!
//! Runs may leave the view by any number of decades; what is drawn must not.

use super::projection::{Pixel, Rect};

/// The part of the segment from `a` to `b` inside `rect`, if any.
pub(super) fn segment(a: Pixel, b: Pixel, rect: &Rect) -> Option<(Pixel, Pixel)> {
    if ![a[0], a[1], b[0], b[1]].iter().all(|v| v.is_finite()) {
        return None;
    }
    let delta = [b[0] - a[0], b[1] - a[1]];
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (step, gap) in [
        (-delta[0], a[0] - rect.left),
        (delta[0], rect.right - a[0]),
        (-delta[1], a[1] - rect.top),
        (delta[1], rect.bottom - a[1]),
    ] {
        if step == 0.0 {
            if gap < 0.0 {
                return None;
            }
        } else if step < 0.0 {
            enter = enter.max(gap / step);
        } else {
            leave = leave.min(gap / step);
        }
    }
    if enter > leave {
        return None;
    }
    let at = |share: f64| [a[0] + share * delta[0], a[1] + share * delta[1]];
    // An end that is very far away leaves few digits, or none, for where an edge is crossed.
    let within = |[x, y]: Pixel| {
        [
            x.max(rect.left).min(rect.right),
            y.max(rect.top).min(rect.bottom),
        ]
    };
    // Ends inside stay to the last bit, so that the pieces of a polyline join.
    let first = if enter == 0.0 { a } else { at(enter) };
    let last = if leave == 1.0 { b } else { at(leave) };
    Some((within(first), within(last)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect {
        left: 0.0,
        top: 0.0,
        right: 1.0,
        bottom: 1.0,
    };

    #[test]
    fn a_segment_inside_is_kept_whole() {
        let (a, b) = ([0.2, 0.3], [0.9, 0.4]);
        assert_eq!(segment(a, b, &UNIT), Some((a, b)));
    }

    #[test]
    fn a_segment_across_is_cut_at_both_sides() {
        assert_eq!(
            segment([-1.0, 0.5], [3.0, 0.5], &UNIT),
            Some(([0.0, 0.5], [1.0, 0.5]))
        );
    }

    #[test]
    fn a_segment_past_a_corner_is_dropped() {
        assert_eq!(segment([-0.5, 0.4], [0.4, -0.6], &UNIT), None);
    }

    /// What is cut is inside, also where the difference of the ends has no digit for the edge: dashes
    /// along a line that leaves the figure by 10²⁴ pixels would never end.
    #[test]
    fn a_segment_from_very_far_is_cut_at_the_side() {
        for far in [1e20_f64, 1e40, 1e300] {
            for (a, b) in [
                ([0.5, -far], [0.6, 0.5]),
                ([0.6, 0.5], [far, -far]),
                ([0.5, -far], [0.5, far.sqrt()]),
            ] {
                if let Some((first, last)) = segment(a, b, &UNIT) {
                    let mut ends = [first, last].into_iter().flatten();
                    assert!(
                        ends.all(|end| (0.0..=1.0).contains(&end)),
                        "{first:?} {last:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn values_that_are_not_finite_are_dropped() {
        assert_eq!(segment([f64::NAN, 0.4], [0.4, 0.6], &UNIT), None);
        assert_eq!(segment([0.1, 0.4], [f64::INFINITY, 0.6], &UNIT), None);
    }
}
