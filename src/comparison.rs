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
use crate::trajectory::{self, Trajectory};

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
    /// One for each rule, in the experiment's order.
    pub contenders: Vec<Contender>,
}

impl Comparison {
    /// Runs every rule; none for a typed function that is not there.
    #[must_use]
    pub fn of(
        experiment: &Experiment,
        name: ObjectiveName,
        typed: Option<&Arc<TypedFunction>>,
    ) -> Option<Self> {
        let problem = experiment.problem(name, typed)?;
        let contender = |&rule: &RuleName| {
            let optimizer = experiment.optimizer(rule);
            let (start, steps) = (experiment.start, experiment.steps);
            Contender {
                rule,
                optimizer,
                run: Arc::new(trajectory::run(problem.clone(), optimizer, start, steps)),
            }
        };
        Some(Self {
            contenders: experiment.rules.iter().map(contender).collect(),
            problem,
        })
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

    /// The runs as figures show them under `settings`, which say what is hidden, selected and
    /// passed by the cursor; `ghost` and `pinned` are the selected rule's in other experiments.
    #[must_use]
    pub fn runs(
        &self,
        settings: &Settings,
        ghost: Option<Arc<Trajectory>>,
        pinned: Option<Arc<Trajectory>>,
    ) -> Runs {
        let selected = settings.selected_rule();
        let shown = self.shown(settings);
        let longest = shown.iter().map(|(_, c)| c.run.steps.len()).max();
        let cursor = settings.cursor.index(settings.experiment.steps) as usize;
        Runs {
            selected: place_of(&shown, selected),
            lines: shown
                .iter()
                .map(|(look, contender)| RuleLine {
                    label: contender.rule.description().label,
                    look: *look,
                    run: Arc::clone(&contender.run),
                })
                .collect(),
            dimension: self.objective().dimension(),
            // Runs that could not go on are shorter than was asked for.
            cursor: cursor.min(longest.unwrap_or_default()),
            ghost,
            pinned,
        }
    }

    /// The contenders that have lines, each with its place among all.
    fn shown(&self, settings: &Settings) -> Vec<(usize, &Contender)> {
        let all = self.contenders.iter().enumerate();
        all.filter(|(_, contender)| !settings.hidden.contains(&contender.rule))
            .collect()
    }

    /// The sweep of every contender over η, before its first step.
    #[must_use]
    pub fn sweeps(&self, start: Vector, steps: u32) -> Vec<Sweep> {
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
    pub fn sweep_chart(&self, settings: &Settings, swept: &[Swept]) -> SweepChart {
        let shown = self.shown(settings);
        let line = |(look, contender): &(usize, &Contender)| SweepLine {
            label: contender.rule.description().label,
            look: *look,
            points: swept.get(*look).cloned().unwrap_or_default(),
            current: (contender.optimizer.learning_rate(), self.end(contender)),
        };
        SweepChart {
            lines: shown.iter().map(line).collect(),
            selected: place_of(&shown, settings.selected_rule()),
            measure: Measure::of(self.objective()).unwrap_or(Measure::Loss),
            learning_rates: learning_rate_range(),
            steps: settings.experiment.steps,
        }
    }

    /// What a contender's run came to.
    #[must_use]
    pub fn end(&self, contender: &Contender) -> End {
        End::of(&contender.run, self.objective())
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
