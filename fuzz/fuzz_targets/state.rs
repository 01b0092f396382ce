//! Every state parser over any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sitedx::model::SourceId;
use sitedx::parse::{Head, PARSERS};

fuzz_target!(|bytes: &[u8]| {
    let head = Head::new("capture.txt", bytes);
    for parser in PARSERS {
        let _ = parser.recognise(&head);
        let parsed = parser.parse(SourceId(0), "capture.txt", bytes);
        for fact in &parsed.facts {
            assert!(fact.origin.offset + u64::from(fact.origin.length) <= bytes.len() as u64);
        }
    }
});
