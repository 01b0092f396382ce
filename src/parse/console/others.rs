//! Commands whose output is known for what it is and not read, since nothing in it bears on a diagnosis.

use super::command::{Command, Output};
use super::{Claim, Head, Reading};
use crate::model::{Origin, ProblemKind};
use crate::text::{Line, Text};

/// A command whose output is named in the report and left alone.
#[derive(Clone, Copy)]
pub struct Other {
    name: &'static str,
    /// The program, and the word that must follow it; empty where any may.
    typed: (&'static str, &'static str),
    /// How the output begins.
    first: &'static [&'static str],
}

pub static ARP: Other = Other { name: "arp", typed: ("arp", ""), first: &["Interface: "] };

pub static NBTSTAT: Other = Other {
    name: "nbtstat",
    typed: ("nbtstat", ""),
    first: &[
        "NetBIOS Local Name Table",
        "NetBIOS Remote Machine Name Table",
        "NetBIOS Remote Cache Name Table",
        "NetBIOS Connection Table",
        "Node IpAddress: [",
    ],
};

pub static NET_FILE: Other =
    Other { name: "net_file", typed: ("net", "file"), first: &["ID         Path  "] };

pub static NET_SESSION: Other =
    Other { name: "net_session", typed: ("net", "session"), first: &["Computer               User name  "] };

pub static NET_USE: Other = Other {
    name: "net_use",
    typed: ("net", "use"),
    first: &["New connections will ", "Status       Local     Remote  "],
};

pub static NET_VIEW: Other = Other {
    name: "net_view",
    typed: ("net", "view"),
    first: &["Server Name            Remark", r"Shared resources at \\"],
};

pub static TASKLIST: Other = Other { name: "tasklist", typed: ("tasklist", ""), first: &["Image Name   "] };

impl Command for Other {
    fn name(&self) -> &'static str {
        self.name
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let mut lines = head.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let first = lines.find(|line| self.begins(line))?;
        Some(Claim { score: 60, why: format!("`{}`", first.split("  ").next().unwrap_or(first)) })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        let (own, word) = self.typed;
        program == own && (word.is_empty() || words.first() == Some(&word))
    }

    fn begins(&self, line: &str) -> bool {
        let begins = self.first.iter().any(|first| line.starts_with(first));
        // `Interface: 10.1.2.20 on Interface 2`, later `Interface: 10.1.2.20 --- 0x2`.
        begins && (self.name != "arp" || line.contains(" on Interface ") || line.contains(" --- 0x"))
    }

    fn initials(&self) -> &'static [u8] {
        b"INCS"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Skipped { name: self.name, lines: 0, first: None })
    }
}

struct Skipped {
    name: &'static str,
    lines: u32,
    first: Option<Origin>,
}

impl<'a> Output<'a> for Skipped {
    fn line(&mut self, line: Line<'a>, _: &mut Reading) {
        self.lines += 1;
        self.first.get_or_insert(line.origin);
    }

    fn stop(&mut self, _: &mut Reading) {}

    fn finish(&mut self, reading: &mut Reading) {
        if let Some(origin) = self.first {
            let what = format!(
                "{} lines are the output of `{}`, which is not read",
                self.lines,
                self.name.replace('_', " ")
            );
            reading.parsed.problem(origin, ProblemKind::Unsupported, what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Console;
    use crate::model::SourceId;
    use crate::parse::Parser;

    #[test]
    fn what_is_not_read_is_named_and_ends_where_other_output_begins() {
        let text = [
            "C:\\>arp -a\r\nInterface: 10.1.2.20 on Interface 2\r\n  10.1.2.1  00-00-0c-07-ac-01  dynamic\r\n\r\nC:\\>net use\r\nStatus\r\n",
            include_str!("../../../samples/state/net_start/nt4.txt"),
        ];
        let parsed = Console.parse(SourceId(0), "x.txt", text.concat().as_bytes());
        assert_eq!(parsed.readers, ["net_start", "arp", "net_use"]);
        let problems: Vec<&str> = parsed.problems.iter().map(|problem| problem.what.as_str()).collect();
        assert_eq!(
            problems,
            [
                "2 lines are the output of `arp`, which is not read",
                "1 lines are the output of `net use`, which is not read"
            ]
        );
        assert_eq!(parsed.coverage.len(), 1);
    }
}
