//! The argument of `adagradLab.run(specification)`: one run, independent of the page.
//!
//! Plain data, so that it tests natively; turning a JavaScript object into [`Value`]s is left to
//! the browser's side. Unlike the page, a run here has no ranges beyond what the rule itself needs
//! and a bound on the number of steps.

use std::fmt;

use crate::objective::{self, Problem, Vector, problem};
use crate::optimizer::{self, Optimizer};
use crate::parameter::{Invalid, Kind, Parameter, Values, quoted_list, values};
use crate::settings::number::shortest;
use crate::settings::problem as shown;
use crate::trajectory::{self, Trajectory};

/// A field's value, as far as a specification needs to tell values apart.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A number, perhaps not finite.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// No such field, or `undefined`.
    Missing,
    /// Anything else, as it should be named to its author: `null`, `a function`.
    Other(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&shortest(*number)),
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::List(values) => {
                f.write_str("[")?;
                for (i, value) in values.iter().enumerate() {
                    let separator = if i == 0 { "" } else { ", " };
                    write!(f, "{separator}{value}")?;
                }
                f.write_str("]")
            }
            Self::Missing => f.write_str("nothing"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

/// A field that a specification cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} must be {allowed}, got {given}")]
pub struct FieldError {
    /// The field's name.
    pub field: &'static str,
    /// What was given, cut as in a [`Problem`](crate::settings::Problem).
    pub given: String,
    /// What would have been allowed, as a noun phrase.
    pub allowed: String,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSpecification {
    /// What is minimised.
    pub problem: Problem,
    /// The update rule.
    pub optimizer: Optimizer,
    /// x₀.
    pub start: Vector,
    /// How many steps, 0 to [`MOST_STEPS`]; with 0, the run is its start.
    pub steps: u32,
}

/// The answer to a million steps already takes hundreds of megabytes as nested arrays.
pub const MOST_STEPS: u32 = 1_000_000;

/// Every field that some specification may have, so that a misspelt one can be told from one left
/// out or of another rule.
#[must_use]
pub fn field_names() -> Vec<&'static str> {
    let of_objectives = objective::DESCRIPTIONS.iter().flat_map(|d| d.parameters);
    let of_rules = optimizer::DESCRIPTIONS.iter().flat_map(|d| d.parameters);
    let parameters = of_objectives.chain(&problem::PARAMETERS).chain(of_rules);
    let mut names = vec!["objective", "optimizer", "start", "steps"];
    for parameter in parameters {
        if !names.contains(&parameter.script) {
            names.push(parameter.script);
        }
    }
    names
}

impl RunSpecification {
    /// Reads the fields that `field` gives by name: those of the objective and the rule that it
    /// names, and no others.
    ///
    /// `objective`, `start` and `steps` are required, and `learningRate` of every rule that has no
    /// rate of its own; the others default as on the page, with `"adagrad"` for the rule.
    ///
    /// # Errors
    /// The first field that is missing or not allowed.
    pub fn parse(field: impl Fn(&str) -> Value) -> Result<Self, FieldError> {
        let fields = Fields(field);
        let names = objective::DESCRIPTIONS.each_ref().map(|d| d.name);
        let objective = fields.one_of("objective", &names, None)?;
        let objective = objective::DESCRIPTIONS
            .get(objective)
            .ok_or_else(|| fields.error("objective", quoted_list(&names)))?;
        let values = fields.parameters(objective.parameters)?;
        let objective = objective
            .objective(&values)
            .map_err(|e| fields.refused(e))?;
        let values = fields.parameters(&problem::PARAMETERS)?;
        let problem = Problem::with_values(objective, &values).map_err(|e| fields.refused(e))?;

        let names = optimizer::DESCRIPTIONS.map(|d| d.name);
        let adagrad = names.iter().position(|&name| name == "adagrad");
        let rule = fields.one_of("optimizer", &names, adagrad)?;
        let rule = optimizer::DESCRIPTIONS
            .get(rule)
            .ok_or_else(|| fields.error("optimizer", quoted_list(&names)))?;
        let values = fields.parameters(rule.parameters)?;
        let optimizer = rule.optimizer(&values).map_err(|e| fields.refused(e))?;

        let two_numbers = || "two finite numbers".to_owned();
        let start = match (fields.0)("start") {
            Value::List(values) => match *values {
                [Value::Number(x1), Value::Number(x2)] if x1.is_finite() && x2.is_finite() => {
                    Some([x1, x2])
                }
                _ => None,
            },
            _ => None,
        };
        let start = start.ok_or_else(|| fields.error("start", two_numbers()))?;
        let steps = match (fields.0)("steps") {
            Value::Number(number)
                if (0.0..=f64::from(MOST_STEPS)).contains(&number) && number.fract() == 0.0 =>
            {
                number as u32
            }
            _ => {
                let allowed = format!("a whole number from 0 to {MOST_STEPS}");
                return Err(fields.error("steps", allowed));
            }
        };
        Ok(Self {
            problem,
            optimizer,
            start,
            steps,
        })
    }

    /// The run.
    #[must_use]
    pub fn run(&self) -> Trajectory {
        trajectory::run(&self.problem, self.optimizer, self.start, self.steps)
    }
}

/// The fields of a specification, each read with what it allows.
struct Fields<F>(F);

impl<F: Fn(&str) -> Value> Fields<F> {
    /// The values of these parameters, each its default where it is not given.
    fn parameters(&self, parameters: &[Parameter]) -> Result<Values, FieldError> {
        let mut numbers = Vec::new();
        for parameter in parameters {
            let given = match ((self.0)(parameter.script), &parameter.kind) {
                // A rate that the page would share among its rules; a script has none to share.
                (Value::Missing, _) if parameter.shared && parameter.query == "eta" => None,
                (Value::Missing, _) => Some(parameter.defaults().to_vec()),
                (Value::Text(name), Kind::Choice { names }) => names
                    .iter()
                    .position(|known| *known == name)
                    .map(|index| vec![index as f64]),
                (Value::Number(number), Kind::Numbers { .. }) => Some(vec![number]),
                (Value::List(values), Kind::Numbers { .. }) => values
                    .iter()
                    .map(|value| match value {
                        Value::Number(number) => Some(*number),
                        _ => None,
                    })
                    .collect(),
                _ => None,
            };
            let own = given
                .filter(|own| own.len() == parameter.count())
                .filter(|own| own.iter().all(|&number| parameter.allows(number)))
                .ok_or_else(|| self.error(parameter.script, parameter.allowed()))?;
            numbers.extend(own);
        }
        Ok(values(&numbers))
    }

    /// The index of the given name; `default` where there is no name.
    fn one_of(
        &self,
        field: &'static str,
        names: &[&str],
        default: Option<usize>,
    ) -> Result<usize, FieldError> {
        let found = match (self.0)(field) {
            Value::Text(given) => names.iter().position(|name| *name == given),
            Value::Missing => default,
            _ => None,
        };
        found.ok_or_else(|| self.error(field, quoted_list(names)))
    }

    /// Values that are each allowed, but not together.
    fn refused(&self, invalid: Invalid) -> FieldError {
        self.error(invalid.parameter, invalid.allowed)
    }

    fn error(&self, field: &'static str, allowed: String) -> FieldError {
        FieldError {
            field,
            given: shown::cut(&(self.0)(field).to_string()),
            allowed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D2L's run as a script would ask for it, with some fields replaced.
    fn parsed(replaced: &[(&str, Value)]) -> Result<RunSpecification, FieldError> {
        RunSpecification::parse(|field| {
            let replacement = replaced.iter().find(|(name, _)| *name == field);
            match (replacement, field) {
                (Some((_, value)), _) => value.clone(),
                (None, "objective") => Value::Text("f1".into()),
                (None, "learningRate") => Value::Number(0.4),
                (None, "start") => Value::List(vec![Value::Number(-5.0), Value::Number(-2.0)]),
                (None, "steps") => Value::Number(20.0),
                (None, _) => Value::Missing,
            }
        })
    }

    const OBJECTIVES: &str = "\"f1\", \"f2\", \"rotated\", \"bowl\", \"diagonal\", \"square\", \
        \"saddle\", \"rosenbrock\", \"himmelblau\", \"beale\", \"least_squares\" or \"nonstationary\"";
    const RULES: &str = "\"sgd\", \"decay\", \"counter\", \"momentum\", \"nesterov\", \"adagrad\", \
        \"rmsprop\", \"adam\", \"adadelta\", \"dual_averaging\", \"adagrad_full\", \
        \"adagrad_rotated\", \"newton\" or \"diagonal_newton\"";

    fn message(replaced: &[(&str, Value)]) -> String {
        parsed(replaced).unwrap_err().to_string()
    }

    #[test]
    fn required_fields_alone_are_d2ls_run() {
        let end = parsed(&[]).unwrap().run().point(20);
        // Printed by D2L, section 12.7, to six decimals.
        assert_eq!(
            format!("{:.6},{:.6}", end[0], end[1]),
            "-2.382563,-0.158591"
        );
    }

    #[test]
    fn errors_name_the_field_what_was_given_and_what_is_allowed() {
        let objective_nothing = format!("objective must be {OBJECTIVES}, got nothing");
        let objective_f9 = format!("objective must be {OBJECTIVES}, got \"f9\"");
        let optimizer_adamax = format!("optimizer must be {RULES}, got \"adamax\"");
        for (field, given, expected) in [
            ("objective", Value::Missing, objective_nothing.as_str()),
            ("objective", Value::Text("f9".into()), objective_f9.as_str()),
            (
                "optimizer",
                Value::Text("adamax".into()),
                optimizer_adamax.as_str(),
            ),
            (
                "learningRate",
                Value::Number(0.0),
                "learningRate must be a finite number above 0, got 0",
            ),
            (
                "learningRate",
                Value::Number(f64::NAN),
                "learningRate must be a finite number above 0, got NaN",
            ),
            (
                "learningRate",
                Value::Text("0.4".into()),
                r#"learningRate must be a finite number above 0, got "0.4""#,
            ),
            (
                "epsilon",
                Value::Number(-1e-9),
                "epsilon must be a finite number, at least 0, got -1e-9",
            ),
            (
                "epsilonPlacement",
                Value::Other("null".into()),
                r#"epsilonPlacement must be "inside" or "outside", got null"#,
            ),
            (
                "start",
                Value::List(vec![Value::Number(1.0)]),
                "start must be two finite numbers, got [1]",
            ),
            (
                "steps",
                Value::Number(2.5),
                "steps must be a whole number from 0 to 1000000, got 2.5",
            ),
            (
                "steps",
                Value::Number(1e6 + 1.0),
                "steps must be a whole number from 0 to 1000000, got 1000001",
            ),
        ] {
            assert_eq!(message(&[(field, given)]), expected);
        }
        let flat = Value::List(vec![Value::Number(0.0), Value::Number(1.0)]);
        assert_eq!(
            message(&[
                ("objective", Value::Text("rotated".into())),
                ("lambda", flat)
            ]),
            "lambda must be two finite numbers above 0, got [0, 1]"
        );
        assert_eq!(
            message(&[
                ("optimizer", Value::Text("adam".into())),
                ("beta2", Value::Number(1.0))
            ]),
            "beta2 must be a number from 0 to below 1, got 1"
        );
    }

    #[test]
    fn a_rule_with_a_rate_of_its_own_needs_none_given() {
        let newton = ("optimizer", Value::Text("newton".into()));
        let missing = ("learningRate", Value::Missing);
        let specification = parsed(&[newton, missing.clone()]).unwrap();
        assert_eq!(specification.optimizer.learning_rate(), 1.0);
        assert_eq!(
            message(&[missing]),
            "learningRate must be a finite number above 0, got nothing"
        );
    }

    #[test]
    fn every_rule_runs_on_every_objective_by_name() {
        for objective in &objective::DESCRIPTIONS {
            for rule in optimizer::DESCRIPTIONS {
                let specification = parsed(&[
                    ("objective", Value::Text(objective.name.into())),
                    ("optimizer", Value::Text(rule.name.into())),
                    ("noise", Value::Number(0.1)),
                    ("b", Value::Number(2.0)),
                    ("seed", Value::Number(3.0)),
                ])
                .unwrap();
                assert_eq!(
                    specification.problem.objective.description().name,
                    objective.name
                );
                assert_eq!(specification.problem.values()[..3], [2.0, 0.1, 3.0]);
                assert_eq!(specification.optimizer.description().name, rule.name);
                assert!(specification.run().steps.len() <= 20);
            }
        }
    }

    #[test]
    fn stepping_first_needs_something_to_divide_by() {
        let order = ("order", Value::Text("step".into()));
        let epsilon = ("epsilon", Value::Number(0.0));
        assert_eq!(
            message(&[order.clone(), epsilon.clone()]),
            r#"epsilon must be above 0 when order is "step" and the initial accumulator is 0, got 0"#
        );
        let accumulator = ("initialAccumulator", Value::Number(1.0));
        assert!(parsed(&[order, epsilon, accumulator]).is_ok());
    }

    #[test]
    fn values_beyond_the_pages_ranges_are_allowed() {
        let specification = parsed(&[
            ("learningRate", Value::Number(1e9)),
            ("epsilon", Value::Number(1e-300)),
            ("steps", Value::Number(0.0)),
        ])
        .unwrap();
        assert_eq!(specification.optimizer.learning_rate(), 1e9);
        // No steps: the run is its start.
        assert_eq!(
            specification.run().points().collect::<Vec<_>>(),
            [[-5.0, -2.0]]
        );
    }

    #[test]
    fn every_field_read_is_listed_and_every_listed_field_is_read() {
        let read = std::cell::RefCell::new(Vec::new());
        for objective in &objective::DESCRIPTIONS {
            for rule in optimizer::DESCRIPTIONS {
                let value = |field: &str| {
                    read.borrow_mut().push(field.to_owned());
                    match field {
                        "objective" => Value::Text(objective.name.into()),
                        "optimizer" => Value::Text(rule.name.into()),
                        "learningRate" | "steps" => Value::Number(1.0),
                        "start" => Value::List(vec![Value::Number(1.0), Value::Number(1.0)]),
                        _ => Value::Missing,
                    }
                };
                RunSpecification::parse(value).unwrap();
            }
        }
        let mut read = read.into_inner();
        let mut listed = field_names();
        read.sort();
        read.dedup();
        listed.sort_unstable();
        assert_eq!(read, listed);
    }
}
