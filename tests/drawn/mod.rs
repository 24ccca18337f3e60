//! A figure as SVG, held against a committed file that a person has looked at.

use std::fs;
use std::path::Path;

use adagrad_lab::chart::{ChartTheme, Figure, FigureSize, svg};

/// Draws `figure` and holds it against `tests/snapshots/{name}.svg`.
pub fn agrees_with_snapshot(
    name: &str,
    figure: &impl Figure,
    size: &FigureSize,
    theme: &ChartTheme,
) {
    let drawn = svg::document(figure, size, theme).unwrap();
    is_balanced(&drawn);
    for word in ["NaN", "inf"] {
        assert!(!drawn.contains(word), "{name} shows {word}");
    }

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = format!("{name}.svg");
    let committed = root.join("tests/snapshots").join(&file);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&committed, &drawn).unwrap();
        return;
    }
    // Git may have checked it out with line ends of its own.
    let expected = fs::read_to_string(&committed)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    if drawn != expected {
        let folder = root.join("target/snapshots");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(&file), &drawn).unwrap();
        panic!(
            "{name} is not as in tests/snapshots/{file}. Compare it with target/snapshots/{file}; \
             to accept that: UPDATE_SNAPSHOTS=1 cargo test --test figures --test sparse_figures"
        );
    }
}

/// Every element that opens closes, in order: enough of XML for what plotters writes.
pub fn is_balanced(document: &str) {
    let mut open = Vec::new();
    for tag in document.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag that starts ends");
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes in <{tag}>");
        let name = tag.split([' ', '\n', '/']).find(|part| !part.is_empty());
        if tag.starts_with('/') {
            assert_eq!(open.pop(), name, "closes what was opened last");
        } else if !tag.ends_with('/') {
            open.push(name.expect("a tag has a name"));
        }
    }
    assert!(open.is_empty(), "never closed: {open:?}");
}
