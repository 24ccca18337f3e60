//! The view's part of `window.adagradLab`: what is raced, by its names in links.

use js_sys::{Array, Object};
use wasm_bindgen::{JsValue, closure::Closure};

use super::state::SparseLab;
use crate::embed::api;
use crate::embed::javascript::{fields, link_text, object, refused, unknown};
use crate::settings::number::parse_plain_number;
use crate::sparse::experiment::Experiment;
use crate::sparse::query;

/// The names of files, which only the reader gives.
const FILES: [&str; 2] = ["file", "heldoutfile"];

/// Parts that are lists, one entry for each rule.
const LISTS: [&str; 2] = ["rules", "eta"];

/// Adds `getState()` and `setState(partial)`.
pub fn install(lab: SparseLab) {
    let get_state = Closure::<dyn Fn() -> Object>::new(move || {
        let experiment = lab.experiment.get_untracked();
        state(&experiment)
    });
    let set_state = Closure::<dyn Fn(JsValue) -> Result<(), JsValue>>::new(move |partial| {
        lab.change(changed(lab.experiment.get_untracked(), &partial)?);
        Ok(())
    });
    api::add(&object([
        ("getState", get_state.into_js_value()),
        ("setState", set_state.into_js_value()),
    ]));
}

/// Every part that an experiment on such data has: numbers, names, and lists of them.
fn state(experiment: &Experiment) -> Object {
    let value = |text: &str| match parse_plain_number(text) {
        Some(number) => JsValue::from_f64(number),
        None => text.into(),
    };
    let parts = query::parts(experiment);
    object(parts.iter().map(|(name, text)| {
        // Words even where they look like numbers.
        let value = if FILES.contains(name) || *name == "positive" {
            text.into()
        } else if LISTS.contains(name) {
            text.split(',').map(value).collect::<Array>().into()
        } else {
            value(text)
        };
        (*name, value)
    }))
}

/// The experiment with the parts that `partial` names, all or none. A file's name is as the file has
/// it: only the one in force is allowed.
fn changed(mut experiment: Experiment, partial: &JsValue) -> Result<Experiment, JsValue> {
    let mut given = fields(partial, "setState needs an object such as {epochs: 3}")?;
    given.sort_by_key(|(name, _)| query::place_of(name));
    for (name, value) in given {
        let Some(text) = link_text(&value) else {
            continue;
        };
        let parts = query::parts(&experiment);
        let known = parts.iter().find(|(known, _)| *known == name);
        if known.is_some_and(|(_, now)| *now == text) {
            continue;
        }
        if known.is_none() || FILES.contains(&name.as_str()) {
            let names = parts.iter().map(|(name, _)| *name);
            let names = names.filter(|name| !FILES.contains(name));
            let of = ["part of a race on ", experiment.data.name()].concat();
            return Err(unknown(&of, &name, &value, names));
        }
        query::set(&mut experiment, &name, &text).map_err(|problem| refused(&problem))?;
    }
    Ok(experiment)
}
