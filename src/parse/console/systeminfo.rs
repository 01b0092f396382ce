//! The output of `systeminfo`: what the system is, its fixes and its network cards.

use std::borrow::Cow;

use super::columns::{column, indent, laid_out, split};
use super::command::{Command, Output};
use super::settings::{Document, computer, system_name};
use super::{Claim, Head, Reading};
use crate::model::Fact;
use crate::text::{Line, Text};

/// Reads the list that `systeminfo` prints, in every language, and its table as CSV.
///
/// All values begin in one column. The first three rows are the same everywhere: the computer's name, the
/// system's name with the word Windows, and its version. Numbered values `[01]:` make lists, and may hold
/// labels and lists of their own.
pub struct SystemInfo;

impl Command for SystemInfo {
    fn name(&self) -> &'static str {
        "systeminfo"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let lines: Vec<&str> =
            head.lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty()).collect();
        let table = lines.iter().find(|line| is_table(line)).copied();
        let list = || lines.windows(3).find(|rows| are_first(rows)).and_then(|rows| rows.first().copied());
        let first = table.or_else(list)?.trim();
        Some(Claim {
            score: 95,
            why: format!("`{}` and the system's version", first.chars().take(40).collect::<String>()),
        })
    }

    fn typed(&self, program: &str, _: &[&str]) -> bool {
        program == "systeminfo"
    }

    fn begins(&self, line: &str) -> bool {
        line.starts_with("Host Name:  ") || is_table(line)
    }

    fn initials(&self) -> &'static [u8] {
        b"H\""
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Report::new())
    }
}

/// Whether a line heads the table that `/fo csv` prints.
fn is_table(line: &str) -> bool {
    line.starts_with("\"Host Name\",\"OS Name\",")
}

/// A label that ends in a colon, its value, and the column of the value.
fn first_row(line: &str) -> Option<(&str, &str, usize)> {
    let (label, rest) = line.split_once(':')?;
    let value = rest.trim_start();
    let padded = rest.len() > value.len() && !value.is_empty() && !label.trim().is_empty();
    padded.then(|| (label, value.trim_end(), column(line, line.len() - value.len())))
}

/// Whether three rows are the computer, its system and the system's version.
fn are_first(rows: &[impl AsRef<str>]) -> bool {
    let rows: Vec<_> = rows.iter().filter_map(|row| first_row(row.as_ref())).collect();
    let [(_, name, at), (_, system, below), (_, version, last)] = rows.as_slice() else { return false };
    let numbers = version.split(['.', ' ']).take(3).filter(|part| part.parse::<u32>().is_ok()).count();
    at == below && at == last && computer(name).is_some() && system.contains("Windows") && numbers == 3
}

struct Report<'a> {
    document: Document,
    /// The first rows, until they show what this is.
    head: Vec<Line<'a>>,
    /// Blanks before the rows, and the column of the values.
    layout: Option<(usize, usize)>,
    /// The labels of the table as CSV.
    table: Option<Vec<String>>,
    /// The label of the row, the number of its value, and the label within that value.
    row: String,
    number: Option<String>,
    list: Option<String>,
}

impl Report<'_> {
    fn new() -> Self {
        Self {
            document: Document::new("systeminfo"),
            head: Vec::new(),
            layout: None,
            table: None,
            row: String::new(),
            number: None,
            list: None,
        }
    }
}

const EXPECTED: &str = "a row of `systeminfo`";

impl<'a> Output<'a> for Report<'a> {
    fn begin(&mut self, _: Option<&str>) {
        *self = Self::new();
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        if !line.terminated {
            return reading.unread(&line, EXPECTED);
        }
        if is_table(text) {
            self.table = Some(fields(text));
        } else if let Some(labels) = self.table.take() {
            return self.values(&labels, &line, reading);
        } else if text.starts_with("Host Name:  ") || self.layout.is_none() {
            // What the program says while it works is a line of its own.
            if text.starts_with("Loading ") {
                return reading.understood();
            }
            return self.first(line, reading);
        } else if !self.row(&line, reading) {
            return reading.unread(&line, EXPECTED);
        }
        reading.understood();
    }

    fn stop(&mut self, reading: &mut Reading) {
        self.head.drain(..).for_each(|line| reading.unread(&line, "the first rows of `systeminfo`"));
        self.layout = None;
    }
}

impl<'a> Report<'a> {
    /// Holds the first rows until they show what this is.
    fn first(&mut self, line: Line<'a>, reading: &mut Reading) {
        if line.text.trim_start().starts_with("Host Name:  ") {
            self.stop(reading);
        }
        self.head.push(line);
        if self.head.len() < 3 {
            return;
        }
        let texts: Vec<Cow<'_, str>> = self.head.iter().map(|line| laid_out(&line.text, 0)).collect();
        if !are_first(&texts) {
            return self.stop(reading);
        }
        let margin = texts.first().map_or(0, |text| indent(text));
        let at = texts.first().and_then(|text| first_row(text)).map_or(0, |(_, _, at)| at);
        self.layout = Some((margin, at - margin.min(at)));
        for (place, line) in std::mem::take(&mut self.head).into_iter().enumerate() {
            let value = line.text.split_once(':').map(|(_, value)| value.trim()).unwrap_or_default();
            self.proves(place, value, &line, reading);
            self.row(&line, reading);
            reading.understood();
        }
    }

    /// What the first two values prove beside settings.
    fn proves(&self, place: usize, value: &str, line: &Line<'a>, reading: &mut Reading) {
        let fact = match place {
            0 => computer(value).map(|name| Fact::Computer { name: name.to_owned() }),
            1 => Some(Fact::System { name: system_name(value) }),
            _ => None,
        };
        fact.into_iter().for_each(|fact| reading.parsed.fact(fact, line.origin));
    }

    /// Reads a row or what goes on below it; false if the line is neither.
    fn row(&mut self, line: &Line<'a>, reading: &mut Reading) -> bool {
        let Some((margin, at)) = self.layout else { return false };
        let text = laid_out(&line.text, margin);
        let depth = indent(&text);
        if depth >= at {
            return self.goes_on(text.trim(), depth - at, line, reading);
        }
        let (label, value) = split(&text, at);
        let label = label.trim_end().strip_suffix(':').filter(|label| !label.starts_with(['[', ' ']));
        let Some(label) = label else { return false };
        (self.row, self.number, self.list) = (label.trim_end().to_owned(), None, None);
        self.document.section("");
        self.document.set(&self.row, value.trim(), line.origin, reading);
        true
    }

    /// A line in the column of the values or deeper: a numbered value, what it holds, or a further value.
    fn goes_on(&mut self, text: &str, depth: usize, line: &Line<'a>, reading: &mut Reading) -> bool {
        let numbered = text.strip_prefix('[').and_then(|text| text.split_once("]:"));
        let within =
            self.number.as_ref().filter(|_| depth > 2).map(|number| format!("{}/{number}", self.row));
        match (numbered, within) {
            (Some((number, value)), None) => {
                (self.number, self.list) = (Some(number.to_owned()), None);
                self.document.section(&self.row);
                self.document.set(number, value.trim(), line.origin, reading);
            }
            (Some((number, value)), Some(within)) => {
                let list = self.list.as_deref().unwrap_or_default();
                self.document.section(&format!("{within}/{list}"));
                self.document.set(number, value.trim(), line.origin, reading);
            }
            (None, Some(within)) => match text.split_once(':') {
                Some((label, value)) => {
                    self.document.section(&within);
                    self.document.set(label.trim_end(), value.trim(), line.origin, reading);
                }
                None => self.list = Some(text.to_owned()),
            },
            (None, None) => {
                self.document.section("");
                self.document.set(&self.row, text, line.origin, reading);
            }
        }
        true
    }

    /// A row of the table as CSV.
    fn values(&mut self, labels: &[String], line: &Line<'a>, reading: &mut Reading) {
        let values = fields(line.text.trim());
        if values.len() != labels.len() {
            return reading.unread(line, "as many values as there are labels");
        }
        for (place, (label, value)) in labels.iter().zip(&values).enumerate() {
            self.proves(place, value, line, reading);
            self.document.set(label, value, line.origin, reading);
        }
        self.table = Some(labels.to_vec());
        reading.understood();
    }
}

/// The fields of a line of CSV, all of which stand in quotation marks.
fn fields(line: &str) -> Vec<String> {
    let inner = line.strip_prefix('"').and_then(|line| line.strip_suffix('"')).unwrap_or(line);
    inner.split("\",\"").map(|field| field.replace("\"\"", "\"")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: &str, expected: Expect) {
        let parsed = read_as("systeminfo", text);
        let shown = crate::parse::shown(&parsed, |fact| match fact {
            Fact::Setting { section, name, value, .. } => format!("{section} | {name} = {value}"),
            other => format!("{other:?}"),
        });
        expected.assert_eq(&shown);
    }

    const SAMPLE: &str = include_str!("../../../samples/state/systeminfo/w2003.txt");
    const GERMAN: &str = include_str!("../../../samples/state/systeminfo/german.txt");
    const CSV: &str = include_str!("../../../samples/state/systeminfo/csv.txt");

    #[test]
    fn the_whole_list() {
        check(
            SAMPLE,
            expect![[r#"
            Computer { name: "SITEP01" }
             | Host Name = SITEP01
            System { name: "Windows Server 2003, Standard Edition" }
             | OS Name = Microsoft(R) Windows(R) Server 2003, Standard Edition
             | OS Version = 5.2.3790 Service Pack 2 Build 3790
             | OS Manufacturer = Microsoft Corporation
             | OS Configuration = Member Server
             | Registered Owner = IT
             | Registered Organization = 
             | Processor(s) = 1 Processor(s) Installed.
            Processor(s) | 01 = x86 Family 6 Model 8 Stepping 6 GenuineIntel ~996 Mhz
             | Windows Directory = C:\WINDOWS
             | Time Zone = (GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna
             | Total Physical Memory = 1,023 MB
             | Available Physical Memory = 417 MB
             | Page File: Max Size = 2,461 MB
             | Page File Location(s) = C:\pagefile.sys
             | Page File Location(s) = D:\pagefile.sys
             | Domain = corp.example
             | Logon Server = \\DC01
             | Hotfix(s) = 2 Hotfix(s) Installed.
            Hotfix(s) | 01 = KB911562
            Hotfix(s) | 02 = KB917422
             | Network Card(s) = 1 NIC(s) Installed.
            Network Card(s) | 01 = HP NC7781 Gigabit Server Adapter
            Network Card(s)/01 | Connection Name = Local Area Connection
            Network Card(s)/01 | DHCP Enabled = No
            Network Card(s)/01/IP address(es) | 01 = 10.1.2.10
            Network Card(s)/01/IP address(es) | 02 = 10.1.2.11
            understood 29 of 29"#]],
        );
    }

    #[test]
    fn other_languages_and_the_table() {
        check(
            GERMAN,
            expect![[r#"
            Computer { name: "SITEP01" }
             | Hostname = SITEP01
            System { name: "Windows Server 2012 R2 Standard" }
             | Betriebssystemname = Microsoft Windows Server 2012 R2 Standard
             | Betriebssystemversion = 6.3.9600 Nicht zutreffend Build 9600
             | Betriebssystemhersteller = Microsoft Corporation
             | Virtueller Arbeitsspeicher: Maximale Größe = 4.096 MB
             | Domäne = corp.example
             | Hotfix(es) = 1 Hotfix(e) installiert.
            Hotfix(es) | 01 = KB2919355
             | Netzwerkkarte(n) = 1 Netzwerkadapter installiert.
            Netzwerkkarte(n) | 01 = Intel(R) 82574L
            Netzwerkkarte(n)/01 | Verbindungsname = Ethernet
            Netzwerkkarte(n)/01/IP-Adresse(n) | 01 = 10.1.2.10
            understood 14 of 14"#]],
        );
        check(
            CSV,
            expect![[r#"
            Computer { name: "SITEP01" }
             | Host Name = SITEP01
            System { name: "Windows XP Professional" }
             | OS Name = Microsoft Windows XP Professional
             | OS Version = 5.1.2600 Service Pack 3 Build 2600
             | Hotfix(s) = 1 Hotfix(s) Installed.,[01]: KB911562
            understood 3 of 3"#]],
        );
    }

    #[test]
    fn prose_and_cut_lists() {
        check(
            "Host Name:     SITEP01\nis the first row.\nThe second is the system.\n",
            expect![[r#"
            malformed line 1: found "Host Name:     SITEP01", expected the first rows of `systeminfo`
            malformed line 2: found "is the first row.", expected the first rows of `systeminfo`
            malformed line 3: found "The second is the system.", expected the first rows of `systeminfo`
            understood 0 of 3"#]],
        );
        check(
            &SAMPLE[..130],
            expect![[r#"
            truncated line 4: the source ends in the middle of "OS Version"
            malformed line 2: found "Host Name:                 SITEP01", expected the first rows of `systeminfo`
            malformed line 3: found "OS Name:                   Microsoft(R) ", expected the first rows of `systeminfo`
            understood 1 of 4"#]],
        );
    }

    #[test]
    fn lists_are_recognised() {
        let head =
            |text: &str| SystemInfo.recognise(&Head::new("x.txt", text.as_bytes())).map(|claim| claim.score);
        assert!([SAMPLE, GERMAN, CSV].iter().all(|text| head(text) == Some(95)));
        assert_eq!(head("Host Name:     SITEP01\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..900_usize) {
            read_as("systeminfo", &bytes);
            let mut mangled = SAMPLE.as_bytes().to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            read_as("systeminfo", &mangled);
        }
    }
}
