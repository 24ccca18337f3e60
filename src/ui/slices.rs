//! Long work in slices between frames, so that the page never waits for it.

use leptos_dom::helpers::set_timeout;

use super::reactive::{RwSignal, effect};

/// Optimizer steps between two looks at the clock: a step on a long typed function takes a hundred
/// times as long as one on a bowl.
const STEPS_AT_ONCE: u32 = 1000;
/// How long the first slice may take.
const FIRST_SLICE_MS: f64 = 1.5;
/// How long each later slice may take.
const SLICE_MS: f64 = 6.0;

/// Does at most so many optimizer steps of some work; whether it is done.
type Work = Box<dyn FnMut(u32) -> bool>;

/// The result of work that `start` sets up from the signals it reads; none until it is done.
///
/// The first slice runs at once, so that short work has no intermediate state. When the signals
/// change, unfinished work is dropped.
pub fn in_slices<R, W>(start: impl Fn() -> W + 'static) -> RwSignal<Option<R>>
where
    R: Send + Sync + 'static,
    W: FnMut(u32) -> Option<R> + 'static,
{
    let result = RwSignal::new(None);
    let forget = move || result.set(None);
    let start = move || -> Work {
        let mut work = start();
        Box::new(move |budget| {
            let done = work(budget);
            let is_done = done.is_some();
            if is_done {
                result.try_set(done);
            }
            is_done
        })
    };
    start_when_changed(Box::new(start), Box::new(forget));
    result
}

fn start_when_changed(start: Box<dyn Fn() -> Work>, forget: Box<dyn Fn()>) {
    let generation = RwSignal::new(0_u64);
    effect(move || {
        let mut work = start();
        generation.update(|generation| *generation += 1);
        if !is_done_after(&mut work, FIRST_SLICE_MS) {
            // What was found before is not of what is shown now.
            forget();
            go_on(work, generation, generation.get_untracked());
        }
    });
}

/// Works until it is done or the time is over.
fn is_done_after(work: &mut Work, most_ms: f64) -> bool {
    let start_ms = super::now_ms();
    loop {
        let is_done = work(STEPS_AT_ONCE);
        if is_done || super::now_ms() - start_ms > most_ms {
            return is_done;
        }
    }
}

fn go_on(mut work: Work, generation: RwSignal<u64>, mine: u64) {
    let next_slice = move || {
        let is_current = generation.try_get_untracked() == Some(mine);
        if is_current && !is_done_after(&mut work, SLICE_MS) {
            go_on(work, generation, mine);
        }
    };
    set_timeout(next_slice, std::time::Duration::ZERO);
}
