//! The engine in its worker: takes messages, answers each request, survives none of its panics.

use std::cell::RefCell;
use std::panic;

use js_sys::{Array, Float32Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::function::{self, Refusal};
use super::request::Request;
use super::{comparisons, rules_table};
use crate::diagnosis::map::Map;
use crate::diagnosis::refinement::Refinement;
use crate::swarm::LANES;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = postMessage)]
    fn post_message(message: &JsValue, transferred: &Array);

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now_ms() -> f64;

    type MessagePort;

    #[wasm_bindgen(method)]
    fn start(this: &MessagePort);

    #[wasm_bindgen(method, js_name = addEventListener)]
    fn listen(this: &MessagePort, event: &str, act: &Function, options: &JsValue);

    #[wasm_bindgen(method, js_name = postMessage)]
    fn post(this: &MessagePort, message: &JsValue);

    type MessageChannel;

    #[wasm_bindgen(constructor)]
    fn new() -> MessageChannel;

    #[wasm_bindgen(method, getter, js_name = port1)]
    fn entry(this: &MessageChannel) -> MessagePort;

    #[wasm_bindgen(method, getter, js_name = port2)]
    fn exit(this: &MessageChannel) -> MessagePort;
}

/// How long a request may be worked on before the next message is looked at.
const SLICE_MS: f64 = 10.0;

/// Optimizer steps between two looks at the clock: a fraction of a millisecond of most rules.
const STEPS_AT_ONCE: usize = 50_000;

thread_local! {
    /// Where a message to oneself goes in and comes out. Unlike a timer's, its turn is the next.
    static CHANNEL: MessageChannel = {
        let channel = MessageChannel::new();
        channel.exit().start();
        channel
    };

    /// For a listener that hears one event.
    static ONCE: JsValue = {
        let options = js_sys::Object::new();
        let _ = Reflect::set(&options, &"once".into(), &JsValue::TRUE);
        options.into()
    };

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
        Request::Compile { source } => Ok(match function::compile(&source) {
            Ok(function) => Value::Bytes(function.program.encode()),
            Err(error) => Value::Text(Refusal::from(&error).encode()),
        }),
        Request::Map(map) => map_values(map, reply).await,
        Request::Write(written) => written.html().map(Value::Text).map_err(Unanswered::Failed),
        Request::Comparisons => Ok(Value::Text(comparisons::html())),
        Request::RulesTable => Ok(Value::Text(rules_table::html())),
    }
}

/// Computes the map, and shows each of its passes but the last, which is the answer.
async fn map_values(map: Map, reply: &Reply) -> Result<Value, Unanswered> {
    let values_at_once = STEPS_AT_ONCE / map.steps.max(1) as usize;
    let values_at_once = values_at_once.max(1).next_multiple_of(LANES);
    let mut refinement = Refinement::new(map);
    let mut slice_began = now_ms();
    while !refinement.is_complete() {
        let pass_is_over = refinement.advance(values_at_once);
        if pass_is_over && !refinement.is_complete() {
            reply.part(Value::Numbers(refinement.picture()));
        }
        if now_ms() - slice_began >= SLICE_MS {
            reply.breathe().await?;
            slice_began = now_ms();
        }
    }
    Ok(Value::Numbers(refinement.picture()))
}

/// What a request is answered with.
pub enum Value {
    /// A text.
    Text(String),
    /// Numbers, transferred to the page and not copied there.
    Numbers(Vec<f32>),
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
        let next_turn = Promise::new(&mut |resolve, _| {
            CHANNEL.with(|channel| {
                // Others may wait as well; the first message wakes all.
                ONCE.with(|once| channel.exit().listen("message", &resolve, once));
                channel.entry().post(&JsValue::NULL);
            });
        });
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

    /// Shows the page what there is so far of the answer.
    fn part(&self, value: Value) {
        self.send("part", value);
    }

    fn finish(&self, answer: Result<Value, Unanswered>) {
        match answer {
            Ok(value) => self.send("done", value),
            Err(Unanswered::Failed(why)) => self.post("failed", &why.into(), &Array::new()),
            Err(Unanswered::Dropped) => {}
        }
    }

    fn send(&self, what: &str, value: Value) {
        match value {
            Value::Text(text) => self.post(what, &text.into(), &Array::new()),
            Value::Numbers(numbers) => {
                let numbers = Float32Array::from(numbers.as_slice());
                self.post(what, &numbers, &Array::of1(&numbers.buffer()));
            }
            Value::Bytes(bytes) => {
                let bytes = Uint8Array::from(bytes.as_slice());
                self.post(what, &bytes, &Array::of1(&bytes.buffer()));
            }
        }
    }

    fn post(&self, what: &str, value: &JsValue, transferred: &Array) {
        let message = Array::of3(&self.id.into(), &what.into(), value);
        post_message(&message, transferred);
    }
}
