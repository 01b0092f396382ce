//! Drafts a signature from log lines: what its author has left to do are the TODOs.

mod guess;
mod names;
mod pattern;
mod write;

use anyhow::{Context as _, bail, ensure};

use crate::catalog::Catalog;
use crate::grammar::Record;
use crate::parse::log::each_record;
use crate::prove::prove;
use crate::signature::{Signature, Subject};
use crate::text::Encoding;
use guess::Hole;
use names::{Namer, id_of};
use pattern::Shape;

/// What its author wants; the rest is guessed.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    pub id: Option<String>,
    pub phase: Option<String>,
}

/// A file to go on with.
#[derive(Clone, Debug)]
pub struct Draft {
    pub id: String,
    pub phase: String,
    pub text: String,
}

/// A log line with what was guessed of it.
#[derive(Clone, Debug)]
struct Line {
    /// The name of its condition.
    name: String,
    /// The record as it stood, frame included.
    raw: String,
    shape: Shape,
    /// The logical log, if one is known by the component.
    log: Option<String>,
    component: Option<String>,
    /// A file name that stands for the log.
    file: String,
}

/// All that is written.
#[derive(Clone, Debug)]
struct Drafted {
    id: String,
    phase: String,
    lines: Vec<Line>,
    /// The near miss: what is different in it, and its text.
    miss: (String, String),
}

/// The most lines that a draft is made of.
const MOST_LINES: usize = 12;

/// Drafts a signature of which the first line is the trigger and the others are supports.
///
/// # Errors
/// When there is no line with a text to search for, or the id is none.
pub fn draft(input: &[u8], wish: &Wish, catalog: &Catalog) -> anyhow::Result<Draft> {
    let lines = lines(input, catalog);
    ensure!(lines.len() <= MOST_LINES, "{} lines are too many: at most {MOST_LINES}", lines.len());
    let Some(trigger) = lines.first() else {
        bail!("no log line with a text to search for: at least four letters that do not vary");
    };
    let id = wish.id.clone().unwrap_or_else(|| id_of(&trigger.shape.literals));
    let proper = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    ensure!(proper(&id), "`{id}` is no id: small letters, digits and `-`, and it names the trouble");
    let phase = wish.phase.clone().unwrap_or_else(|| phase_of(trigger, catalog));
    ensure!(proper(&phase), "`{phase}` is no phase: small letters, digits and `-`");
    let miss = near_miss(trigger);
    let drafted = Drafted { id: id.clone(), phase: phase.clone(), lines, miss };
    // A draft that does not hold would be a bad start: then less is tried.
    let attempts = [drafted.clone(), alone(&drafted), anywhere(&alone(&drafted))];
    let held = attempts.iter().find_map(|it| holds(it, catalog).then(|| write::file(it)));
    let text = held.context("the lines cannot be told from their near miss: write the file by hand")?;
    Ok(Draft { id, phase, text })
}

/// The lines of the input with patterns, in their order.
fn lines(input: &[u8], catalog: &Catalog) -> Vec<Line> {
    let text = Encoding::of(input, Encoding::Ansi).decode(input).into_owned();
    // What no log writer means would make the file unreadable.
    let text = text.trim_start_matches('\u{feff}').replace('\r', "");
    let text = text.replace(|c: char| c.is_control() && c != '\n' && c != '\t', " ");
    let mut namer = Namer::default();
    let mut lines: Vec<Line> = Vec::new();
    let mut each = |record: &Record<'_>| {
        let message = String::from_utf8_lossy(record.message).into_owned();
        let Some(shape) = Shape::new(&message, &mut namer) else { return };
        let from = record.offset as usize;
        let raw = text.get(from..from + record.length as usize).unwrap_or(&message).trim().to_owned();
        let component = String::from_utf8_lossy(record.component).into_owned();
        let log = catalog.logs.of_component(&component);
        let number = lines.len() + 1;
        lines.push(Line {
            name: if number == 1 { "seen".to_owned() } else { format!("line_{number}") },
            raw,
            shape,
            log: log.map(|log| log.name.clone()),
            component: Some(component).filter(|component| !component.is_empty()),
            // A line without a frame is read in a log that is known by its name.
            file: log.and_then(|log| log.example()).unwrap_or_else(|| "smssetup.log".to_owned()),
        });
    };
    // A slice is read without errors.
    let _ = each_record(&mut text.as_bytes(), Encoding::Utf8, &catalog.grammars, &mut each);
    lines
}

/// The phase of those signatures whose triggers look into the same log.
fn phase_of(trigger: &Line, catalog: &Catalog) -> String {
    let same = |it: &&Signature| match it.needs.first().map(|need| &need.question.subject) {
        Some(Subject::Line(lines)) => trigger.log.as_ref().is_some_and(|log| lines.logs.contains(log)),
        _ => false,
    };
    let phase = catalog.signatures.all.iter().find(same).map(|it| it.phase.clone());
    phase.unwrap_or_else(|| "unsorted".to_owned())
}

impl Line {
    /// The error number on which the line depends.
    fn code(&self) -> Option<&Hole> {
        self.shape.holes.iter().find(|hole| hole.is_code()).filter(|_| self.name == "seen")
    }
}

/// The trigger with another code, or else with another word: what is different, and the line.
fn near_miss(trigger: &Line) -> (String, String) {
    let message = &trigger.shape.message;
    let code = trigger.code().map(|code| ("another code", code.at, code.value.clone()));
    let word = || {
        let (at, word) = last_literal_word(&trigger.shape);
        ("TODO: take what a healthy server writes there", at, word)
    };
    let (what, at, old) = code.unwrap_or_else(word);
    let new = match (trigger.code().is_some(), old.to_lowercase().as_str()) {
        (true, "0x57") => "0x5",
        (true, "87") => "5",
        (true, value) if value.starts_with("0x") => "0x57",
        (true, _) => "87",
        _ => "otherwise",
    };
    let changed = format!("{}{new}{}", &message[..at], &message[at + old.len()..]);
    // A message that was wrapped does not stand in its record as it is.
    let raw = match trigger.raw.split_once(message.as_str()) {
        Some((before, after)) => format!("{before}{changed}{after}"),
        None => changed,
    };
    (what.to_owned(), raw)
}

/// The last word of letters that is no capture, and where it stands.
fn last_literal_word(shape: &Shape) -> (usize, String) {
    let message = &shape.message;
    let is_letter = |c: char| c.is_alphabetic();
    let captured =
        |at: usize| shape.holes.iter().any(|hole| (hole.at..hole.at + hole.value.len()).contains(&at));
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for part in message.split_inclusive(|c: char| !is_letter(c)) {
        let word = part.trim_end_matches(|c: char| !is_letter(c));
        if !word.is_empty() && !captured(at) {
            words.push((at, word));
        }
        at += part.len();
    }
    let long = words.iter().rev().find(|(_, word)| 2 < word.chars().count()).or(words.last());
    long.map_or((0, message.clone()), |(at, word)| (*at, (*word).to_owned()))
}

/// The draft with its trigger alone.
fn alone(it: &Drafted) -> Drafted {
    Drafted { lines: it.lines[..1].to_vec(), ..it.clone() }
}

/// The draft without the logs in which its lines count.
fn anywhere(it: &Drafted) -> Drafted {
    let mut other = it.clone();
    for line in &mut other.lines {
        (line.log, line.component) = (None, None);
    }
    other
}

/// Whether the file has no mistakes and its cases hold.
fn holds(it: &Drafted, catalog: &Catalog) -> bool {
    let path = format!("{}/{}.toml", it.phase, it.id);
    let Ok(signature) = Signature::read(&path, &write::file(it), &catalog.reading()) else { return false };
    let alone = catalog.with_only(vec![signature.clone()]);
    signature.cases.iter().all(|case| prove(&signature, case, &alone).is_empty())
}
