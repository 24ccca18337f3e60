//! `window.adagradLab`, for scripts on the page and for host pages of the same origin.
//!
//! `assets/boot.js` makes the object, with `ready`, before this module arrives. `ready` is
//! fulfilled, with nothing, once the object is complete, and rejected with an `Error` when the lab
//! cannot start.

use js_sys::{Array, Object, Promise, Reflect};
use leptos_dom::helpers::window;
use wasm_bindgen::{JsValue, closure::Closure};
use web_sys::Event;

use super::javascript::{error, fields, link_text, object, refused, set, unknown};
use super::sparse::train;
use super::specification::{RunSpecification, Value, field_names};
use crate::objective::Vector;
use crate::settings::{Kind, Property, RuleName, Settings, properties};
use crate::trajectory::{Step, StopReason, Trajectory};
use crate::ui::state::Lab;

/// The event that `assets/boot.js` fulfils `ready` upon.
const READY_EVENT: &str = "adagradlab-ready";

type Answer = Result<JsValue, JsValue>;

/// Completes `window.adagradLab` with `version`, `getState()`, `setState(partial)`,
/// `run(specification)` and `trainSparse(specification)`, and fulfils its `ready`.
///
/// The state is the playground's, `lab`; the sparse lab's view brings a `getState` and `setState` of
/// its own, and `ready` waits for both.
pub fn install(lab: Option<Lab>) {
    let run = Closure::<dyn Fn(JsValue) -> Answer>::new(|specification: JsValue| {
        run(&specification).map(JsValue::from)
    });
    let train_sparse = Closure::<dyn Fn(JsValue) -> Promise>::new(train);
    let members = object([
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("run", run.into_js_value()),
        ("trainSparse", train_sparse.into_js_value()),
    ]);

    if let Some(lab) = lab {
        let get_state = Closure::<dyn Fn() -> JsValue>::new(move || {
            lab.shared_settings().map(|s| state(&s)).into()
        });
        let set_state = Closure::<dyn Fn(JsValue) -> Answer>::new(move |partial: JsValue| {
            set_state(lab, &partial)?;
            Ok(JsValue::UNDEFINED)
        });
        set(&members, "getState", &get_state.into_js_value());
        set(&members, "setState", &set_state.into_js_value());
    }

    add(&members);
}

/// Adds members to `window.adagradLab`, and says so: to `assets/boot.js`, which fulfils `ready` once
/// every module of the page has.
pub fn add(members: &Object) {
    let window = window();
    let begun = Reflect::get(&window, &"adagradLab".into()).unwrap_or_default();
    if let Some(begun) = Object::try_from(&begun) {
        Object::assign(begun, members);
    } else {
        // boot.js did not come; scripts that ask from now on have nothing to wait for.
        set(members, "ready", &Promise::resolve(&JsValue::UNDEFINED));
        set(&window, "adagradLab", members);
    }
    if let Ok(event) = Event::new(READY_EVENT) {
        let _ = window.dispatch_event(&event);
    }
}

/// The settings by name: numbers, arrays of numbers, the names of choices, arrays of names; `step`
/// as a number, `rule` as a name; `view`, `pin` and `other` only where there is one, as in a link.
/// A rule's own parameters only where it is shown, shared ones only where it overrides them.
fn state(settings: &Settings) -> Object {
    let names = |names: &mut dyn Iterator<Item = &'static str>| -> JsValue {
        names.map(JsValue::from_str).collect::<Array>().into()
    };
    let rules = |rules: &[RuleName]| names(&mut rules.iter().map(|rule| rule.name()));
    let experiment = &settings.experiment;
    let entries = properties().iter().filter_map(|property| {
        if let Some(rule) = property.rule {
            let is_own = !property.is_shared() || property.is_overridden(settings);
            if !(is_own && experiment.rules.contains(&rule)) {
                return None;
            }
        }
        let value = match &property.kind {
            Kind::Quantity(quantity) => match quantity.values(settings).as_slice() {
                [number] => JsValue::from_f64(*number),
                numbers => numbers
                    .iter()
                    .copied()
                    .map(JsValue::from_f64)
                    .collect::<Array>()
                    .into(),
            },
            Kind::Objectives => names(&mut experiment.objectives.iter().map(|name| name.name())),
            Kind::Rules => rules(&experiment.rules),
            Kind::Hidden => rules(&settings.hidden),
            Kind::Selected => settings.selected_rule().name().into(),
            Kind::Step => settings.cursor.index(experiment.steps).into(),
            Kind::View if settings.view.is_none() => return None,
            Kind::Pinned if settings.pinned.is_none() => return None,
            Kind::Other if settings.other.is_none() => return None,
            Kind::Choice(_) | Kind::Function | Kind::View | Kind::Pinned | Kind::Other => {
                property.text(settings).into()
            }
        };
        Some((property.name.as_str(), value))
    });
    object(entries)
}

/// Changes the settings that `partial` names, all or none.
fn set_state(lab: Lab, partial: &JsValue) -> Result<(), JsValue> {
    let mut changes = Vec::new();
    for (name, value) in fields(partial, "setState needs an object such as {eta: 2}")? {
        if Property::named(&name).is_none() {
            let plain = properties()
                .iter()
                .filter(|property| property.rule.is_none());
            let names = plain.map(|property| property.name.as_str());
            let others = ["and a rule’s own, such as adam.beta1"];
            return Err(unknown("setting", &name, &value, names.chain(others)));
        }
        if let Some(text) = link_text(&value) {
            changes.push((name, text));
        }
    }
    let mut changed = lab.settings.get_untracked();
    changed
        .set_all(
            changes
                .iter()
                .map(|(name, text)| (name.as_str(), text.as_str())),
        )
        .map_err(|problem| refused(&problem))?;
    // A change keeps the view shown, unless it is asked to be fitted.
    let fit = changed.view.is_none() && changes.iter().any(|(name, _)| name == "view");
    lab.change(|settings| *settings = changed);
    if fit {
        lab.fit_view();
    }
    Ok(())
}

/// The run that `specification` asks for.
fn run(specification: &JsValue) -> Result<Object, JsValue> {
    let given = fields(
        specification,
        "run needs an object such as {objective: \"f1\", learningRate: 0.4, start: [-5, -2], steps: 20}",
    )?;
    if let Some((name, value)) = given
        .iter()
        .find(|(name, _)| !field_names().contains(&name.as_str()))
    {
        return Err(unknown("field", name, value, field_names()));
    }
    let field = |name: &str| {
        let found = given.iter().find(|(given, _)| given == name);
        found.map_or(Value::Missing, |(_, value)| value.clone())
    };
    let specification =
        RunSpecification::parse(field).map_err(|field_error| error(&field_error.to_string()))?;
    Ok(answer(&specification.run(), specification.steps))
}

/// A run of `steps` steps as plain nested arrays; fewer rows than that after divergence.
fn answer(trajectory: &Trajectory, steps: u32) -> Object {
    let (reason, step) = match trajectory.stop {
        StopReason::Completed => ("completed", steps),
        StopReason::Stationary { step } => ("stationary", step),
        StopReason::Diverged { step } => ("diverged", step),
        StopReason::Singular { step } => ("singular", step),
    };
    let records = &trajectory.steps;
    let column = |of: fn(&Step) -> Vector| rows(records.iter().map(of));
    let losses = std::iter::once(trajectory.start_loss)
        .chain(records.iter().map(|step| step.loss))
        .map(JsValue::from_f64);
    object([
        ("points", rows(trajectory.points())),
        ("losses", losses.collect::<Array>().into()),
        ("gradients", column(|step| step.gradient)),
        ("accumulators", column(|step| step.accumulator)),
        (
            "effectiveLearningRates",
            column(|step| step.effective_learning_rate),
        ),
        ("updates", column(|step| step.update)),
        (
            "stop",
            object([("reason", reason.into()), ("step", step.into())]).into(),
        ),
    ])
}

fn rows(vectors: impl Iterator<Item = Vector>) -> JsValue {
    let pair = |[first, second]: Vector| Array::of2(&first.into(), &second.into());
    vectors.map(pair).collect::<Array>().into()
}
