//! C1 and C2: what commands print, against what others made of it and against itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use sitedx::model::{Coverage, Fact};
use sitedx::parse::Parsed;

use super::{Verdicts, files, json, name, parse, set};

/// Settings of one document: sections in their order, each with its labels and values in theirs.
struct Document {
    sections: Vec<(String, Vec<(String, String)>)>,
}

impl Document {
    fn of(parsed: &Parsed, wanted: &str) -> Self {
        let mut sections: Vec<(String, Vec<(String, String)>)> = Vec::new();
        for fact in &parsed.facts {
            let Fact::Setting { document, section, name, value } = &fact.value else { continue };
            if **document != *wanted {
                continue;
            }
            let known = sections.iter().position(|(known, _)| *known == **section);
            let place = known.unwrap_or_else(|| {
                sections.push((section.to_string(), Vec::new()));
                sections.len() - 1
            });
            sections[place].1.push((name.to_string(), value.to_string()));
        }
        Self { sections }
    }

    /// The values of a label, found by its letters and digits; empty ones left out.
    fn all(&self, section: &str, label: &str) -> Vec<&str> {
        let rows = self.sections.iter().filter(|(known, _)| known == section).flat_map(|(_, rows)| rows);
        let own = rows.filter(|(name, value)| squeezed(name) == squeezed(label) && !value.is_empty());
        own.map(|(_, value)| value.as_str()).collect()
    }

    fn first(&self, section: &str, label: &str) -> Option<&str> {
        self.all(section, label).first().copied()
    }

    /// The sections directly below one, as `Hotfix(s)/01`.
    fn below<'d>(&'d self, section: &'d str) -> impl Iterator<Item = &'d str> {
        let names = self.sections.iter().map(|(name, _)| name.as_str());
        names.filter(move |name| name.rsplit_once('/').is_some_and(|(above, _)| above == section))
    }
}

/// Letters and digits alone, in lower case: `Hotfix(s)` is `hotfixs`.
fn squeezed(label: &str) -> String {
    label.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What is expected and not found.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    fn same(&mut self, place: &str, expected: &Value, found: Option<&str>) {
        let equal = match expected {
            Value::Null => found.is_none(),
            Value::Bool(yes) => {
                let says = found.unwrap_or_default().to_lowercase();
                *yes == matches!(says.as_str(), "yes" | "enabled")
            }
            Value::Number(number) => {
                let digits: String = found.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
                digits == number.to_string()
            }
            Value::String(text) => found.unwrap_or_default() == text.trim(),
            _ => false,
        };
        if !equal {
            self.0.push(format!("{place}: expected {expected}, found {found:?}"));
        }
    }

    fn list(&mut self, place: &str, expected: &[Value], found: &[&str]) {
        if expected.len() != found.len() {
            self.0.push(format!("{place}: expected {} values, found {found:?}", expected.len()));
        }
        expected.iter().zip(found).for_each(|(expected, found)| self.same(place, expected, Some(found)));
    }

    fn count(&mut self, place: &str, expected: usize, found: usize) {
        if expected != found {
            self.0.push(format!("{place}: expected {expected}, found {found}"));
        }
    }

    fn verdict(self) -> Option<String> {
        let first = self.0.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("; ");
        (!self.0.is_empty()).then(|| format!("{} differences: {first}", self.0.len()))
    }
}

/// What the peer works out itself and no capture shows.
fn is_derived(key: &str) -> bool {
    ["_epoch", "_epoch_utc", "_iso", "_num"].iter().any(|end| key.ends_with(end))
}

fn list<'v>(object: &'v Map<String, Value>, key: &str) -> &'v [Value] {
    object.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn at<'v>(object: &'v Map<String, Value>, key: &str) -> &'v Value {
    object.get(key).unwrap_or(&Value::Null)
}

fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

/// The values of the host or of one adapter.
fn ip_settings(
    found: &Document,
    section: &str,
    expected: &Map<String, Value>,
    differences: &mut Differences,
) {
    let place = |key: &str| format!("{section} {key}");
    let address = |printed: &str| match printed.split_once('(') {
        Some((address, state)) => (address.trim().to_owned(), Some(state.trim_end_matches(')').to_owned())),
        None => (printed.to_owned(), None),
    };
    for (key, value) in expected.iter().filter(|(key, _)| !is_derived(key)) {
        match (key.as_str(), value) {
            ("adapters" | "name" | "name_long" | "type", _) => {}
            ("extras", Value::Array(extras)) => {
                for (key, value) in extras.iter().flat_map(object) {
                    differences.same(&place(key), value, found.first(section, key));
                }
            }
            ("ipv4_addresses", Value::Array(addresses)) => {
                let labels = [
                    "IPv4 Address",
                    "Autoconfiguration IPv4 Address",
                    "IP Address",
                    "Autoconfiguration IP Address",
                ];
                let own: Vec<(&str, &str)> = labels
                    .iter()
                    .flat_map(|label| found.all(section, label).into_iter().map(|value| (*label, value)))
                    .collect();
                let masks = found.all(section, "Subnet Mask");
                differences.count(&place(key), addresses.len(), own.len());
                for (place_of, expected) in addresses.iter().map(object).enumerate() {
                    let Some((label, printed)) =
                        own.iter().find(|(_, printed)| *at(expected, "address") == address(printed).0)
                    else {
                        differences.0.push(format!("{}: {} is missing", place(key), at(expected, "address")));
                        continue;
                    };
                    differences.same(&place(key), at(expected, "status"), address(printed).1.as_deref());
                    differences.same(
                        &place("subnet_mask"),
                        at(expected, "subnet_mask"),
                        masks.get(place_of).copied(),
                    );
                    let configured = Value::Bool(label.starts_with("Auto"));
                    if *at(expected, "autoconfigured") != configured {
                        differences.0.push(format!("{}: autoconfigured {configured}", place(key)));
                    }
                }
            }
            (
                "ipv6_addresses" | "temporary_ipv6_addresses" | "link_local_ipv6_addresses",
                Value::Array(addresses),
            ) => {
                let own = found.all(section, key.trim_end_matches("es"));
                differences.count(&place(key), addresses.len(), own.len());
                for (expected, printed) in addresses.iter().map(object).zip(own) {
                    let (printed, state) = address(printed);
                    let (own, zone) = match printed.split_once('%') {
                        Some((own, zone)) if expected.contains_key("prefix_length") => (own, Some(zone)),
                        _ => (printed.as_str(), None),
                    };
                    differences.same(&place(key), at(expected, "address"), Some(own));
                    differences.same(&place(key), at(expected, "status"), state.as_deref());
                    differences.same(
                        &place(key),
                        expected.get("prefix_length").unwrap_or(&Value::Null),
                        zone,
                    );
                }
            }
            ("default_gateways", Value::Array(values)) => {
                differences.list(&place(key), values, &found.all(section, "Default Gateway"))
            }
            (_, Value::Array(values)) => differences.list(&place(key), values, &found.all(section, key)),
            _ => differences.same(&place(key), value, found.first(section, key)),
        }
    }
}

fn ipconfig(parsed: &Parsed, expected: &Value, differences: &mut Differences) {
    let found = Document::of(parsed, "ipconfig");
    let expected = object(expected);
    ip_settings(&found, "", expected, differences);
    let adapters = list(expected, "adapters");
    let own: Vec<&str> =
        found.sections.iter().map(|(name, _)| name.as_str()).filter(|name| !name.is_empty()).collect();
    differences.count("adapters", adapters.len(), own.len());
    for (adapter, section) in adapters.iter().map(object).zip(own) {
        differences.same("adapter", at(adapter, "name_long"), Some(section));
        ip_settings(&found, section, adapter, differences);
    }
}

fn systeminfo(parsed: &Parsed, expected: &Value, differences: &mut Differences) {
    let found = Document::of(parsed, "systeminfo");
    let section = |label: &str| {
        let names = found.sections.iter().map(|(name, _)| name.as_str());
        names.clone().find(|name| squeezed(name) == squeezed(label)).unwrap_or_default()
    };
    let numbered = |section: &str| {
        let rows = found.sections.iter().filter(|(name, _)| name == section && !section.is_empty());
        rows.flat_map(|(_, rows)| rows.iter().map(|(_, value)| value.as_str())).collect::<Vec<_>>()
    };
    for (key, value) in object(expected).iter().filter(|(key, _)| !is_derived(key)) {
        match (key.as_str(), value) {
            ("network_cards", Value::Array(cards)) => {
                let own = section(key);
                let names = numbered(own);
                differences.count(key, cards.len(), names.len());
                for (number, (card, name)) in cards.iter().map(object).zip(names).enumerate() {
                    let within = format!("{own}/{:02}", number + 1);
                    for (key, value) in card {
                        match (key.as_str(), value) {
                            ("name", _) => differences.same(key, value, Some(name)),
                            (_, Value::Array(values)) => {
                                let lists: Vec<&str> = found.below(&within).flat_map(numbered).collect();
                                differences.list(key, values, &lists);
                            }
                            _ => {
                                differences.same(&format!("{within} {key}"), value, found.first(&within, key))
                            }
                        }
                    }
                }
            }
            (_, Value::Array(values)) => differences.list(key, values, &numbered(section(key))),
            (_, Value::Object(features)) => {
                let own: BTreeMap<String, &str> = found
                    .all("", key)
                    .into_iter()
                    .filter_map(|text| text.split_once(": "))
                    .map(|(label, value)| (squeezed(label), value))
                    .collect();
                differences.count(key, features.len(), own.len());
                features
                    .iter()
                    .for_each(|(key, value)| differences.same(key, value, own.get(&squeezed(key)).copied()));
            }
            (_, Value::Number(_)) => {
                differences.same(key, value, found.first("", key.trim_end_matches("_mb")))
            }
            _ => differences.same(key, value, found.first("", key)),
        }
    }
}

fn netstat(parsed: &Parsed, expected: &Value, differences: &mut Differences) {
    let found = Document::of(parsed, "netstat");
    let expected = expected.as_array().expect("a list");
    differences.count("connections", expected.len(), found.sections.len());
    for (connection, (section, _)) in expected.iter().map(object).zip(&found.sections) {
        for (key, value) in connection.iter().filter(|(key, _)| !is_derived(key)) {
            let parts =
                |label: &str| found.first(section, label).and_then(|address| address.rsplit_once(':'));
            let program = found.first(section, "Program").map(|program| format!("[{program}]"));
            let own = match key.as_str() {
                "local_address" => parts("Local Address").map(|(address, _)| address),
                "local_port" => parts("Local Address").map(|(_, port)| port),
                "foreign_address" => parts("Foreign Address").map(|(address, _)| address),
                "foreign_port" => parts("Foreign Address").map(|(_, port)| port),
                // Where the program may not be known, the line below says so.
                "program_name" => program.as_deref().or(found.all(section, "Component").last().copied()),
                _ => found.first(section, key),
            };
            differences.same(&format!("{section} {key}"), value, own);
        }
    }
}

fn route_print(parsed: &Parsed, expected: &Value, differences: &mut Differences) {
    let found = Document::of(parsed, "route print");
    let expected = object(expected);
    let interfaces = list(expected, "interface_list");
    differences.count("interfaces", interfaces.len(), found.below("Interface List").count());
    for (interface, section) in interfaces.iter().map(object).zip(found.below("Interface List")) {
        // The peer takes the address that tunnels are given for none.
        let address = found.first(section, "Physical Address").map(|address| address.replace('-', ":"));
        let address = address.filter(|address| !address.eq_ignore_ascii_case("00:00:00:00:00:00:00:e0"));
        differences.same("interface_index", at(interface, "interface_index"), found.first(section, "Index"));
        differences.same("mac_address", at(interface, "mac_address"), address.as_deref());
        let name = at(interface, "description").as_str().map(|name| name.trim_start_matches(['.', ' ']));
        differences.same("description", &Value::from(name), found.first(section, "Description"));
    }
    for (family, title) in
        [("ipv4_route_table", "IPv4 Route Table"), ("ipv6_route_table", "IPv6 Route Table")]
    {
        // Before Vista no title stands above the routes, and without one the peer reads none.
        let titled = found.sections.iter().any(|(name, _)| name.starts_with(title));
        let Some(tables) = expected.get(family).and_then(Value::as_object).filter(|_| titled) else {
            continue;
        };
        for (table, below) in [("active_routes", "Active Routes"), ("persistent_routes", "Persistent Routes")]
        {
            let above = format!("{title}/{below}");
            let routes = list(tables, table);
            differences.count(&above, routes.len(), found.below(&above).count());
            for (route, section) in routes.iter().map(object).zip(found.below(&above)) {
                for (key, value) in route.iter().filter(|(key, _)| *key != "metric_set_to_default") {
                    let label = if family.starts_with("ipv6") && key == "interface" { "If" } else { key };
                    let own = found.first(section, label);
                    let own = own.filter(|own| !(value.is_null() && *own == "Default"));
                    differences.same(&format!("{section} {key}"), value, own);
                }
            }
        }
    }
}

#[test]
fn c1_what_a_peer_reads_of_commands() {
    let Some(folder) = set("cmd_outputs") else { return };
    let mut verdicts = Verdicts::new("C1");
    for path in files(&folder, |name| name.starts_with("jc_windows-") && name.ends_with(".out")) {
        let mut bytes = fs::read(&path).unwrap();
        // A last line without an end is taken for cut; the peer has no such notion.
        bytes.extend(Some(b'\n').filter(|_| !bytes.ends_with(b"\n")));
        let oracle = path.with_extension("json");
        let Some((_, parsed)) = parse(name(&path), &bytes) else {
            verdicts.case(name(&path), Some("is not recognised".to_owned()));
            continue;
        };
        let mut differences = Differences::default();
        differences.count("lines understood", parsed.lines as usize, parsed.understood as usize);
        let compare = match name(&path) {
            found if found.contains("ipconfig") => ipconfig,
            found if found.contains("systeminfo") => systeminfo,
            found if found.contains("netstat") => netstat,
            found if found.contains("route") => route_print,
            _ => |_: &Parsed, _: &Value, _: &mut Differences| (),
        };
        if oracle.is_file() {
            compare(&parsed, &json(&oracle), &mut differences);
        }
        verdicts.case(name(&path), differences.verdict());
    }
    verdicts.finish();
}

/// The shares of a table, counted and judged without the parser: a row that is not indented begins one.
fn shares(text: &str, parsed: &Parsed, differences: &mut Differences) {
    let below = text.lines().skip_while(|line| !line.starts_with("-----")).skip(1);
    let rows = below.take_while(|line| !line.starts_with("The command completed"));
    let expected: Vec<&str> = rows.filter(|row| !row.trim().is_empty() && !row.starts_with(' ')).collect();
    let found: Vec<(&str, &str)> = parsed
        .facts
        .iter()
        .filter_map(|fact| match &fact.value {
            Fact::Share { name, path, .. } => Some((name.as_str(), path.as_str())),
            _ => None,
        })
        .collect();
    differences.count("shares", expected.len(), found.len());
    for (row, (name, path)) in expected.iter().zip(&found) {
        let own = row.starts_with(name) && !name.ends_with(' ') && !name.is_empty();
        let shaped = path.is_empty() || path.as_bytes().get(1) == Some(&b':') || path.ends_with("Spooled");
        if !own || !shaped || !text.contains(path) {
            differences.0.push(format!("row {row:?} is read as {name:?} with {path:?}"));
        }
    }
    let ended = text.contains("The command completed successfully");
    let covers = parsed.coverage.iter().any(|place| place.value == Coverage::Shares);
    if ended != covers {
        differences.0.push(format!("the command ended well: {ended}, shares are covered: {covers}"));
    }
}

/// What the articles show, by the kind of excerpt: facts of which one must be there, and whether any may.
fn excerpt(path: &Path, parsed: Option<&Parsed>, differences: &mut Differences) {
    let facts = || parsed.into_iter().flat_map(|parsed| &parsed.facts).map(|fact| &fact.value);
    let setting = |wanted: &str, label: &str| {
        facts().any(|fact| {
            matches!(fact, Fact::Setting { document, name, value, .. }
                if **document == *wanted && **name == *label && !value.is_empty())
        })
    };
    let shown = match name(path).split("__").next().unwrap_or_default() {
        // The article quotes the messages; nothing runs there.
        "net_messages" => facts().next().is_none(),
        "net_accounts" => setting("net accounts", "Computer role") && setting("net accounts", "Minimum password age (days)"),
        "net_user" => facts().any(|fact| matches!(fact, Fact::Account { name } if !name.contains(' '))) && setting("net user", "Password last set"),
        "nltest" => facts().any(|fact| matches!(fact, Fact::Setting { section, .. } if section.starts_with("Trusted domain list"))),
        kind if kind.starts_with("ipconfig") => setting("ipconfig", "IP Address") && setting("ipconfig", "Subnet Mask"),
        _ => true,
    };
    if !shown {
        differences.0.push("what the article shows is not what is read".to_owned());
    }
}

#[test]
fn c2_shares_and_what_articles_show_of_commands() {
    let mut verdicts = Verdicts::new("C2");
    let (Some(outputs), Some(articles)) = (set("cmd_outputs"), set("kb_excerpts")) else { return };
    for path in files(&outputs, |name| name.starts_with("net_share_")) {
        let bytes = fs::read(&path).unwrap();
        let mut differences = Differences::default();
        match parse(name(&path), &bytes) {
            Some((_, parsed)) => shares(&String::from_utf8_lossy(&bytes), &parsed, &mut differences),
            None => differences.0.push("is not recognised".to_owned()),
        }
        verdicts.case(name(&path), differences.verdict());
    }
    let wanted = |name: &str| ["net_", "nltest", "ipconfig"].iter().any(|start| name.starts_with(start));
    for path in files(&articles, wanted) {
        let parsed = parse(name(&path), &fs::read(&path).unwrap()).map(|(_, parsed)| parsed);
        let mut differences = Differences::default();
        excerpt(&path, parsed.as_ref(), &mut differences);
        verdicts.case(name(&path), differences.verdict());
    }
    verdicts.finish();
}
