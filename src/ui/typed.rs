//! The function a reader types: its field, and the engine that compiles it while nothing waits.

use super::reactive::{RwSignal, follow, memo};
use leptos_dom::helpers::{TimeoutHandle, event_target_value, set_timeout_with_handle};
use std::rc::Rc;
use std::time::Duration;

use web_sys::Event;

use super::dom::{El, button, el};
use super::engine::{self, Answer, Newest};
use super::state::{Lab, Side};
use crate::engine::Request;
use crate::settings::{Experiment, ObjectiveName};

/// How long typing rests before it is read: a function half typed is rarely one.
const REST: Duration = Duration::from_millis(150);

/// Compiles what the function of one side says, now and whenever it changes, while the typed
/// objective is shown there. The last function that could be compiled stays until the next one can;
/// where there is none yet, the default one.
pub fn follow_function(lab: Lab) {
    let wanted = memo(move || {
        let is_there = lab.side == Side::A || lab.settings.with(|s| s.other.is_some());
        let is_typed = |e: &Experiment| is_there && e.objectives.contains(&ObjectiveName::TYPED);
        lab.experiment
            .with(|e| is_typed(e).then(|| e.function.clone()))
    });
    let newest = Newest::of_owner();
    follow(move || {
        newest.forget();
        let Some(source) = wanted.get() else { return };
        let known = lab.typed.get_untracked();
        if known.is_some_and(|function| function.source == source) {
            lab.typing.set(None);
            return;
        }
        let sent = source.clone();
        let on_answer = move |answer: Answer| {
            let refusal = match answer {
                Answer::Done(value) => match engine::compiled(&sent, &value) {
                    Some(Ok(function)) => {
                        let is_first = lab.typed.get_untracked().is_none();
                        lab.typed.set(Some(function));
                        if is_first
                            && lab.side == Side::A
                            && lab.settings.with_untracked(|s| s.view.is_none())
                        {
                            lab.fit_view();
                        }
                        None
                    }
                    Some(Err(refusal)) => Some(Refused {
                        position: refusal.position,
                        length: refusal.length,
                        said: refusal.problem,
                    }),
                    None => Some(Refused::whole(
                        "the engine gave no answer to read".to_owned(),
                    )),
                },
                Answer::Failed(why) => Some(Refused::whole(why)),
                Answer::Part(_) => return,
            };
            if refusal.is_some() && lab.typed.get_untracked().is_none() {
                show_default(lab);
            }
            lab.typing
                .set(refusal.map(|refusal| (sent.clone(), refusal)));
        };
        newest.ask(&Request::Compile { source }, Rc::new(on_answer));
    });
}

/// Compiles the default function, for a page that opens with what is none.
fn show_default(lab: Lab) {
    let source = Experiment::default().function;
    let sent = source.clone();
    let on_answer = move |answer: Answer| {
        if let Answer::Done(value) = answer
            && let Some(Ok(function)) = engine::compiled(&sent, &value)
            && lab.typed.get_untracked().is_none()
        {
            lab.typed.set(Some(function));
        }
    };
    engine::ask(&Request::Compile { source }, Rc::new(on_answer));
}

/// How the function shown was read, as MathML; empty until the engine has said.
fn reading_of(lab: Lab) -> RwSignal<String> {
    let reading = RwSignal::new(String::new());
    let newest = Newest::of_owner();
    let shown = memo(move || {
        let typed = lab.typed.get();
        typed.map_or_else(String::new, |function| function.source.clone())
    });
    follow(move || {
        newest.forget();
        let source = shown.get();
        if source.is_empty() {
            return;
        }
        let on_answer = move |answer: Answer| {
            if let Answer::Done(value) = answer {
                reading.set(value.as_string().unwrap_or_default());
            }
        };
        newest.ask(&Request::Reading { source }, Rc::new(on_answer));
    });
    reading
}

/// Why what was typed is not the function shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// The first character concerned, from 0.
    position: usize,
    /// How many characters are concerned; 0 for the end or the whole.
    length: usize,
    said: String,
}

impl Refused {
    fn whole(said: String) -> Self {
        Self {
            position: 0,
            length: 0,
            said,
        }
    }
}

/// The field, while the typed objective is shown, and what is wrong with what stands in it.
#[must_use]
pub fn function_field(lab: Lab) -> El {
    let waiting = RwSignal::new(None::<TimeoutHandle>);
    let typed = move |event: Event| {
        let text = event_target_value(&event);
        if let Some(timeout) = waiting.get_untracked() {
            timeout.clear();
        }
        let read = move || lab.change(|settings| settings.experiment.function = text);
        waiting.set(set_timeout_with_handle(read, REST).ok());
    };
    follow(move || {
        lab.reopened.track();
        if let Some(timeout) = waiting.get_untracked() {
            timeout.clear();
        }
    });
    let id = lab.control_id("f");
    let error_id = lab.control_id("f-error");
    let field = el("input")
        .attr("type", "text")
        .attr("id", &id)
        .attr("name", "f")
        .attr("maxlength", "500")
        .attr("autocomplete", "off")
        .attr("autocapitalize", "off")
        .attr("spellcheck", "false")
        .attr("aria-describedby", &error_id)
        .class("function")
        .value_of(move || {
            lab.reopened.track();
            lab.experiment.with(|e| e.function.clone())
        })
        .attr_of("aria-invalid", move || {
            lab.typing.with(Option::is_some).to_string()
        })
        .on("input", typed);
    let node: web_sys::HtmlInputElement = field.node();
    let show_place = move || {
        if let Some((_, refused)) = lab.typing.get_untracked() {
            // The browser counts in units of 16 bits.
            let text = node.value();
            let units = |count: usize| text.chars().take(count).map(char::len_utf16).sum::<usize>();
            let from = units(refused.position);
            let to = units(refused.position + refused.length.max(1));
            let _ = node.focus();
            let _ = node.set_selection_range(from as u32, to as u32);
        }
    };
    let default = Experiment::default().function;
    let said = move || {
        let Some((_, refused)) = lab.typing.get() else {
            return String::new();
        };
        let place = match refused {
            Refused {
                position: 0,
                length: 0,
                ..
            } => String::new(),
            Refused { position, .. } => format!("At character {}: ", position + 1),
        };
        let shown = lab.typed.with(|shown| match shown {
            None => ". No function is shown.",
            Some(shown) if shown.source == default => ". The default function is shown.",
            Some(_) => ". The last good function is shown.",
        });
        [&place, refused.said.as_str(), shown].concat()
    };
    let is_shown = move || {
        lab.experiment
            .with(|e| e.objectives.contains(&ObjectiveName::TYPED))
    };
    let reading = reading_of(lab);
    let read = move || match reading.get() {
        reading if reading.is_empty() => reading,
        reading => ["Read as ", &reading].concat(),
    };
    el("div").class("control").shown_of(is_shown).children([
        el("label")
            .class("control-label")
            .attr("for", &id)
            .text("your function of x1 and x2"),
        field,
        el("p")
            .class("reading")
            .test_id(&lab.control_id("f-reading"))
            .html_of(read),
        el("p").class("hint").text(
            "+ − * / ^, parentheses, sin cos tan exp ln sqrt abs …, pi, e; x and y are x1 and x2; \
             log is ln, to base e; log2 and log10 have their own.",
        ),
        el("div")
            .class("typing-error")
            .attr("id", &error_id)
            .attr("role", "status")
            .children([
                el("span").text_of(said),
                button("Show where", show_place)
                    .class("small")
                    .shown_of(move || lab.typing.with(Option::is_some)),
            ]),
    ])
}
