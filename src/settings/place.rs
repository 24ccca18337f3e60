//! Where the numbers of a setting are kept.

use super::{Map, Settings, Theme};
use crate::optimizer::DESCRIPTIONS;
use crate::parameter::Values;

/// Where the numbers of a setting are kept; a choice is the index of its name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// From `slot` on among an objective's values.
    Objective { index: usize, slot: usize },
    /// From there on among the values of every problem.
    Problem { slot: usize },
    /// Among the shared values.
    Shared { position: usize },
    /// From `slot` on among a rule's values; unless it overrides it, in the place of the shared
    /// parameter.
    Rule {
        index: usize,
        slot: usize,
        shared: Option<usize>,
    },
    /// x₀.
    Start,
    /// T.
    Steps,
    /// Steps per second.
    Speed,
    /// Colours.
    Theme,
    /// Map.
    Map,
    /// Whether in a frame.
    Embed,
}

impl Place {
    /// The `count` numbers that are in force.
    pub(super) fn numbers(self, settings: &Settings, count: usize) -> Vec<f64> {
        let experiment = &settings.experiment;
        let some = |values: Option<&Values>, slot: usize| -> Vec<f64> {
            let values = values.into_iter().flatten().skip(slot);
            values.take(count).copied().collect()
        };
        match self {
            Self::Objective { index, slot } => {
                some(experiment.values.of_objectives.get(index), slot)
            }
            Self::Problem { slot } => some(Some(&experiment.values.of_problem), slot),
            Self::Shared { position } => some(Some(&experiment.values.shared), position),
            Self::Rule {
                shared: Some(position),
                ..
            } if !self.is_overridden(settings) => some(Some(&experiment.values.shared), position),
            Self::Rule { index, slot, .. } => some(
                experiment.values.of_rules.get(index).map(|own| &own.values),
                slot,
            ),
            Self::Start => experiment.start.to_vec(),
            Self::Steps => vec![experiment.steps.into()],
            Self::Speed => vec![settings.speed],
            Self::Theme => vec![settings.theme as u8 as f64],
            Self::Map => vec![settings.map as u8 as f64],
            Self::Embed => vec![f64::from(u8::from(settings.embed))],
        }
    }

    /// Takes these numbers, all of them allowed; of a rule's shared parameter, as an override.
    pub(super) fn set(self, settings: &mut Settings, numbers: &[f64]) {
        let experiment = &mut settings.experiment;
        let put = |values: Option<&mut Values>, slot: usize| {
            let places = values.into_iter().flatten().skip(slot);
            for (place, number) in places.zip(numbers) {
                *place = *number;
            }
        };
        let index = numbers.first().copied().unwrap_or_default() as usize;
        match self {
            Self::Objective { index, slot } => {
                put(experiment.values.of_objectives.get_mut(index), slot)
            }
            Self::Problem { slot } => put(Some(&mut experiment.values.of_problem), slot),
            Self::Shared { position } => put(Some(&mut experiment.values.shared), position),
            Self::Rule {
                index,
                slot,
                shared,
            } => {
                if let Some(own) = experiment.values.of_rules.get_mut(index) {
                    for (slot, number) in (slot..).zip(numbers) {
                        own.set(slot, *number, shared.is_some());
                    }
                }
            }
            Self::Start => {
                if let [x1, x2] = *numbers {
                    experiment.start = [x1, x2];
                }
            }
            // In range, and so a u32.
            Self::Steps => experiment.steps = index as u32,
            Self::Speed => settings.speed = numbers.first().copied().unwrap_or(settings.speed),
            Self::Theme => settings.theme = Theme::ALL.get(index).copied().unwrap_or_default(),
            Self::Map => settings.map = Map::ALL.get(index).copied().unwrap_or_default(),
            Self::Embed => settings.embed = index == 1,
        }
    }

    /// Whether a rule's own value stands in place of a shared one.
    pub(super) fn is_overridden(self, settings: &Settings) -> bool {
        match self {
            Self::Rule {
                index,
                slot,
                shared: Some(_),
            } => {
                let own = settings.experiment.values.of_rules.get(index);
                own.is_some_and(|own| own.overrides.get(slot) == Some(&true))
            }
            _ => false,
        }
    }

    /// Lets the shared value be in force again, and puts the rule's own back to its default.
    pub(super) fn clear_override(self, settings: &mut Settings) {
        if let Self::Rule {
            index,
            slot,
            shared: Some(_),
        } = self
            && let Some(own) = settings.experiment.values.of_rules.get_mut(index)
            && let Some(description) = DESCRIPTIONS.get(index)
        {
            let default = description.defaults().get(slot).copied();
            own.set(slot, default.unwrap_or_default(), false);
        }
    }
}
