//! Any valid settings, and queries that are nearly valid.

use adagrad_lab::optimizer::{Adagrad, EpsilonPlacement, Order};
use adagrad_lab::settings::{Cursor, Experiment, ObjectiveName, PROPERTIES, Settings, Theme, View};
use proptest::prelude::*;

use crate::quantity;

/// Any number allowed for `name`, bounds and 0 included where it is allowed.
pub(crate) fn allowed(name: &str) -> impl Strategy<Value = f64> {
    let range = quantity(name).range;
    let ends = prop_oneof![Just(range.min), Just(range.max), Just(range.nearest(0.0))];
    prop_oneof![1 => ends, 4 => range.min..=range.max]
}

pub(crate) fn experiment() -> impl Strategy<Value = Experiment> {
    let objectives =
        proptest::sample::subsequence(ObjectiveName::ALL.to_vec(), 1..=3).prop_shuffle();
    let optimizer = (
        allowed("eta"),
        allowed("eps"),
        any::<bool>(),
        allowed("s0"),
        allowed("decay"),
        any::<bool>(),
    )
        .prop_map(|(eta, eps, outside, s0, decay, step_first)| Adagrad {
            learning_rate: eta,
            // Stepping first with neither is no valid setting.
            epsilon: if step_first && s0 == 0.0 {
                eps.max(1e-12)
            } else {
                eps
            },
            epsilon_placement: if outside {
                EpsilonPlacement::Outside
            } else {
                EpsilonPlacement::Inside
            },
            initial_accumulator: s0,
            weight_decay: 0.0,
            learning_rate_decay: decay,
            order: if step_first {
                Order::Step
            } else {
                Order::Accumulate
            },
        });
    let varied = (
        objectives,
        allowed("theta"),
        [allowed("lambda"), allowed("lambda")],
        optimizer,
        [allowed("x0"), allowed("x0")],
        1..=100_000_u32,
    )
        .prop_map(
            |(objectives, theta_degrees, eigenvalues, optimizer, start, steps)| Experiment {
                objectives,
                theta_degrees,
                eigenvalues,
                optimizer,
                start,
                steps,
            },
        );
    prop_oneof![1 => Just(Experiment::default()), 4 => varied]
}

pub(crate) fn settings() -> impl Strategy<Value = Settings> {
    let view = ([-1e6..=1e6, -1e6..=1e6], 1e-9..=1e6).prop_map(|(centre, half_extent)| View {
        centre,
        half_extent,
    });
    (
        experiment(),
        any::<prop::sample::Index>(),
        allowed("speed"),
        prop_oneof![Just(Theme::System), Just(Theme::Light), Just(Theme::Dark)],
        prop::option::of(view),
        prop::option::of(experiment()),
        any::<bool>(),
    )
        .prop_map(|(experiment, step, speed, theme, view, pinned, embed)| {
            let steps = experiment.steps;
            let cursor = Cursor::At(step.index(steps as usize + 1) as u32).canonical(steps);
            Settings {
                experiment,
                cursor,
                speed,
                theme,
                view,
                pinned,
                embed,
            }
        })
}

/// Pieces of queries that come close to meaning something.
pub(crate) fn near_query() -> impl Strategy<Value = String> {
    let names = PROPERTIES
        .iter()
        .map(|property| property.name)
        .chain(["v", "utm", "", "%zz"]);
    let name = proptest::sample::select(names.collect::<Vec<_>>());
    let value = prop_oneof![
        "[-+0-9.eE,:;]{0,12}",
        "\\PC{0,60}",
        "(NaN|inf|-inf|1e999|-1e999|−5,−2|0x10|f1,f9|end|fit|none|default|step|%|%f0|%zz|\\+)",
        "(eta|x0|steps|pin|bogus)[:=](-?[0-9]{1,3}(,-?[0-9])?|x);?",
    ];
    prop::collection::vec((name, value), 0..12).prop_map(|pairs| {
        let pieces: Vec<String> = pairs.into_iter().map(|(n, v)| format!("{n}={v}")).collect();
        pieces.join("&")
    })
}
