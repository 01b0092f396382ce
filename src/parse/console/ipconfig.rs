//! The output of `ipconfig` and `ipconfig /all`: the host's and its adapters' settings.

use super::columns::{indent, laid_out};
use super::command::{Command, Output};
use super::settings::{Document, computer};
use super::{Claim, Head, Reading};
use crate::model::{Fact, Origin};
use crate::text::{Line, Text};

/// Reads the rows `label . . . : value` of every generation and language.
///
/// The header is known by its words, which differ little between languages. A row above all adapters is the
/// host's, and the first of these is its name. What has no label goes on with the value above it.
pub struct IpConfig;

impl Command for IpConfig {
    fn name(&self) -> &'static str {
        "ipconfig"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let header = head.lines.iter().position(|line| is_header(line.trim()))?;
        let leaders = head.lines.iter().skip(header).any(|line| leader(line).is_some());
        let header = head.lines.get(header)?.trim();
        leaders.then(|| Claim { score: 95, why: format!("`{header}` over rows with dots") })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        // The other options of the program print no settings.
        program == "ipconfig" && words.iter().all(|word| word.starts_with("/all"))
    }

    fn begins(&self, line: &str) -> bool {
        is_header(line)
    }

    fn initials(&self) -> &'static [u8] {
        b"WCK"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Settings::new())
    }
}

/// Whether a line heads the output: `Windows 2000 IP Configuration`, `Windows-IP-Konfiguration` and the like.
fn is_header(line: &str) -> bool {
    if line.len() > 48 || !line.contains("Windows") {
        return false;
    }
    let about = ["onfigura", "構成", "配置", "구성"].iter().any(|word| line.contains(word));
    let words = line.split([' ', '-']);
    about && line.contains("IP") && words.count() <= 6 && !line.ends_with(['.', ':', ','])
}

/// What the names of adapters hold in most languages, so that no blank line needs to stand above them.
const ADAPTER: [&str; 5] = [" adapter ", "-Adapter ", "Adaptador ", "Carte ", "Scheda "];

/// A row whose label fills all columns before the colon, so that no dot stands there.
fn wide(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.split_once(':')?;
    let bordered = value.is_empty() || value.starts_with([' ', '\t']);
    (bordered && label.chars().count() >= 25).then(|| (label, value.trim()))
}

/// The label and the value of a row: the first colon after a dot or a blank divides them.
fn leader(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let at = line.match_indices(':').map(|(at, _)| at).find(|at| {
        line[..*at].ends_with([' ', '.', '\u{a0}']) && line[at + 1..].starts_with([' ', '\t'])
            || *at + 1 == line.len()
    })?;
    let (label, value) = (&line[..at], line[at + 1..].trim());
    let bare = label.trim_end_matches([' ', '.', '\u{a0}']);
    (!bare.is_empty() && bare.len() < label.len()).then_some((bare, value))
}

struct Settings {
    document: Document,
    /// Blanks before the header, where it was read and nothing has shown that the output ended.
    open: Option<usize>,
    /// Whether nothing was read after a prompt, so that the header may come in any language.
    fresh: bool,
    /// Whether an adapter was named.
    adapter: bool,
    /// Blanks before the last row, and its label.
    last: Option<(usize, String)>,
    /// Whether a blank line stands above.
    parted: bool,
}

impl Settings {
    fn new() -> Self {
        let document = Document::new("ipconfig");
        Self { document, open: None, fresh: false, adapter: false, last: None, parted: false }
    }
}

impl<'a> Output<'a> for Settings {
    fn begin(&mut self, typed: Option<&str>) {
        *self = Self::new();
        (self.open, self.fresh) = (typed.map(|_| 0), typed.is_some());
    }

    fn blank(&mut self, _: Line<'a>, _: &mut Reading) {
        self.parted = true;
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let parted = std::mem::take(&mut self.parted);
        let laid = laid_out(&line.text, 0);
        let (text, depth) = (laid.trim(), indent(&laid));
        if is_header(text) {
            self.begin(None);
            self.open = Some(depth);
            return reading.understood();
        }
        let Some(margin) = self.open.filter(|_| line.terminated || leader(text).is_some()) else {
            return reading.unread(&line, "the header or a row of `ipconfig`");
        };
        let heading = text.ends_with(':') && depth <= margin && !text.contains(". ");
        if heading && (parted || ADAPTER.iter().any(|word| text.contains(word))) {
            self.document.section(text.trim_end_matches([':', ' ', '\u{a0}']));
            (self.adapter, self.last) = (true, None);
        } else if let Some((label, value)) = leader(text).or_else(|| wide(text).filter(|_| depth > margin)) {
            self.row(label, value, line.origin, reading);
            self.last = Some((depth, label.to_owned()));
        } else if let Some((_, label)) = self.last.as_ref().filter(|(row, _)| goes_on(text, depth, *row)) {
            self.document.set(label, text, line.origin, reading);
        } else if self.last.is_some() || self.adapter || !std::mem::take(&mut self.fresh) {
            // What is not indented and no row is the next output, or prose.
            self.open = self.open.filter(|_| depth > margin);
            return reading.unread(&line, "an adapter or a row of `ipconfig`");
        }
        reading.understood();
    }

    fn stop(&mut self, _: &mut Reading) {
        self.open = None;
    }
}

impl Settings {
    fn row(&mut self, label: &str, value: &str, origin: Origin, reading: &mut Reading) {
        let first = !self.adapter && self.last.is_none();
        if let Some(name) = computer(value).filter(|_| first) {
            reading.parsed.fact(Fact::Computer { name: name.to_owned() }, origin);
        }
        self.document.set(label, value, origin, reading);
    }
}

/// Whether a line without a label is a further value: one word, or deeper than the row above.
fn goes_on(text: &str, depth: usize, row: usize) -> bool {
    !text.contains(' ') || depth >= row + 8
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &str, expected: Expect) {
        let parsed = read_as("ipconfig", text);
        let shown = crate::parse::shown(&parsed, |fact| match fact {
            Fact::Setting { section, name, value, .. } => format!("{section} | {name} = {value}"),
            other => format!("{other:?}"),
        });
        expected.assert_eq(&shown);
    }

    const SAMPLE: &str = include_str!("../../../samples/state/ipconfig/nt4_all.txt");
    const W2000: &str = include_str!("../../../samples/state/ipconfig/w2000.txt");
    const GERMAN: &str = include_str!("../../../samples/state/ipconfig/german.txt");

    #[test]
    fn each_generation() {
        check(
            SAMPLE,
            expect![[r#"
            Computer { name: "sites02" }
             | Host Name = sites02.corp.example
             | DNS Servers = 10.1.0.10
             | DNS Servers = 10.1.0.11
             | Node Type = Hybrid
             | NetBIOS Scope ID = 
             | IP Routing Enabled = No
             | WINS Proxy Enabled = No
             | NetBIOS Resolution Uses DNS = No
            Ethernet adapter El90x1 | Description = 3Com EtherLink PCI
            Ethernet adapter El90x1 | Physical Address = 00-10-4B-3A-77-C1
            Ethernet adapter El90x1 | DHCP Enabled = No
            Ethernet adapter El90x1 | IP Address = 10.1.2.20
            Ethernet adapter El90x1 | Subnet Mask = 255.255.255.0
            Ethernet adapter El90x1 | Default Gateway = 10.1.2.1
            Ethernet adapter El90x1 | Primary WINS Server = 10.1.0.12
            understood 22 of 22"#]],
        );
        check(
            W2000,
            expect![[r#"
            Ethernet adapter Local Area Connection | Connection-specific DNS Suffix = corp.example
            Ethernet adapter Local Area Connection | IP Address = 10.1.2.20
            Ethernet adapter Local Area Connection | Subnet Mask = 255.255.255.0
            Ethernet adapter Local Area Connection | Default Gateway = 10.1.2.1
            understood 9 of 9"#]],
        );
    }

    #[test]
    fn other_languages() {
        check(
            GERMAN,
            expect![[r#"
                Computer { name: "SITES02" }
                 | Hostname = SITES02
                 | Primäres DNS-Suffix = corp.example
                 | Knotentyp = Hybrid
                 | DNS-Suffixsuchliste = corp.example
                 | DNS-Suffixsuchliste = example
                Ethernet-Adapter LAN-Verbindung | Verbindungsspezifisches DNS-Suffix = 
                Ethernet-Adapter LAN-Verbindung | Physikalische Adresse = 00-10-4B-3A-77-C1
                Ethernet-Adapter LAN-Verbindung | Verbindungslokale IPv6-Adresse = fe80::210:4bff:fe3a:77c1%2(Bevorzugt)
                Ethernet-Adapter LAN-Verbindung | IPv4-Adresse = 10.1.2.20(Bevorzugt)
                Ethernet-Adapter LAN-Verbindung | Standardgateway = fe80::1%2
                Ethernet-Adapter LAN-Verbindung | Standardgateway = 10.1.2.1
                Ethernet-Adapter LAN-Verbindung | Suchliste für verbindungsspezifische DNS-Suffixe = 
                Ethernet-Adapter LAN-Verbindung | Suchliste für verbindungsspezifische DNS-Suffixe = corp.example
                understood 19 of 19"#]],
        );
        check(
            "C:\\>ipconfig\r\n\r\nCấu hình IP Windows\r\n\r\nCarte Ethernet Local :\r\n\r\n\
             \u{20}  Adresse IPv4. . . . . . . . . . . . . .: 10.1.2.20\r\n\r\nC:\\>\r\n",
            expect![[r#"
                Carte Ethernet Local | Adresse IPv4 = 10.1.2.20
                understood 9 of 9"#]],
        );
    }

    #[test]
    fn trimmed_rows_and_what_follows() {
        let trimmed: Vec<&str> =
            SAMPLE.lines().map(str::trim).filter(|line| !line.is_empty()).take(8).collect();
        let text = format!(
            "{}\nTo determine the gateway, use another command:\nroute print is one.\n",
            trimmed.join("\n")
        );
        check(
            &text,
            expect![[r#"
                Computer { name: "sites02" }
                 | Host Name = sites02.corp.example
                 | DNS Servers = 10.1.0.10
                 | DNS Servers = 10.1.0.11
                 | Node Type = Hybrid
                 | NetBIOS Scope ID = 
                 | IP Routing Enabled = No
                 | WINS Proxy Enabled = No
                malformed line 9: found "To determine the gateway, use another co", expected an adapter or a row of `ipconfig`
                malformed line 10: found "route print is one.", expected the header or a row of `ipconfig`
                understood 8 of 10"#]],
        );
    }

    #[test]
    fn headers_are_recognised() {
        let head =
            |text: &str| IpConfig.recognise(&Head::new("x.txt", text.as_bytes())).map(|claim| claim.score);
        assert!([SAMPLE, W2000, GERMAN].iter().all(|text| head(text) == Some(95)));
        for header in [
            "Configuration IP de Windows",
            "Configuración IP de Windows",
            "Windows IP 構成",
            "Windows IP-configuratie",
        ] {
            assert!(is_header(header), "{header}");
        }
        assert!(!is_header("Windows IP Configuration is what the tool prints first."));
        assert_eq!(head("Windows IP Configuration\nis the header.\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..900_usize) {
            read_as("ipconfig", &bytes);
            let mut mangled = SAMPLE.as_bytes().to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            read_as("ipconfig", &mangled);
        }
    }
}
