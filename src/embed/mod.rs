//! What scripts and host pages use of the lab.

#[cfg(all(target_arch = "wasm32", feature = "page"))]
pub mod api;
#[cfg(target_arch = "wasm32")]
pub mod javascript;
#[cfg(all(target_arch = "wasm32", feature = "page"))]
mod sparse;
pub mod sparse_specification;
pub mod specification;
