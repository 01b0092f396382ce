//! The list of what a collecting script could not take, as those in `samples/collect` write it.

use super::{Claim, Head, Parsed, Parser};
use crate::model::{Fact, ProblemKind, SourceId};
use crate::text::{Encoding, Text};

/// Reads `NOT_COLLECTED.txt`: the server's name, and one line for each thing that is missing.
pub struct NotCollected;

/// The server in `What could not be collected from NAME:`.
fn server(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix("What could not be collected from ")?.strip_suffix(':')?;
    (!name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
}

impl Parser for NotCollected {
    fn name(&self) -> &'static str {
        "not_collected"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let first = head.lines.first()?;
        server(first)?;
        Some(Claim { score: 95, why: format!("`{}`", first.trim()) })
    }

    fn parse(&self, source: SourceId, _: &str, bytes: &[u8]) -> Parsed {
        let mut parsed = Parsed::default();
        for line in Text::new(source, bytes, Encoding::Oem).lines() {
            parsed.lines += 1;
            parsed.understood += 1;
            let text = line.text.trim();
            let origin = line.origin;
            match server(text) {
                Some(name) => parsed.fact(Fact::Computer { name: name.to_owned() }, origin),
                None if text.is_empty() => {}
                None => {
                    parsed.problem(origin, ProblemKind::Unreadable, format_args!("not collected: {text}"));
                }
            }
        }
        parsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn what_is_missing_is_told() {
        let text = include_str!("../../samples/state/not_collected/nt4.txt");
        let parsed = NotCollected.parse(SourceId(0), "NOT_COLLECTED.txt", text.as_bytes());
        expect![[r#"
            Computer { name: "SITES02" }
            unreadable line 2: not collected: sc_query.txt: there is no sc.exe; net_start.txt shows what runs
            unreadable line 3: not collected: reg_nal.reg: regedit wrote nothing; the key HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\NAL does not exist, or may not be read
            unreadable line 4: not collected: event logs: there is no dumpel.exe; save them in Event Viewer as .evt files
            understood 4 of 4"#]].assert_eq(&crate::parse::shown(&parsed, |fact| format!("{fact:?}")));
        assert!(
            NotCollected
                .recognise(&Head::new("x", b"What could not be collected from here and there:"))
                .is_none()
        );
    }
}
