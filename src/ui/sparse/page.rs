//! The page: masthead, messages, controls, the race, its figures.

use super::address::Opened;
use super::data::{bad_lines, data, keep_page_on_drop};
use super::exports::exports;
use super::figures;
use super::rules::rules;
use super::standings::{legend, standings};
use super::state::SparseLab;
use super::training::training;
use super::transport::{facts, transport};
use super::verdict::verdict;
use super::words::words;
use crate::ui::alerts::alerts;
use crate::ui::display::Display;
use crate::ui::dom::{El, button, el};
use crate::ui::theme_menu::theme_menu;

const LEDE: &str = "Most words are rare, and a rare word's weight learns only when it occurs. \
    Adagrad keeps a rate for each feature, so that what is seldom met still takes large steps. Here \
    rules race on the same batches, up to millions of features.";

/// The whole page.
#[must_use]
pub fn page(lab: SparseLab) -> El {
    let display = Display::watch(move || lab.theme.get());
    let [training, more] = training(lab);
    let workbench = el("div").class("workbench").children([
        el("aside")
            .class("panel")
            .attr("id", "settings")
            .attr("aria-label", "Controls")
            .children([data(lab), rules(lab), training, more]),
        el("main")
            .class("stage")
            .class_of("of-before", move || lab.shows_the_race_before())
            .children([
                transport(lab),
                bad_lines(lab),
                verdict(lab),
                legend(lab, display),
                el("div").class("sparse-figures").children([
                    figures::deciles(lab, display),
                    figures::learning(lab, display),
                    figures::density(lab, display),
                    figures::growth(lab, display),
                ]),
                standings(lab, display),
                facts(lab),
                words(lab),
                exports(lab),
            ]),
    ]);
    let page = el("div")
        .class(if lab.embed { "lab embedded" } else { "lab" })
        .children([masthead(lab), alerts(lab.problems), workbench]);
    keep_page_on_drop(&page);
    page
}

fn masthead(lab: SparseLab) -> El {
    let reset = move || {
        lab.open(Opened {
            theme: lab.theme.get_untracked(),
            ..Opened::default()
        });
    };
    el("header").class("masthead").children([
        el("div").children([
            el("h1").text("Adagrad Lab: sparse features"),
            el("p").class("lede").text(LEDE),
        ]),
        el("div").class("masthead-actions").children([
            // On a phone the controls stand below what they change.
            el("a")
                .class("button-link to-settings")
                .attr("href", "#settings")
                .text("Settings"),
            el("a")
                .class("button-link")
                .attr("href", "?")
                .test_id("to-playground")
                .text("Playground"),
            button("Reset", reset).test_id("reset"),
            theme_menu(move || lab.theme.get(), move |theme| lab.theme.set(theme)),
        ]),
    ])
}
