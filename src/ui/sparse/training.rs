//! How all rules train: batches, epochs, ε, λ, order, what is held out, where.

use super::field::{choice_of, number, of_data, slider, tick};
use super::state::SparseLab;
use crate::sparse::experiment::Data;
use crate::ui::dom::{El, el};
use crate::ui::panel_section::section;

/// Any seed will do.
const FIRST_SEED: &str = "1";

/// The sections of the panel that are about the training.
#[must_use]
pub fn training(lab: SparseLab) -> [El; 2] {
    let is_shuffled = move || lab.experiment.with(|e| e.shuffle.is_some());
    let shuffle = move |is_ticked: bool| {
        lab.set("shuffle", if is_ticked { FIRST_SEED } else { "none" });
    };
    let intercept = move |is_ticked: bool| lab.set("intercept", if is_ticked { "1" } else { "0" });
    let training = section(
        "Training",
        true,
        vec![
            slider(lab, "batch", "Batch size"),
            el("p")
                .class("hint")
                .text("1 is online: an update after every example."),
            slider(lab, "epochs", "Epochs"),
            slider(lab, "heldout", "Held-out share"),
            of_data(
                lab,
                slider(lab, "seeds", "Data sets, for the spread"),
                |data| matches!(data, Data::Zipf(_)),
            ),
        ],
    );
    let more = section(
        "Model and machine",
        false,
        vec![
            choice_of(
                lab,
                "backend",
                "Computed on",
                &[
                    ("auto", "the faster"),
                    ("cpu", "processor"),
                    ("webgpu", "WebGPU"),
                ],
            ),
            number(lab, "eps", "ε"),
            number(lab, "l2", "L2 penalty λ"),
            tick(
                "intercept",
                "Intercept b",
                move || lab.experiment.with(|e| e.intercept),
                intercept,
            ),
            tick("shuffle", "Shuffle the examples", is_shuffled, shuffle),
            number(lab, "shuffle", "Seed of the order").shown_of(is_shuffled),
        ],
    );
    [training, more]
}
