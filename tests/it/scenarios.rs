//! Whole stories over several servers, in `samples/scenarios`, each with its truth (`truth.toml`): the root is told first,
//! consequences are folded under it, what is missing is asked for, and nothing is claimed that the clocks do not allow.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sitedx::bundle::{self, Limits};
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::report::{Diagnosis, Report};
use sitedx::pipeline::{analyze, gather, verify};

/// What is true of a story. What is not written is not compared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Truth {
    verdict: Option<String>,
    /// The signature of the finding to read first, and its server.
    first: Option<String>,
    on: Option<String>,
    /// An article of the finding to read first.
    kb: Option<String>,
    /// Signatures that are folded under the first, each of which must be found.
    #[serde(default)]
    explains: Vec<String>,
    /// Signatures that are found too.
    #[serde(default)]
    also: Vec<String>,
    /// Signatures that must not be claimed.
    #[serde(default)]
    never: Vec<String>,
    /// How many active findings of at least `probable` nothing explains.
    roots: Option<usize>,
    /// How many groups of errors are left unexplained.
    unexplained: Option<usize>,
    /// For each site the phase in which it stopped in the lifecycle, and the state of that: `S4: failed`.
    #[serde(default)]
    stopped: BTreeMap<String, String>,
    lifecycle: Option<String>,
    /// Sites of which servers are named and were not collected.
    #[serde(default)]
    not_collected: Vec<String>,
    /// Servers that no other one names, so that they cannot be missed.
    #[serde(default)]
    unnamed: Vec<String>,
    /// Texts of what is asked for.
    #[serde(default)]
    asks: Vec<String>,
    /// The kind of note that stands on the clock of a server.
    #[serde(default)]
    clock: BTreeMap<String, String>,
    /// For a pair of captures: what became of findings, and how many are new.
    #[serde(default)]
    verify: BTreeMap<String, String>,
    new: Option<usize>,
}

fn stories() -> Vec<(PathBuf, Truth)> {
    let mut all: Vec<PathBuf> =
        fs::read_dir("samples/scenarios").unwrap().map(|entry| entry.unwrap().path()).collect();
    all.retain(|path| path.is_dir());
    all.sort();
    assert!(all.len() >= 16, "samples/scenarios has lost its stories");
    let truth = |path: &Path| {
        let text = fs::read_to_string(path.join("truth.toml")).unwrap();
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    all.into_iter().map(|path| (path.clone(), truth(&path))).collect()
}

fn report(paths: &[PathBuf], catalog: &Catalog) -> Report {
    analyze(&bundle::open(paths, &Limits::default()).unwrap(), catalog, Hashes::Left, |_| {})
}

/// Whether a finding is claimed.
fn claimed(it: &Diagnosis) -> bool {
    it.active && matches!(it.verdict, "confirmed" | "probable")
}

/// Whether a finding is explained by another one, at some distance.
fn is_under(it: &Diagnosis, root: usize, report: &Report) -> bool {
    let mut at = it.explained_by;
    while let Some(id) = at {
        if id == root {
            return true;
        }
        at = report.diagnoses[id - 1].explained_by;
    }
    false
}

/// Where a report differs from the truth.
fn differences(truth: &Truth, report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut expect = |what: &str, expected: String, found: String| {
        if expected != found {
            wrong.push(format!("{what}: expected {expected}, found {found}"));
        }
    };
    if let Some(verdict) = &truth.verdict {
        expect("verdict", verdict.clone(), report.verdict.to_owned());
    }
    let first = report.diagnoses.first();
    let shown = |pick: fn(&Diagnosis) -> String| first.map_or("nothing".to_owned(), pick);
    if let Some(id) = &truth.first {
        expect("first", id.clone(), shown(|it| it.signature.clone()));
    }
    if let Some(host) = &truth.on {
        expect("on", host.clone(), shown(|it| it.host.clone()));
    }
    if let Some(kb) = &truth.kb {
        let told = first.is_some_and(|it| it.kb.contains(kb));
        expect("article", kb.clone(), if told { kb.clone() } else { shown(|it| it.kb.join(" ")) });
    }
    let found = |id: &String| report.diagnoses.iter().find(|it| it.signature == *id && claimed(it));
    for id in &truth.explains {
        let under = found(id).map(|it| is_under(it, 1, report));
        expect(
            id,
            "folded under the first".to_owned(),
            match under {
                Some(true) => "folded under the first".to_owned(),
                Some(false) => "not folded".to_owned(),
                None => "not found".to_owned(),
            },
        );
    }
    for id in &truth.also {
        expect(id, "true".to_owned(), found(id).is_some().to_string());
    }
    for id in &truth.never {
        expect(id, "false".to_owned(), found(id).is_some().to_string());
    }
    if let Some(roots) = truth.roots {
        let all = report.diagnoses.iter().filter(|it| claimed(it) && it.explained_by.is_none());
        expect("roots", roots.to_string(), all.count().to_string());
    }
    if let Some(count) = truth.unexplained {
        expect("unexplained", count.to_string(), report.unexplained.len().to_string());
    }
    for (site, stopped) in &truth.stopped {
        let of_site = |it: &&sitedx::model::report::LifecycleReport| {
            it.site.as_ref() == Some(site) && truth.lifecycle.as_ref() == Some(&it.lifecycle)
        };
        let told = report.lifecycles.iter().find(of_site).map(|it| {
            let phase = it.phases.iter().find(|phase| Some(&phase.id) == it.stopped.as_ref());
            phase.map_or("complete".to_owned(), |phase| format!("{}: {}", phase.id, phase.state))
        });
        expect(site, stopped.clone(), told.unwrap_or("no such lifecycle".to_owned()));
    }
    let sites: Vec<&str> = report.mentioned.iter().filter_map(|it| it.site.as_deref()).collect();
    for site in &truth.not_collected {
        expect(
            site,
            "missed".to_owned(),
            if sites.contains(&site.as_str()) { "missed" } else { "not missed" }.into(),
        );
    }
    for text in &truth.asks {
        let asked = report.asks.iter().any(|ask| ask.collect.contains(text));
        expect(text, "asked for".to_owned(), if asked { "asked for" } else { "not asked for" }.into());
    }
    for (host, kind) in &truth.clock {
        let host = report.hosts.iter().find(|it| it.name == *host);
        let kinds: Vec<&str> = host.iter().flat_map(|it| &it.clock).map(|note| note.kind).collect();
        expect(
            "clock",
            kind.clone(),
            if kinds.contains(&kind.as_str()) { kind.clone() } else { kinds.join(" ") },
        );
    }
    wrong
}

#[test]
fn every_story_is_told_as_it_is() {
    let catalog = Catalog::built_in();
    let mut wrong = Vec::new();
    for (path, truth) in stories().iter().filter(|(path, _)| path.join("in").is_dir()) {
        let report = report(&[path.join("in")], &catalog);
        let told = differences(truth, &report);
        wrong.extend(told.into_iter().map(|what| format!("{}: {what}", path.display())));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn whichever_server_is_missing_it_is_missed_and_nothing_is_clean() {
    let catalog = Catalog::built_in();
    let mut compared = 0;
    for (path, truth) in stories().iter().filter(|(path, _)| path.join("in").is_dir()) {
        let mut servers: Vec<PathBuf> =
            fs::read_dir(path.join("in")).unwrap().map(|entry| entry.unwrap().path()).collect();
        servers.sort();
        if servers.len() < 2 {
            continue;
        }
        let whole = report(&[path.join("in")], &catalog);
        for missing in &servers {
            let name = missing.file_name().unwrap().to_string_lossy().into_owned();
            let rest: Vec<PathBuf> = servers.iter().filter(|server| *server != missing).cloned().collect();
            let report = report(&rest, &catalog);
            let story = format!("{} without {name}", path.display());
            let site = whole.hosts.iter().find(|host| host.name == name).and_then(|host| host.site.clone());
            let is_it = |it: &sitedx::model::report::MentionReport| {
                it.name.eq_ignore_ascii_case(&name) || site.is_some() && it.site == site
            };
            let is_missed = report.mentioned.iter().any(is_it);
            assert_eq!(is_missed, !truth.unnamed.contains(&name), "{story}: {:?}", report.mentioned);
            assert_ne!(report.verdict, "clean", "{story}");
            // What is left of the evidence never claims what the missing server would have to show.
            let borrowed = report
                .diagnoses
                .iter()
                .filter(|it| claimed(it))
                .flat_map(|it| &it.evidence)
                .find(|place| place.host == name);
            assert!(borrowed.is_none(), "{story}: {borrowed:?}");
            compared += 1;
        }
    }
    assert!(compared >= 16, "{compared} stories of several servers");
}

#[test]
fn what_was_done_is_told_from_what_was_not() {
    let catalog = Catalog::built_in();
    let mut compared = 0;
    for (path, truth) in stories().iter().filter(|(path, _)| path.join("before").is_dir()) {
        let [before, after] = ["before", "after"].map(|part| {
            let opened = bundle::open(&[path.join(part)], &Limits::default()).unwrap();
            gather(&opened, catalog.log_context(), &catalog.signatures, Hashes::Left, |_| {})
        });
        let told = verify(&before, &after, &catalog);
        for (id, state) in &truth.verify {
            let outcome = told.outcomes.iter().find(|it| it.signature == *id);
            let found = outcome.map(|it| it.state);
            assert_eq!(found, Some(state.as_str()), "{}: {id}: {outcome:?}", path.display());
        }
        assert_eq!(Some(told.new.len()), truth.new, "{}: {:?}", path.display(), told.new);
        compared += 1;
    }
    assert!(compared >= 2, "{compared} pairs of captures");
}
