//! How good a model is on examples that it need not have seen.

use super::examples::Examples;
use super::loss::{LossSum, loss};

/// A model's figures on some examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metrics {
    /// The mean of −ln of the labels' probabilities, in nats.
    pub loss: f64,
    /// The standard error of that mean as an estimate for all examples like these:
    /// √(Σ (lᵢ − l̄)²/(n (n − 1))), in nats; infinite for one example, which tells nothing of it.
    pub error: f64,
    /// The share of examples on whose side of ½ their probability is; ½ itself counts as negative.
    pub accuracy: f64,
    /// The area under the ROC curve: the probability that a random positive has a higher margin
    /// than a random negative, a tie counting half. None where there is only one class.
    pub auc: Option<f64>,
}

/// The figures of weights by rank on these rows; none of no rows.
#[must_use]
pub fn metrics(
    examples: &Examples,
    rows: &[u32],
    weights: &[f32],
    intercept: f32,
) -> Option<Metrics> {
    let mut scored: Vec<(f64, bool)> = rows
        .iter()
        .map(|&row| {
            let margin = examples.margin(row, weights, intercept);
            (margin, examples.row(row).label)
        })
        .collect();
    let mut losses = LossSum::default();
    let mut right = 0_u32;
    for &(margin, label) in &scored {
        losses.add(margin, label);
        right += u32::from((margin > 0.0) == label);
    }
    let mean = losses.mean()?;
    let squares = scored.iter().map(|&(margin, label)| {
        let deviation = loss(margin, label) - mean;
        deviation * deviation
    });
    let count = scored.len() as f64;
    let error = if scored.len() > 1 {
        (squares.sum::<f64>() / (count * (count - 1.0))).sqrt()
    } else {
        f64::INFINITY
    };
    Some(Metrics {
        loss: mean,
        error,
        accuracy: f64::from(right) / count,
        auc: area_under_curve(&mut scored),
    })
}

/// By the rank sum of Mann & Whitney, with the mean rank for ties: every tied pair counts half.
fn area_under_curve(scored: &mut [(f64, bool)]) -> Option<f64> {
    scored.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
    // Pairs of a positive above a negative, a tie as one half: exact in f64 below 2⁵².
    let (mut pairs, mut negatives, mut positives) = (0.0, 0.0, 0.0);
    for ties in scored.chunk_by(|(a, _), (b, _)| a == b) {
        let tied_positives = ties.iter().filter(|(_, label)| *label).count() as f64;
        let tied_negatives = ties.len() as f64 - tied_positives;
        pairs += tied_positives * (negatives + tied_negatives / 2.0);
        negatives += tied_negatives;
        positives += tied_positives;
    }
    (negatives > 0.0 && positives > 0.0).then(|| pairs / (negatives * positives))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::examples::tests::examples;
    use proptest::prelude::*;

    #[test]
    fn a_few_examples_by_hand() {
        // Margins 2, 0, −1, 0.
        let examples = examples(
            &[
                (true, &[(0, 2.0)]),
                (true, &[]),
                (true, &[(0, -1.0)]),
                (false, &[]),
            ],
            1,
        );
        let found = metrics(&examples, &[0, 1, 2, 3], &[1.0], 0.0).unwrap();
        // Right: the first and, at ½, the last. Pairs: 1 + ½ + 0 of 3.
        assert_eq!((found.accuracy, found.auc), (0.5, Some(0.5)));
        let ln_2 = std::f64::consts::LN_2;
        let expected = ((-2.0_f64).exp().ln_1p() + 1.0_f64.exp().ln_1p() + 2.0 * ln_2) / 4.0;
        // A rounding or two.
        assert!((found.loss - expected).abs() < 1e-15);
        // Losses 0.1269, 0.6931, 1.3133, 0.6931, mean 0.7066: squares 0.3361, 0.0002, 0.3680 and
        // 0.0002, together 0.7045; √(0.7045/12) = 0.2423, to the digits given.
        assert!((found.error - 0.2423).abs() < 1e-4, "{}", found.error);
        let one = metrics(&examples, &[0], &[1.0], 0.0).unwrap();
        assert_eq!(one.error, f64::INFINITY);
        assert_eq!(metrics(&examples, &[0, 1], &[1.0], 0.0).unwrap().auc, None);
        assert_eq!(metrics(&examples, &[], &[1.0], 0.0), None);
        // The intercept moves every margin, and no pair.
        let moved = metrics(&examples, &[0, 1, 2, 3], &[1.0], 5.0).unwrap();
        assert_eq!((moved.accuracy, moved.auc), (0.75, Some(0.5)));
    }

    proptest! {
        /// Evidence: all pairs, counted.
        #[test]
        fn the_area_is_the_share_of_pairs(
            scored in prop::collection::vec((-3..4_i8, any::<bool>()), 0..60)
        ) {
            let mut scored: Vec<(f64, bool)> =
                scored.into_iter().map(|(margin, label)| (f64::from(margin), label)).collect();
            let (mut won, mut pairs) = (0.0, 0.0);
            for (positive, _) in scored.iter().filter(|(_, label)| *label) {
                for (negative, _) in scored.iter().filter(|(_, label)| !*label) {
                    pairs += 1.0;
                    won += if positive > negative { 1.0 } else if positive == negative { 0.5 } else { 0.0 };
                }
            }
            let expected = (pairs > 0.0).then(|| won / pairs);
            prop_assert_eq!(area_under_curve(&mut scored), expected);
        }
    }
}
