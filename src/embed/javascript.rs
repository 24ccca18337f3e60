//! JavaScript values as specifications and answers need them.

use js_sys::{Array, Error, JsString, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::specification::Value;
use crate::settings::Problem;
use crate::settings::number::shortest;

/// An array is read up to here; every list allowed is shorter.
const LONGEST_LIST: u32 = 16;

/// The object's own fields; what a getter among them throws is thrown on.
///
/// # Errors
/// An `Error` where it is no object: what is `needed`, and what was given.
pub fn fields(given: &JsValue, needed: &str) -> Result<Vec<(String, Value)>, JsValue> {
    let entries = entries(given, needed)?;
    let read = |(name, value)| (name, value_of(&value));
    Ok(entries.into_iter().map(read).collect())
}

/// As [`fields`], the values as they are.
///
/// # Errors
/// As [`fields`].
pub fn entries(given: &JsValue, needed: &str) -> Result<Vec<(String, JsValue)>, JsValue> {
    if !given.is_object() || Array::is_array(given) {
        return Err(error(&format!("{needed}, got {}", value_of(given))));
    }
    let mut entries = Vec::new();
    for key in Reflect::own_keys(given)?.iter() {
        // Symbols name no field.
        if let Some(name) = key.as_string() {
            entries.push((name, Reflect::get(given, &key)?));
        }
    }
    Ok(entries)
}

/// A value, as far as a specification needs to tell values apart.
#[must_use]
pub fn value_of(value: &JsValue) -> Value {
    match value.dyn_ref::<Array>() {
        Some(array) => {
            let entries = (0..array.length().min(LONGEST_LIST)).map(|i| scalar_of(&array.get(i)));
            Value::List(entries.collect())
        }
        None => scalar_of(value),
    }
}

/// Lists within lists are never allowed, and may contain themselves: they are not entered.
fn scalar_of(value: &JsValue) -> Value {
    if let Some(number) = value.as_f64() {
        Value::Number(number)
    } else if let Some(text) = value.as_string() {
        Value::Text(text)
    } else if let Some(truth) = value.as_bool() {
        Value::Other(truth.to_string())
    } else if value.is_undefined() {
        Value::Missing
    } else if value.is_null() {
        Value::Other("null".to_owned())
    } else if Array::is_array(value) {
        Value::Other("an array".to_owned())
    } else {
        let kind = value.js_typeof().as_string().unwrap_or_default();
        let article = if kind == "object" { "an" } else { "a" };
        Value::Other(format!("{article} {kind}"))
    }
}

/// A value as a link would have it; nothing for what is not given.
#[must_use]
pub fn link_text(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(shortest(*number)),
        Value::Text(text) => Some(text.clone()),
        Value::List(values) => {
            let texts: Vec<String> = values.iter().filter_map(link_text).collect();
            Some(texts.join(","))
        }
        Value::Other(what) => Some(match what.as_str() {
            "true" => "1".to_owned(),
            "false" => "0".to_owned(),
            _ => what.clone(),
        }),
        Value::Missing => None,
    }
}

/// The first characters of a string, be it of many megabytes; none of anything else.
#[must_use]
pub fn beginning(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<JsString>()?;
    Some(text.slice(0, 64).into())
}

/// An `Error`.
#[must_use]
pub fn error(message: &str) -> JsValue {
    Error::new(message).into()
}

/// An `Error` about a name that is not among those allowed.
#[must_use]
pub fn unknown<'a>(
    kind: &str,
    name: &str,
    value: &Value,
    names: impl IntoIterator<Item = &'a str>,
) -> JsValue {
    let names: Vec<&str> = names.into_iter().collect();
    let names = names.join(", ");
    error(&format!(
        "unknown {kind} \"{name}\", given as {value}: allowed are {names}"
    ))
}

/// An `Error` about a setting that a link would correct: here, nothing is used instead.
#[must_use]
pub fn refused(problem: &Problem) -> JsValue {
    let [name, given, allowed] = [&problem.name, &problem.given, &problem.allowed];
    error(&[name, " cannot be “", given, "”: allowed is ", allowed].concat())
}

/// An object of these entries.
#[must_use]
pub fn object<'a>(entries: impl IntoIterator<Item = (&'a str, JsValue)>) -> Object {
    let object = Object::new();
    for (name, value) in entries {
        set(&object, name, &value);
    }
    object
}

/// Sets a property of an object that takes any.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}
