//! Long work in slices between frames, so that the page never waits for it.

use leptos::prelude::*;

use super::derived::effect;

/// Optimizer steps between two looks at the clock: a step on a long typed function takes a hundred
/// times as long as one on a bowl.
const STEPS_AT_ONCE: u32 = 1000;
/// How long the first slice may take.
const FIRST_SLICE_MS: f64 = 1.5;
/// How long each later slice may take.
const SLICE_MS: f64 = 6.0;

/// The result of work that `start` sets up from the signals it reads; none until it is done.
///
/// The first slice runs at once, so that short work has no intermediate state. When the signals
/// change, unfinished work is dropped.
pub fn in_slices<R, W>(start: impl Fn() -> W + 'static) -> ReadSignal<Option<R>>
where
    R: Clone + Send + Sync + 'static,
    W: FnMut(u32) -> Option<R> + 'static,
{
    let (result, set_result) = signal(None);
    let generation = StoredValue::new(0_u64);
    effect(move || {
        let mut work = start();
        generation.update_value(|generation| *generation += 1);
        if let Some(done) = slice(&mut work, FIRST_SLICE_MS) {
            set_result.set(Some(done));
            return;
        }
        // What was found before is not of what is shown now.
        set_result.set(None);
        go_on(work, set_result, generation, generation.get_value());
    });
    result
}

/// Works until it is done or the time is over.
fn slice<R>(work: &mut dyn FnMut(u32) -> Option<R>, most_ms: f64) -> Option<R> {
    let start_ms = super::now_ms();
    loop {
        let done = work(STEPS_AT_ONCE);
        if done.is_some() || super::now_ms() - start_ms > most_ms {
            return done;
        }
    }
}

fn go_on<R, W>(
    mut work: W,
    set_result: WriteSignal<Option<R>>,
    generation: StoredValue<u64>,
    mine: u64,
) where
    R: Clone + Send + Sync + 'static,
    W: FnMut(u32) -> Option<R> + 'static,
{
    set_timeout(
        move || {
            if generation.try_get_value() != Some(mine) {
                return;
            }
            match slice(&mut work, SLICE_MS) {
                Some(done) => {
                    set_result.try_set(Some(done));
                }
                None => go_on(work, set_result, generation, mine),
            }
        },
        std::time::Duration::ZERO,
    );
}
