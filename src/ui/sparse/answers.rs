//! What the worker says, as plain data: the counterpart of [`crate::sparse::worker`], whose head
//! describes the messages.
//!
//! A part that is not as described is passed over: page and worker come from one build.

use js_sys::{Array, Float32Array, Reflect, Uint32Array};
use wasm_bindgen::{JsCast, JsValue};

use crate::sparse::choice::Chosen;
use crate::sparse::experiment::Backend;
use crate::sparse::figures::{Word, Words};
use crate::sparse::frequency::{Decile, Density};
use crate::sparse::metrics::Metrics;
use crate::sparse::race::{Report, Stage, Standing};
use crate::sparse::rate_ratio::RateRatio;
use crate::sparse::repeats::Spread;
use crate::sparse::rules::Kind;

/// A part of the answer to a race.
pub enum Message {
    /// Examples are generated or read.
    Preparing(Preparing),
    /// The race will take much memory, and waits until it is wanted.
    Large(Large),
    /// They are there.
    Data(AboutData),
    /// How far the race is.
    Report(Report),
    /// The rules' rates over the frequencies, and those of the watched features.
    Densities(Vec<DensityOf>),
    /// What became of features by frequency.
    Deciles(Vec<Vec<Decile>>),
    /// The progressive losses: epochs done and the mean since the point before.
    Curves(Vec<Vec<[f64; 2]>>),
    /// The watched features' accumulators.
    Growth(Growths),
    /// The words with the largest weights.
    Words(Vec<Words>),
    /// The effective rate of the rare watched feature over that of the frequent one.
    Ratios(Vec<Option<RateRatio>>),
    /// The deciles' numbers over several data sets.
    Spreads(Spreads),
    /// A rule's weights.
    Weights(Weights),
}

/// How far the examples are.
#[derive(Clone, Debug, PartialEq)]
pub struct Preparing {
    /// Generated, or read from a file.
    pub is_generated: bool,
    /// Which share is there; none where nobody knows.
    pub share: Option<f64>,
    /// How many are there.
    pub examples: f64,
}

/// A race that will take much memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Large {
    /// How many bytes at most.
    pub bytes: f64,
    /// Features, those that never occur included.
    pub features: f64,
}

/// What became known of the examples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AboutData {
    /// Examples to train on.
    pub examples: f64,
    /// Examples held out.
    pub held_out: f64,
    /// Features, those that never occur included.
    pub features: f64,
    /// Non-zeros in all examples.
    pub nonzeros: f64,
    /// The classes as the file calls them, the positive one last; none for generated data.
    pub labels: Option<[String; 2]>,
    /// The index of the file's first feature, where the file has indices.
    pub first_index: Option<f64>,
    /// How many lines could not be read.
    pub bad_line_count: f64,
    /// The first of them: number, whether it is in the file held out, and why.
    pub bad_lines: Vec<(f64, bool, String)>,
    /// How many lines are not UTF-8, so that some of their characters are lost.
    pub not_utf8_line_count: f64,
}

/// A rule's rates.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityOf {
    /// How many features have which frequency and rate.
    pub density: Density,
    /// Frequency and rate of the watched features.
    pub watched: [Option<[f64; 2]>; 3],
}

/// The growth of the watched features' accumulators.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Growths {
    /// What they are called, and in how many training examples each occurs.
    pub features: Vec<(String, u32)>,
    /// For each rule: batches done, then the accumulators.
    pub rules: Vec<Vec<(u64, Vec<f32>)>>,
}

/// The deciles over several data sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Spreads {
    /// How many data sets.
    pub data_sets: usize,
    /// By rule, by tenth.
    pub rules: Vec<Vec<Spread>>,
}

/// A rule's weights as a table to take away.
#[derive(Clone, Debug)]
pub struct Weights {
    /// Whose.
    pub kind: Kind,
    /// Its bytes, in arrays.
    pub parts: Array,
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or(f64::NAN)
}

fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}

fn list(value: &JsValue) -> Vec<JsValue> {
    let array = value.dyn_ref::<Array>();
    array.map_or_else(Vec::new, Array::to_vec)
}

fn numbers(value: &JsValue) -> Vec<f64> {
    let numbers = list(value).into_iter();
    numbers.map(|n| n.as_f64().unwrap_or(f64::NAN)).collect()
}

fn pair(value: &JsValue) -> Option<[f64; 2]> {
    <[f64; 2]>::try_from(numbers(value)).ok()
}

/// The entries of the rules, in the experiment's order.
fn by_rule<T>(message: &JsValue, read: impl Fn(Kind, &JsValue) -> Option<T>) -> Option<Vec<T>> {
    let rules = get(message, "rules");
    let keys = Reflect::own_keys(&rules).ok()?;
    let entry = |key: JsValue| {
        let value = Reflect::get(&rules, &key).ok()?;
        read(Kind::named(&key.as_string()?)?, &value)
    };
    keys.iter().map(entry).collect()
}

/// Reads a part.
#[must_use]
pub fn read(part: &JsValue) -> Option<Message> {
    match text(part, "about")?.as_str() {
        "report" => report(part),
        "large" => Some(Message::Large(Large {
            bytes: number(part, "bytes"),
            features: number(part, "features"),
        })),
        "data" => Some(Message::Data(about_data(&get(part, "data")))),
        "densities" => by_rule(part, |_, rule| density(rule)).map(Message::Densities),
        "deciles" => {
            by_rule(part, |_, rule| list(rule).iter().map(decile).collect()).map(Message::Deciles)
        }
        "curves" => by_rule(part, |_, rule| {
            let flat = rule.dyn_ref::<Float32Array>()?.to_vec();
            let points = flat.chunks_exact(2).filter_map(|point| match point {
                [epochs, loss] => Some([f64::from(*epochs), f64::from(*loss)]),
                _ => None,
            });
            Some(points.collect())
        })
        .map(Message::Curves),
        "growth" => growths(part).map(Message::Growth),
        "words" => by_rule(part, |_, rule| {
            let words = |name| list(&get(rule, name)).iter().map(word).collect();
            Some(Words {
                frequent: words("frequent"),
                rare: words("rare"),
                too_rare: number(rule, "tooRare") as u32,
            })
        })
        .map(Message::Words),
        "ratios" => by_rule(part, |_, rule| {
            let predicted = get(rule, "predicted").as_f64();
            let measured = get(rule, "measured").as_f64();
            Some(measured.map(|measured| RateRatio {
                measured,
                predicted,
            }))
        })
        .map(Message::Ratios),
        "spreads" => Some(Message::Spreads(Spreads {
            data_sets: number(part, "dataSets") as usize,
            rules: list(&get(part, "rules"))
                .iter()
                .map(|tenths| list(tenths).iter().filter_map(spread).collect())
                .collect(),
        })),
        "weights" => Some(Message::Weights(Weights {
            kind: Kind::named(&text(part, "rule")?)?,
            parts: get(part, "parts").dyn_into().ok()?,
        })),
        _ => None,
    }
}

fn report(part: &JsValue) -> Option<Message> {
    let stage = text(part, "stage")?;
    let Some(stage) = Stage::named(&stage) else {
        return Some(Message::Preparing(Preparing {
            is_generated: stage == "generating",
            share: get(part, "share").as_f64(),
            examples: number(part, "examples"),
        }));
    };
    let report = Report {
        stage,
        share: number(part, "share"),
        is_paused: get(part, "isPaused").is_truthy(),
        rules: by_rule(part, |kind, rule| Some(standing(kind, rule)))?,
        bytes: number(part, "bytes") as usize,
        chosen: Chosen {
            backend: Backend::named(&text(part, "backend")?)?,
            adapter: text(part, "adapter"),
            why: text(part, "why"),
        },
        repeating: pair(&get(part, "repeating")).map(|counts| counts.map(|n| n as usize)),
    };
    Some(Message::Report(report))
}

fn standing(kind: Kind, rule: &JsValue) -> Standing {
    let losses = list(&get(rule, "testLoss"));
    let errors = numbers(&get(rule, "testError"));
    let accuracies = list(&get(rule, "accuracy"));
    let areas = list(&get(rule, "auc"));
    let tested = losses.iter().zip(errors).zip(accuracies).zip(areas);
    let tested = tested.map(|(((loss, error), accuracy), auc)| {
        Some(Metrics {
            loss: loss.as_f64()?,
            error,
            accuracy: accuracy.as_f64(),
            auc: auc.as_f64(),
        })
    });
    Standing {
        kind,
        learning_rate: get(rule, "learningRate").as_f64(),
        is_at_an_end: get(rule, "learningRateIsAtGridEnd").is_truthy(),
        is_untuned: get(rule, "learningRateUntuned").is_truthy(),
        has_changed_rate: get(rule, "learningRateChanged").is_truthy(),
        steps: number(rule, "steps") as u64,
        epoch_losses: numbers(&get(rule, "trainLoss")),
        loss_so_far: get(rule, "lossSoFar").as_f64(),
        tested: tested.collect(),
        difference_errors: numbers(&get(rule, "differenceErrors")),
        visited: number(rule, "nonzeros") as u64,
        seconds: number(rule, "seconds"),
    }
}

fn about_data(part: &JsValue) -> AboutData {
    let labels = list(&get(part, "labels")).into_iter();
    let labels: Vec<String> = labels.filter_map(|label| label.as_string()).collect();
    let bad = list(&get(part, "badLines")).into_iter().map(|line| {
        let reason = text(&line, "reason").unwrap_or_default();
        let is_held_out = get(&line, "inHeldOutText").is_truthy();
        (number(&line, "line"), is_held_out, reason)
    });
    AboutData {
        examples: number(part, "examples"),
        held_out: number(part, "heldOut"),
        features: number(part, "features"),
        nonzeros: number(part, "nonzeros"),
        labels: <[String; 2]>::try_from(labels).ok(),
        first_index: get(part, "firstIndex").as_f64(),
        bad_line_count: number(part, "badLineCount"),
        bad_lines: bad.collect(),
        not_utf8_line_count: number(part, "notUtf8LineCount"),
    }
}

fn density(rule: &JsValue) -> Option<DensityOf> {
    let [columns, rows] = pair(&get(rule, "size"))?;
    let mut watched = list(&get(rule, "watched")).into_iter();
    let mut next = || watched.next().and_then(|point| pair(&point));
    Some(DensityOf {
        density: Density {
            size: [columns as usize, rows as usize],
            frequency: pair(&get(rule, "frequency"))?,
            rate: pair(&get(rule, "rate"))?,
            counts: get(rule, "counts").dyn_ref::<Uint32Array>()?.to_vec(),
        },
        watched: [next(), next(), next()],
    })
}

fn decile(decile: &JsValue) -> Option<Decile> {
    Some(Decile {
        features: number(decile, "features") as usize,
        most: number(decile, "most") as u32,
        least: number(decile, "least") as u32,
        weight: number(decile, "weight"),
        error: get(decile, "error").as_f64(),
    })
}

fn growths(part: &JsValue) -> Option<Growths> {
    let names = list(&get(part, "names")).into_iter();
    let counts = numbers(&get(part, "counts"));
    let features = names.filter_map(|name| name.as_string()).zip(counts);
    let rules = by_rule(part, |_, rule| {
        let points = list(rule).into_iter().filter_map(|point| {
            let numbers = numbers(&point);
            let (&steps, states) = numbers.split_first()?;
            let states = states.iter().map(|&state| state as f32).collect();
            Some((steps as u64, states))
        });
        Some(points.collect())
    })?;
    Some(Growths {
        features: features.map(|(name, count)| (name, count as u32)).collect(),
        rules,
    })
}

fn word(word: &JsValue) -> Word {
    Word {
        name: text(word, "name").unwrap_or_default(),
        count: number(word, "count") as u32,
        weight: number(word, "weight") as f32,
    }
}

fn spread(spread: &JsValue) -> Option<Spread> {
    let [mean, least, most] = <[f64; 3]>::try_from(numbers(spread)).ok()?;
    Some(Spread { mean, least, most })
}
