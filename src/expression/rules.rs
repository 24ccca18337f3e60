//! The partial derivatives of each operation, as the library exmex differentiates it: `build.rs` asks
//! it for them.

use crate::objective::Operation;

/// The derivatives of an operation on `a` (and `b`) with respect to `a` and to `b`, as texts of
/// this module's own grammar.
pub(super) type Partials = [&'static str; 2];

// The partial derivatives of an operation; none of those that no reader can type.
include!(concat!(env!("OUT_DIR"), "/partials.rs"));

/// `s` in the derivatives: the sign of a for |a| = s a, and for the smaller and the larger of two
/// the weight of a, which is 0 or 1 and, where both are equal, ½.
///
/// So the derivative of |a| at 0 is 0, and that of max(a, b) at a = b the mean of both sides: each
/// a subgradient, as automatic differentiation takes it.
pub(super) fn weight(operation: Operation) -> Option<&'static str> {
    match operation {
        Operation::Absolute => Some("sign(a)"),
        Operation::Minimum => Some("0.5-0.5*sign(a-b)"),
        Operation::Maximum => Some("0.5+0.5*sign(a-b)"),
        _ => None,
    }
}
