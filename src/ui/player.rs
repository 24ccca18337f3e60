//! The cursor over the steps: play, step, scrub, by button and by key.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::controls::QuantityControl;
use super::state::Lab;

/// The bar that moves the cursor.
#[component]
pub fn Player(lab: Lab) -> impl IntoView {
    let steps = Memo::new(move |_| lab.experiment.with(|experiment| experiment.steps));
    play_while_asked(lab);
    let go = move |step: i64| {
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
    let pause_and = move |act: &dyn Fn()| {
        lab.playing.set(false);
        act();
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
        let tag = target.as_ref().map(|t| t.tag_name()).unwrap_or_default();
        let name = target
            .and_then(|target| target.get_attribute("name"))
            .unwrap_or_default();
        // Fields and the speed slider keep their own keys; a button keeps the space bar.
        if tag == "INPUT" && name != "step" {
            return;
        }
        match event.key().as_str() {
            " " if tag != "BUTTON" => toggle(),
            "ArrowRight" | "ArrowUp" => pause_and(&|| by(1)),
            "ArrowLeft" | "ArrowDown" => pause_and(&|| by(-1)),
            "Home" => pause_and(&|| go(0)),
            "End" => pause_and(&|| go(i64::MAX)),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class="player" role="region" aria-label="Step player" tabindex="0" on:keydown=key data-testid="player">
            <button type="button" aria-label="First step" on:click=move |_| pause_and(&|| go(0))>"«"</button>
            <button type="button" aria-label="Step back" on:click=move |_| pause_and(&|| by(-1))>"‹"</button>
            <button
                type="button"
                class="play"
                data-testid="play"
                aria-label=move || if lab.playing.get() { "Pause" } else { "Play" }
                on:click=move |_| toggle()
            >
                {move || if lab.playing.get() { "❚❚" } else { "▶" }}
            </button>
            <button type="button" aria-label="Step forward" on:click=move |_| pause_and(&|| by(1))>"›"</button>
            <button type="button" aria-label="Last step" on:click=move |_| pause_and(&|| go(i64::MAX))>"»"</button>
            <input
                type="range"
                name="step"
                aria-label="Step shown"
                min="0"
                max=steps
                step="1"
                prop:value=move || lab.cursor.get().to_string()
                aria-valuetext=move || format!("step {} of {}", lab.cursor.get(), steps.get())
                on:input=move |event| {
                    if let Ok(step) = event_target_value(&event).parse::<u32>() {
                        pause_and(&|| go(step.into()));
                    }
                }
            />
            <output class="player-step">{move || format!("{} / {}", lab.cursor.get(), steps.get())}</output>
            <div class="player-speed"><QuantityControl lab name="speed" components=&["steps per second"]/></div>
        </div>
    }
}

/// Moves the cursor by the clock while the player runs, and stops at the end.
fn play_while_asked(lab: Lab) {
    let running: Rc<Cell<Option<AnimationFrameRequestHandle>>> = Rc::default();
    let on_leave = StoredValue::new_local(Rc::clone(&running));
    on_cleanup(move || {
        let _ = on_leave.try_with_value(|running| {
            if let Some(handle) = running.take() {
                handle.cancel();
            }
        });
    });
    Effect::new(move |_| {
        if let Some(handle) = running.take() {
            handle.cancel();
        }
        if lab.playing.get() {
            let from = f64::from(lab.cursor.get_untracked());
            next_frame(lab, Rc::clone(&running), from, super::now_ms());
        }
    });
}

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
        let position = (position + settings.speed * (now_ms - last_ms) / 1000.0).min(end);
        lab.set_cursor(position as u32);
        if position >= end {
            lab.playing.set(false);
        } else {
            next_frame(lab, again, position, now_ms);
        }
    });
    running.set(handle.ok());
}
