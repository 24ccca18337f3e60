//! What is trained on: generated words, or a file of the reader's.

use leptos_dom::helpers::{event_target, event_target_value};
use wasm_bindgen::JsValue;
use web_sys::{DragEvent, Event, FileList, HtmlInputElement, HtmlTextAreaElement};

use super::field::{choice, choice_of, number, of_data, slider};
use super::state::SparseLab;
use crate::number::grouped;
use crate::sparse::experiment::Data;
use crate::ui::dom::{El, button, el};
use crate::ui::panel_section::section;
use crate::ui::reactive::RwSignal;

/// What pasted text is called.
const PASTED: &str = "pasted text";

/// The section of the panel that is about the data.
#[must_use]
pub fn data(lab: SparseLab) -> El {
    let kinds = choice(
        "data",
        "Source",
        &[
            ("zipf", "synthetic words"),
            ("libsvm", "LIBSVM file"),
            ("text", "labelled text"),
        ],
        move || lab.experiment.with(|e| e.data.name().to_owned()),
        move |name| lab.set_kind_of_data(name),
    );
    section(
        "Data",
        true,
        vec![
            kinds,
            of_data(lab, synthetic(lab), |data| matches!(data, Data::Zipf(_))),
            of_data(lab, file(lab), |data| data.file().is_some()),
        ],
    )
}

fn synthetic(lab: SparseLab) -> El {
    el("div").class("panel-body").children([
        el("p").class("hint").html_of(|| {
            "Each example is a set of words, drawn in proportion to (j + 1)<sup>−α</sup> for word \
             j = 0, 1, …; true weights w* are standard normal, and a label is 1 with probability \
             σ(w*·x)."
                .to_owned()
        }),
        slider(lab, "examples", "Examples"),
        slider(lab, "features", "Features (words)"),
        slider(lab, "nonzeros", "Words per example"),
        slider(lab, "alpha", "Exponent α"),
        slider(lab, "noise", "Labels flipped"),
        number(lab, "seed", "Seed"),
    ])
}

/// Picking, dropping and pasting.
fn file(lab: SparseLab) -> El {
    let wanted = move || match lab.wanted_file.get() {
        Some(name) if !name.is_empty() => [
            "This link is about the file ",
            &name,
            ", which it does not contain: choose it.",
        ]
        .concat(),
        Some(_) => "Choose a file, drop it here, or paste lines below.".to_owned(),
        None => String::new(),
    };
    let is_libsvm = |data: &Data| matches!(data, Data::Libsvm { .. });
    let format = el("div").class("panel-body").children([
        of_data(
            lab,
            el("p").class("hint").html_of(|| {
                "A line for each example: <code>+1 3:1 17:0.5</code>. Labels −1/+1, 0/1 or 1/2; \
                 plain or gzipped; <code>#</code> comments and <code>qid:</code> are passed over."
                    .to_owned()
            }),
            is_libsvm,
        ),
        of_data(
            lab,
            el("p").class("hint").html_of(|| {
                "A line for each example: label, tab, text. Words are told apart as Unicode has \
                 it, and each counts once."
                    .to_owned()
            }),
            |data| matches!(data, Data::Text { .. }),
        ),
    ]);
    let has_held_out = move || {
        let is_named = |data: &Data| data.file().is_some_and(|f| !f.held_out_name.is_empty());
        lab.experiment.with(|e| is_named(&e.data))
    };
    let zone = el("div").class("drop-zone").test_id("drop-zone").children([
        picker(lab, 0, "Training file"),
        picker(lab, 1, "Held-out file (optional)"),
        button("Without the held-out file", move || {
            lab.drop_held_out_file()
        })
        .class("small")
        .test_id("without-held-out")
        .shown_of(has_held_out),
    ]);
    let zone = takes_drops(lab, zone, 0);
    el("div").class("panel-body").children([
        format,
        el("p")
            .class("wanted")
            .attr("role", "status")
            .text_of(wanted),
        zone,
        paste(lab),
        of_data(
            lab,
            choice_of(
                lab,
                "first",
                "First index",
                &[("auto", "found out"), ("0", "0"), ("1", "1")],
            ),
            is_libsvm,
        ),
        el("p").class("hint").text_of(move || {
            let first = lab.data.with(|data| data.as_ref()?.first_index);
            let is_own = lab.raced.with(|raced| is_libsvm(&raced.data))
                && lab.experiment.with(|e| is_libsvm(&e.data));
            match first.filter(|_| is_own) {
                Some(first) => format!("Indices of this file are read from {first}."),
                None => String::new(),
            }
        }),
        of_data(
            lab,
            number(lab, "positive", "Positive label, empty for the rarer"),
            |data| matches!(data, Data::Text { .. }),
        ),
        choice_of(
            lab,
            "badlines",
            "Lines that cannot be read",
            &[("skip", "are left out"), ("refuse", "refuse the file")],
        ),
    ])
}

/// Takes a file for that place, and a second one, where there are two, for what is held out.
fn take_files(lab: SparseLab, place: usize, files: &FileList) {
    for (file, place) in (0..files.length())
        .filter_map(|i| files.get(i))
        .zip(place..2)
    {
        lab.take_file(place, &file.name(), file.into());
    }
}

fn takes_drops(lab: SparseLab, zone: El, place: usize) -> El {
    let is_over = RwSignal::new(false);
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        event.stop_propagation();
        is_over.set(false);
        if let Some(files) = event.data_transfer().and_then(|data| data.files()) {
            take_files(lab, place, &files);
        }
    };
    let hover = move |event: DragEvent| {
        event.prevent_default();
        event.stop_propagation();
        is_over.set(true);
    };
    zone.class_of("over", move || is_over.get())
        .on("dragover", hover)
        .on("dragleave", move |_: Event| is_over.set(false))
        .on("drop", dropped)
}

fn picker(lab: SparseLab, place: usize, label: &str) -> El {
    let picked = move |event: Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(files) = input.files() {
            take_files(lab, place, &files);
        }
        // The same file, changed, may be chosen again.
        input.set_value("");
    };
    let name = move || {
        let name = lab.files.with(|files| files.get(place).cloned().flatten());
        name.unwrap_or_else(|| "none yet".to_owned())
    };
    let picker = el("label").class("picker").children([
        el("span").class("control-label").text(label),
        el("span").class("picker-name").text_of(name),
        el("input")
            .attr("type", "file")
            .test_id(&["file-", &place.to_string()].concat())
            .attr("aria-label", label)
            .on("change", picked),
    ]);
    takes_drops(lab, picker, place)
}

fn paste(lab: SparseLab) -> El {
    let area = el("textarea")
        .attr("rows", "3")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .test_id("paste")
        .attr("aria-label", "Lines to train on")
        .attr("placeholder", "… or paste lines here");
    let node: HtmlTextAreaElement = area.node();
    let is_empty = RwSignal::new(true);
    let area = area.on("input", move |event: Event| {
        is_empty.set(event_target_value(&event).trim().is_empty());
    });
    let train = move || {
        let text = node.value();
        if !text.trim().is_empty() {
            lab.take_file(0, PASTED, JsValue::from_str(&text));
        }
    };
    el("div").class("paste").children([
        area,
        button("Train on these lines", train)
            .test_id("train-pasted")
            .shown_of(move || !is_empty.get()),
    ])
}

/// The lines that could not be read, and how many there are.
#[must_use]
pub fn bad_lines(lab: SparseLab) -> El {
    let count = move || {
        lab.data
            .with(|data| data.as_ref().map_or(0.0, |d| d.bad_line_count))
    };
    let heading = move || match count() {
        1.0 => "1 line could not be read and is left out".to_owned(),
        count => [&grouped(count), " lines could not be read and are left out"].concat(),
    };
    let lines = move || {
        let lines = lab
            .data
            .with(|data| data.as_ref().map(|data| data.bad_lines.clone()));
        let line = |(number, is_held_out, reason): (f64, bool, String)| {
            let file = if is_held_out {
                " of the held-out file"
            } else {
                ""
            };
            el("li").text(&format!("Line {number}{file}: {reason}"))
        };
        lines.unwrap_or_default().into_iter().map(line).collect()
    };
    el("details")
        .class("bad-lines")
        .test_id("bad-lines")
        .children([el("summary").text_of(heading), el("ul").contents_of(lines)])
        .shown_of(move || count() > 0.0)
}

/// A file that is dropped beside the zone must not replace the page.
pub fn keep_page_on_drop(page: &El) {
    let keep = |event: DragEvent| event.prevent_default();
    let _ = page.clone().on("dragover", keep).on("drop", keep);
}
