//! The engine in its worker: takes messages, answers each request, survives none of its panics.

use std::cell::RefCell;
use std::panic;

use js_sys::{Array, Float64Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::request::Request;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = postMessage)]
    fn post_message(message: &JsValue, transferred: &Array);

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(act: &js_sys::Function);
}

thread_local! {
    /// The requests that are neither answered nor dropped.
    static OPEN: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// Takes requests from now on.
pub fn serve() {
    // Uncaught, it ends up at the page's `onerror`, which then starts a new worker.
    panic::set_hook(Box::new(|info| wasm_bindgen::throw_str(&info.to_string())));
    let receive = Closure::<dyn Fn(JsValue)>::new(|event: JsValue| {
        let message = Reflect::get(&event, &"data".into()).unwrap_or_default();
        receive(&message);
    });
    let _ = Reflect::set(
        &js_sys::global(),
        &"onmessage".into(),
        &receive.into_js_value(),
    );
}

fn receive(message: &JsValue) {
    if let Some(dropped) = message.as_f64() {
        close(dropped as u32);
        return;
    }
    let message = Array::from(message);
    let (Some(id), Some(text)) = (message.get(0).as_f64(), message.get(1).as_string()) else {
        return;
    };
    let reply = Reply { id: id as u32 };
    OPEN.with_borrow_mut(|open| open.push(reply.id));
    spawn_local(async move {
        let answer = match Request::decode(&text) {
            Some(request) => answer(request, &reply).await,
            // A page kept open, or kept in a cache, while the lab was updated.
            None => Err(Unanswered::Failed(
                "page and engine are of different versions".to_owned(),
            )),
        };
        if close(reply.id) {
            reply.finish(answer);
        }
    });
}

/// Whether the request was open until now.
fn close(id: u32) -> bool {
    OPEN.with_borrow_mut(|open| {
        let place = open.iter().position(|&open| open == id);
        place.map(|place| open.swap_remove(place)).is_some()
    })
}

async fn answer(request: Request, reply: &Reply) -> Result<Value, Unanswered> {
    // Requests that were dropped while another was worked on end here.
    reply.breathe().await?;
    match request {
        Request::Export(export) => export.text().map(Value::Text).map_err(Unanswered::Failed),
    }
}

/// What a request is answered with.
pub enum Value {
    /// A text.
    Text(String),
    /// Numbers, transferred to the page and not copied there.
    Numbers(Vec<f64>),
    /// Bytes, transferred likewise.
    Bytes(Vec<u8>),
}

/// Why there is no value.
pub enum Unanswered {
    /// The page no longer wants one.
    Dropped,
    /// In words for the reader.
    Failed(String),
}

/// The way back to one request.
pub struct Reply {
    id: u32,
}

impl Reply {
    /// Lets messages in. Long work does this every few tens of milliseconds.
    ///
    /// # Errors
    /// [`Unanswered::Dropped`] when the page no longer waits: pass it on with `?`.
    pub async fn breathe(&self) -> Result<(), Unanswered> {
        let next_turn = Promise::new(&mut |resolve, _| set_timeout(&resolve));
        let _ = JsFuture::from(next_turn).await;
        if OPEN.with_borrow(|open| open.contains(&self.id)) {
            Ok(())
        } else {
            Err(Unanswered::Dropped)
        }
    }

    /// Tells the page which share of the work is done, 0 to 1, and [breathes](Reply::breathe).
    ///
    /// # Errors
    /// As [`Reply::breathe`].
    pub async fn progress(&self, share: f64) -> Result<(), Unanswered> {
        self.post("progress", &share.into(), &Array::new());
        self.breathe().await
    }

    fn finish(&self, answer: Result<Value, Unanswered>) {
        match answer {
            Ok(Value::Text(text)) => self.post("done", &text.into(), &Array::new()),
            Ok(Value::Numbers(numbers)) => {
                let numbers = Float64Array::from(numbers.as_slice());
                self.post("done", &numbers, &Array::of1(&numbers.buffer()));
            }
            Ok(Value::Bytes(bytes)) => {
                let bytes = Uint8Array::from(bytes.as_slice());
                self.post("done", &bytes, &Array::of1(&bytes.buffer()));
            }
            Err(Unanswered::Failed(why)) => self.post("failed", &why.into(), &Array::new()),
            Err(Unanswered::Dropped) => {}
        }
    }

    fn post(&self, what: &str, value: &JsValue, transferred: &Array) {
        let message = Array::of3(&self.id.into(), &what.into(), value);
        post_message(&message, transferred);
    }
}
