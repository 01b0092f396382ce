//! The output of `hostname`: the computer's name on a line of its own.

use super::command::{Command, Output};
use super::settings::computer;
use super::{Claim, Head, Reading};
use crate::model::Fact;
use crate::text::{Line, Text};

/// Reads the one line that `hostname` prints, after a prompt or in a file that is named so.
pub struct Hostname;

impl Command for Hostname {
    fn name(&self) -> &'static str {
        "hostname"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let name = head.name.to_lowercase();
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        let mut lines = head.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
        let (only, more) = (lines.next()?, lines.next());
        let named = stem.ends_with("hostname") && more.is_none() && computer(only).is_some();
        named.then(|| Claim { score: 60, why: format!("the file's name, and `{only}` alone") })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        program == "hostname" && words.is_empty()
    }

    fn begins(&self, _: &str) -> bool {
        false
    }

    fn initials(&self) -> &'static [u8] {
        // Nothing begins such output but a prompt.
        &[0]
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Name { read: false })
    }
}

struct Name {
    read: bool,
}

impl<'a> Output<'a> for Name {
    fn begin(&mut self, _: Option<&str>) {
        self.read = false;
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let first = !std::mem::replace(&mut self.read, true);
        let Some(name) = computer(line.text.trim()).filter(|_| first) else {
            return reading.unread(&line, "the name of a computer alone");
        };
        reading.parsed.fact(Fact::Computer { name: name.to_owned() }, line.origin);
        reading.understood();
    }

    fn stop(&mut self, _: &mut Reading) {}
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;

    #[test]
    fn a_name_alone_is_the_computer() {
        let head = |name: &str, text: &str| Hostname.recognise(&Head::new(name, text.as_bytes())).is_some();
        assert!(head("HOSTNAME.TXT", "sites02\r\n"));
        assert!(!head("x.txt", "sites02\r\n"));
        assert!(!head("hostname.txt", "sites02\r\nsitep01\r\n"));
        assert!(!head("hostname.txt", "not found here\r\n"));
        let parsed =
            read_as("dir_listing", "C:\\>hostname\r\nSITES02\r\n\r\nC:\\>hostname\r\nAccess is denied.\r\n");
        let found: Vec<_> = parsed.facts.iter().map(|fact| &fact.value).collect();
        assert_eq!(found, [&Fact::Computer { name: "SITES02".into() }]);
        assert_eq!(parsed.problems.len(), 1);
    }
}
