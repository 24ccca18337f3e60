//! The sparse lab's entry: takes requests, nothing else. Natively there is no page to take them from.

fn main() {
    #[cfg(target_arch = "wasm32")]
    adagrad_lab::sparse::worker::serve();
}
