//! When canvases are drawn: all that changed together, once per frame at most.
//!
//! The first change after a frame is drawn at once, when all that follows from it has been worked out,
//! and so appears in the very next frame. Further changes before that frame wait for it. A canvas that
//! waits stays in the queue and draws the latest when its turn comes: if each change asked anew,
//! something that changes in every frame, such as the player, would never be drawn.
//!
//! Canvases are drawn after the page's text has been written, since each piece of text on a canvas makes
//! the browser lay the page out first if anything on it has changed.

use std::cell::RefCell;
use std::rc::Rc;

use leptos_dom::helpers::{queue_microtask, request_animation_frame};

use super::now_ms;

/// Signals set by effects set off further effects, each a microtask later; so many later, all have run.
const ROUNDS: u32 = 4;

/// Canvases that are still waiting after so long are left to the next frame: runs of 100,000 steps take
/// time to draw, and the page must stay responsive meanwhile.
const LONGEST_MS: f64 = 40.0;

/// Something that is drawn.
pub type Draw = Rc<dyn Fn()>;

#[derive(Default)]
struct Frames {
    waiting: Vec<Draw>,
    /// Whether the canvases that wait will be drawn without further ado.
    is_scheduled: bool,
    /// Whether canvases were drawn since the last frame.
    is_drawn: bool,
}

thread_local! {
    // The browser has one sequence of frames for the whole page. Never borrowed while something draws.
    static FRAMES: RefCell<Frames> = RefCell::default();
}

/// Has `draw` called once, soon.
pub fn draw_soon(draw: Draw) {
    let must_schedule = FRAMES.with_borrow_mut(|frames| {
        frames.waiting.push(draw);
        let must_schedule = !frames.is_scheduled && !frames.is_drawn;
        frames.is_scheduled |= must_schedule;
        must_schedule
    });
    if must_schedule {
        draw_after(ROUNDS);
    }
}

fn draw_after(rounds: u32) {
    queue_microtask(move || match rounds.checked_sub(1) {
        Some(rounds) => draw_after(rounds),
        None => draw_all(),
    });
}

fn draw_all() {
    let mut waiting = FRAMES.with_borrow_mut(|frames| {
        frames.is_scheduled = false;
        frames.is_drawn = true;
        std::mem::take(&mut frames.waiting).into_iter()
    });
    let start_ms = now_ms();
    while now_ms() - start_ms < LONGEST_MS
        && let Some(draw) = waiting.next()
    {
        draw();
    }
    // First in the queue for the next frame.
    FRAMES.with_borrow_mut(|frames| frames.waiting.splice(..0, waiting).for_each(drop));
    request_animation_frame(|| {
        let has_waiting = FRAMES.with_borrow_mut(|frames| {
            frames.is_drawn = false;
            !frames.waiting.is_empty()
        });
        if has_waiting {
            draw_all();
        }
    });
}
