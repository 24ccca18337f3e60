//! What an experiment had where another one differs, in a few words.

use super::{Experiment, Kind, Property, Settings, properties};

/// At most so many values are named.
const MOST_NAMED: usize = 2;

/// The values of `before` that differ in `now`, as in "η = 0.4"; empty where none does.
///
/// Which objectives, rules and typed function there are does not count: of these the page shows one
/// set at a time.
#[must_use]
pub fn difference(before: &Experiment, now: &Experiment) -> String {
    let [before, now] = [before, now].map(|experiment| Settings::of_experiment(experiment.clone()));
    let differing = properties().iter().filter_map(|property| {
        let counts =
            property.of_experiment && matches!(property.kind, Kind::Quantity(_) | Kind::Choice(_));
        let text = property.text(&before);
        (counts && text != property.text(&now)).then(|| value_of(property, &text))
    });
    let mut named: Vec<String> = differing.take(MOST_NAMED + 1).collect();
    if named.len() > MOST_NAMED {
        named.truncate(MOST_NAMED);
        named.push("…".to_owned());
    }
    named.join(", ")
}

fn value_of(property: &Property, text: &str) -> String {
    let name = if property.symbol.is_empty() {
        property.label
    } else {
        property.symbol
    };
    let value = match property.kind {
        Kind::Quantity(_) => {
            let signed = |component: &str| match component.strip_prefix('-') {
                Some(size) => format!("−{size}"),
                None => component.to_owned(),
            };
            let components: Vec<String> = text.split(',').map(signed).collect();
            match components.as_slice() {
                [single] => single.clone(),
                several => format!("({})", several.join(", ")),
            }
        }
        _ => text.to_owned(),
    };
    match property.rule {
        Some(rule) => format!("{name} of {} = {value}", rule.description().label),
        None => format!("{name} = {value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(changes: &[(&str, &str)]) -> Experiment {
        let mut settings = Settings::default();
        settings.set_all(changes.iter().copied()).unwrap();
        settings.experiment
    }

    #[test]
    fn what_differed_is_named_with_its_value_before() {
        let before = Experiment::default();
        assert_eq!(difference(&before, &changed(&[("eta", "2")])), "η = 0.4");
        assert_eq!(
            difference(&before, &changed(&[("x0", "3,-1")])),
            "x₀ = (−5, −2)"
        );
        assert_eq!(
            difference(&changed(&[("eta", "2")]), &changed(&[("eps", "1")])),
            "η = 2, ε = 1e-6"
        );
        let many = changed(&[("eta", "2"), ("eps", "1"), ("steps", "50")]);
        assert_eq!(difference(&before, &many), "η = 0.4, ε = 1e-6, …");
    }

    #[test]
    fn a_rule_s_own_value_names_the_rule() {
        let adam = |eta| changed(&[("opt", "adam"), ("adam.eta", eta)]);
        let said = difference(&adam("0.1"), &adam("0.2"));
        assert!(said.contains("Adam = 0.1"), "{said}");
    }

    #[test]
    fn other_objectives_or_rules_are_no_difference() {
        let other = changed(&[("objective", "bowl"), ("opt", "sgd,adam")]);
        assert_eq!(difference(&Experiment::default(), &other), "");
    }
}
