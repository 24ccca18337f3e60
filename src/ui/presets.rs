//! The sources' experiments, and those that compare rules, one click each.

use super::dom::{El, button, el};
use super::reactive::memo;
use super::state::Lab;
use crate::settings::presets::Preset;

/// Buttons for all presets, and what is to be seen in the one that is open.
#[must_use]
pub fn presets(lab: Lab) -> Vec<El> {
    let open = memo(move || {
        lab.experiment
            .with(|e| Preset::of(e).map(|preset| preset.id))
    });
    let buttons = Preset::all().map(|preset| {
        button("", move || open_preset(lab, preset))
            .class("preset")
            .test_id(&format!("preset-{}", preset.id))
            .attr_of("aria-pressed", move || {
                (open.get() == Some(preset.id)).to_string()
            })
            .children([
                el("strong").text(preset.title),
                el("small").text(preset.whose),
            ])
    });
    let notes = move || {
        let Some(preset) = open.get().and_then(Preset::of_id) else {
            return Vec::new();
        };
        let correction = preset.correction.into_iter();
        let correction = correction.map(|text| el("p").class("correction").text(text));
        [el("p").class("preset-note").text(preset.note)]
            .into_iter()
            .chain(correction)
            .collect()
    };
    vec![
        el("div").attr("aria-live", "polite").contents_of(notes),
        el("div").class("presets").children(buttons),
    ]
}

/// Opens a preset's experiment afresh.
pub fn open_preset(lab: Lab, preset: &Preset) {
    lab.open(preset.experiment());
}
