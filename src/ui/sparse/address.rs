//! The address bar: its one reader and its one writer.

use std::time::Duration;

use leptos_dom::helpers::{
    TimeoutHandle, set_timeout_with_handle, window, window_event_listener_untyped,
};
use wasm_bindgen::JsValue;

use super::state::SparseLab;
use crate::settings::{Problem, Theme};
use crate::sparse::experiment::Experiment;
use crate::sparse::query;
use crate::ui::reactive::{RwSignal, effect};

/// As of the playground's address: Safari refuses more than 100 writes in 30 seconds.
const REST: Duration = Duration::from_millis(350);

/// What a link opens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opened {
    /// What is to be raced.
    pub experiment: Experiment,
    /// What could not be followed to the letter.
    pub problems: Vec<Problem>,
    /// The page's colours.
    pub theme: Theme,
    /// Whether a host page has said what this is.
    pub embed: bool,
    /// What is not the view's own.
    pub foreign: Vec<String>,
}

/// What a query opens: the defaults where it is no link to the sparse lab.
#[must_use]
pub fn read(search: &str) -> Opened {
    let Some(parsed) = query::parse(search) else {
        return Opened::default();
    };
    let mut opened = Opened {
        experiment: parsed.experiment,
        problems: parsed.problems,
        ..Opened::default()
    };
    for piece in parsed.foreign {
        match piece.as_str() {
            "theme=light" => opened.theme = Theme::Light,
            "theme=dark" => opened.theme = Theme::Dark,
            "theme=system" => opened.theme = Theme::System,
            "embed=1" => opened.embed = true,
            "embed=0" => opened.embed = false,
            other => match other.split_once('=') {
                Some(("theme", given)) => {
                    let used = "system".to_owned();
                    let allowed = "system, light or dark".to_owned();
                    let problem = Problem::new("theme", given, allowed, used);
                    opened.problems.push(problem);
                }
                _ => opened.foreign.push(piece),
            },
        }
    }
    opened
}

/// The link that opens the same, without its `?`.
#[must_use]
pub fn write(opened: &Opened) -> String {
    let mut pieces = Vec::new();
    match opened.theme {
        Theme::System => {}
        Theme::Light => pieces.push("theme=light".to_owned()),
        Theme::Dark => pieces.push("theme=dark".to_owned()),
    }
    if opened.embed {
        pieces.push("embed=1".to_owned());
    }
    pieces.extend(opened.foreign.iter().cloned());
    query::format(&opened.experiment, &pieces)
}

/// The absolute address that opens the same.
#[must_use]
pub fn link(opened: &Opened) -> String {
    let address = window().location().href().unwrap_or_default();
    let page = address.split(['?', '#']).next().unwrap_or_default();
    [page, "?", &write(opened)].concat()
}

/// Keeps address and experiment the same from now on: the experiment is written when it rests or
/// the page is left, without adding to the history; going through the history restores it.
pub fn follow(lab: SparseLab) {
    let replace = move || {
        let opened = lab.opened_untracked();
        let search = window().location().search().unwrap_or_default();
        // An address that says the same in other words stays as it is.
        if write(&read(&search)) == write(&opened) {
            return;
        }
        let hash = window().location().hash().unwrap_or_default();
        let address = ["?", &write(&opened), &hash].concat();
        // A sandboxed frame may refuse; "copy link" needs no address bar.
        if let Ok(history) = window().history() {
            let state = history.state().unwrap_or(JsValue::NULL);
            let _ = history.replace_state_with_url(&state, "", Some(&address));
        }
    };
    let waiting = RwSignal::new(None::<TimeoutHandle>);
    effect(move || {
        lab.experiment.track();
        lab.theme.track();
        if let Some(timeout) = waiting.get_untracked() {
            timeout.clear();
        }
        waiting.set(set_timeout_with_handle(replace, REST).ok());
    });
    // The view lives as long as the window: these are never taken off.
    let _ = window_event_listener_untyped("visibilitychange", move |_| replace());
    let _ = window_event_listener_untyped("pagehide", move |_| replace());
    let _ = window_event_listener_untyped("popstate", move |_| {
        let search = window().location().search().unwrap_or_default();
        if query::is_sparse(&search) {
            let opened = read(&search);
            // A link within the page comes by here too, and says nothing new.
            if write(&opened) != write(&lab.opened_untracked()) {
                lab.open(opened);
            }
        } else {
            let _ = window().location().reload();
        }
    });
}
