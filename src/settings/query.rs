//! Settings as a query string, and back.

use std::borrow::Cow;

use super::property::changed_from_default;
use super::{Experiment, Problem, Property, Settings};

/// Which meaning of the names and defaults a link was written for.
const VERSION: &str = "1";

/// What a query string says.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// Always valid, whatever the query.
    pub settings: Settings,
    /// What could not be followed to the letter.
    pub problems: Vec<Problem>,
    /// The pieces that are not the page's own, as they stood.
    pub foreign: Vec<String>,
}

/// Reads a query string, with or without its `?`.
///
/// What cannot be read is at its default, what is out of range at the nearest bound; of a name
/// given twice, the first counts.
#[must_use]
pub fn parse(query: &str) -> Parsed {
    let mut given = Vec::new();
    let mut foreign = Vec::new();
    let mut version = None;
    let query = query.strip_prefix('?').unwrap_or(query);
    for piece in query.split('&').filter(|piece| !piece.is_empty()) {
        let (name, value) = decoded_by_hand(piece);
        if name == "v" {
            version.get_or_insert(value);
        } else if let Some(property) = Property::named(&name) {
            given.push((property, value.into_owned()));
        } else {
            foreign.push(piece.to_owned());
        }
    }
    let mut settings = Settings::default();
    let mut problems = settings.follow(&given);
    if let Some(repair) = settings.repair() {
        let used = settings.get(&repair.name).unwrap_or_default();
        problems.push(Problem::new(&repair.name, "0", repair.allowed, used));
    }
    if let Some(version) = version.filter(|version| version != VERSION) {
        let used = VERSION.to_owned();
        problems.insert(0, Problem::new("v", &version, VERSION.to_owned(), used));
    }
    Parsed {
        settings,
        problems,
        foreign,
    }
}

/// Writes the settings that are not at their default, after the version and before `foreign`.
///
/// Only a typed function needs escapes: all else is letters, digits and `- . , : ; _`.
#[must_use]
pub fn format(settings: &Settings, foreign: &[String]) -> String {
    let mut query = format!("v={VERSION}");
    let own = changed(settings);
    for piece in [own]
        .iter()
        .chain(foreign)
        .filter(|piece| !piece.is_empty())
    {
        query.push('&');
        query.push_str(piece);
    }
    query
}

/// As [`format()`] writes the experiment alone, without the version.
#[must_use]
pub fn of_experiment(experiment: &Experiment) -> String {
    changed(&Settings::of_experiment(experiment.clone()))
}

fn changed(settings: &Settings) -> String {
    let pieces: Vec<String> = changed_from_default(settings)
        .map(|(property, text)| format!("{}={}", property.name, escaped(&text, "-.,:;_")))
        .collect();
    pieces.join("&")
}

/// The text with all escaped but letters, digits and the signs of `plain`.
pub(crate) fn escaped(text: &str, plain: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        let character = char::from(byte);
        if character.is_ascii_alphanumeric() || plain.contains(character) {
            escaped.push(character);
        } else {
            escaped += &format!("%{byte:02X}");
        }
    }
    escaped
}

/// The name and value of one piece without `&`.
pub(crate) fn decoded(piece: &str) -> (Cow<'_, str>, Cow<'_, str>) {
    form_urlencoded::parse(piece.as_bytes())
        .next()
        .unwrap_or_default()
}

/// As [`decoded`], where a `+` that is not escaped may have been typed as a plus: the lab's own
/// links escape it, and so does whatever writes blanks as `+`.
///
/// It is a plus, unless a plus is escaped beside it and no blank is, or it stands where no plus can:
/// before another operator or a separator, after a separator, at the end.
pub(crate) fn decoded_by_hand(piece: &str) -> (Cow<'_, str>, Cow<'_, str>) {
    let usual = decoded(piece);
    let has = |sign: &str| piece.contains(sign);
    let blanks_are_escaped = has("%20") || has(" ");
    if !has("+") || ((has("%2B") || has("%2b")) && !blanks_are_escaped) {
        return usual;
    }
    let with_plus = piece.replace('+', "%2B");
    let (name, value) = decoded(&with_plus);
    if has_plus_out_of_place(&value) {
        return usual;
    }
    (
        Cow::Owned(name.into_owned()),
        Cow::Owned(value.into_owned()),
    )
}

fn has_plus_out_of_place(value: &str) -> bool {
    const SEPARATORS: &str = ",;:";
    let mut before = None;
    let mut signs = value.chars().filter(|c| *c != ' ').peekable();
    while let Some(sign) = signs.next() {
        let out_of_place = match (before, signs.peek()) {
            (Some(before), _) if SEPARATORS.contains(before) => true,
            (_, None) => true,
            (_, Some(&after)) => "*/^)".contains(after) || SEPARATORS.contains(after),
        };
        if sign == '+' && out_of_place {
            return true;
        }
        before = Some(sign);
    }
    false
}
