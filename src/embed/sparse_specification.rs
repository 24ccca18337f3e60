//! The argument of `adagradLab.trainSparse(specification)`, but for what is no data in it: `signal`
//! and `onProgress`.

use std::fmt;

use super::specification::{FieldError, Value};
use crate::number::shortest;
use crate::parameter::quoted_list;
use crate::settings::problem::cut;
use crate::sparse::decoding::TextEncoding;
use crate::sparse::experiment::{Backend, Data, Entrant, Experiment, Invalid, Rate};
use crate::sparse::rules::Kind;
use crate::sparse::text::TextColumns;
use crate::sparse::zipf::Zipf;

/// The fields of a specification, those of `data` written as `data.kind`; of a long text, its
/// beginning.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(pub &'a [(String, Value)]);

/// What is wrong with a specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A field that is missing or has a value that it cannot have.
    Field(FieldError),
    /// A field that no such specification has.
    Unknown {
        /// Its name.
        name: String,
        /// Its value, cut.
        given: String,
        /// The fields that there are.
        allowed: Vec<&'static str>,
    },
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(error) => error.fmt(f),
            Self::Unknown {
                name,
                given,
                allowed,
            } => {
                let allowed = allowed.join(", ");
                write!(
                    f,
                    "unknown field \"{name}\", given as {given}: allowed are {allowed}"
                )
            }
        }
    }
}

impl From<FieldError> for Refused {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

const FIELDS: [&str; 13] = [
    "data",
    "rules",
    "learningRate",
    "epsilon",
    "batchSize",
    "epochs",
    "intercept",
    "l2",
    "shuffle",
    "heldOut",
    "signal",
    "onProgress",
    "backend",
];
const OF_ZIPF: [&str; 7] = [
    "data.kind",
    "data.examples",
    "data.features",
    "data.nonzerosPerExample",
    "data.exponent",
    "data.noise",
    "data.seed",
];
const OF_LIBSVM: [&str; 5] = [
    "data.kind",
    "data.text",
    "data.heldOutText",
    "data.encoding",
    "data.firstIndex",
];
const OF_TEXT: [&str; 6] = [
    "data.kind",
    "data.text",
    "data.heldOutText",
    "data.encoding",
    "data.positive",
    "data.columns",
];
/// What a text is to be.
pub const TEXT: &str = "a string, or a Blob of text, gzipped or not";

/// Reads the fields.
///
/// `intercept` is false, `l2`, `heldOut` and `data.noise` are 0, and `backend` is `"auto"` unless
/// given; `shuffle`, `data.heldOutText`, `data.encoding`, `data.firstIndex`, `data.positive` and
/// `data.columns` may be left out; all else is required. `learningRate` is one for all rules, or a list of one for each; `"tuned"`
/// stands for the best of a grid.
///
/// # Errors
/// The first field that is unknown, missing or not allowed.
pub fn parse(fields: Fields<'_>) -> Result<Experiment, Refused> {
    let kind = match fields.value("data") {
        Value::Missing => Err(fields.error("data", "an object such as {kind: \"zipf\", …}".into())),
        Value::Other(what) if what == "an object" => fields.one_of("data.kind", &Data::NAMES),
        _ => Err(fields.error("data", "an object such as {kind: \"zipf\", …}".into())),
    }?;
    let of_data: &[&str] = match kind {
        "zipf" => &OF_ZIPF,
        "libsvm" => &OF_LIBSVM,
        _ => &OF_TEXT,
    };
    let is_known = |name: &str| FIELDS.contains(&name) || of_data.contains(&name);
    if let Some((name, value)) = fields.0.iter().find(|(name, _)| !is_known(name)) {
        let is_of_data = name.starts_with("data.");
        return Err(Refused::Unknown {
            name: name.clone(),
            given: cut(&value.to_string()),
            allowed: if is_of_data { of_data } else { &FIELDS }.to_vec(),
        });
    }
    let experiment = Experiment {
        data: fields.data(kind)?,
        rules: fields.rules()?,
        epsilon: fields.number("epsilon", None)?,
        batch_size: fields.whole("batchSize", [1, Experiment::LARGEST_BATCH])?,
        epochs: fields.whole("epochs", [1, Experiment::MOST_EPOCHS])?,
        intercept: fields.truth("intercept")?,
        l2: fields.number("l2", Some(0.0))?,
        shuffle: match fields.value("shuffle") {
            Value::Missing => None,
            _ => Some(fields.whole("shuffle", [0, u32::MAX])?),
        },
        held_out: fields.number("heldOut", Some(0.0))?,
        seeds: 1,
        backend: match fields.value("backend") {
            Value::Missing => Backend::Auto,
            _ => {
                let name = fields.one_of("backend", &Backend::ALL.map(Backend::name))?;
                Backend::named(name).unwrap_or_default()
            }
        },
    };
    experiment.validate().map_err(of_script)?;
    Ok(experiment)
}

/// An error of the experiment, named as in a specification.
fn of_script(error: Invalid) -> FieldError {
    let of_data = OF_ZIPF
        .iter()
        .find(|name| name.strip_prefix("data.") == Some(error.field));
    FieldError {
        field: of_data.copied().unwrap_or(error.field),
        given: error.given,
        allowed: error.allowed,
    }
}

impl Fields<'_> {
    fn value(&self, name: &str) -> Value {
        let found = self.0.iter().find(|(given, _)| given == name);
        found.map_or(Value::Missing, |(_, value)| value.clone())
    }

    fn data(&self, kind: &str) -> Result<Data, FieldError> {
        if kind == "zipf" {
            let data = Zipf {
                examples: self.whole("data.examples", [1, Zipf::MOST_EXAMPLES])?,
                features: self.whole("data.features", [1, Zipf::MOST_FEATURES])?,
                nonzeros_per_example: self
                    .whole("data.nonzerosPerExample", [1, Zipf::MOST_NONZEROS])?,
                exponent: self.number("data.exponent", None)?,
                noise: self.number("data.noise", Some(0.0))?,
                seed: self.whole("data.seed", [0, u32::MAX])?,
            };
            return Ok(Data::Zipf(data));
        }
        let is_text = |value: &Value| match value {
            Value::Text(_) => true,
            Value::Other(what) => what == "a Blob",
            _ => false,
        };
        if !is_text(&self.value("data.text")) {
            return Err(self.error("data.text", TEXT.to_owned()));
        }
        let held_out = self.value("data.heldOutText");
        if !(is_text(&held_out) || held_out == Value::Missing) {
            return Err(self.error("data.heldOutText", TEXT.to_owned()));
        }
        let mut data = Data::named(kind).unwrap_or_default();
        if let Some(file) = data.file_mut()
            && self.value("data.encoding") != Value::Missing
        {
            let names = TextEncoding::ALL.map(TextEncoding::name);
            let name = self.one_of("data.encoding", &names)?;
            file.encoding = TextEncoding::named(name).unwrap_or_default();
        }
        match &mut data {
            Data::Zipf(_) => {}
            Data::Libsvm { first_index, .. } => {
                if self.value("data.firstIndex") != Value::Missing {
                    *first_index = Some(self.whole("data.firstIndex", [0, 1])?);
                }
            }
            Data::Text {
                positive, columns, ..
            } => {
                match self.value("data.positive") {
                    Value::Missing => {}
                    Value::Text(label) => *positive = Some(label),
                    _ => return Err(self.error("data.positive", "a string".to_owned())),
                }
                *columns = self.columns()?;
            }
        }
        Ok(data)
    }

    /// The columns of label and text, in a list.
    fn columns(&self) -> Result<TextColumns, FieldError> {
        let given = match self.value("data.columns") {
            Value::Missing => return Ok(TextColumns::default()),
            Value::List(given) => given,
            _ => Vec::new(),
        };
        let columns = match given.as_slice() {
            [Value::Number(label), Value::Number(text)] => {
                TextColumns::read(&format!("{},{}", shortest(*label), shortest(*text)))
            }
            _ => None,
        };
        columns.ok_or_else(|| {
            let allowed = "a list of two different whole numbers from 1 to 100, the columns of label and text";
            self.error("data.columns", allowed.to_owned())
        })
    }

    fn rules(&self) -> Result<Vec<Entrant>, FieldError> {
        let names = Kind::ALL.map(Kind::name);
        let refused = || {
            let names = quoted_list(&names);
            self.error("rules", format!("a list of {names}, each at most once"))
        };
        let Value::List(given) = self.value("rules") else {
            return Err(refused());
        };
        let mut kinds = Vec::new();
        for rule in given {
            let kind = match rule {
                Value::Text(name) => Kind::named(&name),
                _ => None,
            };
            let kind = kind.filter(|kind| !kinds.contains(kind));
            kinds.push(kind.ok_or_else(refused)?);
        }
        if kinds.is_empty() {
            return Err(refused());
        }
        let rate = |value: &Value| match value {
            Value::Number(rate) if *rate > 0.0 && rate.is_finite() => Some(Rate::Given(*rate)),
            Value::Text(word) if word == "tuned" => Some(Rate::Tuned),
            _ => None,
        };
        let rates: Option<Vec<Rate>> = match self.value("learningRate") {
            Value::List(rates) => rates.iter().map(rate).collect(),
            one => rate(&one).map(|rate| vec![rate; kinds.len()]),
        };
        let rates = rates.filter(|rates| rates.len() == kinds.len());
        let rates = rates.ok_or_else(|| {
            let allowed = "a finite number above 0, \"tuned\", or a list of one for each rule";
            self.error("learningRate", allowed.to_owned())
        })?;
        let entrants = kinds.into_iter().zip(rates);
        Ok(entrants
            .map(|(kind, rate)| Entrant { kind, rate })
            .collect())
    }

    /// A finite number; which ones, the experiment says.
    fn number(&self, field: &'static str, default: Option<f64>) -> Result<f64, FieldError> {
        match (self.value(field), default) {
            (Value::Number(number), _) if number.is_finite() => Ok(number),
            (Value::Missing, Some(default)) => Ok(default),
            _ => Err(self.error(field, "a finite number".to_owned())),
        }
    }

    fn whole(&self, field: &'static str, [least, most]: [u32; 2]) -> Result<u32, FieldError> {
        match self.value(field) {
            Value::Number(number)
                if number.fract() == 0.0
                    && (f64::from(least)..=f64::from(most)).contains(&number) =>
            {
                Ok(number as u32)
            }
            _ => Err(self.error(field, format!("a whole number from {least} to {most}"))),
        }
    }

    fn truth(&self, field: &'static str) -> Result<bool, FieldError> {
        match self.value(field) {
            Value::Missing => Ok(false),
            Value::Other(word) if word == "true" => Ok(true),
            Value::Other(word) if word == "false" => Ok(false),
            _ => Err(self.error(field, "true or false".to_owned())),
        }
    }

    fn one_of<'n>(&self, field: &'static str, names: &[&'n str]) -> Result<&'n str, FieldError> {
        let found = match self.value(field) {
            Value::Text(given) => names.iter().find(|name| **name == given).copied(),
            _ => None,
        };
        found.ok_or_else(|| self.error(field, quoted_list(names)))
    }

    fn error(&self, field: &'static str, allowed: String) -> FieldError {
        FieldError {
            field,
            given: cut(&self.value(field).to_string()),
            allowed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(replaced: &[(&str, Value)]) -> Result<Experiment, Refused> {
        let number = Value::Number;
        let text = |word: &str| Value::Text(word.to_owned());
        let mut fields: Vec<(String, Value)> = [
            ("data", Value::Other("an object".into())),
            ("data.kind", text("zipf")),
            ("data.examples", number(1000.0)),
            ("data.features", number(500.0)),
            ("data.nonzerosPerExample", number(8.0)),
            ("data.exponent", number(1.1)),
            ("data.seed", number(3.0)),
            ("rules", Value::List(vec![text("adagrad"), text("sgd")])),
            ("learningRate", number(0.1)),
            ("epsilon", number(1e-8)),
            ("batchSize", number(32.0)),
            ("epochs", number(2.0)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec();
        for (name, value) in replaced {
            fields.retain(|(given, _)| given != name);
            fields.push(((*name).to_owned(), value.clone()));
        }
        parse(Fields(&fields))
    }

    #[test]
    fn what_may_be_left_out_is_as_the_issue_has_it() {
        let experiment = parsed(&[]).unwrap();
        assert_eq!(experiment.batch_size, 32);
        assert_eq!((experiment.l2, experiment.held_out), (0.0, 0.0));
        assert_eq!((experiment.shuffle, experiment.intercept), (None, false));
        assert_eq!(experiment.backend, Backend::Auto);
        let rates: Vec<Rate> = experiment.rules.iter().map(|rule| rule.rate).collect();
        assert_eq!(rates, [Rate::Given(0.1); 2]);
        let Data::Zipf(zipf) = experiment.data else {
            panic!("not zipf");
        };
        assert_eq!((zipf.features, zipf.noise, zipf.seed), (500, 0.0, 3));
        let mixed = Value::List(vec![Value::Text("tuned".into()), Value::Number(2.0)]);
        let experiment = parsed(&[("learningRate", mixed)]).unwrap();
        assert_eq!(experiment.rules[0].rate, Rate::Tuned);
        assert_eq!(experiment.rules[1].rate, Rate::Given(2.0));
    }

    #[test]
    fn a_refusal_names_field_given_and_allowed() {
        let text = |word: &str| Value::Text(word.to_owned());
        let rules = "\"adagrad\", \"sgd\", \"decay\", \"counter\", \"rmsprop\" or \"adam\"";
        for (field, value, message) in [
            ("data", Value::Missing, "data must be an object such as {kind: \"zipf\", …}, got nothing".to_owned()),
            ("data.kind", text("csv"), "data.kind must be \"zipf\", \"libsvm\" or \"text\", got \"csv\"".to_owned()),
            ("data.examples", Value::Number(2.5), "data.examples must be a whole number from 1 to 1000000, got 2.5".to_owned()),
            ("data.exponent", Value::Number(3.0), "data.exponent must be from 0 to 2, got 3".to_owned()),
            ("data.nonzerosPerExample", Value::Number(129.0), "data.nonzerosPerExample must be a whole number from 1 to 128, got 129".to_owned()),
            ("rules", Value::List(vec![text("newton")]), format!("rules must be a list of {rules}, each at most once, got [\"newton\"]")),
            ("rules", Value::List(vec![]), format!("rules must be a list of {rules}, each at most once, got []")),
            ("learningRate", Value::Number(0.0), "learningRate must be a finite number above 0, \"tuned\", or a list of one for each rule, got 0".to_owned()),
            ("epsilon", Value::Number(-1.0), "epsilon must be a finite number from 0, got -1".to_owned()),
            ("batchSize", Value::Missing, "batchSize must be a whole number from 1 to 1048576, got nothing".to_owned()),
            ("epochs", text("2"), "epochs must be a whole number from 1 to 1000, got \"2\"".to_owned()),
            ("intercept", Value::Number(1.0), "intercept must be true or false, got 1".to_owned()),
            ("shuffle", Value::Other("true".into()), "shuffle must be a whole number from 0 to 4294967295, got true".to_owned()),
            ("heldOut", Value::Number(1.0), "heldOut must be a number from 0 to 0.9, got 1".to_owned()),
            ("backend", text("gpu"), "backend must be \"auto\", \"cpu\" or \"webgpu\", got \"gpu\"".to_owned()),
            ("data.text", text("1 1:1"), "unknown field \"data.text\", given as \"1 1:1\": allowed are data.kind, data.examples, data.features, data.nonzerosPerExample, data.exponent, data.noise, data.seed".to_owned()),
        ] {
            let refused = parsed(&[(field, value)]).unwrap_err();
            assert_eq!(refused.to_string(), message);
        }
    }

    #[test]
    fn a_file_needs_a_text() {
        let field = |name: &str, value| (name.to_owned(), value);
        let kind = |kind: &str| field("data.kind", Value::Text(kind.to_owned()));
        let object = field("data", Value::Other("an object".into()));
        let fields = [
            object,
            kind("libsvm"),
            field("data.text", Value::Number(1.0)),
        ];
        let refused = parse(Fields(&fields)).unwrap_err().to_string();
        assert_eq!(refused, format!("data.text must be {TEXT}, got 1"));
    }

    #[test]
    fn first_index_and_positive_label_may_be_given() {
        let data_of = |kind: &str, name: &str, value: Value| {
            let text = |word: &str| Value::Text(word.to_owned());
            let fields = [
                ("data", Value::Other("an object".into())),
                ("data.kind", text(kind)),
                ("data.text", text("")),
                (name, value),
                ("rules", Value::List(vec![text("sgd")])),
                ("learningRate", Value::Number(0.1)),
                ("epsilon", Value::Number(0.0)),
                ("batchSize", Value::Number(1.0)),
                ("epochs", Value::Number(1.0)),
            ];
            let fields = fields.map(|(name, value)| (name.to_owned(), value));
            let experiment = parse(Fields(&fields)).map_err(|refused| refused.to_string());
            experiment.map(|experiment| experiment.data)
        };
        let libsvm = data_of("libsvm", "data.firstIndex", Value::Number(0.0)).unwrap();
        assert!(matches!(
            libsvm,
            Data::Libsvm {
                first_index: Some(0),
                ..
            }
        ));
        let text = data_of("text", "data.positive", Value::Text("ham".into())).unwrap();
        assert!(matches!(text, Data::Text { positive: Some(label), .. } if label == "ham"));
        assert_eq!(
            data_of("libsvm", "data.firstIndex", Value::Number(2.0)).unwrap_err(),
            "data.firstIndex must be a whole number from 0 to 1, got 2"
        );
        assert_eq!(
            data_of("text", "data.positive", Value::Number(1.0)).unwrap_err(),
            "data.positive must be a string, got 1"
        );
        let unknown = data_of("text", "data.firstIndex", Value::Number(1.0)).unwrap_err();
        assert!(
            unknown.starts_with("unknown field \"data.firstIndex\""),
            "{unknown}"
        );
    }
}
