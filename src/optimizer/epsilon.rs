//! Where ε stands under the gradient, and what becomes of 0/0 without it.

/// Where ε stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpsilonPlacement {
    /// η / √(s + ε): D2L, MXNet, Keras 3.
    Inside,
    /// η / (√s + ε): Duchi, Hazan & Singer, PyTorch, TensorFlow's Keras.
    Outside,
}

impl EpsilonPlacement {
    /// The placements' names in links and scripts, in the order of [`Self::index`].
    pub const NAMES: &'static [&'static str] = &["inside", "outside"];

    /// √(s + ε) or √s + ε.
    #[inline]
    #[must_use]
    pub fn denominator(self, accumulator: f64, epsilon: f64) -> f64 {
        // 0 adds nothing, and one way for both needs no branch: it can take two coordinates at once.
        let (inside, outside) = match self {
            Self::Inside => (epsilon, 0.0),
            Self::Outside => (0.0, epsilon),
        };
        (accumulator + inside).sqrt() + outside
    }

    /// Its index in [`Self::NAMES`], as a value of a choice.
    #[must_use]
    pub fn index(self) -> f64 {
        match self {
            Self::Inside => 0.0,
            Self::Outside => 1.0,
        }
    }

    /// The placement of that index.
    #[must_use]
    pub fn from_index(index: f64) -> Self {
        if index == 0.0 {
            Self::Inside
        } else {
            Self::Outside
        }
    }
}

/// rate / denominator; 0 where the denominator and the `gradient` that it divides both are:
/// nothing moves, and 0/0 has no value to show.
#[inline]
#[must_use]
pub(super) fn quotient_rate(rate: f64, denominator: f64, gradient: f64) -> f64 {
    // Divided in any case, so that two coordinates can be at once.
    let quotient = rate / denominator;
    if denominator == 0.0 && gradient == 0.0 {
        0.0
    } else {
        quotient
    }
}
