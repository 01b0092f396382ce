//! The command as users run it: results, messages, exit statuses.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;

const SAMPLE: &str = "samples/bundles/netmon-parser-path/in";

/// Runs the command: exit status, standard output, standard error.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::cargo_bin("sitedx").unwrap().args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn findings_are_a_normal_result() {
    let (status, out, error) = run(&["analyze", SAMPLE]);
    assert_eq!((status, error.as_str()), (0, ""));
    assert!(out.starts_with("PROBLEM"), "{out}");
    assert!(!out.contains('\u{1b}'), "no colours where no terminal is");
    let (status, _, _) = run(&["analyze", SAMPLE, "--fail-on", "high"]);
    assert_eq!(status, 1);
    let (status, _, _) = run(&["analyze", "samples/bundles/clean-target/in", "--fail-on", "info"]);
    assert_eq!(status, 0);
}

#[test]
fn json_is_one_object_and_strict_tells_of_gaps() {
    let damaged = "samples/bundles/damaged-and-foreign/in";
    let (status, out, _) = run(&["analyze", damaged, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status, 0);
    assert_eq!(report["schema"], "sitedx.report/1");
    assert!(report["problems"].as_array().unwrap().len() > 3);
    assert_eq!(run(&["analyze", damaged, "--strict"]).0, 3);
    assert_eq!(run(&["analyze", SAMPLE, "--strict"]).0, 0);
}

#[test]
fn what_cannot_be_done_is_said_in_one_line() {
    let empty = folder("empty");
    for (path, message) in [
        ("no/such/path", "error: no/such/path: no such file or folder\n".to_owned()),
        (empty.to_str().unwrap(), format!("error: {}: the folder holds no files\n", empty.display())),
    ] {
        assert_eq!(run(&["analyze", path]), (2, String::new(), message));
    }
    let (status, _, error) = run(&["analyze"]);
    assert_eq!(status, 2);
    assert!(error.contains("<PATH>"), "{error}");
}

#[test]
fn one_missing_path_does_not_cost_the_others() {
    let (status, out, error) = run(&["analyze", SAMPLE, "no/such/path"]);
    assert_eq!((status, error.as_str()), (2, "error: no/such/path: no such file or folder\n"));
    assert!(out.contains("SECOSL01") && out.contains("CONFIRMED"), "{out}");
}

#[test]
fn a_broken_signature_is_told_as_a_compiler_does_and_the_rest_works() {
    let path = folder("broken-signature").join("mine.toml");
    fs::write(&path, "id = 'mine'\ntitel = 'x'\n[[needs]]\nname = 'a'\nline = 'Cannot copy {x:pth}'\n")
        .unwrap();
    let (status, out, error) = run(&["analyze", SAMPLE, "--signatures", path.to_str().unwrap()]);
    assert_eq!(status, 2);
    assert!(out.contains("CONFIRMED"), "the built-in signatures still work");
    for part in [
        "unknown key `titel`",
        "did you mean `title`?",
        "mine.toml:2:1",
        "did you mean `path`?",
        "`kind` is missing",
    ] {
        assert!(error.contains(part), "{part} in {error}");
    }
    assert!(!error.contains("panicked") && !error.contains("backtrace"), "{error}");
}

#[test]
fn a_user_signature_is_used_and_named_in_the_report() {
    let path = folder("own-signature").join("own.toml");
    let text = "id = 'own'\ntitle = 'Setup tests the disk on {host}'\nkind = 'symptom'\nseverity = 'low'\nphase = 'setup'\n\
        means = 'x'\n[[needs]]\nname = 'a'\nlog = 'setup'\nline = 'Starting evaluation process'\nproves = true\n\
        [[case]]\nname = 'a'\nexpect = 'confirmed'\nfiles.'SMSSETUP.LOG' = 'Starting evaluation process.'\n\
        [[case]]\nname = 'b'\nexpect = 'none'\nfiles.'SMSSETUP.LOG' = 'Ending.'\n\
        [[case]]\nname = 'c'\nexpect = 'none'\nfiles.'x.txt' = 'nothing'\n[case.items]\nx = 'not_collected'\n";
    fs::write(&path, text).unwrap();
    let pack = path.to_str().unwrap();
    let (status, out, error) = run(&["analyze", SAMPLE, "--signatures", pack, "--format", "json"]);
    assert_eq!((status, error.as_str()), (0, ""));
    assert!(out.contains("Setup tests the disk on SECOSL01") && out.contains(pack), "{out}");
    let (status, out, _) = run(&["signature", "test", pack]);
    assert_eq!((status, out.lines().last().unwrap()), (2, "2 cases passed, 1 failed"), "{out}");
    assert_eq!(run(&["signature", "check", pack]).0, 0);
}

#[test]
fn garbage_is_listed_and_costs_nothing_else() {
    let path = folder("garbage");
    let noise: Vec<u8> = (0..50_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    fs::write(path.join("noise.bin"), &noise).unwrap();
    fs::write(path.join("noise.log"), &noise).unwrap();
    fs::write(path.join("broken.zip"), b"PK\x03\x04 and no more").unwrap();
    fs::copy(
        "samples/bundles/netmon-parser-path/in/SECOSL01/C_drive/SMSSETUP.LOG",
        path.join("SMSSETUP.LOG"),
    )
    .unwrap();
    let (status, out, _) = run(&["analyze", path.to_str().unwrap()]);
    assert_eq!(status, 0);
    for part in ["PROBABLE", "noise.bin: binary", "noise.log: binary", "broken.zip: not a whole zip archive"]
    {
        assert!(out.contains(part), "{part} in {out}");
    }
}

#[test]
fn names_of_files_cannot_speak_to_the_terminal() {
    let path = folder("names");
    fs::write(path.join("evil\u{1b}[31mname.txt"), "x").unwrap();
    for command in ["analyze", "inspect"] {
        let mut program = Command::cargo_bin("sitedx").unwrap();
        let output = program.arg(command).arg(&path).env("CLICOLOR_FORCE", "1").output().unwrap();
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(!out.contains("evil\u{1b}") && out.contains(r"evil\u{1b}[31mname.txt"), "{out:?}");
    }
}

#[test]
fn inspect_tells_what_each_file_was_taken_for() {
    let (status, out, _) = run(&["inspect", "samples/bundles/mixed-zones/in"]);
    assert_eq!(status, 0);
    for part in [
        "registry_text",
        "header `Windows Registry Editor Version 5.00`",
        "sms2-trace",
        "sms1-trace",
        "ccm (",
        "smsprov (",
        "configmgr-trace",
    ] {
        assert!(out.contains(part), "{part} in {out}");
    }
    assert!(out.contains("measured from a status message"), "{out}");
}

#[test]
fn dump_writes_one_object_for_each_record_or_fact() {
    let (status, out, _) =
        run(&["dump", "samples/bundles/netmon-parser-path/in/SECOSL01/C_drive/SMSSETUP.LOG"]);
    let records: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((status, records[0]["grammar"].as_str()), (0, Some("setup")));
    let (status, out, _) = run(&["dump", "samples/bundles/netmon-parser-path/in/SECOSL01/registry.reg"]);
    assert_eq!(status, 0);
    assert!(out.contains(r#""fact":"registry_value""#) && out.contains(r#""covers":"registry_tree""#));
    let (status, _, error) = run(&["dump", "samples/bundles/damaged-and-foreign/in/SECVIE13/notes.txt"]);
    assert_eq!(status, 2);
    assert!(error.contains("no known format"), "{error}");
}

#[test]
fn a_zip_archive_is_read_like_the_folder() {
    let path = folder("zip").join("case.zip");
    let mut inner = zip_of(Path::new("samples/bundles/netmon-parser-path/in/SECOSL01"));
    let mut outer = Zip::default();
    outer.add("SECOSL01.zip", &std::mem::take(&mut inner));
    fs::write(&path, outer.finish()).unwrap();
    let (status, out, _) = run(&["analyze", path.to_str().unwrap(), "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(status, 0);
    assert_eq!(report["diagnoses"][0]["signature"], "netmon-parser-path-missing");
    assert_eq!(report["diagnoses"][0]["evidence"][0]["source"], "SECOSL01.zip/C_drive/SMSSETUP.LOG");
}

#[test]
fn what_an_archive_cannot_give_is_told_member_by_member() {
    let path = folder("partial").join("SECNT04.zip");
    let mut zip = Zip::default();
    zip.add("a/SMSSETUP.LOG", b"<03-26-1999 10:00:00> Installing\r\n");
    zip.add("a/SMSSETUP.LOG", b"<03-27-1999 10:00:00> Installing again\r\n");
    zip.add("secret.log", b"not really");
    let mut bytes = zip.finish();
    // The flag of a password, in the directory; the data is shorter than a password would make it.
    let place = bytes.windows(10).rposition(|at| at == b"secret.log").unwrap() - 46;
    bytes[place + 8] = 1;
    bytes[place + 20] = 4;
    fs::write(&path, &bytes).unwrap();
    let (status, out, _) = run(&["inspect", path.to_str().unwrap()]);
    assert_eq!(status, 0);
    for part in
        ["a/SMSSETUP.LOG\n", "a/SMSSETUP (2).LOG\n", "SECNT04, by", "not read    encrypted; unpack it"]
    {
        assert!(out.contains(part), "{part} in {out}");
    }
    assert_eq!(run(&["analyze", path.to_str().unwrap(), "--strict"]).0, 3);
    let (status, out, _) =
        run(&["analyze", path.to_str().unwrap(), "--max-members", "1", "--max-member", "1K"]);
    assert_eq!(status, 0);
    assert!(out.contains("more members than the limit of 1") && out.contains("(limit)"), "{out}");
    let (status, _, error) = run(&["inspect", SAMPLE, "--max-unpacked", "2X"]);
    assert_eq!((status, error.contains("as in 512M")), (2, true), "{error}");
}

#[test]
fn signatures_are_listed_and_shown() {
    let (status, out, _) = run(&["signature", "list"]);
    assert_eq!(status, 0);
    assert!(out.contains("netmon-parser-path-missing"), "{out}");
    let (status, out, _) = run(&["signature", "show", "netmon-parser-path-missing"]);
    assert_eq!(status, 0);
    assert!(out.contains("SETUP.EXE"), "{out}");
    let (status, _, error) = run(&["signature", "show", "netmon-parser-path-mising"]);
    assert_eq!((status, error.contains("did you mean `netmon-parser-path-missing`?")), (2, true), "{error}");
}

/// Writes zip archives without compression; the program only reads them.
#[derive(Default)]
struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Zip {
    fn add(&mut self, name: &str, bytes: &[u8]) {
        let offset = self.bytes.len() as u32;
        let mut fields = Vec::new();
        fields.extend([20, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        fields.extend(crc32(bytes).to_le_bytes());
        fields.extend((bytes.len() as u32).to_le_bytes());
        fields.extend((bytes.len() as u32).to_le_bytes());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&fields);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(bytes);
        self.directory.extend(b"PK\x01\x02\x14\x00");
        self.directory.extend(&fields);
        self.directory.extend([0; 10]);
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let (start, length) = (self.bytes.len() as u32, self.directory.len() as u32);
        self.bytes.append(&mut self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(self.count.to_le_bytes());
        self.bytes.extend(length.to_le_bytes());
        self.bytes.extend(start.to_le_bytes());
        self.bytes.extend([0, 0]);
        self.bytes
    }
}

fn zip_of(root: &Path) -> Vec<u8> {
    let mut zip = Zip::default();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                zip.add(&name, &fs::read(&path).unwrap());
            }
        }
    }
    zip.finish()
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

#[test]
fn why_tells_each_condition_on_each_server() {
    let bundle = "samples/bundles/skewed-clocks/in";
    let (status, out, _) = run(&["why", "bootstrap-disk-full", bundle]);
    assert_eq!(status, 0);
    assert!(out.contains("CONFIRMED 85%  on SECLEE02"), "{out}");
    assert!(out.contains("+ need unpack_failed: yes"), "{out}");
    assert!(out.contains("NOTHING  on PRIBOS01"), "a server on which it did not fire is told too: {out}");
    let (_, json, _) = run(&["why", "bootstrap-disk-full", bundle, "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(report["servers"][0]["verdict"], "no_trigger");
    let (status, _, error) = run(&["why", "bootstrap-disk-ful", bundle]);
    assert_eq!(status, 2);
    assert!(error.contains("did you mean `bootstrap-disk-full`?"), "{error}");
    // A signature for another version is not asked.
    let (_, out, _) = run(&["why", "child-site-job-failed", bundle]);
    assert!(out.contains("NOT ASKED  on PRIBOS01"), "{out}");
}

#[test]
fn a_timeline_can_be_narrowed() {
    let bundle = "samples/bundles/skewed-clocks/in";
    let rows = |more: &[&str]| {
        let arguments = [&["timeline", bundle, "--format", "csv"], more].concat();
        let (status, out, error) = run(&arguments);
        assert_eq!(status, 0, "{error}");
        out.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let all = rows(&[]);
    assert!(all.len() > 6, "{all:?}");
    assert!(all.is_sorted(), "times are in order: {all:?}");
    let of_child = rows(&["--server", "seclee02"]);
    assert!(!of_child.is_empty() && of_child.iter().all(|row| row.contains(",SECLEE02,")), "{of_child:?}");
    assert_eq!(rows(&["--from", "2001-05-09T14:00", "--to", "2001-05-09T14:02"]).len(), 2);
    assert_eq!(rows(&["--kind", "set_back"]).len(), 1);
    assert!(rows(&["--kind", "finding"]).iter().any(|row| row.contains("cannot unpack")));
    assert!(rows(&["--component", "hman"]).iter().all(|row| row.contains("hman")));
    assert!(rows(&["--severity", "critical"]).iter().all(|row| row.contains(",critical,")));
    assert!(rows(&["--from", "2002-01-01"]).is_empty());
    let (_, text, _) = run(&["timeline", bundle]);
    assert!(text.contains("Clocks contradict one another"), "{text}");
    assert_eq!(run(&["timeline", bundle, "--from", "yesterday"]).0, 2);
}
