//! The run to take away: link, data, the same experiment in Python.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos_dom::helpers::{set_timeout, window};
use reactive_graph::graph::untrack;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::dom::{El, button, el};
use super::engine::{self, Answer};
use super::reactive::{Memo, RwSignal};
use super::state::{Lab, Side};
use super::{address, download};
use crate::engine::{Export, File, Request};
use crate::settings::ObjectiveName;

/// One button per export; those of a run, per objective shown and side compared.
#[must_use]
pub fn exports(
    lab: Lab,
    beside: Lab,
    columns: Memo<Vec<(Side, ObjectiveName)>>,
    foreign: Vec<String>,
) -> El {
    let status = RwSignal::new(String::new());
    let copy_link = move || {
        let Some(settings) = lab.shared_settings() else {
            return;
        };
        let link = address::link(&settings, &foreign);
        let Ok(copied) = copy(&link) else {
            status.set(format!("Copying is not allowed here; the link is {link}"));
            return;
        };
        spawn_local(async move {
            let said = match JsFuture::from(copied).await {
                Ok(_) => "Link copied.".to_owned(),
                Err(_) => format!("Copying is not allowed here; the link is {link}"),
            };
            status.try_set(said);
        });
    };
    let of_runs = move || {
        let mut buttons = Vec::new();
        for (side, name) in columns.get() {
            let of = if side == Side::A { lab } else { beside };
            buttons.extend(run_exports(of, status, name));
        }
        buttons
    };
    el("section")
        .class("exports")
        .attr("aria-label", "Exports")
        .children([
            button("Copy link", copy_link).test_id("copy-link"),
            el("div").class("run-exports").contents_of(of_runs),
            el("p")
                .class("status")
                .attr("role", "status")
                .text_of(move || status.get()),
        ])
}

/// Fails where the browser has no clipboard, as on plain http.
fn copy(text: &str) -> Result<js_sys::Promise, wasm_bindgen::JsValue> {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into())?;
    if clipboard.is_undefined() {
        return Err(clipboard);
    }
    Ok(window().navigator().clipboard().write_text(text))
}

fn run_exports(lab: Lab, status: RwSignal<String>, name: ObjectiveName) -> [El; 3] {
    let button = move |label: &str, file: File| {
        let id = lab.id(&label.to_ascii_lowercase(), name);
        let save = move || {
            let rule = lab.selected.get_untracked().name();
            save(lab, status, name, &lab.id(rule, name), file.clone());
        };
        let side = if lab.side == Side::B { " of B" } else { "" };
        button(&[name.name(), " ", label, side].concat(), save).test_id(&id)
    };
    [
        button("CSV", File::Csv),
        button("JSON", File::Json),
        button("Python", File::Python),
    ]
}

/// How long a file may take before the reader is told that it is being made.
const PATIENCE: Duration = Duration::from_millis(300);

/// Has the engine make `file` and offers it by the name `stem` and its extension; `status` says what
/// becomes of it.
pub fn save(lab: Lab, status: RwSignal<String>, objective: ObjectiveName, stem: &str, file: File) {
    let file_name = [stem, ".", file.extension()].concat();
    let media_type = file.media_type();
    let mut settings = lab.own_settings_untracked();
    settings.experiment = untrack(|| lab.experiment_shown());
    let request = Request::Export(Export {
        objective,
        settings,
        file,
    });
    let waiting = Rc::new(Cell::new(true));
    let still_waiting = Rc::clone(&waiting);
    let making = ["Making ", &file_name, "…"].concat();
    let on_answer = move |answer: Answer| {
        waiting.set(false);
        let said = match answer {
            Answer::Done(text) => {
                download::text(&file_name, media_type, &text);
                String::new()
            }
            Answer::Failed(why) => [
                "The file could not be made: ",
                &why,
                ". Reload the page and try again.",
            ]
            .concat(),
            Answer::Part(_) => return,
        };
        status.try_set(said);
    };
    engine::ask(&request, Rc::new(on_answer));
    let tell = move || {
        if still_waiting.get() {
            status.try_set(making);
        }
    };
    set_timeout(tell, PATIENCE);
}
