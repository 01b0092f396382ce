//! The log reader with all built-in grammars and signatures over any bytes.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use sitedx::catalog::Catalog;
use sitedx::model::SourceId;
use sitedx::parse::log::{each_record, read};
use sitedx::text::Encoding;

static CATALOG: LazyLock<Catalog> = LazyLock::new(Catalog::built_in);

fuzz_target!(|bytes: &[u8]| {
    let encoding = Encoding::of(bytes, Encoding::Ansi);
    let (log, result) = read(SourceId(0), "SMSSETUP.LOG", &mut &bytes[..], encoding, CATALOG.log_context());
    assert!(result.is_ok());
    assert_eq!(log.streamed.bytes, bytes.len() as u64);
    let mut end = 0;
    let _ = each_record(&mut &bytes[..], encoding, &CATALOG.grammars, &mut |record| {
        assert!(end <= record.offset, "no byte belongs to two records");
        end = record.offset + u64::from(record.length);
    });
    assert!(end <= bytes.len() as u64);
});
