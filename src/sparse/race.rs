//! Several rules on identical batches, in slices: none runs ahead of another.

use super::backend::{Advance, Fault, Model, Place, Plan, Submission};
use super::batches::Batches;
use super::choice::Chosen;
use super::columns::{Columns, Planner};
use super::curve::Curve;
use super::experiment::{Backend, Entrant, Experiment, Rate};
use super::frequency::nearest_feature;
use super::growth::{Growth, accumulator, examples_of_features};
use super::lines::BadLines;
use super::metrics::{Metrics, metrics};
use super::prepare::Prepared;
use super::rules::Kind;
use super::tune::{GRID, Search};

/// A race: batches are planned, rates tuned where that is asked for, and then every rule is trained,
/// on a GPU or the processor. Rates are tuned on the processor wherever the race is; the answer is
/// the same.
///
/// Where a GPU fails, every rule goes on from its last completed epoch on the processor.
///
/// Nothing here waits or looks at a clock of its own: who drives it calls [`Self::advance`] as often
/// as there is time.
#[derive(Debug)]
pub struct Race {
    pub(super) experiment: Experiment,
    chosen: Chosen,
    /// The processor, as long as it is not settled.
    place: Place,
    is_settled: bool,
    submission: Submission,
    pub(super) plan: Plan,
    pub(super) truth: Option<Vec<f32>>,
    bad: BadLines,
    labels: Option<[String; 2]>,
    /// As long as batches are planned.
    planner: Option<Planner>,
    /// The batches that rates are tuned on: the first ones.
    tuning: Batches,
    /// Non-zeros per epoch.
    nonzeros: usize,
    pub(super) runners: Vec<Runner>,
    /// The ranks of the features whose accumulators are watched.
    watched: Vec<u32>,
    is_paused: bool,
    is_stopped: bool,
}

/// One rule in the race.
#[derive(Debug)]
pub(super) struct Runner {
    entrant: Entrant,
    /// As long as its η is being searched.
    search: Option<Search>,
    pub(super) model: Model,
    /// Whether the best η found lies at an end of the grid.
    is_at_an_end: bool,
    /// Whether every η tried came to the same loss.
    is_untuned: bool,
    /// Whether some of its batches had another η.
    has_changed_rate: bool,
    /// At the end of every epoch, where there was something to test on.
    tested: Vec<Option<Metrics>>,
    pub(super) growth: Growth,
    pub(super) curve: Curve,
    visited: u64,
    seconds: f64,
}

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
    /// An epoch has so many slices at least, as far as batches allow, so that its curves have points:
    /// each ends with the batch that completes its share of the epoch's non-zeros, however often a
    /// reader paused or stepped.
    const SLICES_PER_EPOCH: usize = 64;
    /// The same for a GPU, which each takes a while to answer.
    const SUBMISSIONS_PER_EPOCH: usize = 4;
    /// Rates are tuned on batches of about so many non-zeros at most: eleven short epochs.
    const TUNING_NONZEROS: usize = 8_000_000;

    /// At its start; the experiment is one that [`Preparation`](super::prepare::Preparation) took.
    #[must_use]
    pub fn new(experiment: Experiment, prepared: Prepared) -> Self {
        let examples = prepared.examples;
        let batches = experiment.batches(&examples);
        let nonzeros = examples.nonzeros_of(batches.order());
        let tuned_share = (Self::TUNING_NONZEROS as f64 / nonzeros.max(1) as f64).min(1.0);
        let tuning_batches = (batches.count() as f64 * tuned_share).ceil() as usize;
        let tuning_rows = tuning_batches.saturating_mul(batches.size());
        let order = batches.order();
        let tuning_rows = order.get(..tuning_rows).unwrap_or(order).to_vec();
        let needs_columns = batches.size() > 1;
        let plan = Plan {
            columns: Columns::default(),
            batches,
            examples,
        };
        let runners = experiment.rules.iter().map(|&entrant| {
            let rule = experiment.rule(entrant, 1.0);
            let count = plan.examples.feature_count();
            let search = (entrant.rate == Rate::Tuned)
                .then(|| Search::new(rule, experiment.options(), count));
            let model = Model::new(rule, experiment.options(), &plan);
            Runner::new(entrant, search, model)
        });
        Self {
            runners: runners.collect(),
            planner: needs_columns.then(|| Planner::new(plan.examples.feature_count())),
            tuning: Batches::new(tuning_rows, plan.batches.size(), None),
            watched: examples_of_features(&plan.examples),
            truth: prepared.truth,
            bad: prepared.bad,
            labels: prepared.labels,
            chosen: Chosen::asked(experiment.backend),
            place: Place::Processor,
            is_settled: experiment.backend == Backend::Cpu,
            submission: Submission::default(),
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
            chosen: Chosen::processor(reason),
            is_settled: true,
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
        &self.chosen
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
        } else if self.planner.is_some() || !self.is_settled {
            Stage::Planning
        } else if self.runners.iter().any(|runner| runner.search.is_some()) {
            Stage::Tuning
        } else if self.runners.iter().all(|runner| runner.epochs() >= epochs) {
            Stage::Finished
        } else {
            Stage::Training
        }
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
                let nonzeros = match self.place.backend() {
                    Backend::Webgpu => {
                        let most = self.nonzeros / Self::SUBMISSIONS_PER_EPOCH;
                        self.submission.nonzeros().min(most)
                    }
                    _ => nonzeros,
                };
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
            let rule = *runner.model.rule();
            // A search goes on where it was.
            let search = runner.search.take();
            let (is_at_an_end, is_untuned) = (runner.is_at_an_end, runner.is_untuned);
            let model = Model::new(rule, self.experiment.options(), &self.plan);
            *runner = Runner::new(runner.entrant, search, model);
            (runner.is_at_an_end, runner.is_untuned) = (is_at_an_end, is_untuned);
        }
        self.is_stopped = false;
        self.take_places().await;
    }

    /// Looks after the GPU: where it is gone, the race is on the processor from now on.
    pub fn check(&mut self) {
        if let Err(fault) = self.place.check() {
            self.fall_back(&fault);
        }
    }

    /// Another η of a rule from its next batch on; ends the search for one. Whether there is such a
    /// rule and η is finite and above 0.
    pub fn set_learning_rate(&mut self, kind: Kind, learning_rate: f64) -> bool {
        let runners = self.runners.iter_mut().zip(&mut self.experiment.rules);
        let mut runners = runners.filter(|(runner, _)| runner.entrant.kind == kind);
        let is_allowed = learning_rate > 0.0 && learning_rate.is_finite();
        match runners.next() {
            Some((runner, entrant)) if is_allowed => {
                let is_another = runner.model.rule().learning_rate != learning_rate;
                runner.has_changed_rate |= is_another && runner.model.steps() > 0;
                runner.search = None;
                (runner.is_at_an_end, runner.is_untuned) = (false, false);
                runner.model.set_learning_rate(learning_rate);
                // So that the race on further seeds is at this η.
                entrant.rate = Rate::Given(learning_rate);
                runner.entrant = *entrant;
                true
            }
            _ => false,
        }
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
        let Some(runner) = runners.find(|runner| runner.entrant.kind == kind) else {
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
            Stage::Planning => self.plan.columns.count() as f64 / batches,
            Stage::Tuning => mean(&|runner| {
                let tried = runner.search.as_ref().map(|search| search.losses().len());
                tried.map_or(1.0, |tried| tried as f64 / GRID.len() as f64)
            }),
            Stage::Training => {
                let all = batches * f64::from(self.experiment.epochs);
                mean(&|runner| runner.model.steps() as f64 / all)
            }
            Stage::Finished => 1.0,
        };
        let models: usize = self.runners.iter().map(|runner| runner.model.bytes()).sum();
        let Plan {
            examples, columns, ..
        } = &self.plan;
        Report {
            stage,
            share,
            is_paused: self.is_paused,
            rules: self.runners.iter().map(Runner::standing).collect(),
            bytes: examples.bytes() + columns.bytes() + self.place.bytes() + models,
            chosen: self.chosen.clone(),
            repeating: None,
        }
    }

    /// What came of the rule at that place in the experiment's order; none beyond the last.
    pub async fn outcome(&self, place: usize) -> Option<Outcome> {
        let runner = self.runners.get(place)?;
        let weights = runner.model.weights().await;
        let intercept = runner.model.intercept().await;
        let examples = &self.plan.examples;
        let known = runner.tested.last().copied().flatten();
        let is_at_epochs_end = runner.model.loss_so_far().is_none();
        let metrics = known
            .filter(|_| is_at_epochs_end)
            .or_else(|| metrics(examples, examples.split.tested(), &weights, intercept));
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
        (self.chosen, self.place) = Chosen::of(&self.experiment, &self.plan, clock).await;
        self.is_settled = true;
        self.take_places().await;
    }

    /// Brings models that are at their start to where the race is.
    async fn take_places(&mut self) {
        if self.place.backend() == Backend::Cpu {
            return;
        }
        let options = self.experiment.options();
        for place in 0..self.runners.len() {
            let Some(runner) = self.runners.get_mut(place) else {
                continue;
            };
            let rule = *runner.model.rule();
            match Model::start(&self.place, rule, options, &self.plan).await {
                Ok(model) => runner.model = model,
                Err(fault) => return self.fall_back(&fault),
            }
        }
    }

    /// Goes on with every rule from its last completed epoch, on the processor.
    fn fall_back(&mut self, fault: &Fault) {
        let epochs = self.runners.iter().map(Runner::epochs).min();
        let epoch = epochs.unwrap_or_default() + 1;
        self.chosen = self.chosen.after_a_fault(epoch, &fault.to_string());
        self.place = Place::Processor;
        for runner in &mut self.runners {
            runner.model.fall_back();
            // What was left of its curve would be passed a second time.
            runner.growth.cut(runner.model.steps());
        }
    }

    fn tune(&mut self, nonzeros: usize) {
        let Self { runners, plan, .. } = self;
        let mut searching = runners.iter_mut().filter(|runner| runner.search.is_some());
        let Some(runner) = searching.next() else {
            return;
        };
        let Some(search) = &mut runner.search else {
            return;
        };
        if search.advance(&plan.examples, &self.tuning, &plan.columns, nonzeros) {
            // Where all rates diverge, the least does so last.
            let [least, ..] = GRID;
            let best = search.best().unwrap_or(least);
            runner.is_at_an_end = search.is_at_an_end();
            runner.is_untuned = search.is_tie();
            runner.model.set_learning_rate(best);
            runner.search = None;
        }
    }

    /// The place of the rule that is farthest behind and has an epoch to do.
    fn last(&self) -> Option<usize> {
        let epochs = self.experiment.epochs as usize;
        let running = self.runners.iter().enumerate();
        let running = running.filter(|(_, runner)| runner.epochs() < epochs);
        running
            .min_by_key(|(_, runner)| runner.model.steps())
            .map(|(place, _)| place)
    }

    /// The batches done by the rule at that place.
    fn steps(&self, place: usize) -> u64 {
        let runner = self.runners.get(place);
        runner.map_or(0, |runner| runner.model.steps())
    }

    /// The batches done by the rule that has done most.
    fn foremost(&self) -> u64 {
        let steps = (0..self.runners.len()).map(|place| self.steps(place));
        steps.max().unwrap_or_default()
    }

    /// So many non-zeros bring the rule at that place to `goal` batches, or near it, and not beyond.
    fn behind(&self, place: usize, goal: u64) -> usize {
        let Plan {
            batches, examples, ..
        } = &self.plan;
        let steps = self.steps(place);
        let lag = goal.saturating_sub(steps) as usize;
        if self.place.backend() == Backend::Webgpu {
            // It counts in batches of the mean size.
            return (self.nonzeros / batches.count().max(1)).saturating_mul(lag);
        }
        let first = (steps % batches.count().max(1) as u64) as usize;
        let rows = (first..batches.count().min(first + lag)).map(|batch| batches.batch(batch));
        rows.map(|rows| examples.nonzeros_of(rows)).sum()
    }

    /// Trains a rule for about so many non-zeros; on the processor not beyond the end of a slice.
    async fn train(&mut self, place: usize, nonzeros: usize, clock: &dyn Fn() -> f64) {
        let epoch = self.nonzeros.max(1) as u64;
        let slice_of = |visited: u64| visited * Self::SLICES_PER_EPOCH as u64 / epoch;
        let Some(runner) = self.runners.get_mut(place) else {
            return;
        };
        let slice = slice_of(runner.visited);
        let slice_end = ((slice + 1) * epoch).div_ceil(Self::SLICES_PER_EPOCH as u64);
        let nonzeros = match self.place.backend() {
            Backend::Webgpu => nonzeros,
            _ => nonzeros.min((slice_end - runner.visited) as usize),
        };
        let began = clock();
        let advance = runner.model.advance(&self.plan, nonzeros, &self.watched);
        let advance = advance.await;
        let took = clock() - began;
        runner.seconds += took;
        let Advance { visited, cells } = match advance {
            Ok(advance) => advance,
            Err(fault) => return self.fall_back(&fault),
        };
        self.submission.took(visited, took);
        runner.visited += visited as u64;
        if slice_of(runner.visited) > slice {
            runner.record_loss(&self.plan.batches);
        }
        let kind = runner.entrant.kind;
        let states = cells.iter().filter_map(|cell| accumulator(kind, cell));
        let states: Vec<f32> = states.collect();
        if !states.is_empty() {
            runner.growth.push(runner.model.steps(), states);
        }
        if runner.epochs() > runner.tested.len() {
            let Plan { examples, .. } = &self.plan;
            let is_last = runner.epochs() >= self.experiment.epochs as usize;
            let tested = if is_last || !examples.split.held_out.is_empty() {
                let weights = runner.model.weights().await;
                let intercept = runner.model.intercept().await;
                metrics(examples, examples.split.tested(), &weights, intercept)
            } else {
                None
            };
            runner.tested.push(tested);
        }
    }
}

impl Runner {
    fn new(entrant: Entrant, search: Option<Search>, model: Model) -> Self {
        Self {
            entrant,
            search,
            model,
            is_at_an_end: false,
            is_untuned: false,
            has_changed_rate: false,
            tested: Vec::new(),
            growth: Growth::default(),
            curve: Curve::default(),
            visited: 0,
            seconds: 0.0,
        }
    }

    fn epochs(&self) -> usize {
        self.model.epoch_losses().len()
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

    fn standing(&self) -> Standing {
        let is_known = self.search.is_none();
        Standing {
            kind: self.entrant.kind,
            learning_rate: is_known.then_some(self.model.rule().learning_rate),
            is_at_an_end: self.is_at_an_end,
            is_untuned: self.is_untuned,
            has_changed_rate: self.has_changed_rate,
            steps: self.model.steps(),
            epoch_losses: self.model.epoch_losses().to_vec(),
            loss_so_far: self.model.loss_so_far(),
            tested: self.tested.clone(),
            visited: self.visited,
            seconds: self.seconds,
        }
    }
}

#[cfg(test)]
mod tests;
