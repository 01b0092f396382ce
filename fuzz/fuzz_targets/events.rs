//! The readers of event log files and of printed events over any bytes.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sitedx::catalog::Catalog;
use sitedx::model::SourceId;
use sitedx::parse::log::{EventForm, each_event};

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

fuzz_target!(|bytes: &[u8]| {
    for form in [EventForm::File, EventForm::Text] {
        let read = each_event(SourceId(0), bytes, form, &CATALOG.event_texts, &mut |record| {
            assert!(record.offset + u64::from(record.length) <= bytes.len() as u64);
        });
        assert_eq!(read.streamed.bytes, bytes.len() as u64);
    }
});
