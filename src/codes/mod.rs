//! Codes: error numbers in all their spellings, which family each belongs to, and what it means.
//!
//! [`find`] reads a message; [`Book`] knows what numbers mean, and reads its tables only when it is asked.

mod book;
mod components;
mod extract;
mod family;
mod number;
mod phrase;
mod spelling;
mod tokens;
mod value;

pub use book::{Book, Entry, Table};
pub use components::{Component, Components, KINDS};
pub use extract::find;
pub use family::{FAMILIES, Family, number_of_state};
pub use number::{number, unsigned};
pub use value::of_system;

use std::ops::Range;

/// A code within a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its bytes within the message, with a sign and without a leading `#`.
    pub span: Range<usize>,
    /// What it can be, the likeliest first.
    pub candidates: Vec<Candidate>,
    /// The words around it do not tell which of the candidates it is.
    pub open: bool,
}

/// What a code can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub family: Family,
    /// The number within the family: that of Windows where a result code holds one.
    pub number: i64,
    /// Why it can be of this family.
    pub why: &'static str,
}
