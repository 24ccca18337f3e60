//! The table of settings: names, labels, ranges, sliders.
//!
//! Links, controls and scripts all go through [`properties`]; no other code knows a query name.
//! What rules and objectives can be set to comes from their descriptions.

use std::sync::LazyLock;

use super::experiment::{SHARED, shared_position, slots};
use super::place::Place;
use super::property::{Choice, Kind, Property};
use super::quantity::{Quantity, Slider};
use super::{ObjectiveName, RuleName};
use crate::objective::problem;
use crate::parameter::{self, Parameter, Range, Scale};

/// Every setting, in the order in which links list them. What bounds another comes before it: the
/// rules before the one selected, `steps` before `step`.
#[must_use]
pub fn properties() -> &'static [Property] {
    static PROPERTIES: LazyLock<Vec<Property>> = LazyLock::new(table);
    &PROPERTIES
}

fn table() -> Vec<Property> {
    let of_experiment = |name, symbol, label, kind| Property {
        of_experiment: true,
        ..of_page(name, symbol, label, kind)
    };
    let mut table = vec![
        of_experiment("objective", "f", "objectives", Kind::Objectives),
        of_experiment("f", "", "function typed", Kind::Function),
    ];
    for objective in ObjectiveName::all() {
        let index = objective.index();
        let mut slot = 0;
        for parameter in objective.description().parameters {
            table.push(of_parameter(parameter, Place::Objective { index, slot }));
            slot += parameter.count();
        }
    }
    let mut slot = 0;
    for parameter in &problem::PARAMETERS {
        table.push(of_parameter(parameter, Place::Problem { slot }));
        slot += parameter.count();
    }
    table.push(of_experiment("opt", "", "update rules", Kind::Rules));
    for (position, parameter) in SHARED.iter().enumerate() {
        table.push(of_parameter(parameter, Place::Shared { position }));
    }
    for rule in RuleName::all() {
        for (slot, parameter) in slots(rule.description()) {
            let place = Place::Rule {
                index: rule.index(),
                slot,
                shared: shared_position(parameter),
            };
            table.push(Property {
                name: format!("{}.{}", rule.name(), parameter.query),
                rule: Some(rule),
                ..of_parameter(parameter, place)
            });
        }
    }
    let start = Quantity {
        range: Range::new(-100.0, 100.0),
        slider: Slider {
            min: -10.0,
            max: 10.0,
            scale: Scale::Linear,
            positions: 400,
            marks: &[],
        },
        components: 2,
        place: Place::Start,
    };
    let steps = Quantity {
        range: Range::new(1.0, 1e5).whole(),
        slider: Slider {
            min: 1.0,
            max: 1e5,
            scale: Scale::Log,
            positions: 500,
            marks: &[20.0],
        },
        components: 1,
        place: Place::Steps,
    };
    let speed = Quantity {
        range: Range::new(0.5, 1e4),
        slider: Slider {
            min: 0.5,
            max: 1e4,
            scale: Scale::Log,
            positions: 200,
            marks: &[],
        },
        components: 1,
        place: Place::Speed,
    };
    let choice = |names, place| Kind::Choice(Choice { names, place });
    let themes = choice(&["system", "light", "dark"], Place::Theme);
    let maps = choice(&["none", "starts", "rates"], Place::Map);
    let frames = choice(&["0", "1"], Place::Embed);
    table.extend([
        of_experiment("x0", "x₀", "start", Kind::Quantity(start)),
        of_experiment("steps", "T", "number of steps", Kind::Quantity(steps)),
        of_page("step", "t", "step shown", Kind::Step),
        of_page("speed", "", "steps per second", Kind::Quantity(speed)),
        of_page("theme", "", "colours", themes),
        of_page("view", "", "part of the plane shown", Kind::View),
        of_page("rule", "", "rule looked into", Kind::Selected),
        of_page("hide", "", "rules without lines", Kind::Hidden),
        of_page("map", "", "map", maps),
        of_page("pin", "", "pinned run", Kind::Pinned),
        of_page("other", "", "second experiment", Kind::Other),
        of_page("embed", "", "embedded in another page", frames),
    ]);
    table
}

fn of_page(name: &str, symbol: &'static str, label: &'static str, kind: Kind) -> Property {
    Property {
        name: name.to_owned(),
        symbol,
        label,
        of_experiment: false,
        rule: None,
        kind,
    }
}

fn of_parameter(parameter: &'static Parameter, place: Place) -> Property {
    let kind = match parameter.kind {
        parameter::Kind::Numbers {
            defaults,
            range,
            scale,
            ..
        } => Kind::Quantity(Quantity {
            range,
            slider: Slider::over(range, scale, defaults),
            components: defaults.len(),
            place,
        }),
        parameter::Kind::Choice { names } => Kind::Choice(Choice { names, place }),
    };
    Property {
        of_experiment: true,
        ..of_page(parameter.query, parameter.symbol, parameter.label, kind)
    }
}
