//! Names what is not read for what it is, so that a report does not call a program or a picture unknown.

use crate::parse::Head;

/// First bytes of formats that bundles hold and nothing here reads, with what they are and what to do.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"MZ", "a Windows program or library"),
    (b"\x7FELF", "a Unix program or library"),
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "an OLE compound file: an Office document, an installer package or a saved console",
    ),
    (b"%PDF-", "a PDF document; save its text"),
    (b"{\\rtf", "a rich text document; save its text"),
    (b"\x89PNG\r\n", "a PNG picture; what it shows must be typed"),
    (b"\xFF\xD8\xFF", "a JPEG picture; what it shows must be typed"),
    (b"GIF8", "a GIF picture; what it shows must be typed"),
    (b"ElfFile\0", "an event log of Windows Vista or later (.evtx); export it as text"),
    (b"MDMP", "a dump of a process"),
    (b"PAGEDU", "a dump of the system's memory"),
    (b"TAPE\0", "a backup in Microsoft Tape Format, as NTBackup and SQL Server write it"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\0\x01\0\0Standard Jet DB\0", "an Access database"),
    (b"SZDD\x88\xF0\x27\x33", "a file compressed by COMPRESS.EXE; run expand.exe on it first"),
    (b"KWAJ\x88\xF0\x27\xD1", "a file compressed by COMPRESS.EXE; run expand.exe on it first"),
    (b"ISc(", "an InstallShield cabinet"),
    (b"Rar!\x1A\x07", "a RAR archive; unpack it first"),
    (b"\x28\xB5\x2F\xFD", "a Zstandard archive; unpack it first"),
    (b"\x1F\x9D", "a file compressed by compress; unpack it first"),
    (b"ITSF\x03\0\0\0", "a compiled help file"),
    (b"?_\x03\0", "a help file"),
    (b"\xEF\xBB\xBF<?xml", "an XML document"),
    (b"<?xml", "an XML document"),
    (b"\xFF\xFE<\0?\0x\0m\0l\0", "an XML document"),
];

/// What a source is, if its start tells.
pub fn name(head: &Head<'_>) -> Option<&'static str> {
    let known = SIGNATURES.iter().find(|(start, _)| head.bytes.starts_with(start)).map(|(_, name)| *name);
    known.or_else(|| text(head))
}

/// Texts that are made for programs.
fn text(head: &Head<'_>) -> Option<&'static str> {
    let mut lines = head.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let first = lines.next()?.to_ascii_lowercase();
    if first.starts_with("<!doctype html") || first.starts_with("<html") {
        return Some("an HTML page");
    }
    // Desktop Management Interface Specification 2.0, 3.1: a MIF file is one component; `//` begins a comment.
    let code = std::iter::once(first.as_str()).chain(lines).find(|line| !line.starts_with("//"));
    if code.is_some_and(|line| line.eq_ignore_ascii_case("start component")) {
        return Some("a management information file (MIF), an inventory or status report of a client");
    }
    let json = match first.as_bytes() {
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start(), [] | [b'"', ..]),
        [b'[', rest @ ..] => matches!(rest.trim_ascii_start(), [] | [b'{' | b'[' | b'"' | b']', ..]),
        _ => false,
    };
    json.then_some("JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_named() {
        let check = |bytes: &[u8], expected: Option<&str>| {
            let found = name(&Head::new("x", bytes));
            assert_eq!(found.is_some(), expected.is_some(), "{found:?}");
            assert!(found.unwrap_or_default().starts_with(expected.unwrap_or_default()), "{found:?}");
        };
        check(b"MZ\x90\0", Some("a Windows program"));
        check(b"\n <HTML><body>", Some("an HTML page"));
        check(b"[ {\"a\": 1}]", Some("JSON"));
        check(b"{\n \"a\": 1}", Some("JSON"));
        check(b"// x\nStart Component\n", Some("a management information file"));
        check(b"ElfFile\0", Some("an event log of Windows Vista"));
        check(b"[Setup]\r\na=b", None);
        check(b"", None);
    }
}
