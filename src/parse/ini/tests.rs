//! INI files as Windows reads them, and what is told where people expect other rules.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::model::Fact;
use crate::parse::shown;

fn read(text: &[u8]) -> String {
    shown(&Ini.parse(SourceId(0), "SMS.INI", text), |fact| match fact {
        Fact::Setting { document, section, name, value } => format!("{document} [{section}] {name}={value}"),
        other => format!("{other:?}"),
    })
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&read(text.as_bytes()));
}

#[test]
fn values_are_taken_as_windows_takes_them() {
    check(
        "[Local]\r\n  Site Code = P01 ; not a comment\r\n; a comment\r\nPath=\"D:\\SMS data\"\r\nOther='x'\r\nHalf=\"x\r\n\
         Server=\\\\SITEP01\\SMS_SHR\r\nEmpty=\r\n*=all=1\r\n",
        expect![[r#"
            sms.ini [Local] Site Code=P01 ; not a comment
            sms.ini [Local] Path=D:\SMS data
            sms.ini [Local] Other=x
            sms.ini [Local] Half="x
            sms.ini [Local] Server=\\SITEP01\SMS_SHR
            sms.ini [Local] Empty=
            sms.ini [Local] *=all=1
            understood 9 of 9"#]],
    );
}

#[test]
fn the_first_of_a_name_counts() {
    check(
        "[A]\nX=1\nx=2\nX=1\n[B]\nX=3\n[a]\nY=4\n[C]\nZ=5\n",
        expect![[r#"
            sms.ini [A] X=1
            sms.ini [A] x=2
            sms.ini [A] X=1
            sms.ini [B] X=3
            sms.ini [C] Z=5
            malformed line 3: `x` is set again: Windows uses the first, `1`
            malformed line 7: section [a] stands a second time: Windows reads only the first
            understood 8 of 10"#]],
    );
}

#[test]
fn what_windows_ignores_is_told() {
    check(
        "Early=1\n[A] junk\nno value\n=nameless\n[broken\nX=1\n[B] ; fine\n# c\n# c=1\n# c=2\nX:1\n",
        expect![[r#"
            sms.ini [B] # c=1
            sms.ini [B] # c=2
            malformed line 1: ignored by Windows: a value before the first section
            malformed line 2: ignored by Windows: `junk` behind the section
            malformed line 3: ignored by Windows: expected `name=value`, a section or a comment
            malformed line 4: ignored by Windows: expected `name=value`, a section or a comment
            malformed line 5: found `[` without `]`, expected a section: it and its values are left out
            malformed line 11: ignored by Windows: expected `name=value`, a section or a comment
            understood 5 of 11"#]],
    );
    check(
        "[A]\r\nX=1\r\n\u{1a}[B]\r\nY=2\r\n",
        expect![[r#"
        sms.ini [A] X=1
        malformed line 3: the end-of-file character 0x1A stands before the end: what is behind it is left out
        understood 2 of 4"#]],
    );
    check(
        "[A]\r\nX=1\r\n\u{1a}",
        expect![[r#"
        sms.ini [A] X=1
        understood 3 of 3"#]],
    );
}

#[test]
fn only_ini_files_are_claimed() {
    let claim = |name: &str, text: &str| {
        Ini.recognise(&Head::new(name, text.as_bytes())).map(|claim| (claim.score, claim.why))
    };
    assert_eq!(claim("SMS.INI", "[Local]\nA=1\n").map(|claim| claim.0), Some(85));
    assert_eq!(claim("notes.ini", "just words\n").map(|claim| claim.0), Some(55));
    assert_eq!(claim("package.pdf", "[PDF]\nVersion=1.0\n").map(|claim| claim.0), Some(60));
    for (name, text) in [
        ("x.reg", "[HKEY_LOCAL_MACHINE\\SOFTWARE]\n\"A\"=\"1\"\n"),
        ("x.log", "[Section]\nA=1\n"),
        ("x.txt", "[Section]\none\ntwo\nthree\nA=1\n"),
        ("x.txt", "A=1\nB=2\n"),
        ("manual.pdf", "%PDF-1.4\n"),
        ("x.ini", "\0\x01\x02[A]\n"),
    ] {
        assert_eq!(claim(name, text), None, "{name} {text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        Ini.parse(SourceId(0), "x.ini", &bytes);
        Ini.recognise(&Head::new("x", &bytes));
    }

    #[test]
    fn no_text_panics(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec!["[", "]", "=", "\"", "'", ";", "\n", "\r\n", "a", " ", "\u{1a}", "é"]),
            0..60,
        )
    ) {
        let text = pieces.concat();
        let parsed = Ini.parse(SourceId(0), "x.ini", text.as_bytes());
        prop_assert!(parsed.understood <= parsed.lines);
    }
}
