//! The report: plain data, the same for every output format, and the contract with other programs.
//!
//! Fields are added and never changed or removed within a major version of the schema.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::SourceId;

/// The version of this shape.
pub const SCHEMA: &str = "sitedx.report/1";

/// The fingerprint of a trouble of one server: one ticket for each.
pub const CAUSE: &str = "cause/v1";
/// The fingerprint of the same trouble at any site.
pub const FLEET: &str = "fleet/v1";

/// All that an analysis found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    #[schemars(extend("const" = SCHEMA))]
    pub schema: &'static str,
    pub tool: Tool,
    /// `problem`, `suspect` (only possible ones, or a site that stopped on its way), `clean`, or `inconclusive` (too little
    /// could be read, or a site is still on its way).
    #[schemars(extend("enum" = ["problem", "suspect", "clean", "inconclusive"]))]
    pub verdict: &'static str,
    pub bundles: Vec<BundleReport>,
    pub hosts: Vec<HostReport>,
    /// Servers that the evidence names and that were not collected.
    pub mentioned: Vec<MentionReport>,
    /// What servers say of themselves that cannot be.
    pub contradictions: Vec<ContradictionReport>,
    /// In the order in which a person should read them: roots, then what they explain, then ruled out.
    pub diagnoses: Vec<Diagnosis>,
    pub checklists: Vec<Checklist>,
    /// How far each site got, one for each site and lifecycle of which anything shows.
    pub lifecycles: Vec<LifecycleReport>,
    pub timeline: Vec<Moment>,
    pub unexplained: Vec<Unexplained>,
    pub asks: Vec<AskReport>,
    pub problems: Vec<ProblemReport>,
    /// What was read and is not listed one by one, such as further shapes of errors.
    pub left_out: Vec<String>,
}

/// What made the report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
    pub catalog: CatalogReport,
}

/// The knowledge that the report rests on.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct CatalogReport {
    pub signatures: usize,
    pub grammars: usize,
    /// SHA-256 over the hashes of all packs, in the order of `packs_used`.
    pub sha256: String,
    /// Folders and files of the user that were added to the built-in ones.
    pub packs: Vec<String>,
    /// The built-in packs and those of the user, in the order in which the later ones win.
    pub packs_used: Vec<PackReport>,
}

/// A pack of knowledge.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct PackReport {
    /// `built-in`, or the folder or file of the user.
    pub path: String,
    /// `signatures`, `grammars` or `codes`.
    pub kind: &'static str,
    pub files: usize,
    /// SHA-256 over the names and texts of its files, wherever the pack lies.
    pub sha256: String,
    /// What it defines in the place of an earlier pack.
    pub overrides: Vec<String>,
}

/// One path that was asked for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BundleReport {
    pub id: String,
    pub path: String,
    /// SHA-256 over the paths, sizes and contents (by BLAKE3) of all sources; empty if hashes were not asked for.
    pub sha256: String,
    pub sources: usize,
    pub bytes: u64,
}

/// One server.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HostReport {
    pub name: String,
    pub named_by: String,
    pub site: Option<String>,
    pub site_from: Option<String>,
    pub role: Option<&'static str>,
    pub parent: Option<String>,
    /// Sites whose servers name this one's site as their parent.
    pub children: Vec<String>,
    pub product: Option<String>,
    pub version: Option<String>,
    pub os: Option<String>,
    pub utc_offset_minutes: Option<i16>,
    pub utc_offset_from: Option<&'static str>,
    /// What it does for sites, beside being a site server.
    pub roles: Vec<RoleReport>,
    /// Where its clock was set back, in which zones it ran, how far it is from other clocks.
    pub clock: Vec<ClockNote>,
    pub sources: usize,
    pub logs: Vec<LogReport>,
    pub first_seen: Option<String>,
    pub last_seen: Option<String>,
}

/// What a server does for a site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoleReport {
    /// Such as `SQL server`.
    pub role: String,
    /// The site, or the server that says so, where its site is not known.
    pub of: String,
    /// The server that says so, and how.
    pub told_on: String,
    pub by: String,
    pub source: Option<String>,
    pub line: Option<u32>,
}

/// A server that was not collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MentionReport {
    /// Its name, or what it is where its name is not known.
    pub name: String,
    pub site: Option<String>,
    /// What it is to those that name it, such as `parent of S04`.
    pub what: String,
    /// The server that names it, and how.
    pub host: String,
    pub by: String,
    pub source: Option<String>,
    pub line: Option<u32>,
}

/// Something that a server says of itself and that cannot be so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ContradictionReport {
    pub host: String,
    pub what: String,
    pub source: Option<String>,
    pub line: Option<u32>,
}

/// Something about the clock of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClockNote {
    /// `behind` (the clock of another server), `drift`, `set_back`, `zone_change`, `sign` (of a bias, turned), `zones` (several)
    /// or `no_zone`.
    #[schemars(extend("enum" = ["behind", "drift", "set_back", "zone_change", "sign", "zones", "no_zone"]))]
    pub kind: &'static str,
    pub what: String,
    pub source: Option<String>,
    pub line: Option<u32>,
    pub time: Option<String>,
}

/// One log of a server.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LogReport {
    pub source: String,
    /// The logical log, whatever the file is called.
    pub log: Option<String>,
    pub records: u64,
    pub unframed_lines: u64,
    pub first: Option<String>,
    pub last: Option<String>,
    pub time_basis: &'static str,
}

/// A finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Diagnosis {
    pub id: usize,
    pub signature: String,
    pub kb: Vec<String>,
    pub title: String,
    /// The title for every server: what differs is in braces.
    pub general_title: String,
    #[schemars(extend("enum" = ["root_cause", "mechanism", "symptom", "residue", "risk", "benign"]))]
    pub kind: &'static str,
    #[schemars(extend("enum" = ["confirmed", "probable", "possible", "ruled_out"]))]
    pub verdict: &'static str,
    /// 0 to 100; ranks within a verdict.
    pub confidence: u8,
    #[schemars(extend("enum" = ["critical", "high", "medium", "low", "info"]))]
    pub severity: &'static str,
    pub phase: String,
    /// False where a later success followed.
    pub active: bool,
    pub host: String,
    pub site: Option<String>,
    pub bundle: Option<String>,
    pub captures: BTreeMap<String, String>,
    pub first_seen: Option<String>,
    pub last_seen: Option<String>,
    pub time_basis: Option<&'static str>,
    pub means: String,
    /// What speaks for it.
    pub evidence: Vec<Evidence>,
    /// What speaks against it.
    pub against: Vec<Evidence>,
    pub unknown: Vec<Unknown>,
    /// How the confidence came about.
    pub reasoning: Vec<Reason>,
    pub explains: Vec<usize>,
    pub explained_by: Option<usize>,
    pub rivals: Vec<RivalReport>,
    pub remediation: Vec<Step>,
    pub verification: Vec<String>,
    /// That of [`CAUSE`].
    pub fingerprint: String,
    /// By their names, which have a version: [`CAUSE`], [`FLEET`].
    pub fingerprints: BTreeMap<&'static str, String>,
}

impl Diagnosis {
    /// Whether it is claimed of the present: active, and confirmed or probable. What only looks like a failure never is.
    pub fn is_claimed(&self) -> bool {
        self.active && matches!(self.verdict, "confirmed" | "probable") && self.kind != "benign"
    }
}

/// A place that someone can open and look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Evidence {
    pub condition: String,
    /// What it means that the condition holds or does not.
    pub says: String,
    pub holds: bool,
    /// `log` or `state`.
    #[schemars(extend("enum" = ["log", "state", "derived"]))]
    pub kind: &'static str,
    pub host: String,
    pub bundle: String,
    pub source: String,
    pub line: Option<u32>,
    pub offset: u64,
    pub length: u32,
    /// SHA-256 of the whole source; empty if hashes were not asked for.
    pub sha256: String,
    /// The source, by which its hash is found.
    #[serde(skip)]
    pub number: Option<SourceId>,
    pub time: Option<String>,
    pub text: String,
    /// The error codes of a log record with their meanings.
    pub codes: Vec<CodeReport>,
    /// How many more places show the same and are not listed.
    pub more: u64,
}

/// An error code of a log record, and one of the things that it can mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CodeReport {
    /// Such as `win32`, `nerr`, `hresult`, `ntstatus`, `wbem`, `sql_server` or `sms_status`.
    pub family: &'static str,
    /// The family for people.
    pub title: &'static str,
    /// The number within the family; none for a state of ODBC, which is a name.
    pub number: Option<i64>,
    /// As the record writes it.
    pub written: String,
    /// The symbolic name, where it has one and is known.
    pub name: Option<String>,
    /// What it says; none where that is not known.
    pub meaning: Option<String>,
    /// The words around it do not tell the family: the others of the same writing may be meant.
    pub open: bool,
}

/// A condition that nothing collected decides.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unknown {
    pub condition: String,
    pub why: String,
    pub ask: Option<String>,
}

/// What one condition added to or took from the confidence.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reason {
    pub condition: String,
    /// `need`, `support`, `refute` or `item`.
    #[schemars(extend("enum" = ["need", "support", "refute", "resolved", "item"]))]
    pub role: &'static str,
    /// `yes`, `no` or `unknown`.
    #[schemars(extend("enum" = ["yes", "no", "unknown"]))]
    pub value: &'static str,
    pub points: i32,
    pub why: String,
}

/// A look-alike.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RivalReport {
    pub signature: String,
    /// Its verdict on the same server, or `no_evidence`.
    pub verdict: &'static str,
    pub tell: String,
}

/// A step of a remedy.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Step {
    pub step: usize,
    pub on: String,
    #[serde(rename = "do")]
    pub action: String,
    pub run: Option<String>,
    #[schemars(extend("enum" = ["low", "medium", "high"]))]
    pub risk: &'static str,
    pub kb: Option<String>,
}

/// A checklist of one server.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Checklist {
    pub id: String,
    pub kb: Vec<String>,
    pub title: String,
    pub host: String,
    pub site: Option<String>,
    pub items: Vec<ItemReport>,
}

/// A point of a checklist.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ItemReport {
    pub title: String,
    pub subject: String,
    /// `ok`, `problem` or `not_collected`.
    #[schemars(extend("enum" = ["ok", "problem", "not_collected"]))]
    pub state: &'static str,
    pub why: String,
    pub evidence: Vec<Evidence>,
    pub remediation: Option<String>,
    pub ask: Option<String>,
}

/// How far a site got in its installation, upgrade or removal.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LifecycleReport {
    /// Such as `install`.
    pub lifecycle: String,
    pub kb: Vec<String>,
    pub title: String,
    /// None where the server does not know its site yet.
    pub site: Option<String>,
    /// The site's server and that of its parent, where they were collected.
    pub host: Option<String>,
    pub parent_host: Option<String>,
    /// `complete`, `failed`, `stalled`, `stopped` (what the next phase leaves behind is not there), `under_way`, or
    /// `unknown` (what was collected does not show how it went on).
    #[schemars(extend("enum" = ["complete", "failed", "stalled", "stopped", "under_way", "unknown"]))]
    pub state: &'static str,
    /// The last phase that is over, and the first that is not.
    pub last: Option<String>,
    pub stopped: Option<String>,
    pub phases: Vec<PhaseReport>,
}

/// A phase of a lifecycle.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PhaseReport {
    pub id: String,
    pub title: String,
    /// The server that shows it, collected or not.
    pub host: String,
    /// `done`, `passed` (a later one has begun), `begun`, `failed`, `stalled` (longer than it takes), `absent` (what it
    /// leaves behind is not there), `no_sign` (the logs that were collected do not show it) or `unknown`.
    #[schemars(extend("enum" = ["done", "passed", "begun", "failed", "stalled", "absent", "no_sign", "unknown"]))]
    pub state: &'static str,
    pub says: String,
    /// What happens in the phase; told of the one in which it stopped.
    pub means: Option<String>,
    pub time: Option<String>,
    pub evidence: Vec<Evidence>,
    pub ask: Option<String>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Moment {
    pub time: String,
    /// Whether the time is UTC; else it is local, and its order beside other servers is open.
    pub utc: bool,
    pub host: String,
    /// `event`, `finding`, `phase` (of a lifecycle), `error` (the first line of a shape that no finding explains),
    /// `set_back` (of the clock) or `silence`.
    #[schemars(extend("enum" = ["event", "finding", "phase", "error", "set_back", "silence"]))]
    pub kind: &'static str,
    /// How bad it is, where that is known: a severity of findings.
    pub severity: Option<&'static str>,
    /// The logical log it stands in, and who wrote it.
    pub log: Option<String>,
    pub component: Option<String>,
    pub what: String,
    /// How often the same came, and when the last time was.
    pub count: u64,
    pub last: Option<String>,
    pub source: String,
    pub line: u32,
    pub diagnosis: Option<usize>,
}

/// Error lines of one shape that no finding explains.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Unexplained {
    pub template: String,
    pub host: String,
    pub count: u64,
    pub first: Option<String>,
    pub last: Option<String>,
    pub example: Evidence,
}

/// What to collect.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct AskReport {
    pub host: String,
    pub collect: String,
    pub because: String,
}

/// What could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ProblemReport {
    pub bundle: String,
    pub source: String,
    pub line: Option<u32>,
    pub offset: Option<u64>,
    pub kind: &'static str,
    pub what: String,
}

impl Report {
    /// Every place that is cited.
    pub fn evidence_mut(&mut self) -> impl Iterator<Item = &mut Evidence> {
        let Self { diagnoses, checklists, lifecycles, unexplained, .. } = self;
        let phases = lifecycles.iter_mut().flat_map(|it| &mut it.phases).flat_map(|it| &mut it.evidence);
        let items =
            checklists.iter_mut().flat_map(|list| &mut list.items).flat_map(|item| &mut item.evidence);
        let found = diagnoses.iter_mut().flat_map(|it| it.evidence.iter_mut().chain(&mut it.against));
        found.chain(items).chain(phases).chain(unexplained.iter_mut().map(|group| &mut group.example))
    }
}

impl ProblemReport {
    /// Whether it tells what was taken for granted, and not what could not be read.
    pub fn is_assumed(&self) -> bool {
        self.kind == super::ProblemKind::Assumed.name()
    }
}
