//! The entry of the sparse lab's view: mounts it, nothing else. Natively there is nothing to mount.

fn main() {
    #[cfg(target_arch = "wasm32")]
    adagrad_lab::ui::sparse::mount();
}
