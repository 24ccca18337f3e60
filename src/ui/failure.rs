//! What a reader sees after a panic: the screen that `assets/boot.js` draws, in JavaScript so that
//! nothing of a stopped module is needed for it.

use std::panic::{self, PanicHookInfo};

use wasm_bindgen::JsValue;
use web_sys::{CustomEvent, CustomEventInit};

/// The event `assets/boot.js` waits for; its detail is a message.
const FAILURE_EVENT: &str = "adagradlab-failure";

/// From now on, panics go to the console with their stack, and to the screen in plain words.
pub(super) fn install_panic_hook() {
    panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        tell(info);
    }));
}

fn tell(info: &PanicHookInfo<'_>) {
    let message = info.payload_as_str().unwrap_or("no message");
    let event = CustomEventInit::new();
    event.set_detail(&JsValue::from_str(message));
    // A second panic must not hide the first: what fails here is left alone.
    if let Some(window) = web_sys::window()
        && let Ok(event) = CustomEvent::new_with_event_init_dict(FAILURE_EVENT, &event)
    {
        let _ = window.dispatch_event(&event);
    }
}
