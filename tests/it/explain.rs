//! `sitedx explain` as people ask it: numbers, names, lines of logs.

use assert_cmd::Command;
use serde_json::Value;

/// Runs the command: exit status, standard output, standard error.
fn run(what: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("sitedx").unwrap().arg("explain").args(what).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(what: &str) -> Value {
    let (status, out, error) = run(&["--format", "json", "--", what]);
    assert_eq!((status, error.as_str()), (0, ""), "{what}");
    let answers: Value = serde_json::from_str(&out).unwrap();
    answers[0].clone()
}

/// The families of the codes of an answer, with names.
fn codes(what: &str) -> Vec<String> {
    let answer = json(what);
    let codes = answer["codes"].as_array().unwrap().iter();
    codes
        .map(|code| {
            let name = code["name"].as_str().unwrap_or("-");
            format!("{} {} {name}", code["family"].as_str().unwrap(), code["normal"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn a_number_is_explained_in_all_its_spellings() {
    for what in ["0x80070005", "-2147024891", "2147942405", "80070005", "ERROR_ACCESS_DENIED"] {
        assert_eq!(codes(what)[0], "win32 5 ERROR_ACCESS_DENIED", "{what}");
    }
    for (what, first) in [
        ("2453", "nerr 2453 NERR_DCNotFound"),
        ("#0x5", "win32 5 ERROR_ACCESS_DENIED"),
        ("10054", "winsock 10054 WSAECONNRESET"),
        ("0x80041010", "wbem 0x80041010 WBEM_E_INVALID_CLASS"),
        ("3221225586", "ntstatus 0xC0000072 STATUS_ACCOUNT_DISABLED"),
        ("c0000001", "sms_despooler c0000001 -"),
        ("38a", "sms_despooler 38a -"),
        ("7404", "sms_site_config 7404 INSTALL_CANTCREATEINBOXES"),
        ("08001", "odbc 08001 -"),
        ("0", "win32 0 ERROR_SUCCESS"),
    ] {
        assert_eq!(codes(what)[0], first, "{what}");
    }
    assert_eq!(codes("5").len(), 3, "of Windows, an event and a status of a site");
}

#[test]
fn a_line_gives_all_its_codes_and_what_wrote_it() {
    let line = "Event 223 logged with error 183 and object (SERVER1); GetLastError 183; SiteConfig Mgr code 7404.  \
        $$<SMS_SITE_CONFIG_MANAGER><Mon Apr 21 09:02:14 1997~><thread=168>";
    assert_eq!(
        codes(line),
        [
            "sms_event 223 -",
            "win32 183 ERROR_ALREADY_EXISTS",
            "sms_site_config 7404 INSTALL_CANTCREATEINBOXES"
        ]
    );
    assert_eq!(json(line)["components"][0]["name"], "SMS_SITE_CONFIG_MANAGER");
    let (_, out, _) = run(&["ERROR: Could not decompress the site package, Win32 error = 112"]);
    assert!(out.contains("ERROR_DISK_FULL") && out.contains("bootstrap-disk-full"), "{out}");
}

#[test]
fn names_are_explained() {
    for (what, component) in [
        ("SMS_BOOTSTRAP", "SMS_BOOTSTRAP"),
        ("sms_hierarchy_manager", "SMS_HIERARCHY_MANAGER"),
        ("ct1", ".CT1"),
        (".SRQ", ".SRQ"),
        ("DS_1VFDA.IST", "DS_"),
        ("CAP", "CAP"),
    ] {
        assert_eq!(json(what)["components"][0]["name"], component, "{what}");
    }
    let bootstrap = json("SMS_BOOTSTRAP");
    let signatures = bootstrap["components"][0]["signatures"].as_array().unwrap();
    assert!(signatures.contains(&"bootstrap-disk-full".into()), "{bootstrap}");
    assert_eq!(json("despool.lo_")["logs"][0]["name"], "despool");
}

#[test]
fn an_article_gives_the_signatures_that_cite_it_and_their_proof() {
    for what in ["Q281207", "KB281207", "281207"] {
        let answer = json(what);
        let signature = &answer["signatures"][0];
        assert_eq!(signature["id"], "netmon-parser-path-missing", "{what}");
        assert!(!signature["proved_by"].as_array().unwrap().is_empty(), "{answer}");
    }
    let signature = json("failed-install-residue");
    assert_eq!(signature["signatures"][0]["kb"][0], "Q287717");
}

#[test]
fn what_is_not_known_is_said_with_the_nearest_name() {
    for (what, near) in [
        ("SMS_BOOTSTRP", "did you mean `SMS_BOOTSTRAP`?"),
        ("failed-install-residu", "did you mean `failed-install-residue`?"),
        ("0x80071234", "by its value it is of the family Win32 (4660)"),
        ("Q999999", "Q999999 is cited by no signature"),
        ("no code stands here", "no code is known"),
        ("", "nothing is known"),
        ("\u{1b}[31m", "nothing is known"),
    ] {
        let (status, out, error) = run(&["5", what]);
        assert_eq!(status, 2, "{what}");
        assert!(error.contains(near), "{error}");
        assert!(out.starts_with("5\n  Win32"), "the others are told: {out}");
        assert!(!error.contains('\u{1b}') && !out.contains('\u{1b}'), "{error}");
    }
}
