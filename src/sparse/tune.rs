//! A learning rate for each rule from the same few, so that a race is fair.

use super::batches::Batches;
use super::columns::Columns;
use super::cpu::{Options, Trainer};
use super::examples::Examples;
use super::rules::Rule;

/// The learning rates tried, for every rule: half a power of ten apart.
pub const GRID: [f64; 11] = [
    0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0,
];

/// The η kept where none is better than another: the middle of [`GRID`] as it is used.
const UNTUNED: f64 = 0.1;

/// A rule's search, in slices: an epoch for each η of [`GRID`], judged by its mean progressive
/// loss. That is a test on examples not yet trained on, and what is held out stays unseen.
///
/// Where an epoch has fewer than 20 batches, the loss of an epoch is hardly one of what η has done:
/// of a single batch, it is that of w = 0 for every η. There, each η has as many epochs as make 20
/// batches, though no more than visit 16 million non-zeros and at least 2, and is judged by the
/// progressive loss of the last. That is on examples trained on before, so it may prefer too large
/// an η; but so few updates are far from fitting examples one by one, and no better judge leaves
/// what is held out unseen.
#[derive(Debug)]
pub struct Search {
    rule: Rule,
    options: Options,
    epochs: usize,
    /// Of the η under way: several searches wait for each other, and those that wait need no memory.
    trainer: Option<Trainer>,
    losses: Vec<f64>,
    visited: usize,
}

impl Search {
    /// Fewer updates tell no good η from a bad one.
    const LEAST_BATCHES: usize = 20;
    /// For each η, where more than one epoch is needed.
    const MOST_NONZEROS: usize = 16_000_000;

    /// For this rule, whatever its η.
    #[must_use]
    pub fn new(rule: Rule, options: Options) -> Self {
        Self {
            trainer: None,
            rule,
            options,
            epochs: 1,
            losses: Vec::new(),
            visited: 0,
        }
    }

    /// Goes on until about so many non-zeros are visited, and tells whether every η has been tried.
    /// On no examples, every η is tried at once.
    pub fn advance(
        &mut self,
        examples: &Examples,
        batches: &Batches,
        columns: &Columns,
        nonzeros: usize,
    ) -> bool {
        let mut left = nonzeros.max(1);
        self.epochs = match batches.count() {
            0 | Self::LEAST_BATCHES.. => 1,
            few => {
                let nonzeros = examples.nonzeros_of(batches.order()).max(1);
                let affordable = (Self::MOST_NONZEROS / nonzeros).max(2);
                Self::LEAST_BATCHES.div_ceil(few).min(affordable)
            }
        };
        while left > 0 && self.losses.len() < GRID.len() {
            let (rule, options, tried) = (self.rule, self.options, self.losses.len());
            let trainer = self
                .trainer
                .get_or_insert_with(|| start(rule, options, examples.feature_count(), tried));
            let visited = trainer.advance(examples, batches, columns, left);
            self.visited += visited;
            left = left.saturating_sub(visited.max(1));
            if let Some(&loss) = trainer.epoch_losses().get(self.epochs - 1) {
                self.losses.push(loss);
            } else if batches.count() == 0 {
                self.losses.push(f64::NAN);
            } else {
                continue;
            }
            self.trainer = None;
        }
        self.losses.len() == GRID.len()
    }

    /// The mean progressive losses of the rates of [`GRID`] tried by now; not finite where a run
    /// diverged.
    #[must_use]
    pub fn losses(&self) -> &[f64] {
        &self.losses
    }

    /// How many bytes it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.trainer.as_ref().map_or(0, Trainer::bytes)
    }

    /// Non-zeros visited by now.
    #[must_use]
    pub fn visited(&self) -> usize {
        self.visited
    }

    /// How many epochs each η has.
    #[must_use]
    pub fn epochs(&self) -> usize {
        self.epochs
    }

    /// Whether every η comes to the same loss, so that none is better than another.
    #[must_use]
    pub fn is_tie(&self) -> bool {
        let first = self.losses.first();
        first.is_some_and(|first| first.is_finite() && self.losses.iter().all(|l| l == first))
    }

    /// The η of the least loss, the smallest of several; 0.1 where all tie; none where all diverged.
    #[must_use]
    pub fn best(&self) -> Option<f64> {
        if self.is_tie() {
            return Some(UNTUNED);
        }
        let tried = self.losses.iter().zip(GRID);
        let finite = tried.filter(|(loss, _)| loss.is_finite());
        let best = finite.min_by(|(a, _), (b, _)| a.total_cmp(b));
        best.map(|(_, learning_rate)| learning_rate)
    }

    /// Whether the best η is the least or the greatest of [`GRID`], so that a better one may lie
    /// beyond.
    #[must_use]
    pub fn is_at_an_end(&self) -> bool {
        let [first, .., last] = GRID;
        self.best()
            .is_some_and(|best| best == first || best == last)
    }
}

fn start(rule: Rule, options: Options, feature_count: usize, tried: usize) -> Trainer {
    let rule = Rule {
        learning_rate: GRID.get(tried).copied().unwrap_or(rule.learning_rate),
        ..rule
    };
    Trainer::new(rule, options, feature_count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::columns::Planner;
    use crate::sparse::held_out::HeldOut;
    use crate::sparse::rules::Kind;
    use crate::sparse::zipf::{Generator, Zipf};

    /// 2,000 examples of 8 among 300 features, all to train on.
    fn generated() -> Examples {
        let mut generator = Generator::new(Zipf {
            examples: 2_000,
            features: 300,
            nonzeros_per_example: 8,
            exponent: 1.1,
            noise: 0.0,
            seed: 1,
        })
        .unwrap();
        generator.advance(usize::MAX);
        generator.finish(HeldOut::End(0.0)).examples
    }

    /// Evidence: a run of one epoch at each rate, on its own.
    #[test]
    fn the_best_rate_is_that_of_the_least_loss() {
        let examples = generated();
        let batches = Batches::new(examples.split.training.clone(), 1, None);
        let columns = Columns::default();
        for kind in Kind::ALL {
            let rule = Rule::new(kind, 5.0, 1e-6);
            let mut search = Search::new(rule, Options::default());
            while !search.advance(&examples, &batches, &columns, 1_000) {}
            let losses = GRID.map(|learning_rate| {
                let rule = Rule::new(kind, learning_rate, 1e-6);
                let mut trainer = Trainer::new(rule, Options::default(), 300);
                trainer.advance(&examples, &batches, &columns, usize::MAX);
                trainer.epoch_losses()[0]
            });
            assert_eq!(search.losses(), losses);
            let best = GRID
                .iter()
                .position(|&eta| Some(eta) == search.best())
                .unwrap();
            assert!(losses.iter().all(|&loss| losses[best] <= loss));
            assert_eq!(search.visited(), 11 * examples.nonzeros());
            assert!(!search.is_at_an_end(), "{kind:?}");
        }
    }

    /// Evidence: of one batch, the loss of each η before its only update is ln 2; after 20 updates,
    /// losses differ.
    #[test]
    fn few_batches_are_met_several_times() {
        let examples = generated();
        for (size, epochs) in [(2_000, 20), (700, 7), (105, 1), (100, 1), (106, 2)] {
            let batches = Batches::new(examples.split.training.clone(), size, None);
            let mut columns = Columns::default();
            let mut planner = Planner::new(300);
            for batch in 0..batches.count() {
                planner.plan(&examples, batches.batch(batch), &mut columns);
            }
            let rule = Rule::new(Kind::Adagrad, 5.0, 1e-6);
            let mut search = Search::new(rule, Options::default());
            while !search.advance(&examples, &batches, &columns, 1_000) {}
            assert_eq!(search.epochs(), epochs, "{size}");
            assert_eq!(search.visited(), 11 * epochs * examples.nonzeros());
            let mut trainer =
                Trainer::new(Rule::new(Kind::Adagrad, 0.3, 1e-6), Options::default(), 300);
            for _ in 0..epochs {
                trainer.advance(&examples, &batches, &columns, usize::MAX);
            }
            assert_eq!(search.losses().get(7), trainer.epoch_losses().last());
            assert!(!search.is_tie() && !search.is_at_an_end());
        }
    }

    /// Examples without a feature: no η does anything.
    #[test]
    fn where_no_rate_is_better_a_middle_one_is_kept() {
        let examples = crate::sparse::examples::tests::examples(&[(true, &[] as &[_]); 30], 3);
        let batches = Batches::new(examples.split.training.clone(), 1, None);
        let mut search = Search::new(Rule::new(Kind::Sgd, 1.0, 0.0), Options::default());
        assert!(search.advance(&examples, &batches, &Columns::default(), usize::MAX));
        assert!(search.is_tie() && !search.is_at_an_end());
        assert_eq!(search.best(), Some(0.1));
    }

    #[test]
    fn no_examples_end_the_search() {
        let examples = crate::sparse::examples::tests::examples(&[], 3);
        let batches = Batches::new(Vec::new(), 1, None);
        let mut search = Search::new(Rule::new(Kind::Sgd, 1.0, 0.0), Options::default());
        assert!(search.advance(&examples, &batches, &Columns::default(), usize::MAX));
        assert_eq!(search.best(), None);
    }
}
