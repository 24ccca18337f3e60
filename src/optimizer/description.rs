//! A rule as data: name, parameters and what tells it apart; its formulas and words for a closer look.

use super::formula::Formula;
use super::{EpsilonPlacement, Optimizer};
use crate::parameter::{
    Domain, Invalid, Kind, Parameter, Range, Scale, Values, defaults, validate,
};

/// One update rule, before its parameters are set.
#[derive(Debug)]
pub struct Description {
    /// Its name in links and scripts.
    pub name: &'static str,
    /// Its name on the page.
    pub label: &'static str,
    /// What can be set.
    pub parameters: &'static [Parameter],
    /// How the entries of the state are written: both of the accumulator, then both of the memory.
    /// Empty where the rule does not use them.
    pub state_symbols: [&'static str; 4],
    /// What tells it apart from the others.
    pub facts: Facts,
    /// From values that are all in their domains.
    pub(super) build: fn(&Values) -> Optimizer,
    /// What the values must be together, beyond each one's domain.
    pub(super) together: fn(&Values) -> Result<(), Invalid>,
}

/// What tells a rule apart.
#[derive(Debug)]
pub struct Facts {
    /// Whether each coordinate has its own rate, from its gradients or curvatures.
    pub adapts_rate: bool,
    /// Whether the accumulator is the sum of the squared gradients, coordinate by coordinate.
    pub accumulates_squares: bool,
    /// Whether past gradients carry the point on.
    pub momentum: bool,
    /// Whether a step that leaves the point where it is means that all later ones do, as long as
    /// the gradient there stays the same: no update grows.
    pub stays_once_still: bool,
}

/// What of a rule is written out for a closer look: by the engine, so that the page's own module
/// does not carry it. From [`Optimizer::details`].
#[derive(Debug)]
pub struct Details {
    /// A step, line by line, from the gradient to the update; see [`formula`](super::formula).
    pub formulas: &'static [Formula],
    /// What it keeps for d parameters.
    pub state: &'static str,
    /// Operations of a step for d parameters.
    pub cost: &'static str,
    /// What it is for, in one sentence.
    pub fixes: &'static str,
}

/// What most rules have in common.
pub(super) const PLAIN: Description = Description {
    name: "",
    label: "",
    parameters: &[],
    state_symbols: ["", "", "", ""],
    facts: Facts {
        adapts_rate: false,
        accumulates_squares: false,
        momentum: false,
        stays_once_still: false,
    },
    build: |values| Optimizer::Sgd(super::Sgd::from_values(values)),
    together: |_| Ok(()),
};

/// η, shared by all rules in which it is a length or a rate of comparable size.
pub(super) const ETA: Parameter = Parameter::number(
    "eta",
    "η",
    "learning rate",
    &[0.4],
    (Domain::Positive, Range::new(1e-3, 10.0), Scale::Log),
)
.script("learningRate")
.shared();

/// η of rules that are made to do without, and so are 1 by themselves.
pub(super) const OWN_ETA: Parameter = Parameter {
    shared: false,
    ..ETA.with_defaults(&[1.0])
};

/// ε in the units of the accumulator or of its root, as [`EpsilonPlacement`] has it.
pub(super) const EPSILON: Parameter = Parameter::number(
    "eps",
    "ε",
    "stability constant",
    &[1e-6],
    (
        Domain::NonNegative,
        Range::new(1e-12, 10.0).or_zero(),
        Scale::LogWithZero { smallest: 1e-12 },
    ),
)
.script("epsilon")
.shared();

/// Where ε stands.
pub(super) const PLACEMENT: Parameter = Parameter {
    query: "epsat",
    script: "epsilonPlacement",
    symbol: "",
    label: "place of ε",
    kind: Kind::Choice {
        names: EpsilonPlacement::NAMES,
    },
    shared: true,
};

/// A parameter that is a share: how much of the past is kept.
pub(super) const fn share(
    name: &'static str,
    symbol: &'static str,
    label: &'static str,
    default: &'static [f64],
) -> Parameter {
    let range = (Domain::Share, Range::new(0.0, 0.9999), Scale::Linear);
    Parameter::number(name, symbol, label, default, range)
}

/// A count added under the root of a clock.
pub(super) const COUNT_OFFSET: Parameter = Parameter::number(
    "c",
    "c",
    "offset of the count",
    &[0.0],
    (
        Domain::NonNegative,
        Range::new(0.0, 1e4),
        Scale::LogWithZero { smallest: 1e-8 },
    ),
)
.script("countOffset");

/// δ, added to curvatures before dividing by them.
pub(super) const DAMPING: Parameter = Parameter::number(
    "damping",
    "δ",
    "damping",
    &[0.0],
    (
        Domain::NonNegative,
        Range::new(0.0, 1e3),
        Scale::LogWithZero { smallest: 1e-6 },
    ),
);

impl Description {
    /// The rule of that name, whatever its case.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        super::DESCRIPTIONS
            .into_iter()
            .find(|description| description.name.eq_ignore_ascii_case(name))
    }

    /// The parameters' defaults.
    #[must_use]
    pub fn defaults(&self) -> Values {
        defaults(self.parameters)
    }

    /// The rule with these values of its parameters.
    ///
    /// # Errors
    /// The first value outside its domain, or that goes with no value of another.
    pub fn optimizer(&self, values: &Values) -> Result<Optimizer, Invalid> {
        self.validate(values)?;
        Ok((self.build)(values))
    }

    /// The rule with its defaults, which every rule can have.
    #[must_use]
    pub fn default_optimizer(&self) -> Optimizer {
        (self.build)(&self.defaults())
    }

    pub(super) fn validate(&self, values: &Values) -> Result<(), Invalid> {
        validate(self.name, self.parameters, values)?;
        (self.together)(values)
    }
}
