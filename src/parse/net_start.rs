//! The output of `net start`: the running services, and the system's name in the header.

use super::{Claim, Head, Parsed, Parser};
use crate::model::{Coverage, Fact, SourceId};
use crate::parse::console::{Command, Cue, List, Reading, completion};
use crate::text::{Encoding, Line, Text};

/// Reads the display names that `net start` prints.
pub struct NetStart;

impl Parser for NetStart {
    fn name(&self) -> &'static str {
        "net_start"
    }

    fn is_console(&self) -> bool {
        true
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let header = head.lines.iter().find(|line| system(line).is_some())?;
        Some(Claim { score: 95, why: format!("`{}`", header.trim()) })
    }

    fn parse(&self, source: SourceId, bytes: &[u8]) -> Parsed {
        let mut reading = Reading::new(Command::NetStart);
        let mut list = List::default();
        for line in Text::new(source, bytes, Encoding::Oem).lines() {
            match reading.cue(&line) {
                Cue::Blank => {}
                Cue::Prompt(_) | Cue::Foreign => list.cut(&mut reading),
                Cue::Own => own(&line, &mut list, &mut reading),
            }
        }
        list.cut(&mut reading);
        reading.finish()
    }
}

/// The system's name in `These Windows NT services are started:`.
fn system(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix("These ")?.strip_suffix(" services are started:")?;
    name.starts_with("Windows").then_some(name)
}

fn own(line: &Line<'_>, list: &mut List, reading: &mut Reading) {
    if let Some(name) = system(&line.text) {
        list.begin(line.origin, reading);
        reading.parsed.fact(Fact::System { name: name.to_owned() }, line.origin);
    } else if let Some(well) = completion(&line.text) {
        if list.end(well, line.origin, reading) {
            reading.parsed.covers(Coverage::RunningServices, line.origin);
        }
    } else if list.is_open() && line.terminated && line.text.starts_with([' ', '\t']) {
        let name = line.text.trim().to_owned();
        reading.parsed.fact(Fact::ServiceRunning { name }, line.origin);
    } else {
        // What follows is no service either: this may be prose that quotes the header.
        list.cut(reading);
        return reading.unread(line, "an indented service name of a `net start` list");
    }
    reading.understood();
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &str, expected: Expect) {
        let parsed = NetStart.parse(SourceId(0), text.as_bytes());
        expected.assert_eq(&crate::parse::shown(&parsed, |fact| format!("{fact:?}")));
    }

    const NT4: &str = include_str!("../../samples/state/net_start/nt4.txt");
    const W2000: &str = include_str!("../../samples/state/net_start/w2000.txt");
    const CUT: &str = include_str!("../../samples/state/net_start/cut.txt");

    #[test]
    fn lists_of_each_system() {
        check(
            NT4,
            expect![[r#"
            System { name: "Windows NT" }
            ServiceRunning { name: "Alerter" }
            ServiceRunning { name: "Computer Browser" }
            ServiceRunning { name: "EventLog" }
            ServiceRunning { name: "License Logging Service" }
            ServiceRunning { name: "MSSQLServer" }
            ServiceRunning { name: "Net Logon" }
            ServiceRunning { name: "NT LM Security Support Provider" }
            ServiceRunning { name: "Plug and Play" }
            ServiceRunning { name: "Protected Storage" }
            ServiceRunning { name: "Remote Procedure Call (RPC) Service" }
            ServiceRunning { name: "Server" }
            ServiceRunning { name: "SMS_EXECUTIVE" }
            ServiceRunning { name: "SMS_SITE_COMPONENT_MANAGER" }
            ServiceRunning { name: "SMS_SQL_MONITOR" }
            ServiceRunning { name: "Spooler" }
            ServiceRunning { name: "SQLServerAgent" }
            ServiceRunning { name: "Workstation" }
            covers RunningServices
            understood 22 of 22"#]],
        );
        check(
            W2000,
            expect![[r#"
            System { name: "Windows 2000" }
            ServiceRunning { name: "COM+ Event System" }
            ServiceRunning { name: "DNS Client" }
            ServiceRunning { name: "Event Log" }
            ServiceRunning { name: "MSSQLSERVER" }
            ServiceRunning { name: "Net Logon" }
            ServiceRunning { name: "SMS_EXECUTIVE" }
            ServiceRunning { name: "SMS_SITE_COMPONENT_MANAGER" }
            ServiceRunning { name: "Windows Management Instrumentation" }
            ServiceRunning { name: "Workstation" }
            covers RunningServices
            understood 16 of 16"#]],
        );
    }

    #[test]
    fn a_cut_list_covers_nothing() {
        check(
            CUT,
            expect![[r#"
                System { name: "Windows NT" }
                ServiceRunning { name: "Alerter" }
                ServiceRunning { name: "Computer Browser" }
                ServiceRunning { name: "EventLog" }
                ServiceRunning { name: "License Logging Service" }
                ServiceRunning { name: "MSSQLServer" }
                ServiceRunning { name: "Net Logon" }
                truncated line 1: the list has no end: expected `The command completed successfully.`
                truncated line 9: the source ends in the middle of "NT LM Secu"
                understood 8 of 9"#]],
        );
    }

    #[test]
    fn other_output_is_left_alone() {
        check(
            "C:\\>net start\r\nThese Windows services are started:\r\n\r\n   Alerter\r\n\r\n\
             The command completed successfully.\r\n\r\nC:\\>net share\r\n   Fax\r\nThe command completed successfully.\r\n",
            expect![[r#"
                System { name: "Windows" }
                ServiceRunning { name: "Alerter" }
                covers RunningServices
                understood 8 of 10"#]],
        );
        check(
            "These Windows NT services are started:\n   A\nB\nThe command completed successfully.\n",
            expect![[r#"
                System { name: "Windows NT" }
                ServiceRunning { name: "A" }
                truncated line 1: the list has no end: expected `The command completed successfully.`
                malformed line 3: found "B", expected an indented service name of a `net start` list
                understood 3 of 4"#]],
        );
        check(
            "   Alerter\n",
            expect![[r#"
            malformed line 1: found "Alerter", expected an indented service name of a `net start` list
            understood 0 of 1"#]],
        );
    }

    #[test]
    fn the_header_is_recognised() {
        let head = |text: &str| NetStart.recognise(&Head::new("x.txt", text.as_bytes()));
        assert_eq!(head(NT4).map(|claim| claim.score), Some(95));
        assert_eq!(head("all services are started:"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..400_usize) {
            NetStart.parse(SourceId(0), &bytes);
            let mut mangled = NT4.as_bytes().to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            NetStart.parse(SourceId(0), &mangled);
        }
    }
}
