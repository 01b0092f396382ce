//! The output of `netstat`: connections with their states, processes and programs.

use super::columns::labelled;
use super::command::{Command, Output};
use super::settings::Document;
use super::{Claim, Head, Reading};
use crate::text::{Line, Text};

/// Reads the table of connections as settings: each connection is a section, each column a name.
pub struct NetStat;

/// How the table begins in the languages whose words are certain.
const FIRST: &[&str] = &[
    "Active Connections",
    "Aktive Verbindungen",
    "Connexions actives",
    "Conexiones activas",
    "Connessioni attive",
];

impl Command for NetStat {
    fn name(&self) -> &'static str {
        "netstat"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let first = head.lines.iter().position(|line| self.begins(line.trim()))?;
        let rows = head.lines.iter().skip(first).any(|line| is_connection(line.trim()));
        let first = head.lines.get(first)?.trim();
        rows.then(|| Claim { score: 90, why: format!("`{first}` over connections") })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        // The routing table and the statistics are other outputs.
        program == "netstat" && words.iter().all(|word| !word.contains(['r', 's', 'e']))
    }

    fn begins(&self, line: &str) -> bool {
        FIRST.contains(&line)
    }

    fn initials(&self) -> &'static [u8] {
        b"AC"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Table { document: Document::new("netstat"), columns: Vec::new(), rows: 0 })
    }
}

/// Whether a line is a row: a protocol, and two addresses with ports.
fn is_connection(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let protocol =
        words.next().is_some_and(|word| word.len() <= 6 && word.chars().all(char::is_alphanumeric));
    let port = |word: Option<&str>| word.is_some_and(|word| word.contains(':'));
    protocol && port(words.next()) && port(words.next())
}

struct Table {
    document: Document,
    columns: Vec<String>,
    rows: u32,
}

impl<'a> Output<'a> for Table {
    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        if !line.terminated {
            return reading.unread(&line, "a connection of `netstat`");
        }
        if NetStat.begins(text) {
            self.columns.clear();
        } else if is_connection(text) {
            self.row(text, &line, reading);
        } else if self.columns.is_empty() && labelled(text).is_some() {
            self.columns =
                text.split("  ").map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
        } else if self.rows > 0 && line.text.starts_with(' ') {
            // What owns the connection above: a component, or a program in brackets.
            let program = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
            let name = if program.is_some() { "Program" } else { "Component" };
            self.document.set(name, program.unwrap_or(text), line.origin, reading);
        } else {
            return reading.unread(&line, "a connection of `netstat`");
        }
        reading.understood();
    }

    fn stop(&mut self, _: &mut Reading) {
        self.columns.clear();
    }
}

impl Table {
    fn row(&mut self, text: &str, line: &Line<'_>, reading: &mut Reading) {
        const NAMES: [&str; 5] = ["Proto", "Local Address", "Foreign Address", "State", "PID"];
        self.rows += 1;
        self.document.section(&format!("Active Connections/{}", self.rows));
        let cells: Vec<&str> = text.split_whitespace().collect();
        // Only TCP has states, so that what follows the addresses may be a number of a process.
        let stateless = cells.get(3).is_some_and(|cell| cell.bytes().all(|byte| byte.is_ascii_digit()));
        for (place, cell) in cells.iter().enumerate() {
            let place = if stateless && place >= 3 { place + 1 } else { place };
            let printed = self.columns.get(place).map(String::as_str);
            let name = NAMES.get(place).copied().or(printed).unwrap_or("More");
            self.document.set(name, cell, line.origin, reading);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use crate::model::Fact;
    use expect_test::{Expect, expect};

    fn check(text: &str, expected: Expect) {
        let parsed = read_as("netstat", text);
        let shown = crate::parse::shown(&parsed, |fact| match fact {
            Fact::Setting { section, name, value, .. } => format!("{section} | {name} = {value}"),
            other => format!("{other:?}"),
        });
        expected.assert_eq(&shown);
    }

    #[test]
    fn connections_with_their_owners() {
        check(
            include_str!("../../../samples/state/netstat/aob.txt"),
            expect![[r#"
            Active Connections/1 | Proto = TCP
            Active Connections/1 | Local Address = 0.0.0.0:135
            Active Connections/1 | Foreign Address = 0.0.0.0:0
            Active Connections/1 | State = LISTENING
            Active Connections/1 | PID = 712
            Active Connections/1 | Component = RpcSs
            Active Connections/1 | Program = svchost.exe
            Active Connections/2 | Proto = TCP
            Active Connections/2 | Local Address = 10.1.2.20:1042
            Active Connections/2 | Foreign Address = 10.1.2.10:445
            Active Connections/2 | State = ESTABLISHED
            Active Connections/2 | PID = 4
            Active Connections/2 | Component = Can not obtain ownership information
            Active Connections/3 | Proto = UDP
            Active Connections/3 | Local Address = 10.1.2.20:137
            Active Connections/3 | Foreign Address = *:*
            Active Connections/3 | PID = 4
            Active Connections/4 | Proto = UDP
            Active Connections/4 | Local Address = [::1]:1900
            Active Connections/4 | Foreign Address = *:*
            Active Connections/4 | PID = 880
            understood 11 of 11"#]],
        );
        check(
            "Active Connections\n\nare what it shows\n",
            expect![[r#"
            malformed line 3: found "are what it shows", expected a connection of `netstat`
            understood 2 of 3"#]],
        );
    }
}
