//! Experiments as links: `view=sparse&…`, with what is not at its default.
//!
//! A file is named in its link and not contained in it: whoever opens the link is asked for it.

use super::experiment::{Backend, Data, Entrant, Experiment, Rate};
use super::lines::OnBadLine;
use super::rules::Kind;
use super::zipf::Zipf;
use crate::number::shortest;
use crate::settings::Problem;
use crate::settings::number::parse_plain_number;
use crate::settings::query::{decoded, escaped};

/// Which meaning of the names and defaults a link was written for, as of the page's other links.
const VERSION: &str = "1";

/// The longest name of a file or label that a link holds, in characters.
pub const LONGEST_NAME: usize = 200;

/// What a link says.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// Always valid, whatever the link.
    pub experiment: Experiment,
    /// What could not be followed to the letter.
    pub problems: Vec<Problem>,
    /// The pieces that are none of the experiment's, as they stood.
    pub foreign: Vec<String>,
}

/// How a value was followed.
enum Reading {
    Exact,
    /// As nearly as allowed.
    Nearest,
    /// Not at all.
    Unreadable,
}

/// A part of an experiment in a link.
struct Field {
    name: &'static str,
    /// Whether an experiment on such data has it.
    is_of: fn(&Data) -> bool,
    text: fn(&Experiment) -> String,
    read: fn(&mut Experiment, &str) -> Reading,
    allowed: fn() -> String,
}

/// Whether the query is a link to an experiment of the sparse lab.
#[must_use]
pub fn is_sparse(query: &str) -> bool {
    let query = query.strip_prefix('?').unwrap_or(query);
    query.split('&').any(|piece| {
        let (name, value) = decoded(piece);
        name == "view" && value == "sparse"
    })
}

/// Reads a link, with or without its `?`; none where it is not one of the sparse lab.
///
/// What cannot be read is at its default, what is out of range at the nearest bound; of a name
/// given twice, the first counts. What belongs to another kind of data is foreign.
#[must_use]
pub fn parse(query: &str) -> Option<Parsed> {
    if !is_sparse(query) {
        return None;
    }
    let query = query.strip_prefix('?').unwrap_or(query);
    let pieces = query.split('&').filter(|piece| !piece.is_empty());
    let pieces: Vec<(&str, String, String)> = pieces
        .map(|piece| {
            let (name, value) = decoded(piece);
            (piece, name.into_owned(), value.into_owned())
        })
        .collect();
    let mut experiment = Experiment::default();
    let mut problems = Vec::new();
    let given = |name: &str| {
        let mut pieces = pieces.iter();
        pieces
            .find(|(_, given, _)| given == name)
            .map(|(_, _, value)| value.as_str())
    };
    if let Some(version) = given("v").filter(|version| *version != VERSION) {
        let used = VERSION.to_owned();
        problems.push(Problem::new("v", version, used.clone(), used));
    }
    // In the table's order: `data` and `rules` say what the others are about.
    for field in &FIELDS {
        let Some(text) = given(field.name).filter(|_| (field.is_of)(&experiment.data)) else {
            continue;
        };
        if !matches!((field.read)(&mut experiment, text.trim()), Reading::Exact) {
            let used = (field.text)(&experiment);
            problems.push(Problem::new(field.name, text, (field.allowed)(), used));
        }
    }
    let is_own = |name: &str| {
        let mut fields = FIELDS.iter();
        let of_data = |field: &Field| (field.is_of)(&experiment.data);
        name == "view" || name == "v" || fields.any(|field| field.name == name && of_data(field))
    };
    let foreign = pieces.iter().filter(|(_, name, _)| !is_own(name));
    let foreign = foreign.map(|(piece, ..)| (*piece).to_owned()).collect();
    Some(Parsed {
        experiment,
        problems,
        foreign,
    })
}

/// Writes an experiment's link, before `foreign`.
#[must_use]
pub fn format(experiment: &Experiment, foreign: &[String]) -> String {
    let default = Experiment {
        data: Data::named(experiment.data.name()).unwrap_or_default(),
        ..Experiment::default()
    };
    let mut pieces = vec![format!("v={VERSION}&view=sparse")];
    for field in &FIELDS {
        let text = (field.text)(experiment);
        // The kind of data against the default's kind.
        let usual = if field.name == "data" {
            Data::default().name().to_owned()
        } else if field.name == "eta" {
            let rules = experiment.rules.iter();
            rules.map(|_| TUNED).collect::<Vec<_>>().join(",")
        } else {
            (field.text)(&default)
        };
        if (field.is_of)(&experiment.data) && text != usual {
            pieces.push(format!("{}={}", field.name, escaped(&text, "-.,:;_")));
        }
    }
    pieces.extend(foreign.iter().cloned());
    pieces.join("&")
}

/// What a link says of one part of the experiment; none of a name that no part has.
#[must_use]
pub fn get(experiment: &Experiment, name: &str) -> Option<String> {
    let field = FIELDS.iter().find(|field| field.name == name)?;
    Some((field.text)(experiment))
}

/// All parts that an experiment on such data has, by their names in links.
#[must_use]
pub fn parts(experiment: &Experiment) -> Vec<(&'static str, String)> {
    let fields = FIELDS.iter();
    let fields = fields.filter(|field| (field.is_of)(&experiment.data));
    fields
        .map(|field| (field.name, (field.text)(experiment)))
        .collect()
}

/// Sets one part of the experiment as a link would, to the nearest that is allowed.
///
/// # Errors
/// What could not be followed to the letter, and what is in force instead.
pub fn set(experiment: &mut Experiment, name: &str, given: &str) -> Result<(), Problem> {
    let mut fields = FIELDS.iter();
    let Some(field) = fields.find(|field| field.name == name && (field.is_of)(&experiment.data))
    else {
        return Ok(());
    };
    match (field.read)(experiment, given.trim()) {
        Reading::Exact => Ok(()),
        Reading::Nearest | Reading::Unreadable => {
            let used = (field.text)(experiment);
            Err(Problem::new(name, given, (field.allowed)(), used))
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
    let Some(number) = parse_plain_number(text) else {
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

static FIELDS: [Field; 23] = [
    choice!(
        "data",
        of_all,
        "zipf, libsvm or text",
        |experiment| experiment.data.name().to_owned(),
        |experiment, text| {
            experiment.data = Data::named(text)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::experiment::File;
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    fn data() -> impl Strategy<Value = Data> {
        let file = ("[^ ].{0,20}[^ ]|", "[a-z &=?%+é]{0,9}", any::<bool>()).prop_map(
            |(name, held_out_name, refuse)| File {
                name: name.trim().to_owned(),
                held_out_name: held_out_name.trim().to_owned(),
                on_bad_line: if refuse {
                    OnBadLine::Refuse
                } else {
                    OnBadLine::Skip
                },
            },
        );
        let zipf = (
            1..=1_000_000_u32,
            1..=1_u32 << 22,
            1..=128_u32,
            0.0..=2.0,
            0.0..=0.5,
            any::<u32>(),
        )
            .prop_map(
                |(examples, features, nonzeros, exponent, noise, seed)| Zipf {
                    examples,
                    features,
                    nonzeros_per_example: nonzeros.min(features),
                    exponent,
                    noise,
                    seed,
                },
            );
        let first = prop::option::of(0..=1_u32);
        let positive = prop::option::of(
            "[^ ]{1,20}"
                .prop_map(|label| label.trim().to_owned())
                .prop_filter("a label", |label| !label.is_empty()),
        );
        prop_oneof![
            zipf.prop_map(Data::Zipf),
            (file.clone(), first)
                .prop_map(|(file, first_index)| Data::Libsvm { file, first_index }),
            (file, positive).prop_map(|(file, positive)| Data::Text { file, positive }),
        ]
    }

    fn experiment() -> impl Strategy<Value = Experiment> {
        let rate = prop_oneof![Just(Rate::Tuned), (1e-9..1e6).prop_map(Rate::Given)];
        let kinds = subsequence(Kind::ALL.to_vec(), 1..=6).prop_shuffle();
        let numbers = (
            0.0..1e6,
            1..=1_u32 << 20,
            1..=1000_u32,
            0.0..1e6,
            0.0..=0.9,
            1..=10_u32,
        );
        let rest = (any::<bool>(), prop::option::of(any::<u32>()), 0..3_usize);
        (data(), kinds, prop::collection::vec(rate, 6), numbers, rest).prop_map(
            |(data, kinds, rates, numbers, (intercept, shuffle, backend))| {
                let (epsilon, batch_size, epochs, l2, held_out, seeds) = numbers;
                let rules = kinds.into_iter().zip(rates);
                Experiment {
                    // No part of a file's experiment, nor of its link.
                    seeds: if data.file().is_some() {
                        Experiment::default().seeds
                    } else {
                        seeds
                    },
                    data,
                    rules: rules.map(|(kind, rate)| Entrant { kind, rate }).collect(),
                    epsilon,
                    batch_size,
                    epochs,
                    intercept,
                    l2,
                    shuffle,
                    held_out,
                    backend: Backend::ALL[backend],
                }
            },
        )
    }

    proptest! {
        /// Evidence: the identity; a link that lost anything would not restore its experiment.
        #[test]
        fn a_link_restores_its_experiment(experiment in experiment()) {
            prop_assert_eq!(experiment.validate(), Ok(()));
            let foreign = ["embed=1".to_owned()];
            let link = format(&experiment, &foreign);
            let parsed = parse(&link).unwrap();
            prop_assert_eq!(&parsed.experiment, &experiment, "{}", link);
            prop_assert_eq!(parsed.problems, []);
            prop_assert_eq!(parsed.foreign, foreign);
        }

        #[test]
        fn whatever_a_link_says_the_experiment_is_valid(
            pieces in prop::collection::vec(
                (0..FIELDS.len(), prop_oneof![
                    "-?[0-9]{1,12}(\\.[0-9]{1,3})?(e-?[0-9]{1,3})?", "[a-z0-9,.%-]{0,12}", Just("text".to_owned()),
                ]),
                0..12,
            ),
        ) {
            let pieces = pieces.iter().map(|(field, value)| {
                let name = FIELDS[*field].name;
                format!("&{name}={value}")
            });
            let link = format!("view=sparse{}", pieces.collect::<String>());
            let parsed = parse(&link).unwrap();
            prop_assert_eq!(parsed.experiment.validate(), Ok(()), "{}", link);
        }
    }

    #[test]
    fn the_default_is_short_and_other_views_are_none() {
        let default = Experiment::default();
        assert_eq!(format(&default, &[]), "v=1&view=sparse");
        assert_eq!(parse("?view=sparse").unwrap().experiment, default);
        assert_eq!(parse("?view=0,0,1"), None);
    }

    #[test]
    fn a_problem_names_field_given_allowed_and_used() {
        let parsed =
            parse("view=sparse&batch=0&rules=newton&eta=0.1&nonzeros=200&seed=5e9").unwrap();
        let problems: Vec<String> = parsed.problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            [
                "nonzeros cannot be “200”: allowed is a whole number from 1 to 128 and to the \
                 features; 128 is used.",
                "seed cannot be “5e9”: allowed is a whole number from 0 to 4294967295; 4294967295 \
                 is used.",
                "rules cannot be “newton”: allowed is some of adagrad, sgd, decay, counter, \
                 rmsprop, adam, each once, with commas between; adagrad,sgd,decay,counter is used.",
                "eta cannot be “0.1”: allowed is for each rule tuned or a number above 0 and up \
                 to 1e6, with commas between; 0.1,tuned,tuned,tuned is used.",
                "batch cannot be “0”: allowed is a whole number from 1 to 1048576; 1 is used.",
            ]
        );
    }
}
