//! Sparse logistic regression: data, rules, trainer and what came of it, at sizes that no plot can
//! hold.
//!
//! The model: p = σ(w·x), or σ(w·x + b) with an intercept; the loss is −ln of the label's
//! probability; w and b start at 0. A batch's gradient is the mean over its examples, and only the
//! features that occur in it are updated; see [`rules`].
//!
//! In reading order:
//!
//! - [`examples`]: labelled sparse rows, features numbered by frequency; [`held_out`]: what is
//!   kept for the test.
//! - [`zipf`], [`libsvm`], [`text`]: where they come from; [`reading`]: what files have in common,
//!   and [`lines`]: what cannot be read.
//! - [`batches`]: in which order and portions; [`columns`]: each portion by feature.
//! - [`rules`]: the six update rules on one feature.
//! - [`cpu`]: the trainer, and `model` its inner loops; [`loss`]: the sum of its losses.
//! - `gpu` (with the feature of that name): its twin on WebGPU; `time_limit`: how long is waited
//!   for an answer that another party owes.
//! - [`metrics`], [`frequency`]: how good the weights are, overall and by how often features occur.
//! - [`tune`]: the same few learning rates for every rule.
//! - [`experiment`]: all that is to be trained on what, and `query` its links, [`slider`]
//!   the sliders over its numbers; [`prepare`]: its
//!   examples; [`backend`]: where it is trained, and [`choice`]: why there; [`race`]: all of it, in
//!   slices; [`growth`], [`curve`], [`figures`], [`rate_ratio`]: what is to be seen of it; [`repeats`]: the same on
//!   several data sets; [`memory`]: how much it takes; [`verdict`]: who wins, in words; [`export`]: all of it to take away.
//! - `worker` (wasm only): takes requests, in a module and a worker of its own.

pub mod backend;
pub mod batches;
pub mod choice;
pub mod columns;
pub mod cpu;
pub mod curve;
pub mod decoding;
pub mod examples;
pub mod experiment;
pub mod export;
pub mod figures;
pub mod frequency;
#[cfg(feature = "gpu")]
pub mod gpu;
pub mod growth;
pub mod held_out;
mod labels;
pub mod libsvm;
pub mod lines;
pub mod loss;
pub mod memory;
pub mod metrics;
mod model;
pub mod prepare;
pub mod query;
pub mod race;
pub mod rate_ratio;
pub mod reading;
pub mod repeats;
pub mod rules;
pub mod session;
pub mod slider;
#[cfg(target_arch = "wasm32")]
mod source;
pub mod text;
#[cfg(any(test, target_arch = "wasm32", feature = "gpu"))]
mod time_limit;
pub mod tune;
pub mod verdict;
#[cfg(target_arch = "wasm32")]
pub mod worker;
pub mod zipf;

#[cfg(test)]
mod parity;
#[cfg(test)]
mod plain_text;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod shared_data;
