//! Long work in slices between frames, so that the page never waits for it.

use leptos::prelude::*;

/// Optimizer steps at once: about a millisecond of work.
const FIRST_SLICE: u32 = 20_000;
/// Optimizer steps per later slice: a few milliseconds.
const SLICE: u32 = 100_000;

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
    Effect::new(move |_| {
        let mut work = start();
        generation.update_value(|generation| *generation += 1);
        if let Some(done) = work(FIRST_SLICE) {
            set_result.set(Some(done));
            return;
        }
        // What was found before is not of what is shown now.
        set_result.set(None);
        go_on(work, set_result, generation, generation.get_value());
    });
    result
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
            match work(SLICE) {
                Some(done) => {
                    set_result.try_set(Some(done));
                }
                None => go_on(work, set_result, generation, mine),
            }
        },
        std::time::Duration::ZERO,
    );
}
