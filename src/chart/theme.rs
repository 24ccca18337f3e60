//! Colours of the figures, light and dark.
//!
//! Hues for the two coordinates follow Okabe & Ito (2008), which stay apart under the common
//! colour-vision deficiencies; line style and labels repeat what colour says.

/// An opaque colour, red, green, blue.
pub type Rgb = (u8, u8, u8);

/// A mark at a point of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A filled circle.
    Disc,
    /// A filled square.
    Square,
    /// A filled triangle on its base.
    Triangle,
    /// A filled square on its corner.
    Diamond,
    /// A circle's outline.
    Ring,
    /// Two crossing strokes.
    Cross,
}

/// How a rule is told from the others in every figure: each of the three does so alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Of everything that belongs to the rule.
    pub color: Rgb,
    /// At points.
    pub marker: Marker,
    /// Lengths of dash and gap in CSS pixels; none for a solid line.
    pub dash: Option<[f64; 2]>,
}

/// How many looks there are.
pub const LOOKS: usize = 6;

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartTheme {
    /// Behind everything.
    pub background: Rgb,
    /// Titles, values, the live path.
    pub ink: Rgb,
    /// Axis labels, notes.
    pub muted: Rgb,
    /// Axis lines.
    pub axis: Rgb,
    /// Grid lines.
    pub grid: Rgb,
    /// Contours of the lowest level; higher ones fade towards `contour_high`.
    pub contour_low: Rgb,
    /// Contours of the highest level.
    pub contour_high: Rgb,
    /// Everything that belongs to x₁ and to x₂.
    pub coordinates: [Rgb; 2],
    /// The downhill gradient's arrow.
    pub gradient: Rgb,
    /// The step's arrow.
    pub step: Rgb,
    /// The minimum.
    pub minimum: Rgb,
    /// The run before the last change.
    pub ghost: Rgb,
    /// The pinned run.
    pub pinned: Rgb,
    /// The rules, in the order they were chosen; the first is `ink`.
    pub rules: [Rgb; LOOKS],
}

impl ChartTheme {
    /// How the rule at `place` of the list is drawn; beyond the sixth the looks begin again.
    #[must_use]
    pub fn look(&self, place: usize) -> Look {
        const SHAPES: [(Marker, Option<[f64; 2]>); LOOKS] = [
            (Marker::Disc, None),
            (Marker::Square, Some([8.0, 3.0])),
            (Marker::Triangle, Some([3.0, 2.5])),
            (Marker::Diamond, Some([12.0, 4.0])),
            (Marker::Ring, Some([5.0, 5.0])),
            (Marker::Cross, Some([1.5, 3.0])),
        ];
        let [first, ..] = self.rules;
        let color = self.rules.get(place % LOOKS).copied().unwrap_or(first);
        let (marker, dash) = SHAPES
            .get(place % LOOKS)
            .copied()
            .unwrap_or((Marker::Disc, None));
        Look {
            color,
            marker,
            dash,
        }
    }
}

/// Dark on light: for paper, projectors and bright rooms.
pub const LIGHT: ChartTheme = ChartTheme {
    background: (255, 255, 255),
    ink: (20, 27, 41),
    muted: (82, 92, 107),
    axis: (138, 148, 163),
    grid: (231, 234, 239),
    contour_low: (42, 92, 150),
    contour_high: (186, 203, 222),
    coordinates: [(0, 104, 170), (192, 84, 0)],
    gradient: (142, 48, 148),
    step: (0, 122, 92),
    minimum: (176, 0, 46),
    ghost: (150, 158, 170),
    pinned: (168, 66, 124),
    rules: [
        (20, 27, 41),
        (0, 138, 250),
        (199, 5, 6),
        (44, 92, 71),
        (167, 61, 156),
        (134, 147, 93),
    ],
};

/// Light on dark.
pub const DARK: ChartTheme = ChartTheme {
    background: (22, 27, 36),
    ink: (238, 242, 248),
    muted: (168, 178, 193),
    axis: (112, 122, 138),
    grid: (43, 50, 62),
    contour_low: (120, 178, 236),
    contour_high: (58, 82, 110),
    coordinates: [(92, 184, 245), (244, 152, 66)],
    gradient: (214, 142, 232),
    step: (72, 208, 164),
    minimum: (255, 118, 138),
    ghost: (122, 131, 146),
    pinned: (236, 140, 190),
    rules: [
        (238, 242, 248),
        (104, 195, 255),
        (179, 93, 20),
        (130, 155, 114),
        (149, 97, 144),
        (255, 196, 34),
    ],
};

/// `from` towards `to`, `share` from 0 to 1.
#[must_use]
pub fn blend(from: Rgb, to: Rgb, share: f64) -> Rgb {
    let channel = |a: u8, b: u8| {
        let mixed = f64::from(a) + (f64::from(b) - f64::from(a)) * share.clamp(0.0, 1.0);
        // Within 0..=255 by construction.
        mixed.round() as u8
    };
    (
        channel(from.0, to.0),
        channel(from.1, to.1),
        channel(from.2, to.2),
    )
}
