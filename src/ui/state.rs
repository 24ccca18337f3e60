//! The page's state: the settings, what they are compared with, and the one way to change them.

use std::sync::Arc;

use reactive_graph::graph::untrack;

use super::reactive::{Memo, RwSignal, derived, memo};
use super::typed::Refused;
use crate::chart::landscape::fitted_view;
use crate::comparison::Comparison;
use crate::objective::TypedFunction;
use crate::settings::{Cursor, Experiment, ObjectiveName, Problem, RuleName, Settings, View};
use crate::trajectory::Trajectory;

/// Changes closer together than this are one gesture, and share one ghost.
const GESTURE_MS: f64 = 700.0;

/// One of two experiments side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The settings' own.
    A,
    /// The settings' other, where there is one.
    B,
}

/// Handles on the page's state; cheap to copy into every view.
#[derive(Clone, Copy)]
pub struct Lab {
    /// Everything a link restores.
    pub settings: RwSignal<Settings>,
    /// Which of the two experiments compared this handle is for.
    pub side: Side,
    /// The experiment alone: what runs depend on.
    pub experiment: Memo<Experiment>,
    /// The rule looked into.
    pub selected: Memo<RuleName>,
    /// This side's typed function as last compiled.
    pub typed: RwSignal<Option<Arc<TypedFunction>>>,
    /// The step shown, 0 to the number of steps.
    pub cursor: Memo<u32>,
    /// The part of the plane shown: the settings' own, or fitted when the experiment was opened.
    pub view: Memo<View>,
    /// The experiment before the last change.
    pub ghost: RwSignal<Option<(Side, Experiment)>>,
    /// Why what is typed is not the function shown, and what that is.
    pub typing: RwSignal<Option<(String, Refused)>>,
    /// Set when what is being typed is to be forgotten, for an experiment that was opened.
    pub reopened: RwSignal<()>,
    typed_beside: RwSignal<Option<Arc<TypedFunction>>>,
    typing_beside: RwSignal<Option<(String, Refused)>>,
    /// What could not be followed, until dismissed.
    pub problems: RwSignal<Vec<Problem>>,
    /// Whether the player runs.
    pub playing: RwSignal<bool>,
    /// Whether one of the presets that compare rules was ever wanted, which the engine then writes.
    pub comparing: RwSignal<bool>,
    fitted: RwSignal<View>,
    changed_at_ms: RwSignal<f64>,
}

impl Lab {
    /// The state a page opens with.
    #[must_use]
    pub fn new(settings: Settings, problems: Vec<Problem>) -> Self {
        let typed = RwSignal::new(None);
        let fitted = RwSignal::new(fit(&settings.experiment, None));
        let settings = RwSignal::new(settings);
        Self {
            settings,
            side: Side::A,
            experiment: memo(move || settings.with(|s| s.experiment.clone())),
            selected: memo(move || settings.with(Settings::selected_rule)),
            typed,
            typing: RwSignal::new(None),
            reopened: RwSignal::new(()),
            typed_beside: RwSignal::new(None),
            typing_beside: RwSignal::new(None),
            cursor: memo(move || settings.with(|s| s.cursor.index(s.experiment.steps))),
            view: memo(move || settings.with(|s| s.view).unwrap_or_else(|| fitted.get())),
            ghost: RwSignal::new(None),
            problems: RwSignal::new(problems),
            playing: RwSignal::new(false),
            comparing: RwSignal::new(false),
            fitted,
            changed_at_ms: RwSignal::new(f64::NEG_INFINITY),
        }
    }

    /// The same page's second experiment; the first while there is no second.
    #[must_use]
    pub fn beside(&self) -> Self {
        let settings = self.settings;
        let experiment =
            memo(move || settings.with(|s| s.other.as_ref().unwrap_or(&s.experiment).clone()));
        Self {
            side: Side::B,
            experiment,
            selected: memo(move || {
                let selected = settings.with(Settings::selected_rule);
                experiment.with(|e| {
                    let is_shown = e.rules.contains(&selected);
                    if is_shown { selected } else { e.first_rule() }
                })
            }),
            typed: self.typed_beside,
            typing: self.typing_beside,
            typed_beside: self.typed,
            typing_beside: self.typing,
            ..*self
        }
    }

    /// The name of one of an objective's figures or parts, for tests and files.
    #[must_use]
    pub fn id(&self, part: &str, name: ObjectiveName) -> String {
        let side = match self.side {
            Side::A => "",
            Side::B => "-b",
        };
        format!("{part}-{}{side}", name.name())
    }

    /// The name of a control, for tests and labels.
    #[must_use]
    pub fn control_id(&self, name: &str) -> String {
        match self.side {
            Side::A => name.to_owned(),
            Side::B => ["b-", name].concat(),
        }
    }

    /// What `read` says of the settings with this side's experiment as theirs.
    pub fn with<T>(&self, read: impl FnOnce(&Settings) -> T) -> T {
        match self.side {
            Side::A => self.settings.with(read),
            Side::B => read(&self.own_settings()),
        }
    }

    /// As [`Self::own_settings`], without following them.
    #[must_use]
    pub fn own_settings_untracked(&self) -> Settings {
        untrack(|| self.own_settings())
    }

    /// Sets a copy of the experiment beside it, or takes it away.
    pub fn toggle_other(&self) {
        self.change(|settings| {
            settings.other = match settings.other {
                Some(_) => None,
                None => Some(settings.experiment.clone()),
            };
        });
    }

    /// The settings with this side's experiment as theirs.
    #[must_use]
    pub fn own_settings(&self) -> Settings {
        let mut settings = self.settings.get();
        self.swap(&mut settings);
        settings.repair();
        settings
    }

    /// This side's experiment with the function that is shown, which what is being typed may not be
    /// yet.
    #[must_use]
    pub fn experiment_shown(&self) -> Experiment {
        let mut experiment = self.experiment.get();
        if let Some(function) = self.typed.get() {
            experiment.function.clone_from(&function.source);
        }
        experiment
    }

    /// Puts this side's experiment in the first place, or back.
    fn swap(&self, settings: &mut Settings) {
        if let (Side::B, Some(other)) = (self.side, &mut settings.other) {
            std::mem::swap(&mut settings.experiment, other);
        }
    }

    /// Changes settings while cursor, start and view stay; the run before becomes the ghost.
    pub fn change(&self, change: impl FnOnce(&mut Settings)) {
        let before = self.settings.get_untracked();
        let mut seen = before.clone();
        self.swap(&mut seen);
        seen.repair();
        let mut after = seen.clone();
        change(&mut after);
        after.repair();
        // A's rules may not be B's: of what only A has, B's change says nothing.
        if after.selected == seen.selected {
            after.selected = before.selected;
        }
        if after.hidden == seen.hidden {
            after.hidden.clone_from(&before.hidden);
        }
        if after.experiment != seen.experiment {
            self.leave_ghost(&seen.experiment, &after.experiment);
            // The view stays, although it might be fitted otherwise to the new experiment.
            after.view = after.view.or_else(|| Some(self.view.get_untracked()));
        }
        self.swap(&mut after);
        after.repair();
        if after != before {
            self.settings.set(after);
        }
    }

    /// Leaves the experiment before a change as the ghost, unless only what is shown differs, or the
    /// change goes on with the last one. Of a typed function a side has one only: the last good one.
    fn leave_ghost(&self, before: &Experiment, after: &Experiment) {
        let mut same_shown = before.clone();
        same_shown.objectives.clone_from(&after.objectives);
        same_shown.rules.clone_from(&after.rules);
        same_shown.function.clone_from(&after.function);
        if same_shown == *after {
            return;
        }
        let now_ms = super::now_ms();
        if now_ms - self.changed_at_ms.get_untracked() > GESTURE_MS {
            self.ghost.set(Some((self.side, before.clone())));
        }
        self.changed_at_ms.set(now_ms);
    }

    /// The settings as a link has them: without a view that whoever opens it would see anyway, and
    /// with the functions that are shown in place of what is no function.
    ///
    /// None once the page is gone. Fitting a view takes a run on every objective: this is for when
    /// the settings rest.
    #[must_use]
    pub fn shared_settings(&self) -> Option<Settings> {
        let mut settings = self.settings.try_get_untracked()?;
        let typed = self.typed.get_untracked();
        let in_place_of = |refused: RwSignal<Option<(String, Refused)>>, shown: &Option<_>| {
            let shown: Option<&Arc<TypedFunction>> = shown.as_ref();
            let is_refused = refused.with_untracked(Option::is_some);
            shown
                .filter(|_| is_refused)
                .map(|shown| shown.source.clone())
        };
        if let Some(source) = in_place_of(self.typing, &typed) {
            settings.experiment.function = source;
        }
        let typed_beside = self.typed_beside.get_untracked();
        if let Some(other) = &mut settings.other
            && let Some(source) = in_place_of(self.typing_beside, &typed_beside)
        {
            other.function = source;
        }
        if settings.view == Some(fit(&settings.experiment, typed.as_ref())) {
            settings.view = None;
        }
        Some(settings)
    }

    /// Opens an experiment afresh: cursor at its end, view fitted, no ghost. Theme, speed and the
    /// pinned run stay.
    pub fn open(&self, experiment: Experiment) {
        self.playing.set(false);
        self.ghost.set(None);
        self.changed_at_ms.set(f64::NEG_INFINITY);
        self.fitted.set(self.fit(&experiment));
        self.reopened.set(());
        self.settings.update(|settings| {
            settings.experiment = experiment;
            settings.other = None;
            settings.selected = None;
            settings.hidden.clear();
            settings.cursor = Cursor::End;
            settings.view = None;
        });
    }

    /// Replaces everything, as a link does.
    pub fn restore(&self, settings: Settings) {
        self.playing.set(false);
        self.ghost.set(None);
        self.changed_at_ms.set(f64::NEG_INFINITY);
        self.fitted.set(self.fit(&settings.experiment));
        self.reopened.set(());
        self.settings.set(settings);
    }

    fn fit(&self, experiment: &Experiment) -> View {
        fit(experiment, self.typed.get_untracked().as_ref())
    }

    /// Fits the view to the runs shown.
    pub fn fit_view(&self) {
        self.fitted
            .set(self.experiment.with_untracked(|e| self.fit(e)));
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

    /// Every rule's run on an objective; none while a typed function is not there.
    #[must_use]
    pub fn comparison(&self, name: ObjectiveName) -> Memo<Option<Arc<Comparison>>> {
        let (experiment, typed) = (self.experiment, self.typed);
        derived(move || {
            let typed = typed.get();
            experiment.with(|e| Comparison::of(e, name, typed.as_ref()).map(Arc::new))
        })
    }

    /// The selected rule's run on an objective in another experiment: before the last change, or
    /// pinned.
    #[must_use]
    pub fn run_in(
        &self,
        other: impl Fn() -> Option<Experiment> + Send + Sync + 'static,
        name: ObjectiveName,
    ) -> Memo<Option<Arc<Trajectory>>> {
        let (selected, typed) = (self.selected, self.typed);
        let other = memo(other);
        derived(move || {
            let experiment = other.get()?;
            let run = experiment.run(name, selected.get(), typed.get().as_ref());
            run.map(Arc::new)
        })
    }
}

/// The view that holds start, minimum and path on every objective of the experiment.
fn fit(experiment: &Experiment, typed: Option<&Arc<TypedFunction>>) -> View {
    let comparisons = experiment.objectives.iter();
    let comparisons: Vec<_> = comparisons
        .filter_map(|&name| Comparison::of(experiment, name, typed))
        .collect();
    let runs: Vec<_> = comparisons
        .iter()
        .flat_map(|comparison| {
            let objective = comparison.objective();
            let runs = comparison.contenders.iter();
            runs.map(move |contender| (objective.clone(), &*contender.run))
        })
        .collect();
    fitted_view(&runs)
}
