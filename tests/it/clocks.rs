//! What logs tell of clocks: zones that change, signs that are turned, clocks that drift, and older copies of a log.

use sitedx::bundle::in_memory;
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::report::Report;
use sitedx::pipeline::analyze;

fn report(files: &[(&str, String)]) -> Report {
    let files =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.replace('\n', "\r\n").into_bytes()));
    analyze(&in_memory("case", files.collect()), &Catalog::built_in(), Hashes::Left, |_| {})
}

/// The notes of one kind on the clock of a server.
fn notes(report: &Report, host: &str, kind: &str) -> Vec<String> {
    let host = report.hosts.iter().find(|it| it.name == host).unwrap();
    host.clock.iter().filter(|note| note.kind == kind).map(|note| note.what.clone()).collect()
}

/// Lines of a log of SMS 2.0, each with its own time and zone.
fn log(component: &str, lines: &[(&str, &str)]) -> String {
    let line = |(time, text): &(&str, &str)| format!("{text}  $$<{component}><{time}><thread=281 (0x119)>\n");
    lines.iter().map(line).collect()
}

fn registry(site: &str, server: &str, parent: &str, bias: &str) -> String {
    let sms = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS";
    format!(
        "REGEDIT4\n\n[{sms}\\Identification]\n\"Site Code\"=\"{site}\"\n\"Site Server\"=\"{server}\"\n{parent}\n\
         [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\TimeZoneInformation]\n\"ActiveTimeBias\"=dword:{bias}\n\n"
    )
}

#[test]
fn a_log_that_goes_over_to_daylight_saving_time_loses_no_hour() {
    let spring = [
        ("Sun Apr 04 01:59:50.000 1999 Eastern Standard Time", "Before"),
        ("Sun Apr 04 03:00:10.000 1999 Eastern Daylight Time", "Behind"),
    ];
    let report = report(&[("SRV01/sender.log", log("SMS_LAN_SENDER", &spring))]);
    let told = notes(&report, "SRV01", "zone_change");
    assert_eq!(
        told,
        [
            "from 1999-04-04T07:00:10Z on its records are of the zone -04:00 and no more of -05:00, as when daylight saving \
          time begins"
        ]
    );
    assert!(notes(&report, "SRV01", "set_back").is_empty());
    assert!(!report.timeline.iter().any(|moment| moment.kind == "silence"), "20 seconds are no silence");
}

#[test]
fn a_bias_of_the_opposite_sign_is_turned_and_told_where_the_registry_shows_it() {
    let line = |bias: &str| {
        format!(
            "<![LOG[Starting]LOG]!><time=\"09:00:00.000{bias}\" date=\"07-15-2011\" component=\"Deploy\" context=\"\" \
             type=\"1\" thread=\"42\" file=\"deploy.ps1:1\">\n"
        )
    };
    // ActiveTimeBias 0xf0: UTC = local + 240 minutes.
    let check = |bias: &str, turned: bool, first: &str| {
        let files = [
            ("SRV01/registry.reg", registry("S04", "SRV01", "", "000000f0")),
            ("SRV01/deploy.log", line(bias)),
        ];
        let report = report(&files);
        let log = &report.hosts[0].logs[0];
        assert_eq!(log.first.as_deref(), Some(first), "{bias}");
        assert_eq!(notes(&report, "SRV01", "sign").len(), usize::from(turned), "{bias}");
        assert_eq!(log.time_basis.contains("turned"), turned, "{bias}: {}", log.time_basis);
    };
    check("+240", false, "2011-07-15T13:00:00Z");
    check("-240", true, "2011-07-15T13:00:00Z");
    // As in winter, while the registry was saved in summer.
    check("-300", true, "2011-07-15T14:00:00Z");
    // A zone that fits with neither sign is taken as it stands.
    check("+60", false, "2011-07-15T10:00:00Z");
}

#[test]
fn a_clock_that_was_set_in_between_is_told_with_both_bounds() {
    let hman = [
        (
            "Fri Mar 26 12:00:00.000 1999 Eastern Standard Time",
            "New site installation initiated for site S04",
        ),
        ("Fri Mar 26 16:00:00.000 1999 Eastern Standard Time", "Site S04 is active"),
    ];
    let bootstrap = [("Fri Mar 26 09:00:00.000 1999 Eastern Standard Time", "Bootstrap service was started")];
    let setup = "<03-26-1999 15:58:00> Setup completed successfully\n";
    let parent = "\"Parent Site Code\"=\"P00\"\n";
    let files = [
        ("PRI00/registry.reg", registry("P00", "PRI00", "", "0000012c")),
        ("PRI00/hman.log", log("SMS_HIERARCHY_MANAGER", &hman)),
        ("SECNT04/registry.reg", registry("S04", "SECNT04", parent, "0000012c")),
        ("SECNT04/SMSBootstrap.log", log("SMS_BOOTSTRAP", &bootstrap)),
        ("SECNT04/smssetup.log", setup.to_owned()),
    ];
    let report = report(&files);
    let behind = notes(&report, "SECNT04", "behind");
    assert!(behind.len() == 1 && behind[0].starts_with("at least 3 h 00 min behind"), "{behind:?}");
    let drift = notes(&report, "SECNT04", "drift");
    assert!(drift.len() == 1 && drift[0].starts_with("behind it by at most 1 h 02 min"), "{drift:?}");
}

#[test]
fn an_older_copy_and_its_log_are_one_log() {
    let older = [
        ("Fri Mar 26 08:00:00.000 1999 Eastern Standard Time", "Site S04 status 2, detailed status 100"),
        ("Fri Mar 26 09:00:00.000 1999 Eastern Standard Time", "Site S04 status 2, detailed status 21"),
    ];
    let newer = [
        ("Fri Mar 26 14:30:00.000 1999 Eastern Standard Time", "Nothing to do"),
        ("Fri Mar 26 14:40:00.000 1999 Eastern Standard Time", "Site S04 status 2, detailed status 22"),
    ];
    let (older, newer) = (log("SMS_HIERARCHY_MANAGER", &older), log("SMS_HIERARCHY_MANAGER", &newer));
    let moments = |report: &Report, kind: &str| {
        let of_kind = report.timeline.iter().filter(|moment| moment.kind == kind);
        of_kind.map(|moment| (moment.source.clone(), moment.what.clone())).collect::<Vec<_>>()
    };
    let rotated = report(&[("PRI00/hman.lo_", older.clone()), ("PRI00/hman.log", newer.clone())]);
    let one = report(&[("PRI00/hman.log", format!("{older}{newer}"))]);
    let silence = moments(&rotated, "silence");
    assert_eq!(silence.len(), 1, "{silence:?}");
    assert_eq!(silence[0].0, "PRI00/hman.log");
    let texts = |all: Vec<(String, String)>| all.into_iter().map(|it| it.1).collect::<Vec<_>>();
    for kind in ["silence", "event", "phase"] {
        assert_eq!(texts(moments(&rotated, kind)), texts(moments(&one, kind)), "{kind}");
    }
    // The same records collected twice are told once.
    let twice = report(&[("PRI00/hman.log", newer.clone()), ("PRI00/copy/hman.log", newer)]);
    assert_eq!(twice.timeline.len(), 1, "{:?}", twice.timeline);
}

#[test]
fn restarts_of_a_computer_are_moments() {
    let events = "3/26/99\t9:12:02 AM\t4\t0\t6006\tEventLog\tN/A\tSRV01\t\n\
                  3/26/99\t9:20:02 AM\t4\t0\t6005\tEventLog\tN/A\tSRV01\t\n";
    let report = report(&[("SRV01/dumpel_system.txt", events.to_owned())]);
    let told: Vec<&str> = report.timeline.iter().map(|moment| moment.what.as_str()).collect();
    assert_eq!(told, ["The computer shuts down", "The computer starts"]);
}
