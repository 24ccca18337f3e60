//! The sparse lab in its worker.
//!
//! A request is `[id, "train", specification]`, the argument of `adagradLab.trainSparse` without
//! `signal` and `onProgress`: its parts are reports, its answer the result. Or it is
//! `[id, "race", link, text, heldOutText]`, an experiment as a link has it (see [`super::query`])
//! and, for a file, its content as a string or a `Blob`. A race goes on until it is dropped; its
//! parts are reports and figures, each an object with `about`. Before one that takes more than 1 GB
//! there is a part about `"large"`, with `bytes` and `features`, and the race begins with
//! `[id, "begin"]`. Behind either request, as the sixth entry, may stand why the processor is to compute, whatever was asked for: the page asks again like that
//! where a GPU has brought this worker down. More about a race is
//!
//! | message | |
//! | --- | --- |
//! | `[id, "pause"]`, `"resume"`, `"step"` (one batch), `"stop"` (the repeats, else the race), `"reset"` | |
//! | `[id, "rate", rule, η]` | another η from now on |
//! | `[id, "pick", slot, log₁₀ frequency, log₁₀ rate, rule]` | another feature in that slot: the nearest |
//! | `[id, "densities", columns, rows]`, `[id, "curves"]`, `[id, "deciles"]`, `[id, "growth"]`, `[id, "words", most]`, `[id, "ratios"]` (of the last watched feature to the first) | asks for that figure |
//! | `[id, "weights", rule]` | asks for the rule's weights as a table, in arrays of bytes |
//! | `[id, "repeat"]` | races on the further seeds, where this one is over: then come `"spreads"`, and reports have `repeating`, how many data sets are done and of how many; another η and `"reset"` end that |

use js_sys::{Array, Float32Array, Object, Uint8Array, Uint32Array};
use wasm_bindgen::JsValue;

use super::batches::Batches;
use super::columns::Columns;
use super::cpu::Trainer;
use super::examples::{Examples, FeatureNames};
use super::experiment::Experiment;
use super::export::{weight_rows, weights_header};
use super::figures::Rates;
use super::held_out::HeldOut;
use super::lines::{BadLines, NotLoaded};
use super::memory::{LARGE_BYTES, most_bytes};
use super::prepare::{Preparation, Prepared};
use super::query;
use super::race::{Outcome, Race, Report, Stage, Standing};
use super::repeats::Repeats;
use super::rules::Kind;
use super::session::Session;
use super::source::{Source, is_blob};
use super::time_limit::{self, within};
use super::zipf::{Generator, Zipf};
use crate::embed::javascript::{beginning, entries, object, set, value_of};
use crate::embed::sparse_specification::{self, Fields};
use crate::embed::specification;
use crate::worker::{self, Reply, SLICE_MS, Unanswered, Value, now_ms};

/// Non-zeros between two looks at the clock: a few milliseconds of most rules.
const NONZEROS_AT_ONCE: usize = 200_000;
/// Examples generated between two looks at the clock.
const EXAMPLES_AT_ONCE: usize = 500;
/// Between two reports.
const REPORT_MS: f64 = 50.0;
/// A file that the browser gives nothing of for so long is not read.
const READ_SECONDS: u32 = 60;
/// A script has so long to abort a large race before that takes its memory.
const BEFORE_LARGE_SECONDS: f64 = 0.25;

/// Takes requests from now on.
pub fn serve() {
    worker::serve(|message, reply| {
        Box::pin(async move {
            // Requests that were dropped while another was worked on end here.
            reply.breathe().await?;
            match message.get(1).as_string().as_deref() {
                Some("train") => train(&message, reply).await,
                Some("race") => race(&message, reply).await,
                _ => Err(failed("page and sparse lab are of different versions")),
            }
        })
    });
}

fn failed(why: &str) -> Unanswered {
    Unanswered::Failed(why.to_owned())
}

/// The pace of long work: lets messages in after each slice, and says when a report is due.
struct Pace {
    slice_began: f64,
    reported: f64,
}

impl Pace {
    fn new() -> Self {
        let now = now_ms();
        Self {
            slice_began: now,
            reported: now,
        }
    }

    /// Lets messages in where the slice is over; whether a report is due.
    async fn keep(&mut self, reply: Reply) -> Result<bool, Unanswered> {
        let now = now_ms();
        if now - self.slice_began < SLICE_MS {
            return Ok(false);
        }
        reply.breathe().await?;
        self.slice_began = now_ms();
        let is_due = now - self.reported >= REPORT_MS;
        if is_due {
            self.reported = now;
        }
        Ok(is_due)
    }
}

fn seconds() -> f64 {
    now_ms() / 1e3
}

/// Trains the experiment's rules for some milliseconds on examples that are forgotten at once.
///
/// A browser compiles a function for speed only after it has run for a while, and does so aside,
/// which takes as long as an epoch of millions of non-zeros: so it does while examples are made.
fn warm_up(experiment: &Experiment) {
    let few = Zipf {
        examples: 2_000,
        features: 1_000,
        nonzeros_per_example: 32,
        exponent: 1.0,
        noise: 0.0,
        seed: 0,
    };
    let Ok(mut generator) = Generator::new(few) else {
        return;
    };
    generator.advance(usize::MAX);
    let examples = generator.finish(HeldOut::End(0.0)).examples;
    // Online, or by column.
    let size = experiment.batch_size.min(100) as usize;
    let batches = Batches::new(examples.split.training.clone(), size, None);
    let columns = Columns::of(&examples, &batches);
    for &entrant in &experiment.rules {
        let rule = experiment.rule(entrant, 0.1);
        let mut trainer = Trainer::new(rule, experiment.options(), examples.feature_count());
        trainer.advance(&examples, &batches, &columns, usize::MAX);
    }
}

/// The race, on the processor where the request says why.
fn race_of(experiment: Experiment, prepared: Prepared, message: &Array) -> Race {
    let race = Race::new(experiment, prepared);
    match message.get(5).as_string() {
        Some(why) => race.on_the_processor(&why),
        None => race,
    }
}

/// Goes on, and shows how far the race is where that is due or has changed in kind.
async fn advance(
    session: &mut Session,
    shown: &mut Shown,
    pace: &mut Pace,
    reply: Reply,
) -> Result<(), Unanswered> {
    let state = |session: &Session| {
        let race = session.race();
        let where_to = (race.is_choosing(), race.chosen().backend);
        (race.stage(), where_to, session.is_at_rest())
    };
    let before = state(session);
    let has_repeated = session.advance(NONZEROS_AT_ONCE, &seconds).await;
    if has_repeated && let Some(repeats) = session.repeats() {
        show_spreads(reply, repeats);
    }
    let is_due = pace.keep(reply).await?;
    if is_due || has_repeated || before != state(session) {
        shown.report(reply, session);
    }
    Ok(())
}

/// What reports have in common: the lists by epoch, for each rule.
///
/// They only grow until the race starts again. Made anew for each report, they would take time with
/// the square of the epochs.
#[derive(Default)]
struct Shown {
    rules: Vec<Lists>,
}

/// Of a rule: each list's name, and its numbers so far.
struct Lists([(&'static str, Array); 5]);

impl Shown {
    fn report(&mut self, reply: Reply, session: &Session) {
        let report = report(&session.report(), &mut self.rules);
        reply.part(Value::Object(report, Array::new()));
    }
}

impl Lists {
    fn new() -> Self {
        let names = ["trainLoss", "testLoss", "testError", "accuracy", "auc"];
        Self(names.map(|name| (name, Array::new())))
    }

    /// Appends what is new.
    fn update(&mut self, standing: &Standing) {
        let Self([(_, train), (_, loss), (_, error), (_, accuracy), (_, auc)]) = self;
        let known = |list: &Array| list.length() as usize;
        for &value in standing.epoch_losses.iter().skip(known(train)) {
            train.push(&value.into());
        }
        for tested in standing.tested.iter().skip(known(loss)) {
            loss.push(&number(tested.map(|metrics| metrics.loss)));
            error.push(&number(tested.map(|metrics| metrics.error)));
            accuracy.push(&number(tested.and_then(|metrics| metrics.accuracy)));
            auc.push(&number(tested.and_then(|metrics| metrics.auc)));
        }
    }
}

async fn train(message: &Array, reply: Reply) -> Result<Value, Unanswered> {
    let (experiment, texts) = read_specification(&message.get(2))?;
    let began = seconds();
    warm_up(&experiment);
    let prepared = prepare(&experiment, &texts, IN_SCRIPTS, reply).await?;
    if prepared.examples.split.training.is_empty() {
        return Err(failed("there is no example to train on"));
    }
    let bytes = most_bytes(&experiment, &prepared.examples);
    let stage = match experiment.data.file() {
        Some(_) => "reading",
        None => "generating",
    };
    let prepared_report = object([
        ("about", "report".into()),
        ("stage", stage.into()),
        ("share", 1.into()),
        ("examples", (prepared.examples.count() as f64).into()),
        ("expectedBytes", (bytes as f64).into()),
    ]);
    reply.part(Value::Object(prepared_report.into(), Array::new()));
    if bytes > LARGE_BYTES {
        time_limit::wait(BEFORE_LARGE_SECONDS).await;
        reply.breathe().await?;
    }
    let mut session = Session::new(race_of(experiment, prepared, message));
    let mut shown = Shown::default();
    // The page must know that a GPU may be asked for, should that end this worker.
    shown.report(reply, &session);
    let mut pace = Pace::new();
    let (mut prepared, mut tuned) = (seconds(), None);
    loop {
        let stage = session.race().stage();
        advance(&mut session, &mut shown, &mut pace, reply).await?;
        match stage {
            Stage::Planning => prepared = seconds(),
            Stage::Tuning => tuned = Some(seconds()),
            Stage::Training => {}
            Stage::Finished => break,
        }
    }
    let tuned = tuned.map_or(0.0, |tuned| tuned - prepared);
    result(session.race(), prepared - began, tuned).await
}

/// The experiment, and the texts that it is about.
fn read_specification(specification: &JsValue) -> Result<(Experiment, [JsValue; 2]), Unanswered> {
    let unreadable = |_| failed("trainSparse needs an object");
    let mut fields = Vec::new();
    let mut texts = [JsValue::UNDEFINED, JsValue::UNDEFINED];
    for (name, value) in entries(specification, "").map_err(unreadable)? {
        if name != "data" || !value.is_object() || Array::is_array(&value) {
            fields.push((name, value_of(&value)));
            continue;
        }
        fields.push((name, specification::Value::Other("an object".to_owned())));
        for (name, value) in entries(&value, "").map_err(unreadable)? {
            let read = match beginning(&value) {
                Some(text) => specification::Value::Text(text),
                None if is_blob(&value) => specification::Value::Other("a Blob".to_owned()),
                None => value_of(&value),
            };
            let [text, held_out_text] = &mut texts;
            match name.as_str() {
                "text" => *text = value,
                "heldOutText" => *held_out_text = value,
                _ => {}
            }
            fields.push((["data.", &name].concat(), read));
        }
    }
    let experiment = sparse_specification::parse(Fields(&fields));
    let experiment = experiment.map_err(|refused| failed(&refused.to_string()))?;
    Ok((experiment, texts))
}

/// What is trained on and what is held out, as scripts call them.
const IN_SCRIPTS: [&str; 2] = ["data.text", "data.heldOutText"];
/// The same for a reader.
const ON_THE_PAGE: [&str; 2] = ["The file", "The held-out file"];

/// Generates or reads the examples. Errors call the texts by `names`.
async fn prepare(
    experiment: &Experiment,
    texts: &[JsValue; 2],
    names: [&str; 2],
    reply: Reply,
) -> Result<Prepared, Unanswered> {
    let preparation = Preparation::new(experiment.clone());
    let mut preparation = preparation.map_err(|invalid| failed(&invalid.to_string()))?;
    let mut pace = Pace::new();
    let show = |stage: &str, share: Option<f64>, examples: usize| {
        let progress = object([
            ("about", "report".into()),
            ("stage", stage.into()),
            ("share", number(share)),
            ("examples", (examples as f64).into()),
        ]);
        reply.part(Value::Object(progress.into(), Array::new()));
    };
    if experiment.data.file().is_none() {
        loop {
            let share = preparation.generate(EXAMPLES_AT_ONCE);
            if share >= 1.0 {
                break;
            }
            if pace.keep(reply).await? {
                show("generating", Some(share), preparation.count());
            }
        }
    }
    for (place, (name, text)) in names.into_iter().zip(texts).enumerate() {
        let unreadable = |why: String| failed(&[name, " cannot be read: ", &why].concat());
        let silent = || {
            let seconds = READ_SECONDS.to_string();
            unreadable(["nothing of it came for ", &seconds, " seconds"].concat())
        };
        let limit = f64::from(READ_SECONDS);
        let Some(mut source) = Source::open(text) else {
            continue;
        };
        if place == 1 {
            preparation.begin_held_out();
        }
        if matches!(source, Source::Text(..)) {
            preparation.expect_utf8();
        }
        loop {
            let chunk = within(limit, source.next()).await;
            let Some(chunk) = chunk.ok_or_else(silent)?.map_err(unreadable)? else {
                break;
            };
            // The browser's chunks may be large.
            for piece in chunk.chunks(1 << 16) {
                preparation.push(piece);
                if pace.keep(reply).await? {
                    show("reading", source.share(), preparation.count());
                }
            }
        }
    }
    let unranked = preparation.ranking();
    let mut unranked = unranked.map_err(|error| {
        let [training, held_out] = names;
        let name = match error {
            NotLoaded::NoHeldOut(_)
            | NotLoaded::NotText {
                in_second_file: true,
                ..
            } => held_out,
            _ => training,
        };
        failed(&[name, ": ", &error.to_string()].concat())
    })?;
    while !unranked.advance(NONZEROS_AT_ONCE) {
        pace.keep(reply).await?;
    }
    Ok(unranked.finish())
}

/// What `trainSparse` resolves to.
async fn result(race: &Race, prepare: f64, tune: f64) -> Result<Value, Unanswered> {
    let mut rules = Vec::new();
    let transferred = Array::new();
    let report = race.report();
    let (mut seconds, mut visited) = (0.0, 0.0);
    for (place, standing) in report.rules.iter().enumerate() {
        let Some(outcome) = race.outcome(place).await else {
            continue;
        };
        seconds += standing.seconds;
        visited += standing.visited as f64;
        let rule = of_rule(race, standing, &outcome, &transferred);
        rules.push((standing.kind.name(), rule.into()));
    }
    let chosen = race.chosen();
    let bad = race.bad_lines();
    let examples = &race.plan().examples;
    let features = examples.feature_count() as f64;
    let result = object([
        ("backend", chosen.backend.name().into()),
        ("adapter", text(chosen.adapter.as_deref())),
        ("why", text(chosen.why.as_deref())),
        ("features", features.into()),
        ("firstIndex", first_index(examples)),
        ("words", words(examples)),
        ("labels", labels(race)),
        ("prepareSeconds", prepare.into()),
        ("tuneSeconds", tune.into()),
        ("seconds", seconds.into()),
        // Even a clock that was made coarse gives a finite number.
        ("nonzerosPerSecond", (visited / seconds.max(1e-6)).into()),
        ("badLineCount", (bad.count as f64).into()),
        ("badLines", bad_lines(bad)),
        ("notUtf8LineCount", (bad.not_utf8 as f64).into()),
        ("rules", object(rules).into()),
    ]);
    Ok(Value::Object(result.into(), transferred))
}

/// The first of the lines that could not be read.
fn bad_lines(bad: &BadLines) -> JsValue {
    let lines = bad.first.iter().map(|line| {
        JsValue::from(object([
            ("line", (line.number as f64).into()),
            ("inHeldOutText", line.in_second_file.into()),
            ("reason", line.reason.as_str().into()),
        ]))
    });
    lines.collect::<Array>().into()
}

/// Where the file's indices begin; null where features are words.
fn first_index(examples: &Examples) -> JsValue {
    match &examples.names {
        FeatureNames::Numbered { first } => (*first).into(),
        FeatureNames::Words(_) => JsValue::NULL,
    }
}

/// What features are called, in the weights' order; null where they are numbers.
fn words(examples: &Examples) -> JsValue {
    match &examples.names {
        FeatureNames::Numbered { .. } => JsValue::NULL,
        FeatureNames::Words(words) => texts(words),
    }
}

/// The negative and the positive label; null of generated examples.
fn labels(race: &Race) -> JsValue {
    race.labels().map_or(JsValue::NULL, |labels| texts(labels))
}

fn texts(texts: &[String]) -> JsValue {
    let texts = texts.iter().map(|text| JsValue::from(text.as_str()));
    texts.collect::<Array>().into()
}

fn of_rule(race: &Race, standing: &Standing, outcome: &Outcome, transferred: &Array) -> Object {
    let metrics = outcome.metrics;
    let is_held_out = !race.plan().examples.split.held_out.is_empty();
    let loss = metrics.filter(|_| is_held_out).map(|metrics| metrics.loss);
    let accuracy = metrics.and_then(|metrics| metrics.accuracy);
    let auc = metrics.and_then(|metrics| metrics.auc);
    let weights = Float32Array::from(outcome.weights.as_slice());
    transferred.push(&weights.buffer());
    object([
        ("learningRate", number(standing.learning_rate)),
        ("learningRateIsAtGridEnd", standing.is_at_an_end.into()),
        ("learningRateUntuned", standing.is_untuned.into()),
        ("steps", (standing.steps as f64).into()),
        ("trainLoss", numbers(standing.epoch_losses.iter().copied())),
        ("heldOutLoss", number(loss)),
        ("accuracy", number(accuracy)),
        ("auc", number(auc)),
        ("intercept", outcome.intercept.into()),
        ("weights", weights.into()),
    ])
}

/// A report as scripts and the page get it; its lists are those of `shown`, brought up to date.
fn report(report: &Report, shown: &mut Vec<Lists>) -> JsValue {
    let is_behind = |lists: &Lists, standing: &Standing| {
        let Lists([(_, train), ..]) = lists;
        train.length() as usize <= standing.epoch_losses.len()
    };
    // Otherwise the race has started again.
    let mut known = shown.iter().zip(&report.rules);
    if shown.len() != report.rules.len() || !known.all(|(lists, rule)| is_behind(lists, rule)) {
        *shown = report.rules.iter().map(|_| Lists::new()).collect();
    }
    let rules = report.rules.iter().zip(shown).map(|(standing, lists)| {
        lists.update(standing);
        let rule = object([
            ("learningRate", number(standing.learning_rate)),
            ("learningRateIsAtGridEnd", standing.is_at_an_end.into()),
            ("learningRateUntuned", standing.is_untuned.into()),
            ("steps", (standing.steps as f64).into()),
            ("learningRateChanged", standing.has_changed_rate.into()),
            (
                "differenceErrors",
                numbers(standing.difference_errors.iter().copied()),
            ),
            ("lossSoFar", number(standing.loss_so_far)),
            ("nonzeros", (standing.visited as f64).into()),
            ("seconds", standing.seconds.into()),
        ]);
        for (name, list) in &lists.0 {
            set(&rule, name, list);
        }
        (standing.kind.name(), JsValue::from(rule))
    });
    let rules = object(rules);
    let repeating = report.repeating.map_or(JsValue::NULL, |counts| {
        numbers(counts.into_iter().map(|count| count as f64))
    });
    object([
        ("about", "report".into()),
        ("stage", report.stage.name().into()),
        ("share", report.share.into()),
        ("isPaused", report.is_paused.into()),
        ("bytes", (report.bytes as f64).into()),
        ("backend", report.chosen.backend.name().into()),
        ("adapter", text(report.chosen.adapter.as_deref())),
        ("why", text(report.chosen.why.as_deref())),
        ("repeating", repeating),
        ("rules", rules.into()),
    ])
    .into()
}

fn text(text: Option<&str>) -> JsValue {
    text.map_or(JsValue::NULL, JsValue::from_str)
}

fn number(number: Option<f64>) -> JsValue {
    number.map_or(JsValue::NULL, JsValue::from_f64)
}

fn numbers(numbers: impl Iterator<Item = f64>) -> JsValue {
    numbers.map(JsValue::from_f64).collect::<Array>().into()
}

/// A race that the page drives.
async fn race(message: &Array, reply: Reply) -> Result<Value, Unanswered> {
    let link = message.get(2).as_string().unwrap_or_default();
    let experiment = query::parse(&link).map(|parsed| parsed.experiment);
    let experiment = experiment.ok_or_else(|| failed("this is no link to a sparse experiment"))?;
    let texts = [message.get(3), message.get(4)];
    warm_up(&experiment);
    let prepared = prepare(&experiment, &texts, ON_THE_PAGE, reply).await?;
    ask_if_large(&experiment, &prepared, message, reply).await?;
    let mut session = Session::new(race_of(experiment, prepared, message));
    show(reply, "data", [("data", about_data(session.race()))]);
    let mut shown = Shown::default();
    shown.report(reply, &session);
    let mut pace = Pace::new();
    loop {
        for command in reply.more() {
            let backend = session.race().chosen().backend;
            let has_changed = obey(&mut session, &command, reply).await?;
            if has_changed || session.race().chosen().backend != backend {
                shown.report(reply, &session);
            }
        }
        if session.is_at_rest() {
            reply.wait().await?;
        } else {
            advance(&mut session, &mut shown, &mut pace, reply).await?;
        }
    }
}

/// Waits, before a large race, until the page wants it.
async fn ask_if_large(
    experiment: &Experiment,
    prepared: &Prepared,
    message: &Array,
    reply: Reply,
) -> Result<(), Unanswered> {
    let bytes = most_bytes(experiment, &prepared.examples);
    // One that the page asks for again was wanted before.
    if bytes <= LARGE_BYTES || message.get(5).is_string() {
        return Ok(());
    }
    let features = prepared.examples.feature_count() as f64;
    let about = [
        ("bytes", (bytes as f64).into()),
        ("features", features.into()),
    ];
    show(reply, "large", about);
    let begins = |command: &Array| command.get(1).as_string().as_deref() == Some("begin");
    while !reply.more().iter().any(begins) {
        reply.wait().await?;
    }
    Ok(())
}

/// What became known of the examples.
fn about_data(race: &Race) -> JsValue {
    let examples = &race.plan().examples;
    let split = &examples.split;
    object([
        ("examples", (split.training.len() as f64).into()),
        ("heldOut", (split.held_out.len() as f64).into()),
        ("features", (examples.feature_count() as f64).into()),
        ("nonzeros", (examples.nonzeros() as f64).into()),
        ("labels", labels(race)),
        ("firstIndex", first_index(examples)),
        ("badLineCount", (race.bad_lines().count as f64).into()),
        ("badLines", bad_lines(race.bad_lines())),
        (
            "notUtf8LineCount",
            (race.bad_lines().not_utf8 as f64).into(),
        ),
    ])
    .into()
}

fn show<const N: usize>(reply: Reply, about: &str, entries: [(&str, JsValue); N]) {
    let part = object(entries);
    set(&part, "about", &about.into());
    reply.part(Value::Object(part.into(), Array::new()));
}

/// Does what a message says, and tells whether a report is due for it; one that says nothing known
/// is passed over.
async fn obey(session: &mut Session, command: &Array, reply: Reply) -> Result<bool, Unanswered> {
    session.race_mut().check();
    match command.get(1).as_string().unwrap_or_default().as_str() {
        "pause" => session.race_mut().pause(),
        "resume" => session.race_mut().resume(),
        "step" => session.race_mut().step(&seconds).await,
        "stop" => session.stop(),
        "reset" => session.reset().await,
        "repeat" => session.repeat().await,
        "rate" => {
            let kind = command
                .get(2)
                .as_string()
                .and_then(|name| Kind::named(&name));
            if let (Some(kind), Some(rate)) = (kind, command.get(3).as_f64()) {
                session.set_learning_rate(kind, rate);
            }
        }
        _ => {
            show_figure(session.race_mut(), command, reply).await?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// Shows the figure that a message asks for, or watches the feature that it picks.
async fn show_figure(race: &mut Race, command: &Array, reply: Reply) -> Result<(), Unanswered> {
    let whole = |place: u32| command.get(place).as_f64().unwrap_or_default() as u32;
    match command.get(1).as_string().unwrap_or_default().as_str() {
        "densities" => {
            let size = [whole(2) as usize, whole(3) as usize].map(|cells| cells.clamp(1, 1024));
            let found = race.rates(size).await;
            let entry = by_rule(race, found.iter().map(rates));
            show(reply, "densities", [("rules", entry)]);
        }
        "curves" => {
            let curves = race.curves();
            let curves = curves.iter().map(|points| {
                let flat: Vec<f32> = points.as_flattened().iter().map(|&v| v as f32).collect();
                Float32Array::from(flat.as_slice()).into()
            });
            show(reply, "curves", [("rules", by_rule(race, curves))]);
        }
        "pick" => {
            let at = [3, 4].map(|place| command.get(place).as_f64().unwrap_or(f64::NAN));
            let rule = command.get(5).as_string();
            if let Some(kind) = rule.and_then(|name| Kind::named(&name)) {
                race.pick(whole(2) as usize, at, kind).await;
            }
        }
        "deciles" => {
            let found = race.deciles().await;
            let entry = by_rule(
                race,
                found.iter().map(|found| {
                    let deciles = found.iter().map(|decile| {
                        JsValue::from(object([
                            ("features", (decile.features as f64).into()),
                            ("most", decile.most.into()),
                            ("least", decile.least.into()),
                            ("weight", decile.weight.into()),
                            ("error", number(decile.error)),
                        ]))
                    });
                    deciles.collect::<Array>().into()
                }),
            );
            show(reply, "deciles", [("rules", entry)]);
        }
        "growth" => {
            let entry = by_rule(
                race,
                race.growth().into_iter().map(|growth| {
                    let points = growth.points.iter().map(|(steps, states)| {
                        let states = states.iter().map(|&state| f64::from(state));
                        numbers(std::iter::once(*steps as f64).chain(states))
                    });
                    points.collect::<Array>().into()
                }),
            );
            let examples = &race.plan().examples;
            let names = race.watched().iter();
            let names = names.map(|&rank| JsValue::from(examples.name(rank as usize)));
            let counts = race.watched().iter();
            let counts = counts.filter_map(|&rank| examples.counts().get(rank as usize));
            let counts = numbers(counts.map(|&count| f64::from(count)));
            show(
                reply,
                "growth",
                [
                    ("names", names.collect::<Array>().into()),
                    ("counts", counts),
                    ("rules", entry),
                ],
            );
        }
        "words" => {
            let found = race.words(whole(2) as usize).await;
            let list = |words: &[super::figures::Word]| {
                let words = words.iter().map(|word| {
                    JsValue::from(object([
                        ("name", word.name.as_str().into()),
                        ("count", word.count.into()),
                        ("weight", word.weight.into()),
                    ]))
                });
                JsValue::from(words.collect::<Array>())
            };
            let entry = by_rule(
                race,
                found.iter().map(|words| {
                    object([
                        ("frequent", list(&words.frequent)),
                        ("rare", list(&words.rare)),
                        ("tooRare", words.too_rare.into()),
                    ])
                    .into()
                }),
            );
            show(reply, "words", [("rules", entry)]);
        }
        "ratios" => {
            let [frequent, rare] = match race.watched() {
                [frequent, .., rare] => [*frequent, *rare],
                _ => [0, 0],
            };
            let found = race.rate_ratios(rare, frequent).await;
            let entry = by_rule(
                race,
                found.iter().map(|ratio| {
                    object([
                        ("predicted", number(ratio.and_then(|ratio| ratio.predicted))),
                        ("measured", number(ratio.map(|ratio| ratio.measured))),
                    ])
                    .into()
                }),
            );
            show(reply, "ratios", [("rules", entry)]);
        }
        "weights" => {
            let name = command.get(2).as_string().unwrap_or_default();
            let mut rules = race.experiment().rules.iter();
            let place = rules.position(|rule| rule.kind.name() == name);
            let parts = match place {
                Some(place) => weights_table(race, place, reply).await?,
                None => None,
            };
            if let Some(parts) = parts {
                let buffers = parts.iter().map(|part| Uint8Array::from(part).buffer());
                let transferred = buffers.collect::<Array>();
                let part = object([
                    ("about", "weights".into()),
                    ("rule", name.as_str().into()),
                    ("parts", parts.into()),
                ]);
                reply.part(Value::Object(part.into(), transferred));
            }
        }
        _ => {}
    }
    Ok(())
}

/// A rule's weights as a table, in arrays of bytes.
async fn weights_table(
    race: &Race,
    place: usize,
    reply: Reply,
) -> Result<Option<Array>, Unanswered> {
    const ROWS_AT_ONCE: usize = 20_000;
    let Some((weights, intercept)) = race.model_of(place).await else {
        return Ok(None);
    };
    let examples = &race.plan().examples;
    let bytes = |text: &str| JsValue::from(Uint8Array::from(text.as_bytes()));
    let parts = Array::of1(&bytes(&weights_header(intercept)));
    let mut pace = Pace::new();
    for start in (0..weights.len()).step_by(ROWS_AT_ONCE) {
        let rows = weight_rows(examples, &weights, start..start + ROWS_AT_ONCE);
        if rows.is_empty() {
            break;
        }
        parts.push(&bytes(&rows));
        pace.keep(reply).await?;
    }
    Ok(Some(parts))
}

/// An object with an entry for each rule, in the experiment's order.
fn by_rule(race: &Race, values: impl Iterator<Item = JsValue>) -> JsValue {
    let rules = race.experiment().rules.iter();
    object(rules.map(|rule| rule.kind.name()).zip(values)).into()
}

fn rates(Rates { density, watched }: &Rates) -> JsValue {
    let pair = |numbers_of: [f64; 2]| numbers(numbers_of.into_iter());
    let watched = watched.iter();
    let watched = watched.map(|point| point.map_or(JsValue::NULL, pair));
    object([
        ("watched", watched.collect::<Array>().into()),
        ("frequency", pair(density.frequency)),
        ("rate", pair(density.rate)),
        ("size", pair(density.size.map(|cells| cells as f64))),
        (
            "counts",
            Uint32Array::from(density.counts.as_slice()).into(),
        ),
    ])
    .into()
}

fn show_spreads(reply: Reply, repeats: &Repeats) {
    let spreads = repeats.spreads();
    let rules = spreads.iter().map(|tenths| {
        let tenths = tenths
            .iter()
            .map(|spread| numbers([spread.mean, spread.least, spread.most].into_iter()));
        JsValue::from(tenths.collect::<Array>())
    });
    let rules = rules.collect::<Array>().into();
    let done = JsValue::from(repeats.done() as f64);
    show(reply, "spreads", [("dataSets", done), ("rules", rules)]);
}
