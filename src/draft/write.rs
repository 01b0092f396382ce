//! Writes a draft as TOML.

use std::fmt::Write as _;

use super::{Drafted, Line};
use crate::draft::guess::Hole;

/// A text as TOML writes it: as it stands if it can, else with escapes.
pub fn text(text: &str) -> String {
    let plain = !text.contains('\'') && !text.chars().any(|c| c.is_control() && c != '\t');
    if plain { format!("'{text}'") } else { escaped(text) }
}

/// Lines as TOML writes them.
fn lines(text: &str) -> String {
    let control = |c: char| c.is_control() && c != '\n' && c != '\t';
    let plain = !text.contains("'''") && !text.ends_with('\'') && !text.contains(control);
    if plain { format!("'''\n{text}\n'''") } else { escaped(&format!("{text}\n")) }
}

fn escaped(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The value that a code must have, as a test.
fn tested(hole: &Hole) -> String {
    let number = hole.value.bytes().all(|byte| byte.is_ascii_digit()) && !hole.value.starts_with('0');
    let small = number && hole.value.len() < 10 || hole.value == "0";
    if small { hole.value.clone() } else { format!("{:?}", hole.value) }
}

/// The file of a draft.
pub fn file(it: &Drafted) -> String {
    let trigger = &it.lines[0];
    let state = State::of(trigger);
    let mut out = head(it);
    condition(&mut out, "needs", trigger, true);
    for line in &it.lines[1..] {
        condition(&mut out, "supports", line, false);
    }
    out.push_str(&state.support);
    out.push_str(STEPS);
    let all: Vec<&str> = it.lines.iter().map(|line| line.raw.as_str()).collect();
    let mut says: Vec<String> = it.lines[1..].iter().map(|line| text(&says(line))).collect();
    says.push(format!("\"{}\"", state.says));
    let log = &trigger.file;
    let _ = write!(
        out,
        r#"
[[case]]
name   = "the log as it was seen, and the state agrees"
expect = "probable"
says   = [{}]
files."SRV01/{log}" = {}
files."SRV01/{}" = {}

[[case]]
name   = "near miss: {}"
expect = "none"
files."SRV01/{log}" = {}

[[case]]
name   = "the state was not collected"
expect = "probable"
asks   = ["the command that collects it"]
files."SRV01/{log}" = {}
"#,
        says.join(", "),
        lines(&all.join("\n")),
        state.file,
        lines(&state.capture),
        it.miss.0,
        lines(&it.miss.1),
        lines(&trigger.raw),
    );
    out
}

fn head(it: &Drafted) -> String {
    format!(
        r#"id       = "{}"
# TODO: kb = ["..."], the numbers of the articles that describe it, or nothing.
title    = "TODO: what is wrong on {{host}}, in one line"
kind     = "root_cause"  # or mechanism, symptom, residue, risk, benign
severity = "high"        # or critical, medium, low, info
phase    = "{}"
means    = """
TODO: what happens, and why, and how it differs from its look-alike, in two to four sentences."""
verify   = ["TODO: what to look at when it was mended."]
"#,
        it.id, it.phase
    )
}

const STEPS: &str = r#"
[[remedy]]
on   = "{host}"
do   = "TODO: the first step: what to save, what to change, what it interrupts."
risk = "medium"  # or low, high

[[ask]]
unknown = "state_agrees"
text    = "TODO: the command that collects it"
"#;

fn says(line: &Line) -> String {
    format!("TODO: what the line `{}` tells", line.name.replace('_', " "))
}

fn condition(out: &mut String, part: &str, line: &Line, is_trigger: bool) {
    let _ = writeln!(out, "\n[[{part}]]\nname  = \"{}\"", line.name);
    if let Some(log) = &line.log {
        let _ = writeln!(out, "log   = [\"{log}\"]");
    } else if let Some(component) = &line.component {
        let _ = writeln!(out, "component = {}", text(component));
    } else if is_trigger {
        let _ = writeln!(out, "# TODO: log = [\"...\"], if one log writes it; without, any log counts.");
    }
    let _ = writeln!(out, "line  = {}", text(&line.shape.pattern));
    if let Some(code) = line.code() {
        let _ = writeln!(out, "where = {{ {} = {} }}", code.name, tested(code));
    }
    if is_trigger {
        let _ = writeln!(out, "# TODO: proves = true, if nothing else leaves this line.");
    }
    let _ = writeln!(out, "says  = {}", text(&says(line)));
}

/// A state that would agree, to begin with, and a capture that shows it.
struct State {
    support: String,
    /// What the support says when it is true, without what is filled in.
    says: &'static str,
    file: &'static str,
    capture: String,
}

impl State {
    /// That what the line names is not there; else that the main service does not run.
    fn of(trigger: &Line) -> Self {
        let drive = |hole: &&Hole| hole.kind == "path" && hole.value.as_bytes().get(1) == Some(&b':');
        let (question, told, says, file, capture) = match trigger.shape.holes.iter().rfind(drive) {
            Some(path) => {
                let letter = path.value[..1].to_uppercase();
                let question = format!("file    = {{ absent = '{{{}}}' }}", path.name);
                let told = format!("TODO: {{{}}} is not there", path.name);
                (question, told, "is not there", "dir.txt", LISTING.replace('?', &letter))
            }
            None => {
                let question = "service = { stopped = \"SMS_EXECUTIVE\" }".to_owned();
                let told = "TODO: SMS_EXECUTIVE does not run".to_owned();
                (question, told, "SMS_EXECUTIVE does not run", "net_start.txt", SERVICES.to_owned())
            }
        };
        let support = format!(
            "\n# TODO: the state that goes with it: a file, a registry value, a service, a share, an account.\n\
             [[supports]]\nname    = \"state_agrees\"\n{question}\nsays    = \"{told}\"\n"
        );
        Self { support, says, file, capture }
    }
}

/// A drive with one file.
const LISTING: &str = r" Volume in drive ? has no label.
 Volume Serial Number is 1234-5678

 Directory of ?:\

11/20/01  10:10a                 1,000 pagefile.sys
               1 File(s)          1,000 bytes

     Total Files Listed:
               1 File(s)          1,000 bytes
                          1,204,224,000 bytes free";

/// A server on which nothing of SMS runs.
const SERVICES: &str =
    "These Windows NT services are started:\n\n   EventLog\n\nThe command completed successfully.\n";
