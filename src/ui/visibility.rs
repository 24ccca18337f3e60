//! Whether a part of the page is in sight, so that what nobody sees costs nothing.

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{self, Element, IntersectionObserver, IntersectionObserverInit};

use super::reactive::{RwSignal, when_gone};

/// How near counts as near, so that scrolling meets finished content.
const NEAR: &str = "200px";

/// Whether `element` is in sight; without an observer to tell, it is.
///
/// For what is up to date out of sight too, once things rest.
#[must_use]
pub fn in_sight(element: &Element) -> RwSignal<bool> {
    within(element, "0px")
}

/// Whether `element` is in sight or near it: for what is made only then.
#[must_use]
pub fn near_sight(element: &Element) -> RwSignal<bool> {
    within(element, NEAR)
}

fn within(element: &Element, margin: &str) -> RwSignal<bool> {
    let seen = RwSignal::new(false);
    let moved = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        // Several entries tell one element's way in and out of sight; the last is now.
        let now: web_sys::IntersectionObserverEntry = entries.pop().unchecked_into();
        seen.try_set(now.is_intersecting());
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(margin);
    let observer = IntersectionObserver::new_with_options(moved.as_ref().unchecked_ref(), &options);
    match observer {
        Ok(observer) => {
            observer.observe(element);
            when_gone(move || {
                observer.disconnect();
                drop(moved);
            });
        }
        Err(_) => seen.set(true),
    }
    seen
}
