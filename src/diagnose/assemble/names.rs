//! The names of a customer's things in what was collected, for those who make a report anonymous.

use crate::correlate::World;
use crate::facts::Host;
use crate::model::{NameKind, Names};

/// All names of servers, sites, domains and accounts, and the paths of the bundles.
pub fn names<'p>(world: &World, bundles: impl Iterator<Item = &'p str>) -> Names {
    let mut names = Names::default();
    bundles.for_each(|path| names.add(NameKind::Bundle, path));
    for host in &world.hosts {
        names.add(NameKind::Host, &host.name);
        of_identity(host, &mut names);
        of_logs(host, &mut names);
        of_state(host, &mut names);
    }
    names
}

fn of_identity(host: &Host, names: &mut Names) {
    for (name, known) in host.identity.named() {
        match name {
            "site" | "parent_site" => names.add(NameKind::SiteCode, &known.value),
            "domain" => domain(&known.value, names),
            _ => {}
        }
    }
}

/// What status messages and events name.
fn of_logs(host: &Host, names: &mut Names) {
    for log in &host.logs {
        for (system, site) in log.named.keys() {
            names.add(NameKind::Host, system);
            names.add(NameKind::SiteCode, site);
        }
        log.computers.keys().for_each(|computer| names.add(NameKind::Host, computer));
        for hit in &log.hits {
            for (name, value) in hit.captures.iter() {
                captured(name, value, names);
            }
        }
    }
}

/// What a line pattern bound, by the name that its author gave it.
fn captured(name: &str, value: &str, names: &mut Names) {
    let one_word = !value.contains([' ', '\\', '/', '{']);
    match name {
        "child" | "site" | "dest" | "restored" | "other_site" => names.add(NameKind::SiteCode, value),
        _ if name.contains("account") || name.contains("user") => account(value, names),
        _ if name.contains("domain") && one_word => domain(value, names),
        "server" | "machine" | "computer" | "target" | "sql_server" | "site_server" if one_word => {
            names.add(NameKind::Host, value);
        }
        _ => {}
    }
}

fn of_state(host: &Host, names: &mut Names) {
    host.accounts.iter().for_each(|fact| account(&fact.name, names));
    host.members.values().flat_map(|members| members.iter()).for_each(|fact| account(&fact.name, names));
    for (_, name, data) in host.registry.values() {
        let Some(kind) = kind_of(name) else { continue };
        named(kind, &data.value.display(), names);
    }
    for setting in host.settings.iter() {
        if let Some(kind) = kind_of(&setting.value.name) {
            named(kind, &setting.value.value, names);
        }
    }
}

/// What a registry value or setting of some name holds.
fn kind_of(name: &str) -> Option<NameKind> {
    let name = name.to_lowercase();
    let name = name.as_str();
    match name {
        "objectname" | "defaultusername" | "altdefaultusername" | "lastuser" | "username" | "user name" => {
            Some(NameKind::Account)
        }
        "computername"
        | "hostname"
        | "host name"
        | "site server"
        | "server"
        | "sql server"
        | "nv hostname"
        | "currentlogonserver"
        | "active computername" => Some(NameKind::Host),
        "site name" => Some(NameKind::SiteName),
        "site code" | "parent site code" | "target site" | "originating site" => Some(NameKind::SiteCode),
        "registeredowner" | "registeredorganization" | "registered owner" | "registered organization" => {
            Some(NameKind::Listed)
        }
        "productid" | "product id" | "system serial number" | "serial number" | "serialnumber" => {
            Some(NameKind::Serial)
        }
        _ if name.ends_with("account") || name.ends_with("account name") => Some(NameKind::Account),
        _ if name.ends_with("domain") || name.ends_with("domainname") || name.ends_with("domain name") => {
            Some(NameKind::Domain)
        }
        _ => None,
    }
}

fn named(kind: NameKind, value: &str, names: &mut Names) {
    let value = value.trim().trim_matches('"').trim_start_matches('\\');
    // A number is no name: the discovery data manager counts with a value called `Serial number`.
    if value.is_empty()
        || value.len() > 100
        || value.starts_with("0x")
        || value.bytes().all(|byte| byte.is_ascii_digit())
    {
        return;
    }
    match kind {
        NameKind::Account => account(value, names),
        NameKind::Domain => domain(value, names),
        NameKind::Host if value.contains([' ', '(', '%']) => {}
        NameKind::SiteCode if value.len() != 3 => {}
        kind => names.add(kind, value.split('\\').next().unwrap_or(value)),
    }
}

/// An account with or without its domain.
fn account(value: &str, names: &mut Names) {
    let value = value.trim().trim_matches('"');
    match value.rsplit_once('\\') {
        // A path has more than one backslash, or a drive.
        Some((own, user)) if !own.contains(['\\', ':', ' ']) && !user.is_empty() => {
            if own != "." {
                domain(own, names);
            }
            names.add(NameKind::Account, user);
        }
        Some(_) => {}
        None => match value.split_once('@') {
            Some((user, own)) => {
                names.add(NameKind::Account, user);
                domain(own, names);
            }
            None if value.contains(['/', ':', '=']) => {}
            None => names.add(NameKind::Account, value),
        },
    }
}

fn domain(value: &str, names: &mut Names) {
    if !value.contains([' ', '\\', '/']) {
        names.add(NameKind::Domain, value);
    }
}
