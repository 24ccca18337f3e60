//! Parts of the page that the engine writes: what a reader meets only on a closer look.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};

use super::dom::{El, el};
use super::engine::{Answer, Newest};
use super::now_ms;
use super::reactive::{RwSignal, follow, when_gone};
use crate::engine::Request;

/// Written parts follow what moves once in so many milliseconds: nobody reads numbers that change
/// faster, and equations cost the browser more than all figures together.
const PACE_MS: f64 = 150.0;

/// Such a part.
#[derive(Clone, Copy)]
pub struct Written {
    /// The last answer: it stays until the next one is there. Empty where there is none.
    pub html: RwSignal<String>,
    failure: RwSignal<String>,
}

/// Keeps a part as the engine answers `wanted`, none for nothing; what `wanted` reads is followed
/// only while `seen`.
#[must_use]
pub fn written(seen: RwSignal<bool>, wanted: impl Fn() -> Option<Request> + 'static) -> Written {
    written_of(seen, Box::new(wanted))
}

fn written_of(seen: RwSignal<bool>, wanted: Box<dyn Fn() -> Option<Request>>) -> Written {
    let written = Written {
        html: RwSignal::new(String::new()),
        failure: RwSignal::new(String::new()),
    };
    let newest = Newest::of_owner();
    let asked_ms = Rc::new(Cell::new(f64::NEG_INFINITY));
    let timer: Rc<Cell<Option<TimeoutHandle>>> = Rc::default();
    let of_owner = Rc::clone(&timer);
    when_gone(move || {
        if let Some(timer) = of_owner.take() {
            timer.clear();
        }
    });
    follow(move || {
        if !seen.get() {
            return;
        }
        let request = wanted();
        if let Some(timer) = timer.take() {
            timer.clear();
        }
        let wait_ms = asked_ms.get() + PACE_MS - now_ms();
        if wait_ms <= 0.0 || request.is_none() {
            asked_ms.set(now_ms());
            written.ask(newest, request.as_ref());
            return;
        }
        let asked_ms = Rc::clone(&asked_ms);
        let ask = move || {
            asked_ms.set(now_ms());
            written.ask(newest, request.as_ref());
        };
        timer.set(set_timeout_with_handle(ask, Duration::from_millis(wait_ms as u64)).ok());
    });
    written
}

impl Written {
    fn ask(self, newest: Newest, request: Option<&Request>) {
        let Some(request) = request else {
            newest.forget();
            self.set(String::new(), String::new());
            return;
        };
        let on_answer = move |answer: Answer| match answer {
            Answer::Done(html) => self.set(html.as_string().unwrap_or_default(), String::new()),
            // What was there is of something else.
            Answer::Failed(why) => {
                self.set(String::new(), ["Not shown: ", &why, "."].concat());
            }
            Answer::Part(_) => {}
        };
        newest.ask(request, Rc::new(on_answer));
    }

    fn set(self, html: String, failure: String) {
        // Gone with its part, perhaps, while the engine wrote.
        self.html.try_set(html);
        self.failure.try_set(failure);
    }

    /// Why there is nothing, where the engine could not write it.
    #[must_use]
    pub fn failure(self) -> El {
        el("p")
            .class("hint")
            .attr("role", "status")
            .text_of(move || self.failure.get())
    }
}
