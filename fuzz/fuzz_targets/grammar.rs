//! The readers of grammar files, log catalogues and zones over any text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sitedx::grammar::{Grammar, Logs, Zones};

fuzz_target!(|text: &str| {
    let _ = Grammar::read("fuzz.toml", text);
    let _ = Logs::read("logs.toml", text);
    let _ = Zones::read("zones.toml", text);
});
