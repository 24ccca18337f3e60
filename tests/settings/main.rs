//! Settings: links restore what they were made from, hostile ones break nothing, sliders and
//! fields keep to the ranges, presets say what their sources and runs say.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests, which clippy only knows in test functions"
)]

mod fields;
mod links;
mod presets;
mod sliders;
mod strategies;

use adagrad_lab::settings::{PROPERTIES, Property, Quantity, Settings};

fn quantity(name: &str) -> &'static Quantity {
    Property::named(name).unwrap().quantity().unwrap()
}

/// Every number in range, the cursor canonical, and the rule runnable.
fn assert_valid(settings: &Settings) {
    let experiments = [Some(&settings.experiment), settings.pinned.as_ref()];
    for experiment in experiments.into_iter().flatten() {
        experiment.optimizer.validate().unwrap();
        let alone = Settings::of_experiment(experiment.clone());
        for quantity in PROPERTIES.iter().filter_map(Property::quantity) {
            for value in quantity.values(&alone) {
                assert_eq!(value, quantity.range.nearest(value));
            }
        }
        assert!(!experiment.objectives.is_empty());
    }
    assert_eq!(
        settings.cursor,
        settings.cursor.canonical(settings.experiment.steps)
    );
    assert!((0.5..=1e4).contains(&settings.speed));
}
