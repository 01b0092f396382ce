//! Why a signature did or did not fire: plain data, for its author and for the engineer who doubts it.

use schemars::JsonSchema;
use serde::Serialize;

use super::report::Evidence;

/// One signature on all servers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WhyReport {
    pub signature: String,
    pub servers: Vec<WhyServer>,
}

/// One signature on one server.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WhyServer {
    pub host: String,
    pub site: Option<String>,
    /// A verdict; `not_asked` where the signature does not apply to the server; `no_trigger` where its first need is not
    /// true, so that nothing is told.
    pub verdict: &'static str,
    /// What decided that, for people.
    pub because: String,
    /// For a finding, its title and confidence.
    pub title: Option<String>,
    pub confidence: Option<u8>,
    pub conditions: Vec<WhyCondition>,
}

/// One condition.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WhyCondition {
    pub name: String,
    /// `need`, `support`, `refute` or `resolved`.
    pub role: &'static str,
    /// `yes`, `no` or `unknown`.
    pub value: &'static str,
    /// What it added to the confidence.
    pub points: i32,
    pub why: String,
    pub evidence: Vec<Evidence>,
    pub ask: Option<String>,
}
