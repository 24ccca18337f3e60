//! The engine: a second WebAssembly module, which the page loads when it is first asked for
//! something and runs in a worker. So it costs the first load nothing, may be compiled for speed
//! rather than size, and never keeps the page from drawing.
//!
//! [`request`] is the language that page and engine share; [`export`] is what a request for a file
//! comes to; `worker` (wasm only) takes the requests. The page's side is `ui::engine`.
//!
//! A message to the engine is `[id, text]`, the text a [`Request`], or `id` alone: that request is
//! dropped, its answer no longer wanted. A message from it is `[id, what, value]`:
//!
//! | what | value | |
//! | --- | --- | --- |
//! | `"progress"` | share done, 0 to 1 | any number of them, before one of the others |
//! | `"done"` | text, or a typed array, transferred | |
//! | `"failed"` | why, in words | |

pub mod export;
pub mod request;
#[cfg(target_arch = "wasm32")]
pub mod worker;

pub use export::{Export, File, Picture};
pub use request::Request;
