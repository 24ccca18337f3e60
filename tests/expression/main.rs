//! The function a reader types: what is understood, how errors are worded and placed, and whether
//! the derivatives are those of the function.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests, which clippy only knows in test functions"
)]

mod closed_forms;
mod errors;
mod fuzz;
mod grammar;
mod jet;
mod polynomials;
mod reading;
