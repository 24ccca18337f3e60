//! Sliders with number fields, choices, presets: everything that changes the experiment.

use leptos::prelude::*;
use leptos::web_sys::{Event, HtmlInputElement};

use super::display;
use super::dom::{El, button, el, memo};
use super::state::Lab;
use crate::settings::presets::{CONVENTIONS, Convention, PRESETS};
use crate::settings::quantity::Quantity;
use crate::settings::{Kind, ObjectiveName, Property, Settings, number};

/// The sections of the panel beside the figures.
#[must_use]
pub fn controls(lab: Lab) -> [El; 3] {
    // On a phone the figures stand below the controls, and should not stand far below.
    let is_wide = display::matches_media("(width >= 40rem)");
    let shows_rotated = move || {
        lab.experiment
            .with(|e| e.objectives.contains(&ObjectiveName::Rotated))
    };
    let rotated = quantity_control(lab, "theta", &[])
        .into_iter()
        .chain(quantity_control(
            lab,
            "lambda",
            &["eigenvalue λ₁", "eigenvalue λ₂"],
        ));
    let mut experiment = vec![objectives(lab)];
    for name in ["eta", "eps", "steps"] {
        experiment.extend(quantity_control(lab, name, &[]));
    }
    experiment.extend(quantity_control(lab, "x0", &["start x₁", "start x₂"]));
    experiment.push(
        el("div")
            .class("control-group")
            .children(rotated)
            .shown_of(shows_rotated),
    );
    let mut convention = vec![
        conventions(lab),
        choice_control(
            lab,
            "epsat",
            "ε stands",
            &["inside the root", "outside the root"],
        ),
    ];
    for name in ["s0", "decay"] {
        convention.extend(quantity_control(lab, name, &[]));
    }
    convention.push(choice_control(
        lab,
        "order",
        "Comes first",
        &["accumulate, then step", "step, then accumulate"],
    ));
    [
        section("Experiment", true, experiment),
        section("Presets", is_wide, presets(lab)),
        section("Convention", is_wide, convention),
    ]
}

/// A section that folds; open at first if `open`.
fn section(title: &str, open: bool, contents: Vec<El>) -> El {
    let section = el("details").class("panel-section");
    let section = if open {
        section.attr("open", "")
    } else {
        section
    };
    section.children([
        el("summary").children([el("h2").text(title)]),
        el("div").class("panel-body").children(contents),
    ])
}

/// One slider and number field for each component of a numeric setting, which are called
/// `components`, or as the setting itself.
#[must_use]
pub fn quantity_control(lab: Lab, name: &str, components: &[&str]) -> Vec<El> {
    let Some((property, quantity)) =
        Property::named(name).and_then(|property| Some((property, property.quantity()?)))
    else {
        return Vec::new();
    };
    let count = lab.settings.with_untracked(|s| quantity.values(s).len());
    let control = |component: usize| {
        let label = match components.get(component) {
            Some(label) => (*label).to_owned(),
            None => format!("{} {}", property.label, property.symbol),
        };
        slider_field(lab, property, quantity, component, &label)
    };
    (0..count).map(control).collect()
}

/// A slider and the field beside it.
fn slider_field(
    lab: Lab,
    property: &'static Property,
    quantity: &'static Quantity,
    component: usize,
    label: &str,
) -> El {
    let value = memo(move || {
        let values = lab.settings.with(|settings| quantity.values(settings));
        values.get(component).copied().unwrap_or_default()
    });
    let text = move || number::shortest(value.get());
    let slid = move |event: Event| {
        if let Ok(position) = event_target_value(&event).parse() {
            let chosen = quantity.value_from_slider(position);
            lab.change(|settings| quantity.set_nearest(settings, component, chosen));
            // Where that changed nothing, nothing else puts the thumb back.
            let position = quantity.slider_from_value(value.get_untracked());
            event_target::<HtmlInputElement>(&event).set_value(&position.to_string());
        }
    };
    let typed = move |event: Event| {
        let given = event_target_value(&event);
        let mut changed = lab.settings.get_untracked();
        match changed.set_component(property.name, component, &given) {
            Ok(()) => lab.change(|settings| *settings = changed),
            // Nothing is lost: the message says what was typed, the field shows what is in force.
            Err(problem) => lab.problems.update(|problems| {
                problems.retain(|known| known.name != problem.name);
                problems.push(problem);
            }),
        }
        event_target::<HtmlInputElement>(&event).set_value(&untrack(text));
    };
    let id = format!("{}-{component}", property.name);
    let slider = el("input")
        .attr("type", "range")
        .attr("id", &id)
        .attr("name", property.name)
        .attr("min", "0")
        .attr("max", &quantity.slider.positions.to_string())
        .attr("step", "1")
        .value_of(move || quantity.slider_from_value(value.get()).to_string())
        .attr_of("aria-valuetext", text)
        .on("input", slid);
    let field = el("input")
        .attr("type", "text")
        .class("number")
        .attr("inputmode", "decimal")
        .attr("autocomplete", "off")
        .attr("spellcheck", "false")
        .test_id(&format!("{id}-number"))
        .attr("aria-label", &format!("{label}, as a number"))
        .value_of(text)
        .on("change", typed);
    el("div").class("control").children([
        el("label")
            .class("control-label")
            .attr("for", &id)
            .text(label),
        el("div").class("control-row").children([slider, field]),
    ])
}

/// A box or button with its label.
fn tick(
    kind: &str,
    name: &str,
    value: &str,
    label: &str,
    is_ticked: impl Fn() -> bool + 'static,
    act: impl Fn(Event) + 'static,
) -> El {
    let input = el("input")
        .attr("type", kind)
        .attr("name", name)
        .attr("value", value)
        .checked_of(is_ticked)
        .on("change", act);
    el("label").children([input, el("span").text(label)])
}

fn fieldset(legend: &str, options: impl IntoIterator<Item = El>) -> El {
    el("fieldset")
        .class("choice")
        .children([el("legend").text(legend)])
        .children(options)
}

/// Radio buttons for a setting that is one of a few names, which are called `labels`.
fn choice_control(lab: Lab, name: &'static str, legend: &str, labels: &[&str]) -> El {
    let names = match Property::named(name).map(|property| &property.kind) {
        Some(Kind::Choice(choice)) => choice.names,
        _ => &[],
    };
    let options = names.iter().zip(labels).map(|(&value, label)| {
        let is_chosen = move || lab.settings.with(|s| s.get(name)).as_deref() == Some(value);
        let choose = move |_| lab.change(|settings| settings.choose(name, value));
        tick("radio", name, value, label, is_chosen, choose)
    });
    fieldset(legend, options)
}

/// Which objectives are shown; the last one stays.
fn objectives(lab: Lab) -> El {
    let options = ObjectiveName::ALL.map(|name| {
        let shown = move || lab.experiment.with(|e| e.objectives.contains(&name));
        let toggle = move |event: Event| {
            let mut objectives = lab.experiment.with_untracked(|e| e.objectives.clone());
            if objectives.contains(&name) {
                objectives.retain(|&other| other != name);
            } else {
                objectives.push(name);
                objectives.sort_by_key(|n| ObjectiveName::ALL.iter().position(|o| o == n));
            }
            if objectives.is_empty() {
                event_target::<HtmlInputElement>(&event).set_checked(true);
                return;
            }
            lab.change(|settings| settings.experiment.objectives = objectives);
        };
        tick(
            "checkbox",
            "objective",
            name.name(),
            name.name(),
            shown,
            toggle,
        )
    });
    fieldset("Objectives", options)
}

/// The sources' experiments.
fn presets(lab: Lab) -> Vec<El> {
    let open = memo(move || {
        lab.experiment.with(|open| {
            PRESETS
                .iter()
                .position(|preset| preset.experiment() == *open)
        })
    });
    let buttons = PRESETS.iter().enumerate().map(|(index, preset)| {
        button("", move || lab.open(preset.experiment()))
            .class("preset")
            .test_id(&format!("preset-{}", preset.id))
            .attr_of("aria-pressed", move || {
                (open.get() == Some(index)).to_string()
            })
            .children([
                el("strong").text(preset.title),
                el("small").text(preset.whose),
            ])
    });
    let notes = move || {
        let Some(preset) = open.get().and_then(|index| PRESETS.get(index)) else {
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
        el("div").class("presets").children(buttons),
        el("div").attr("aria-live", "polite").contents_of(notes),
    ]
}

/// Whose form of the rule: sets ε, s₀, decay and order together.
fn conventions(lab: Lab) -> El {
    let current = memo(move || {
        lab.experiment
            .with(|e| Convention::of(&e.optimizer).copied())
    });
    let chosen = move |event: Event| {
        let id = event_target_value(&event);
        if let Some(convention) = CONVENTIONS.iter().find(|convention| convention.id == id) {
            lab.change(|settings: &mut Settings| {
                let optimizer = &mut settings.experiment.optimizer;
                *optimizer = convention.optimizer(optimizer.learning_rate);
            });
        }
    };
    let option = |(id, whose): (&str, &str)| el("option").attr("value", id).text(whose);
    let options = CONVENTIONS
        .iter()
        .map(|convention| (convention.id, convention.whose))
        .chain([("custom", "your own mix")])
        .map(option);
    let menu = el("select")
        .attr("id", "convention")
        .children(options)
        .value_of(move || current.get().map_or("custom", |c| c.id).to_owned())
        .on("change", chosen);
    el("div").class("control").children([
        el("label")
            .class("control-label")
            .attr("for", "convention")
            .text("As written by"),
        menu,
        el("p")
            .class("hint")
            .text_of(move || current.get().map_or("", |c| c.note).to_owned()),
    ])
}
