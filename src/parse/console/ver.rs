//! The output of `ver`, which the command interpreter also prints when it begins: the system's name.

use super::command::{Command, Output};
use super::settings::system_name;
use super::{Claim, Head, Reading};
use crate::model::Fact;
use crate::text::{Line, Text};

/// Reads `Microsoft Windows 2000 [Version 5.00.2195]` and its like, with the copyright below.
pub struct Ver;

impl Command for Ver {
    fn name(&self) -> &'static str {
        "ver"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let mut first = head.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let line = first.next().filter(|line| system(line).is_some())?;
        Some(Claim { score: 60, why: format!("`{line}`") })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        program == "ver" && words.is_empty()
    }

    fn begins(&self, line: &str) -> bool {
        system(line).is_some()
    }

    fn initials(&self) -> &'static [u8] {
        b"MW"
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Banner)
    }
}

/// The system that a line names.
fn system(line: &str) -> Option<String> {
    if let Some(version) = line.strip_prefix("Windows NT Version ") {
        return Some(format!("Windows NT {}", version.trim()));
    }
    if line == "Microsoft(R) Windows NT(TM)" {
        return Some("Windows NT".to_owned());
    }
    let (name, version) = line.strip_suffix(']')?.split_once('[')?;
    let name = system_name(name.strip_prefix("Microsoft ")?);
    let number =
        version.rsplit(' ').next().filter(|number| number.starts_with(|c: char| c.is_ascii_digit()))?;
    match name.as_str() {
        // Since Vista the line tells the version only.
        "Windows" => Some(format!("Windows {number}")),
        _ => name.starts_with("Windows ").then_some(name),
    }
}

struct Banner;

impl<'a> Output<'a> for Banner {
    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        if let Some(name) = system(text) {
            reading.parsed.fact(Fact::System { name }, line.origin);
        } else if !(text.contains("(C)") || text.contains("(c)") || text.contains('\u{a9}')) {
            return reading.unread(&line, "the system's name and version, or a copyright");
        }
        reading.understood();
    }

    fn stop(&mut self, _: &mut Reading) {}
}

#[cfg(test)]
mod tests {
    use super::super::{Console, read_as};
    use super::*;
    use crate::model::SourceId;
    use crate::parse::Parser;

    #[test]
    fn lines_name_systems() {
        for (line, name) in [
            ("Windows NT Version 4.0", Some("Windows NT 4.0")),
            ("Microsoft Windows 2000 [Version 5.00.2195]", Some("Windows 2000")),
            ("Microsoft Windows XP [Versión 5.1.2600]", Some("Windows XP")),
            ("Microsoft Windows [Version 10.0.20348.2227]", Some("Windows 10.0.20348.2227")),
            ("Microsoft(R) Windows NT(TM)", Some("Windows NT")),
            ("Microsoft Windows [see below]", None),
            ("Windows NT", None),
        ] {
            assert_eq!(system(line).as_deref(), name, "{line}");
        }
    }

    #[test]
    fn the_banner_of_the_command_interpreter_does_not_hide_what_follows() {
        let banner = "Microsoft(R) Windows NT(TM)\r\n(C) Copyright 1985-1996 Microsoft Corp.\r\n\r\n";
        let text =
            [banner, "C:\\>net start\r\n", include_str!("../../../samples/state/net_start/nt4.txt")].concat();
        let parsed = Console.parse(SourceId(0), "x.txt", text.as_bytes());
        assert_eq!(parsed.readers, ["net_start", "ver"]);
        assert_eq!((parsed.coverage.len(), parsed.problems.len()), (1, 0));
        assert_eq!(read_as("ver", "no version\n").problems.len(), 1);
    }
}
