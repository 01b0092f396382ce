//! The services and drivers of one server: what lists, `sc` and the registry tell, in one view.

use std::collections::BTreeMap;

use super::{Answer, NamedFact, Names, Proof, Registry};
use crate::model::{Located, Origin, Service, ServiceState, StartType};

/// Services by their key names, and by the names that people see.
#[derive(Clone, Debug, Default)]
pub struct Services {
    /// What captures tell of each service, by lower-case key name.
    by_key: BTreeMap<String, Vec<Located<Service>>>,
    /// Key names by lower-case display names.
    keys: BTreeMap<String, String>,
    /// What runs, under the names that the captures print.
    running: Names,
    /// Where a list says that it shows every service.
    covered: Option<Origin>,
}

/// The key below which services are registered.
pub const SERVICES: &str = r"HKLM\SYSTEM\CurrentControlSet\Services";

impl Services {
    /// Adds what one capture tells.
    pub fn add(&mut self, service: Service, origin: Origin) {
        let runs = service.state == Some(ServiceState::Running);
        for name in service.display.iter().chain(&service.key).filter(|_| runs) {
            self.running.add(name.clone(), String::new(), origin);
        }
        let Some(key) = service.key.as_ref().map(|key| key.to_lowercase()) else { return };
        if let Some(display) = &service.display {
            self.keys.entry(display.to_lowercase()).or_insert(key.clone());
        }
        self.by_key.entry(key).or_default().push(Located { value: service, origin });
    }

    /// Declares that all running services are known.
    pub fn cover_running(&mut self, origin: Origin) {
        self.running.cover(origin);
    }

    /// Declares that all services are known, running or not.
    pub fn cover(&mut self, origin: Origin) {
        self.covered.get_or_insert(origin);
        self.running.cover(origin);
    }

    /// Where the list of running services was declared complete.
    pub fn running_covered(&self) -> Option<Origin> {
        self.running.covered()
    }

    /// Where a capture shows that it lists every service: a list, or the registry.
    pub fn covered(&self, registry: &Registry) -> Option<Origin> {
        self.covered.or_else(|| registry.tree_covered(SERVICES))
    }

    /// What runs, under the names that the captures print.
    pub fn running(&self) -> impl Iterator<Item = &NamedFact> {
        self.running.iter()
    }

    /// Services that lists name by their keys, with the place of the first.
    pub fn listed(&self) -> impl Iterator<Item = (&str, Proof)> {
        self.by_key.values().filter_map(|found| {
            let first = found.first()?;
            let name = first.value.key.as_deref()?;
            Some((name, proof(first)))
        })
    }

    /// What captures tell of a service together; the first that tells a thing is believed.
    pub fn get(&self, name: &str, registry: &Registry) -> Option<Service> {
        let lower = name.to_lowercase();
        let key = self.keys.get(&lower).unwrap_or(&lower);
        let told = self.by_key.get(key).into_iter().flatten().map(|found| found.value.clone());
        let all = told.chain(registered(registry, key));
        all.reduce(|known, more| Service {
            key: known.key.or(more.key),
            display: known.display.or(more.display),
            state: known.state.or(more.state),
            start: known.start.or(more.start),
            path: known.path.or(more.path),
            account: known.account.or(more.account),
            dependencies: if known.dependencies.is_empty() { more.dependencies } else { known.dependencies },
            exit: known.exit.or(more.exit),
            driver: known.driver.or(more.driver),
        })
    }

    /// Whether a service exists: because it runs or is listed, or by its registry key.
    pub fn present(&self, name: &str, registry: &Registry) -> Answer {
        let running = self.runs(name, registry);
        if running.truth == super::Truth::Yes {
            return running;
        }
        let lower = name.to_lowercase();
        let key = self.keys.get(&lower).unwrap_or(&lower);
        if let Some(found) = self.by_key.get(key).and_then(|found| found.first()) {
            return Answer::yes(vec![proof(found)], format!("service {name} exists"));
        }
        let key = format!(r"{SERVICES}\{name}");
        let answer = registry.key_present(&key);
        if let (super::Truth::Unknown, Some(origin)) = (answer.truth, self.covered) {
            let shows = format!("list of all services, without {name}");
            return Answer::no(vec![Proof { origin, shows }], format!("service {name} does not exist"));
        }
        Answer { why: answer.why.replace(&key, &format!("service {name}")), ..answer }
    }

    /// Whether a service runs, under its key name or its display name.
    pub fn runs(&self, name: &str, registry: &Registry) -> Answer {
        let own = self.running.present(name, "running service");
        let display = registry.text(&format!(r"{SERVICES}\{name}"), "DisplayName");
        let shown = display.map(|display| self.running.present(&display.value, "running service"));
        match shown {
            Some(shown) if own.truth != super::Truth::Yes && shown.truth == super::Truth::Yes => shown,
            _ if own.truth == super::Truth::Unknown => self.state(name).unwrap_or(own),
            _ => own,
        }
    }

    /// Whether the one listed service of a name runs, where no list is complete.
    fn state(&self, name: &str) -> Option<Answer> {
        let found =
            self.by_key.get(&name.to_lowercase())?.iter().find(|found| found.value.state.is_some())?;
        let state = found.value.state?.name();
        Some(Answer::no(vec![proof(found)], format!("service {name} is {state}")))
    }
}

fn proof(found: &Located<Service>) -> Proof {
    let Service { key, display, state, .. } = &found.value;
    let name = key.as_ref().or(display.as_ref()).map(String::as_str).unwrap_or_default();
    let state = state.map(|state| format!(" ({})", state.name())).unwrap_or_default();
    Proof { origin: found.origin, shows: format!("{name}{state}") }
}

/// What the registry tells of a service.
fn registered(registry: &Registry, name: &str) -> Option<Service> {
    let key = format!(r"{SERVICES}\{name}");
    let text = |value: &str| registry.text(&key, value).map(|found| found.value);
    let number = |value: &str| u32::try_from(registry.get(&key, value)?.value.number()?).ok();
    let kind = number("Type");
    let found = Service {
        key: None,
        display: text("DisplayName"),
        state: None,
        start: number("Start").and_then(StartType::of),
        path: text("ImagePath"),
        account: text("ObjectName"),
        dependencies: registry
            .get(&key, "DependOnService")
            .and_then(|found| found.value.strings())
            .unwrap_or_default(),
        exit: None,
        // winnt.h: 1 kernel driver, 2 file system driver, 8 recogniser; 0x10 and 0x20 are services.
        driver: kind.map(|kind| kind & 0xB != 0),
    };
    (found != Service::default()).then_some(Service { key: Some(name.to_owned()), ..found })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Truth;
    use crate::model::{RegistryData, SourceId};

    const PLACE: Origin = Origin { source: SourceId(0), line: 1, offset: 0, length: 0 };

    #[test]
    fn captures_fill_in_what_others_leave_out() {
        let mut services = Services::default();
        let mut registry = Registry::default();
        registry.value(
            &format!(r"{SERVICES}\SMS_EXECUTIVE").into(),
            "Start".into(),
            RegistryData::dword(2),
            PLACE,
        );
        let state = Some(ServiceState::Stopped);
        let key = Some("SMS_EXECUTIVE".to_owned());
        services.add(Service { key, state, ..Service::default() }, PLACE);
        let found = services.get("sms_executive", &registry).unwrap();
        assert_eq!((found.state, found.start), (state, Some(StartType::Automatic)));
        assert_eq!(services.runs("SMS_EXECUTIVE", &registry).truth, Truth::No);
        assert_eq!(services.present("SMS_EXECUTIVE", &registry).truth, Truth::Yes);
        assert_eq!(services.present("SMS_SQL_MONITOR", &registry).truth, Truth::Unknown);
        services.cover(PLACE);
        assert_eq!(services.present("SMS_SQL_MONITOR", &registry).truth, Truth::No);
    }

    #[test]
    fn a_list_of_display_names_proves_a_service_that_the_registry_names() {
        let mut services = Services::default();
        let mut registry = Registry::default();
        let display = Some("Systems Management Server Executive".to_owned());
        registry.value(
            &format!(r"{SERVICES}\SMS_EXECUTIVE").into(),
            "DisplayName".into(),
            RegistryData::text("Systems Management Server Executive"),
            PLACE,
        );
        let state = Some(ServiceState::Running);
        services.add(Service { display, state, ..Service::default() }, PLACE);
        assert_eq!(services.runs("SMS_EXECUTIVE", &registry).truth, Truth::Yes);
    }
}
