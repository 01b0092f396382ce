//! The small languages of signatures: line patterns, path globs, value tests, and templates.

mod captures;
mod glob;
mod line;
mod syntax;
mod template;
mod value_test;

pub use captures::Captures;
pub use glob::{FilledGlob, Glob};
pub use line::LinePattern;
pub use syntax::{CAPTURE_KINDS, Kind, Piece, pieces};
pub use template::Template;
pub use value_test::{ValueTest, compare};
