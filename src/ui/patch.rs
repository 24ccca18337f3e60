//! Puts other markup in an element's place by changing only what differs.
//!
//! Markup that is written anew at every step mostly keeps its shape: a few numbers are others. Parsing
//! it into the page would make all its elements anew, which costs the browser more than every figure
//! together.

use leptos_dom::helpers::document;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlTemplateElement, Node};

/// Makes what is in `element` what `markup` says, which must be this program's own.
pub fn patch(element: &Element, markup: &str) {
    let template = document().create_element("template").ok();
    let Some(template) =
        template.and_then(|template| template.dyn_into::<HtmlTemplateElement>().ok())
    else {
        element.set_inner_html(markup);
        return;
    };
    template.set_inner_html(markup);
    match_children(element, &template.content());
}

fn match_children(there: &Node, wanted: &Node) {
    let mut next_there = there.first_child();
    let mut next_wanted = wanted.first_child();
    while let Some(wanted_child) = next_wanted {
        next_wanted = wanted_child.next_sibling();
        // Moving a node that belongs here cannot be refused.
        match next_there {
            Some(child) => {
                next_there = child.next_sibling();
                if !match_node(&child, &wanted_child) {
                    let _ = there.replace_child(&wanted_child, &child);
                }
            }
            None => {
                next_there = None;
                let _ = there.append_child(&wanted_child);
            }
        }
    }
    while let Some(surplus) = next_there {
        next_there = surplus.next_sibling();
        let _ = there.remove_child(&surplus);
    }
}

/// Makes `there` what `wanted` is; false where it is of another kind and must be replaced.
fn match_node(there: &Node, wanted: &Node) -> bool {
    if there.is_equal_node(Some(wanted)) {
        return true;
    }
    if there.node_name() != wanted.node_name() {
        return false;
    }
    match (there.dyn_ref::<Element>(), wanted.dyn_ref::<Element>()) {
        (Some(there), Some(wanted)) => {
            match_attributes(there, wanted);
            match_children(there, wanted);
        }
        _ => there.set_node_value(wanted.node_value().as_deref()),
    }
    true
}

fn match_attributes(there: &Element, wanted: &Element) {
    for name in there.get_attribute_names() {
        if let Some(name) = name.as_string()
            && !wanted.has_attribute(&name)
        {
            let _ = there.remove_attribute(&name);
        }
    }
    for name in wanted.get_attribute_names() {
        let Some(name) = name.as_string() else {
            continue;
        };
        let value = wanted.get_attribute(&name);
        if there.get_attribute(&name) != value {
            let _ = there.set_attribute(&name, value.as_deref().unwrap_or_default());
        }
    }
}
