//! A grammar file: how to recognise a framing, how to read it, and lines that prove it.

use memchr::memmem::Finder;

use super::frame::Frame;
use super::language::{Field, Part, parts};
use crate::authoring::{Mistake, Sheet, Table, Word};

/// A compiled grammar.
#[derive(Debug)]
pub struct Grammar {
    /// The file name without its ending.
    pub name: String,
    pub title: String,
    /// Grammars of lower rank are tried first.
    pub rank: i64,
    /// Loose grammars read damaged frames: they are tried last, and never on what may still go on.
    pub loose: bool,
    pub shapes: Vec<Shape>,
    pub samples: Vec<Sample>,
}

/// One frame of a grammar, split around its message.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there are a few dozen in all, and tails are the many")]
pub enum Shape {
    /// The message comes first and the frame ends the record. Every tail holds the text of `mark`.
    Tail { opener: Finder<'static>, mark: Finder<'static>, tail: Frame },
    /// The frame comes first and the message runs up to the next record.
    Head { opener: Option<Vec<u8>>, head: Frame },
    /// The message stands between two parts and may hold line ends.
    Wrap { opener: Vec<u8>, closer: Finder<'static>, tail: Frame },
}

/// Real lines and what they mean.
#[derive(Debug)]
pub struct Sample {
    pub lines: String,
    pub source: String,
    pub records: Vec<Expected>,
}

/// What a sample's record must be read as; fields left out are not compared.
#[derive(Debug)]
pub struct Expected {
    pub message: String,
    pub component: Option<String>,
    /// As [`crate::model::Stamp::display`] prints it.
    pub time: Option<String>,
    pub thread: Option<i64>,
    pub severity: Option<i64>,
}

impl Grammar {
    /// Reads a grammar file.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            let name = table.need_text("name");
            let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml");
            if !name.text.is_empty() && name.text != stem {
                table.mistake(&name.span, format!("the name must be the file's: `{stem}`"));
            }
            let title = table.need_text("title").text;
            let rank = table.integer("rank").unwrap_or(50);
            let loose = table.flag("loose");
            // What reads the file is the program; what it is about is for people.
            table.text("about");
            table.need("frames");
            let shapes = table.texts("frames").iter().filter_map(|frame| shape(table, frame)).collect();
            table.need("sample");
            let samples = table.tables("sample").into_iter().map(sample).collect();
            Self { name: name.text, title, rank, loose, shapes, samples }
        })
    }
}

fn shape(table: &Table<'_, '_>, frame: &Word) -> Option<Shape> {
    let parts = match parts(&frame.text) {
        Ok(parts) => parts,
        Err((at, what)) => {
            // The text stands behind a quote or three; the place within it is near enough.
            let quote = if frame.span.len() > frame.text.len() + 4 { 3 } else { 1 };
            let start = frame.span.start + quote + at;
            table.mistake(&(start..frame.span.end), what);
            return None;
        }
    };
    let message = Part::Field(Field::Message);
    let Some(place) = parts.iter().position(|part| *part == message) else {
        table.mistake(&frame.span, "a frame needs a `{message}` outside of `[...]`");
        return None;
    };
    let (before, after) = (&parts[..place], &parts[place + 1..]);
    if after.contains(&message) {
        table.mistake(&frame.span, "a frame has one `{message}` only");
        return None;
    }
    // Blanks between message and tail are trimmed from the message, where something else opens the tail.
    let after = match after {
        [Part::Blanks, rest @ ..] if matches!(rest.first(), Some(Part::Literal(_))) => rest,
        other => other,
    };
    let first_literal = |parts: &[Part]| match parts.first() {
        Some(Part::Literal(bytes)) => Some(bytes.clone()),
        Some(Part::Blanks) => Some(b" ".to_vec()),
        _ => None,
    };
    match (before, after, first_literal(after)) {
        ([], [], _) => {
            table.mistake(&frame.span, "a frame needs something around its `{message}`");
            None
        }
        (_, [], _) => {
            Some(Shape::Head { opener: first_literal(before), head: Frame::new(without_blanks(before)) })
        }
        (_, _, None) => {
            table.mistake(&frame.span, "what follows `{message}` must start with literal text");
            None
        }
        ([], _, Some(opener)) => {
            let (opener, mark) = (finder(&opener), finder(longest_literal(after)));
            Some(Shape::Tail { opener, mark, tail: Frame::new(after) })
        }
        ([Part::Literal(opener)], _, Some(closer)) => {
            Some(Shape::Wrap { opener: opener.clone(), closer: finder(&closer), tail: Frame::new(after) })
        }
        _ => {
            table.mistake(&frame.span, "what stands before a message in the middle must be literal text");
            None
        }
    }
}

/// Parts without the blanks at their end: a message that follows is trimmed.
fn without_blanks(mut parts: &[Part]) -> &[Part] {
    loop {
        parts = match parts {
            [rest @ .., Part::Blanks] => rest,
            [rest @ .., Part::Optional(inner)] if **inner == [Part::Blanks] => rest,
            _ => return parts,
        };
    }
}

fn finder(text: &[u8]) -> Finder<'static> {
    Finder::new(text).into_owned()
}

/// The longest text that every match holds. Frames match in either case, so letters end it.
fn longest_literal(parts: &[Part]) -> &[u8] {
    let literals = parts.iter().filter_map(|part| match part {
        Part::Literal(bytes) => Some(bytes.as_slice()),
        _ => None,
    });
    literals
        .flat_map(|bytes| bytes.split(u8::is_ascii_alphabetic))
        .max_by_key(|run| run.len())
        .unwrap_or_default()
}

fn sample(mut table: Table<'_, '_>) -> Sample {
    let sample = Sample {
        lines: table.need_text("lines").text,
        source: table.need_text("source").text,
        records: {
            table.need("record");
            table.tables("record").into_iter().map(expected).collect()
        },
    };
    table.finish();
    sample
}

fn expected(mut table: Table<'_, '_>) -> Expected {
    let expected = Expected {
        message: table.need_text("message").text,
        component: table.text("component").map(|word| word.text),
        time: table.text("time").map(|word| word.text),
        thread: table.integer("thread"),
        severity: table.integer("severity"),
    };
    table.finish();
    expected
}
