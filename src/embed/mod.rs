//! What scripts and host pages use of the lab.

#[cfg(target_arch = "wasm32")]
pub mod api;
pub mod specification;
