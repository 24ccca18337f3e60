//! Number fields and scripts, which set by name from text.

use adagrad_lab::settings::number::{doubt, parse_number};
use adagrad_lab::settings::{Property, RuleName, Settings, parse, properties};

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
        ("5.", 5.0),
        ("+3", 3.0),
        ("−2", -2.0),
        ("–2", -2.0),
        ("１２．５", 12.5),
        ("½", 0.5),
        ("10%", 0.1),
        ("2,5 %", 0.025),
        ("1.2×10⁻⁵", 1.2e-5),
        ("1×10^3", 1000.0),
        ("1\u{200b}0\u{feff}", 10.0),
        // Thousands that can be nothing else.
        ("1 000", 1000.0),
        ("1\u{a0}000", 1000.0),
        ("1\u{2009}000\u{202f}000", 1e6),
        ("1'000", 1000.0),
        ("1’000,5", 1000.5),
        ("1_000", 1000.0),
        ("1,000,000", 1e6),
        ("−1.000.000", -1e6),
        ("1,000.5", 1000.5),
        ("1.000,5", 1000.5),
        // Decimals that can be nothing else.
        ("0.125", 0.125),
        ("0,125", 0.125),
        (",125", 0.125),
        ("1.0050", 1.005),
        ("1234.567", 1234.567),
        ("1.000e3", 1000.0),
    ] {
        assert_eq!(parse_number(text), Some(number), "{text}");
    }
    for text in [
        "",
        " ",
        "-",
        "e",
        "NaN",
        "inf",
        "infinity",
        "1.2.3",
        "1,2,3",
        "0x10",
        "٣",
        "1,000,00",
        "1 00",
        "1'000 000",
        "1,000.000,5",
        "1__000",
        "12 34",
        "ten",
        "1/2",
        "%",
        "1%%",
        "1 e3",
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
}

/// Evidence: a comma or point before exactly three digits groups thousands in one country and
/// begins a fraction in the next.
#[test]
fn what_may_mean_two_numbers_is_refused_with_both() {
    for (text, readings, written) in [
        ("1,000", [1.0, 1000.0], "write 1 or 1000"),
        ("1.000", [1.0, 1000.0], "write 1 or 1000"),
        (" −2.382 ", [-2.382, -2382.0], "write -2.3820 or -2382"),
        ("123,456", [123.456, 123_456.0], "write 123.4560 or 123456"),
        ("１，５００", [1.5, 1500.0], "write 1.5 or 1500"),
        ("1,000%", [0.01, 10.0], "write 0.01 or 10"),
        ("−2.500 %", [-0.025, -25.0], "write -0.025 or -25"),
    ] {
        assert_eq!(doubt(text), Some(readings), "{text}");
        assert_eq!(parse_number(text), None, "{text}");
        for property in properties() {
            let Some(quantity) = property.quantity() else {
                continue;
            };
            for component in 0..quantity.components {
                let mut settings = Settings::default();
                let problem = settings.set_component(&property.name, component, text);
                let problem = problem.unwrap_err();
                assert!(problem.allowed.ends_with(written), "{problem}");
                assert_eq!(settings, Settings::default());
            }
        }
    }
}

/// A field that shows 1.234, as a slider or a link has set it, may be left as it is.
#[test]
fn what_a_field_shows_is_no_change_and_no_doubt() {
    let mut settings = parse("eta=1.234&x0=2.382,1.005").settings;
    assert_eq!(settings.get("eta").unwrap(), "1.234");
    let before = settings.clone();
    settings.set_component("eta", 0, "1.234").unwrap();
    settings.set_component("x0", 0, "2.382").unwrap();
    settings.set_component("x0", 1, " 1.005 ").unwrap();
    assert_eq!(settings, before);
    assert!(settings.set_component("x0", 1, "2.382").is_err());
}

#[test]
fn links_keep_their_point_and_take_a_decimal_comma_for_one_number() {
    let parsed = parse("eta=0,4&eps=1.000&x0=1,100");
    assert_eq!(parsed.problems, []);
    assert_eq!(parsed.settings.experiment.start, [1.0, 100.0]);
    assert_eq!(parsed.settings.get("eps").unwrap(), "1");
    let [problem] = &parse("steps=1,000").problems[..] else {
        panic!("one problem");
    };
    assert!(problem.allowed.ends_with("write 1 or 1000"), "{problem}");
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
