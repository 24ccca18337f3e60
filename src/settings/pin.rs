//! An experiment as one text, within a link: the pinned one, the second one.

use super::property::{Kind, Reading, changed_from_default};
use super::query::{decoded_by_hand, escaped};
use super::{Experiment, Property, Settings};

/// The experiment as `name:value` pairs with `;` between, defaults left out; `default` when that
/// leaves nothing, `none` where there is no experiment.
pub(super) fn text(experiment: Option<&Experiment>) -> String {
    let Some(experiment) = experiment else {
        return "none".to_owned();
    };
    let settings = Settings::of_experiment(experiment.clone());
    let pairs: Vec<String> = changed_from_default(&settings)
        .filter(|(property, _)| property.of_experiment)
        .map(|(property, text)| match property.kind {
            // It may hold the signs that separate the pairs.
            Kind::Function => format!("{}:{}", property.name, escaped(&text, "-.,")),
            _ => format!("{}:{text}", property.name),
        })
        .collect();
    if pairs.is_empty() {
        "default".to_owned()
    } else {
        pairs.join(";")
    }
}

/// Follows every pair it can; unreadable when it can follow none.
pub(super) fn read(slot: &mut Option<Experiment>, text: &str) -> Reading {
    if text.eq_ignore_ascii_case("none") {
        *slot = None;
        return Reading::Exact;
    }
    let mut settings = Settings::default();
    let mut readings = Vec::new();
    if !text.eq_ignore_ascii_case("default") {
        for pair in text.split(';') {
            let (name, value) = pair.split_once(':').unwrap_or((pair, ""));
            let property = Property::named(name.trim()).filter(|property| property.of_experiment);
            readings.push(match property {
                Some(property) if matches!(property.kind, Kind::Function) => {
                    property.read(&mut settings, &decoded_by_hand(value).0)
                }
                Some(property) => property.read(&mut settings, value),
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
    let consistent = settings.repair().is_none();
    *slot = Some(settings.experiment);
    Reading::exact_if(consistent && readings.iter().all(|&reading| reading == Reading::Exact))
}
