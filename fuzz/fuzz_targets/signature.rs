//! The reader of signature files over any text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sitedx::grammar::Logs;
use sitedx::signature::{Events, Reading, Signature, Versions};

fuzz_target!(|text: &str| {
    let (logs, events, versions) = (Logs::default(), Events::default(), Versions::default());
    let reading = Reading { logs: &logs, events: &events, versions: &versions };
    for read in [Signature::read, Signature::read_without_cases] {
        if let Err(mistakes) = read("fuzz.toml", text, &reading) {
            mistakes.iter().for_each(|mistake| drop(mistake.excerpt()));
        }
    }
});
