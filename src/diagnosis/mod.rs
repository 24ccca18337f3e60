//! What a run means: how far it came, how far it has to go, and that in plain words.
//!
//! Everything here reads objectives, optimizers and trajectories; nothing here draws.

pub mod explain;
pub mod horizon;
pub mod progress;
pub mod sweep;

pub use horizon::{Horizon, StepsNeeded, stops_early};
pub use progress::Progress;
pub use sweep::{Sweep, log_spaced};
