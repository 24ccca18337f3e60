//! The race as it goes: its buttons, how far it is, where it is computed and how fast.

use super::answers::Preparing;
use super::state::{Phase, SparseLab, begin_large, reset, start, stop, tell};
use crate::number::{grouped, percent, significant};
use crate::sparse::choice::Chosen;
use crate::sparse::experiment::Backend;
use crate::sparse::race::{Report, Stage};
use crate::ui::dom::{El, button, el};
use crate::ui::reactive::memo;

/// The card above the figures.
#[must_use]
pub fn transport(lab: SparseLab) -> El {
    let is_going = memo(move || lab.follows_going());
    let is_paused = memo(move || {
        let is_paused = |report: &Option<Report>| report.as_ref().is_some_and(|r| r.is_paused);
        is_going.get() && lab.report.with(is_paused)
    });
    let is_asking = move || lab.phase.get() == Phase::Asking;
    let is_racing = move || lab.phase.get() == Phase::Racing;
    let pause = move || {
        let word = if is_paused.get_untracked() {
            "resume"
        } else {
            "pause"
        };
        tell(&[word.into()]);
    };
    let step = move || {
        // A step shows what it does only while nothing else goes on.
        tell(&["pause".into()]);
        tell(&["step".into()]);
    };
    // A race that is over and of which nothing was changed comes out the same again.
    let is_same = move || is_racing() && !is_going.get() && !lab.is_changed();
    let begin = button("", move || start(lab))
        .class("primary")
        .test_id("train")
        .text_of(move || match lab.raced_is_shown() && lab.is_changed() {
            true => "Train with the changes".to_owned(),
            false => "Train".to_owned(),
        })
        .shown_of(move || {
            let is_idle = !is_going.get() || lab.is_changed();
            is_idle && !is_asking() && !is_same() && lab.wanted_file.get().is_none()
        });
    let begin_anyway = button("Train anyway", move || begin_large(lab))
        .class("primary")
        .test_id("train-anyway")
        .shown_of(is_asking);
    let is_training = memo(move || {
        let stage = |report: &Option<Report>| report.as_ref().map(|report| report.stage);
        is_going.get() && lab.report.with(stage) == Some(Stage::Training)
    });
    let buttons = el("div")
        .class("transport-buttons")
        .attr("role", "group")
        .attr("aria-label", "Race")
        .children([
            begin,
            begin_anyway,
            button("", pause)
                .test_id("pause")
                .text_of(move || if is_paused.get() { "Resume" } else { "Pause" }.to_owned())
                .shown_of(move || is_going.get() && is_racing()),
            button("One batch", step)
                .test_id("step")
                .attr("title", "Every rule one batch further")
                .shown_of(move || is_training.get()),
            button("Stop", move || stop(lab))
                .test_id("stop")
                .shown_of(move || is_going.get() || lab.repeating().is_some()),
            button("Again from w = 0", move || reset(lab))
                .test_id("restart")
                .attr("title", "The same examples and rates")
                .shown_of(is_racing),
        ]);
    let share = move || {
        let share = match lab.phase.get() {
            Phase::Preparing => lab.preparing.with(|p| p.as_ref().and_then(|p| p.share)),
            Phase::Racing => match lab.repeating() {
                Some([done, all]) => Some(done as f64 / all as f64),
                None => lab.report.with(|r| r.as_ref().map(|r| r.share)),
            },
            Phase::Idle | Phase::Failed | Phase::Asking => Some(0.0),
        };
        // A bar without a value says that nobody knows.
        share.map_or_else(String::new, |share| share.to_string())
    };
    let bar = el("progress")
        .attr("max", "1")
        .attr("aria-label", "Share of this stage that is done")
        .attr_of("value", share)
        .class_of("idle", move || !is_going.get() && lab.repeating().is_none());
    el("section")
        .class("card transport")
        .attr("aria-label", "The race")
        .children([
            el("div").class("transport-head").children([
                buttons,
                el("p")
                    .class("stage-line")
                    .attr("role", "status")
                    .test_id("stage")
                    .text_of(move || stage_line(lab)),
            ]),
            bar,
            el("p")
                .class("warning-line")
                .attr("role", "alert")
                .test_id("large-race")
                .text_of(move || lab.warning.get()),
            el("p").class("hint").test_id("of-before").text_of(move || {
                match lab.shows_the_race_before() {
                    true => "What is shown is of the race before.".to_owned(),
                    false => String::new(),
                }
            }),
            el("p")
                .class("failure-line")
                .attr("role", "alert")
                .test_id("sparse-failure")
                .text_of(move || match lab.failure.get() {
                    why if why.is_empty() => why,
                    // A browser's own reasons may end with one.
                    why => [why.trim_end_matches('.'), "."].concat(),
                }),
        ])
}

/// What is going on, in words.
fn stage_line(lab: SparseLab) -> String {
    match lab.phase.get() {
        Phase::Idle if lab.wanted_file.get().is_some() => "Waiting for a file.".to_owned(),
        Phase::Idle => "Ready: press Train.".to_owned(),
        Phase::Failed => "Not trained.".to_owned(),
        Phase::Asking => "Not begun: it is large.".to_owned(),
        Phase::Preparing => match lab.preparing.get() {
            None => "Loading the sparse lab…".to_owned(),
            Some(Preparing {
                is_generated,
                examples,
                ..
            }) => {
                let doing = if is_generated {
                    "Generating"
                } else {
                    "Reading"
                };
                format!("{doing}: {} examples", grouped(examples))
            }
        },
        Phase::Racing => lab.report.with(|report| {
            let Some(report) = report else {
                return String::new();
            };
            let share = percent(report.share);
            match report.stage {
                _ if report.is_paused => format!("Paused at {share}."),
                Stage::Planning if report.share >= 1.0 => "Choosing where to compute…".to_owned(),
                Stage::Planning => format!("Laying out batches: {share}"),
                Stage::Tuning => format!("Tuning η on the same eleven rates: {share}"),
                Stage::Training => format!("Training: {share}"),
                Stage::Finished => match report.repeating {
                    Some([done, all]) => {
                        format!("Done; now the same on data set {} of {all}.", done + 1)
                    }
                    None if lab.has_finished() => "Done.".to_owned(),
                    None => "Stopped.".to_owned(),
                },
            }
        }),
    }
}

/// What is trained on, where, how fast.
#[must_use]
pub fn facts(lab: SparseLab) -> El {
    el("dl")
        .class("card facts")
        .attr("aria-label", "Data and machine")
        .children(facts_of(lab))
}

fn facts_of(lab: SparseLab) -> [El; 7] {
    let fact = |id: &str, name: &str, text: Box<dyn Fn() -> String>| {
        el("div").children([el("dt").text(name), el("dd").test_id(id).text_of(text)])
    };
    let backend = move || {
        let chosen = |report: &Option<Report>| report.as_ref().map(|r| r.chosen.clone());
        match lab.report.with(chosen) {
            Some(Chosen {
                backend: Backend::Webgpu,
                adapter,
                ..
            }) => ["WebGPU: ", &adapter.unwrap_or_default()].concat(),
            Some(Chosen {
                backend: Backend::Cpu,
                ..
            }) => "processor (WebAssembly)".to_owned(),
            _ => "–".to_owned(),
        }
    };
    let speed = move || {
        lab.report.with(|report| {
            let Some(report) = report else {
                return "–".to_owned();
            };
            let visited: u64 = report.rules.iter().map(|rule| rule.visited).sum();
            let seconds: f64 = report.rules.iter().map(|rule| rule.seconds).sum();
            if visited == 0 || seconds <= 0.0 {
                return "–".to_owned();
            }
            let millions = visited as f64 / seconds / 1e6;
            format!("{} million non-zeros/s", significant(millions, 2))
        })
    };
    let time = move || {
        let training: f64 = lab.report.with(|report| {
            let rules = report.iter().flat_map(|report| &report.rules);
            rules.map(|rule| rule.seconds).sum()
        });
        let all = significant(lab.elapsed_s.get(), 2);
        format!("{all} s, training {} s", significant(training, 2))
    };
    let memory = move || {
        lab.report.with(|report| match report {
            Some(report) => {
                let megabytes = report.bytes as f64 / 1e6;
                format!("{} MB", significant(megabytes, 2))
            }
            None => "–".to_owned(),
        })
    };
    let data = move || {
        lab.data.with(|data| match data {
            Some(data) => format!(
                "{} to train on, {} held out",
                grouped(data.examples),
                grouped(data.held_out)
            ),
            None => "–".to_owned(),
        })
    };
    let features = move || {
        lab.data.with(|data| match data {
            Some(data) => {
                let labels = match &data.labels {
                    Some([negative, positive]) => {
                        let or_none = |label: &str, none: &str| match label {
                            "" => none.to_owned(),
                            label => label.to_owned(),
                        };
                        let positive = or_none(positive, "no label");
                        let negative = or_none(negative, "none");
                        format!("; {positive} is positive, {negative} negative")
                    }
                    None => String::new(),
                };
                [grouped(data.features), labels].concat()
            }
            None => "–".to_owned(),
        })
    };
    let nonzeros = move || {
        let nonzeros = lab
            .data
            .with(|data| data.as_ref().map(|data| data.nonzeros));
        grouped(nonzeros.unwrap_or(f64::NAN))
    };
    [
        fact("fact-examples", "Examples", Box::new(data)),
        fact("fact-features", "Features", Box::new(features)),
        fact("fact-nonzeros", "Non-zeros", Box::new(nonzeros)),
        fact("fact-backend", "Computed on", Box::new(backend)),
        fact("fact-speed", "Throughput", Box::new(speed)),
        fact("fact-time", "Time", Box::new(time)),
        fact("fact-memory", "Memory of data and models", Box::new(memory)),
    ]
}
