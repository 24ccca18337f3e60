//! One setting: what it is called, what is allowed, and how it is read and written.

use super::experiment::{LONGEST_FUNCTION, MOST_OBJECTIVES, MOST_RULES};
use super::number::{comma_list, parse_plain_number, shortest};
use super::place::Place;
use super::quantity::Quantity;
use super::{Cursor, ObjectiveName, RuleName, Settings, View, pin, properties};
use crate::parameter::Range;

/// One setting.
#[derive(Clone, Debug)]
pub struct Property {
    /// Its name in links, scripts and forms; of a rule's parameter with the rule before it, as in
    /// `adam.beta1`.
    pub name: String,
    /// Its mathematical symbol; empty where it has none.
    pub symbol: &'static str,
    /// Its name on the page, in plain words.
    pub label: &'static str,
    /// Whether it belongs to the experiment, and so to a pinned one too.
    pub of_experiment: bool,
    /// The rule that it is a parameter of; none for a shared one's value for the whole page.
    pub rule: Option<RuleName>,
    /// What kind of value it has.
    pub kind: Kind,
}

/// The kinds of values.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// One or more numbers in a range.
    Quantity(Quantity),
    /// One of a few names.
    Choice(Choice),
    /// The objectives shown.
    Objectives,
    /// The text of the typed objective.
    Function,
    /// The rules shown.
    Rules,
    /// The cursor: a step from 0 to the last, or `end`.
    Step,
    /// The part of the plane shown, or `fit`.
    View,
    /// The rule looked into, or `first`.
    Selected,
    /// The rules without lines, or `none`.
    Hidden,
    /// The pinned experiment, or `none`.
    Pinned,
    /// The second experiment, or `none`.
    Other,
}

/// A setting that is one of a few names.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// The names, the default first.
    pub names: &'static [&'static str],
    pub(super) place: Place,
}

/// In place of a value of its own, what a rule's shared parameter has when the page's is in force.
pub(super) const SHARED: &str = "shared";

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
        properties().iter().find(|property| property.name == name)
    }

    /// The parameters of a rule, in its description's order.
    pub fn of_rule(rule: RuleName) -> impl Iterator<Item = &'static Self> {
        let of_rule = move |property: &&Self| property.rule == Some(rule);
        properties().iter().filter(of_rule)
    }

    /// The parameters of an objective, in its description's order.
    pub fn of_objective(objective: ObjectiveName) -> impl Iterator<Item = &'static Self> {
        let parameters = objective.description().parameters.iter();
        parameters.filter_map(|parameter| Self::named(parameter.query))
    }

    /// What sets a rule's parameter of that name: the rule's own property where the page has none
    /// for all rules or the rule overrides it, else the shared one. None where it has no such
    /// parameter.
    #[must_use]
    pub fn in_force(settings: &Settings, rule: RuleName, parameter: &str) -> Option<&'static Self> {
        let is_of_name = |own: &&Self| {
            own.name
                .split_once('.')
                .is_some_and(|(_, n)| n == parameter)
        };
        let own = Self::of_rule(rule).find(is_of_name)?;
        if own.is_shared() && !own.is_overridden(settings) {
            return Self::named(parameter);
        }
        Some(own)
    }

    /// The quantity, for a numeric setting.
    #[must_use]
    pub fn quantity(&self) -> Option<&Quantity> {
        match &self.kind {
            Kind::Quantity(quantity) => Some(quantity),
            _ => None,
        }
    }

    /// Where its numbers are, if it has any.
    fn place(&self) -> Option<Place> {
        match &self.kind {
            Kind::Quantity(quantity) => Some(quantity.place),
            Kind::Choice(choice) => Some(choice.place),
            _ => None,
        }
    }

    /// Whether its text is the same in both, told without writing numbers out.
    fn is_same(&self, settings: &Settings, other: &Settings) -> bool {
        let numbers = |settings| match &self.kind {
            Kind::Quantity(quantity) => Some(quantity.values(settings)),
            Kind::Choice(choice) => Some(choice.place.numbers(settings, 1)),
            _ => None,
        };
        let overridden = [settings, other].map(|settings| self.is_overridden(settings));
        match (numbers(settings), overridden) {
            (Some(_), [false, false]) if self.is_shared() => true,
            (Some(numbers_here), [here, there]) => {
                here == there && Some(numbers_here) == numbers(other)
            }
            (None, _) => self.text(settings) == self.text(other),
        }
    }

    /// Whether it is a rule's parameter that has the page's value unless it is overridden.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(
            self.place(),
            Some(Place::Rule {
                shared: Some(_),
                ..
            })
        )
    }

    /// Whether the rule's own value is in force in place of the page's.
    #[must_use]
    pub fn is_overridden(&self, settings: &Settings) -> bool {
        self.place()
            .is_some_and(|place| place.is_overridden(settings))
    }

    /// Lets the page's value be in force again.
    pub fn clear_override(&self, settings: &mut Settings) {
        if let Some(place) = self.place() {
            place.clear_override(settings);
            settings.repair();
        }
    }

    /// Its value as text that reads back as the same value.
    #[must_use]
    pub fn text(&self, settings: &Settings) -> String {
        let experiment = &settings.experiment;
        if self.is_shared() && !self.is_overridden(settings) {
            return SHARED.to_owned();
        }
        match &self.kind {
            Kind::Quantity(quantity) => quantity.text(settings),
            Kind::Choice(choice) => choice.text(settings).to_owned(),
            Kind::Objectives => joined(experiment.objectives.iter().map(|name| name.name())),
            Kind::Function => experiment.function.clone(),
            Kind::Rules => joined(experiment.rules.iter().map(|rule| rule.name())),
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
            Kind::Selected => settings.selected.map_or("first", RuleName::name).to_owned(),
            Kind::Hidden if settings.hidden.is_empty() => "none".to_owned(),
            Kind::Hidden => joined(settings.hidden.iter().map(|rule| rule.name())),
            Kind::Pinned => pin::text(settings.pinned.as_ref()),
            Kind::Other => pin::text(settings.other.as_ref()),
        }
    }

    /// What is allowed, as a noun phrase.
    #[must_use]
    pub fn allowed(&self) -> String {
        let allowed = match &self.kind {
            Kind::Quantity(quantity) => quantity.allowed(),
            Kind::Choice(choice) => either(choice.names),
            Kind::Objectives => {
                let names = ObjectiveName::all().map(ObjectiveName::name);
                list_of(MOST_OBJECTIVES, names.collect())
            }
            Kind::Function => {
                format!("a function of x1 and x2, at most {LONGEST_FUNCTION} characters")
            }
            Kind::Rules => list_of(MOST_RULES, RuleName::all().map(RuleName::name).collect()),
            Kind::Step => "a whole number from 0 to the number of steps, or end".to_owned(),
            Kind::View => format!(
                "fit, or two centre coordinates from {} to {} and a half extent from {} to {} with \
                 commas between",
                shortest(VIEW_CENTRE.min),
                shortest(VIEW_CENTRE.max),
                shortest(VIEW_HALF_EXTENT.min),
                shortest(VIEW_HALF_EXTENT.max),
            ),
            Kind::Selected => "one of the rules shown, or first".to_owned(),
            Kind::Hidden => "some of the rules shown with commas between, or none".to_owned(),
            Kind::Pinned | Kind::Other => {
                "none, default, or an experiment such as eta:2;x0:5,3 with values in their ranges"
                    .to_owned()
            }
        };
        if self.is_shared() {
            return format!("{allowed}, or {SHARED}");
        }
        allowed
    }

    /// Follows `text` as nearly as allowed.
    pub(super) fn read(&self, settings: &mut Settings, text: &str) -> Reading {
        let text = text.trim();
        if self.is_shared() && text.eq_ignore_ascii_case(SHARED) {
            self.clear_override(settings);
            return Reading::Exact;
        }
        match &self.kind {
            Kind::Quantity(quantity) => quantity.read(settings, text),
            Kind::Choice(choice) => choice.read(settings, text),
            Kind::Objectives => read_objectives(settings, text),
            Kind::Function => read_function(settings, text),
            Kind::Rules => read_rules(settings, text),
            Kind::Step => read_step(settings, text),
            Kind::View => read_view(settings, text),
            Kind::Selected => read_selected(settings, text),
            Kind::Hidden => read_hidden(settings, text),
            Kind::Pinned => pin::read(&mut settings.pinned, text),
            Kind::Other => pin::read(&mut settings.other, text),
        }
    }
}

impl Choice {
    /// The index of the name in force.
    #[must_use]
    pub fn chosen(&self, settings: &Settings) -> usize {
        let numbers = self.place.numbers(settings, 1);
        numbers.first().copied().unwrap_or_default() as usize
    }

    fn text(&self, settings: &Settings) -> &'static str {
        self.names.get(self.chosen(settings)).unwrap_or(&"")
    }

    pub(super) fn read(&self, settings: &mut Settings, text: &str) -> Reading {
        let mut names = self.names.iter();
        match names.position(|name| name.eq_ignore_ascii_case(text)) {
            Some(chosen) => {
                self.place.set(settings, &[chosen as f64]);
                Reading::Exact
            }
            None => Reading::Unreadable,
        }
    }
}

/// `a, b or c`.
fn either(names: &[&str]) -> String {
    match names {
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
        [] => String::new(),
    }
}

fn list_of(most: usize, names: Vec<&str>) -> String {
    format!("1 to {most} of {} with commas between", either(&names))
}

fn joined(names: impl Iterator<Item = &'static str>) -> String {
    names.collect::<Vec<_>>().join(",")
}

/// The names it knows, each once and at most `most` of them, and whether that is all.
fn read_names<T: PartialEq>(
    text: &str,
    most: usize,
    from_name: impl Fn(&str) -> Option<T>,
) -> (Vec<T>, Reading) {
    let mut names = Vec::new();
    let mut is_exact = true;
    for name in text.split(',') {
        match from_name(name.trim()) {
            Some(known) if names.contains(&known) => {}
            Some(known) if names.len() < most => names.push(known),
            _ => is_exact = false,
        }
    }
    let reading = if names.is_empty() {
        Reading::Unreadable
    } else {
        Reading::exact_if(is_exact)
    };
    (names, reading)
}

fn read_objectives(settings: &mut Settings, text: &str) -> Reading {
    let (objectives, reading) = read_names(text, MOST_OBJECTIVES, ObjectiveName::from_name);
    if reading != Reading::Unreadable {
        settings.experiment.objectives = objectives;
    }
    reading
}

/// What is shown of the page follows the rules by [`Settings::repair`].
fn read_rules(settings: &mut Settings, text: &str) -> Reading {
    let (rules, reading) = read_names(text, MOST_RULES, RuleName::from_name);
    if reading != Reading::Unreadable {
        settings.experiment.rules = rules;
    }
    reading
}

fn read_hidden(settings: &mut Settings, text: &str) -> Reading {
    if text.is_empty() || text.eq_ignore_ascii_case("none") {
        settings.hidden.clear();
        return Reading::Exact;
    }
    let rules = &settings.experiment.rules;
    let shown = |name: &str| RuleName::from_name(name).filter(|rule| rules.contains(rule));
    let (hidden, reading) = read_names(text, MOST_RULES, shown);
    if reading != Reading::Unreadable {
        settings.hidden = hidden;
    }
    reading
}

fn read_selected(settings: &mut Settings, text: &str) -> Reading {
    if text.eq_ignore_ascii_case("first") {
        settings.selected = None;
        return Reading::Exact;
    }
    match RuleName::from_name(text) {
        Some(rule) if settings.experiment.rules.contains(&rule) => {
            settings.selected = Some(rule);
            Reading::Exact
        }
        _ => Reading::Unreadable,
    }
}

/// Any text will do here: whether it is a function, whoever compiles it says.
fn read_function(settings: &mut Settings, text: &str) -> Reading {
    let end = text.char_indices().nth(LONGEST_FUNCTION);
    let taken = match end {
        Some((end, _)) => text.get(..end).unwrap_or_default().trim_end(),
        None => text,
    };
    if taken.is_empty() {
        return Reading::Unreadable;
    }
    settings.experiment.function = taken.to_owned();
    Reading::exact_if(end.is_none())
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

/// The properties whose value is not the default, with their text; none of rules that are not
/// shown.
pub(super) fn changed_from_default(
    settings: &Settings,
) -> impl Iterator<Item = (&'static Property, String)> + '_ {
    let default = Settings::default();
    let rules = &settings.experiment.rules;
    let is_changed = move |property: &&Property| {
        let is_shown = property.rule.is_none_or(|rule| rules.contains(&rule));
        is_shown && !property.is_same(settings, &default)
    };
    let properties = properties().iter().filter(is_changed);
    properties.map(|property| (property, property.text(settings)))
}
