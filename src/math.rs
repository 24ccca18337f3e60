//! Powers, logarithms, exponentials and angles' functions: the browser's where there is one, the
//! platform's elsewhere.
//!
//! WebAssembly has no instructions for them, and Rust's are 10 kB of every page. Two browsers' may
//! differ in the last place, so that nothing which must be the same everywhere uses them: neither
//! the update rules nor the objectives of the lab's own, only functions that a reader typed, scales
//! and what is rounded anyway. A call costs about 25 ns more than Rust's own. Page and engine share them, so that what is shown is exported.

#[cfg(target_arch = "wasm32")]
pub(crate) use js_sys::Math::{
    acos, asin, atan, cos, cosh, exp, log as ln, log2, log10, sin, sinh, tan, tanh,
};

/// baseᵉˣᵖᵒⁿᵉⁿᵗ as IEEE 754 has it; not a number for base < 0 unless the exponent is whole.
#[cfg(target_arch = "wasm32")]
pub(crate) fn pow(base: f64, exponent: f64) -> f64 {
    // To JavaScript, these are not numbers.
    if base == 1.0 || base == -1.0 && exponent.is_infinite() {
        return 1.0;
    }
    js_sys::Math::pow(base, exponent)
}

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::*;

#[cfg(not(target_arch = "wasm32"))]
mod native {
    /// The functions of these names, by f64's methods.
    macro_rules! methods {
        ($($name:ident)*) => {$(
            pub(crate) fn $name(x: f64) -> f64 {
                x.$name()
            }
        )*};
    }

    methods!(acos asin atan cos cosh exp ln log2 log10 sin sinh tan tanh);

    pub(crate) fn pow(base: f64, exponent: f64) -> f64 {
        base.powf(exponent)
    }
}
