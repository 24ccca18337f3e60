//! Adagrad with the full matrix of gradient products.

use super::description::{Description, Details, EPSILON, ETA, Facts, PLAIN};
use super::formula::{Formula, When};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector, eigenvalues, larger_eigenvector};
use crate::parameter::{Values, values};

/// Full-matrix Adagrad, Gₜ = Gₜ₋₁ + gₜ gₜᵀ, xₜ = xₜ₋₁ − η (Gₜ + εI)^(−1/2) gₜ.
///
/// Where Gₜ + εI is singular, as after the first step without ε, the pseudo-inverse root: along an
/// eigenvector without accumulated gradient nothing moves. Singular is an eigenvalue below 16 f64
/// roundings of the larger one. State: the diagonal of G in the accumulator, its other entry first
/// in the memory, all 0 at first. The effective rate is η times the diagonal of the root. After
/// Duchi, Hazan & Singer (2011), equation 1 and figure 1, with D2L's place for ε.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdagradFull {
    /// η > 0.
    pub learning_rate: f64,
    /// ε ≥ 0, in the units of G.
    pub epsilon: f64,
}

pub(super) static DESCRIPTION: Description = Description {
    name: "adagrad_full",
    label: "full-matrix Adagrad",
    parameters: &[ETA, EPSILON],
    state_symbols: ["G_t,11", "G_t,22", "G_t,12", ""],
    facts: Facts {
        adapts_rate: true,
        accumulates_squares: true,
        momentum: false,
        stays_once_still: false,
    },
    build: |values| AdagradFull::from_values(values).into(),
    ..PLAIN
};

pub(super) static DETAILS: Details = Details {
    // The inverse root in closed form: with D = √det A and T = √(tr A + 2D), √A = (A + D I)/T and
    // its inverse is (adj A + D I)/(D T). Where A is singular, G is a multiple of the projection
    // on its one direction, and the pseudo-inverse root is G/(tr G √(tr G + ε)).
    formulas: &[
        Formula::new("accumulator", "s", "", "s' + g^2"),
        Formula::new("product", "m1", "", "m1' + g1*g2"),
        // det A/(tr A)², which is the smaller eigenvalue over the larger where that is small.
        Formula::new(
            "",
            "share",
            "",
            "((s1 + eps)*(s2 + eps) - m1^2)/(s1 + s2 + 2*eps)^2",
        ),
        Formula::new("", "trace", "", "s1 + s2"),
        Formula::new(
            "root of determinant",
            "D",
            "D",
            "sqrt((s1 + eps)*(s2 + eps) - m1^2)",
        )
        .when(&[REGULAR]),
        Formula::new("root of trace", "T", "T", "sqrt(s1 + s2 + 2*eps + 2*D)").when(&[REGULAR]),
        Formula::new("effective rate", "rate", "P_11", "eta*(s2 + eps + D)/(D*T)")
            .when(&[REGULAR, When::Coordinate(0)]),
        Formula::new("effective rate", "rate", "P_22", "eta*(s1 + eps + D)/(D*T)")
            .when(&[REGULAR, When::Coordinate(1)]),
        Formula::new("coupling", "coupling", "P_12", "-eta*m1/(D*T)").when(&[REGULAR]),
        Formula::new("root of trace", "T", "T", "sqrt(s1 + s2 + eps)").when(&[SINGULAR_HERE]),
        Formula::new("effective rate", "rate", "P_11", "eta*s1/((s1 + s2)*T)")
            .when(&[SINGULAR_HERE, When::Coordinate(0)]),
        Formula::new("effective rate", "rate", "P_22", "eta*s2/((s1 + s2)*T)")
            .when(&[SINGULAR_HERE, When::Coordinate(1)]),
        Formula::new("coupling", "coupling", "P_12", "eta*m1/((s1 + s2)*T)")
            .when(&[SINGULAR_HERE, When::NonZero("trace")]),
        Formula::new("update", "update", "", "rate*g1 + coupling*g2")
            .when(&[When::NonZero("trace"), When::Coordinate(0)]),
        Formula::new("update", "update", "", "coupling*g1 + rate*g2")
            .when(&[When::NonZero("trace"), When::Coordinate(1)]),
        // Without any gradient yet the pseudo-inverse is 0.
        Formula::new("update", "update", "", "rate*g").when(&[When::Zero("trace")]),
    ],
    state: "d² sums of products",
    cost: "d³",
    fixes: "Valleys that run across the axes, which per-coordinate rates cannot see.",
};

/// Up to this share of the larger eigenvalue the smaller one is rounding.
const SINGULAR: f64 = 16.0 * f64::EPSILON;

/// A = G + εI has an inverse root.
const REGULAR: When = When::Above("share", SINGULAR);

/// It has a pseudo-inverse root only.
const SINGULAR_HERE: When = When::AtMost("share", SINGULAR);

impl AdagradFull {
    pub(super) fn from_values(&[learning_rate, epsilon, ..]: &Values) -> Self {
        Self {
            learning_rate,
            epsilon,
        }
    }

    pub(super) fn values(&self) -> Values {
        values(&[self.learning_rate, self.epsilon])
    }
}

impl UpdateRule for AdagradFull {
    fn initial_state(&self, _: &Problem, _: Vector) -> State {
        State::ZERO
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        let [g1, g2] = at.gradient;
        let State {
            accumulator: [first, second],
            memory: [product, _],
        } = state;
        *first += g1 * g1;
        *second += g2 * g2;
        *product += g1 * g2;
        let matrix = [[*first, *product], [*product, *second]];

        let [v1, v2] = larger_eigenvector(matrix);
        let [smaller, larger] = eigenvalues(matrix);
        // Products of gradients have no negative eigenvalue: below 0 is rounding.
        let smaller = smaller.max(0.0) + self.epsilon;
        let larger = larger + self.epsilon;
        let inverse_root = |eigenvalue: f64| {
            // Not `<=` negated: what is not a number must stay so.
            if eigenvalue <= SINGULAR * larger {
                0.0
            } else {
                self.learning_rate / eigenvalue.sqrt()
            }
        };
        let (along_rate, across_rate) = (inverse_root(larger), inverse_root(smaller));
        let along = along_rate * (v1 * g1 + v2 * g2);
        let across = across_rate * (v1 * g2 - v2 * g1);
        Some(Moved {
            effective_learning_rate: [
                along_rate * v1 * v1 + across_rate * v2 * v2,
                along_rate * v2 * v2 + across_rate * v1 * v1,
            ],
            update: [v1 * along - v2 * across, v2 * along + v1 * across],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspector::WrittenStep;
    use crate::objective::Objective;
    use crate::optimizer::rule::weights_after;
    use crate::trajectory::run;

    const PLAIN: AdagradFull = AdagradFull {
        learning_rate: 0.5,
        epsilon: 0.0,
    };

    fn assert_close(actual: Vector, expected: Vector) {
        // A few roundings of numbers of size 1.
        for (actual, expected) in actual.into_iter().zip(expected) {
            assert!((actual - expected).abs() < 2e-15, "{actual} {expected}");
        }
    }

    /// By hand: the first step without ε is η along the gradient, (3, 4)/5.
    #[test]
    fn the_first_step_is_eta_along_the_gradient() {
        assert_close(weights_after(&PLAIN, &[[3.0, 4.0]])[0], [-0.3, -0.4]);
        assert_eq!(weights_after(&PLAIN, &[[0.0, 0.0]])[0], [-0.0, -0.0]);
    }

    /// By hand: f2's gradient at (−5, −2) has both entries, so that G has rank 1; f1's at (−5, 0) has one,
    /// at (0, 0) none. What is written is what is done, to a few roundings of numbers of size 1.
    #[test]
    fn a_singular_matrix_is_written_as_it_is_divided_by() {
        for (objective, start) in [
            (Objective::F2, [-5.0, -2.0]),
            (Objective::F1, [-5.0, 0.0]),
            (Objective::F1, [0.0, 0.0]),
        ] {
            let trajectory = run(&objective, PLAIN, start, 1);
            let optimizer = PLAIN.into();
            let step = WrittenStep::new(&optimizer, 1.0, &trajectory, 1).unwrap();
            for coordinate in [0, 1] {
                for (name, computed, recorded) in step.values(coordinate) {
                    let recorded = recorded.unwrap_or(computed);
                    let of_nothing = start == [0.0, 0.0] && ["share", "rate"].contains(&name);
                    assert!(
                        of_nothing || (computed - recorded).abs() < 4e-15,
                        "{name} {computed} {recorded}"
                    );
                }
                for line in step.lines(coordinate) {
                    assert!(!line.mathml.contains("not a number"), "{}", line.mathml);
                }
            }
        }
    }

    /// By hand: gradients along the axes make G diagonal, and the rule the diagonal one.
    #[test]
    fn along_the_axes_it_is_the_diagonal_rule() {
        let weights = weights_after(&PLAIN, &[[3.0, 0.0], [0.0, -2.0], [4.0, 0.0]]);
        assert_close(weights[1], [-0.5, 0.5]);
        assert_close(weights[2], [-0.5 - 0.5 * 4.0 / 5.0, 0.5]);
    }

    /// By hand: (1, 1) and (1, −1) make G = 2I; the step is η g/√2.
    #[test]
    fn gradients_of_every_direction_make_the_rates_equal() {
        let weights = weights_after(&PLAIN, &[[1.0, 1.0], [1.0, -1.0]]);
        let [x1, x2] = weights[0];
        let step = 0.5 / 2.0_f64.sqrt();
        assert_close(weights[1], [x1 - step, x2 + step]);
    }
}
