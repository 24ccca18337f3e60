//! Several rules on identical batches, in slices: none runs ahead of another.

mod report;
mod runner;
mod tuning;
mod venue;

use super::backend::{Fault, Model, Place, Plan};
use super::batches::Batches;
use super::choice::Chosen;
use super::columns::{Columns, Planner};
use super::experiment::{Experiment, Rate};
use super::frequency::nearest_feature;
use super::growth::examples_of_features;
use super::lines::BadLines;
use super::prepare::Prepared;
use super::rules::Kind;
pub use report::{Outcome, Report, Stage, Standing};
use runner::Runner;
use tuning::{Tuning, tuning_batches};
use venue::Venue;

/// A race: batches are planned, rates tuned where that is asked for, and then every rule is trained,
/// on a GPU or the processor.
///
/// Where a GPU fails, every rule goes on from its last completed epoch on the processor.
///
/// Nothing here waits or looks at a clock of its own: who drives it calls [`Self::advance`] as often
/// as there is time.
#[derive(Debug)]
pub struct Race {
    experiment: Experiment,
    venue: Venue,
    pub(super) plan: Plan,
    pub(super) truth: Option<Vec<f32>>,
    bad: BadLines,
    labels: Option<[String; 2]>,
    /// As long as batches are planned.
    planner: Option<Planner>,
    /// What rates are tuned on.
    tuning: Batches,
    /// Non-zeros per epoch.
    nonzeros: usize,
    /// In the experiment's order.
    pub(super) runners: Vec<Runner>,
    /// The ranks of the features whose accumulators are watched.
    watched: Vec<u32>,
    is_paused: bool,
    is_stopped: bool,
}

impl Race {
    /// At its start; the experiment is one that [`Preparation`](super::prepare::Preparation) took.
    #[must_use]
    pub fn new(experiment: Experiment, prepared: Prepared) -> Self {
        let examples = prepared.examples;
        let batches = experiment.batches(&examples);
        let nonzeros = examples.nonzeros_of(batches.order());
        let needs_columns = batches.size() > 1;
        let plan = Plan {
            columns: Columns::default(),
            batches,
            examples,
        };
        let options = experiment.options();
        let feature_count = plan.examples.feature_count();
        let runners = experiment.rules.iter().map(|&entrant| {
            let rule = experiment.rule(entrant, 1.0);
            let tuning = match entrant.rate {
                Rate::Tuned => Tuning::search(rule, options),
                Rate::Given(_) => Tuning::Given,
            };
            Runner::new(Model::new(rule, options, &plan), tuning)
        });
        Self {
            runners: runners.collect(),
            planner: needs_columns.then(|| Planner::new(feature_count)),
            tuning: tuning_batches(&plan),
            watched: examples_of_features(&plan.examples),
            truth: prepared.truth,
            bad: prepared.bad,
            labels: prepared.labels,
            venue: Venue::asked(experiment.backend),
            experiment,
            plan,
            nonzeros,
            is_paused: false,
            is_stopped: false,
        }
    }

    /// The same on the processor, whatever was asked for, for a reason given as a clause.
    #[must_use]
    pub fn on_the_processor(self, reason: &str) -> Self {
        Self {
            venue: Venue::settled(Chosen::processor(reason), Place::Processor),
            ..self
        }
    }

    /// What is raced.
    #[must_use]
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// Where, and why there.
    #[must_use]
    pub fn chosen(&self) -> &Chosen {
        self.venue.chosen()
    }

    /// On what.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The lines of the file that were left out.
    #[must_use]
    pub fn bad_lines(&self) -> &BadLines {
        &self.bad
    }

    /// The two classes as the file calls them, the positive one last; none for generated data.
    #[must_use]
    pub fn labels(&self) -> Option<&[String; 2]> {
        self.labels.as_ref()
    }

    /// What it is about at the moment.
    #[must_use]
    pub fn stage(&self) -> Stage {
        let epochs = self.experiment.epochs as usize;
        if self.is_stopped || self.plan.batches.count() == 0 {
            Stage::Finished
        } else if self.planner.is_some() || !self.venue.is_settled() {
            Stage::Planning
        } else if (self.runners.iter()).any(|runner| runner.tuning().is_under_way()) {
            Stage::Tuning
        } else if self.runners.iter().all(|runner| runner.epochs() >= epochs) {
            Stage::Finished
        } else {
            Stage::Training
        }
    }

    /// Whether batches are laid out, and it is next to be settled where the rules are trained: that may
    /// wait for a GPU.
    #[must_use]
    pub fn is_choosing(&self) -> bool {
        self.stage() == Stage::Planning && self.planner.is_none()
    }

    /// Goes on for about so many non-zeros, unless it is at rest. `clock` is in seconds; only what it
    /// says between beginning and end of a rule's training counts.
    pub async fn advance(&mut self, nonzeros: usize, clock: &dyn Fn() -> f64) -> Stage {
        self.check();
        match self.stage() {
            _ if self.is_at_rest() => {}
            Stage::Planning if self.planner.is_some() => self.lay_out(nonzeros),
            Stage::Planning => self.settle(clock).await,
            Stage::Tuning => self.tune(nonzeros),
            Stage::Training => {
                let nonzeros = self.venue.at_once(nonzeros, self.nonzeros);
                if let Some(place) = self.last() {
                    let most = if self.is_paused {
                        self.behind(place, self.foremost())
                    } else {
                        nonzeros
                    };
                    self.train(place, nonzeros.min(most).max(1), clock).await;
                }
            }
            Stage::Finished => {}
        }
        self.stage()
    }

    /// One batch of every rule, paused or not; of a race that is not yet at rest, those behind the
    /// foremost catch up with it before. Does nothing while batches are planned or rates tuned, as
    /// no batch is trained on yet, nor after the end.
    pub async fn step(&mut self, clock: &dyn Fn() -> f64) {
        self.check();
        for goal in [self.foremost(), self.foremost() + 1] {
            while let Some(place) = self.last() {
                let lag = self.behind(place, goal);
                if self.stage() != Stage::Training || self.steps(place) >= goal {
                    break;
                }
                // The least there is: a batch.
                self.train(place, lag.max(1), clock).await;
            }
        }
    }

    /// Whether it waits to be resumed.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.is_paused
    }

    /// Whether [`Self::advance`] has nothing to do: at the end, or when paused and every rule has
    /// done as many batches as the foremost.
    #[must_use]
    pub fn is_at_rest(&self) -> bool {
        match self.stage() {
            Stage::Finished => true,
            _ if !self.is_paused => false,
            Stage::Training => self
                .last()
                .is_none_or(|place| self.steps(place) >= self.foremost()),
            Stage::Planning | Stage::Tuning => true,
        }
    }

    /// Waits from now on, as soon as [`Self::advance`] has brought every rule to where the foremost
    /// is, so that figures compare what has seen the same; [`Self::step`] still goes.
    pub fn pause(&mut self) {
        self.is_paused = true;
    }

    /// Goes on.
    pub fn resume(&mut self) {
        self.is_paused = false;
    }

    /// Ends the race where it is.
    pub fn stop(&mut self) {
        self.is_stopped = true;
    }

    /// Starts again at w = 0, with the same examples and plan and every η as it is now.
    pub async fn reset(&mut self) {
        for runner in &mut self.runners {
            runner.restart(self.experiment.options(), &self.plan);
        }
        self.is_stopped = false;
        self.take_places().await;
    }

    /// Looks after the GPU: where it is gone, the race is on the processor from now on.
    pub fn check(&mut self) {
        if let Err(fault) = self.venue.place().check() {
            self.fall_back(&fault);
        }
    }

    /// Another η of a rule from its next batch on; ends the search for one. Whether there is such a
    /// rule and η is finite and above 0.
    pub fn set_learning_rate(&mut self, kind: Kind, learning_rate: f64) -> bool {
        let is_allowed = learning_rate > 0.0 && learning_rate.is_finite();
        let mut entrants = self.experiment.rules.iter_mut().zip(&mut self.runners);
        let found = entrants.find(|(entrant, _)| entrant.kind == kind);
        let Some((entrant, runner)) = found.filter(|_| is_allowed) else {
            return false;
        };
        // So that the race on further seeds is at this η.
        entrant.rate = Rate::Given(learning_rate);
        runner.set_learning_rate(learning_rate);
        true
    }

    /// The features whose accumulators are watched, by rank.
    #[must_use]
    pub fn watched(&self) -> &[u32] {
        &self.watched
    }

    /// Watches, in place of the feature at `slot`, the one whose share of training examples is
    /// nearest to 10^`log_frequency`, and of several the one whose effective rate under the rule
    /// `kind` is nearest to 10^`log_rate`; the others stay. Whether there is such a slot and rule.
    pub async fn pick(
        &mut self,
        slot: usize,
        [log_frequency, log_rate]: [f64; 2],
        kind: Kind,
    ) -> bool {
        let mut runners = self.runners.iter();
        let Some(runner) = runners.find(|runner| runner.kind() == kind) else {
            return false;
        };
        let rates = runner.model.effective_rates().await;
        let mut others = self.watched.clone();
        if slot >= others.len() {
            return false;
        }
        others.remove(slot);
        let at = [log_frequency, log_rate];
        let picked = nearest_feature(&self.plan.examples, &rates, at, &others);
        let (Some(watched), Some(rank)) = (self.watched.get_mut(slot), picked) else {
            return false;
        };
        *watched = rank;
        for runner in &mut self.runners {
            runner.growth.forget(slot);
        }
        true
    }

    /// Goes on with laying batches out by feature.
    fn lay_out(&mut self, nonzeros: usize) {
        let Some(planner) = &mut self.planner else {
            return;
        };
        let Plan {
            examples,
            batches,
            columns,
        } = &mut self.plan;
        let goal = columns.entries().saturating_add(nonzeros);
        while columns.count() < batches.count() {
            planner.plan(examples, batches.batch(columns.count()), columns);
            if columns.entries() >= goal {
                break;
            }
        }
        if columns.count() >= batches.count() {
            self.planner = None;
        }
    }

    async fn settle(&mut self, clock: &dyn Fn() -> f64) {
        self.venue = Venue::of(&self.experiment, &self.plan, clock).await;
        self.take_places().await;
    }

    /// Brings models that are at their start to where the race is.
    async fn take_places(&mut self) {
        if !self.venue.is_gpu() {
            return;
        }
        let options = self.experiment.options();
        for runner in &mut self.runners {
            let started = runner.start_in(self.venue.place(), options, &self.plan);
            if let Err(fault) = started.await {
                return self.fall_back(&fault);
            }
        }
    }

    /// Goes on with every rule from its last completed epoch, on the processor.
    fn fall_back(&mut self, fault: &Fault) {
        let epochs = self.runners.iter().map(Runner::epochs).min();
        let epoch = epochs.unwrap_or_default() + 1;
        self.venue.fall_back(epoch, fault);
        for runner in &mut self.runners {
            runner.fall_back();
        }
    }

    /// Goes on with the first search for a rate that is not over.
    fn tune(&mut self, nonzeros: usize) {
        let mut runners = self.runners.iter_mut();
        if let Some(runner) = runners.find(|runner| runner.tuning().is_under_way()) {
            runner.tune(&self.plan, &self.tuning, nonzeros);
        }
    }

    /// The place of the rule that is farthest behind and has an epoch to do.
    fn last(&self) -> Option<usize> {
        let epochs = self.experiment.epochs as usize;
        let running = self.runners.iter().enumerate();
        let running = running.filter(|(_, runner)| runner.epochs() < epochs);
        running
            .min_by_key(|(_, runner)| runner.steps())
            .map(|(place, _)| place)
    }

    /// The batches done by the rule at that place.
    fn steps(&self, place: usize) -> u64 {
        self.runners.get(place).map_or(0, Runner::steps)
    }

    /// The batches done by the rule that has done most.
    fn foremost(&self) -> u64 {
        let steps = self.runners.iter().map(Runner::steps);
        steps.max().unwrap_or_default()
    }

    /// So many non-zeros bring the rule at that place to `goal` batches, or near it, and not beyond.
    fn behind(&self, place: usize, goal: u64) -> usize {
        let Plan {
            batches, examples, ..
        } = &self.plan;
        let steps = self.steps(place);
        let lag = goal.saturating_sub(steps) as usize;
        if self.venue.is_gpu() {
            // It counts in batches of the mean size.
            return (self.nonzeros / batches.count().max(1)).saturating_mul(lag);
        }
        let first = (steps % batches.count().max(1) as u64) as usize;
        let rows = (first..batches.count().min(first + lag)).map(|batch| batches.batch(batch));
        rows.map(|rows| examples.nonzeros_of(rows)).sum()
    }

    /// Trains a rule for about so many non-zeros; on the processor not beyond the end of a slice.
    async fn train(&mut self, place: usize, nonzeros: usize, clock: &dyn Fn() -> f64) {
        let Some(runner) = self.runners.get_mut(place) else {
            return;
        };
        let nonzeros = if self.venue.is_gpu() {
            nonzeros
        } else {
            nonzeros.min(runner.left_of_slice(self.nonzeros))
        };
        let trained = runner.train(&self.plan, nonzeros, self.nonzeros, &self.watched, clock);
        match trained.await {
            Ok((visited, seconds)) => self.venue.took(visited, seconds),
            Err(fault) => return self.fall_back(&fault),
        }
        let epochs = self.experiment.epochs as usize;
        if runner.test(&self.plan, epochs).await {
            self.compare(place);
        }
    }

    /// Holds the held-out loss of the rule at that place, just tested, against the others'.
    fn compare(&mut self, place: usize) {
        let Some(tested) = self.runners.get(place) else {
            return;
        };
        let others = self.runners.iter();
        let errors: Vec<f64> = others
            .map(|other| tested.error_of_difference(other))
            .collect();
        for (other, &error) in self.runners.iter_mut().zip(&errors) {
            other.set_difference_error(place, error);
        }
        if let Some(tested) = self.runners.get_mut(place) {
            tested.set_difference_errors(errors);
        }
    }
}

#[cfg(test)]
mod tests;
