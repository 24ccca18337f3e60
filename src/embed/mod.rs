//! What scripts and host pages use of the lab.

#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod api;
pub mod specification;
