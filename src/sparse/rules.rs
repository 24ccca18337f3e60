//! The six update rules, as they treat one weight of millions.
//!
//! All are **lazy**: a batch touches only the features that occur in it. For a touched feature with
//! weight w, g is the mean over the batch's examples of (p − y) x, plus λ w; t counts batches from
//! 1, over all epochs, whether they touch the feature or not. Then
//!
//! ```text
//! sgd        w −= η g
//! decay      w −= η/√t g
//! counter    n += 1 where g ≠ 0;            w −= η/√(n + ε) g
//! adagrad    s += g²;                       w −= η/√(s + ε) g
//! rmsprop    s ← γ s + (1 − γ) g²;          w −= η/√(s + ε) g
//! adam       m ← β₁ m + (1 − β₁) g
//!            v ← β₂ v + (1 − β₂) g²;        w −= η m̂/(√v̂ + ε)
//!            with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)
//! ```
//!
//! and an untouched feature's weight and state stay as they are. For sgd, decay, counter and
//! adagrad that is what the rule does anyway, as g is 0 without L2. RMSProp would let s fade, and
//! Adam m and v, and would go on moving w; lazily they do not, as in PyTorch's `SparseAdam`, whose t
//! is global, too. So a rare feature's s and v are means over its own occurrences, while its bias
//! correction has long gone: Adam's first step for a feature first met late is
//! η (1 − β₁)/√(1 − β₂), about 3 η.
//!
//! The intercept is a weight that every batch touches, without L2. All state is f32; in every root
//! the least positive normal f32 stands in for less, so that ε = 0 divides nothing by 0.

/// Which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// One constant rate.
    Sgd,
    /// One rate that falls with the batches.
    Decay,
    /// A rate per feature that falls with its occurrences.
    Counter,
    /// A rate per feature that falls with its gradients' sum of squares.
    Adagrad,
    /// A rate per feature from its gradients' fading mean of squares.
    RmsProp,
    /// The same with momentum and bias correction.
    Adam,
}

impl Kind {
    /// Every rule, in the page's order.
    pub const ALL: [Self; 6] = [
        Self::Adagrad,
        Self::Sgd,
        Self::Decay,
        Self::Counter,
        Self::RmsProp,
        Self::Adam,
    ];

    /// Its name in links and scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sgd => "sgd",
            Self::Decay => "decay",
            Self::Counter => "counter",
            Self::Adagrad => "adagrad",
            Self::RmsProp => "rmsprop",
            Self::Adam => "adam",
        }
    }

    /// What it is called on the page.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Sgd => "SGD",
            Self::Decay => "SGD with η₀/√t",
            Self::Counter => "occurrence counter",
            Self::Adagrad => "Adagrad",
            Self::RmsProp => "RMSProp",
            Self::Adam => "Adam",
        }
    }

    /// The rule of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// How many numbers a feature has, its weight included: 1 to 3.
    #[must_use]
    pub fn slots(self) -> usize {
        match self {
            Self::Sgd | Self::Decay => 1,
            Self::Counter | Self::Adagrad | Self::RmsProp => 2,
            Self::Adam => 3,
        }
    }
}

/// A rule with its parameters set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Which.
    pub kind: Kind,
    /// η > 0.
    pub learning_rate: f64,
    /// ε ≥ 0.
    pub epsilon: f64,
    /// γ of RMSProp, β₂ of Adam; from 0 to below 1.
    pub square_decay: f64,
    /// β₁ of Adam; from 0 to below 1.
    pub mean_decay: f64,
}

impl Rule {
    /// With γ = 0.9, β₁ = 0.9 and β₂ = 0.999, as in the playground.
    #[must_use]
    pub fn new(kind: Kind, learning_rate: f64, epsilon: f64) -> Self {
        Self {
            kind,
            learning_rate,
            epsilon,
            square_decay: if kind == Kind::Adam { 0.999 } else { 0.9 },
            mean_decay: 0.9,
        }
    }

    /// What is the same for all features in batch `t`, from 1.
    ///
    /// η m̂/(√v̂ + ε) = r m/(√v + e) with r = η √(1 − β₂ᵗ)/(1 − β₁ᵗ) and e = ε √(1 − β₂ᵗ): so
    /// Adam's corrections cost nothing per feature.
    #[must_use]
    pub fn constants(&self, t: u64) -> Constants {
        let (rate, epsilon) = match self.kind {
            Kind::Decay => (self.learning_rate / (t as f64).sqrt(), self.epsilon),
            Kind::Adam => {
                let root = (1.0 - power(self.square_decay, t)).sqrt();
                let mean = 1.0 - power(self.mean_decay, t);
                (self.learning_rate * root / mean, self.epsilon * root)
            }
            _ => (self.learning_rate, self.epsilon),
        };
        Constants {
            rate: rate as f32,
            epsilon: epsilon as f32,
            square_decay: self.square_decay as f32,
            mean_decay: self.mean_decay as f32,
        }
    }
}

/// What an update needs besides the feature's own state; four numbers, as a GPU likes them.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Constants {
    /// η, with what depends on the batch's number.
    pub rate: f32,
    /// ε, with what depends on the batch's number.
    pub epsilon: f32,
    /// γ or β₂.
    pub square_decay: f32,
    /// β₁.
    pub mean_decay: f32,
}

/// The update of one feature, whose state is N numbers, the weight first.
pub trait SparseRule<const N: usize> {
    /// Moves the weight and its state for a gradient.
    fn update(constants: &Constants, cell: &mut [f32; N], gradient: f32);

    /// The effective rate: what the gradient (for Adam: the corrected mean of gradients, but for
    /// the correction of β₁, which is in the rate) would be multiplied by.
    fn effective_rate(constants: &Constants, cell: &[f32; N]) -> f32;
}

/// √x, of the least positive normal number where x is less.
///
/// A comparison, not `max`, whose word on NaN keeps WebAssembly from doing four at a time.
#[inline(always)]
fn root(x: f32) -> f32 {
    let x = if x < f32::MIN_POSITIVE {
        f32::MIN_POSITIVE
    } else {
        x
    };
    x.sqrt()
}

/// w −= η g: [`Kind::Sgd`], and [`Kind::Decay`] with η/√t for η.
#[derive(Clone, Copy, Debug)]
pub struct OneRate;

impl SparseRule<1> for OneRate {
    #[inline(always)]
    fn update(constants: &Constants, [w]: &mut [f32; 1], gradient: f32) {
        *w -= constants.rate * gradient;
    }

    #[inline(always)]
    fn effective_rate(constants: &Constants, _: &[f32; 1]) -> f32 {
        constants.rate
    }
}

/// [`Kind::Counter`]: weight and n.
///
/// n is exact up to 2²⁴ batches, where f32 stops to count.
#[derive(Clone, Copy, Debug)]
pub struct Counter;

impl SparseRule<2> for Counter {
    #[inline(always)]
    fn update(constants: &Constants, [w, n]: &mut [f32; 2], gradient: f32) {
        *n += if gradient == 0.0 { 0.0 } else { 1.0 };
        *w -= constants.rate * gradient / root(*n + constants.epsilon);
    }

    #[inline(always)]
    fn effective_rate(constants: &Constants, [_, n]: &[f32; 2]) -> f32 {
        constants.rate / root(n + constants.epsilon)
    }
}

/// [`Kind::Adagrad`]: weight and s.
#[derive(Clone, Copy, Debug)]
pub struct Adagrad;

impl SparseRule<2> for Adagrad {
    #[inline(always)]
    fn update(constants: &Constants, [w, s]: &mut [f32; 2], gradient: f32) {
        *s += gradient * gradient;
        *w -= constants.rate * gradient / root(*s + constants.epsilon);
    }

    #[inline(always)]
    fn effective_rate(constants: &Constants, [_, s]: &[f32; 2]) -> f32 {
        constants.rate / root(s + constants.epsilon)
    }
}

/// [`Kind::RmsProp`]: weight and s.
#[derive(Clone, Copy, Debug)]
pub struct RmsProp;

impl SparseRule<2> for RmsProp {
    #[inline(always)]
    fn update(constants: &Constants, [w, s]: &mut [f32; 2], gradient: f32) {
        let decay = constants.square_decay;
        *s = decay * *s + (1.0 - decay) * (gradient * gradient);
        *w -= constants.rate * gradient / root(*s + constants.epsilon);
    }

    #[inline(always)]
    fn effective_rate(constants: &Constants, [_, s]: &[f32; 2]) -> f32 {
        constants.rate / root(s + constants.epsilon)
    }
}

/// [`Kind::Adam`]: weight, m and v.
#[derive(Clone, Copy, Debug)]
pub struct Adam;

impl SparseRule<3> for Adam {
    #[inline(always)]
    fn update(constants: &Constants, [w, m, v]: &mut [f32; 3], gradient: f32) {
        let (decay1, decay2) = (constants.mean_decay, constants.square_decay);
        *m = decay1 * *m + (1.0 - decay1) * gradient;
        *v = decay2 * *v + (1.0 - decay2) * (gradient * gradient);
        *w -= constants.rate * *m / (root(*v) + constants.epsilon);
    }

    #[inline(always)]
    fn effective_rate(constants: &Constants, [_, _, v]: &[f32; 3]) -> f32 {
        constants.rate / (root(*v) + constants.epsilon)
    }
}

/// baseᵗ by squaring: multiplications only, so that it rounds alike on every platform.
fn power(base: f64, exponent: u64) -> f64 {
    let (mut result, mut square, mut rest) = (1.0, base, exponent);
    while rest > 0 {
        if rest & 1 == 1 {
            result *= square;
        }
        square *= square;
        rest >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizer;
    use crate::optimizer::rule::weights_after;

    fn step<R: SparseRule<N>, const N: usize>(
        _: R,
        rule: &Rule,
        t: u64,
        cell: &mut [f32; N],
        gradient: f32,
    ) -> f32 {
        R::update(&rule.constants(t), cell, gradient);
        cell[0]
    }

    #[test]
    fn names_are_the_playgrounds() {
        for kind in Kind::ALL {
            assert!(optimizer::Description::named(kind.name()).is_some());
            assert_eq!(Kind::named(kind.name()), Some(kind));
        }
        assert_eq!(Kind::named("newton"), None);
    }

    /// Evidence: the playground's rules in f64 on the same gradients. f32 rounds to 6e-8, a few
    /// dozen times here, and 1 − β₂ = 0.001 is given to 3e-5 of itself.
    #[test]
    fn every_rule_is_the_playgrounds() {
        let gradients = [0.5, -0.25, 0.125, 3.0, -0.01, 0.0, 2.0, 0.5];
        let (eta, epsilon) = (0.1, 1e-6);
        let placement = optimizer::EpsilonPlacement::Inside;
        let playgrounds: [(Kind, optimizer::Optimizer); 6] = [
            (Kind::Sgd, optimizer::Sgd { learning_rate: eta }.into()),
            (
                Kind::Decay,
                optimizer::Decay {
                    learning_rate: eta,
                    count_offset: 0.0,
                }
                .into(),
            ),
            (
                Kind::Counter,
                optimizer::Counter {
                    learning_rate: eta,
                    count_offset: epsilon,
                }
                .into(),
            ),
            (
                Kind::Adagrad,
                optimizer::Adagrad {
                    learning_rate: eta,
                    epsilon,
                    epsilon_placement: placement,
                    initial_accumulator: 0.0,
                    learning_rate_decay: 0.0,
                    order: optimizer::Order::Accumulate,
                    weight_decay: 0.0,
                }
                .into(),
            ),
            (
                Kind::RmsProp,
                optimizer::RmsProp {
                    learning_rate: eta,
                    gamma: 0.9,
                    epsilon,
                    epsilon_placement: placement,
                }
                .into(),
            ),
            (
                Kind::Adam,
                optimizer::Adam {
                    learning_rate: eta,
                    beta1: 0.9,
                    beta2: 0.999,
                    epsilon,
                }
                .into(),
            ),
        ];
        for (kind, playground) in playgrounds {
            let vectors = gradients.map(|g| [g, 0.0]);
            let expected = weights_after(&playground, &vectors);
            let rule = Rule::new(kind, eta, epsilon);
            let (mut one, mut two, mut three) = ([0.0], [0.0; 2], [0.0; 3]);
            for ((t, gradient), expected) in (1..).zip(gradients).zip(expected) {
                let gradient = gradient as f32;
                let weight = match kind {
                    Kind::Sgd | Kind::Decay => step(OneRate, &rule, t, &mut one, gradient),
                    Kind::Counter => step(Counter, &rule, t, &mut two, gradient),
                    Kind::Adagrad => step(Adagrad, &rule, t, &mut two, gradient),
                    Kind::RmsProp => step(RmsProp, &rule, t, &mut two, gradient),
                    Kind::Adam => step(Adam, &rule, t, &mut three, gradient),
                };
                let error = (f64::from(weight) - expected[0]).abs();
                assert!(
                    error < 3e-5 * expected[0].abs(),
                    "{kind:?}, step {t}: {error}"
                );
            }
        }
    }

    /// The stated first step of a feature first met late.
    #[test]
    fn adams_late_first_step_is_three_eta() {
        let rule = Rule::new(Kind::Adam, 1.0, 0.0);
        let weight = step(Adam, &rule, 1_000_000, &mut [0.0; 3], 0.5);
        // 0.1/√0.001 = 3.162; 1 − β₂ in f32 is off by 3e-5 of itself.
        assert!((weight + 0.1 / 0.001_f32.sqrt()).abs() < 1e-4, "{weight}");
    }

    #[test]
    fn without_epsilon_nothing_is_divided_by_0() {
        for gradient in [0.0, 1e-30, -1e-23, 1e-18] {
            let moved = [
                step(
                    Adagrad,
                    &Rule::new(Kind::Adagrad, 1.0, 0.0),
                    1,
                    &mut [0.0; 2],
                    gradient,
                ),
                step(
                    RmsProp,
                    &Rule::new(Kind::RmsProp, 1.0, 0.0),
                    1,
                    &mut [0.0; 2],
                    gradient,
                ),
                step(
                    Counter,
                    &Rule::new(Kind::Counter, 1.0, 0.0),
                    1,
                    &mut [0.0; 2],
                    gradient,
                ),
                step(
                    Adam,
                    &Rule::new(Kind::Adam, 1.0, 0.0),
                    1,
                    &mut [0.0; 3],
                    gradient,
                ),
            ];
            assert!(moved.iter().all(|w| w.abs() < 4.0), "{moved:?}");
        }
    }

    #[test]
    fn the_effective_rate_is_what_multiplies_the_gradient() {
        let constants = Rule::new(Kind::Adagrad, 0.5, 0.0).constants(1);
        assert_eq!(Adagrad::effective_rate(&constants, &[0.0, 4.0]), 0.25);
        assert_eq!(Counter::effective_rate(&constants, &[0.0, 16.0]), 0.125);
        assert_eq!(RmsProp::effective_rate(&constants, &[0.0, 1.0]), 0.5);
        assert_eq!(OneRate::effective_rate(&constants, &[0.0]), 0.5);
    }
}
