//! Any valid settings, and queries that are nearly valid.

use adagrad_lab::settings::experiment::{LONGEST_FUNCTION, MOST_OBJECTIVES, MOST_RULES};
use adagrad_lab::settings::{
    Cursor, Experiment, Kind, Map, ObjectiveName, Property, RuleName, Settings, Theme, View,
    properties,
};
use proptest::prelude::*;

/// Any number allowed for a quantity, bounds and 0 included where it is allowed.
pub(crate) fn allowed(property: &'static Property) -> BoxedStrategy<f64> {
    let range = property.quantity().unwrap().range;
    let ends = prop_oneof![Just(range.min), Just(range.max), Just(range.nearest(0.0))];
    let any = (range.min..=range.max).prop_map(move |number| range.nearest(number));
    prop_oneof![1 => ends, 4 => any].boxed()
}

/// A value of any parameter, as text.
fn value(property: &'static Property) -> BoxedStrategy<(&'static Property, String)> {
    let text = match &property.kind {
        Kind::Quantity(quantity) => {
            let numbers = prop::collection::vec(allowed(property), quantity.components);
            let text = |numbers: Vec<f64>| {
                let texts: Vec<String> = numbers.iter().map(|n| format!("{n:e}")).collect();
                texts.join(",")
            };
            numbers.prop_map(text).boxed()
        }
        Kind::Choice(choice) => proptest::sample::select(choice.names)
            .prop_map(str::to_owned)
            .boxed(),
        other => unreachable!("{other:?} is no parameter"),
    };
    text.prop_map(move |text| (property, text)).boxed()
}

/// Up to `most` of them, in any order.
fn some_of<T: Clone + std::fmt::Debug + 'static>(
    all: impl Iterator<Item = T>,
    most: usize,
) -> impl Strategy<Value = Vec<T>> {
    proptest::sample::subsequence(all.collect::<Vec<_>>(), 1..=most).prop_shuffle()
}

/// What a reader may type: trimmed, not empty, and with all that separates things in links.
fn function() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("x1^2 + 3*x2".to_owned()),
        Just("a;eta:2&v=2#%41+ é−".to_owned()),
        Just("x".repeat(LONGEST_FUNCTION)),
        "\\PC{1,40}".prop_map(|text| format!("({})", text)),
    ]
}

/// Parameters of rules that are not shown are at their defaults: links leave them out.
pub(crate) fn experiment() -> impl Strategy<Value = Experiment> {
    let parameters = properties().iter().filter(|property| {
        let is_parameter = matches!(property.kind, Kind::Quantity(_) | Kind::Choice(_));
        property.of_experiment && is_parameter
    });
    let parameters = parameters.map(value).collect::<Vec<_>>();
    let varied = (
        some_of(ObjectiveName::all(), MOST_OBJECTIVES),
        function(),
        some_of(RuleName::all(), MOST_RULES),
        proptest::sample::subsequence(parameters, 0..=20).prop_flat_map(|chosen| chosen),
    )
        .prop_map(|(objectives, function, rules, parameters)| {
            let mut settings = Settings::default();
            settings.experiment.objectives = objectives;
            settings.experiment.function = function;
            for (property, text) in &parameters {
                let is_of_another = property.rule.is_some_and(|rule| !rules.contains(&rule));
                if !is_of_another {
                    settings.set(&property.name, text).unwrap_or_default();
                }
            }
            settings.experiment.rules = rules;
            settings.repair();
            settings.experiment
        });
    prop_oneof![1 => Just(Experiment::default()), 4 => varied]
}

pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let view = ([-1e6..=1e6, -1e6..=1e6], 1e-9..=1e6).prop_map(|(centre, half_extent)| View {
        centre,
        half_extent,
    });
    let of_rules = (
        prop::option::of(proptest::sample::select(
            RuleName::all().collect::<Vec<_>>(),
        )),
        some_of(RuleName::all(), MOST_RULES),
        prop_oneof![Just(Map::None), Just(Map::Starts), Just(Map::Rates)],
    );
    let compared = (
        prop::option::of(experiment()),
        prop::option::of(experiment()),
    );
    (
        experiment(),
        any::<prop::sample::Index>(),
        allowed(Property::named("speed").unwrap()),
        prop_oneof![Just(Theme::System), Just(Theme::Light), Just(Theme::Dark)],
        prop::option::of(view),
        of_rules,
        compared,
        any::<bool>(),
    )
        .prop_map(
            |(experiment, step, speed, theme, view, of_rules, compared, embed)| {
                let steps = experiment.steps;
                let (selected, hidden, map) = of_rules;
                let (pinned, other) = compared;
                let mut settings = Settings {
                    cursor: Cursor::At(step.index(steps as usize + 1) as u32),
                    speed,
                    theme,
                    view,
                    selected,
                    hidden,
                    map,
                    pinned,
                    other,
                    embed,
                    ..Settings::of_experiment(experiment)
                };
                settings.repair();
                settings
            },
        )
}

/// Pieces of queries that come close to meaning something.
pub(crate) fn near_query() -> impl Strategy<Value = String> {
    let names = properties()
        .iter()
        .map(|property| property.name.as_str())
        // Those on which the others depend come more often than one time in a hundred.
        .chain([
            "opt",
            "opt",
            "opt",
            "objective",
            "rule",
            "hide",
            "pin",
            "other",
            "f",
            "order",
        ])
        .chain([
            "v",
            "utm",
            "",
            "%zz",
            "adam.",
            ".eta",
            "adam.gamma",
            "bogus.eta",
        ]);
    let name = proptest::sample::select(names.collect::<Vec<_>>());
    let value = prop_oneof![
        "[-+0-9.eE,:;]{0,12}",
        "\\PC{0,60}",
        "(NaN|inf|-inf|1e999|-1e999|−5,−2|0x10|f1,f9|end|fit|none|default|first|shared|step|%|%f0|%zz|\\+)",
        "(eta|x0|steps|pin|opt|f|adam.eta|bogus)[:=](-?[0-9]{1,3}(,-?[0-9])?|x|adam,sgd|%3B%3A);?",
        "((adagrad|rmsprop|adam|typed|square|sgd|newton|counter|momentum|nesterov),?){1,8}",
    ];
    prop::collection::vec((name, value), 0..12).prop_map(|pairs| {
        let pieces: Vec<String> = pairs.into_iter().map(|(n, v)| format!("{n}={v}")).collect();
        pieces.join("&")
    })
}
