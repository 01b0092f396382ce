//! Files and folders: whether they are there, how large and old, how many, and how much room is left.

use crate::facts::{Answer, EntryFact, Host, Proof, Truth};
use crate::model::EntryKind;
use crate::pattern::{Captures, Glob, Template, ValueTest};

use super::super::found::{Found, Row, Seen, seen};
use super::asked::{Asked, not_known};
use super::collect::dir_of;

/// A file or folder, or those of a pattern.
pub fn file(path: &Glob, turned: bool, asked: Asked<'_>) -> Found {
    let fact = asked.fact();
    let filled = match asked.fill(path) {
        Ok(filled) => filled,
        Err(unknown) => return *unknown,
    };
    let shown = &filled.shown;
    let collect = asked.collect(dir_of(shown.get(..2).unwrap_or("")));
    if let Some(exact) = &filled.exact {
        let Some(entry) = fact.files.get(exact).filter(|_| !turned) else {
            return Found::of(fact.files.present(exact), asked.host, turned, collect);
        };
        let found = asked.matches([(properties(&entry, Captures::default()), entry.proof())].into_iter());
        let other = || Answer::no(vec![entry.proof()], format!("{shown} is there, and not as asked for"));
        return asked.many(found, other, shown, turned, collect);
    }
    let entries = fact.files.below(filled.fixed_folder());
    let found =
        entries.filter_map(|entry| Some((properties(&entry, filled.find(&entry.path())?), entry.proof())));
    asked.many(asked.matches(found), || absent_everywhere(shown, fact), shown, turned, collect)
}

/// What a listing tells of an entry, beside what its path binds.
fn properties(entry: &EntryFact<'_>, mut bound: Captures) -> Captures {
    if let EntryKind::File { size } = entry.kind {
        bound.tell("size", &size.to_string());
    }
    if let Some(modified) = entry.modified {
        bound.tell("date", &modified.format("%Y-%m-%d %H:%M").to_string());
    }
    bound
}

/// How many files or folders of a pattern there are.
///
/// Without a complete listing there may be more, so that only `more than` can be known to be true.
pub fn count(path: &Glob, test: &ValueTest, asked: Asked<'_>) -> Found {
    let fact = asked.fact();
    let filled = match asked.fill(path) {
        Ok(filled) => filled,
        Err(unknown) => return *unknown,
    };
    let mut number: u64 = 0;
    let mut place: Option<Proof> = None;
    for entry in fact.files.below(filled.fixed_folder()) {
        let bound = filled.find(&entry.path()).map(|bound| properties(&entry, bound));
        if bound.is_some_and(|bound| (asked.accept)(&bound) == Truth::Yes) {
            number += 1;
            place.get_or_insert_with(|| entry.proof());
        }
    }
    let shown = &filled.shown;
    let covered = absent_everywhere(shown, fact);
    let is_whole = covered.truth == Truth::No;
    if !is_whole && !test.is_lower_bound() {
        let collect = asked.collect(dir_of(shown.get(..2).unwrap_or("")));
        return Found::unknown(format!("no complete listing covers {shown}"), Some(collect));
    }
    let proof = place.or_else(|| covered.proofs.into_iter().next());
    let Some(proof) = proof else {
        return Found::unknown(format!("no listing shows {shown}"), Some(asked.collect(dir_of(""))));
    };
    let shows = match number {
        0 => format!("none of {shown} ({})", proof.shows),
        1 => format!("1 of {shown}: {}", proof.shows),
        _ => format!("{number} of {shown}, such as {}", proof.shows),
    };
    let judged = asked.judged(
        "count",
        &number.to_string(),
        test,
        seen(asked.host, Proof { shows: shows.clone(), ..proof }),
        shows,
    );
    match judged.truth {
        Truth::No if !is_whole => Found::unknown(format!("no complete listing covers {shown}"), None),
        _ => judged,
    }
}

/// The free bytes of the volume of a path.
pub fn free(path: &Template, test: &ValueTest, asked: Asked<'_>) -> Found {
    let path = match path.fill(asked.captures) {
        Ok(path) => path,
        Err(name) => return Found::unknown(not_known(&name), None),
    };
    let Some((free, origin)) = asked.fact().files.free(&path) else {
        let drive = path.split('\\').next().unwrap_or(&path);
        let collect = asked.collect(dir_of(drive));
        return Found::unknown(format!("no listing tells the free space of {drive}"), Some(collect));
    };
    let shown = format!("{free} bytes free on the volume of {path}");
    let seen = seen(asked.host, Proof { origin, shows: shown.clone() });
    asked.judged("free", &free.to_string(), test, seen, shown)
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
            // What can only be in one folder is not below it.
            Some(end) if !place[end + 1..].contains('\\') && !place.contains("**") => {
                fact.files.folder_covered(&place[..end])
            }
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
                if (asked.accept)(&captures) != Truth::Yes {
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
