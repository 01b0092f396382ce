//! What saved subtrees of all kinds turn into.

use super::RegistryPrint;
use crate::model::{Fact, SourceId};
use crate::parse::{Head, Parser};
use expect_test::{Expect, expect};
use proptest::prelude::*;

const NT4: &[u8] = include_bytes!("../../../samples/state/registry_print/nt4_service.txt");
const RESOURCES: &[u8] = include_bytes!("../../../samples/state/registry_print/nt4_resources.txt");
const XP: &[u8] = include_bytes!("../../../samples/state/registry_print/xp_regedit.txt");
const CUT: &[u8] = include_bytes!("../../../samples/state/registry_print/cut.txt");
const MAIL: &[u8] = include_bytes!("../../../samples/state/registry_print/from_mail.txt");

fn shown(fact: &Fact) -> String {
    match fact {
        Fact::RegistryKey { path, written } => {
            let written = written.map(|stamp| format!(" {}", stamp.display())).unwrap_or_default();
            format!("[{path}]{written}")
        }
        Fact::RegistryValue { name, data, .. } => match data.strings() {
            Some(strings) => format!("{name:?} {}:{strings:?}", data.kind),
            None => format!("{name:?} {}:{}", data.kind, data.display()),
        },
        other => format!("{other:?}"),
    }
}

fn check(text: impl AsRef<[u8]>, expected: Expect) {
    let parsed = RegistryPrint.parse(SourceId(0), "capture.txt", text.as_ref());
    expected.assert_eq(&crate::parse::shown(&parsed, shown));
}

#[test]
fn samples_are_read() {
    check(
        NT4,
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SMS_EXECUTIVE] 1999-06-16T10:13:00
        "Type" 4:16
        "Start" 4:2
        "ImagePath" 2:["D:\\SMS\\bin\\i386\\smsexec.exe"]
        "DependOnService" 7:["LanmanServer", "LanmanWorkstation", "RPCSS"]
        "ObjectName" 1:["SITEP01\\SMSService"]
        "ErrorControl" 4:0
        [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SMS_EXECUTIVE\Security] 1999-06-07T16:05:00
        "Security" 3:01001480c0000000cc0000001400000034000000534d5300
        [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SMS_EXECUTIVE\Parameters] 1998-12-31T00:00:00
        "" 1:["P01"]
        covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SMS_EXECUTIVE" }
        assumed line 1: keys are saved without their root: SYSTEM is taken for a part of HKEY_LOCAL_MACHINE
        understood 56 of 56"#]],
    );
    check(
        XP,
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Identification]
        "Site Code" 1:["P01"]
        "Site Name" 1:["Zürich"]
        "Parent Site Code" 1:[""]
        "LastUpdate" 11:127331340816956493
        covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Identification" }
        unsupported line 1: the times of keys are not kept: nothing here tells the order of day, month and year
        understood 24 of 24"#]],
    );
}

#[test]
fn what_is_printed_for_people_only_is_told() {
    check(
        RESOURCES,
        expect![[r#"
        [HKEY_LOCAL_MACHINE\HARDWARE\RESOURCEMAP\Hardware Abstraction Layer\PC Compatible Eisa/Isa HAL] 1999-10-28T13:02:00
        ".Raw" 8:
        ".Translated" 8:
        covers RegistryTree { root: "HKEY_LOCAL_MACHINE\\HARDWARE\\RESOURCEMAP\\Hardware Abstraction Layer\\PC Compatible Eisa/Isa HAL" }
        assumed line 1: keys are saved without their root: HARDWARE is taken for a part of HKEY_LOCAL_MACHINE
        unsupported line 4: the data of ".Raw" is printed for people, in 10 lines that are not read: kept without data
        unsupported line 18: the data of ".Translated" is printed for people, in 3 lines that are not read: kept without data
        understood 24 of 24"#]],
    );
}

#[test]
fn cut_and_broken_saves_cover_nothing() {
    check(
        CUT,
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS\Setup] 1999-06-16T10:13:00
        "Full Version" 1:["2.00.1493.2000"]
        assumed line 1: keys are saved without their root: SOFTWARE is taken for a part of HKEY_LOCAL_MACHINE
        malformed line 9: value 1 has no known `Type:`
        truncated line 10: the text ends without the blank line that ends every key and value: cut, or edited
        understood 10 of 10"#]],
    );
    check(
        MAIL,
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Session Manager\Environment]
        "ComSpec" 2:["%SystemRoot%\\system32\\cmd.exe"]
        "OS" 1:["Windows_NT"]
        assumed line 1: the name of a key goes on in the next line: taken to be broken at a blank, by mail or an editor
        assumed line 1: keys are saved without their root: SYSTEM is taken for a part of HKEY_LOCAL_MACHINE
        understood 6 of 6"#]],
    );
}

#[test]
fn gaps_are_told() {
    let key = "Key Name: SYSTEM\\x\r\nClass Name: y\r\nLast Write Time: once\r\n";
    let value = |number: u32, kind: &str, data: &str| {
        format!("Value {number}\r\n  Name: v{number}\r\n  Type: {kind}\r\n  Data: {data}\r\n\r\n")
    };
    check(
        key.to_owned() + &value(1, "REG_SZ", "a"),
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SYSTEM\x]
        "v1" 1:["a"]
        assumed line 1: keys are saved without their root: SYSTEM is taken for a part of HKEY_LOCAL_MACHINE
        malformed line 4: found value 1, expected value 0: some are missing
        unsupported line 1: the times of keys are not kept: nothing here tells the order of day, month and year
        understood 8 of 8"#]],
    );
    check(
        key.to_owned() + &value(0, "REG_NEW", "a") + &value(1, "0x100", "") + "00000000   01\r\n",
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SYSTEM\x]
        "v1" 256:
        assumed line 1: keys are saved without their root: SYSTEM is taken for a part of HKEY_LOCAL_MACHINE
        malformed line 6: unknown type "REG_NEW": the value is not kept
        malformed line 4: value 0 has no known `Type:`
        malformed line 14: found "00000000   01", expected `Key Name:`, `Value`, `Name:`, `Type:` or `Data:` of a saved subtree
        unsupported line 1: the times of keys are not kept: nothing here tells the order of day, month and year
        truncated line 14: the text ends without the blank line that ends every key and value: cut, or edited
        understood 13 of 14"#]],
    );
    check(
        key.to_owned() + &value(0, "REG_DWORD", "12"),
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SYSTEM\x]
        assumed line 1: keys are saved without their root: SYSTEM is taken for a part of HKEY_LOCAL_MACHINE
        malformed line 4: the data of "v0" is not what its type holds
        unsupported line 1: the times of keys are not kept: nothing here tells the order of day, month and year
        understood 8 of 8"#]],
    );
    check(
        key.to_owned()
            + "Value 0\r\n  Name: b\r\n  Type: REG_BINARY\r\n  Data:\r\n00000010   01 02   ..\r\n\r\n",
        expect![[r#"
            [HKEY_LOCAL_MACHINE\SYSTEM\x]
            "b" 3:0102
            assumed line 1: keys are saved without their root: SYSTEM is taken for a part of HKEY_LOCAL_MACHINE
            malformed line 8: found bytes from 0x10 on, expected them from 0x0: some are missing
            unsupported line 1: the times of keys are not kept: nothing here tells the order of day, month and year
            understood 9 of 9"#]],
    );
    check(
        "Key Name: Parameters\r\nClass Name: y\r\n\r\n".to_owned() + &value(0, "REG_SZ", "a"),
        expect![[r#"
        malformed line 1: no root fits the key "Parameters": its values are not kept
        understood 8 of 8"#]],
    );
    check(
        "A word before.\r\nKey Name: SOFTWARE\r\nClass Name: y\r\n  Name: a\r\n  Type: REG_SZ\r\n\r\n",
        expect![[r#"
        [HKEY_LOCAL_MACHINE\SOFTWARE]
        malformed line 1: found "A word before.", expected `Key Name:`, `Value`, `Name:`, `Type:` or `Data:` of a saved subtree
        assumed line 2: keys are saved without their root: SOFTWARE is taken for a part of HKEY_LOCAL_MACHINE
        malformed line 4: the data of "a" is not what its type holds
        understood 5 of 6"#]],
    );
}

#[test]
fn saves_are_recognised() {
    let score = |bytes: &[u8]| RegistryPrint.recognise(&Head::new("a.txt", bytes)).map(|claim| claim.score);
    assert_eq!(score(NT4), Some(95));
    assert_eq!(score(XP), Some(95));
    assert_eq!(score(MAIL), Some(70));
    assert_eq!(score(b"Key Name: a certificate\r\nUnique container name: b\r\n"), None);
}

proptest! {
    #[test]
    fn no_bytes_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        sample in prop::sample::select(vec![NT4, RESOURCES, XP, CUT, MAIL]),
        at in any::<prop::sample::Index>(),
    ) {
        RegistryPrint.parse(SourceId(0), "capture.txt", &bytes);
        let mut mangled = sample.to_vec();
        let at = at.index(mangled.len());
        mangled.splice(at..at, bytes);
        let parsed = RegistryPrint.parse(SourceId(0), "capture.txt", &mangled);
        prop_assert!(parsed.understood <= parsed.lines);
        for fact in &parsed.facts {
            prop_assert!(fact.origin.offset + u64::from(fact.origin.length) <= mangled.len() as u64);
        }
    }
}
