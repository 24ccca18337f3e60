//! Number fields and scripts, which set by name from text.

use adagrad_lab::settings::number::parse_number;
use adagrad_lab::settings::{Property, RuleName, Settings};

#[test]
fn fields_take_numbers_as_people_write_them() {
    for (text, number) in [
        ("0,4", 0.4),
        (" −5 ", -5.0),
        ("+1e-6", 1e-6),
        ("1E3", 1000.0),
        (".5", 0.5),
        ("-0", 0.0),
        ("1e999", f64::MAX),
    ] {
        assert_eq!(parse_number(text), Some(number), "{text}");
    }
    for text in [
        "", " ", "-", "e", "NaN", "inf", "infinity", "1.2.3", "1,2,3", "1 000", "0x10", "٣",
    ] {
        assert_eq!(parse_number(text), None, "{text}");
    }
}

#[test]
fn a_decimal_comma_is_one_only_where_it_cannot_mean_something_else() {
    let mut settings = Settings::default();
    settings.set("eta", "0,25").unwrap();
    assert_eq!(settings.get("eta").unwrap(), "0.25");
    settings.set_component("x0", 1, "−1,5").unwrap();
    assert_eq!(settings.get("x0").unwrap(), "-5,-1.5");
    settings.set("x0", "1,5").unwrap();
    assert_eq!(settings.get("x0").unwrap(), "1,5");
    // Quoted as typed.
    assert_eq!(settings.set("eta", "99,5").unwrap_err().given, "99,5");
    // A thousand, in one convention.
    let problem = settings.set_component("steps", 0, "1,000").unwrap_err();
    assert_eq!(
        (problem.given.as_str(), problem.used.as_str()),
        ("1,000", "20")
    );
}

#[test]
fn settings_allowed_only_together_are_set_together() {
    let mut settings = Settings::default();
    settings.set("eps", "0").unwrap();
    let problem = settings.set("order", "step").unwrap_err();
    assert_eq!(
        (problem.name.as_str(), problem.used.as_str()),
        ("order", "accumulate")
    );
    settings
        .set_all([("order", "step"), ("eps", "1e-3")])
        .unwrap();
    assert_eq!(settings.get("eps").unwrap(), "0.001");
    assert!(settings.set("speeed", "1").is_err());
}

/// A shared parameter has one default, whichever rule describes it.
#[test]
fn every_rule_has_its_own_defaults_at_first() {
    let experiment = Settings::default().experiment;
    for rule in RuleName::all() {
        let defaults = rule.description().defaults();
        assert_eq!(
            experiment.optimizer(rule).values(),
            defaults,
            "{}",
            rule.name()
        );
    }
}

/// A drag over η moves what the rule goes by, and nothing that another rule goes by.
#[test]
fn a_parameter_in_force_is_the_rules_own_where_it_has_one() {
    let mut settings = Settings::default();
    settings
        .set_all([("opt", "adagrad,adam,adadelta"), ("adam.eta", "0.1")])
        .unwrap();
    let in_force = |rule: &str, parameter| {
        let rule = RuleName::from_name(rule).unwrap();
        Property::in_force(&settings, rule, parameter).map(|property| property.name.as_str())
    };
    assert_eq!(in_force("adagrad", "eta"), Some("eta"));
    assert_eq!(in_force("adam", "eta"), Some("adam.eta"));
    assert_eq!(in_force("adadelta", "eta"), Some("adadelta.eta"));
    assert_eq!(in_force("adam", "beta1"), Some("adam.beta1"));
    assert_eq!(in_force("adagrad", "beta1"), None);
}
