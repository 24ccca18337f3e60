//! The runs of an experiment, made anew whenever it changes.
//!
//! Short runs are made at once, so that every figure follows in the same frame. Long ones are made in
//! slices between frames: meanwhile the page shows the runs before, and says how far the new ones are.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use leptos_dom::helpers::set_timeout;

use super::dom::{El, el};
use super::now_ms;
use super::reactive::{follow, memo};
use super::state::{Lab, Side};
use crate::comparison::{Comparison, PendingComparison};
use crate::objective::TypedFunction;
use crate::settings::{Experiment, ObjectiveName};

/// How long runs may take at once, in milliseconds.
const SLICE_MS: f64 = 8.0;
/// Optimizer steps between two looks at the clock: a step on a long typed function takes a hundred
/// times as long as one on a bowl.
const STEPS_AT_ONCE: u32 = 500;
/// Runs that need no longer than this are finished although the experiment has changed meanwhile, in
/// milliseconds. Otherwise a slider that moves in every frame would never show any.
const WORTH_FINISHING_MS: f64 = 250.0;

/// Runs that take no longer than this are not worth a word, in milliseconds.
const WORTH_SAYING_MS: f64 = 200.0;

/// An experiment, and the typed function that it may show.
type Wanted = (Experiment, Option<Arc<TypedFunction>>);

/// Runs that are being made.
struct Job {
    pending: Vec<(ObjectiveName, PendingComparison)>,
    steps: u64,
    began_ms: f64,
}

impl Job {
    fn steps_left(&self) -> u64 {
        self.pending.iter().map(|(_, runs)| runs.steps_left()).sum()
    }

    fn share_done(&self) -> f64 {
        1.0 - self.steps_left() as f64 / self.steps.max(1) as f64
    }

    /// What the page says of it; none while it is too young for that.
    fn progress(&self) -> Option<f64> {
        (now_ms() - self.began_ms > WORTH_SAYING_MS).then(|| self.share_done())
    }

    /// How much longer it will take, if it goes on as it has.
    fn ms_left(&self) -> f64 {
        let share_done = self.share_done();
        (now_ms() - self.began_ms) * (1.0 - share_done) / share_done.max(1e-6)
    }

    /// Works for one slice; answers with what became complete.
    fn advance(&mut self) -> Vec<(ObjectiveName, Comparison)> {
        let start_ms = now_ms();
        let mut complete = Vec::new();
        while let Some((name, mut runs)) = self.pending.pop() {
            while runs.steps_left() > 0 {
                if now_ms() - start_ms > SLICE_MS {
                    self.pending.push((name, runs));
                    return complete;
                }
                runs.advance(STEPS_AT_ONCE);
            }
            complete.push((name, runs.finish()));
        }
        complete
    }
}

/// One side's runs.
#[derive(Default)]
struct Runner {
    job: Option<Job>,
    /// What is to be run once the job is done.
    next: Option<Wanted>,
}

/// Keeps `lab`'s comparisons as its experiment has them, and fits the view to them where it is to
/// follow.
pub fn follow_runs(lab: Lab) {
    let runner = Rc::new(RefCell::new(Runner::default()));
    let is_there = memo(move || lab.side == Side::A || lab.settings.with(|s| s.other.is_some()));
    follow(move || {
        if !is_there.get() {
            *runner.borrow_mut() = Runner::default();
            lab.comparisons.set(Vec::new());
            lab.share_run.set(None);
            return;
        }
        lab.fit_asked.track();
        lab.drags_start.track();
        let wanted = (lab.experiment.get(), lab.typed.get());
        let mut running = runner.borrow_mut();
        if let Some(job) = &running.job
            && job.ms_left() <= WORTH_FINISHING_MS
        {
            running.next = Some(wanted);
            return;
        }
        let is_waiting = running.job.is_some();
        running.next = None;
        running.job = begin(lab, &wanted);
        lab.share_run
            .set(running.job.as_ref().and_then(Job::progress));
        if !is_waiting && running.job.is_some() {
            go_on(lab, Rc::clone(&runner));
        }
    });
}

/// Says how far runs are that take long.
#[must_use]
pub fn run_progress(lab: Lab, beside: Lab) -> El {
    let share = memo(
        move || match (lab.share_run.get(), beside.share_run.get()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        },
    );
    let percent = move || share.get().map_or(0, |share| (100.0 * share) as u32);
    el("p")
        .class("run-progress")
        .test_id("run-progress")
        .attr("role", "progressbar")
        .attr("aria-label", "Runs being made")
        .attr_of("aria-valuenow", move || percent().to_string())
        .shown_of(move || share.get().is_some())
        .text_of(move || {
            let (runs, steps) = lab
                .experiment
                .with(|e| (e.objectives.len() * e.rules.len(), e.steps));
            format!("Running {runs} × {steps} steps: {} %", percent())
        })
}

/// Starts the runs of `wanted` that are not there yet; none where the first slice was enough.
fn begin(lab: Lab, (experiment, typed): &Wanted) -> Option<Job> {
    let known = lab.comparisons.get_untracked();
    let mut kept = Vec::new();
    let mut pending = Vec::new();
    for &name in &experiment.objectives {
        let Some(runs) = PendingComparison::of(experiment, name, typed.as_ref()) else {
            continue;
        };
        let there = known.iter().find(|(known, _)| *known == name);
        kept.extend(there.cloned());
        if !there.is_some_and(|(_, there)| runs.will_be(there)) {
            pending.push((name, runs));
        }
    }
    // They are taken from the end.
    pending.reverse();
    let mut job = Job {
        steps: 0,
        began_ms: now_ms(),
        pending,
    };
    job.steps = job.steps_left();
    let complete = job.advance();
    publish(lab, kept, complete);
    if job.pending.is_empty() {
        lab.fit_to_runs();
        return None;
    }
    Some(job)
}

/// Works on the job in the next slice, and on the one after it once it is done.
fn go_on(lab: Lab, runner: Rc<RefCell<Runner>>) {
    let slice = move || {
        if lab.comparisons.try_get_untracked().is_none() {
            return;
        }
        let complete = match &mut runner.borrow_mut().job {
            Some(job) => job.advance(),
            None => return,
        };
        publish(lab, lab.comparisons.get_untracked(), complete);
        let mut running = runner.borrow_mut();
        if running
            .job
            .as_ref()
            .is_some_and(|job| job.pending.is_empty())
        {
            running.job = None;
            match running.next.take() {
                Some(wanted) => running.job = begin(lab, &wanted),
                None => lab.fit_to_runs(),
            }
        }
        lab.share_run
            .set(running.job.as_ref().and_then(Job::progress));
        if running.job.is_some() {
            drop(running);
            go_on(lab, runner);
        }
    };
    set_timeout(slice, Duration::ZERO);
}

/// Puts what became complete in place of what was there of the same objectives.
fn publish(
    lab: Lab,
    mut there: Vec<(ObjectiveName, Arc<Comparison>)>,
    complete: Vec<(ObjectiveName, Comparison)>,
) {
    for (name, comparison) in complete {
        there.retain(|(known, _)| *known != name);
        there.push((name, Arc::new(comparison)));
    }
    let is_same = lab.comparisons.with_untracked(|known| {
        let same = |(one, other): (&(_, Arc<_>), &(_, Arc<_>))| {
            one.0 == other.0 && Arc::ptr_eq(&one.1, &other.1)
        };
        known.len() == there.len() && known.iter().zip(&there).all(same)
    });
    if !is_same {
        lab.comparisons.set(there);
    }
}
