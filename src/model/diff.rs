//! What changed on servers between two captures: plain data.

use schemars::JsonSchema;
use serde::Serialize;

use super::report::Evidence;

/// The state of servers in a first capture and in a second one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DiffReport {
    /// The servers of both captures.
    pub servers: Vec<ServerDiff>,
    /// Servers of which only one of the captures tells.
    pub only_first: Vec<String>,
    pub only_second: Vec<String>,
}

/// What changed on a server.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ServerDiff {
    pub host: String,
    pub changes: Vec<Change>,
    /// Things of one capture in places at which the other one did not look.
    pub not_compared: usize,
    /// Changes that are known to mean nothing, and why.
    pub noise: Vec<Noise>,
}

/// A thing that came, went or changed; of a key or folder that came or went, what is in it is only counted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Change {
    /// `identity`, `key`, `value`, `file`, `service`, `share`, `account`, `group`, `member` or `setting`.
    pub kind: &'static str,
    pub name: String,
    /// `added`, `removed` or `changed`.
    pub state: &'static str,
    pub before: Option<String>,
    pub after: Option<String>,
    /// How much more is below it.
    pub below: usize,
    /// The place in the first capture and that in the second one.
    pub evidence: Vec<Evidence>,
}

/// Changes that mean nothing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Noise {
    pub count: usize,
    pub why: String,
}
