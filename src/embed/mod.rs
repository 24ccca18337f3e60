//! What scripts and host pages use of the lab.

pub mod specification;
