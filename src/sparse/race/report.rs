//! How far a race is, and what came of it, as plain data.

use super::Race;
use super::runner::Runner;
use crate::sparse::backend::Plan;
use crate::sparse::choice::Chosen;
use crate::sparse::metrics::{Metrics, metrics};
use crate::sparse::rules::Kind;

/// What a race is about at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Batches are laid out by feature, and it is settled where the rules are trained.
    Planning,
    /// Rates are searched.
    Tuning,
    /// Rules are trained.
    Training,
    /// Every rule has done every epoch, or the race was stopped.
    Finished,
}

impl Stage {
    /// The stage of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Planning, Self::Tuning, Self::Training, Self::Finished];
        all.into_iter().find(|stage| stage.name() == name)
    }

    /// Its name in scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Planning => "planning",
            Self::Tuning => "tuning",
            Self::Training => "training",
            Self::Finished => "finished",
        }
    }
}

/// How far the race is.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What it is about.
    pub stage: Stage,
    /// Which share of that is done, 0 to 1.
    pub share: f64,
    /// Whether it waits to be resumed.
    pub is_paused: bool,
    /// Each rule, in the experiment's order.
    pub rules: Vec<Standing>,
    /// How many bytes examples, plan and models take, on the GPU and beside it.
    pub bytes: usize,
    /// Where it is computed.
    pub chosen: Chosen,
    /// As long as the race is run on further seeds: how many data sets are done, and of how many.
    pub repeating: Option<[usize; 2]>,
}

/// How far a rule is.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Which rule.
    pub kind: Kind,
    /// η as it is now; none as long as it is searched.
    pub learning_rate: Option<f64>,
    /// Whether a better η may lie beyond those tried.
    pub is_at_an_end: bool,
    /// Whether every η tried came to the same loss, so that it is a guess.
    pub is_untuned: bool,
    /// Whether some of its batches had another η than now.
    pub has_changed_rate: bool,
    /// Batches done.
    pub steps: u64,
    /// The mean progressive loss of every epoch done.
    pub epoch_losses: Vec<f64>,
    /// The mean progressive loss of the epoch under way so far; none at its beginning.
    pub loss_so_far: Option<f64>,
    /// On the held-out examples, at the end of every epoch done. Where nothing is held out: on the
    /// training examples, and only at the end of the last.
    pub tested: Vec<Option<Metrics>>,
    /// The standard error of the difference between its held-out loss and each rule's, in the
    /// race's order, at the last test of both: infinite where one was not tested. Empty where
    /// nothing is held out, or nothing tested yet.
    pub difference_errors: Vec<f64>,
    /// Non-zeros visited in training.
    pub visited: u64,
    /// The time that took.
    pub seconds: f64,
}

/// What came of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Weights in the file's order.
    pub weights: Vec<f32>,
    /// b; 0 without one.
    pub intercept: f32,
    /// On the held-out examples, or the training ones where there are none.
    pub metrics: Option<Metrics>,
}

impl Race {
    /// How far the race is.
    #[must_use]
    pub fn report(&self) -> Report {
        let stage = self.stage();
        let mean = |share: &dyn Fn(&Runner) -> f64| {
            let sum: f64 = self.runners.iter().map(share).sum();
            sum / self.runners.len().max(1) as f64
        };
        let batches = self.plan.batches.count().max(1) as f64;
        let share = match stage {
            Stage::Planning if self.is_choosing() => 1.0,
            Stage::Planning => self.plan.columns.count() as f64 / batches,
            Stage::Tuning => mean(&|runner| runner.tuning().share()),
            Stage::Training => {
                let all = batches * f64::from(self.experiment.epochs);
                mean(&|runner| runner.steps() as f64 / all)
            }
            Stage::Finished => 1.0,
        };
        let models: usize = self.runners.iter().map(Runner::bytes).sum();
        let Plan {
            examples, columns, ..
        } = &self.plan;
        Report {
            stage,
            share,
            is_paused: self.is_paused,
            rules: self.runners.iter().map(Runner::standing).collect(),
            bytes: examples.bytes() + columns.bytes() + self.venue.place().bytes() + models,
            chosen: self.chosen().clone(),
            repeating: None,
        }
    }

    /// What came of the rule at that place in the experiment's order; none beyond the last.
    pub async fn outcome(&self, place: usize) -> Option<Outcome> {
        let runner = self.runners.get(place)?;
        let weights = runner.model.weights().await;
        let intercept = runner.model.intercept().await;
        let examples = &self.plan.examples;
        let metrics = runner
            .tested_now()
            .or_else(|| Some(metrics(examples, examples.split.tested(), &weights, intercept)?.0));
        Some(Outcome {
            weights: examples.by_feature(&weights),
            intercept,
            metrics,
        })
    }

    /// Weights by rank and the intercept of the rule at that place; none beyond the last.
    pub async fn model_of(&self, place: usize) -> Option<(Vec<f32>, f32)> {
        let model = &self.runners.get(place)?.model;
        Some((model.weights().await, model.intercept().await))
    }
}
