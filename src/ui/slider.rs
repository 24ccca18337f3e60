//! A native range input that fingers and keys move as a reader means it.
//!
//! Browsers set a slider as soon as a finger comes down on its track, before it is known whether
//! the finger slides or scrolls the page. Here a touch sets nothing until it moves along the track
//! or lifts, and where the browser takes it for scrolling, what was in force stays.

use std::cell::Cell;
use std::rc::Rc;

use leptos_dom::helpers::{event_target, event_target_value};
use web_sys::{Event, HtmlInputElement, KeyboardEvent, PointerEvent};

use super::dom::{El, el};
use crate::slider::Move;

/// What positions stand for, and what a slider sets.
pub struct Track {
    /// The value in force.
    pub value: Box<dyn Fn() -> f64>,
    /// The position nearest to a value.
    pub position: Box<dyn Fn(f64) -> u32>,
    /// The value of a position.
    pub value_at: Box<dyn Fn(u32) -> f64>,
    /// Puts a value in force.
    pub set: Box<dyn Fn(f64)>,
}

/// Along the track by so many CSS pixels, a finger slides.
const SLIDES_FROM_PX: f64 = 8.0;

/// What a finger on the track is about.
#[derive(Clone, Copy)]
enum Touch {
    /// There is none.
    None,
    /// It is not yet known.
    Undecided {
        /// Where it came down.
        from: [f64; 2],
        /// The value before.
        before: f64,
        /// The position that the browser gave the thumb.
        wanted: Option<u32>,
    },
    /// It moves the thumb.
    Slides { before: f64 },
    /// It scrolls the page: the browser may still tell of the thumb, until the finger lifts.
    Scrolls { before: f64 },
}

/// A slider; what it shows, and to which position it goes, is for the caller to keep.
#[must_use]
pub fn slider(track: Track) -> El {
    let track = Rc::new(track);
    let touch = Rc::new(Cell::new(Touch::None));
    let set = {
        let track = Rc::clone(&track);
        move |input: &HtmlInputElement, value: f64| {
            (track.set)(value);
            // Where that changed nothing, nothing else puts the thumb back.
            input.set_value(&(track.position)((track.value)()).to_string());
        }
    };
    let moved = {
        let (track, touch, set) = (Rc::clone(&track), Rc::clone(&touch), set.clone());
        move |event: Event| {
            let input: HtmlInputElement = event_target(&event);
            let Ok(position) = event_target_value(&event).parse() else {
                return;
            };
            match touch.get() {
                Touch::None | Touch::Slides { .. } => set(&input, (track.value_at)(position)),
                Touch::Undecided { from, before, .. } => {
                    input.set_value(&(track.position)(before).to_string());
                    let wanted = Some(position);
                    touch.set(Touch::Undecided {
                        from,
                        before,
                        wanted,
                    });
                }
                Touch::Scrolls { before } => {
                    input.set_value(&(track.position)(before).to_string());
                }
            }
        }
    };
    let down = {
        let (track, touch) = (Rc::clone(&track), Rc::clone(&touch));
        move |event: PointerEvent| {
            let is_first_finger = event.pointer_type() == "touch" && event.is_primary();
            touch.set(if is_first_finger {
                Touch::Undecided {
                    from: [event.client_x().into(), event.client_y().into()],
                    before: (track.value)(),
                    wanted: None,
                }
            } else {
                Touch::None
            });
        }
    };
    // A finger that slides, or that has tapped: what the browser wanted of the thumb counts.
    let decide = {
        let (track, touch) = (Rc::clone(&track), Rc::clone(&touch));
        let set = set.clone();
        move |event: &PointerEvent, next: fn(f64) -> Touch| {
            if let Touch::Undecided { before, wanted, .. } = touch.get() {
                touch.set(next(before));
                if let Some(position) = wanted {
                    set(&event_target(event), (track.value_at)(position));
                }
            }
        }
    };
    let slid = {
        let (touch, decide) = (Rc::clone(&touch), decide.clone());
        move |event: PointerEvent| {
            if let Touch::Undecided { from: [x, y], .. } = touch.get() {
                let along = (f64::from(event.client_x()) - x).abs();
                let across = (f64::from(event.client_y()) - y).abs();
                if along >= SLIDES_FROM_PX && along > across {
                    decide(&event, |before| Touch::Slides { before });
                }
            }
        }
    };
    let up = {
        let touch = Rc::clone(&touch);
        move |event: PointerEvent| {
            decide(&event, |_| Touch::None);
            touch.set(Touch::None);
        }
    };
    let scrolled = {
        let (touch, set) = (Rc::clone(&touch), set.clone());
        move |event: PointerEvent| {
            if let Touch::Undecided { before, .. } | Touch::Slides { before } = touch.get() {
                if matches!(touch.get(), Touch::Slides { .. }) {
                    set(&event_target(&event), before);
                }
                touch.set(Touch::Scrolls { before });
            }
        }
    };
    let lifted = move |_: Event| touch.set(Touch::None);
    el("input")
        .attr("type", "range")
        .attr("min", "0")
        .attr("step", "1")
        .on("input", moved)
        .on("pointerdown", down)
        .on("pointermove", slid)
        .on("pointerup", up)
        .on("pointercancel", scrolled)
        .on("touchend", lifted.clone())
        .on("touchcancel", lifted)
}

/// Lets keys move it by what `next` makes of the value in force.
#[must_use]
pub fn with_keys(slider: El, moved: impl Fn(Move) + 'static) -> El {
    slider.on("keydown", move |event: KeyboardEvent| {
        // With these it is the browser's: Alt and left goes back.
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        if let Some(by) = Move::of_key(&event.key()) {
            moved(by);
            event.prevent_default();
        }
    })
}
