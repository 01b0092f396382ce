//! The output of `reg query` of every generation: keys, and values in lines of name, type and data.

mod query;
mod row;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::command::{Command, Output};
use super::{Claim, Head, Reading};
use crate::model::{Coverage, Fact, Origin, ProblemKind};
use crate::parse::registry_print::root::{Basis, rooted};
use crate::parse::registry_text::extent;
use crate::text::{Line, Text};

use query::Query;
use row::{Default, Row};

/// Reads what `reg query` prints: the Resource Kit's of Windows NT 4.0, reg.exe 2.0 and 3.0, and that of Vista and
/// later.
pub struct RegQuery;

/// Printed first by reg.exe of Windows 2000, XP and 2003.
const BANNER: &str = "! REG.EXE VERSION";
/// Printed before each key by the Resource Kit of Windows NT 4.0.
const LISTING: &str = "Listing of [";

impl Command for RegQuery {
    fn name(&self) -> &'static str {
        "reg_query"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let claim = |score, why: &str| Some(Claim { score, why: format!("`{}`", why.trim()) });
        let lines: Vec<&str> =
            head.lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty()).collect();
        let begins = |line: &str| self.begins(line.trim_start());
        let is_row = |line: &str| Row::read(line).or_else(|| Row::read_kind_first(line)).is_some();
        // Prose names keys too; what is printed has values or further keys below one.
        let below = |wanted: &dyn Fn(&str) -> bool| {
            lines.windows(2).find(|pair| begins(pair[0]) && wanted(pair[1])).map(|pair| pair[0])
        };
        if let Some(banner) = lines.iter().find(|line| line.trim_start().starts_with(BANNER)) {
            return claim(95, banner);
        }
        if let Some(first) = below(&is_row) {
            return claim(90, first);
        }
        match lines.as_slice() {
            [only] if begins(only) => claim(60, only),
            _ => below(&begins).and_then(|first| claim(80, first)),
        }
    }

    fn typed(&self, program: &str, words: &[&str]) -> bool {
        program == "reg" && words.first() == Some(&"query")
    }

    fn begins(&self, line: &str) -> bool {
        line.starts_with(BANNER) || line.starts_with(LISTING) || key(line).is_some()
    }

    fn reader<'a>(&self, _: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::<Queries>::default()
    }
}

/// The computer and the path of a line that is a key from its root.
fn key(line: &str) -> Option<(Option<&str>, &str)> {
    let (computer, path) = query::computer(line.trim_end());
    let root = path.split('\\').next().unwrap_or_default();
    let named = root.strip_prefix("HKEY_").is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    });
    named.then_some((computer, path))
}

/// The queries of a source.
#[derive(Default)]
struct Queries {
    query: Option<Query>,
    /// The key whose values follow.
    key: Option<Arc<str>>,
    /// The key that a listing of the Resource Kit is of, from its root.
    listed: Option<String>,
    /// The first key line of the run.
    start: Option<Origin>,
    /// Whether what was typed, a banner or a value shows that key lines are printed and not told of.
    proven: bool,
    /// Keys that wait for that.
    held: Vec<(Arc<str>, Origin)>,
    /// Lines of the run were not understood, or say that something failed.
    flawed: bool,
    /// The other computer that key lines name.
    computer: Option<String>,
    /// What is told once.
    told: Told,
}

#[derive(Default)]
struct Told {
    root: bool,
    default: bool,
    subkey: bool,
    computer: bool,
}

impl<'a> Output<'a> for Queries {
    fn begin(&mut self, typed: Option<&str>) {
        self.query = typed.map(Query::read);
        self.restart();
        self.proven = typed.is_some();
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        if !line.terminated {
            // A name or data may go on.
            self.flawed = true;
            return reading.unread(&line, "a whole line");
        }
        if self.read(&line, reading).is_some() {
            return reading.understood();
        }
        self.flawed = true;
        self.forget(reading);
        reading.unread(&line, "a key, a value or the end of a registry query");
    }

    fn prompted(&mut self, reading: &mut Reading) {
        self.cover(reading);
    }

    fn stop(&mut self, reading: &mut Reading) {
        // A query without `/s` may print keys alone.
        if self.flawed {
            self.forget(reading);
        }
        self.prove(reading);
        self.query = None;
        self.restart();
    }

    fn finish(&mut self, reading: &mut Reading) {
        reading.parsed.facts.extend(extent::computer(&reading.parsed.facts));
    }
}

impl Queries {
    fn restart(&mut self) {
        (self.key, self.listed, self.start, self.flawed) = (None, None, None, false);
        self.proven = false;
    }

    /// The key lines so far are a query's.
    fn prove(&mut self, reading: &mut Reading) {
        self.proven = true;
        for (path, origin) in self.held.drain(..) {
            reading.parsed.fact(Fact::RegistryKey { path, written: None }, origin);
        }
    }

    /// Other text goes on, so key lines without values may be told of in it; they are no facts.
    fn forget(&mut self, reading: &mut Reading) {
        self.proven = self.query.is_some();
        for (path, origin) in self.held.drain(..) {
            reading.parsed.understood = reading.parsed.understood.saturating_sub(1);
            let what = || format!("found `{path}` in other text, expected values below it");
            reading.malformed(origin, what);
        }
    }

    /// Takes a line; `None` if it is none of a query.
    fn read(&mut self, line: &Line<'_>, reading: &mut Reading) -> Option<()> {
        let text = line.text.as_ref();
        if text.trim_start().starts_with(BANNER) {
            self.prove(reading);
            self.restart();
            self.proven = true;
            return Some(());
        }
        if let Some((computer, path)) = key(text) {
            self.begin_key(computer, path, line.origin, reading);
            return Some(());
        }
        if text.starts_with(LISTING) || text.trim().starts_with('[') {
            return self.listing(text.trim(), line.origin, reading);
        }
        if let Some(ended) = ended(text) {
            return self.end(ended, line, reading);
        }
        let row = match self.listed {
            Some(_) => Row::read_kind_first(text),
            None => Row::read(text).filter(|_| text.starts_with([' ', '\t'])),
        };
        self.row(row?, line.origin, reading)
    }

    fn begin_key(&mut self, computer: Option<&str>, path: &str, origin: Origin, reading: &mut Reading) {
        self.start.get_or_insert(origin);
        self.listed = None;
        self.key = None;
        if self.is_elsewhere(computer, origin, reading) {
            return;
        }
        let path = path.trim_end_matches('\\');
        let asked = self.query.as_ref().and_then(|query| query.key.as_deref());
        self.flawed |= asked.is_some_and(|asked| !extent::at_or_below(path, asked));
        self.keep_key(path, origin, reading);
    }

    fn keep_key(&mut self, path: &str, origin: Origin, reading: &mut Reading) {
        let path: Arc<str> = path.into();
        self.key = Some(path.clone());
        match self.proven {
            true => reading.parsed.fact(Fact::RegistryKey { path, written: None }, origin),
            false => self.held.push((path, origin)),
        }
    }

    /// Whether a key belongs to another computer than the one that the source is of.
    ///
    /// Where nothing shows a prompt, the computer that all keys name is the one that the source is of.
    fn is_elsewhere(&mut self, computer: Option<&str>, origin: Origin, reading: &mut Reading) -> bool {
        let asked = self.query.as_ref().and_then(|query| query.computer.as_deref());
        let Some(name) = computer.or(asked) else { return false };
        if self.query.is_none() && self.computer.is_none() {
            self.computer = Some(name.to_owned());
            reading.parsed.fact(Fact::Computer { name: name.to_owned() }, origin);
        }
        let known = self.computer.as_deref().filter(|_| self.query.is_none());
        let elsewhere = known.is_none_or(|known| !known.eq_ignore_ascii_case(name));
        if elsewhere && !std::mem::replace(&mut self.told.computer, true) {
            let what =
                format!("the registry of another computer, {name}, is not kept: collect it on its own");
            reading.parsed.problem(origin, ProblemKind::Unsupported, what);
        }
        elsewhere
    }

    /// Takes `Listing of [key]`, or `[subkey]` below one.
    fn listing(&mut self, text: &str, origin: Origin, reading: &mut Reading) -> Option<()> {
        let inner = text.strip_prefix(LISTING).or_else(|| text.strip_prefix('['))?.strip_suffix(']')?;
        if text.starts_with(LISTING) {
            let path = self.listed_path(inner, origin, reading)?;
            self.keep_key(&path, origin, reading);
            self.listed = Some(path);
            return Some(());
        }
        let listed = self.listed.as_deref()?;
        let path = format!(r"{listed}\{inner}");
        if !std::mem::replace(&mut self.told.subkey, true) {
            let what =
                "names in brackets are taken for keys below the listed one, and values after them for theirs";
            reading.parsed.problem(origin, ProblemKind::Assumed, what);
        }
        self.keep_key(&path, origin, reading);
        Some(())
    }

    /// The path of a listed key from its root, which the listing leaves out.
    fn listed_path(&mut self, inner: &str, origin: Origin, reading: &mut Reading) -> Option<String> {
        let asked = self.query.as_ref().and_then(|query| query.key.as_deref());
        let named =
            asked.filter(|asked| asked.to_lowercase().ends_with(&format!(r"\{}", inner.to_lowercase())));
        if let Some(named) = named {
            return Some(named.to_owned());
        }
        // The case of letters is the one that was typed. Where no root was, the tool takes the machine's.
        let found = rooted(&inner.to_uppercase())?;
        let root = found.path.split('\\').next()?;
        if found.basis == Basis::Written {
            return Some(rooted(inner)?.path);
        }
        if !std::mem::replace(&mut self.told.root, true) {
            let what = format!("keys are listed without their root: {inner} is taken for a part of {root}");
            reading.parsed.problem(origin, ProblemKind::Assumed, what);
        }
        Some(format!(r"{root}\{inner}"))
    }

    fn row(&mut self, row: Row<'_>, origin: Origin, reading: &mut Reading) -> Option<()> {
        if self.key.is_none() && self.start.is_some() {
            // A value of another computer, which was told.
            return Some(());
        }
        let key = self.key.clone()?;
        let separator = self.query.as_ref().and_then(|query| query.separator.as_deref());
        let data = row.value(separator.unwrap_or("\\0"))?;
        self.prove(reading);
        let default = row::default(row.name);
        if default == Default::Likely && !std::mem::replace(&mut self.told.default, true) {
            let what = format!("{:?} is taken for the default value, which has no name", row.name);
            reading.parsed.problem(origin, ProblemKind::Assumed, what);
        }
        let name = if default == Default::No { row.name } else { "" };
        if default == Default::No || !row::is_unset(row.data) {
            reading.parsed.fact(Fact::RegistryValue { key, name: name.into(), data }, origin);
        }
        Some(())
    }

    /// Takes a line that tells how the query ended.
    fn end(&mut self, ended: Ended, line: &Line<'_>, reading: &mut Reading) -> Option<()> {
        match ended {
            Ended::Well => self.cover(reading),
            Ended::Counted => {}
            Ended::NotFound => {
                // Of a query for a value this would not tell whether the key or the value is missing.
                let asked = self.query.as_ref().and_then(Query::whole).filter(|_| self.start.is_none());
                match asked.map(|root| Coverage::RegistryTree { root: root.to_owned() }) {
                    Some(absent) => reading.parsed.covers(absent, line.origin),
                    None => {
                        let what =
                            "a key or a value was not found, and nothing here tells which key is absent";
                        reading.parsed.problem(line.origin, ProblemKind::Unsupported, what);
                    }
                }
                self.flawed = true;
            }
            Ended::Failed => {
                let what = || format!("the query says {:?}, so keys may be missing", line.text.trim());
                reading.truncated(line.origin, what);
                self.flawed = true;
            }
        }
        Some(())
    }

    /// A query for a tree ended by itself: what it does not show there is not there.
    fn cover(&mut self, reading: &mut Reading) {
        let Some(start) = self.start.filter(|_| !self.flawed) else { return };
        let tree = self.query.take_if(|query| query.tree);
        let root = tree.as_ref().and_then(Query::whole).map(str::to_owned);
        if let Some(root) = root {
            reading.parsed.covers(Coverage::RegistryTree { root }, start);
        }
    }
}

/// How a query says that it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Well,
    /// Printed behind what was searched for.
    Counted,
    NotFound,
    Failed,
}

/// What reg.exe says of a key that is not there, in the languages in which this is known for certain.
const NOT_FOUND: [&str; 3] = [
    "unable to find the specified registry key or value",
    "angegebene registrierungsschlüssel bzw. wert wurde nicht gefunden",
    "系统找不到指定的注册表项或值",
];

fn ended(text: &str) -> Option<Ended> {
    let said = text.trim();
    let lower = said.to_lowercase();
    if lower == "the operation completed successfully." || lower == "the operation completed successfully" {
        return Some(Ended::Well);
    }
    if lower.starts_with("end of search:") {
        return Some(Ended::Counted);
    }
    let failed = ["error:", "fehler:", "erreur", "错误:"].iter().any(|start| lower.starts_with(start));
    if failed && NOT_FOUND.iter().any(|what| lower.contains(what)) {
        return Some(Ended::NotFound);
    }
    failed.then_some(Ended::Failed)
}
