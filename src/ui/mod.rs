//! placeholder
use leptos::prelude::*;
/// Mounts the app.
pub fn mount() {
    console_error_panic_hook::set_once();
    mount_to_body(|| view! { <main><h1>"Adagrad Lab"</h1></main> });
}
