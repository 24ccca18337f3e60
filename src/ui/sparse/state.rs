//! The view's state: the experiment, the reader's files, the race under way and all that is known
//! of it.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Array;
use leptos_dom::helpers::{TimeoutHandle, set_timeout, set_timeout_with_handle};
use reactive_graph::graph::untrack;
use wasm_bindgen::JsValue;

use super::address::Opened;
use super::answers::{
    self, AboutData, DensityOf, Growths, Large, Message, Preparing, Spreads, Weights,
};
use crate::settings::{Problem, Theme};
use crate::sparse::experiment::{Data, Experiment, Rate};
use crate::sparse::figures::Words;
use crate::sparse::frequency::Decile;
use crate::sparse::memory;
use crate::sparse::query;
use crate::sparse::race::{Report, Stage};
use crate::sparse::rate_ratio::RateRatio;
use crate::sparse::repeats::Spread;
use crate::sparse::rules::Kind;
use crate::sparse::tune::GRID;
use crate::ui::engine::{Answer, Asked, Module, ask_module};
use crate::ui::now_ms;
use crate::ui::reactive::{Memo, RwSignal, memo};

/// Generated data with no more work than this are trained on at every change: a second or two.
const AT_ONCE_NONZEROS: f64 = 1e8;

/// A change rests this long before it is trained on.
const REST: Duration = Duration::from_millis(250);

/// Figures are asked for this much of the time at most: the training has the rest.
const SHARE_FOR_FIGURES: f64 = 0.2;

/// Between two pictures of a race under way.
const BETWEEN_FIGURES_MS: f64 = 250.0;

/// A race has so long to say that it has stopped.
const STOPPING_MS: f64 = 1_500.0;

/// A worker passes so many numbers of features in a millisecond, at least, when it makes a picture.
const MODEL_CELLS_PER_MS: f64 = 20_000.0;

/// Cells of the density, along frequency and along rate.
const DENSITY_CELLS: [u32; 2] = [56, 40];

/// Words shown among the frequent, and among the rare.
const WORDS_SHOWN: u32 = 8;

/// What there is of a race.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// None was started, or the file for it is missing.
    Idle,
    /// Examples are generated or read.
    Preparing,
    /// The reader is asked whether a race that takes much memory is to begin.
    Asking,
    /// The worker reports.
    Racing,
    /// It could not be, or broke off.
    Failed,
}

/// What the figures show: a race at one moment, all of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// Of which race it is, in the order in which they were started, from 1; 0 before the first.
    pub race: u32,
    /// What is raced.
    pub experiment: Experiment,
    /// On which examples.
    pub data: AboutData,
    /// By rule.
    pub curves: Vec<Vec<[f64; 2]>>,
    /// By rule.
    pub densities: Vec<DensityOf>,
    /// By rule, by tenth.
    pub deciles: Vec<Vec<Decile>>,
    /// Of the watched features.
    pub growths: Growths,
    /// By rule.
    pub words: Vec<Words>,
    /// By rule.
    pub ratios: Vec<Option<RateRatio>>,
    /// Over several data sets; none before there are any.
    pub spreads: Option<Spreads>,
}

impl Picture {
    /// Error of a rule's weights, or their size where the truth is not known, by tenth: over the
    /// data sets that were raced on.
    #[must_use]
    pub fn tenths(&self, place: usize) -> Vec<Spread> {
        let spreads = self.spreads.as_ref();
        match spreads.and_then(|spreads| spreads.rules.get(place)) {
            Some(tenths) => tenths.clone(),
            None => {
                let tenths = self.deciles.get(place).into_iter().flatten();
                let of_one = |d: &Decile| Spread::of(&[d.error.unwrap_or(d.weight)]);
                tenths.filter_map(of_one).collect()
            }
        }
    }

    /// On how many data sets.
    #[must_use]
    pub fn data_sets(&self) -> usize {
        self.spreads.as_ref().map_or(1, |spreads| spreads.data_sets)
    }

    /// Whether the true weights are known.
    #[must_use]
    pub fn has_truth(&self) -> bool {
        matches!(self.experiment.data, Data::Zipf(_))
    }

    /// The rules with their places, without some that are hidden.
    #[must_use]
    pub fn rules_but(&self, hidden: &[Kind]) -> Vec<(usize, Kind)> {
        let kinds = self.experiment.rules.iter().map(|rule| rule.kind);
        let shown = kinds.enumerate().filter(|(_, kind)| !hidden.contains(kind));
        shown.collect()
    }
}

/// Handles on the state; cheap to copy into every part of the view.
#[derive(Clone, Copy)]
pub struct SparseLab {
    /// What is to be raced.
    pub experiment: RwSignal<Experiment>,
    /// What could not be followed, until dismissed.
    pub problems: RwSignal<Vec<Problem>>,
    /// The page's colours, as chosen.
    pub theme: RwSignal<Theme>,
    /// Whether a host page has said what this is.
    pub embed: bool,
    foreign: RwSignal<Vec<String>>,
    /// What the race is about that reports, or reported last; η as it is now.
    pub raced: RwSignal<Experiment>,
    /// What there is of it.
    pub phase: RwSignal<Phase>,
    /// Why it failed.
    pub failure: RwSignal<String>,
    /// While examples are made.
    pub preparing: RwSignal<Option<Preparing>>,
    /// What is asked before a race that takes much memory.
    pub warning: RwSignal<String>,
    /// Which race is under way, or was last.
    race: RwSignal<u32>,
    /// The examples.
    pub data: RwSignal<Option<AboutData>>,
    /// How far the race is; of the last race until the next one reports.
    pub report: RwSignal<Option<Report>>,
    /// For how many seconds it has been going, by the page's clock.
    pub elapsed_s: RwSignal<f64>,
    /// What the figures show.
    pub picture: RwSignal<Picture>,
    /// The rules of the race, in its order.
    pub kinds: Memo<Vec<Kind>>,
    /// Rules that are switched off in figures.
    pub hidden: RwSignal<Vec<Kind>>,
    /// The names of the reader's files, none where there is none; their content is in `FILES`.
    pub files: RwSignal<[Option<String>; 2]>,
    /// What the reader's file must still be, before there can be a race.
    pub wanted_file: Memo<Option<String>>,
}

/// Called with weights that were asked for.
pub type OnWeights = Rc<dyn Fn(&Weights)>;

/// The race that is under way.
#[derive(Default)]
struct UnderWay {
    asked: Option<Asked>,
    /// What it is about: shown once its examples are there.
    experiment: Experiment,
    /// When it was last heard of.
    heard_ms: f64,
    /// What there is of the next picture.
    next: Picture,
    /// How many answers are still to come for it, and when they were asked for.
    open: u32,
    asked_ms: f64,
    answered_ms: f64,
    /// Whether it was told to stop and has not said yet that it did.
    is_stopping: bool,
    /// Whether the picture of the end was asked for.
    is_final: bool,
    /// Who asked for weights, in order.
    on_weights: VecDeque<OnWeights>,
}

thread_local! {
    /// What the reader gave: texts or files, to train on and to hold out.
    static FILES: RefCell<[JsValue; 2]> = const { RefCell::new([JsValue::UNDEFINED, JsValue::UNDEFINED]) };
    static UNDER_WAY: RefCell<UnderWay> = RefCell::default();
    /// A change that rests.
    static WAITING: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
    /// The race of which messages count.
    static RACE: Cell<u32> = const { Cell::new(0) };
}

impl SparseLab {
    /// The state a link opens.
    #[must_use]
    pub fn new(opened: Opened) -> Self {
        let experiment = RwSignal::new(opened.experiment.clone());
        let raced = RwSignal::new(opened.experiment.clone());
        let files = RwSignal::new([None, None]);
        let wanted_file = memo(move || {
            let file = experiment.with(|e| e.data.file().cloned())?;
            let [has_training, has_held_out] =
                files.with(|files: &[Option<String>; 2]| files.each_ref().map(Option::is_some));
            if !has_training {
                return Some(file.name);
            }
            let is_named = !file.held_out_name.is_empty();
            (is_named && !has_held_out).then_some(file.held_out_name)
        });
        Self {
            experiment,
            problems: RwSignal::new(opened.problems),
            theme: RwSignal::new(opened.theme),
            embed: opened.embed,
            foreign: RwSignal::new(opened.foreign),
            raced,
            phase: RwSignal::new(Phase::Idle),
            failure: RwSignal::new(String::new()),
            preparing: RwSignal::new(None),
            warning: RwSignal::new(String::new()),
            race: RwSignal::new(0),
            data: RwSignal::new(None),
            report: RwSignal::new(None),
            elapsed_s: RwSignal::new(0.0),
            picture: RwSignal::new(Picture::default()),
            kinds: memo(move || {
                let kinds = |raced: &Experiment| raced.rules.iter().map(|rule| rule.kind).collect();
                raced.with(kinds)
            }),
            hidden: RwSignal::new(Vec::new()),
            files,
            wanted_file,
        }
    }

    /// All that a link holds.
    #[must_use]
    pub fn opened_untracked(self) -> Opened {
        Opened {
            experiment: self.experiment.get_untracked(),
            problems: Vec::new(),
            theme: self.theme.get_untracked(),
            embed: self.embed,
            foreign: self.foreign.get_untracked(),
        }
    }

    /// Puts what a link holds in the place of what there is.
    pub fn open(self, opened: Opened) {
        self.problems.set(opened.problems);
        self.theme.set(opened.theme);
        self.foreign.set(opened.foreign);
        self.drop_files_of_another_kind(&opened.experiment);
        self.experiment.set(opened.experiment);
        start_at_once(self);
    }

    /// Lets go of the reader's files where the next experiment is on another kind of data.
    fn drop_files_of_another_kind(self, next: &Experiment) {
        if self.experiment.with_untracked(|now| now.data.name()) == next.data.name() {
            return;
        }
        FILES.with_borrow_mut(|files| *files = [JsValue::UNDEFINED, JsValue::UNDEFINED]);
        self.files.set([None, None]);
    }

    /// Sets a part of the experiment by its name in links; what cannot be is told, and what is
    /// nearest or was there before is in force.
    pub fn set(self, name: &str, given: &str) {
        self.set_by(query::set, name, given);
    }

    /// As [`Self::set`], from what was typed into the part's field.
    pub fn set_typed(self, name: &str, given: &str) {
        self.set_by(query::set_typed, name, given);
    }

    fn set_by(
        self,
        set: fn(&mut Experiment, &str, &str) -> Result<(), Problem>,
        name: &str,
        given: &str,
    ) {
        let mut experiment = self.experiment.get_untracked();
        let refused = set(&mut experiment, name, given).err();
        self.problems.update(|problems| {
            problems.retain(|known| known.name != name);
            problems.extend(refused);
        });
        self.change(experiment);
    }

    /// Another experiment; a small one is trained on as soon as changes rest.
    pub fn change(self, experiment: Experiment) {
        let before = self.experiment.get_untracked();
        if experiment == before {
            // Fields show what is in force again.
            self.experiment.set(before);
            return;
        }
        self.drop_files_of_another_kind(&experiment);
        self.experiment.set(experiment);
        if self.phase.get_untracked() == Phase::Asking {
            // What was asked was about another race.
            stop(self);
        }
        start_if_small(self);
    }

    /// Another η of a rule: of the race under way from its next batch on.
    pub fn set_rate(self, kind: Kind, rate: Rate) {
        let set = |experiment: &mut Experiment| {
            for rule in &mut experiment.rules {
                if rule.kind == kind {
                    rule.rate = rate;
                }
            }
        };
        match rate {
            Rate::Given(learning_rate) if self.is_going() => {
                self.experiment.update(set);
                self.raced.update(set);
                forget_spreads(self);
                tell(&["rate".into(), kind.name().into(), learning_rate.into()]);
            }
            _ => {
                let mut experiment = self.experiment.get_untracked();
                set(&mut experiment);
                self.change(experiment);
            }
        }
    }

    /// Whether a race is on, be it paused.
    #[must_use]
    pub fn is_going(self) -> bool {
        untrack(|| self.follows_going())
    }

    /// As [`Self::is_going`], followed.
    #[must_use]
    pub fn follows_going(self) -> bool {
        let is_over = |report: &Option<Report>| {
            let stage = report.as_ref().map(|report| report.stage);
            stage == Some(Stage::Finished)
        };
        match self.phase.get() {
            Phase::Idle | Phase::Failed => false,
            Phase::Preparing | Phase::Asking => true,
            Phase::Racing => !self.report.with(is_over),
        }
    }

    /// How many further data sets are done, of how many, while they are raced on; followed.
    #[must_use]
    pub fn repeating(self) -> Option<[usize; 2]> {
        let repeating = |report: &Option<Report>| report.as_ref()?.repeating;
        self.report
            .with(repeating)
            .filter(|_| self.phase.get() == Phase::Racing)
    }

    /// Whether every rule has done every epoch, followed.
    #[must_use]
    pub fn has_finished(self) -> bool {
        let epochs = self.raced.with(|raced| raced.epochs) as usize;
        let are_done = |report: &Option<Report>| {
            let mut rules = report.iter().flat_map(|report| &report.rules);
            report.is_some() && rules.all(|rule| rule.epoch_losses.len() >= epochs)
        };
        self.phase.get() == Phase::Racing && self.report.with(are_done)
    }

    fn has_finished_untracked(self) -> bool {
        untrack(|| self.has_finished())
    }

    /// Whether there are results of a race on the page.
    #[must_use]
    pub fn raced_is_shown(self) -> bool {
        self.report.with(Option::is_some)
    }

    /// Whether there is a picture for the figures to show.
    #[must_use]
    pub fn has_picture(self) -> bool {
        self.picture.with(|picture| picture.race > 0)
    }

    /// Whether what is shown is of another race than the one to come or under way. Where that one is
    /// over in a moment, it is not worth saying.
    #[must_use]
    pub fn shows_the_race_before(self) -> bool {
        if !(self.raced_is_shown() || self.has_picture()) {
            return false;
        }
        let next = self.experiment.with(|e| e.data.name());
        if self.raced.with(|raced| raced.data.name() != next) {
            return true;
        }
        match self.phase.get() {
            Phase::Idle | Phase::Failed => true,
            Phase::Preparing | Phase::Asking | Phase::Racing => {
                let is_long = self.experiment.with(work) > AT_ONCE_NONZEROS;
                let race = self.race.get();
                is_long && self.has_picture() && self.picture.with(|p| p.race != race)
            }
        }
    }

    /// Whether the experiment is no longer what is raced.
    #[must_use]
    pub fn is_changed(self) -> bool {
        let raced = self.raced.get();
        self.experiment.with(|experiment| *experiment != raced)
    }

    /// Takes what the reader gave: a text or a file, by its name; the second one is held out.
    pub fn take_file(self, place: usize, name: &str, content: JsValue) {
        FILES.with_borrow_mut(|files| {
            if let Some(file) = files.get_mut(place) {
                *file = content;
            }
        });
        self.files.update(|files| {
            if let Some(file) = files.get_mut(place) {
                *file = Some(name.to_owned());
            }
        });
        let mut experiment = self.experiment.get_untracked();
        if let Some(file) = experiment.data.file_mut() {
            let slot = if place == 0 {
                &mut file.name
            } else {
                &mut file.held_out_name
            };
            *slot = name.chars().take(query::LONGEST_NAME).collect();
            self.experiment.set(experiment);
            start(self);
        }
    }

    /// Lets go of the file that is held out.
    pub fn drop_held_out_file(self) {
        FILES.with_borrow_mut(|[_, held_out]| *held_out = JsValue::UNDEFINED);
        self.files.update(|[_, held_out]| *held_out = None);
        let mut experiment = self.experiment.get_untracked();
        if let Some(file) = experiment.data.file_mut() {
            file.held_out_name.clear();
        }
        self.experiment.set(experiment);
        if self.wanted_file.get_untracked().is_none() {
            start(self);
        }
    }

    /// Another kind of data, at its defaults.
    pub fn set_kind_of_data(self, name: &str) {
        let mut experiment = self.experiment.get_untracked();
        if experiment.data.name() == name {
            return;
        }
        if let Some(data) = Data::named(name) {
            experiment.data = data;
            self.change(experiment);
        }
    }
}

/// Visits of the whole race, the search for rates included.
fn work(experiment: &Experiment) -> f64 {
    let Data::Zipf(zipf) = &experiment.data else {
        return f64::INFINITY;
    };
    let nonzeros = f64::from(zipf.examples) * f64::from(zipf.nonzeros_per_example);
    let of_rule = |rate: Rate| match rate {
        Rate::Tuned => GRID.len() as f64,
        Rate::Given(_) => 0.0,
    };
    let epochs = f64::from(experiment.epochs);
    let rules = experiment.rules.iter();
    let visits: f64 = rules.map(|rule| epochs + of_rule(rule.rate)).sum();
    nonzeros * visits
}

/// Starts what a link opened, unless it needs a file or takes long.
pub fn start_at_once(lab: SparseLab) {
    let is_large = work(&lab.experiment.get_untracked()) > 20.0 * AT_ONCE_NONZEROS;
    if is_large || lab.wanted_file.get_untracked().is_some() {
        let_go();
        lab.phase.set(Phase::Idle);
    } else {
        start(lab);
    }
}

/// Starts again once changes rest, where that takes no longer than a moment.
fn start_if_small(lab: SparseLab) {
    do_not_wait();
    if work(&lab.experiment.get_untracked()) <= AT_ONCE_NONZEROS {
        WAITING.set(set_timeout_with_handle(move || start(lab), REST).ok());
    }
}

fn do_not_wait() {
    if let Some(waiting) = WAITING.take() {
        waiting.clear();
    }
}

/// Lets go of the race under way: nothing more is heard of it.
fn let_go() {
    do_not_wait();
    RACE.set(RACE.get() + 1);
    if let Some(asked) = UNDER_WAY.take().asked {
        asked.forget();
    }
}

/// Starts the experiment as it is now; the race before is let go, and what it showed stays until
/// there are examples.
pub fn start(lab: SparseLab) {
    let experiment = lab.experiment.get_untracked();
    let_go();
    lab.failure.set(String::new());
    lab.warning.set(String::new());
    lab.preparing.set(None);
    lab.race.set(RACE.get());
    if lab.wanted_file.get_untracked().is_some() {
        lab.phase.set(Phase::Idle);
        return;
    }
    let race = RACE.get();
    lab.phase.set(Phase::Preparing);
    lab.elapsed_s.set(0.0);
    UNDER_WAY.set(UnderWay {
        experiment: experiment.clone(),
        heard_ms: now_ms(),
        ..UnderWay::default()
    });
    let [text, held_out] = if experiment.data.file().is_some() {
        FILES.with_borrow(Clone::clone)
    } else {
        [JsValue::UNDEFINED, JsValue::UNDEFINED]
    };
    let message = Array::of5(
        &JsValue::UNDEFINED,
        &"race".into(),
        &query::format(&experiment, &[]).into(),
        &text,
        &held_out,
    );
    let on_answer = move |answer: Answer| {
        if RACE.get() == race {
            hear(lab, answer);
        }
    };
    let asked = ask_module(Module::Lab, &message, Rc::new(on_answer));
    UNDER_WAY.with_borrow_mut(|under_way| under_way.asked = Some(asked));
}

/// Sends more about the race; nothing where there is none.
pub fn tell(words: &[JsValue]) {
    let message = Array::of1(&JsValue::UNDEFINED);
    for word in words {
        message.push(word);
    }
    if let Some(asked) = UNDER_WAY.with_borrow(|under_way| under_way.asked) {
        asked.tell(&message);
    }
}

/// Asks for a rule's weights.
pub fn ask_for_weights(kind: Kind, on_weights: OnWeights) {
    UNDER_WAY.with_borrow_mut(|under_way| under_way.on_weights.push_back(on_weights));
    tell(&["weights".into(), kind.name().into()]);
}

/// Begins the race that the reader was asked about.
pub fn begin_large(lab: SparseLab) {
    lab.warning.set(String::new());
    lab.phase.set(Phase::Preparing);
    tell(&["begin".into()]);
}

/// Ends the race, or the making of its examples.
pub fn stop(lab: SparseLab) {
    do_not_wait();
    match lab.phase.get_untracked() {
        Phase::Racing => {
            tell(&["stop".into()]);
            end_unless_stopped(lab);
        }
        Phase::Preparing | Phase::Asking => {
            let_go();
            lab.warning.set(String::new());
            lab.phase.set(Phase::Idle);
        }
        Phase::Idle | Phase::Failed => {}
    }
}

/// Ends the worker of a race that does not say in a moment that it has stopped: it waits for a GPU
/// that does not answer, or hangs. A picture of millions of features takes longer than a moment.
fn end_unless_stopped(lab: SparseLab) {
    let race = RACE.get();
    UNDER_WAY.with_borrow_mut(|under_way| under_way.is_stopping = true);
    let features = lab
        .data
        .with_untracked(|data| data.as_ref().map_or(0.0, |data| data.features));
    let rules = lab.raced.with_untracked(|raced| raced.rules.len());
    let picture_ms = features * rules as f64 / MODEL_CELLS_PER_MS;
    let half = Duration::from_millis((STOPPING_MS + picture_ms) as u64 / 2);
    let look = move || {
        let is_stopping = UNDER_WAY.with_borrow(|under_way| under_way.is_stopping);
        if RACE.get() == race && is_stopping {
            end_worker(lab);
        }
    };
    // Where the page was busy itself, what the race said stands behind the first timer, and before
    // the second.
    set_timeout(move || set_timeout(look, half), half);
}

fn end_worker(lab: SparseLab) {
    RACE.set(RACE.get() + 1);
    if let Some(asked) = UNDER_WAY.take().asked {
        asked.end_worker();
    }
    lab.failure.set(
        "The race did not react to Stop, so its worker was ended; Train begins anew".to_owned(),
    );
    lab.phase.set(Phase::Idle);
}

/// Starts the same race again, at w = 0.
pub fn reset(lab: SparseLab) {
    forget_spreads(lab);
    run_again(lab);
    tell(&["resume".into()]);
}

fn run_again(lab: SparseLab) {
    lab.elapsed_s.set(0.0);
    UNDER_WAY.with_borrow_mut(|under_way| {
        under_way.heard_ms = now_ms();
        under_way.is_final = false;
        under_way.is_stopping = false;
    });
    tell(&["reset".into()]);
}

/// What further data sets showed is of another race.
fn forget_spreads(lab: SparseLab) {
    UNDER_WAY.with_borrow_mut(|under_way| under_way.next.spreads = None);
    lab.picture.update(|picture| picture.spreads = None);
}

/// Races on the further seeds.
pub fn repeat() {
    tell(&["repeat".into()]);
}

/// Watches another feature: in place of the watched one at `slot`, the one nearest to this point of
/// the rule's density. A race that is over and short is run again, so that its accumulator is seen
/// from the first batch.
pub fn pick(lab: SparseLab, slot: u32, log10_frequency: f64, log10_rate: f64, kind: Kind) {
    tell(&[
        "pick".into(),
        slot.into(),
        log10_frequency.into(),
        log10_rate.into(),
        kind.name().into(),
    ]);
    if lab.has_finished_untracked() && work(&lab.raced.get_untracked()) <= AT_ONCE_NONZEROS {
        // The same race, so that what further data sets showed still holds.
        run_again(lab);
    } else {
        ask_for_figures();
    }
}

fn hear(lab: SparseLab, answer: Answer) {
    let part = match answer {
        Answer::Part(part) => part,
        Answer::Failed(why) => {
            lab.failure.set(why);
            lab.phase.set(Phase::Failed);
            UNDER_WAY.with_borrow_mut(|under_way| under_way.asked = None);
            return;
        }
        // A race goes on until it is dropped.
        Answer::Done(_) => return,
    };
    let Some(message) = answers::read(&part) else {
        return;
    };
    match message {
        Message::Preparing(preparing) => lab.preparing.set(Some(preparing)),
        Message::Large(Large { bytes, features }) => {
            let warning =
                UNDER_WAY.with_borrow(|of| memory::warning(&of.experiment, features, bytes));
            lab.warning.set(warning);
            lab.phase.set(Phase::Asking);
        }
        Message::Data(data) => {
            let experiment = UNDER_WAY.with_borrow_mut(|under_way| {
                under_way.next.data.clone_from(&data);
                under_way.next.experiment.clone_from(&under_way.experiment);
                under_way.experiment.clone()
            });
            lab.report.set(None);
            lab.raced.set(experiment);
            lab.data.set(Some(data));
            lab.preparing.set(None);
        }
        Message::Report(report) => hear_report(lab, report),
        Message::Densities(densities) => answered(lab, |next| next.densities = densities),
        Message::Deciles(deciles) => answered(lab, |next| next.deciles = deciles),
        Message::Curves(curves) => answered(lab, |next| next.curves = curves),
        Message::Growth(growths) => answered(lab, |next| next.growths = growths),
        Message::Words(words) => answered(lab, |next| next.words = words),
        Message::Ratios(ratios) => answered(lab, |next| next.ratios = ratios),
        Message::Spreads(spreads) => {
            let spreads = Some(spreads);
            UNDER_WAY.with_borrow_mut(|under_way| under_way.next.spreads.clone_from(&spreads));
            lab.picture.update(|picture| picture.spreads = spreads);
        }
        Message::Weights(weights) => {
            let heard = UNDER_WAY.with_borrow_mut(|under_way| under_way.on_weights.pop_front());
            if let Some(on_weights) = heard {
                on_weights(&weights);
            }
        }
    }
}

fn hear_report(lab: SparseLab, report: Report) {
    lab.phase.set(Phase::Racing);
    let is_over = report.stage == Stage::Finished;
    let is_stopped = is_over && report.repeating.is_none();
    let is_training = matches!(report.stage, Stage::Training | Stage::Finished);
    let was_resting = |before: &Option<Report>| {
        let rests = |report: &Report| report.is_paused || report.stage == Stage::Finished;
        before.as_ref().is_some_and(rests)
    };
    let was_resting = lab.report.with_untracked(was_resting);
    lab.report.set(Some(report));
    let (worked_ms, is_due, has_ended) = UNDER_WAY.with_borrow_mut(|under_way| {
        let now = now_ms();
        let worked_ms = now - under_way.heard_ms;
        under_way.heard_ms = now;
        let took = (under_way.answered_ms - under_way.asked_ms).max(0.0);
        let rest = BETWEEN_FIGURES_MS.max(took / SHARE_FOR_FIGURES);
        let has_ended = is_over && !under_way.is_final;
        under_way.is_final = is_over;
        under_way.is_stopping &= !is_stopped;
        let is_free = under_way.open == 0 && now - under_way.asked_ms > rest;
        let is_due = has_ended || (is_training && !is_over && is_free);
        (worked_ms, is_due, has_ended)
    });
    if !was_resting {
        lab.elapsed_s.update(|elapsed| *elapsed += worked_ms / 1e3);
    }
    if is_due {
        ask_for_figures();
    }
    let raced = lab.raced.get_untracked();
    let is_short = work(&raced) <= AT_ONCE_NONZEROS && raced.seeds > 1;
    let has_spreads = UNDER_WAY.with_borrow(|under_way| under_way.next.spreads.is_some());
    if has_ended && is_short && !has_spreads && lab.has_finished_untracked() {
        repeat();
    }
}

/// Asks for all figures.
fn ask_for_figures() {
    let [columns, rows] = DENSITY_CELLS;
    let asked: [&[JsValue]; 6] = [
        &["curves".into()],
        &["deciles".into()],
        &["densities".into(), columns.into(), rows.into()],
        &["growth".into()],
        &["words".into(), WORDS_SHOWN.into()],
        &["ratios".into()],
    ];
    UNDER_WAY.with_borrow_mut(|under_way| {
        under_way.open += asked.len() as u32;
        under_way.asked_ms = now_ms();
    });
    for words in asked {
        tell(words);
    }
}

fn answered(lab: SparseLab, take: impl FnOnce(&mut Picture)) {
    let picture = UNDER_WAY.with_borrow_mut(|under_way| {
        take(&mut under_way.next);
        under_way.open = under_way.open.saturating_sub(1);
        under_way.answered_ms = now_ms();
        // With parts of two moments, figures would contradict each other.
        (under_way.open == 0).then(|| under_way.next.clone())
    });
    if let Some(mut picture) = picture {
        picture.experiment = lab.raced.get_untracked();
        picture.race = RACE.get();
        lab.picture.set(picture);
    }
}
