//! What is known of each server: facts by kind, what the captures cover, and three-valued answers.

mod copies;
mod files;
mod generations;
mod hosts;
mod identity;
mod layout;
mod names;
mod registry;
mod services;
mod settings;

pub use copies::{Capture, set_aside};
pub use files::{EntryFact, Files};
pub use generations::Generations;
pub use hosts::{Assignment, Hint, assign};
pub use identity::{HOST_NAMES, Identity, Known, Role};
pub use names::{NamedFact, Names};
pub use registry::{Registry, canonical};
pub use services::{SERVICES, Services};
pub use settings::{Setting, Settings};

use std::collections::BTreeMap;

use crate::model::{Coverage, Fact, Located, Origin, Stamp};
use crate::parse::log::{LineHit, LogRead};

/// The three values of evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    No,
    Unknown,
    Yes,
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }
}

impl Truth {
    /// No becomes yes and yes becomes no; what is not known stays so.
    pub fn negated(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
            Self::Yes => Self::No,
        }
    }
}

/// A place that proves an answer, and what it shows there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    pub origin: Origin,
    pub shows: String,
}

/// The answer to a question about one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub truth: Truth,
    pub proofs: Vec<Proof>,
    /// What the answer rests on, for people; for `Unknown`, what was not collected.
    pub why: String,
}

impl Answer {
    /// True, with the places that prove it.
    pub fn yes(proofs: Vec<Proof>, why: impl Into<String>) -> Self {
        Self { truth: Truth::Yes, proofs, why: why.into() }
    }

    /// False, with the places that prove it.
    pub fn no(proofs: Vec<Proof>, why: impl Into<String>) -> Self {
        Self { truth: Truth::No, proofs, why: why.into() }
    }

    /// Not known, and why.
    pub fn unknown(why: impl Into<String>) -> Self {
        Self { truth: Truth::Unknown, proofs: Vec::new(), why: why.into() }
    }
}

/// Whether two names are one name to Windows, for which letter case does not count.
fn same_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || !(one.is_ascii() && other.is_ascii()) && one.to_lowercase() == other.to_lowercase()
}

/// Everything known of one server.
#[derive(Clone, Debug, Default)]
pub struct Host {
    pub name: String,
    /// How the name is known.
    pub named_by: String,
    pub identity: Identity,
    pub registry: Registry,
    pub files: Files,
    pub services: Services,
    pub shares: Names,
    pub accounts: Names,
    pub groups: Names,
    /// The members of each group, by its name in lower case.
    pub members: BTreeMap<String, Names>,
    pub settings: Settings,
    pub logs: Vec<LogRead>,
    /// The order of the files of each log.
    pub generations: Generations,
    /// Where each line pattern matched: the log and the hit in it.
    hits: BTreeMap<u32, Vec<(usize, usize)>>,
    /// What commands call the system: the longest name.
    pub system: Option<Located<String>>,
}

impl Host {
    /// An index over all that was read from a server's sources.
    pub fn new(assignment: &Assignment, captures: Vec<Capture>, mut logs: Vec<LogRead>) -> Self {
        let generations = Generations::join(&mut logs);
        let mut host = Self {
            name: assignment.name.clone(),
            named_by: assignment.named_by.clone(),
            logs,
            generations,
            ..Self::default()
        };
        for capture in captures {
            capture.facts.into_iter().for_each(|fact| host.take(fact));
            capture.coverage.into_iter().for_each(|place| host.cover(place));
        }
        host.files.settle();
        for (at, log) in host.logs.iter().enumerate() {
            for (number, hit) in log.hits.iter().enumerate() {
                host.hits.entry(hit.pattern).or_default().push((at, number));
            }
        }
        host.identity = Identity::of(&host);
        host
    }

    fn take(&mut self, fact: Located<Fact>) {
        let origin = fact.origin;
        match fact.value {
            Fact::Computer { .. } => {}
            Fact::System { name } => {
                // `Windows 2000` tells more than the `Windows` of later lists.
                let more = self.system.as_ref().is_none_or(|known| known.value.len() < name.len());
                if more {
                    self.system = Some(Located { value: name, origin });
                }
            }
            Fact::RegistryKey { path, .. } => self.registry.key(&path, origin),
            Fact::RegistryValue { key, name, data } => self.registry.value(&key, name, data, origin),
            Fact::RegistryDeletion { key, value } => self.registry.delete(&key, value.as_deref()),
            Fact::Folder { path } => self.files.folder(&path, origin),
            Fact::Entry { folder, name, kind, modified } => {
                self.files.entry(&folder, name, kind, modified, origin);
            }
            Fact::Volume { root, free, .. } => self.files.volume(&root, free, origin),
            Fact::Service(service) => self.services.add(*service, origin),
            Fact::Share { name, path, remark } => self.shares.add_with(name, path, remark, origin),
            Fact::Account { name } => self.accounts.add(name, String::new(), origin),
            Fact::Group { name } => self.groups.add(name, String::new(), origin),
            Fact::Member { group, name } => {
                self.members.entry(group.to_lowercase()).or_default().add(name, String::new(), origin);
            }
            Fact::Setting { document, section, name, value } => {
                self.settings.add(Setting { document, section, name, value }, origin);
            }
        }
    }

    fn cover(&mut self, place: Located<Coverage>) {
        let origin = place.origin;
        match place.value {
            Coverage::RegistryTree { root } => self.registry.cover(&root, origin),
            Coverage::Folder { path } => self.files.cover(&path, origin),
            Coverage::Absent { path } => self.files.absent(&path, origin),
            Coverage::RunningServices => self.services.cover_running(origin),
            Coverage::Services => self.services.cover(origin),
            Coverage::Shares => self.shares.cover(origin),
            Coverage::Accounts => self.accounts.cover(origin),
            Coverage::Groups => self.groups.cover(origin),
            Coverage::Members { group } => {
                self.members.entry(group.to_lowercase()).or_default().cover(origin);
            }
        }
    }

    /// The newest moment of its logs.
    pub fn newest_record(&self) -> Option<Stamp> {
        self.logs.iter().filter_map(|log| log.last).max_by_key(|stamp| stamp.order())
    }

    /// The drives that the server is known to have, as `C:`; `None` where nothing tells them all.
    ///
    /// Every fixed drive has an administrative share, so a complete list of shares tells them.
    pub fn fixed_drives(&self) -> Option<Vec<String>> {
        self.shares.covered()?;
        let by_share = self.shares.iter().filter_map(|share| {
            let letter = share.name.strip_suffix('$').filter(|letter| letter.len() == 1)?;
            letter
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic())
                .then(|| format!("{}:", letter.to_uppercase()))
        });
        let listed = self.files.drives().map(|drive| drive.to_uppercase());
        let mut drives: Vec<String> = by_share.chain(listed).collect();
        drives.sort();
        drives.dedup();
        Some(drives)
    }

    /// The lines that a pattern matched, with the logs they stand in.
    pub fn hits(&self, pattern: u32) -> impl Iterator<Item = (&LogRead, &LineHit)> {
        let places = self.hits.get(&pattern).into_iter().flatten();
        places.filter_map(|(log, hit)| {
            let log = self.logs.get(*log)?;
            Some((log, log.hits.get(*hit)?))
        })
    }

    /// Whether a service exists: because it runs or is listed, or by its registry key.
    pub fn service_present(&self, name: &str) -> Answer {
        self.services.present(name, &self.registry)
    }

    /// Whether a service runs, under its key name or its display name.
    pub fn service_running(&self, name: &str) -> Answer {
        self.services.runs(name, &self.registry)
    }
}
