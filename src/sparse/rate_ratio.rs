//! How much higher the effective rate of a rare feature is than that of a frequent one, measured and
//! predicted, and the sentence about it.

use super::frequency::Activity;
use super::rules::Kind;
use crate::number::{grouped, round_significant, significant};

/// The effective rate of one feature over that of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateRatio {
    /// As the rule has it: finite and above 0.
    pub measured: f64,
    /// For Adagrad, from how often the features are active and how large their gradients are at the
    /// weights of now, see [`Activity::rate_ratio_to`]; none where that is not finite and above 0,
    /// as with gradients of 0 or weights that are not finite.
    pub predicted: Option<f64>,
}

impl RateRatio {
    /// Of a rare feature to a frequent one, by their rates and activities; none where the rates have
    /// no finite ratio above 0, as when an accumulator has overflowed.
    #[must_use]
    pub fn new([rare, frequent]: [f64; 2], activities: [&Activity; 2]) -> Option<Self> {
        // Nearer to the ends of what f64 holds, a ratio is one of rounding, and cannot be written.
        let has_meaning = |ratio: &f64| (1e-300..1e300).contains(ratio);
        let [of_rare, of_frequent] = activities;
        let are_rates = has_meaning(&rare) && has_meaning(&frequent);
        Some(Self {
            measured: Some(rare / frequent).filter(|ratio| are_rates && has_meaning(ratio))?,
            predicted: Some(of_rare.rate_ratio_to(of_frequent)).filter(has_meaning),
        })
    }

    /// The sentence for a rule and the number of training examples that the rare and the frequent
    /// feature occur in.
    #[must_use]
    pub fn sentence(&self, kind: Kind, [rare, frequent]: [u32; 2]) -> String {
        let [rare, frequent] = [rare, frequent].map(|count| grouped(f64::from(count)));
        let measured = times(self.measured);
        let beginning = [
            "The rate of the rarest of the three (",
            &rare,
            "×) is ",
            &measured,
            " times that of the most frequent (",
            &frequent,
            "×)",
        ]
        .concat();
        match self.predicted.filter(|_| kind == Kind::Adagrad) {
            None => beginning + ".",
            Some(predicted) => [
                &beginning,
                "; √(p₁ E[g₁² | active] / p₂ E[g₂² | active]) at the weights of now predicts ",
                &times(predicted),
                ". Where active gradients are ±β, that is √(p₁/p₂)·|β₁/β₂|.",
            ]
            .concat(),
        }
    }
}

/// A ratio of rates to three digits, thousands in groups.
fn times(ratio: f64) -> String {
    let ratio = round_significant(ratio, 3);
    if (1_000.0..1e15).contains(&ratio) {
        grouped(ratio)
    } else {
        significant(ratio, 3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::plain_text::{assert_is_plain, hostile};
    use proptest::prelude::*;

    fn active(probability: f64, mean_square: f64) -> Activity {
        Activity {
            probability,
            mean_square,
        }
    }

    #[test]
    fn the_sentence_by_hand() {
        // √(1 · 0.25 / (0.01 · 0.25)) = 10
        let [rare, frequent] = [active(0.01, 0.25), active(1.0, 0.25)];
        let ratio = RateRatio::new([1234.5, 1.0], [&rare, &frequent]).unwrap();
        assert_eq!(
            ratio.sentence(Kind::Adagrad, [10, 1000]),
            "The rate of the rarest of the three (10×) is 1,230 times that of the most frequent \
             (1,000×); √(p₁ E[g₁² | active] / p₂ E[g₂² | active]) at the weights of now predicts \
             10. Where active gradients are ±β, that is √(p₁/p₂)·|β₁/β₂|."
        );
        assert_eq!(
            ratio.sentence(Kind::Sgd, [10, 1000]),
            "The rate of the rarest of the three (10×) is 1,230 times that of the most frequent \
             (1,000×)."
        );
    }

    #[test]
    fn rates_without_a_ratio_have_none() {
        let one = active(0.5, 1.0);
        // Two accumulators that overflowed; one that did; a rate that is no number.
        for rates in [
            [0.0, 0.0],
            [0.0, 1.0],
            [1.0, 0.0],
            [f64::NAN, 1.0],
            [1.0, f64::INFINITY],
        ] {
            assert_eq!(RateRatio::new(rates, [&one, &one]), None, "{rates:?}");
        }
        let still = active(0.5, 0.0);
        let ratio = RateRatio::new([2.0, 1.0], [&still, &one]).unwrap();
        assert_eq!(ratio.predicted, None);
        assert!(!ratio.sentence(Kind::Adagrad, [3, 9]).contains("predicts"));
    }

    proptest! {
        #[test]
        fn a_sentence_is_true_or_absent(
            numbers in prop::collection::vec(hostile(), 6),
            counts in any::<[u32; 2]>(),
            kind in prop::sample::select(Kind::ALL.to_vec()),
        ) {
            let [rare, frequent] = [active(numbers[2], numbers[3]), active(numbers[4], numbers[5])];
            if let Some(ratio) = RateRatio::new([numbers[0], numbers[1]], [&rare, &frequent]) {
                assert_is_plain(&ratio.sentence(kind, counts));
            }
        }
    }
}
