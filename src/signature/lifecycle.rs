//! Lifecycles: the phases that a site goes through, and what shows that it has reached each.

use chrono::TimeDelta;

use super::fields::{Reading, duration, template};
use super::{Question, Subject, question};
use crate::authoring::{Mistake, Sheet, Table, nearest};
use crate::pattern::Template;

/// What happens to a site in phases, such as its installation.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    /// The file name without its ending.
    pub id: String,
    pub kb: Vec<String>,
    /// Such as `Installation`.
    pub title: String,
    /// Whether it is told only where a log tells of it: what state alone shows may have other reasons.
    pub needs_trace: bool,
    /// Whether it concerns all sites, and not only those that have a parent.
    pub all_sites: bool,
    /// Whether it is told only where something shows its first phase: later ones may look so for other reasons.
    pub needs_first: bool,
    /// In their order: a later one cannot begin before an earlier one has begun.
    pub phases: Vec<Phase>,
    pub cases: Vec<LifeCase>,
    /// The file it was read from.
    pub path: String,
}

/// One phase.
#[derive(Clone, Debug)]
pub struct Phase {
    /// A short name, such as `S4`.
    pub id: String,
    pub title: String,
    on: Side,
    /// What happens in it, and where to look if it does not end.
    pub means: Template,
    /// Each shows that it began.
    pub begun: Vec<Sign>,
    /// Each shows that it came to its end.
    pub done: Vec<Sign>,
    /// Each shows that it failed.
    pub failed: Vec<Sign>,
    /// How long it takes at most; longer than that, it has stalled.
    pub limit: Option<TimeDelta>,
    /// What to collect where nothing tells.
    pub collect: Template,
}

impl Phase {
    /// Whether the child's server shows it, and not its parent's.
    pub fn is_on_child(&self) -> bool {
        self.on == Side::Child
    }
}

/// What shows something of a phase, and what it means.
#[derive(Clone, Debug)]
pub struct Sign {
    pub says: Template,
    /// Whether it may be left over from an earlier time.
    pub stale: bool,
    pub shown: Shown,
}

/// What shows something.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A question about the server of the phase.
    Evidence(Box<Question>),
    /// Findings of one of these signatures that speak of the site.
    Findings(Vec<String>),
}

impl Sign {
    /// Its question, if it asks the evidence itself.
    pub fn question(&self) -> Option<&Question> {
        match &self.shown {
            Shown::Evidence(question) => Some(question),
            Shown::Findings(_) => None,
        }
    }
}

/// Whose server shows a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Child,
    Parent,
}

const SIDES: &[(&str, Side)] = &[("child", Side::Child), ("parent", Side::Parent)];

/// A small bundle, and how far its site got.
#[derive(Clone, Debug)]
pub struct LifeCase {
    pub name: String,
    /// The site; with none, nothing must be told.
    pub site: Option<String>,
    /// Phases by their short names, and the states that they must be in.
    pub phases: Vec<(String, String)>,
    /// Texts that must stand in what is told of the phases.
    pub says: Vec<String>,
    /// Files by their path in the bundle.
    pub files: Vec<(String, Vec<u8>)>,
}

/// The states of a phase, as cases and reports write them.
pub const STATES: &[&str] = &["done", "passed", "begun", "failed", "stalled", "absent", "no_sign", "unknown"];

impl Lifecycle {
    /// Reads a file.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str, reading: &Reading<'_>) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            let word = table.need_text("id");
            let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml");
            if !word.text.is_empty() && word.text != stem {
                table.mistake(&word.span, format!("the id must be the file's name: `{stem}`"));
            }
            let kb = table.texts("kb").into_iter().map(|word| word.text).collect();
            let title = table.need_text("title").text;
            let [needs_trace, all_sites, needs_first] =
                ["needs_trace", "all_sites", "needs_first"].map(|key| table.flag(key));
            table.need("phase");
            let phases: Vec<Phase> =
                table.tables("phase").into_iter().filter_map(|table| phase(table, reading)).collect();
            table.need("case");
            let names: Vec<&str> = phases.iter().map(|phase| phase.id.as_str()).collect();
            let cases = table.tables("case").into_iter().map(|table| case(table, &names)).collect();
            Self {
                id: word.text,
                kb,
                title,
                needs_trace,
                all_sites,
                needs_first,
                phases,
                cases,
                path: path.to_owned(),
            }
        })
    }

    /// The numbers of the line patterns by which parents tell of their children.
    pub fn lines_at_parent(&self) -> impl Iterator<Item = u32> {
        let phases = self.phases.iter().filter(|phase| !phase.is_on_child());
        let signs = phases.flat_map(|phase| phase.begun.iter().chain(&phase.done).chain(&phase.failed));
        signs
            .flat_map(|sign| match sign.question().map(|question| &question.subject) {
                Some(Subject::Line(lines)) => lines.numbers.as_slice(),
                _ => &[],
            })
            .copied()
    }

    /// All its questions.
    pub fn questions_mut(&mut self) -> impl Iterator<Item = &mut Question> {
        let signs = self.phases.iter_mut().flat_map(|phase| {
            let Phase { begun, done, failed, .. } = phase;
            begun.iter_mut().chain(done.iter_mut()).chain(failed.iter_mut())
        });
        signs.filter_map(|sign| match &mut sign.shown {
            Shown::Evidence(question) => Some(question.as_mut()),
            Shown::Findings(_) => None,
        })
    }

    /// The signatures whose findings are signs.
    pub fn signatures(&self) -> impl Iterator<Item = &str> {
        let phases = self.phases.iter();
        let signs = phases.flat_map(|phase| phase.begun.iter().chain(&phase.done).chain(&phase.failed));
        let ids = signs.flat_map(|sign| match &sign.shown {
            Shown::Evidence(_) => &[],
            Shown::Findings(ids) => ids.as_slice(),
        });
        ids.map(String::as_str)
    }
}

fn phase(mut table: Table<'_, '_>, reading: &Reading<'_>) -> Option<Phase> {
    let id = table.need_text("id").text;
    let title = table.need_text("title").text;
    let word = table.need_text("on");
    let on = SIDES.iter().find(|(name, _)| *name == word.text).map(|(_, side)| *side);
    if on.is_none() {
        table.mistake(&word.span, "a phase shows on the server of the `child` or of its `parent`");
    }
    let mut texts = ["means", "collect"].map(|key| {
        let word = table.need_text(key);
        template(&table, &word)
    });
    let limit = table.text("limit").and_then(|word| duration(&table, &word));
    let mut signs = |key: &'static str| -> Vec<Sign> {
        table.tables(key).into_iter().filter_map(|table| sign(table, reading)).collect()
    };
    let (begun, done, failed) = (signs("begun"), signs("done"), signs("failed"));
    if begun.is_empty() && done.is_empty() && failed.is_empty() {
        let what = "nothing shows this phase: write [[phase.begun]], [[phase.done]] or [[phase.failed]]";
        table.mistake(&table.span.clone(), what);
    }
    table.finish();
    let [means, collect] = [texts[0].take()?, texts[1].take()?];
    Some(Phase { id, title, on: on?, means, begun, done, failed, limit, collect })
}

fn sign(mut table: Table<'_, '_>, reading: &Reading<'_>) -> Option<Sign> {
    let says = table.need_text("says");
    let says = template(&table, &says);
    let stale = table.flag("stale");
    let shown = if table.has("finding") {
        Some(Shown::Findings(table.texts("finding").into_iter().map(|word| word.text).collect()))
    } else {
        question::read(&mut table, reading).map(|it| Shown::Evidence(Box::new(it)))
    };
    table.finish();
    Some(Sign { says: says?, stale, shown: shown? })
}

fn case(mut table: Table<'_, '_>, known: &[&str]) -> LifeCase {
    let name = table.need_text("name").text;
    let site = table.text("site").map(|word| word.text);
    let mut phases = Vec::new();
    if let Some(mut expected) = table.table("phases") {
        for key in expected.keys() {
            if !known.contains(&key.text.as_str()) {
                let what = format!("no phase is called `{}`", key.text);
                expected.sheet.mistake(key.span.clone(), what, nearest(&key.text, known));
            }
            let Some(state) = expected.own_text(&key.text) else { continue };
            if !STATES.contains(&state.text.as_str()) {
                let hint =
                    nearest(&state.text, STATES).or_else(|| Some(format!("known: {}", STATES.join(", "))));
                expected.sheet.mistake(state.span.clone(), format!("`{}` is no state", state.text), hint);
            }
            phases.push((key.text.clone(), state.text));
        }
    }
    let says = table.texts("says").into_iter().map(|word| word.text).collect();
    let files = super::case::files(&mut table);
    table.finish();
    LifeCase { name, site, phases, says, files }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::Logs;
    use crate::signature::{Events, Versions};

    #[test]
    fn mistakes_are_told_with_their_places() {
        let text = "id = 'a'\ntitle = 'T'\n[[phase]]\nid = 'S0'\ntitle = 't'\non = 'chidl'\nmeans = 'm'\ncollect = 'c'\n\
                    [[case]]\nname = 'n'\nphases = { S1 = 'dnoe' }\nfiles = { a = 'b' }\n";
        let (logs, events, versions) = (Logs::default(), Events::default(), Versions::default());
        let reading = Reading { logs: &logs, events: &events, versions: &versions };
        let told: Vec<String> = Lifecycle::read("x/a.toml", text, &reading)
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            told,
            [
                "x/a.toml:3:1: nothing shows this phase: write [[phase.begun]], [[phase.done]] or [[phase.failed]]",
                "x/a.toml:6:6: a phase shows on the server of the `child` or of its `parent`",
                "x/a.toml:11:12: no phase is called `S1`",
                "x/a.toml:11:17: `dnoe` is no state: did you mean `done`?",
            ]
        );
    }
}
