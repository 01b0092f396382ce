//! What explains what, as far as clocks allow, and which errors are told first.

use sitedx::bundle::in_memory;
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::report::Report;
use sitedx::pipeline::analyze;

fn report(files: &[(&str, String)]) -> Report {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.clone().into_bytes()));
    analyze(&in_memory("case", files.collect()), &Catalog::built_in(), Hashes::Left, |_| {})
}

fn identification(site: &str, server: &str, parent: &str) -> String {
    let parent =
        if parent.is_empty() { String::new() } else { format!("\"Parent Site Code\"=\"{parent}\"\r\n") };
    format!(
        "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Identification]\r\n\"Site Code\"=\"{site}\"\r\n\
         \"Site Server\"=\"{server}\"\r\n{parent}\r\n"
    )
}

/// A line of a log of SMS 2.0; without a zone, one of SMS 1.x.
fn line(text: &str, component: &str, time: &str, zone: &str) -> String {
    match zone {
        "" => format!("{text}~  $$<{component}><{time}~><thread=A4>\r\n"),
        zone => format!("{text}  $$<{component}><{time} {zone}><thread=164 (0xA4)>\r\n"),
    }
}

/// A parent that gives its job for a child up and goes on, and a child whose despooler takes the package of the upgrade.
fn given_up_and_consumed(given_up: &str, end: &str, consumed: &str, zone: &str) -> Report {
    let hman = line("Install job for site S71 has failed", "SMS_HIERARCHY_MANAGER", given_up, zone)
        + &line("Nothing to do", "SMS_HIERARCHY_MANAGER", end, zone);
    let despool = [
        "Cannot find config mini inst specific data",
        "Despooler failed to execute the instruction, error code = c0000001",
    ]
    .map(|text| line(text, "SMS_DESPOOLER", consumed, zone));
    report(&[
        ("PRIBOS01/registry.reg", identification("P70", "PRIBOS01", "")),
        ("PRIBOS01/hman.log", hman),
        ("SECLEE02/registry.reg", identification("S71", "SECLEE02", "P70")),
        ("SECLEE02/despool.log", despool.concat()),
    ])
}

/// Whether the package that was taken is told as the cause of the job that failed.
fn explains(report: &Report) -> bool {
    let found = |id: &str| report.diagnoses.iter().find(|it| it.signature == id).unwrap();
    let consumed = found("secondary-upgrade-package-consumed").id;
    found("child-setup-job-failed").explained_by == Some(consumed)
}

const ZONE: &str = "GMT Daylight Time";

const GIVEN_UP: &str = "Wed May 09 10:00:00.000 2001";

#[test]
fn a_cause_explains_what_came_with_it_or_after_it() {
    let check = |end: &str, consumed: &str, zone: &str| {
        explains(&given_up_and_consumed(GIVEN_UP, end, consumed, zone))
    };
    let later = "Thu May 31 10:00:00.000 2001";
    assert!(check(later, "Wed May 09 09:00:00.000 2001", ZONE));
    // Two clocks may differ by minutes.
    assert!(check(later, "Wed May 09 10:05:00.000 2001", ZONE));
    // Nothing shows that it was over before.
    assert!(check("Wed May 09 10:00:01.000 2001", "Wed May 09 11:00:00.000 2001", ZONE));
}

#[test]
fn what_was_over_for_certain_has_another_cause() {
    let check = |end: &str, consumed: &str, zone: &str| {
        // Logs of SMS 1.x have whole seconds.
        let [given_up, end, consumed] = [GIVEN_UP, end, consumed]
            .map(|time| if zone.is_empty() { time.replace(".000", "") } else { time.to_owned() });
        explains(&given_up_and_consumed(&given_up, &end, &consumed, zone))
    };
    assert!(!check("Wed May 09 12:00:00.000 2001", "Wed May 09 11:00:00.000 2001", ZONE));
    // Without zones an hour tells nothing, and a week does.
    assert!(check("Wed May 09 12:00:00.000 2001", "Wed May 09 11:00:00.000 2001", ""));
    assert!(!check("Wed May 30 12:00:00.000 2001", "Wed May 16 11:00:00.000 2001", ""));
}

#[test]
fn errors_near_a_failure_and_rare_ones_are_told_first() {
    let error = "ERROR: Could not decompress the site package, Win32 error = 112";
    let bootstrap = line(error, "SMS_BOOTSTRAP", "Wed May 09 09:00:00.000 2001", ZONE);
    let sender = |text: &str, time: &str| line(text, "SMS_LAN_SENDER", time, ZONE);
    let noise =
        sender("Cannot read the colour of the sky, error = 7", "Mon Jan 08 09:00:00.000 2001").repeat(300);
    let far = sender("Cannot feed the cat, error = 8", "Mon Jan 08 09:00:01.000 2001");
    let near = sender("Cannot water the plants, error = 9", "Wed May 09 09:03:00.000 2001");
    let report = report(&[
        ("SECLEE02/registry.reg", identification("S71", "SECLEE02", "P70")),
        ("SECLEE02/SMSBootstrap.log", bootstrap),
        ("SECLEE02/sender.log", noise + &far + &near),
    ]);
    let told: Vec<&str> = report.unexplained.iter().map(|group| group.example.text.as_str()).collect();
    let at =
        |word: &str| told.iter().position(|text| text.contains(word)).unwrap_or_else(|| panic!("{told:?}"));
    assert!(at("plants") < at("cat") && at("cat") < at("sky"), "{told:?}");
}

#[test]
fn every_server_has_its_part_of_the_errors_that_are_told() {
    let word = |number: usize| -> String {
        (0..4).map(|at| char::from(b'a' + (number >> (4 * at) & 15) as u8)).collect()
    };
    let log = |server: usize| -> String {
        let lines = (0..400).map(|number| {
            let text = format!("Cannot find the {} of it, error = 7", word(number + 1000 * server));
            line(&text, "SMS_LAN_SENDER", "Wed May 09 09:03:00.000 2001", ZONE)
        });
        lines.collect()
    };
    let report = report(&[
        ("AAA01/registry.reg", identification("S71", "AAA01", "P70")),
        ("AAA01/sender.log", log(1)),
        ("ZZZ01/registry.reg", identification("S72", "ZZZ01", "P70")),
        ("ZZZ01/sender.log", log(2)),
    ]);
    let of = |host: &str| report.unexplained.iter().filter(|group| group.host == host).count();
    assert_eq!((of("AAA01"), of("ZZZ01")), (100, 100));
    assert!(report.left_out.iter().any(|text| text.contains("600 more shapes")), "{:?}", report.left_out);
}

#[test]
fn what_follows_from_what_tells_which_clock_is_behind() {
    let zone = "GMT Daylight Time";
    let behind = |active: &str, again: &str| {
        let hman =
            |time: &str| line("Site S71 status 1, detailed status 0", "SMS_HIERARCHY_MANAGER", time, zone);
        let more = if again.is_empty() { String::new() } else { hman(again) };
        let setup = line("Setup completed successfully.", "SMS_SETUP", "Wed May 09 10:00:00.000 2001", zone);
        let report = report(&[
            ("PRIBOS01/registry.reg", identification("P70", "PRIBOS01", "")),
            ("PRIBOS01/hman.log", hman(active) + &more),
            ("SECLEE02/registry.reg", identification("S71", "SECLEE02", "P70")),
            ("SECLEE02/SMSSETUP.LOG", setup),
        ]);
        let notes = report
            .hosts
            .iter()
            .flat_map(|host| host.clock.iter().map(|note| (host.name.clone(), note.clone())));
        let mut notes = notes.filter(|(_, note)| note.kind == "behind");
        notes.next().map(|(host, note)| format!("{host}: {}", note.what.split(':').next().unwrap()))
    };
    assert_eq!(
        behind("Wed May 09 09:30:00.000 2001", "").as_deref(),
        Some("PRIBOS01: at least 30 min behind the clock of SECLEE02")
    );
    assert_eq!(behind("Wed May 09 10:30:00.000 2001", ""), None);
    // Of several it is not known which one follows from it.
    assert_eq!(behind("Wed May 09 09:30:00.000 2001", "Wed May 09 11:30:00.000 2001"), None);
}
