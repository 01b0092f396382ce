//! The output of `set`: the environment, with the computer's name.

use super::command::{Command, Output};
use super::settings::{Document, is_computer};
use super::{Claim, Head, Reading};
use crate::model::Fact;
use crate::text::{Line, Text};

/// Reads the variables that `set` prints.
pub struct Set;

impl Command for Set {
    fn name(&self) -> &'static str {
        "set"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let mut lines = head.lines.iter().filter(|line| !line.trim().is_empty());
        let names: Vec<String> =
            lines.clone().filter_map(|line| Some(variable(line)?.0.to_lowercase())).collect();
        let system = ["comspec", "path", "windir"].iter().all(|name| names.iter().any(|known| known == name));
        let whole = system && lines.all(|line| variable(line).is_some());
        whole.then(|| Claim {
            score: 90,
            why: format!("{} variables, with `ComSpec` and `windir`", names.len()),
        })
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        program == "set" && words.is_empty()
    }

    fn begins(&self, _: &str) -> bool {
        false
    }

    fn initials(&self) -> &'static [u8] {
        // Nothing begins such output but a prompt.
        &[0]
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Variables { document: Document::new("set") })
    }
}

/// A variable and its value.
fn variable(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim_end().split_once('=')?;
    let possible = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_()-.#".contains(c));
    possible.then_some((name, value))
}

struct Variables {
    document: Document,
}

impl<'a> Output<'a> for Variables {
    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let Some((name, value)) = variable(&line.text).filter(|_| line.terminated) else {
            return reading.unread(&line, "a variable with its value");
        };
        if name.eq_ignore_ascii_case("COMPUTERNAME") && is_computer(value) {
            reading.parsed.fact(Fact::Computer { name: value.to_owned() }, line.origin);
        }
        self.document.set(name, value, line.origin, reading);
        reading.understood();
    }

    fn stop(&mut self, _: &mut Reading) {}
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use crate::model::Fact;

    const SAMPLE: &str = include_str!("../../../samples/state/set/nt4.txt");

    #[test]
    fn the_environment_names_the_computer() {
        let parsed = read_as("set", SAMPLE);
        assert_eq!((parsed.understood, parsed.problems.len()), (parsed.lines, 0));
        let computer = parsed.facts.iter().find_map(|fact| match &fact.value {
            Fact::Computer { name } => Some(name.as_str()),
            _ => None,
        });
        assert_eq!(computer, Some("SITES02"));
        assert_eq!(read_as("set", "no variable\n").problems.len(), 1);
    }

    #[test]
    fn only_an_environment_is_recognised() {
        let head = |text: &str| Set.recognise(&Head::new("x.txt", text.as_bytes())).is_some();
        assert!(head(SAMPLE));
        assert!(!head("[section]\r\nPath=C:\\\r\nwindir=x\r\nComSpec=y\r\n"));
        assert!(!head("Path=C:\\WINNT\r\n"));
    }
}
