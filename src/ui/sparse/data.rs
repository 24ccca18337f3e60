//! What is trained on: generated words, or a file of the reader's.

use js_sys::{Array, Function, Reflect};
use leptos_dom::helpers::{event_target, event_target_value};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DataTransfer, DragEvent, Event, FileList, HtmlInputElement, HtmlTextAreaElement};

use super::answers::AboutData;
use super::field::{choice, choice_of, number, of_data, slider};
use super::state::SparseLab;
use crate::character::shown;
use crate::number::grouped;
use crate::sparse::experiment::Data;
use crate::ui::dom::{El, button, el};
use crate::ui::panel_section::section;
use crate::ui::reactive::RwSignal;

/// How characters may be written, and what the page calls that.
const ENCODINGS: [(&str, &str); 7] = [
    ("utf-8", "UTF-8, or UTF-16 with its mark"),
    ("windows-1252", "Windows-1252, Latin-1"),
    ("windows-1251", "Windows-1251, Cyrillic"),
    ("shift_jis", "Shift JIS"),
    ("gb18030", "GB 18030, GBK"),
    ("utf-16le", "UTF-16 LE"),
    ("utf-16be", "UTF-16 BE"),
];

/// Columns of label and text that are offered; a link may name others.
const COLUMNS: [(&str, &str); 4] = [
    ("1,2", "label, text"),
    ("2,1", "text, label"),
    ("2,3", "id, label, text"),
    ("3,2", "id, text, label"),
];

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
                "A line for each example: <code>+1 3:1 17:0.5</code>. Labels are two numbers, \
                 the higher one positive; plain or gzipped; <code>#</code> comments and <code>qid:</code> are passed over."
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
    let remark = RwSignal::new(String::new());
    let zone = el("div").class("drop-zone").test_id("drop-zone").children([
        picker(lab, 0, "Training file", remark),
        picker(lab, 1, "Held-out file (optional)", remark),
        button("Without the held-out file", move || {
            lab.drop_held_out_file()
        })
        .class("small")
        .test_id("without-held-out")
        .shown_of(has_held_out),
    ]);
    let zone = takes_drops(lab, zone, 0, remark);
    el("div").class("panel-body").children([
        format,
        el("p")
            .class("wanted")
            .attr("role", "status")
            .text_of(wanted),
        zone,
        el("p")
            .class("hint")
            .attr("role", "status")
            .test_id("drop-remark")
            .text_of(move || remark.get()),
        paste(lab),
        choice_of(lab, "encoding", "Characters", &ENCODINGS),
        of_data(
            lab,
            choice_of(lab, "columns", "Columns", &COLUMNS),
            |data| matches!(data, Data::Text { .. }),
        ),
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

/// What is taken for each place, in the words of a sentence.
const PLACES: [&str; 2] = ["to train on", "as the held-out file"];

/// Takes a file for that place, and a second one, where there are two, for what is held out. Where
/// there are more, or folders among them, `remark` says what was taken and what was not.
fn take_files(
    lab: SparseLab,
    place: usize,
    files: &FileList,
    folders: &[String],
    remark: RwSignal<String>,
) {
    let all = (0..files.length()).filter_map(|i| files.get(i));
    let (folders, files): (Vec<_>, Vec<_>) = all.partition(|file| folders.contains(&file.name()));
    let mut said = Vec::new();
    let mut places = (place..).zip(PLACES.into_iter().skip(place));
    let mut left_out = Vec::new();
    for file in files {
        let name = file.name();
        match places.next() {
            Some((place, use_of_it)) => {
                said.push(["“", &shown(&name), "” is taken ", use_of_it].concat());
                lab.take_file(place, &name, file.into());
            }
            None => left_out.push(
                [
                    "“",
                    &shown(&name),
                    "” is left out: there is no place for a further file",
                ]
                .concat(),
            ),
        }
    }
    let of_folders = folders.iter().map(|folder| {
        [
            "“",
            &shown(&folder.name()),
            "” is left out: it is a folder, and its files must be chosen",
        ]
        .concat()
    });
    left_out.extend(of_folders);
    // What was taken as it was meant needs no words.
    if left_out.is_empty() {
        said.clear();
    }
    said.extend(left_out);
    let sentences = said.iter().map(|sentence| [sentence, ". "].concat());
    remark.set(sentences.collect());
}

/// The names of the folders that are dropped, which browsers list as files.
fn folders_of(data: &DataTransfer) -> Vec<String> {
    let items = Reflect::get(data, &"items".into()).unwrap_or_default();
    let entry = |item: &JsValue| {
        let get = Reflect::get(item, &"webkitGetAsEntry".into()).ok()?;
        let entry = get.dyn_into::<Function>().ok()?.call0(item).ok()?;
        let is_folder = Reflect::get(&entry, &"isDirectory".into())
            .ok()?
            .is_truthy();
        let name = Reflect::get(&entry, &"name".into()).ok()?.as_string()?;
        is_folder.then_some(name)
    };
    let items: Array = Array::from(&items);
    items.iter().filter_map(|item| entry(&item)).collect()
}

fn takes_drops(lab: SparseLab, zone: El, place: usize, remark: RwSignal<String>) -> El {
    let is_over = RwSignal::new(false);
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        event.stop_propagation();
        is_over.set(false);
        let Some(data) = event.data_transfer() else {
            return;
        };
        let files = data.files().filter(|files| files.length() > 0);
        if let Some(files) = files {
            take_files(lab, place, &files, &folders_of(&data), remark);
            return;
        }
        match data.get_data("text/plain") {
            Ok(text) if !text.trim().is_empty() => {
                lab.take_file(place, PASTED, JsValue::from_str(&text));
                let use_of_it = PLACES.get(place).copied().unwrap_or_default();
                remark.set(["The text is taken ", use_of_it, "."].concat());
            }
            _ => remark
                .set("What was dropped is neither a file nor text: nothing is taken.".to_owned()),
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

fn picker(lab: SparseLab, place: usize, label: &str, remark: RwSignal<String>) -> El {
    let picked = move |event: Event| {
        let input: HtmlInputElement = event_target(&event);
        if let Some(files) = input.files() {
            take_files(lab, place, &files, &[], remark);
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
    takes_drops(lab, picker, place, remark)
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
    let not_utf8 = move || {
        let count = |data: &Option<AboutData>| data.as_ref().map_or(0.0, |d| d.not_utf8_line_count);
        lab.data.with(count)
    };
    let encoding_remark = move || {
        let count = match not_utf8() {
            0.0 => return String::new(),
            1.0 => "1 line is".to_owned(),
            count => [&grouped(count), " lines are"].concat(),
        };
        [
            count.as_str(),
            " not UTF-8, so that some characters are lost. If the file was written with Windows-1252, \
             Windows-1251, Shift JIS or GB 18030, choose that under “Characters”.",
        ]
        .concat()
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
    let bad = el("details")
        .class("bad-lines")
        .test_id("bad-lines")
        .children([el("summary").text_of(heading), el("ul").contents_of(lines)])
        .shown_of(move || count() > 0.0);
    let encoding = el("p")
        .class("hint")
        .test_id("not-utf8")
        .text_of(encoding_remark)
        .shown_of(move || not_utf8() > 0.0);
    el("div").class("file-remarks").children([bad, encoding])
}

/// A file that is dropped beside the zone must not replace the page.
pub fn keep_page_on_drop(page: &El) {
    let keep = |event: DragEvent| event.prevent_default();
    let _ = page.clone().on("dragover", keep).on("drop", keep);
}
