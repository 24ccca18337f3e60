//! What became of features, by how often they occur.

use super::examples::Examples;

/// A tenth of the features that occur in training, by frequency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decile {
    /// How many features.
    pub features: usize,
    /// In how many training examples its most frequent feature occurs.
    pub most: u32,
    /// In how many its rarest does.
    pub least: u32,
    /// √ of the mean of w², over the features.
    pub weight: f64,
    /// √ of the mean of (w − w*)²; none where the truth is not known. A weight left at 0 errs by
    /// its truth: 1 for standard normal ones.
    pub error: Option<f64>,
}

/// The tenths, the most frequent first, for weights by rank; fewer where fewer than ten features
/// occur. Features that never occur in training are in none.
///
/// Features of equally many occurrences may fall into neighbouring tenths.
#[must_use]
pub fn deciles(examples: &Examples, weights: &[f32], truth: Option<&[f32]>) -> Vec<Decile> {
    // Counts never rise.
    let counts = examples.counts();
    let occurring = counts.partition_point(|&count| count > 0);
    let decile = |tenth: usize| {
        let range = occurring * tenth / 10..occurring * (tenth + 1) / 10;
        let counts = counts.get(range.clone())?;
        let weights = weights.get(range.clone())?;
        let squares = weights.iter().map(|&w| f64::from(w).powi(2));
        let mean_root = |sum: f64| (sum / counts.len() as f64).sqrt();
        let error = truth.and_then(|truth| truth.get(range)).map(|truth| {
            let differences = weights.iter().zip(truth);
            let squares = differences.map(|(&w, &t)| (f64::from(w) - f64::from(t)).powi(2));
            mean_root(squares.sum())
        });
        Some(Decile {
            features: counts.len(),
            most: *counts.first()?,
            least: *counts.last()?,
            weight: mean_root(squares.sum()),
            error,
        })
    };
    (0..10).filter_map(decile).collect()
}

/// The ranks among `ranks` of the `most` finite weights that are largest in size, the largest first:
/// the words that say most among the frequent, or among the rare.
#[must_use]
pub fn heaviest(weights: &[f32], ranks: std::ops::Range<usize>, most: usize) -> Vec<u32> {
    let start = ranks.start as u32;
    let among = weights.get(ranks).unwrap_or_default();
    let mut sized: Vec<(f32, u32)> = among.iter().map(|w| w.abs()).zip(start..).collect();
    // What has diverged is nothing to be shown first.
    sized.retain(|(size, _)| size.is_finite());
    sized.sort_unstable_by(|(a, i), (b, j)| b.total_cmp(a).then(i.cmp(j)));
    sized.into_iter().take(most).map(|(_, rank)| rank).collect()
}

/// How many features have which frequency and which effective rate, both on logarithmic scales.
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    /// How many cells there are per row, along the frequency, and per column, along the rate.
    pub size: [usize; 2],
    /// log₁₀ of the lowest and the highest share of training examples that a feature occurs in.
    pub frequency: [f64; 2],
    /// log₁₀ of the lowest and the highest rate.
    pub rate: [f64; 2],
    /// Features in each cell, by rows, from the lowest rate and the lowest frequency on.
    pub counts: Vec<u32>,
}

/// Counts the features that occur in training and have a finite rate above 0, by rank. `rate`:
/// log₁₀ of the lowest and the highest rate shown, so that several rules share a scale; rates beyond
/// are in the outermost cells. See [`rate_range`].
#[must_use]
pub fn density(examples: &Examples, rates: &[f32], rate: [f64; 2], size: [usize; 2]) -> Density {
    let counts = examples.counts();
    let occurring = counts.partition_point(|&count| count > 0);
    let training = examples.split.training.len().max(1) as f64;
    let share = |count: Option<&u32>| (f64::from(*count.unwrap_or(&1)) / training).log10();
    let rarest = occurring.checked_sub(1).and_then(|last| counts.get(last));
    let frequency = [share(rarest), share(counts.first())];
    let [columns, rows] = size;
    let mut density = Density {
        size,
        frequency,
        rate,
        counts: vec![0; columns * rows],
    };
    let features = counts.iter().take(occurring).zip(rates);
    // Neighbours have the same count for long: most logarithms are the one before.
    let (mut last_count, mut column) = (0, 0);
    for (&count, &feature_rate) in features {
        if !(feature_rate > 0.0 && feature_rate.is_finite()) {
            continue;
        }
        if count != last_count {
            last_count = count;
            column = cell(share(Some(&count)), frequency, columns);
        }
        let row = cell(f64::from(feature_rate).log10(), rate, rows);
        if let Some(cell) = density.counts.get_mut(row * columns + column) {
            *cell += 1;
        }
    }
    density
}

/// The cell of `value` among so many from the lowest to the highest of `range`.
fn cell(value: f64, [low, high]: [f64; 2], cells: usize) -> usize {
    let share = if high > low {
        (value - low) / (high - low)
    } else {
        0.0
    };
    ((share * cells as f64).max(0.0) as usize).min(cells.saturating_sub(1))
}

/// log₁₀ of the lowest and the highest finite rate above 0 among the features that occur in
/// training; none where there is no such rate.
#[must_use]
pub fn rate_range(examples: &Examples, rates: &[f32]) -> Option<[f64; 2]> {
    let occurring = examples.counts().partition_point(|&count| count > 0);
    let rates = rates.iter().take(occurring).copied();
    let rates = rates.filter(|rate| *rate > 0.0 && rate.is_finite());
    let (low, high) = rates.fold((f32::INFINITY, 0.0), |(low, high), rate| {
        (rate.min(low), rate.max(high))
    });
    (high > 0.0).then(|| [low, high].map(|rate| f64::from(rate).log10()))
}

/// The rank of the feature that occurs in training in nearest to 10^`log_frequency` of the examples,
/// and of several that do the one whose rate is nearest to 10^`log_rate`; none of `others`. None
/// where there is none left, or a position is not finite.
#[must_use]
pub fn nearest_feature(
    examples: &Examples,
    rates: &[f32],
    [log_frequency, log_rate]: [f64; 2],
    others: &[u32],
) -> Option<u32> {
    if !(log_frequency.is_finite() && log_rate.is_finite()) {
        return None;
    }
    let training = examples.split.training.len().max(1) as f64;
    let counts = examples.counts().iter().take_while(|count| **count > 0);
    let mut best = None;
    // Neighbours have the same count for long: most logarithms are the one before.
    let (mut last_count, mut off) = (0, 0.0);
    for ((rank, &count), &rate) in (0_u32..).zip(counts).zip(rates) {
        if count != last_count {
            last_count = count;
            off = ((f64::from(count) / training).log10() - log_frequency).abs();
        }
        if best.is_some_and(|(least, _, _)| off > least) || others.contains(&rank) {
            continue;
        }
        // A rate of 0 is infinitely far, one that is no number farther.
        let rate_off = (f64::from(rate).log10() - log_rate).abs();
        let is_nearer = best.is_none_or(|(least, rate_least, _): (f64, f64, u32)| {
            off < least || rate_off.total_cmp(&rate_least).is_lt()
        });
        if is_nearer {
            best = Some((off, rate_off, rank));
        }
    }
    best.map(|(_, _, rank)| rank)
}

/// How often a feature is active, and how large its gradients then are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Activity {
    /// p: the share of training examples that the feature occurs in.
    pub probability: f64,
    /// E[g² | active]: the mean square, over those examples, of (p − y) x; 0 where there is none.
    pub mean_square: f64,
}

impl Activity {
    /// What Adagrad's effective rate of this feature is to be, over that of `other`:
    ///
    /// ```text
    /// √(p₂ E[g² | 2 active] / (p₁ E[g² | 1 active]))
    /// ```
    ///
    /// as s grows by p E[g² | active] per example. Where a feature's active gradients are all ±β, E
    /// is β² and this is D2L's √(p₂/p₁)·|β₂/β₁|; a logistic loss's are not, and they shrink as it
    /// learns, so that the measured ratio remembers larger ones than those of now.
    #[must_use]
    pub fn rate_ratio_to(&self, other: &Self) -> f64 {
        let growth = |of: &Self| of.probability * of.mean_square;
        (growth(other) / growth(self)).sqrt()
    }
}

/// The activities of some features, by rank, at these weights: over the training examples, each for
/// itself, whatever the batch size.
#[must_use]
pub fn activities(
    examples: &Examples,
    weights: &[f32],
    intercept: f32,
    ranks: &[u32],
) -> Vec<Activity> {
    let mut sums = vec![(0_u32, 0.0); ranks.len()];
    let training = &examples.split.training;
    for &number in training {
        let row = examples.row(number);
        let mut residual = None;
        for (place, rank) in row.indices.iter().enumerate() {
            let Some(slot) = ranks.iter().position(|chosen| chosen == rank) else {
                continue;
            };
            // Most examples have none of them.
            let residual: f64 = *residual.get_or_insert_with(|| {
                let margin = examples.margin(number, weights, intercept);
                super::loss::LossSum::default().add(margin, row.label)
            });
            let value = row.values.and_then(|values| values.get(place));
            if let Some((active, squares)) = sums.get_mut(slot) {
                *active += 1;
                *squares += (residual * f64::from(*value.unwrap_or(&1.0))).powi(2);
            }
        }
    }
    let activity = |(active, squares): (u32, f64)| Activity {
        probability: f64::from(active) / training.len().max(1) as f64,
        mean_square: squares / f64::from(active.max(1)),
    };
    sums.into_iter().map(activity).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::batches::Batches;
    use crate::sparse::columns::Columns;
    use crate::sparse::cpu::{Options, Trainer};
    use crate::sparse::examples::tests::examples;
    use crate::sparse::held_out::HeldOut;
    use crate::sparse::rules::{Kind, Rule};
    use crate::sparse::zipf::{Generator, Zipf};

    /// 20 features, of which feature j occurs in 20 − j examples, and one that never does.
    fn staircase() -> Examples {
        let entries: Vec<(u32, f32)> = (0..20).map(|j| (j, 1.0)).collect();
        let rows: Vec<(bool, &[(u32, f32)])> =
            (1..=20).map(|length| (true, &entries[..length])).collect();
        examples(&rows, 21)
    }

    #[test]
    fn tenths_by_hand() {
        let mut weights = vec![0.0; 21];
        (weights[0], weights[1], weights[19]) = (3.0, 4.0, 2.0);
        let found = deciles(&staircase(), &weights, Some(&[1.0; 21]));
        assert_eq!(found.len(), 10);
        let first = found[0];
        assert_eq!((first.features, first.most, first.least), (2, 20, 19));
        assert_eq!(first.weight, 12.5_f64.sqrt());
        assert_eq!(first.error, Some(6.5_f64.sqrt()));
        assert_eq!(
            (found[9].most, found[9].least, found[9].error),
            (2, 1, Some(1.0))
        );
        assert_eq!(deciles(&staircase(), &weights, None)[3].error, None);
        let few = examples(&[(true, &[(0, 1.0), (1, 1.0)])], 5);
        assert_eq!(deciles(&few, &[1.0; 5], None).len(), 2);
    }

    #[test]
    fn the_heaviest_are_by_size() {
        let weights = [9.0, -1.0, 3.0, f32::NAN, -4.0, 3.0, f32::INFINITY];
        assert_eq!(heaviest(&weights, 1..6, 3), [4, 2, 5]);
        assert_eq!(heaviest(&weights, 4..8, 3), []);
    }

    #[test]
    fn every_feature_is_in_a_cell() {
        let examples = staircase();
        // From 1/1 to 1/20, and of one that never occurs.
        let rates: Vec<f32> = (1..=21).map(|j| 1.0 / j as f32).collect();
        let range = rate_range(&examples, &rates).unwrap();
        assert!((range[0] + 20_f64.log10()).abs() < 1e-7 && range[1] == 0.0);
        let found = density(&examples, &rates, range, [4, 3]);
        assert_eq!(found.counts.iter().sum::<u32>(), 20);
        assert_eq!(found.frequency, [-(20_f64.log10()), 0.0]);
        // The rarest has the least rate, 1/20, and the most frequent the highest.
        assert!(found.counts[0] >= 1 && found.counts[11] >= 1);
        assert_eq!(rate_range(&examples, &[0.0, f32::NAN]), None);
        let same = density(&examples, &[1.0; 21], [0.0, 0.0], [4, 3]);
        assert_eq!(same.counts.iter().sum::<u32>(), 20);
    }

    /// Of 5 examples; 2 and 3 are as frequent as each other.
    #[test]
    fn the_nearest_feature_by_hand() {
        let entries: Vec<(u32, f32)> = (0..4).map(|j| (j, 1.0)).collect();
        let rows: Vec<(bool, &[(u32, f32)])> = [1, 1, 2, 4, 4]
            .into_iter()
            .map(|length| (true, &entries[..length]))
            .collect();
        let examples = examples(&rows, 6);
        assert_eq!(examples.counts()[..5], [5, 3, 2, 2, 0]);
        let rates = [1.0, 1.0, 0.1, 10.0, 1.0, 1.0];
        let nearest = |frequency: f64, rate: f64, others: &[u32]| {
            nearest_feature(&examples, &rates, [frequency.log10(), rate.log10()], others)
        };
        assert_eq!(nearest(0.55, 1.0, &[]), Some(1));
        assert_eq!(nearest(0.55, 1.0, &[1]), Some(2));
        // Never one that does not occur.
        assert_eq!(nearest(1e-9, 0.2, &[]), Some(2));
        assert_eq!(nearest(1e-9, 2.0, &[]), Some(3));
        assert_eq!(nearest(1e-9, 2.0, &[3]), Some(2));
        assert_eq!(nearest(1.0, 2.0, &[0, 1, 2, 3]), None);
        assert_eq!(nearest(f64::NAN, 1.0, &[]), None);
    }

    /// By hand: residual −½ at w = 0 for a positive example.
    #[test]
    fn activity_by_hand() {
        let examples = examples(&[(true, &[(0, 1.0), (1, 3.0)]), (false, &[(0, 1.0)])], 2);
        let found = activities(&examples, &[0.0, 0.0], 0.0, &[1, 0]);
        assert_eq!((found[0].probability, found[0].mean_square), (0.5, 2.25));
        assert_eq!((found[1].probability, found[1].mean_square), (1.0, 0.25));
        // √(1 · 0.25 / (0.5 · 2.25))
        assert_eq!(found[0].rate_ratio_to(&found[1]), (0.25_f64 / 1.125).sqrt());
    }

    /// Evidence: with steps too small to learn anything, gradients stay as they are at 0, and the
    /// measured ratio of Adagrad's rates is the predicted one: within the step's effect, η √n.
    #[test]
    fn the_prediction_holds_where_gradients_do_not_change() {
        let mut generator = Generator::new(Zipf {
            examples: 5_000,
            features: 500,
            nonzeros_per_example: 8,
            exponent: 1.1,
            noise: 0.0,
            seed: 4,
        })
        .unwrap();
        generator.advance(usize::MAX);
        let examples = generator.finish(HeldOut::End(0.0)).examples;
        let rule = Rule::new(Kind::Adagrad, 1e-7, 0.0);
        let mut trainer = Trainer::new(rule, Options::default(), 500);
        let batches = Batches::new(examples.split.training.clone(), 1, None);
        trainer.advance(&examples, &batches, &Columns::default(), usize::MAX);
        let found = activities(&examples, &trainer.weights(), 0.0, &[0, 300]);
        let rates = trainer.effective_rates();
        let measured = f64::from(rates[300]) / f64::from(rates[0]);
        let predicted = found[1].rate_ratio_to(&found[0]);
        assert!(
            (measured / predicted - 1.0).abs() < 1e-4,
            "{measured} {predicted}"
        );
    }
}
