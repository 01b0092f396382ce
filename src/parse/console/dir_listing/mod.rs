//! The output of `dir` and `dir /s`: entries, volumes, and the folders that are listed completely.

mod bare;
mod block;
mod closing;
mod dates;
mod entry;
mod language;
#[cfg(test)]
mod layouts;
mod listing;
mod loose;
mod old;
#[cfg(test)]
mod properties;
mod shape;
mod shared;
#[cfg(test)]
mod tests;
mod trailer;
mod typed;
mod wide;
mod words;

pub use block::is_name;
pub use typed::absolute;

use listing::Listing;
use shared::Shared;
use trailer::Mark;
use typed::Typed;

use super::command::{Command, Output, prompt, words as command_words};
use super::{Claim, Head, Reading};
use crate::text::{Line, Page, Span, Text};

/// Reads what `dir` prints, from MS-DOS and Windows NT 3.1 on, in each language that `words` knows and in
/// others by the shape of lines.
///
/// A folder is covered when its trailer agrees with its rows and it is listed without a filter. Hidden
/// entries are not shown without `/a`; that is accepted.
pub struct DirListing;

impl Command for DirListing {
    fn name(&self) -> &'static str {
        "dir_listing"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        by_words(head)
            .or_else(|| by_prompt(head, self))
            .or_else(|| by_shape(head))
            .or_else(|| by_failure(head))
    }

    fn typed(&self, program: &str, _: &[&str]) -> bool {
        // `dir.` and `dir\` need no blank either.
        program.strip_prefix("dir").is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    fn begins(&self, line: &str) -> bool {
        trailer::heads(line)
    }

    fn pages(&self, line: &str) -> &'static [Page] {
        trailer::language(line).map_or(&[], |language| language.pages)
    }

    fn reader<'a>(&self, text: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        Box::new(Listings {
            text: *text,
            current: None,
            shared: Shared::new(text),
            listing: Listing::default(),
        })
    }
}

/// A claim on a source that holds the headers of a known language.
fn by_words(head: &Head) -> Option<Claim> {
    let marks = || head.lines.iter().filter_map(|line| Some((line.trim(), trailer::mark(line)?)));
    let foreign =
        marks().find_map(|(_, (_, language))| language).filter(|language| language.name != "English");
    let quoted = |line: &str, english: String| if foreign.is_some() { format!("`{line}`") } else { english };
    let volume = marks().find_map(|(line, (mark, _))| match mark {
        Mark::Volume(root, _) => Some(quoted(line, format!("`Volume in drive {root}`"))),
        _ => None,
    });
    let folder = marks().find_map(|(line, (mark, _))| match mark {
        Mark::Folder(path) => Some(quoted(line, format!("`Directory of {path}`"))),
        _ => None,
    });
    let language = foreign.map(|language| format!(", in {}", language.name)).unwrap_or_default();
    match (volume, folder) {
        (Some(volume), Some(folder)) => {
            Some(Claim { score: 95, why: format!("{volume}, {folder}{language}") })
        }
        (volume, folder) => volume.or(folder).map(|why| Claim { score: 80, why: why + &language }),
    }
}

/// A claim on a source that shows the command at a prompt.
fn by_prompt(head: &Head, command: &DirListing) -> Option<Claim> {
    let typed = head.lines.iter().filter_map(|line| prompt(line)).find(|typed| {
        let (program, words) = command_words(typed);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        command.typed(&program, &words)
    })?;
    Some(Claim { score: 80, why: format!("`{typed}` at a prompt") })
}

/// A claim on a source that holds rows, or nothing but paths.
fn by_shape(head: &Head) -> Option<Claim> {
    let lines = || head.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let is_row = |line: &&str| entry::row(line, None).is_some() || old::row(line).is_some();
    let total = lines().count();
    let rows = lines().filter(is_row).count();
    let header = lines().zip(lines().skip(1)).find_map(|(line, next)| {
        let path = shape::folder(line)?;
        is_row(&next).then_some(path)
    });
    if let Some(path) = header {
        return Some(Claim { score: 75, why: format!("the rows of a listing below the header of {path}") });
    }
    if rows >= 3 && rows * 2 >= total {
        return Some(Claim { score: 45, why: format!("{rows} rows of a listing, without a header") });
    }
    let paths = lines().all(shape::is_entry_path) && total >= 2;
    paths.then(|| Claim { score: 60, why: format!("each of {total} lines is the path of a file or folder") })
}

/// A claim on a source that holds nothing but the message of a command that failed.
fn by_failure(head: &Head) -> Option<Claim> {
    let mut lines = head.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let failed = |line: &&str| matches!(trailer::mark(line), Some((Mark::Message(_), _)));
    let first = lines.next().filter(failed)?;
    let alone = lines.all(|line| failed(&line) || prompt(line).is_some());
    alone.then(|| Claim { score: 60, why: format!("a `dir` that failed: `{first}`") })
}

/// The runs of `dir` in one source.
struct Listings<'a> {
    text: Text<'a>,
    /// The folder that the last prompt shows.
    current: Option<String>,
    shared: Shared<'a>,
    listing: Listing<'a>,
}

impl<'a> Output<'a> for Listings<'a> {
    fn prompt(&mut self, folder: &str) {
        self.current = Some(folder.to_owned());
    }

    fn begin(&mut self, typed: Option<&str>) {
        let current = self.current.take();
        let typed = typed.map(|typed| Typed::of(typed, current.as_deref())).unwrap_or_default();
        if typed.by_date {
            self.shared.sorted_by_date();
        }
        self.listing = Listing::new(typed);
    }

    fn take(&mut self, span: Span<'a>, reading: &mut Reading) -> bool {
        self.listing.take(span, &self.text, reading, &mut self.shared)
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        self.listing.line(line, reading, &mut self.shared);
    }

    fn blank(&mut self, _: Line<'a>, _: &mut Reading) {
        self.listing.blank();
    }

    fn stop(&mut self, reading: &mut Reading) {
        self.listing.finish(reading, &mut self.shared);
    }

    fn finish(&mut self, reading: &mut Reading) {
        self.shared.finish(reading);
    }
}
