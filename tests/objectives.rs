//! What holds for every objective: its derivatives are its own, and its minima are.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets what it does not expect should stop there"
)]

use adagrad_lab::objective::{DESCRIPTIONS, Minima, Objective, Vector};
use adagrad_lab::parameter::Values;
use proptest::prelude::*;

/// Any objective, with parameters around its defaults.
fn objective() -> impl Strategy<Value = Objective> {
    let any_description = 0..DESCRIPTIONS.len();
    (any_description, [0.5..2.0, 0.5..2.0, 0.5..2.0]).prop_map(|(index, factors)| {
        let description = &DESCRIPTIONS[index];
        let mut values: Values = description.defaults();
        for (value, factor) in values.iter_mut().zip(factors) {
            // A whole number stays one: k, the number of steps, does not change f.
            if description.name != "nonstationary" {
                *value *= factor;
            }
        }
        description.objective(&values).unwrap()
    })
}

fn point() -> impl Strategy<Value = Vector> {
    [-3.0..3.0, -3.0..3.0]
}

/// The largest |f| on the square of side 4h around x: what rounds in a difference quotient.
fn spread(f: impl Fn(Vector) -> f64, x: Vector, h: f64) -> f64 {
    let mut largest = 0.0_f64;
    for i in -2..=2 {
        for j in -2..=2 {
            let at = [x[0] + f64::from(i) * h, x[1] + f64::from(j) * h];
            largest = largest.max(f(at).abs());
        }
    }
    largest
}

/// (f(x − 2h) − 8 f(x − h) + 8 f(x + h) − f(x + 2h)) / 12h in direction i, which is exact for
/// polynomials up to degree 4.
fn slope(f: impl Fn(Vector) -> f64, x: Vector, i: usize, h: f64) -> f64 {
    let at = |steps: f64| {
        let mut x = x;
        x[i] += steps * h;
        f(x)
    };
    (at(-2.0) - 8.0 * at(-1.0) + 8.0 * at(1.0) - at(2.0)) / (12.0 * h)
}

proptest! {
    /// h = 2⁻⁸. Rounding: 1.5/h · 2⁻⁵³ of the values, 5e-14 of them, and of the few terms that they
    /// are made of. Cut off: h⁴/30 f⁽⁵⁾, which is 0 for polynomials of degree 4; f⁽⁵⁾ is at most
    /// 720 x₁² x₂ < 2e4 for Beale's and below 50 for the nonstationary one: 1.6e-7.
    #[test]
    fn gradients_are_slopes(objective in objective(), x in point()) {
        let h = 1.0 / 256.0;
        let gradient = objective.gradient(x);
        let f = |x| objective.value(x);
        for i in 0..2 {
            let difference = (slope(f, x, i, h) - gradient[i]).abs();
            prop_assert!(
                difference <= 2e-7 + 1e-12 * spread(f, x, h),
                "{:?} at {:?}: {} against {:?}", objective, x, slope(f, x, i, h), gradient
            );
        }
    }

    /// As above, of the gradients: Beale's sixth derivatives are at most 1440 x₁ x₂ < 1.3e4.
    #[test]
    fn hessians_are_slopes_of_gradients(objective in objective(), x in point()) {
        let h = 1.0 / 256.0;
        let hessian = objective.hessian(x);
        for (i, row) in hessian.iter().enumerate() {
            for (j, entry) in row.iter().enumerate() {
                let component = |x| objective.gradient(x)[j];
                let difference = (slope(component, x, i, h) - entry).abs();
                prop_assert!(
                    difference <= 2e-7 + 1e-12 * spread(component, x, h),
                    "{:?} at {:?}: [{}][{}] of {:?}", objective, x, i, j, hessian
                );
            }
        }
        prop_assert_eq!(hessian[0][1], hessian[1][0]);
    }

    /// Nowhere is f below its value at a minimiser, which for all of these is 0 up to the rounding
    /// of the minimiser's coordinates.
    #[test]
    fn nothing_is_below_the_minima(objective in objective(), x in point()) {
        if let Some(minimiser) = objective.minima().nearest(x) {
            let lowest = objective.value(minimiser);
            prop_assert!(lowest < 1e-25);
            prop_assert!(objective.value(x) >= 0.0);
            let gradient = objective.gradient(minimiser);
            // Coordinates right to 1 ulp, times curvatures of up to 1e3.
            prop_assert!(gradient.iter().all(|g| g.abs() < 1e-11), "{gradient:?}");
        } else {
            prop_assert_eq!(objective.minima(), Minima::Unbounded);
        }
    }
}

/// Evidence: by definition, the course material's 20 (f1, f2), 100 (L = 1, 100) and the bowl's 10.
#[test]
fn condition_numbers() {
    for (name, expected) in [
        ("f1", Some(20.0)),
        ("f2", Some(20.0)),
        ("rotated", Some(20.0)),
        ("bowl", Some(10.0)),
        ("diagonal", Some(100.0)),
        ("square", None),
        ("saddle", None),
        ("rosenbrock", None),
        ("least_squares", None),
    ] {
        let description = DESCRIPTIONS.iter().find(|d| d.name == name).unwrap();
        let objective = description.objective(&description.defaults()).unwrap();
        match (objective.condition_number(), expected) {
            // A few roundings of eigenvalues computed from a turned matrix.
            (Some(actual), Some(expected)) => {
                assert!((actual / expected - 1.0).abs() < 1e-13, "{name}: {actual}");
            }
            (actual, expected) => assert_eq!(actual, expected, "{name}"),
        }
    }
}

/// The part of the plane that a description shows holds its start and a minimum, and something moves
/// from there.
#[test]
fn views_hold_start_and_minimum() {
    for description in &DESCRIPTIONS {
        let objective = description.objective(&description.defaults()).unwrap();
        let inside = |x: Vector| {
            (0..2)
                .all(|i| (x[i] - description.view_centre[i]).abs() <= description.view_half_extent)
        };
        let start = description.start;
        assert!(inside(start), "{}", description.name);
        if let Some(minimiser) = objective.minima().nearest(start) {
            assert!(inside(minimiser), "{}", description.name);
        }
        assert_ne!(objective.gradient(start), [0.0, 0.0]);
    }
}
