//! The output of `sc query`, `sc queryex` and `sc qc`: services and drivers, block by block.

mod asked;
mod block;

use asked::Asked;
use block::Block;

use super::command::{Command, Output};
use super::{Claim, Head, Reading};
use crate::model::{Fact, Origin, ProblemKind};
use crate::text::{Line, Text};

/// Reads the blocks that `sc` prints for services and drivers, from the Resource Kits to Windows 11.
///
/// The names of states are words for programs and the same everywhere; labels are not, so that in a block
/// without the label `TYPE` the rows are told by their order. A list says nothing at its end. So it covers
/// what was asked for only where the command that printed it stands before it, and something after it.
pub struct Sc;

impl Command for Sc {
    fn name(&self) -> &'static str {
        "sc"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let typed =
            head.lines.iter().position(|line| block::row(line.trim()).is_some_and(|row| row.is_type()))?;
        let above = head.lines.get(typed.saturating_sub(3)..typed)?;
        let heading = above.iter().find(|line| block::heading(line.trim()).is_some())?;
        Some(Claim { score: 95, why: format!("`{}` over a type of service", heading.trim()) })
    }

    fn typed(&self, program: &str, _: &[&str]) -> bool {
        program == "sc"
    }

    fn begins(&self, line: &str) -> bool {
        line.starts_with("SERVICE_NAME:") || line.starts_with("[SC] ")
    }

    fn initials(&self) -> &'static [u8] {
        b"S["
    }

    fn reader<'a>(&self, text: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Services { text: *text, run: Run::default() })
    }
}

struct Services<'a> {
    text: Text<'a>,
    run: Run,
}

/// What one command printed, as far as it is read.
#[derive(Default)]
struct Run {
    asked: Asked,
    block: Option<Block>,
    /// Blocks that are services, and whether anything was not understood.
    services: u32,
    flawed: bool,
    /// A failure was read, whose words follow.
    failed: bool,
    /// The last line of the run.
    last: Option<Origin>,
    /// Whether it was said that the services are another computer's.
    told: bool,
}

impl<'a> Output<'a> for Services<'a> {
    fn begin(&mut self, typed: Option<&str>) {
        self.run = Run { asked: Asked::of(typed), ..Run::default() };
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        self.run.last = Some(line.origin);
        let text = line.text.trim();
        let failed = std::mem::take(&mut self.run.failed);
        if !line.terminated {
            self.run.flawed = true;
            return reading.unread(&line, "a row of `sc`");
        }
        if let Some(said) = text.strip_prefix("[SC] ") {
            self.end_block(reading);
            self.said(said, &line, reading);
        } else if let Some((label, value)) = block::heading(text) {
            self.heading(label, value, line.origin, reading);
        } else if let Some(block) = self.run.block.as_mut().filter(|block| block.takes(text)) {
            block.row(text, line.origin);
        } else if text.contains("more data, need ") && text.contains("resume at index ") {
            self.run.flawed = true;
            reading.truncated(line.origin, || {
                "`sc` stopped for want of memory; repeat it with a larger `bufsize=`".to_owned()
            });
        } else if !failed {
            self.run.flawed = true;
            return reading.unread(&line, "a service name or a row `LABEL : value` of `sc`");
        }
        reading.understood();
    }

    fn stop(&mut self, reading: &mut Reading) {
        self.end_block(reading);
        let run = std::mem::take(&mut self.run);
        let (Some(covered), Some(last)) = (run.asked.covers, run.last) else { return };
        if run.services > 0 && !run.flawed && self.followed(last) {
            reading.parsed.covers(covered, last);
        }
    }
}

impl Services<'_> {
    /// A line `LABEL: value`: the key of a service, or its name for people right below the key.
    fn heading(&mut self, label: &str, value: &str, origin: Origin, reading: &mut Reading) {
        let below = self.run.block.as_mut().filter(|block| block.is_fresh() && label != "SERVICE_NAME");
        match below {
            Some(block) => block.display(value, origin),
            None => {
                self.end_block(reading);
                self.run.block = Some(Block::new(value, origin));
            }
        }
    }

    /// What `sc` says of itself: that it went well, or the number of its failure.
    fn said(&mut self, said: &str, line: &Line<'_>, reading: &mut Reading) {
        let code =
            said.trim_end_matches([':', ' ']).rsplit(' ').next().and_then(|code| code.parse::<u32>().ok());
        match code {
            // 1060: there is no such service. That is an answer, not a failure.
            Some(1060) => self.run.failed = true,
            Some(code) => {
                (self.run.failed, self.run.flawed) = (true, true);
                let what = format!("`sc` failed with error {code}, so it shows nothing");
                reading.parsed.problem(line.origin, ProblemKind::Unreadable, what);
            }
            None if said.contains("Service") && said.split(' ').count() == 2 => {}
            None => {
                self.run.flawed = true;
                reading.malformed(line.origin, || format!("`sc` says {said:?} and shows nothing"));
            }
        }
    }

    /// Makes a fact of the block that was read.
    fn end_block(&mut self, reading: &mut Reading) {
        let Some(block) = self.run.block.take() else { return };
        if let Some(computer) = &self.run.asked.computer {
            self.run.flawed = true;
            if !std::mem::replace(&mut self.run.told, true) {
                let what = format!("the services are those of {computer}, which was asked over the network");
                reading.parsed.problem(block.origin(), ProblemKind::Unsupported, what);
            }
            return;
        }
        let missing = block.missing();
        match (block.service(), missing) {
            (Ok(service), None) => {
                self.run.services += 1;
                reading.parsed.fact(Fact::Service(Box::new(service)), block.origin());
            }
            (Ok(service), Some(missing)) => {
                self.run.flawed = true;
                reading.parsed.fact(Fact::Service(Box::new(service)), block.origin());
                reading.truncated(block.origin(), || {
                    format!("the block of {:?} is cut: no {missing}", block.key())
                });
            }
            (Err(found), _) => {
                self.run.flawed = true;
                reading.malformed(block.origin(), || {
                    format!("found {found}, expected what `sc` shows of a service")
                });
            }
        }
    }

    /// Whether anything but blanks follows a place: then a prompt or other output showed that the list had ended.
    fn followed(&self, last: Origin) -> bool {
        let end = usize::try_from(last.offset).unwrap_or(usize::MAX).saturating_add(last.length as usize);
        let rest = self.text.bytes.get(end..).unwrap_or_default();
        rest.iter().any(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0 | 0x1A))
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: impl AsRef<[u8]>, expected: Expect) {
        let parsed = read_as("sc", text);
        let shown = crate::parse::shown(&parsed, |fact| match fact {
            Fact::Service(service) => {
                let text = |text: &Option<String>| text.clone().unwrap_or("-".to_owned());
                let words = [&service.key, &service.display, &service.path, &service.account].map(text);
                let (state, start) = (service.state.map(|s| s.name()), service.start.map(|s| s.name()));
                let rest = (&service.dependencies, service.exit, service.driver);
                format!("{} {} {} {rest:?}", words.join(" | "), state.unwrap_or("-"), start.unwrap_or("-"))
            }
            other => format!("{other:?}"),
        });
        expected.assert_eq(&shown);
    }

    const ALL: &str = include_str!("../../../../samples/state/sc/query_all.txt");
    const ACTIVE: &str = include_str!("../../../../samples/state/sc/query_active.txt");
    const SPANISH: &str = include_str!("../../../../samples/state/sc/query_spanish.txt");
    const QC: &str = include_str!("../../../../samples/state/sc/qc.txt");
    const MORE: &str = include_str!("../../../../samples/state/sc/more_data.txt");

    #[test]
    fn a_list_between_two_prompts_covers_what_was_asked_for() {
        check(
            ALL,
            expect![[r#"
            Alerter | Alerter | - | - stopped - ([], Some((1077, 0)), Some(false))
            LanmanServer | Server | - | - running - ([], Some((0, 0)), Some(false))
            SMS_EXECUTIVE | SMS_EXECUTIVE | - | - running - ([], Some((0, 0)), Some(false))
            SMS_SITE_COMPONENT_MANAGER | SMS_SITE_COMPONENT_MANAGER | - | - stopped - ([], Some((0, 0)), Some(false))
            Spooler | Print Spooler | - | - paused - ([], Some((0, 0)), Some(false))
            covers Services
            understood 53 of 53"#]],
        );
        check(
            ALL.replace(" state= all", ""),
            expect![[r#"
            Alerter | Alerter | - | - stopped - ([], Some((1077, 0)), Some(false))
            LanmanServer | Server | - | - running - ([], Some((0, 0)), Some(false))
            SMS_EXECUTIVE | SMS_EXECUTIVE | - | - running - ([], Some((0, 0)), Some(false))
            SMS_SITE_COMPONENT_MANAGER | SMS_SITE_COMPONENT_MANAGER | - | - stopped - ([], Some((0, 0)), Some(false))
            Spooler | Print Spooler | - | - paused - ([], Some((0, 0)), Some(false))
            covers RunningServices
            understood 53 of 53"#]],
        );
    }

    #[test]
    fn a_list_without_its_command_or_an_end_covers_nothing() {
        check(
            ACTIVE,
            expect![[r#"
            Browser | Computer Browser | - | - running - ([], Some((0, 0)), Some(false))
            SMS_EXECUTIVE | SMS_EXECUTIVE | - | - running - ([], Some((0, 0)), Some(false))
            understood 20 of 20"#]],
        );
        check(
            ALL.trim_end_matches("\r\nC:\\>\r\n"),
            expect![[r#"
            Alerter | Alerter | - | - stopped - ([], Some((1077, 0)), Some(false))
            LanmanServer | Server | - | - running - ([], Some((0, 0)), Some(false))
            SMS_EXECUTIVE | SMS_EXECUTIVE | - | - running - ([], Some((0, 0)), Some(false))
            SMS_SITE_COMPONENT_MANAGER | SMS_SITE_COMPONENT_MANAGER | - | - stopped - ([], Some((0, 0)), Some(false))
            Spooler | Print Spooler | - | - paused - ([], Some((0, 0)), Some(false))
            understood 51 of 51"#]],
        );
        check(
            MORE,
            expect![[r#"
            Alerter | Alerter | - | - stopped - ([], Some((1077, 0)), Some(false))
            truncated line 13: `sc` stopped for want of memory; repeat it with a larger `bufsize=`
            understood 15 of 15"#]],
        );
        check(
            &ALL[..ALL.len() - 40],
            expect![[r#"
            Alerter | Alerter | - | - stopped - ([], Some((1077, 0)), Some(false))
            LanmanServer | Server | - | - running - ([], Some((0, 0)), Some(false))
            SMS_EXECUTIVE | SMS_EXECUTIVE | - | - running - ([], Some((0, 0)), Some(false))
            SMS_SITE_COMPONENT_MANAGER | SMS_SITE_COMPONENT_MANAGER | - | - stopped - ([], Some((0, 0)), Some(false))
            Spooler | Print Spooler | - | - paused - ([], Some((0, 0)), Some(false))
            truncated line 43: the block of "Spooler" is cut: no WAIT_HINT
            understood 51 of 51"#]],
        );
    }

    #[test]
    fn configurations() {
        check(
            QC,
            expect![[r#"
            SMS_EXECUTIVE | SMS_EXECUTIVE | D:\SMS\bin\i386\smsexec.exe | CORP\SMSService - automatic (["LanmanServer", "RpcSs"], None, Some(false))
            bhnt | Network Monitor Agent Driver | \SystemRoot\System32\drivers\bhnt.sys | - - manual ([], None, Some(true))
            understood 36 of 36"#]],
        );
    }

    #[test]
    fn other_languages_are_read_by_place() {
        check(
            SPANISH,
            expect![[r#"
            Browser | Examinador de equipos | - | - running - ([], Some((0, 0)), Some(false))
            bhnt | Controlador del Monitor de red | - | - stopped - ([], Some((1077, 0)), Some(true))
            understood 20 of 20"#]],
        );
        check(
            QC.replace("  TYPE  ", "  TIPO  ").replace("START_TYPE", "TIPO_INICIO"),
            expect![[r#"
            SMS_EXECUTIVE | SMS_EXECUTIVE | D:\SMS\bin\i386\smsexec.exe | CORP\SMSService - automatic (["LanmanServer", "RpcSs"], None, Some(false))
            bhnt | Network Monitor Agent Driver | \SystemRoot\System32\drivers\bhnt.sys | - - manual ([], None, Some(true))
            understood 36 of 36"#]],
        );
    }

    #[test]
    fn what_mail_does_to_a_block_does_not_matter() {
        let squeezed: Vec<String> = ACTIVE
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|line| !line.is_empty())
            .collect();
        check(
            squeezed.join("\n") + "\n",
            expect![[r#"
            Browser | Computer Browser | - | - running - ([], Some((0, 0)), Some(false))
            SMS_EXECUTIVE | SMS_EXECUTIVE | - | - running - ([], Some((0, 0)), Some(false))
            understood 18 of 18"#]],
        );
    }

    #[test]
    fn another_computer_failures_and_prose_give_no_facts() {
        check(
            ALL.replace("sc query", "sc \\\\SITES02 query"),
            expect![[r#"
            unsupported line 3: the services are those of \\sites02, which was asked over the network
            understood 53 of 53"#]],
        );
        check(
            "C:\\>sc query\r\n[SC] OpenSCManager FAILED 5:\r\n\r\nAccess is denied.\r\n\r\nC:\\>\r\n",
            expect![[r#"
                unreadable line 2: `sc` failed with error 5, so it shows nothing
                understood 6 of 6"#]],
        );
        check(
            "SERVICE_NAME: is the label of the key, and\nTYPE : what it is\n",
            expect![[r#"
            malformed line 1: found "is the label of the key, and" without a type, expected what `sc` shows of a service
            understood 2 of 2"#]],
        );
    }

    #[test]
    fn blocks_are_recognised() {
        let head = |text: &str| Sc.recognise(&Head::new("x.txt", text.as_bytes())).map(|claim| claim.score);
        for text in [ALL, ACTIVE, SPANISH, QC, MORE] {
            assert_eq!(head(text), Some(95));
        }
        assert_eq!(head("SERVICE_NAME: is the label\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..1600_usize) {
            read_as("sc", &bytes);
            let mut mangled = QC.as_bytes().to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            read_as("sc", &mangled);
        }
    }
}
