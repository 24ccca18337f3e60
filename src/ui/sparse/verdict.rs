//! What the race shows, in plain sentences, and why it is computed where it is.

use super::state::SparseLab;
use crate::sparse::experiment::Rate;
use crate::sparse::race::{Report, Standing};
use crate::sparse::verdict::{Contender, Outcome, verdict as sentences_of};
use crate::ui::dom::{El, el};
use crate::ui::reactive::memo;

/// The lines above the table.
#[must_use]
pub fn verdict(lab: SparseLab) -> El {
    // Sentences about a race under way would change faster than they are read.
    let said = memo(move || match lab.has_finished() {
        true => outcome(lab).map_or_else(Vec::new, |outcome| sentences_of(&outcome)),
        false => Vec::new(),
    });
    let why = memo(move || {
        lab.report
            .with(|report| report.as_ref()?.chosen.why.clone())
    });
    let lines = move || {
        let said = said.get().into_iter();
        let said = said.map(|sentence| el("p").text(&sentence));
        let why = why.get().into_iter();
        let why = why.map(|sentence| el("p").class("hint").text(&sentence));
        said.chain(why).collect()
    };
    el("section")
        .class("verdict")
        .attr("aria-label", "What this race shows")
        .attr("aria-live", "polite")
        .test_id("verdict")
        .contents_of(lines)
}

fn outcome(lab: SparseLab) -> Option<Outcome> {
    let picture = lab.picture.get();
    let is_held_out = picture.data.held_out > 0.0;
    let contender = |(place, rule): (usize, &Standing)| {
        let rate = picture.experiment.rules.get(place)?.rate;
        Some(Contender {
            kind: rule.kind,
            place,
            label: rule.kind.label(),
            learning_rate: rule.learning_rate?,
            has_changed_rate: rule.has_changed_rate,
            is_at_an_end: rate == Rate::Tuned && rule.is_at_an_end,
            is_untuned: rule.is_untuned,
            progressive_loss: *rule.epoch_losses.last()?,
            held_out: rule
                .tested
                .last()
                .copied()
                .flatten()
                .filter(|_| is_held_out),
            difference_errors: rule.difference_errors.clone(),
            tenths: picture.tenths(place),
        })
    };
    let contenders = |report: &Option<Report>| {
        let rules = report.as_ref()?.rules.iter().enumerate();
        Some(rules.filter_map(contender).collect())
    };
    Some(Outcome {
        contenders: lab.report.with(contenders)?,
        held_out: picture.data.held_out as usize,
        has_truth: picture.has_truth(),
        data_sets: picture.data_sets(),
    })
}
