//! One setting: what it is called, what is allowed, and how it is read and written.

use super::experiment::ObjectiveName;
use super::number::{comma_list, parse_plain_number, shortest};
use super::quantity::{Quantity, Range};
use super::{Cursor, Experiment, PROPERTIES, Settings, View};

/// One setting.
#[derive(Debug)]
pub struct Property {
    /// Its name in links, scripts and forms.
    pub name: &'static str,
    /// Its mathematical symbol; empty where it has none.
    pub symbol: &'static str,
    /// Its name on the page, in plain words.
    pub label: &'static str,
    /// Whether it belongs to the experiment, and so to a pinned one too.
    pub of_experiment: bool,
    /// What kind of value it has.
    pub kind: Kind,
}

/// The kinds of values.
#[derive(Debug)]
pub enum Kind {
    /// One or more numbers in a range.
    Quantity(Quantity),
    /// One of a few names.
    Choice(Choice),
    /// The objectives shown.
    Objectives,
    /// The cursor: a step from 0 to the last, or `end`.
    Step,
    /// The part of the plane shown, or `fit`.
    View,
    /// The pinned experiment, or `none`.
    Pin,
}

/// A setting that is one of a few names.
#[derive(Debug)]
pub struct Choice {
    /// The names, the default first.
    pub names: &'static [&'static str],
    pub(super) get: fn(&Settings) -> usize,
    pub(super) set: fn(&mut Settings, usize),
}

/// How well a text could be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// To the letter.
    Exact,
    /// As nearly as allowed.
    Nearest,
    /// Not at all: the setting is as it was.
    Unreadable,
}

impl Reading {
    pub(super) fn exact_if(exact: bool) -> Self {
        if exact { Self::Exact } else { Self::Nearest }
    }
}

/// Where the centre of a view may be, in data units along each axis.
const VIEW_CENTRE: Range = Range::new(-1e6, 1e6);
/// How much of the plane a view may show, in data units.
const VIEW_HALF_EXTENT: Range = Range::new(1e-9, 1e6);

impl View {
    /// The nearest view that a link can hold.
    #[must_use]
    pub fn clamped(self) -> Self {
        Self {
            centre: self.centre.map(|x| VIEW_CENTRE.nearest(x)),
            half_extent: VIEW_HALF_EXTENT.nearest(self.half_extent),
        }
    }
}

impl Property {
    /// The property of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        PROPERTIES.iter().find(|property| property.name == name)
    }

    /// The quantity, for a numeric setting.
    #[must_use]
    pub fn quantity(&self) -> Option<&Quantity> {
        match &self.kind {
            Kind::Quantity(quantity) => Some(quantity),
            _ => None,
        }
    }

    /// Its value as text that reads back as the same value.
    #[must_use]
    pub fn text(&self, settings: &Settings) -> String {
        match &self.kind {
            Kind::Quantity(quantity) => quantity.text(settings),
            Kind::Choice(choice) => choice.text(settings).to_owned(),
            Kind::Objectives => {
                let objectives = settings.experiment.objectives.iter();
                let names: Vec<&str> = objectives.map(|objective| objective.name()).collect();
                names.join(",")
            }
            Kind::Step => match settings.cursor {
                Cursor::End => "end".to_owned(),
                Cursor::At(step) => step.to_string(),
            },
            Kind::View => settings.view.map_or_else(
                || "fit".to_owned(),
                |View {
                     centre: [x1, x2],
                     half_extent,
                 }| comma_list(&[x1, x2, half_extent]),
            ),
            Kind::Pin => match &settings.pinned {
                None => "none".to_owned(),
                Some(experiment) => pin_text(experiment),
            },
        }
    }

    /// What is allowed, as a noun phrase.
    #[must_use]
    pub fn allowed(&self) -> String {
        match &self.kind {
            Kind::Quantity(quantity) => quantity.allowed(),
            Kind::Choice(choice) => choice.allowed(),
            Kind::Objectives => "f1, f2 or rotated, or several with commas between".to_owned(),
            Kind::Step => "a whole number from 0 to the number of steps, or end".to_owned(),
            Kind::View => format!(
                "fit, or two centre coordinates from {} to {} and a half extent from {} to {} with \
                 commas between",
                shortest(VIEW_CENTRE.min),
                shortest(VIEW_CENTRE.max),
                shortest(VIEW_HALF_EXTENT.min),
                shortest(VIEW_HALF_EXTENT.max),
            ),
            Kind::Pin => {
                "none, default, or an experiment such as eta:2;x0:5,3 with values in their ranges"
                    .to_owned()
            }
        }
    }

    /// Follows `text` as nearly as allowed.
    pub(super) fn read(&self, settings: &mut Settings, text: &str) -> Reading {
        let text = text.trim();
        match &self.kind {
            Kind::Quantity(quantity) => quantity.read(settings, text),
            Kind::Choice(choice) => choice.read(settings, text),
            Kind::Objectives => read_objectives(settings, text),
            Kind::Step => read_step(settings, text),
            Kind::View => read_view(settings, text),
            Kind::Pin => read_pin(settings, text),
        }
    }
}

impl Choice {
    fn allowed(&self) -> String {
        match self.names {
            [others @ .., last] => format!("{} or {last}", others.join(", ")),
            [] => String::new(),
        }
    }

    fn text(&self, settings: &Settings) -> &'static str {
        self.names.get((self.get)(settings)).unwrap_or(&"")
    }

    pub(super) fn read(&self, settings: &mut Settings, text: &str) -> Reading {
        let mut names = self.names.iter();
        match names.position(|name| name.eq_ignore_ascii_case(text)) {
            Some(chosen) => {
                (self.set)(settings, chosen);
                Reading::Exact
            }
            None => Reading::Unreadable,
        }
    }
}

/// Keeps the names it knows, each once.
fn read_objectives(settings: &mut Settings, text: &str) -> Reading {
    let mut objectives = Vec::new();
    let mut all_known = true;
    for name in text.split(',') {
        match ObjectiveName::from_name(name.trim()) {
            Some(objective) if objectives.contains(&objective) => {}
            Some(objective) => objectives.push(objective),
            None => all_known = false,
        }
    }
    if objectives.is_empty() {
        return Reading::Unreadable;
    }
    settings.experiment.objectives = objectives;
    Reading::exact_if(all_known)
}

/// A step beyond the last is the end.
fn read_step(settings: &mut Settings, text: &str) -> Reading {
    if text.eq_ignore_ascii_case("end") {
        settings.cursor = Cursor::End;
        return Reading::Exact;
    }
    let Some(number) = parse_plain_number(text) else {
        return Reading::Unreadable;
    };
    let steps = f64::from(settings.experiment.steps);
    let nearest = Range::new(0.0, steps).whole().nearest(number);
    settings.cursor = Cursor::At(nearest as u32).canonical(settings.experiment.steps);
    Reading::exact_if(nearest == number)
}

fn read_view(settings: &mut Settings, text: &str) -> Reading {
    if text.eq_ignore_ascii_case("fit") {
        settings.view = None;
        return Reading::Exact;
    }
    let numbers: Option<Vec<f64>> = text.split(',').map(parse_plain_number).collect();
    let Some([x1, x2, half_extent]) = numbers.as_deref() else {
        return Reading::Unreadable;
    };
    let view = View {
        centre: [VIEW_CENTRE.nearest(*x1), VIEW_CENTRE.nearest(*x2)],
        half_extent: VIEW_HALF_EXTENT.nearest(*half_extent),
    };
    settings.view = Some(view);
    Reading::exact_if(view.centre == [*x1, *x2] && view.half_extent == *half_extent)
}

/// The experiment as `name:value` pairs with `;` between, defaults left out; `default` when that
/// leaves nothing.
fn pin_text(experiment: &Experiment) -> String {
    let settings = Settings::of_experiment(experiment.clone());
    let pairs: Vec<String> = changed_from_default(&settings)
        .filter(|(property, _)| property.of_experiment)
        .map(|(property, text)| format!("{}:{text}", property.name))
        .collect();
    if pairs.is_empty() {
        "default".to_owned()
    } else {
        pairs.join(";")
    }
}

/// Follows every pair it can; unreadable when it can follow none.
fn read_pin(settings: &mut Settings, text: &str) -> Reading {
    if text.eq_ignore_ascii_case("none") {
        settings.pinned = None;
        return Reading::Exact;
    }
    let mut pinned = Settings::default();
    let mut readings = Vec::new();
    if !text.eq_ignore_ascii_case("default") {
        for pair in text.split(';') {
            let (name, value) = pair.split_once(':').unwrap_or((pair, ""));
            let property = Property::named(name.trim()).filter(|property| property.of_experiment);
            readings.push(match property {
                Some(property) => property.read(&mut pinned, value),
                None => Reading::Unreadable,
            });
        }
        if readings
            .iter()
            .all(|&reading| reading == Reading::Unreadable)
        {
            return Reading::Unreadable;
        }
    }
    let consistent = !pinned.repair();
    settings.pinned = Some(pinned.experiment);
    Reading::exact_if(consistent && readings.iter().all(|&reading| reading == Reading::Exact))
}

/// The properties whose value is not the default, with their text.
pub(super) fn changed_from_default(
    settings: &Settings,
) -> impl Iterator<Item = (&'static Property, String)> + '_ {
    let default = Settings::default();
    PROPERTIES.iter().filter_map(move |property| {
        let text = property.text(settings);
        (text != property.text(&default)).then_some((property, text))
    })
}
