//! Objectives and rules by name: places in the lists that describe them.

use crate::objective::{self, TYPED};
use crate::optimizer;

/// An objective of [`objective::DESCRIPTIONS`], or the typed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectiveName(usize);

impl ObjectiveName {
    /// The function that the reader types.
    pub const TYPED: Self = Self(objective::DESCRIPTIONS.len());

    /// Every objective, in the order the page offers them; the typed one last.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=Self::TYPED.0).map(Self)
    }

    /// The objective of that name, whatever its case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|objective| objective.name().eq_ignore_ascii_case(name))
    }

    /// What it is.
    #[must_use]
    pub fn description(self) -> &'static objective::Description {
        objective::DESCRIPTIONS.get(self.0).unwrap_or(&TYPED)
    }

    /// The name in links and scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.description().name
    }

    /// Its place among [`objective::DESCRIPTIONS`]; beyond them for the typed one.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// A rule of [`optimizer::DESCRIPTIONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleName(usize);

impl RuleName {
    /// Every rule, in the order the page offers them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..optimizer::DESCRIPTIONS.len()).map(Self)
    }

    /// The rule of that name, whatever its case.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|rule| rule.name().eq_ignore_ascii_case(name))
    }

    /// The rule that a description is of.
    #[must_use]
    pub fn of(description: &optimizer::Description) -> Self {
        Self::from_name(description.name).unwrap_or(Self(0))
    }

    /// What it is.
    #[must_use]
    pub fn description(self) -> &'static optimizer::Description {
        let [first, ..] = optimizer::DESCRIPTIONS;
        optimizer::DESCRIPTIONS
            .get(self.0)
            .copied()
            .unwrap_or(first)
    }

    /// The name in links and scripts.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.description().name
    }

    /// Its place among [`optimizer::DESCRIPTIONS`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}
