//! Printed events of all layouts, and what their lines and dates are taken for.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::model::Stamp;

const TEXTS: &str = "
[[source]]
names = ['sms*']
assumed = true
[source.texts]
118 = 'Cannot compile the package rule file %1 for site %2.'
358 = 'Received an ACTUAL site control file from site %1.'
[[source]]
names = 'service control manager'
[source.texts]
7036 = 'The %1 service entered the %2 state.'
";

/// The records as `layout line+lines severity source time message`, the computers, and what is told.
fn read(text: &[u8]) -> String {
    let texts = EventTexts::read("event-texts.toml", TEXTS).unwrap();
    let mut lines = Vec::new();
    let mut end = 0;
    let mut each = |record: &Record<'_>| {
        assert!(end <= record.offset && record.offset + u64::from(record.length) <= text.len() as u64);
        end = record.offset + u64::from(record.length);
        let time = record.local.map(|local| Stamp { local, zone: record.zone }.display());
        lines.push(format!(
            "{} {}+{} {} [{}] {} {}",
            record.framing.name(&Default::default()).unwrap_or("-"),
            record.line,
            record.lines,
            record.severity.map(|severity| severity.to_string()).unwrap_or_default(),
            String::from_utf8_lossy(record.component),
            time.unwrap_or_default(),
            String::from_utf8_lossy(record.message),
        ));
    };
    let read = each_event(SourceId(0), text, EventForm::Text, &texts, &mut each);
    lines.extend(read.computers.iter().map(|(name, count)| format!("computer {name}: {count}")));
    lines.extend(read.problems.iter().map(|problem| {
        let line = problem.origin.map_or(0, |origin| origin.line);
        format!("{} line {line}: {}", problem.kind.name(), problem.what)
    }));
    lines.join("\n")
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&read(text.as_bytes()));
}

#[test]
fn dumpel_with_tabs() {
    check(
        include_str!("../../../../samples/events/dumpel_application.txt"),
        expect![[r#"
        dumpel 1+1 3 [SMS] 1999-02-24T09:05:11 Event 118: Cannot compile the package rule file … for site …. D:\SMS\site.srv\maincfg.box\pkgrule\package.rul P01
        dumpel 2+1 1 [SMS] 1999-02-24T09:06:40 Event 358: Received an ACTUAL site control file from site S02.
        dumpel 3+1 3 [SMS] 1999-02-24T09:09:02 Event 381: S02
        dumpel 4+2 2 [SMS] 1999-02-24T09:31:00 Event 183: Machine: <WKS014>
        Machine: <WKS015>
        dumpel 6+1 1 [EventLog] 1999-02-25T00:00:07 Event 6005:
        computer SITEP01: 5"#]],
    );
}

#[test]
fn dumpel_with_commas_as_in_germany() {
    check(
        "04.01.12,15:37:21,4,0,11707,MsiInstaller,N/A,SITEP01,Product: Tools, version 2 -- done.\r\n\
         04.01.12,15:38:00,4,0,7036,Service Control Manager,NT AUTHORITY\\SYSTEM,SITEP01,Spooler running\r\n",
        expect![[r#"
            dumpel 1+1 1 [MsiInstaller] 2012-01-04T15:37:21 Event 11707: Product: Tools, version 2 -- done.
            dumpel 2+1 1 [Service Control Manager] 2012-01-04T15:38:00 Event 7036: The … service entered the … state. Spooler running
            computer SITEP01: 2
            assumed line 1: no date shows whether the day or the month comes first; day first, as dots are European"#]],
    );
}

#[test]
fn dumpel_with_blanks_and_the_user_first() {
    check(
        "4/11/95 4:58:39 AM  1   0   1016    N/A DhcpServer  SITEP01  %%20013\n\
         4/13/95 12:00:01 AM 2 0 2013 Srv N/A SITEP01 D:\n\
         4/14/95 12:00:01 PM 4 0 7036 Service Control Manager NT AUTHORITY\\SYSTEM SITEP01 Spooler running\n",
        expect![[r#"
            dumpel 1+1 3 [DhcpServer] 1995-04-11T04:58:39 Event 1016: %%20013
            dumpel 2+1 2 [Srv] 1995-04-13T00:00:01 Event 2013: D:
            dumpel 3+1 1 [Service Control Manager] 1995-04-14T12:00:01 Event 7036: The … service entered the … state. Spooler running
            computer SITEP01: 3"#]],
    );
    check(
        "4/11/95\t4:58:39 AM\t1\t0\t118\tN/A\tSMS\tSITEP01\tD:\\a.rul\tP01\n\
         4/11/95\t4:58:40 AM\t8\t2\t528\tSITEP01\\smsadmin\tSecurity\tSITEP01\tx\n",
        expect![[r#"
            dumpel 1+1 3 [SMS] 1995-04-11T04:58:39 Event 118: Cannot compile the package rule file D:\a.rul for site P01.
            dumpel 2+1 1 [Security] 1995-04-11T04:58:40 Event 528: x
            computer SITEP01: 2
            assumed line 1: no date shows whether the day or the month comes first; month first, as AM and PM are American
            assumed line 1: inserts are filled into the texts of Systems Management Server 1.x in their order: which insert stands where is not documented"#]],
    );
}

#[test]
fn text_that_event_viewer_saved() {
    check(
        "6/14/2003\t10:25:45 AM\tService Control Manager\tError\tNone\t7000\tN/A\tSITEP01\tThe Spooler service failed to start due to the following error: \r\n\
         The service did not start due to a logon failure. \r\n\
         6/13/2003\t9:00:00 PM\tSecurity\tFailure Audit\tLogon/Logoff \t529\tNT AUTHORITY\\SYSTEM\tSITEP01\tLogon Failure\r\n",
        expect![[r#"
            event-viewer 1+2 3 [Service Control Manager] 2003-06-14T10:25:45 Event 7000: The Spooler service failed to start due to the following error: 
            The service did not start due to a logon failure.
            event-viewer 3+1 2 [Security] 2003-06-13T21:00:00 Event 529: Logon Failure
            computer SITEP01: 2"#]],
    );
    check(
        "2003-06-14,10:25:45,SMS,Error,None,132,N/A,SITEP01,\"Length of data, given\n in file\"\n",
        expect![[r#"
            event-viewer 1+2 3 [SMS] 2003-06-14T10:25:45 Event 132: Length of data, given
            in file
            computer SITEP01: 1"#]],
    );
}

#[test]
fn the_order_of_dates_is_proved_or_told() {
    let row = |date: &str| format!("{date}\t1\t0\t5\tA\tN/A\tSITEP01\tx\n");
    check(
        &(row("01/02/2003\t10:00:00") + &row("13/02/2003\t10:00:00")),
        expect![[r#"
        dumpel 1+1 3 [A] 2003-02-01T10:00:00 Event 5: x
        dumpel 2+1 3 [A] 2003-02-13T10:00:00 Event 5: x
        computer SITEP01: 2"#]],
    );
    check(
        &row("01/02/2003\t10:00:00"),
        expect![[r#"
        dumpel 1+1 3 [A]  Event 5: x
        computer SITEP01: 1
        assumed line 1: no date shows whether the day or the month comes first: no time is told"#]],
    );
    check(
        &(row("13/02/2003\t10:00:00") + &row("02/13/2003\t10:00:00")),
        expect![[r#"
        dumpel 1+1 3 [A]  Event 5: x
        dumpel 2+1 3 [A]  Event 5: x
        computer SITEP01: 2
        assumed line 1: some dates have the day first and some the month: no time is told"#]],
    );
    check(
        &row("2003/02/13\t10:00:00"),
        expect![[r#"
        dumpel 1+1 3 [A] 2003-02-13T10:00:00 Event 5: x
        computer SITEP01: 1"#]],
    );
    check(
        &row("31/31/2003\t25:00:00"),
        expect![[r#"
        dumpel 1+1 3 [A]  Event 5: x
        computer SITEP01: 1
        assumed line 1: some dates have the day first and some the month: no time is told"#]],
    );
}

#[test]
fn other_lines_are_lines_by_themselves() {
    check(
        "C:\\>dumpel -l application\n\n1/31/99 1:00:00 AM 1 0 5 SMS N/A SITEP01 text\nmore text\n",
        expect![[r#"
            - 1+1  []  C:\>dumpel -l application
            - 2+1  []  
            dumpel 3+2 3 [SMS] 1999-01-31T01:00:00 Event 5: text
            more text
            computer SITEP01: 1"#]],
    );
}

#[test]
fn only_events_are_claimed() {
    let claims = |text: &str| claim(&Head::new("x.txt", text.as_bytes())).map(|(score, _, why)| (score, why));
    for text in [
        "",
        "07/05/95  06:16p            <DIR>          .\n",
        "2012-12-04 00:00:00 10.1.1.1 GET /index.htm 80\n",
        "11-22-1996 13:42:14 Starting setup 1 0 5\n",
        "1/2/2003 10:00 1 0 5a\n",
        "4/11/95 4:58:39 AM 3 0 5 type three does not exist\n",
    ] {
        assert_eq!(claims(text), None, "{text}");
    }
    let text = "a\nb\nc\n4/11/95 4:58:39 AM 1 0 5 SMS N/A SITEP01 text\n";
    assert_eq!(claims(text).map(|claim| claim.0), Some(66));
    let found = claims(include_str!("../../../../samples/events/dumpel_application.txt")).unwrap();
    expect!["92: 5 of 6 lines begin an event as DUMPEL.EXE prints it"]
        .assert_eq(&format!("{}: {}", found.0, found.1));
}

proptest! {
    #[test]
    fn no_text_panics(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "4/11/95", "11.04.1995", "1995-04-11", " ", "\t", ",", "4:58:39 AM", "16:58", "1", "0", "118", "SMS",
                "N/A", "NT AUTHORITY\\SYSTEM", "SITEP01", "\n", "\r", "\"", "é", "Error", "None", "%1",
            ]),
            0..40,
        )
    ) {
        read(pieces.concat().as_bytes());
    }
}
