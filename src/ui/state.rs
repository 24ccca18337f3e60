//! The page's state: the settings, what they are compared with, and the one way to change them.

use std::sync::Arc;

use leptos::prelude::*;

use super::dom::memo;

use crate::chart::landscape::fitted_view;
use crate::settings::{Cursor, Experiment, ObjectiveName, Problem, Settings, View};
use crate::trajectory::Trajectory;

/// Changes closer together than this are one gesture, and share one ghost.
const GESTURE_MS: f64 = 700.0;

/// Handles on the page's state; cheap to copy into every view.
#[derive(Clone, Copy)]
pub struct Lab {
    /// Everything a link restores.
    pub settings: RwSignal<Settings>,
    /// The experiment alone: what runs depend on.
    pub experiment: Memo<Experiment>,
    /// The step shown, 0 to the number of steps.
    pub cursor: Memo<u32>,
    /// The part of the plane shown: the settings' own, or fitted when the experiment was opened.
    pub view: Memo<View>,
    /// The experiment before the last change.
    pub ghost: RwSignal<Option<Experiment>>,
    /// What could not be followed, until dismissed.
    pub problems: RwSignal<Vec<Problem>>,
    /// Whether the player runs.
    pub playing: RwSignal<bool>,
    fitted: RwSignal<View>,
    changed_at_ms: StoredValue<f64>,
}

impl Lab {
    /// The state a page opens with.
    #[must_use]
    pub fn new(settings: Settings, problems: Vec<Problem>) -> Self {
        let fitted = RwSignal::new(fit(&settings.experiment));
        let settings = RwSignal::new(settings);
        Self {
            settings,
            experiment: memo(move || settings.with(|s| s.experiment.clone())),
            cursor: memo(move || settings.with(|s| s.cursor.index(s.experiment.steps))),
            view: memo(move || settings.with(|s| s.view).unwrap_or_else(|| fitted.get())),
            ghost: RwSignal::new(None),
            problems: RwSignal::new(problems),
            playing: RwSignal::new(false),
            fitted,
            changed_at_ms: StoredValue::new(f64::NEG_INFINITY),
        }
    }

    /// Changes settings while cursor, start and view stay; the run before becomes the ghost.
    pub fn change(&self, change: impl FnOnce(&mut Settings)) {
        let before = self.settings.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        after.repair();
        if after == before {
            return;
        }
        if after.experiment != before.experiment {
            self.leave_ghost(&before.experiment, &after.experiment);
            // The view stays, although it might be fitted otherwise to the new experiment.
            after.view = after.view.or_else(|| Some(self.view.get_untracked()));
        }
        self.settings.set(after);
    }

    /// Leaves the experiment before a change as the ghost, unless only the objectives shown differ,
    /// or the change goes on with the last one.
    fn leave_ghost(&self, before: &Experiment, after: &Experiment) {
        let same_objectives = Experiment {
            objectives: after.objectives.clone(),
            ..before.clone()
        };
        if same_objectives == *after {
            return;
        }
        let now_ms = super::now_ms();
        if now_ms - self.changed_at_ms.get_value() > GESTURE_MS {
            self.ghost.set(Some(before.clone()));
        }
        self.changed_at_ms.set_value(now_ms);
    }

    /// The settings as a link has them: without a view that whoever opens it would see anyway.
    ///
    /// None once the page is gone. Fitting a view takes a run on every objective: this is for when
    /// the settings rest.
    #[must_use]
    pub fn shared_settings(&self) -> Option<Settings> {
        let mut settings = self.settings.try_get_untracked()?;
        if settings.view == Some(fit(&settings.experiment)) {
            settings.view = None;
        }
        Some(settings)
    }

    /// Opens an experiment afresh: cursor at its end, view fitted, no ghost. Theme, speed and the
    /// pinned run stay.
    pub fn open(&self, experiment: Experiment) {
        self.playing.set(false);
        self.ghost.set(None);
        self.changed_at_ms.set_value(f64::NEG_INFINITY);
        self.fitted.set(fit(&experiment));
        self.settings.update(|settings| {
            settings.experiment = experiment;
            settings.cursor = Cursor::End;
            settings.view = None;
        });
    }

    /// Replaces everything, as a link does.
    pub fn restore(&self, settings: Settings) {
        self.playing.set(false);
        self.ghost.set(None);
        self.changed_at_ms.set_value(f64::NEG_INFINITY);
        self.fitted.set(fit(&settings.experiment));
        self.settings.set(settings);
    }

    /// Fits the view to the runs shown.
    pub fn fit_view(&self) {
        self.fitted.set(self.experiment.with_untracked(fit));
        self.settings.update(|settings| settings.view = None);
    }

    /// Shows another part of the plane.
    pub fn set_view(&self, view: View) {
        self.settings
            .update(|settings| settings.view = Some(view.clamped()));
    }

    /// Moves the cursor; to the last step or beyond is to the end, wherever that is.
    pub fn set_cursor(&self, step: u32) {
        self.settings.update(|settings| {
            settings.cursor = Cursor::At(step).canonical(settings.experiment.steps);
        });
    }

    /// The live run on an objective.
    #[must_use]
    pub fn run(&self, name: ObjectiveName) -> Memo<Arc<Trajectory>> {
        let experiment = self.experiment;
        Memo::new_with_compare(
            move |_| experiment.with(|experiment| Arc::new(experiment.run(name))),
            |_, _| true,
        )
    }

    /// The ghost's run on an objective.
    #[must_use]
    pub fn ghost_run(&self, name: ObjectiveName) -> Memo<Option<Arc<Trajectory>>> {
        let ghost = self.ghost;
        optional_run(memo(move || ghost.get()), name)
    }

    /// The pinned run on an objective.
    #[must_use]
    pub fn pinned_run(&self, name: ObjectiveName) -> Memo<Option<Arc<Trajectory>>> {
        let settings = self.settings;
        let pinned = memo(move || settings.with(|settings| settings.pinned.clone()));
        optional_run(pinned, name)
    }
}

fn optional_run(
    experiment: Memo<Option<Experiment>>,
    name: ObjectiveName,
) -> Memo<Option<Arc<Trajectory>>> {
    Memo::new_with_compare(
        move |_| experiment.with(|experiment| experiment.as_ref().map(|e| Arc::new(e.run(name)))),
        |_, _| true,
    )
}

/// The view that holds start, minimum and path on every objective of the experiment.
fn fit(experiment: &Experiment) -> View {
    let runs: Vec<_> = experiment
        .objectives
        .iter()
        .map(|&name| (experiment.objective(name), experiment.run(name)))
        .collect();
    let borrowed: Vec<_> = runs
        .iter()
        .map(|(objective, run)| (*objective, run))
        .collect();
    fitted_view(&borrowed)
}
