//! Logs of Configuration Manager: each record is found, has its time, and no byte is lost.

use std::fs;

use sitedx::bundle::in_memory;
use sitedx::catalog::{Cases, Catalog, Packs};
use sitedx::custody::Hashes;
use sitedx::grammar::{Framing, Record};
use sitedx::parse::log::each_record;
use sitedx::pipeline::analyze;
use sitedx::text::Encoding;

use super::{Verdicts, files, name, set};
use crate::false_alarms::alarms;

#[test]
fn real_logs_raise_no_alarm() {
    let Some(folder) = set("sms_logs") else { return };
    let mut verdicts = Verdicts::new("sms_logs, alarms");
    let catalog = Catalog::load(&Packs::default(), Cases::Skipped).0;
    for path in files(&folder, |name| name.to_lowercase().ends_with(".log")) {
        let opened = in_memory("logs", vec![(format!("HOST/{}", name(&path)), fs::read(&path).unwrap())]);
        let alarms = alarms(&analyze(&opened, &catalog, Hashes::Left, |_| {}));
        verdicts.case(name(&path), (!alarms.is_empty()).then(|| alarms.join("; ")));
    }
    verdicts.finish();
}

#[test]
fn logs_lose_no_record_and_no_byte() {
    let Some(folder) = set("sms_logs") else { return };
    let catalog = Catalog::built_in();
    let mut verdicts = Verdicts::new("sms_logs");
    for path in files(&folder, |name| name.to_lowercase().ends_with(".log")) {
        let bytes = fs::read(&path).unwrap();
        let encoding = Encoding::of(&bytes, Encoding::Ansi);
        let opener = b"<![LOG[";
        let wanted = bytes.windows(opener.len()).filter(|window| window == opener).count();
        let (mut enclosed, mut timed, mut end) = (0, 0, 0_usize);
        let mut lost: Option<String> = None;
        // Between records stand line ends, blanks and the byte order mark, and nothing else.
        let mut gap = |from: usize, to: usize| {
            let text = String::from_utf8_lossy(bytes.get(from..to).unwrap_or(b"overlap"));
            if !text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0').is_empty() {
                lost.get_or_insert(format!("bytes {from} to {to} are in no record: {text:?}"));
            }
        };
        let mut each = |record: &Record<'_>| {
            let start = record.offset as usize;
            gap(end, start);
            end = start + record.length as usize;
            if bytes[start..end].windows(opener.len()).any(|window| window == opener) {
                enclosed += 1;
                timed += usize::from(record.framing != Framing::None && record.local.is_some());
            }
        };
        each_record(&mut &bytes[..], encoding, &catalog.grammars, &mut each).unwrap();
        gap(end, bytes.len());
        let counts = (enclosed, timed) != (wanted, wanted);
        let wrong = counts.then(|| format!("{enclosed} records, {timed} with a time, expected {wanted}"));
        verdicts.case(name(&path), wrong.or(lost));
    }
    verdicts.finish();
}
