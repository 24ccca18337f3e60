//! Where a model is trained: the one place that knows of several backends.
//!
//! A race awaits all it asks of a [`Model`], since a graphics card answers later; the processor's
//! answers are there at once.

use super::batches::Batches;
use super::columns::Columns;
use super::cpu::{Options, Trainer};
use super::examples::Examples;
use super::experiment::Backend;
use super::rules::Rule;

/// What a race trains on, the same for all its rules.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The examples.
    pub examples: Examples,
    /// Their order and portions.
    pub batches: Batches,
    /// Each portion by feature; empty for batches of 1.
    pub columns: Columns,
}

/// Where a race is computed, as it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Never [`Backend::Auto`].
    pub backend: Backend,
    /// The graphics card's name; none on the processor.
    pub adapter: Option<String>,
    /// Why this one, in one sentence; none where it was asked for by name.
    pub why: Option<String>,
}

impl Chosen {
    /// What is to be had of what was asked for.
    #[must_use]
    pub fn of(asked: Backend) -> Self {
        let why = match asked {
            Backend::Cpu => None,
            Backend::Auto | Backend::Webgpu => {
                Some("This build of the lab has no WebGPU path: it runs on the processor.")
            }
        };
        Self {
            backend: Backend::Cpu,
            adapter: None,
            why: why.map(str::to_owned),
        }
    }
}

/// A model in training. Another backend is another variant, and an arm in each of these methods.
#[derive(Clone, Debug)]
pub enum Model {
    /// On the processor.
    Cpu(Trainer),
}

impl Model {
    /// Starts at 0.
    #[must_use]
    pub fn new(_chosen: &Chosen, rule: Rule, options: Options, plan: &Plan) -> Self {
        Self::Cpu(Trainer::new(rule, options, plan.examples.feature_count()))
    }

    /// As [`Trainer::advance`].
    pub async fn advance(&mut self, plan: &Plan, nonzeros: usize) -> usize {
        match self {
            Self::Cpu(trainer) => {
                trainer.advance(&plan.examples, &plan.batches, &plan.columns, nonzeros)
            }
        }
    }

    /// w, by rank.
    pub async fn weights(&self) -> Vec<f32> {
        match self {
            Self::Cpu(trainer) => trainer.weights(),
        }
    }

    /// b; 0 without one.
    pub async fn intercept(&self) -> f32 {
        match self {
            Self::Cpu(trainer) => trainer.intercept(),
        }
    }

    /// As [`Trainer::effective_rates`].
    pub async fn effective_rates(&self) -> Vec<f32> {
        match self {
            Self::Cpu(trainer) => trainer.effective_rates(),
        }
    }

    /// The weight and state of a few features, as [`Trainer::cell`] has them.
    pub async fn cells(&self, ranks: &[u32]) -> Vec<Vec<f32>> {
        match self {
            Self::Cpu(trainer) => {
                let cell = |&rank: &u32| trainer.cell(rank as usize).to_vec();
                ranks.iter().map(cell).collect()
            }
        }
    }

    /// The rule with its parameters.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        match self {
            Self::Cpu(trainer) => trainer.rule(),
        }
    }

    /// Another η from the next batch on.
    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        match self {
            Self::Cpu(trainer) => trainer.set_learning_rate(learning_rate),
        }
    }

    /// Batches done, over all epochs.
    #[must_use]
    pub fn steps(&self) -> u64 {
        match self {
            Self::Cpu(trainer) => trainer.steps(),
        }
    }

    /// As [`Trainer::epoch_losses`].
    #[must_use]
    pub fn epoch_losses(&self) -> &[f64] {
        match self {
            Self::Cpu(trainer) => trainer.epoch_losses(),
        }
    }

    /// As [`Trainer::loss_so_far`].
    #[must_use]
    pub fn loss_so_far(&self) -> Option<f64> {
        match self {
            Self::Cpu(trainer) => trainer.loss_so_far(),
        }
    }

    /// How many bytes the model takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Cpu(trainer) => trainer.bytes(),
        }
    }
}
