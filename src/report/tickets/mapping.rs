//! What a site's own ticketing system wants beside: groups, categories, projects. A TOML file of the user's.

use std::collections::BTreeMap;

use serde_json::Value;

use super::System;
use super::content::Ticket;
use crate::authoring::{Mistake, Sheet, Table, nearest};

/// Fields to set in the body of new tickets, for each system.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    systems: BTreeMap<System, Fields>,
}

/// The fields of one system: the place in the body, with dots between names, and the value.
#[derive(Clone, Debug, Default)]
struct Fields {
    always: Vec<(String, Value)>,
    /// By severity.
    by_severity: BTreeMap<String, Vec<(String, Value)>>,
}

/// The severities that a mapping may name.
const SEVERITIES: &[&str] = &["critical", "high", "medium", "low", "info"];

impl Mapping {
    /// Reads a file: `[servicenow.set]` with fields of every ticket, `[servicenow.severity.critical]` with those of some.
    ///
    /// # Errors
    /// All mistakes of the file.
    pub fn read(path: &str, text: &str) -> Result<Self, Vec<Mistake>> {
        Sheet::read(path, text, |table| {
            let mut mapping = Self::default();
            let names: Vec<&str> = System::ALL.iter().map(|system| system.name()).collect();
            for key in table.keys() {
                let Some(system) = System::ALL.iter().find(|system| system.name() == key.text) else {
                    let hint =
                        nearest(&key.text, &names).or_else(|| Some(format!("known: {}", names.join(", "))));
                    table.sheet.mistake(
                        key.span.clone(),
                        format!("no system is called `{}`", key.text),
                        hint,
                    );
                    table.discard(&key.text);
                    continue;
                };
                if let Some(own) = table.own_table(&key.text) {
                    mapping.systems.insert(*system, fields(own));
                }
            }
            mapping
        })
    }

    /// Whether a place of the body is set for every ticket of a system.
    pub fn sets(&self, system: System, place: &str) -> bool {
        self.systems.get(&system).is_some_and(|fields| fields.always.iter().any(|(name, _)| name == place))
    }

    /// Sets the fields in a body.
    pub fn apply(&self, system: System, ticket: &Ticket<'_>, body: &mut Value) {
        let Some(fields) = self.systems.get(&system) else { return };
        let own = fields.by_severity.get(ticket.severity).into_iter().flatten();
        for (place, value) in fields.always.iter().chain(own) {
            put(body, place, filled(value, ticket));
        }
    }
}

fn fields(mut table: Table<'_, '_>) -> Fields {
    let always = table.table("set").map(values).unwrap_or_default();
    let mut by_severity = BTreeMap::new();
    if let Some(mut severities) = table.table("severity") {
        for key in severities.keys() {
            if !SEVERITIES.contains(&key.text.as_str()) {
                let hint = nearest(&key.text, SEVERITIES)
                    .or_else(|| Some(format!("known: {}", SEVERITIES.join(", "))));
                severities.sheet.mistake(key.span.clone(), format!("`{}` is no severity", key.text), hint);
                severities.discard(&key.text);
                continue;
            }
            if let Some(own) = severities.own_table(&key.text) {
                by_severity.insert(key.text.clone(), values(own));
            }
        }
        severities.finish();
    }
    table.finish();
    Fields { always, by_severity }
}

fn values(mut table: Table<'_, '_>) -> Vec<(String, Value)> {
    let keys = table.keys();
    let all = keys.iter().filter_map(|key| Some((key.text.clone(), table.own_value(&key.text)?)));
    all.collect()
}

/// Puts a value at a place of a body: `fields.project.key`. What stands there as a text or list gives way.
fn put(body: &mut Value, place: &str, value: Value) {
    let mut at = body;
    for name in place.split('.') {
        // The one record of an event is meant by its fields.
        if let Some(record) = at.get("records").and_then(|records| records.get(0)).map(Value::is_object)
            && record
        {
            at = &mut at["records"][0];
        }
        if !at.is_object() {
            *at = Value::Object(serde_json::Map::new());
        }
        at = &mut at[name];
    }
    *at = value;
}

/// The value with what it names of the ticket: `{host}`, `{site}`, `{severity}`, `{signature}`, `{title}`, `{key}`.
fn filled(value: &Value, ticket: &Ticket<'_>) -> Value {
    let fill = |text: &str| {
        let names = [
            ("{host}", ticket.host.as_str()),
            ("{site}", &ticket.site),
            ("{severity}", ticket.severity),
            ("{signature}", &ticket.signature),
            ("{title}", &ticket.title),
            ("{key}", &ticket.key),
        ];
        names.iter().fold(text.to_owned(), |text, (name, own)| text.replace(name, own))
    };
    match value {
        Value::String(text) => Value::String(fill(text)),
        Value::Array(all) => Value::Array(all.iter().map(|it| filled(it, ticket)).collect()),
        Value::Object(all) => {
            Value::Object(all.iter().map(|(name, it)| (name.clone(), filled(it, ticket))).collect())
        }
        other => other.clone(),
    }
}
