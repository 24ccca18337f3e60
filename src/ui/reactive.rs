//! Signals, derived values and effects, compiled once for all types of value.
//!
//! Leptos compiles its graph anew for every type that a signal or memo holds, and for every closure
//! of an effect: with dozens of each that was a fifth of the page. Here Leptos sees one type of value,
//! a box that knows its own; the page sees [`RwSignal`] and [`Memo`] with the methods it knows.
//!
//! As with Leptos's own, a handle is a copy, and lasts as long as the owner it was made under: only
//! what begins with `try_` may be called afterwards.

use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

use reactive_graph::computed::Memo as GraphMemo;
use reactive_graph::effect::{Effect, RenderEffect};
use reactive_graph::owner::{StoredValue, on_cleanup};
use reactive_graph::signal::RwSignal as GraphSignal;
use reactive_graph::traits::{Get, GetUntracked, Set, Track, UpdateValue};

/// A value of any type.
#[derive(Clone)]
struct Held {
    value: Arc<dyn Any + Send + Sync>,
    is_same: fn(&Held, &Held) -> bool,
}

impl PartialEq for Held {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.value, &other.value) || (self.is_same)(self, other)
    }
}

impl Held {
    fn new<T: Send + Sync + 'static>(value: T, is_same: fn(&Held, &Held) -> bool) -> Self {
        Self {
            value: Arc::new(value),
            is_same,
        }
    }

    fn read<T: 'static, U>(&self, read: impl FnOnce(&T) -> U) -> U {
        match self.value.downcast_ref() {
            Some(value) => read(value),
            None => unreachable!("a handle holds the type it was made with"),
        }
    }
}

fn is_equal<T: PartialEq + 'static>(one: &Held, other: &Held) -> bool {
    let (one, other) = (one.value.downcast_ref::<T>(), other.value.downcast_ref());
    one.is_some() && one == other
}

fn is_shared<T: 'static>(one: &Held, other: &Held) -> bool {
    let shared = |held: &Held| {
        held.value
            .downcast_ref::<Option<Arc<T>>>()
            .cloned()
            .flatten()
    };
    match (shared(one), shared(other)) {
        (Some(one), Some(other)) => Arc::ptr_eq(&one, &other),
        (None, None) => true,
        _ => false,
    }
}

fn never(_: &Held, _: &Held) -> bool {
    false
}

/// A value that can be set, and is followed.
pub struct RwSignal<T>(GraphSignal<Held>, PhantomData<fn() -> T>);

impl<T> Clone for RwSignal<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for RwSignal<T> {}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal that holds `value`.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self(signal_of(Held::new(value, never)), PhantomData)
    }

    /// What `read` says of the value, which is followed from now on.
    pub fn with<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        followed_signal(self.0).read(read)
    }

    /// What `read` says of the value as it is now.
    pub fn with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        match signal_now(self.0) {
            Some(held) => held.read(read),
            None => unreachable!("a signal is read while its owner is there"),
        }
    }

    /// Follows the value without reading it.
    pub fn track(&self) {
        self.0.track();
    }

    /// Sets the value.
    pub fn set(&self, value: T) {
        self.try_set(value);
    }

    /// Sets the value, if the signal is still there; whether it was.
    pub fn try_set(&self, value: T) -> bool {
        set_signal(self.0, Held::new(value, never))
    }
}

impl<T: Clone + Send + Sync + 'static> RwSignal<T> {
    /// The value, which is followed from now on.
    #[must_use]
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    #[must_use]
    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }

    /// The value as it is now, if the signal is still there.
    #[must_use]
    pub fn try_get_untracked(&self) -> Option<T> {
        signal_now(self.0).map(|held| held.read(T::clone))
    }

    /// Sets what `change` makes of the value.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        let mut value = self.get_untracked();
        change(&mut value);
        self.set(value);
    }
}

fn signal_of(held: Held) -> GraphSignal<Held> {
    GraphSignal::new(held)
}

fn followed_signal(signal: GraphSignal<Held>) -> Held {
    signal.get()
}

fn signal_now(signal: GraphSignal<Held>) -> Option<Held> {
    signal.try_get_untracked()
}

fn set_signal(signal: GraphSignal<Held>, held: Held) -> bool {
    signal.try_set(held).is_none()
}

/// A value that follows from others.
pub struct Memo<T>(GraphMemo<Held>, PhantomData<fn() -> T>);

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

/// What `value` says of what it reads; who reads it hears only of another value.
#[must_use]
pub fn memo<T>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    let held = move || Held::new(value(), is_equal::<T>);
    Memo(memo_of(Box::new(held)), PhantomData)
}

/// As [`memo`], for values too large to compare: who reads it hears of each.
#[must_use]
pub fn derived<T>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T>
where
    T: Send + Sync + 'static,
{
    let held = move || Held::new(value(), never);
    Memo(memo_of(Box::new(held)), PhantomData)
}

/// As [`memo`], for a shared value that may be large: it is the same as long as it is shared.
#[must_use]
pub fn memo_shared<T>(
    value: impl Fn() -> Option<Arc<T>> + Send + Sync + 'static,
) -> Memo<Option<Arc<T>>>
where
    T: Send + Sync + 'static,
{
    let held = move || Held::new(value(), is_shared::<T>);
    Memo(memo_of(Box::new(held)), PhantomData)
}

/// The value of `source`, which is not followed while things move and `seen` says that nobody sees what
/// is made of it.
///
/// What is out of sight thus costs nothing while things move, and is right once they rest.
#[must_use]
pub fn while_seen<T>(source: Memo<T>, seen: RwSignal<bool>, is_moving: RwSignal<bool>) -> Memo<T> {
    let held = move || {
        if seen.get() || !is_moving.get() {
            return followed_memo(source.0);
        }
        memo_now(source.0)
    };
    Memo(memo_of(Box::new(held)), PhantomData)
}

impl<T: 'static> Memo<T> {
    /// What `read` says of the value, which is followed from now on.
    pub fn with<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        followed_memo(self.0).read(read)
    }

    /// What `read` says of the value as it is now.
    pub fn with_untracked<U>(&self, read: impl FnOnce(&T) -> U) -> U {
        memo_now(self.0).read(read)
    }

    /// Follows the value without reading it.
    pub fn track(&self) {
        // It must be computed: a memo that never was hears nothing of what it would read.
        followed_memo(self.0);
    }
}

impl<T: Clone + 'static> Memo<T> {
    /// The value, which is followed from now on.
    #[must_use]
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    /// The value as it is now.
    #[must_use]
    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

fn memo_of(value: Box<dyn Fn() -> Held + Send + Sync>) -> GraphMemo<Held> {
    GraphMemo::new(move |_| value())
}

fn followed_memo(memo: GraphMemo<Held>) -> Held {
    memo.get()
}

fn memo_now(memo: GraphMemo<Held>) -> Held {
    memo.get_untracked()
}

/// Runs `act` now and whenever what it reads changes: for what of the page follows signals.
pub fn follow(act: impl Fn() + 'static) {
    follow_boxed(Box::new(act));
}

fn follow_boxed(act: Box<dyn Fn()>) {
    // An effect ends when it is dropped; the owner keeps it.
    StoredValue::new_local(RenderEffect::new(move |_| act()));
}

/// Runs `act` once the page is there, and whenever what it reads changes.
pub fn effect(act: impl Fn() + 'static) {
    effect_boxed(Box::new(act));
}

fn effect_boxed(act: Box<dyn Fn()>) {
    Effect::new(move |_| act());
}

/// Runs `act` when the current owner goes: it is kept until then, with all that it holds.
pub fn when_gone(act: impl FnOnce() + 'static) {
    when_gone_boxed(Box::new(act));
}

fn when_gone_boxed(act: Box<dyn FnOnce()>) {
    // Not Send, which an owner asks of what it calls itself.
    let kept = StoredValue::new_local(Some(act));
    on_cleanup(move || {
        if let Some(Some(act)) = kept.try_update_value(Option::take) {
            act();
        }
    });
}
