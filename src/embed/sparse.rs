//! `adagradLab.trainSparse(specification)`, the page's part: the sparse lab reads what it is given,
//! trains, and answers.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::EventTarget;

use super::javascript::{entries, error, set, value_of};
use crate::ui::engine::{Answer, Asked, Module, ask_module};

/// The promise of a result. It is rejected with an `Error` that names field, given and allowed, with
/// what went wrong, or with the signal's own reason.
pub fn train(specification: JsValue) -> Promise {
    Promise::new(&mut |resolve, reject| {
        if let Err(refusal) = begin(&specification, &resolve, &reject) {
            call(&reject, &refusal);
        }
    })
}

fn begin(specification: &JsValue, resolve: &Function, reject: &Function) -> Result<(), JsValue> {
    let (mut signal, mut on_progress) = (None, None);
    // Without what cannot be sent to a worker.
    let data = Object::new();
    let needed =
        "trainSparse needs an object such as {data: {kind: \"zipf\", …}, rules: [\"adagrad\"], …}";
    for (name, value) in entries(specification, needed)? {
        match name.as_str() {
            _ if value.is_undefined() => {}
            "signal" => {
                let is_signal =
                    Reflect::get(&value, &"aborted".into()).is_ok_and(|v| v.as_bool().is_some());
                if !is_signal {
                    return Err(refused(&name, "an AbortSignal", &value));
                }
                // A host page's own signal is no instance of this window's classes.
                signal = Some(value.unchecked_into::<EventTarget>());
            }
            "onProgress" => {
                on_progress = Some(
                    value
                        .clone()
                        .dyn_into::<Function>()
                        .map_err(|value| refused(&name, "a function", &value))?,
                );
            }
            _ if value.is_function() || value.is_symbol() => {
                return Err(refused(&name, "plain data", &value));
            }
            _ => set(&data, &name, &value),
        }
    }
    if let Some(signal) = &signal
        && Reflect::get(signal, &"aborted".into())?.is_truthy()
    {
        return Err(reason(signal));
    }

    let asked = Rc::new(Cell::new(None::<Asked>));
    let abort = signal.map(|signal| {
        let (asked, reject, aborted) = (Rc::clone(&asked), reject.clone(), signal.clone());
        let abort = Closure::<dyn Fn()>::new(move || {
            if let Some(asked) = asked.take() {
                asked.forget();
                call(&reject, &reason(&aborted));
            }
        });
        let abort = abort.into_js_value().unchecked_into::<Function>();
        let _ = signal.add_event_listener_with_callback("abort", &abort);
        (signal, abort)
    });
    let (resolve, reject) = (resolve.clone(), reject.clone());
    let is_over = Rc::clone(&asked);
    let on_answer = move |answer| {
        let (settle, value) = match answer {
            Answer::Part(report) => {
                if let Some(on_progress) = &on_progress {
                    // What it throws is its author's to see, and stops nothing.
                    if let Err(thrown) = on_progress.call1(&JsValue::UNDEFINED, &report) {
                        let _ = Promise::reject(&thrown);
                    }
                }
                return;
            }
            Answer::Done(result) => (&resolve, result),
            Answer::Failed(why) => (&reject, error(&why)),
        };
        is_over.take();
        if let Some((signal, abort)) = &abort {
            let _ = signal.remove_event_listener_with_callback("abort", abort);
        }
        call(settle, &value);
    };
    let message = Array::of3(&JsValue::UNDEFINED, &"train".into(), &data);
    asked.set(Some(ask_module(Module::Lab, &message, Rc::new(on_answer))));
    Ok(())
}

fn refused(name: &str, allowed: &str, value: &JsValue) -> JsValue {
    let given = value_of(value).to_string();
    error(&[name, " must be ", allowed, ", got ", &given].concat())
}

fn reason(signal: &JsValue) -> JsValue {
    Reflect::get(signal, &"reason".into()).unwrap_or_default()
}

fn call(settle: &Function, value: &JsValue) {
    let _ = settle.call1(&JsValue::UNDEFINED, value);
}
