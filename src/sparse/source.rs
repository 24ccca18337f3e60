//! A reader's text, from a string or a file, chunk by chunk as the file has it.

use js_sys::{Function, JsString, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// Of the browser's; a `File` is one.
    pub type Blob;

    #[wasm_bindgen(method, getter)]
    fn size(this: &Blob) -> f64;

    #[wasm_bindgen(method)]
    fn stream(this: &Blob) -> Stream;

    type Stream;

    #[wasm_bindgen(method, js_name = getReader)]
    fn reader(this: &Stream) -> StreamReader;

    type StreamReader;

    #[wasm_bindgen(method)]
    fn read(this: &StreamReader) -> Promise;
}

/// UTF-16 units of a string that are read at once.
const UNITS_AT_ONCE: u32 = 1 << 18;

/// Why a file on the reader's disk cannot be read. Browsers say "network error", or speak of permissions.
const UNREADABLE: &str = "it was changed or is gone since it was chosen: choose it again";

/// What is left of a text.
pub enum Source {
    /// A string, and how much of it is read.
    Text(JsString, u32),
    /// A file: its bytes as they come, how many are read, and how many there are.
    File(Reading),
}

/// A file being read.
pub struct Reading {
    reader: StreamReader,
    read: f64,
    size: f64,
}

impl Source {
    /// A string or a `Blob`; none of anything else.
    #[must_use]
    pub fn open(value: &JsValue) -> Option<Self> {
        if let Some(text) = value.dyn_ref::<JsString>() {
            return Some(Self::Text(text.clone(), 0));
        }
        if !is_blob(value) {
            return None;
        }
        let blob: &Blob = value.unchecked_ref();
        Some(Self::File(Reading {
            reader: blob.stream().reader(),
            read: 0.0,
            size: blob.size(),
        }))
    }

    /// The next chunk; none after the last.
    ///
    /// # Errors
    /// Why the file cannot be read, in words.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, String> {
        match self {
            Self::Text(text, read) => {
                let start = *read;
                let mut end = text.length().min(start + UNITS_AT_ONCE);
                // A character of two units stays whole.
                let last = text.char_code_at(end.saturating_sub(1)) as u32;
                if end < text.length() && (0xd800..0xdc00).contains(&last) {
                    end -= 1;
                }
                *read = end;
                let chunk = String::from(text.slice(start, end));
                Ok((start < end).then(|| chunk.into_bytes()))
            }
            Self::File(file) => {
                let chunk = JsFuture::from(file.reader.read()).await;
                let chunk = chunk.map_err(|_| UNREADABLE.to_owned())?;
                let value = Reflect::get(&chunk, &"value".into()).unwrap_or_default();
                if value.is_undefined() {
                    return Ok(None);
                }
                let bytes = Uint8Array::new(&value).to_vec();
                file.read += bytes.len() as f64;
                Ok(Some(bytes))
            }
        }
    }

    /// The share that is read; none where nobody knows.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        match self {
            Self::Text(text, read) => Some(f64::from(*read) / f64::from(text.length().max(1))),
            Self::File(file) => Some(file.read / file.size.max(1.0)),
        }
    }
}

/// Whether it is a `Blob`, or a `File`.
#[must_use]
pub fn is_blob(value: &JsValue) -> bool {
    let blob = Reflect::get(&js_sys::global(), &"Blob".into()).unwrap_or_default();
    let prototype = Reflect::get(&blob, &"prototype".into()).unwrap_or_default();
    let is_prototype_of = Object::instance_of(&prototype, value);
    is_prototype_of.unwrap_or_default()
}

trait InstanceOf {
    fn instance_of(prototype: &JsValue, value: &JsValue) -> Result<bool, JsValue>;
}

impl InstanceOf for Object {
    fn instance_of(prototype: &JsValue, value: &JsValue) -> Result<bool, JsValue> {
        let name = "isPrototypeOf".into();
        let method: Function = Reflect::get(prototype, &name)?.dyn_into()?;
        Ok(method.call1(prototype, value)?.is_truthy())
    }
}
