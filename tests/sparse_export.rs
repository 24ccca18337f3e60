//! A race to take away, read by another reader.

use adagrad_lab::sparse::choice::Chosen;
use adagrad_lab::sparse::experiment::{Backend, Experiment};
use adagrad_lab::sparse::export::{Outcome, csv, json};
use adagrad_lab::sparse::frequency::Decile;
use adagrad_lab::sparse::metrics::Metrics;
use adagrad_lab::sparse::race::{Report, Stage, Standing};
use adagrad_lab::sparse::repeats::Spread;
use adagrad_lab::sparse::rules::Kind;

fn outcome() -> Outcome {
    let metrics = Metrics {
        loss: 0.5,
        error: 0.125,
        accuracy: Some(0.75),
        auc: None,
    };
    Outcome {
        link: "https://example.org/?v=1&view=sparse".to_owned(),
        experiment: Experiment::default(),
        report: Report {
            stage: Stage::Finished,
            share: 1.0,
            is_paused: false,
            chosen: Chosen::asked(Backend::Cpu),
            rules: vec![Standing {
                kind: Kind::Adagrad,
                learning_rate: Some(0.3),
                is_at_an_end: false,
                is_untuned: false,
                has_changed_rate: true,
                steps: 20,
                epoch_losses: vec![0.6, f64::NAN],
                loss_so_far: None,
                difference_errors: Vec::new(),
                tested: vec![Some(metrics), None],
                visited: 320,
                seconds: 0.25,
            }],
            bytes: 1,
            repeating: None,
        },
        curves: vec![vec![[0.5, 0.65]]],
        deciles: vec![vec![Decile {
            features: 3,
            most: 9,
            least: 2,
            weight: 0.1,
            error: Some(0.9),
        }]],
        spreads: vec![vec![Spread {
            mean: 0.8,
            least: 0.7,
            most: 0.9,
        }]],
        seconds: 0.5,
    }
}

#[test]
fn a_row_for_each_epoch_and_nothing_where_nothing_was_tested() {
    assert_eq!(
        csv(&outcome()),
        "rule,learning_rate,epoch,train_loss,test_loss,test_loss_error,accuracy,auc\n\
         adagrad,0.3,1,0.6,0.5,0.125,0.75,\n\
         adagrad,0.3,2,,,,,\n"
    );
}

/// Fault 30: nothing of a rule that diverged is in the table as if it had been measured.
#[test]
fn a_rule_that_diverged_has_empty_cells_and_nulls() {
    for loss in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mut outcome = outcome();
        let rule = &mut outcome.report.rules[0];
        rule.epoch_losses = vec![loss];
        rule.tested = vec![Some(Metrics {
            loss,
            error: loss,
            accuracy: None,
            auc: None,
        })];
        rule.difference_errors = vec![loss];
        outcome.curves = vec![vec![[0.5, loss]]];
        outcome.deciles[0][0].weight = loss;
        outcome.deciles[0][0].error = Some(loss);
        outcome.spreads[0][0].most = loss;
        outcome.seconds = loss;
        assert_eq!(csv(&outcome).lines().nth(1), Some("adagrad,0.3,1,,,,,"));
        let text = json(&outcome);
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            read["rules"]["adagrad"]["test"][0],
            serde_json::json!({"loss": null, "lossError": null, "accuracy": null, "auc": null})
        );
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    }
}

/// Evidence: another reader of JSON.
#[test]
fn the_data_are_json() {
    let read: serde_json::Value = serde_json::from_str(&json(&outcome())).unwrap();
    assert_eq!(read["experiment"]["examples"], "50000");
    assert_eq!(read["adapter"], serde_json::Value::Null);
    let rule = &read["rules"]["adagrad"];
    assert_eq!(rule["trainLoss"], serde_json::json!([0.6, null]));
    assert_eq!(rule["test"][0]["accuracy"], 0.75);
    assert_eq!(rule["test"][0]["lossError"], 0.125);
    assert_eq!(rule["learningRateChanged"], true);
    assert_eq!(rule["progressiveLoss"], serde_json::json!([[0.5, 0.65]]));
    assert_eq!(rule["deciles"][0]["least"], 2);
    assert_eq!(
        rule["decilesOverDataSets"],
        serde_json::json!([[0.8, 0.7, 0.9]])
    );
}
