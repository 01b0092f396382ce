//! Which server does what for a site: SQL servers, logon servers, client access points …

use std::collections::{BTreeMap, BTreeSet};

use super::answer::answer;
use crate::correlate::World;
use crate::model::Origin;
use crate::signature::{OF, SERVER, Signatures};

/// A server that does something for a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held<'a> {
    pub role: &'a str,
    pub server: String,
    /// Its place among the servers, if it was collected.
    pub host: Option<usize>,
    /// The site, or the server that says so, where its site is not known.
    pub of: String,
    pub site: Option<String>,
    /// The server that says so, how, and where.
    pub told_on: usize,
    pub by: String,
    pub origin: Option<Origin>,
}

/// All that is told of who does what, each once, by the first sign of its role.
pub fn roles<'a>(signatures: &'a Signatures, world: &World) -> Vec<Held<'a>> {
    let mut found: BTreeMap<(String, usize, String), Held<'a>> = BTreeMap::new();
    for (number, role) in signatures.roles.all.iter().enumerate() {
        for sign in &role.signs {
            for (index, host) in world.hosts.iter().enumerate() {
                let captures = world.captures(index);
                let answered = answer(&sign.question, index, captures, world);
                for row in answered.rows {
                    let named = row.captures.get(SERVER).map(|name| computer(name, &host.name));
                    let Some(server) = named.unwrap_or_else(|| Some(host.name.clone())) else { continue };
                    let site = row.captures.get(OF).or(captures.get("site")).map(str::to_uppercase);
                    let of = site.clone().unwrap_or_else(|| host.name.clone());
                    let mut bound = captures.clone();
                    bound.extend(&row.captures);
                    let held = Held {
                        role: &role.name,
                        host: world.named(&server),
                        of: of.clone(),
                        site,
                        told_on: index,
                        by: sign.by.show(&bound),
                        origin: row.seen.first().map(|seen| seen.origin),
                        server: server.clone(),
                    };
                    found.entry((server.to_uppercase(), number, of)).or_insert(held);
                }
            }
        }
    }
    found.into_values().collect()
}

/// The sites that each server does something for.
pub fn serving(signatures: &Signatures, world: &World) -> BTreeMap<usize, BTreeSet<String>> {
    let mut serving: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for held in roles(signatures, world) {
        if let (Some(host), Some(site)) = (held.host, held.site) {
            serving.entry(host).or_default().insert(site);
        }
    }
    serving
}

/// The computer of a name as people and programs write it: `\\SQL01`, `SQL01\INSTANCE`, `(local)`.
fn computer(name: &str, own: &str) -> Option<String> {
    let name = name.trim().trim_matches('"').trim_start_matches('\\');
    let name = name.split(['\\', ',']).next().unwrap_or(name).trim();
    if ["(local)", ".", "localhost"].iter().any(|it| name.eq_ignore_ascii_case(it)) {
        return Some(own.to_owned());
    }
    let is_name = !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || "-_.$".contains(c))
        && name.chars().any(char::is_alphanumeric);
    is_name.then(|| name.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::computer;

    #[test]
    fn names_of_computers_are_taken_out_of_what_names_them() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(computer(name, "OWN").as_deref(), expected, "{name}");
        };
        check("SQL01", Some("SQL01"));
        check(r"\\SQL01\", Some("SQL01"));
        check(r"SQL01\SMS,1433", Some("SQL01"));
        check("(local)", Some("OWN"));
        check("sql01.", Some("sql01"));
        check("", None);
        check("..", None);
        check("the server", None);
    }
}
