//! What is to be seen of a race, as plain data.

use super::frequency::{Decile, Density, activities, deciles, density, heaviest, rate_range};
use super::growth::Growth;
use super::race::Race;
use super::rate_ratio::RateRatio;
use crate::number::grouped;

/// A feature by its name, with its weight.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// What it is called.
    pub name: String,
    /// In how many training examples it occurs.
    pub count: u32,
    /// Its weight.
    pub weight: f32,
}

/// The features with the largest weights in size, the largest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// Among the tenth that occurs most often.
    pub frequent: Vec<Word>,
    /// Among those that occur at least [`Words::LEAST_OCCURRENCES`] times, the half that occurs least
    /// often.
    pub rare: Vec<Word>,
    /// How many occur less often, and so are in no list.
    pub too_rare: u32,
}

impl Words {
    /// A word that occurs once has had one gradient: under Adagrad its weight is η, whatever the word
    /// says.
    pub const LEAST_OCCURRENCES: u32 = 3;

    /// Which words are in the lists, in sentences, where the positive and the negative label are known.
    #[must_use]
    pub fn note(&self, labels: Option<&[String; 2]>) -> String {
        let speaks = match labels {
            Some([negative, positive]) if !(negative.is_empty() || positive.is_empty()) => [
                "A positive weight speaks for ",
                positive,
                ", a negative one for ",
                negative,
                ". ",
            ]
            .concat(),
            Some([label, other]) if !(label.is_empty() && other.is_empty()) => {
                ["All examples are ", label, other, ". "].concat()
            }
            _ => String::new(),
        };
        let left_out = match self.too_rare {
            0 => ".".to_owned(),
            1 => "; 1 word occurs less often and is left out.".to_owned(),
            many => [
                "; ",
                &grouped(f64::from(many)),
                " words occur less often and are left out.",
            ]
            .concat(),
        };
        let which = "Frequent: the most frequent tenth. Rare: the rarer half of those that occur at \
                     least three times";
        [&speaks, which, &left_out].concat()
    }
}

/// A rule's effective rates by frequency.
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// Of all features.
    pub density: Density,
    /// Of the watched ones: the share of training examples each occurs in, and its rate; none where
    /// that is not above 0.
    pub watched: Vec<Option<[f64; 2]>>,
}

impl Race {
    /// Effective rates by frequency, on `size` cells: for each rule, on one scale for all.
    pub async fn rates(&self, size: [usize; 2]) -> Vec<Rates> {
        let examples = &self.plan.examples;
        let mut all = Vec::new();
        for runner in &self.runners {
            all.push(runner.model.effective_rates().await);
        }
        let ranges = all.iter().filter_map(|rates| rate_range(examples, rates));
        let range = ranges.reduce(|[low, high], [l, h]| [low.min(l), high.max(h)]);
        let range = range.unwrap_or([0.0, 0.0]);
        let training = examples.split.training.len().max(1) as f64;
        let point = |rates: &[f32], rank: u32| {
            let count = f64::from(*examples.counts().get(rank as usize)?);
            let rate = f64::from(*rates.get(rank as usize)?);
            let has_place = count > 0.0 && rate > 0.0 && rate.is_finite();
            has_place.then_some([count / training, rate])
        };
        let of = |rates: &Vec<f32>| Rates {
            density: density(examples, rates, range, size),
            watched: self
                .watched()
                .iter()
                .map(|&rank| point(rates, rank))
                .collect(),
        };
        all.iter().map(of).collect()
    }

    /// How the progressive loss went, for each rule: see [`Curve::points`](super::curve::Curve::points).
    #[must_use]
    pub fn curves(&self) -> Vec<Vec<[f64; 2]>> {
        let examples = self.plan.batches.order().len();
        let runners = self.runners.iter();
        runners
            .map(|runner| runner.curve.points(examples))
            .collect()
    }

    /// What became of features by frequency, for each rule.
    pub async fn deciles(&self) -> Vec<Vec<Decile>> {
        let mut found = Vec::new();
        for runner in &self.runners {
            let weights = runner.model.weights().await;
            found.push(deciles(
                &self.plan.examples,
                &weights,
                self.truth.as_deref(),
            ));
        }
        found
    }

    /// How the watched features' accumulators have grown, for each rule; no points of rules that
    /// have none.
    #[must_use]
    pub fn growth(&self) -> Vec<&Growth> {
        self.runners.iter().map(|runner| &runner.growth).collect()
    }

    /// The features with the largest weights, for each rule.
    pub async fn words(&self, most: usize) -> Vec<Words> {
        let examples = &self.plan.examples;
        let counts = examples.counts();
        // Counts never rise.
        let occurring = counts.partition_point(|&count| count > 0);
        let often = counts.partition_point(|&count| count >= Words::LEAST_OCCURRENCES);
        let frequent = occurring.div_ceil(10);
        let mut found = Vec::new();
        for runner in &self.runners {
            let weights = runner.model.weights().await;
            let word = |rank: u32| {
                let rank = rank as usize;
                Some(Word {
                    name: examples.name(rank),
                    count: *counts.get(rank)?,
                    weight: *weights.get(rank)?,
                })
            };
            let among = |ranks| {
                let ranks = heaviest(&weights, ranks, most).into_iter();
                ranks.filter_map(word).collect()
            };
            found.push(Words {
                frequent: among(0..frequent),
                rare: among((often / 2).max(frequent)..often.max(frequent)),
                too_rare: (occurring - often) as u32,
            });
        }
        found
    }

    /// The ratio of the effective rate of feature `rare` to that of `frequent`, by rank, for each
    /// rule; none where a rank is of no feature, or the rates have no ratio.
    pub async fn rate_ratios(&self, rare: u32, frequent: u32) -> Vec<Option<RateRatio>> {
        let mut found = Vec::new();
        for runner in &self.runners {
            let weights = runner.model.weights().await;
            let intercept = runner.model.intercept().await;
            let ranks = [rare, frequent];
            let active = activities(&self.plan.examples, &weights, intercept, &ranks);
            let rates = runner.model.effective_rates().await;
            let rate = |rank: u32| rates.get(rank as usize).copied().map(f64::from);
            let ratio = match (active.as_slice(), rate(rare), rate(frequent)) {
                ([of_rare, of_frequent], Some(rate_of_rare), Some(rate_of_frequent)) => {
                    RateRatio::new([rate_of_rare, rate_of_frequent], [of_rare, of_frequent])
                }
                _ => None,
            };
            found.push(ratio);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::plain_text::assert_is_plain;
    use proptest::prelude::*;

    fn labels(negative: &str, positive: &str) -> [String; 2] {
        [negative, positive].map(str::to_owned)
    }

    #[test]
    fn the_note_says_which_words_are_shown_and_how_many_are_not() {
        let words = |too_rare| Words {
            too_rare,
            ..Words::default()
        };
        assert_eq!(
            words(6012).note(Some(&labels("ham", "spam"))),
            "A positive weight speaks for spam, a negative one for ham. Frequent: the most frequent \
             tenth. Rare: the rarer half of those that occur at least three times; 6,012 words occur \
             less often and are left out."
        );
        assert_eq!(
            words(0).note(None),
            "Frequent: the most frequent tenth. Rare: the rarer half of those that occur at least \
             three times."
        );
        assert!(
            words(1)
                .note(None)
                .ends_with("1 word occurs less often and is left out.")
        );
    }

    proptest! {
        #[test]
        fn no_note_has_an_empty_name(
            too_rare in any::<u32>(),
            names in prop::option::of(prop::sample::select(vec![
                labels("ham", "spam"), labels("", "spam"), labels("ham", ""), labels("", ""),
            ])),
        ) {
            let words = Words { too_rare, ..Words::default() };
            assert_is_plain(&words.note(names.as_ref()));
        }
    }
}
