//! Frames against lines, and layouts against frames.

use proptest::prelude::*;

use super::*;
use crate::grammar::language::parts;
use crate::grammar::layout::Memo;

const TRACE: &str = "$$<{component}><{weekday} {monthname} {day} {hour}:{minute}:{second}.{fraction} {year}[ [{zone}]]><thread={thread}[ (0x{hexthread})]>";

fn check(frame: &str, line: &str, expected: Option<&str>) {
    let frame = Frame::new(&parts(frame).unwrap());
    let found = frame.match_at(line.as_bytes(), 0).map(|(end, told)| {
        let zone = &line[told.zone.0..told.zone.1];
        let local = told.local().map(|local| local.to_string()).unwrap_or_default();
        format!("{end} {} {local} {zone} {:?}", &line[told.component.0..told.component.1], told.thread)
    });
    assert_eq!(found.as_deref(), expected);
}

#[test]
fn a_zoned_tail_is_read() {
    check(
        TRACE,
        "$$<SMS_EXECUTIVE><Fri Mar 26 10:43:41.547 1999 Eastern Standard Time><thread=281 (0x119)>",
        Some("89 SMS_EXECUTIVE 1999-03-26 10:43:41.547 Eastern Standard Time Some(281)"),
    );
    check(
        TRACE,
        "$$<APM><Wed May 10 09:15:12.360 2000 ><thread=4294758987 (0xFFFCD24B)>",
        Some("70 APM 2000-05-10 09:15:12.360  Some(4294758987)"),
    );
    check(TRACE, "$$<APM><Wed May 10 09:15:12.360 20", None);
}

#[test]
fn halves_of_the_day_are_read() {
    let frame = "{month}/{day}/{shortyear} {hour}:{minute}:{second} {half}";
    check(frame, "9/20/99 12:24:00 AM", Some("19  1999-09-20 00:24:00  None"));
    check(frame, "9/20/01 12:24:00 PM", Some("19  2001-09-20 12:24:00  None"));
}

/// Matches as the first time and as a time after `line`; both must be the same.
fn check_again(frame: &str, line: &str, next: &[u8]) -> bool {
    let frame = Frame::new(&parts(frame).unwrap());
    let mut memo = Memo::default();
    let mut told = Told::default();
    let _ = frame.match_like(&mut memo, (0, 0), line.as_bytes(), 0, &mut told);
    let found = frame.match_like(&mut memo, (0, 0), next, 0, &mut told).map(|end| (end, told));
    assert_eq!(found, frame.match_at(next, 0), "{}", next.escape_ascii());
    !memo.is_empty()
}

#[test]
fn frames_of_many_records_are_remembered() {
    const BIAS: &str = "$$<{component}>[ ]<{month}-{day}-{year} {hour}:{minute}:{second}.{fraction}{bias}>[ ]<thread={thread}[ (0x{hexthread})]>";
    const CCM: &str = r#"\]LOG\]!><time="{hour}:{minute}:{second}[.{fraction}][{bias}]" date="{month}-{day}-{year}" component="{component}" context="{skip}" type="[{severity}]" thread="[{thread}]"[ file="{skip}"]>"#;
    for (frame, line, next) in [
        (
            TRACE,
            "$$<A><Fri Mar 26 10:43:41.547 1999 Eastern Standard Time><thread=281 (0x119)>",
            "$$<A><Fri Mar 26 1:43:41.5 1999 Eastern Standard Time><thread=7>",
        ),
        (
            BIAS,
            "$$<A><07-15-2023 09:12:45.332+240><thread=4116 (0x1014)>",
            "$$<A><07-15-2023 09:12:45.332+2405><thread=4116 (0x1014)>",
        ),
        (
            CCM,
            r#"]LOG]!><time="06:37:51.201-660" date="11-28-2012" component="execmgr" context="" type="3" thread="2280" file="a.cpp:123">"#,
            r#"]LOG]!><time="06:37:51.201-660" date="11-28-2012" component="execmgr" context="" type="3" thread="" file="b">"#,
        ),
        ("<{month}-{day}-{year} {hour}:{minute}:{second}>", "<03-26-1999 10:43:41>", "<03-27-1999 10:43:41>"),
    ] {
        assert!(check_again(frame, line, next.as_bytes()), "{frame}");
    }
    // Only what follows tells whether the year is over.
    assert!(!check_again("{month}/{day}/{shortyear}{hour}:{minute}", "1/2/1999", b"1/2/1999"));
}

proptest! {
    #[test]
    fn clocks_are_read_alike(text in "[0-9]{1,2}[:0-9][0-9]{2}[:. ][0-9]{2}", rest in "[ .>a]{0,9}") {
        let text = text + &rest;
        let read_with = |frame: &str| {
            let found = Frame::read(frame).unwrap().match_at(text.as_bytes(), 0)?;
            Some((found.0, found.1.hour, found.1.minute, found.1.second))
        };
        // An optional part that is never there keeps the fields apart.
        prop_assert_eq!(read_with("{hour}:{minute}:{second}"), read_with("{hour}:{minute}[xyz]:{second}"));
    }

    #[test]
    fn what_is_remembered_changes_nothing(
        first in 0_usize..8, second in 0_usize..8, at in 0_usize..100, byte: u8, cut in 0_usize..100,
    ) {
        let lines = [
            "$$<A><Fri Mar 26 10:43:41.547 1999 Eastern Standard Time><thread=281 (0x119)>",
            "$$<A><Fri Mar 26 10:43:42.1 1999 Eastern Standard Time><thread=2811 (0x119)>",
            "$$<A><Fri Mar 26 10:43:41.547 1999><thread=281>",
            "$$<LONGER><Fri Mar  6 1:43:41.547 1999 ><thread=281 (0x119)>",
            "$$<A><Fri Mar 26 10:43:41.547 1999  Eastern><thread=281 (0x119)> $$<A><Fri",
            "$$<><Fri Mar 26 25:43:41.547 1999 x><thread=99999999999>",
            // Too large for a thread, so that the other number tells.
            "$$<A><Fri Mar 26 10:43:41.547 1999 Eastern Standard Time><thread=9999999999 (0x119)>",
            "$$<A><Fri Mar 26 10:43:41.547 1999 Eastern Standard Time><thread=1234567890 (0x119)>",
        ];
        let mut next = lines[second].as_bytes().to_vec();
        if let Some(place) = next.get_mut(at) {
            *place = byte;
        }
        next.truncate(cut.max(20));
        check_again(TRACE, lines[first], &next);
    }

    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, at in 0_usize..40) {
        let frame = Frame::new(&parts(TRACE).unwrap());
        let _ = frame.match_at(&bytes, at);
        let mut tail = b"$$<A><Fri Mar 26 10:43:41.547 ".to_vec();
        tail.extend(bytes);
        let _ = frame.match_at(&tail, 0);
    }
}
