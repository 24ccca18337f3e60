//! The race to take away: link, figures of every rule, weights.

use std::rc::Rc;

use leptos_dom::helpers::window;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::address::{self, Opened};
use super::answers::Weights;
use super::state::{Phase, SparseLab, ask_for_weights};
use crate::sparse::export::{Outcome, csv, json};
use crate::sparse::rules::Kind;
use crate::ui::dom::{El, button, el};
use crate::ui::download;
use crate::ui::reactive::{RwSignal, memo};

/// One button per export.
#[must_use]
pub fn exports(lab: SparseLab) -> El {
    let status = RwSignal::new(String::new());
    let copy_link = move || {
        let link = address::link(&lab.opened_untracked());
        let own_file = lab.experiment.with_untracked(|e| e.data.file().is_some());
        let Ok(copied) = copy(&link) else {
            status.set(format!("Copying is not allowed here; the link is {link}"));
            return;
        };
        spawn_local(async move {
            let said = match JsFuture::from(copied).await {
                Ok(_) if own_file => {
                    "Link copied. It names your file but does not contain it.".to_owned()
                }
                Ok(_) => "Link copied.".to_owned(),
                Err(_) => format!("Copying is not allowed here; the link is {link}"),
            };
            status.try_set(said);
        });
    };
    let has_raced = memo(move || lab.phase.get() == Phase::Racing);
    let as_csv = move || {
        if let Some(outcome) = outcome(lab) {
            download::text("sparse-lab.csv", "text/csv", &csv(&outcome).into());
        }
    };
    let as_json = move || {
        if let Some(outcome) = outcome(lab) {
            download::text(
                "sparse-lab.json",
                "application/json",
                &json(&outcome).into(),
            );
        }
    };
    let of_rules = move || {
        if !has_raced.get() {
            return Vec::new();
        }
        let weights = |kind: Kind| {
            let save = move || ask_for_weights(kind, Rc::new(save_weights));
            button(&["Weights of ", kind.label()].concat(), save)
                .test_id(&["weights-", kind.name()].concat())
        };
        lab.kinds.get().into_iter().map(weights).collect()
    };
    el("section")
        .class("exports")
        .attr("aria-label", "Exports")
        .children([
            button("Copy link", copy_link).test_id("copy-link"),
            button("CSV", as_csv)
                .test_id("sparse-csv")
                .shown_of(move || has_raced.get()),
            button("JSON", as_json)
                .test_id("sparse-json")
                .shown_of(move || has_raced.get()),
            el("div").class("run-exports").contents_of(of_rules),
            el("p")
                .class("status")
                .attr("role", "status")
                .text_of(move || status.get()),
        ])
}

fn save_weights(weights: &Weights) {
    let name = ["sparse-lab-weights-", weights.kind.name(), ".csv"].concat();
    download::parts(&name, "text/csv", &weights.parts);
}

/// What there is to take away; none before there is a report.
fn outcome(lab: SparseLab) -> Option<Outcome> {
    let picture = lab.picture.get_untracked();
    let experiment = lab.raced.get_untracked();
    Some(Outcome {
        link: address::link(&Opened {
            experiment: experiment.clone(),
            ..lab.opened_untracked()
        }),
        experiment,
        report: lab.report.get_untracked()?,
        curves: picture.curves,
        deciles: picture.deciles,
        spreads: picture
            .spreads
            .map_or_else(Vec::new, |spreads| spreads.rules),
        seconds: lab.elapsed_s.get_untracked(),
    })
}

/// Fails where the browser has no clipboard, as on plain http.
fn copy(text: &str) -> Result<js_sys::Promise, wasm_bindgen::JsValue> {
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into())?;
    if clipboard.is_undefined() {
        return Err(clipboard);
    }
    Ok(window().navigator().clipboard().write_text(text))
}
