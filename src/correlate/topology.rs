//! Servers that the evidence names and that were not collected, and what servers say of themselves that cannot be.

use std::collections::{BTreeMap, BTreeSet};

use super::World;
use crate::facts::Host;
use crate::model::Origin;
use crate::signature::{Lifecycle, Signatures};

/// A server that was not collected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// Its name, or what it is where its name is not known.
    pub name: String,
    pub site: Option<String>,
    /// What it is to those that name it, such as `parent of S04`.
    pub what: String,
    /// The server that names it, and how.
    pub host: usize,
    pub by: String,
    pub origin: Option<Origin>,
}

/// Something that a server says of itself and that cannot be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    pub host: usize,
    pub what: String,
    pub origin: Option<Origin>,
}

/// Where a site server's registry says which server it is.
const IDENTIFICATION: &str = r"HKLM\SOFTWARE\Microsoft\SMS\Identification";

impl World {
    /// What the logs of parents name as children: the server, the site in capitals, and the place.
    pub fn named_children(&self, signatures: &Signatures) -> Vec<(usize, String, Origin)> {
        let asked: BTreeSet<u32> =
            signatures.lifecycles.iter().flat_map(Lifecycle::lines_at_parent).collect();
        let mut named = Vec::new();
        for (index, host) in self.hosts.iter().enumerate() {
            let own = host.identity.site.as_ref().map(|site| site.value.to_uppercase());
            for hit in host.logs.iter().flat_map(|log| &log.hits).filter(|hit| asked.contains(&hit.pattern)) {
                let child = hit.captures.get("child").map(str::to_uppercase);
                named.extend(
                    child.filter(|it| Some(it) != own.as_ref()).map(|it| (index, it, hit.record.origin)),
                );
            }
        }
        named
    }

    /// The servers that are named and were not collected, each once for each relation.
    pub fn mentioned(&self, signatures: &Signatures) -> Vec<Mention> {
        let mut found: BTreeMap<(String, String), Mention> = BTreeMap::new();
        let mut add = |mention: Mention| {
            found.entry((mention.name.to_lowercase(), mention.what.clone())).or_insert(mention);
        };
        for (index, child, origin) in self.named_children(signatures) {
            if self.of_site(&child).is_none() {
                add(Mention {
                    name: format!("the site server of {child}"),
                    what: format!("child of {}", self.called(index)),
                    site: Some(child),
                    host: index,
                    by: "hierarchy manager log".to_owned(),
                    origin: Some(origin),
                });
            }
        }
        for (index, host) in self.hosts.iter().enumerate() {
            let own = self.called(index);
            if let Some(parent) = host.identity.parent_site.as_ref()
                && self.of_site(&parent.value).is_none()
            {
                add(Mention {
                    name: format!("the site server of {}", parent.value),
                    site: Some(parent.value.clone()),
                    what: format!("parent of {own}"),
                    host: index,
                    by: parent.by.clone(),
                    origin: parent.origin,
                });
            }
            for (system, site) in host.logs.iter().flat_map(|log| log.named.keys()) {
                if self.named(system).is_none() {
                    add(Mention {
                        name: system.clone(),
                        site: Some(site.clone()),
                        what: format!("server of {site}"),
                        host: index,
                        by: "status messages".to_owned(),
                        origin: None,
                    });
                }
            }
            if let Some((server, origin)) = other_site_server(host)
                && self.named(&server).is_none()
            {
                add(Mention {
                    name: server,
                    site: host.identity.site.as_ref().map(|site| site.value.clone()),
                    what: format!("site server of {own}"),
                    host: index,
                    by: "registry".to_owned(),
                    origin: Some(origin),
                });
            }
        }
        found.into_values().collect()
    }

    /// What to call a server in its relations: its site, else its name.
    fn called(&self, index: usize) -> &str {
        let host = &self.hosts[index];
        host.identity.site.as_ref().map_or(&host.name, |site| &site.value)
    }

    /// What servers say of themselves that cannot be.
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let mut found = Vec::new();
        let mut servers: BTreeMap<String, usize> = BTreeMap::new();
        for (index, host) in self.hosts.iter().enumerate() {
            let site = host.identity.site.as_ref().map(|site| site.value.to_uppercase());
            if let Some((server, origin)) = other_site_server(host) {
                let what = format!("its registry names {server} as the server of its site");
                found.push(Contradiction { host: index, what, origin: Some(origin) });
            } else if let Some(site) = site.filter(|_| super::site_server(host)) {
                match servers.get(&site) {
                    None => drop(servers.insert(site, index)),
                    Some(other) => {
                        let other = &self.hosts[*other].name;
                        let what =
                            format!("it is the site server of {site} by its registry, and so is {other}");
                        let origin = host.identity.site.as_ref().and_then(|site| site.origin);
                        found.push(Contradiction { host: index, what, origin });
                    }
                }
            }
        }
        found
    }
}

/// The server that a site server's registry names in its own place.
fn other_site_server(host: &Host) -> Option<(String, Origin)> {
    let named = host.registry.text(IDENTIFICATION, "Site Server")?;
    let name = named.value.trim().trim_start_matches('\\').to_owned();
    (!name.is_empty() && !name.eq_ignore_ascii_case(&host.name)).then_some((name, named.origin))
}
