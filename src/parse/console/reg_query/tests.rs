//! What queries of all generations turn into.

use super::super::read_as;
use super::RegQuery;
use crate::model::Fact;
use crate::parse::Head;
use crate::parse::console::command::Command;
use expect_test::{Expect, expect};
use proptest::prelude::*;

const NT4: &str = include_str!("../../../../samples/state/reg_query/nt4_resource_kit.txt");
const W2000: &str = include_str!("../../../../samples/state/reg_query/w2000.txt");
const MODERN: &str = include_str!("../../../../samples/state/reg_query/w2008.txt");
const CUT: &str = include_str!("../../../../samples/state/reg_query/cut.txt");

fn shown(fact: &Fact) -> String {
    match fact {
        Fact::RegistryKey { path, .. } => format!("[{path}]"),
        Fact::RegistryValue { name, data, .. } => match data.strings() {
            Some(strings) => format!("{name:?} {}:{strings:?}", data.kind),
            None => format!("{name:?} {}:{}", data.kind, data.display()),
        },
        other => format!("{other:?}"),
    }
}

fn check(text: &str, expected: Expect) {
    let parsed = read_as("reg_query", text);
    expected.assert_eq(&crate::parse::shown(&parsed, shown));
}

#[test]
fn queries_of_each_generation() {
    check(
        NT4,
        expect![[r#"
            [HKEY_LOCAL_MACHINE\Software\Microsoft\SMS\Identification]
            "Installation Directory" 1:["D:\\SMS"]
            "Site Code" 1:["S02"]
            "Parent Site Code" 1:["P01"]
            "Site Type" 4:2
            [HKEY_LOCAL_MACHINE\Software\Microsoft\SMS\Identification\History]
            assumed line 9: names in brackets are taken for keys below the listed one, and values after them for theirs
            understood 11 of 11"#]],
    );
    check(
        W2000,
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup]
        "" 1:[""]
        "Installation Directory" 1:["D:\\SMS"]
        "Full Version" 1:["2.00.1493.2000"]
        "Type" 4:1
        "Product Languages" 7:["0409", "040c"]
        "Key" 3:0a00ff
        [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup\Components]
        "Help Path" 2:["%SystemRoot%\\Help"]
        covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Setup" }
        covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\NAL" }
        understood 22 of 22"#]],
    );
    check(
        MODERN,
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName\ActiveComputerName]
        "ComputerName" 1:["SITEP01"]
        [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName]
        "" 1:["mnmsrvc"]
        "ComputerName" 1:["SITEP01"]
        [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\DP]
        "NalPath" 1:["[\"Display=\\\\SITEP01\\\"]MSWNET:[\"SMS_SITE=P01\"]\\\\SITEP01\\"]
        "Site Code" 1:["P01"]
        "UsagePoint" 11:4294967311
        "Drives" 7:["D:", "E:"]
        "Odd    name" 1:["with    REG_SZ    in it"]
        "Empty" 1:[""]
        [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\DP\Branch]
        [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\DP\Site]
        Computer { name: "SITEP01" }
        covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName" }
        understood 26 of 26"#]],
    );
}

#[test]
fn a_cut_query_covers_nothing() {
    check(
        CUT,
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Tracing]
        "Enabled" 4:1
        truncated line 4: the source ends in the middle of "SQLEnabled    REG_DW"
        understood 3 of 4"#]],
    );
}

#[test]
fn only_whole_queries_cover() {
    let found = "\r\nHKEY_LOCAL_MACHINE\\A\r\n    b    REG_SZ    c\r\n\r\n";
    let covers = |typed: &str, printed: &str, after: &str| {
        let parsed = read_as("reg_query", format!("C:\\>reg query {typed}\r\n{printed}{after}"));
        parsed.coverage.len()
    };
    assert_eq!(covers(r"HKLM\A /s", found, "C:\\>\r\n"), 1);
    assert_eq!(covers(r"HKLM\A /s", found, "The operation completed successfully.\r\n\r\nC:\\>\r\n"), 1);
    assert_eq!(covers(r"HKLM\A /s", found, ""), 0, "nothing follows");
    assert_eq!(covers(r"HKLM\A", found, "C:\\>\r\n"), 0, "one key");
    assert_eq!(covers(r"HKLM\A /s /f b", found, "C:\\>\r\n"), 0, "a search");
    assert_eq!(covers(r"HKLM\A /s", found, "ERROR: Access is denied.\r\n\r\nC:\\>\r\n"), 0);
    assert_eq!(covers(r"HKLM\A /s", found, "^C\r\nC:\\>\r\n"), 0);
    assert_eq!(covers(r"HKLM\AB /s", found, "C:\\>\r\n"), 0, "another key");
    assert_eq!(covers(r"HKLM\A /s", "", "C:\\>\r\n"), 0, "no output");
}

#[test]
fn a_key_that_is_not_found_is_absent() {
    let error = "\r\nERROR: The system was unable to find the specified registry key or value.\r\n";
    check(
        &format!("C:\\>reg query HKLM\\SOFTWARE\\Microsoft\\SMS\r\n{error}\r\nC:\\>"),
        expect![[r#"
        covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS" }
        understood 5 of 5"#]],
    );
    check(
        &format!("C:\\>reg query HKLM\\SOFTWARE /v SMS\r\n{error}"),
        expect![[r#"
        unsupported line 3: a key or a value was not found, and nothing here tells which key is absent
        understood 3 of 3"#]],
    );
    check(
        error,
        expect![[r#"
        unsupported line 2: a key or a value was not found, and nothing here tells which key is absent
        understood 2 of 2"#]],
    );
}

#[test]
fn the_registry_of_another_computer_is_its_own() {
    let keys = "\r\n\\\\SITES02\\HKEY_LOCAL_MACHINE\\A\r\n    b    REG_SZ    c\r\n\r\n";
    check(
        keys,
        expect![[r#"
        Computer { name: "SITES02" }
        [HKEY_LOCAL_MACHINE\A]
        "b" 1:["c"]
        understood 4 of 4"#]],
    );
    check(
        &format!("C:\\>reg query \\\\SITES02\\HKLM\\A\r\n{keys}"),
        expect![[r#"
        unsupported line 3: the registry of another computer, SITES02, is not kept: collect it on its own
        understood 5 of 5"#]],
    );
    check(
        &format!("{keys}{}", keys.replace("02", "03")),
        expect![[r#"
        Computer { name: "SITES02" }
        [HKEY_LOCAL_MACHINE\A]
        "b" 1:["c"]
        unsupported line 6: the registry of another computer, SITES03, is not kept: collect it on its own
        understood 8 of 8"#]],
    );
}

#[test]
fn what_is_no_value_is_told() {
    check(
        "HKEY_LOCAL_MACHINE\\A\r\n    b    REG_DWORD    none\r\n    c    REG_SZ    one\r\nmore\r\n    (d\u{e9}f)    REG_SZ    e\r\n",
        expect![[r#"
            "c" 1:["one"]
            "" 1:["e"]
            malformed line 1: found `HKEY_LOCAL_MACHINE\A` in other text, expected values below it
            malformed line 2: found "b    REG_DWORD    none", expected a key, a value or the end of a registry query
            malformed line 4: found "more", expected a key, a value or the end of a registry query
            assumed line 5: "(déf)" is taken for the default value, which has no name
            understood 2 of 5"#]],
    );
}

#[test]
fn keys_that_a_text_tells_of_are_no_facts() {
    check(
        "Delete these keys:\r\nHKEY_USERS\\A\r\nHKEY_USERS\\B\r\nThen restart.\r\nHKEY_USERS\\C\r\n    a    REG_SZ    b\r\n",
        expect![[r#"
            [HKEY_USERS\C]
            "a" 1:["b"]
            malformed line 1: found "Delete these keys:", expected a key, a value or the end of a registry query
            malformed line 2: found `HKEY_USERS\A` in other text, expected values below it
            malformed line 3: found `HKEY_USERS\B` in other text, expected values below it
            malformed line 4: found "Then restart.", expected a key, a value or the end of a registry query
            understood 2 of 6"#]],
    );
    check(
        "HKEY_USERS\\A\r\nHKEY_USERS\\B\r\n",
        expect![[r#"
        [HKEY_USERS\A]
        [HKEY_USERS\B]
        understood 2 of 2"#]],
    );
}

#[test]
fn queries_are_recognised() {
    let score =
        |text: &str| RegQuery.recognise(&Head::new("x.txt", text.as_bytes())).map(|claim| claim.score);
    assert_eq!(score(W2000), Some(95));
    assert_eq!(score(MODERN), Some(90));
    assert_eq!(score(NT4), Some(90));
    assert_eq!(score("HKEY_USERS\\A\r\nHKEY_USERS\\B\r\n"), Some(80));
    assert_eq!(score("HKEY_USERS\r\n"), Some(60));
    assert_eq!(score("Delete the key:\r\nHKEY_USERS\\A\r\nThen restart.\r\n"), None);
    assert_eq!(score("[HKEY_USERS]\r\n"), None);
}

proptest! {
    #[test]
    fn no_bytes_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        sample in prop::sample::select(vec![NT4, W2000, MODERN, CUT]),
        at in any::<prop::sample::Index>(),
    ) {
        read_as("reg_query", &bytes);
        let mut mangled = sample.as_bytes().to_vec();
        let at = at.index(mangled.len());
        mangled.splice(at..at, bytes);
        let parsed = read_as("reg_query", &mangled);
        prop_assert!(parsed.understood <= parsed.lines);
    }
}
