//! A message as a line pattern that finds it.

use super::guess::{Hole, Part, parts};
use super::names::Namer;
use crate::pattern::LinePattern;

/// A message and the pattern that was made of it.
#[derive(Clone, Debug)]
pub struct Shape {
    pub message: String,
    pub pattern: String,
    pub holes: Vec<Hole>,
    /// The text without what varies.
    pub literals: String,
}

/// What stands behind this is seldom the same twice.
const LONGEST: usize = 240;

impl Shape {
    /// Guesses a pattern; `None` where the message has no text to search for.
    pub fn new(message: &str, namer: &mut Namer) -> Option<Self> {
        namer.next_line();
        let core = core(message);
        let mut parts = parts(core, namer);
        // What does not find its own line is made literal, from the end on.
        loop {
            let pattern = written(&parts);
            if finds(&pattern, message, &parts) {
                let holes = parts.iter().filter_map(|part| match part {
                    Part::Hole(hole) => Some(hole.clone()),
                    Part::Literal(_) => None,
                });
                let literals = parts.iter().map(|part| match part {
                    Part::Literal(text) => text.as_str(),
                    Part::Hole(_) => " ",
                });
                let (holes, literals) = (holes.collect(), literals.collect());
                return Some(Self { message: core.to_owned(), pattern, holes, literals });
            }
            let last = parts.iter_mut().rev().find(|part| matches!(part, Part::Hole(_)))?;
            if let Part::Hole(hole) = last {
                *last = Part::Literal(hole.value.clone());
            }
        }
    }
}

/// A message without the marks that its log puts around it, and without what is too long.
fn core(message: &str) -> &str {
    let marks = |c: char| c.is_whitespace() || c == '~' || c == '.' || c == '*';
    let core = message.trim_matches(marks);
    match core.char_indices().nth(LONGEST) {
        Some((at, _)) => {
            core[..at].rsplit_once(' ').map_or(&core[..at], |(whole, _)| whole).trim_end_matches(marks)
        }
        None => core,
    }
}

fn written(parts: &[Part]) -> String {
    let texts = parts.iter().map(|part| match part {
        Part::Literal(text) => {
            let words = text.replace('{', "{{").replace('}', "}}");
            // Runs of blanks and line ends vary.
            let lead = if words.starts_with(char::is_whitespace) { " " } else { "" };
            let trail = if words.trim_start().ends_with(char::is_whitespace) { " " } else { "" };
            let inner: Vec<&str> = words.split_whitespace().collect();
            format!("{lead}{}{trail}", inner.join(" "))
        }
        Part::Hole(hole) => format!("{{{}:{}}}", hole.name, hole.kind),
    });
    texts.collect()
}

/// Whether a pattern can be searched for, finds its message, and captures what it was made for.
fn finds(pattern: &str, message: &str, parts: &[Part]) -> bool {
    let Ok(pattern) = LinePattern::new(pattern) else { return false };
    let Some(found) = pattern.find(message) else { return false };
    parts.iter().all(|part| match part {
        Part::Hole(hole) => found.get(&hole.name) == Some(hole.value.as_str()),
        Part::Literal(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: Option<&str>) {
        let shape = Shape::new(message, &mut Namer::default());
        assert_eq!(shape.map(|shape| shape.pattern).as_deref(), expected, "{message}");
    }

    #[test]
    fn a_pattern_finds_its_own_message() {
        check("~Job   5 is {still} running....~", Some("Job {job:int} is {{still}} running"));
        check("5 of P0000001", Some("{number:int} of P0000001"));
        check("Error 5 of P0000001", Some("Error {code:code} of {name:word}"));
        check("...", None);
    }
}
