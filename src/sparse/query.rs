//! Experiments as links: `view=sparse&…`, with what is not at its default.
//!
//! A file is named in its link and not contained in it: whoever opens the link is asked for it.

mod fields;

use std::borrow::Cow;

use super::experiment::Experiment;
use crate::settings::Problem;
use crate::settings::query::{decoded, decoded_by_hand, escaped};
use fields::FIELDS;

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
/// given twice, the first counts. What belongs to another kind of data is left out.
#[must_use]
pub fn parse(query: &str) -> Option<Parsed> {
    if !is_sparse(query) {
        return None;
    }
    let query = query.strip_prefix('?').unwrap_or(query);
    let pieces = query.split('&').filter(|piece| !piece.is_empty());
    let pieces: Vec<(&str, String, String)> = pieces
        .map(|piece| {
            let (name, value) = of_number_or_text(piece);
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
    for field in &FIELDS {
        let Some(text) = given(field.name).filter(|_| (field.is_of)(&experiment.data)) else {
            continue;
        };
        problems.extend(field.set(&mut experiment, text).err());
    }
    // Those of other data too: kept, they would come into force with such data.
    let is_own =
        |name: &str| name == "view" || name == "v" || FIELDS.iter().any(|field| field.name == name);
    let foreign = pieces.iter().filter(|(_, name, _)| !is_own(name));
    let foreign = foreign.map(|(piece, ..)| (*piece).to_owned()).collect();
    Some(Parsed {
        experiment,
        problems,
        foreign,
    })
}

/// The name and value of a piece: a `+` in a number is its sign, in a name of a file a blank.
fn of_number_or_text(piece: &str) -> (Cow<'_, str>, Cow<'_, str>) {
    let (_, value) = piece.split_once('=').unwrap_or_default();
    let in_numbers = |c: char| c.is_ascii_digit() || "+-.,eE".contains(c);
    if value.chars().all(in_numbers) {
        decoded_by_hand(piece)
    } else {
        decoded(piece)
    }
}

/// Writes an experiment's link, before `foreign`.
#[must_use]
pub fn format(experiment: &Experiment, foreign: &[String]) -> String {
    let mut pieces = vec![format!("v={VERSION}&view=sparse")];
    let mut usual = Experiment::default();
    for field in &FIELDS {
        let text = (field.text)(experiment);
        if (field.is_of)(&experiment.data) && text != (field.text)(&usual) {
            pieces.push(format!("{}={}", field.name, escaped(&text, "-.,:;_")));
        }
        // What is usual is so of such data and of these rules.
        if matches!(field.name, "data" | "rules") {
            let _ = field.set(&mut usual, &text);
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

/// The place of a name among all in a link's order; those that others depend on come first.
#[must_use]
pub fn place_of(name: &str) -> Option<usize> {
    FIELDS.iter().position(|field| field.name == name)
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
    field.set(experiment, given)
}

/// Sets one part of the experiment from what was typed into its field, as [`set`] does; a number
/// that may mean two, such as `1,000`, is refused.
///
/// # Errors
/// As [`set`].
pub fn set_typed(experiment: &mut Experiment, name: &str, given: &str) -> Result<(), Problem> {
    let mut fields = FIELDS.iter();
    match fields.find(|field| field.name == name && (field.is_of)(&experiment.data)) {
        Some(field) => field.set_typed(experiment, given),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::decoding::TextEncoding;
    use crate::sparse::experiment::{Backend, Data, Entrant, File, Rate};
    use crate::sparse::lines::OnBadLine;
    use crate::sparse::rules::Kind;
    use crate::sparse::text::TextColumns;
    use crate::sparse::zipf::Zipf;
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    fn data() -> impl Strategy<Value = Data> {
        let encoding = proptest::sample::select(TextEncoding::ALL.to_vec());
        let names = ("[^ ].{0,20}[^ ]|", "[a-z &=?%+é]{0,9}");
        let file = (names, any::<bool>(), encoding).prop_map(
            |((name, held_out_name), refuse, encoding)| File {
                encoding,
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
            (file, positive, 1..=50_u32, 51..=100_u32, any::<bool>()).prop_map(
                |(file, positive, low, high, swapped)| Data::Text {
                    file,
                    positive,
                    columns: if swapped {
                        TextColumns {
                            label: high,
                            text: low,
                        }
                    } else {
                        TextColumns {
                            label: low,
                            text: high,
                        }
                    },
                }
            ),
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
    fn what_belongs_to_other_data_does_not_wait_for_them() {
        let mut parsed = parse("view=sparse&data=libsvm&examples=7&theme=dark").unwrap();
        assert_eq!(parsed.foreign, ["theme=dark"]);
        parsed.experiment.data = Data::default();
        assert_eq!(parse(&format(&parsed.experiment, &parsed.foreign)), {
            Some(Parsed {
                experiment: parsed.experiment,
                problems: Vec::new(),
                foreign: parsed.foreign,
            })
        });
        // The data in force stay as they are.
        let mut experiment = parse("view=sparse&examples=7").unwrap().experiment;
        assert_eq!(set(&mut experiment, "data", "zipf"), Ok(()));
        assert_eq!(get(&experiment, "examples").as_deref(), Some("7"));
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

    /// Evidence: what was typed before was 1 without a word.
    #[test]
    fn typed_numbers_mean_one_or_are_refused() {
        for (name, given, value) in [
            ("batch", "1 000", "1000"),
            ("batch", "１２", "12"),
            ("examples", "10,000.0", "10000"),
            ("heldout", "0,125", "0.125"),
            ("heldout", "10%", "0.1"),
            ("seed", "1’000’000", "1000000"),
            ("eps", "1,2×10⁻⁵", "1.2e-5"),
            ("l2", "½", "0.5"),
        ] {
            let mut experiment = Experiment::default();
            assert_eq!(
                set_typed(&mut experiment, name, given),
                Ok(()),
                "{name} {given}"
            );
            assert_eq!(get(&experiment, name).unwrap(), value, "{name} {given}");
        }
        for name in [
            "examples", "batch", "epochs", "seed", "shuffle", "eps", "l2", "nonzeros",
        ] {
            for given in ["1,000", "1.000", "−1,000", "１.０００", "2,382"] {
                let mut experiment = Experiment::default();
                let problem = set_typed(&mut experiment, name, given).unwrap_err();
                assert!(
                    problem.allowed.contains("may mean two: write "),
                    "{problem}"
                );
                assert_eq!(experiment, Experiment::default(), "{name} {given}");
            }
        }
        let problem = set_typed(&mut Experiment::default(), "batch", "1,000").unwrap_err();
        assert!(problem.allowed.ends_with("write 1 or 1000"), "{problem}");
        // What a field shows is set again without a word.
        let mut experiment = Experiment::default();
        assert_eq!(set(&mut experiment, "eps", "1.234"), Ok(()));
        assert_eq!(set_typed(&mut experiment, "eps", " 1.234 "), Ok(()));
    }
}
