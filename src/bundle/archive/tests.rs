//! What comes out of archives of every kind, whole, damaged and hostile.

use std::io::{self, Write as _};

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{Format, Place, START, Unpacker, folder_stem};
use crate::bundle::block::Block;
use crate::bundle::{Limits, Opened};

/// Every path with what was read of it, or with why nothing was.
fn listing(name: &str, bytes: &[u8], limits: &Limits) -> String {
    let mut opened = Opened::default();
    let mut unpacker = Unpacker::new(&mut opened, 0, limits);
    let block = Block::memory(bytes.to_vec());
    let format = Format::of(name, &bytes[..bytes.len().min(START)]);
    let place = Place { path: name, prefix: "", depth: 1 };
    if !format.is_some_and(|format| unpacker.archive(format, &block, place)) {
        return "no archive\n".to_owned();
    }
    let mut out = String::new();
    for source in &opened.sources {
        let problems = opened.problems.iter().filter(|problem| problem.source == source.id);
        for problem in problems {
            out.push_str(&format!("{}: {} ({})\n", source.path, problem.what, problem.kind.name()));
        }
        if !source.is_place_holder() {
            let mut bytes = Vec::new();
            let result = source.read(|reader| reader.read_to_end(&mut bytes).map(drop)).and_then(|read| read);
            let cut = result.err().map(|error| format!(", then: {error}")).unwrap_or_default();
            let start = String::from_utf8_lossy(&bytes[..bytes.len().min(12)]).escape_debug().to_string();
            out.push_str(&format!("{} = {} bytes \"{start}\"{cut}\n", source.path, bytes.len()));
        }
    }
    out
}

fn check(name: &str, bytes: &[u8], expected: Expect) {
    expected.assert_eq(&listing(name, bytes, &Limits::default()));
}

fn check_limits(name: &str, bytes: &[u8], limits: Limits, expected: Expect) {
    expected.assert_eq(&listing(name, bytes, &limits));
}

/// A member of a zip archive as the tests want it: what is declared need not be true.
#[derive(Clone)]
struct Entry<'a> {
    name: &'a [u8],
    data: &'a [u8],
    method: u16,
    flags: u16,
    size: u32,
    crc: u32,
}

fn stored<'a>(name: &'a str, data: &'a [u8]) -> Entry<'a> {
    let mut crc = flate2::Crc::new();
    crc.update(data);
    Entry { name: name.as_bytes(), data, method: 0, flags: 0, size: data.len() as u32, crc: crc.sum() }
}

/// The local headers with the data, and behind it the directory.
fn zip(entries: &[Entry<'_>]) -> (Vec<u8>, Vec<u8>) {
    let (mut members, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let header = members.len() as u32;
        let mut fields = [20, 0].to_vec();
        for value in [entry.flags, entry.method, 0, 0] {
            fields.extend(value.to_le_bytes());
        }
        for value in [entry.crc, entry.data.len() as u32, entry.size] {
            fields.extend(value.to_le_bytes());
        }
        fields.extend((entry.name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        members.extend([b"PK\x03\x04", &fields[..], entry.name, entry.data].concat());
        directory.extend(
            [b"PK\x01\x02\x14\x00", &fields[..], &[0; 10], &header.to_le_bytes(), entry.name].concat(),
        );
    }
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend((entries.len() as u16).to_le_bytes());
    end.extend((entries.len() as u16).to_le_bytes());
    end.extend((directory.len() as u32).to_le_bytes());
    end.extend((members.len() as u32).to_le_bytes());
    end.extend([0, 0]);
    directory.extend(end);
    (members, directory)
}

fn whole_zip(entries: &[Entry<'_>]) -> Vec<u8> {
    let (members, directory) = zip(entries);
    [members, directory].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn members_of_the_same_name_are_all_there() {
    let entries = [stored("SMS/hman.log", b"first"), stored("SMS\\hman.log", b"second"), stored("x/", b"")];
    check(
        "case.zip",
        &whole_zip(&entries),
        expect![[r#"
        SMS/hman (2).log = 6 bytes "second"
        SMS/hman.log = 5 bytes "first"
    "#]],
    );
}

#[test]
fn a_zip_without_its_directory_gives_its_members() {
    let packed = deflated(b"Starting SMS_EXECUTIVE");
    // A packer that could not go back writes sizes behind the data.
    let mut streamed = Entry { method: 8, flags: 8, ..stored("b.log", &packed) };
    streamed.crc = stored("", b"Starting SMS_EXECUTIVE").crc;
    let (mut members, _) = zip(&[stored("a.log", b"first")]);
    let (mut second, _) = zip(&[streamed.clone()]);
    second[14..26].fill(0);
    let mut descriptor = b"PK\x07\x08".to_vec();
    descriptor.extend(streamed.crc.to_le_bytes());
    descriptor.extend((packed.len() as u32).to_le_bytes());
    descriptor.extend(22_u32.to_le_bytes());
    members.extend([second, descriptor].concat());
    let (third, _) = zip(&[stored("c.log", b"data PK\x03\x04 is no header")]);
    members.extend(&third[..third.len() - 3]);
    check(
        "case.zip",
        &members,
        expect![[r#"
            case.zip: not a whole zip archive: its directory is missing; 3 members were found without it (truncated)
            a.log = 5 bytes "first"
            b.log = 22 bytes "Starting SMS"
            c.log = 19 bytes "data PK\u{3}\u{4} is", then: the archive ends within it
        "#]],
    );
}

#[test]
fn a_damaged_directory_costs_no_member() {
    let (members, mut directory) = zip(&[stored("a.log", b"first"), stored("b.log", b"second")]);
    directory[52] = b'?';
    let damaged = [members.clone(), directory].concat();
    check(
        "case.zip",
        &damaged,
        expect![[r#"
        case.zip: not a whole zip archive: its directory lists 2 members and is damaged at byte 132, after 1; 2 members were found without it (truncated)
        a.log = 5 bytes "first"
        b.log = 6 bytes "second"
    "#]],
    );
    let (_, mut directory) = zip(&[stored("a.log", b"first"), stored("b.log", b"second")]);
    directory[42] = 7;
    check(
        "case.zip",
        &[members, directory].concat(),
        expect![[r#"
        case.zip: not a whole zip archive: its directory points to byte 7, where no member begins; 2 members were found without it (truncated)
        a.log = 5 bytes "first"
        b.log = 6 bytes "second"
    "#]],
    );
}

#[test]
fn what_stands_before_an_archive_does_not_matter() {
    let zip = whole_zip(&[stored("a.log", b"first")]);
    let expected = expect![[r#"
        a.log = 5 bytes "first"
    "#]];
    expected.assert_eq(&listing("setup.exe", &[b"MZ a program ", &zip[..]].concat(), &Limits::default()));
    expected.assert_eq(&listing(
        "case.zip",
        &[b"HTTP/1.1 200 OK\r\n\r\n", &zip[..]].concat(),
        &Limits::default(),
    ));
    check("setup.exe", b"MZ a program that holds no PK\x05\x06", expect!["no archive\n"]);
    check("case.zip", b"<html>404 not found</html>", expect!["no archive\n"]);
}

#[test]
fn members_that_cannot_be_read_are_named_with_the_reason() {
    let noise = [7; 40];
    let entries = [
        Entry { flags: 1, method: 8, ..stored("secret.log", &noise) },
        Entry { flags: 1, ..stored("plain.log", b"not encrypted") },
        Entry { method: 93, ..stored("zstd.log", &noise) },
        Entry { method: 8, ..stored("noise.log", &noise) },
        Entry { size: 4, ..stored("more.log", b"Starting") },
        Entry { crc: 1, ..stored("sum.log", b"Starting") },
    ];
    check(
        "case.zip",
        &whole_zip(&entries),
        expect![[r#"
            more.log = 4 bytes "Star", then: damaged: File is larger than its declared uncompressed size
            noise.log: damaged: corrupt deflate stream (malformed)
            plain.log = 13 bytes "not encrypte"
            secret.log: encrypted; unpack it with its password first (unsupported)
            sum.log = 8 bytes "Starting", then: damaged: its checksum is not the one in the archive
            zstd.log: compressed by method 93 (Zstandard), which is not supported (unsupported)
        "#]],
    );
}

#[test]
fn limits_are_told_and_the_rest_is_read() {
    let limits = Limits { member: 10, members: 4, total: 40, path: 12, ..Limits::default() };
    let entries = [
        stored("a.log", b"more than ten bytes"),
        stored("b.log", b"short"),
        stored("a/very/long/path.log", b"short"),
        stored("d.log", b"short"),
        stored("e.log", b"one too many"),
    ];
    check_limits(
        "case.zip",
        &whole_zip(&entries),
        limits,
        expect![[r#"
            case.zip: holds more members than the limit of 4 for a bundle; the rest was not read (limit)
            a/very/long/: a path of 20 characters, the limit is 12 (limit)
            a.log = 10 bytes "more than ", then: unpacks to more than 10 bytes, the limit on one member
            b.log = 5 bytes "short"
            d.log = 5 bytes "short"
        "#]],
    );
    let files: Vec<(&str, &[u8])> = vec![("a.log", b"more than ten bytes"), ("b.log", b"short")];
    let tar = tar_of(&files);
    check_limits(
        "case.tar",
        &tar,
        limits,
        expect![[r#"
            a.log = 10 bytes "more than ", then: unpacks to more than 10 bytes, the limit on one member
            b.log = 5 bytes "short"
        "#]],
    );
    check_limits(
        "case.tgz",
        &gzip(&tar),
        limits,
        expect![[r#"
            case.tgz: not unpacked further: with it, more than 40 bytes come out of the bundle, which is the limit (limit)
        "#]],
    );
}

#[test]
fn archives_within_archives_are_opened_to_a_depth() {
    let inner = whole_zip(&[stored("hman.log", b"Starting")]);
    let tar = gzip(&tar_of(&[("SECNT04.zip", &inner)]));
    let outer = whole_zip(&[stored("logs.tar.gz", &tar), stored("x.log", b"x")]);
    check(
        "case.zip",
        &outer,
        expect![[r#"
        logs.tar.gz/SECNT04.zip/hman.log = 8 bytes "Starting"
        x.log = 1 bytes "x"
    "#]],
    );
    check_limits(
        "case.zip",
        &outer,
        Limits { depth: 2, ..Limits::default() },
        expect![[r#"
        logs.tar.gz/SECNT04.zip: an archive within 2 archives, the limit is 2 (limit)
        x.log = 1 bytes "x"
    "#]],
    );
}

#[test]
fn a_bomb_is_cut_by_what_came_from_the_disk() {
    let zeros = vec![0; 3 << 20];
    let inner = whole_zip(&[Entry {
        method: 8,
        size: zeros.len() as u32,
        crc: stored("", &zeros).crc,
        ..stored("zeros.log", &deflated(&zeros))
    }]);
    let limits = Limits { ratio: 100, ..Limits::default() };
    let told = listing("x.gz", &gzip(&inner), &limits);
    assert!(told.contains("more than 100 times the size of the archive come out of it"), "{told}");
    let read = 1048576 - inner.len();
    assert!(told.contains(&format!("x/zeros.log = {read} bytes")), "{told}");
}

#[test]
fn tar_archives_that_are_cut_or_odd() {
    let tar = tar_of(&[("./a.log", b"first"), ("SMS/b.log", &[b'x'; 1000])]);
    check(
        "case.tar",
        &tar[..2048],
        expect![[r#"
            SMS/b.log = 512 bytes "xxxxxxxxxxxx", then: the archive ends after 512 of 1000 bytes
            a.log = 5 bytes "first"
        "#]],
    );
    check(
        "case.tar",
        &tar[..1024],
        expect![[r#"
        case.tar: the archive has no mark at its end, so members may be missing (truncated)
        a.log = 5 bytes "first"
    "#]],
    );
    let mut odd = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_size(0);
    header.set_entry_type(tar::EntryType::Symlink);
    odd.append_link(&mut header, "link.log", "/etc/passwd").unwrap();
    header.set_entry_type(tar::EntryType::Directory);
    odd.append_data(&mut header, "SMS/", io::empty()).unwrap();
    header.set_entry_type(tar::EntryType::Fifo);
    odd.append_data(&mut header, "pipe", io::empty()).unwrap();
    let long = format!("{}/hman.log", "long".repeat(40));
    header.set_entry_type(tar::EntryType::Regular);
    odd.append_data(&mut header, &long, io::empty()).unwrap();
    let mut odd = odd.into_inner().unwrap();
    odd.extend([b'?'; 600]);
    check(
        "case.tar",
        &odd,
        expect![[r#"
        case.tar: 600 bytes after the end of the archive were not read (malformed)
        link.log: a link, not followed (unsupported)
        longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong/hman.log = 0 bytes ""
        pipe: no regular file (unsupported)
    "#]],
    );
}

#[test]
fn archives_that_are_not_supported_are_named() {
    check(
        "case.rar",
        b"Rar!\x1a\x07\x01\0",
        expect![[r#"
        case.rar: a RAR archive, which is not supported; unpack it first (unsupported)
    "#]],
    );
}

fn seven_zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = sevenz_rust2::ArchiveWriter::new(io::Cursor::new(Vec::new())).unwrap();
    let entries = files.iter().map(|(name, _)| sevenz_rust2::ArchiveEntry::new_file(name)).collect();
    let readers = files.iter().map(|(_, bytes)| sevenz_rust2::SourceReader::new(*bytes)).collect();
    writer.push_archive_entries(entries, readers).unwrap();
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_solid_archive_is_read_past_what_is_too_large() {
    let archive = seven_zip(&[("a.log", b"first"), ("large.log", &[b'x'; 5000]), ("z.log", b"last")]);
    let limits = Limits { member: 1000, ..Limits::default() };
    check_limits(
        "case.7z",
        &archive,
        limits,
        expect![[r#"
        a.log = 5 bytes "first"
        large.log = 1000 bytes "xxxxxxxxxxxx", then: unpacks to more than 1000 bytes, the limit on one member
        z.log = 4 bytes "last"
    "#]],
    );
    let limits = Limits { total: 3000, ..Limits::default() };
    check_limits(
        "case.7z",
        &archive,
        limits,
        expect![[r#"
            a.log = 5 bytes "first"
            large.log = 2995 bytes "xxxxxxxxxxxx", then: not unpacked further: with it, more than 3000 bytes come out of the bundle, which is the limit
            z.log: not unpacked further: with it, more than 3000 bytes come out of the bundle, which is the limit (limit)
        "#]],
    );
    check(
        "case.7z",
        &archive[..archive.len() - 4],
        expect![[r#"
        case.7z: the archive ends before its list of members (truncated)
    "#]],
    );
}

#[test]
fn a_damaged_stream_is_not_read_on() {
    let mut archive = seven_zip(&[("a.log", &[b'x'; 100]), ("b.log", b"second"), ("c.log", b"third")]);
    // The first byte behind the header says how the first chunk of LZMA2 is packed.
    archive[32] = 0x80;
    let told = listing("case.7z", &archive, &Limits::default());
    assert!(
        told.starts_with("a.log: damaged: ")
            && told.contains("b.log: not reached: before it in the same stream, damaged"),
        "{told}"
    );
}

#[test]
fn archives_are_told_by_their_first_bytes() {
    let check = |name: &str, start: &[u8], expected: Option<Format>| {
        assert_eq!(Format::of(name, start), expected, "{name} {start:?}");
    };
    check("case.log", b"PK\x03\x04\x14\0", Some(Format::Zip));
    check("case.zip", b"MSCF\0\0\0\0", Some(Format::Cabinet));
    check("x.cab", b"FILLERMSCF", Some(Format::Carrier));
    check("setup.exe", b"MZ\x90\0", Some(Format::Carrier));
    check("x.rar", b"Rar!\x1a\x07\0", Some(Format::Foreign("RAR")));
    check("hman.log", b"Starting SMS", None);
    check("empty", b"", None);
}

#[test]
fn the_ending_of_an_archive_is_no_part_of_a_folder_name() {
    let stems = ["SECNT04.tar.gz", "SECNT04.TGZ", "secnt04.7z", "hman.log.gz", ".zip", "ü.cab", "SECNT04"];
    assert_eq!(
        stems.map(folder_stem),
        ["SECNT04", "SECNT04", "secnt04", "hman.log.gz", ".zip", "ü", "SECNT04"]
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(kind in 0..7_usize, bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let starts: [&[u8]; 7] =
            [b"PK\x03\x04", b"MSCF\0\0\0\0", b"7z\xBC\xAF\x27\x1C\0\x04", b"\x1F\x8B\x08", b"BZh9\x31", b"\xFD7zXZ\0", b"MZ"];
        listing("case.zip", &[starts[kind], &bytes[..]].concat(), &Limits::default());
    }

    #[test]
    fn no_damage_panics(kind in 0..5_usize, place in any::<prop::sample::Index>(), byte: u8, cut in any::<prop::sample::Index>()) {
        let files: [(&str, &[u8]); 2] = [("SMS/hman.log", b"Starting SMS_HIERARCHY_MANAGER"), ("x.log", &[b'x'; 700])];
        let mut archive = match kind {
            0 => whole_zip(&files.map(|(name, bytes)| stored(name, bytes))),
            1 => tar_of(&files),
            2 => gzip(&tar_of(&files)),
            3 => seven_zip(&files),
            _ => whole_zip(&[Entry { method: 8, size: 700, ..stored("x.log", &deflated(&[b'x'; 700])) }]),
        };
        let at = place.index(archive.len());
        archive[at] = byte;
        listing("case.zip", &archive, &Limits::default());
        archive.truncate(cut.index(archive.len()));
        listing("case.zip", &archive, &Limits::default());
    }
}
