//! A race to take away: its figures as a table (CSV) or as data (JSON), a rule's weights as a table.
//!
//! Numbers are written in the shortest form that reads back the same.

use std::fmt::{self, Write as _};
use std::ops::Range;

use super::examples::Examples;
use super::experiment::Experiment;
use super::frequency::Decile;
use super::query;
use super::race::{Report, Standing};
use super::repeats::Spread;
use crate::export::json::{Object, array, number, quoted};

/// A race and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// An address that opens the same.
    pub link: String,
    /// What was raced.
    pub experiment: Experiment,
    /// How far it is, and where it was computed.
    pub report: Report,
    /// By rule: epochs done and the mean progressive loss since the point before.
    pub curves: Vec<Vec<[f64; 2]>>,
    /// By rule, by tenth.
    pub deciles: Vec<Vec<Decile>>,
    /// By rule, by tenth: the deciles' errors (sizes, where no truth is known) over several data
    /// sets; empty where only one was raced on.
    pub spreads: Vec<Vec<Spread>>,
    /// How long all of it took.
    pub seconds: f64,
}

/// Columns of [`csv`].
const HEADER: &str = "rule,learning_rate,epoch,train_loss,test_loss,test_loss_error,accuracy,auc\n";

/// A row for each epoch that a rule has done; what was not tested or is not finite is left empty.
#[must_use]
pub fn csv(outcome: &Outcome) -> String {
    let mut csv = HEADER.to_owned();
    for rule in &outcome.report.rules {
        for (epoch, loss) in rule.epoch_losses.iter().enumerate() {
            let tested = rule.tested.get(epoch).copied().flatten();
            let cells = [
                rule.kind.name().to_owned(),
                number_cell(rule.learning_rate),
                (epoch + 1).to_string(),
                number_cell(Some(*loss)),
                number_cell(tested.map(|tested| tested.loss)),
                number_cell(tested.map(|tested| tested.error)),
                number_cell(tested.and_then(|tested| tested.accuracy)),
                number_cell(tested.and_then(|tested| tested.auc)),
            ];
            csv += &cells.join(",");
            csv.push('\n');
        }
    }
    csv
}

/// All there is but the weights. `experiment` has the names and texts of a link; a number that is
/// not finite is `null`; `decilesOverDataSets` are mean, least and most.
#[must_use]
pub fn json(outcome: &Outcome) -> String {
    let mut json = Object::new();
    json.value("link", quoted(&outcome.link));
    let parts = query::parts(&outcome.experiment).into_iter();
    let parts = parts.map(|(name, text)| format!("{}: {}", quoted(name), quoted(&text)));
    json.value("experiment", braced(parts));
    let chosen = &outcome.report.chosen;
    let text = |text: &Option<String>| text.as_deref().map_or_else(null, quoted);
    json.value("backend", quoted(chosen.backend.name()));
    json.value("adapter", text(&chosen.adapter));
    json.value("why", text(&chosen.why));
    json.value("stage", quoted(outcome.report.stage.name()));
    json.value("elapsedSeconds", number(outcome.seconds));
    let rules = outcome.report.rules.iter().enumerate();
    let rules = rules.map(|(place, rule)| {
        let curve = outcome.curves.get(place).into_iter().flatten();
        let deciles = outcome.deciles.get(place).into_iter().flatten();
        let spreads = outcome.spreads.get(place).into_iter().flatten();
        format!(
            "{}: {}",
            quoted(rule.kind.name()),
            of_rule(rule, curve, deciles, spreads)
        )
    });
    json.value("rules", braced(rules));
    json.finish()
}

fn of_rule<'a>(
    rule: &Standing,
    curve: impl Iterator<Item = &'a [f64; 2]>,
    deciles: impl Iterator<Item = &'a Decile>,
    spreads: impl Iterator<Item = &'a Spread>,
) -> String {
    let spreads = spreads.map(|spread| {
        array(
            [spread.mean, spread.least, spread.most]
                .map(number)
                .into_iter(),
        )
    });
    let optional = |value: Option<f64>| value.map_or_else(null, number);
    let tested = rule.tested.iter().map(|tested| match tested {
        None => null(),
        Some(tested) => format!(
            "{{\"loss\": {}, \"lossError\": {}, \"accuracy\": {}, \"auc\": {}}}",
            number(tested.loss),
            number(tested.error),
            optional(tested.accuracy),
            optional(tested.auc)
        ),
    });
    let errors = rule.difference_errors.iter().copied().map(number);
    let curve = curve.map(|point| array(point.iter().copied().map(number)));
    let deciles = deciles.map(|decile| {
        format!(
            "{{\"features\": {}, \"most\": {}, \"least\": {}, \"weight\": {}, \"error\": {}}}",
            decile.features,
            decile.most,
            decile.least,
            number(decile.weight),
            optional(decile.error)
        )
    });
    let entries = [
        ("learningRate", optional(rule.learning_rate)),
        ("learningRateIsAtGridEnd", rule.is_at_an_end.to_string()),
        ("learningRateUntuned", rule.is_untuned.to_string()),
        ("learningRateChanged", rule.has_changed_rate.to_string()),
        ("steps", rule.steps.to_string()),
        (
            "trainLoss",
            array(rule.epoch_losses.iter().copied().map(number)),
        ),
        ("test", array(tested)),
        ("testDifferenceErrors", array(errors)),
        ("progressiveLoss", array(curve)),
        ("deciles", array(deciles)),
        ("decilesOverDataSets", array(spreads)),
        ("nonzeros", rule.visited.to_string()),
        ("seconds", number(rule.seconds)),
    ];
    let entries = entries.into_iter();
    braced(entries.map(|(name, value)| format!("\"{name}\": {value}")))
}

fn null() -> String {
    "null".to_owned()
}

fn braced(entries: impl Iterator<Item = String>) -> String {
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

/// A number as a cell, empty where there is none or it is not finite: readers of tables take an
/// empty cell for a missing number, and some take "NaN" for a word.
fn number_cell<N: Into<f64> + Copy + fmt::Debug>(number: Option<N>) -> String {
    let finite = number.filter(|&number| number.into().is_finite());
    // In its own type, an f32 has fewer digits that read back the same.
    finite.map_or_else(String::new, |number| format!("{number:?}"))
}

/// A name as a cell: in quotes where it has a comma, as "1,000" has, or a quote, as some Hebrew words
/// have.
fn cell(name: String) -> String {
    if name.contains([',', '"']) {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name
    }
}

/// The columns of [`weight_rows`], and a row for the intercept.
#[must_use]
pub fn weights_header(intercept: f32) -> String {
    let intercept = number_cell(Some(intercept));
    format!("feature,occurrences,weight\n(intercept),,{intercept}\n")
}

/// A row for each feature of these ranks that occurs in training: what it is called, in how many
/// training examples it occurs, its weight, empty where that is not finite. The weights of the others
/// are 0.
#[must_use]
pub fn weight_rows(examples: &Examples, weights: &[f32], ranks: Range<usize>) -> String {
    let mut rows = String::new();
    let counts = examples.counts();
    for rank in ranks {
        let (Some(&count), Some(weight)) = (counts.get(rank), weights.get(rank)) else {
            break;
        };
        if count == 0 {
            break;
        }
        let name = cell(examples.name(rank));
        // Writing to a String cannot fail.
        let _ = writeln!(rows, "{name},{count},{}", number_cell(Some(*weight)));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::examples::tests::examples;

    #[test]
    fn weights_that_are_no_numbers_are_empty_cells() {
        let examples = examples(&[(true, &[(0, 1.0), (1, 1.0), (2, 1.0)])], 3);
        let weights = [f32::NAN, f32::NEG_INFINITY, 0.1];
        assert_eq!(
            weight_rows(&examples, &weights, 0..3),
            "1,1,\n2,1,\n3,1,0.1\n"
        );
        assert_eq!(
            weights_header(f32::NAN),
            "feature,occurrences,weight\n(intercept),,\n"
        );
        assert!(weights_header(-0.5).ends_with("(intercept),,-0.5\n"));
    }
}
