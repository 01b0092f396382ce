//! What belongs together across servers: which server is which site's, and in which zone clocks run.

mod clock;
mod topology;

pub use clock::{Ahead, Clocks};
pub use topology::{Contradiction, Mention};

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Host, Known, Truth};
use crate::model::Zone;
use crate::pattern::{Captures, Glob};
use crate::signature::{Place, Signatures};

/// All servers of an analysis, and how their sites hang together.
#[derive(Debug, Default)]
pub struct World {
    pub hosts: Vec<Host>,
    by_site: BTreeMap<String, usize>,
    by_name: BTreeMap<String, usize>,
    pub clocks: Clocks,
    /// The sites, in capitals, that a server does something for, such as its SQL server.
    pub serving: BTreeMap<usize, BTreeSet<String>>,
    /// The names that every question on a server may use.
    captures: Vec<Captures>,
}

impl World {
    /// Puts the servers in relation; gives their unzoned logs the offset that their registry tells.
    pub fn new(mut hosts: Vec<Host>, signatures: &Signatures) -> Self {
        let mut world = Self::default();
        name_the_pending(&mut hosts, signatures);
        for (index, host) in hosts.iter_mut().enumerate() {
            clock::turn_biases(host);
            let registry = host.identity.offset.map(Zone::Registry);
            if let Some(zone) = registry.or_else(|| clock::common_offset(host).map(Zone::Server)) {
                host.logs.iter_mut().for_each(|log| log.set_zone(zone));
            }
            if let Some(site) = &host.identity.site {
                let site = site.value.to_uppercase();
                // Of several servers of one site the first that says so of itself is the site server.
                let own = site_server(host);
                let known = world.by_site.get(&site).is_some_and(|known: &usize| *known != index);
                if !known || own {
                    world.by_site.insert(site, index);
                }
            }
            world.by_name.insert(host.name.to_uppercase(), index);
            world.captures.push(host.identity.captures(&host.name));
        }
        world.clocks = Clocks::new(&hosts, signatures);
        world.hosts = hosts;
        for index in 0..world.hosts.len() {
            let parent = world.parent_server(index);
            world.captures[index].bind("parent_server", &parent);
        }
        world
    }

    /// What to call the site server of a server's parent site: its name, else its site, else its place.
    fn parent_server(&self, index: usize) -> String {
        let host = &self.hosts[index];
        match &host.identity.parent_site {
            Some(site) => match self.of_site(&site.value) {
                Some(parent) => self.hosts[parent].name.clone(),
                None => format!("the site server of {}", site.value),
            },
            None => format!("the parent of {}", host.name),
        }
    }

    /// The names that are bound for a server before anything is asked.
    pub fn captures(&self, host: usize) -> &Captures {
        &self.captures[host]
    }

    /// The server of a name.
    pub fn named(&self, name: &str) -> Option<usize> {
        self.by_name.get(&name.to_uppercase()).copied()
    }

    /// The server of a site.
    pub fn of_site(&self, site: &str) -> Option<usize> {
        self.by_site.get(&site.to_uppercase()).copied()
    }

    /// The sites of servers that name `site` as their parent.
    pub fn children(&self, site: &str) -> Vec<String> {
        let is_child = |host: &&Host| {
            host.identity.parent_site.as_ref().is_some_and(|parent| parent.value.eq_ignore_ascii_case(site))
        };
        let mut sites: Vec<String> = self
            .hosts
            .iter()
            .filter(is_child)
            .filter_map(|host| Some(host.identity.site.as_ref()?.value.clone()))
            .collect();
        sites.sort();
        sites.dedup();
        sites
    }

    /// The servers that a place speaks of.
    ///
    /// # Errors
    /// What is missing: whom to call the server, and why it is not known.
    pub fn resolve(&self, place: &Place, own: usize, captures: &Captures) -> Result<Vec<usize>, Missing> {
        let of_site = |site: &str| {
            self.of_site(site).map(|host| vec![host]).ok_or_else(|| Missing {
                server: format!("site server of {site}"),
                why: format!("the site server of {site} was not collected"),
            })
        };
        let unnamed = |what: &str| Missing { server: what.to_owned(), why: format!("{what} is not known") };
        match place {
            Place::Own => Ok(vec![own]),
            Place::Parent => match &self.hosts[own].identity.parent_site {
                Some(parent) => of_site(&parent.value),
                None => Err(unnamed("the parent site")),
            },
            Place::Site(site) => match site.fill(captures) {
                Ok(site) => of_site(&site),
                Err(name) => Err(unnamed(&format!("the {} code", name.replace('_', " ")))),
            },
            Place::Host(name) => match name.fill(captures) {
                Ok(name) => self.named(&name).map(|host| vec![host]).ok_or_else(|| Missing {
                    server: name.clone(),
                    why: format!("{name} was not collected"),
                }),
                Err(name) => Err(unnamed(&format!("the server {name}"))),
            },
            Place::WithShare(share) => self.with_share(share, captures),
        }
    }

    fn with_share(&self, share: &Glob, captures: &Captures) -> Result<Vec<usize>, Missing> {
        let server = || format!("server that shares {}", share.text());
        let filled = share
            .fill(captures)
            .map_err(|name| Missing { server: server(), why: format!("{name} is not known") })?;
        let has =
            |host: &&usize| self.hosts[**host].shares.iter().any(|share| filled.find(&share.name).is_some());
        let all: Vec<usize> = (0..self.hosts.len()).collect();
        let found: Vec<usize> = all.iter().filter(has).copied().collect();
        if found.is_empty() {
            let why = format!("no server with the share {} was collected", filled.shown);
            return Err(Missing { server: server(), why });
        }
        Ok(found)
    }
}

/// A server that is not there to be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub server: String,
    pub why: String,
}

/// The event by which a parent's log tells that a site is being installed; it binds `child`.
const PENDING: &str = "site.pending_at_parent";

/// A server in the middle of its installation does not know its site yet, but its parent does.
///
/// Where one site is pending whose server was not recognised, and one server without a site has the
/// bootstrap on it, these two belong together. With more of either nothing is concluded.
fn name_the_pending(hosts: &mut [Host], signatures: &Signatures) {
    let is_pending = |pattern: &u32| {
        signatures.event_of.get(pattern).is_some_and(|event| signatures.events.all[*event].name == PENDING)
    };
    let known: BTreeSet<String> =
        hosts.iter().filter_map(|host| Some(host.identity.site.as_ref()?.value.to_uppercase())).collect();
    let mut pending: BTreeMap<String, (String, Option<String>)> = BTreeMap::new();
    for host in hosts.iter() {
        let hits = host.logs.iter().flat_map(|log| &log.hits).filter(|hit| is_pending(&hit.pattern));
        for child in hits.filter_map(|hit| hit.captures.get("child")).map(str::to_uppercase) {
            let parent = host.identity.site.as_ref().map(|site| site.value.clone());
            pending.entry(child).or_insert((host.name.clone(), parent));
        }
    }
    pending.retain(|child, _| !known.contains(child));
    let in_the_middle = |host: &&mut Host| {
        let bootstrap = host.logs.iter().any(|log| log.logical.as_deref() == Some("bootstrap"))
            || host.service_present("SMS_BOOTSTRAP").truth == Truth::Yes;
        host.identity.site.is_none() && bootstrap
    };
    let mut servers: Vec<&mut Host> = hosts.iter_mut().filter(in_the_middle).collect();
    if let ([server], Some((child, (parent_server, parent)))) = (servers.as_mut_slice(), pending.pop_first())
        && pending.is_empty()
    {
        let by = format!(
            "elimination: the only site that {parent_server} shows as pending and that was not recognised"
        );
        let site = Known { value: child, by: by.clone(), origin: None };
        server.identity.site = Some(site);
        if server.identity.parent_site.is_none() {
            server.identity.parent_site = parent.map(|value| Known { value, by, origin: None });
        }
    }
}

/// Whether a server's registry names it as the server of its site.
fn site_server(host: &Host) -> bool {
    let key = r"HKLM\SOFTWARE\Microsoft\SMS\Identification";
    host.registry.text(key, "Site Server").is_some_and(|name| name.value.eq_ignore_ascii_case(&host.name))
}
