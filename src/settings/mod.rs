//! Everything that a link restores: the settings, their defaults, ranges, texts and codec.
//!
//! [`Settings`] is the only state a view reads. [`properties`] is the one table behind [`parse`] and
//! [`format()`] (links), [`Settings::set`] and [`Settings::get`] (fields, scripts) and the sliders'
//! [`Quantity`]; what rules and objectives can be set to enters it from their descriptions.

pub mod comparisons;
mod difference;
pub mod experiment;
pub mod facts;
pub mod name;
pub mod number;
mod pin;
mod place;
pub mod presets;
pub mod problem;
pub mod property;
pub mod quantity;
pub mod query;
pub mod table;

pub use crate::parameter::{Range, Scale};
pub use difference::difference;
pub use experiment::{Experiment, Repair};
pub use name::{ObjectiveName, RuleName};
pub use problem::Problem;
pub use property::{Choice, Kind, Property};
pub use quantity::{Quantity, Slider};
pub use query::{Parsed, format, parse};
pub use table::properties;

use crate::objective::Vector;

/// The page's state.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What is run.
    pub experiment: Experiment,
    /// The step that all figures show.
    pub cursor: Cursor,
    /// Playback, in steps per second.
    pub speed: f64,
    /// Light, dark, or as the system has it.
    pub theme: Theme,
    /// The part of the plane shown; fitted to start, minimum and path when absent.
    pub view: Option<View>,
    /// The rule looked into, where it is not the first.
    pub selected: Option<RuleName>,
    /// The rules shown that have no lines in the figures, each once.
    pub hidden: Vec<RuleName>,
    /// Which map is shown.
    pub map: Map,
    /// A run kept for comparison.
    pub pinned: Option<Experiment>,
    /// A second experiment, beside the first.
    pub other: Option<Experiment>,
    /// Whether to show the plots and controls only, for a frame in another page.
    pub embed: bool,
}

/// The step shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// The last, whatever the number of steps.
    End,
    /// After that many steps; 0 is the start.
    At(u32),
}

impl Cursor {
    /// The step shown in a run of `steps` steps.
    #[must_use]
    pub fn index(self, steps: u32) -> u32 {
        match self {
            Self::End => steps,
            Self::At(step) => step.min(steps),
        }
    }

    /// The last step or beyond is the end, so that a link to the end stays at the end.
    #[must_use]
    pub fn canonical(self, steps: u32) -> Self {
        match self {
            Self::At(step) if step < steps => self,
            _ => Self::End,
        }
    }
}

/// The page's colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// In the order of their names.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
}

/// How far the selected rule comes, as a map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Map {
    /// No map.
    #[default]
    None,
    /// Over the starts.
    Starts,
    /// Over η and ε.
    Rates,
}

impl Map {
    /// In the order of their names.
    pub(crate) const ALL: [Self; 3] = [Self::None, Self::Starts, Self::Rates];
}

/// A part of the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The point in the middle of the plot.
    pub centre: Vector,
    /// Data units from the centre to the nearer edge of the plot.
    pub half_extent: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self::of_experiment(Experiment::default())
    }
}

impl Settings {
    /// That experiment, all else at its default.
    #[must_use]
    pub fn of_experiment(experiment: Experiment) -> Self {
        Self {
            experiment,
            cursor: Cursor::End,
            speed: 5.0,
            theme: Theme::System,
            view: None,
            selected: None,
            hidden: Vec::new(),
            map: Map::None,
            pinned: None,
            other: None,
            embed: false,
        }
    }

    /// The rule looked into.
    #[must_use]
    pub fn selected_rule(&self) -> RuleName {
        self.selected
            .unwrap_or_else(|| self.experiment.first_rule())
    }

    /// The value of the setting of that name, as text that [`Settings::set`] takes.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        Property::named(name).map(|property| property.text(self))
    }

    /// Sets one setting from text. A single number may be written as [`number::parse_number`] reads
    /// it; in a list, commas separate.
    ///
    /// # Errors
    /// When the text is not to the letter allowed; the settings are then as they were.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), Problem> {
        let quantity = Property::named(name).and_then(Property::quantity);
        match quantity {
            Some(quantity) if quantity.components == 1 => self.set_component(name, 0, text),
            _ => self.set_all([(name, text)]),
        }
    }

    /// Sets several settings, all or none, each written as in a link: for scripts, and for `order`
    /// and `eps`, say, that may only be allowed together.
    ///
    /// # Errors
    /// The first problem among them; the settings are then as they were.
    pub fn set_all<'a>(
        &mut self,
        changes: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), Problem> {
        let mut given = Vec::new();
        for (name, text) in changes {
            let Some(property) = Property::named(name) else {
                let plain = properties()
                    .iter()
                    .filter(|property| property.rule.is_none());
                let names: Vec<&str> = plain.map(|property| property.name.as_str()).collect();
                let allowed = format!(
                    "only for {}, or a rule's own such as adam.beta1",
                    names.join(", ")
                );
                return Err(Problem::new(name, text, allowed, "nothing".to_owned()));
            };
            given.push((property, text.to_owned()));
        }
        let mut changed = self.clone();
        let mut problem = changed.follow(&given).into_iter().next();
        if problem.is_none()
            && let Some(repair) = changed.repair()
        {
            problem = repair.blamed_on(&given);
        }
        if let Some(problem) = problem {
            // Nothing was replaced: what was in force stays.
            let used = self.get(&problem.name).unwrap_or_default();
            return Err(Problem { used, ..problem });
        }
        *self = changed;
        Ok(())
    }

    /// Sets one component (from 0) of a numeric setting from text, as from the number field beside
    /// its slider.
    ///
    /// # Errors
    /// As [`Settings::set`].
    pub fn set_component(
        &mut self,
        name: &str,
        component: usize,
        text: &str,
    ) -> Result<(), Problem> {
        let Some(quantity) = Property::named(name).and_then(Property::quantity) else {
            return self.set_all([(name, text)]);
        };
        let values = quantity.values(self);
        let mut texts: Vec<String> = values.into_iter().map(number::shortest).collect();
        let Some(slot) = texts.get_mut(component) else {
            return Ok(());
        };
        // What the field shows is never in doubt, nor a change.
        if slot == text.trim() {
            return Ok(());
        }
        let is_shared = text.trim().eq_ignore_ascii_case(property::SHARED);
        match number::parse_number(text) {
            Some(number) => *slot = number::shortest(number),
            None if is_shared => text.clone_into(slot),
            None => {
                let allowed = Property::named(name).map(Property::allowed);
                let allowed = number::allowed_beside(allowed.unwrap_or_default(), text);
                let used = self.get(name).unwrap_or_default();
                return Err(Problem::new(name, text, allowed, used));
            }
        }
        let list = texts.join(",");
        self.set_all([(name, list.as_str())])
            .map_err(|problem| Problem {
                given: problem::cut(text),
                ..problem
            })
    }

    /// Sets a choice to one of its names, as from a radio button; any other text changes nothing.
    /// What no longer fits is repaired: a button has no text to complain about.
    pub fn choose(&mut self, name: &str, chosen: &str) {
        if let Some(Kind::Choice(choice)) = Property::named(name).map(|property| &property.kind) {
            choice.read(self, chosen);
            self.repair();
        }
    }

    /// Follows every text as nearly as allowed, in the table's order, and tells what it could not.
    fn follow(&mut self, given: &[(&'static Property, String)]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for property in properties() {
            let text = given
                .iter()
                .find(|(named, _)| named.name == property.name)
                .map(|(_, text)| text);
            if let Some(text) = text
                && property.read(self, text) != property::Reading::Exact
            {
                let used = property.text(self);
                let mut allowed = property.allowed();
                if property.quantity().is_some_and(|q| q.components == 1) {
                    allowed = number::allowed_beside(allowed, text);
                }
                problems.push(Problem::new(&property.name, text, allowed, used));
            }
        }
        problems
    }

    /// Makes settings that are each in range consistent with each other, and tells which parameter
    /// had to change: Adagrad's ε, say, where it steps before it accumulates and s₀ = 0. What only
    /// points at steps and rules becomes canonical silently.
    pub fn repair(&mut self) -> Option<Repair> {
        self.cursor = self.cursor.canonical(self.experiment.steps);
        let rules = &self.experiment.rules;
        self.selected = self
            .selected
            .filter(|rule| rules.contains(rule) && *rule != self.experiment.first_rule());
        let is_hidden = |rule: &RuleName| self.hidden.contains(rule);
        self.hidden = rules.iter().copied().filter(is_hidden).collect();
        self.experiment.repair()
    }
}
