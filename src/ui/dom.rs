//! Elements of the page, and what of them follows signals.
//!
//! Leptos holds the signals, memos, effects and their owners. Its `view!` compiles an element anew
//! for each combination of attributes and closures, which made the page half again as large as its
//! budget; here all elements share one type, so their code exists once.
//!
//! What an element follows and listens to lasts as long as the reactive owner that it was built
//! under: the page's, or that of one run of [`El::contents_of`].

use std::cell::{Cell, RefCell};

use leptos_dom::helpers::document;
use reactive_graph::graph::untrack;
use reactive_graph::owner::Owner;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, Event, HtmlInputElement, Node};

use super::patch::patch;
use super::reactive::{follow, when_gone};

/// An element under construction.
#[derive(Clone, Debug)]
pub struct El(Element);

/// A new element of that name.
#[must_use]
pub fn el(name: &str) -> El {
    // A document refuses malformed names only, and those here are all literals.
    let created = document().create_element(name);
    El(created.unwrap_or_else(|refusal| wasm_bindgen::throw_val(refusal)))
}

/// A button that says `label` and does `act`.
#[must_use]
pub fn button(label: &str, act: impl Fn() + 'static) -> El {
    el("button")
        .attr("type", "button")
        .text(label)
        .on("click", move |_: Event| act())
}

impl El {
    /// The element itself, as what it is known to be.
    #[must_use]
    pub fn node<E: JsCast>(&self) -> E {
        self.0.clone().unchecked_into()
    }

    /// Sets an attribute.
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        // Refused for malformed names only.
        let _ = self.0.set_attribute(name, value);
        self
    }

    /// Sets `class`.
    #[must_use]
    pub fn class(self, names: &str) -> Self {
        self.attr("class", names)
    }

    /// Sets the name by which tests find it.
    #[must_use]
    pub fn test_id(self, id: &str) -> Self {
        self.attr("data-testid", id)
    }

    /// Replaces what is in it by text.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.0.set_text_content(Some(text));
        self
    }

    /// Appends children.
    #[must_use]
    pub fn children(self, children: impl IntoIterator<Item = Self>) -> Self {
        for child in children {
            self.append(&child);
        }
        self
    }

    fn append(&self, child: &Self) {
        // Refused for an element within itself only.
        let _ = self.0.append_child(&child.0);
    }

    /// Keeps an attribute as `value` has it.
    #[must_use]
    pub fn attr_of(self, name: &'static str, value: impl Fn() -> String + 'static) -> Self {
        follow_text(self.0.clone(), Place::Attribute(name), Box::new(value));
        self
    }

    /// Keeps its text as `text` has it.
    #[must_use]
    pub fn text_of(self, text: impl Fn() -> String + 'static) -> Self {
        follow_text(self.0.clone(), Place::Text, Box::new(text));
        self
    }

    /// Keeps what is in it as `markup` has it, which must be this program's own.
    #[must_use]
    pub fn html_of(self, markup: impl Fn() -> String + 'static) -> Self {
        follow_text(self.0.clone(), Place::Markup, Box::new(markup));
        self
    }

    /// Keeps what a field holds as `value` has it.
    #[must_use]
    pub fn value_of(self, value: impl Fn() -> String + 'static) -> Self {
        // Fields and menus both have `value`; this names the property, whatever the element is.
        let field: HtmlInputElement = self.node();
        follow(move || {
            let value = value();
            // Writing what is there already would still cost the browser a layout.
            if field.value() != value {
                field.set_value(&value);
            }
        });
        self
    }

    /// Keeps a box or button checked as long as `checked` says.
    #[must_use]
    pub fn checked_of(self, checked: impl Fn() -> bool + 'static) -> Self {
        let field: HtmlInputElement = self.node();
        follow(move || field.set_checked(checked()));
        self
    }

    /// Shows it as long as `shown` says.
    #[must_use]
    pub fn shown_of(self, shown: impl Fn() -> bool + 'static) -> Self {
        let element = self.0.clone();
        follow_flag(Box::new(shown), move |shown| {
            let _ = element.toggle_attribute_with_force("hidden", !shown);
        });
        self
    }

    /// Gives it a class as long as `has` says.
    #[must_use]
    pub fn class_of(self, name: &'static str, has: impl Fn() -> bool + 'static) -> Self {
        let classes = self.0.class_list();
        follow_flag(Box::new(has), move |has| {
            let _ = classes.toggle_with_force(name, has);
        });
        self
    }

    /// Keeps its children as `contents` builds them, all anew whenever what it reads changes.
    #[must_use]
    pub fn contents_of(self, contents: impl Fn() -> Vec<Self> + 'static) -> Self {
        let parent = self.clone();
        follow(move || {
            let children = contents();
            parent.0.set_text_content(None);
            for child in &children {
                parent.append(child);
            }
        });
        self
    }

    /// Keeps a child for each of `keys`, in their order: built when its key comes, with an owner of
    /// its own, and taken away when its key goes. The others stay as they are.
    #[must_use]
    pub fn child_for_each<K: Copy + PartialEq + 'static>(
        self,
        keys: impl Fn() -> Vec<K> + 'static,
        build: impl Fn(K) -> Self + 'static,
    ) -> Self {
        let parent = self.clone();
        let owner = Owner::current().unwrap_or_default();
        let there: RefCell<Vec<(K, Self, Owner)>> = RefCell::default();
        follow(move || {
            let keys = keys();
            let mut there = there.borrow_mut();
            there.retain(|(key, child, owner)| {
                let stays = keys.contains(key);
                if !stays {
                    child.0.remove();
                    owner.cleanup();
                }
                stays
            });
            let children = parent.0.children();
            for (index, key) in (0_u32..).zip(keys) {
                let place = there.iter().position(|(known, ..)| *known == key);
                let entry = match place {
                    Some(place) => there.remove(place),
                    None => {
                        // Under the effect's own owner, it would go with the next change.
                        let own = owner.child();
                        let child = own.with(|| untrack(|| build(key)));
                        (key, child, own)
                    }
                };
                // Putting an element where it is already would lose its focus and scroll.
                let here = children.item(index);
                if here.as_ref() != Some(&entry.1.0) {
                    let _ = parent.0.insert_before(&entry.1.0, here.as_deref());
                }
                there.push(entry);
            }
        });
        self
    }

    /// Calls `act` on every event of that name, which must be of type `E`.
    #[must_use]
    pub fn on<E: JsCast>(self, event: &str, act: impl Fn(E) + 'static) -> Self {
        self.listen(
            event,
            Box::new(move |event: Event| act(event.unchecked_into())),
        );
        self
    }

    fn listen(&self, event: &str, act: Box<dyn FnMut(Event)>) {
        let listener = Closure::wrap(act);
        let _ = self
            .0
            .add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        // An event may be on its way when the owner goes: it must not meet a listener that is gone.
        let (element, event) = (self.0.clone(), event.to_owned());
        when_gone(move || {
            let callback = listener.as_ref().unchecked_ref();
            let _ = element.remove_event_listener_with_callback(&event, callback);
        });
    }
}

/// Calls `set` with what `flag` says, now and whenever that is another.
fn follow_flag(flag: Box<dyn Fn() -> bool>, set: impl Fn(bool) + 'static) {
    let known = Cell::new(None);
    follow(move || {
        let flag = flag();
        if known.replace(Some(flag)) != Some(flag) {
            set(flag);
        }
    });
}

/// Where text of an element goes.
enum Place {
    Attribute(&'static str),
    Text,
    Markup,
}

/// Puts text in its place now and whenever it is another.
fn follow_text(element: Element, place: Place, text: Box<dyn Fn() -> String>) {
    let shown: RefCell<Option<String>> = RefCell::default();
    follow(move || {
        let text = Some(text());
        let mut shown = shown.borrow_mut();
        // Writing what is there already would still cost the browser a layout.
        if *shown == text {
            return;
        }
        *shown = text;
        let text = shown.as_deref();
        match place {
            Place::Attribute(name) => {
                let _ = element.set_attribute(name, text.unwrap_or_default());
            }
            Place::Text => match element.first_child() {
                // Another text in the same node is cheaper than another node.
                Some(node)
                    if node.node_type() == Node::TEXT_NODE && node.next_sibling().is_none() =>
                {
                    node.set_node_value(text);
                }
                _ => element.set_text_content(text),
            },
            Place::Markup => patch(&element, text.unwrap_or_default()),
        }
    });
}
