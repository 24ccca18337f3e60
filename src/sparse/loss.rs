//! The logistic loss of many examples, summed without a logarithm for each.

use crate::elementary::{exponential, natural_logarithm};

/// Σ of −ln of the labels' probabilities, in nats.
///
/// With z the margin w·x + b and s = −z for a positive label, z for a negative one, the loss is
/// ln(1 + eˢ) = max(s, 0) + ln(1 + e^−|z|), which overflows nowhere. The sum of the second parts is
/// the logarithm of a product of numbers up to 2; a logarithm is due only where that may come to
/// overflow.
#[derive(Clone, Debug, PartialEq)]
pub struct LossSum {
    /// Π (1 + e^−|z|) since the last logarithm.
    product: f64,
    /// How many factors it has.
    factors: u32,
    logarithms: f64,
    /// Σ max(s, 0).
    linear: f64,
    examples: u64,
}

/// The loss of one example, in nats, as [`LossSum`] has it: max(s, 0) + ln(1 + e^−|z|).
#[must_use]
pub fn loss(margin: f64, label: bool) -> f64 {
    let wrong_by = if label { -margin } else { margin };
    let small = exponential(-margin.abs());
    // The logarithm is of ordinary numbers.
    let logarithm = if small.is_nan() {
        small
    } else {
        natural_logarithm(1.0 + small)
    };
    wrong_by.max(0.0) + logarithm
}

impl Default for LossSum {
    fn default() -> Self {
        Self {
            product: 1.0,
            factors: 0,
            logarithms: 0.0,
            linear: 0.0,
            examples: 0,
        }
    }
}

impl LossSum {
    /// Adds an example and gives its residual p − y: the loss's derivative by the margin.
    ///
    /// |p − y| = σ(s), computed without a difference that would cancel.
    #[inline(always)]
    pub fn add(&mut self, margin: f64, label: bool) -> f64 {
        const MOST_FACTORS: u32 = 512;
        let small = exponential(-margin.abs());
        let wrong_by = if label { -margin } else { margin };
        self.linear += wrong_by.max(0.0);
        self.product *= 1.0 + small;
        self.examples += 1;
        self.factors += 1;
        if self.factors == MOST_FACTORS {
            self.logarithms += self.product_logarithm();
            (self.product, self.factors) = (1.0, 0);
        }
        let size = if wrong_by >= 0.0 { 1.0 } else { small } / (1.0 + small);
        if label { -size } else { size }
    }

    fn product_logarithm(&self) -> f64 {
        if self.product.is_nan() {
            self.product
        } else {
            natural_logarithm(self.product)
        }
    }

    /// The sum; not finite where a margin was not.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.linear + self.logarithms + self.product_logarithm()
    }

    /// The mean; none of no examples.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.examples > 0).then(|| self.total() / self.examples as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Evidence: the loss one by one with the platform's functions; a rounding for each of 5,000
    /// terms.
    #[test]
    fn it_is_the_sum_of_the_losses() {
        let (mut sum, mut expected) = (LossSum::default(), 0.0);
        for i in 0..5_000_i32 {
            let margin = f64::from(i % 1_001 - 500) / 20.0;
            let label = i % 3 == 0;
            let residual = sum.add(margin, label);
            let sign = if label { -1.0 } else { 1.0 };
            let s: f64 = sign * margin;
            expected += if s > 0.0 {
                s + (-s).exp().ln_1p()
            } else {
                s.exp().ln_1p()
            };
            let of_one = if s > 0.0 {
                s + (-s).exp().ln_1p()
            } else {
                s.exp().ln_1p()
            };
            // A rounding or two of 1 + e^−|z|.
            assert!((loss(margin, label) - of_one).abs() < 1e-15 + 1e-15 * of_one);
            let p = sign / (1.0 + (-s).exp());
            assert!((residual / p - 1.0).abs() < 1e-14, "{margin}");
        }
        assert!((sum.total() / expected - 1.0).abs() < 1e-13);
        assert_eq!(sum.mean(), Some(sum.total() / 5_000.0));
    }

    #[test]
    fn the_extremes() {
        assert_eq!(LossSum::default().mean(), None);
        let mut sum = LossSum::default();
        assert_eq!(sum.add(0.0, true), -0.5);
        assert!((sum.total() - std::f64::consts::LN_2).abs() < 1e-16);
        assert_eq!(sum.add(1e30, true), -0.0);
        assert_eq!(sum.add(-1e3, false), 0.0);
        assert!((sum.total() - std::f64::consts::LN_2).abs() < 1e-16);
        assert_eq!(sum.add(1e3, false), 1.0);
        assert!((sum.total() - 1e3 - std::f64::consts::LN_2).abs() < 1e-12);
        sum.add(f64::NEG_INFINITY, true);
        assert_eq!(sum.total(), f64::INFINITY);
        sum.add(f64::NAN, true);
        assert!(sum.total().is_nan());
        assert_eq!(loss(f64::NEG_INFINITY, true), f64::INFINITY);
        assert!(loss(f64::NAN, true).is_nan());
    }
}
