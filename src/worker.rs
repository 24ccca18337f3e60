//! A module in its worker: takes messages, answers each request, survives none of its panics.
//!
//! A message to it is `[id, …]`, a request where its `id` is new and else more about the request of
//! that `id`; or `id` alone: that request is dropped. `[id, "dropped"]` answers that, so that the page
//! can tell a worker that hears it from one that hangs. Any other message from it is
//! `[id, what, value]`, see [`engine`](crate::engine).

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::panic;
use std::pin::Pin;

use js_sys::{Array, Float32Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = postMessage)]
    fn post_message(message: &JsValue, transferred: &Array);

    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now() -> f64;

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
pub const SLICE_MS: f64 = 10.0;

thread_local! {
    /// Where a message to oneself goes in and comes out. Unlike a timer's, its turn is the next.
    static CHANNEL: MessageChannel = {
        let channel = MessageChannel::new();
        // The first to hear of it, before any that waits.
        let arrived = Closure::<dyn Fn()>::new(|| IS_UNDER_WAY.set(false));
        channel.exit().listen("message", arrived.into_js_value().unchecked_ref(), &JsValue::FALSE);
        channel.exit().start();
        channel
    };

    /// Whether a message to oneself has yet to arrive.
    static IS_UNDER_WAY: Cell<bool> = const { Cell::new(false) };

    /// For a listener that hears one event.
    static ONCE: JsValue = {
        let options = js_sys::Object::new();
        let _ = Reflect::set(&options, &"once".into(), &JsValue::TRUE);
        options.into()
    };

    /// The requests that are neither answered nor dropped.
    static OPEN: RefCell<Vec<Open>> = const { RefCell::new(Vec::new()) };
}

struct Open {
    id: u32,
    /// What else came about it, in order.
    more: Vec<Array>,
    /// What wakes it, where it waits for more.
    wake: Option<Function>,
}

/// The work on a request.
pub type Work = Pin<Box<dyn Future<Output = Result<Value, Unanswered>>>>;

/// Takes requests from now on; `answer` gets the whole message.
pub fn serve(answer: fn(Array, Reply) -> Work) {
    // Uncaught, it ends up at the page's `onerror`, which then starts a new worker.
    panic::set_hook(Box::new(|info| wasm_bindgen::throw_str(&info.to_string())));
    let receive = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let message = Reflect::get(&event, &"data".into()).unwrap_or_default();
        receive(&message, answer);
    });
    let _ = Reflect::set(
        &js_sys::global(),
        &"onmessage".into(),
        &receive.into_js_value(),
    );
}

/// Milliseconds on the worker's clock.
#[must_use]
pub fn now_ms() -> f64 {
    now()
}

fn receive(message: &JsValue, answer: fn(Array, Reply) -> Work) {
    if let Some(dropped) = message.as_f64() {
        wake(close(dropped as u32).and_then(|open| open.wake));
        post_message(&Array::of2(message, &"dropped".into()), &Array::new());
        return;
    }
    let message = Array::from(message);
    let Some(id) = message.get(0).as_f64() else {
        return;
    };
    let reply = Reply { id: id as u32 };
    let known = OPEN.with_borrow_mut(|open| {
        let known = open.iter_mut().find(|open| open.id == reply.id)?;
        known.more.push(message.clone());
        Some(known.wake.take())
    });
    if let Some(waiting) = known {
        wake(waiting);
        return;
    }
    OPEN.with_borrow_mut(|open| {
        open.push(Open {
            id: reply.id,
            more: Vec::new(),
            wake: None,
        });
    });
    spawn_local(async move {
        let answer = answer(message, reply).await;
        if close(reply.id).is_some() {
            reply.finish(answer);
        }
    });
}

fn wake(waiting: Option<Function>) {
    if let Some(wake) = waiting {
        let _ = wake.call0(&JsValue::UNDEFINED);
    }
}

/// Takes the request from the open ones, if it was one until now.
fn close(id: u32) -> Option<Open> {
    OPEN.with_borrow_mut(|open| {
        let place = open.iter().position(|open| open.id == id)?;
        Some(open.swap_remove(place))
    })
}

/// What a request is answered with.
pub enum Value {
    /// A text.
    Text(String),
    /// Numbers, transferred to the page and not copied there.
    Numbers(Vec<f32>),
    /// Bytes, transferred likewise.
    Bytes(Vec<u8>),
    /// Any value, and the buffers in it that are transferred.
    Object(JsValue, Array),
}

/// Why there is no value.
pub enum Unanswered {
    /// The page no longer wants one.
    Dropped,
    /// In words for the reader.
    Failed(String),
}

/// The way back to one request.
#[derive(Clone, Copy)]
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
                // Others may wait as well, and one message wakes all. A second would find those
                // who work waiting again, and so go round with them before every message of the
                // page's, for as long as anybody works.
                ONCE.with(|once| channel.exit().listen("message", &resolve, once));
                if !IS_UNDER_WAY.replace(true) {
                    channel.entry().post(&JsValue::NULL);
                }
            });
        });
        let _ = JsFuture::from(next_turn).await;
        self.is_open()
    }

    /// Waits, without any work, until there is more about the request.
    ///
    /// # Errors
    /// As [`Reply::breathe`].
    pub async fn wait(&self) -> Result<(), Unanswered> {
        let next_message = Promise::new(&mut |resolve, _| {
            let is_there = OPEN.with_borrow_mut(|open| {
                match open.iter_mut().find(|open| open.id == self.id) {
                    Some(open) if open.more.is_empty() => {
                        open.wake = Some(resolve.clone());
                        false
                    }
                    _ => true,
                }
            });
            if is_there {
                wake(Some(resolve));
            }
        });
        let _ = JsFuture::from(next_message).await;
        self.is_open()
    }

    fn is_open(&self) -> Result<(), Unanswered> {
        let is_open = OPEN.with_borrow(|open| open.iter().any(|open| open.id == self.id));
        is_open.then_some(()).ok_or(Unanswered::Dropped)
    }

    /// What else came about the request since it was last asked, in order.
    #[must_use]
    pub fn more(&self) -> Vec<Array> {
        OPEN.with_borrow_mut(|open| {
            let open = open.iter_mut().find(|open| open.id == self.id);
            open.map(|open| std::mem::take(&mut open.more))
                .unwrap_or_default()
        })
    }

    /// Shows the page what there is so far of the answer.
    pub fn part(&self, value: Value) {
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
            Value::Object(value, transferred) => self.post(what, &value, &transferred),
        }
    }

    fn post(&self, what: &str, value: &JsValue, transferred: &Array) {
        let message = Array::of3(&self.id.into(), &what.into(), value);
        post_message(&message, transferred);
    }
}
