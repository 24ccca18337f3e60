//! Adagrad Lab: watch Adagrad run, coordinate by coordinate.
//!
//! The library is pure Rust and tests natively; only `ui` and the object of [`embed`] need a browser.
//! In reading order:
//!
//! - [`parameter`]: what rules and objectives can be set to, as data.
//! - [`objective`]: the functions to minimise: value, gradient, Hessian, minimiser.
//! - [`expression`]: a function as typed → its value, gradient and Hessian, for [`objective`].
//!   Not linked into the page's own module: a worker loads it on demand.
//! - [`optimizer`]: the update rules, one file each.
//! - [`trajectory`]: objective + optimizer → every step of a run, and why it stopped.
//! - [`swarm`]: where many runs end, for maps.
//! - [`diagnosis`]: what a run means: progress, premature stopping, sweeps, in plain words.
//! - [`settings`]: everything a link restores, and its codec; [`slider`]: what a key does to a slider.
//! - [`chart`]: the figures, pure functions of data, size and theme over a plotters backend.
//! - [`export`]: a run as CSV, JSON and Python.
//! - [`inspector`]: one step written out with its numbers; [`number`]: numbers as readers and
//!   programs meet them; `math`: powers, logarithms and angles, by the browser.
//! - [`sparse`]: logistic regression on sparse examples of millions of features, in f32, in a
//!   module and a worker of its own; its view is one more module, of `ui::sparse`.
//! - [`random`], [`elementary`]: numbers of the same bits on every platform.
//! - [`engine`]: what a reader asks for by a click or meets below the figures, made by a second
//!   module in a worker.
//! - `worker` (browser only): what such a module takes requests with.
//! - [`embed`]: `window.adagradLab`; the object itself in the browser only.
//! - `ui` (browser only): the page.
//!
//! Nothing depends on `ui`; data flows one way, settings → run → figures.

pub mod character;
pub mod chart;
pub mod comparison;
pub mod diagnosis;
pub mod elementary;
pub mod embed;
pub mod engine;
pub mod export;
pub mod expression;
pub mod inspector;
mod math;
pub mod number;
pub mod objective;
pub mod optimizer;
pub mod parameter;
pub mod random;
pub mod settings;
pub mod slider;
pub mod sparse;
pub mod swarm;
pub mod trajectory;

#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod ui;
#[cfg(target_arch = "wasm32")]
pub mod worker;
