//! `sitedx diff`: what may be said to have come, gone or changed.

use sitedx::bundle::in_memory;
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::diff::ServerDiff;
use sitedx::pipeline::{Gathered, diff, gather};

fn compare(before: &[(&str, &str)], after: &[(&str, &str)], all: bool) -> ServerDiff {
    let catalog = Catalog::built_in();
    let read = |files: &[(&str, &str)]| -> Gathered {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.replace('\n', "\r\n").into()));
        let opened = in_memory("case", files.collect());
        gather(&opened, catalog.log_context(), &catalog.signatures, Hashes::Left, |_| {})
    };
    let mut report = diff(&read(before), &read(after), &catalog, all);
    assert_eq!(report.servers.len(), 1, "{report:?}");
    report.servers.remove(0)
}

/// Each change as `state kind name: before → after (+ below)`.
fn shown(diff: &ServerDiff) -> Vec<String> {
    let value = |it: &Option<String>| it.clone().unwrap_or_else(|| "-".to_owned());
    let one = |it: &sitedx::model::diff::Change| {
        format!(
            "{} {} {}: {} → {} (+{})",
            it.state,
            it.kind,
            it.name,
            value(&it.before),
            value(&it.after),
            it.below
        )
    };
    diff.changes.iter().map(one).collect()
}

const SMS: &str = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS";

fn export(keys: &[(&str, &str)]) -> String {
    let keys = keys.iter().map(|(key, values)| {
        let values = if values.is_empty() { String::new() } else { format!("{values}\n") };
        format!("[{key}]\n{values}\n")
    });
    format!("REGEDIT4\n\n{}", keys.collect::<String>())
}

#[test]
fn a_key_that_came_or_went_is_told_once_with_what_is_below_it() {
    let tracing = format!(r"{SMS}\Tracing");
    let inner = format!(r"{tracing}\SMS_EXECUTIVE");
    let bare = export(&[(SMS, "\"Count\"=\"1\"")]);
    let full = export(&[(SMS, "\"Count\"=\"2\""), (&tracing, ""), (&inner, "\"Enabled\"=\"1\"")]);
    let there = compare(&[("SRV1/sms.reg", &bare)], &[("SRV1/sms.reg", &full)], false);
    let count = format!("changed value {SMS}\\Count: 1 → 2 (+0)");
    assert_eq!(shown(&there), [format!("added key {tracing}: - → - (+2)"), count]);
    assert!(
        there.changes.iter().all(|change| change.evidence.len() == 2),
        "both captures show it: {there:?}"
    );
    let back = compare(&[("SRV1/sms.reg", &full)], &[("SRV1/sms.reg", &bare)], false);
    assert!(shown(&back)[0].starts_with("removed key"), "{back:?}");
    assert!(shown(&compare(&[("SRV1/a.reg", &full)], &[("SRV1/b.reg", &full)], false)).is_empty());
}

#[test]
fn what_the_other_capture_did_not_look_at_is_not_gone() {
    let whole = export(&[(SMS, ""), (&format!(r"{SMS}\Setup"), "\"Type\"=dword:00000002")]);
    let other = export(&[(r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\NAL", "")]);
    let diff = compare(&[("SRV1/sms.reg", &whole)], &[("SRV1/nal.reg", &other)], false);
    assert_eq!(shown(&diff), Vec::<String>::new());
    assert!(diff.not_compared >= 3, "{diff:?}");
}

const SERVICES: &str = "These Windows NT services are started:\n\n   EventLog\n   SMS_EXECUTIVE\n\n\
                        The command completed successfully.\n\n";

#[test]
fn services_that_stopped_are_told_where_the_lists_are_whole() {
    let services = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services";
    let registry =
        export(&[(services, ""), (&format!(r"{services}\SMS_EXECUTIVE"), "\"Start\"=dword:00000002")]);
    let stopped = SERVICES.replace("   SMS_EXECUTIVE\n", "");
    let before = [("SRV1/services.reg", registry.as_str()), ("SRV1/net_start.txt", SERVICES)];
    let after = [("SRV1/services.reg", registry.as_str()), ("SRV1/net_start.txt", stopped.as_str())];
    let diff = compare(&before, &after, false);
    assert!(
        shown(&diff).iter().any(|it| it.contains("service SMS_EXECUTIVE") && it.contains("running")),
        "{diff:#?}"
    );
}

#[test]
fn what_changes_by_itself_is_left_out_unless_it_is_asked_for() {
    let perflib = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Perflib";
    let registry = |last: &str| export(&[(perflib, &format!("\"Last Counter\"=\"{last}\""))]);
    let (before, after) = (registry("1846"), registry("1920"));
    let compare = |all| compare(&[("SRV1/a.reg", &before)], &[("SRV1/a.reg", &after)], all);
    let quiet = compare(false);
    assert!(shown(&quiet).is_empty(), "{quiet:?}");
    assert_eq!((quiet.noise.len(), quiet.noise[0].count), (1, 1));
    assert_eq!(shown(&compare(true)).len(), 1);
}
