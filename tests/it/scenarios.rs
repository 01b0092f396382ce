//! Whole stories over several servers, each with its truth: the root is told first, consequences are folded under it, and
//! what is missing is asked for.

use sitedx::bundle::in_memory;
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::report::{Diagnosis, Report};
use sitedx::pipeline::analyze;

type Files = Vec<(String, String)>;

fn report(files: &Files) -> Report {
    let files = files.iter().map(|(path, text)| (path.clone(), text.replace('\n', "\r\n").into_bytes()));
    analyze(&in_memory("case", files.collect()), &Catalog::built_in(), Hashes::Left, |_| {})
}

fn file(path: &str, text: impl Into<String>) -> (String, String) {
    (path.to_owned(), text.into())
}

const ZONE: &str = "Eastern Standard Time";

/// Lines of a log of SMS 2.0 on one day.
fn log(component: &str, lines: &[(&str, &str)]) -> String {
    let line = |(time, text): &(&str, &str)| {
        format!("{text}  $$<{component}><Fri Mar 26 {time}.547 1999 {ZONE}><thread=281 (0x119)>\n")
    };
    lines.iter().map(line).collect()
}

/// Who a site server is.
fn registry(site: &str, server: &str, parent: Option<&str>, version: &str) -> String {
    let parent = parent.map(|parent| format!("\"Parent Site Code\"=\"{parent}\"\n")).unwrap_or_default();
    let kind = if parent.is_empty() { 1 } else { 2 };
    let sms = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS";
    format!(
        "REGEDIT4\n\n[{sms}]\n\n[{sms}\\Identification]\n\"Site Code\"=\"{site}\"\n\"Site Server\"=\"{server}\"\n{parent}\n\
         [{sms}\\Setup]\n\"Full Version\"=\"{version}\"\n\"Type\"=dword:0000000{kind}\n\n"
    )
}

fn running(services: &[&str]) -> String {
    let services: String = services.iter().map(|name| format!("   {name}\n")).collect();
    format!(
        "These Windows NT services are started:\n\n   EventLog\n{services}\nThe command completed successfully.\n\n"
    )
}

/// The finding to read first.
fn first(report: &Report) -> &Diagnosis {
    report.diagnoses.first().unwrap_or_else(|| panic!("nothing is found: {report:#?}"))
}

/// The phase in which a site stopped, and the state of that.
fn stopped(report: &Report, site: &str) -> (String, &'static str) {
    let it = report.lifecycles.iter().find(|it| it.site.as_deref() == Some(site)).unwrap();
    let id = it.stopped.clone().unwrap_or_else(|| "none".to_owned());
    let state = it.phases.iter().find(|phase| phase.id == id).map_or("complete", |phase| phase.state);
    (id, state)
}

/// A site that runs, and whose parent refuses its sender.
fn refused_at_parent() -> Files {
    let hman = [
        ("10:01:00", "Site S04 status 2, detailed status 32"),
        ("14:01:00", "Site S04 status 2, detailed status 32"),
    ];
    let refused = r"Error during WNetAddConnection2 to \\PRI00\SMS_SITE (5)";
    vec![
        file("PRI00/registry.reg", registry("P00", "PRI00", None, "2.00.1493.2010")),
        file("PRI00/hman.log", log("SMS_HIERARCHY_MANAGER", &hman)),
        file("SECNT04/registry.reg", registry("S04", "SECNT04", Some("P00"), "2.00.1493.2010")),
        file("SECNT04/net_start.txt", running(&["SMS_EXECUTIVE", "SMS_SITE_COMPONENT_MANAGER"])),
        file("SECNT04/sender.log", log("SMS_LAN_SENDER", &[("12:01:00", refused), ("13:01:00", refused)])),
    ]
}

/// A parent that shows a site as pending, whose bootstrap found the disk full and then failed in every way.
fn cluster() -> Files {
    let mut lines = vec![("10:10:00", "Bootstrap service was started".to_owned())];
    lines.push(("10:20:00", "ERROR: Could not decompress the site package, Win32 error = 112".to_owned()));
    lines.extend(
        (0..500).map(|number| ("10:21:00", format!("ERROR: Cannot open file {number} of the package"))),
    );
    let lines: Vec<(&str, &str)> = lines.iter().map(|(time, text)| (*time, text.as_str())).collect();
    vec![
        file("PRI00/registry.reg", registry("P00", "PRI00", None, "2.00.1493.2010")),
        file(
            "PRI00/hman.log",
            log("SMS_HIERARCHY_MANAGER", &[("10:01:00", "Site S04 status 2, detailed status 32")]),
        ),
        file("SECNT04/registry.reg", registry("S04", "SECNT04", Some("P00"), "2.00.1493.2010")),
        file("SECNT04/SMSBootstrap.log", log("SMS_BOOTSTRAP", &lines)),
    ]
}

/// An upgrade of SMS 1.2 in which the package came while the child still ran.
fn upgrade_race() -> Files {
    let hman = [
        ("10:01:00", "Site S04 status 5, detailed status 61"),
        ("10:11:00", "Site S04 status 5, detailed status 62"),
    ];
    let despool = [
        ("10:31:00", "Executing instruction of type MICROSOFT|SMS|MINIJOBINSTRUCTION|CONFIG"),
        ("10:31:01", "Cannot find config mini inst specific data"),
        ("10:31:02", "Despooler failed to execute the instruction, error code = c0000001"),
    ];
    vec![
        file("PRI00/registry.reg", registry("P00", "PRI00", None, "1.2.0.786")),
        file("PRI00/hman.log", log("SMS_HIERARCHY_MANAGER", &hman)),
        file("SECNT04/registry.reg", registry("S04", "SECNT04", Some("P00"), "1.2.0.786")),
        file("SECNT04/despool.log", log("SMS_DESPOOLER", &despool)),
    ]
}

/// A component server with too old a service pack, which stands beside the site server.
fn old_sql_server() -> Files {
    let sitecomp = [
        ("10:01:00", "Polling multisite component server SQL01.."),
        ("10:01:01", "Server is running Microsoft Windows NT Server 4.0 Service Pack 2"),
        ("10:01:02", "This version of SMS cannot be installed on machines running this operating system."),
        ("10:01:03", "Server installation failed and will be retried in the next polling cycle."),
    ];
    vec![
        file("PRI00/registry.reg", registry("P00", "PRI00", None, "2.00.1493.2010")),
        file("PRI00/sitecomp.log", log("SMS_SITE_COMPONENT_MANAGER", &sitecomp)),
        file("SQL01/net_start.txt", running(&["MSSQLServer"])),
    ]
}

#[test]
fn a_child_that_runs_and_is_pending_is_told_from_one_that_failed() {
    let report = report(&refused_at_parent());
    let root = first(&report);
    assert_eq!(
        (root.signature.as_str(), root.host.as_str()),
        ("secondary-refused-at-parent-share", "SECNT04")
    );
    let pending = report.diagnoses.iter().find(|it| it.signature == "parent-shows-secondary-pending");
    assert!(pending.is_none_or(|it| it.verdict == "ruled_out"), "the child did not fail: {pending:#?}");
    assert_eq!(stopped(&report, "S04"), ("S8".to_owned(), "no_sign"));
}

#[test]
fn five_hundred_consequences_stand_under_their_one_cause() {
    let report = report(&cluster());
    let root = first(&report);
    assert_eq!((root.signature.as_str(), root.kind), ("bootstrap-disk-full", "root_cause"));
    let roots = report.diagnoses.iter().filter(|it| {
        it.explained_by.is_none() && it.active && matches!(it.verdict, "confirmed" | "probable")
    });
    assert_eq!(
        roots.count(),
        1,
        "{:#?}",
        report.diagnoses.iter().map(|it| (&it.title, it.explained_by)).collect::<Vec<_>>()
    );
    assert!(report.unexplained.is_empty(), "{:?}", report.unexplained);
    assert_eq!(stopped(&report, "S04"), ("S4".to_owned(), "failed"));
}

#[test]
fn an_upgrade_whose_package_came_too_early_stopped_on_the_child() {
    let report = report(&upgrade_race());
    assert!(first(&report).kb.contains(&"Q186408".to_owned()), "{:?}", first(&report).title);
    let upgrade = report.lifecycles.iter().find(|it| it.lifecycle == "upgrade").unwrap();
    assert_eq!((upgrade.state, upgrade.stopped.as_deref()), ("failed", Some("U2")));
}

#[test]
fn a_cause_on_the_database_server_is_told_first() {
    let report = report(&old_sql_server());
    assert_eq!(first(&report).signature, "component-server-service-pack-too-old");
}

#[test]
fn whichever_server_is_missing_it_is_asked_for_and_nothing_is_clean() {
    for (name, files) in [("refused", refused_at_parent()), ("cluster", cluster()), ("race", upgrade_race())]
    {
        for missing in ["PRI00", "SECNT04"] {
            let rest: Files = files.iter().filter(|(path, _)| !path.starts_with(missing)).cloned().collect();
            let report = report(&rest);
            assert!(!report.mentioned.is_empty(), "{name} without {missing}: nobody is missed");
            assert_ne!(report.verdict, "clean", "{name} without {missing}");
            let asks: Vec<String> = report
                .lifecycles
                .iter()
                .flat_map(|it| &it.phases)
                .filter_map(|phase| phase.ask.clone())
                .chain(report.asks.iter().map(|ask| format!("from {}: {}", ask.host, ask.collect)))
                .collect();
            let site = if missing == "PRI00" { "P00" } else { "S04" };
            assert!(asks.iter().any(|ask| ask.contains(site)), "{name} without {missing}: {asks:#?}");
            // What is left of the evidence never claims what the missing server would have to show.
            let claims = report.diagnoses.iter().filter(|it| it.verdict == "confirmed");
            let borrowed = claims.flat_map(|it| &it.evidence).find(|place| place.host == missing);
            assert!(borrowed.is_none(), "{name} without {missing}: {borrowed:?}");
        }
    }
}

#[test]
fn a_site_that_stopped_is_never_clean_though_no_signature_knows_why() {
    let parent = |detail: &str| {
        let lines =
            [("10:01:00", format!("Site S04 status {detail}")), ("10:02:00", "Nothing to do".to_owned())];
        let lines: Vec<(&str, &str)> = lines.iter().map(|(time, text)| (*time, text.as_str())).collect();
        let files = vec![
            file("PRI00/registry.reg", registry("P00", "PRI00", None, "2.00.1493.2010")),
            file("PRI00/hman.log", log("SMS_HIERARCHY_MANAGER", &lines)),
        ];
        let report = report(&files);
        let found = report.diagnoses.iter().any(|it| it.active && it.verdict != "ruled_out");
        (report.verdict, found)
    };
    assert_eq!(parent("3, detailed status 13"), ("suspect", false));
    assert_eq!(parent("5, detailed status 62"), ("inconclusive", false));
    assert_eq!(parent("1, detailed status 0"), ("clean", false));
}

#[test]
fn a_phase_that_only_state_shows_asks_for_its_log() {
    let files = vec![
        file("SECNT04/registry.reg", registry("S04", "SECNT04", Some("P00"), "2.00.1493.2010")),
        file("SECNT04/net_start.txt", running(&["SMS_BOOTSTRAP"])),
    ];
    let report = report(&files);
    assert_eq!(stopped(&report, "S04"), ("S4".to_owned(), "begun"));
    let phase = report.lifecycles[0].phases.iter().find(|phase| phase.id == "S4").unwrap();
    assert!(phase.ask.as_ref().is_some_and(|ask| ask.contains("the bootstrap log")), "{:?}", phase.ask);
}
