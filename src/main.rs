//! The browser's entry: mounts the app, nothing else. Natively there is nothing to mount.

fn main() {
    #[cfg(target_arch = "wasm32")]
    adagrad_lab::ui::mount();
}
