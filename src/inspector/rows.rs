//! Which rows of a long table are laid out, so that 100,000 of them cost what a screenful does.

use std::ops::Range;

/// Which of `count` rows of equal height to lay out: those in sight, with some on either side to
/// scroll into. Heights are in CSS pixels.
///
/// Both ends are multiples of eight (or the last row), so that not every pixel scrolled is work.
#[must_use]
pub fn rows_to_lay_out(
    scrolled: f64,
    viewport_height: f64,
    row_height: f64,
    count: usize,
) -> Range<usize> {
    const GROUP: usize = 8;
    // Casts saturate: a row height of 0 (not laid out yet) asks for row 0 or the last one.
    let first_in_sight = ((scrolled.max(0.0) / row_height) as usize).min(count);
    let in_sight = ((viewport_height.max(0.0) / row_height).ceil() as usize).min(MOST_ROWS);
    let first = first_in_sight.saturating_sub(GROUP) / GROUP * GROUP;
    let end = (first_in_sight + in_sight + GROUP).next_multiple_of(GROUP);
    first..end.min(count)
}

/// More rows than any screen shows; a bound for when heights are not known yet.
const MOST_ROWS: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_laid_out_hold_those_in_sight() {
        // Rows of 30 px in 300 px: ten in sight, and eleven where the first is cut.
        assert_eq!(rows_to_lay_out(0.0, 300.0, 30.0, 100_000), 0..24);
        assert_eq!(rows_to_lay_out(3000.0, 300.0, 30.0, 100_000), 88..120);
        assert_eq!(
            rows_to_lay_out(3_000_000.0, 300.0, 30.0, 100_000).end,
            100_000
        );
        assert_eq!(rows_to_lay_out(0.0, 300.0, 30.0, 5), 0..5);
        for scrolled in 0..2000 {
            let rows = rows_to_lay_out(f64::from(scrolled), 300.0, 30.0, 60);
            assert!(rows.start <= scrolled as usize / 30, "{rows:?}");
            assert!(
                rows.end >= (scrolled as usize / 30 + 11).min(60),
                "{rows:?}"
            );
            assert!(rows.len() <= 40, "{rows:?}");
        }
        // Before the first layout nothing is known.
        assert!(rows_to_lay_out(0.0, 0.0, 0.0, 100_000).len() <= MOST_ROWS + 16);
    }
}
