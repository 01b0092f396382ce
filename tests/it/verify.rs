//! `sitedx verify`: captures before and after, and what may be said of the cure.

use std::fs;
use std::path::Path;

use sitedx::bundle::in_memory;
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::verify::VerifyReport;
use sitedx::pipeline::{Gathered, gather, verify};

type Files = Vec<(String, Vec<u8>)>;

const BUNDLE: &str = "samples/bundles/skewed-clocks/in";
const LOG: &str = "SECLEE02/C_drive/SMSBootstrap.log";

/// The files of the sample, in which the disk of SECLEE02 is full.
fn before() -> Files {
    let paths = [
        "PRIBOS01/registry.reg",
        "PRIBOS01/SMS/Logs/hman.log",
        "SECLEE02/registry.reg",
        "SECLEE02/net_start.txt",
        LOG,
    ];
    paths.map(|path| (path.to_owned(), fs::read(Path::new(BUNDLE).join(path)).unwrap())).to_vec()
}

/// The same with one file changed.
fn with(path: &str, change: impl Fn(&str) -> String) -> Files {
    let mut files = before();
    for (name, bytes) in files.iter_mut().filter(|(name, _)| name == path) {
        *bytes =
            change(&String::from_utf8(bytes.clone()).unwrap_or_else(|_| panic!("{name} is text"))).into();
    }
    files
}

fn line(text: &str, time: &str) -> String {
    format!("{text}  $$<SMS_BOOTSTRAP><{time} GMT Daylight Time><thread=164 (0xA4)>\r\n")
}

fn verified(after: Files) -> VerifyReport {
    let catalog = Catalog::built_in();
    let read = |label: &str, files: Files| -> Gathered {
        let opened = in_memory(label, files);
        gather(&opened, catalog.log_context(), &catalog.signatures, Hashes::Left, |_| {})
    };
    verify(&read("before", before()), &read("after", after), &catalog)
}

/// What became of the full disk, and why.
fn disk_full(report: &VerifyReport) -> (&'static str, String) {
    let it = report.outcomes.iter().find(|it| it.signature == "bootstrap-disk-full").unwrap();
    (it.state, it.because.clone())
}

#[test]
fn the_same_capture_again_proves_no_cure() {
    let report = verified(before());
    let (state, because) = disk_full(&report);
    assert_eq!(state, "cannot_tell", "{because}");
    assert!(because.contains("only the old lines"), "{because}");
    assert!(report.new.is_empty() && report.progress.is_empty(), "{report:?}");
    let ended = report.outcomes.iter().find(|it| it.signature == "bootstrap-disk-full").unwrap();
    assert!(ended.asks.iter().any(|ask| ask.contains("once more")), "{:?}", ended.asks);
}

#[test]
fn a_later_success_is_a_cure() {
    let done = line("Setup has completed successfully", "Fri May 11 10:00:00.100 2001");
    let report = verified(with(LOG, |log| format!("{log}{done}")));
    assert_eq!(disk_full(&report).0, "fixed", "{:?}", disk_full(&report));
    let progress = report.progress.iter().find(|it| it.site == "S71").unwrap();
    assert!(progress.before.starts_with("S4") && progress.before.ends_with("failed"), "{progress:?}");
    assert_ne!(progress.after, progress.before);
}

#[test]
fn the_same_failure_once_more_is_no_cure() {
    let again = line(
        "ERROR: Could not decompress the site package, Win32 error = 112",
        "Fri May 11 10:00:00.100 2001",
    );
    let (state, because) = disk_full(&verified(with(LOG, |log| format!("{log}{again}"))));
    assert_eq!((state, because.as_str()), ("not_fixed", "it came again"));
}

#[test]
fn a_newer_log_without_the_failure_is_a_cure_and_an_older_one_is_not() {
    let newer = line("Bootstrap service was started", "Fri May 11 10:00:00.100 2001");
    assert_eq!(disk_full(&verified(with(LOG, |_| newer.clone()))).0, "fixed");
    let older = line("Bootstrap service was started", "Wed May 09 14:21:30.100 2001");
    let (state, because) = disk_full(&verified(with(LOG, |_| older.clone())));
    assert_eq!(state, "cannot_tell", "{because}");
    assert!(because.contains("no newer"), "{because}");
}

#[test]
fn a_server_that_was_not_collected_again_tells_nothing() {
    let parent = before().into_iter().filter(|(path, _)| path.starts_with("PRIBOS01")).collect();
    let (state, because) = disk_full(&verified(parent));
    assert_eq!((state, because.as_str()), ("cannot_tell", "SECLEE02 was not collected this time"));
}

#[test]
fn half_a_cure_shows_what_is_left_and_what_is_new() {
    // The disk has room, and now Setup cannot create its account.
    let mut files = with(LOG, |log| {
        let done = line("Setup has completed successfully", "Fri May 11 10:00:00.100 2001");
        format!("{log}{done}")
    });
    let setup = "<05-11-2001 10:05:00> Cannot find any PDC for domain CORP, Win32 return = 2453\r\n\
                 <05-11-2001 10:05:01> The domain and PDC checked out OK.\r\n\
                 <05-11-2001 10:30:00> Cannot create server account SMSServer_S71 in domain CORP.\r\n";
    files.push(("SECLEE02/C_drive/SMSSETUP.LOG".to_owned(), setup.into()));
    let report = verified(files);
    assert_eq!(disk_full(&report).0, "fixed");
    assert!(report.new.iter().any(|it| it.host == "SECLEE02"), "{:?}", report.new);
    let progress = report.progress.iter().find(|it| it.site == "S71").unwrap();
    assert!(progress.after.starts_with("S5") && progress.after.ends_with("failed"), "{progress:?}");
}
