//! The run to take away: link, data, the same experiment in Python.

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::address;
use super::download;
use super::state::Lab;
use crate::export::{pytorch_snippet, trajectory_csv, trajectory_json};
use crate::settings::ObjectiveName;

/// One button per export; those of a run, per objective shown.
#[component]
pub fn Exports(lab: Lab, foreign: Vec<String>) -> impl IntoView {
    let status = RwSignal::new(String::new());
    let copy_link = move |_| {
        let link = lab.settings.with_untracked(|s| address::link(s, &foreign));
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
    let objectives = Memo::new(move |_| lab.experiment.with(|e| e.objectives.clone()));
    view! {
        <section class="exports" aria-label="Exports">
            <button type="button" data-testid="copy-link" on:click=copy_link>"Copy link"</button>
            <For each=move || objectives.get() key=|name| *name let:name>
                <RunExports lab name/>
            </For>
            <p class="status" role="status">{status}</p>
        </section>
    }
}

/// Fails where the browser has no clipboard, as on plain http.
fn copy(text: &str) -> Result<js_sys::Promise, wasm_bindgen::JsValue> {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into())?;
    if clipboard.is_undefined() {
        return Err(clipboard);
    }
    Ok(window().navigator().clipboard().write_text(text))
}

#[component]
fn RunExports(lab: Lab, name: ObjectiveName) -> impl IntoView {
    let save = move |extension: &'static str, media_type: &'static str| {
        move |_| {
            let e = lab.experiment.get_untracked();
            let objective = e.objective(name);
            let text = match extension {
                "csv" => trajectory_csv(&e.run(name)),
                "json" => trajectory_json(&objective, &e.optimizer, e.steps, &e.run(name)),
                _ => pytorch_snippet(&objective, &e.optimizer, e.start, e.steps),
            };
            download::text(
                &format!("adagrad-{}.{extension}", name.name()),
                media_type,
                &text,
            );
        }
    };
    let label = move |what: &str| format!("{} {what}", name.name());
    view! {
        <button type="button" data-testid=format!("csv-{}", name.name()) on:click=save("csv", "text/csv")>{label("CSV")}</button>
        <button type="button" data-testid=format!("json-{}", name.name()) on:click=save("json", "application/json")>{label("JSON")}</button>
        <button type="button" data-testid=format!("python-{}", name.name()) on:click=save("py", "text/x-python")>{label("Python")}</button>
    }
}
