//! Parts of the page that the engine writes: what a reader meets only on a closer look.

use super::reactive::{RwSignal, follow};
use std::rc::Rc;

use super::dom::{El, el};
use super::engine::{Answer, Newest};
use crate::engine::Request;

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
    follow(move || {
        if !seen.get() {
            return;
        }
        let Some(request) = wanted() else {
            newest.forget();
            written.set(String::new(), String::new());
            return;
        };
        let on_answer = move |answer: Answer| match answer {
            Answer::Done(html) => {
                written.set(html.as_string().unwrap_or_default(), String::new());
            }
            // What was there is of something else.
            Answer::Failed(why) => {
                written.set(String::new(), ["Not shown: ", &why, "."].concat());
            }
            Answer::Part(_) => {}
        };
        newest.ask(&request, Rc::new(on_answer));
    });
    written
}

impl Written {
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
