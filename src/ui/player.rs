//! The cursor over the steps: play, step, scrub, by button and by key.

use std::cell::Cell;
use std::rc::Rc;

use leptos_dom::helpers::{AnimationFrameRequestHandle, request_animation_frame_with_handle};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

use super::controls::control_named;
use super::dom::{El, button, el};
use super::reactive::{effect, follow, memo, when_gone};
use super::slider::{Track, slider};
use super::state::Lab;

/// The bar that moves the cursor.
#[must_use]
pub fn player(lab: Lab) -> El {
    let steps = memo(move || lab.experiment.with(|experiment| experiment.steps));
    play_while_asked(lab);
    let go = move |step: i64| {
        lab.playing.set(false);
        let step = step.clamp(0, steps.get_untracked().into());
        // Clamped to the steps, which are a u32.
        lab.set_cursor(step as u32);
    };
    let by = move |delta: i64| go(i64::from(lab.cursor.get_untracked()) + delta);
    let toggle = move || {
        let start_again = lab.cursor.get_untracked() >= steps.get_untracked();
        if !lab.playing.get_untracked() && start_again {
            lab.set_cursor(0);
        }
        lab.playing.update(|playing| *playing = !*playing);
    };
    let key = move |event: KeyboardEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let tag = target.as_ref().map(|t| t.tag_name()).unwrap_or_default();
        let name = target
            .and_then(|target| target.get_attribute("name"))
            .unwrap_or_default();
        // Fields and the speed slider keep their own keys; a button keeps the space bar.
        if tag == "INPUT" && name != "step" {
            return;
        }
        // With these it is the browser's: Alt and left goes back.
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        match event.key().as_str() {
            " " if tag != "BUTTON" => toggle(),
            "ArrowRight" | "ArrowUp" => by(1),
            "ArrowLeft" | "ArrowDown" => by(-1),
            "Home" => go(0),
            "End" => go(i64::MAX),
            _ => return,
        }
        event.prevent_default();
    };
    let track = Track {
        value: Box::new(move || lab.cursor.get_untracked().into()),
        position: Box::new(|step| step as u32),
        value_at: Box::new(f64::from),
        set: Box::new(move |step| go(step as i64)),
    };
    let scrub = slider(track)
        .attr("name", "step")
        .attr("aria-label", "Step shown")
        .attr_of("aria-valuetext", move || {
            format!("step {} of {}", lab.cursor.get(), steps.get())
        });
    let field: HtmlInputElement = scrub.node();
    follow(move || {
        // The largest first: a browser cuts the value to it.
        field.set_max(&steps.get().to_string());
        field.set_value(&lab.cursor.get().to_string());
    });
    let step_shown = move || format!("{} / {}", lab.cursor.get(), steps.get());
    let named = |button: El, name: &str| button.attr("aria-label", name);
    let play = button("", toggle)
        .class("play")
        .test_id("play")
        .attr_of("aria-label", move || {
            if lab.playing.get() { "Pause" } else { "Play" }.to_owned()
        })
        .text_of(move || if lab.playing.get() { "❚❚" } else { "▶" }.to_owned());
    el("div")
        .class("player")
        .attr("role", "region")
        .attr("aria-label", "Step player")
        .attr("tabindex", "0")
        .test_id("player")
        .on("keydown", key)
        .children([
            named(button("«", move || go(0)), "First step"),
            named(button("‹", move || by(-1)), "Step back"),
            play,
            named(button("›", move || by(1)), "Step forward"),
            named(button("»", move || go(i64::MAX)), "Last step"),
            scrub,
            el("output").class("player-step").text_of(step_shown),
            el("div").class("player-speed").children(control_named(
                lab,
                "speed",
                &["steps per second"],
            )),
        ])
}

/// Moves the cursor by the clock while the player runs, and stops at the end.
fn play_while_asked(lab: Lab) {
    let running: Rc<Cell<Option<AnimationFrameRequestHandle>>> = Rc::default();
    let on_leave = Rc::clone(&running);
    when_gone(move || {
        if let Some(handle) = on_leave.take() {
            handle.cancel();
        }
    });
    effect(move || {
        if let Some(handle) = running.take() {
            handle.cancel();
        }
        if lab.playing.get() {
            let from = f64::from(lab.cursor.get_untracked());
            next_frame(lab, Rc::clone(&running), from, super::now_ms());
        }
    });
}

/// A longer pause between frames counts as this long.
const LONGEST_FRAME_MS: f64 = 250.0;

/// `position` is the cursor with its fraction, so that slow speeds keep time.
fn next_frame(
    lab: Lab,
    running: Rc<Cell<Option<AnimationFrameRequestHandle>>>,
    position: f64,
    last_ms: f64,
) {
    let again = Rc::clone(&running);
    let handle = request_animation_frame_with_handle(move || {
        let now_ms = super::now_ms();
        let Some(settings) = lab.settings.try_get_untracked() else {
            return;
        };
        let end = f64::from(settings.experiment.steps);
        let cursor = settings.cursor.index(settings.experiment.steps);
        // Someone else may have moved the cursor.
        let from = if cursor == position as u32 {
            position
        } else {
            f64::from(cursor)
        };
        // A page out of sight has no frames: it goes on where it was, not where it might be.
        let elapsed_ms = (now_ms - last_ms).min(LONGEST_FRAME_MS);
        let position = (from + settings.speed * elapsed_ms / 1000.0).min(end);
        lab.set_cursor(position as u32);
        if position >= end {
            lab.playing.set(false);
        } else {
            next_frame(lab, again, position, now_ms);
        }
    });
    running.set(handle.ok());
}
