//! The table of the rules: what tells each apart, and a preset that shows it.

use super::RuleName;
use super::presets::Preset;

/// What the facts of a rule are about, in their order.
pub static COLUMNS: [&str; 5] = [
    "adapts its rate",
    "momentum",
    "state for d parameters",
    "cost of a step",
    "what it fixes",
];

/// One fact about a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What is so.
    pub text: &'static str,
    /// Where it is to be seen.
    pub preset: Option<&'static Preset>,
}

/// For each rule, the presets that show its facts.
static SHOWN_BY: [(&str, [&str; COLUMNS.len()]); 14] = [
    ("sgd", ["one-rate"; 5]),
    (
        "decay",
        ["rare", "settling", "settling", "settling", "settling"],
    ),
    ("counter", ["rare"; 5]),
    ("momentum", ["along-the-valley"; 5]),
    ("nesterov", ["braking"; 5]),
    (
        "adagrad",
        ["bowl", "one-rate", "bowl", "across-the-axes", "one-rate"],
    ),
    (
        "rmsprop",
        ["forgetting", "goes-on", "forgetting", "goes-on", "goes-on"],
    ),
    (
        "adam",
        [
            "first-steps",
            "first-steps",
            "first-steps",
            "rosenbrock",
            "first-steps",
        ],
    ),
    ("adadelta", ["no-rate"; 5]),
    ("dual_averaging", ["from-the-start"; 5]),
    ("adagrad_full", ["across-the-axes"; 5]),
    ("adagrad_rotated", ["turned-axes"; 5]),
    ("newton", ["one-step"; 5]),
    ("diagonal_newton", ["one-step"; 5]),
];

/// The facts about a rule, in the order of [`COLUMNS`].
#[must_use]
pub fn facts(rule: RuleName) -> [Fact; COLUMNS.len()] {
    let description = rule.description();
    let facts = &description.facts;
    let details = description.default_optimizer().details();
    let yes_or_no = |is_so| if is_so { "yes" } else { "no" };
    let texts = [
        yes_or_no(facts.adapts_rate),
        yes_or_no(facts.momentum),
        details.state,
        details.cost,
        details.fixes,
    ];
    let shown_by = SHOWN_BY.iter().find(|(name, _)| *name == rule.name());
    let mut presets = shown_by
        .map_or([""; COLUMNS.len()], |(_, ids)| *ids)
        .into_iter();
    texts.map(|text| Fact {
        text,
        preset: presets.next().and_then(Preset::of_id),
    })
}
