//! The parts of an experiment, as links name and write them.

use super::LONGEST_NAME;
use crate::number::shortest;
use crate::settings::Problem;
use crate::settings::number::{
    allowed_beside, doubt, parse_number, parse_plain_number, parse_single_number,
};
use crate::sparse::decoding::TextEncoding;
use crate::sparse::experiment::{Backend, Data, Entrant, Experiment, Rate};
use crate::sparse::lines::OnBadLine;
use crate::sparse::rules::Kind;
use crate::sparse::text::TextColumns;
use crate::sparse::zipf::Zipf;

/// How a value was followed.
enum Reading {
    Exact,
    /// As nearly as allowed.
    Nearest,
    /// Not at all.
    Unreadable,
}

/// A part of an experiment in a link.
pub(super) struct Field {
    pub name: &'static str,
    /// Whether it is one number.
    pub is_number: bool,
    /// Whether an experiment on such data has it.
    pub is_of: fn(&Data) -> bool,
    pub text: fn(&Experiment) -> String,
    read: fn(&mut Experiment, &str) -> Reading,
    allowed: fn() -> String,
}

impl Field {
    /// Sets that part of the experiment, to the nearest that is allowed.
    ///
    /// # Errors
    /// What could not be followed to the letter, and what is in force instead.
    pub(super) fn set(&self, experiment: &mut Experiment, given: &str) -> Result<(), Problem> {
        match (self.read)(experiment, given.trim()) {
            Reading::Exact => Ok(()),
            Reading::Nearest | Reading::Unreadable => {
                let used = (self.text)(experiment);
                Err(Problem::new(
                    self.name,
                    given,
                    self.allowed_beside(given),
                    used,
                ))
            }
        }
    }

    /// As [`Field::set`], from text that a person typed into a field: a number may be written as
    /// [`parse_number`] reads it, and where it may mean two, nothing is set.
    ///
    /// # Errors
    /// As [`Field::set`].
    pub(super) fn set_typed(
        &self,
        experiment: &mut Experiment,
        given: &str,
    ) -> Result<(), Problem> {
        let shown = (self.text)(experiment);
        if !self.is_number || given.trim() == shown {
            return self.set(experiment, given);
        }
        if doubt(given).is_some() {
            return Err(Problem::new(
                self.name,
                given,
                self.allowed_beside(given),
                shown,
            ));
        }
        let number = parse_number(given).map(shortest);
        self.set(experiment, number.as_deref().unwrap_or(given))
            .map_err(|problem| Problem::new(self.name, given, problem.allowed, problem.used))
    }

    fn allowed_beside(&self, given: &str) -> String {
        let allowed = (self.allowed)();
        if self.is_number {
            allowed_beside(allowed, given)
        } else {
            allowed
        }
    }
}

const TUNED: &str = "tuned";

fn of_all(_: &Data) -> bool {
    true
}

fn of_zipf(data: &Data) -> bool {
    matches!(data, Data::Zipf(_))
}

fn of_files(data: &Data) -> bool {
    data.file().is_some()
}

fn zipf(experiment: &Experiment) -> Option<&Zipf> {
    match &experiment.data {
        Data::Zipf(zipf) => Some(zipf),
        _ => None,
    }
}

fn zipf_mut(experiment: &mut Experiment) -> Option<&mut Zipf> {
    match &mut experiment.data {
        Data::Zipf(zipf) => Some(zipf),
        _ => None,
    }
}

/// The nearest number of a range, whole or not.
fn nearest(text: &str, [least, most]: [f64; 2], whole: bool) -> (Option<f64>, Reading) {
    let Some(number) = parse_single_number(text) else {
        return (None, Reading::Unreadable);
    };
    let rounded = if whole { number.round() } else { number };
    let taken = rounded.clamp(least, most);
    let reading = if taken == number {
        Reading::Exact
    } else {
        Reading::Nearest
    };
    (Some(taken), reading)
}

/// A whole number with all its digits: 4294967295, not 4.294967295e9.
fn written(number: f64, is_whole: bool) -> String {
    if is_whole {
        (number as u64).to_string()
    } else {
        shortest(number)
    }
}

/// A number of a range.
macro_rules! number {
    ($name:literal, $is_of:expr, $range:expr, $type:ty, $whole:literal, $get:expr, $set:expr) => {
        Field {
            name: $name,
            is_number: true,
            is_of: $is_of,
            text: |experiment| {
                let get: fn(&Experiment) -> Option<$type> = $get;
                let number = get(experiment).map(f64::from);
                number.map_or_else(String::new, |number| written(number, $whole))
            },
            read: |experiment, text| {
                let set: fn(&mut Experiment, $type) = $set;
                let (number, reading) = nearest(text, $range, $whole);
                if let Some(number) = number {
                    set(experiment, number as $type);
                }
                reading
            },
            allowed: || {
                let [least, most] = ($range as [f64; 2]).map(|bound| written(bound, $whole));
                let number = if $whole { "a whole number" } else { "a number" };
                format!("{number} from {least} to {most}")
            },
        }
    };
}

/// A name: some text that is not too long.
macro_rules! name {
    ($name:literal, $is_of:expr, $what:literal, $get:expr, $set:expr) => {
        Field {
            name: $name,
            is_number: false,
            is_of: $is_of,
            text: |experiment| {
                let get: fn(&Experiment) -> Option<&str> = $get;
                get(experiment).unwrap_or_default().to_owned()
            },
            read: |experiment, text| {
                let set: fn(&mut Experiment, String) = $set;
                let end = text.char_indices().nth(LONGEST_NAME);
                let taken = end.map_or(text, |(end, _)| text.get(..end).unwrap_or_default());
                set(experiment, taken.trim().to_owned());
                if end.is_none() {
                    Reading::Exact
                } else {
                    Reading::Nearest
                }
            },
            allowed: || format!("{} of at most {LONGEST_NAME} characters", $what),
        }
    };
}

/// One of some names.
macro_rules! choice {
    ($name:literal, $is_of:expr, $allowed:literal, $text:expr, $read:expr) => {
        Field {
            name: $name,
            is_number: false,
            is_of: $is_of,
            text: $text,
            read: |experiment, text| {
                let read: fn(&mut Experiment, &str) -> Option<()> = $read;
                match read(experiment, text) {
                    Some(()) => Reading::Exact,
                    None => Reading::Unreadable,
                }
            },
            allowed: || $allowed.to_owned(),
        }
    };
}

const SEEDS: [f64; 2] = [0.0, u32::MAX as f64];
/// Above what makes sense, below what f32 cannot hold.
const LARGEST: f64 = 1e6;

/// All, in the order in which a link is read and written: `data` and `rules` before those that depend
/// on them.
pub(super) static FIELDS: [Field; 25] = [
    choice!(
        "data",
        of_all,
        "zipf, libsvm or text",
        |experiment| experiment.data.name().to_owned(),
        |experiment, text| {
            let data = Data::named(text)?;
            if data.name() != experiment.data.name() {
                experiment.data = data;
            }
            Some(())
        }
    ),
    number!(
        "examples",
        of_zipf,
        [1.0, Zipf::MOST_EXAMPLES as f64],
        u32,
        true,
        |e| zipf(e).map(|zipf| zipf.examples),
        |e, number| if let Some(zipf) = zipf_mut(e) {
            zipf.examples = number
        }
    ),
    number!(
        "features",
        of_zipf,
        [1.0, Zipf::MOST_FEATURES as f64],
        u32,
        true,
        |e| zipf(e).map(|zipf| zipf.features),
        |e, number| if let Some(zipf) = zipf_mut(e) {
            zipf.features = number;
            zipf.nonzeros_per_example = zipf.nonzeros_per_example.min(number);
        }
    ),
    Field {
        name: "nonzeros",
        is_number: true,
        is_of: of_zipf,
        text: |e| zipf(e).map_or_else(String::new, |zipf| zipf.nonzeros_per_example.to_string()),
        // Distinct features: no more than there are.
        read: |experiment, text| {
            let Some(zipf) = zipf_mut(experiment) else {
                return Reading::Unreadable;
            };
            let most = f64::from(zipf.features.min(Zipf::MOST_NONZEROS));
            let (number, reading) = nearest(text, [1.0, most], true);
            if let Some(number) = number {
                zipf.nonzeros_per_example = number as u32;
            }
            reading
        },
        allowed: || "a whole number from 1 to 128 and to the features".to_owned(),
    },
    number!(
        "alpha",
        of_zipf,
        [0.0, Zipf::HIGHEST_EXPONENT],
        f64,
        false,
        |e| zipf(e).map(|zipf| zipf.exponent),
        |e, number| if let Some(zipf) = zipf_mut(e) {
            zipf.exponent = number
        }
    ),
    number!(
        "noise",
        of_zipf,
        [0.0, 0.5],
        f64,
        false,
        |e| zipf(e).map(|zipf| zipf.noise),
        |e, number| if let Some(zipf) = zipf_mut(e) {
            zipf.noise = number
        }
    ),
    number!(
        "seed",
        of_zipf,
        SEEDS,
        u32,
        true,
        |e| zipf(e).map(|zipf| zipf.seed),
        |e, number| if let Some(zipf) = zipf_mut(e) {
            zipf.seed = number
        }
    ),
    number!(
        "seeds",
        of_zipf,
        [1.0, Experiment::MOST_SEEDS as f64],
        u32,
        true,
        |e| Some(e.seeds),
        |e, number| e.seeds = number
    ),
    name!(
        "file",
        of_files,
        "a file's name",
        |e| e.data.file().map(|file| file.name.as_str()),
        |e, name| if let Some(file) = e.data.file_mut() {
            file.name = name
        }
    ),
    name!(
        "heldoutfile",
        of_files,
        "a file's name",
        |e| e.data.file().map(|file| file.held_out_name.as_str()),
        |e, name| if let Some(file) = e.data.file_mut() {
            file.held_out_name = name
        }
    ),
    choice!(
        "badlines",
        of_files,
        "skip or refuse",
        |experiment| match experiment.data.file().map(|file| file.on_bad_line) {
            Some(OnBadLine::Refuse) => "refuse".to_owned(),
            _ => "skip".to_owned(),
        },
        |experiment, text| {
            experiment.data.file_mut()?.on_bad_line = match text {
                "skip" => OnBadLine::Skip,
                "refuse" => OnBadLine::Refuse,
                _ => return None,
            };
            Some(())
        }
    ),
    choice!(
        "encoding",
        of_files,
        "utf-8, windows-1252, windows-1251, shift_jis, gb18030, utf-16le or utf-16be",
        |experiment| {
            let encoding = experiment.data.file().map(|file| file.encoding);
            encoding.unwrap_or_default().name().to_owned()
        },
        |experiment, text| {
            let encoding = TextEncoding::named(&text.to_ascii_lowercase())?;
            experiment.data.file_mut()?.encoding = encoding;
            Some(())
        }
    ),
    choice!(
        "columns",
        |data| matches!(data, Data::Text { .. }),
        "the columns of label and text, two different numbers from 1 to 100 such as 2,1",
        |experiment| match &experiment.data {
            Data::Text { columns, .. } => columns.text(),
            _ => TextColumns::default().text(),
        },
        |experiment, text| {
            let chosen = TextColumns::read(text)?;
            if let Data::Text { columns, .. } = &mut experiment.data {
                *columns = chosen;
            }
            Some(())
        }
    ),
    choice!(
        "first",
        |data| matches!(data, Data::Libsvm { .. }),
        "0, 1 or auto",
        |experiment| match &experiment.data {
            Data::Libsvm {
                first_index: Some(first),
                ..
            } => first.to_string(),
            _ => "auto".to_owned(),
        },
        |experiment, text| {
            if let Data::Libsvm { first_index, .. } = &mut experiment.data {
                *first_index = match text {
                    "0" => Some(0),
                    "1" => Some(1),
                    "auto" => None,
                    _ => return None,
                };
            }
            Some(())
        }
    ),
    name!(
        "positive",
        |data| matches!(data, Data::Text { .. }),
        "a label, or nothing for the rarer one,",
        |e| match &e.data {
            Data::Text { positive, .. } => positive.as_deref(),
            _ => None,
        },
        |e, name| if let Data::Text { positive, .. } = &mut e.data {
            *positive = (!name.is_empty()).then_some(name);
        }
    ),
    Field {
        name: "rules",
        is_number: false,
        is_of: of_all,
        text: |experiment| {
            let names = experiment.rules.iter().map(|rule| rule.kind.name());
            names.collect::<Vec<_>>().join(",")
        },
        read: read_rules,
        allowed: || {
            let names = Kind::ALL.map(Kind::name).join(", ");
            format!("some of {names}, each once, with commas between")
        },
    },
    Field {
        name: "eta",
        is_number: false,
        is_of: of_all,
        text: |experiment| {
            let rates = experiment.rules.iter().map(|rule| match rule.rate {
                Rate::Tuned => TUNED.to_owned(),
                Rate::Given(rate) => shortest(rate),
            });
            rates.collect::<Vec<_>>().join(",")
        },
        read: read_rates,
        allowed: || {
            format!("for each rule {TUNED} or a number above 0 and up to 1e6, with commas between")
        },
    },
    number!(
        "eps",
        of_all,
        [0.0, LARGEST],
        f64,
        false,
        |e| Some(e.epsilon),
        |e, number| e.epsilon = number
    ),
    number!(
        "batch",
        of_all,
        [1.0, Experiment::LARGEST_BATCH as f64],
        u32,
        true,
        |e| Some(e.batch_size),
        |e, number| e.batch_size = number
    ),
    number!(
        "epochs",
        of_all,
        [1.0, Experiment::MOST_EPOCHS as f64],
        u32,
        true,
        |e| Some(e.epochs),
        |e, number| e.epochs = number
    ),
    choice!(
        "intercept",
        of_all,
        "0 or 1",
        |experiment| u8::from(experiment.intercept).to_string(),
        |experiment, text| {
            experiment.intercept = match text {
                "0" => false,
                "1" => true,
                _ => return None,
            };
            Some(())
        }
    ),
    number!(
        "l2",
        of_all,
        [0.0, LARGEST],
        f64,
        false,
        |e| Some(e.l2),
        |e, number| e.l2 = number
    ),
    Field {
        name: "shuffle",
        is_number: true,
        is_of: of_all,
        text: |e| {
            e.shuffle
                .map_or_else(|| "none".to_owned(), |seed| seed.to_string())
        },
        read: |experiment, text| {
            if text == "none" {
                experiment.shuffle = None;
                return Reading::Exact;
            }
            let (seed, reading) = nearest(text, SEEDS, true);
            if let Some(seed) = seed {
                experiment.shuffle = Some(seed as u32);
            }
            reading
        },
        allowed: || "none, or a whole number from 0 to 4294967295".to_owned(),
    },
    number!(
        "heldout",
        of_all,
        [0.0, Experiment::MOST_HELD_OUT],
        f64,
        false,
        |e| Some(e.held_out),
        |e, number| e.held_out = number
    ),
    choice!(
        "backend",
        of_all,
        "auto, cpu or webgpu",
        |experiment| experiment.backend.name().to_owned(),
        |experiment, text| {
            experiment.backend = Backend::named(text)?;
            Some(())
        }
    ),
];

/// Rules that stay keep their η; new ones are tuned.
fn read_rules(experiment: &mut Experiment, text: &str) -> Reading {
    let mut rules: Vec<Entrant> = Vec::new();
    let mut is_exact = true;
    for name in text.split(',') {
        match Kind::named(name.trim()) {
            Some(kind) if rules.iter().any(|rule| rule.kind == kind) => {}
            Some(kind) => {
                let rate = Rate::Tuned;
                let before = experiment.rules.iter().find(|rule| rule.kind == kind);
                rules.push(before.copied().unwrap_or(Entrant { kind, rate }));
            }
            None => is_exact = false,
        }
    }
    if rules.is_empty() {
        return Reading::Unreadable;
    }
    experiment.rules = rules;
    if is_exact {
        Reading::Exact
    } else {
        Reading::Nearest
    }
}

/// As many as there are rules; those that are missing or no rates stay as they are.
fn read_rates(experiment: &mut Experiment, text: &str) -> Reading {
    let texts: Vec<&str> = text.split(',').map(str::trim).collect();
    let mut is_exact = texts.len() == experiment.rules.len();
    let mut is_read = false;
    for (rule, text) in experiment.rules.iter_mut().zip(texts) {
        rule.rate = if text == TUNED {
            Rate::Tuned
        } else {
            match parse_plain_number(text) {
                Some(rate) if rate > 0.0 => {
                    is_exact &= rate <= LARGEST;
                    Rate::Given(rate.min(LARGEST))
                }
                _ => {
                    is_exact = false;
                    continue;
                }
            }
        };
        is_read = true;
    }
    match (is_exact, is_read) {
        (true, _) => Reading::Exact,
        (false, true) => Reading::Nearest,
        (false, false) => Reading::Unreadable,
    }
}
