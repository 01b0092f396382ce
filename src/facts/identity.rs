//! Who a server is: site, role, parent, product, operating system, and where things are.

use super::Host;
use crate::model::{Located, Origin};
use crate::pattern::Captures;

/// A value, and how it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub value: String,
    /// For people: `registry`, `share CAP_S04` …
    pub by: String,
    /// The place that proves it; derived values have none of their own.
    pub origin: Option<Origin>,
}

impl Known {
    /// The value as signatures see it: a folder without a backslash at its end.
    pub fn shown(&self) -> &str {
        self.value.trim_end_matches('\\')
    }
}

/// The role of a site server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Primary,
    Secondary,
}

impl Role {
    /// The name that reports and signatures use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
        }
    }
}

/// What is known of a server's place in the hierarchy.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    pub site: Option<Known>,
    pub parent_site: Option<Known>,
    pub role: Option<Role>,
    /// For example `SMS 2.0 SP2`.
    pub product: Option<Known>,
    /// For example `2.00.1493.2010`.
    pub version: Option<Known>,
    pub os: Option<Known>,
    /// The folder in which SMS is installed.
    pub install: Option<Known>,
    /// The folder of Windows.
    pub windows: Option<Known>,
    /// The domain that the server belongs to.
    pub domain: Option<Known>,
    /// Minutes east of UTC at the time of the capture.
    pub offset: Option<i16>,
}

const SETUP: &str = r"HKLM\SOFTWARE\Microsoft\SMS\Setup";
const IDENTIFICATION: &str = r"HKLM\SOFTWARE\Microsoft\SMS\Identification";
const WINDOWS: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion";
const LOGON: &str = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon";
const ZONE: &str = r"HKLM\SYSTEM\CurrentControlSet\Control\TimeZoneInformation";

impl Identity {
    /// Puts together what a server's own evidence says.
    pub fn of(host: &Host) -> Self {
        let registry = |key: &str, name: &str| {
            let found = host.registry.text(key, name).filter(|found| !found.value.trim().is_empty())?;
            Some(known(found, "registry"))
        };
        let printed = |document: &str, section: &str, name: &str| {
            let found = host.settings.get(document, section, name)?;
            let value = found.value.value.trim().to_owned();
            let known = Known { value, by: document.to_owned(), origin: Some(found.origin) };
            Some(known).filter(|known| !known.value.is_empty())
        };
        let version = registry(SETUP, "Full Version").or_else(|| registry(SETUP, "Version"));
        let site = registry(IDENTIFICATION, "Site Code")
            .or_else(|| registry(SETUP, "Site Code"))
            .or_else(|| site_by_names(host))
            .or_else(|| site_by_status(host));
        let product = version.as_ref().and_then(|version| {
            let value = product_of(&version.value)?;
            Some(Known { value, ..version.clone() })
        });
        Self {
            parent_site: registry(IDENTIFICATION, "Parent Site Code").filter(|parent| {
                site.as_ref().is_none_or(|site| !site.value.eq_ignore_ascii_case(&parent.value))
            }),
            role: role(host),
            os: os(host),
            install: registry(SETUP, "Installation Directory")
                .or_else(|| {
                    let share = host.shares.get(&format!("SMS_{}", site.as_ref()?.value))?;
                    Some(Known {
                        value: share.detail.clone(),
                        by: format!("share {}", share.name),
                        origin: Some(share.origin),
                    })
                })
                .or_else(|| install_by_listing(host)),
            windows: registry(WINDOWS, "SystemRoot")
                .or_else(|| {
                    let share = host.shares.get("ADMIN$").filter(|share| !share.detail.is_empty())?;
                    Some(Known {
                        value: share.detail.clone(),
                        by: "share ADMIN$".into(),
                        origin: Some(share.origin),
                    })
                })
                .or_else(|| printed("systeminfo", "", "Windows Directory"))
                .or_else(|| printed("set", "", "windir")),
            // `systeminfo` prints the DNS name of the domain, by which no account is written.
            domain: registry(LOGON, "CachePrimaryDomain")
                .or_else(|| registry(LOGON, "DefaultDomainName"))
                .or_else(|| printed("net config", "workstation", "Workstation domain"))
                .or_else(|| printed("srvinfo", "", "Domain")),
            offset: host.registry.get(ZONE, "ActiveTimeBias").and_then(|bias| {
                // The bias is a signed number in an unsigned type: UTC = local + bias.
                let bias = u32::try_from(bias.value.number()?).ok()? as i32;
                i16::try_from(-bias).ok().filter(|offset| offset.abs() <= 14 * 60)
            }),
            site,
            product,
            version,
        }
    }

    /// What is known, by the names that signatures use.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &Known)> {
        let pairs = [
            ("site", &self.site),
            ("parent_site", &self.parent_site),
            ("product", &self.product),
            ("version", &self.version),
            ("os", &self.os),
            ("install", &self.install),
            ("windows", &self.windows),
            ("domain", &self.domain),
        ];
        pairs.into_iter().filter_map(|(name, known)| Some((name, known.as_ref()?)))
    }

    /// The names that every signature may use: `host`, `site`, `parent_site`, `version`, `install` …
    pub fn captures(&self, host: &str) -> Captures {
        let mut captures = Captures::default();
        captures.bind("host", host);
        for (name, known) in self.named() {
            captures.bind(name, known.shown());
        }
        if let Some(role) = self.role {
            captures.bind("role", role.name());
        }
        captures
    }
}

/// The names that a question on a server may use before anything is bound: those of [`Identity::captures`], and
/// what the parent's server is called, which takes all servers to know.
pub const HOST_NAMES: &[&str] = &[
    "host",
    "site",
    "parent_site",
    "parent_server",
    "product",
    "version",
    "os",
    "install",
    "windows",
    "domain",
    "role",
];

fn known(found: Located<String>, by: &str) -> Known {
    Known { value: found.value.trim().to_owned(), by: by.to_owned(), origin: Some(found.origin) }
}

/// Shares and accounts whose names end in the site code.
fn site_by_names(host: &Host) -> Option<Known> {
    let shares = host.shares.iter().map(|share| ("share", share));
    let accounts = host.accounts.iter().map(|account| ("account", account));
    let mut found: Vec<(usize, Known)> = Vec::new();
    for (kind, entry) in shares.chain(accounts) {
        let upper = entry.name.to_uppercase();
        let prefixes = ["CAP_", "SMSSERVER_", "SMSCLIENT_", "SMS_"];
        let code =
            prefixes.iter().enumerate().find_map(|(rank, prefix)| Some((rank, upper.strip_prefix(prefix)?)));
        let Some((rank, code)) = code else { continue };
        // SMS_SHR and SMS_DPS are shares of their own kind.
        let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_code && !(rank == 3 && matches!(code, "SHR" | "PKG" | "DPS")) {
            let by = format!("{kind} {}", entry.name);
            found.push((rank, Known { value: code.to_owned(), by, origin: Some(entry.origin) }));
        }
    }
    found.sort_by(|a, b| (a.0, &a.1.value).cmp(&(b.0, &b.1.value)));
    found.into_iter().next().map(|(_, known)| known)
}

/// The one folder called SMS in the root of a drive, if there is one only: it is Setup's own proposal.
fn install_by_listing(host: &Host) -> Option<Known> {
    let drives = host.files.drives().map(|drive| format!(r"{}\SMS", drive.to_uppercase()));
    let mut found = drives.filter_map(|path| host.files.get(&path));
    let (first, second) = (found.next()?, found.next());
    let known = Known { value: first.path(), by: "listing".into(), origin: Some(first.origin) };
    second.is_none().then_some(known)
}

/// The site that the server's own status messages name most often.
fn site_by_status(host: &Host) -> Option<Known> {
    let named = host.logs.iter().flat_map(|log| log.named.iter());
    let own = named.filter(|((system, _), _)| system.eq_ignore_ascii_case(&host.name));
    let ((_, site), _) = own.max_by_key(|((_, site), count)| (**count, std::cmp::Reverse(site.clone())))?;
    Some(Known { value: site.clone(), by: "status messages".into(), origin: None })
}

fn role(host: &Host) -> Option<Role> {
    let kind = host.registry.get(SETUP, "Type").and_then(|kind| kind.value.number());
    match kind {
        Some(1) => Some(Role::Primary),
        Some(2) => Some(Role::Secondary),
        _ => {
            let service = |name: &str| host.service_present(name).truth == super::Truth::Yes;
            // Only a site with a database has the SQL monitor; only a secondary is installed by the bootstrap.
            match (service("SMS_SQL_MONITOR"), service("SMS_BOOTSTRAP")) {
                (true, _) => Some(Role::Primary),
                (false, true) => Some(Role::Secondary),
                _ => None,
            }
        }
    }
}

fn os(host: &Host) -> Option<Known> {
    if let Some(number) = host.registry.text(WINDOWS, "CurrentVersion") {
        let name = match number.value.as_str() {
            "3.51" => "Windows NT 3.51",
            "4.0" => "Windows NT 4.0",
            "5.0" => "Windows 2000",
            "5.1" => "Windows XP",
            "5.2" => "Windows Server 2003",
            other => other,
        };
        let pack = host.registry.text(WINDOWS, "CSDVersion").map(|pack| format!(" {}", pack.value));
        let value = format!("{name}{}", pack.unwrap_or_default().replace("Service Pack ", "SP"));
        return Some(known(Located { value, origin: number.origin }, "registry"));
    }
    let system = host.system.clone()?;
    Some(known(system, "command output"))
}

/// The product and service pack of a version or build number.
fn product_of(version: &str) -> Option<String> {
    let parts: Vec<u64> = version.split('.').map_while(|part| part.trim().parse().ok()).collect();
    let pack = |build: u64, minor: Option<u64>| match (build, minor) {
        (1239, _) => "SMS 2.0",
        (1380, _) => "SMS 2.0 SP1",
        (1493, Some(2000..3000)) => "SMS 2.0 SP2",
        (1493, Some(3000..4000)) => "SMS 2.0 SP3",
        (1493, Some(4000..5000)) => "SMS 2.0 SP4",
        (1493, Some(5000..6000)) => "SMS 2.0 SP5",
        _ => "SMS 2.0",
    };
    let name = match *parts.as_slice() {
        [1, minor @ 0..=2, ..] => return Some(format!("SMS 1.{minor}")),
        [2, 0, build, ..] => pack(build, parts.get(3).copied()),
        [2, 50, ..] => "SMS 2003",
        [4, ..] => "Configuration Manager 2007",
        [5, ..] => "Configuration Manager",
        [build @ (1239 | 1380 | 1493)] => pack(build, None),
        [692] => "SMS 1.1",
        [786] => "SMS 1.2",
        _ => return None,
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Fact;

    #[test]
    fn what_commands_print_stands_in_for_the_registry() {
        let mut host = Host::default();
        let origin = Origin { source: crate::model::SourceId(0), line: 1, offset: 0, length: 0 };
        let mut take = |value| host.take(Located { value, origin });
        take(Fact::System { name: "Windows".into() });
        take(Fact::System { name: "Windows Server 2003, Standard Edition".into() });
        let setting = |document: &str, section: &str, name: &str, value: &str| Fact::Setting {
            document: document.into(),
            section: section.into(),
            name: name.into(),
            value: value.into(),
        };
        take(setting("systeminfo", "", "Windows Directory", r"C:\WINDOWS"));
        take(setting("systeminfo", "", "Domain", "corp.example"));
        take(setting("net config", "workstation", "Workstation domain", "CORP"));
        let known = Identity::of(&host);
        let shown =
            |known: &Option<Known>| known.as_ref().map(|known| (known.value.clone(), known.by.clone()));
        let pair = |value: &str, by: &str| Some((value.to_owned(), by.to_owned()));
        assert_eq!(shown(&known.os), pair("Windows Server 2003, Standard Edition", "command output"));
        assert_eq!(shown(&known.windows), pair(r"C:\WINDOWS", "systeminfo"));
        assert_eq!(shown(&known.domain), pair("CORP", "net config"));
    }

    #[test]
    fn versions_name_products() {
        for (version, product) in [
            ("2.00.1239.0000", Some("SMS 2.0")),
            ("2.00.1493.2010", Some("SMS 2.0 SP2")),
            ("2.00.1493.3010", Some("SMS 2.0 SP3")),
            ("1.1.0.692", Some("SMS 1.1")),
            ("1.2.0.786", Some("SMS 1.2")),
            ("1493", Some("SMS 2.0")),
            ("692", Some("SMS 1.1")),
            ("nonsense", None),
        ] {
            assert_eq!(product_of(version).as_deref(), product, "{version}");
        }
    }
}
