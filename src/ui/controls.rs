//! Sliders with number fields, choices: everything that changes the experiment.

use leptos_dom::helpers::{event_target, event_target_value};
use reactive_graph::graph::untrack;
use web_sys::{Event, HtmlInputElement};

use super::display;
use super::dom::{El, button, el};
use super::panel_section::section;
use super::presets::presets;
use super::reactive::memo;
use super::slider::{Track, slider, with_keys};
use super::state::{Lab, Side};
use super::typed::function_field;
use crate::objective::problem;
use crate::settings::experiment::{MOST_OBJECTIVES, MOST_RULES};
use crate::settings::presets::{CONVENTIONS, Convention};
use crate::settings::quantity::Quantity;
use crate::settings::{Kind, ObjectiveName, Property, RuleName, Settings, number};
use crate::slider::Move;

/// The sections of the panel beside the figures.
#[must_use]
pub fn controls(lab: Lab) -> Vec<El> {
    // On a phone the figures stand below the controls, and should not stand far below.
    let is_wide = display::matches_media("(width >= 40rem)");
    let mut experiment = vec![objectives(lab), function_field(lab)];
    for name in ["eta", "eps", "steps"] {
        experiment.extend(control_named(lab, name, &[]));
    }
    experiment.extend(control_named(lab, "x0", &["start x₁", "start x₂"]));
    experiment.extend(ObjectiveName::all().map(|name| objective_parameters(lab, name)));
    let mut convention = vec![conventions(lab)];
    for name in ["epsat", "s0", "decay", "wd", "order"] {
        convention.extend(control_named(lab, name, &[]));
    }
    let of_problem = problem::PARAMETERS.iter();
    let of_problem = of_problem.flat_map(|p| control_named(lab, p.query, &[]));
    let mut sections = vec![
        section("Experiment", true, experiment),
        section("Update rules", is_wide, rules(lab)),
    ];
    if lab.side == Side::A {
        sections.push(section("Presets", is_wide, presets(lab)));
    }
    sections.push(section("Convention", is_wide, convention));
    sections.push(section("Noise and scale", false, of_problem.collect()));
    sections
}

/// The controls of a setting: for a number, a slider and field for each component, which are called
/// `components` or as the setting itself; for a choice, radio buttons.
#[must_use]
pub fn control_named(lab: Lab, name: &str, components: &[&str]) -> Vec<El> {
    let property = Property::named(name);
    property.map_or_else(Vec::new, |property| control_of(lab, property, components))
}

fn control_of(lab: Lab, property: &'static Property, components: &[&str]) -> Vec<El> {
    match &property.kind {
        Kind::Quantity(quantity) => {
            let control = |component: usize| {
                let label = match components.get(component) {
                    Some(label) => (*label).to_owned(),
                    None if quantity.components == 1 => {
                        format!("{} {}", property.label, property.symbol)
                    }
                    None => {
                        let index = ["₁", "₂"].get(component).copied().unwrap_or_default();
                        format!("{} {}{index}", property.label, property.symbol)
                    }
                };
                slider_field(lab, property, quantity, component, label.trim_end())
            };
            (0..quantity.components).map(control).collect()
        }
        Kind::Choice(choice) => vec![choice_control(lab, property, choice.names)],
        _ => Vec::new(),
    }
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
        let values = lab.with(|settings| quantity.values(settings));
        values.get(component).copied().unwrap_or_default()
    });
    let text = move || number::shortest(value.get());
    let set = move |chosen: f64| {
        lab.change(|settings| quantity.set_nearest(settings, component, chosen));
    };
    let track = Track {
        value: Box::new(move || value.get_untracked()),
        position: Box::new(|value| quantity.slider_from_value(value)),
        value_at: Box::new(|position| quantity.value_from_slider(position)),
        set: Box::new(set),
    };
    let key = move |by: Move| set(quantity.moved(value.get_untracked(), by));
    let typed = move |event: Event| {
        let given = event_target_value(&event);
        let mut changed = lab.own_settings_untracked();
        match changed.set_component(&property.name, component, &given) {
            Ok(()) => lab.change(|settings| *settings = changed),
            // Nothing is lost: the message says what was typed, the field shows what is in force.
            Err(problem) => lab.problems.update(|problems| {
                problems.retain(|known| known.name != problem.name);
                problems.push(problem);
            }),
        }
        event_target::<HtmlInputElement>(&event).set_value(&untrack(text));
    };
    let id = lab.control_id(&format!("{}-{component}", property.name));
    let slider = with_keys(slider(track), key)
        .attr("id", &id)
        .attr("name", &property.name)
        .attr("max", &quantity.slider.positions.to_string())
        .value_of(move || quantity.slider_from_value(value.get()).to_string())
        .attr_of("aria-valuetext", text);
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
    let label = el("label")
        .class("control-label")
        .attr("for", &id)
        .text(label);
    let mut head = vec![label];
    if property.is_shared() {
        head.push(shared_button(lab, property));
    }
    el("div").class("control").children([
        el("div").class("control-head").children(head),
        el("div").class("control-row").children([slider, field]),
    ])
}

/// Lets the page's value be in force again, where a rule has its own.
fn shared_button(lab: Lab, property: &'static Property) -> El {
    let clear = move || lab.change(|settings| property.clear_override(settings));
    button("as shared", clear)
        .class("small")
        .attr(
            "aria-label",
            &format!("{}: the value that all rules share", property.name),
        )
        .shown_of(move || lab.with(|settings| property.is_overridden(settings)))
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

/// Radio buttons for a setting that is one of a few names.
fn choice_control(lab: Lab, property: &'static Property, names: &'static [&'static str]) -> El {
    let name: &'static str = &property.name;
    let options = names.iter().enumerate().map(|(index, &value)| {
        let is_chosen = move || match &property.kind {
            Kind::Choice(choice) => lab.with(|s| choice.chosen(s)) == index,
            _ => false,
        };
        let choose = move |_| lab.change(|settings| settings.choose(name, value));
        tick(
            "radio",
            &lab.control_id(name),
            value,
            choice_label(value),
            is_chosen,
            choose,
        )
    });
    fieldset(property.label, options)
}

/// What a choice is called on the page: its name, or more words where it takes more.
fn choice_label(name: &'static str) -> &'static str {
    match name {
        "inside" => "inside the root",
        "outside" => "outside the root",
        "accumulate" => "accumulate, then step",
        "step" => "step, then accumulate",
        name => name,
    }
}

/// Switches a name on or off in a list of at most `most`, of which the last one stays.
fn toggle<T: PartialEq>(
    names: &mut Vec<T>,
    name: T,
    most: usize,
    order: impl Fn(&T) -> usize,
) -> bool {
    if names.contains(&name) {
        if names.len() == 1 {
            return false;
        }
        names.retain(|other| *other != name);
    } else {
        if names.len() == most {
            return false;
        }
        let after = names.iter().position(|other| order(other) > order(&name));
        names.insert(after.unwrap_or(names.len()), name);
    }
    true
}

/// Which objectives are shown, at most four; the last one stays.
fn objectives(lab: Lab) -> El {
    let options = ObjectiveName::all().map(|name| {
        let shown = move || lab.experiment.with(|e| e.objectives.contains(&name));
        let act = move |event: Event| {
            let mut objectives = lab.experiment.with_untracked(|e| e.objectives.clone());
            let is_changed = toggle(&mut objectives, name, MOST_OBJECTIVES, |n| n.index());
            if is_changed {
                lab.change(|settings| settings.experiment.objectives = objectives);
            } else {
                event_target::<HtmlInputElement>(&event).set_checked(shown());
            }
        };
        let group = lab.control_id("objective");
        tick("checkbox", &group, name.name(), name.name(), shown, act)
    });
    fieldset("Objectives", options).attr("title", "One to four at once")
}

/// What can be set of an objective, while it is shown.
fn objective_parameters(lab: Lab, name: ObjectiveName) -> El {
    let of_objective = Property::of_objective(name);
    el("div")
        .class("control-group")
        .children(of_objective.flat_map(|property| control_of(lab, property, &[])))
        .shown_of(move || lab.experiment.with(|e| e.objectives.contains(&name)))
}

/// Which rules are shown, at most six, and what can be set of each.
fn rules(lab: Lab) -> Vec<El> {
    let options = RuleName::all().map(|rule| {
        let shown = move || lab.experiment.with(|e| e.rules.contains(&rule));
        let act = move |event: Event| {
            let mut rules = lab.experiment.with_untracked(|e| e.rules.clone());
            // A rule that joins comes last: the others keep their looks.
            if toggle(&mut rules, rule, MOST_RULES, |_| 0) {
                lab.change(|settings| settings.experiment.rules = rules);
            } else {
                event_target::<HtmlInputElement>(&event).set_checked(shown());
            }
        };
        let label = rule.description().label;
        tick(
            "checkbox",
            &lab.control_id("opt"),
            rule.name(),
            label,
            shown,
            act,
        )
    });
    let shown = memo(move || lab.experiment.with(|e| e.rules.clone()));
    let parameters = move || {
        let rules = shown.get().into_iter();
        rules.map(|rule| rule_parameters(lab, rule)).collect()
    };
    vec![
        fieldset("Shown, up to six", options),
        el("div").class("rule-parameters").contents_of(parameters),
    ]
}

/// A rule's own parameters, folded.
fn rule_parameters(lab: Lab, rule: RuleName) -> El {
    let controls = Property::of_rule(rule).flat_map(|property| control_of(lab, property, &[]));
    el("details").class("rule-settings").children([
        el("summary").text(rule.description().label),
        el("div").class("panel-body").children(controls),
    ])
}

/// Whose form of Adagrad: sets ε, s₀, decay and order together.
fn conventions(lab: Lab) -> El {
    let current = memo(move || lab.experiment.with(Convention::of));
    let chosen = move |event: Event| {
        let id = event_target_value(&event);
        if let Some(convention) = CONVENTIONS.iter().find(|convention| convention.id == id) {
            lab.change(|settings: &mut Settings| convention.apply(&mut settings.experiment));
        }
    };
    let option = |(id, whose): (&str, &str)| el("option").attr("value", id).text(whose);
    let options = CONVENTIONS
        .iter()
        .map(|convention| (convention.id, convention.whose))
        .chain([("custom", "your own mix")])
        .map(option);
    let id = lab.control_id("convention");
    let menu = el("select")
        .attr("id", &id)
        .children(options)
        .value_of(move || current.get().map_or("custom", |c| c.id).to_owned())
        .on("change", chosen);
    el("div").class("control").children([
        el("label")
            .class("control-label")
            .attr("for", &id)
            .text("Adagrad as written by"),
        menu,
        el("p")
            .class("hint")
            .text_of(move || current.get().map_or("", |c| c.note).to_owned()),
    ])
}
