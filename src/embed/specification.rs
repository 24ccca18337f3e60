//! The argument of `adagradLab.run(specification)`: one run, independent of the page.
//!
//! Plain data, so that it tests natively; turning a JavaScript object into [`Value`]s is left to
//! the browser's side. Unlike the page, a run here has no ranges beyond what the rule itself needs
//! and a bound on the number of steps.

use std::fmt;

use crate::objective::{Objective, RotatedQuadratic, Vector};
use crate::optimizer::{Adagrad, EpsilonPlacement, Order};
use crate::settings::{Experiment, ObjectiveName, number::shortest, problem};
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
            Self::Text(text) => write!(f, "{text:?}"),
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
    pub allowed: &'static str,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSpecification {
    /// What is minimised.
    pub objective: Objective,
    /// The update rule.
    pub optimizer: Adagrad,
    /// x₀.
    pub start: Vector,
    /// How many steps, 0 to [`MOST_STEPS`]; with 0, the run is its start.
    pub steps: u32,
}

/// The answer to a million steps already takes hundreds of megabytes as nested arrays.
pub const MOST_STEPS: u32 = 1_000_000;

/// Every field, so that a misspelt one can be told from one left out.
pub const FIELDS: [&str; 12] = [
    "objective",
    "theta",
    "lambda",
    "optimizer",
    "learningRate",
    "epsilon",
    "epsilonPlacement",
    "initialAccumulator",
    "learningRateDecay",
    "order",
    "start",
    "steps",
];

impl RunSpecification {
    /// Reads the fields that `field` gives by name.
    ///
    /// `objective`, `learningRate`, `start` and `steps` are required; the others default as on the
    /// page: θ 30°, λ (0.2, 4), `"adagrad"`, ε 1e-6 `"inside"`, s₀ 0, no decay, `"accumulate"`.
    ///
    /// # Errors
    /// The first field that is missing or not allowed.
    pub fn parse(field: impl Fn(&str) -> Value) -> Result<Self, FieldError> {
        let fields = Fields(field);
        let default = Experiment::default();

        let objective =
            fields.one_of("objective", "\"f1\", \"f2\" or \"rotated\"", None, |name| {
                ObjectiveName::ALL.into_iter().find(|o| o.name() == name)
            })?;
        let theta_degrees = fields.number(
            "theta",
            "a finite number of degrees",
            Some(default.theta_degrees),
            |_| true,
        )?;
        let eigenvalues = fields.pair(
            "lambda",
            "two finite numbers above 0",
            Some(default.eigenvalues),
            |number| number > 0.0,
        )?;
        fields.one_of("optimizer", "\"adagrad\"", Some(()), |name| {
            (name == "adagrad").then_some(())
        })?;
        let optimizer = fields.adagrad(default.optimizer)?;
        let start = fields.pair("start", "two finite numbers", None, |_| true)?;
        let whole_number =
            |number: f64| (0.0..=f64::from(MOST_STEPS)).contains(&number) && number.fract() == 0.0;
        let steps = fields.number(
            "steps",
            "a whole number from 0 to 1000000",
            None,
            whole_number,
        )?;

        let objective = match objective {
            ObjectiveName::F1 => Objective::F1,
            ObjectiveName::F2 => Objective::F2,
            ObjectiveName::Rotated => RotatedQuadratic::new(theta_degrees, eigenvalues)
                .map(Objective::Rotated)
                .map_err(|_| fields.error("lambda", "two finite numbers above 0"))?,
        };
        Ok(Self {
            objective,
            optimizer,
            start,
            steps: steps as u32,
        })
    }

    /// The run.
    #[must_use]
    pub fn run(&self) -> Trajectory {
        trajectory::run(&self.objective, &self.optimizer, self.start, self.steps)
    }
}

/// The fields of a specification, each read with what it allows.
struct Fields<F>(F);

impl<F: Fn(&str) -> Value> Fields<F> {
    fn adagrad(&self, default: Adagrad) -> Result<Adagrad, FieldError> {
        let at_least_zero = |number: f64| number >= 0.0;
        let optimizer = Adagrad {
            learning_rate: self
                .number("learningRate", "a finite number above 0", None, |n| n > 0.0)?,
            epsilon: self.number(
                "epsilon",
                "a finite number, at least 0",
                Some(default.epsilon),
                at_least_zero,
            )?,
            epsilon_placement: self.one_of(
                "epsilonPlacement",
                "\"inside\" or \"outside\"",
                Some(default.epsilon_placement),
                |name| match name {
                    "inside" => Some(EpsilonPlacement::Inside),
                    "outside" => Some(EpsilonPlacement::Outside),
                    _ => None,
                },
            )?,
            initial_accumulator: self.number(
                "initialAccumulator",
                "a finite number, at least 0",
                Some(default.initial_accumulator),
                at_least_zero,
            )?,
            learning_rate_decay: self.number(
                "learningRateDecay",
                "a finite number, at least 0",
                Some(default.learning_rate_decay),
                at_least_zero,
            )?,
            order: self.one_of(
                "order",
                "\"accumulate\" or \"step\"",
                Some(default.order),
                |name| match name {
                    "accumulate" => Some(Order::Accumulate),
                    "step" => Some(Order::Step),
                    _ => None,
                },
            )?,
        };
        // Every field alone is right by now; what is left is that stepping first divides by 0.
        optimizer.validate().map_err(|_| {
            self.error(
                "epsilon",
                "above 0 when order is \"step\" and initialAccumulator is 0",
            )
        })?;
        Ok(optimizer)
    }

    /// A finite number that `allows` lets pass; `default` where there is none.
    fn number(
        &self,
        field: &'static str,
        allowed: &'static str,
        default: Option<f64>,
        allows: impl Fn(f64) -> bool,
    ) -> Result<f64, FieldError> {
        match ((self.0)(field), default) {
            (Value::Number(number), _) if number.is_finite() && allows(number) => Ok(number),
            (Value::Missing, Some(default)) => Ok(default),
            _ => Err(self.error(field, allowed)),
        }
    }

    /// Two finite numbers that `allows` lets pass; `default` where there are none.
    fn pair(
        &self,
        field: &'static str,
        allowed: &'static str,
        default: Option<Vector>,
        allows: impl Fn(f64) -> bool,
    ) -> Result<Vector, FieldError> {
        match ((self.0)(field), default) {
            (Value::List(values), _) => match *values {
                [Value::Number(first), Value::Number(second)]
                    if [first, second].iter().all(|&n| n.is_finite() && allows(n)) =>
                {
                    Ok([first, second])
                }
                _ => Err(self.error(field, allowed)),
            },
            (Value::Missing, Some(default)) => Ok(default),
            _ => Err(self.error(field, allowed)),
        }
    }

    /// What `find` finds by a name; `default` where there is no name.
    fn one_of<T>(
        &self,
        field: &'static str,
        allowed: &'static str,
        default: Option<T>,
        find: impl Fn(&str) -> Option<T>,
    ) -> Result<T, FieldError> {
        let found = match (self.0)(field) {
            Value::Text(name) => find(&name),
            Value::Missing => default,
            _ => None,
        };
        found.ok_or_else(|| self.error(field, allowed))
    }

    fn error(&self, field: &'static str, allowed: &'static str) -> FieldError {
        FieldError {
            field,
            given: problem::cut(&(self.0)(field).to_string()),
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
        for (field, given, expected) in [
            (
                "objective",
                Value::Missing,
                r#"objective must be "f1", "f2" or "rotated", got nothing"#,
            ),
            (
                "objective",
                Value::Text("f9".into()),
                r#"objective must be "f1", "f2" or "rotated", got "f9""#,
            ),
            (
                "optimizer",
                Value::Text("adam".into()),
                r#"optimizer must be "adagrad", got "adam""#,
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
                "lambda",
                Value::List(vec![Value::Number(0.0), Value::Number(1.0)]),
                "lambda must be two finite numbers above 0, got [0, 1]",
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
    }

    #[test]
    fn stepping_first_needs_something_to_divide_by() {
        let order = ("order", Value::Text("step".into()));
        let epsilon = ("epsilon", Value::Number(0.0));
        assert_eq!(
            message(&[order.clone(), epsilon.clone()]),
            r#"epsilon must be above 0 when order is "step" and initialAccumulator is 0, got 0"#
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
        assert_eq!(specification.optimizer.learning_rate, 1e9);
        // No steps: the run is its start.
        assert_eq!(
            specification.run().points().collect::<Vec<_>>(),
            [[-5.0, -2.0]]
        );
    }

    #[test]
    fn every_field_read_is_listed() {
        let read = std::cell::RefCell::new(Vec::new());
        let value = |field: &str| {
            read.borrow_mut().push(field.to_owned());
            match field {
                "objective" => Value::Text("rotated".into()),
                "learningRate" | "steps" => Value::Number(1.0),
                "start" => Value::List(vec![Value::Number(1.0), Value::Number(1.0)]),
                _ => Value::Missing,
            }
        };
        RunSpecification::parse(value).unwrap();
        assert_eq!(read.into_inner(), FIELDS);
    }
}
