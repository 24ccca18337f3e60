//! When a change has settled: the pointer or the key that made it is released, or nothing has changed
//! for a moment.
//!
//! Changes that have not settled are one gesture: they share the ghost of the run before them. What is
//! out of sight waits until they have.

use std::time::Duration;

use leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle, window_event_listener_untyped};
use reactive_graph::owner::on_cleanup;

use super::reactive::{RwSignal, effect};
use super::state::Lab;

/// After so long without a change, the last one has settled.
const REST: Duration = Duration::from_millis(300);

/// Settles the changes of `lab` from now on.
pub fn settle(lab: Lab) {
    let waiting = RwSignal::new(None::<TimeoutHandle>);
    effect(move || {
        lab.settings.track();
        if let Some(timeout) = waiting.get_untracked() {
            timeout.clear();
        }
        if !lab.is_moving.get_untracked() {
            lab.is_moving.set(true);
        }
        let rest = move || {
            if waiting.try_set(None) {
                lab.end_gesture();
                lab.is_moving.set(false);
            }
        };
        waiting.set(set_timeout_with_handle(rest, REST).ok());
    });
    let listeners = ["pointerup", "pointercancel", "keyup"]
        .map(|name| window_event_listener_untyped(name, move |_| lab.end_gesture()));
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
}
