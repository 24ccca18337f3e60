//! The rules side by side, as a table in HTML.

use super::comparisons::{escaped, opening};
use crate::settings::RuleName;
use crate::settings::facts::{COLUMNS, facts};

/// A row for each rule, a cell for each of its facts: a button that opens the preset which shows it,
/// as [`comparisons`](super::comparisons) has them.
#[must_use]
pub fn html() -> String {
    let mut markup = "<table><thead><tr><th scope=\"col\">rule</th>".to_owned();
    for column in COLUMNS {
        markup += &format!("<th scope=\"col\">{}</th>", escaped(column));
    }
    markup += "</tr></thead><tbody>";
    for rule in RuleName::all() {
        let label = escaped(rule.description().label);
        markup += &format!("<tr><th scope=\"row\">{label}</th>");
        for fact in facts(rule) {
            let text = escaped(fact.text);
            markup += &match fact.preset {
                Some(preset) => {
                    let (id, attributes) = (preset.id, opening(preset, preset.title));
                    format!(
                        "<td><button type=\"button\" class=\"fact\" data-preset=\"{id}\" \
                         {attributes}>{text}</button></td>"
                    )
                }
                None => format!("<td>{text}</td>"),
            };
        }
        markup += "</tr>";
    }
    markup + "</tbody></table>"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_of_every_rule_opens_its_preset() {
        let html = html();
        let rules = RuleName::all().count();
        assert_eq!(html.matches("scope=\"row\"").count(), rules);
        assert_eq!(html.matches("data-query=").count(), rules * COLUMNS.len());
        assert!(html.contains(
            "data-preset=\"one-rate\" data-query=\"objective=f1&amp;opt=sgd,adagrad\" \
             title=\"one rate for all\">nothing</button>"
        ));
    }
}
