//! The output of `net start`: the running services, and the system's name in the header.

use super::command::{Command, Output};
use super::list::{List, completion};
use super::{Claim, Head, Reading};
use crate::model::{Coverage, Fact, Located, Service, ServiceState};
use crate::text::{Line, Text};

/// Reads the display names that `net start` prints.
pub struct NetStart;

impl Command for NetStart {
    fn name(&self) -> &'static str {
        "net_start"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        if let Some(header) = head.lines.iter().find(|line| system(line).is_some()) {
            return Some(Claim { score: 95, why: format!("`{}`", header.trim()) });
        }
        // In other languages: a header that names Windows, a list below it, and how the command ended.
        let mut lines = head.lines.iter().filter(|line| !line.trim().is_empty());
        let header = lines.next().filter(|line| resembles(line))?;
        let ended = lines.find(|line| !line.starts_with("   ")).and_then(|line| completion(line));
        ended.map(|_| Claim { score: 70, why: format!("`{}` over a list that ends", header.trim()) })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        program == "net" && words == ["start"]
    }

    fn begins(&self, line: &str) -> bool {
        system(line).is_some()
    }

    fn initials(&self) -> &'static [u8] {
        b"TDF"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Running::default())
    }
}

/// The list that is being read.
#[derive(Default)]
struct Running {
    list: List,
    /// The system's name in the header, until a row follows.
    system: Option<Located<String>>,
    /// Whether nothing of the run was read yet, so that a header may come in any language.
    fresh: bool,
}

impl<'a> Output<'a> for Running {
    fn begin(&mut self, _: Option<&str>) {
        self.fresh = true;
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let fresh = std::mem::take(&mut self.fresh);
        let header =
            system(&line.text).or_else(|| named(&line.text).filter(|_| fresh && resembles(&line.text)));
        if let Some(name) = header {
            self.list.begin(line.origin, reading);
            self.system = Some(Located { value: name.to_owned(), origin: line.origin });
        } else if let Some(well) = completion(&line.text) {
            if self.list.end(well, line.origin, reading) {
                reading.parsed.covers(Coverage::RunningServices, line.origin);
            }
        } else if self.list.is_open() && line.terminated && line.text.starts_with([' ', '\t']) {
            // Only a row shows that the header is none that prose quotes.
            if let Some(Located { value: name, origin }) = self.system.take() {
                reading.parsed.fact(Fact::System { name }, origin);
            }
            let display = Some(line.text.trim().to_owned());
            let service = Service { display, state: Some(ServiceState::Running), ..Service::default() };
            reading.parsed.fact(Fact::Service(Box::new(service)), line.origin);
        } else {
            // What follows is no service either: this may be prose that quotes the header.
            self.list.cut(reading);
            return reading.unread(&line, "an indented service name of a `net start` list");
        }
        reading.understood();
    }

    fn stop(&mut self, reading: &mut Reading) {
        self.list.cut(reading);
    }
}

/// How the header begins and ends (message 3520 of netmsg.dll), with the system's name between.
const HEADERS: &[(&str, &str)] = &[
    ("These ", " services are started:"),
    ("Diese ", "-Dienste sind gestartet:"),
    ("Folgende ", "-Dienste sind gestartet:"),
];

/// The system's name in `These Windows NT services are started:`.
fn system(line: &str) -> Option<&str> {
    let line = line.trim();
    let name = HEADERS.iter().find_map(|(start, end)| line.strip_prefix(start)?.strip_suffix(end))?;
    name.starts_with("Windows").then_some(name)
}

/// Whether a line may be the header in a language whose words are not known: short, and about Windows.
fn resembles(line: &str) -> bool {
    let line = line.trim();
    line.ends_with([':', '：']) && line.contains("Windows") && line.split_whitespace().count() <= 10
}

/// The system's name wherever it stands in a line: `Windows`, `Windows NT` or `Windows 2000`.
fn named(line: &str) -> Option<&str> {
    let name = &line[line.find("Windows")?..];
    let of = |known: &&str| name.starts_with(*known);
    ["Windows NT", "Windows 2000", "Windows"].into_iter().find(of)
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &str, expected: Expect) {
        let parsed = read_as("net_start", text);
        expected.assert_eq(&crate::parse::shown(&parsed, |fact| format!("{fact:?}")));
    }

    const NT4: &str = include_str!("../../../samples/state/net_start/nt4.txt");
    const W2000: &str = include_str!("../../../samples/state/net_start/w2000.txt");
    const GERMAN: &str = include_str!("../../../samples/state/net_start/german.txt");
    const FRENCH: &str = include_str!("../../../samples/state/net_start/french.txt");
    const CUT: &str = include_str!("../../../samples/state/net_start/cut.txt");

    #[test]
    fn lists_of_each_system() {
        check(
            NT4,
            expect![[r#"
                System { name: "Windows NT" }
                Service(Service { key: None, display: Some("Alerter"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Computer Browser"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("EventLog"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("License Logging Service"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("MSSQLServer"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Net Logon"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("NT LM Security Support Provider"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Plug and Play"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Protected Storage"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Remote Procedure Call (RPC) Service"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Server"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("SMS_EXECUTIVE"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("SMS_SITE_COMPONENT_MANAGER"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("SMS_SQL_MONITOR"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Spooler"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("SQLServerAgent"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Workstation"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                covers RunningServices
                understood 22 of 22"#]],
        );
        check(
            W2000,
            expect![[r#"
                System { name: "Windows 2000" }
                Service(Service { key: None, display: Some("COM+ Event System"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("DNS Client"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Event Log"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("MSSQLSERVER"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Net Logon"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("SMS_EXECUTIVE"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("SMS_SITE_COMPONENT_MANAGER"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Windows Management Instrumentation"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Workstation"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                covers RunningServices
                understood 16 of 16"#]],
        );
    }

    #[test]
    fn lists_in_other_languages() {
        check(
            GERMAN,
            expect![[r#"
            System { name: "Windows 2000" }
            Service(Service { key: None, display: Some("Anmeldedienst"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
            Service(Service { key: None, display: Some("Arbeitsstationsdienst"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
            Service(Service { key: None, display: Some("Ereignisprotokoll"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
            Service(Service { key: None, display: Some("SMS_EXECUTIVE"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
            Service(Service { key: None, display: Some("Überwachung verteilter Verknüpfungen (Client)"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
            covers RunningServices
            understood 10 of 10"#]],
        );
        check(
            FRENCH,
            expect![[r#"
            System { name: "Windows" }
            Service(Service { key: None, display: Some("Client DHCP"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
            Service(Service { key: None, display: Some("Journal d'événements"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
            Service(Service { key: None, display: Some("SMS_EXECUTIVE"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
            Service(Service { key: None, display: Some("Station de travail"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
            covers RunningServices
            understood 9 of 9"#]],
        );
        // A language whose last line is not known proves services and covers nothing.
        check(
            "C:\\>net start\r\nDessa Windows-tjänster är startade:\r\n\r\n   Utskriftshanterare\r\n\r\nKommandot är klart.\r\n",
            expect![[r#"
                System { name: "Windows" }
                Service(Service { key: None, display: Some("Utskriftshanterare"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                truncated line 2: the list has no end: expected `The command completed successfully.`
                malformed line 6: found "Kommandot är klart.", expected an indented service name of a `net start` list
                understood 5 of 6"#]],
        );
    }

    #[test]
    fn a_cut_list_covers_nothing() {
        check(
            CUT,
            expect![[r#"
                System { name: "Windows NT" }
                Service(Service { key: None, display: Some("Alerter"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Computer Browser"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("EventLog"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("License Logging Service"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("MSSQLServer"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Net Logon"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
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
                Service(Service { key: None, display: Some("Alerter"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                covers RunningServices
                malformed line 9: found "Fax", expected the header or a row of a `net share` table
                understood 9 of 10"#]],
        );
        check(
            "These Windows NT services are started:\n   A\nB\nThe command completed successfully.\n",
            expect![[r#"
                System { name: "Windows NT" }
                Service(Service { key: None, display: Some("A"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
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
        assert_eq!(head(GERMAN).map(|claim| claim.score), Some(95));
        assert_eq!(head(FRENCH).map(|claim| claim.score), Some(70));
        assert_eq!(head("all services are started:"), None);
        assert_eq!(head("To stop Windows services:\n\n   SMS_EXECUTIVE\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..400_usize) {
            read_as("net_start", &bytes);
            let mut mangled = NT4.as_bytes().to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            read_as("net_start", &mangled);
        }
    }
}
