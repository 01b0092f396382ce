//! The output of `route print`: interfaces and routes.

use super::command::{Command, Output};
use super::settings::Document;
use super::{Claim, Head, Reading};
use crate::text::{Line, Text};

/// Reads interfaces and routes as settings: each is a section, each column a name.
pub struct RoutePrint;

impl Command for RoutePrint {
    fn name(&self) -> &'static str {
        "route_print"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let first = head.lines.iter().position(|line| self.begins(line.trim()))?;
        let rows = head.lines.iter().skip(first).any(|line| route(line.trim()).is_some());
        let first = head.lines.get(first)?.trim();
        rows.then(|| Claim { score: 90, why: format!("`{first}` over routes") })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        (program == "route" && words.contains(&"print")) || (program == "netstat" && words == ["-r"])
    }

    fn begins(&self, line: &str) -> bool {
        matches!(line, "Active Routes:" | "Interface List" | "IPv4 Route Table")
    }

    fn initials(&self) -> &'static [u8] {
        b"AI"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        let document = Document::new("route print");
        Box::new(Tables { document, family: "", table: "", rows: 0, headed: false, wrapped: Vec::new() })
    }
}

/// The cells of a route with their names. IPv6 begins with the interface and the metric.
fn route(text: &str) -> Option<Vec<(&'static str, &str)>> {
    const ACTIVE: [&str; 5] = ["Network Destination", "Netmask", "Gateway", "Interface", "Metric"];
    const PERSISTENT: [&str; 4] = ["Network Address", "Netmask", "Gateway Address", "Metric"];
    const IPV6: [&str; 4] = ["If", "Metric", "Network Destination", "Gateway"];
    let cells: Vec<&str> = text.split_whitespace().collect();
    let digits = |cell: &&str| cell.bytes().all(|byte| byte.is_ascii_digit());
    let address =
        |cell: &&str| cell.split('.').count() == 4 && cell.split('.').all(|part| part.parse::<u8>().is_ok());
    let names: &[&str] = match cells.as_slice() {
        [to, mask, _, _, _] if address(to) && address(mask) => &ACTIVE,
        [to, mask, _, _] if address(to) && address(mask) => &PERSISTENT,
        [interface, metric, to] | [interface, metric, to, _]
            if digits(interface) && digits(metric) && to.contains(':') =>
        {
            &IPV6
        }
        _ => return None,
    };
    Some(names.iter().copied().zip(cells).collect())
}

/// An interface: its number, its address and its name, which dots divide.
fn interface(text: &str) -> Option<[(&'static str, String); 3]> {
    let end = text.find(['.', ' '])?;
    let (number, rest) = text.split_at_checked(end)?;
    let value = number
        .strip_prefix("0x")
        .map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
    let is_byte = |word: &&str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut rest = rest.trim_start_matches(['.', ' ']);
    let bytes: Vec<&str> = rest.split_whitespace().take_while(is_byte).take(8).collect();
    let bytes = if bytes.len() >= 6 { bytes } else { Vec::new() };
    for byte in &bytes {
        rest = rest.strip_prefix(byte)?.trim_start();
    }
    let name = rest.trim_start_matches(['.', ' ']).to_owned();
    Some([("Index", value.to_string()), ("Physical Address", bytes.join("-")), ("Description", name)])
}

struct Tables {
    document: Document,
    /// The title above the tables and a slash; before Vista there is none.
    family: &'static str,
    /// The table that goes on, and its rows so far.
    table: &'static str,
    rows: u32,
    /// Whether the names of the columns were read.
    headed: bool,
    /// A route whose gateway stands on the next line.
    wrapped: Vec<(&'static str, String)>,
}

impl<'a> Output<'a> for Tables {
    fn begin(&mut self, _: Option<&str>) {
        (self.family, self.table) = ("", "");
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        if !line.terminated {
            return reading.unread(&line, "a route or an interface");
        }
        match text {
            "Interface List" => self.begin_table("Interface List"),
            "IPv4 Route Table" => self.family = "IPv4 Route Table/",
            "IPv6 Route Table" => self.family = "IPv6 Route Table/",
            "Active Routes:" => self.begin_table("Active Routes"),
            "Persistent Routes:" => self.begin_table("Persistent Routes"),
            "None" => {}
            _ if text.bytes().all(|byte| byte == b'=') => {}
            _ if !self.row(text, &line, reading) => return reading.unread(&line, "a route or an interface"),
            _ => {}
        }
        reading.understood();
    }

    fn stop(&mut self, _: &mut Reading) {
        self.wrapped.clear();
    }
}

impl Tables {
    fn begin_table(&mut self, table: &'static str) {
        (self.table, self.rows, self.headed) = (table, 0, false);
        self.wrapped.clear();
    }

    fn row(&mut self, text: &str, line: &Line<'_>, reading: &mut Reading) -> bool {
        if self.table == "Interface List" {
            let Some(cells) = interface(text) else { return false };
            self.rows += 1;
            self.document.section(&format!("Interface List/{}", self.rows));
            cells.iter().for_each(|(name, value)| self.document.set(name, value, line.origin, reading));
            return true;
        }
        if self.table.is_empty() {
            return false;
        }
        if let Some(cells) = route(text) {
            self.rows += 1;
            self.document.section(&format!("{}{}/{}", self.family, self.table, self.rows));
            cells.iter().for_each(|(name, value)| self.document.set(name, value, line.origin, reading));
            // A long destination puts the gateway on a line of its own.
            let whole = cells.len() != 3;
            self.wrapped = if whole { Vec::new() } else { vec![("Gateway", String::new())] };
            return true;
        }
        if self.wrapped.pop().is_some() && !text.contains(' ') {
            self.document.set("Gateway", text, line.origin, reading);
            return true;
        }
        if let Some(gateway) = text.strip_prefix("Default Gateway:") {
            self.document.section(&format!("{}{}", self.family, self.table));
            self.document.set("Default Gateway", gateway.trim(), line.origin, reading);
            return true;
        }
        // The names of the columns stand above the first row.
        self.rows == 0 && !std::mem::replace(&mut self.headed, true)
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use crate::model::Fact;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let parsed = read_as("route_print", text);
        let shown = crate::parse::shown(&parsed, |fact| match fact {
            Fact::Setting { section, name, value, .. } => format!("{section} | {name} = {value}"),
            other => format!("{other:?}"),
        });
        expected.assert_eq(&shown);
    }

    #[test]
    fn tables_of_each_generation() {
        check(
            include_str!("../../../samples/state/route_print/nt4.txt"),
            expect![[r#"
                Active Routes/1 | Network Destination = 0.0.0.0
                Active Routes/1 | Netmask = 0.0.0.0
                Active Routes/1 | Gateway = 10.1.2.1
                Active Routes/1 | Interface = 10.1.2.20
                Active Routes/1 | Metric = 1
                Active Routes/2 | Network Destination = 127.0.0.0
                Active Routes/2 | Netmask = 255.0.0.0
                Active Routes/2 | Gateway = 127.0.0.1
                Active Routes/2 | Interface = 127.0.0.1
                Active Routes/2 | Metric = 1
                understood 7 of 7"#]],
        );
        check(
            include_str!("../../../samples/state/route_print/w2016.txt"),
            expect![[r#"
            Interface List/1 | Index = 12
            Interface List/1 | Physical Address = 00-50-56-a1-02-14
            Interface List/1 | Description = vmxnet3 Ethernet Adapter
            Interface List/2 | Index = 1
            Interface List/2 | Physical Address = 
            Interface List/2 | Description = Software Loopback Interface 1
            Interface List/3 | Index = 13
            Interface List/3 | Physical Address = 00-00-00-00-00-00-00-e0
            Interface List/3 | Description = Microsoft ISATAP Adapter
            IPv4 Route Table/Active Routes/1 | Network Destination = 0.0.0.0
            IPv4 Route Table/Active Routes/1 | Netmask = 0.0.0.0
            IPv4 Route Table/Active Routes/1 | Gateway = 10.1.2.1
            IPv4 Route Table/Active Routes/1 | Interface = 10.1.2.20
            IPv4 Route Table/Active Routes/1 | Metric = 15
            IPv4 Route Table/Active Routes/2 | Network Destination = 10.1.2.20
            IPv4 Route Table/Active Routes/2 | Netmask = 255.255.255.255
            IPv4 Route Table/Active Routes/2 | Gateway = On-link
            IPv4 Route Table/Active Routes/2 | Interface = 10.1.2.20
            IPv4 Route Table/Active Routes/2 | Metric = 271
            IPv4 Route Table/Persistent Routes/1 | Network Address = 0.0.0.0
            IPv4 Route Table/Persistent Routes/1 | Netmask = 0.0.0.0
            IPv4 Route Table/Persistent Routes/1 | Gateway Address = 10.1.2.1
            IPv4 Route Table/Persistent Routes/1 | Metric = Default
            IPv6 Route Table/Active Routes/1 | If = 1
            IPv6 Route Table/Active Routes/1 | Metric = 331
            IPv6 Route Table/Active Routes/1 | Network Destination = ::1/128
            IPv6 Route Table/Active Routes/1 | Gateway = On-link
            IPv6 Route Table/Active Routes/2 | If = 12
            IPv6 Route Table/Active Routes/2 | Metric = 271
            IPv6 Route Table/Active Routes/2 | Network Destination = fe80::250:56ff:fea1:214/128
            IPv6 Route Table/Active Routes/2 | Gateway = On-link
            understood 29 of 29"#]],
        );
        check(
            "Active Routes:\nare the routes that are active.\nNot so.\n",
            expect![[r#"
            malformed line 3: found "Not so.", expected a route or an interface
            understood 2 of 3"#]],
        );
    }
}
