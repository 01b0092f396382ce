//! Pages about signatures: the same content for a terminal and as Markdown.

mod content;
mod index;
mod markdown;
mod page;
mod words;

pub use index::index;

use crate::grammar::Logs;
use crate::signature::{Signature, Signatures};

/// What a page refers to.
#[derive(Clone, Copy, Debug)]
pub struct Library<'a> {
    pub signatures: &'a Signatures,
    pub logs: &'a Logs,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Block {
    Heading(String),
    Text(String),
    /// Points of a list; what belongs to a point stands below it.
    Points {
        numbered: bool,
        points: Vec<Point>,
    },
    /// Names and what they are, one per line.
    Facts(Vec<(&'static str, String)>),
}

/// A point of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Point {
    /// What stands out.
    lead: String,
    text: String,
    below: Vec<Line>,
}

/// A line below a point.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Line {
    Text(String),
    /// A pattern or command, as it stands.
    Code(String),
}

/// A signature for a terminal of so many columns.
pub fn shown(signature: &Signature, library: Library<'_>, width: usize) -> String {
    page::render(signature, &content::blocks(signature, library), width)
}

/// A signature as a Markdown page.
pub fn markdown(signature: &Signature, library: Library<'_>) -> String {
    markdown::render(signature, &content::blocks(signature, library))
}

/// Every page of the handbook with its path: one for each signature, and the index.
pub fn pages(library: Library<'_>) -> Vec<(String, String)> {
    let mut pages = vec![("README.md".to_owned(), index(library))];
    pages.extend(library.signatures.all.iter().map(|it| (path_of(it), markdown(it, library))));
    pages
}

/// Where the page of a signature is, below the folder of all.
fn path_of(signature: &Signature) -> String {
    format!("{}/{}.md", signature.phase, signature.id)
}
