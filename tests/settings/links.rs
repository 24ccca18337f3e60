//! Links and what they restore.

use adagrad_lab::settings::number::{parse_number, shortest};
use adagrad_lab::settings::presets::Preset;
use adagrad_lab::settings::{Cursor, PROPERTIES, Settings, format, parse};
use proptest::prelude::*;

use crate::assert_valid;
use crate::strategies::{near_query, settings};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_link_restores_its_settings(settings in settings()) {
        let foreign = ["course=12%20b".to_owned(), "flag".to_owned()];
        let parsed = parse(&format!("?{}", format(&settings, &foreign)));
        prop_assert_eq!(parsed.settings, settings);
        prop_assert_eq!(parsed.problems, []);
        prop_assert_eq!(parsed.foreign, foreign);
    }

    #[test]
    fn a_link_is_readable_without_escapes(settings in settings()) {
        let link = format(&settings, &[]);
        let plain = |c: char| c.is_ascii_alphanumeric() || "=&-.,:;".contains(c);
        prop_assert!(link.chars().all(plain), "{}", link);
    }

    #[test]
    fn every_text_sets_what_it_was_got_from(settings in settings()) {
        let mut copy = Settings::default();
        let texts: Vec<(&str, String)> = PROPERTIES
            .iter()
            .map(|property| (property.name, settings.get(property.name).unwrap()))
            .collect();
        copy.set_all(texts.iter().map(|(name, text)| (*name, text.as_str()))).unwrap();
        prop_assert_eq!(copy, settings);
    }

    #[test]
    fn hostile_queries_break_nothing(query in "\\PC{0,200}") {
        assert_valid(&parse(&query).settings);
    }

    #[test]
    fn nearly_right_queries_break_nothing(query in near_query()) {
        let parsed = parse(&query);
        assert_valid(&parsed.settings);
        // What was made of it is a fixed point.
        let again = parse(&format(&parsed.settings, &parsed.foreign));
        prop_assert_eq!(again.settings, parsed.settings);
        prop_assert_eq!(again.problems, []);
        for problem in parsed.problems {
            prop_assert!(problem.given.chars().count() <= 41, "{}", problem);
        }
    }

    #[test]
    fn strict_setting_changes_all_or_nothing(
        before in settings(), name in 0..PROPERTIES.len(), text in "\\PC{0,30}|[-0-9.,e]{1,6}"
    ) {
        let mut after = before.clone();
        let name = PROPERTIES[name].name;
        match after.set(name, &text) {
            Ok(()) => assert_valid(&after),
            Err(problem) => {
                prop_assert_eq!(&problem.name, name);
                prop_assert_eq!(&problem.used, &before.get(name).unwrap());
                prop_assert_eq!(after, before);
            }
        }
    }

    #[test]
    fn numbers_are_written_to_read_back(bits in any::<u64>()) {
        let number = f64::from_bits(bits);
        prop_assume!(number.is_finite());
        prop_assert_eq!(parse_number(&shortest(number)), Some(number));
    }
}

#[test]
fn defaults_are_the_issues_and_leave_only_the_version() {
    let settings = parse("").settings;
    assert_eq!(settings, Settings::default());
    assert_eq!(format(&settings, &[]), "v=1");
    let texts: Vec<String> = PROPERTIES
        .iter()
        .map(|property| property.text(&settings))
        .collect();
    // Issue 2, section 4.
    let expected = "f1,f2 30 0.2,4 0.4 1e-6 inside 0 0 accumulate -5,-2 20 end 5 system fit none 0";
    assert_eq!(texts.join(" "), expected);
}

#[test]
fn links_are_short_and_readable() {
    let mut settings = Settings::default();
    let changes = [
        ("eta", "2"),
        ("eps", "1e-8"),
        ("x0", "5,3"),
        ("step", "7"),
        ("pin", "default"),
    ];
    settings.set_all(changes).unwrap();
    let expected = "v=1&eta=2&eps=1e-8&x0=5,3&step=7&pin=default&course=1";
    assert_eq!(format(&settings, &["course=1".to_owned()]), expected);
    settings.pinned = Some(Preset::of_id("report-f2").unwrap().experiment());
    assert!(format(&settings, &[]).ends_with("&pin=objective:f2;eps:1e-8;x0:5,3;steps:3"));
}

#[test]
fn escaped_links_read_like_plain_ones() {
    // What forms and mail programs make of commas, colons, signs and spaces.
    let escaped =
        parse("?v=1&x%30=+5%2C%203&objective=f2%2cF1&%65ta=%2B2&pin=eta%3A3%3Bx0%3A1%2C1");
    assert_eq!(escaped.problems, []);
    assert_eq!(
        format(&escaped.settings, &[]),
        "v=1&objective=f2,f1&eta=2&x0=5,3&pin=eta:3;x0:1,1"
    );
}

#[test]
fn problems_name_parameter_given_allowed_and_used() {
    for (query, expected) in [
        (
            "eta=abc",
            "eta cannot be “abc”: allowed is a number from 0.001 to 10; 0.4 is used.",
        ),
        (
            "eta=20",
            "eta cannot be “20”: allowed is a number from 0.001 to 10; 10 is used.",
        ),
        (
            "eta=0,4",
            "eta cannot be “0,4”: allowed is a number from 0.001 to 10; 0.4 is used.",
        ),
        (
            "eta=1e999",
            "eta cannot be “1e999”: allowed is a number from 0.001 to 10; 10 is used.",
        ),
        (
            "eta=inf",
            "eta cannot be “inf”: allowed is a number from 0.001 to 10; 0.4 is used.",
        ),
        (
            "eps=4e-13",
            "eps cannot be “4e-13”: allowed is 0, or a number from 1e-12 to 10; 0 is used.",
        ),
        (
            "eps=6e-13",
            "eps cannot be “6e-13”: allowed is 0, or a number from 1e-12 to 10; 1e-12 is used.",
        ),
        (
            "eps=-1",
            "eps cannot be “-1”: allowed is 0, or a number from 1e-12 to 10; 0 is used.",
        ),
        (
            "epsat=under",
            "epsat cannot be “under”: allowed is inside or outside; inside is used.",
        ),
        (
            "x0=1",
            "x0 cannot be “1”: allowed is two numbers from -100 to 100 with a comma between; -5,-2 is used.",
        ),
        (
            "x0=1,200",
            "x0 cannot be “1,200”: allowed is two numbers from -100 to 100 with a comma between; 1,100 is used.",
        ),
        (
            "steps=2.5",
            "steps cannot be “2.5”: allowed is a whole number from 1 to 100000; 3 is used.",
        ),
        (
            "step=30",
            "step cannot be “30”: allowed is a whole number from 0 to the number of steps, or end; end is used.",
        ),
        (
            "objective=f9,f2",
            "objective cannot be “f9,f2”: allowed is f1, f2 or rotated, or several with commas between; f2 is used.",
        ),
        (
            "theme=pink",
            "theme cannot be “pink”: allowed is system, light or dark; system is used.",
        ),
        ("v=2", "v cannot be “2”: allowed is 1; 1 is used."),
        (
            "pin=eta:99",
            "pin cannot be “eta:99”: allowed is none, default, or an experiment such as eta:2;x0:5,3 with values in their ranges; eta:10 is used.",
        ),
        (
            "order=step&eps=0",
            "eps cannot be “0”: allowed is order=step only with eps or s0 above 0, since the first step divides by their root; 1e-12 is used.",
        ),
    ] {
        let problems = parse(query).problems;
        assert_eq!(problems.len(), 1, "{query}");
        assert_eq!(problems[0].to_string(), expected);
    }
}

#[test]
fn what_was_given_is_cut_between_characters() {
    let long = "é".repeat(100_000);
    let problems = parse(&format!("eta={long}")).problems;
    assert_eq!(problems[0].given, format!("{}…", "é".repeat(40)));
}

#[test]
fn the_first_of_a_repeated_name_counts_and_foreign_pieces_stay() {
    let parsed = parse("?utm_source=a%20b&eta=1&eta=2&&lti&eta=x");
    assert_eq!(parsed.settings.experiment.optimizer.learning_rate, 1.0);
    assert_eq!(parsed.problems, []);
    assert_eq!(parsed.foreign, ["utm_source=a%20b", "lti"]);
}

#[test]
fn the_cursor_is_read_after_the_number_of_steps() {
    let parsed = parse("step=30&steps=50");
    assert_eq!(parsed.settings.cursor, Cursor::At(30));
    assert_eq!(parsed.problems, []);
    // A link to the last step stays at the end when steps are added.
    assert_eq!(parse("step=50&steps=50").settings.cursor, Cursor::End);
}
