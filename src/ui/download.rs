//! Files handed to the reader.

use std::time::Duration;

use leptos_dom::helpers::{document, set_timeout};
use wasm_bindgen::{JsCast, JsValue};

/// Offers `text`, a string, as a file.
pub fn text(name: &str, media_type: &str, text: &JsValue) {
    parts(name, media_type, &js_sys::Array::of1(text));
}

/// Offers strings or arrays of bytes, one after the other, as a file.
pub fn parts(name: &str, media_type: &str, parts: &js_sys::Array) {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(parts, &options) else {
        return;
    };
    if let Ok(address) = web_sys::Url::create_object_url_with_blob(&blob) {
        data_url(name, &address);
        // Not at once: browsers read it after the click.
        let revoke = move || {
            let _ = web_sys::Url::revoke_object_url(&address);
        };
        set_timeout(revoke, Duration::from_mins(1));
    }
}

/// Offers what an address holds as a file.
pub fn data_url(name: &str, address: &str) {
    let link = document()
        .create_element("a")
        .ok()
        .and_then(|element| element.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(address);
        link.set_download(name);
        link.click();
    }
}
