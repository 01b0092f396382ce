//! The bundles of a run as compact data for the script: each text stands once, and numbers refer to it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::axis::millis;
use super::markup::Json;
use crate::model::printable;
use crate::model::run::{BundleCause, RunBundle, RunReport};

/// Texts that come often, each of which stands once.
#[derive(Default)]
struct Words<'r> {
    numbers: BTreeMap<&'r str, usize>,
    texts: Vec<String>,
}

impl<'r> Words<'r> {
    fn number(&mut self, text: &'r str) -> usize {
        *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push(printable(text));
            self.texts.len() - 1
        })
    }
}

/// Of each bundle `[path, verdict, [sites], [[cause, server, confidence, site]…], newest record, error]`.
///
/// Sites, servers and verdicts are numbers of `words`; the path goes on behind `prefix`; a time is seconds since 1970 in
/// UTC, and a text where its zone is not known. The site of a cause is left out where it is the first of the bundle, and
/// -1 where it is not known; the error is left out where there is none.
pub fn of(report: &RunReport) -> Json {
    let prefix = common_start(&report.bundles);
    let mut words = Words::default();
    let bundles: Vec<Value> = report.bundles.iter().map(|it| bundle(it, prefix, &mut words)).collect();
    let causes: Vec<Value> = report.causes.iter().map(|it| json!(printable(&it.signature))).collect();
    Json::of(&json!({
        "prefix": printable(prefix),
        "causes": causes,
        "words": words.texts,
        "bundles": bundles,
    }))
}

fn bundle<'r>(it: &'r RunBundle, prefix: &str, words: &mut Words<'r>) -> Value {
    let path = printable(it.path.strip_prefix(prefix).unwrap_or(&it.path));
    let sites: Vec<usize> = it.sites.iter().map(|site| words.number(site)).collect();
    let causes: Vec<Value> = it.causes.iter().map(|each| cause(each, it, words)).collect();
    let mut row = vec![
        json!(path),
        json!(words.number(it.verdict.unwrap_or("error"))),
        json!(sites),
        json!(causes),
        last_seen(it),
    ];
    row.extend(it.error.as_ref().map(|error| json!(printable(error))));
    Value::Array(row)
}

fn cause<'r>(it: &'r BundleCause, bundle: &RunBundle, words: &mut Words<'r>) -> Value {
    let mut row = vec![json!(it.cause), json!(words.number(&it.host)), json!(it.confidence)];
    match (&it.site, bundle.sites.first()) {
        (None, None) => {}
        (Some(site), Some(first)) if site == first => {}
        (Some(site), _) => row.push(json!(words.number(site))),
        (None, Some(_)) => row.push(json!(-1)),
    }
    Value::Array(row)
}

fn last_seen(it: &RunBundle) -> Value {
    let Some(time) = &it.last_seen else { return Value::Null };
    match millis(time).filter(|_| time.ends_with('Z')) {
        Some(millis) => json!(millis.div_euclid(1000)),
        None => json!(printable(time)),
    }
}

/// What all paths begin with.
fn common_start(bundles: &[RunBundle]) -> &str {
    let mut paths = bundles.iter().map(|it| it.path.as_str());
    let Some(first) = paths.next() else { return "" };
    let length = paths.fold(first.len(), |length, path| {
        first[..length]
            .char_indices()
            .zip(path.chars())
            .take_while(|((_, a), b)| a == b)
            .last()
            .map_or(0, |((at, c), _)| at + c.len_utf8())
    });
    &first[..length]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(path: &str, last_seen: Option<&str>) -> RunBundle {
        RunBundle {
            path: path.to_owned(),
            status: "ok",
            error: None,
            verdict: Some("clean"),
            sites: Vec::new(),
            hosts: Vec::new(),
            last_seen: last_seen.map(str::to_owned),
            unread: 0,
            causes: Vec::new(),
        }
    }

    #[test]
    fn what_paths_share_stands_once() {
        let check = |paths: &[&str], start: &str| {
            let bundles: Vec<RunBundle> = paths.iter().map(|path| bundle(path, None)).collect();
            assert_eq!(common_start(&bundles), start, "{paths:?}");
        };
        check(&["cases/é1.zip", "cases/é2.zip"], "cases/é");
        check(&["a", "a", "ab"], "a");
        check(&["x", "y"], "");
        check(&[], "");
    }

    #[test]
    fn local_times_stay_texts() {
        assert_eq!(last_seen(&bundle("a", Some("1970-01-01T00:01:00.5Z"))), json!(60));
        assert_eq!(last_seen(&bundle("a", Some("1970-01-01T00:01:00"))), json!("1970-01-01T00:01:00"));
        assert_eq!(last_seen(&bundle("a", None)), Value::Null);
    }
}
