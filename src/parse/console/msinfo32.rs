//! The text that `msinfo32` exports: services and drivers, the system, and items with their values.

use super::command::{Command, Output};
use super::settings::{Document, computer, system_name};
use super::{Claim, Head, Reading};
use crate::model::{Coverage, Fact, Origin, Service, ServiceState, StartType};
use crate::text::{Line, Text};

/// Reads sections `[Services]`, each a table whose columns tabs divide under one row of headings.
///
/// Of other tables than those of services, drivers and items nothing is kept.
pub struct MsInfo;

/// What the first line says before the date.
const FIRST: &str = "System Information report written at:";

impl Command for MsInfo {
    fn name(&self) -> &'static str {
        "msinfo32"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let mut lines = head.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let first = lines.next()?;
        let summary = first.starts_with(FIRST) || first == "[System Summary]";
        let tabbed =
            lines.take(8).any(|line| line.starts_with("Item\tValue") || line.starts_with("OS Name\t"));
        (summary && tabbed).then(|| Claim { score: 95, why: format!("`{first}` over items with values") })
    }

    fn typed(&self, _: &str, _: &[&str]) -> bool {
        // The program writes a file and prints nothing.
        false
    }

    fn begins(&self, line: &str) -> bool {
        line.starts_with(FIRST)
    }

    fn initials(&self) -> &'static [u8] {
        b"S"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Report {
            document: Document::new("msinfo32"),
            section: String::new(),
            columns: Vec::new(),
            rows: 0,
            flawed: false,
            skipped: (0, None),
        })
    }
}

struct Report {
    document: Document,
    section: String,
    /// The headings of the table that goes on.
    columns: Vec<String>,
    /// Services of the section, and whether a row was not understood.
    rows: u32,
    flawed: bool,
    /// Lines of tables of which nothing is kept, and the first of them.
    skipped: (u32, Option<Origin>),
}

impl<'a> Output<'a> for Report {
    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let text = line.text.trim_matches(['\r', '\n', ' ', '\u{1a}']);
        if !line.terminated {
            self.flawed = true;
            return reading.unread(&line, "a row of a report of `msinfo32`");
        }
        if let Some(section) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            self.end_section(line.origin, reading);
            self.section = section.to_owned();
            self.document.section(section);
        } else if text.starts_with(FIRST) || text.starts_with("System Name:") {
            let name = text.strip_prefix("System Name:").and_then(|name| computer(name.trim()));
            self.name(name, line.origin, reading);
        } else if self.columns.is_empty() {
            self.columns = text.split('\t').map(|name| name.trim().to_owned()).collect();
        } else {
            self.row(text, &line, reading);
        }
        reading.understood();
    }

    fn stop(&mut self, reading: &mut Reading) {
        // Nothing shows that the last section is whole.
        (self.columns, self.rows) = (Vec::new(), 0);
        if let (count, Some(origin)) = std::mem::take(&mut self.skipped) {
            let what =
                format!("{count} lines are of sections that hold no services and no items, and are not kept");
            reading.parsed.problem(origin, crate::model::ProblemKind::Unsupported, what);
        }
    }
}

impl Report {
    /// A heading shows that the section above is whole.
    fn end_section(&mut self, origin: Origin, reading: &mut Reading) {
        if self.section == "Services" && self.rows > 0 && !self.flawed {
            reading.parsed.covers(Coverage::Services, origin);
        }
        (self.columns, self.rows, self.flawed) = (Vec::new(), 0, false);
    }

    fn name(&self, name: Option<&str>, origin: Origin, reading: &mut Reading) {
        if let Some(name) = name {
            reading.parsed.fact(Fact::Computer { name: name.to_owned() }, origin);
        }
    }

    fn row(&mut self, text: &str, line: &Line<'_>, reading: &mut Reading) {
        let cells: Vec<&str> = text.split('\t').map(str::trim).collect();
        let cell = |name: &str| {
            let place = self.columns.iter().position(|column| column == name)?;
            cells.get(place).copied().filter(|cell| !cell.is_empty())
        };
        match self.section.as_str() {
            "Services" | "System Drivers" | "Drivers" => match service(cell, self.section != "Services") {
                Some(service) => {
                    self.rows += 1;
                    reading.parsed.fact(Fact::Service(Box::new(service)), line.origin);
                }
                None => {
                    self.flawed = true;
                    reading.malformed(line.origin, || {
                        format!("found {text:?}, expected a service with its state")
                    });
                }
            },
            section if self.columns.first().is_some_and(|column| column == "Item") => {
                let (Some(item), value) = (cell("Item"), cell("Value").unwrap_or_default()) else { return };
                if section == "System Summary" && item == "System Name" {
                    self.name(computer(value), line.origin, reading);
                }
                if section == "System Summary" && item == "OS Name" {
                    reading.parsed.fact(Fact::System { name: system_name(value) }, line.origin);
                }
                self.document.set(item, value, line.origin, reading);
            }
            _ => {
                self.skipped.0 += 1;
                self.skipped.1.get_or_insert(line.origin);
            }
        }
    }
}

/// The service of a row, whose cells are asked for by their headings.
fn service<'c>(cell: impl Fn(&str) -> Option<&'c str>, driver: bool) -> Option<Service> {
    let state = match cell("State")?.to_ascii_lowercase().as_str() {
        "running" => ServiceState::Running,
        "stopped" => ServiceState::Stopped,
        "paused" => ServiceState::Paused,
        "start pending" => ServiceState::StartPending,
        "stop pending" => ServiceState::StopPending,
        _ => return None,
    };
    let start = match cell("Start Mode").unwrap_or_default().to_ascii_lowercase().as_str() {
        "boot" => Some(StartType::Boot),
        "system" => Some(StartType::System),
        "auto" | "automatic" => Some(StartType::Automatic),
        "manual" => Some(StartType::Manual),
        "disabled" => Some(StartType::Disabled),
        _ => None,
    };
    let text = |name: &str| cell(name).map(str::to_owned);
    Some(Service {
        key: Some(text("Name")?),
        display: text(if driver { "Description" } else { "Display Name" }),
        state: Some(state),
        start,
        path: text(if driver { "File" } else { "Path" }),
        account: text("Start Name"),
        driver: Some(driver),
        ..Service::default()
    })
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &[u8], expected: Expect) {
        let parsed = read_as("msinfo32", text);
        let shown = crate::parse::shown(&parsed, |fact| match fact {
            Fact::Setting { section, name, value, .. } => format!("{section} | {name} = {value}"),
            other => format!("{other:?}"),
        });
        expected.assert_eq(&shown);
    }

    const SAMPLE: &[u8] = include_bytes!("../../../samples/state/msinfo32/w2000.txt");

    #[test]
    fn services_drivers_and_items() {
        check(
            SAMPLE,
            expect![[r#"
            System { name: "Windows 2000 Server" }
            System Summary | OS Name = Microsoft Windows 2000 Server
            System Summary | Version = 5.0.2195 Service Pack 2 Build 2195
            Computer { name: "SITEP01" }
            System Summary | System Name = SITEP01
            Service(Service { key: Some("nmnt"), display: Some("Network Monitor Driver"), state: Some(Stopped), start: Some(Manual), path: Some("c:\\winnt\\system32\\drivers\\nmnt.sys"), account: None, dependencies: [], exit: None, driver: Some(true) })
            Service(Service { key: Some("Alerter"), display: Some("Alerter"), state: Some(Running), start: Some(Automatic), path: Some("c:\\winnt\\system32\\services.exe"), account: Some("LocalSystem"), dependencies: [], exit: None, driver: Some(false) })
            Service(Service { key: Some("SMS_EXECUTIVE"), display: Some("SMS_EXECUTIVE"), state: Some(Stopped), start: Some(Automatic), path: Some("d:\\sms\\bin\\i386\\smsexec.exe"), account: Some("CORP\\SMSService"), dependencies: [], exit: None, driver: Some(false) })
            covers Services
            unsupported line 33: 1 lines are of sections that hold no services and no items, and are not kept
            understood 33 of 33"#]],
        );
    }

    #[test]
    fn a_last_section_covers_nothing() {
        let text = "[System Summary]\nItem\tValue\n[Services]\nDisplay Name\tName\tState\nA\tA\tRunning\nB\tB\tRun\n";
        check(
            text.as_bytes(),
            expect![[r#"
            Service(Service { key: Some("A"), display: Some("A"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: Some(false) })
            malformed line 6: found "B\tB\tRun", expected a service with its state
            understood 6 of 6"#]],
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..900_usize) {
            read_as("msinfo32", &bytes);
            let mut mangled = SAMPLE.to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            read_as("msinfo32", &mangled);
        }
    }
}
