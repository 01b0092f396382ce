//! The requests of each ticketing system.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::content::{Ticket, cut};
use super::markup::{adf, markdown, plain, wiki};
use super::{Dedupe, Envelope, Find, Request, SCHEMA, System};

/// The envelope of a ticket, before anything of the user's is set.
pub fn envelope(system: System, ticket: &Ticket<'_>) -> Envelope {
    let (find, create, update) = match system {
        System::Servicenow => servicenow(ticket),
        System::ServicenowEvent => servicenow_event(ticket),
        System::Jira => jira(ticket),
        System::JiraDc => jira_dc(ticket),
        System::Zendesk => zendesk(ticket),
        System::Github => github(ticket),
    };
    let dedupe = Dedupe { key: ticket.key.clone(), find };
    Envelope { schema: SCHEMA, system: system.name(), dedupe, create, update }
}

type Requests = (Option<Find>, Request, Request);

fn get(path: &'static str, query: &[(&'static str, String)]) -> Option<Find> {
    Some(Find { method: "GET", path, query: BTreeMap::from_iter(query.iter().cloned()) })
}

fn request(method: &'static str, path: &'static str, body: Value) -> Request {
    Request { method, path, body }
}

/// Incidents by the Table API. It merges nothing by itself, and derives the priority from impact and urgency.
fn servicenow(ticket: &Ticket<'_>) -> Requests {
    let (impact, urgency) = match ticket.severity {
        "critical" => ("1", "1"),
        "high" => ("2", "1"),
        "medium" => ("2", "2"),
        _ => ("3", "3"),
    };
    let query = format!("correlation_id={}^active=true", ticket.key);
    let fields = "sys_id,number,correlation_id".to_owned();
    let find = get(
        "/api/now/table/incident",
        &[("sysparm_query", query), ("sysparm_fields", fields), ("sysparm_limit", "1".to_owned())],
    );
    let create = json!({
        "short_description": cut(&ticket.title, 160),
        "description": plain(&ticket.body),
        "impact": impact,
        "urgency": urgency,
        "correlation_id": ticket.key,
        "correlation_display": "sitedx",
    });
    let update = json!({ "work_notes": plain(&ticket.update()) });
    (
        find,
        request("POST", "/api/now/table/incident", create),
        request("PATCH", "/api/now/table/incident/{sys_id}", update),
    )
}

/// Events, which the event management recognises by their `message_key`; what is known no more by itself stands in
/// `additional_info`, which is JSON in a text.
fn servicenow_event(ticket: &Ticket<'_>) -> Requests {
    let severity = match ticket.severity {
        "critical" => "1",
        "high" => "2",
        "medium" => "3",
        "low" => "4",
        _ => "5",
    };
    let info = json!({
        "site": ticket.site,
        "articles": ticket.kb.join(" "),
        "case": ticket.case,
        "first_seen": ticket.first_seen,
    });
    let body = json!({ "records": [{
        "source": "sitedx",
        "node": ticket.host,
        "type": ticket.signature,
        "resource": ticket.site,
        "severity": severity,
        "message_key": ticket.key,
        "description": format!("{}\n\n{}", cut(&ticket.title, 255), plain(&ticket.body)),
        "additional_info": info.to_string(),
    }] });
    let post = || request("POST", "/api/global/em/jsonv2", body.clone());
    (None, post(), post())
}

/// Issues of Jira Cloud, whose descriptions are documents.
fn jira(ticket: &Ticket<'_>) -> Requests {
    let find =
        get("/rest/api/3/search/jql", &[("jql", open_with_label(ticket)), ("fields", "key".to_owned())]);
    let create = json!({ "fields": issue(ticket, adf(&ticket.body)) });
    let update = json!({ "body": adf(&ticket.update()) });
    (
        find,
        request("POST", "/rest/api/3/issue", create),
        request("POST", "/rest/api/3/issue/{key}/comment", update),
    )
}

/// Issues of Jira Data Center, whose descriptions are wiki markup.
fn jira_dc(ticket: &Ticket<'_>) -> Requests {
    let find = get("/rest/api/2/search", &[("jql", open_with_label(ticket)), ("fields", "key".to_owned())]);
    let create = json!({ "fields": issue(ticket, wiki(&ticket.body).into()) });
    let update = json!({ "body": wiki(&ticket.update()) });
    (
        find,
        request("POST", "/rest/api/2/issue", create),
        request("POST", "/rest/api/2/issue/{key}/comment", update),
    )
}

fn open_with_label(ticket: &Ticket<'_>) -> String {
    format!("labels = \"{}\" AND statusCategory != Done", ticket.label())
}

fn issue(ticket: &Ticket<'_>, description: Value) -> Value {
    json!({
        "issuetype": { "name": "Task" },
        "summary": cut(&ticket.title, 255),
        "description": description,
        "labels": ["sitedx", ticket.label(), format!("sitedx-{}", ticket.severity)],
    })
}

/// Tickets of Zendesk. A comment is public unless it says otherwise.
fn zendesk(ticket: &Ticket<'_>) -> Requests {
    let priority = match ticket.severity {
        "critical" => "urgent",
        "high" => "high",
        "medium" => "normal",
        _ => "low",
    };
    let comment = |body: String| json!({ "body": body, "public": false });
    let find = get("/api/v2/tickets", &[("external_id", ticket.key.clone())]);
    let create = json!({ "ticket": {
        "subject": cut(&ticket.title, 150),
        "comment": comment(plain(&ticket.body)),
        "priority": priority,
        "type": "incident",
        "tags": ["sitedx", ticket.label(), ticket.signature],
        "external_id": ticket.key,
    } });
    let update = json!({ "ticket": { "comment": comment(plain(&ticket.update())) } });
    (find, request("POST", "/api/v2/tickets", create), request("PUT", "/api/v2/tickets/{id}", update))
}

/// The longest body that GitHub takes.
const GITHUB_BODY: usize = 65_536;

/// Issues of GitHub, recognised by a label and by a comment that nobody sees.
fn github(ticket: &Ticket<'_>) -> Requests {
    let body = |text: String| {
        let mark = format!("\n\n<!-- {} {} -->", ticket.label(), ticket.key);
        format!("{}{mark}", within(text, GITHUB_BODY - mark.len()))
    };
    let query = format!("repo:{{owner}}/{{repo}} is:issue is:open label:{}", ticket.label());
    let find = get("/search/issues", &[("q", query)]);
    let create = json!({
        "title": cut(&ticket.title, 250),
        "body": body(markdown(&ticket.body)),
        "labels": ["sitedx", ticket.label()],
    });
    let update = json!({ "body": body(markdown(&ticket.update())) });
    (
        find,
        request("POST", "/repos/{owner}/{repo}/issues", create),
        request("POST", "/repos/{owner}/{repo}/issues/{number}/comments", update),
    )
}

/// The text, or as many whole lines of it as fit into so many bytes.
fn within(text: String, most: usize) -> String {
    if text.len() <= most {
        return text;
    }
    let end = "\n\n(cut)";
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        if out.len() + line.len() + end.len() > most {
            break;
        }
        out.push_str(line);
    }
    out + end
}
