//! Sliders with number fields, choices, presets: everything that changes the experiment.

use leptos::prelude::*;

use super::state::Lab;
use crate::settings::presets::{CONVENTIONS, Convention, PRESETS, Preset};
use crate::settings::quantity::Quantity;
use crate::settings::{Kind, ObjectiveName, Property, Settings, number};

/// The panel beside the figures.
#[component]
pub fn Controls(lab: Lab) -> impl IntoView {
    let shows_rotated = Memo::new(move |_| {
        lab.experiment
            .with(|e| e.objectives.contains(&ObjectiveName::Rotated))
    });
    view! {
        <section class="panel-section">
            <h2>"Experiment"</h2>
            <Objectives lab/>
            <QuantityControl lab name="eta"/>
            <QuantityControl lab name="eps"/>
            <QuantityControl lab name="steps"/>
            <QuantityControl lab name="x0" components=&["start x₁", "start x₂"]/>
            {move || shows_rotated.get().then(|| view! {
                <QuantityControl lab name="theta"/>
                <QuantityControl lab name="lambda" components=&["eigenvalue λ₁", "eigenvalue λ₂"]/>
            })}
        </section>
        <Presets lab/>
        <section class="panel-section">
            <h2>"Convention"</h2>
            <Conventions lab/>
            <ChoiceControl lab name="epsat" legend="ε stands" labels=&["inside the root", "outside the root"]/>
            <QuantityControl lab name="s0"/>
            <QuantityControl lab name="decay"/>
            <ChoiceControl lab name="order" legend="Comes first" labels=&["accumulate, then step", "step, then accumulate"]/>
        </section>
    }
}

/// One slider and number field for each component of a numeric setting.
#[component]
pub fn QuantityControl(
    lab: Lab,
    name: &'static str,
    /// What the components are called; the setting's own label where there is one.
    #[prop(optional)]
    components: Option<&'static [&'static str]>,
) -> impl IntoView {
    let property = Property::named(name)?;
    let quantity = property.quantity()?;
    let controls = lab
        .settings
        .with_untracked(|settings| quantity.values(settings).len());
    let control = move |component: usize| {
        let label = components
            .and_then(|names| names.get(component).copied())
            .map_or_else(
                || format!("{} {}", property.label, property.symbol),
                str::to_owned,
            );
        view! { <SliderField lab property quantity component label/> }
    };
    Some((0..controls).map(control).collect_view())
}

/// A slider and the field beside it.
#[component]
fn SliderField(
    lab: Lab,
    property: &'static Property,
    quantity: &'static Quantity,
    component: usize,
    label: String,
) -> impl IntoView {
    let value = Memo::new(move |_| {
        let values = lab.settings.with(|settings| quantity.values(settings));
        values.get(component).copied().unwrap_or_default()
    });
    let text = move || number::shortest(value.get());
    let id = format!("{}-{component}", property.name);
    let slid = move |event| {
        if let Ok(position) = event_target_value(&event).parse() {
            let chosen = quantity.value_from_slider(position);
            lab.change(|settings| quantity.set_nearest(settings, component, chosen));
        }
    };
    let typed = move |event: web_sys::Event| {
        let given = event_target_value(&event);
        let mut changed = lab.settings.get_untracked();
        match changed.set_component(property.name, component, &given) {
            Ok(()) => lab.change(|settings| *settings = changed),
            // Nothing is lost: the message says what was typed, the field shows what is in force.
            Err(problem) => {
                lab.problems.update(|problems| problems.push(problem));
                event_target::<web_sys::HtmlInputElement>(&event).set_value(&text());
            }
        }
    };
    let field_label = format!("{label}, as a number");
    view! {
        <div class="control">
            <label class="control-label" for=id.clone()>{label}</label>
            <div class="control-row">
                <input
                    type="range"
                    id=id
                    name=property.name
                    min="0"
                    max=quantity.slider.positions
                    step="1"
                    prop:value=move || quantity.slider_from_value(value.get()).to_string()
                    aria-valuetext=text
                    on:input=slid
                />
                <input
                    type="text"
                    class="number"
                    inputmode="decimal"
                    autocomplete="off"
                    spellcheck="false"
                    data-testid=format!("{}-{component}-number", property.name)
                    aria-label=field_label
                    prop:value=text
                    on:change=typed
                />
            </div>
        </div>
    }
}

/// Radio buttons for a setting that is one of a few names.
#[component]
pub fn ChoiceControl(
    lab: Lab,
    name: &'static str,
    legend: &'static str,
    /// What the names are called, in their order.
    labels: &'static [&'static str],
) -> impl IntoView {
    let property = Property::named(name)?;
    let Kind::Choice(choice) = &property.kind else {
        return None;
    };
    let options = choice
        .names
        .iter()
        .zip(labels)
        .map(move |(&value, &label)| {
            let chosen = move || lab.settings.with(|settings| property.text(settings)) == value;
            let choose = move |_| lab.change(|settings| choice.choose(settings, value));
            view! {
                <label>
                    <input type="radio" name=name value=value prop:checked=chosen on:change=choose/>
                    {label}
                </label>
            }
        });
    Some(view! {
        <fieldset class="choice">
            <legend>{legend}</legend>
            {options.collect_view()}
        </fieldset>
    })
}

/// Which objectives are shown; the last one stays.
#[component]
fn Objectives(lab: Lab) -> impl IntoView {
    let options = ObjectiveName::ALL.map(|name| {
        let shown = move || lab.experiment.with(|e| e.objectives.contains(&name));
        let toggle = move |event: web_sys::Event| {
            let mut objectives = lab.experiment.with_untracked(|e| e.objectives.clone());
            if objectives.contains(&name) {
                objectives.retain(|&other| other != name);
            } else {
                objectives.push(name);
                objectives.sort_by_key(|n| ObjectiveName::ALL.iter().position(|o| o == n));
            }
            if objectives.is_empty() {
                event_target::<web_sys::HtmlInputElement>(&event).set_checked(true);
                return;
            }
            lab.change(|settings| settings.experiment.objectives = objectives);
        };
        view! {
            <label>
                <input type="checkbox" name="objective" value=name.name() prop:checked=shown on:change=toggle/>
                {name.name()}
            </label>
        }
    });
    view! {
        <fieldset class="choice">
            <legend>"Objectives"</legend>
            {options.collect_view()}
        </fieldset>
    }
}

/// The sources' experiments.
#[component]
fn Presets(lab: Lab) -> impl IntoView {
    let buttons = PRESETS.iter().map(move |preset: &'static Preset| {
        let is_open = move || lab.experiment.with(|open| *open == preset.experiment());
        view! {
            <button
                type="button"
                class="preset"
                data-testid=format!("preset-{}", preset.id)
                aria-pressed=move || is_open().to_string()
                on:click=move |_| lab.open(preset.experiment())
            >
                <strong>{preset.title}</strong>
                <small>{preset.whose}</small>
            </button>
        }
    });
    let open = Memo::new(move |_| {
        lab.experiment.with(|open| {
            PRESETS
                .iter()
                .position(|preset| preset.experiment() == *open)
        })
    });
    let note = move || {
        let preset = PRESETS.get(open.get()?)?;
        let correction = preset
            .correction
            .map(|correction| view! { <p class="correction">{correction}</p> });
        Some(view! { <p class="preset-note">{preset.note}</p> {correction} })
    };
    view! {
        <section class="panel-section">
            <h2>"Presets"</h2>
            <div class="presets">{buttons.collect_view()}</div>
            <div aria-live="polite">{note}</div>
        </section>
    }
}

/// Whose form of the rule: sets ε, s₀, decay and order together.
#[component]
fn Conventions(lab: Lab) -> impl IntoView {
    let current = Memo::new(move |_| {
        let id = |convention: &'static Convention| convention.id;
        lab.experiment
            .with(|e| Convention::of(&e.optimizer).map_or("custom", id))
    });
    let chosen = move |event| {
        let id = event_target_value(&event);
        if let Some(convention) = CONVENTIONS.iter().find(|convention| convention.id == id) {
            lab.change(|settings: &mut Settings| {
                let optimizer = &mut settings.experiment.optimizer;
                *optimizer = convention.optimizer(optimizer.learning_rate);
            });
        }
    };
    let options = CONVENTIONS.iter().map(move |convention| {
        view! {
            <option value=convention.id selected=move || current.get() == convention.id>
                {convention.whose}
            </option>
        }
    });
    let note = move || {
        CONVENTIONS
            .iter()
            .find(|convention| convention.id == current.get())
            .map(|convention| convention.note)
    };
    view! {
        <div class="control">
            <label class="control-label" for="convention">"As written by"</label>
            <select id="convention" on:change=chosen prop:value=move || current.get()>
                {options.collect_view()}
                <option value="custom" selected=move || current.get() == "custom">"your own mix"</option>
            </select>
            <p class="hint">{note}</p>
        </div>
    }
}
