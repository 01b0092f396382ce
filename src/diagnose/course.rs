//! How far each site got: the phases of its installation, upgrade or removal, and where that stopped.

use std::collections::BTreeMap;

use super::answer::answer;
use super::finding::{Finding, Verdict};
use super::found::{Found, Row, Seen};
use crate::correlate::World;
use crate::facts::Truth;
use crate::model::Stamp;
use crate::pattern::Captures;
use crate::signature::{Lifecycle, Phase, Shown, Sign, Signatures};

/// What is known of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseState {
    /// Something shows its end.
    Done,
    /// A later phase has begun, so that this one is over.
    Passed,
    Begun,
    Failed,
    /// It began, and its server went on for longer than it takes.
    Stalled,
    /// What would be there if it had begun is not there.
    Absent,
    /// The logs that would tell were collected, and do not; older copies of them might.
    NoSign,
    /// Nothing that would tell was collected.
    Unknown,
}

impl PhaseState {
    /// The name that reports and cases use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Passed => "passed",
            Self::Begun => "begun",
            Self::Failed => "failed",
            Self::Stalled => "stalled",
            Self::Absent => "absent",
            Self::NoSign => "no_sign",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the site stopped there, and is not just on its way or out of sight.
    pub fn is_trouble(self) -> bool {
        matches!(self, Self::Failed | Self::Stalled | Self::Absent)
    }

    /// Whether the phase is behind the site.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Passed)
    }
}

/// A phase of a site.
#[derive(Clone, Debug)]
pub struct Stage<'a> {
    pub phase: &'a Phase,
    /// The server that shows it, where it was collected, and what to call it.
    pub host: Option<usize>,
    pub server: String,
    pub state: PhaseState,
    /// What it means, for people.
    pub says: String,
    /// The places that show it.
    pub seen: Vec<Seen>,
    /// Whether all that shows it may be left over from an earlier time.
    stale: bool,
    /// Whom to ask for what, where it is not known.
    pub collect: Option<(String, String)>,
    /// The names for its texts.
    pub captures: Captures,
}

/// A moment, and the server on which it was written.
type Moment = (usize, Stamp);

/// The newest moment of some places.
fn newest(seen: &[Seen]) -> Option<Moment> {
    let moments = seen.iter().filter_map(|seen| Some((seen.host, seen.stamp?)));
    moments.max_by_key(|(_, stamp)| stamp.order())
}

/// Whether a moment is earlier than another for certain.
fn is_earlier(moment: Option<Moment>, other: Option<Moment>, world: &World) -> bool {
    moment.zip(other).is_some_and(|(moment, other)| {
        let (apart, error) = world.clocks.apart(moment, other);
        error < apart
    })
}

/// How far a site got in a lifecycle.
#[derive(Clone, Debug)]
pub struct Course<'a> {
    pub lifecycle: &'a Lifecycle,
    /// The code of the site; none where its server does not know it yet.
    pub site: Option<String>,
    pub host: Option<usize>,
    pub parent_host: Option<usize>,
    pub stages: Vec<Stage<'a>>,
    /// The last phase that is over, and the first that is not, behind which none has begun.
    pub last: Option<usize>,
    pub stopped: Option<usize>,
}

/// A site that may be in the middle of something.
#[derive(Clone, Debug, Default)]
struct Member {
    site: Option<String>,
    host: Option<usize>,
    parent: Option<usize>,
    /// Whether it has a parent, or is being installed under one.
    is_child: bool,
}

/// What signs are looked for in.
#[derive(Clone, Copy)]
struct Evidence<'e> {
    world: &'e World,
    findings: &'e [Finding<'e>],
}

/// The courses of all sites in all lifecycles of which anything shows.
pub fn courses<'a>(signatures: &'a Signatures, findings: &[Finding<'_>], world: &World) -> Vec<Course<'a>> {
    let members = members(signatures, world);
    let evidence = Evidence { world, findings };
    let pairs = signatures.lifecycles.iter().flat_map(|life| members.iter().map(move |it| (life, it)));
    let pairs = pairs.filter(|(lifecycle, member)| member.is_child || lifecycle.all_sites);
    pairs.filter_map(|(lifecycle, member)| course(lifecycle, member, evidence)).collect()
}

/// The sites that have a parent, are named by one, or are only just being installed.
fn members(signatures: &Signatures, world: &World) -> Vec<Member> {
    let mut by_site: BTreeMap<String, Member> = BTreeMap::new();
    let mut nameless = Vec::new();
    for (index, host) in world.hosts.iter().enumerate() {
        let parent = host.identity.parent_site.as_ref().and_then(|site| world.of_site(&site.value));
        match &host.identity.site {
            Some(site) if world.of_site(&site.value) == Some(index) => {
                let is_child = host.identity.parent_site.is_some()
                    || host.identity.role == Some(crate::facts::Role::Secondary);
                let site = site.value.to_uppercase();
                let member = Member { site: Some(site.clone()), host: Some(index), parent, is_child };
                by_site.insert(site, member);
            }
            Some(_) => {}
            None => {
                if host.logs.iter().any(|log| log.logical.as_deref() == Some("bootstrap")) {
                    nameless.push(Member { site: None, host: Some(index), parent, is_child: true });
                }
            }
        }
    }
    for (index, child, _) in world.named_children(signatures) {
        let new = || Member { host: world.of_site(&child), site: Some(child.clone()), ..Member::default() };
        let member = by_site.entry(child.clone()).or_insert_with(new);
        member.parent.get_or_insert(index);
        member.is_child = true;
    }
    by_site.into_values().chain(nameless).collect()
}

fn course<'a>(lifecycle: &'a Lifecycle, member: &Member, evidence: Evidence<'_>) -> Option<Course<'a>> {
    let world = evidence.world;
    let mut stages: Vec<Stage<'a>> =
        lifecycle.phases.iter().map(|phase| stage(phase, member, evidence)).collect();
    let reached = reached(&stages, world)?;
    if lifecycle.needs_trace && !stages.iter().any(|stage| stage.seen.iter().any(|seen| seen.log)) {
        return None;
    }
    if lifecycle.needs_first && !stages.first().is_some_and(|first| shown(first)) {
        return None;
    }
    // What failed and was tried again is told by what came after.
    for stage in stages[..reached].iter_mut().filter(|stage| stage.state != PhaseState::Done) {
        stage.state = PhaseState::Passed;
        stage.collect = None;
    }
    if stages[reached].state == PhaseState::Begun && is_late(&stages[reached], world) {
        stages[reached].state = PhaseState::Stalled;
    }
    let stopped = stages.iter().position(|stage| !stage.state.is_over());
    let last = stages.iter().rposition(|stage| stage.state.is_over());
    Some(Course {
        lifecycle,
        site: member.site.clone(),
        host: member.host,
        parent_host: member.parent,
        stages,
        last,
        stopped,
    })
}

/// Whether something shows a phase.
fn shown(stage: &Stage<'_>) -> bool {
    matches!(stage.state, PhaseState::Done | PhaseState::Begun | PhaseState::Failed)
}

/// The last phase that something shows.
///
/// What is older than the last failure is of an earlier attempt. What may be left over from before counts only where all
/// that is certain came to its end.
fn reached(stages: &[Stage<'_>], world: &World) -> Option<usize> {
    let failed = stages.iter().rposition(|stage| stage.state == PhaseState::Failed);
    let failure = failed.and_then(|failed| newest(&stages[failed].seen));
    let is_older = |stage: &Stage<'_>| is_earlier(newest(&stage.seen), failure, world);
    let certain = (0..stages.len()).rev().find(|at| {
        let stage = &stages[*at];
        shown(stage) && !stage.stale && !(failed.is_some_and(|failed| failed < *at) && is_older(stage))
    });
    match certain {
        Some(at) if stages[at].state != PhaseState::Done => Some(at),
        _ => stages.iter().rposition(shown),
    }
}

/// Whether the server went on for longer than the phase may take.
fn is_late(stage: &Stage<'_>, world: &World) -> bool {
    let (Some(limit), Some(host)) = (stage.phase.limit, stage.host) else { return false };
    newest(&stage.seen)
        .zip(world.hosts[host].newest_record())
        .is_some_and(|(began, last)| limit <= last.since(began.1))
}

/// What came of the signs of one kind.
struct Signs {
    truth: Truth,
    /// What the signs that are true say, and where they stand.
    says: Vec<String>,
    seen: Vec<Seen>,
    why: Vec<String>,
    /// Whether all that are true may be left over from an earlier time.
    stale: bool,
    /// Whether state, and not only the silence of a log, shows that it is not so.
    shown_by_state: bool,
}

fn signs(signs: &[Sign], host: usize, captures: &Captures, evidence: Evidence<'_>) -> Signs {
    let mut all = Signs {
        truth: Truth::No,
        says: Vec::new(),
        seen: Vec::new(),
        why: Vec::new(),
        stale: true,
        shown_by_state: false,
    };
    for sign in signs {
        let found = match &sign.shown {
            Shown::Evidence(question) => answer(question, host, captures, evidence.world),
            Shown::Findings(ids) => found(ids, captures, evidence.findings),
        };
        match found.truth {
            Truth::Yes => {
                let row = found.rows.first().map(|row| row.captures.clone()).unwrap_or_default();
                let mut bound = captures.clone();
                bound.extend(&row);
                let says = sign.says.show(&bound);
                if !all.says.contains(&says) {
                    all.says.push(says);
                }
                all.stale &= sign.stale;
                all.seen.extend(found.rows.into_iter().flat_map(|row| row.seen));
            }
            Truth::No => all.shown_by_state |= found.seen.iter().any(|seen| !seen.log),
            Truth::Unknown => {}
        }
        if found.truth != Truth::Yes && !all.why.contains(&found.why) {
            all.why.push(found.why);
        }
        all.truth = all.truth.max(found.truth);
    }
    all.seen.sort_by_key(|seen| (seen.stamp.map(Stamp::order), seen.host, seen.origin));
    all.seen.dedup_by_key(|seen| (seen.host, seen.origin));
    all
}

/// Whether a finding of one of the signatures speaks of the site. That there is none may only mean that too little is known.
fn found(ids: &[String], captures: &Captures, findings: &[Finding<'_>]) -> Found {
    let site = captures.get("child").unwrap_or_default();
    let of_site = |finding: &&Finding<'_>| {
        let own = finding.site.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(site));
        own && finding.active && ids.contains(&finding.signature.id)
    };
    let row = |finding: &Finding<'_>| {
        let shown = finding.conditions.iter().filter(|it| it.truth == Truth::Yes);
        Row { captures: finding.captures.clone(), seen: shown.flat_map(|it| it.seen.clone()).collect() }
    };
    let sure = findings.iter().filter(|finding| finding.verdict >= Verdict::Probable).filter(of_site);
    let rows: Vec<Row> = sure.map(row).collect();
    if !rows.is_empty() {
        return Found::yes(rows, "a finding shows it");
    }
    match findings.iter().filter(|finding| finding.verdict == Verdict::Possible).find(of_site) {
        Some(finding) => Found::unknown(format!("possible only: {}", finding.title()), None),
        None => Found::unknown("no finding shows it", None),
    }
}

fn stage<'a>(phase: &'a Phase, member: &Member, evidence: Evidence<'_>) -> Stage<'a> {
    let world = evidence.world;
    let host = if phase.is_on_child() { member.host } else { member.parent };
    let site = member.site.clone().unwrap_or_else(|| "?".to_owned());
    let name =
        |host: Option<usize>, else_of: String| host.map_or(else_of, |host| world.hosts[host].name.clone());
    let mut captures = host.map(|host| world.captures(host).clone()).unwrap_or_default();
    captures.bind("child", &site);
    captures.bind("child_server", &name(member.host, format!("the site server of {site}")));
    let known = member.host.and_then(|host| world.captures(host).get("parent_server"));
    let of = known.map_or_else(|| format!("the parent of {site}"), str::to_owned);
    captures.bind("parent_server", &name(member.parent, of));
    let server = captures.get(if phase.is_on_child() { "child_server" } else { "parent_server" });
    let server = server.unwrap_or_default().to_owned();
    let collect = Some((server.clone(), phase.collect.show(&captures)));
    let blank = Stage {
        phase,
        host,
        server,
        state: PhaseState::Unknown,
        says: String::new(),
        seen: Vec::new(),
        stale: false,
        collect,
        captures,
    };
    let Some(host) = host else {
        return Stage { says: format!("{} was not collected", blank.server), ..blank };
    };
    let [begun, done, failed] =
        [&phase.begun, &phase.done, &phase.failed].map(|kind| signs(kind, host, &blank.captures, evidence));
    // A failure before the last success is history; one without a time counts.
    let overcome = done.truth == Truth::Yes && is_earlier(newest(&failed.seen), newest(&done.seen), world);
    // One sign is enough for what went well; of a failure all that is known counts.
    let told = |state: PhaseState, signs: Signs| Stage {
        state,
        says: signs.says[..if state == PhaseState::Failed { signs.says.len() } else { 1 }].join("; "),
        seen: signs.seen,
        stale: signs.stale,
        collect: None,
        ..blank.clone()
    };
    if failed.truth == Truth::Yes && !overcome {
        return told(PhaseState::Failed, failed);
    }
    if done.truth == Truth::Yes {
        return told(PhaseState::Done, done);
    }
    if begun.truth == Truth::Yes {
        // That it began says nothing of how it goes on, unless a log does.
        let collect = blank.collect.clone().filter(|_| !begun.seen.iter().any(|seen| seen.log));
        return Stage { collect, ..told(PhaseState::Begun, begun) };
    }
    let mut why = begun.why;
    why.extend(done.why.into_iter().filter(|other| !why.contains(other)).collect::<Vec<_>>());
    let why = why.join("; ");
    let state = match (begun.truth.max(done.truth), begun.shown_by_state || done.shown_by_state) {
        (_, true) => PhaseState::Absent,
        (Truth::No, false) => PhaseState::NoSign,
        _ => PhaseState::Unknown,
    };
    // What is known to be missing need not be collected.
    let collect = blank.collect.clone().filter(|_| state != PhaseState::Absent);
    Stage { state, says: why, collect, ..blank }
}
