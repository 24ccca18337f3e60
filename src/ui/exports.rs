//! The run to take away: link, data, the same experiment in Python.

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::address;
use super::dom::{El, button, el};
use super::download;
use super::state::{Lab, adagrad_of, first_optimizer, first_run, objective_of, problem_of};
use crate::export::{pytorch_snippet, trajectory_csv, trajectory_json};
use crate::settings::ObjectiveName;

/// One button per export; those of a run, per objective shown.
#[must_use]
pub fn exports(lab: Lab, objectives: Memo<Vec<ObjectiveName>>, foreign: Vec<String>) -> El {
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
        let names = objectives.get().into_iter();
        names.flat_map(|name| run_exports(lab, name)).collect()
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

fn run_exports(lab: Lab, name: ObjectiveName) -> [El; 3] {
    let save = move |label: &str, extension: &'static str, media_type: &'static str| {
        let save = move || {
            let e = lab.experiment.get_untracked();
            let text = match extension {
                "csv" => trajectory_csv(&first_run(&e, name)),
                "json" => {
                    let (problem, optimizer) = (problem_of(&e, name), first_optimizer(&e));
                    trajectory_json(problem, optimizer, e.steps, &first_run(&e, name))
                }
                _ => {
                    let (objective, adagrad) = (objective_of(&e, name), adagrad_of(&e));
                    pytorch_snippet(&objective, &adagrad, e.start, e.steps)
                }
            };
            let file = format!("adagrad-{}.{extension}", name.name());
            download::text(&file, media_type, &text);
        };
        let id = format!("{}-{}", label.to_lowercase(), name.name());
        button(&format!("{} {label}", name.name()), save).test_id(&id)
    };
    [
        save("CSV", "csv", "text/csv"),
        save("JSON", "json", "application/json"),
        save("Python", "py", "text/x-python"),
    ]
}
