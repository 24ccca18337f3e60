//! The sparse lab's view, a page of its own: what is trained on what, the race as it goes, and what
//! came of it. The work is done by the [sparse lab](crate::sparse) in its worker.
//!
//! [`state`] holds the experiment and talks to the worker, in the words of [`answers`]; [`page`]
//! lays out the rest, one part per file.

mod address;
mod answers;
mod data;
mod exports;
mod field;
mod figures;
mod page;
mod rules;
mod script;
mod standings;
mod state;
mod training;
mod transport;
mod verdict;
mod words;

use any_spawner::Executor;
use leptos_dom::helpers::{document, window};
use reactive_graph::owner::Owner;

use state::SparseLab;

/// What only this view looks like: the rest is in the page already.
const STYLE: &str = include_str!("../../../style/sparse.css");

/// Mounts the view with the experiment that the address holds.
pub fn mount() {
    super::failure::install_panic_hook();
    let search = window().location().search().unwrap_or_default();
    // assets/boot.js asks for this module where it is such a link.
    let opened = address::read(&search);
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    owner.with(|| {
        let lab = SparseLab::new(opened);
        address::follow(lab);
        let style = super::dom::el("style").text(STYLE);
        let page = page::page(lab);
        if let Some(head) = document().head() {
            let _ = head.append_child(&style.node::<web_sys::Node>());
        }
        if let Some(body) = document().body() {
            let _ = body.append_child(&page.node::<web_sys::Node>());
        }
        state::start_at_once(lab);
        script::install(lab);
    });
    // The view lives as long as the window.
    std::mem::forget(owner);
    if let Some(boot) = document().get_element_by_id("boot") {
        boot.remove();
    }
}
