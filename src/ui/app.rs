//! The page: masthead, messages, controls, one column of figures per objective, player, details.

use leptos::prelude::*;

use super::controls::Controls;
use super::display::Display;
use super::exports::Exports;
use super::figure_card::FigureCard;
use super::inspector::Inspector;
use super::landscape::{LandscapeCard, runs_of};
use super::player::Player;
use super::state::Lab;
use super::step_table::StepTable;
use super::stopping::{Readout, SweepCard};
use crate::chart::{AccumulatorChart, AnyFigure, LossChart, RatesChart};
use crate::diagnosis::explain;
use crate::settings::{ObjectiveName, Settings, Theme};

/// The whole page.
#[component]
pub fn App(lab: Lab, foreign: Vec<String>) -> impl IntoView {
    let display = Display::watch(lab);
    let embedded = move || lab.settings.with(|settings| settings.embed);
    let objectives = Memo::new(move |_| lab.experiment.with(|e| e.objectives.clone()));
    view! {
        <div class="lab" class:embedded=embedded>
            <Masthead lab/>
            <Alerts lab/>
            <div class="workbench">
                <aside class="panel" aria-label="Controls"><Controls lab/></aside>
                <main class="stage">
                    <div class="objectives">
                        <For each=move || objectives.get() key=|name| *name let:name>
                            <ObjectiveColumn lab display name/>
                        </For>
                    </div>
                    <Exports lab foreign/>
                </main>
            </div>
            <Player lab/>
        </div>
    }
}

#[component]
fn Masthead(lab: Lab) -> impl IntoView {
    let theme_chosen = move |event| {
        let theme = match event_target_value(&event).as_str() {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        };
        lab.change(|settings| settings.theme = theme);
    };
    let is = move |theme: Theme| move || lab.settings.with(|settings| settings.theme) == theme;
    let pin = move |_| {
        lab.change(|settings| {
            settings.pinned = match settings.pinned {
                Some(_) => None,
                None => Some(settings.experiment.clone()),
            };
        });
    };
    let reset = move |_| {
        let embed = lab.settings.with_untracked(|settings| settings.embed);
        lab.restore(Settings {
            embed,
            ..Settings::default()
        });
    };
    view! {
        <header class="masthead">
            <div>
                <h1>"Adagrad Lab"</h1>
                <p class="lede">"Every coordinate gets its own learning rate: η divided by the root of its summed squared gradients. Move anything; the real algorithm runs again at once."</p>
            </div>
            <div class="masthead-actions">
                <button type="button" data-testid="pin" on:click=pin>
                    {move || if lab.settings.with(|s| s.pinned.is_some()) { "Unpin the run" } else { "Pin this run" }}
                </button>
                <button type="button" data-testid="reset" on:click=reset>"Reset"</button>
                <label class="theme">
                    "Theme "
                    <select name="theme" on:change=theme_chosen>
                        <option value="system" selected=is(Theme::System)>"system"</option>
                        <option value="light" selected=is(Theme::Light)>"light"</option>
                        <option value="dark" selected=is(Theme::Dark)>"dark"</option>
                    </select>
                </label>
            </div>
        </header>
    }
}

/// What could not be followed, until dismissed.
#[component]
fn Alerts(lab: Lab) -> impl IntoView {
    move || {
        lab.problems.with(|problems| {
            (!problems.is_empty()).then(|| {
                let lines = problems.iter().map(|problem| view! { <li>{problem.to_string()}</li> });
                view! {
                    <div class="alerts">
                        <div class="alert" role="alert">
                            <ul>{lines.collect_view()}</ul>
                            <button type="button" class="dismiss" aria-label="Dismiss" on:click=move |_| lab.problems.set(Vec::new())>"✕"</button>
                        </div>
                    </div>
                }
            })
        })
    }
}

fn formula(name: ObjectiveName) -> &'static str {
    match name {
        ObjectiveName::F1 => "f1 = 0.1 x₁² + 2 x₂²",
        ObjectiveName::F2 => "f2 = 0.1 (x₁+x₂)² + 2 (x₁−x₂)²",
        ObjectiveName::Rotated => "rotated = ½ xᵀQ(θ, λ) x",
    }
}

/// All figures of one objective.
#[component]
fn ObjectiveColumn(lab: Lab, display: Display, name: ObjectiveName) -> impl IntoView {
    let (run, runs) = runs_of(lab, name);
    let at_cursor = move |explain: fn(&crate::trajectory::Trajectory, usize) -> String| {
        Signal::derive(move || runs.with(|runs| explain(&runs.current, runs.cursor)))
    };
    let id = |figure: &str| format!("{figure}-{}", name.name());
    view! {
        <section class="objective-column" aria-label=name.name()>
            <h2>{formula(name)}</h2>
            <LandscapeCard lab display name runs/>
            <Readout lab name runs/>
            <div class="charts">
                <FigureCard
                    display
                    title="Effective rates"
                    id=id("rates")
                    figure=Signal::derive(move || AnyFigure::Rates(RatesChart(runs.get())))
                    caption=at_cursor(explain::effective_rates)
                />
                <FigureCard
                    display
                    title="Accumulators"
                    id=id("accumulator")
                    figure=Signal::derive(move || AnyFigure::Accumulator(AccumulatorChart(runs.get())))
                    caption=at_cursor(explain::accumulator)
                />
                <FigureCard
                    display
                    title="Loss"
                    id=id("loss")
                    figure=Signal::derive(move || AnyFigure::Loss(LossChart(runs.get())))
                    caption=at_cursor(explain::loss)
                />
                <SweepCard lab display name runs/>
            </div>
            <div class="details">
                <Inspector lab name run/>
                <StepTable lab name run/>
            </div>
        </section>
    }
}
