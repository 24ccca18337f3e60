//! A synthetic bag of words whose true weights are known: the same bits on every platform.

use super::examples::{Examples, FeatureNames, Ranking, Rows};
use super::held_out::HeldOut;
use crate::elementary::{exponential, natural_logarithm};
use crate::random::SplitMix64;

/// What to generate.
///
/// Feature j of d, from 0, is drawn with probability ∝ (j + 1)^−α, as words are in Zipf's law; an
/// example has k distinct ones, drawn one after the other without those it has, each of value 1.
/// Every feature has a true weight w*ⱼ ~ N(0, 1); an example's label is 1 with probability
/// σ(Σ w*ⱼ), and then flipped with probability `noise`.
///
/// Where 200 draws in a row bring nothing new, as with α near 2, the example gets the most frequent
/// feature that it has not. More examples of the same seed begin with the same ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zipf {
    /// How many examples: up to [`Self::MOST_EXAMPLES`].
    pub examples: u32,
    /// d: up to [`Self::MOST_FEATURES`].
    pub features: u32,
    /// k: up to [`Self::MOST_NONZEROS`] and to d.
    pub nonzeros_per_example: u32,
    /// α: from 0 to [`Self::HIGHEST_EXPONENT`].
    pub exponent: f64,
    /// From 0 to 0.5.
    pub noise: f64,
    /// Which of the data sets.
    pub seed: u32,
}

/// Why a data set cannot be generated.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{name} must be {allowed}, got {given}")]
pub struct OutOfRange {
    /// What, as in scripts.
    pub name: &'static str,
    /// In words.
    pub allowed: &'static str,
    /// The number given.
    pub given: f64,
}

impl Zipf {
    /// 1,000,000.
    pub const MOST_EXAMPLES: u32 = 1_000_000;
    /// 2²².
    pub const MOST_FEATURES: u32 = 1 << 22;
    /// 128.
    pub const MOST_NONZEROS: u32 = 128;
    /// 2: above it, hardly 128 distinct features are ever drawn.
    pub const HIGHEST_EXPONENT: f64 = 2.0;

    /// Checks every number.
    ///
    /// # Errors
    /// The first that is out of its range.
    pub fn validate(&self) -> Result<(), OutOfRange> {
        let given = [
            (
                "examples",
                "from 1 to 1,000,000",
                f64::from(self.examples),
                1.0..=f64::from(Self::MOST_EXAMPLES),
            ),
            (
                "features",
                "from 1 to 4,194,304",
                f64::from(self.features),
                1.0..=f64::from(Self::MOST_FEATURES),
            ),
            (
                "nonzerosPerExample",
                "from 1 to 128 and to the features",
                f64::from(self.nonzeros_per_example),
                1.0..=f64::from(self.features.min(Self::MOST_NONZEROS)),
            ),
            (
                "exponent",
                "from 0 to 2",
                self.exponent,
                0.0..=Self::HIGHEST_EXPONENT,
            ),
            ("noise", "from 0 to 0.5", self.noise, 0.0..=0.5),
        ];
        for (name, allowed, given, range) in given {
            if !range.contains(&given) {
                return Err(OutOfRange {
                    name,
                    allowed,
                    given,
                });
            }
        }
        Ok(())
    }
}

/// Examples in the making, in slices.
#[derive(Debug)]
pub struct Generator {
    zipf: Zipf,
    frequencies: AliasTable,
    truth: Vec<f32>,
    random: SplitMix64,
    rows: Rows,
    /// The features of the example in the making, and a bit for each feature: whether it is one of
    /// them.
    drawn: Vec<u32>,
    is_drawn: Vec<u64>,
}

/// Generated examples and what they were generated from.
#[derive(Clone, Debug, PartialEq)]
pub struct Generated {
    /// The examples; their features' numbers, from 0, are j.
    pub examples: Examples,
    /// w* by rank.
    pub truth: Vec<f32>,
}

impl Generator {
    /// Ready to begin; takes a while for millions of features.
    ///
    /// # Errors
    /// The first number that is out of its range.
    pub fn new(zipf: Zipf) -> Result<Self, OutOfRange> {
        zipf.validate()?;
        let mut weights = SplitMix64::stream(zipf.seed, 0);
        let pairs = (0..zipf.features.div_ceil(2)).flat_map(|_| weights.normal_pair(1.0));
        Ok(Self {
            frequencies: AliasTable::of_powers(zipf.features, zipf.exponent),
            truth: pairs
                .take(zipf.features as usize)
                .map(|w| w as f32)
                .collect(),
            random: SplitMix64::stream(zipf.seed, 1),
            rows: Rows::default(),
            drawn: Vec::new(),
            is_drawn: vec![0; zipf.features.div_ceil(64) as usize],
            zipf,
        })
    }

    /// Generates up to so many more examples, and tells whether all are there.
    pub fn advance(&mut self, examples: usize) -> bool {
        let left = (self.zipf.examples as usize).saturating_sub(self.rows.count());
        for _ in 0..examples.min(left) {
            self.generate();
        }
        left <= examples
    }

    fn generate(&mut self) {
        // The most frequent one that is missing is then the likeliest by far, and ends what would
        // take ages.
        const MOST_TRIES: u32 = 200;
        let mut tries = 0;
        while self.drawn.len() < self.zipf.nonzeros_per_example as usize {
            if tries < MOST_TRIES {
                let feature = self.frequencies.draw(&mut self.random);
                tries = if self.take(feature) { 0 } else { tries + 1 };
            } else {
                (0..self.zipf.features).any(|feature| self.take(feature));
                tries = 0;
            }
        }
        let weight = |&feature: &u32| self.truth.get(feature as usize).copied();
        let margin: f64 = self.drawn.iter().filter_map(weight).map(f64::from).sum();
        // p = σ(margin) is above a uniform u where the margin is above ln(u/(1 − u)).
        let uniform = self.random.uniform().max(f64::MIN_POSITIVE);
        let positive = margin > natural_logarithm(uniform) - natural_logarithm(1.0 - uniform);
        let flipped = self.random.uniform() < self.zipf.noise;
        for feature in self.drawn.drain(..) {
            self.rows.push(feature, 1.0);
            if let Some(bits) = self.is_drawn.get_mut(feature as usize / 64) {
                *bits = 0;
            }
        }
        self.rows.finish_row(positive != flipped);
    }

    /// Gives the example a feature, unless it has it.
    #[inline]
    fn take(&mut self, feature: u32) -> bool {
        let bit = 1 << (feature % 64);
        let bits = self.is_drawn.get_mut(feature as usize / 64);
        let is_new = bits.is_some_and(|bits| {
            let is_new = *bits & bit == 0;
            *bits |= bit;
            is_new
        });
        if is_new {
            self.drawn.push(feature);
        }
        is_new
    }

    /// How many examples there are by now.
    #[must_use]
    pub fn count(&self) -> usize {
        self.rows.count()
    }

    /// The examples there are by now, their non-zeros as they were drawn.
    #[must_use]
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The examples there are by now.
    #[must_use]
    pub fn finish(self, held_out: HeldOut) -> Generated {
        let (ranking, truth) = self.ranking(held_out);
        let examples = ranking.finish();
        let truth = examples.by_rank(&truth);
        Generated { examples, truth }
    }

    /// The same, in slices; with w* by feature.
    #[must_use]
    pub fn ranking(self, held_out: HeldOut) -> (Ranking, Vec<f32>) {
        let split = held_out.split(self.rows.count());
        let names = FeatureNames::Numbered { first: 0 };
        let ranking = Ranking::new(self.rows, names, self.zipf.features, split);
        (ranking, self.truth)
    }
}

/// Draws from a discrete distribution in the time of one look-up: Walker's alias method (1977).
///
/// Of d equally likely places, place j stands for feature j where a coin of that place says so, and
/// for one other, its alias, where not.
#[derive(Debug)]
struct AliasTable {
    /// The coin's probability, and the alias.
    places: Vec<(f32, u32)>,
}

impl AliasTable {
    /// Probabilities ∝ (j + 1)^−α for j from 0 to `count` − 1.
    fn of_powers(count: u32, exponent: f64) -> Self {
        let power = |j: u32| exponential(-exponent * natural_logarithm(f64::from(j) + 1.0));
        let powers: Vec<f64> = (0..count).map(power).collect();
        // From the smallest, so that they all count.
        let sum: f64 = powers.iter().rev().sum();
        // In units of 1/d; never rising.
        let mut shares = powers;
        for share in &mut shares {
            *share *= f64::from(count) / sum;
        }
        let mut places: Vec<(f32, u32)> = (0..count).map(|j| (1.0, j)).collect();
        let first_below_1 = shares.partition_point(|&share| share >= 1.0);
        let (giving, taking) = shares.split_at_mut(first_below_1);
        let (giving_places, taking_places) = places.split_at_mut(first_below_1);
        let mut givers = (0..).zip(giving).zip(giving_places).peekable();
        for (share, place) in taking.iter().zip(taking_places) {
            // What a place lacks, a frequent feature fills; and where that has less than a place
            // left, the next one fills its.
            let Some(((j, left), _)) = givers.peek_mut() else {
                break;
            };
            *place = (*share as f32, *j);
            **left -= 1.0 - share;
            while let Some(((_, left), place)) = givers.next_if(|((_, left), _)| **left < 1.0) {
                let Some(((next, next_left), _)) = givers.peek_mut() else {
                    break;
                };
                *place = (*left as f32, *next);
                **next_left -= 1.0 - *left;
            }
        }
        Self { places }
    }

    #[inline]
    fn draw(&self, random: &mut SplitMix64) -> u32 {
        // The whole part is the place, the rest, of 31 bits and more, its coin.
        let scaled = random.uniform() * self.places.len() as f64;
        let place = scaled as u32;
        match self.places.get(place as usize) {
            Some(&(probability, alias)) => {
                if scaled - f64::from(place) < f64::from(probability) {
                    place
                } else {
                    alias
                }
            }
            // Rounded up to d: the last.
            None => place.saturating_sub(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SMALL: Zipf = Zipf {
        examples: 2_000,
        features: 1_000,
        nonzeros_per_example: 8,
        exponent: 1.1,
        noise: 0.0,
        seed: 1,
    };

    fn generate(zipf: Zipf) -> Generated {
        let mut generator = Generator::new(zipf).unwrap();
        while !generator.advance(300) {}
        generator.finish(HeldOut::End(0.0))
    }

    proptest! {
        /// Evidence: the probabilities that the table stands for, place by place, are the powers
        /// over their sum: within the 2⁻²⁴ to which a coin is given, over d.
        #[test]
        fn the_table_has_the_probabilities(count in 1..300_u32, exponent in 0.0..2.0_f64) {
            let table = AliasTable::of_powers(count, exponent);
            let mut probabilities = vec![0.0; count as usize];
            for (j, &(probability, alias)) in table.places.iter().enumerate() {
                prop_assert!((0.0..=1.0).contains(&probability));
                probabilities[j] += f64::from(probability) / f64::from(count);
                probabilities[alias as usize] += (1.0 - f64::from(probability)) / f64::from(count);
            }
            let powers: Vec<f64> =
                (1..=count).map(|j| f64::from(j).powf(-exponent)).collect();
            let sum: f64 = powers.iter().sum();
            for (probability, power) in probabilities.iter().zip(&powers) {
                prop_assert!((probability - power / sum).abs() < 1e-7, "{probability} {power}");
            }
        }
    }

    /// Evidence: draws of the first feature are binomial; five deviations of √(p(1 − p) n).
    #[test]
    fn draws_follow_the_table() {
        let table = AliasTable::of_powers(1_000, 1.1);
        let mut random = SplitMix64::stream(3, 0);
        let draws = 200_000;
        let first = (0..draws).filter(|_| table.draw(&mut random) == 0).count();
        let p = 1.0 / (1..=1_000).map(|j| f64::from(j).powf(-1.1)).sum::<f64>();
        let n = f64::from(draws);
        assert!((first as f64 - p * n).abs() < 5.0 * (p * (1.0 - p) * n).sqrt());
    }

    /// Evidence: the labels' mean over the true probabilities of their examples: a sum of
    /// independent deviations, of variance Σ p(1 − p); five deviations.
    #[test]
    fn labels_follow_the_true_weights() {
        for noise in [0.0, 0.2] {
            let Generated { examples, truth } = generate(Zipf {
                examples: 20_000,
                noise,
                ..SMALL
            });
            let (mut difference, mut variance, mut agree) = (0.0, 0.0, 0.0);
            for row in 0..20_000 {
                let margin = examples.margin(row, &truth, 0.0);
                let p = 1.0 / (1.0 + (-margin).exp());
                let p = p * (1.0 - noise) + (1.0 - p) * noise;
                let y = f64::from(u8::from(examples.row(row).label));
                // Towards the likelier label, so that a sign the wrong way round shows.
                difference += (y - p) * margin.signum();
                variance += p * (1.0 - p);
                agree += f64::from(u8::from((y > 0.5) == (margin > 0.0)));
            }
            assert!(difference.abs() < 5.0 * f64::sqrt(variance), "{difference}");
            assert!(agree > 13_000.0 - 5_000.0 * noise);
        }
    }

    /// Evidence: the same generator written in Python, whose own exponential and logarithm it
    /// takes; every platform must have these examples.
    #[test]
    fn the_examples_are_these() {
        let mut generator = Generator::new(Zipf {
            examples: 1_000,
            noise: 0.25,
            ..SMALL
        })
        .unwrap();
        generator.advance(usize::MAX);
        let drawn = generator.rows().features().to_vec();
        let Generated { examples, truth } = generator.finish(HeldOut::End(0.0));
        let named = |row| {
            let entries = row as usize * SMALL.nonzeros_per_example as usize..;
            let features = drawn[entries].iter().copied();
            let features = features.take(SMALL.nonzeros_per_example as usize);
            (examples.row(row).label, features.collect::<Vec<u32>>())
        };
        assert_eq!(named(0), (false, vec![198, 4, 0, 95, 32, 614, 127, 221]));
        let mut sorted = named(0).1;
        sorted.sort_by_key(|feature| examples.features().iter().position(|f| f == feature));
        let ranks = examples.row(0).indices.iter();
        let by_rank: Vec<u32> = ranks
            .map(|&rank| examples.features()[rank as usize])
            .collect();
        assert_eq!(by_rank, sorted);
        let numbers = (0..1_000).map(named).flat_map(|(label, features)| {
            let label = std::iter::once(u64::from(label));
            label.chain(features.into_iter().map(u64::from))
        });
        let digest = numbers.fold(0_u64, |sum, number| {
            sum.wrapping_mul(31).wrapping_add(number)
        });
        assert_eq!(digest, 4_090_752_026_113_963_924);
        let truth = examples.by_feature(&truth);
        let bits = [truth[0], truth[1], truth[2]].map(f32::to_bits);
        assert_eq!(bits, [1_066_114_387, 1_057_973_553, 1_056_536_833]);
    }

    #[test]
    fn features_of_an_example_are_distinct_and_as_many_as_asked() {
        let generated = generate(SMALL);
        assert_eq!(generated.examples.nonzeros(), 16_000);
        for row in 0..2_000 {
            let mut indices = generated.examples.row(row).indices.to_vec();
            indices.sort_unstable();
            indices.dedup();
            assert_eq!(indices.len(), 8);
        }
    }

    /// All features, and the slowest of all: both end.
    #[test]
    fn what_is_hardly_drawn_ends() {
        let all = generate(Zipf {
            examples: 3,
            features: 128,
            nonzeros_per_example: 128,
            exponent: 2.0,
            ..SMALL
        });
        assert_eq!(all.examples.counts(), [3; 128]);
        let steep = generate(Zipf {
            examples: 20,
            features: 1 << 16,
            nonzeros_per_example: 128,
            exponent: 2.0,
            ..SMALL
        });
        assert_eq!(steep.examples.nonzeros(), 20 * 128);
    }

    #[test]
    fn slices_make_no_difference_and_more_begin_with_the_same() {
        let whole = |zipf| {
            let mut generator = Generator::new(zipf).unwrap();
            assert!(generator.advance(usize::MAX));
            generator.rows
        };
        let mut sliced = Generator::new(SMALL).unwrap();
        assert!(!sliced.advance(1_999));
        assert_eq!(sliced.count(), 1_999);
        assert!(sliced.advance(1));
        assert_eq!(sliced.rows, whole(SMALL));
        let more = whole(Zipf {
            examples: 2_001,
            ..SMALL
        });
        assert_eq!(more.count(), 2_001);
        assert_ne!(whole(Zipf { seed: 2, ..SMALL }), sliced.rows);
    }

    #[test]
    fn what_is_out_of_range_is_refused_by_name() {
        let message = |zipf: Zipf| zipf.validate().unwrap_err().to_string();
        assert_eq!(
            message(Zipf {
                nonzeros_per_example: 9,
                features: 8,
                ..SMALL
            }),
            "nonzerosPerExample must be from 1 to 128 and to the features, got 9"
        );
        assert_eq!(
            message(Zipf {
                exponent: f64::NAN,
                ..SMALL
            }),
            "exponent must be from 0 to 2, got NaN"
        );
        assert!(
            Generator::new(Zipf {
                examples: 0,
                ..SMALL
            })
            .is_err()
        );
    }
}
