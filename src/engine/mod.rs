//! The engine: a second WebAssembly module, which the page loads when it is first asked for
//! something beyond the figures and runs in a worker. So it costs the first load nothing, may be compiled for speed
//! rather than size, and never keeps the page from drawing.
//!
//! [`request`] is the language that page and engine share; [`export`] is what a request for a file
//! comes to, [`function`] what becomes of a typed function, [`written`] what a run looks like
//! written out, and [`comparisons`] and [`rules_table`] what is behind two folds of the page; maps
//! are computed by [`diagnosis::refinement`](crate::diagnosis::refinement). `worker` (wasm only) takes the
//! requests. The page's side is `ui::engine`.
//!
//! A message to the engine is `[id, text]`, the text a [`Request`], or `id` alone: that request is
//! dropped, its answer no longer wanted. A message from it is `[id, what, value]`:
//!
//! | what | value | |
//! | --- | --- | --- |
//! | `"part"` | as of `"done"`, so far as it is known | any number of these, before one of the others |
//! | `"done"` | text, or a typed array, transferred | |
//! | `"failed"` | why, in words | |

pub mod comparisons;
pub mod export;
pub mod function;
mod map;
pub mod request;
pub mod rules_table;
mod runs;
#[cfg(target_arch = "wasm32")]
pub mod worker;
pub mod written;

pub use export::{Export, File, Picture};
pub use function::Refusal;
pub use request::Request;
pub use written::{Part, Written};
