//! All that captures show of a server, as things that can be compared.

use std::collections::BTreeMap;

use crate::facts::{Answer, Host, Proof, SERVICES, Truth};
use crate::model::{EntryKind, value_of};

/// What a thing is; by kind and then by name, those that contain others come before these.
pub type Name = (&'static str, String);

/// A thing, as far as a capture tells.
pub struct Thing {
    /// As the capture spells it.
    pub shown: String,
    /// What can change; nothing where the capture does not tell.
    pub details: Vec<(&'static str, Option<String>)>,
    pub proof: Option<Proof>,
}

/// All things of a server.
pub fn things(host: &Host) -> BTreeMap<Name, Thing> {
    let mut all = BTreeMap::new();
    let mut add = |kind: &'static str, shown: String, details: Vec<_>, proof: Option<Proof>| {
        all.entry((kind, shown.to_lowercase())).or_insert(Thing { shown, details, proof });
    };
    let identity = host.identity.named().map(|(name, known)| (name, known.shown().to_owned(), known.origin));
    for (name, value, origin) in identity {
        let proof = origin.map(|origin| Proof { origin, shows: format!("{name} is {value}") });
        add("identity", name.to_owned(), vec![("", Some(value))], proof);
    }
    for (path, origin) in host.registry.keys() {
        let proof = Proof { origin, shows: format!("[{path}]") };
        add("key", path.to_owned(), Vec::new(), Some(proof));
    }
    for (key, name, data) in host.registry.values() {
        let shown = value_of(name, &data.value.display()).into_owned();
        let proof = Proof { origin: data.origin, shows: format!("\"{name}\" = {shown}") };
        add("value", format!(r"{key}\{name}"), vec![("", Some(shown))], Some(proof));
    }
    for entry in host.files.below(None) {
        let size = match entry.kind {
            EntryKind::File { size } => Some(format!("{size} bytes")),
            EntryKind::Unsized | EntryKind::Folder | EntryKind::Link => None,
        };
        // The date of a folder changes with what is in it.
        let date =
            entry.modified.filter(|_| size.is_some()).map(|date| date.format("%Y-%m-%d %H:%M").to_string());
        add("file", entry.path(), vec![("size", size), ("date", date)], Some(entry.proof()));
    }
    services(host, &mut add);
    let lists = [("share", &host.shares), ("account", &host.accounts), ("group", &host.groups)];
    for (kind, names) in lists {
        for it in names.iter() {
            let path = Some(it.detail.clone()).filter(|detail| !detail.is_empty());
            add(kind, it.name.clone(), vec![("", path)], Some(it.proof()));
        }
    }
    for (group, members) in &host.members {
        for it in members.iter() {
            add("member", format!(r"{group}\{}", it.name), Vec::new(), Some(it.proof()));
        }
    }
    for it in host.settings.iter() {
        let setting = &it.value;
        let shown = format!("{} [{}] {}", setting.document, setting.section, setting.name);
        let proof = Proof { origin: it.origin, shows: format!("{} = {}", setting.name, setting.value) };
        add(
            "setting",
            shown,
            vec![("", Some(value_of(&setting.name, &setting.value).into_owned()))],
            Some(proof),
        );
    }
    all
}

fn services(
    host: &Host,
    add: &mut impl FnMut(&'static str, String, Vec<(&'static str, Option<String>)>, Option<Proof>),
) {
    let listed = host.services.listed().map(|(name, proof)| (name.to_owned(), proof));
    let running = host.services.running().map(|it| (it.name.clone(), it.proof()));
    let keys = host.registry.below(SERVICES).filter_map(|(path, origin)| {
        let (parent, name) = path.rsplit_once('\\')?;
        let is_service = parent.to_lowercase().ends_with(r"\services");
        is_service.then(|| (name.to_owned(), Proof { origin, shows: format!("[{path}]") }))
    });
    for (name, proof) in listed.chain(running).chain(keys) {
        let told = host.services.get(&name, &host.registry);
        let state = match host.service_running(&name).truth {
            Truth::Yes => Some("running".to_owned()),
            Truth::No => Some("not running".to_owned()),
            Truth::Unknown => None,
        };
        let told = told.as_ref();
        let details = vec![
            ("state", state),
            ("start", told.and_then(|it| it.start).map(|start| start.name().to_owned())),
            ("account", told.and_then(|it| it.account.clone())),
            ("path", told.and_then(|it| it.path.clone())),
        ];
        add("service", name, details, Some(proof));
    }
}

/// Whether a server has a thing of another capture.
pub fn present(host: &Host, kind: &str, shown: &str) -> Answer {
    match kind {
        "key" => host.registry.key_present(shown),
        "value" => {
            let (key, name) = shown.rsplit_once('\\').unwrap_or((shown, ""));
            host.registry.value_present(key, name)
        }
        "file" => host.files.present(shown),
        "service" => host.service_present(shown),
        "share" => host.shares.present(shown, "share"),
        "account" => host.accounts.present(shown, "account"),
        "group" => host.groups.present(shown, "group"),
        "member" => {
            let (group, name) = shown.split_once('\\').unwrap_or((shown, ""));
            match host.members.get(&group.to_lowercase()) {
                Some(members) => members.present(name, "member"),
                None => Answer::unknown(format!("no list of the members of {group} was collected")),
            }
        }
        // A document that is cut is not known to be, so what it does not show proves nothing.
        _ => Answer::unknown("nothing shows that it is not there"),
    }
}
