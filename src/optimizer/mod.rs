//! Update rules, one file each: equation, configuration, state, step, and all of it as data.
//!
//! [`DESCRIPTIONS`] is the list from which controls, links, scripts and validation are made;
//! [`Optimizer`] is any rule with its parameters set, and leads to its [`Details`], from which the
//! step inspector's lines and the table of the rules are written.

pub mod adadelta;
pub mod adagrad;
pub mod adagrad_full;
pub mod adagrad_rotated;
pub mod adam;
pub mod counter;
pub mod decay;
pub mod description;
pub mod diagonal_newton;
pub mod dual_averaging;
pub mod epsilon;
pub mod formula;
pub mod momentum;
pub mod nesterov;
pub mod newton;
pub mod rmsprop;
pub mod rule;
pub mod sgd;

pub use adadelta::Adadelta;
pub use adagrad::{Adagrad, Order};
pub use adagrad_full::AdagradFull;
pub use adagrad_rotated::AdagradRotated;
pub use adam::Adam;
pub use counter::Counter;
pub use decay::Decay;
pub use description::{Description, Details, Facts};
pub use diagonal_newton::DiagonalNewton;
pub use dual_averaging::DualAveraging;
pub use epsilon::EpsilonPlacement;
pub use momentum::Momentum;
pub use nesterov::Nesterov;
pub use newton::Newton;
pub use rmsprop::RmsProp;
pub use rule::{At, Moved, State, UpdateRule};
pub use sgd::Sgd;

use crate::objective::{Problem, Vector};
use crate::parameter::{Invalid, Values};

/// Makes [`Optimizer`] and its dispatch from one list of modules and types.
macro_rules! optimizer {
    ($($module:ident::$rule:ident,)*) => {
        /// Any update rule with its parameters set.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum Optimizer {
            $(
                #[doc = concat!("See [`", stringify!($rule), "`].")]
                $rule($rule),
            )*
        }

        /// Every rule, in the order the page offers them.
        pub static DESCRIPTIONS: [&Description; [$(stringify!($rule)),*].len()] =
            [$(&$module::DESCRIPTION),*];

        impl Optimizer {
            /// The description it is of.
            #[must_use]
            pub fn description(&self) -> &'static Description {
                match self {
                    $(Self::$rule(_) => &$module::DESCRIPTION,)*
                }
            }

            /// Its formulas, and what it costs and is for, in words.
            ///
            /// Only for the engine: what calls this links them all.
            #[must_use]
            pub fn details(&self) -> &'static Details {
                match self {
                    $(Self::$rule(_) => &$module::DETAILS,)*
                }
            }

            /// Does `task` with those of `optimizers` that are of the first one's rule, as that
            /// rule's own type: so that what takes long is compiled for each rule alone. None of
            /// no optimizers.
            pub fn sorted<T: OnRules>(optimizers: &[Self], task: T) -> Option<T::Output> {
                match optimizers.first()? {
                    $(Self::$rule(_) => {
                        let own = |optimizer: &Self| match optimizer {
                            Self::$rule(rule) => Some(*rule),
                            _ => None,
                        };
                        let rules: Vec<$rule> = optimizers.iter().filter_map(own).collect();
                        Some(task.on(&rules))
                    })*
                }
            }

            /// The values of its parameters, in its description's order.
            #[must_use]
            pub fn values(&self) -> Values {
                match self {
                    $(Self::$rule(rule) => rule.values(),)*
                }
            }
        }

        impl UpdateRule for Optimizer {
            fn initial_state(&self, problem: &Problem, start: Vector) -> State {
                match self {
                    $(Self::$rule(rule) => rule.initial_state(problem, start),)*
                }
            }

            #[inline]
            fn step(&self, state: &mut State, at: &At<'_>) -> Option<Moved> {
                match self {
                    $(Self::$rule(rule) => rule.step(state, at),)*
                }
            }
        }

        $(
            impl From<$rule> for Optimizer {
                fn from(rule: $rule) -> Self {
                    Self::$rule(rule)
                }
            }

            impl From<&$rule> for Optimizer {
                fn from(rule: &$rule) -> Self {
                    Self::$rule(*rule)
                }
            }
        )*
    };
}

optimizer! {
    sgd::Sgd,
    decay::Decay,
    counter::Counter,
    momentum::Momentum,
    nesterov::Nesterov,
    adagrad::Adagrad,
    rmsprop::RmsProp,
    adam::Adam,
    adadelta::Adadelta,
    dual_averaging::DualAveraging,
    adagrad_full::AdagradFull,
    adagrad_rotated::AdagradRotated,
    newton::Newton,
    diagonal_newton::DiagonalNewton,
}

/// What is done with rules of one type, whichever it is; see [`Optimizer::sorted`].
pub trait OnRules {
    /// What comes of it.
    type Output;

    /// Does it.
    fn on<R: UpdateRule>(self, rules: &[R]) -> Self::Output;
}

impl From<&Self> for Optimizer {
    fn from(optimizer: &Self) -> Self {
        *optimizer
    }
}

impl Optimizer {
    /// Checks every parameter.
    ///
    /// # Errors
    /// The first outside its domain, or that goes with no value of another.
    pub fn validate(&self) -> Result<(), Invalid> {
        self.description().validate(&self.values())
    }

    /// η.
    #[must_use]
    pub fn learning_rate(&self) -> f64 {
        // The first parameter of every rule; a test sees to it.
        self.values()[0]
    }

    /// The same rule with that η.
    #[must_use]
    pub fn with_learning_rate(&self, learning_rate: f64) -> Self {
        let mut values = self.values();
        values[0] = learning_rate;
        (self.description().build)(&values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::Kind;

    #[test]
    fn every_description_builds_its_rule_and_reads_it_back() {
        for description in DESCRIPTIONS {
            let defaults = description.defaults();
            let optimizer = description.optimizer(&defaults).unwrap();
            assert!(std::ptr::eq(optimizer.description(), description));
            assert_eq!(optimizer.values(), defaults, "{}", description.name);
            assert_eq!(optimizer.validate(), Ok(()));
            assert_eq!(description.parameters[0].query, "eta");
            assert_eq!(optimizer.with_learning_rate(3.0).learning_rate(), 3.0);
            let named = Description::named(&description.name.to_uppercase()).unwrap();
            assert_eq!(named.name, description.name);
        }
    }

    /// A change of any value alone changes the rule, and comes back.
    #[test]
    fn every_value_has_its_place() {
        for description in DESCRIPTIONS {
            let count = description.parameters.iter().map(|p| p.count()).sum();
            for i in 0..count {
                let mut values = description.defaults();
                values[i] = if values[i] == 1.0 { 0.0 } else { 1.0 };
                let optimizer = (description.build)(&values);
                assert_eq!(optimizer.values(), values, "{}", description.name);
            }
        }
    }

    #[test]
    fn what_is_out_of_domain_is_refused_by_name() {
        for description in DESCRIPTIONS {
            for (i, parameter) in description.parameters.iter().enumerate() {
                for given in [f64::NAN, f64::INFINITY, -1.0, 0.5] {
                    let mut values = description.defaults();
                    values[i] = given;
                    let outcome = description.optimizer(&values);
                    let is_half_of_a_number =
                        given == 0.5 && matches!(parameter.kind, Kind::Numbers { .. });
                    if is_half_of_a_number {
                        assert!(outcome.is_ok());
                        continue;
                    }
                    let invalid = outcome.unwrap_err();
                    assert_eq!(invalid.owner, description.name);
                    assert_eq!(invalid.parameter, parameter.script);
                }
            }
        }
        let adam = Description::named("adam").unwrap();
        let mut values = adam.defaults();
        values[1] = 1.0;
        assert_eq!(
            adam.optimizer(&values).unwrap_err().to_string(),
            "beta1 of adam must be a number from 0 to below 1, got 1"
        );
    }

    #[test]
    fn every_range_lies_in_its_domain() {
        let rules = DESCRIPTIONS.iter().flat_map(|d| d.parameters);
        let objectives = crate::objective::DESCRIPTIONS
            .iter()
            .flat_map(|d| d.parameters);
        let problem = &crate::objective::problem::PARAMETERS;
        for parameter in rules.chain(objectives).chain(problem) {
            if let Kind::Numbers {
                defaults, range, ..
            } = &parameter.kind
            {
                assert!(parameter.allows(range.min) && parameter.allows(range.max));
                assert!(!range.or_zero || parameter.allows(0.0));
                for &default in *defaults {
                    assert_eq!(range.nearest(default), default, "{}", parameter.query);
                }
            }
        }
    }
}
