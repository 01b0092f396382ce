//! Tickets: what a program posts to a ticketing system, as pure functions of the report. Nothing is sent from here.
//!
//! Each ticket is an envelope: the key by which it is recognised, how to find one that is open, what to post if there is
//! none, and what to add if there is one. Names in braces in a path, such as `{sys_id}`, come from what was found.

mod content;
mod mapping;
mod markup;
mod systems;

pub use mapping::Mapping;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::model::report::Report;
use content::Ticket;

/// The version of the shape of an envelope.
pub const SCHEMA: &str = "sitedx.ticket/1";

/// The systems that tickets are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum System {
    Servicenow,
    ServicenowEvent,
    Jira,
    JiraDc,
    Zendesk,
    Github,
}

/// What becomes one ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Group {
    /// Each root cause.
    #[default]
    Cause,
    /// All that is claimed of a case.
    Bundle,
}

/// How tickets are made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub group: Group,
    pub mapping: Mapping,
}

/// One ticket, ready to be posted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Envelope {
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    /// `servicenow`, `servicenow-event`, `jira`, `jira-dc`, `zendesk` or `github`.
    pub system: &'static str,
    pub dedupe: Dedupe,
    pub create: Request,
    pub update: Request,
}

/// How a ticket is recognised.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Dedupe {
    pub key: String,
    /// Finds a ticket that is open; none where the system itself recognises the key.
    pub find: Option<Find>,
}

/// A request that finds tickets.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Find {
    pub method: &'static str,
    pub path: &'static str,
    /// Parameters of the query, not yet encoded.
    pub query: std::collections::BTreeMap<&'static str, String>,
}

/// A request that writes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Request {
    pub method: &'static str,
    pub path: &'static str,
    pub body: Value,
}

impl System {
    /// The name that envelopes and mappings use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Servicenow => "servicenow",
            Self::ServicenowEvent => "servicenow-event",
            Self::Jira => "jira",
            Self::JiraDc => "jira-dc",
            Self::Zendesk => "zendesk",
            Self::Github => "github",
        }
    }

    /// All systems.
    pub const ALL: &[Self] =
        &[Self::Servicenow, Self::ServicenowEvent, Self::Jira, Self::JiraDc, Self::Zendesk, Self::Github];

    /// What the mapping must set, because no ticket can be made without it: the place in the body, and an example.
    pub fn wants(self) -> Option<(&'static str, &'static str)> {
        matches!(self, Self::Jira | Self::JiraDc).then_some(("fields.project.key", "OPS"))
    }
}

/// The tickets of a case, one line of JSON each.
pub fn render(case: &str, report: &Report, system: System, options: &Options) -> String {
    envelopes(case, report, system, options).iter().map(super::json::line).collect()
}

/// The tickets of a case.
pub fn envelopes(case: &str, report: &Report, system: System, options: &Options) -> Vec<Envelope> {
    let tickets: Vec<Ticket<'_>> = match options.group {
        Group::Cause => content::of_causes(case, report),
        Group::Bundle => content::of_case(case, report).into_iter().collect(),
    };
    let envelope = |ticket: &Ticket<'_>| {
        let mut envelope = systems::envelope(system, ticket);
        options.mapping.apply(system, ticket, &mut envelope.create.body);
        envelope
    };
    tickets.iter().map(envelope).collect()
}
