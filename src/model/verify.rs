//! What became of findings between two captures: plain data.

use schemars::JsonSchema;
use serde::Serialize;

use super::report::Evidence;

/// The findings of a first capture, looked for in a second one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VerifyReport {
    /// In the order in which the first report tells them.
    pub outcomes: Vec<Outcome>,
    /// What the second capture has and the first had not.
    pub new: Vec<NewFinding>,
    /// How far sites got then and now, where that differs.
    pub progress: Vec<Progress>,
}

/// What became of one finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Outcome {
    pub signature: String,
    pub title: String,
    pub host: String,
    pub site: Option<String>,
    pub severity: &'static str,
    /// `fixed`, `not_fixed` or `cannot_tell`.
    pub state: &'static str,
    pub because: String,
    /// What the second capture shows of it.
    pub evidence: Vec<Evidence>,
    /// What would tell, where it cannot be told.
    pub asks: Vec<String>,
    /// How the signature says that the cure is to be verified.
    pub verification: Vec<String>,
}

/// A finding that is new.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NewFinding {
    pub signature: String,
    pub title: String,
    pub host: String,
    pub severity: &'static str,
    pub verdict: &'static str,
    pub evidence: Vec<Evidence>,
}

/// How far a site got in the first capture and in the second one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Progress {
    pub title: String,
    pub site: String,
    pub before: String,
    pub after: String,
}
