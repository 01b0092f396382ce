//! The reader of signature files over any text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sitedx::grammar::Logs;
use sitedx::signature::{Events, Signature};

fuzz_target!(|text: &str| {
    match Signature::read("fuzz.toml", text, &Logs::default(), &Events::default()) {
        Ok(_) => {}
        Err(mistakes) => mistakes.iter().for_each(|mistake| drop(mistake.excerpt())),
    }
});
