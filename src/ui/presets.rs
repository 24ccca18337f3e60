//! The sources' experiments, and those that compare rules, one click each.

use super::reactive::{Memo, RwSignal, follow, memo};
use leptos_dom::helpers::event_target;
use web_sys::{Element, Event};

use super::dom::{El, button, el};
use super::state::Lab;
use super::written::written;
use crate::engine::Request;
use crate::settings::presets::PRESETS;
use crate::settings::{parse, query};

/// Buttons for all presets, and what is to be seen in the one that is open.
#[must_use]
pub fn presets(lab: Lab) -> Vec<El> {
    let opened = memo(move || lab.experiment.with(query::of_experiment));
    let open_id = memo(move || {
        let of_sources = |query: &String| PRESETS.iter().find(|preset| preset.query == query);
        opened.with(of_sources).map(|preset| preset.id)
    });
    let buttons = PRESETS.iter().map(|preset| {
        button("", move || open(lab, preset.query))
            .class("preset")
            .test_id(&["preset-", preset.id].concat())
            .attr_of("aria-pressed", move || {
                (open_id.get() == Some(preset.id)).to_string()
            })
            .children([
                el("strong").text(preset.title),
                el("small").text(preset.whose),
            ])
    });
    // What is to be seen in the comparison that is open, as far as the engine has written it.
    let compared = RwSignal::new(String::new());
    let notes = move || {
        let id = open_id.get();
        let preset = PRESETS.iter().find(|preset| Some(preset.id) == id);
        let note = preset.map_or_else(|| compared.get(), |preset| preset.note.to_owned());
        let correction = preset.and_then(|preset| preset.correction);
        [("preset-note", note.as_str())]
            .into_iter()
            .chain(correction.map(|text| ("correction", text)))
            .map(|(class, text)| el("p").class(class).text(text))
            .collect()
    };
    vec![
        el("div").attr("aria-live", "polite").contents_of(notes),
        el("div").class("presets").children(buttons),
        comparisons(lab, opened, compared),
    ]
}

/// The presets that compare rules, folded and written when they are first wanted. Keeps in `note`
/// what is to be seen in the one that is `opened`.
fn comparisons(lab: Lab, opened: Memo<String>, note: RwSignal<String>) -> El {
    let comparisons = written(lab.comparing, || Some(Request::Comparisons));
    let buttons = el("div").class("presets").on("click", move |event: Event| {
        open_pressed(lab, &event);
    });
    let list: Element = buttons.node();
    follow(move || {
        // Filled once and then marked: a button that is pressed keeps the focus.
        if !list.has_child_nodes() {
            let html = comparisons.html.get();
            if html.is_empty() {
                return;
            }
            list.set_inner_html(&html);
        }
        let find = |selector: &str| list.query_selector(selector).ok().flatten();
        let press = |button: &Element, pressed: &str| {
            let _ = button.set_attribute("aria-pressed", pressed);
        };
        if let Some(before) = find("[aria-pressed=true]") {
            press(&before, "false");
        }
        // Letters, digits and signs that mean nothing within quotes.
        let now = opened.with(|query| find(&["[data-query=\"", query, "\"]"].concat()));
        if let Some(now) = &now {
            press(now, "true");
        }
        let said = now.and_then(|now| now.get_attribute("title"));
        let said = said.unwrap_or_default();
        if note.with_untracked(|note| *note != said) {
            note.set(said);
        }
    });
    el("details")
        .class("comparisons")
        .test_id("comparisons")
        .on("toggle", move |_: Event| lab.comparing.set(true))
        .children([
            el("summary").text("Comparing rules"),
            buttons,
            comparisons.failure(),
        ])
}

/// Opens the experiment of the button pressed, among those that the engine wrote; whether one was.
pub fn open_pressed(lab: Lab, event: &Event) -> bool {
    let pressed = event_target::<Element>(event).closest("[data-query]");
    let query = pressed.ok().flatten();
    let Some(query) = query.and_then(|button| button.get_attribute("data-query")) else {
        return false;
    };
    // Its button is marked, and says what is to be seen.
    lab.comparing.set(true);
    open(lab, &query);
    true
}

/// Opens a preset's experiment afresh.
fn open(lab: Lab, query: &str) {
    lab.open(parse(query).settings.experiment);
}
