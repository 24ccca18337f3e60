//! Files of the sparse lab, whatever is in them. `fuzz/` checks the same, guided by coverage.

mod property;

use proptest::prelude::*;

/// Evidence: what found paths, and what was written for them.
#[test]
fn the_corpus_is_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/readers");
    let files = std::fs::read_dir(folder).unwrap();
    let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 6);
    for file in files {
        property::check(&std::fs::read(file).unwrap());
    }
}

proptest! {
    #[test]
    fn any_bytes(input in prop::collection::vec(any::<u8>(), 0..300)) {
        property::check(&input);
    }

    #[test]
    fn near_misses_of_libsvm(
        how in 0..4_u8, chunk: u8, second: u8,
        content in "([-+]?[0-3x](\\.0)? |[0-9]{1,5}:[-0-9.e]{1,4} |qid:1 |#|\r?\n|:){0,60}",
    ) {
        property::check(&[&[how << 1, chunk, second], content.as_bytes()].concat());
    }

    #[test]
    fn near_misses_of_text(
        how in 0..2_u8, chunk: u8, second: u8,
        content in "([abc ]\t?|\\PC|ham\tcrème |\r?\n){0,60}",
    ) {
        property::check(&[&[how << 3 | 1, chunk, second], content.as_bytes()].concat());
    }
}
