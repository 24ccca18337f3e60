//! One rule in a race.

use super::report::Standing;
use super::tuning::Tuning;
use crate::sparse::backend::{Advance, Fault, Model, Place, Plan};
use crate::sparse::batches::Batches;
use crate::sparse::cpu::Options;
use crate::sparse::curve::Curve;
use crate::sparse::growth::{Growth, accumulator};
use crate::sparse::held_out::Split;
use crate::sparse::metrics::{Metrics, error_of_difference, metrics};
use crate::sparse::rules::Kind;

/// A rule's model, how it comes by its η, and what was seen of it on the way.
#[derive(Debug)]
pub(in crate::sparse) struct Runner {
    pub(in crate::sparse) model: Model,
    tuning: Tuning,
    /// Whether some of its batches had another η.
    has_changed_rate: bool,
    /// At the end of every epoch, where there was something to test on.
    tested: Vec<Option<Metrics>>,
    /// Of each held-out example, at the last of these.
    losses: Vec<f32>,
    /// See [`Standing::difference_errors`].
    difference_errors: Vec<f64>,
    pub(in crate::sparse) growth: Growth,
    pub(in crate::sparse) curve: Curve,
    visited: u64,
    seconds: f64,
}

impl Runner {
    /// An epoch has so many slices at least, as far as batches allow, so that its curves have points:
    /// each ends with the batch that completes its share of the epoch's non-zeros, however often a
    /// reader paused or stepped.
    const SLICES_PER_EPOCH: u64 = 64;

    /// At its start.
    pub(super) fn new(model: Model, tuning: Tuning) -> Self {
        Self {
            model,
            tuning,
            has_changed_rate: false,
            tested: Vec::new(),
            losses: Vec::new(),
            difference_errors: Vec::new(),
            growth: Growth::default(),
            curve: Curve::default(),
            visited: 0,
            seconds: 0.0,
        }
    }

    /// At its start again, on the processor, with η as it is now; a search goes on where it was.
    pub(super) fn restart(&mut self, options: Options, plan: &Plan) {
        let model = Model::new(*self.model.rule(), options, plan);
        let tuning = std::mem::replace(&mut self.tuning, Tuning::Given);
        *self = Self::new(model, tuning);
    }

    /// Brings it from its start on the processor to its start in that place.
    ///
    /// # Errors
    /// What does not fit there, or goes wrong.
    pub(super) async fn start_in(
        &mut self,
        place: &Place,
        options: Options,
        plan: &Plan,
    ) -> Result<(), Fault> {
        self.model = Model::start(place, *self.model.rule(), options, plan).await?;
        Ok(())
    }

    /// Goes on from its last completed epoch, on the processor.
    pub(super) fn fall_back(&mut self) {
        self.model.fall_back();
        // What was left of its curve would be passed a second time.
        self.growth.cut(self.model.steps());
    }

    /// Which rule.
    pub(super) fn kind(&self) -> Kind {
        self.model.rule().kind
    }

    /// How many bytes its model, its search for η and its test take.
    pub(super) fn bytes(&self) -> usize {
        self.model.bytes() + self.tuning.bytes() + std::mem::size_of_val(&self.losses[..])
    }

    /// Batches done.
    pub(super) fn steps(&self) -> u64 {
        self.model.steps()
    }

    /// Epochs done.
    pub(super) fn epochs(&self) -> usize {
        self.model.epoch_losses().len()
    }

    /// How far its search for η is.
    pub(super) fn tuning(&self) -> &Tuning {
        &self.tuning
    }

    /// Goes on with the search for η.
    pub(super) fn tune(&mut self, plan: &Plan, batches: &Batches, nonzeros: usize) {
        if let Some(best) = self.tuning.advance(plan, batches, nonzeros) {
            self.model.set_learning_rate(best);
        }
    }

    /// Another η from its next batch on; ends the search for one.
    pub(super) fn set_learning_rate(&mut self, learning_rate: f64) {
        let is_another = self.model.rule().learning_rate != learning_rate;
        self.has_changed_rate |= is_another && self.model.steps() > 0;
        self.tuning = Tuning::Given;
        self.model.set_learning_rate(learning_rate);
    }

    /// How many non-zeros are left of the slice under way, of an epoch of so many.
    pub(super) fn left_of_slice(&self, epoch: usize) -> usize {
        let epoch = epoch.max(1) as u64;
        let next = slice(self.visited, epoch) + 1;
        let end = (next * epoch).div_ceil(Self::SLICES_PER_EPOCH);
        (end - self.visited) as usize
    }

    /// Trains for about so many of an epoch's non-zeros, and tells how many it visited and in how many
    /// seconds.
    ///
    /// # Errors
    /// What went wrong with a GPU; then only [`Self::fall_back`] goes on.
    pub(super) async fn train(
        &mut self,
        plan: &Plan,
        nonzeros: usize,
        epoch: usize,
        watched: &[u32],
        clock: &dyn Fn() -> f64,
    ) -> Result<(usize, f64), Fault> {
        let began = clock();
        let advance = self.model.advance(plan, nonzeros, watched).await;
        let took = clock() - began;
        self.seconds += took;
        let Advance { visited, cells } = advance?;
        let epoch = epoch.max(1) as u64;
        let before = slice(self.visited, epoch);
        self.visited += visited as u64;
        if slice(self.visited, epoch) > before {
            self.record_loss(&plan.batches);
        }
        let kind = self.kind();
        let states = cells.iter().filter_map(|cell| accumulator(kind, cell));
        let states: Vec<f32> = states.collect();
        if !states.is_empty() {
            self.growth.push(self.model.steps(), states);
        }
        Ok((visited, took))
    }

    /// Appends to the curve what the loss has come to; nothing where the backend does not know yet.
    fn record_loss(&mut self, batches: &Batches) {
        let epoch = batches.order().len() as u64;
        let losses = self.model.epoch_losses();
        let batches_done = self.model.steps() % batches.count().max(1) as u64;
        let done = batches_done * batches.size() as u64;
        let so_far = self.model.loss_so_far().filter(|_| done > 0);
        if done > 0 && so_far.is_none() {
            return;
        }
        let sum = losses.iter().sum::<f64>() * epoch as f64;
        let sum = sum + so_far.unwrap_or_default() * done as f64;
        self.curve.push(losses.len() as u64 * epoch + done, sum);
    }

    /// Tests the model where an epoch has just ended, the last of `epochs` or any other. Whether it
    /// did, on held-out examples.
    pub(super) async fn test(&mut self, plan: &Plan, epochs: usize) -> bool {
        if self.epochs() <= self.tested.len() {
            return false;
        }
        let Split { held_out, .. } = &plan.examples.split;
        let is_last = self.epochs() >= epochs;
        let tested = if is_last || !held_out.is_empty() {
            let weights = self.model.weights().await;
            let intercept = self.model.intercept().await;
            let rows = plan.examples.split.tested();
            metrics(&plan.examples, rows, &weights, intercept)
        } else {
            None
        };
        let (metrics, losses) = tested.unzip();
        self.tested.push(metrics);
        self.losses = losses.filter(|_| !held_out.is_empty()).unwrap_or_default();
        !self.losses.is_empty()
    }

    /// The standard error of the difference between the held-out losses of the two, at the last
    /// test of each; infinite where one was not tested.
    pub(super) fn error_of_difference(&self, other: &Self) -> f64 {
        error_of_difference(&self.losses, &other.losses)
    }

    /// Keeps that with the rule at `place`, where it has been tested itself.
    pub(super) fn set_difference_error(&mut self, place: usize, error: f64) {
        if let Some(known) = self.difference_errors.get_mut(place) {
            *known = error;
        }
    }

    /// Keeps that with every rule, by place.
    pub(super) fn set_difference_errors(&mut self, errors: Vec<f64>) {
        self.difference_errors = errors;
    }

    /// What the test at the end of the last epoch said, as long as no batch has followed.
    pub(super) fn tested_now(&self) -> Option<Metrics> {
        let is_at_epochs_end = self.model.loss_so_far().is_none();
        self.tested
            .last()
            .copied()
            .flatten()
            .filter(|_| is_at_epochs_end)
    }

    /// How far it is.
    pub(super) fn standing(&self) -> Standing {
        let (is_at_an_end, is_untuned) = match self.tuning {
            Tuning::Found {
                is_at_an_end,
                is_untuned,
            } => (is_at_an_end, is_untuned),
            Tuning::Given | Tuning::Searching(_) => (false, false),
        };
        let is_known = !self.tuning.is_under_way();
        Standing {
            kind: self.kind(),
            learning_rate: is_known.then_some(self.model.rule().learning_rate),
            is_at_an_end,
            is_untuned,
            has_changed_rate: self.has_changed_rate,
            steps: self.model.steps(),
            epoch_losses: self.model.epoch_losses().to_vec(),
            loss_so_far: self.model.loss_so_far(),
            tested: self.tested.clone(),
            difference_errors: self.difference_errors.clone(),
            visited: self.visited,
            seconds: self.seconds,
        }
    }
}

/// The slice in which so many visits end, of epochs of so many.
fn slice(visited: u64, epoch: u64) -> u64 {
    visited * Runner::SLICES_PER_EPOCH / epoch
}
