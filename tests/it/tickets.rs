//! Tickets: each payload against the shape that its system takes, and what is recognised as the same trouble.

use std::fs;

use assert_cmd::Command;
use serde_json::{Value, json};
use sitedx::bundle::{self, Limits};
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::report::Report;
use sitedx::pipeline::analyze;
use sitedx::report::tickets::{Envelope, Group, Mapping, Options, System, envelopes};

fn report(path: &str) -> Report {
    let opened = bundle::open(&[path], &Limits::default()).unwrap();
    analyze(&opened, &Catalog::built_in(), Hashes::Left, |_| {})
}

fn mapping() -> Mapping {
    let text = "[jira.set]\n\"fields.project.key\" = 'OPS'\n[jira-dc.set]\n\"fields.project.key\" = 'OPS'\n\
                [servicenow.set]\nassignment_group = 'SMS'\ncmdb_ci = '{host}'\n\
                [servicenow.severity.critical]\nimpact = '1'\ncategory = 'outage of {site}'\n\
                [servicenow-event.set]\nresource = 'SMS {site}'\n";
    Mapping::read("map.toml", text).unwrap()
}

fn text(most: u64) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": most })
}

/// What a system takes as the body of a new ticket, as far as its documentation says.
fn shape(system: System) -> Value {
    let object = |properties: Value, required: &[&str]| json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    let labels =
        json!({ "type": "array", "items": { "type": "string", "pattern": "^\\S+$" }, "minItems": 1 });
    let issue = |description: Value| {
        let fields = json!({
            "project": object(json!({ "key": text(10) }), &["key"]),
            "issuetype": object(json!({ "name": text(60) }), &["name"]),
            "summary": { "type": "string", "pattern": "^[^\\n\\r]{1,255}$" },
            "description": description,
            "labels": labels,
        });
        object(
            json!({ "fields": object(fields, &["project", "issuetype", "summary", "description"]) }),
            &["fields"],
        )
    };
    match system {
        // Values of the Table API are texts; the priority is derived and must not be set.
        System::Servicenow => json!({
            "type": "object",
            "additionalProperties": { "type": "string" },
            "properties": {
                "short_description": text(160),
                "impact": { "enum": ["1", "2", "3"] },
                "urgency": { "enum": ["1", "2", "3"] },
                "priority": false,
            },
            "required": ["short_description", "description", "impact", "urgency", "correlation_id", "correlation_display"],
        }),
        System::ServicenowEvent => {
            let record = json!({
                "source": text(100), "node": text(100), "type": text(100), "resource": text(100),
                "severity": { "enum": ["0", "1", "2", "3", "4", "5"] },
                "message_key": text(1024), "description": text(4_000_000),
                "additional_info": { "type": "string", "contentMediaType": "application/json" },
            });
            let required = ["source", "node", "type", "severity", "message_key", "description"];
            object(
                json!({ "records": { "type": "array", "items": object(record, &required), "minItems": 1 } }),
                &["records"],
            )
        }
        System::Jira => issue(json!({ "$ref": "#/$defs/doc" })),
        System::JiraDc => issue(text(32_767)),
        System::Zendesk => {
            let comment =
                object(json!({ "body": text(65_535), "public": { "const": false } }), &["body", "public"]);
            let ticket = json!({
                "subject": text(150), "comment": comment, "type": { "enum": ["problem", "incident", "question", "task"] },
                "priority": { "enum": ["urgent", "high", "normal", "low"] }, "tags": labels, "external_id": text(255),
            });
            object(json!({ "ticket": object(ticket, &["subject", "comment", "external_id"]) }), &["ticket"])
        }
        System::Github => object(
            json!({ "title": text(256), "body": text(65_536), "labels": { "type": "array", "items": text(50) } }),
            &["title", "body"],
        ),
    }
}

/// The nodes of the Atlassian Document Format that are used.
fn document_format() -> Value {
    let node = |kind: &str, content: Value| {
        json!({
            "type": "object", "additionalProperties": false, "required": ["type", "content"],
            "properties": { "type": { "const": kind }, "content": content, "attrs": { "type": "object" } },
        })
    };
    let texts = json!({ "type": "array", "items": {
        "type": "object", "additionalProperties": false, "required": ["type", "text"],
        "properties": { "type": { "const": "text" }, "text": { "type": "string", "minLength": 1 } },
    } });
    let paragraph = node("paragraph", texts.clone());
    let item = node("listItem", json!({ "type": "array", "items": paragraph }));
    let list = |kind: &str| node(kind, json!({ "type": "array", "items": item, "minItems": 1 }));
    let blocks = json!([
        paragraph,
        node("heading", texts.clone()),
        node("codeBlock", texts),
        list("bulletList"),
        list("orderedList"),
    ]);
    json!({ "doc": {
        "type": "object", "additionalProperties": false, "required": ["type", "version", "content"],
        "properties": {
            "type": { "const": "doc" }, "version": { "const": 1 },
            "content": { "type": "array", "items": { "oneOf": blocks } },
        },
    } })
}

fn options(group: Group) -> Options {
    Options { group, mapping: mapping() }
}

#[test]
fn every_payload_has_the_shape_that_its_system_takes() {
    let cases = [
        "samples/bundles/pending-child-bootstrap-failed/in",
        "samples/scenarios/five-hundred-consequences/in",
        "samples/scenarios/full-log-on-the-sql-server/in",
        "samples/bundles/damaged-and-foreign/in",
        "samples/bundles/healthy-site/in",
    ];
    let mut checked = 0;
    for case in cases {
        let report = report(case);
        for system in System::ALL {
            let mut shape = shape(*system);
            shape["$defs"] = document_format();
            let validator = jsonschema::validator_for(&shape).unwrap();
            for group in [Group::Cause, Group::Bundle] {
                for envelope in envelopes(case, &report, *system, &options(group)) {
                    let wrong: Vec<String> = validator
                        .iter_errors(&envelope.create.body)
                        .map(|error| format!("{}: {error}", error.instance_path()))
                        .collect();
                    assert!(wrong.is_empty(), "{case}, {}: {wrong:#?}", system.name());
                    assert!(envelope.update.body.is_object());
                    checked += 1;
                }
            }
        }
    }
    assert!(checked >= 30, "{checked} tickets");
}

#[test]
fn one_ticket_for_each_root_and_the_same_key_for_the_same_trouble() {
    let path = "samples/scenarios/five-hundred-consequences/in";
    let first = report(path);
    let tickets = envelopes(path, &first, System::Servicenow, &options(Group::Cause));
    assert_eq!(tickets.len(), 1, "consequences are told in the ticket of their root");
    let description = tickets[0].create.body["description"].as_str().unwrap();
    assert!(
        description.contains("What it explains")
            && description.contains("shows secondary site S04 as pending")
    );
    // Another name of the case, and another day of the same trouble.
    let folder = tempfile::tempdir().unwrap();
    copy(path.as_ref(), folder.path(), &|text| text.replace("Mar 26", "Mar 29"));
    let later = report(folder.path().to_str().unwrap());
    let again = envelopes("later.zip", &later, System::Servicenow, &options(Group::Cause));
    assert_eq!(tickets[0].dedupe.key, again[0].dedupe.key);
    assert!(again[0].update.body["work_notes"].as_str().unwrap().starts_with("Seen again in later.zip."));
    let other = report("samples/bundles/pending-child-bootstrap-failed/in");
    let other = envelopes("x", &other, System::Servicenow, &options(Group::Cause));
    assert_ne!(tickets[0].dedupe.key, other[0].dedupe.key, "another site and server");
}

fn copy(from: &std::path::Path, to: &std::path::Path, change: &dyn Fn(&str) -> String) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target, change);
        } else {
            fs::write(target, change(&fs::read_to_string(entry.path()).unwrap())).unwrap();
        }
    }
}

#[test]
fn a_mapping_sets_fields_of_the_users_own() {
    let report = report("samples/scenarios/stop-s5/in");
    let body = |system| envelopes("x", &report, system, &options(Group::Cause)).remove(0).create.body;
    let incident = body(System::Servicenow);
    assert_eq!(incident["assignment_group"], "SMS");
    assert_eq!(incident["cmdb_ci"], "SECNT04");
    assert_eq!(incident["category"], "outage of S04");
    assert_eq!(body(System::ServicenowEvent)["records"][0]["resource"], "SMS S04");
    assert_eq!(body(System::Jira)["fields"]["project"]["key"], "OPS");
    let wrong = Mapping::read("map.toml", "[jra.set]\nx = 1\n[zendesk.severity.worst]\ny = 1\n").unwrap_err();
    let told: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:#?}");
    assert!(told[0].contains("map.toml:1:2: no system is called `jra`: did you mean `jira`?"), "{told:#?}");
}

fn sitedx(arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::cargo_bin("sitedx").unwrap().args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn the_command_writes_an_envelope_on_each_line() {
    let case = "samples/scenarios/stop-s5/in";
    let (out, _, status) = sitedx(&["analyze", case, "--format", "zendesk"]);
    assert_eq!((out.lines().count(), status), (1, Some(0)));
    let envelope: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(envelope["schema"], "sitedx.ticket/1");
    let (_, told, status) = sitedx(&["analyze", case, "--format", "jira"]);
    assert!(told.contains("jira needs a project") && told.contains("--mapping"), "{told}");
    assert_eq!(status, Some(2));
    let both = ["analyze", "--each", case, "samples/scenarios/stop-s6/in", "--format", "github"];
    assert_eq!(sitedx(&both).0.lines().count(), 2);
    let schema: Value = serde_json::from_str(&sitedx(&["schema", "ticket"]).0).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&envelope));
}

#[test]
fn templates_of_the_user_see_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let case = "samples/scenarios/stop-s5/in";
    let good = put(
        "ticket.txt",
        "{% for it in causes %}{{ it.host }}: {{ it.kb | join(' ') }}\n{% endfor %}{{ report.verdict | tojson }}\n",
    );
    assert_eq!(sitedx(&["analyze", case, "--template", &good]).0, "SECNT04: Q236048\n\"problem\"\n");
    let wrong = put("wrong.txt", "one\n{{ report.verdict | nofilter }}\n");
    let (_, told, status) = sitedx(&["analyze", case, "--template", &wrong]);
    assert!(told.contains("wrong.txt:2: "), "{told}");
    assert_eq!(status, Some(2));
}

#[test]
fn what_strangers_wrote_is_text_in_every_payload() {
    let mut hostile = report("samples/scenarios/stop-s5/in");
    for place in hostile.evidence_mut() {
        place.text = "@admin {noformat} ``` --> <script> \u{1b}[31m".to_owned();
    }
    for system in System::ALL {
        let all: Vec<Envelope> = envelopes("x", &hostile, *system, &options(Group::Cause));
        let text = serde_json::to_string(&all).unwrap();
        assert!(!text.contains("\\u001b") && !text.contains('\u{1b}'), "{text}");
    }
    let wiki = &envelopes("x", &hostile, System::JiraDc, &options(Group::Cause))[0].create.body["fields"]["description"];
    assert_eq!(wiki.as_str().unwrap().matches("{noformat}").count() % 2, 0);
}

/// The example, with a `curl` that answers as the Table API does and keeps what it was called with.
#[test]
#[cfg(unix)]
fn the_example_opens_a_ticket_once_and_adds_to_it_afterwards() {
    use std::os::unix::fs::PermissionsExt as _;
    if !Command::new("jq").arg("--version").output().is_ok_and(|it| it.status.success()) {
        // Without jq the example cannot be run here.
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (curl, calls) = (folder.path().join("curl"), folder.path().join("calls"));
    let fake = format!(
        "#!/bin/sh\necho \"$@\" >>{calls}\ncase \"$*\" in\n  *'--request GET'*) [ -f {open} ] && echo '{{\"result\":[{{\"sys_id\":\"abc\"}}]}}' || echo '{{\"result\":[]}}' ;;\n  *POST*) touch {open}; echo '{{\"result\":{{\"sys_id\":\"abc\"}}}}' ;;\n  *) echo '{{}}' ;;\nesac\n",
        calls = calls.display(),
        open = folder.path().join("open").display(),
    );
    fs::write(&curl, fake).unwrap();
    fs::set_permissions(&curl, fs::Permissions::from_mode(0o755)).unwrap();
    let tickets = sitedx(&[
        "analyze",
        "samples/scenarios/stop-s5/in",
        "--format",
        "servicenow",
        "--mapping",
        "samples/tickets/mapping.toml",
    ]);
    let run = || {
        let path = format!("{}:{}", folder.path().display(), env!("PATH"));
        let output = Command::new("bash")
            .arg("samples/tickets/upsert.sh")
            .envs([("PATH", path.as_str()), ("SERVICENOW", "https://sn"), ("CREDENTIALS", "u:p")])
            .write_stdin(tickets.0.clone())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run(), "opened abc\n");
    assert_eq!(run(), "updated abc\n");
    let calls = fs::read_to_string(calls).unwrap();
    assert!(calls.contains("sysparm_query=correlation_id%3Dv1%3A"), "{calls}");
    assert!(calls.contains("PATCH https://sn/api/now/table/incident/abc"), "{calls}");
    assert!(calls.contains("\"assignment_group\":\"Systems Management\""), "{calls}");
}
