//! The address bar: its one reader and its one writer.

use std::time::Duration;

use leptos_dom::helpers::{
    TimeoutHandle, set_timeout_with_handle, window, window_event_listener_untyped,
};
use reactive_graph::owner::on_cleanup;
use wasm_bindgen::JsValue;

use super::reactive::{RwSignal, effect};
use super::state::Lab;
use crate::settings::{self, Parsed, Settings};

/// How long settings rest before they are written. Safari refuses more than 100 writes in 30
/// seconds; resting 350 ms before each allows 86.
const REST: Duration = Duration::from_millis(350);

/// What the address says.
#[must_use]
pub(super) fn read() -> Parsed {
    settings::parse(&window().location().search().unwrap_or_default())
}

/// A link to `settings`, with the page's `foreign` parameters, as an absolute address.
#[must_use]
pub(super) fn link(settings: &Settings, foreign: &[String]) -> String {
    let address = window().location().href().unwrap_or_default();
    let page = address.split(['?', '#']).next().unwrap_or_default();
    format!("{page}?{}", settings::format(settings, foreign))
}

/// Keeps address and settings the same from now on: settings are written when they rest or the
/// page is left, without adding to the history; going through the history restores them.
pub(super) fn follow(lab: Lab, foreign: Vec<String>) {
    let foreign = RwSignal::new(foreign);
    let write = move || {
        if let (Some(settings), Some(foreign)) =
            (lab.shared_settings(), foreign.try_get_untracked())
        {
            replace(&settings, &foreign);
        }
    };

    let waiting = RwSignal::new(None::<TimeoutHandle>);
    effect(move || {
        lab.settings.track();
        if let Some(timeout) = waiting.get_untracked() {
            timeout.clear();
        }
        waiting.set(set_timeout_with_handle(write, REST).ok());
    });

    let listeners = [
        // Phones end a page that is out of sight without `pagehide`.
        window_event_listener_untyped("visibilitychange", move |_| write()),
        window_event_listener_untyped("pagehide", move |_| write()),
        window_event_listener_untyped("popstate", move |_| {
            let Parsed {
                settings, problems, ..
            } = read();
            // A link to a heading comes by here too, and says nothing new.
            if lab.shared_settings() != Some(settings.clone()) {
                lab.problems.set(problems);
                lab.restore(settings);
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
}

/// Writes `settings`, unless the address says the same already, in other words perhaps: a plain
/// address stays plain until something changes.
fn replace(settings: &Settings, foreign: &[String]) {
    if read().settings == *settings {
        return;
    }
    let hash = window().location().hash().unwrap_or_default();
    let address = format!("?{}{hash}", settings::format(settings, foreign));
    // A sandboxed frame may refuse; "copy link" needs no address bar.
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or(JsValue::NULL);
        let _ = history.replace_state_with_url(&state, "", Some(&address));
    }
}
