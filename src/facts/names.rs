//! Lists of names: running services, shares, accounts.

use std::collections::BTreeMap;

use super::{Answer, Proof};
use crate::model::Origin;

/// One name of a list.
#[derive(Clone, Debug)]
pub struct NamedFact {
    pub name: String,
    /// What the list says beside the name, such as a share's path.
    pub detail: String,
    /// What the list adds for people, such as a share's comment.
    pub remark: String,
    pub origin: Origin,
}

/// A list of names, and whether it was collected as a whole.
#[derive(Clone, Debug, Default)]
pub struct Names {
    by_name: BTreeMap<String, NamedFact>,
    covered: Option<Origin>,
}

impl Names {
    /// Adds a name; the first capture of it stays.
    pub fn add(&mut self, name: String, detail: String, origin: Origin) {
        self.add_with(name, detail, String::new(), origin);
    }

    /// Adds a name with a remark; the first capture of it stays.
    pub fn add_with(&mut self, name: String, detail: String, remark: String, origin: Origin) {
        self.by_name.entry(name.to_lowercase()).or_insert(NamedFact { name, detail, remark, origin });
    }

    /// Declares the list complete.
    pub fn cover(&mut self, origin: Origin) {
        self.covered.get_or_insert(origin);
    }

    /// Where the list was declared complete.
    pub fn covered(&self) -> Option<Origin> {
        self.covered
    }

    /// The entry of a name; letter case does not count.
    pub fn get(&self, name: &str) -> Option<&NamedFact> {
        self.by_name.get(&name.to_lowercase())
    }

    /// All entries in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &NamedFact> {
        self.by_name.values()
    }

    /// Whether a name is in the list. `what` names the kind of entry for people.
    pub fn present(&self, name: &str, what: &str) -> Answer {
        if let Some(found) = self.get(name) {
            return Answer::yes(vec![found.proof()], format!("{what} {}", found.name));
        }
        match self.covered {
            Some(origin) => {
                let shows = format!("the whole list, without {name}");
                Answer::no(vec![Proof { origin, shows }], format!("no {what} {name}"))
            }
            None => Answer::unknown(format!("no complete list of {what}s was collected")),
        }
    }
}

impl NamedFact {
    /// The place that proves the entry.
    pub fn proof(&self) -> Proof {
        let shows = if self.detail.is_empty() {
            self.name.clone()
        } else {
            format!("{} = {}", self.name, self.detail)
        };
        Proof { origin: self.origin, shows }
    }
}
