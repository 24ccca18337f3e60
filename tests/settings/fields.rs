//! Number fields and scripts, which set by name from text.

use adagrad_lab::optimizer::{Description, Optimizer};
use adagrad_lab::parameter::Kind;
use adagrad_lab::settings::number::parse_number;
use adagrad_lab::settings::{self, PROPERTIES, Settings};

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

/// What the page shares among its rules is what Adagrad's description says, names, symbols, ranges
/// and all; so are the defaults.
#[test]
fn shared_settings_are_adagrads_parameters() {
    let adagrad = Description::named("adagrad").unwrap();
    let shared = adagrad
        .parameters
        .iter()
        .filter(|parameter| parameter.shared);
    assert_eq!(shared.clone().count(), 6);
    for parameter in shared {
        let property = PROPERTIES
            .iter()
            .find(|property| property.name == parameter.query)
            .unwrap();
        assert_eq!(property.symbol, parameter.symbol);
        assert_eq!(property.label, parameter.label);
        match (&property.kind, &parameter.kind) {
            (settings::Kind::Quantity(quantity), Kind::Numbers { range, .. }) => {
                assert_eq!(quantity.range, *range, "{}", parameter.query);
            }
            (settings::Kind::Choice(choice), Kind::Choice { names }) => {
                assert_eq!(choice.names, *names);
            }
            _ => panic!("{} is of two kinds", parameter.query),
        }
    }
    let default: Optimizer = Settings::default().experiment.optimizer.into();
    assert_eq!(default.values(), adagrad.defaults());
}
