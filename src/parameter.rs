//! A parameter of an update rule or an objective, described by data.
//!
//! Controls, links, scripts and validation are all made from these descriptions, so that nothing
//! outside a rule's or an objective's own file knows its parameters.

/// Numbers in the order of the parameters that they belong to; a choice is the index of its name.
/// Entries beyond the last parameter are 0.
pub type Values = [f64; MOST_VALUES];

/// No rule or objective has more numbers than this.
pub const MOST_VALUES: usize = 8;

/// These numbers, and 0 beyond them.
#[must_use]
pub fn values(numbers: &[f64]) -> Values {
    let mut values = [0.0; MOST_VALUES];
    for (slot, number) in values.iter_mut().zip(numbers) {
        *slot = *number;
    }
    values
}

/// One parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in links.
    pub query: &'static str,
    /// Its name in scripts.
    pub script: &'static str,
    /// Its mathematical symbol; empty where it has none.
    pub symbol: &'static str,
    /// Its name on the page, in plain words.
    pub label: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// Whether the page's setting of the same query name is its value unless overridden. A script
    /// has no such setting: it must give a shared learning rate.
    pub shared: bool,
}

/// What a parameter may be.
#[derive(Debug)]
pub enum Kind {
    /// One number or two.
    Numbers {
        /// One entry for each number.
        defaults: &'static [f64],
        /// What the page allows for each.
        range: Range,
        /// How a slider spreads the range.
        scale: Scale,
        /// What makes sense at all for each, which a script may use.
        domain: Domain,
    },
    /// One of a few names, the default first.
    Choice {
        /// The names in links and scripts.
        names: &'static [&'static str],
    },
}

/// The numbers for which a parameter makes sense; all are finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Any.
    Finite,
    /// Above 0.
    Positive,
    /// 0 or above.
    NonNegative,
    /// From 0 to below 1: a share kept.
    Share,
    /// 0, 1, …, 2³² − 1.
    Whole,
}

impl Domain {
    /// Whether `number` is in it.
    #[must_use]
    pub fn contains(self, number: f64) -> bool {
        number.is_finite()
            && match self {
                Self::Finite => true,
                Self::Positive => number > 0.0,
                Self::NonNegative => number >= 0.0,
                Self::Share => (0.0..1.0).contains(&number),
                Self::Whole => {
                    number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number)
                }
            }
    }

    /// What one number of it is, as a noun phrase.
    #[must_use]
    pub const fn phrase(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::Positive => "a finite number above 0",
            Self::NonNegative => "a finite number, at least 0",
            Self::Share => "a number from 0 to below 1",
            Self::Whole => "a whole number from 0 to 4294967295",
        }
    }

    /// What a pair of numbers of it is, as a noun phrase.
    #[must_use]
    pub const fn pair_phrase(self) -> &'static str {
        match self {
            Self::Finite => "two finite numbers",
            Self::Positive => "two finite numbers above 0",
            Self::NonNegative => "two finite numbers, at least 0",
            Self::Share => "two numbers from 0 to below 1",
            Self::Whole => "two whole numbers from 0 to 4294967295",
        }
    }
}

/// How slider positions are spread over the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Equal differences.
    Linear,
    /// Equal ratios.
    Log,
    /// 0 at position 0, then equal ratios from `smallest`.
    LogWithZero {
        /// The value at position 1.
        smallest: f64,
    },
}

/// The numbers a quantity may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The smallest, other than 0 of a range with `or_zero`.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Whether 0 is allowed too, below a `min` above 0.
    pub or_zero: bool,
    /// Whether whole numbers only.
    pub whole: bool,
}

impl Range {
    /// Every number from `min` to `max`.
    #[must_use]
    pub const fn new(min: f64, max: f64) -> Self {
        Self {
            min,
            max,
            or_zero: false,
            whole: false,
        }
    }

    /// The same and 0.
    #[must_use]
    pub const fn or_zero(self) -> Self {
        Self {
            or_zero: true,
            ..self
        }
    }

    /// Its whole numbers.
    #[must_use]
    pub const fn whole(self) -> Self {
        Self {
            whole: true,
            ..self
        }
    }

    /// The allowed number nearest to `number`; `min` for NaN.
    #[must_use]
    pub fn nearest(&self, number: f64) -> f64 {
        if self.or_zero && number < self.min / 2.0 {
            return 0.0;
        }
        let number = if self.whole { number.round() } else { number };
        number.max(self.min).min(self.max)
    }
}

impl Parameter {
    /// A number, not shared, whose name in links is the one in scripts.
    #[must_use]
    pub const fn number(
        name: &'static str,
        symbol: &'static str,
        label: &'static str,
        defaults: &'static [f64],
        (domain, range, scale): (Domain, Range, Scale),
    ) -> Self {
        Self {
            query: name,
            script: name,
            symbol,
            label,
            kind: Kind::Numbers {
                defaults,
                range,
                scale,
                domain,
            },
            shared: false,
        }
    }

    /// The same with another name in scripts.
    #[must_use]
    pub const fn script(self, script: &'static str) -> Self {
        Self { script, ..self }
    }

    /// The same, shared.
    #[must_use]
    pub const fn shared(self) -> Self {
        Self {
            shared: true,
            ..self
        }
    }

    /// The same with other defaults.
    #[must_use]
    pub const fn with_defaults(self, defaults: &'static [f64]) -> Self {
        match self.kind {
            Kind::Numbers {
                range,
                scale,
                domain,
                ..
            } => Self {
                kind: Kind::Numbers {
                    defaults,
                    range,
                    scale,
                    domain,
                },
                ..self
            },
            Kind::Choice { .. } => self,
        }
    }

    /// How many of the [`Values`] are this parameter's: 1 or 2.
    #[must_use]
    pub const fn count(&self) -> usize {
        match self.kind {
            Kind::Numbers { defaults, .. } => defaults.len(),
            Kind::Choice { .. } => 1,
        }
    }

    /// The defaults of its numbers; a choice's is its first name, 0.
    #[must_use]
    pub const fn defaults(&self) -> &'static [f64] {
        match self.kind {
            Kind::Numbers { defaults, .. } => defaults,
            Kind::Choice { .. } => &[0.0],
        }
    }

    /// Whether `value` makes sense for each of its numbers.
    #[must_use]
    pub fn allows(&self, value: f64) -> bool {
        match self.kind {
            Kind::Numbers { domain, .. } => domain.contains(value),
            Kind::Choice { names } => (0..names.len()).any(|index| value == index as f64),
        }
    }

    /// What is allowed, as a noun phrase.
    #[must_use]
    pub fn allowed(&self) -> String {
        match self.kind {
            Kind::Numbers {
                defaults, domain, ..
            } => match defaults.len() {
                1 => domain.phrase().to_owned(),
                _ => domain.pair_phrase().to_owned(),
            },
            Kind::Choice { names } => quoted_list(names),
        }
    }
}

/// `"a", "b" or "c"`.
#[must_use]
pub fn quoted_list(names: &[&str]) -> String {
    let mut list = String::new();
    for (i, name) in names.iter().enumerate() {
        list += match i {
            0 => "\"",
            _ if i + 1 == names.len() => "\" or \"",
            _ => "\", \"",
        };
        list += name;
    }
    list + "\""
}

/// The defaults of all `parameters`, one after the other.
#[must_use]
pub fn defaults(parameters: &[Parameter]) -> Values {
    let all: Vec<f64> = parameters
        .iter()
        .flat_map(Parameter::defaults)
        .copied()
        .collect();
    values(&all)
}

/// Where the numbers of the parameter with that query name begin among the [`Values`].
#[must_use]
pub fn position(parameters: &[Parameter], query: &str) -> Option<usize> {
    let mut position = 0;
    for parameter in parameters {
        if parameter.query == query {
            return Some(position);
        }
        position += parameter.count();
    }
    None
}

/// A value that a rule or an objective cannot have.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{parameter} of {owner} must be {allowed}, got {given}")]
pub struct Invalid {
    /// The name of the rule or objective.
    pub owner: &'static str,
    /// The parameter's name in scripts.
    pub parameter: &'static str,
    /// What would have been allowed, as a noun phrase.
    pub allowed: String,
    /// What was given; a choice's index.
    pub given: f64,
}

/// Checks every value of the rule or objective called `owner`.
///
/// # Errors
/// The first value outside its parameter's domain.
pub fn validate(
    owner: &'static str,
    parameters: &'static [Parameter],
    values: &Values,
) -> Result<(), Invalid> {
    let mut rest = values.iter();
    for parameter in parameters {
        for &given in rest.by_ref().take(parameter.count()) {
            if !parameter.allows(given) {
                return Err(Invalid {
                    owner,
                    parameter: parameter.script,
                    allowed: parameter.allowed(),
                    given,
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_quoted_and_joined() {
        assert_eq!(quoted_list(&["a"]), "\"a\"");
        assert_eq!(quoted_list(&["a", "b"]), "\"a\" or \"b\"");
        assert_eq!(quoted_list(&["a", "b", "c"]), "\"a\", \"b\" or \"c\"");
    }

    #[test]
    fn a_domain_holds_only_finite_numbers() {
        for domain in [
            Domain::Finite,
            Domain::Positive,
            Domain::NonNegative,
            Domain::Share,
            Domain::Whole,
        ] {
            for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                assert!(!domain.contains(number));
            }
            assert!(domain.contains(0.0) || domain == Domain::Positive);
            assert_eq!(domain.contains(-1.0), domain == Domain::Finite);
        }
        assert!(!Domain::Share.contains(1.0));
        assert!(!Domain::Whole.contains(0.5));
    }
}
