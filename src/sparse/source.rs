//! A reader's text, from a string or a file, gzipped or not, chunk by chunk.

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
    fn slice(this: &Blob, start: f64, end: f64) -> Blob;

    #[wasm_bindgen(method, js_name = arrayBuffer)]
    fn array_buffer(this: &Blob) -> Promise;

    #[wasm_bindgen(method)]
    fn stream(this: &Blob) -> Stream;

    type Stream;

    #[wasm_bindgen(method, js_name = pipeThrough)]
    fn pipe_through(this: &Stream, through: &DecompressionStream) -> Stream;

    #[wasm_bindgen(method, js_name = getReader)]
    fn reader(this: &Stream) -> StreamReader;

    type StreamReader;

    #[wasm_bindgen(method)]
    fn read(this: &StreamReader) -> Promise;

    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// UTF-16 units of a string that are read at once.
const UNITS_AT_ONCE: u32 = 1 << 18;

/// What is left of a text.
pub enum Source {
    /// A string, and how much of it is read.
    Text(JsString, u32),
    /// A file: its bytes as they come, how many are read, and how many there are; no number for
    /// compressed ones.
    File(Reading),
}

/// A file being read.
pub struct Reading {
    is_gzip: bool,
    reader: StreamReader,
    read: f64,
    size: Option<f64>,
}

impl Source {
    /// A string or a `Blob`; none of anything else.
    ///
    /// # Errors
    /// Why the file cannot be read, in words.
    pub async fn open(value: &JsValue) -> Result<Option<Self>, String> {
        if let Some(text) = value.dyn_ref::<JsString>() {
            return Ok(Some(Self::Text(text.clone(), 0)));
        }
        if !is_blob(value) {
            return Ok(None);
        }
        let blob: &Blob = value.unchecked_ref();
        let beginning = JsFuture::from(blob.slice(0.0, 2.0).array_buffer()).await;
        let beginning = Uint8Array::new(&beginning.map_err(|thrown| words(&thrown))?);
        let is_gzip = beginning.to_vec() == [0x1f, 0x8b];
        let stream = blob.stream();
        let (stream, size) = if is_gzip {
            let decompressed = DecompressionStream::new("gzip").map_err(|thrown| words(&thrown))?;
            (stream.pipe_through(&decompressed), None)
        } else {
            (stream, Some(blob.size()))
        };
        Ok(Some(Self::File(Reading {
            is_gzip,
            reader: stream.reader(),
            read: 0.0,
            size,
        })))
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
                let chunk = chunk.map_err(|thrown| match words(&thrown) {
                    why if !file.is_gzip => why,
                    why if why.is_empty() => "this gzip file is damaged".to_owned(),
                    why => ["this gzip file is damaged: ", &why].concat(),
                })?;
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
            Self::File(file) => file.size.map(|size| file.read / size.max(1.0)),
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

/// What a thrown value says.
fn words(thrown: &JsValue) -> String {
    let error = thrown.dyn_ref::<js_sys::Error>();
    error.map_or_else(String::new, |error| error.message().into())
}
