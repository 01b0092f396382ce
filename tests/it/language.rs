//! What questions mean: each kind of condition on a small bundle, true, false and unknown.

use sitedx::catalog::Catalog;
use sitedx::prove::verdict;
use sitedx::signature::Signature;

/// A signature whose trigger is always true where the log `sched.log` is there.
const HEAD: &str = r#"
id = "probe"
title = "Probe of {host}"
kind = "risk"
severity = "low"
phase = "scheduler"
means = "A probe."
[[needs]]
name = "trigger"
log = ["sched"]
line = "the trigger is there"
"#;

const TRIGGER: &str = "the trigger is there  $$<SMS_SCHEDULER><Fri Mar 26 10:00:00.000 1999 Eastern Standard Time><thread=1 (0x1)>\r\n";

/// The verdict of the probe with one more need, on the trigger and other files of `SRV1`.
fn check(need: &str, files: &[(&str, &str)], expected: &str) {
    // A signature must bring its cases; what is in these is beside the point.
    let case = |expect: &str| format!("[[case]]\nname = \"x\"\nexpect = \"{expect}\"\nfiles.\"a\" = \"b\"\n");
    let cases = ["probable", "possible", "none"].map(case).concat();
    let text = format!("{HEAD}[[needs]]\nname = \"asked\"\n{need}\n{cases}");
    let catalog = Catalog::built_in();
    let signature = Signature::read("probe.toml", &text, &catalog.reading()).unwrap();
    let mut all = vec![("SRV1/sched.log".to_owned(), TRIGGER.as_bytes().to_vec())];
    for (path, text) in files {
        let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        match all.iter_mut().find(|(known, _)| known == path) {
            Some((_, known)) => known.extend(text.into_bytes()),
            None => all.push(((*path).to_owned(), text.into_bytes())),
        }
    }
    assert_eq!(verdict(&signature, all, &catalog), expected, "{need}");
}

fn log(text: &str, hour: u32, minute: u32) -> String {
    format!(
        "{text}  $$<SMS_SCHEDULER><Fri Mar 26 {hour:02}:{minute:02}:00.000 1999 Eastern Standard Time><thread=1 (0x1)>\n"
    )
}

const LISTING: &str = " Volume in drive D has no label.
 Volume Serial Number is 1234-5678

 Directory of D:\\SMS\\box

03/26/99  10:10a        <DIR>          .
03/26/99  10:10a        <DIR>          ..
06/10/96  10:10a               250,000 old.dll
03/26/99  10:10a                   100 a.job
03/26/99  10:10a                     0 b.job
               5 File(s)        250,100 bytes
                          1,204,224,000 bytes free
";

#[test]
fn lines_before_and_after_and_how_far_apart() {
    let later = log("something else", 10, 20);
    let files = [("SRV1/sched.log", later.as_str())];
    let line = "log = [\"sched\"]\nline = \"something else\"\n";
    check(&format!("{line}after = \"trigger\""), &files, "probable");
    check(&format!("{line}before = \"trigger\""), &files, "ruled_out");
    check(&format!("{line}after = \"trigger\"\nwithin = \"20m\""), &files, "probable");
    check(&format!("{line}after = \"trigger\"\nwithin = \"19m\""), &files, "ruled_out");
}

#[test]
fn the_same_line_over_and_over() {
    let five: String = (0..5).map(|minute| log("cannot open file 7", 11, minute)).collect();
    let others: String =
        (0..5).map(|minute| log(&format!("cannot open file {minute}"), 12, minute)).collect();
    let ask = |rest: &str| format!("log = [\"sched\"]\nline = \"cannot open file {{n:int}}\"\n{rest}");
    let files = [("SRV1/sched.log", five.as_str())];
    check(&ask("times = 5"), &files, "probable");
    check(&ask("times = 6"), &files, "ruled_out");
    check(&ask("times = 5\nper = \"4m\""), &files, "probable");
    check(&ask("times = 5\nper = \"3m\""), &files, "ruled_out");
    check(&ask("times = 5"), &[("SRV1/sched.log", &others)], "ruled_out");
}

#[test]
fn the_last_line_and_then_silence() {
    let end = log("enumerating groups", 10, 30);
    let ask = "log = [\"sched\"]\nline = \"enumerating groups\"\nlast = true\nage = \"30m\"";
    let alone = [("SRV1/sched.log", end.as_str())];
    check(ask, &alone, "possible");
    let other = log("still here", 11, 0).replace("SMS_SCHEDULER", "SMS_LAN_SENDER");
    check(ask, &[("SRV1/sched.log", &end), ("SRV1/sender.log", &other)], "probable");
    let soon = log("still here", 10, 59).replace("SMS_SCHEDULER", "SMS_LAN_SENDER");
    check(ask, &[("SRV1/sched.log", &end), ("SRV1/sender.log", &soon)], "ruled_out");
    let more = format!("{end}{}", log("and on", 10, 31));
    check(ask, &[("SRV1/sched.log", &more), ("SRV1/sender.log", &other)], "ruled_out");
}

#[test]
fn sizes_dates_and_numbers_of_files() {
    let files = [("SRV1/dir_d.txt", LISTING)];
    let old = r"file = { present = 'D:\SMS\box\old.dll' }";
    check(&format!("{old}\nwhere = {{ date = \"< 1996-06-11\" }}"), &files, "probable");
    check(&format!("{old}\nwhere = {{ size = \"> 250000\" }}"), &files, "ruled_out");
    let any = r"file = { present = 'D:\SMS\box\*.job' }";
    check(&format!("{any}\nwhere = {{ size = 0 }}"), &files, "probable");
    check(&format!("{any}\nwhere = {{ size = 1 }}"), &files, "ruled_out");
    check(&format!("{any}\nwhere = {{ size = 1 }}"), &[], "possible");
    check(r"file = { absent = 'D:\SMS\box\*.exe' }", &files, "probable");
    check(r"file = { absent = 'D:\SMS\box\**\*.exe' }", &files, "probable");
    let with_folder = LISTING.replace("5 File", "6 File").replace(
        "03/26/99  10:10a                   100 a.job",
        "03/26/99  10:10a        <DIR>          deep\n03/26/99  10:10a                   100 a.job",
    );
    let files_below = [("SRV1/dir_d.txt", with_folder.as_str())];
    check(r"file = { absent = 'D:\SMS\box\*.exe' }", &files_below, "probable");
    check(r"file = { absent = 'D:\SMS\box\**\*.exe' }", &files_below, "possible");
    let count = |is: &str| format!(r"count = {{ file = 'D:\SMS\box\*.job', is = '{is}' }}");
    check(&count(">= 2"), &files, "probable");
    check(&count("> 2"), &files, "ruled_out");
    let (cut, _) = LISTING.split_once("               5 File").unwrap();
    check(&count(">= 2"), &[("SRV1/dir_d.txt", cut)], "probable");
    check(&count("< 3"), &[("SRV1/dir_d.txt", cut)], "possible");
}

#[test]
fn values_of_two_servers() {
    let key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Components\SMS_DISCOVERY_DATA_MANAGER";
    let registry = |site: &str, parent: &str, serial: u32| {
        format!(
            "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Identification]\n\"Site Code\"=\"{site}\"\n\
             \"Parent Site Code\"=\"{parent}\"\n\n[{key}]\n\"Serial\"=dword:{serial:08x}\n\n"
        )
    };
    let own = registry("S01", "P01", 9);
    let ask = format!(
        "value = {{ key = '{}', name = \"Serial\", as = \"own\" }}\n[[needs]]\nname = \"lower_there\"\non = \"parent\"\n\
         value = {{ key = '{}', name = \"Serial\", is = '< {{own}}' }}",
        key.replace("HKEY_LOCAL_MACHINE", "HKLM"),
        key.replace("HKEY_LOCAL_MACHINE", "HKLM"),
    );
    let parent = |serial| registry("P01", "", serial);
    check(&ask, &[("SRV1/a.reg", &own), ("PRI1/a.reg", &parent(8))], "probable");
    check(&ask, &[("SRV1/a.reg", &own), ("PRI1/a.reg", &parent(9))], "ruled_out");
    check(&ask, &[("SRV1/a.reg", &own)], "possible");
}

#[test]
fn how_services_are_set_up() {
    let service = "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SMS_EXECUTIVE]\n\
                   \"Start\"=dword:00000003\n\"ObjectName\"=\"CORP\\\\SMSService\"\n\n";
    let files = [("SRV1/a.reg", service)];
    let ask = "service = { present = \"SMS_EXECUTIVE\" }\n";
    check(&format!("{ask}where = {{ start = \"manual\" }}"), &files, "probable");
    check(&format!("{ask}where = {{ start = \"automatic\" }}"), &files, "ruled_out");
    check(&format!("{ask}where = {{ account = 'not LocalSystem' }}"), &files, "probable");
    check(&format!("{ask}where = {{ path = '*.exe' }}"), &files, "possible");
}

#[test]
fn shares_groups_and_their_members() {
    let shares = "\nShare name   Resource                        Remark\n\n\
                  -------------------------------------------------------------------------------\n\
                  ADMIN$       C:\\WINNT                        Remote Admin\n\
                  SMS_SHRD     D:\\                             SMS Site P01\n\
                  The command completed successfully.\n\n";
    let files = [("SRV1/net_share.txt", shares)];
    check("share = { absent = 'D$' }", &files, "probable");
    check("share = { present = 'SMS_SHR{letter}' }\nwhere = { remark = 'SMS Site P01' }", &files, "probable");
    check(
        "share = { present = 'SMS_SHR{letter}' }\nwhere = { remark = 'SMS Site P02' }",
        &files,
        "ruled_out",
    );
    let groups = "\nAliases for \\\\SRV1\n\n\
                  -------------------------------------------------------------------------------\n\
                  *Administrators           *SMS Admins\nThe command completed successfully.\n\n";
    let files = [("SRV1/net_localgroup.txt", groups)];
    check("group = { present = 'SMS Admins' }", &files, "probable");
    check("group = { absent = 'SMS Admins' }", &files, "ruled_out");
    check("group = { absent = 'SMS Admins' }", &[], "possible");
    let members = "Alias name     Administrators\nComment        x\n\nMembers\n\n\
                   -------------------------------------------------------------------------------\n\
                   Administrator\nCORP\\Domain Admins\nThe command completed successfully.\n\n";
    let files = [("SRV1/net_localgroup.txt", members)];
    check("member = { of = 'Administrators', present = 'CORP\\Domain Admins' }", &files, "probable");
    check("member = { of = 'Administrators', absent = '*\\SMSService' }", &files, "probable");
    check("member = { of = 'Administrators', present = 'SMSService' }", &[], "possible");
}

#[test]
fn settings_of_documents() {
    let ini = "[SMS]\r\nPreferredDrive=$\r\n";
    let files = [("SRV1/SMS.INI", ini)];
    let ask = |name: &str, is: &str| {
        format!("setting = {{ in = \"sms.ini\", section = \"sms\", name = \"{name}\", is = \"{is}\" }}")
    };
    check(&ask("PreferredDrive", "$"), &files, "probable");
    check(&ask("PreferredDrive", "not $"), &files, "ruled_out");
    let named = r#"setting = { in = "sms.ini", name = "{name}" }"#;
    check(&format!("{named}\nwhere = {{ name = 'Preferred*' }}"), &files, "probable");
    check(&format!("{named}\nwhere = {{ name = 'Other*' }}"), &files, "ruled_out");
    check(&ask("Other", "1"), &files, "ruled_out");
    check(&ask("PreferredDrive", "$"), &[], "possible");
}

#[test]
fn versions_have_names() {
    let registry = |version: &str| {
        format!(
            "REGEDIT4\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Setup]\n\"Full Version\"=\"{version}\"\n\n"
        )
    };
    let ask = "test = { version = '< SMS 2.0 SP3' }";
    check(ask, &[("SRV1/a.reg", &registry("2.00.1493.2010"))], "probable");
    check(ask, &[("SRV1/a.reg", &registry("2.00.1493.3010"))], "ruled_out");
    check(ask, &[], "possible");
}

#[test]
fn without_a_named_log_no_log_speaks_for_all() {
    check("line = \"never written\"", &[], "possible");
    check("log = [\"sched\"]\nline = \"never written\"", &[], "ruled_out");
    check("log = [\"hman\"]\nline = \"never written\"", &[], "possible");
}
