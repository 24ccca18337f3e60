//! A run to take away: as a table (CSV), as data (JSON), as a Python script (PyTorch).
//!
//! Numbers are written in the shortest form that reads back as the same f64.

mod csv;
pub(crate) mod json;
mod python;
mod python_rule;

pub use csv::trajectory_csv;
pub use json::trajectory_json;
pub use python::pytorch_snippet;
