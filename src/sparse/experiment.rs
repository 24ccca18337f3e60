//! What is trained on what, as plain data: everything of a race but the content of a file.

use super::batches::Batches;
use super::decoding::TextEncoding;
use super::held_out::HeldOut;
use super::libsvm;
use super::lines::OnBadLine;
use super::rules::{Kind, Rule};
use super::text;
use super::text::TextColumns;
use super::zipf::Zipf;
use super::{cpu, examples::Examples};
use crate::number::shortest;

/// A race of several rules on identical batches.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    /// What they train on.
    pub data: Data,
    /// The rules, each once and at least one, in the order shown.
    pub rules: Vec<Entrant>,
    /// ε ≥ 0, of all rules that have one.
    pub epsilon: f64,
    /// Examples per batch: 1 to [`Self::LARGEST_BATCH`].
    pub batch_size: u32,
    /// How often the training examples are met: 1 to [`Self::MOST_EPOCHS`].
    pub epochs: u32,
    /// Whether there is an intercept.
    pub intercept: bool,
    /// λ ≥ 0, see [`cpu::Options`].
    pub l2: f64,
    /// The seed of the order in which examples are met; none for the file's order.
    pub shuffle: Option<u32>,
    /// The share of examples held out, from the end of the file: 0 to [`Self::MOST_HELD_OUT`]. A
    /// second file takes its place.
    pub held_out: f64,
    /// How many synthetic data sets are raced on, of this seed and the following ones, for the
    /// spread over them: 1 to [`Self::MOST_SEEDS`]. A file is one data set.
    pub seeds: u32,
    /// Where it is to be computed.
    pub backend: Backend,
}

/// What the rules train on.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Generated.
    Zipf(Zipf),
    /// A file in the format of LIBSVM.
    Libsvm {
        /// Which file.
        file: File,
        /// Where its indices begin, 0 or 1; none to find out.
        first_index: Option<u32>,
    },
    /// Labelled text.
    Text {
        /// Which file.
        file: File,
        /// The label of the positive class; none for the rarer one.
        positive: Option<String>,
        /// Where label and text stand.
        columns: TextColumns,
    },
}

/// A reader's own file, by name: the content stays with the reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// Its name; empty for what was pasted.
    pub name: String,
    /// The name of the file with the held-out examples; empty where there is none.
    pub held_out_name: String,
    /// How its characters are written.
    pub encoding: TextEncoding,
    /// What becomes of the rest where a line cannot be read.
    pub on_bad_line: OnBadLine,
}

/// A rule in the race.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entrant {
    /// Which.
    pub kind: Kind,
    /// With which η.
    pub rate: Rate,
}

/// Which η a rule has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// This one, above 0.
    Given(f64),
    /// The best of [`tune::GRID`](super::tune::GRID).
    Tuned,
}

/// Where a race is computed, as asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// Where it is faster.
    #[default]
    Auto,
    /// On the processor.
    Cpu,
    /// On the graphics card.
    Webgpu,
}

impl Backend {
    /// Every one, in the page's order.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Cpu, Self::Webgpu];

    /// Its name in links and scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Webgpu => "webgpu",
        }
    }

    /// The backend of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|backend| backend.name() == name)
    }
}

/// A part of an experiment that it cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field} must be {allowed}, got {given}")]
pub struct Invalid {
    /// Which, as scripts name it.
    pub field: &'static str,
    /// What was given.
    pub given: String,
    /// What is allowed, as a noun phrase.
    pub allowed: String,
}

impl Default for Experiment {
    /// Over before a reader has read what it is about, and Adagrad's case: every feature is met
    /// often enough to be learnt, and most of them seldom.
    fn default() -> Self {
        let rate = Rate::Tuned;
        let kinds = [Kind::Adagrad, Kind::Sgd, Kind::Decay, Kind::Counter];
        Self {
            data: Data::default(),
            rules: kinds.map(|kind| Entrant { kind, rate }).to_vec(),
            epsilon: 1e-8,
            batch_size: 1,
            epochs: 1,
            intercept: false,
            l2: 0.0,
            shuffle: None,
            held_out: 0.2,
            seeds: 5,
            backend: Backend::Auto,
        }
    }
}

impl Default for Data {
    fn default() -> Self {
        Self::Zipf(Zipf {
            examples: 50_000,
            features: 1 << 12,
            nonzeros_per_example: 32,
            exponent: 1.1,
            noise: 0.0,
            seed: 1,
        })
    }
}

impl Data {
    /// The names of the kinds of data in links and scripts.
    pub const NAMES: [&'static str; 3] = ["zipf", "libsvm", "text"];

    /// The name of this kind.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Zipf(_) => "zipf",
            Self::Libsvm { .. } => "libsvm",
            Self::Text { .. } => "text",
        }
    }

    /// That kind of data, all else at its default.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let file = File::default();
        match name {
            "zipf" => Some(Self::default()),
            "libsvm" => Some(Self::Libsvm {
                file,
                first_index: None,
            }),
            "text" => Some(Self::Text {
                file,
                positive: None,
                columns: TextColumns::default(),
            }),
            _ => None,
        }
    }

    /// The file; none for generated data.
    #[must_use]
    pub fn file(&self) -> Option<&File> {
        match self {
            Self::Zipf(_) => None,
            Self::Libsvm { file, .. } | Self::Text { file, .. } => Some(file),
        }
    }

    /// As [`Self::file`], to change it.
    pub fn file_mut(&mut self) -> Option<&mut File> {
        match self {
            Self::Zipf(_) => None,
            Self::Libsvm { file, .. } | Self::Text { file, .. } => Some(file),
        }
    }
}

impl Experiment {
    /// 2²⁰: above the examples that can be generated.
    pub const LARGEST_BATCH: u32 = 1 << 20;
    /// 1,000.
    pub const MOST_EPOCHS: u32 = 1_000;
    /// 0.9: what is left must suffice to train.
    pub const MOST_HELD_OUT: f64 = 0.9;
    /// 10.
    pub const MOST_SEEDS: u32 = 10;

    /// Checks everything.
    ///
    /// # Errors
    /// The first that cannot be.
    pub fn validate(&self) -> Result<(), Invalid> {
        if let Data::Zipf(zipf) = &self.data {
            zipf.validate().map_err(|error| Invalid {
                field: error.name,
                given: shortest(error.given),
                allowed: error.allowed.to_owned(),
            })?;
        }
        let kinds: Vec<&str> = self.rules.iter().map(|rule| rule.kind.name()).collect();
        let is_twice = |(place, kind): (usize, &&str)| kinds.iter().take(place).any(|k| k == kind);
        if kinds.is_empty() || kinds.iter().enumerate().any(is_twice) {
            return Err(Invalid {
                field: "rules",
                given: format!("[{}]", kinds.join(", ")),
                allowed: "at least one rule, each once".to_owned(),
            });
        }
        for rule in &self.rules {
            if let Rate::Given(rate) = rule.rate
                && !(rate > 0.0 && rate.is_finite())
            {
                let allowed = "a finite number above 0, or tuned".to_owned();
                return Err(invalid("learningRate", rate, allowed));
            }
        }
        for number in [("epsilon", self.epsilon), ("l2", self.l2)] {
            let (field, given) = number;
            if !(given >= 0.0 && given.is_finite()) {
                let allowed = "a finite number from 0".to_owned();
                return Err(invalid(field, given, allowed));
            }
        }
        for (field, given, most) in [
            ("batchSize", self.batch_size, Self::LARGEST_BATCH),
            ("epochs", self.epochs, Self::MOST_EPOCHS),
            ("seeds", self.seeds, Self::MOST_SEEDS),
        ] {
            if !(1..=most).contains(&given) {
                let allowed = format!("a whole number from 1 to {most}");
                return Err(invalid(field, f64::from(given), allowed));
            }
        }
        if !(0.0..=Self::MOST_HELD_OUT).contains(&self.held_out) {
            let allowed = format!("a number from 0 to {}", shortest(Self::MOST_HELD_OUT));
            return Err(invalid("heldOut", self.held_out, allowed));
        }
        Ok(())
    }

    /// What all rules have in common.
    #[must_use]
    pub fn options(&self) -> cpu::Options {
        cpu::Options {
            intercept: self.intercept,
            l2: self.l2,
        }
    }

    /// One of the rules, at an η that takes the place of one to be tuned.
    #[must_use]
    pub fn rule(&self, entrant: Entrant, tuned: f64) -> Rule {
        let learning_rate = match entrant.rate {
            Rate::Given(rate) => rate,
            Rate::Tuned => tuned,
        };
        Rule::new(entrant.kind, learning_rate, self.epsilon)
    }

    /// How examples are held out.
    #[must_use]
    pub fn held_out(&self) -> HeldOut {
        HeldOut::End(self.held_out)
    }

    /// Whether any are to be.
    #[must_use]
    pub fn holds_out(&self) -> bool {
        let second = |file: &File| !file.held_out_name.is_empty();
        self.held_out > 0.0 || self.data.file().is_some_and(second)
    }

    /// The order and portions in which the examples are met.
    #[must_use]
    pub fn batches(&self, examples: &Examples) -> Batches {
        let rows = examples.split.training.clone();
        Batches::new(rows, self.batch_size as usize, self.shuffle)
    }

    /// How a file in the format of LIBSVM is read.
    #[must_use]
    pub fn libsvm_options(file: &File, first_index: Option<u32>) -> libsvm::Options {
        libsvm::Options {
            first_index,
            encoding: file.encoding,
            on_bad_line: file.on_bad_line,
        }
    }

    /// How labelled text is read.
    #[must_use]
    pub fn text_options(
        file: &File,
        positive: Option<&str>,
        columns: TextColumns,
    ) -> text::Options {
        text::Options {
            positive: positive.map(str::to_owned),
            columns,
            encoding: file.encoding,
            on_bad_line: file.on_bad_line,
        }
    }
}

fn invalid(field: &'static str, given: f64, allowed: String) -> Invalid {
    Invalid {
        field,
        given: shortest(given),
        allowed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: impl Fn(&mut Experiment)) -> String {
        let mut experiment = Experiment::default();
        change(&mut experiment);
        experiment.validate().unwrap_err().to_string()
    }

    #[test]
    fn a_refusal_names_field_given_and_allowed() {
        assert_eq!(Experiment::default().validate(), Ok(()));
        let refusals = [
            refusal(|e| e.batch_size = 0),
            refusal(|e| e.held_out = 0.95),
            refusal(|e| e.l2 = f64::NAN),
            refusal(|e| e.rules.clear()),
            refusal(|e| e.rules = [e.rules.clone(), e.rules.clone()].concat()),
            refusal(|e| e.rules[0].rate = Rate::Given(0.0)),
            refusal(|e| {
                if let Data::Zipf(zipf) = &mut e.data {
                    zipf.exponent = 3.0;
                }
            }),
            refusal(|e| e.seeds = 11),
        ];
        assert_eq!(
            refusals,
            [
                "batchSize must be a whole number from 1 to 1048576, got 0",
                "heldOut must be a number from 0 to 0.9, got 0.95",
                "l2 must be a finite number from 0, got NaN",
                "rules must be at least one rule, each once, got []",
                "rules must be at least one rule, each once, got [adagrad, sgd, decay, counter, adagrad, sgd, decay, counter]",
                "learningRate must be a finite number above 0, or tuned, got 0",
                "exponent must be from 0 to 2, got 3",
                "seeds must be a whole number from 1 to 10, got 11",
            ]
        );
    }
}
