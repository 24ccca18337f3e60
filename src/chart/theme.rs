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
        (155, 161, 251),
        (207, 115, 0),
        (26, 191, 135),
        (160, 129, 168),
        (255, 207, 115),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Linear light of a colour, each channel 0 to 1 (IEC 61966-2-1).
    fn linear((red, green, blue): Rgb) -> [f64; 3] {
        [red, green, blue].map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    fn times(matrix: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
    }

    /// CIE L*a*b* under D65.
    fn lab(linear: [f64; 3]) -> [f64; 3] {
        const XYZ: [[f64; 3]; 3] = [
            [0.4124, 0.3576, 0.1805],
            [0.2126, 0.7152, 0.0722],
            [0.0193, 0.1192, 0.9505],
        ];
        let [x, y, z] = times(XYZ, linear.map(|v| v.clamp(0.0, 1.0)));
        let [x, y, z] = [x / 0.95047, y, z / 1.08883].map(|t| {
            if t > 0.008856 {
                t.cbrt()
            } else {
                7.787 * t + 16.0 / 116.0
            }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// Vision as it is, and without one kind of cone each: Machado, Oliveira & Fernandes (2009),
    /// severity 1.
    const VISIONS: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ];

    /// 25 is some ten times what is just seen side by side: enough for thin lines apart.
    #[test]
    fn rules_are_told_apart_with_any_colour_vision() {
        for theme in [LIGHT, DARK] {
            for vision in VISIONS {
                let seen = theme.rules.map(|color| lab(times(vision, linear(color))));
                for (i, a) in seen.iter().enumerate() {
                    for b in &seen[i + 1..] {
                        let difference = (a[0] - b[0]).hypot(a[1] - b[1]).hypot(a[2] - b[2]);
                        assert!(difference > 25.0, "{a:?} {b:?}: {difference}");
                    }
                }
            }
        }
    }

    /// Of graphics, WCAG 2.2 (success criterion 1.4.11) asks for 3 : 1.
    #[test]
    fn rules_stand_out_from_the_background() {
        let luminance = |color: Rgb| {
            let [red, green, blue] = linear(color);
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        for theme in [LIGHT, DARK] {
            for color in theme.rules {
                let mut both = [luminance(color), luminance(theme.background)];
                both.sort_by(f64::total_cmp);
                assert!((both[1] + 0.05) / (both[0] + 0.05) >= 3.0, "{color:?}");
            }
        }
    }

    #[test]
    fn the_first_look_is_ink_and_looks_begin_again_after_the_sixth() {
        for theme in [LIGHT, DARK] {
            assert_eq!(theme.look(0).color, theme.ink);
            assert_eq!(theme.look(0).dash, None);
            assert_eq!(theme.look(LOOKS), theme.look(0));
        }
    }
}
