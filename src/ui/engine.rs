//! The page's side of its other modules, the [engine](crate::engine) and the [sparse
//! lab](crate::sparse): starts a module's worker with the first request, and hands every answer to
//! whom it is for.
//!
//! A worker that fails fails all that is asked of it; the next request starts a new one. One that
//! hangs is ended, and what else was asked of it is asked of a new one.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use js_sys::{Array, Float32Array, Uint8Array};
use leptos_dom::helpers::{document, set_timeout};
use reactive_graph::owner::{LocalStorage, StoredValue};
use reactive_graph::traits::UpdateValue;
use web_sys::{
    Blob, BlobPropertyBag, ErrorEvent, MessageEvent, Url, Worker, js_sys,
    wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen},
};

use super::reactive::when_gone;
use crate::engine::Request;
use crate::engine::function::{Refusal, function_of};
use crate::objective::TypedFunction;

/// What the worker runs first.
const BOOT: &str = include_str!("engine_worker.js");

/// A module that has not come in so long is given up: a connection that hangs never fails by itself.
const LOADING: Duration = Duration::from_mins(1);

/// The sparse lab's worker hears messages every ten milliseconds or so. One that leaves a message
/// without an answer for twice this long hangs.
const SILENCE: Duration = Duration::from_millis(750);

/// A module that runs in a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Module {
    /// What is made of the page's own runs.
    Engine,
    /// Sparse logistic regression.
    Lab,
}

impl Module {
    /// What a reader calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Engine => "the lab's engine",
            Self::Lab => "the sparse lab",
        }
    }

    /// Its script as the page names it, by its content: a new page asks for a new module.
    fn script_name(self) -> String {
        let selector = match self {
            Self::Engine => "meta[name=\"module:engine\"]",
            Self::Lab => "meta[name=\"module:lab\"]",
        };
        let named = document().query_selector(selector).ok().flatten();
        let content = named.and_then(|meta| meta.get_attribute("content"));
        content.unwrap_or_default()
    }
}

#[wasm_bindgen]
extern "C" {
    /// Where this module's script lies: the engine lies beside it.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static MODULE_ADDRESS: String;
}

/// An answer, or a part of one.
pub enum Answer {
    /// What there is so far of the answer; more will follow.
    Part(JsValue),
    /// A text or a typed array, as the request has it.
    Done(JsValue),
    /// Why there is none, in words; nothing follows.
    Failed(String),
}

/// What came of [`Request::Compile`] of `source`; none when `value` is no answer to that.
#[must_use]
pub fn compiled(source: &str, value: &JsValue) -> Option<Result<Arc<TypedFunction>, Refusal>> {
    match value.as_string() {
        Some(text) => Refusal::decode(&text).map(Err),
        None => {
            let bytes = value.dyn_ref::<Uint8Array>()?.to_vec();
            function_of(source, &bytes).ok().map(Ok)
        }
    }
}

/// The values of a map, from a part or all of the answer to [`Request::Map`]: row by row from the
/// top. None of anything else.
#[must_use]
pub fn map_values(value: &JsValue) -> Option<Vec<f32>> {
    value.dyn_ref::<Float32Array>().map(Float32Array::to_vec)
}

/// Called with each answer.
pub type OnAnswer = Rc<dyn Fn(Answer)>;

/// A request that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    module: Module,
    id: u32,
}

#[derive(Default)]
struct Engine {
    worker: Option<Worker>,
    /// How many workers were started, this one included.
    started: u32,
    /// Whether this worker's module is there.
    has_loaded: bool,
    /// How many messages came of all workers.
    heard: u32,
    sent: u32,
    open: Vec<Open>,
}

/// A request that is not answered yet.
struct Open {
    id: u32,
    message: Array,
    on_answer: OnAnswer,
    /// Whether the sparse lab has said that it may be on a GPU.
    may_be_on_gpu: bool,
}

thread_local! {
    // Never borrowed while an answer is handed over: that may well send the next request.
    static ENGINES: [RefCell<Engine>; 2] = Default::default();
}

impl Module {
    fn with<T>(self, act: impl FnOnce(&mut Engine) -> T) -> T {
        ENGINES.with(|[engine, lab]| match self {
            Self::Engine => act(&mut engine.borrow_mut()),
            Self::Lab => act(&mut lab.borrow_mut()),
        })
    }
}

/// Sends the engine a request. A failure to start is told like any other, by `on_answer`, perhaps at
/// once.
pub fn ask(request: &Request, on_answer: OnAnswer) -> Asked {
    let message = Array::of2(&JsValue::UNDEFINED, &request.encode().into());
    ask_module(Module::Engine, &message, on_answer)
}

/// As [`ask`], of any module: the message is what the module takes, with a place at its beginning
/// for the request's number.
pub fn ask_module(module: Module, message: &Array, on_answer: OnAnswer) -> Asked {
    let id = module.with(|engine| {
        engine.sent += 1;
        engine.sent
    });
    message.set(0, id.into());
    send(
        module,
        Open {
            id,
            message: message.clone(),
            on_answer,
            may_be_on_gpu: false,
        },
    );
    Asked { module, id }
}

fn send(module: Module, open: Open) {
    let (id, message) = (open.id, open.message.clone());
    module.with(|engine| engine.open.push(open));
    match worker(module) {
        Err(refusal) => fail(module, &text_of(&refusal)),
        // What cannot be sent is no fault of the worker's, nor of other requests.
        Ok(worker) => {
            if let Err(refusal) = worker.post_message(&message) {
                let refused = Array::of3(&id.into(), &"failed".into(), &refusal);
                hear(module, &refused);
            }
        }
    }
}

/// One who asks and of whose requests only the newest counts, as long as its owner is there.
#[derive(Clone, Copy)]
pub struct Newest(StoredValue<Line, LocalStorage>);

/// The request under way and the one that comes after it.
#[derive(Default)]
struct Line {
    asked: Option<Asked>,
    /// Whether anything was heard of it.
    is_heard: bool,
    next: Option<(Request, OnAnswer)>,
}

impl Newest {
    /// One who has not asked yet, under the current owner.
    #[must_use]
    pub fn of_owner() -> Self {
        let newest = Self(StoredValue::new_local(Line::default()));
        when_gone(move || newest.forget());
        newest
    }

    /// As [`ask`], once something was heard of the request before, of which then nothing more is.
    ///
    /// A request of which nothing was heard yet is not let go: if each request took the place of the
    /// one before at once, one who asks in every frame would never hear anything.
    pub fn ask(self, request: &Request, on_answer: OnAnswer) {
        let must_wait = self
            .0
            .try_update_value(|line| {
                let must_wait = line.asked.is_some() && !line.is_heard;
                line.next = must_wait.then(|| (request.clone(), Rc::clone(&on_answer)));
                must_wait
            })
            .unwrap_or(true);
        if !must_wait {
            self.ask_at_once(request, on_answer);
        }
    }

    fn ask_at_once(self, request: &Request, on_answer: OnAnswer) {
        self.forget();
        let hear = move |answer: Answer| {
            let is_last = !matches!(answer, Answer::Part(_));
            let next = self.0.try_update_value(|line| {
                line.is_heard = true;
                if is_last {
                    line.asked = None;
                }
                line.next.take()
            });
            on_answer(answer);
            if let Some((request, on_answer)) = next.flatten() {
                self.ask_at_once(&request, on_answer);
            }
        };
        let asked = ask(request, Rc::new(hear));
        self.0.try_update_value(|line| {
            // An answer that came at once has been heard already.
            if !line.is_heard {
                line.asked = Some(asked);
            }
        });
    }

    /// Lets go of the newest request and of the one that waits for it.
    pub fn forget(self) {
        let line = self.0.try_update_value(std::mem::take);
        if let Some(asked) = line.and_then(|line| line.asked) {
            asked.forget();
        }
    }
}

impl Asked {
    /// Sends more about the request: the message has a place at its beginning for its number.
    pub fn tell(self, message: &Array) {
        message.set(0, self.id.into());
        if let Some(worker) = self.module.with(|engine| engine.worker.clone()) {
            let _ = worker.post_message(message);
        }
    }

    /// Lets go of the request: nothing more is heard of it, and the engine stops working on it.
    pub fn forget(self) {
        if let Some(worker) = self.close() {
            let _ = worker.post_message(&self.id.into());
            if self.module == Module::Lab {
                end_if_silent(self.module);
            }
        }
    }

    /// Ends the worker that does not react to this request, and lets go of that. What else was asked
    /// of the worker is asked of a new one.
    pub fn end_worker(self) {
        self.close();
        end(self.module);
    }

    /// Takes the request from the open ones; its worker, if it was one until now.
    fn close(self) -> Option<Worker> {
        self.module.with(|engine| {
            let place = engine.open.iter().position(|open| open.id == self.id)?;
            engine.open.swap_remove(place);
            engine.worker.clone()
        })
    }
}

/// The worker, started if there is none.
fn worker(module: Module) -> Result<Worker, JsValue> {
    if let Some(worker) = module.with(|engine| engine.worker.clone()) {
        return Ok(worker);
    }
    let worker = start(module)?;
    let started = module.with(|engine| {
        engine.has_loaded = false;
        engine.worker = Some(worker.clone());
        engine.started += 1;
        engine.started
    });
    let give_up = move || {
        let hangs = module.with(|engine| engine.started == started && !engine.has_loaded);
        if hangs {
            fail(module, "nothing came within a minute");
        }
    };
    set_timeout(give_up, LOADING);
    Ok(worker)
}

/// Ends a worker that has just been sent something to answer, and of which then nothing is heard.
fn end_if_silent(module: Module) {
    let state = move || module.with(|engine| (engine.started, engine.heard));
    let before = state();
    let look = move || {
        if state() == before && module.with(|engine| engine.has_loaded) {
            end(module);
        }
    };
    // Where the page was busy itself, the answer stands behind the first timer, and before the second.
    set_timeout(move || set_timeout(look, SILENCE), SILENCE);
}

fn start(module: Module) -> Result<Worker, JsValue> {
    let address = MODULE_ADDRESS.with(String::clone);
    let (folder, _) = address.rsplit_once('/').unwrap_or_default();
    // A serialised address has no quotes. The script is a blob, since a frame of opaque origin
    // may not start a worker from any other address.
    let name = module.script_name();
    let script = ["const script = \"", folder, "/", &name, "\";\n", BOOT].concat();
    let options = BlobPropertyBag::new();
    options.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&script.into()), &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let worker = Worker::new(&address)?;
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        hear(module, &event.data());
    });
    let failed = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
        // It is told to the reader in another place than the page's own failures.
        event.prevent_default();
        // Not every error has a message: a blocked worker's is a plain event.
        let message = js_sys::Reflect::get(&event, &"message".into()).unwrap_or_default();
        fail(module, &message.as_string().unwrap_or_default());
    });
    // One worker, or one per failure: the closures are never taken back.
    worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    worker.set_onerror(Some(failed.into_js_value().unchecked_ref()));
    Ok(worker)
}

/// Hands on `[id, what, value]`.
fn hear(module: Module, message: &JsValue) {
    let message = Array::from(message);
    let Some(id) = message.get(0).as_f64() else {
        return;
    };
    let value = message.get(2);
    let answer = match message.get(1).as_string().as_deref() {
        Some("part") => Answer::Part(value),
        Some("done") => Answer::Done(value),
        _ => Answer::Failed(text_of(&value)),
    };
    let more_follows = matches!(answer, Answer::Part(_));
    let on_answer = module.with(|engine| {
        engine.has_loaded = true;
        engine.heard += 1;
        let place = engine
            .open
            .iter()
            .position(|open| f64::from(open.id) == id)?;
        if !more_follows {
            return Some(engine.open.swap_remove(place).on_answer);
        }
        let open = engine.open.get_mut(place)?;
        if let Answer::Part(part) = &answer
            && let Some(backend) = backend_of(part)
        {
            open.may_be_on_gpu = backend != "cpu";
        }
        Some(Rc::clone(&open.on_answer))
    });
    // None for a request that was let go.
    if let Some(on_answer) = on_answer {
        on_answer(answer);
    }
}

/// Where the sparse lab says that it computes.
fn backend_of(part: &JsValue) -> Option<String> {
    js_sys::Reflect::get(part, &"backend".into())
        .ok()?
        .as_string()
}

/// Ends the worker; what was asked of it, and whether its module was there.
fn take_down(module: Module) -> (Vec<Open>, bool) {
    module.with(|engine| {
        if let Some(worker) = engine.worker.take() {
            // What it may still say must not count against the next.
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
        // Of one that is gone, nothing is waited for.
        engine.started += 1;
        (std::mem::take(&mut engine.open), engine.has_loaded)
    })
}

/// Ends the worker, and asks a new one for all that was asked of it.
fn end(module: Module) {
    let (open, _) = take_down(module);
    for open in open {
        send(module, open);
    }
}

/// Ends the worker and all that is asked of it; but what may have been on a GPU, which can bring a
/// worker down, is asked for once more, of the processor.
fn fail(module: Module, detail: &str) {
    let (open, has_loaded) = take_down(module);
    let name = module.name();
    let what = if has_loaded {
        " has stopped"
    } else {
        " could not be loaded"
    };
    let what = [name, what].concat();
    let detail = detail.strip_prefix("Uncaught ").unwrap_or(detail);
    let why = if detail.is_empty() {
        what
    } else {
        [&what, " (", detail, ")"].concat()
    };
    for mut open in open {
        if open.may_be_on_gpu {
            open.may_be_on_gpu = false;
            open.message.set(5, why.as_str().into());
            send(module, open);
        } else {
            (open.on_answer)(Answer::Failed(why.clone()));
        }
    }
}

/// What a thrown or sent value says.
fn text_of(value: &JsValue) -> String {
    value
        .as_string()
        .or_else(|| {
            value
                .dyn_ref::<js_sys::Error>()
                .map(|error| error.message().into())
        })
        .unwrap_or_default()
}
