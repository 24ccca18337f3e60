//! The page's state: the settings, what they are compared with, and the one way to change them.

use std::sync::Arc;

use reactive_graph::graph::untrack;

use super::reactive::{Memo, RwSignal, memo, memo_shared};
use super::slices::in_slices;
use super::typed::Refused;
use crate::chart::landscape::Extent;
use crate::comparison::{Comparison, Shown};
use crate::objective::TypedFunction;
use crate::settings::{Cursor, Experiment, ObjectiveName, Problem, RuleName, Settings, View};
use crate::trajectory::{Recording, Trajectory};

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
    /// The part of the plane shown: the settings' own, or fitted to the runs.
    pub view: Memo<View>,
    /// The runs of this side on each of its objectives, as last made.
    pub comparisons: RwSignal<Vec<(ObjectiveName, Arc<Comparison>)>>,
    /// How far the runs of this side are that are being made; none where all are there.
    pub share_run: RwSignal<Option<f64>>,
    /// Which of this side's rules have lines, and which one is looked into.
    pub shown: Memo<Shown>,
    /// Whether settings have changed within the last moment.
    pub is_moving: RwSignal<bool>,
    /// Whether the reader is dragging the start, under which the plane must not move.
    pub drags_start: RwSignal<bool>,
    /// The experiment before the last change.
    pub ghost: RwSignal<Option<(Side, Experiment)>>,
    /// Why what is typed is not the function shown, and what that is.
    pub typing: RwSignal<Option<(String, Refused)>>,
    /// Set when what is being typed is to be forgotten, for an experiment that was opened.
    pub reopened: RwSignal<()>,
    comparisons_beside: RwSignal<Vec<(ObjectiveName, Arc<Comparison>)>>,
    share_run_beside: RwSignal<Option<f64>>,
    typed_beside: RwSignal<Option<Arc<TypedFunction>>>,
    typing_beside: RwSignal<Option<(String, Refused)>>,
    /// What could not be followed, until dismissed.
    pub problems: RwSignal<Vec<Problem>>,
    /// Whether the player runs.
    pub playing: RwSignal<bool>,
    /// Whether one of the presets that compare rules was ever wanted, which the engine then writes.
    pub comparing: RwSignal<bool>,
    fitted: RwSignal<View>,
    /// Whether the view is to be fitted to the runs anew, whatever it shows now.
    fit_anew: RwSignal<bool>,
    /// Set when the reader asks for that.
    pub fit_asked: RwSignal<()>,
    /// Whether the last change has not settled yet: the next one belongs to the same gesture.
    is_in_gesture: RwSignal<bool>,
}

impl Lab {
    /// The state a page opens with.
    #[must_use]
    pub fn new(settings: Settings, problems: Vec<Problem>) -> Self {
        let typed = RwSignal::new(None);
        // Until the first runs are there, it holds their start and the minimum.
        let fitted = RwSignal::new(fitted_before_runs(&settings.experiment));
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
            comparisons: RwSignal::new(Vec::new()),
            comparisons_beside: RwSignal::new(Vec::new()),
            share_run: RwSignal::new(None),
            share_run_beside: RwSignal::new(None),
            shown: memo(move || settings.with(Shown::of)),
            is_moving: RwSignal::new(false),
            drags_start: RwSignal::new(false),
            fitted,
            fit_anew: RwSignal::new(true),
            fit_asked: RwSignal::new(()),
            is_in_gesture: RwSignal::new(false),
        }
    }

    /// The same page's second experiment; the first while there is no second.
    #[must_use]
    pub fn beside(&self) -> Self {
        let settings = self.settings;
        let experiment =
            memo(move || settings.with(|s| s.other.as_ref().unwrap_or(&s.experiment).clone()));
        let beside = Self {
            side: Side::B,
            ..*self
        };
        Self {
            experiment,
            selected: memo(move || {
                let selected = settings.with(Settings::selected_rule);
                experiment.with(|e| {
                    let is_shown = e.rules.contains(&selected);
                    if is_shown { selected } else { e.first_rule() }
                })
            }),
            shown: memo(move || Shown::of(&beside.own_settings())),
            comparisons: self.comparisons_beside,
            comparisons_beside: self.comparisons,
            share_run: self.share_run_beside,
            share_run_beside: self.share_run,
            typed: self.typed_beside,
            typing: self.typing_beside,
            typed_beside: self.typed,
            typing_beside: self.typing,
            ..beside
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

    /// Changes settings while the cursor stays; the run before becomes the ghost.
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
        if !self.is_in_gesture.get_untracked() {
            self.ghost.set(Some((self.side, before.clone())));
            self.is_in_gesture.set(true);
        }
    }

    /// The next change begins a gesture of its own.
    pub fn end_gesture(&self) {
        self.is_in_gesture.try_set(false);
    }

    /// The settings as a link has them: with the functions that are shown in place of what is no
    /// function. None once the page is gone.
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
        Some(settings)
    }

    /// Opens an experiment afresh: cursor at its end, view fitted, no ghost. Theme, speed and the
    /// pinned run stay.
    pub fn open(&self, experiment: Experiment) {
        self.playing.set(false);
        self.ghost.set(None);
        self.end_gesture();
        self.fit_anew.set(true);
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
        self.end_gesture();
        self.fit_anew.set(true);
        self.reopened.set(());
        self.settings.set(settings);
    }

    /// Fits the view to the runs shown.
    pub fn fit_view(&self) {
        self.fit_anew.set(true);
        self.settings.update(|settings| settings.view = None);
        self.fit_asked.set(());
    }

    /// Fits the view to this side's runs, once they are made, unless the reader has chosen one: anew
    /// where that is asked for, else only where a path has left it. Under a start that is dragged the
    /// plane stays.
    pub fn fit_to_runs(&self) {
        let is_chosen = self
            .settings
            .with_untracked(|settings| settings.view.is_some());
        if is_chosen || self.drags_start.get_untracked() {
            return;
        }
        let extent = self.comparisons.with_untracked(|comparisons| {
            let runs = comparisons.iter().flat_map(|(_, comparison)| {
                let runs = comparison.contenders.iter();
                runs.map(|contender| Extent::of_run(comparison.objective(), &contender.run))
            });
            runs.fold(Extent::EMPTY, |extent, run| extent.with(&run))
        });
        if extent == Extent::EMPTY {
            return;
        }
        let fit_anew = self.side == Side::A && self.fit_anew.get_untracked();
        if fit_anew || !extent.is_within(&self.fitted.get_untracked()) {
            self.fitted.set(extent.view());
        }
        if fit_anew {
            self.fit_anew.set(false);
        }
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

    /// Every rule's run on an objective; none while a typed function is not there or the first runs
    /// are being made.
    #[must_use]
    pub fn comparison(&self, name: ObjectiveName) -> Memo<Option<Arc<Comparison>>> {
        let comparisons = self.comparisons;
        memo_shared(move || {
            comparisons.with(|comparisons| {
                let found = comparisons.iter().find(|(known, _)| *known == name);
                found.map(|(_, comparison)| Arc::clone(comparison))
            })
        })
    }

    /// The selected rule's run on an objective in another experiment: before the last change, or
    /// pinned. None until it is there.
    #[must_use]
    pub fn run_in(
        &self,
        other: impl Fn() -> Option<Experiment> + Send + Sync + 'static,
        name: ObjectiveName,
    ) -> RwSignal<Option<Option<Arc<Trajectory>>>> {
        let (selected, typed) = (self.selected, self.typed);
        let other = memo(other);
        in_slices(move || {
            let recording = other.with(|experiment| {
                let experiment = experiment.as_ref()?;
                let problem = experiment.problem(name, typed.get().as_ref())?;
                let optimizer = experiment.optimizer(selected.get());
                let (start, steps) = (experiment.start, experiment.steps);
                Some(Recording::new(problem, optimizer, start, steps))
            });
            let mut recording = Some(recording);
            move |budget| {
                if let Some(Some(running)) = &mut recording {
                    running.advance(budget);
                    if running.steps_left() > 0 {
                        return None;
                    }
                }
                recording
                    .take()
                    .map(|run| run.map(|run| Arc::new(run.finish())))
            }
        })
    }
}

/// The view that holds start and minimum on every objective of the experiment, before any run.
fn fitted_before_runs(experiment: &Experiment) -> View {
    let mut at_start = experiment.clone();
    at_start.steps = 0;
    let comparisons = at_start.objectives.iter();
    let comparisons = comparisons.filter_map(|&name| Comparison::of(&at_start, name, None));
    let extents = comparisons.filter_map(|comparison| {
        let first = comparison.contenders.first()?;
        Some(Extent::of_run(comparison.objective(), &first.run))
    });
    extents
        .fold(Extent::EMPTY, |all, extent| all.with(&extent))
        .view()
}
