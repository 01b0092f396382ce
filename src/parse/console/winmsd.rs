//! The report of `winmsd`: services and drivers with their states, drives, the system, and much else.

use super::columns::{is_rule, labelled};
use super::command::{Command, Output};
use super::settings::{Document, system_name};
use super::{Claim, Head, Reading};
use crate::model::{Coverage, Fact, Origin, Service, ServiceState, StartType};
use crate::text::{Line, Text};

/// Reads the text that Windows NT Diagnostics writes.
///
/// A heading such as `Services Report` stands over a rule. A service is a row `name  Running  (Automatic)`;
/// the complete report tells more of it below. The name may be followed by the group that it is loaded in.
pub struct WinMsd;

/// What the first line says before the computer's name.
const FIRST: &str = r"Microsoft Diagnostics Report For \\";

/// The groups in which Windows NT and 2000 load services and drivers (`Control\ServiceGroupOrder`).
const GROUPS: &[&str] = &[
    "Base",
    "Boot file system",
    "Event log",
    "Extended Base",
    "File system",
    "Filter",
    "Keyboard Class",
    "Keyboard Port",
    "MS Transactions",
    "NDIS",
    "NDISWAN",
    "NetBIOSGroup",
    "NetDDEGroup",
    "NetworkProvider",
    "Network",
    "Parallel arbitrator",
    "PCI Configuration",
    "PlugPlay",
    "PNP_TDI",
    "PNP Filter",
    "Pointer Class",
    "Pointer Port",
    "Port",
    "Primary disk",
    "RemoteValidation",
    "RPC Group",
    "SCSI CDROM Class",
    "SCSI Class",
    "SCSI miniport",
    "SpoolerGroup",
    "Streams Drivers",
    "System Bus Extender",
    "System Reserved",
    "TDI",
    "UIGroup",
    "Video",
    "Video Init",
    "Video Save",
    "WdfLoadGroup",
];

impl Command for WinMsd {
    fn name(&self) -> &'static str {
        "winmsd"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let first = head.lines.iter().find(|line| line.trim().starts_with(FIRST))?;
        Some(Claim { score: 95, why: format!("`{}`", first.trim()) })
    }

    fn typed(&self, program: &str, _: &[&str]) -> bool {
        program == "winmsd"
    }

    fn begins(&self, line: &str) -> bool {
        line.starts_with(FIRST)
    }

    fn initials(&self) -> &'static [u8] {
        b"M"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Report::new())
    }
}

struct Report<'a> {
    document: Document,
    /// Whether the first line was read.
    open: bool,
    section: String,
    /// A line that is a heading if a rule follows.
    held: Option<Line<'a>>,
    /// Whether a rule stands above.
    ruled: bool,
    service: Option<(Service, Origin)>,
    /// Services of the section, and whether the name of each is certain.
    services: u32,
    certain: bool,
    system: Option<(String, Origin)>,
}

impl Report<'_> {
    fn new() -> Self {
        Self {
            document: Document::new("winmsd"),
            open: false,
            section: String::new(),
            held: None,
            ruled: false,
            service: None,
            services: 0,
            certain: true,
            system: None,
        }
    }
}

impl<'a> Output<'a> for Report<'a> {
    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        if let Some(name) = text.strip_prefix(FIRST) {
            self.stop(reading);
            self.open = true;
            reading.parsed.fact(Fact::Computer { name: name.trim().to_owned() }, line.origin);
            return reading.understood();
        }
        if !self.open || !line.terminated {
            return reading.unread(&line, "the report of `winmsd`");
        }
        if is_rule(text) {
            if let Some(heading) = self.held.take() {
                self.begin_section(&heading, reading);
            }
            self.ruled = true;
            return reading.understood();
        }
        self.release(reading);
        let ruled = std::mem::take(&mut self.ruled);
        // A heading begins the line. Right below a rule it may be in any language.
        if text.ends_with("Report") || (ruled && self.section.is_empty()) {
            self.held = Some(line);
            return;
        }
        self.row(&line, reading);
        reading.understood();
    }

    fn stop(&mut self, reading: &mut Reading) {
        self.release(reading);
        self.end_service(reading);
        self.end_system(reading);
        *self = Self::new();
    }
}

impl<'a> Report<'a> {
    /// Reads a held line as a row, since no rule followed it.
    fn release(&mut self, reading: &mut Reading) {
        if let Some(line) = self.held.take() {
            self.row(&line, reading);
            reading.understood();
        }
    }

    /// A heading ends the section above, which is whole.
    fn begin_section(&mut self, heading: &Line<'a>, reading: &mut Reading) {
        self.end_service(reading);
        self.end_system(reading);
        if self.section == "Services Report" && self.services > 0 && self.certain {
            reading.parsed.covers(Coverage::RunningServices, heading.origin);
        }
        self.section = heading.text.trim().to_owned();
        self.document.section(&self.section);
        (self.services, self.certain) = (0, true);
        reading.understood();
    }

    fn row(&mut self, line: &Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        match self.section.as_str() {
            "Services Report" | "Drivers Report" => return self.service(line, reading),
            "Drives Report" => {
                if let Some(volume) = volume(text) {
                    reading.parsed.fact(volume, line.origin);
                }
            }
            "OS Version Report" => self.learn(text, line.origin),
            _ => {}
        }
        let pair = text.split_once('=').filter(|(name, _)| !name.contains(' '));
        let pair = pair.or_else(|| text.split_once(": ")).or_else(|| Some((text.strip_suffix(':')?, "")));
        let pair = pair.or_else(|| labelled(text).map(|(label, value, _)| (label, value)));
        let (name, value) = pair.unwrap_or((text, ""));
        self.document.set(name, value.trim(), line.origin, reading);
    }

    /// A row of a service or driver, or what the complete report tells of it below.
    fn service(&mut self, line: &Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        if let Some((name, state, start)) = service(text) {
            self.end_service(reading);
            let (display, certain) = ungrouped(name);
            self.certain &= certain;
            self.services += 1;
            let service = Service {
                display: Some(display.to_owned()),
                state: Some(state),
                start: Some(start),
                driver: Some(self.section == "Drivers Report"),
                ..Service::default()
            };
            self.service = Some((service, line.origin));
        } else if let Some((service, _)) = &mut self.service {
            if let Some(account) = text.strip_prefix("Service Account Name:") {
                service.account = Some(account.trim().to_owned());
            } else if service.path.is_none() && text.contains('\\') {
                service.path = Some(text.to_owned());
            }
        } else {
            reading.malformed(line.origin, || format!("found {text:?}, expected a service with its state"));
        }
    }

    fn end_service(&mut self, reading: &mut Reading) {
        if let Some((service, origin)) = self.service.take() {
            reading.parsed.fact(Fact::Service(Box::new(service)), origin);
        }
    }

    /// The product, then `Version 4.0 (Build 1381: Service Pack 6) x86 Uniprocessor Free`.
    fn learn(&mut self, text: &str, origin: Origin) {
        match (&mut self.system, text.strip_prefix("Version ")) {
            (None, None) if text.contains("Windows") => self.system = Some((system_name(text), origin)),
            (Some((name, _)), Some(version)) => {
                let number = version.split(' ').next().unwrap_or_default();
                let pack = version.split_once("Service Pack ").and_then(|(_, pack)| pack.split(')').next());
                let pack = pack.map(|pack| format!(" SP{pack}")).unwrap_or_default();
                *name = format!("{name} {number}{pack}");
            }
            _ => {}
        }
    }

    fn end_system(&mut self, reading: &mut Reading) {
        if let Some((name, origin)) = self.system.take() {
            reading.parsed.fact(Fact::System { name }, origin);
        }
    }
}

/// The name, state and start type of a row `Alerter    Running    (Automatic)`.
fn service(text: &str) -> Option<(&str, ServiceState, StartType)> {
    let (row, start) = text.strip_suffix(')')?.rsplit_once('(')?;
    let start = match start {
        "Boot" => StartType::Boot,
        "System" => StartType::System,
        "Automatic" => StartType::Automatic,
        "Manual" => StartType::Manual,
        "Disabled" => StartType::Disabled,
        _ => return None,
    };
    let (name, state) = row.trim_end().rsplit_once([' ', '\t'])?;
    let state = match state {
        "Running" => ServiceState::Running,
        "Stopped" => ServiceState::Stopped,
        "Paused" => ServiceState::Paused,
        _ => return None,
    };
    Some((name.trim_end(), state, start)).filter(|(name, ..)| !name.is_empty())
}

/// A name without the group behind it, and whether that is certain: names may end in brackets themselves.
fn ungrouped(name: &str) -> (&str, bool) {
    let Some((own, group)) = name.strip_suffix(')').and_then(|name| name.rsplit_once(" (")) else {
        return (name, true);
    };
    match GROUPS.iter().any(|known| known.eq_ignore_ascii_case(group)) {
        true => (own.trim_end(), true),
        false => (name, false),
    }
}

/// A local drive: `C:\  (Local - NTFS) SYSTEM Total: 2,096,450 KB, Free: 1,001,000 KB`.
fn volume(text: &str) -> Option<Fact> {
    let (root, rest) = text.split_once(":\\")?;
    let (kind, rest) = rest.trim().strip_prefix('(')?.split_once(')')?;
    let (label, sizes) = rest.split_once("Total:")?;
    let free = sizes.split_once("Free:")?.1.trim().strip_suffix("KB")?;
    let digits: String = free.chars().filter(char::is_ascii_digit).collect();
    let free = digits.parse::<u64>().ok().and_then(|free| free.checked_mul(1024));
    let drive = root.len() == 1
        && root.bytes().all(|letter| letter.is_ascii_alphabetic())
        && kind.starts_with("Local");
    let label = Some(label.trim().to_owned()).filter(|label| !label.is_empty());
    drive.then(|| Fact::Volume { root: format!("{root}:"), label, free })
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &str, expected: Expect) {
        let parsed = read_as("winmsd", text);
        let shown = crate::parse::shown(&parsed, |fact| match fact {
            Fact::Setting { section, name, value, .. } => format!("{section} | {name} = {value}"),
            other => format!("{other:?}"),
        });
        expected.assert_eq(&shown);
    }

    const SAMPLE: &str = include_str!("../../../samples/state/winmsd/nt4.txt");
    const COMPLETE: &str = include_str!("../../../samples/state/winmsd/complete.txt");

    #[test]
    fn the_summary() {
        check(
            SAMPLE,
            expect![[r#"
            Computer { name: "SITES02" }
            OS Version Report | Microsoft (R) Windows NT (TM) Server = 
            OS Version Report | Version 4.0 (Build 1381 = Service Pack 6) x86 Uniprocessor Free
            OS Version Report | Registered Owner = IT, Example
            OS Version Report | Product Number = 00000-000-0000000-00000
            System { name: "Windows NT Server 4.0 SP6" }
            System Report | System = AT/AT COMPATIBLE
            System Report | Hardware Abstraction Layer = PC Compatible Eisa/Isa HAL
            System Report | Processor list = 
            System Report | 0 = x86 Family 6 Model 7 Stepping 3 GenuineIntel ~498 Mhz
            Volume { root: "C:", label: Some("SYSTEM"), free: Some(851443712) }
            Drives Report | C:\  (Local - NTFS) SYSTEM Total = 2,096,450 KB, Free: 831,488 KB
            Volume { root: "D:", label: None, free: Some(2317352960) }
            Drives Report | D:\  (Local - NTFS)  Total = 6,771,712 KB, Free: 2,263,040 KB
            Drives Report | E:\  (CDROM - CDFS) SMS20 Total = 612,352 KB, Free: 0 KB
            Service(Service { key: None, display: Some("Alerter"), state: Some(Running), start: Some(Automatic), path: None, account: None, dependencies: [], exit: None, driver: Some(false) })
            Service(Service { key: None, display: Some("EventLog"), state: Some(Running), start: Some(Automatic), path: None, account: None, dependencies: [], exit: None, driver: Some(false) })
            Service(Service { key: None, display: Some("Network Monitor Agent"), state: Some(Stopped), start: Some(Manual), path: None, account: None, dependencies: [], exit: None, driver: Some(false) })
            Service(Service { key: None, display: Some("Remote Procedure Call (RPC) Service"), state: Some(Running), start: Some(Automatic), path: None, account: None, dependencies: [], exit: None, driver: Some(false) })
            Service(Service { key: None, display: Some("SMS_EXECUTIVE"), state: Some(Running), start: Some(Automatic), path: None, account: None, dependencies: [], exit: None, driver: Some(false) })
            Service(Service { key: None, display: Some("TCP/IP NetBIOS Helper"), state: Some(Running), start: Some(Automatic), path: None, account: None, dependencies: [], exit: None, driver: Some(false) })
            Service(Service { key: None, display: Some("AFD Networking Support Environment"), state: Some(Running), start: Some(Automatic), path: None, account: None, dependencies: [], exit: None, driver: Some(true) })
            Service(Service { key: None, display: Some("Network Monitor Agent Driver"), state: Some(Stopped), start: Some(Manual), path: None, account: None, dependencies: [], exit: None, driver: Some(true) })
            Environment Report | System Environment Variables = 
            Environment Report | ComSpec = C:\WINNT\system32\cmd.exe
            Environment Report | Path = C:\WINNT\system32;C:\WINNT
            Network Report | Your Access Level = Admin & Local
            Network Report | Workgroup or Domain = CORP
            Network Report | Network Version = 4.0
            covers RunningServices
            understood 49 of 49"#]],
        );
    }

    #[test]
    fn the_complete_report_tells_more_of_services() {
        check(
            COMPLETE,
            expect![[r#"
            Computer { name: "SITES02" }
            Service(Service { key: None, display: Some("Spooler"), state: Some(Running), start: Some(Automatic), path: Some("C:\\WINNT\\system32\\spoolss.exe"), account: Some("LocalSystem"), dependencies: [], exit: None, driver: Some(false) })
            Service(Service { key: None, display: Some("Backup Agent (old)"), state: Some(Stopped), start: Some(Disabled), path: Some("D:\\backup\\agent.exe"), account: Some("CORP\\Backup"), dependencies: [], exit: None, driver: Some(false) })
            IRQ and Port Report | Devices = Vector Level Affinity
            IRQ and Port Report | i8042prt = 1    1  0xffffffff
            understood 19 of 19"#]],
        );
    }

    #[test]
    fn a_cut_list_covers_nothing() {
        let end = SAMPLE.find("SMS_EXECUTIVE").unwrap();
        let parsed = read_as("winmsd", &SAMPLE[..end]);
        assert_eq!(parsed.coverage, []);
        check(
            "Services Report\n---------------------\nAlerter    Running   (Automatic)\n",
            expect![[r#"
            malformed line 1: found "Services Report", expected the report of `winmsd`
            malformed line 2: found "---------------------", expected the report of `winmsd`
            malformed line 3: found "Alerter    Running   (Automatic)", expected the report of `winmsd`
            understood 0 of 3"#]],
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..900_usize) {
            read_as("winmsd", &bytes);
            let mut mangled = SAMPLE.as_bytes().to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            read_as("winmsd", &mangled);
        }
    }
}
