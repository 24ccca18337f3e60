//! Who wins a race, in plain sentences with their numbers.
//!
//! It says so, too, where Adagrad does not win, where a difference is within the spread over data
//! sets, and what keeps a comparison from being fair.

use super::metrics::Metrics;
use super::repeats::Spread;
use super::rules::Kind;
use super::tune::GRID;
use crate::number::{percent, round_significant, significant};

/// What one rule came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Contender {
    /// Which rule.
    pub kind: Kind,
    /// Its name on the page.
    pub label: &'static str,
    /// Its η.
    pub learning_rate: f64,
    /// Whether η was searched and lies at an end of those tried.
    pub is_at_an_end: bool,
    /// The mean progressive loss of its last epoch, in nats.
    pub progressive_loss: f64,
    /// On the held-out examples after its last epoch; none where nothing is held out.
    pub held_out: Option<Metrics>,
    /// Error (size, where no truth is known) of its weights by tenth, the most frequent first.
    pub tenths: Vec<Spread>,
}

/// What a verdict is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// All rules of the race.
    pub contenders: Vec<Contender>,
    /// Whether the true weights are known, so that `tenths` are errors.
    pub has_truth: bool,
    /// On how many data sets `tenths` are.
    pub data_sets: usize,
}

/// What guessing ½ costs.
const GUESSING: f64 = std::f64::consts::LN_2;
/// The rarer half of the features begins with the sixth tenth.
const RARE_FROM: usize = 5;

impl Contender {
    /// "SGD with η = 1".
    fn with_rate(&self) -> String {
        [
            self.label,
            " with η = ",
            &significant(self.learning_rate, 3),
        ]
        .concat()
    }

    /// What rules are compared by: the held-out loss, else the progressive one.
    fn loss(&self) -> f64 {
        let held_out = self.held_out.map(|metrics| metrics.loss);
        held_out.unwrap_or(self.progressive_loss)
    }

    fn has_diverged(&self) -> bool {
        !(self.loss().is_finite() && self.progressive_loss.is_finite())
    }

    /// The mean over the rarer half's tenths, of means, least and most.
    fn rare_half(&self) -> Option<Spread> {
        let tenths = self.tenths.get(RARE_FROM..)?;
        let mean =
            |of: fn(&Spread) -> f64| tenths.iter().map(of).sum::<f64>() / tenths.len() as f64;
        let half = Spread {
            mean: mean(|spread| spread.mean),
            least: mean(|spread| spread.least),
            most: mean(|spread| spread.most),
        };
        [half.mean, half.least, half.most]
            .iter()
            .all(|number| number.is_finite())
            .then_some(half)
    }
}

/// The best of several rules by one number, the lower the better, and whom it is held against.
struct Comparison<'a> {
    best: (&'a Contender, f64),
    /// Adagrad where it is not the best, else the next best.
    other: (&'a Contender, f64),
    /// "lower" of two, "lowest" of more.
    is_of_two: bool,
}

impl<'a> Comparison<'a> {
    /// None of fewer than two rules that have the number.
    fn new(
        contenders: &'a [Contender],
        number: &dyn Fn(&Contender) -> Option<f64>,
    ) -> Option<Self> {
        let with_number = contenders
            .iter()
            .filter(|contender| !contender.has_diverged())
            .filter_map(|contender| Some((contender, number(contender)?)));
        let mut sorted: Vec<_> = with_number.filter(|(_, n)| n.is_finite()).collect();
        sorted.sort_by(|(_, a), (_, b)| a.total_cmp(b));
        let (&best, others) = sorted.split_first()?;
        let adagrad = others.iter().find(|(c, _)| c.kind == Kind::Adagrad);
        Some(Self {
            best,
            other: *adagrad.or(others.first())?,
            is_of_two: others.len() == 1,
        })
    }

    /// Whether the numbers are the same as they are written.
    fn is_tie(&self) -> bool {
        round_significant(self.best.1, 3) == round_significant(self.other.1, 3)
    }

    fn adagrad_loses(&self) -> bool {
        self.other.0.kind == Kind::Adagrad
    }
}

/// The sentences, the most important first; none before a rule has come to anything.
#[must_use]
pub fn verdict(outcome: &Outcome) -> Vec<String> {
    let mut sentences = Vec::new();
    let contenders = outcome.contenders.as_slice();
    let is_held_out = contenders.iter().any(|c| c.held_out.is_some());
    let what = if is_held_out {
        "held-out loss"
    } else {
        "progressive loss"
    };
    let mut finite = contenders.iter().filter(|c| !c.has_diverged());
    if let (Some(only), None) = (finite.next(), finite.next()) {
        let loss = significant(only.loss(), 3);
        sentences.push(
            [
                &only.with_rate(),
                " has a ",
                what,
                " of ",
                &loss,
                "; there is no other rule to compare it with.",
            ]
            .concat(),
        );
    }
    if let Some(compared) = Comparison::new(contenders, &|c| Some(c.loss())) {
        sentences.push(by_loss(&compared, what));
        sentences.extend(by_share(&compared, contenders, "accuracy", |m| {
            Some(m.accuracy)
        }));
        sentences.extend(by_share(&compared, contenders, "ROC-AUC", |m| m.auc));
    }
    sentences.extend(on_the_rare_half(outcome));
    for contender in contenders {
        let loss = contender.loss();
        if contender.has_diverged() {
            sentences.push([&contender.with_rate(), " diverged: its loss is not finite."].concat());
        } else if loss > GUESSING {
            let [loss, guessing] = [loss, GUESSING].map(|loss| significant(loss, 3));
            sentences.push(
                [
                    &contender.with_rate(),
                    " is worse than guessing: its ",
                    what,
                    " is ",
                    &loss,
                    " against ",
                    &guessing,
                    ".",
                ]
                .concat(),
            );
        }
        if contender.is_at_an_end {
            let [lowest, ..] = GRID;
            let end = if contender.learning_rate <= lowest {
                "lowest"
            } else {
                "highest"
            };
            sentences.push(
                [
                    &contender.with_rate(),
                    " has the ",
                    end,
                    " rate tried: a better rate may lie beyond.",
                ]
                .concat(),
            );
        }
    }
    if !is_held_out && !contenders.is_empty() {
        sentences.push(
            "Nothing is held out: the losses are progressive, of each batch before its update, \
             over the last epoch."
                .to_owned(),
        );
    }
    for sentence in &mut sentences {
        // A rule's name may begin with a small letter.
        if let Some(first) = sentence.get_mut(..1) {
            first.make_ascii_uppercase();
        }
    }
    sentences
}

fn by_loss(compared: &Comparison<'_>, what: &str) -> String {
    let [best, other] = [compared.best, compared.other];
    let [loss, others] = [best.1, other.1].map(|loss| significant(loss, 3));
    if compared.is_tie() {
        return [
            "Too close to call: ",
            &best.0.with_rate(),
            " and ",
            &other.0.with_rate(),
            " both have a ",
            what,
            " of ",
            &loss,
            ".",
        ]
        .concat();
    }
    let opening = if compared.adagrad_loses() {
        "Here Adagrad does not win: "
    } else {
        ""
    };
    let against = if compared.is_of_two && compared.adagrad_loses() {
        others
    } else if compared.adagrad_loses() {
        ["Adagrad’s ", &others].concat()
    } else {
        [&others, " of ", &other.0.with_rate()].concat()
    };
    [
        opening,
        &best.0.with_rate(),
        " has the ",
        if compared.is_of_two {
            "lower "
        } else {
            "lowest "
        },
        what,
        ", ",
        &loss,
        " against ",
        &against,
        ".",
    ]
    .concat()
}

/// Where another rule than the one with the lowest loss has the highest of a held-out share.
fn by_share(
    by_loss: &Comparison<'_>,
    contenders: &[Contender],
    what: &str,
    of: fn(&Metrics) -> Option<f64>,
) -> Option<String> {
    let share = |contender: &Contender| contender.held_out.as_ref().and_then(of);
    let compared = Comparison::new(contenders, &|contender| Some(-share(contender)?))?;
    let (best, of_best) = (compared.best.0, -compared.best.1);
    let of_other = share(by_loss.best.0)?;
    let written = |share: f64| {
        if what == "accuracy" {
            significant(100.0 * share, 3) + " %"
        } else {
            significant(share, 3)
        }
    };
    let [best_written, other_written] = [of_best, of_other].map(written);
    (best_written != other_written).then(|| {
        [
            "By ",
            what,
            " ",
            best.label,
            " is ahead, ",
            &best_written,
            " against ",
            &other_written,
            " of ",
            by_loss.best.0.label,
            ".",
        ]
        .concat()
    })
}

/// How the weights of the rarer half compare.
fn on_the_rare_half(outcome: &Outcome) -> Option<String> {
    const WHERE: &str = "On the rarer half of the features (deciles 6–10) ";
    let mean = |contender: &Contender| contender.rare_half().map(|half| half.mean);
    let compared = Comparison::new(&outcome.contenders, &mean)?;
    let [best, other] = [compared.best, compared.other];
    let [of_best, of_other] = [best.1, other.1].map(|number| significant(number, 3));
    if !outcome.has_truth {
        return Some(
            [
                WHERE,
                "no error is known, as no true weights are; their size is ",
                &of_best,
                " under ",
                best.0.label,
                " and ",
                &of_other,
                " under ",
                other.0.label,
                ".",
            ]
            .concat(),
        );
    }
    let data_sets = outcome.data_sets.max(1);
    let over = match data_sets {
        1 => " on one data set".to_owned(),
        several => [" over ", &several.to_string(), " seeds"].concat(),
    };
    let [half, others] = [best.0.rare_half()?, other.0.rare_half()?];
    let overlaps = data_sets > 1 && half.most >= others.least;
    if overlaps || compared.is_tie() {
        let numbers = |label: &str, half: &Spread| {
            let [mean, least, most] =
                [half.mean, half.least, half.most].map(|number| significant(number, 3));
            if data_sets > 1 {
                [label, " errs by ", &mean, " (", &least, "–", &most, ")"].concat()
            } else {
                [label, " errs by ", &mean].concat()
            }
        };
        return Some(
            [
                WHERE,
                "it is too close to call",
                &over,
                ": ",
                &numbers(best.0.label, &half),
                ", ",
                &numbers(other.0.label, &others),
                ".",
            ]
            .concat(),
        );
    }
    let opening = if compared.adagrad_loses() {
        "Adagrad does not win: "
    } else {
        ""
    };
    let less = percent(1.0 - best.1 / other.1);
    let than_nothing = if half.least < 1.0 {
        "."
    } else {
        "; leaving them all at 0 errs by about 1."
    };
    Some(
        [
            WHERE,
            opening,
            best.0.label,
            " has the ",
            if compared.is_of_two {
                "lower"
            } else {
                "lowest"
            },
            " error",
            &over,
            ", ",
            &of_best,
            " against ",
            other.0.label,
            "’s ",
            &of_other,
            ", ",
            &less,
            " less",
            than_nothing,
        ]
        .concat(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contender(kind: Kind, label: &'static str, learning_rate: f64, loss: f64) -> Contender {
        Contender {
            kind,
            label,
            learning_rate,
            is_at_an_end: false,
            progressive_loss: loss + 0.01,
            held_out: Some(Metrics {
                loss,
                accuracy: 0.8,
                auc: Some(0.9),
            }),
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
            [
                "Adam with η = 0.01 has the lower held-out loss, 0.42 against 0.43 of SGD with η = 1."
            ]
        );
    }

    #[test]
    fn what_is_written_alike_is_no_win() {
        assert_eq!(
            said(vec![adagrad(0.412_01), sgd(0.411_99)]),
            [
                "Too close to call: SGD with η = 1 and Adagrad with η = 0.3 both have a held-out \
                 loss of 0.412."
            ]
        );
    }

    #[test]
    fn another_measure_with_another_winner_is_told() {
        let mut other = sgd(0.5);
        other.held_out = Some(Metrics {
            loss: 0.5,
            accuracy: 0.8125,
            auc: Some(0.9),
        });
        let said = said(vec![adagrad(0.4), other]);
        assert_eq!(said.len(), 2);
        assert_eq!(
            said[1],
            "By accuracy SGD is ahead, 81.3 % against 80 % of Adagrad."
        );
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
                "SGD with η = 10 has the highest rate tried: a better rate may lie beyond.",
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
                "Adagrad with η = 0.0001 has the lowest rate tried: a better rate may lie beyond.",
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
                "no error is known, as no true weights are; their size is 0.1 under SGD and 0.7 \
                 under Adagrad."
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
        assert!(said[1].ends_with(
            "1.25 against SGD’s 2.5, 50 % less; leaving them all at 0 errs by about 1."
        ));
    }
}
