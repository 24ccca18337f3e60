//! The presets that compare rules, as buttons in HTML.

use crate::settings::comparisons::COMPARISONS;
use crate::settings::presets::Preset;

/// A button for each. `data-query` has the experiment as a link has it, `title` what is to be seen.
#[must_use]
pub fn html() -> String {
    let mut markup = String::new();
    for preset in &COMPARISONS {
        let Preset { id, whose, .. } = preset;
        let (title, attributes) = (escaped(preset.title), opening(preset, preset.note));
        markup += &format!(
            "<button type=\"button\" class=\"preset\" data-testid=\"preset-{id}\" \
             aria-pressed=\"false\" {attributes}>\
             <strong>{title}</strong><small>{whose}</small></button>"
        );
    }
    markup
}

/// The attributes of a button that opens `preset` and is explained by `title`.
pub(super) fn opening(preset: &Preset, title: &str) -> String {
    let (query, title) = (escaped(preset.query), escaped(title));
    format!("data-query=\"{query}\" title=\"{title}\"")
}

/// Text as it stands in HTML, also within quotes.
pub(super) fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_comparison_has_its_button() {
        let html = html();
        assert_eq!(html.matches("<button").count(), COMPARISONS.len());
        assert!(html.contains(
            "data-query=\"objective=f1&amp;opt=sgd,momentum\" title=\"After 20 steps with the same η"
        ));
        for preset in &COMPARISONS {
            assert!(html.contains(&format!("data-testid=\"preset-{}\"", preset.id)));
            // The page shows no corrections of these.
            assert_eq!(preset.correction, None);
        }
    }

    #[test]
    fn no_text_ends_its_place() {
        assert_eq!(escaped("a < b & \"c\""), "a &lt; b &amp; &quot;c&quot;");
    }
}
