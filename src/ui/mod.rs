//! The page: controls, figures, playback. Everything here needs a browser, nothing depends on it.
//!
//! [`state`] holds the settings and the one way to change them; [`address`] mirrors them in the
//! link; [`app`] lays out the page from one part per file, all made of the elements of [`dom`].

mod address;
mod alerts;
mod app;
mod canvas;
mod canvas_backend;
mod caption;
mod controls;
mod display;
mod dom;
mod download;
pub mod engine;
mod exports;
mod failure;
mod figure_card;
mod frames;
mod inspector;
mod landscape;
mod legend;
mod map_card;
mod panel_section;
mod patch;
mod player;
mod presets;
mod reactive;
mod rules_table;
mod runs;
mod settling;
mod slices;
mod slider;
pub mod sparse;
pub mod state;
mod step_table;
mod stopping;
mod theme_menu;
mod typed;
mod visibility;
mod written;

use any_spawner::Executor;
use leptos_dom::helpers::{document, window};
use reactive_graph::owner::Owner;

/// Mounts the page with the settings that the address holds.
pub fn mount() {
    failure::install_panic_hook();
    let search = window().location().search().unwrap_or_default();
    if crate::sparse::query::is_sparse(&search) {
        // That view is a module of its own, which assets/boot.js asks for.
        crate::embed::api::install(None);
        return;
    }
    let parsed = address::read();
    let foreign = parsed.foreign.clone();
    // Lets effects run; refused only where it is set up already.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| {
        let lab = state::Lab::new(parsed.settings, parsed.problems);
        address::follow(lab, foreign.clone());
        crate::embed::api::install(Some(lab));
        let page = app::app(lab, foreign).node::<web_sys::Node>();
        if let Some(body) = document().body() {
            // Refused for a node within itself only.
            let _ = body.append_child(&page);
        }
    });
    // The page lives as long as the window.
    std::mem::forget(owner);
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
}

/// Milliseconds on the page's clock.
fn now_ms() -> f64 {
    window()
        .performance()
        .map_or(0.0, |performance| performance.now())
}
