//! Where a race is run.

use crate::sparse::backend::{Fault, Place, Plan, Submission};
use crate::sparse::choice::Chosen;
use crate::sparse::experiment::{Backend, Experiment};

/// The processor or a GPU: settled once batches are planned, and from a GPU's first fault on the
/// processor.
#[derive(Debug)]
pub(super) struct Venue {
    chosen: Chosen,
    /// The processor, as long as it is not settled.
    place: Place,
    is_settled: bool,
    submission: Submission,
}

impl Venue {
    /// A GPU, which takes a while to answer, is asked at least so often in an epoch, as far as
    /// batches allow.
    pub(super) const SUBMISSIONS_PER_EPOCH: usize = 4;

    /// What was asked for; only the processor is settled at once.
    pub(super) fn asked(backend: Backend) -> Self {
        Self {
            chosen: Chosen::asked(backend),
            place: Place::Processor,
            is_settled: backend == Backend::Cpu,
            submission: Submission::default(),
        }
    }

    /// What is to be had of what was asked for.
    pub(super) async fn of(experiment: &Experiment, plan: &Plan, clock: &dyn Fn() -> f64) -> Self {
        let (chosen, place) = Chosen::of(experiment, plan, clock).await;
        Self::settled(chosen, place)
    }

    /// There, and nowhere else but after a fault.
    pub(super) fn settled(chosen: Chosen, place: Place) -> Self {
        Self {
            chosen,
            place,
            is_settled: true,
            submission: Submission::default(),
        }
    }

    /// From that epoch on, counted from 1, the processor.
    pub(super) fn fall_back(&mut self, epoch: usize, fault: &Fault) {
        let chosen = self.chosen.after_a_fault(epoch, &fault.to_string());
        *self = Self::settled(chosen, Place::Processor);
    }

    /// Where, and why there.
    pub(super) fn chosen(&self) -> &Chosen {
        &self.chosen
    }

    /// Where models are.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// Whether it is known where the rules are trained.
    pub(super) fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Whether it is a GPU.
    pub(super) fn is_gpu(&self) -> bool {
        self.place.backend() == Backend::Webgpu
    }

    /// How many non-zeros to visit before the next look at the clock, where the caller would have
    /// so many and an epoch has so many.
    pub(super) fn at_once(&self, nonzeros: usize, epoch: usize) -> usize {
        if self.is_gpu() {
            let most = epoch / Self::SUBMISSIONS_PER_EPOCH;
            self.submission.nonzeros().min(most)
        } else {
            nonzeros
        }
    }

    /// Learns from an advance that took so many seconds.
    pub(super) fn took(&mut self, visited: usize, seconds: f64) {
        self.submission.took(visited, seconds);
    }
}
