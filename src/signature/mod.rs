//! The signature language: files that say how a known failure shows itself, what it means, what to do.

mod case;
mod event;
mod fields;
mod lifecycle;
mod question;
mod quiet;
mod read;
mod role;
mod scope;
mod set;
mod version;

pub use case::{Case, EXPECTATIONS, Expect};
pub use event::{Event, Events, Pair};
pub use fields::Reading;
pub use lifecycle::{LifeCase, Lifecycle, Phase, STATES, Shown, Sign};
pub use question::{Lines, Place, Question, Repeated, State, Subject};
pub use quiet::Quiet;
pub use role::{OF, Role, RoleCase, RoleSign, Roles, SERVER};
pub use scope::bound_by;
pub use set::Signatures;
pub use version::{Version, Versions};

use chrono::TimeDelta;

use crate::pattern::{Captures, Template, ValueTest};

/// What a finding is in the chain of causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    RootCause,
    Mechanism,
    Symptom,
    Residue,
    Risk,
    Benign,
}

/// How much a finding hurts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

/// What a step of a remedy may break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Risk {
    Low,
    Medium,
    High,
}

/// The names of kinds, severities and risks, as signatures and reports write them.
pub const KINDS: &[(&str, Kind)] = &[
    ("root_cause", Kind::RootCause),
    ("mechanism", Kind::Mechanism),
    ("symptom", Kind::Symptom),
    ("residue", Kind::Residue),
    ("risk", Kind::Risk),
    ("benign", Kind::Benign),
];
pub const SEVERITIES: &[(&str, Severity)] = &[
    ("critical", Severity::Critical),
    ("high", Severity::High),
    ("medium", Severity::Medium),
    ("low", Severity::Low),
    ("info", Severity::Info),
];
pub const RISKS: &[(&str, Risk)] = &[("low", Risk::Low), ("medium", Risk::Medium), ("high", Risk::High)];

/// The name of a value of one of the tables above.
pub fn name_of<T: Copy + PartialEq>(table: &[(&'static str, T)], value: T) -> &'static str {
    table.iter().find(|(_, known)| *known == value).map_or("", |(name, _)| name)
}

/// A known failure, ready to be looked for.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The file name without its ending; it names the trouble.
    pub id: String,
    pub kb: Vec<String>,
    pub title: Template,
    pub kind: Kind,
    pub severity: Severity,
    pub phase: String,
    /// Tests of what is known of the server; one that fails means that the signature is not asked.
    pub applies: Vec<(String, ValueTest)>,
    /// The site that the finding is about; `{site}` unless the file says otherwise.
    pub site: Template,
    /// What sets one trouble of this kind apart from another on the same server.
    pub identity: Vec<Template>,
    pub means: Template,
    /// The version or service pack that mends it, and what to do there.
    pub fixed: Option<Fixed>,
    /// The first is the trigger: unless it is true, there is nothing to report.
    pub needs: Vec<Condition>,
    pub supports: Vec<Condition>,
    pub refutes: Vec<Condition>,
    pub resolved: Vec<Condition>,
    /// Signatures whose findings become consequences of this one, on the same server or site.
    pub explains: Vec<String>,
    pub rivals: Vec<Rival>,
    pub remedies: Vec<Remedy>,
    pub verify: Vec<Template>,
    pub asks: Vec<Ask>,
    pub items: Vec<Item>,
    pub cases: Vec<Case>,
    /// The file it was read from.
    pub path: String,
}

/// A question with a name, and what its answer does.
#[derive(Clone, Debug)]
pub struct Condition {
    pub name: String,
    pub question: Question,
    /// What it means when it is true, for people.
    pub says: Option<Template>,
    /// What it means when it is false, for people.
    pub denies: Option<Template>,
    /// Whether it proves the failure beyond doubt when it is true.
    pub proves: bool,
    /// Points of confidence that a support gives or takes.
    pub weight: i32,
    pub order: Option<Order>,
}

/// Where the evidence of a condition must stand: after or before that of another one.
#[derive(Clone, Debug)]
pub struct Order {
    /// The name of the other condition, which is asked first.
    pub other: String,
    pub side: Side,
    /// How far apart they may be at most.
    pub within: Option<TimeDelta>,
}

/// On which side of another condition's evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    After,
    Before,
}

/// The version that mends a failure.
#[derive(Clone, Debug)]
pub struct Fixed {
    pub version: Version,
    /// The step of the remedy.
    pub step: Option<Template>,
}

/// A look-alike, and the fact that tells the two apart.
#[derive(Clone, Debug)]
pub struct Rival {
    pub signature: String,
    pub tell: String,
}

/// A step towards the cure.
#[derive(Clone, Debug)]
pub struct Remedy {
    pub on: Template,
    pub action: Template,
    /// A command to run as it stands.
    pub run: Option<Template>,
    pub risk: Risk,
    pub kb: Option<String>,
    /// The step is left out where this condition is known to be false.
    pub when: Option<String>,
}

/// What to collect when a condition is not known.
#[derive(Clone, Debug)]
pub struct Ask {
    pub condition: String,
    pub on: Template,
    pub text: Template,
}

/// A point of a checklist.
#[derive(Clone, Debug)]
pub struct Item {
    pub title: Template,
    pub subject: Template,
    /// One item for each thing found; none for items that stand alone.
    pub each: Option<Question>,
    /// The item is left out where this is not true.
    pub only: Option<Question>,
    /// True means ok; with `bad`, true means a problem. None: that `each` found something is the problem.
    pub test: Option<Question>,
    pub bad: bool,
    pub remedy: Option<Template>,
    pub ask: Option<Template>,
}

impl Item {
    /// What it asks.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        self.each.iter().chain(&self.only).chain(&self.test)
    }
}

impl Signature {
    /// All questions, those of its checklist and those within others too.
    pub fn questions(&self) -> Vec<&Question> {
        let own = self.conditions().map(|condition| &condition.question);
        let mut open: Vec<&Question> = own.chain(self.items.iter().flat_map(Item::questions)).collect();
        let mut all = Vec::new();
        while let Some(question) = open.pop() {
            if let Subject::Any(inner) = &question.subject {
                open.extend(inner);
            }
            all.push(question);
        }
        all
    }

    /// Whether a server with these names is to be asked; what is not known does not exclude.
    pub fn applies_to(&self, captures: &Captures) -> bool {
        self.excluded_by(captures).is_none()
    }

    /// What is known of a server that takes it out of those that are to be asked.
    pub fn excluded_by<'c>(&'c self, captures: &'c Captures) -> Option<(&'c str, &'c str)> {
        let known = self.applies.iter().filter_map(|(name, test)| Some((name, test, captures.get(name)?)));
        let mut failing = known.filter(|(_, test, value)| !test.holds(value, captures).unwrap_or(true));
        failing.next().map(|(name, _, value)| (name.as_str(), value))
    }

    /// All conditions, by what they do.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.needs.iter().chain(&self.supports).chain(&self.refutes).chain(&self.resolved)
    }
}
