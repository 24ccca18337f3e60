//! Update rules, one file each: equation, configuration, state, step.

pub mod adagrad;

pub use adagrad::{Adagrad, EpsilonPlacement, InvalidAdagrad, Order};
