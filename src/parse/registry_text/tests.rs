//! What exports of all kinds turn into.

use super::RegistryText;
use crate::model::{Fact, Located, Problem, RegistryData, SourceId};
use crate::parse::{Head, Parsed, Parser};
use crate::text::Encoding;
use expect_test::{Expect, expect};
use proptest::prelude::*;

const NT4: &[u8] = include_bytes!("../../../samples/state/registry_text/nt4_secondary_site.reg");
const VERSION5: &[u8] = include_bytes!("../../../samples/state/registry_text/v5_primary_site.reg");
const CUT: &[u8] = include_bytes!("../../../samples/state/registry_text/cut_in_bytes.reg");
const SCRIPT: &[u8] = include_bytes!("../../../samples/state/registry_text/script_with_deletions.reg");

fn data(data: &RegistryData) -> String {
    match data.strings() {
        Some(strings) => format!("{}:{strings:?}", data.kind),
        None => format!("{}:{}", data.kind, data.display()),
    }
}

fn fact(fact: &Located<Fact>) -> String {
    let told = match &fact.value {
        Fact::RegistryKey { path, .. } => format!("[{path}]"),
        Fact::RegistryValue { name, data: found, .. } => format!("{name:?} {}", data(found)),
        other => format!("{other:?}"),
    };
    format!("{} {told}\n", fact.origin.line)
}

fn problem(problem: &Problem) -> String {
    let line = problem.origin.map_or(0, |origin| origin.line);
    format!("{line} {}: {}\n", problem.kind.name(), problem.what)
}

fn told(bytes: &[u8]) -> String {
    let parsed = RegistryText.parse(SourceId(0), "capture", bytes);
    let mut told: String = parsed.facts.iter().map(fact).collect();
    for covered in &parsed.coverage {
        told += &format!("{} covers {:?}\n", covered.origin.line, covered.value);
    }
    told += &parsed.problems.iter().map(problem).collect::<String>();
    told + &format!("{} of {} lines\n", parsed.understood, parsed.lines)
}

fn check(bytes: impl AsRef<[u8]>, expected: Expect) {
    expected.assert_eq(&told(bytes.as_ref()));
}

/// Lines below a REGEDIT4 header and one key; the first of them is line 3.
fn check_lines(lines: &str, expected: Expect) {
    check(format!("REGEDIT4\n[HKEY_USERS\\x]\n{lines}"), expected);
}

#[test]
fn samples_are_read() {
    check(
        NT4,
        expect![[r#"
            3 [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS]
            5 [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Components]
            7 [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Components\SMS_LAN_SENDER]
            8 "Installation Directory" 1:["D:\\SMS"]
            9 "Maximum Concurrent Sendings" 4:5
            11 [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification]
            12 "Installation Directory" 1:["D:\\SMS"]
            13 "Parent Site Code" 1:["C01"]
            14 "Site Code" 1:["S02"]
            15 "Site Name" 1:["Dépôt de Lyon"]
            16 "Site Server" 1:["LYONSMS1"]
            18 [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup]
            19 "Full Version" 1:["2.00.1493.4000"]
            20 "Help Path" 2:["%SystemRoot%\\Help\\Télédistribution"]
            22 "Installation Directory" 1:["D:\\SMS"]
            23 "Product Languages" 7:["0409", "040c"]
            25 [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Tracing]
            26 "SQLEnabled" 4:0
            28 [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Tracing\SMS_LAN_SENDER]
            29 "Enabled" 4:1
            30 "MaxFileSize" 4:131072
            31 "TraceFilename" 1:["D:\\SMS\\Logs\\sender.log"]
            3 covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS" }
            15 assumed: characters beyond ASCII are read as Windows-1252: an export does not record its code page, and no value `ACP` of Control\Nls\CodePage stands in this one
            32 of 32 lines
        "#]],
    );
    check(
        VERSION5,
        expect![[r#"
            3 [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName]
            5 [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName\ActiveComputerName]
            6 "ComputerName" 1:["HQSMS01"]
            8 [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName]
            9 "ComputerName" 1:["HQSMS01"]
            11 [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SMS_EXECUTIVE]
            12 "Type" 4:16
            13 "Start" 4:2
            14 "ImagePath" 2:["E:\\SMS\\bin\\i386\\smsexec.exe"]
            17 "DisplayName" 1:["SMS_EXECUTIVE"]
            18 "DependOnService" 7:["LanmanServer", "Winmgmt"]
            21 "Description" 1:["Écoute \"C01\""]
            9 Computer { name: "HQSMS01" }
            3 covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName" }
            11 covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SMS_EXECUTIVE" }
            22 of 22 lines
        "#]],
    );
    check(
        CUT,
        expect![[r#"
        3 [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SMS_SITE_COMPONENT_MANAGER]
        4 "Start" 4:2
        5 "Security" 3:0102030405060708090a0b0c0d0e0f101112131415
        5 truncated: the file ends in the middle of a value: expected more bytes after `\`
        5 of 5 lines
    "#]],
    );
    check(
        SCRIPT,
        expect![[r#"
            5 [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Tracing\SMS_LAN_SENDER]
            6 RegistryDeletion { key: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Tracing\\SMS_LAN_SENDER", value: Some("Enabled") }
            8 RegistryDeletion { key: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Tracing\\SMS_OLD_THREAD", value: None }
            3 unsupported: holds comments, which no export does: written or changed by hand, so it shows nothing as absent
            6 unsupported: deletes keys or values: a script to import and no export, so it shows nothing as absent
            9 of 9 lines
        "#]],
    );
}

#[test]
fn keys_end_at_the_last_bracket() {
    check(
        "REGEDIT4\n[HKEY_USERS\\a]b\\\\c\\] junk\n[hkey_users\\A]\n[HKEY_USERS\\d\n[ HKEY_USERS\\e]\n\
         \"v\"=dword:1\n[HKLM\\f]\n\"lost\"=\"\"\n",
        expect![[r#"
            2 [HKEY_USERS\a]b\c]
            3 [hkey_users\A]
            6 "v" 4:1
            4 malformed: ignored by Windows: expected `]` at the end of the key; the values that follow go to the key before it
            5 malformed: ignored by Windows: expected a root key right after the bracket
            7 malformed: ignored by Windows: expected a root key such as HKEY_LOCAL_MACHINE
            8 malformed: ignored by Windows: expected a key line before the value
            4 of 8 lines
        "#]],
    );
}

#[test]
fn text_has_escapes() {
    check_lines(
        "\"a\\\\b\"=\"\\\"q\\\" \\n \\W\" ; note\n\t@\t=\t\"default\"\n\"\"=\"default too\"\n\"z\"=\"x\\0\"\n\
         \"j\"=\"x\"junk\n\"u\"=\"x\n\"n\" \"x\"\n# note\n",
        expect![[r#"
            2 [HKEY_USERS\x]
            3 "a\\b" 1:["\"q\" \n W"]
            4 "" 1:["default"]
            5 "" 1:["default too"]
            3 malformed: backslashes are not doubled: Windows imports `"q" <line end> W`
            6 malformed: ignored by Windows: expected a closing quote and no `\0` before it
            7 malformed: ignored by Windows: expected nothing but a `;` comment after the data
            8 malformed: ignored by Windows: expected a closing quote and no `\0` before it
            9 malformed: ignored by Windows: expected `=` after the value name
            10 malformed: ignored by Windows: expected a key in brackets, a quoted value name, `@` or a `;` comment
            5 of 10 lines
        "#]],
    );
}

#[test]
fn single_backslashes_are_told_with_what_becomes_of_them() {
    check_lines(
        "\"Driver\"=\"C:\\WINNT\\System32\\odbc.dll\"\n\"a\\b\"=\"D:\\new\"\n\"ok\"=\"a\\nb\"\n",
        expect![[r#"
            2 [HKEY_USERS\x]
            3 "Driver" 1:["C:WINNTSystem32odbc.dll"]
            4 "ab" 1:["D:\new"]
            5 "ok" 1:["a\nb"]
            3 malformed: backslashes are not doubled: Windows imports `C:WINNTSystem32odbc.dll`
            4 malformed: backslashes are not doubled: Windows imports `ab`
            4 malformed: backslashes are not doubled: Windows imports `D:<line end>ew`
            5 of 5 lines
        "#]],
    );
}

#[test]
fn what_mail_and_articles_do_is_told() {
    check(
        "Save this:\n\n   REGEDIT4\n\n   [HKEY_USERS\\a\n   b]\n   \"v\"=0x1\n\\\\HKEY_USERS\\c\n\
         [HKEY_USERS\\d]\n\"x\"=dword:1 \"y\"=dword:2\n",
        expect![[r#"
            9 [HKEY_USERS\d]
            1 malformed: no valid header: Windows refuses the file; expected exactly `REGEDIT4` or `Windows Registry Editor Version 5.00` on the first line
            3 malformed: ignored by Windows: expected a key or a value: a header counts on the first line only, and another export needs its own file
            5 malformed: ignored by Windows: expected `]` at the end of the key; the values that follow go to the key before it
            6 malformed: ignored by Windows: expected a key in brackets, a quoted value name, `@` or a `;` comment
            7 malformed: ignored by Windows: expected `"text"`, `dword:`, `hex:`, `hex(type):` or `-` after `=`
            8 malformed: ignored by Windows: expected brackets around a key; the values that follow go to the key before it
            10 malformed: ignored by Windows: expected nothing but a `;` comment after the data
            3 of 10 lines
        "#]],
    );
    let prose = Head::new("a.txt", b"Save this:\n\nREGEDIT4\n[HKEY_USERS]\n");
    let claim = RegistryText.recognise(&prose).unwrap();
    assert_eq!((claim.score, claim.why.as_str()), (60, "header `REGEDIT4` below other text, in line 3"));
    check(
        "WINE REGISTRY Version 2\n;; All keys relative to \\\\Machine\n",
        expect![[r#"
        1 unsupported: a registry file of Wine and no export of Windows: none of it is read
        0 of 2 lines
    "#]],
    );
}

#[test]
fn numbers_have_one_to_eight_digits() {
    check_lines(
        "\"a\"=dword: 1f;note\n\"b\"=dword:\n\"c\"=dword:123456789\n\"d\"=dword:0x1\n\"e\"=DWORD:1\n\
         \"f\"=hex(100):1,0x2\n\"g\"=hex(123456789):1\n\"h\"=hex:100\n",
        expect![[r#"
            2 [HKEY_USERS\x]
            3 "a" 4:31
            8 "f" 256:0102
            4 malformed: ignored by Windows: expected 1 to 8 hex digits after `dword:`
            5 malformed: ignored by Windows: expected 1 to 8 hex digits after `dword:`
            6 malformed: ignored by Windows: expected nothing but a `;` comment after the data
            7 malformed: ignored by Windows: expected `"text"`, `dword:`, `hex:`, `hex(type):` or `-` after `=`
            9 malformed: ignored by Windows: expected `hex:`, or `hex(type):` with 1 to 8 hex digits
            10 malformed: ignored by Windows: expected bytes in hex with commas between them, and a `\` only after a comma
            4 of 10 lines
        "#]],
    );
}

#[test]
fn bytes_go_on_after_a_comma() {
    check_lines(
        "\"a\"=hex:1,\\ ; note\n\n;note\n  2,\n\"b\"=hex:1\\\n\"c\"=hex:2\n\"d\"=hex:1,\\\n\"lost\"=hex:2\n\
         \"e\"=hex:3,\\\n#note\n\"f\"=hex:\\\n\\\n",
        expect![[r#"
            2 [HKEY_USERS\x]
            3 "a" 3:0102
            8 "c" 3:02
            7 malformed: ignored by Windows: expected bytes in hex with commas between them, and a `\` only after a comma
            9 malformed: ignored by Windows: expected more bytes after the `\`
            11 malformed: ignored by Windows: expected more bytes after the `\`
            13 malformed: ignored by Windows: expected more bytes after the `\`
            7 of 14 lines
        "#]],
    );
}

#[test]
fn every_encoding_and_line_end_is_read() {
    let text = Encoding::Utf16Le.decode(&VERSION5[2..]);
    let expected = told(VERSION5);
    for end in ["\r\n", "\n", "\r"] {
        let text = format!("\u{feff}{}", text.replace("\r\n", end));
        assert_eq!(told(text.as_bytes()), expected);
        assert_eq!(told(&text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>()), expected);
        assert_eq!(told(&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()), expected);
    }
}

#[test]
fn strings_get_one_terminator() {
    let bytes = |parsed: Parsed| match &parsed.facts.last().unwrap().value {
        Fact::RegistryValue { data, .. } => data.bytes.clone(),
        other => panic!("{other:?}"),
    };
    let read = |header: &str, value: &str| {
        let text = format!("{header}\n[HKEY_USERS]\n@={value}\n");
        bytes(RegistryText.parse(SourceId(0), "capture", text.as_bytes()))
    };
    assert_eq!(read("REGEDIT4", "hex(7):41,80"), [0x41, 0, 0xAC, 0x20, 0, 0]);
    assert_eq!(read("REGEDIT4", "hex(2):41,00"), [0x41, 0, 0, 0]);
    assert_eq!(read("REGEDIT4", "hex(2):"), [0; 0]);
    let version5 = "Windows Registry Editor Version 5.00";
    assert_eq!(read(version5, "hex(1):41,00"), [0x41, 0, 0, 0]);
    assert_eq!(read(version5, "hex(1):41,00,42"), [0x41, 0, 0, 0]);
    assert_eq!(read(version5, "hex(0):41"), [0x41]);
}

#[test]
fn an_origin_spans_continued_lines() {
    let text = "REGEDIT4\n[HKEY_USERS]\n@=hex:1,\\\n\n  2\n\n";
    let parsed = RegistryText.parse(SourceId(0), "capture", text.as_bytes());
    let origin = parsed.facts[1].origin;
    let start = origin.offset as usize;
    assert_eq!(&text[start..start + origin.length as usize], "@=hex:1,\\\n\n  2");
}

#[test]
fn headers_tell_what_windows_does() {
    check(
        "\r[HKEY_USERS]\r@=\"a\"\r",
        expect![[r#"
            2 [HKEY_USERS]
            3 "" 1:["a"]
            1 malformed: no valid header: Windows refuses the file; expected exactly `REGEDIT4` or `Windows Registry Editor Version 5.00` on the first line
            3 of 3 lines
        "#]],
    );
    check(
        "[HKEY_USERS]\n@=\"a\"\n",
        expect![[r#"
            1 [HKEY_USERS]
            2 "" 1:["a"]
            1 malformed: no valid header: Windows refuses the file; expected exactly `REGEDIT4` or `Windows Registry Editor Version 5.00` on the first line
            2 of 2 lines
        "#]],
    );
    check(
        "REGEDIT 4\n[HKEY_USERS]\n",
        expect![[r#"
        2 [HKEY_USERS]
        1 malformed: unknown header: Windows accepts the file and ignores all its contents; expected exactly `REGEDIT4` or `Windows Registry Editor Version 5.00`
        1 of 2 lines
    "#]],
    );
    check(
        "REGEDIT4\n[HKEY_USERS]\n@=hex(2):41\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>(),
        expect![[r#"
            2 [HKEY_USERS]
            3 "" 2:["A"]
            1 malformed: no byte order mark: Windows refuses UTF-16 text without one
            3 truncated: the file ends without the blank line that ends every key: cut, or edited
            3 of 3 lines
        "#]],
    );
    check(
        "REGEDIT\nHKEY_CLASSES_ROOT\\a =  b \nHKEY_USERS = c\nHKEY_CLASSES_ROOT",
        expect![[r#"
            2 [HKEY_CLASSES_ROOT\a]
            2 "" 1:[" b "]
            4 [HKEY_CLASSES_ROOT]
            4 "" 1:[""]
            3 malformed: ignored by Windows: expected `HKEY_CLASSES_ROOT\key = text`
            4 truncated: the file ends within its last line: expected a line end
            3 of 4 lines
        "#]],
    );
    check(
        "",
        expect![[r#"
        0 of 0 lines
    "#]],
    );
}

#[test]
fn the_configured_name_goes_before_the_active_one() {
    let control = "[HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Control\\ComputerName";
    let active = format!("REGEDIT4\n{control}\\ActiveComputerName]\n\"ComputerName\"=\"OLD\"\n");
    check(
        &active,
        expect![[r#"
            2 [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\ComputerName\ActiveComputerName]
            3 "ComputerName" 1:["OLD"]
            3 Computer { name: "OLD" }
            3 truncated: the file ends without the blank line that ends every key: cut, or edited
            3 of 3 lines
        "#]],
    );
    check(
        format!("{active}{control}\\ComputerName]\n\"ComputerName\"=\"NEW\"\n"),
        expect![[r#"
            2 [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\ComputerName\ActiveComputerName]
            3 "ComputerName" 1:["OLD"]
            4 [HKEY_LOCAL_MACHINE\SYSTEM\ControlSet001\Control\ComputerName\ComputerName]
            5 "ComputerName" 1:["NEW"]
            5 Computer { name: "NEW" }
            5 truncated: the file ends without the blank line that ends every key: cut, or edited
            5 of 5 lines
        "#]],
    );
}

#[test]
fn headers_are_recognised() {
    let score =
        |text: &str| RegistryText.recognise(&Head::new("a.reg", text.as_bytes())).map(|claim| claim.score);
    assert_eq!(score(" REGEDIT4\r\n"), Some(100));
    assert_eq!(score("Regedit 4\n"), Some(70));
    assert_eq!(score("; note\n\n[HKEY_USERS]\n"), Some(70));
    assert_eq!(score("[Section]\n"), None);
    assert_eq!(score(""), None);
    let claim = RegistryText.recognise(&Head::new("a.reg", VERSION5)).unwrap();
    assert_eq!(claim.why, "header `Windows Registry Editor Version 5.00`");
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        RegistryText.parse(SourceId(0), "capture", &bytes);
    }

    #[test]
    fn mangled_exports_are_read(
        sample in prop::sample::select(vec![NT4, VERSION5, CUT, SCRIPT]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..20),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = sample.to_vec();
        for (at, byte) in changes {
            bytes[at.index(sample.len())] = byte;
        }
        bytes.truncate(end.index(sample.len() + 1));
        let parsed = RegistryText.parse(SourceId(0), "capture", &bytes);
        prop_assert!(parsed.understood <= parsed.lines);
        for fact in &parsed.facts {
            prop_assert!(fact.origin.offset + u64::from(fact.origin.length) <= bytes.len() as u64);
        }
    }
}
