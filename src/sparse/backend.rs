//! Where models are trained: the one place that knows of several backends.
//!
//! A race awaits all it asks of a [`Model`], since a GPU answers later; the processor's answers are
//! there at once.

#[cfg(feature = "gpu")]
use std::sync::Arc;

use super::batches::Batches;
use super::columns::Columns;
use super::cpu::{Options, Trainer};
use super::examples::Examples;
use super::experiment::Backend;
#[cfg(feature = "gpu")]
use super::gpu::{self, Gpu, trainer::GpuTrainer};
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

/// Where the models of a race are.
#[derive(Clone, Debug)]
pub enum Place {
    /// In the processor's memory.
    Processor,
    /// On that GPU, and with them the plan.
    #[cfg(feature = "gpu")]
    Gpu(Gpu, Arc<gpu::plan::Plan>),
}

/// Why a GPU is of no more use, as a clause.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(String);

#[cfg(feature = "gpu")]
impl From<gpu::Fault> for Fault {
    fn from(fault: gpu::Fault) -> Self {
        Self(fault.to_string())
    }
}

impl Place {
    /// Which backend that is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self {
            Self::Processor => Backend::Cpu,
            #[cfg(feature = "gpu")]
            Self::Gpu(..) => Backend::Webgpu,
        }
    }

    /// Whether all is well.
    ///
    /// # Errors
    /// What has gone wrong.
    pub fn check(&self) -> Result<(), Fault> {
        match self {
            Self::Processor => Ok(()),
            #[cfg(feature = "gpu")]
            Self::Gpu(gpu, _) => Ok(gpu.check()?),
        }
    }

    /// How many bytes there are besides the [`Plan`] and the models.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Processor => 0,
            #[cfg(feature = "gpu")]
            Self::Gpu(_, plan) => plan.bytes() as usize,
        }
    }
}

/// How many non-zeros a GPU is asked to visit at once: so many that the way there and back counts
/// for little, and so few that the page is painted and a reader's click is heard.
#[derive(Clone, Copy, Debug)]
pub struct Submission {
    nonzeros: usize,
}

impl Default for Submission {
    /// A few milliseconds of a software adapter.
    fn default() -> Self {
        Self { nonzeros: 200_000 }
    }
}

impl Submission {
    const SECONDS: f64 = 0.04;

    /// How many.
    #[must_use]
    pub fn nonzeros(self) -> usize {
        self.nonzeros
    }

    /// Learns from one that took so long.
    pub fn took(&mut self, visited: usize, seconds: f64) {
        // One that an epoch's end cut short tells little but how long the way is.
        if seconds > 0.0 && visited >= self.nonzeros / 2 {
            let wanted = visited as f64 * (Self::SECONDS / seconds);
            self.nonzeros = (wanted as usize).clamp(1, 2 * self.nonzeros);
        }
    }
}

/// A model in training. Another backend is another variant, and an arm in each of these methods.
#[derive(Debug)]
pub enum Model {
    /// On the processor.
    Cpu(Trainer),
    /// On a GPU.
    #[cfg(feature = "gpu")]
    Gpu(Box<GpuTrainer>),
}

/// What came of going on.
#[derive(Clone, Debug, PartialEq)]
pub struct Advance {
    /// Non-zeros visited; 0 only where none are left.
    pub visited: usize,
    /// The weight and state of the features watched, as [`Trainer::cell`] has them.
    pub cells: Vec<Vec<f32>>,
}

impl Model {
    /// Starts at 0, on the processor.
    #[must_use]
    pub fn new(rule: Rule, options: Options, plan: &Plan) -> Self {
        Self::Cpu(Trainer::new(rule, options, plan.examples.feature_count()))
    }

    /// Starts at 0 in that place.
    ///
    /// # Errors
    /// What does not fit there, or goes wrong.
    pub async fn start(
        place: &Place,
        rule: Rule,
        options: Options,
        plan: &Plan,
    ) -> Result<Self, Fault> {
        match place {
            Place::Processor => Ok(Self::new(rule, options, plan)),
            #[cfg(feature = "gpu")]
            Place::Gpu(gpu, plan) => {
                let trainer = GpuTrainer::new(gpu, plan, rule, options).await?;
                Ok(Self::Gpu(Box::new(trainer)))
            }
        }
    }

    /// Goes on from the last completed epoch, on the processor. There, it does nothing.
    pub fn fall_back(&mut self) {
        match self {
            Self::Cpu(_) => {}
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => *self = Self::Cpu(restored(trainer, trainer.last_epoch())),
        }
    }

    /// Goes on for at least one batch and about so many non-zeros, never past the end of an epoch,
    /// and looks at some features, by rank.
    ///
    /// # Errors
    /// What went wrong with a GPU; then only [`Self::fall_back`] goes on.
    pub async fn advance(
        &mut self,
        plan: &Plan,
        nonzeros: usize,
        watched: &[u32],
    ) -> Result<Advance, Fault> {
        match self {
            Self::Cpu(trainer) => {
                let Plan {
                    examples,
                    batches,
                    columns,
                } = plan;
                let visited = trainer.advance(examples, batches, columns, nonzeros);
                let cell = |&rank: &u32| trainer.cell(rank as usize).to_vec();
                let cells = watched.iter().map(cell).collect();
                Ok(Advance { visited, cells })
            }
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => {
                let batches = trainer.plan().batches_of(nonzeros);
                let (visited, cells) = trainer.advance_watching(batches, watched).await?;
                let visited = visited as usize;
                Ok(Advance { visited, cells })
            }
        }
    }

    /// w, by rank. Of a GPU that is gone, that of the last completed epoch.
    pub async fn weights(&self) -> Vec<f32> {
        match self {
            Self::Cpu(trainer) => trainer.weights(),
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => here(trainer).await.weights(),
        }
    }

    /// b; 0 without one. Else as [`Self::weights`].
    pub async fn intercept(&self) -> f32 {
        match self {
            Self::Cpu(trainer) => trainer.intercept(),
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => here(trainer).await.intercept(),
        }
    }

    /// As [`Trainer::effective_rates`]. Else as [`Self::weights`].
    pub async fn effective_rates(&self) -> Vec<f32> {
        match self {
            Self::Cpu(trainer) => trainer.effective_rates(),
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => here(trainer).await.effective_rates(),
        }
    }

    /// The rule with its parameters.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        match self {
            Self::Cpu(trainer) => trainer.rule(),
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => trainer.rule(),
        }
    }

    /// Another η from the next batch on.
    pub fn set_learning_rate(&mut self, learning_rate: f64) {
        match self {
            Self::Cpu(trainer) => trainer.set_learning_rate(learning_rate),
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => trainer.set_learning_rate(learning_rate),
        }
    }

    /// Batches done, over all epochs.
    #[must_use]
    pub fn steps(&self) -> u64 {
        match self {
            Self::Cpu(trainer) => trainer.steps(),
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => trainer.steps(),
        }
    }

    /// As [`Trainer::epoch_losses`].
    #[must_use]
    pub fn epoch_losses(&self) -> &[f64] {
        match self {
            Self::Cpu(trainer) => trainer.epoch_losses(),
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => trainer.epoch_losses(),
        }
    }

    /// As [`Trainer::loss_so_far`].
    #[must_use]
    pub fn loss_so_far(&self) -> Option<f64> {
        match self {
            Self::Cpu(trainer) => trainer.loss_so_far(),
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => trainer.loss_so_far(),
        }
    }

    /// How many bytes the model takes, wherever they are.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::Cpu(trainer) => trainer.bytes(),
            #[cfg(feature = "gpu")]
            Self::Gpu(trainer) => {
                let planes = trainer.last_epoch().planes.iter();
                let kept: usize = planes.map(|plane| 4 * plane.len()).sum();
                trainer.bytes() as usize + kept
            }
        }
    }
}

/// The model of now in the processor's memory.
#[cfg(feature = "gpu")]
async fn here(trainer: &GpuTrainer) -> Trainer {
    // At the end of an epoch it is here already.
    if trainer.batches_done() > 0
        && let Ok(snapshot) = trainer.snapshot().await
    {
        return restored(trainer, &snapshot);
    }
    restored(trainer, trainer.last_epoch())
}

#[cfg(feature = "gpu")]
fn restored(trainer: &GpuTrainer, snapshot: &super::cpu::Snapshot) -> Trainer {
    Trainer::restored(*trainer.rule(), trainer.options(), snapshot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_submission_takes_its_time_and_grows_no_faster_than_twofold() {
        let mut submission = Submission::default();
        // 10 million a second: 40 ms of them are 400,000.
        submission.took(200_000, 0.02);
        assert_eq!(submission.nonzeros(), 400_000);
        submission.took(400_000, 0.001);
        assert_eq!(submission.nonzeros(), 800_000);
        submission.took(1_000, 0.5);
        assert_eq!(submission.nonzeros(), 800_000);
        submission.took(800_000, 4.0);
        assert_eq!(submission.nonzeros(), 8_000);
        submission.took(8_000, 0.0);
        assert_eq!(submission.nonzeros(), 8_000);
    }
}
