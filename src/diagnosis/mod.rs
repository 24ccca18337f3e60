//! What a run means: how far it came, how far it has to go, and that in plain words.
//!
//! Everything here reads objectives, optimizers and trajectories; nothing here draws.

pub mod escape;
pub mod explain;
pub mod horizon;
pub mod map;
pub mod outlook;
mod pace;
pub mod progress;
pub mod refinement;
pub mod subject;
pub mod sweep;

pub use horizon::{Horizon, StepsNeeded, stops_early};
pub use map::{Map, Sides};
pub use outlook::{LookAhead, Outlook};
pub use progress::{Measure, Progress};
pub use refinement::Refinement;
pub use subject::Subject;
pub use sweep::{Sweep, log_spaced};
