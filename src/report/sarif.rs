//! SARIF 2.1.0, for tools that collect results of analyses.
//!
//! The format is that of "Static Analysis Results Interchange Format (SARIF) Version 2.1.0" (OASIS). The key
//! `primaryLocationLineHash` is never written: those who read it compute it from source code, which logs are not.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::model::report::{Diagnosis, Evidence, Report, Tool};

/// One run for each case; `path` is what was analyzed.
pub fn render(cases: &[(&str, &Report)]) -> String {
    let runs: Vec<Value> = cases.iter().map(|(path, report)| run(path, report)).collect();
    super::json::render(&json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": runs,
    }))
}

fn run(path: &str, report: &Report) -> Value {
    let told: Vec<&Diagnosis> = report.diagnoses.iter().filter(|it| it.verdict != "ruled_out").collect();
    let ids: BTreeSet<&str> = told.iter().map(|it| it.signature.as_str()).collect();
    let rules: Vec<Value> =
        ids.iter().filter_map(|id| rule(told.iter().find(|it| it.signature == *id)?)).collect();
    let results: Vec<Value> = told.iter().map(|it| result(it, &ids)).collect();
    let unread: Vec<Value> = report
        .problems
        .iter()
        .filter(|it| !it.is_assumed())
        .map(|it| {
            json!({
                "level": "warning",
                "message": { "text": format!("{}: {}", it.kind, it.what) },
                "locations": [location(&it.source, it.line, None, None)],
            })
        })
        .collect();
    let Tool { name, version, catalog } = &report.tool;
    json!({
        "tool": { "driver": {
            "name": name,
            "version": version,
            "semanticVersion": version,
            "rules": rules,
            "properties": { "catalog_sha256": catalog.sha256 },
        } },
        "invocations": [{ "executionSuccessful": true, "toolExecutionNotifications": unread }],
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": { "bundle": path, "verdict": report.verdict },
    })
}

fn rule(it: &Diagnosis) -> Option<Value> {
    Some(json!({
        "id": it.signature,
        "shortDescription": { "text": it.general_title },
        "fullDescription": { "text": it.means },
        "help": { "text": format!("{} {}", it.means, it.verification.join(" ")) },
        "defaultConfiguration": { "level": level(it.severity) },
        "properties": { "tags": [it.kind, it.phase.as_str()], "articles": it.kb },
    }))
}

fn result(it: &Diagnosis, rules: &BTreeSet<&str>) -> Value {
    let places: Vec<&Evidence> = it.evidence.iter().filter(|place| !place.source.is_empty()).collect();
    let locate = |place: &&Evidence| location(&place.source, place.line, Some(place), Some(&place.host));
    let locations: Vec<Value> = places.iter().take(1).map(locate).collect();
    let related: Vec<Value> = places.iter().skip(1).map(locate).collect();
    json!({
        "ruleId": it.signature,
        "ruleIndex": rules.iter().position(|id| *id == it.signature),
        "kind": "fail",
        "level": if it.active { level(it.severity) } else { "note" },
        "rank": it.confidence,
        "message": { "text": it.title },
        "locations": locations,
        "relatedLocations": related,
        "partialFingerprints": it.fingerprints,
        "properties": {
            "verdict": it.verdict,
            "kind": it.kind,
            "severity": it.severity,
            "server": it.host,
            "site": it.site,
            "active": it.active,
            "explainedBy": it.explained_by,
            "id": it.id,
        },
    })
}

fn location(source: &str, line: Option<u32>, place: Option<&Evidence>, host: Option<&String>) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(source) } });
    let mut region = serde_json::Map::new();
    if let Some(line) = line {
        region.insert("startLine".into(), line.into());
    }
    if let Some(place) = place {
        if place.line.is_none() {
            region.insert("byteOffset".into(), place.offset.into());
            region.insert("byteLength".into(), place.length.into());
        }
        region.insert("snippet".into(), json!({ "text": place.text }));
    }
    if !region.is_empty() && (line.is_some() || place.is_some()) {
        physical["region"] = Value::Object(region);
    }
    let mut location = json!({ "physicalLocation": physical });
    if let Some(place) = place.filter(|place| !place.says.is_empty()) {
        location["message"] = json!({ "text": place.says });
    }
    if let Some(host) = host {
        location["logicalLocations"] = json!([{ "name": host, "kind": "server" }]);
    }
    location
}

/// A path within a bundle as a relative URI.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte as char)
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn level(severity: &str) -> &'static str {
    match severity {
        "critical" | "high" => "error",
        "medium" => "warning",
        _ => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_relative_uris() {
        assert_eq!(uri("SEC 04/C_drive/log#1.txt"), "SEC%2004/C_drive/log%231.txt");
        assert_eq!(uri("a/ü"), "a/%C3%BC");
    }
}
