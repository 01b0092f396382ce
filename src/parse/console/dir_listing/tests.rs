//! Listings of every layout, read as a whole.

use super::*;
use crate::model::{Coverage, EntryKind, Fact, entry_path};
use crate::parse::console::read_as;
use expect_test::{Expect, expect};

fn show(fact: &Fact) -> String {
    match fact {
        Fact::Entry { folder, name, kind, modified } => {
            let path = entry_path(folder, name);
            let kind = match kind {
                EntryKind::File { size } => size.to_string(),
                other => format!("{other:?}"),
            };
            let time = modified.map_or("-".to_owned(), |time| time.format("%Y-%m-%d %H:%M").to_string());
            format!("{path} {kind} {time}")
        }
        other => format!("{other:?}"),
    }
}

pub fn check(text: &(impl AsRef<[u8]> + ?Sized), expected: Expect) {
    let parsed = read_as("dir_listing", text);
    let mut lines: Vec<String> = parsed.facts.iter().map(|fact| show(&fact.value)).collect();
    lines.extend(parsed.coverage.iter().map(|coverage| match &coverage.value {
        Coverage::Folder { path } => format!("covers {path} by line {}", coverage.origin.line),
        Coverage::Absent { path } => format!("{path} is absent by line {}", coverage.origin.line),
        other => format!("{other:?}"),
    }));
    lines.extend(parsed.problems.iter().map(|problem| {
        let line = problem.origin.map_or(0, |origin| origin.line);
        format!("{} line {line}: {}", problem.kind.name(), problem.what)
    }));
    lines.push(format!("understood {} of {}", parsed.understood, parsed.lines));
    expected.assert_eq(&lines.join("\n"));
}

const NT4: &str = include_str!("../../../../samples/state/dir_listing/nt4.txt");
const W2000: &str = include_str!("../../../../samples/state/dir_listing/w2000.txt");
const CUT: &str = include_str!("../../../../samples/state/dir_listing/cut.txt");

#[test]
fn windows_nt_4_counts_folders_among_the_files() {
    check(
        NT4,
        expect![[r#"
            Folder { path: "D:\\" }
            D:\SMS Folder 2000-03-14 09:12
            D:\SMSPKGD$ Folder 2000-03-14 09:40
            D:\pagefile.sys 268435456 2000-03-02 23:05
            Folder { path: "D:\\SMS" }
            D:\SMS\bin Folder 2000-03-14 09:12
            D:\SMS\inboxes Folder 2000-03-14 12:01
            D:\SMS\sms.ini 1184 1999-01-28 02:00
            D:\SMS\SMS Setup.log 48212 2000-03-14 00:30
            Folder { path: "D:\\SMS\\bin" }
            D:\SMS\bin\smsexec.exe 77072 1999-01-28 02:00
            D:\SMS\bin\sitecomp.exe 116496 1999-01-28 02:00
            Folder { path: "D:\\SMS\\inboxes" }
            Folder { path: "D:\\SMSPKGD$" }
            Volume { root: "D:", label: Some("SMS DATA"), free: Some(1204224000) }
            covers D:\ by line 9
            covers D:\SMS by line 19
            covers D:\SMS\bin by line 27
            covers D:\SMS\inboxes by line 33
            covers D:\SMSPKGD$ by line 39
            understood 43 of 43"#]],
    );
}

#[test]
fn windows_2000_counts_folders_apart() {
    check(
        W2000,
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
fn a_cut_listing_keeps_the_folders_before() {
    check(
        CUT,
        expect![[r#"
            Folder { path: "D:\\" }
            D:\SMS Folder 2000-03-14 09:12
            D:\SMSPKGD$ Folder 2000-03-14 09:40
            D:\pagefile.sys 268435456 2000-03-02 23:05
            Folder { path: "D:\\SMS" }
            D:\SMS\bin Folder 2000-03-14 09:12
            D:\SMS\inboxes Folder 2000-03-14 12:01
            D:\SMS\sms.ini 1184 1999-01-28 02:00
            D:\SMS\SMS Setup.log 48212 2000-03-14 00:30
            Folder { path: "D:\\SMS\\bin" }
            D:\SMS\bin\smsexec.exe 77072 1999-01-28 02:00
            Volume { root: "D:", label: Some("SMS DATA"), free: None }
            covers D:\ by line 9
            covers D:\SMS by line 19
            truncated line 26: the source ends in the middle of "01/28/99  02:00a               116,496 s"
            truncated line 21: D:\SMS\bin has no trailer, so entries may be missing
            understood 25 of 26"#]],
    );
    // Cut between two folders: only the end is missing.
    let end = W2000.find("     Total").unwrap();
    check(
        &W2000[..end],
        expect![[r#"
            Folder { path: "E:\\sms" }
            E:\sms\Logs Folder 2001-11-02 14:28
            E:\sms\install.map 20118 2001-10-30 08:15
            E:\sms\smssetup.bin 3 2001-06-21 12:00
            Folder { path: "E:\\sms\\Logs" }
            E:\sms\Logs\hman.log 1048611 2001-12-03 07:59
            E:\sms\Logs\sitecomp.log 902174 2001-12-03 08:00
            Volume { root: "E:", label: None, free: None }
            covers E:\sms by line 12
            covers E:\sms\Logs by line 20
            truncated line 20: the listing ends without totals and free space after 2 folders
            understood 21 of 21"#]],
    );
}

#[test]
fn numbers_that_disagree_cover_nothing() {
    check(
        &W2000.replace("1,048,611", "1,048,612").replace("1 Dir(s)", "2 Dir(s)"),
        expect![[r#"
            Folder { path: "E:\\sms" }
            E:\sms\Logs Folder 2001-11-02 14:28
            E:\sms\install.map 20118 2001-10-30 08:15
            E:\sms\smssetup.bin 3 2001-06-21 12:00
            Folder { path: "E:\\sms\\Logs" }
            E:\sms\Logs\hman.log 1048612 2001-12-03 07:59
            E:\sms\Logs\sitecomp.log 902174 2001-12-03 08:00
            Volume { root: "E:", label: None, free: Some(2570076160) }
            covers E:\sms by line 12
            truncated line 20: E:\sms\Logs: the trailer counts 2 entries with 1950785 bytes, the rows give 2 files with 1950786 bytes and 2 folders
            truncated line 23: the totals count 4 entries with 1970906 bytes, the rows give 4 files with 1970907 bytes and 5 folders
            understood 26 of 26"#]],
    );
    check(
        " Directory of D:\\a\n\n10/24/2000  02:28p      <DIR>          .\n               0 File(s)              0 bytes\n               2 Dir(s)             512 bytes free\n",
        expect![[r#"
            Folder { path: "D:\\a" }
            Volume { root: "D:", label: None, free: Some(512) }
            truncated line 5: the trailer counts 2 folders, the rows give 1
            understood 5 of 5"#]],
    );
}

#[test]
fn a_share_is_a_root() {
    check(
        " Volume in drive \\\\SRV\\data is DATA\n Volume Serial Number is 0000-0001\n\n Directory of \\\\SRV\\data\n\n\
         06/01/01  11:06a               707,317 dhcp srv.log \n               1 File(s)        707,317 bytes\n                  216,790,528 bytes free\n",
        expect![[r#"
            Folder { path: "\\\\SRV\\data" }
            \\SRV\data\dhcp srv.log  707317 2001-06-01 11:06
            Volume { root: "\\\\SRV\\data", label: Some("DATA"), free: Some(216790528) }
            covers \\SRV\data by line 7
            understood 8 of 8"#]],
    );
}

#[test]
fn a_filter_covers_nothing() {
    let rows =
        "06/01/2001  11:06a             707,317 a.dll\n               1 File(s)        707,317 bytes\n";
    let end = "               0 Dir(s)             512 bytes free\n";
    check(
        &format!(" Directory of D:\\\n\n{rows}\n Directory of D:\\a\n\n{rows}{end}"),
        expect![[r#"
            Folder { path: "D:\\" }
            D:\a.dll 707317 2001-06-01 11:06
            Folder { path: "D:\\a" }
            D:\a\a.dll 707317 2001-06-01 11:06
            Volume { root: "D:", label: None, free: Some(512) }
            understood 10 of 10"#]],
    );
    check(
        &format!("D:\\>dir a.dll\n Directory of D:\\\n\n{rows}{end}"),
        expect![[r#"
            Folder { path: "D:\\" }
            D:\a.dll 707317 2001-06-01 11:06
            Volume { root: "D:", label: None, free: Some(512) }
            understood 6 of 6"#]],
    );
    check(
        &format!("D:\\>dir d:\\\n Directory of D:\\\n\n{rows}{end}"),
        expect![[r#"
            Folder { path: "D:\\" }
            D:\a.dll 707317 2001-06-01 11:06
            Volume { root: "D:", label: None, free: Some(512) }
            covers D:\ by line 5
            understood 6 of 6"#]],
    );
}

#[test]
fn messages_stand_for_rows() {
    check(
        " Volume in drive E has no label.\n Volume Serial Number is 0000-0001\n\n Directory of E:\\\n\nFile Not Found\n",
        expect![[r#"
            Volume { root: "E:", label: None, free: None }
            understood 6 of 6"#]],
    );
}

#[test]
fn short_names_and_owners_are_no_part_of_names() {
    let trailer = "     4 File(s)    24 bytes\n   512 bytes free\n";
    let root = " Directory of C:\\\n\n08/21/98  02:03p                     7 LEDGER~2.TXT    l d.txt\n\
                1 File(s) 7 bytes\n\n";
    let short = "08/21/98  02:03p        <DIR>                          .\n\
                 08/21/98  02:03p        <DIR>                          ..\n\
                 08/20/98  02:32p                    17                 LEDGER~1.TXT\n\
                 08/20/98  02:32p                     7 LEDGER~2.TXT    le d.txt\n";
    check(
        // The root comes first and does not show the width of the column itself.
        &format!("{root} Directory of C:\\source\n\n{short}{trailer}"),
        expect![[r#"
            Folder { path: "C:\\" }
            C:\l d.txt 7 1998-08-21 14:03
            Folder { path: "C:\\source" }
            C:\source\LEDGER~1.TXT 17 1998-08-20 14:32
            C:\source\le d.txt 7 1998-08-20 14:32
            Volume { root: "C:", label: None, free: Some(512) }
            covers C:\ by line 4
            covers C:\source by line 12
            understood 13 of 13"#]],
    );
    let owner = "08/21/2001  02:03p      <DIR>          BUILTIN\\Administrators .\n\
                 08/21/2001  02:03p      <DIR>          BUILTIN\\Administrators ..\n\
                 08/20/2001  02:32p                  17 NT AUTHORITY\\SYSTEM    a b.txt\n\
                 08/20/2001  02:32p                   7 CORP\\AVeryLongUserNameIndeed c.txt\n";
    check(
        &format!(" Directory of C:\\source\n\n{owner}{trailer}"),
        expect![[r#"
            Folder { path: "C:\\source" }
            C:\source\a b.txt 17 2001-08-20 14:32
            Volume { root: "C:", label: None, free: Some(512) }
            malformed line 6: found "CORP\\AVeryLongUserNameIndeed c.txt", expected the name of an entry
            understood 7 of 8"#]],
    );
}

#[test]
fn other_output_is_left_alone() {
    let share = "Share name   Resource                        Remark\n\n------------\nC$           C:\\ \nThe command completed successfully.\n";
    check(
        &format!("{share}\n Volume in drive C has no label\nwhat\n{share}"),
        expect![[r#"
            Volume { root: "C:", label: None, free: None }
            malformed line 3: found "------------", expected the header or a row of a `net share` table
            malformed line 4: found "C$           C:\\", expected the header or a row of a `net share` table
            malformed line 8: found "what", expected a row, header or trailer of a `dir` listing
            malformed line 11: found "------------", expected the header or a row of a `net share` table
            malformed line 12: found "C$           C:\\", expected the header or a row of a `net share` table
            understood 8 of 13"#]],
    );
    check(
        "06/01/01  11:06a                     7 x\n     4 File(s)              24 bytes\n",
        expect![[r#"
        malformed line 1: found "06/01/01  11:06a                     7 x", expected a folder header before the rows of a folder
        malformed line 2: found "4 File(s)              24 bytes", expected a row, header or trailer of a `dir` listing
        understood 0 of 2"#]],
    );
}

#[test]
fn headers_are_recognised() {
    let head = |text: &str| DirListing.recognise(&Head::new("x.txt", text.as_bytes()));
    let claim = head(NT4).unwrap();
    assert_eq!((claim.score, claim.why.as_str()), (95, "`Volume in drive D:`, `Directory of D:\\`"));
    assert_eq!(head(" Directory of D:\\SMS\n").map(|claim| claim.score), Some(80));
    assert_eq!(head(" Directory of the company\n"), None);
}

#[test]
fn a_later_date_corrects_times_that_were_kept() {
    let rows = |dates: &[&str]| {
        let row = |date: &&str| format!("{date}                   1 x\n");
        format!(" Directory of D:\\a\n\n{}", dates.iter().map(row).collect::<String>())
    };
    let listing = rows(&["01/02/2001  10:00 AM", "02/03/2001  10:00 AM", "31/12/2001  01:05 PM"]);
    check(
        &listing,
        expect![[r#"
        Folder { path: "D:\\a" }
        D:\a\x 1 2001-02-01 10:00
        D:\a\x 1 2001-03-02 10:00
        D:\a\x 1 2001-12-31 13:05
        truncated line 1: D:\a has no trailer, so entries may be missing
        understood 5 of 5"#]],
    );
    // Neither month nor day can stand first in all of them.
    check(
        &rows(&["01/13/2001  10:00 AM", "02/03/2001  10:00 AM", "31/12/2001  01:05 PM"]),
        expect![[r#"
        Folder { path: "D:\\a" }
        D:\a\x 1 -
        D:\a\x 1 -
        D:\a\x 1 -
        truncated line 1: D:\a has no trailer, so entries may be missing
        assumed line 3: the dates fit no single order of day, month and year, so no times are kept
        understood 5 of 5"#]],
    );
    check(
        &rows(&["01/02/01  10:00", "02/03/01  10:00", "05/05/01  01:05"]),
        expect![[r#"
        Folder { path: "D:\\a" }
        D:\a\x 1 -
        D:\a\x 1 -
        D:\a\x 1 -
        truncated line 1: D:\a has no trailer, so entries may be missing
        assumed line 3: dates like 01/02/01 may be read month first or day first or year first, and nothing tells which, so times are kept only where all agree
        understood 5 of 5"#]],
    );
    check(
        &format!(
            "D:\\>dir /od a\n{}",
            rows(&["02/01/2001  10:00", "05/01/2001  10:00", "01/02/2001  01:05"])
        ),
        expect![[r#"
            Folder { path: "D:\\a" }
            D:\a\x 1 2001-01-02 10:00
            D:\a\x 1 2001-01-05 10:00
            D:\a\x 1 2001-02-01 01:05
            truncated line 2: D:\a has no trailer, so entries may be missing
            assumed line 4: dates like 02/01/2001 are read day first, as only so the rows are sorted by date, which was asked for
            understood 6 of 6"#]],
    );
    check(
        &format!("D:\\>dir /tc a\n{}", rows(&["02/01/2001  10:00"])),
        expect![[r#"
        Folder { path: "D:\\a" }
        D:\a\x 1 -
        assumed line 2: the command asked for times of creation or access, so none is kept as that of a change
        truncated line 2: D:\a has no trailer, so entries may be missing
        understood 4 of 4"#]],
    );
}

#[test]
fn links_streams_and_remote_files() {
    check(
        " Directory of D:\\a\n\n\
         12/13/2019  02:09 AM    <DIR>          .\n\
         12/13/2019  02:09 AM    <DIR>          ..\n\
         12/13/2019  02:09 AM    <JUNCTION>     old [D:\\b [x]]\n\
         12/13/2019  02:09 AM    <SYMLINKD>     logs [\\\\SRV\\logs]\n\
         12/13/2019  02:09 AM    <SYMLINK>      link.txt [c.txt]\n\
         12/13/2019  02:09 AM           (1,234) far [1].txt\n\
         12/13/2019  02:09 AM                 7  two  blanks.txt\n\
         \x20                                   26  two  blanks.txt:Zone.Identifier:$DATA\n\
         \x20              3 File(s)          1,241 bytes\n\
         \x20              4 Dir(s)             512 bytes free\n",
        expect![[r#"
            Folder { path: "D:\\a" }
            D:\a\old Link 2019-12-13 02:09
            D:\a\logs Link 2019-12-13 02:09
            D:\a\link.txt Link 2019-12-13 02:09
            D:\a\far [1].txt 1234 2019-12-13 02:09
            D:\a\ two  blanks.txt 7 2019-12-13 02:09
            Volume { root: "D:", label: None, free: Some(512) }
            covers D:\a by line 11
            understood 12 of 12"#]],
    );
}

#[test]
fn a_message_with_a_path_heads_no_rows() {
    check(
        " Directory of D:\\a\n\n\
         12/13/2019  02:09 AM    <DIR>          .\n\
         12/13/2019  02:09 AM    <DIR>          ..\n\
         \n\
         Cannot read D:\\a\\secret\n\
         12/13/2019  02:09 AM                 7 x\n\
         \x20              1 File(s)              7 bytes\n",
        expect![[r#"
            Folder { path: "D:\\a" }
            D:\a\x 7 2019-12-13 02:09
            malformed line 6: found "Cannot read D:\\a\\secret", expected a row, header or trailer of a `dir` listing
            truncated line 8: the listing ends without totals and free space after 1 folders
            understood 7 of 8"#]],
    );
}
