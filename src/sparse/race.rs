//! Several rules on identical batches, in slices: none runs ahead of another.

use super::backend::{Chosen, Model, Plan};
use super::batches::Batches;
use super::columns::{Columns, Planner};
use super::experiment::{Entrant, Experiment, Rate};
use super::growth::{Growth, accumulator, examples_of_features};
use super::lines::BadLines;
use super::metrics::{Metrics, metrics};
use super::prepare::Prepared;
use super::rules::{Kind, Rule};
use super::tune::{GRID, Search};

/// A race: batches are planned, rates tuned where that is asked for, and then every rule is trained.
///
/// Nothing here waits or looks at a clock of its own: who drives it calls [`Self::advance`] as often
/// as there is time.
#[derive(Debug)]
pub struct Race {
    pub(super) experiment: Experiment,
    chosen: Chosen,
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
    /// At the end of every epoch, where there was something to test on.
    tested: Vec<Option<Metrics>>,
    pub(super) growth: Growth,
    visited: u64,
    seconds: f64,
}

/// What a race is about at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Batches are laid out by feature.
    Planning,
    /// Rates are searched.
    Tuning,
    /// Rules are trained.
    Training,
    /// Every rule has done every epoch, or the race was stopped.
    Finished,
}

impl Stage {
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
    /// How many bytes examples, plan and models take.
    pub bytes: usize,
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
    /// An epoch has at least so many slices, so that its curves have points.
    const SLICES_PER_EPOCH: usize = 64;
    /// Rates are tuned on batches of about so many non-zeros at most: eleven short epochs.
    const TUNING_NONZEROS: usize = 8_000_000;

    /// At its start; the experiment is one that [`Preparation`](super::prepare::Preparation) took.
    #[must_use]
    pub fn new(experiment: Experiment, chosen: Chosen, prepared: Prepared) -> Self {
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
            Runner::new(entrant, search, model(&experiment, &chosen, rule, &plan))
        });
        Self {
            runners: runners.collect(),
            planner: needs_columns.then(|| Planner::new(plan.examples.feature_count())),
            tuning: Batches::new(tuning_rows, plan.batches.size(), None),
            watched: examples_of_features(&plan.examples),
            truth: prepared.truth,
            bad: prepared.bad,
            labels: prepared.labels,
            experiment,
            chosen,
            plan,
            nonzeros,
            is_paused: false,
            is_stopped: false,
        }
    }

    /// What is raced.
    #[must_use]
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// Where.
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
        } else if self.planner.is_some() {
            Stage::Planning
        } else if self.runners.iter().any(|runner| runner.search.is_some()) {
            Stage::Tuning
        } else if self.runners.iter().all(|runner| runner.epochs() >= epochs) {
            Stage::Finished
        } else {
            Stage::Training
        }
    }

    /// Goes on for about so many non-zeros, unless it is paused or finished. `clock` is in seconds;
    /// only what it says between beginning and end of a rule's training counts.
    pub async fn advance(&mut self, nonzeros: usize, clock: &dyn Fn() -> f64) -> Stage {
        let stage = self.stage();
        match stage {
            _ if self.is_paused => {}
            Stage::Planning => self.lay_out(nonzeros),
            Stage::Tuning => self.tune(nonzeros),
            Stage::Training => {
                let slice = (self.nonzeros / Self::SLICES_PER_EPOCH).max(1);
                if let Some(place) = self.last() {
                    self.train(place, nonzeros.min(slice), clock).await;
                }
            }
            Stage::Finished => {}
        }
        self.stage()
    }

    /// One batch of every rule, paused or not; those behind the foremost first catch up with it.
    /// Does nothing before the training.
    pub async fn step(&mut self, clock: &dyn Fn() -> f64) {
        if self.stage() != Stage::Training {
            return;
        }
        let steps = self.runners.iter().map(|runner| runner.model.steps());
        let (least, most) = (steps.clone().min(), steps.max());
        let goal = if least == most {
            most.map(|steps| steps + 1)
        } else {
            most
        };
        while let Some(place) = self.last() {
            let steps = self.runners.get(place).map(|runner| runner.model.steps());
            if self.stage() != Stage::Training || steps >= goal {
                break;
            }
            // The least there is: a batch.
            self.train(place, 1, clock).await;
        }
    }

    /// Waits from now on; [`Self::step`] still goes.
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
    pub fn reset(&mut self) {
        for runner in &mut self.runners {
            let rule = *runner.model.rule();
            // A search goes on where it was.
            let search = runner.search.take();
            let is_at_an_end = runner.is_at_an_end;
            let model = model(&self.experiment, &self.chosen, rule, &self.plan);
            *runner = Runner::new(runner.entrant, search, model);
            runner.is_at_an_end = is_at_an_end;
        }
        self.is_stopped = false;
    }

    /// Another η of a rule from its next batch on; ends the search for one. Whether there is such a
    /// rule and η is finite and above 0.
    pub fn set_learning_rate(&mut self, kind: Kind, learning_rate: f64) -> bool {
        let mut runners = self.runners.iter_mut();
        let runner = runners.find(|runner| runner.entrant.kind == kind);
        let is_allowed = learning_rate > 0.0 && learning_rate.is_finite();
        match runner {
            Some(runner) if is_allowed => {
                runner.search = None;
                runner.is_at_an_end = false;
                runner.model.set_learning_rate(learning_rate);
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

    /// Watches other features, by rank, from now on.
    pub fn watch(&mut self, ranks: &[u32]) {
        let count = self.plan.examples.feature_count();
        let is_there = |rank: &u32| (*rank as usize) < count;
        self.watched = ranks.iter().copied().filter(is_there).collect();
        for runner in &mut self.runners {
            runner.growth = Growth::default();
        }
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
        Report {
            stage,
            share,
            is_paused: self.is_paused,
            rules: self.runners.iter().map(Runner::standing).collect(),
            bytes: self.plan.examples.bytes() + self.plan.columns.bytes() + models,
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

    async fn train(&mut self, place: usize, nonzeros: usize, clock: &dyn Fn() -> f64) {
        let Some(runner) = self.runners.get_mut(place) else {
            return;
        };
        let began = clock();
        let visited = runner.model.advance(&self.plan, nonzeros).await;
        runner.seconds += clock() - began;
        runner.visited += visited as u64;
        let kind = runner.entrant.kind;
        let cells = runner.model.cells(&self.watched).await;
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

fn model(experiment: &Experiment, chosen: &Chosen, rule: Rule, plan: &Plan) -> Model {
    Model::new(chosen, rule, experiment.options(), plan)
}

impl Runner {
    fn new(entrant: Entrant, search: Option<Search>, model: Model) -> Self {
        Self {
            entrant,
            search,
            model,
            is_at_an_end: false,
            tested: Vec::new(),
            growth: Growth::default(),
            visited: 0,
            seconds: 0.0,
        }
    }

    fn epochs(&self) -> usize {
        self.model.epoch_losses().len()
    }

    fn standing(&self) -> Standing {
        let is_known = self.search.is_none();
        Standing {
            kind: self.entrant.kind,
            learning_rate: is_known.then_some(self.model.rule().learning_rate),
            is_at_an_end: self.is_at_an_end,
            steps: self.model.steps(),
            epoch_losses: self.model.epoch_losses().to_vec(),
            loss_so_far: self.model.loss_so_far(),
            tested: self.tested.clone(),
            visited: self.visited,
            seconds: self.seconds,
        }
    }
}
