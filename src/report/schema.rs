//! JSON schemas of what sitedx writes, out of the types that it is written from.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::model::diff::DiffReport;
use crate::model::report::Report;
use crate::model::run::{BundleLine, RunReport};
use crate::model::verify::VerifyReport;
use crate::model::why::WhyReport;

use super::tickets::Envelope;
use super::timeline::Timeline;

/// What there are schemas of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Document {
    /// `sitedx analyze --format json`.
    Report,
    /// Each line but the last of `sitedx analyze --format ndjson`.
    Bundle,
    /// The last line of it, and `sitedx analyze --each --format json`.
    Run,
    /// `sitedx timeline --format json`.
    Timeline,
    /// `sitedx verify --format json`.
    Verify,
    /// `sitedx diff --format json`.
    Diff,
    /// `sitedx why --format json`.
    Why,
    /// Each line of the formats for ticketing systems.
    Ticket,
}

/// The schema of a document, by JSON Schema 2020-12.
pub fn schema(document: Document) -> String {
    let schema = match document {
        Document::Report => of::<Report>(),
        Document::Bundle => of::<BundleLine<'static>>(),
        Document::Run => of::<RunReport>(),
        Document::Timeline => of::<Timeline<'static>>(),
        Document::Verify => of::<VerifyReport>(),
        Document::Diff => of::<DiffReport>(),
        Document::Why => of::<WhyReport>(),
        Document::Ticket => of::<Envelope>(),
    };
    super::json::render(&schema)
}

fn of<T: JsonSchema>() -> Schema {
    // Readers must bear fields that came later, and reports from before them.
    SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>()
}
