//! Event log files of all states, built byte by byte: clean, wrapped, dirty, damaged and cut.

use std::fs;

use expect_test::{Expect, expect};
use sitedx::catalog::Catalog;
use sitedx::grammar::{EventTexts, Record};
use sitedx::model::{Problem, SourceId, Stamp};
use sitedx::parse::log::{EventForm, Interest, LogContext, Wanted, each_event, read_events};
use sitedx::pattern::LinePattern;

const HEADER: usize = 48;

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// An `EVENTLOGRECORD`: number, minute of an hour of 1999, identifier, type, source and strings.
fn event(number: u32, minute: u32, id: u32, kind: u16, source: &str, strings: &[&str]) -> Vec<u8> {
    let names = [utf16(source), utf16("SITEP01")].concat();
    let words: Vec<u8> = strings.iter().flat_map(|string| utf16(string)).collect();
    let strings_at = 56 + names.len() as u32;
    let data_at = strings_at + words.len() as u32;
    let padding = (4 - data_at % 4) % 4;
    let length = data_at + padding + 4;
    let time = 915_552_000 + minute * 60;
    let mut out = numbers(&[length, u32::from_le_bytes(*b"LfLe"), number, time, time, id]);
    for half in [kind, strings.len() as u16, 0, 0] {
        out.extend(half.to_le_bytes());
    }
    out.extend(numbers(&[0, strings_at, 0, strings_at, 0, data_at]));
    out.extend([names, words, vec![0; padding as usize]].concat());
    out.extend(length.to_le_bytes());
    out
}

fn end_record(oldest_at: usize, end_at: usize, next: u32, oldest: u32) -> Vec<u8> {
    let marks = [0x1111_1111, 0x2222_2222, 0x3333_3333, 0x4444_4444];
    numbers(&[&[0x28], &marks[..], &[oldest_at as u32, end_at as u32, next, oldest, 0x28]].concat())
}

/// A log of `events` in a ring of `size` bytes whose oldest event begins at byte `start`.
fn ring(events: &[Vec<u8>], start: usize, size: usize) -> Vec<u8> {
    let mut bytes = vec![0; size];
    let mut at = start;
    let mut put = |record: &[u8]| {
        let place = at;
        for byte in record {
            bytes[at] = *byte;
            at = if at + 1 == size { HEADER } else { at + 1 };
        }
        place
    };
    let number = |event: &Vec<u8>| u32::from_le_bytes(event[8..12].try_into().unwrap());
    for event in events {
        put(event);
    }
    let end_at = put(&[]);
    let (oldest, next) =
        (events.first().map_or(0, number), events.last().map_or(1, |event| number(event) + 1));
    put(&end_record(start, end_at, next, oldest));
    let mark = u32::from_le_bytes(*b"LfLe");
    let header = [48, mark, 1, 1, start as u32, end_at as u32, next, oldest, size as u32, 0, 0, 48];
    bytes[..HEADER].copy_from_slice(&numbers(&header));
    bytes
}

/// A log that never went over its end.
fn straight(events: &[Vec<u8>]) -> Vec<u8> {
    let size = HEADER + events.iter().map(Vec::len).sum::<usize>() + 0x28;
    ring(events, HEADER, size)
}

/// The header says that the service was writing, and is behind the times.
fn dirty(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes[36] |= 1;
    bytes[16..28].copy_from_slice(&numbers(&[48, 48, 1]));
    bytes
}

fn events() -> Vec<Vec<u8>> {
    vec![
        event(11, 0, 0x8000_1775, 4, "EventLog", &[]),
        event(12, 1, 0xC000_0084, 1, "SMS", &[r"D:\SMS\site.srv\inventry.box\badraws\00000000.RAW"]),
        event(13, 2, 0xC000_0076, 1, "SMS", &[r"D:\SMS\site.srv\maincfg.box\pkgrule\package.rul", "P01"]),
        event(14, 3, 0x8000_0140, 2, "SMS_SCHEDULER", &["SMS_SCHEDULER", "Query"]),
        event(15, 4, 0xC000_1B58, 1, "Service Control Manager", &["SMS_EXECUTIVE", "%%1069"]),
    ]
}

/// The events of a file as `line offset+length severity source time message`, and what is told of it.
fn read(bytes: &[u8], texts: &EventTexts) -> (Vec<String>, Vec<Problem>) {
    let mut found = Vec::new();
    let mut each = |record: &Record<'_>| {
        assert!(record.offset + u64::from(record.length) <= bytes.len() as u64);
        found.push(format!(
            "{}+{} {} {} {} {}",
            record.offset,
            record.length,
            record.severity.unwrap_or_default(),
            String::from_utf8_lossy(record.component),
            record.local.map(|local| local.format("%H:%M").to_string()).unwrap_or_default(),
            String::from_utf8_lossy(record.message),
        ));
    };
    let read = each_event(SourceId(0), bytes, EventForm::File, texts, &mut each);
    (found, read.problems)
}

fn check(bytes: &[u8], expected: Expect) {
    let (mut lines, problems) = read(bytes, &Catalog::built_in().event_texts);
    lines.extend(problems.iter().map(|problem| {
        let origin = problem.origin.unwrap();
        format!("{} at {}+{}: {}", problem.kind.name(), origin.offset, origin.length, problem.what)
    }));
    expected.assert_eq(&lines.join("\n"));
}

#[test]
fn the_sample_is_what_the_builder_makes() {
    let path = "samples/events/AppEvent.Evt";
    let bytes = ring(&events(), 800, 1100);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path, &bytes).unwrap();
    }
    assert_eq!(fs::read(path).unwrap(), bytes, "{path}: UPDATE_EXPECT=1 writes it anew");
}

#[test]
fn patterns_errors_and_components_work_as_on_any_log() {
    let catalog = Catalog::built_in();
    let pattern =
        LinePattern::new("Event 118: Cannot compile the package rule file {file:rest} for site {site}.")
            .unwrap();
    let wanted = |component: &str| Wanted {
        pattern: pattern.clone(),
        logs: vec!["application_event_log".to_owned()],
        component: Some(component.to_owned()),
    };
    let interest = Interest::new(vec![wanted("sms"), wanted("MSSQLServer")]);
    let context = LogContext { interest: &interest, ..catalog.log_context() };
    let bytes = straight(&events());
    let log = read_events(SourceId(0), "AppEvent.Evt", &bytes, EventForm::File, context);
    let site = log.hits.iter().map(|hit| (hit.pattern, hit.captures.get("site").unwrap_or_default()));
    assert_eq!(site.collect::<Vec<_>>(), [(0, "P01")]);
    assert_eq!((log.records, log.unframed, log.errors.len()), (5, 0, 4));
    assert_eq!(log.components["SMS"].count, 2);
    assert_eq!(log.computers["SITEP01"], 5);
    assert_eq!(log.last.map(Stamp::display).as_deref(), Some("1999-01-05T16:04:00Z"));
}

#[test]
fn a_clean_log_is_read_in_full() {
    check(
        &straight(&events()),
        expect![[r#"
        48+96 1 EventLog 16:00 Event 6005: The Event log service was started.
        144+184 3 SMS 16:01 Event 132: Length of data given in Inventory Agent output file does not match expected length: <D:\SMS\site.srv\inventry.box\badraws\00000000.RAW>
        328+188 3 SMS 16:02 Event 118: Cannot compile the package rule file D:\SMS\site.srv\maincfg.box\pkgrule\package.rul for site P01.
        516+144 2 SMS_SCHEDULER 16:03 Event 320: The job encountered an error trying to execute a query and therefore cannot generate the list of target workstations for the job. Possible causes are: SQL server is not available; or a fatal low memory condition was encountered. SMS_SCHEDULER Query
        660+168 3 Service Control Manager 16:04 Event 7000: The SMS_EXECUTIVE service failed to start due to the following error: %%1069
        assumed at 328+188: inserts are filled into the texts of Systems Management Server 1.x in their order: which insert stands where is not documented"#]],
    );
}

#[test]
fn a_log_goes_on_behind_its_header() {
    check(
        &ring(&events(), 800, 1100),
        expect![[r#"
        800+96 1 EventLog 16:00 Event 6005: The Event log service was started.
        896+184 3 SMS 16:01 Event 132: Length of data given in Inventory Agent output file does not match expected length: <D:\SMS\site.srv\inventry.box\badraws\00000000.RAW>
        1080+20 3 SMS 16:02 Event 118: Cannot compile the package rule file D:\SMS\site.srv\maincfg.box\pkgrule\package.rul for site P01.
        216+144 2 SMS_SCHEDULER 16:03 Event 320: The job encountered an error trying to execute a query and therefore cannot generate the list of target workstations for the job. Possible causes are: SQL server is not available; or a fatal low memory condition was encountered. SMS_SCHEDULER Query
        360+168 3 Service Control Manager 16:04 Event 7000: The SMS_EXECUTIVE service failed to start due to the following error: %%1069
        assumed at 1080+20: inserts are filled into the texts of Systems Management Server 1.x in their order: which insert stands where is not documented"#]],
    );
    // The end record goes over the end of the file.
    let size = HEADER + events().iter().map(Vec::len).sum::<usize>() + 16;
    check(
        &ring(&events()[1..], HEADER + events()[0].len(), size),
        expect![[r#"
        144+184 3 SMS 16:01 Event 132: Length of data given in Inventory Agent output file does not match expected length: <D:\SMS\site.srv\inventry.box\badraws\00000000.RAW>
        328+188 3 SMS 16:02 Event 118: Cannot compile the package rule file D:\SMS\site.srv\maincfg.box\pkgrule\package.rul for site P01.
        516+144 2 SMS_SCHEDULER 16:03 Event 320: The job encountered an error trying to execute a query and therefore cannot generate the list of target workstations for the job. Possible causes are: SQL server is not available; or a fatal low memory condition was encountered. SMS_SCHEDULER Query
        660+168 3 Service Control Manager 16:04 Event 7000: The SMS_EXECUTIVE service failed to start due to the following error: %%1069
        assumed at 328+188: inserts are filled into the texts of Systems Management Server 1.x in their order: which insert stands where is not documented"#]],
    );
}

#[test]
fn a_stale_header_is_not_believed() {
    check(
        &dirty(ring(&events()[..2], 400, 700)),
        expect![[r#"
        400+96 1 EventLog 16:00 Event 6005: The Event log service was started.
        496+184 3 SMS 16:01 Event 132: Length of data given in Inventory Agent output file does not match expected length: <D:\SMS\site.srv\inventry.box\badraws\00000000.RAW>
        assumed at 0+48: copied while the event log service wrote to it, so its header is stale: the record behind the newest event tells where the events begin and end"#]],
    );
}

#[test]
fn an_empty_log_is_empty() {
    check(&straight(&[]), expect![[r#""#]]);
}

#[test]
fn damage_costs_what_is_damaged() {
    let lengths: Vec<usize> = events().iter().map(Vec::len).collect();
    let second = HEADER + lengths[0];
    let mut bytes = straight(&events());
    bytes[second + 4] = b'x';
    check(
        &bytes,
        expect![[r#"
        48+96 1 EventLog 16:00 Event 6005: The Event log service was started.
        328+188 3 SMS 16:02 Event 118: Cannot compile the package rule file D:\SMS\site.srv\maincfg.box\pkgrule\package.rul for site P01.
        516+144 2 SMS_SCHEDULER 16:03 Event 320: The job encountered an error trying to execute a query and therefore cannot generate the list of target workstations for the job. Possible causes are: SQL server is not available; or a fatal low memory condition was encountered. SMS_SCHEDULER Query
        660+168 3 Service Control Manager 16:04 Event 7000: The SMS_EXECUTIVE service failed to start due to the following error: %%1069
        malformed at 828+40: found 4 events, expected 5 by their numbers
        malformed at 144+184: found 184 bytes that are no event, expected the next event
        assumed at 328+188: inserts are filled into the texts of Systems Management Server 1.x in their order: which insert stands where is not documented"#]],
    );
    let mut bytes = straight(&events());
    bytes[second..second + 4].copy_from_slice(&numbers(&[lengths[1] as u32 + 400]));
    check(
        &bytes,
        expect![[r#"
        48+96 1 EventLog 16:00 Event 6005: The Event log service was started.
        144+184 3 SMS 16:01 Event 132: Length of data given in Inventory Agent output file does not match expected length: <D:\SMS\site.srv\inventry.box\badraws\00000000.RAW>
        328+188 3 SMS 16:02 Event 118: Cannot compile the package rule file D:\SMS\site.srv\maincfg.box\pkgrule\package.rul for site P01.
        516+144 2 SMS_SCHEDULER 16:03 Event 320: The job encountered an error trying to execute a query and therefore cannot generate the list of target workstations for the job. Possible causes are: SQL server is not available; or a fatal low memory condition was encountered. SMS_SCHEDULER Query
        660+168 3 Service Control Manager 16:04 Event 7000: The SMS_EXECUTIVE service failed to start due to the following error: %%1069
        malformed at 144+184: event 12 is damaged: its length before and behind it are not the same
        assumed at 328+188: inserts are filled into the texts of Systems Management Server 1.x in their order: which insert stands where is not documented"#]],
    );
    let mut bytes = straight(&events());
    bytes[second + lengths[1] - 60..second + lengths[1]].fill(0);
    check(
        &bytes,
        expect![[r#"
        48+96 1 EventLog 16:00 Event 6005: The Event log service was started.
        144+184 3 SMS 16:01 Event 132: Length of data given in Inventory Agent output file does not match expected length: <D:\SMS\site.srv\invent>
        328+188 3 SMS 16:02 Event 118: Cannot compile the package rule file D:\SMS\site.srv\maincfg.box\pkgrule\package.rul for site P01.
        516+144 2 SMS_SCHEDULER 16:03 Event 320: The job encountered an error trying to execute a query and therefore cannot generate the list of target workstations for the job. Possible causes are: SQL server is not available; or a fatal low memory condition was encountered. SMS_SCHEDULER Query
        660+168 3 Service Control Manager 16:04 Event 7000: The SMS_EXECUTIVE service failed to start due to the following error: %%1069
        malformed at 144+184: event 12 is damaged: its length before and behind it are not the same
        assumed at 328+188: inserts are filled into the texts of Systems Management Server 1.x in their order: which insert stands where is not documented"#]],
    );
}

#[test]
fn a_cut_log_is_read_as_far_as_it_goes() {
    let bytes = straight(&events());
    check(
        &bytes[..bytes.len() - 0x28 - 30],
        expect![[r#"
        48+96 1 EventLog 16:00 Event 6005: The Event log service was started.
        144+184 3 SMS 16:01 Event 132: Length of data given in Inventory Agent output file does not match expected length: <D:\SMS\site.srv\inventry.box\badraws\00000000.RAW>
        328+188 3 SMS 16:02 Event 118: Cannot compile the package rule file D:\SMS\site.srv\maincfg.box\pkgrule\package.rul for site P01.
        516+144 2 SMS_SCHEDULER 16:03 Event 320: The job encountered an error trying to execute a query and therefore cannot generate the list of target workstations for the job. Possible causes are: SQL server is not available; or a fatal low memory condition was encountered. SMS_SCHEDULER Query
        660+138 3 Service Control Manager 16:04 Event 7000: The … service failed to start due to the following error: … SMS_EXE
        truncated at 0+48: found no record behind the newest event: cut or damaged, so the events are put in the order of their numbers and some may be missing
        malformed at 660+138: event 15 is damaged: it holds fewer strings than it says
        assumed at 328+188: inserts are filled into the texts of Systems Management Server 1.x in their order: which insert stands where is not documented"#]],
    );
    // Without its header.
    check(
        &bytes[HEADER..],
        expect![[r#"
        0+96 1 EventLog 16:00 Event 6005: The Event log service was started.
        96+184 3 SMS 16:01 Event 132: Length of data given in Inventory Agent output file does not match expected length: <D:\SMS\site.srv\inventry.box\badraws\00000000.RAW>
        280+188 3 SMS 16:02 Event 118: Cannot compile the package rule file D:\SMS\site.srv\maincfg.box\pkgrule\package.rul for site P01.
        468+144 2 SMS_SCHEDULER 16:03 Event 320: The job encountered an error trying to execute a query and therefore cannot generate the list of target workstations for the job. Possible causes are: SQL server is not available; or a fatal low memory condition was encountered. SMS_SCHEDULER Query
        612+168 3 Service Control Manager 16:04 Event 7000: The SMS_EXECUTIVE service failed to start due to the following error: %%1069
        malformed at 0+48: found no header of an event log, expected 48 bytes with `LfLe`
        malformed at 780+40: found no event at byte 48, where the oldest should be
        assumed at 280+188: inserts are filled into the texts of Systems Management Server 1.x in their order: which insert stands where is not documented"#]],
    );
}

#[test]
fn older_events_beyond_the_ends_are_told() {
    let mut bytes = ring(&events()[3..], HEADER, 1400);
    let old = event(7, 0, 1, 4, "SMS", &["old"]);
    bytes[1000..1000 + old.len()].copy_from_slice(&old);
    check(
        &bytes,
        expect![[r#"
        48+144 2 SMS_SCHEDULER 16:03 Event 320: The job encountered an error trying to execute a query and therefore cannot generate the list of target workstations for the job. Possible causes are: SQL server is not available; or a fatal low memory condition was encountered. SMS_SCHEDULER Query
        192+168 3 Service Control Manager 16:04 Event 7000: The SMS_EXECUTIVE service failed to start due to the following error: %%1069
        unsupported at 1000+400: older events stand beyond the ends of the log: 1, which Event Viewer does not show; they are left out"#]],
    );
}

#[test]
fn no_cut_and_no_byte_makes_it_panic() {
    let texts = EventTexts::default();
    for bytes in [ring(&events(), 800, 1100), dirty(straight(&events()))] {
        for length in 0..bytes.len() {
            read(&bytes[..length], &texts);
        }
        for at in 0..bytes.len() {
            for byte in [0, 1, 0x27, 0x28, 0x7F, 0xFF] {
                let mut bytes = bytes.clone();
                bytes[at] = byte;
                read(&bytes, &texts);
            }
        }
    }
}
