//! Settings: links restore what they were made from, hostile ones break nothing, sliders and
//! fields keep to the ranges, presets say what their sources and runs say.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests, which clippy only knows in test functions"
)]

mod comparisons;
mod fields;
mod links;
mod presets;
mod sliders;
mod strategies;

use adagrad_lab::settings::experiment::{MOST_OBJECTIVES, MOST_RULES};
use adagrad_lab::settings::{
    Experiment, ObjectiveName, Property, Quantity, RuleName, Settings, properties,
};

fn quantity(name: &str) -> &'static Quantity {
    Property::named(name).unwrap().quantity().unwrap()
}

fn objective(name: &str) -> ObjectiveName {
    ObjectiveName::from_name(name).unwrap()
}

fn rule(name: &str) -> RuleName {
    RuleName::from_name(name).unwrap()
}

/// η of the page.
fn eta(experiment: &Experiment) -> f64 {
    let values = quantity("eta").values(&Settings::of_experiment(experiment.clone()));
    *values.first().unwrap()
}

/// Every number in range, lists not too long, what points at others canonical, and the rules
/// runnable.
fn assert_valid(settings: &Settings) {
    let experiments = [
        Some(&settings.experiment),
        settings.pinned.as_ref(),
        settings.other.as_ref(),
    ];
    for experiment in experiments.into_iter().flatten() {
        for &rule in &experiment.rules {
            let optimizer = experiment.optimizer(rule);
            optimizer.validate().unwrap();
            assert_eq!(optimizer.description().name, rule.name());
        }
        for name in ObjectiveName::all().filter(|&name| name != ObjectiveName::TYPED) {
            let problem = experiment.problem(name, None).unwrap();
            assert_eq!(problem.objective.description().name, name.name());
        }
        assert!((1..=MOST_OBJECTIVES).contains(&experiment.objectives.len()));
        assert!((1..=MOST_RULES).contains(&experiment.rules.len()));
        let alone = Settings::of_experiment(experiment.clone());
        for quantity in properties().iter().filter_map(Property::quantity) {
            assert_eq!(quantity.values(&alone).len(), quantity.components);
            for value in quantity.values(&alone) {
                assert_eq!(value, quantity.range.nearest(value));
            }
        }
    }
    let mut repaired = settings.clone();
    assert!(repaired.repair().is_none());
    assert_eq!(repaired, *settings);
    assert!(
        settings
            .experiment
            .rules
            .contains(&settings.selected_rule())
    );
    assert_eq!(
        settings.cursor,
        settings.cursor.canonical(settings.experiment.steps)
    );
    assert!((0.5..=1e4).contains(&settings.speed));
}
