//! The names of a customer's things, by which a report can be made anonymous.

use std::collections::{BTreeMap, BTreeSet};

/// What a name names. The order is that in which names are told apart: one that is both is the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    Host,
    Domain,
    Account,
    SiteCode,
    SiteName,
    Address,
    Sid,
    Serial,
    Listed,
    Bundle,
}

impl NameKind {
    /// What pseudonyms of the kind begin with.
    pub fn stem(self) -> &'static str {
        match self {
            Self::Host => "HOST",
            Self::Domain => "DOMAIN",
            Self::Account => "ACCOUNT",
            Self::SiteCode => "SITE",
            Self::SiteName => "SITENAME",
            Self::Address => "ADDRESS",
            Self::Sid => "SID",
            Self::Serial => "SERIAL",
            Self::Listed => "NAME",
            Self::Bundle => "BUNDLE",
        }
    }
}

/// Names by what they name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub all: BTreeMap<NameKind, BTreeSet<String>>,
}

impl Names {
    /// One name.
    pub fn of(kind: NameKind, name: &str) -> Self {
        let mut names = Self::default();
        names.add(kind, name);
        names
    }

    /// Adds a name; a blank one is none.
    pub fn add(&mut self, kind: NameKind, name: &str) {
        let name = name.trim();
        if !name.is_empty() {
            self.all.entry(kind).or_default().insert(name.to_owned());
        }
    }
}
