//! Whether a part of the page is in sight, so that what nobody sees costs nothing.

use leptos::prelude::*;
use leptos::web_sys::{self, Element, IntersectionObserver, IntersectionObserverInit};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;

/// How near counts as in sight, so that scrolling meets finished content.
const MARGIN: &str = "200px";

/// Whether `element` is in sight or nearly; without an observer to tell, it is.
#[must_use]
pub fn in_sight(element: &Element) -> ReadSignal<bool> {
    let (seen, set_seen) = signal(false);
    let moved = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        // Several entries tell one element's way in and out of sight; the last is now.
        let now: web_sys::IntersectionObserverEntry = entries.pop().unchecked_into();
        set_seen.try_set(now.is_intersecting());
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(MARGIN);
    let observer = IntersectionObserver::new_with_options(moved.as_ref().unchecked_ref(), &options);
    match observer {
        Ok(observer) => {
            observer.observe(element);
            // Not Send, so kept by the owner until the view goes.
            let kept = StoredValue::new_local((observer, moved));
            on_cleanup(move || {
                let _ = kept.try_with_value(|(observer, _)| observer.disconnect());
            });
        }
        Err(_) => set_seen.set(true),
    }
    seen
}
