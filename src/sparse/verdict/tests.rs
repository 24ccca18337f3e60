use super::*;
use crate::sparse::plain_text::{assert_is_plain, hostile};
use proptest::prelude::*;

fn contender(kind: Kind, label: &'static str, learning_rate: f64, loss: f64) -> Contender {
    Contender {
        kind,
        // As in the races here, Adagrad first.
        place: usize::from(kind != Kind::Adagrad),
        label,
        learning_rate,
        has_changed_rate: false,
        is_at_an_end: false,
        is_untuned: false,
        progressive_loss: loss + 0.01,
        held_out: Some(Metrics {
            loss,
            error: 0.002,
            accuracy: Some(0.8),
            auc: Some(0.9),
        }),
        difference_errors: Vec::new(),
        tenths: Vec::new(),
    }
}

fn adagrad(loss: f64) -> Contender {
    contender(Kind::Adagrad, "Adagrad", 0.3, loss)
}

fn sgd(loss: f64) -> Contender {
    contender(Kind::Sgd, "SGD", 1.0, loss)
}

fn said(contenders: Vec<Contender>) -> Vec<String> {
    verdict(&Outcome {
        contenders,
        held_out: 400,
        has_truth: true,
        data_sets: 1,
    })
}

#[test]
fn the_lowest_loss_wins_whoever_has_it() {
    assert_eq!(
        said(vec![adagrad(0.412), sgd(0.431)]),
        [
            "Adagrad with η = 0.3 has the lower held-out loss, 0.412 against 0.431 of SGD with η = 1."
        ]
    );
    assert_eq!(
        said(vec![adagrad(0.4312), sgd(0.41237)]),
        [
            "Here Adagrad does not win: SGD with η = 1 has the lower held-out loss, 0.412 \
                 against 0.431."
        ]
    );
    let adam = contender(Kind::Adam, "adam", 0.01, 0.42);
    assert_eq!(
        said(vec![adagrad(0.431), sgd(0.412), adam.clone()]),
        [
            "Here Adagrad does not win: SGD with η = 1 has the lowest held-out loss, 0.412 \
                 against Adagrad’s 0.431."
        ]
    );
    assert_eq!(
        said(vec![adam, sgd(0.43)]),
        ["Adam with η = 0.01 has the lower held-out loss, 0.42 against 0.43 of SGD with η = 1."]
    );
}

#[test]
fn what_is_written_alike_is_no_win() {
    assert_eq!(
        said(vec![adagrad(0.412_01), sgd(0.411_99)]),
        [
            "Too close to call on 400 held-out examples: SGD with η = 1 and Adagrad with \
                 η = 0.3 both have a held-out loss of 0.412."
        ]
    );
}

#[test]
fn a_difference_within_two_standard_errors_is_no_win() {
    let first = |loss: f64| {
        let mut contenders = vec![adagrad(0.4), sgd(loss)];
        contenders[0].difference_errors = vec![0.0, 0.005];
        contenders[1].difference_errors = vec![0.005, 0.0];
        said(contenders)[0].clone()
    };
    assert_eq!(
        first(0.4099),
        "Too close to call on 400 held-out examples: Adagrad with η = 0.3 and SGD with η = 1 \
             have held-out losses of 0.4 and 0.41."
    );
    assert_eq!(
        first(0.4101),
        "Adagrad with η = 0.3 has the lower held-out loss, 0.4 against 0.41 of SGD with η = 1."
    );
}

#[test]
fn a_rate_changed_on_the_way_is_not_credited_with_the_race() {
    let mut changed = adagrad(0.4);
    changed.has_changed_rate = true;
    assert_eq!(
        said(vec![changed.clone(), sgd(0.5)]),
        [
            "Adagrad, whose η was changed on the way (last 0.3), has the lower held-out loss, 0.4 \
                 against 0.5 of SGD with η = 1."
        ]
    );
    let mut other = sgd(0.5);
    other.has_changed_rate = true;
    assert!(
        said(vec![adagrad(0.4), other])[0]
            .ends_with("0.5 of SGD, whose η was changed on the way (last 1).")
    );
}

#[test]
fn complaints_are_one_of_a_kind_and_as_written() {
    let decay = contender(Kind::Decay, Kind::Decay.label(), 1e-4, 0.7);
    let counter = contender(Kind::Counter, Kind::Counter.label(), 10.0, 0.75);
    // Guessing costs 0.6931….
    let mut contenders = vec![adagrad(0.6934), sgd(0.6932), decay, counter];
    contenders[0].is_untuned = true;
    for contender in &mut contenders[1..] {
        contender.is_at_an_end = true;
    }
    assert_eq!(
        said(contenders)[1..],
        [
            "SGD with η₀/√t and the occurrence counter are worse than guessing: their held-out \
                 losses are 0.7 and 0.75 against 0.693.",
            "For SGD with η₀/√t the best rate is the lowest tried: a better one may lie beyond.",
            "For SGD and the occurrence counter the best rate is the highest tried: a better one \
                 may lie beyond.",
            "For Adagrad all rates tried come to the same loss: η is a guess.",
        ]
    );
    let diverged = vec![
        adagrad(0.4),
        sgd(f64::NAN),
        contender(Kind::Adam, "Adam", 1.0, f64::NAN),
    ];
    assert_eq!(
        said(diverged)[1],
        "SGD and Adam diverged: their losses are not finite."
    );
    let decay = contender(Kind::Decay, Kind::Decay.label(), 0.5, 0.3);
    assert_eq!(
        said(vec![decay]),
        [
            "SGD with η₀/√t and η₀ = 0.5 has a held-out loss of 0.3; there is no other rule to \
                 compare it with."
        ]
    );
}

#[test]
fn another_measure_with_another_winner_is_told() {
    let mut other = sgd(0.5);
    let mut at = |accuracy| {
        other.held_out = Some(Metrics {
            loss: 0.5,
            error: 0.002,
            accuracy: Some(accuracy),
            auc: Some(0.9),
        });
        said(vec![adagrad(0.4), other.clone()])
    };
    // 2 √((0.86 · 0.14 + 0.8 · 0.2)/400) = 0.0530 and, for 0.85, 0.0537.
    let clear = at(0.86);
    assert_eq!(clear.len(), 2);
    assert_eq!(
        clear[1],
        "By accuracy SGD is ahead, 86 % against 80 % of Adagrad."
    );
    assert_eq!(at(0.85).len(), 1);
}

#[test]
fn what_spoils_a_comparison_is_told() {
    let mut diverged = sgd(f64::NAN);
    diverged.learning_rate = 10.0;
    diverged.is_at_an_end = true;
    assert_eq!(
        said(vec![adagrad(0.7), diverged]),
        [
            "Adagrad with η = 0.3 has a held-out loss of 0.7; there is no other rule to compare \
                 it with.",
            "Adagrad with η = 0.3 is worse than guessing: its held-out loss is 0.7 against 0.693.",
            "SGD with η = 10 diverged: its loss is not finite.",
            "For SGD the best rate is the highest tried: a better one may lie beyond.",
        ]
    );
    let mut untested = [adagrad(0.4), sgd(0.5)];
    for contender in &mut untested {
        contender.held_out = None;
    }
    untested[0].learning_rate = 1e-4;
    untested[0].is_at_an_end = true;
    assert_eq!(
        said(untested.to_vec()),
        [
            "Adagrad with η = 0.0001 has the lower progressive loss, 0.41 against 0.51 of SGD \
                 with η = 1.",
            "For Adagrad the best rate is the lowest tried: a better one may lie beyond.",
            "Nothing is held out: the losses are progressive, of each batch before its update, \
                 over the last epoch.",
        ]
    );
    assert_eq!(said(Vec::new()), [] as [String; 0]);
    assert_eq!(
        said(vec![adagrad(0.4)]),
        [
            "Adagrad with η = 0.3 has a held-out loss of 0.4; there is no other rule to compare \
                 it with."
        ]
    );
}

/// The rarer half of Adagrad: mean of 0.5, 0.6, …, 0.9 is 0.7; `spread` to either side.
fn on_rare(of_sgd: f64, spread: f64, data_sets: usize, has_truth: bool) -> String {
    let tenths = |first: f64, step: f64| {
        let tenth = |tenth: usize| {
            let mean = first + step * tenth as f64;
            Spread {
                mean,
                least: mean - spread,
                most: mean + spread,
            }
        };
        (0..10).map(tenth).collect()
    };
    let mut contenders = vec![adagrad(0.4), sgd(0.5)];
    contenders[0].tenths = tenths(0.0, 0.1);
    contenders[1].tenths = tenths(of_sgd, 0.0);
    let said = verdict(&Outcome {
        contenders,
        held_out: 400,
        has_truth,
        data_sets,
    });
    assert_eq!(said.len(), 2);
    said[1].clone()
}

#[test]
fn the_rare_half_by_hand() {
    const WHERE: &str = "On the rarer half of the features (deciles 6–10) ";
    // 1 − 0.7/0.875 = 0.2
    assert_eq!(
        on_rare(0.875, 0.01, 5, true),
        [
            WHERE,
            "Adagrad has the lower error over 5 seeds, 0.7 against SGD’s 0.875, 20 % less."
        ]
        .concat()
    );
    // 1 − 0.35/0.7 = 0.5
    assert_eq!(
        on_rare(0.35, 0.0, 1, true),
        [
            WHERE,
            "Adagrad does not win: SGD has the lower error on one data set, 0.35 against \
                 Adagrad’s 0.7, 50 % less."
        ]
        .concat()
    );
    // Up to 0.7 + 0.1 and from 0.875 − 0.1.
    assert_eq!(
        on_rare(0.875, 0.1, 5, true),
        [
            WHERE,
            "it is too close to call over 5 seeds: Adagrad errs by 0.7 (0.6–0.8), SGD errs by \
                 0.875 (0.775–0.975)."
        ]
        .concat()
    );
    assert_eq!(
        on_rare(0.1, 0.0, 1, false),
        [
            WHERE,
            "the weights are larger under Adagrad, 0.7, and smaller under SGD, 0.1 (√mean w²); \
                 no true weights are known to hold them against."
        ]
        .concat()
    );
    assert_eq!(
        on_rare(0.7, 0.0, 1, false),
        [
            WHERE,
            "the weights are alike in size under both rules, 0.7 (√mean w²); no true weights are \
                 known to hold them against."
        ]
        .concat()
    );
}

#[test]
fn better_than_others_may_be_no_better_than_nothing() {
    let tenths = |mean: f64| {
        let spread = Spread {
            mean,
            least: mean,
            most: mean,
        };
        vec![spread; 10]
    };
    let mut contenders = vec![adagrad(0.4), sgd(0.5)];
    contenders[0].tenths = tenths(1.25);
    contenders[1].tenths = tenths(2.5);
    let said = said(contenders);
    assert!(
        said[1]
            .ends_with("1.25 against SGD’s 2.5, 50 % less; leaving them all at 0 errs by about 1.")
    );
}

/// A contender with any numbers, also such as no race should have.
fn any_contender() -> impl Strategy<Value = Contender> {
    let spread = (hostile(), hostile(), hostile()).prop_map(|(mean, least, most)| Spread {
        mean,
        least,
        most,
    });
    let share = || prop::option::of(0.0..=1.0);
    let metrics =
        (hostile(), hostile(), share(), share()).prop_map(|(loss, error, accuracy, auc)| Metrics {
            loss,
            error,
            accuracy,
            auc,
        });
    (
        prop::sample::select(Kind::ALL.to_vec()),
        prop_oneof![1e-300..1e6, prop::sample::select(GRID.to_vec())],
        any::<[bool; 3]>(),
        hostile(),
        prop::option::of(metrics),
        prop::collection::vec(hostile(), 0..4),
        prop::collection::vec(spread, 0..11),
    )
        .prop_map(
            |(kind, learning_rate, flags, loss, held_out, difference_errors, tenths)| Contender {
                kind,
                place: 0,
                label: kind.label(),
                learning_rate,
                has_changed_rate: flags[0],
                is_at_an_end: flags[1],
                is_untuned: flags[2],
                progressive_loss: loss,
                held_out,
                difference_errors,
                tenths,
            },
        )
}

proptest! {
    /// Fault 13: a sentence is true or absent, whatever a race came to.
    #[test]
    fn no_sentence_has_a_number_that_is_none(
        mut contenders in prop::collection::vec(any_contender(), 0..5),
        held_out in 0..3_usize,
        has_truth in any::<bool>(),
        data_sets in 0..4_usize,
    ) {
        for (place, contender) in contenders.iter_mut().enumerate() {
            contender.place = place;
        }
        for sentence in verdict(&Outcome { contenders, held_out, has_truth, data_sets }) {
            assert_is_plain(&sentence);
        }
    }
}
