//! The report as a page for a browser: one file that needs no network, and works without scripts.

mod appendix;
mod axis;
mod case;
mod chart;
mod checklist;
mod document;
mod finding;
mod heat;
mod markup;
mod place;
mod progress;
mod run;
mod run_data;
mod servers;
mod timeline;
mod trend;

#[cfg(test)]
mod tests;

pub use case::render as case;
pub use run::render as run;
