//! Links and what they restore.

use adagrad_lab::objective::{Objective, RotatedQuadratic};
use adagrad_lab::optimizer::{Adagrad, EpsilonPlacement, Optimizer, Order};
use adagrad_lab::settings::number::{parse_number, shortest};
use adagrad_lab::settings::presets::Preset;
use adagrad_lab::settings::{Cursor, Kind, Property, Settings, format, parse, properties};
use proptest::prelude::*;

use crate::strategies::{near_query, settings};
use crate::{assert_valid, eta, objective, rule};

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
        // Only a typed function has escapes, alone or within an experiment.
        let plain = |c: char| c.is_ascii_alphanumeric() || "=&-.,:;_%".contains(c);
        prop_assert!(link.chars().all(plain), "{}", link);
        let pieces = link.split('&').filter(|piece| !piece.contains("f=") && !piece.contains("f:"));
        prop_assert!(pieces.clone().all(|piece| !piece.contains('%')), "{}", link);
    }

    #[test]
    fn every_text_sets_what_it_was_got_from(settings in settings()) {
        let mut copy = Settings::default();
        let texts: Vec<(&str, String)> = properties()
            .iter()
            .map(|property| (property.name.as_str(), settings.get(&property.name).unwrap()))
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
        // But for parameters of rules that are not shown, which links leave out.
        prop_assert_eq!(&again.problems, &[]);
        prop_assert_eq!(format(&again.settings, &[]), format(&parsed.settings, &[]));
        prop_assert_eq!(
            again.settings.experiment.optimizers().collect::<Vec<_>>(),
            parsed.settings.experiment.optimizers().collect::<Vec<_>>()
        );
        for problem in parsed.problems {
            prop_assert!(problem.given.chars().count() <= 41, "{}", problem);
        }
    }

    #[test]
    fn strict_setting_changes_all_or_nothing(
        before in settings(), name in 0..properties().len(), text in "\\PC{0,30}|[-0-9.,e]{1,6}"
    ) {
        let mut after = before.clone();
        let name = &properties()[name].name;
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
    let text = |name: &str| settings.get(name).unwrap();
    let texts = |names: &str| names.split(' ').map(text).collect::<Vec<_>>().join(" ");
    // Issue 2, section 4.
    assert_eq!(
        texts(
            "objective theta lambda eta eps epsat s0 decay order x0 steps step speed theme view pin embed"
        ),
        "f1,f2 30 0.2,4 0.4 1e-6 inside 0 0 accumulate -5,-2 20 end 5 system fit none 0"
    );
    // Issue 3.
    assert_eq!(
        texts("opt b noise seed rule hide map other rmsprop.gamma adam.eta"),
        "adagrad 1 0 1 first none none none 0.9 shared"
    );
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
            "eta=1,000",
            "eta cannot be “1,000”: allowed is a number from 0.001 to 10, and this may mean two: write 1 or 1000; 0.4 is used.",
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
            "objective cannot be “f9,f2”: allowed is 1 to 4 of f1, f2, rotated, bowl, diagonal, square, saddle, rosenbrock, himmelblau, beale, least_squares, nonstationary or typed with commas between; f2 is used.",
        ),
        (
            "opt=adamax",
            "opt cannot be “adamax”: allowed is 1 to 6 of sgd, decay, counter, momentum, nesterov, adagrad, rmsprop, adam, adadelta, dual_averaging, adagrad_full, adagrad_rotated, newton or diagonal_newton with commas between; adagrad is used.",
        ),
        (
            "opt=sgd,decay,counter,momentum,nesterov,adam,newton",
            "opt cannot be “sgd,decay,counter,momentum,nesterov,adam…”: allowed is 1 to 6 of sgd, decay, counter, momentum, nesterov, adagrad, rmsprop, adam, adadelta, dual_averaging, adagrad_full, adagrad_rotated, newton or diagonal_newton with commas between; sgd,decay,counter,momentum,nesterov,adam is used.",
        ),
        (
            "rmsprop.gamma=1",
            "rmsprop.gamma cannot be “1”: allowed is a number from 0 to 0.9999; 0.9999 is used.",
        ),
        (
            "adam.eta=x",
            "adam.eta cannot be “x”: allowed is a number from 0.001 to 10, or shared; shared is used.",
        ),
        (
            "L=1",
            "L cannot be “1”: allowed is two numbers from 0.001 to 1000 with a comma between; 1,100 is used.",
        ),
        (
            "rule=adam",
            "rule cannot be “adam”: allowed is one of the rules shown, or first; first is used.",
        ),
        (
            "hide=adagrad,adam",
            "hide cannot be “adagrad,adam”: allowed is some of the rules shown with commas between, or none; adagrad is used.",
        ),
        (
            "f=",
            "f cannot be “”: allowed is a function of x1 and x2, at most 500 characters; (x1^2 + x2 - 2)^2 + 0.1*(x1 - x2)^2 is used.",
        ),
        (
            "map=flat",
            "map cannot be “flat”: allowed is none, starts or rates; none is used.",
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
            "eps cannot be “0”: allowed is above 0 when order is \"step\" and the initial accumulator is 0; 1e-12 is used.",
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
    assert_eq!(eta(&parsed.settings.experiment), 1.0);
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

/// Links written before there were other rules than Adagrad: the same runs.
#[test]
fn old_links_keep_their_meaning() {
    let query = "v=1&objective=rotated&theta=60&lambda=1,8&eta=2&eps=0.001&epsat=outside&s0=0.1\
        &decay=0.5&order=step&x0=5,3&steps=7&pin=eta:3;x0:1,1";
    let parsed = parse(query);
    assert_eq!(parsed.problems, []);
    assert_eq!(format(&parsed.settings, &[]), query);
    let experiment = parsed.settings.experiment;
    let adagrad = Adagrad {
        learning_rate: 2.0,
        epsilon: 1e-3,
        epsilon_placement: EpsilonPlacement::Outside,
        initial_accumulator: 0.1,
        learning_rate_decay: 0.5,
        order: Order::Step,
        weight_decay: 0.0,
    };
    assert_eq!(
        experiment.optimizers().collect::<Vec<_>>(),
        [Optimizer::from(adagrad)]
    );
    let objective = Objective::Rotated(RotatedQuadratic::new(60.0, [1.0, 8.0]).unwrap());
    let problem = experiment.problem(experiment.objectives[0], None).unwrap();
    assert_eq!(problem, objective.into());
    assert_eq!((experiment.start, experiment.steps), ([5.0, 3.0], 7));
    assert_eq!(eta(&parsed.settings.pinned.unwrap()), 3.0);
}

#[test]
fn names_of_settings_are_distinct() {
    for (i, property) in properties().iter().enumerate() {
        let namesakes = properties()[..i].iter();
        assert_eq!(namesakes.filter(|p| p.name == property.name).count(), 0);
        assert!(std::ptr::eq(
            Property::named(&property.name).unwrap(),
            property
        ));
        let first_name = match &property.kind {
            Kind::Choice(choice) => choice.names[0],
            _ => continue,
        };
        if property.rule.is_none() {
            assert_eq!(property.text(&Settings::default()), first_name);
        }
    }
}

#[test]
fn rules_share_what_they_do_not_override() {
    let parsed =
        parse("opt=rmsprop,adam,adagrad&eta=0.1&adam.eta=0.05&rmsprop.gamma=0.5&sgd.eta=9");
    assert_eq!(parsed.problems, []);
    // Of rules that are not shown, a link says nothing.
    let link = "v=1&opt=rmsprop,adam,adagrad&eta=0.1&rmsprop.gamma=0.5&adam.eta=0.05";
    let mut settings = parsed.settings;
    assert_eq!(format(&settings, &[]), link);
    let rates = |settings: &Settings| -> Vec<f64> {
        let optimizers = settings.experiment.optimizers();
        optimizers.map(|rule| rule.learning_rate()).collect()
    };
    assert_eq!(rates(&settings), [0.1, 0.05, 0.1]);
    settings.set("eta", "2").unwrap();
    assert_eq!(rates(&settings), [2.0, 0.05, 2.0]);
    // The same value as the page's is still the rule's own.
    settings.set("adam.eta", "2").unwrap();
    settings.set("eta", "3").unwrap();
    assert_eq!(rates(&settings), [3.0, 2.0, 3.0]);

    let adam_eta = Property::named("adam.eta").unwrap();
    assert!(adam_eta.is_shared() && adam_eta.is_overridden(&settings));
    assert_eq!(adam_eta.quantity().unwrap().values(&settings), [2.0]);
    adam_eta.clear_override(&mut settings);
    assert!(!adam_eta.is_overridden(&settings));
    assert_eq!(adam_eta.quantity().unwrap().values(&settings), [3.0]);
    adam_eta
        .quantity()
        .unwrap()
        .set_nearest(&mut settings, 0, 1.0);
    assert!(adam_eta.is_overridden(&settings));
    settings.set("adam.eta", "shared").unwrap();
    assert_eq!(rates(&settings), [3.0, 3.0, 3.0]);
    assert_eq!(parse("opt=adam&adam.eta=shared").problems, []);
    // What came back is as if it had never been away.
    let gamma = Property::named("rmsprop.gamma").unwrap();
    assert!(!gamma.is_shared());
    settings.set("rmsprop.gamma", "0.9").unwrap();
    settings.set("sgd.eta", "shared").unwrap();
    settings.set("eta", "0.4").unwrap();
    settings.set("opt", "adagrad").unwrap();
    assert_eq!(settings, Settings::default());
}

#[test]
fn every_parameter_of_a_rule_or_objective_is_a_setting() {
    for rule in adagrad_lab::settings::RuleName::all() {
        let names: Vec<&str> = Property::of_rule(rule)
            .map(|property| property.name.split_once('.').unwrap().1)
            .collect();
        let described = rule.description().parameters.iter().map(|p| p.query);
        assert_eq!(names, described.collect::<Vec<_>>());
        for (property, parameter) in Property::of_rule(rule).zip(rule.description().parameters) {
            assert_eq!(property.is_shared(), parameter.shared);
            // A shared parameter has one value for the page, whatever rule describes it.
            let page = Property::named(parameter.query).filter(|_| parameter.shared);
            assert_eq!(page.is_some(), parameter.shared);
            assert!(!parameter.shared || parameter.count() == 1);
        }
    }
    for name in adagrad_lab::settings::ObjectiveName::all() {
        let count = name.description().parameters.len();
        assert_eq!(Property::of_objective(name).count(), count);
    }
    let mut settings = Settings::default();
    settings
        .set_all([("L", "2,50"), ("b", "4"), ("noise", "0.5"), ("seed", "7")])
        .unwrap();
    let experiment = &settings.experiment;
    let problem = experiment.problem(objective("diagonal"), None).unwrap();
    assert_eq!(
        problem.objective.hessian([0.0; 2]),
        [[2.0, 0.0], [0.0, 50.0]]
    );
    assert_eq!((problem.scale, problem.noise.deviation), (4.0, 0.5));
    assert_eq!(problem.noise.seed, 7);
    assert_eq!(format(&settings, &[]), "v=1&L=2,50&b=4&noise=0.5&seed=7");
}

#[test]
fn what_is_selected_or_hidden_is_among_the_rules_shown() {
    let parsed = parse("opt=sgd,adam,newton&rule=adam&hide=newton,sgd&map=starts");
    assert_eq!(parsed.problems, []);
    let mut settings = parsed.settings;
    assert_eq!(settings.selected_rule(), rule("adam"));
    // In the order of the rules.
    assert_eq!(
        format(&settings, &[]),
        "v=1&opt=sgd,adam,newton&rule=adam&hide=sgd,newton&map=starts"
    );
    settings.set("opt", "newton,rmsprop").unwrap();
    assert_eq!(
        format(&settings, &[]),
        "v=1&opt=newton,rmsprop&hide=newton&map=starts"
    );
    assert_eq!(settings.selected_rule(), rule("newton"));
    settings.set("rule", "newton").unwrap();
    assert_eq!(settings.get("rule").unwrap(), "first");
    assert_eq!(settings.set("rule", "adam").unwrap_err().used, "first");
}

/// A typed function may hold any sign that means something in a link or a pin.
#[test]
fn typed_functions_travel_in_links_and_pins() {
    let function = "min(x1;2) : 100% & x2^2 + #é = 1";
    let mut settings = Settings::default();
    settings
        .set_all([("objective", "typed"), ("f", function)])
        .unwrap();
    settings.pinned = Some(settings.experiment.clone());
    settings.other = Some(settings.experiment.clone());
    let link = format(&settings, &[]);
    let parsed = parse(&link);
    assert_eq!((&parsed.settings, parsed.problems.len()), (&settings, 0));
    assert_eq!(parsed.settings.other.unwrap().function, function);
    // As a form would have it, and as a person would type it.
    assert_eq!(
        parse("f=x1%5E2+%2B+x2").settings.experiment.function,
        "x1^2 + x2"
    );
    assert_eq!(parse("f=x1^2-x2").settings.experiment.function, "x1^2-x2");
    let experiment = parse("objective=typed").settings.experiment;
    assert!(experiment.problem(objective("typed"), None).is_none());
}

#[test]
fn a_second_experiment_is_written_like_a_pinned_one() {
    let query = "v=1&opt=adagrad,rmsprop&pin=opt:rmsprop;rmsprop.gamma:0.5&\
        other=objective:square;opt:adam,sgd;eta:0.1;adam.eta:0.2;x0:4,0";
    let parsed = parse(query);
    assert_eq!(parsed.problems, []);
    assert_eq!(format(&parsed.settings, &[]), query);
    let other = parsed.settings.other.unwrap();
    assert_eq!(other.rules, [rule("adam"), rule("sgd")]);
    assert_eq!(other.objectives, [objective("square")]);
    assert_eq!(other.optimizer(rule("adam")).learning_rate(), 0.2);
    // Neither within the other, nor what belongs to the page.
    for query in ["other=pin:default", "pin=other:none", "other=theme:dark"] {
        assert_eq!(parse(query).problems.len(), 1, "{query}");
    }
}

/// The tables of addresses leave none out: shared parameters by their plain name alone.
#[test]
fn the_readme_names_every_setting() {
    let readme = include_str!("../../README.md");
    for property in properties().iter().filter(|property| !property.is_shared()) {
        let quoted = format!("`{}`", property.name);
        assert!(readme.contains(&quoted), "{quoted}");
    }
}

/// Evidence: the table of links' parts itself, with every kind of data; of the generated, which a
/// plain link opens, the defaults too.
#[test]
fn the_readme_names_every_part_of_a_sparse_link() {
    use adagrad_lab::sparse::experiment::{Data, Experiment};
    use adagrad_lab::sparse::query::parts;

    let readme = include_str!("../../README.md");
    let (_, readme) = readme.split_once("### Links to the sparse lab").unwrap();
    let (readme, _) = readme.split_once("\n## ").unwrap();
    for kind in Data::NAMES {
        let experiment = Experiment {
            data: Data::named(kind).unwrap(),
            ..Experiment::default()
        };
        for (name, _) in parts(&experiment) {
            assert!(readme.contains(&format!("`{name}`")), "{name}");
        }
    }
    for (name, default) in parts(&Experiment::default()) {
        let mut rows = readme.lines();
        let row = rows.find(|row| row.starts_with(&format!("| `{name}` |")));
        let said = row.unwrap_or_else(|| panic!("no row {name}"));
        let is_said = said.ends_with(&format!("| `{default}` |"));
        assert!(is_said || name == "eta", "{said} {default}");
    }
}

/// Links typed by hand, or put together by a page that does not escape.
#[test]
fn a_plus_that_is_not_escaped_is_a_plus_where_one_can_stand() {
    for (link, function) in [
        ("f=x1^2+x2^2", "x1^2+x2^2"),
        ("f=x1%5E2+x2%5E2", "x1^2+x2^2"),
        ("f=x1^2%20+%20x2^2", "x1^2 + x2^2"),
        ("f=x1^2 + x2^2", "x1^2 + x2^2"),
        ("f=(x1+1)(x2+2)", "(x1+1)(x2+2)"),
        ("f=+x1+x2", "+x1+x2"),
        ("f=1e+3x1", "1e+3x1"),
        // As forms write blanks, and as the lab writes links.
        ("f=x1%5E2+%2B+x2%5E2", "x1^2 + x2^2"),
        ("f=x1+*+x2", "x1 * x2"),
        ("f=max(x1,+x2)", "max(x1, x2)"),
        ("f=x1%5E2%2Bx2%5E2", "x1^2+x2^2"),
    ] {
        let parsed = parse(link);
        assert_eq!(parsed.settings.experiment.function, function, "{link}");
        assert_eq!(parsed.problems, [], "{link}");
    }
    let parsed = parse("eta=1e+1&x0=+1,+2&eps=1e-6&opt=adagrad,+adam&pin=eta:1e+0;f:x1+x2");
    assert_eq!(parsed.problems, []);
    let experiment = &parsed.settings.experiment;
    assert_eq!(parsed.settings.get("eta").unwrap(), "10");
    assert_eq!(experiment.start, [1.0, 2.0]);
    assert_eq!(experiment.rules.len(), 2);
    let pinned = parsed.settings.pinned.unwrap();
    assert_eq!(pinned.function, "x1+x2");

    let sparse =
        adagrad_lab::sparse::query::parse("view=sparse&eps=1e+2&data=text&file=my+file.txt");
    let sparse = sparse.unwrap();
    assert_eq!(sparse.problems, []);
    assert_eq!(sparse.experiment.epsilon, 100.0);
    assert_eq!(sparse.experiment.data.file().unwrap().name, "my file.txt");
}
