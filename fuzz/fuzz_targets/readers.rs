//! Files of the sparse lab, whatever is in them: the property of `tests/readers/`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/readers/property.rs"]
mod property;

fuzz_target!(|input: &[u8]| property::check(input));
