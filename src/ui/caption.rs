//! The line of plain words under a figure.

use std::sync::Arc;

use super::reactive::{Memo, memo};
use super::state::Lab;
use crate::chart::Runs;
use crate::comparison::Comparison;
use crate::diagnosis::Subject;

/// What is to be said of a run at a step.
pub type Explain = fn(&Subject<'_>, usize) -> String;

/// What `explain` says of the selected rule at the cursor, which is named where there are several.
#[must_use]
pub fn caption(
    lab: Lab,
    comparison: Memo<Option<Arc<Comparison>>>,
    runs: Memo<Runs>,
    explain: Explain,
) -> Memo<String> {
    let says = move || {
        let comparison = comparison.get()?;
        let subject = comparison.subject(lab.selected.get())?;
        let cursor = runs
            .with(|runs| runs.cursor)
            .min(subject.trajectory.steps.len());
        let said = explain(&subject, cursor);
        if comparison.contenders.len() == 1 {
            return Some(said);
        }
        let label = subject.optimizer.description().label;
        Some([label, ": ", &said].concat())
    };
    memo(move || says().unwrap_or_default())
}
