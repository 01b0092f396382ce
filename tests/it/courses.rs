//! What the course of one site decides: the verdict of the whole, and what is asked for.

use sitedx::bundle::in_memory;
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::report::Report;
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

/// The phase in which a site stopped, and the state of that.
fn stopped(report: &Report, site: &str) -> (String, &'static str) {
    let it = report.lifecycles.iter().find(|it| it.site.as_deref() == Some(site)).unwrap();
    let id = it.stopped.clone().unwrap_or_else(|| "none".to_owned());
    let state = it.phases.iter().find(|phase| phase.id == id).map_or("complete", |phase| phase.state);
    (id, state)
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
