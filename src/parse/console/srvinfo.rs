//! The output of `srvinfo` of the Resource Kits: what a server is, its drives and services.

use super::columns::labelled;
use super::command::{Command, Output};
use super::settings::{Document, computer, system_name};
use super::{Claim, Head, Reading};
use crate::model::{Fact, Origin, Service, ServiceState};
use crate::text::{Line, Text};

/// Reads rows `Label: value`, and the lists below a label without a value.
///
/// No published sample shows the columns, so rows are told by their words, and the list of services covers nothing.
pub struct SrvInfo;

/// Labels of which one stands right below the first, `Server Name`.
const LABELS: [&str; 8] =
    ["Security", "NT Type", "Version", "Build", "Current Type", "Product Name", "Registered Owner", "Domain"];

impl Command for SrvInfo {
    fn name(&self) -> &'static str {
        "srvinfo"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let lines: Vec<&str> =
            head.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
        let first = lines.windows(2).find(|pair| self.begins(pair[0]) && is_below(pair[1]))?;
        Some(Claim { score: 95, why: format!("`{}` over `{}`", first[0], first[1]) })
    }

    fn typed(&self, program: &str, _: &[&str]) -> bool {
        program == "srvinfo"
    }

    fn begins(&self, line: &str) -> bool {
        line.strip_prefix("Server Name:")
            .is_some_and(|name| computer(name.trim().trim_start_matches('\\')).is_some())
    }

    fn initials(&self) -> &'static [u8] {
        b"S"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Report {
            document: Document::new("srvinfo"),
            first: None,
            list: None,
            system: System::default(),
        })
    }
}

fn is_below(line: &str) -> bool {
    row(line).is_some_and(|(label, _)| LABELS.contains(&label))
}

/// A label and its value. `CPU[0]` and `Network Card [0]` are labels.
fn row(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.split_once(':')?;
    let words = label.starts_with(char::is_alphabetic) && label.split(' ').count() <= 4;
    let bordered = value.is_empty() || value.starts_with([' ', '\t']);
    (words && bordered).then(|| (label.trim_end(), value.trim()))
}

struct Report<'a> {
    document: Document,
    /// The first line, until the next one shows what this is.
    first: Option<Line<'a>>,
    /// The label whose list goes on; nothing before the first row.
    list: Option<String>,
    system: System,
}

/// What rows tell of the system.
#[derive(Default)]
struct System {
    product: Option<(String, Origin)>,
    version: Option<String>,
    pack: Option<String>,
}

impl<'a> Output<'a> for Report<'a> {
    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        if !line.terminated {
            return reading.unread(&line, "a row of `srvinfo`");
        }
        if SrvInfo.begins(text) {
            self.stop(reading);
            self.first = Some(line);
            return;
        }
        if let Some(first) = self.first.take() {
            if !is_below(text) {
                reading.unread(&first, "the first rows of `srvinfo`");
                return reading.unread(&line, "the first rows of `srvinfo`");
            }
            self.begin_report(&first, reading);
        }
        if self.list.is_none() || !self.row(&line, reading) {
            return reading.unread(&line, "a row of `srvinfo`");
        }
        reading.understood();
    }

    fn stop(&mut self, reading: &mut Reading) {
        if let Some(first) = self.first.take() {
            reading.unread(&first, "the first rows of `srvinfo`");
        }
        self.list = None;
        let System { product: Some((product, origin)), version, pack } = std::mem::take(&mut self.system)
        else {
            return;
        };
        // Later products carry their version in the name.
        let version =
            version.filter(|_| product.ends_with("Windows NT")).map(|version| format!(" {version}"));
        let pack = pack.map(|pack| format!(" {}", pack.replace("Service Pack ", "SP")));
        let name = [product, version.unwrap_or_default(), pack.unwrap_or_default()].concat();
        reading.parsed.fact(Fact::System { name }, origin);
    }
}

impl Report<'_> {
    fn begin_report(&mut self, first: &Line<'_>, reading: &mut Reading) {
        let name = row(first.text.trim()).map_or("", |(_, name)| name.trim_start_matches('\\'));
        if let Some(name) = computer(name) {
            reading.parsed.fact(Fact::Computer { name: name.to_owned() }, first.origin);
        }
        self.document.section("");
        self.document.set("Server Name", name, first.origin, reading);
        self.list = Some(String::new());
        reading.understood();
    }

    /// Reads a row or an entry of a list; false if the line is neither.
    fn row(&mut self, line: &Line<'_>, reading: &mut Reading) -> bool {
        let text = line.text.trim();
        let list = self.list.clone().unwrap_or_default();
        if list == "Services"
            && let Some((state, display)) = text.strip_prefix('[').and_then(|text| text.split_once(']'))
        {
            let state = state_of(state.trim());
            let display = Some(display.trim().to_owned()).filter(|display| !display.is_empty());
            let known = state.is_some() && display.is_some();
            let service = Service { display, state, ..Service::default() };
            if known {
                reading.parsed.fact(Fact::Service(Box::new(service)), line.origin);
            }
            return known;
        }
        if let Some((label, value)) = row(text) {
            // `Drive: [FileSys] [ Size ] [ Free ]` heads a table; other labels alone head lists.
            let heads = value.is_empty() || value.starts_with('[');
            self.list = Some(if heads { label.to_owned() } else { String::new() });
            self.document.section("");
            self.document.set(label, value, line.origin, reading);
            self.learn(label, value, line.origin);
            return true;
        }
        if list.is_empty() {
            return false;
        }
        self.document.section(&list);
        let fix = text.strip_prefix('[').and_then(|text| text.split_once("]:"));
        let (name, value) = fix
            .or_else(|| labelled(text).map(|(name, value, _)| (name, value)))
            .map_or((text, ""), |(name, value)| (name, value.trim()));
        self.document.set(name, value, line.origin, reading);
        true
    }

    fn learn(&mut self, label: &str, value: &str, origin: Origin) {
        match label {
            "Product Name" => self.system.product = Some((system_name(value), origin)),
            "Version" => self.system.version = Some(value.to_owned()),
            "Build" => self.system.pack = value.find("Service Pack ").map(|at| value[at..].to_owned()),
            _ => {}
        }
    }
}

/// The state that a word in brackets tells.
fn state_of(word: &str) -> Option<ServiceState> {
    match word.to_ascii_lowercase().as_str() {
        "running" | "started" => Some(ServiceState::Running),
        "stopped" => Some(ServiceState::Stopped),
        "paused" => Some(ServiceState::Paused),
        "start pending" => Some(ServiceState::StartPending),
        "stop pending" => Some(ServiceState::StopPending),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &str, expected: Expect) {
        let parsed = read_as("srvinfo", text);
        let shown = crate::parse::shown(&parsed, |fact| match fact {
            Fact::Setting { section, name, value, .. } => format!("{section} | {name} = {value}"),
            other => format!("{other:?}"),
        });
        expected.assert_eq(&shown);
    }

    const SAMPLE: &str = include_str!("../../../samples/state/srvinfo/nt4.txt");

    #[test]
    fn the_whole_report() {
        check(
            SAMPLE,
            expect![[r#"
                Computer { name: "SITES02" }
                 | Server Name = SITES02
                 | Security = Users
                 | NT Type = NT Member Server
                 | Version = 4.0
                 | Build = 1381, Service Pack 6
                 | Current Type = Uniprocessor Free
                 | Product Name = Microsoft Windows NT
                 | Registered Owner = IT
                 | Registered Organization = Example
                 | ProductID = 00000-000-0000000-00000
                 | Original Install Date = Mon Mar 08 10:14:22 1999
                 | Domain = CORP
                 | PDC = \\PDC01
                 | IP Address = 10.1.2.20
                 | CPU[0] = x86 Family 6 Model 7 Stepping 3: 498 MHz
                 | Hotfixes = 
                Hotfixes | Q147222 = 
                Hotfixes | Q241041 = Installed on 6/14/2000 by Administrator
                 | Drive = [FileSys]  [ Size ]  [ Free ]
                Drive | C$ = NTFS       2047      812
                Drive | D$ = NTFS       6613     2210
                 | Services = 
                Service(Service { key: None, display: Some("Alerter"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Computer Browser"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Network Monitor Agent"), state: Some(Stopped), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("SMS_EXECUTIVE"), state: Some(Running), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                Service(Service { key: None, display: Some("Spooler"), state: Some(Paused), start: None, path: None, account: None, dependencies: [], exit: None, driver: None })
                 | Network Card [0] = 3Com EtherLink PCI
                 | Protocol[0] = WINS Client(TCP/IP) 4.0
                 | Protocol[1] = NetBEUI Protocol 4.0
                 | System Up Time = 212 Hr 4 Min 51 Sec
                System { name: "Windows NT 4.0 SP6" }
                understood 31 of 31"#]],
        );
    }

    #[test]
    fn prose_gives_no_facts() {
        check(
            "Server Name: SITES02\nis the first row: it names the server.\n   [Running]   Alerter\n",
            expect![[r#"
                malformed line 1: found "Server Name: SITES02", expected the first rows of `srvinfo`
                malformed line 2: found "is the first row: it names the server.", expected the first rows of `srvinfo`
                malformed line 3: found "[Running]   Alerter", expected a row of `srvinfo`
                understood 0 of 3"#]],
        );
    }

    #[test]
    fn reports_are_recognised() {
        let head =
            |text: &str| SrvInfo.recognise(&Head::new("x.txt", text.as_bytes())).map(|claim| claim.score);
        assert_eq!(head(SAMPLE), Some(95));
        assert_eq!(head("Server Name: SITES02\nDrive C is full\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..900_usize) {
            read_as("srvinfo", &bytes);
            let mut mangled = SAMPLE.as_bytes().to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            read_as("srvinfo", &mangled);
        }
    }
}
