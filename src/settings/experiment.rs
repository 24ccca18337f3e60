//! What is run: rules on objectives from one start, for a number of steps.

use std::sync::{Arc, LazyLock};

use super::{ObjectiveName, Property, RuleName};
use crate::objective::{self, Objective, Problem, TypedFunction, Vector, problem};
use crate::optimizer::{self, Optimizer};
use crate::parameter::{Invalid, Kind, MOST_VALUES, Parameter, Scale, Values, defaults, values};
use crate::trajectory::{self, Trajectory};

/// How many objectives are shown side by side at most.
pub const MOST_OBJECTIVES: usize = 4;

/// How many rules are shown at once at most.
pub const MOST_RULES: usize = 6;

/// How many characters of a typed function are taken.
pub const LONGEST_FUNCTION: usize = 500;

/// The typed function before anything is typed.
pub const DEFAULT_FUNCTION: &str = "(x1^2 + x2 - 2)^2 + 0.1*(x1 - x2)^2";

/// Up to [`MOST_RULES`] rules on up to [`MOST_OBJECTIVES`] objectives, from one start.
///
/// It holds a value of every parameter of every rule and objective, shown or not, so that what is
/// put aside comes back as it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// The objectives shown, side by side in this order; never empty, none twice.
    pub objectives: Vec<ObjectiveName>,
    /// The text of the typed objective.
    pub function: String,
    /// The rules shown, in this order; never empty, none twice.
    pub rules: Vec<RuleName>,
    /// x₀.
    pub start: Vector,
    /// How many steps to take, at least 1.
    pub steps: u32,
    pub(super) values: Box<AllValues>,
}

/// A value of every parameter.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AllValues {
    /// Of each objective in the order of its description.
    pub(super) of_objectives: [Values; objective::DESCRIPTIONS.len()],
    /// Of [`problem::PARAMETERS`].
    pub(super) of_problem: Values,
    /// Of [`SHARED`].
    pub(super) shared: Values,
    /// Of each rule in the order of its description.
    pub(super) of_rules: [RuleValues; optimizer::DESCRIPTIONS.len()],
}

/// What a rule has apart from the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RuleValues {
    /// Its values; the default where a shared value is used instead.
    pub(super) values: Values,
    /// For each of them, whether it is used although the parameter is shared.
    pub(super) overrides: [bool; MOST_VALUES],
}

/// Every shared parameter once, in the order in which the rules have them.
pub(super) static SHARED: LazyLock<Vec<&'static Parameter>> = LazyLock::new(|| {
    let mut shared: Vec<&Parameter> = Vec::new();
    let all = optimizer::DESCRIPTIONS.iter().flat_map(|d| d.parameters);
    for parameter in all.filter(|parameter| parameter.shared) {
        if shared.iter().all(|known| known.query != parameter.query) {
            shared.push(parameter);
        }
    }
    shared
});

/// Where the page's value of a shared parameter stands; none for a parameter that is not shared.
pub(super) fn shared_position(parameter: &Parameter) -> Option<usize> {
    let of_same_name = |shared: &&Parameter| shared.query == parameter.query;
    SHARED
        .iter()
        .position(of_same_name)
        .filter(|_| parameter.shared)
}

/// A rule's value that had to change because it goes with no value of another.
#[derive(Clone, Debug)]
pub struct Repair {
    /// The setting that changed.
    pub name: String,
    /// The rule that it did not suit.
    pub rule: RuleName,
    /// What would have been allowed, as a noun phrase.
    pub allowed: String,
}

impl Repair {
    /// The problem, with the setting among those `given` that led to it.
    pub(super) fn blamed_on(
        &self,
        given: &[(&'static Property, String)],
    ) -> Option<super::Problem> {
        let parameters = self.rule.description().parameters;
        let own = |property: &Property| match property.rule {
            None => parameters
                .iter()
                .any(|p| p.shared && p.query == property.name),
            Some(rule) => rule == self.rule,
        };
        let culprit = given.iter().find(|(property, _)| own(property));
        let (property, text) = culprit.or(given.first())?;
        let Self { name, allowed, .. } = self;
        let allowed = if property.name == *name {
            allowed.clone()
        } else {
            format!("only with {name} {allowed}")
        };
        Some(super::Problem::new(
            &property.name,
            text,
            allowed,
            String::new(),
        ))
    }
}

impl Default for Experiment {
    /// D2L's run at η = 0.4, on f1 and f2.
    fn default() -> Self {
        let named = |name| ObjectiveName::from_name(name);
        let shared: Vec<f64> = SHARED
            .iter()
            .flat_map(|shared| shared.defaults())
            .copied()
            .collect();
        Self {
            objectives: ["f1", "f2"].into_iter().filter_map(named).collect(),
            function: DEFAULT_FUNCTION.to_owned(),
            rules: RuleName::from_name("adagrad").into_iter().collect(),
            start: [-5.0, -2.0],
            steps: 20,
            values: Box::new(AllValues {
                of_objectives: objective::DESCRIPTIONS.each_ref().map(|d| d.defaults()),
                of_problem: defaults(&problem::PARAMETERS),
                shared: values(&shared),
                of_rules: optimizer::DESCRIPTIONS.map(|d| RuleValues {
                    values: d.defaults(),
                    overrides: [false; MOST_VALUES],
                }),
            }),
        }
    }
}

impl Experiment {
    /// The objective of that name with this experiment's parameters; the typed one is `typed`, the
    /// function last compiled. None for the typed one where there is none.
    #[must_use]
    pub fn objective(
        &self,
        name: ObjectiveName,
        typed: Option<&Arc<TypedFunction>>,
    ) -> Option<Objective> {
        match self.values.of_objectives.get(name.index()) {
            // Settings keep every value in its domain.
            Some(values) => name.description().objective(values).ok(),
            None => typed.cloned().map(Objective::Typed),
        }
    }

    /// The same with this experiment's noise and scale.
    #[must_use]
    pub fn problem(
        &self,
        name: ObjectiveName,
        typed: Option<&Arc<TypedFunction>>,
    ) -> Option<Problem> {
        Problem::with_values(self.objective(name, typed)?, &self.values.of_problem).ok()
    }

    /// The rule of that name with this experiment's parameters, whether it is shown or not.
    #[must_use]
    pub fn optimizer(&self, rule: RuleName) -> Optimizer {
        let values = self.rule_values(rule);
        let description = rule.description();
        // Of a rule that is not shown, values may not go together: nothing repairs them.
        let optimizer = description.optimizer(&values);
        optimizer.unwrap_or_else(|_| description.default_optimizer())
    }

    /// The rules shown.
    pub fn optimizers(&self) -> impl Iterator<Item = Optimizer> + '_ {
        self.rules.iter().map(|&rule| self.optimizer(rule))
    }

    /// The first rule shown.
    #[must_use]
    pub fn first_rule(&self) -> RuleName {
        let [first, ..] = *self.rules.as_slice() else {
            return RuleName::of(optimizer::DESCRIPTIONS[0]);
        };
        first
    }

    /// The run of a rule on an objective; none where the objective is a typed function that is not
    /// there.
    #[must_use]
    pub fn run(
        &self,
        name: ObjectiveName,
        rule: RuleName,
        typed: Option<&Arc<TypedFunction>>,
    ) -> Option<Trajectory> {
        let problem = self.problem(name, typed)?;
        Some(trajectory::run(
            problem,
            self.optimizer(rule),
            self.start,
            self.steps,
        ))
    }

    /// Gives a rule these parameters: the page its shared ones, the rule its own.
    pub fn set_optimizer(&mut self, optimizer: impl Into<Optimizer>) {
        let optimizer = optimizer.into();
        let description = optimizer.description();
        let Some(own) = self
            .values
            .of_rules
            .get_mut(RuleName::of(description).index())
        else {
            return;
        };
        let (values, defaults) = (optimizer.values(), description.defaults());
        for (slot, parameter) in slots(description) {
            let value = values.get(slot).copied().unwrap_or_default();
            let shared = shared_position(parameter).and_then(|at| self.values.shared.get_mut(at));
            let kept = match shared {
                Some(shared) => {
                    *shared = value;
                    defaults.get(slot).copied().unwrap_or_default()
                }
                None => value,
            };
            own.set(slot, kept, false);
        }
    }

    /// The rule's values in the order of its description, shared ones included.
    pub(super) fn rule_values(&self, rule: RuleName) -> Values {
        let Some(own) = self.values.of_rules.get(rule.index()) else {
            return rule.description().defaults();
        };
        let mut values = own.values;
        for (slot, parameter) in slots(rule.description()) {
            if let (Some(position), Some(false), Some(value)) = (
                shared_position(parameter),
                own.overrides.get(slot),
                values.get_mut(slot),
            ) {
                *value = self
                    .values
                    .shared
                    .get(position)
                    .copied()
                    .unwrap_or_default();
            }
        }
        values
    }

    /// Changes what goes with no other value of a rule shown, and tells what that was.
    pub fn repair(&mut self) -> Option<Repair> {
        let mut repaired = None;
        for rule in self.rules.clone() {
            let description = rule.description();
            let Err(Invalid {
                parameter, allowed, ..
            }) = description.optimizer(&self.rule_values(rule))
            else {
                continue;
            };
            let culprit = slots(description).find(|(_, p)| p.script == parameter);
            let Some((slot, parameter)) = culprit else {
                continue;
            };
            // Nothing but 0 is out of place only because of others.
            let smallest = match parameter.kind {
                Kind::Numbers {
                    scale: Scale::LogWithZero { smallest },
                    ..
                } => smallest,
                _ => parameter.defaults().first().copied().unwrap_or_default(),
            };
            let own = self.values.of_rules.get_mut(rule.index());
            let overrides = own
                .as_ref()
                .is_some_and(|own| own.overrides.get(slot) == Some(&true));
            let shared = shared_position(parameter).filter(|_| !overrides);
            let name = match (shared.and_then(|at| self.values.shared.get_mut(at)), own) {
                (Some(shared), _) => {
                    *shared = smallest;
                    parameter.query.to_owned()
                }
                (None, own) => {
                    if let Some(own) = own {
                        own.set(slot, smallest, overrides);
                    }
                    format!("{}.{}", rule.name(), parameter.query)
                }
            };
            repaired = repaired.or(Some(Repair {
                name,
                rule,
                allowed,
            }));
        }
        repaired
    }
}

impl RuleValues {
    pub(super) fn set(&mut self, slot: usize, value: f64, overrides: bool) {
        if let (Some(place), Some(flag)) = (self.values.get_mut(slot), self.overrides.get_mut(slot))
        {
            (*place, *flag) = (value, overrides);
        }
    }
}

/// Each parameter of a rule with the place of its first value.
pub(super) fn slots(
    description: &'static optimizer::Description,
) -> impl Iterator<Item = (usize, &'static Parameter)> {
    let mut next = 0;
    description.parameters.iter().map(move |parameter| {
        let slot = next;
        next += parameter.count();
        (slot, parameter)
    })
}
