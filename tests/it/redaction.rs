//! Anonymous reports hold none of the names that were collected, in any format; passwords are in no output at all.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use clap::ValueEnum as _;
use sitedx::bundle::{self, Limits, in_memory};
use sitedx::catalog::Catalog;
use sitedx::custody::Hashes;
use sitedx::model::{NameKind, Names};
use sitedx::pipeline::analyze_named;
use sitedx::redact::{NameMap, Redactor};
use sitedx::report::{Format, Options, render};

fn bundles() -> Vec<PathBuf> {
    let of = |root: &str| fs::read_dir(root).unwrap().map(|it| it.unwrap().path().join("in"));
    let mut all: Vec<PathBuf> = of("samples/bundles").chain(of("samples/scenarios")).collect();
    all.retain(|path| path.is_dir());
    all.sort();
    all
}

/// Whether a name stands in a text with nothing of a word on either side.
fn holds(text: &str, name: &str) -> bool {
    let part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(name)
        .any(|(at, _)| !part(text[..at].chars().next_back()) && !part(text[at + name.len()..].chars().next()))
}

/// The names that must not be seen: all but those that mean the same everywhere.
fn private(names: &Names) -> Vec<(NameKind, String)> {
    let everywhere = ["administrator", "administrators", "guest", "system", "localsystem", "sms", "everyone"];
    let of_kind = |(kind, all): (&NameKind, &std::collections::BTreeSet<String>)| {
        let kind = *kind;
        all.iter().map(move |name| (kind, name.to_lowercase())).collect::<Vec<_>>()
    };
    let all = names.all.iter().flat_map(of_kind);
    let named = |name: &str| name.len() > 1 && !name.starts_with('(') && !everywhere.contains(&name);
    all.filter(|(_, name)| named(name) && !name.contains("domain ")).collect()
}

#[test]
fn no_name_that_was_collected_is_in_an_anonymous_report() {
    let catalog = Catalog::built_in();
    let (mut compared, mut seen) = (0, 0);
    for bundle in bundles() {
        let opened = bundle::open(&[&bundle], &Limits::default()).unwrap();
        let (report, names) = analyze_named(&opened, &catalog, Hashes::Told, |_| {});
        let names_of_case = private(&names);
        assert!(!names_of_case.is_empty(), "{bundle:?} has no names");
        for format in Format::value_variants() {
            let open = render(&report, *format, &Options::default()).to_lowercase();
            let mut redactor = Redactor::new(NameMap::default(), &[]);
            redactor.learn(&names);
            let mut anonymous = report.clone();
            redactor.apply(&mut anonymous);
            let text = render(&anonymous, *format, &Options::default()).to_lowercase();
            for (kind, name) in &names_of_case {
                seen += usize::from(holds(&open, name));
                // Accounts and shares that every site has bear its code.
                let name = name.as_str();
                assert!(!holds(&text, name), "{bundle:?}, {format:?}: {kind:?} {name} is seen");
            }
            compared += 1;
        }
    }
    assert!(compared > 20 && seen > 100, "{seen} names seen in {compared} reports that are not anonymous");
}

#[test]
fn shapes_of_private_things_are_replaced_too() {
    let log = "Error: cannot reach 10.20.30.40 for S-1-5-21-111-222-333-1001 as CORP\\jdoe, ERROR 53  \
               $$<SMS_LAN_SENDER><Fri Mar 26 10:43:41.547 1999 Eastern Standard Time><thread=281 (0x119)>\r\n";
    let registry = "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon]\r\n\
                    \"CachePrimaryDomain\"=\"CORP\"\r\n\r\n";
    let files = vec![
        ("SRV01/sender.log".to_owned(), log.as_bytes().to_vec()),
        ("SRV01/winlogon.reg".to_owned(), registry.as_bytes().to_vec()),
    ];
    let catalog = Catalog::built_in();
    let (mut report, names) = analyze_named(&in_memory("case", files), &catalog, Hashes::Left, |_| {});
    assert_eq!(report.unexplained.len(), 1);
    let mut redactor = Redactor::new(NameMap::default(), &[]);
    redactor.learn(&names);
    redactor.apply(&mut report);
    let text = render(&report, Format::Json, &Options::default());
    for private in ["10.20.30.40", "111-222", "jdoe", "CORP", "SRV01"] {
        assert!(!text.contains(private), "{private} is seen");
    }
    assert!(
        report.unexplained[0].example.text.contains("ADDRESS1 for SID1 as DOMAIN1\\\\ACCOUNT1")
            || report.unexplained[0].example.text.contains("ADDRESS1 for SID1 as DOMAIN1\\ACCOUNT1"),
        "{}",
        report.unexplained[0].example.text
    );
}

fn sitedx(arguments: &[&str]) -> String {
    let output = Command::cargo_bin("sitedx").unwrap().args(arguments).output().unwrap();
    format!("{}{}", String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn passwords_are_in_no_output() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join("SRV01").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text.replace('\n', "\r\n")).unwrap();
    };
    let secret = "Xyzzy-4711";
    put("SMSAccountSetup.ini", &format!("[SMS Client Connection]\nAccount=CORP\\smsc\nPassword={secret}\n"));
    put(
        "licsvcfg.log",
        &format!(
            "ERROR: cannot connect, DSN=SWM;UID=sa;PWD={secret};  $$<SMS_LICENSE_METERING><Fri Mar 26 10:43:41.547 \
             1999 Eastern Standard Time><thread=281 (0x119)>\n"
        ),
    );
    put(
        "winlogon.reg",
        &format!("REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\A]\n\"DefaultPassword\"=\"{secret}\"\n\n"),
    );
    let path = folder.path().to_str().unwrap();
    let empty = folder.path().join("SRV01").to_string_lossy().into_owned();
    for format in Format::value_variants() {
        let name = format.to_possible_value().unwrap().get_name().to_owned();
        assert!(!sitedx(&["analyze", path, "--format", &name]).contains(secret), "{name}");
    }
    for command in [
        vec!["timeline", path],
        vec!["dump", path],
        vec!["inspect", path],
        vec!["verify", path, &empty],
        vec!["diff", path, &empty, "--all"],
    ] {
        let out = sitedx(&command);
        assert!(!out.contains(secret), "{command:?}:\n{out}");
    }
    // The line is told all the same.
    assert!(sitedx(&["analyze", path]).contains("PWD=********;"));
}

#[test]
fn a_kept_map_tells_who_is_who() {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("map.json");
    let map = map.to_str().unwrap();
    let case = "samples/scenarios/stop-s4/in";
    let first = sitedx(&["analyze", case, "--redact-map", map]);
    assert!(!first.contains("SECNT04") && first.contains("HOST"), "{first}");
    let kept = fs::read_to_string(map).unwrap();
    assert!(kept.contains("\"secnt04\": \"HOST"), "{kept}");
    assert_eq!(sitedx(&["analyze", case, "--redact-map", map]), first, "the same names again");
    let listed = folder.path().join("names.txt");
    fs::write(&listed, "installation source\n").unwrap();
    let with_list = sitedx(&["analyze", case, "--redact-names", listed.to_str().unwrap()]);
    assert!(with_list.contains("NAME1") && !with_list.contains("installation source"), "{with_list}");
    let wrong = Path::new(map).with_file_name("wrong.json");
    fs::write(&wrong, "no json").unwrap();
    let told = sitedx(&["analyze", case, "--redact-map", wrong.to_str().unwrap()]);
    assert!(told.contains("this is no map that sitedx wrote"), "{told}");
}
