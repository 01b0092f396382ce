//! Questions to one server: lines, keys, files, services, shares and accounts.

use crate::correlate::World;
use crate::facts::{Answer, Host, Names, Proof, SERVICES, Truth};
use crate::model::Origin;
use crate::pattern::{Captures, FilledGlob, Glob};
use crate::signature::{State, Subject};

use super::found::{Found, Row, Seen, seen};

/// A question on its way to one server.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub host: usize,
    pub captures: &'a Captures,
    pub world: &'a World,
    /// Whether what a row binds is what was meant.
    pub accept: &'a dyn Fn(&Captures) -> bool,
}

impl Asked<'_> {
    fn fact(&self) -> &Host {
        &self.world.hosts[self.host]
    }

    fn collect(&self, what: impl Into<String>) -> (String, String) {
        (self.fact().name.clone(), what.into())
    }

    /// A pattern with the names that are bound so far; else why it cannot be looked for.
    fn fill(&self, pattern: &Glob) -> Result<FilledGlob, String> {
        pattern.fill(self.captures).map_err(|name| format!("{name} is not known"))
    }

    /// A row for something that a pattern matched, if it is what was meant.
    fn row(&self, captures: Option<Captures>, proof: impl FnOnce() -> Proof) -> Option<Row> {
        let captures = captures.filter(|captures| (self.accept)(captures))?;
        Some(Row { captures, seen: vec![seen(self.host, proof())] })
    }
}

/// The commands that collect what is running, shared, and known as accounts.
const NET_START: &str = "net start > net_start.txt";
pub const NET_SHARE: &str = "net share > net_share.txt";
pub const NET_USER: &str = "net user > net_user.txt";

/// Rows of one question that are looked at; more of the same prove no more.
const MOST_ROWS: usize = 300;

/// A line in one of some logs.
pub fn line(numbers: &[u32], logs: &[String], last: bool, asked: Asked<'_>) -> Found {
    let (fact, host) = (asked.fact(), asked.host);
    let mut rows = Vec::new();
    let mut read = Vec::new();
    for log in &fact.logs {
        for hit in log.hits.iter().filter(|hit| numbers.contains(&hit.pattern)) {
            let is_last = log.last_record.as_ref().is_some_and(|record| record.origin == hit.record.origin);
            if (!last || is_last) && rows.len() < MOST_ROWS && (asked.accept)(&hit.captures) {
                let seen = Seen {
                    host,
                    origin: hit.record.origin,
                    text: hit.record.text.clone(),
                    stamp: hit.record.stamp,
                    log: true,
                    pattern: Some(hit.pattern),
                };
                rows.push(Row { captures: hit.captures.clone(), seen: vec![seen] });
            }
        }
        let is_asked = logs.is_empty() || log.logical.as_ref().is_some_and(|logical| logs.contains(logical));
        if is_asked && log.records + log.unframed > 0 {
            read.push(log);
        }
    }
    let names = if logs.is_empty() { "log".to_owned() } else { format!("{} log", logs.join(" or ")) };
    if !rows.is_empty() {
        return Found::yes(rows, format!("a line of the {names}"));
    }
    let Some(first) = read.first() else {
        let collect = asked.collect(format!("the {names}, and its rotated copy (.lo_)"));
        return Found::unknown(format!("no {names} was collected"), Some(collect));
    };
    let count: u64 = read.iter().map(|log| log.records + log.unframed).sum();
    let text = format!("{count} records of the {names} read, none of them such a line");
    let origin = Origin { source: first.source, line: 0, offset: 0, length: 0 };
    let seen = Seen { host, origin, text: text.clone(), stamp: None, log: true, pattern: None };
    Found::no(vec![seen], text)
}

/// A registry key, or keys of a pattern.
pub fn key(path: &Glob, turned: bool, asked: Asked<'_>) -> Found {
    let (fact, host) = (asked.fact(), asked.host);
    let filled = match asked.fill(path) {
        Ok(filled) => filled,
        Err(why) => return Found::unknown(why, None),
    };
    let collect = asked.collect(export_of(&filled.shown));
    if let Some(exact) = &filled.exact {
        return Found::of(fact.registry.key_present(exact), host, turned, collect);
    }
    let folder = filled.fixed_folder().unwrap_or_default();
    let wanted = |path: &str| filled.find(&path.replacen("HKEY_LOCAL_MACHINE", "HKLM", 1));
    let rows: Vec<Row> = fact
        .registry
        .below(folder)
        .filter_map(|(path, origin)| asked.row(wanted(path), || Proof { origin, shows: format!("[{path}]") }))
        .take(MOST_ROWS)
        .collect();
    let absent = || absent(fact.registry.tree_covered(folder), &filled.shown, "registry export");
    many(rows, absent, host, &filled.shown, turned, collect)
}

/// A file or folder, or those of a pattern.
pub fn file(path: &Glob, turned: bool, asked: Asked<'_>) -> Found {
    let (fact, host) = (asked.fact(), asked.host);
    let filled = match asked.fill(path) {
        Ok(filled) => filled,
        Err(why) => return Found::unknown(why, None),
    };
    let collect = asked.collect(dir_of(filled.shown.get(..2).unwrap_or("")));
    if let Some(exact) = &filled.exact {
        return Found::of(fact.files.present(exact), host, turned, collect);
    }
    let rows: Vec<Row> = fact
        .files
        .below(filled.fixed_folder())
        .filter_map(|entry| asked.row(filled.find(&entry.path()), || entry.proof()))
        .take(MOST_ROWS)
        .collect();
    many(rows, || absent_everywhere(&filled.shown, fact), host, &filled.shown, turned, collect)
}

/// Whether listings cover every place that a pattern without matches could mean.
fn absent_everywhere(shown: &str, fact: &Host) -> Answer {
    let unknown = || Answer::unknown(format!("no complete listing covers {shown}"));
    let places: Vec<String> = match shown.strip_prefix("?:") {
        None => vec![shown.to_owned()],
        // Any drive: all drives that the server has must have been listed.
        Some(rest) => match fact.fixed_drives() {
            Some(drives) => drives.iter().map(|drive| format!("{drive}{rest}")).collect(),
            None => return Answer::unknown(format!("{shown}: which drives the server has is not known")),
        },
    };
    let mut proofs = Vec::new();
    for place in &places {
        let open = place.find(['?', '*', '<', '{']);
        let origin = match open.and_then(|open| place[..open].rfind('\\')) {
            Some(end) => fact.files.tree_covered(&place[..end]),
            None if open.is_none() => {
                let answer = fact.files.present(place);
                (answer.truth == Truth::No).then(|| answer.proofs.first().map(|proof| proof.origin)).flatten()
            }
            None => None,
        };
        match origin {
            Some(origin) => {
                let shows = format!("whole listing, without {place}");
                proofs.push(Proof { origin, shows });
            }
            None => return unknown(),
        }
    }
    if proofs.is_empty() { unknown() } else { Answer::no(proofs, format!("{shown} is not there")) }
}

/// Matches of a pattern, or else what their absence rests on.
fn many(
    rows: Vec<Row>,
    absent: impl FnOnce() -> Answer,
    host: usize,
    shown: &str,
    turned: bool,
    collect: (String, String),
) -> Found {
    match (rows.is_empty(), turned) {
        (false, false) => Found::yes(rows, format!("{shown} is there")),
        (false, true) => {
            Found::no(rows.into_iter().flat_map(|row| row.seen).collect(), format!("{shown} is there"))
        }
        (true, _) => Found::of(absent(), host, turned, collect),
    }
}

/// The answer that nothing of a pattern is there, if the place that was searched is covered.
fn absent(covered: Option<Origin>, shown: &str, missing: &str) -> Answer {
    match covered {
        Some(origin) => {
            let proof = Proof { origin, shows: format!("complete, without {shown}") };
            Answer::no(vec![proof], format!("{shown} is not there"))
        }
        None => Answer::unknown(format!("no {missing} covers {shown}")),
    }
}

/// A service, or services of a pattern.
pub fn service(name: &Glob, state: State, asked: Asked<'_>) -> Found {
    let (fact, host) = (asked.fact(), asked.host);
    let filled = match asked.fill(name) {
        Ok(filled) => filled,
        Err(why) => return Found::unknown(why, None),
    };
    let collect = match state {
        State::Running | State::Stopped => NET_START.to_owned(),
        _ => export_of(SERVICES),
    };
    let collect = asked.collect(collect);
    let turned = matches!(state, State::Absent | State::Stopped);
    if let Some(exact) = &filled.exact {
        let answer = match state {
            State::Running | State::Stopped => fact.service_running(exact),
            State::Present | State::Absent => fact.service_present(exact),
        };
        return Found::of(answer, host, turned, collect);
    }
    let running = fact.services.running().map(|entry| (entry.name.clone(), entry.proof()));
    let known = fact.services.listed().map(|(name, proof)| (name.to_owned(), proof));
    let listed = fact.registry.below(SERVICES).filter_map(|(path, origin)| {
        let name = path.get(path.to_lowercase().find(r"\services\")? + r"\services\".len()..)?;
        (!name.contains('\\')).then(|| (name.to_owned(), Proof { origin, shows: format!("[{path}]") }))
    });
    let by_key = matches!(state, State::Present | State::Absent);
    let rows: Vec<Row> = running
        .chain(known.chain(listed).filter(|_| by_key))
        .filter_map(|(name, proof)| asked.row(filled.find(&name), || proof))
        .take(MOST_ROWS)
        .collect();
    let (covered, missing) = match by_key {
        true => (fact.services.covered(&fact.registry), "registry export or list of all services"),
        false => (fact.services.running_covered(), "list of running services"),
    };
    let shown = format!("service {}", filled.shown);
    many(rows, || absent(covered, &shown, missing), host, &shown, turned, collect)
}

/// A name of a list, or names of a pattern. `what` is what the list holds, `command` what collects it.
pub fn named(name: &Glob, names: &Names, what: &str, command: &str, state: State, asked: Asked<'_>) -> Found {
    let filled = match asked.fill(name) {
        Ok(filled) => filled,
        Err(why) => return Found::unknown(why, None),
    };
    let rows: Vec<Row> = names
        .iter()
        .filter_map(|entry| {
            let mut bound = filled.find(&entry.name)?;
            if !entry.detail.is_empty() {
                bound.bind("path", &entry.detail);
            }
            asked.row(Some(bound), || entry.proof())
        })
        .take(MOST_ROWS)
        .collect();
    let shown = format!("{what} {}", filled.shown);
    let turned = state == State::Absent;
    let absent = || match filled.exact {
        Some(_) => names.present(&filled.shown, what),
        None => absent(names.covered(), &shown, &format!("list of {what}s")),
    };
    many(rows, absent, asked.host, &shown, turned, asked.collect(command))
}

/// Files of one server whose captured names come up on another server too.
pub fn twice(path: &Glob, asked: Asked<'_>) -> Found {
    let Asked { host, captures, world, .. } = asked;
    let matches = |index: usize, captures: &Captures| -> Option<Vec<(Captures, Seen, String)>> {
        let filled = path.fill(captures).ok()?;
        let entries = world.hosts[index].files.below(filled.fixed_folder());
        let found = entries.filter_map(|entry| {
            let path = entry.path();
            Some((filled.find(&path)?, seen(index, entry.proof()), path))
        });
        Some(found.collect())
    };
    let wanted = path.text();
    let collect = Some((world.hosts[host].name.clone(), dir_of("")));
    let Some(own) = matches(host, captures) else {
        return Found::unknown(format!("where {wanted} would be is not known"), collect);
    };
    if own.is_empty() {
        return Found::unknown(format!("no {wanted} was listed"), collect);
    }
    let mut rows = Vec::new();
    let mut others = 0;
    for other in (0..world.hosts.len()).filter(|other| *other != host) {
        let found = matches(other, world.captures(other)).unwrap_or_default();
        others += usize::from(!found.is_empty());
        for (bound, place, path) in &found {
            let same = own.iter().filter(|(own, _, _)| own.agrees(bound) && bound.agrees(own));
            for (own, own_place, _) in same {
                let mut captures = own.clone();
                captures.bind("other_host", &world.hosts[other].name);
                captures.bind("other_path", path);
                if !(asked.accept)(&captures) {
                    continue;
                }
                rows.push(Row { captures, seen: vec![own_place.clone(), place.clone()] });
            }
        }
    }
    match (rows.is_empty(), others) {
        (false, _) => Found::yes(rows, format!("{wanted} is on another server too")),
        (true, 0) => Found::unknown(format!("no other server's {wanted} was collected"), None),
        (true, _) => {
            let places = own.into_iter().map(|(_, place, _)| place).collect();
            Found::no(places, format!("no other server of {others} has the same"))
        }
    }
}

/// The command that lists a drive.
pub fn dir_of(drive: &str) -> String {
    let drive = drive.trim_end_matches('\\');
    match drive.chars().next().filter(|letter| letter.is_ascii_alphabetic() && drive.ends_with(':')) {
        Some(letter) => format!(r"dir /s /a {drive}\ > dir_{}.txt", letter.to_ascii_lowercase()),
        None => r"dir /s /a D:\ > dir_d.txt for every drive".to_owned(),
    }
}

/// The command that exports the hive of a key.
pub fn export_of(key: &str) -> String {
    let full = key.replacen("HKLM", "HKEY_LOCAL_MACHINE", 1);
    let hive: Vec<&str> = full.split('\\').take(2).collect();
    let name = hive.last().map(|name| name.to_lowercase()).unwrap_or_default();
    format!("regedit /e {name}.reg \"{}\"", hive.join("\\"))
}

/// What to collect from a server that is not there at all.
pub fn wanted(subject: &Subject, captures: &Captures) -> String {
    match subject {
        Subject::Line { logs, .. } => {
            format!("the {} log, and its rotated copy (.lo_)", logs.join(" and the "))
        }
        Subject::Key { path, .. } => export_of(path.text()),
        Subject::Value { key, .. } => export_of(key.text()),
        Subject::File { path, .. } => {
            let shown = path.fill(captures).map(|filled| filled.shown).unwrap_or_default();
            dir_of(shown.get(..2).unwrap_or(""))
        }
        Subject::Free { .. } | Subject::Twice { .. } => dir_of(""),
        Subject::Service { .. } => NET_START.to_owned(),
        Subject::Share { .. } => NET_SHARE.to_owned(),
        Subject::Account { .. } => NET_USER.to_owned(),
        Subject::Test | Subject::Any(_) => "its logs, registry and listings".to_owned(),
    }
}
