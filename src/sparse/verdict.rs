//! Who wins a race, in plain sentences with their numbers.
//!
//! It says so, too, where Adagrad does not win, where a difference is within the spread over data
//! sets, and what keeps a comparison from being fair.

use super::metrics::Metrics;
use super::repeats::Spread;
use super::rules::Kind;
use super::tune::GRID;
use crate::number::{grouped, percent, round_significant, significant};

/// What one rule came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Contender {
    /// Which rule.
    pub kind: Kind,
    /// Its place in the race.
    pub place: usize,
    /// Its name on the page.
    pub label: &'static str,
    /// Its η; where that was changed, the last.
    pub learning_rate: f64,
    /// Whether some of its batches had another η.
    pub has_changed_rate: bool,
    /// Whether η was searched and lies at an end of those tried.
    pub is_at_an_end: bool,
    /// Whether η was searched and all those tried came to the same.
    pub is_untuned: bool,
    /// The mean progressive loss of its last epoch, in nats.
    pub progressive_loss: f64,
    /// On the held-out examples after its last epoch; none where nothing is held out.
    pub held_out: Option<Metrics>,
    /// The standard errors of the differences between its held-out loss and each rule's, in the
    /// order of the race; none where nothing is held out.
    pub difference_errors: Vec<f64>,
    /// Error (size, where no truth is known) of its weights by tenth, the most frequent first.
    pub tenths: Vec<Spread>,
}

/// What a verdict is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// All rules of the race.
    pub contenders: Vec<Contender>,
    /// How many examples are held out.
    pub held_out: usize,
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
    /// "Adam", "the occurrence counter".
    fn name(&self) -> String {
        let article = if self.kind == Kind::Counter {
            "the "
        } else {
            ""
        };
        [article, self.label].concat()
    }

    /// "SGD with η = 1", or "SGD, whose η was changed on the way (last 1)", which a comma must end
    /// within a sentence.
    fn with_rate_at_end(&self) -> String {
        let rate = significant(self.learning_rate, 3);
        let name = self.name();
        if self.has_changed_rate {
            return [&name, ", whose η was changed on the way (last ", &rate, ")"].concat();
        }
        let with = if self.kind == Kind::Decay {
            " and η₀ = "
        } else {
            " with η = "
        };
        [&name, with, &rate].concat()
    }

    fn with_rate(&self) -> String {
        let comma = if self.has_changed_rate { "," } else { "" };
        self.with_rate_at_end() + comma
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

    /// Whether the losses, if held-out ones, differ by no more than two standard errors of their
    /// difference.
    fn is_within_error(&self) -> bool {
        let error = self.best.0.difference_errors.get(self.other.0.place);
        error.is_some_and(|error| self.other.1 - self.best.1 <= 2.0 * error)
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
        sentences.push(by_loss(&compared, what, outcome.held_out));
        sentences.extend(by_accuracy(&compared, contenders, outcome.held_out));
    }
    sentences.extend(on_the_rare_half(outcome));
    sentences.extend(complaints(contenders, what));
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

/// What keeps the comparison from being fair: a sentence for each kind, about all rules it is true
/// of.
fn complaints(contenders: &[Contender], what: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let those = |is_one: &dyn Fn(&Contender) -> bool| -> Vec<&Contender> {
        contenders.iter().filter(|c| is_one(c)).collect()
    };
    let names = |found: &[&Contender]| list(found.iter().map(|c| c.name()).collect());
    let written = |loss: f64| round_significant(loss, 3);
    let is_worse = |c: &Contender| !c.has_diverged() && written(c.loss()) > written(GUESSING);
    let worse = those(&is_worse);
    let losses = list(worse.iter().map(|c| significant(c.loss(), 3)).collect());
    let guessing = significant(GUESSING, 3);
    match worse.as_slice() {
        [] => {}
        [one] => sentences.push(
            [
                &one.with_rate(),
                " is worse than guessing: its ",
                what,
                " is ",
                &losses,
                " against ",
                &guessing,
                ".",
            ]
            .concat(),
        ),
        several => sentences.push(
            [
                &names(several),
                " are worse than guessing: their ",
                what,
                "es are ",
                &losses,
                " against ",
                &guessing,
                ".",
            ]
            .concat(),
        ),
    }
    match those(&Contender::has_diverged).as_slice() {
        [] => {}
        [one] => sentences.push([&one.with_rate(), " diverged: its loss is not finite."].concat()),
        several => {
            sentences.push([&names(several), " diverged: their losses are not finite."].concat());
        }
    }
    let [lowest, ..] = GRID;
    for (end, is_lowest) in [("lowest", true), ("highest", false)] {
        let at_end = those(&|c| c.is_at_an_end && (c.learning_rate <= lowest) == is_lowest);
        if !at_end.is_empty() {
            sentences.push(
                [
                    "For ",
                    &names(&at_end),
                    " the best rate is the ",
                    end,
                    " tried: a better one may lie beyond.",
                ]
                .concat(),
            );
        }
    }
    let untuned = those(&|c| c.is_untuned);
    if !untuned.is_empty() {
        sentences.push(
            [
                "For ",
                &names(&untuned),
                " all rates tried come to the same loss: η is a guess.",
            ]
            .concat(),
        );
    }
    sentences
}

/// "a, b and c".
fn list(mut items: Vec<String>) -> String {
    let last = items.pop().unwrap_or_default();
    if items.is_empty() {
        return last;
    }
    [&items.join(", "), " and ", &last].concat()
}

fn by_loss(compared: &Comparison<'_>, what: &str, held_out: usize) -> String {
    let [best, other] = [compared.best, compared.other];
    let [loss, others] = [best.1, other.1].map(|loss| significant(loss, 3));
    if compared.is_tie() || compared.is_within_error() {
        let on = if best.0.held_out.is_some() {
            let examples = if held_out == 1 {
                " held-out example"
            } else {
                " held-out examples"
            };
            [" on ", &grouped(held_out as f64), examples].concat()
        } else {
            String::new()
        };
        let losses = if compared.is_tie() {
            [" both have a ", what, " of ", &loss, "."].concat()
        } else {
            [" have ", what, "es of ", &loss, " and ", &others, "."].concat()
        };
        return [
            "Too close to call",
            &on,
            ": ",
            &best.0.with_rate(),
            " and ",
            &other.0.with_rate(),
            &losses,
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
        [&others, " of ", &other.0.with_rate_at_end()].concat()
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

/// Where another rule than the one with the lowest loss has the highest held-out accuracy, by more
/// than two standard errors of the difference of two independent shares: as both are of the same
/// examples, that is cautious.
fn by_accuracy(
    by_loss: &Comparison<'_>,
    contenders: &[Contender],
    held_out: usize,
) -> Option<String> {
    let accuracy = |contender: &Contender| contender.held_out?.accuracy;
    let compared = Comparison::new(contenders, &|contender| Some(-accuracy(contender)?))?;
    let (best, of_best) = (compared.best.0, -compared.best.1);
    let of_other = accuracy(by_loss.best.0)?;
    let variance = |share: f64| share * (1.0 - share) / held_out as f64;
    let error = (variance(of_best) + variance(of_other)).sqrt();
    let written = |share: f64| significant(100.0 * share, 3) + " %";
    (of_best - of_other > 2.0 * error).then(|| {
        [
            "By accuracy ",
            &best.name(),
            " is ahead, ",
            &written(of_best),
            " against ",
            &written(of_other),
            " of ",
            &by_loss.best.0.name(),
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
        return on_sizes(outcome).map(|sizes| WHERE.to_owned() + &sizes);
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
                &numbers(&best.0.name(), &half),
                ", ",
                &numbers(&other.0.name(), &others),
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
    let less = 1.0 - best.1 / other.1;
    let less = match less.is_finite() {
        true => [", ", &percent(less), " less"].concat(),
        false => String::new(),
    };
    let than_nothing = if half.least < 1.0 {
        "."
    } else {
        "; leaving them all at 0 errs by about 1."
    };
    Some(
        [
            WHERE,
            opening,
            &best.0.name(),
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
            &other.0.name(),
            "’s ",
            &of_other,
            &less,
            than_nothing,
        ]
        .concat(),
    )
}

/// How the sizes of those weights compare where no true weights are known: no size is the best.
fn on_sizes(outcome: &Outcome) -> Option<String> {
    let of = |contender| {
        let contender: &Contender = contender;
        let half = contender
            .rare_half()
            .filter(|_| !contender.has_diverged())?;
        Some((half.mean, contender.name()))
    };
    let mut sizes: Vec<_> = outcome.contenders.iter().filter_map(of).collect();
    sizes.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let [(most, large), between @ .., (least, small)] = sizes.as_slice() else {
        return None;
    };
    let [most_written, least_written] = [*most, *least].map(|size| significant(size, 3));
    let compared = if most_written == least_written {
        let all = if between.is_empty() { "both" } else { "all" };
        ["alike in size under ", all, " rules, ", &most_written].concat()
    } else {
        let [larger, smaller] = if between.is_empty() {
            ["larger", "smaller"]
        } else {
            ["largest", "smallest"]
        };
        [
            larger,
            " under ",
            large,
            ", ",
            &most_written,
            ", and ",
            smaller,
            " under ",
            small,
            ", ",
            &least_written,
        ]
        .concat()
    };
    Some(
        [
            "the weights are ",
            &compared,
            " (√mean w²); no true weights are known to hold them against.",
        ]
        .concat(),
    )
}

#[cfg(test)]
mod tests;
