//! What an experiment shows of one of its objectives: the run of every rule, side by side.
//!
//! The page and the engine both take it from here, so that a figure and its exported file are of
//! the same runs.

use std::sync::Arc;

use crate::chart::{RuleLine, Runs, SweepChart, SweepLine};
use crate::diagnosis::sweep::{End, Sweep, learning_rate_range, learning_rates_tried};
use crate::diagnosis::{Measure, Subject};
use crate::objective::{Objective, Problem, TypedFunction, Vector};
use crate::optimizer::Optimizer;
use crate::settings::{Experiment, ObjectiveName, RuleName, Settings};
use crate::trajectory::{Recording, Trajectory};

/// One rule on the objective.
#[derive(Clone, Debug)]
pub struct Contender {
    /// Which rule.
    pub rule: RuleName,
    /// The rule with its parameters.
    pub optimizer: Optimizer,
    /// Its run.
    pub run: Arc<Trajectory>,
}

/// Every rule of an experiment on one of its objectives.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What is minimised.
    pub problem: Problem,
    /// x₀.
    pub start: Vector,
    /// T: how many steps each run was asked for.
    pub steps: u32,
    /// One for each rule, in the experiment's order.
    pub contenders: Vec<Contender>,
}

/// A [`Comparison`] whose runs are still to be made, a few steps at a time.
#[derive(Clone, Debug)]
pub struct PendingComparison {
    problem: Problem,
    start: Vector,
    steps: u32,
    runs: Vec<(RuleName, Optimizer, Recording)>,
}

impl PendingComparison {
    /// The runs of every rule before their first step; none for a typed function that is not there.
    #[must_use]
    pub fn of(
        experiment: &Experiment,
        name: ObjectiveName,
        typed: Option<&Arc<TypedFunction>>,
    ) -> Option<Self> {
        let problem = experiment.problem(name, typed)?;
        let (start, steps) = (experiment.start, experiment.steps);
        let run = |&rule: &RuleName| {
            let optimizer = experiment.optimizer(rule);
            let recording = Recording::new(problem.clone(), optimizer, start, steps);
            (rule, optimizer, recording)
        };
        Some(Self {
            runs: experiment.rules.iter().map(run).collect(),
            problem,
            start,
            steps,
        })
    }

    /// Steps that are still to be taken by all runs together.
    #[must_use]
    pub fn steps_left(&self) -> u64 {
        let left = self.runs.iter().map(|(_, _, run)| run.steps_left());
        left.map(u64::from).sum()
    }

    /// Takes at most `budget` steps of all runs together; answers how many are left over.
    pub fn advance(&mut self, budget: u32) -> u32 {
        let runs = self.runs.iter_mut();
        runs.fold(budget, |left, (_, _, run)| run.advance(left))
    }

    /// Whether `known` is what this will come to.
    #[must_use]
    pub fn will_be(&self, known: &Comparison) -> bool {
        self.problem == known.problem
            && self.start == known.start
            && self.steps == known.steps
            && self.runs.len() == known.contenders.len()
            && self
                .runs
                .iter()
                .zip(&known.contenders)
                .all(|((rule, optimizer, _), known)| {
                    *rule == known.rule && *optimizer == known.optimizer
                })
    }

    /// The comparison, once no step is left.
    #[must_use]
    pub fn finish(self) -> Comparison {
        let contender = |(rule, optimizer, run): (RuleName, Optimizer, Recording)| Contender {
            rule,
            optimizer,
            run: Arc::new(run.finish()),
        };
        Comparison {
            problem: self.problem,
            start: self.start,
            steps: self.steps,
            contenders: self.runs.into_iter().map(contender).collect(),
        }
    }
}

impl Comparison {
    /// Runs every rule; none for a typed function that is not there.
    #[must_use]
    pub fn of(
        experiment: &Experiment,
        name: ObjectiveName,
        typed: Option<&Arc<TypedFunction>>,
    ) -> Option<Self> {
        let mut pending = PendingComparison::of(experiment, name, typed)?;
        while pending.steps_left() > 0 {
            pending.advance(u32::MAX);
        }
        Some(pending.finish())
    }

    /// What is minimised, without noise and scale.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.problem.objective
    }

    /// The contender of that rule, or the first.
    #[must_use]
    pub fn contender(&self, rule: RuleName) -> Option<&Contender> {
        let mut contenders = self.contenders.iter();
        let found = contenders.find(|contender| contender.rule == rule);
        found.or(self.contenders.first())
    }

    /// What is told about the run of that rule.
    #[must_use]
    pub fn subject(&self, rule: RuleName) -> Option<Subject<'_>> {
        let contender = self.contender(rule)?;
        Some(Subject {
            objective: self.objective(),
            optimizer: &contender.optimizer,
            trajectory: &contender.run,
        })
    }

    /// The runs as figures show them with `cursor` steps passed; `ghost` and `pinned` are the selected
    /// rule's runs in other experiments.
    #[must_use]
    pub fn runs(
        &self,
        shown: &Shown,
        cursor: u32,
        ghost: Option<Arc<Trajectory>>,
        pinned: Option<Arc<Trajectory>>,
    ) -> Runs {
        let contenders = self.with_lines(shown);
        let longest = contenders.iter().map(|(_, c)| c.run.steps.len()).max();
        Runs {
            selected: place_of(&contenders, shown.selected),
            lines: contenders
                .iter()
                .map(|(look, contender)| RuleLine {
                    label: contender.rule.description().label,
                    look: *look,
                    run: Arc::clone(&contender.run),
                })
                .collect(),
            dimension: self.objective().dimension(),
            // Runs that could not go on are shorter than was asked for.
            cursor: (cursor as usize).min(longest.unwrap_or_default()),
            ghost,
            pinned,
        }
    }

    /// The contenders that have lines, each with its place among all.
    fn with_lines(&self, shown: &Shown) -> Vec<(usize, &Contender)> {
        let all = self.contenders.iter().enumerate();
        all.filter(|(_, contender)| !shown.hidden.contains(&contender.rule))
            .collect()
    }

    /// The sweep of every contender over η, before its first step.
    #[must_use]
    pub fn sweeps(&self) -> Vec<Sweep> {
        let (start, steps) = (self.start, self.steps);
        let sweep = |contender: &Contender| {
            let rates = learning_rates_tried();
            Sweep::new(
                self.problem.clone(),
                contender.optimizer,
                start,
                steps,
                rates,
            )
        };
        self.contenders.iter().map(sweep).collect()
    }

    /// The chart of finished `swept`, one for each contender.
    #[must_use]
    pub fn sweep_chart(&self, shown: &Shown, swept: &[Swept]) -> SweepChart {
        let contenders = self.with_lines(shown);
        let line = |(look, contender): &(usize, &Contender)| SweepLine {
            label: contender.rule.description().label,
            look: *look,
            points: swept.get(*look).cloned().unwrap_or_default(),
            current: (contender.optimizer.learning_rate(), self.end(contender)),
        };
        SweepChart {
            lines: contenders.iter().map(line).collect(),
            selected: place_of(&contenders, shown.selected),
            measure: Measure::of(self.objective()).unwrap_or(Measure::Loss),
            learning_rates: learning_rate_range(),
            steps: self.steps,
        }
    }

    /// What a contender's run came to.
    #[must_use]
    pub fn end(&self, contender: &Contender) -> End {
        End::of(&contender.run, self.objective())
    }
}

/// Which of an experiment's rules have lines, and which one is looked into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The rule whose gradient, step and numbers are shown.
    pub selected: RuleName,
    /// The rules without lines.
    pub hidden: Vec<RuleName>,
}

impl Shown {
    /// What `settings` say.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self {
            selected: settings.selected_rule(),
            hidden: settings.hidden.clone(),
        }
    }
}

/// What a sweep gave: (η, what is left).
pub type Swept = Vec<(f64, Option<f64>)>;

fn place_of(shown: &[(usize, &Contender)], rule: RuleName) -> usize {
    let place = shown
        .iter()
        .position(|(_, contender)| contender.rule == rule);
    place.unwrap_or_default()
}
