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

    /// 64: more make no picture.
    pub const MOST_WATCHED: usize = 64;

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

    /// Watches other features, by rank, from now on: the first [`Self::MOST_WATCHED`].
    pub fn watch(&mut self, ranks: &[u32]) {
        let count = self.plan.examples.feature_count();
        let is_there = |rank: &u32| (*rank as usize) < count;
        let ranks = ranks.iter().copied().filter(is_there);
        self.watched = ranks.take(Self::MOST_WATCHED).collect();
        for runner in &mut self.runners {
            runner.growth = Growth::default();
        }
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
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;
    use crate::sparse::cpu::Trainer;
    use crate::sparse::experiment::Data;
    use crate::sparse::prepare::Preparation;
    use crate::sparse::repeats::Repeats;
    use crate::sparse::rules::Rule;
    use crate::sparse::session::Session;

    /// The processor's futures are ready at once.
    fn now<T>(future: impl Future<Output = T>) -> T {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("it waits"),
        }
    }

    fn experiment(rates: &[(Kind, Rate)], batch_size: u32) -> Experiment {
        let mut experiment = Experiment {
            rules: rates
                .iter()
                .map(|&(kind, rate)| Entrant { kind, rate })
                .collect(),
            batch_size,
            epochs: 3,
            intercept: true,
            l2: 1e-3,
            shuffle: Some(5),
            backend: Backend::Cpu,
            ..Experiment::default()
        };
        if let Data::Zipf(zipf) = &mut experiment.data {
            zipf.examples = 1_000;
            zipf.features = 300;
            zipf.nonzeros_per_example = 6;
        }
        experiment
    }

    const GIVEN: [(Kind, Rate); 2] = [
        (Kind::Adagrad, Rate::Given(0.3)),
        (Kind::Sgd, Rate::Given(0.1)),
    ];

    fn race(experiment: &Experiment) -> Race {
        let mut preparation = Preparation::new(experiment.clone()).unwrap();
        while preparation.generate(300) < 1.0 {}
        let prepared = preparation.finish().unwrap();
        Race::new(experiment.clone(), prepared)
    }

    fn run(race: &mut Race, nonzeros: usize) {
        let mut slices = 0;
        while now(race.advance(nonzeros, &|| 0.0)) != Stage::Finished {
            slices += 1;
            assert!(slices < 1_000_000, "it does not end");
        }
    }

    fn outcomes(race: &Race) -> Vec<Outcome> {
        let count = race.experiment().rules.len();
        (0..count)
            .map(|place| now(race.outcome(place)).unwrap())
            .collect()
    }

    /// Evidence: the trainer on its own; the race must not change a bit of it, however it is
    /// sliced.
    #[test]
    fn a_race_is_its_trainers_runs() {
        for batch_size in [1, 32, 4_096] {
            let experiment = experiment(&GIVEN, batch_size);
            let mut race = race(&experiment);
            run(&mut race, 500);
            let raced = outcomes(&race);
            let report = race.report();
            let Plan {
                examples,
                batches,
                columns,
            } = race.plan();
            for (place, &entrant) in experiment.rules.iter().enumerate() {
                let rule = experiment.rule(entrant, f64::NAN);
                let mut trainer = Trainer::new(rule, experiment.options(), 300);
                let mut visited = 0;
                while trainer.epoch_losses().len() < 3 {
                    visited += trainer.advance(examples, batches, columns, usize::MAX);
                }
                let weights = examples.by_feature(&trainer.weights());
                assert_eq!(raced[place].weights, weights);
                assert_eq!(raced[place].intercept, trainer.intercept());
                let standing = &report.rules[place];
                assert_eq!(standing.epoch_losses, trainer.epoch_losses());
                assert_eq!(standing.visited, visited as u64);
                // 200 of 1,000 are held out, so that every epoch is tested.
                assert_eq!(standing.tested.len(), 3);
                assert_eq!(standing.tested[2], raced[place].metrics);
                assert!(standing.tested.iter().all(Option::is_some));
            }
            assert_eq!((report.share, report.stage), (1.0, Stage::Finished));
        }
    }

    #[test]
    fn no_rule_runs_ahead() {
        let mut race = race(&experiment(&GIVEN, 1));
        while now(race.advance(usize::MAX, &|| 0.0)) != Stage::Finished {
            let steps: Vec<u64> = race.report().rules.iter().map(|rule| rule.steps).collect();
            // A slice is 1/64 of an epoch of 800, and a batch more at most.
            assert!(steps[0].abs_diff(steps[1]) <= 800 / 64 + 1, "{steps:?}");
        }
    }

    #[test]
    fn paused_it_stands_and_steps_by_a_batch_for_all() {
        let mut race = race(&experiment(&GIVEN, 32));
        while race.stage() != Stage::Training {
            now(race.advance(100, &|| 0.0));
        }
        now(race.advance(1, &|| 0.0));
        let steps = |race: &Race| {
            let report = race.report();
            (report.rules[0].steps, report.rules[1].steps)
        };
        assert_eq!(steps(&race), (1, 0));
        race.pause();
        assert!(!race.is_at_rest());
        now(race.advance(usize::MAX, &|| 0.0));
        assert!(race.is_at_rest());
        assert_eq!(steps(&race), (1, 1));
        now(race.advance(usize::MAX, &|| 0.0));
        assert_eq!(steps(&race), (1, 1));
        now(race.step(&|| 0.0));
        assert_eq!(steps(&race), (2, 2));
        race.resume();
        now(race.advance(1, &|| 0.0));
        assert_eq!(steps(&race), (3, 2));
        race.stop();
        assert_eq!(race.stage(), Stage::Finished);
        now(race.step(&|| 0.0));
        assert_eq!(steps(&race), (3, 2));
    }

    /// Batches of other sizes in non-zeros than the mean, small slices, and a step at once.
    #[test]
    fn however_far_behind_a_rule_catches_up_to_the_batch() {
        for slice in [1, 100, usize::MAX] {
            let mut race = race(&experiment(&GIVEN, 7));
            while race.stage() != Stage::Training {
                now(race.advance(100, &|| 0.0));
            }
            let steps = |race: &Race, place: usize| race.runners[place].model.steps();
            for _ in 0..5 {
                now(race.train(0, usize::MAX, &|| 0.0));
            }
            let foremost = steps(&race, 0);
            assert!(foremost > 5);
            race.pause();
            while !race.is_at_rest() {
                now(race.advance(slice, &|| 0.0));
            }
            assert_eq!([steps(&race, 0), steps(&race, 1)], [foremost; 2]);
            now(race.train(1, usize::MAX, &|| 0.0));
            let foremost = steps(&race, 1);
            now(race.step(&|| 0.0));
            assert_eq!([steps(&race, 0), steps(&race, 1)], [foremost + 1; 2]);
        }
    }

    #[test]
    fn batches_at_another_rate_are_told_until_the_next_start() {
        let mut race = race(&experiment(&GIVEN, 8));
        let has_changed = |race: &Race| race.report().rules[1].has_changed_rate;
        // Before the first batch; and to the η that it has.
        assert!(race.set_learning_rate(Kind::Sgd, 0.2) && !has_changed(&race));
        run(&mut race, usize::MAX);
        assert!(race.set_learning_rate(Kind::Sgd, 0.2) && !has_changed(&race));
        assert!(race.set_learning_rate(Kind::Sgd, 0.3) && has_changed(&race));
        assert!(!race.report().rules[0].has_changed_rate);
        assert_eq!(race.experiment().rules[1].rate, Rate::Given(0.3));
        now(race.reset());
        assert!(!has_changed(&race));
    }

    /// Evidence: stepping to the end is running to the end.
    #[test]
    fn steps_lead_where_a_run_leads() {
        let experiment = experiment(&GIVEN, 64);
        let mut stepped = race(&experiment);
        while stepped.stage() != Stage::Training {
            now(stepped.advance(1, &|| 0.0));
        }
        stepped.pause();
        while stepped.stage() != Stage::Finished {
            now(stepped.step(&|| 0.0));
        }
        let mut whole = race(&experiment);
        run(&mut whole, usize::MAX);
        assert_eq!(outcomes(&stepped), outcomes(&whole));
    }

    #[test]
    fn reset_starts_again_with_the_rates_of_now() {
        let mut changed = race(&experiment(&GIVEN, 8));
        run(&mut changed, 1_000);
        assert!(changed.set_learning_rate(Kind::Sgd, 0.7));
        assert!(!changed.set_learning_rate(Kind::Sgd, -1.0));
        assert!(!changed.set_learning_rate(Kind::Adam, 1.0));
        now(changed.reset());
        let report = changed.report();
        assert_eq!((report.stage, report.share), (Stage::Training, 0.0));
        run(&mut changed, 1_000);
        let rates = [
            (Kind::Adagrad, Rate::Given(0.3)),
            (Kind::Sgd, Rate::Given(0.7)),
        ];
        let mut fresh = race(&experiment(&rates, 8));
        run(&mut fresh, 1_000);
        assert_eq!(outcomes(&changed), outcomes(&fresh));
    }

    /// Evidence: the search on its own, and a race at the rates that it finds.
    #[test]
    fn tuned_rates_are_those_of_the_search() {
        let rates = [(Kind::Adagrad, Rate::Tuned), (Kind::Adam, Rate::Tuned)];
        let tuned_experiment = experiment(&rates, 16);
        let mut tuned = race(&tuned_experiment);
        run(&mut tuned, 700);
        let Plan {
            examples,
            batches,
            columns,
        } = tuned.plan();
        let found = rates.map(|(kind, _)| {
            let rule = Rule::new(kind, 1.0, tuned_experiment.epsilon);
            let mut search = Search::new(rule, tuned_experiment.options(), 300);
            assert!(search.advance(examples, batches, columns, usize::MAX));
            search.best().unwrap()
        });
        let report = tuned.report();
        assert_eq!(
            [0, 1].map(|place: usize| report.rules[place].learning_rate.unwrap()),
            found
        );
        // Searching is no training.
        assert_eq!(report.rules[0].visited, 3 * 800 * 6);
        let given = [
            (Kind::Adagrad, Rate::Given(found[0])),
            (Kind::Adam, Rate::Given(found[1])),
        ];
        let mut race = race(&experiment(&given, 16));
        run(&mut race, 700);
        assert_eq!(outcomes(&race), outcomes(&tuned));
    }

    #[test]
    fn seconds_are_those_of_training_alone() {
        let mut race = race(&experiment(&GIVEN, 1));
        let time = std::cell::Cell::new(0.0);
        let clock = || {
            time.set(time.get() + 1.0);
            time.get()
        };
        let mut slices = 0;
        while now(race.advance(500, &clock)) != Stage::Finished {
            slices += 1;
        }
        // Each slice looks twice, one second apart; the last ends the loop.
        let seconds: f64 = race.report().rules.iter().map(|rule| rule.seconds).sum();
        assert_eq!(seconds, f64::from(slices + 1));
    }

    #[test]
    fn figures_are_of_every_rule() {
        let rates = Kind::ALL.map(|kind| (kind, Rate::Given(0.05)));
        let mut race = race(&experiment(&rates, 16));
        assert_eq!(race.watched().len(), 3);
        run(&mut race, 1_000);
        let rates = now(race.rates([12, 8]));
        // The most frequent of the watched features first; SGD's rate is η.
        let of_sgd = &rates[1].watched;
        assert!(of_sgd.is_sorted_by(|a, b| a.unwrap()[0] > b.unwrap()[0]) && of_sgd.len() == 3);
        assert_eq!(of_sgd[2], Some([1.0 / 800.0, f64::from(0.05_f32)]));
        let densities: Vec<_> = rates.iter().map(|rates| &rates.density).collect();
        let occurring = race.plan().examples.counts();
        let occurring = occurring.partition_point(|&count| count > 0) as u32;
        for density in &densities {
            assert_eq!(density.counts.iter().sum::<u32>(), occurring);
            assert_eq!(density.rate, densities[0].rate);
        }
        let deciles = now(race.deciles());
        assert!(deciles.iter().all(|found| found.len() == 10));
        assert!(deciles[0].iter().all(|decile| decile.error.is_some()));
        let words = now(race.words(5));
        assert!(
            words
                .iter()
                .all(|w| w.frequent.len() == 5 && w.rare.len() == 5)
        );
        assert!(
            words[0]
                .frequent
                .iter()
                .all(|word| word.count > words[0].rare[0].count)
        );
        let growth = race.growth();
        for (kind, growth) in Kind::ALL.iter().zip(growth) {
            // An accumulator that only grows.
            if matches!(kind, Kind::Adagrad | Kind::Counter) {
                let states = |slot: usize| growth.points.iter().map(move |(_, s)| s[slot]);
                assert!((0..3).all(|slot| states(slot).is_sorted()));
                assert!(growth.points.len() > 100);
            }
            assert_eq!(growth.points.is_empty(), kind.slots() == 1);
        }
        let ratios = now(race.rate_ratios(occurring - 1, 0));
        // One rate for all features, and rates of their own.
        let measured = |place: usize| ratios[place].unwrap().measured;
        assert_eq!((Kind::ALL[0], Kind::ALL[1]), (Kind::Adagrad, Kind::Sgd));
        assert!(measured(0) > 1.0 && measured(1) == 1.0);
        assert!(ratios.iter().all(|ratio| ratio.unwrap().predicted > 1.0));
        race.watch(&[4, 9_999]);
        assert_eq!(race.watched(), [4]);
    }

    /// Evidence: the epochs' own mean losses, which the points' means come to; and the same race
    /// in other slices.
    #[test]
    fn curves_are_of_the_progressive_loss_however_sliced() {
        for (batch_size, points) in [(1, 3 * 64), (8, 3 * 64), (100, 3 * 8)] {
            let mut whole = race(&experiment(&GIVEN, batch_size));
            run(&mut whole, usize::MAX);
            let curves = whole.curves();
            for (curve, standing) in curves.iter().zip(whole.report().rules) {
                assert_eq!(curve.len(), points);
                for (epoch, loss) in standing.epoch_losses.iter().enumerate() {
                    let before = curve[epoch * points / 3..].iter();
                    let starts = std::iter::once(epoch as f64)
                        .chain(before.clone().map(|[epochs, _]| *epochs));
                    let mean: f64 = before
                        .zip(starts)
                        .take(points / 3)
                        .map(|([end, loss], start)| (end - start) * loss)
                        .sum();
                    // Of differences of sums up to 1,600, divided by 1/64 of 800.
                    assert!((mean - loss).abs() < 1e-12, "{mean} {loss}");
                }
            }
            let mut sliced = race(&experiment(&GIVEN, batch_size));
            while sliced.stage() != Stage::Training {
                now(sliced.advance(1, &|| 0.0));
            }
            now(sliced.step(&|| 0.0));
            run(&mut sliced, 17);
            assert_eq!(sliced.curves(), curves);
            now(sliced.reset());
            assert!(sliced.curves().iter().all(Vec::is_empty));
        }
    }

    #[test]
    fn picking_replaces_one_feature_and_keeps_the_growth_of_the_others() {
        let mut race = race(&experiment(&GIVEN, 8));
        run(&mut race, 1_000);
        let [first, middle, last] = race.watched().try_into().unwrap();
        let counts = race.plan().examples.counts().to_vec();
        let share = |rank: u32| (f64::from(counts[rank as usize]) / 800.0).log10();
        // The most frequent but one, as the most frequent is watched.
        assert!(now(race.pick(1, [share(0), 0.0], Kind::Adagrad)));
        assert_eq!(race.watched(), [first, 1, last]);
        let growth = race.growth()[0].points.last().unwrap().1.clone();
        assert!(growth[1].is_nan() && growth[0] > growth[2] && growth[2] >= 0.0);
        // Among those of one count, by Adagrad's rate.
        let alike = (0..300).filter(|&rank| counts[rank as usize] == counts[middle as usize]);
        let rates = now(race.runners[0].model.effective_rates());
        let fastest = alike.max_by(|&a, &b| rates[a as usize].total_cmp(&rates[b as usize]));
        let log_rate = f64::from(rates[fastest.unwrap() as usize]).log10();
        assert!(now(race.pick(0, [share(middle), log_rate], Kind::Adagrad)));
        assert_eq!(race.watched(), [fastest.unwrap(), 1, last]);
        assert!(!now(race.pick(3, [0.0, 0.0], Kind::Adagrad)));
        assert!(!now(race.pick(0, [0.0, 0.0], Kind::Adam)));
        assert!(!now(race.pick(0, [f64::NAN, 0.0], Kind::Adagrad)));
    }

    #[test]
    fn nothing_to_train_on_is_finished() {
        let experiment = Experiment {
            data: Data::named("libsvm").unwrap(),
            ..experiment(&GIVEN, 1)
        };
        let mut preparation = Preparation::new(experiment.clone()).unwrap();
        preparation.begin_held_out();
        preparation.push(b"1 1:1\n-1 2:1\n");
        let prepared = preparation.finish().unwrap();
        assert_eq!(prepared.labels, Some(["-1", "1"].map(str::to_owned)));
        let race = Race::new(experiment, prepared);
        assert_eq!(race.stage(), Stage::Finished);
        assert!(outcomes(&race)[0].metrics.is_some());
    }

    /// Evidence: races of those seeds, each on its own.
    #[test]
    fn repeats_are_the_races_of_the_seeds_that_follow() {
        let experiment = Experiment {
            seeds: 3,
            ..experiment(&GIVEN, 4)
        };
        let mut first = race(&experiment);
        run(&mut first, 1_000);
        let mut repeats = now(Repeats::after(&first));
        while !now(repeats.advance(1_000, &|| 0.0)) {}
        assert_eq!(repeats.done(), 3);
        let alone = [1, 2, 3].map(|seed| {
            let mut experiment = experiment.clone();
            if let Data::Zipf(zipf) = &mut experiment.data {
                zipf.seed = seed;
            }
            let mut race = race(&experiment);
            run(&mut race, 1_000);
            now(race.deciles())
        });
        let spreads = repeats.spreads();
        for (rule, tenths) in spreads.iter().enumerate() {
            assert_eq!(tenths.len(), 10);
            for (tenth, spread) in tenths.iter().enumerate() {
                let errors = [0, 1, 2].map(|seed: usize| alone[seed][rule][tenth].error.unwrap());
                assert_eq!(spread.mean, (errors[0] + errors[1] + errors[2]) / 3.0);
                assert!(
                    errors
                        .iter()
                        .all(|e| (spread.least..=spread.most).contains(e))
                );
            }
        }
    }

    /// A session whose race is over and whose repeats have just begun.
    fn repeating() -> Session {
        let experiment = Experiment {
            seeds: 3,
            ..experiment(&GIVEN, 4)
        };
        let mut session = Session::new(race(&experiment));
        now(session.repeat());
        assert_eq!(session.report().repeating, None);
        while session.race().stage() != Stage::Finished {
            now(session.advance(1_000, &|| 0.0));
        }
        assert!(session.is_at_rest());
        now(session.repeat());
        assert_eq!(session.report().repeating, Some([1, 3]));
        session
    }

    #[test]
    fn repeats_end_with_what_they_repeat() {
        let mut session = repeating();
        assert!(session.set_learning_rate(Kind::Sgd, 0.5));
        assert_eq!(session.report().repeating, None);
        let mut session = repeating();
        now(session.reset());
        assert_eq!(session.report().repeating, None);
        assert_eq!(session.race().stage(), Stage::Training);
    }

    #[test]
    fn repeats_pause_stop_and_come_to_their_end() {
        let mut session = repeating();
        session.race_mut().pause();
        assert!(session.is_at_rest());
        for _ in 0..10_000 {
            assert!(!now(session.advance(1_000, &|| 0.0)));
        }
        assert_eq!(session.report().repeating, Some([1, 3]));
        session.race_mut().resume();
        while !now(session.advance(1_000, &|| 0.0)) {}
        assert_eq!(session.report().repeating, Some([2, 3]));
        // Again while under way: nothing is lost.
        now(session.repeat());
        assert_eq!(session.report().repeating, Some([2, 3]));
        while !now(session.advance(1_000, &|| 0.0)) {}
        assert_eq!(session.report().repeating, None);
        assert_eq!(session.repeats().unwrap().done(), 3);
        assert!(session.is_at_rest());
        let mut session = repeating();
        session.stop();
        assert_eq!(session.report().repeating, None);
        assert!(session.is_at_rest());
    }

    /// The race on a GPU, settled and at the start of its training; none, and said so, where there
    /// is no GPU.
    #[cfg(feature = "gpu")]
    fn race_on_gpu(experiment: &Experiment) -> Option<Race> {
        let experiment = Experiment {
            backend: Backend::Webgpu,
            ..experiment.clone()
        };
        let mut race = race(&experiment);
        while race.stage() == Stage::Planning {
            eventually(race.advance(usize::MAX, &|| 0.0));
        }
        if race.chosen().backend == Backend::Webgpu {
            return Some(race);
        }
        use std::io::Write as _;
        let message = format!("SKIPPED sparse::race::tests: {:?}\n", race.chosen().why);
        std::io::stderr().write_all(message.as_bytes()).unwrap();
        None
    }

    #[cfg(feature = "gpu")]
    fn eventually<T>(future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
        }
    }

    /// Evidence: the same race on the processor, within the bounds.
    #[cfg(feature = "gpu")]
    fn is_as_on_the_processor(race: &Race, experiment: &Experiment) {
        let mut twin = self::race(experiment);
        run(&mut twin, usize::MAX);
        let (report, twins) = (race.report(), twin.report());
        for (place, twin_outcome) in outcomes(&twin).iter().enumerate() {
            let outcome = eventually(race.outcome(place)).unwrap();
            let expected: Vec<f64> = twin_outcome.weights.iter().map(|&w| w.into()).collect();
            let error = crate::sparse::parity::difference(&outcome.weights, &expected);
            assert!(error < 1e-4, "{error}");
            let losses = &report.rules[place].epoch_losses;
            assert_eq!(losses.len(), experiment.epochs as usize);
            for (loss, twins) in losses.iter().zip(&twins.rules[place].epoch_losses) {
                assert!((loss / twins - 1.0).abs() < 1e-5);
            }
            assert_eq!(report.rules[place].tested.len(), losses.len());
        }
    }

    #[cfg(feature = "gpu")]
    #[test]
    fn a_race_on_the_gpu_is_the_processors() {
        let experiment = experiment(&GIVEN, 64);
        let Some(mut race) = race_on_gpu(&experiment) else {
            return;
        };
        let report = race.report();
        assert_eq!(report.chosen.why, None);
        assert!(report.chosen.adapter.is_some());
        assert!(report.bytes > self::race(&experiment).report().bytes + 4 * 2 * 4_800);
        while eventually(race.advance(1_000, &|| 0.0)) != Stage::Finished {}
        assert_eq!(race.chosen().backend, Backend::Webgpu);
        is_as_on_the_processor(&race, &experiment);
        assert_eq!(eventually(race.rates([8, 8])).len(), 2);
        assert!(race.growth()[0].points.len() >= 3 * Race::SUBMISSIONS_PER_EPOCH);
    }

    /// A GPU that goes away in the second epoch: nothing that was shown is missing, and the rest is
    /// the processor's.
    #[cfg(feature = "gpu")]
    #[test]
    fn a_race_outlives_its_gpu() {
        let experiment = experiment(&GIVEN, 64);
        let Some(mut race) = race_on_gpu(&experiment) else {
            return;
        };
        while race.report().rules[0].steps < 20 {
            eventually(race.advance(usize::MAX, &|| 0.0));
        }
        let before = race.report();
        assert_eq!(before.rules[0].tested.len(), 1);
        let Place::Gpu(gpu, _) = &race.place else {
            panic!("{:?}", race.place);
        };
        gpu.destroy();
        eventually(race.advance(1, &|| 0.0));
        let after = race.report();
        let why = after.chosen.why.clone().unwrap();
        assert_eq!(after.chosen.backend, Backend::Cpu);
        assert!(
            why.starts_with("The processor computes from epoch 2 on: on "),
            "{why}"
        );
        assert!(why.contains("the GPU was lost ("), "{why}");
        for (before, after) in before.rules.iter().zip(&after.rules) {
            assert_eq!(before.epoch_losses, after.epoch_losses);
            assert_eq!(before.tested, after.tested);
            // 13 batches of 64 are an epoch of 800.
            assert!((13..16).contains(&after.steps), "{}", after.steps);
        }
        let points = &race.growth()[0].points;
        assert!(points.iter().all(|(steps, _)| *steps <= 14));
        assert!(points.iter().any(|(steps, _)| *steps <= 13));
        while eventually(race.advance(1_000, &|| 0.0)) != Stage::Finished {}
        is_as_on_the_processor(&race, &experiment);
        let points = race.growth()[0].points.iter();
        assert!(points.map(|(steps, _)| *steps).is_sorted_by(|a, b| a < b));
        eventually(race.reset());
        assert_eq!(race.report().chosen.backend, Backend::Cpu);
    }
}
