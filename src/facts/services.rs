//! The services and drivers of one server: what lists, `sc` and the registry tell, in one view.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, NamedFact, Names, Proof, Registry, Truth};
use crate::model::{Located, Origin, Service, ServiceState, StartType};

/// Services by their key names, and by the names that people see.
#[derive(Clone, Debug, Default)]
pub struct Services {
    /// What captures tell of each service, by lower-case key name.
    by_key: BTreeMap<String, Vec<Located<Service>>>,
    /// What captures tell that name no keys, by lower-case display name.
    by_display: BTreeMap<String, Vec<Located<Service>>>,
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
        let lower = |name: &String| name.to_lowercase();
        let (key, display) = (service.key.as_ref().map(lower), service.display.as_ref().map(lower));
        let found = Located { value: service, origin };
        match (key, display) {
            (Some(key), display) => {
                if let Some(display) = display {
                    self.keys.entry(display).or_insert(key.clone());
                }
                self.by_key.entry(key).or_default().push(found);
            }
            (None, Some(display)) => self.by_display.entry(display).or_default().push(found),
            (None, None) => {}
        }
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

    /// Services that captures tell of, under their keys where these are known, with the place of the first.
    pub fn listed(&self) -> impl Iterator<Item = (&str, Proof)> {
        self.by_key.values().chain(self.by_display.values()).filter_map(|found| {
            let first = found.first()?;
            let name = first.value.key.as_ref().or(first.value.display.as_ref())?;
            Some((name.as_str(), proof(first)))
        })
    }

    /// What captures tell of a service together; the first that tells a thing is believed.
    pub fn get(&self, name: &str, registry: &Registry) -> Option<Service> {
        let key = self.key(name, registry);
        let told = self.told(name, registry).into_iter().map(|found| found.value.clone());
        let all = told.chain(registered(registry, &key));
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
        if running.truth == Truth::Yes {
            return running;
        }
        if let Some(found) = self.told(name, registry).first() {
            return Answer::yes(vec![proof(found)], format!("service {name} exists"));
        }
        let key = format!(r"{SERVICES}\{name}");
        let answer = registry.key_present(&key);
        if let (Truth::Unknown, Some(origin)) = (answer.truth, self.covered) {
            let shows = format!("list of all services, without {name}");
            return Answer::no(vec![Proof { origin, shows }], format!("service {name} does not exist"));
        }
        Answer { why: answer.why.replace(&key, &format!("service {name}")), ..answer }
    }

    /// Whether a service runs, under its key name or its display name.
    ///
    /// No capture is known to be later than another, so that captures that disagree prove nothing.
    pub fn runs(&self, name: &str, registry: &Registry) -> Answer {
        let names = self.names(name, registry);
        let runs = names.iter().find_map(|name| self.running.get(name));
        let told = self.told(name, registry);
        let stopped = told.iter().find(|found| found.value.state == Some(ServiceState::Stopped));
        match (runs, stopped) {
            (Some(runs), None) => self.running.present(&runs.name, "running service"),
            (Some(_), Some(_)) => Answer::unknown(format!("captures disagree whether service {name} runs")),
            (None, Some(stopped)) => Answer::no(vec![proof(stopped)], format!("service {name} is stopped")),
            // Paused, starting and stopping services neither run nor are they stopped.
            (None, None) => match told.iter().find_map(|found| found.value.state) {
                Some(state) => Answer::unknown(format!("service {name} is {}", state.name())),
                None => self.running.present(name, "running service"),
            },
        }
    }

    /// What captures tell of a service, under each of its names.
    fn told(&self, name: &str, registry: &Registry) -> Vec<&Located<Service>> {
        let names = self.names(name, registry);
        let by_key = self.by_key.get(&self.key(name, registry)).into_iter().flatten();
        by_key.chain(names.iter().filter_map(|name| self.by_display.get(name)).flatten()).collect()
    }

    /// The lower-case key of a service, which may be asked for under the name that people see.
    fn key(&self, name: &str, registry: &Registry) -> String {
        let lower = name.to_lowercase();
        let is_key = self.by_key.contains_key(&lower) || registered(registry, &lower).is_some();
        self.keys.get(&lower).filter(|_| !is_key).cloned().unwrap_or(lower)
    }

    /// All lower-case names of a service: the one that is asked for, its key, and what people see.
    fn names(&self, name: &str, registry: &Registry) -> BTreeSet<String> {
        let key = self.key(name, registry);
        let told =
            self.by_key.get(&key).into_iter().flatten().filter_map(|found| found.value.display.as_ref());
        let registered = registry.text(&format!(r"{SERVICES}\{key}"), "DisplayName").map(|found| found.value);
        let shown = told.chain(&registered).map(|display| display.to_lowercase());
        shown.chain([name.to_lowercase(), key.clone()]).collect()
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

    #[test]
    fn what_a_report_tells_of_display_names_belongs_to_the_key() {
        let mut services = Services::default();
        let mut registry = Registry::default();
        let add = |services: &mut Services, key: Option<&str>, display: &str, state| {
            let (key, display) = (key.map(str::to_owned), Some(display.to_owned()));
            services.add(Service { key, display, state: Some(state), ..Service::default() }, PLACE);
        };
        add(&mut services, None, "Network Monitor Agent", ServiceState::Stopped);
        assert_eq!(services.runs("network monitor agent", &registry).truth, Truth::No);
        assert_eq!(services.present("Network Monitor Agent", &registry).truth, Truth::Yes);
        assert_eq!(services.runs("nmagent", &registry).truth, Truth::Unknown);
        let display = RegistryData::text("Network Monitor Agent");
        registry.value(&format!(r"{SERVICES}\nmagent").into(), "DisplayName".into(), display, PLACE);
        assert_eq!(services.runs("nmagent", &registry).truth, Truth::No);
        // A name that people see, of a service whose key another capture tells.
        add(&mut services, Some("LanmanServer"), "Server", ServiceState::Running);
        assert_eq!(services.runs("Server", &registry).truth, Truth::Yes);
        assert_eq!(
            services.get("server", &registry).and_then(|found| found.key).as_deref(),
            Some("LanmanServer")
        );
        assert_eq!(services.listed().count(), 2);
    }

    #[test]
    fn states_between_and_captures_that_disagree_prove_nothing() {
        let mut services = Services::default();
        let registry = Registry::default();
        let mut add = |key: &str, state| {
            services
                .add(Service { key: Some(key.to_owned()), state: Some(state), ..Service::default() }, PLACE);
        };
        add("Spooler", ServiceState::Paused);
        add("SMS_EXECUTIVE", ServiceState::Stopped);
        add("SMS_EXECUTIVE", ServiceState::Running);
        services.cover_running(PLACE);
        let why = |name: &str| {
            let answer = services.runs(name, &registry);
            assert_eq!(answer.truth, Truth::Unknown);
            answer.why
        };
        assert_eq!(why("Spooler"), "service Spooler is paused");
        assert_eq!(why("SMS_EXECUTIVE"), "captures disagree whether service SMS_EXECUTIVE runs");
        assert_eq!(services.present("SMS_EXECUTIVE", &registry).truth, Truth::Yes);
    }
}
