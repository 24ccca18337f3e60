//! Adagrad with a diagonal accumulator, in every convention that course material uses.

use crate::objective::Vector;

/// Where ε stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpsilonPlacement {
    /// η / √(s + ε): D2L, MXNet, Keras 3.
    Inside,
    /// η / (√s + ε): Duchi, Hazan & Singer, PyTorch, TensorFlow's Keras.
    Outside,
}

/// Whether the current gradient is in the accumulator when it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// sₜ = sₜ₋₁ + gₜ², then step with sₜ: the published rule.
    Accumulate,
    /// Step with sₜ₋₁, then sₜ = sₜ₋₁ + gₜ²: one course's notebook does this.
    Step,
}

/// Adagrad's configuration.
///
/// For t = 1, 2, …, elementwise over the coordinates, with gₜ = ∇f(xₜ₋₁):
///
/// ```text
/// sₜ = sₜ₋₁ + gₜ²
/// ηₜ = η / (1 + (t − 1) d)
/// xₜ = xₜ₋₁ − ηₜ gₜ / √(sₜ + ε)     (ε inside the root)
/// xₜ = xₜ₋₁ − ηₜ gₜ / (√sₜ + ε)     (ε outside)
/// ```
///
/// After Duchi, Hazan & Singer (2011), figure 1, diagonal version, which adds δ outside the root;
/// the decay d is PyTorch's `lr_decay`. [`Order::Step`] uses sₜ₋₁ in place of sₜ in the root.
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
}

/// Why a configuration is refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum InvalidAdagrad {
    /// η is not usable.
    #[error("learning rate must be finite and above 0, got {0}")]
    LearningRate(f64),
    /// ε is not usable.
    #[error("epsilon must be finite and at least 0, got {0}")]
    Epsilon(f64),
    /// s₀ is not usable.
    #[error("initial accumulator must be finite and at least 0, got {0}")]
    InitialAccumulator(f64),
    /// d is not usable.
    #[error("learning-rate decay must be finite and at least 0, got {0}")]
    LearningRateDecay(f64),
    /// The first step would divide by 0.
    #[error(
        "stepping before accumulating needs an initial accumulator or an epsilon above 0, got 0 for both"
    )]
    StepFirstFromZero,
}

/// What one step did to both coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdagradStep {
    /// All that multiplies the gradient, decay included. 0 where the denominator and the
    /// gradient both are: nothing moves, and 0/0 has no value to show.
    pub effective_learning_rate: Vector,
    /// Effective rate × gradient; the point moves by its negative.
    pub update: Vector,
}

impl Adagrad {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field outside its range, with the value given.
    pub fn validate(&self) -> Result<(), InvalidAdagrad> {
        let at_least_zero = |value: f64| value.is_finite() && value >= 0.0;
        if !(self.learning_rate.is_finite() && self.learning_rate > 0.0) {
            return Err(InvalidAdagrad::LearningRate(self.learning_rate));
        }
        if !at_least_zero(self.epsilon) {
            return Err(InvalidAdagrad::Epsilon(self.epsilon));
        }
        if !at_least_zero(self.initial_accumulator) {
            return Err(InvalidAdagrad::InitialAccumulator(self.initial_accumulator));
        }
        if !at_least_zero(self.learning_rate_decay) {
            return Err(InvalidAdagrad::LearningRateDecay(self.learning_rate_decay));
        }
        if self.order == Order::Step && self.initial_accumulator == 0.0 && self.epsilon == 0.0 {
            return Err(InvalidAdagrad::StepFirstFromZero);
        }
        Ok(())
    }

    /// The accumulator before the first step.
    #[must_use]
    pub fn initial_state(&self) -> Vector {
        [self.initial_accumulator; 2]
    }

    /// Step `t` (from 1): updates `accumulator` from sₜ₋₁ to sₜ and tells how far to move.
    pub fn step(&self, t: u32, accumulator: &mut Vector, gradient: Vector) -> AdagradStep {
        let base_rate =
            self.learning_rate / (1.0 + f64::from(t.saturating_sub(1)) * self.learning_rate_decay);
        let first = self.coordinate_step(base_rate, &mut accumulator[0], gradient[0]);
        let second = self.coordinate_step(base_rate, &mut accumulator[1], gradient[1]);
        AdagradStep {
            effective_learning_rate: [first.0, second.0],
            update: [first.1, second.1],
        }
    }

    /// One coordinate's effective rate and update.
    fn coordinate_step(&self, base_rate: f64, accumulator: &mut f64, gradient: f64) -> (f64, f64) {
        let before = *accumulator;
        *accumulator += gradient * gradient;
        let used = match self.order {
            Order::Accumulate => *accumulator,
            Order::Step => before,
        };
        let denominator = self.denominator(used);
        if denominator == 0.0 && gradient == 0.0 {
            return (0.0, 0.0);
        }
        let rate = base_rate / denominator;
        (rate, rate * gradient)
    }

    /// √(s + ε) or √s + ε.
    #[must_use]
    pub fn denominator(&self, accumulator: f64) -> f64 {
        match self.epsilon_placement {
            EpsilonPlacement::Inside => (accumulator + self.epsilon).sqrt(),
            EpsilonPlacement::Outside => accumulator.sqrt() + self.epsilon,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objective::Objective;
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
            let mut accumulator = optimizer.initial_state();
            let step = optimizer.step(1, &mut accumulator, [4.0, -4.0]);
            assert_eq!(accumulator, [25.0, 25.0]);
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
        let trajectory = run(&Objective::F1, &optimizer, [-5.0, -2.0], 2);
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
        let trajectory = run(&Objective::F1, &optimizer, [4.0, 3.0], 2);
        assert_close(trajectory.point(1), [3.0, 2.0]);
        assert_close(trajectory.point(2), [2.6, 1.630_199_87]);
    }

    #[test]
    fn a_zero_gradient_without_epsilon_moves_nothing() {
        let step = PLAIN.step(1, &mut [0.0; 2], [0.0, 2.0]);
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
                format!("learning rate must be finite and above 0, got {learning_rate}")
            );
        }
        assert_eq!(
            message(Adagrad {
                epsilon: -1.0,
                ..PLAIN
            }),
            "epsilon must be finite and at least 0, got -1"
        );
        assert_eq!(
            message(Adagrad {
                initial_accumulator: f64::NAN,
                ..PLAIN
            }),
            "initial accumulator must be finite and at least 0, got NaN"
        );
        assert_eq!(
            message(Adagrad {
                learning_rate_decay: -0.1,
                ..PLAIN
            }),
            "learning-rate decay must be finite and at least 0, got -0.1"
        );
        let step_first = Adagrad {
            order: Order::Step,
            ..PLAIN
        };
        assert_eq!(
            step_first.validate(),
            Err(InvalidAdagrad::StepFirstFromZero)
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
