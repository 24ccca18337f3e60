//! Adagrad with a diagonal accumulator, in every convention that course material uses.

use super::EpsilonPlacement;
use super::description::{Description, Details, EPSILON, ETA, Facts, PLACEMENT};
use super::epsilon::quotient_rate;
use super::formula::{Formula, SQUARED, UPDATE, When};
use super::rule::{At, Moved, State, UpdateRule};
use crate::objective::{Problem, Vector};
use crate::parameter::{Domain, Invalid, Kind, Parameter, Range, Scale, Values, values};

/// Whether the current gradient is in the accumulator when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// sₜ = sₜ₋₁ + gₜ², then step with sₜ: the published rule.
    Accumulate,
    /// Step with sₜ₋₁, then sₜ = sₜ₋₁ + gₜ²: one course's notebook does this.
    Step,
}

impl Order {
    /// The orders' names in links and scripts, in the order of their index as a choice.
    pub const NAMES: &'static [&'static str] = &["accumulate", "step"];
}

/// Adagrad's configuration.
///
/// For t = 1, 2, …, elementwise over the coordinates, with gₜ = ∇f(xₜ₋₁) + λ xₜ₋₁:
///
/// ```text
/// sₜ = sₜ₋₁ + gₜ²
/// ηₜ = η / (1 + (t − 1) d)
/// xₜ = xₜ₋₁ − ηₜ gₜ / √(sₜ + ε)     (ε inside the root)
/// xₜ = xₜ₋₁ − ηₜ gₜ / (√sₜ + ε)     (ε outside)
/// ```
///
/// After Duchi, Hazan & Singer (2011), figure 1, diagonal version, which adds δ outside the root;
/// the decay d is PyTorch's `lr_decay`, the weight decay λ its `weight_decay`. [`Order::Step`] uses
/// sₜ₋₁ in place of sₜ in the root. State: s in the accumulator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adagrad {
    /// η > 0.
    pub learning_rate: f64,
    /// ε ≥ 0, in the units of s inside the root and of √s outside.
    pub epsilon: f64,
    /// Inside or outside the root.
    pub epsilon_placement: EpsilonPlacement,
    /// s₀ ≥ 0, the same for every coordinate.
    pub initial_accumulator: f64,
    /// d ≥ 0.
    pub learning_rate_decay: f64,
    /// Accumulate first, or step first.
    pub order: Order,
    /// λ ≥ 0: a pull towards the origin, added to the gradient.
    pub weight_decay: f64,
}

const EPSILON_INSIDE: When = When::Zero("epsat");
const EPSILON_OUTSIDE: When = When::NonZero("epsat");
const ACCUMULATE_FIRST: When = When::Zero("order");
const STEP_FIRST: When = When::NonZero("order");

pub(super) static DESCRIPTION: Description = Description {
    name: "adagrad",
    label: "Adagrad",
    parameters: &[
        ETA,
        EPSILON,
        PLACEMENT,
        Parameter::number(
            "s0",
            "s₀",
            "initial accumulator",
            &[0.0],
            (
                Domain::NonNegative,
                Range::new(0.0, 1e3),
                Scale::LogWithZero { smallest: 1e-6 },
            ),
        )
        .script("initialAccumulator")
        .shared(),
        Parameter::number(
            "decay",
            "d",
            "learning-rate decay",
            &[0.0],
            (
                Domain::NonNegative,
                Range::new(0.0, 10.0),
                Scale::LogWithZero { smallest: 1e-6 },
            ),
        )
        .script("learningRateDecay")
        .shared(),
        Parameter {
            query: "order",
            script: "order",
            symbol: "",
            label: "order",
            kind: Kind::Choice {
                names: Order::NAMES,
            },
            shared: true,
        },
        Parameter::number(
            "wd",
            "λ",
            "weight decay",
            &[0.0],
            (
                Domain::NonNegative,
                Range::new(0.0, 10.0),
                Scale::LogWithZero { smallest: 1e-6 },
            ),
        )
        .script("weightDecay"),
    ],
    state_symbols: ["s_t", "s_t", "", ""],
    facts: Facts {
        adapts_rate: true,
        accumulates_squares: true,
        momentum: false,
        stays_once_still: true,
    },
    build: |values| Adagrad::from_values(values).into(),
    together: |values| Adagrad::from_values(values).check_first_step(),
};

pub(super) static DETAILS: Details = Details {
    formulas: &[
        Formula::new("with weight decay", "g", "", "grad + wd*x'").when(&[When::NonZero("wd")]),
        SQUARED,
        Formula::new("accumulator", "s", "", "s' + squared"),
        Formula::new("root", "root", "", "sqrt(s + eps)").when(&[ACCUMULATE_FIRST, EPSILON_INSIDE]),
        Formula::new("root", "root", "", "sqrt(s) + eps")
            .when(&[ACCUMULATE_FIRST, EPSILON_OUTSIDE]),
        Formula::new("root", "root", "", "sqrt(s' + eps)").when(&[STEP_FIRST, EPSILON_INSIDE]),
        Formula::new("root", "root", "", "sqrt(s') + eps").when(&[STEP_FIRST, EPSILON_OUTSIDE]),
        Formula::new("effective rate", "rate", "", "eta/root").when(&[When::Zero("decay")]),
        Formula::new("", "before", "", "t - 1"),
        Formula::new(
            "effective rate",
            "rate",
            "",
            "eta/((1 + before*decay)*root)",
        )
        .when(&[When::NonZero("decay")]),
        UPDATE,
    ],
    state: "d sums of squares",
    cost: "d",
    fixes: "One rate for all: each coordinate gets its own from its own gradients.",
};

impl Adagrad {
    pub(super) fn from_values(values: &Values) -> Self {
        let &[
            learning_rate,
            epsilon,
            placement,
            initial_accumulator,
            learning_rate_decay,
            order,
            weight_decay,
            ..,
        ] = values;
        Self {
            learning_rate,
            epsilon,
            epsilon_placement: EpsilonPlacement::from_index(placement),
            initial_accumulator,
            learning_rate_decay,
            order: if order == 0.0 {
                Order::Accumulate
            } else {
                Order::Step
            },
            weight_decay,
        }
    }

    pub(super) fn values(&self) -> Values {
        values(&[
            self.learning_rate,
            self.epsilon,
            self.epsilon_placement.index(),
            self.initial_accumulator,
            self.learning_rate_decay,
            match self.order {
                Order::Accumulate => 0.0,
                Order::Step => 1.0,
            },
            self.weight_decay,
        ])
    }

    /// Checks every field.
    ///
    /// # Errors
    /// The first field outside its domain; an ε of 0 where stepping first would divide by it.
    pub fn validate(&self) -> Result<(), Invalid> {
        DESCRIPTION.validate(&self.values())
    }

    fn check_first_step(&self) -> Result<(), Invalid> {
        if self.order == Order::Step && self.initial_accumulator == 0.0 && self.epsilon == 0.0 {
            return Err(Invalid {
                owner: DESCRIPTION.name,
                parameter: "epsilon",
                allowed: "above 0 when order is \"step\" and the initial accumulator is 0"
                    .to_owned(),
                given: 0.0,
            });
        }
        Ok(())
    }

    /// √(s + ε) or √s + ε.
    #[inline]
    #[must_use]
    pub fn denominator(&self, accumulator: f64) -> f64 {
        self.epsilon_placement
            .denominator(accumulator, self.epsilon)
    }

    /// One coordinate's effective rate.
    #[inline]
    fn rate(&self, base_rate: f64, accumulator: &mut f64, gradient: f64) -> f64 {
        let before = *accumulator;
        *accumulator += gradient * gradient;
        let used = match self.order {
            Order::Accumulate => *accumulator,
            Order::Step => before,
        };
        quotient_rate(base_rate, self.denominator(used), gradient)
    }
}

impl UpdateRule for Adagrad {
    fn initial_state(&self, _: &Problem, _: Vector) -> State {
        State {
            accumulator: [self.initial_accumulator; 2],
            ..State::ZERO
        }
    }

    #[inline]
    fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
        let steps_before = f64::from(at.step.saturating_sub(1));
        let base_rate = self.learning_rate / (1.0 + steps_before * self.learning_rate_decay);
        // No branch for the usual λ = 0, which adds 0: see `EpsilonPlacement::denominator`.
        let gradient = [
            at.gradient[0] + self.weight_decay * at.point[0],
            at.gradient[1] + self.weight_decay * at.point[1],
        ];
        let rates = [
            self.rate(base_rate, &mut state.accumulator[0], gradient[0]),
            self.rate(base_rate, &mut state.accumulator[1], gradient[1]),
        ];
        Some(Moved::along(rates, gradient))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
    use crate::optimizer::rule::first_step;
    use crate::trajectory::run;

    // Evidence: steps computed by hand.

    /// Without ε, s₀ and decay; each test names what it adds.
    const PLAIN: Adagrad = Adagrad {
        learning_rate: 0.4,
        epsilon: 0.0,
        epsilon_placement: EpsilonPlacement::Inside,
        initial_accumulator: 0.0,
        learning_rate_decay: 0.0,
        order: Order::Accumulate,
        weight_decay: 0.0,
    };

    /// Within 1e-8, the digits that the hand computations carry.
    #[track_caller]
    fn assert_close(actual: Vector, expected: Vector) {
        for (actual, expected) in actual.into_iter().zip(expected) {
            assert!((actual - expected).abs() < 1e-8, "{actual} {expected}");
        }
    }

    #[test]
    fn epsilon_stands_inside_or_outside_the_root() {
        // g = (4, 4) on s₀ = 9 makes s = 25: √(25 + 11) = √25 + 1 = 6.
        let base = Adagrad {
            initial_accumulator: 9.0,
            ..PLAIN
        };
        for (epsilon_placement, epsilon) in [
            (EpsilonPlacement::Inside, 11.0),
            (EpsilonPlacement::Outside, 1.0),
        ] {
            let optimizer = Adagrad {
                epsilon,
                epsilon_placement,
                ..base
            };
            let (step, state) = first_step(&optimizer, [4.0, -4.0]);
            assert_eq!(state.accumulator, [25.0, 25.0]);
            assert_eq!(step.effective_learning_rate, [0.4 / 6.0; 2]);
            assert_close(step.update, [1.6 / 6.0, -1.6 / 6.0]);
        }
    }

    #[test]
    fn stepping_first_uses_the_old_accumulator() {
        // f1 from (−5, −2), s₀ = 1: g = (−1, −8) at rate 0.4/√1, then s = (2, 65);
        // g = (−0.92, 4.8) at rates 0.4/√2 = 0.28284271 and 0.4/√65 = 0.04961389.
        let optimizer = Adagrad {
            initial_accumulator: 1.0,
            order: Order::Step,
            ..PLAIN
        };
        let trajectory = run(&Objective::F1, optimizer, [-5.0, -2.0], 2);
        assert_close(trajectory.point(1), [-4.6, 1.2]);
        assert_close(trajectory.accumulator(1), [2.0, 65.0]);
        assert_close(trajectory.point(2), [-4.339_784_71, 0.961_853_31]);
        assert_close(trajectory.accumulator(2), [2.846_4, 88.04]);
    }

    #[test]
    fn decay_divides_the_base_rate_from_step_2_on() {
        // f1 from (4, 3), η = 1: step 1 is 1 in both coordinates whatever d. At (3, 2)
        // g = (0.6, 8), s = (1, 208), and η = 1/(1 + 0.5) = 2/3: x₁ moves by 0.4, x₂ by
        // 2/3 · 8/√208 = 0.36980013.
        let optimizer = Adagrad {
            learning_rate: 1.0,
            learning_rate_decay: 0.5,
            ..PLAIN
        };
        let trajectory = run(&Objective::F1, optimizer, [4.0, 3.0], 2);
        assert_close(trajectory.point(1), [3.0, 2.0]);
        assert_close(trajectory.point(2), [2.6, 1.630_199_87]);
    }

    #[test]
    fn weight_decay_adds_to_the_gradient_before_everything() {
        // f1 from (−5, −2), λ = 0.2: g = (−1 − 1, −8 − 0.4) and the first step is η in both.
        let optimizer = Adagrad {
            weight_decay: 0.2,
            ..PLAIN
        };
        let trajectory = run(&Objective::F1, optimizer, [-5.0, -2.0], 1);
        assert_close(trajectory.accumulator(1), [4.0, 70.56]);
        assert_close(trajectory.point(1), [-4.6, -1.6]);
        // Where f is flat the weight still decays.
        let inert = run(&Objective::Square, optimizer, [0.0, 1.0], 1);
        assert_close(inert.point(1), [0.0, 0.6]);
        assert_eq!(inert.steps[0].gradient, [0.0, 0.0]);
    }

    #[test]
    fn a_zero_gradient_without_epsilon_moves_nothing() {
        let step = first_step(&PLAIN, [0.0, 2.0]).0;
        assert_eq!(step.update, [0.0, 0.4]);
        assert_eq!(step.effective_learning_rate, [0.0, 0.2]);
    }

    #[test]
    fn what_cannot_be_used_is_refused_by_name() {
        assert_eq!(PLAIN.validate(), Ok(()));
        let message = |optimizer: Adagrad| optimizer.validate().unwrap_err().to_string();
        for learning_rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(
                message(Adagrad {
                    learning_rate,
                    ..PLAIN
                }),
                format!(
                    "learningRate of adagrad must be a finite number above 0, got {learning_rate}"
                )
            );
        }
        assert_eq!(
            message(Adagrad {
                epsilon: -1.0,
                ..PLAIN
            }),
            "epsilon of adagrad must be a finite number, at least 0, got -1"
        );
        assert_eq!(
            message(Adagrad {
                initial_accumulator: f64::NAN,
                ..PLAIN
            }),
            "initialAccumulator of adagrad must be a finite number, at least 0, got NaN"
        );
        assert_eq!(
            message(Adagrad {
                learning_rate_decay: -0.1,
                ..PLAIN
            }),
            "learningRateDecay of adagrad must be a finite number, at least 0, got -0.1"
        );
        let step_first = Adagrad {
            order: Order::Step,
            ..PLAIN
        };
        assert_eq!(
            message(step_first),
            "epsilon of adagrad must be above 0 when order is \"step\" and the initial accumulator is 0, \
             got 0"
        );
        for enough in [
            Adagrad {
                epsilon: 1e-6,
                ..step_first
            },
            Adagrad {
                initial_accumulator: 1.0,
                ..step_first
            },
        ] {
            assert_eq!(enough.validate(), Ok(()));
        }
    }
}
