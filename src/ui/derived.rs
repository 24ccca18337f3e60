//! Derived values and effects, compiled once per type of value and not once per closure: the page has
//! dozens of them, and a reader downloads each.

use leptos::prelude::*;

/// What `value` says of the signals that it reads; who reads it hears only of another value.
#[must_use]
pub fn memo<T>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    memo_of(Box::new(value))
}

fn memo_of<T>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| value())
}

/// Runs `act` once the page is there, and whenever what it reads changes.
pub fn effect(act: impl Fn() + 'static) {
    effect_of(Box::new(act));
}

fn effect_of(act: Box<dyn Fn()>) {
    Effect::new(move |_| act());
}
