//! Each layout and language, read from its sample.

use super::tests::check;
use expect_test::expect;

#[test]
fn german_in_an_oem_page() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/german_oem_850.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "D:\\SMS" }
        D:\SMS\Übergabe Folder 2002-03-04 17:40
        D:\SMS\sms.ini 1184 2002-03-05 08:12
        D:\SMS\Größe der Pakete.log 2453504 2002-03-05 08:14
        Folder { path: "D:\\SMS\\Übergabe" }
        Volume { root: "D:", label: Some("SMS DATEN"), free: Some(160585662464) }
        covers D:\SMS by line 11
        covers D:\SMS\Übergabe by line 17
        assumed line 8: dates like 05.03.2002 are read day first, as the listing is in German; no date proves it
        understood 21 of 21"#]],
    );
}

#[test]
fn french_with_blanks_between_thousands() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/french_oem_850.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "E:\\SMS" }
        E:\SMS\SMS Setup.log 814 2003-01-03 14:09
        E:\SMS\été.log 1048611 2003-01-03 14:01
        Volume { root: "E:", label: Some("DONNÉES"), free: Some(14464442368) }
        covers E:\SMS by line 10
        assumed line 8: dates like 06/02/2003 are read day first, as the listing is in French; no date proves it
        understood 11 of 11"#]],
    );
}

#[test]
fn japanese_has_the_path_first() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/japanese_932.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "D:\\SMS\\my bin" }
        D:\SMS\my bin\設定 表.txt 1234 2004-04-08 17:23
        D:\SMS\my bin\smsexec.exe 77072 2004-04-08 17:24
        Volume { root: "D:", label: Some("SMS"), free: Some(90500292608) }
        covers D:\SMS\my bin by line 10
        understood 11 of 11"#]],
    );
}

#[test]
fn korean_has_the_half_of_the_day_first() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/korean_949.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "C:\\SMS" }
        C:\SMS\sms.ini 92 2003-09-25 09:45
        C:\SMS\한글 파일.txt 1119 2003-09-25 12:35
        Volume { root: "C:", label: None, free: Some(16028223488) }
        covers C:\SMS by line 10
        understood 11 of 11"#]],
    );
}

#[test]
fn czech_counts_behind_the_words() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/czech_852.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "C:\\SMS" }
        C:\SMS\zálohy.exe 102804 2003-07-31 10:05
        C:\SMS\sms.ini 407 2003-07-02 16:54
        Volume { root: "C:", label: None, free: Some(36414985216) }
        covers C:\SMS by line 10
        understood 11 of 11"#]],
    );
}

#[test]
fn russian_with_weekdays() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/russian_866.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "C:\\SMS" }
        C:\SMS\журнал (12 по 20).log 120448 2001-12-02 04:14
        C:\SMS\smsexec 9.7.exe 16527754 2001-11-03 01:23
        Volume { root: "C:", label: Some("SMS 1"), free: Some(429582770176) }
        covers C:\SMS by line 10
        assumed line 8: dates like 05.03.02 are read day first, as the listing is in Russian; no date proves it
        understood 11 of 11"#]],
    );
}

#[test]
fn spanish_halves_of_the_day() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/spanish_12_hours.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "D:\\SMS" }
        D:\SMS\sms.ini 660 2003-07-03 00:26
        Volume { root: "D:", label: Some("DATOS"), free: Some(28216995840) }
        covers D:\SMS by line 9
        assumed line 8: dates like 06/07/2003 are read day first, as the listing is in Spanish; no date proves it
        understood 10 of 10"#]],
    );
}

#[test]
fn no_known_language() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/unknown_language.txt");
    check(
        sample,
        expect![[r#"
            Folder { path: "D:\\SMS\\bin x" }
            D:\SMS\bin x\y Folder 2007-05-09 10:10
            D:\SMS\bin x\loki 1.txt 1234 2007-05-09 10:10
            Folder { path: "D:\\SMS\\bin x\\y" }
            Volume { root: "D:", label: None, free: Some(99123456789) }
            covers D:\SMS\bin x by line 10
            covers D:\SMS\bin x\y by line 16
            assumed line 4: the words around the rows are of no known language; headers and counts are told by their shape, and counts only where the rows agree
            assumed line 8: dates like 09.05.2007 are read day first, as dots divide dates only where the day comes first; no date proves it
            understood 20 of 20"#]],
    );
}

#[test]
fn sixteen_bits() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/cmd_u_utf16.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "E:\\sms" }
        E:\sms\Logs Folder 2001-11-02 14:28
        E:\sms\install.map 20118 2001-10-30 08:15
        E:\sms\smssetup.bin 3 2001-06-21 12:00
        Folder { path: "E:\\sms\\Logs" }
        E:\sms\Logs\hman.log 1048611 2001-12-03 07:59
        E:\sms\Logs\sitecomp.log 902174 2001-12-03 08:00
        Volume { root: "E:", label: None, free: Some(2570076160) }
        covers E:\sms by line 12
        covers E:\sms\Logs by line 20
        understood 26 of 26"#]],
    );
}

#[test]
fn names_first() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/nt31_fat.txt");
    check(
        sample,
        expect![[r#"
            Folder { path: "A:\\" }
            A:\TOOLS Folder 1993-11-08 09:20
            A:\READ.ME 1304 1993-11-05 16:12
            A:\COPYALL.BAT 1962 1993-11-05 16:31
            Volume { root: "A:", label: Some("SMSKIT"), free: Some(30720) }
            Folder { path: "A:\\TOOLS" }
            A:\TOOLS\SITEVIEW.EX_ 30090 1993-10-12 12:02
            A:\TOOLS\NOTES 4091 1993-10-12 13:07
            Volume { root: "A:", label: Some("SMSKIT"), free: Some(30720) }
            covers A:\ by line 10
            covers A:\TOOLS by line 23
            understood 24 of 24"#]],
    );
}

#[test]
fn folders_of_a_disc_have_sizes() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/nt351_cdrom.txt");
    check(
        sample,
        expect![[r#"
            Folder { path: "E:\\" }
            E:\X86 Folder 1995-09-11 14:40
            E:\SMSINST.EXE 88202 1995-08-30 01:10
            E:\NOTES.TXT 10512 1995-08-30 01:10
            Volume { root: "E:", label: Some("SMS10"), free: Some(0) }
            covers E:\ by line 11
            understood 12 of 12"#]],
    );
}

#[test]
fn short_names() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/nt4_short_names.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "C:\\source" }
        C:\source\PLAIN~1.TXT 17 1998-08-20 14:32
        C:\source\long name.txt 7 1998-08-20 14:32
        Volume { root: "C:", label: None, free: Some(512000) }
        covers C:\source by line 10
        understood 11 of 11"#]],
    );
}

#[test]
fn several_names_in_a_line() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/w2000_wide.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "D:\\SMS" }
        D:\SMS\bin Folder -
        D:\SMS\inboxes Folder -
        D:\SMS\sms.ini Unsized -
        D:\SMS\SMS Setup.log Unsized -
        D:\SMS\smssetup.bin Unsized -
        Volume { root: "D:", label: Some("SMS DATA"), free: Some(2570076160) }
        covers D:\SMS by line 9
        understood 12 of 12"#]],
    );
}

#[test]
fn names_alone() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/bare.txt");
    check(
        sample,
        expect![[r#"
        Folder { path: "D:\\SMS" }
        D:\SMS\bin Unsized -
        D:\SMS\inboxes Unsized -
        D:\SMS\sms.ini Unsized -
        D:\SMS\SMS Setup.log Unsized -
        D:\SMS\bin\i386\smsexec.exe Unsized -
        D:\SMS\bin\i386\00000409\climsgs.dll Unsized -
        understood 11 of 11"#]],
    );
}

#[test]
fn what_is_not_found_is_absent() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/not_found.txt");
    check(
        sample,
        expect![[r#"
        Volume { root: "E:", label: Some("DATA"), free: None }
        D:\SMS is absent by line 2
        E:\SMS is absent by line 10
        truncated line 13: the command failed and lists nothing: The device is not ready.
        understood 15 of 15"#]],
    );
}

#[test]
fn a_message_alone() {
    let sample = include_bytes!("../../../../samples/state/dir_listing/failed.txt");
    check(
        sample,
        expect![[r#"
        truncated line 1: the command failed and lists nothing: The system cannot find the path specified.
        understood 1 of 1"#]],
    );
}
