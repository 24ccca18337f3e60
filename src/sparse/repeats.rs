//! The same race on several synthetic data sets: whether what one shows is chance.

use super::experiment::{Data, Experiment};
use super::frequency::Decile;
use super::prepare::Preparation;
use super::race::{Race, Stage};

/// Races on the data sets of the seeds after the first, one after the other, in slices.
#[derive(Debug)]
pub struct Repeats {
    experiment: Experiment,
    under_way: UnderWay,
    /// By data set, by rule, by tenth.
    deciles: Vec<Vec<Vec<Decile>>>,
}

#[derive(Debug)]
enum UnderWay {
    Preparing(Box<Preparation>),
    Racing(Box<Race>),
    Nothing,
}

/// A number over several data sets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Its mean.
    pub mean: f64,
    /// The lowest.
    pub least: f64,
    /// The highest.
    pub most: f64,
}

impl Spread {
    /// Of these numbers; none of none.
    #[must_use]
    pub fn of(numbers: &[f64]) -> Option<Self> {
        let (&first, rest) = numbers.split_first()?;
        let fold = |of: fn(f64, f64) -> f64| rest.iter().copied().fold(first, of);
        Some(Self {
            mean: fold(|a, b| a + b) / numbers.len() as f64,
            least: fold(f64::min),
            most: fold(f64::max),
        })
    }
}

impl Repeats {
    /// After `race` has come to its end, whose deciles are the first. It goes on where that ended.
    pub async fn after(race: &Race) -> Self {
        Self {
            experiment: Experiment {
                backend: race.chosen().backend,
                ..race.experiment().clone()
            },
            under_way: UnderWay::Nothing,
            deciles: vec![race.deciles().await],
        }
    }

    /// How many data sets are done.
    #[must_use]
    pub fn done(&self) -> usize {
        self.deciles.len()
    }

    /// How many bytes the race under way takes: the one that it repeats is still there.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match &self.under_way {
            UnderWay::Racing(race) => race.report().bytes,
            UnderWay::Preparing(_) | UnderWay::Nothing => 0,
        }
    }

    /// Goes on for about so many non-zeros, and tells whether all is done. `clock` is in seconds.
    pub async fn advance(&mut self, nonzeros: usize, clock: &dyn Fn() -> f64) -> bool {
        match std::mem::replace(&mut self.under_way, UnderWay::Nothing) {
            UnderWay::Nothing => {
                if let Some(preparation) = self.next() {
                    self.under_way = UnderWay::Preparing(Box::new(preparation));
                }
            }
            UnderWay::Preparing(mut preparation) => {
                // A draw costs more than a visit.
                if preparation.generate(nonzeros.div_ceil(256)) < 1.0 {
                    self.under_way = UnderWay::Preparing(preparation);
                } else if let Ok(prepared) = preparation.finish() {
                    let race = Race::new(self.experiment.clone(), prepared);
                    self.under_way = UnderWay::Racing(Box::new(race));
                }
            }
            UnderWay::Racing(mut race) => {
                if race.advance(nonzeros, clock).await == Stage::Finished {
                    self.deciles.push(race.deciles().await);
                } else {
                    self.under_way = UnderWay::Racing(race);
                }
            }
        }
        self.is_over()
    }

    /// Whether all is done.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.under_way, UnderWay::Nothing) && self.is_complete()
    }

    /// On how many data sets the race is run in all.
    #[must_use]
    pub fn of(&self) -> usize {
        match self.experiment.data {
            Data::Zipf(_) => self.experiment.seeds as usize,
            _ => 1,
        }
    }

    /// The next data set; none after the last.
    fn next(&self) -> Option<Preparation> {
        if self.is_complete() {
            return None;
        }
        let mut experiment = self.experiment.clone();
        if let Data::Zipf(zipf) = &mut experiment.data {
            zipf.seed = zipf.seed.wrapping_add(self.done() as u32);
        }
        Preparation::new(experiment).ok()
    }

    fn is_complete(&self) -> bool {
        self.done() >= self.of()
    }

    /// The error of the weights (where the truth is not known, their size) over the data sets done:
    /// by rule, by tenth.
    #[must_use]
    pub fn spreads(&self) -> Vec<Vec<Spread>> {
        let rules = self.experiment.rules.len();
        let of = |rule: usize, tenth: usize| {
            let deciles = self.deciles.iter();
            let deciles = deciles.filter_map(|found| found.get(rule)?.get(tenth));
            let numbers = deciles.map(|decile| decile.error.unwrap_or(decile.weight));
            Spread::of(&numbers.collect::<Vec<f64>>())
        };
        (0..rules)
            .map(|rule| (0..10).filter_map(|tenth| of(rule, tenth)).collect())
            .collect()
    }
}
