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
    /// None where the loss is not finite: the model has diverged, and there is no share to measure.
    pub accuracy: Option<f64>,
    /// The area under the ROC curve: the probability that a random positive has a higher margin
    /// than a random negative, a tie counting half. None where there is only one class, or the loss
    /// is not finite.
    pub auc: Option<f64>,
}

/// The figures of weights by rank on these rows, and each row's loss; none of no rows.
#[must_use]
pub fn metrics(
    examples: &Examples,
    rows: &[u32],
    weights: &[f32],
    intercept: f32,
) -> Option<(Metrics, Vec<f32>)> {
    let mut scored: Vec<(f64, bool)> = rows
        .iter()
        .map(|&row| {
            let margin = examples.margin(row, weights, intercept);
            (margin, examples.row(row).label)
        })
        .collect();
    let mut sum = LossSum::default();
    let mut right = 0_u32;
    for &(margin, label) in &scored {
        sum.add(margin, label);
        right += u32::from((margin > 0.0) == label);
    }
    let losses = scored.iter().map(|&(margin, label)| loss(margin, label));
    let mean = sum.mean()?;
    let error = standard_error(losses.clone());
    let losses = losses.map(|loss| loss as f32).collect();
    let accuracy = f64::from(right) / scored.len() as f64;
    let metrics = Metrics {
        loss: mean,
        error,
        accuracy: mean.is_finite().then_some(accuracy),
        auc: area_under_curve(&mut scored).filter(|_| mean.is_finite()),
    };
    Some((metrics, losses))
}

/// The standard error of the difference between two models' mean losses, from their losses on the
/// same examples: that of the mean of the differences, as both find the same examples hard.
#[must_use]
pub fn error_of_difference(losses: &[f32], others: &[f32]) -> f64 {
    let pairs = losses.iter().zip(others);
    standard_error(pairs.map(|(&loss, &other)| f64::from(loss) - f64::from(other)))
}

/// √(Σ (xᵢ − x̄)²/(n (n − 1))); infinite for fewer than two.
fn standard_error(values: impl ExactSizeIterator<Item = f64> + Clone) -> f64 {
    let count = values.len() as f64;
    if count < 2.0 {
        return f64::INFINITY;
    }
    let mean = values.clone().sum::<f64>() / count;
    let squares: f64 = values.map(|value| (value - mean) * (value - mean)).sum();
    (squares / (count * (count - 1.0))).sqrt()
}

/// By the rank sum of Mann & Whitney, with the mean rank for ties: every tied pair counts half.
fn area_under_curve(scored: &mut [(f64, bool)]) -> Option<f64> {
    if scored.iter().any(|(margin, _)| margin.is_nan()) {
        return None;
    }
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
        let (found, losses) = metrics(&examples, &[0, 1, 2, 3], &[1.0], 0.0).unwrap();
        // Right: the first and, at ½, the last. Pairs: 1 + ½ + 0 of 3.
        assert_eq!((found.accuracy, found.auc), (Some(0.5), Some(0.5)));
        let ln_2 = std::f64::consts::LN_2;
        let expected = ((-2.0_f64).exp().ln_1p() + 1.0_f64.exp().ln_1p() + 2.0 * ln_2) / 4.0;
        // A rounding or two.
        assert!((found.loss - expected).abs() < 1e-15);
        // Losses 0.1269, 0.6931, 1.3133, 0.6931, mean 0.7066: squares 0.3361, 0.0002, 0.3680 and
        // 0.0002, together 0.7045; √(0.7045/12) = 0.2423, to the digits given.
        assert!((found.error - 0.2423).abs() < 1e-4, "{}", found.error);
        let (one, _) = metrics(&examples, &[0], &[1.0], 0.0).unwrap();
        assert_eq!(one.error, f64::INFINITY);
        assert_eq!(
            metrics(&examples, &[0, 1], &[1.0], 0.0).unwrap().0.auc,
            None
        );
        assert_eq!(metrics(&examples, &[], &[1.0], 0.0), None);
        let (lost, _) = metrics(&examples, &[0, 1, 2, 3], &[f32::NAN], 0.0).unwrap();
        // The last, which has no feature, would be right: but nothing is measured of a model that
        // has diverged.
        assert_eq!((lost.accuracy, lost.auc), (None, None));
        let (lost, _) = metrics(&examples, &[0, 1, 2, 3], &[f32::INFINITY], 0.0).unwrap();
        assert_eq!((lost.accuracy, lost.auc), (None, None));
        // The intercept moves every margin, and no pair.
        let (moved, others) = metrics(&examples, &[0, 1, 2, 3], &[1.0], 5.0).unwrap();
        assert_eq!((moved.accuracy, moved.auc), (Some(0.75), Some(0.5)));
        // With 5 more: 0.0009, 0.0067, 0.0181, 5.0067. Less what they were: −0.1260, −0.6864,
        // −1.2952, 4.3136, mean 0.5515; squares 0.4590, 1.5326, 3.4103, 14.1534, together 19.5553;
        // √(19.5553/12) = 1.2766, to the digits given.
        let error = error_of_difference(&losses, &others);
        assert!((error - 1.2766).abs() < 1e-4, "{error}");
        assert_eq!(error_of_difference(&losses, &losses), 0.0);
        assert_eq!(error_of_difference(&[1.0], &[2.0]), f64::INFINITY);
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
