//! A finding in the making: what each condition came to, and what follows from it.

use crate::correlate::World;
use crate::facts::Truth;
use crate::model::Stamp;
use crate::pattern::Captures;
use crate::signature::Signature;

use super::checklist::Checked;
use super::found::Seen;

/// How sure a finding is. Stronger verdicts are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    RuledOut,
    Possible,
    Probable,
    Confirmed,
}

impl Verdict {
    /// The name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::RuledOut => "ruled_out",
            Self::Possible => "possible",
            Self::Probable => "probable",
            Self::Confirmed => "confirmed",
        }
    }
}

/// The condition that a signature with a fixed version has beside its own.
pub const MENDED: &str = "not_mended_yet";

/// What part a condition has in a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Need,
    Support,
    Refute,
    Resolved,
}

impl Part {
    /// The name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Need => "need",
            Self::Support => "support",
            Self::Refute => "refute",
            Self::Resolved => "resolved",
        }
    }
}

/// What one condition came to.
#[derive(Clone, Debug)]
pub struct Judged {
    pub name: String,
    pub part: Part,
    pub truth: Truth,
    /// The places that show it.
    pub seen: Vec<Seen>,
    pub why: String,
    /// What it means, in the signature's words.
    pub says: Option<String>,
    pub proves: bool,
    /// What it adds to or takes from the confidence.
    pub points: i32,
    /// Whom to ask for what, where it is unknown.
    pub collect: Option<(String, String)>,
}

/// A finding on one server.
#[derive(Clone, Debug)]
pub struct Finding<'a> {
    pub signature: &'a Signature,
    pub host: usize,
    pub site: Option<String>,
    pub captures: Captures,
    /// What sets it apart from others of the same signature on the same server.
    pub identity: Vec<String>,
    pub verdict: Verdict,
    pub confidence: u8,
    /// False where a later success followed.
    pub active: bool,
    pub conditions: Vec<Judged>,
    pub items: Vec<Checked>,
    /// Findings, by index, that this one explains, and the one that explains it.
    pub explains: Vec<usize>,
    pub explained_by: Option<usize>,
}

impl Finding<'_> {
    /// All log evidence that speaks for it.
    pub fn log_evidence(&self) -> impl Iterator<Item = &Seen> {
        self.conditions
            .iter()
            .filter(|condition| {
                condition.truth == Truth::Yes && matches!(condition.part, Part::Need | Part::Support)
            })
            .flat_map(|condition| &condition.seen)
            .filter(|seen| seen.log)
    }

    /// The first and the last moment of its log evidence.
    pub fn span(&self) -> Option<(Stamp, Stamp)> {
        let mut stamps: Vec<Stamp> = self.log_evidence().filter_map(|seen| seen.stamp).collect();
        stamps.sort_by_key(|stamp| stamp.order());
        Some((*stamps.first()?, *stamps.last()?))
    }

    /// The title with the captures filled in.
    pub fn title(&self) -> String {
        self.signature.title.show(&self.captures)
    }

    /// The name of its server.
    pub fn host_name<'w>(&self, world: &'w World) -> &'w str {
        &world.hosts[self.host].name
    }
}
