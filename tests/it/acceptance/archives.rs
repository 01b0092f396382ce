//! Archives of libmspack, libarchive, zip2 and sevenz-rust2: what their own tests say of them (A1 and A2).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use sitedx::bundle::{self, Limits};

use super::{Verdicts, files, name, set};

/// What came out of an archive.
#[derive(Debug, Default)]
struct Outcome {
    /// Each member that was read to its end, with its size. Archives within were opened and count by their folder.
    read: BTreeMap<String, u64>,
    /// Each member that was named at all.
    named: Vec<String>,
    problems: Vec<String>,
    bytes: u64,
}

fn outcome(path: &Path) -> Outcome {
    let opened = bundle::open(&[path], &Limits::default()).unwrap();
    let mut outcome = Outcome::default();
    for source in &opened.sources {
        // What is told of the archive itself stands under its own name.
        if !source.is_place_holder() || source.path != name(path) {
            outcome.named.push(source.path.clone());
        }
        if source.is_place_holder() {
            continue;
        }
        let result = source.read(|reader| {
            let mut counting = Counting(0);
            let result = std::io::copy(reader, &mut counting);
            (counting.0, result)
        });
        let (bytes, result) = result.unwrap();
        outcome.bytes += bytes;
        match result {
            Ok(_) => drop(outcome.read.insert(source.path.clone(), bytes)),
            Err(error) => outcome.problems.push(format!("{}: {error}", source.path)),
        }
    }
    let told = opened.problems.iter();
    outcome.problems.extend(told.map(|problem| format!("{}: {}", problem.kind.name(), problem.what)));
    outcome
}

struct Counting(u64);

impl std::io::Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Outcome {
    fn tells(&self, word: &str) -> bool {
        self.problems.iter().any(|problem| problem.contains(word))
    }

    /// Problems beyond what is told of names and of links.
    fn troubles(&self) -> Vec<&String> {
        let harmless =
            |problem: &str| problem.starts_with("assumed: ") || problem.contains("a link, not followed");
        self.problems.iter().filter(|problem| !harmless(problem)).collect()
    }

    /// The members of the archive itself: archives among them count once.
    fn members(&self) -> usize {
        let outer = |path: &String| {
            let end = path.find(".cab/").or_else(|| path.find(".zip/")).unwrap_or(path.len());
            path[..end].to_owned()
        };
        let mut all: Vec<String> = self.named.iter().map(outer).collect();
        all.sort();
        all.dedup();
        all.len()
    }
}

/// What the structure of an undamaged cabinet says, read apart from the program.
struct Cabinet {
    flags: u16,
    part: u16,
    methods: Vec<u16>,
    sizes: Vec<u64>,
}

fn cabinet(bytes: &[u8]) -> Option<Cabinet> {
    let u16_at = |at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let u32_at = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if !bytes.starts_with(b"MSCF") || u32_at(8)? as usize != bytes.len() {
        return None;
    }
    let (folders, count, flags) = (usize::from(u16_at(26)?), usize::from(u16_at(28)?), u16_at(30)?);
    let methods = match flags {
        0 => (0..folders).map(|index| Some(u16_at(36 + 8 * index + 6)? & 0xF)).collect::<Option<_>>()?,
        _ => Vec::new(),
    };
    let (mut at, mut sizes) = (u32_at(16)? as usize, Vec::new());
    for _ in 0..count {
        sizes.push(u64::from(u32_at(at)?));
        at += 17 + bytes.get(at + 16..)?.iter().position(|byte| *byte == 0)?;
    }
    sizes.sort_unstable();
    Some(Cabinet { flags, part: u16_at(34)?, methods, sizes })
}

/// What others' programs said of each file: a line of name, tab, what came of it.
fn probes(folder: &Path) -> BTreeMap<String, String> {
    let mut probes = BTreeMap::new();
    for path in files(folder, |name| name.ends_with(".tsv")) {
        let text = std::fs::read_to_string(path).unwrap();
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        probes.extend(lines.map(|(name, what)| (name.to_owned(), what.to_owned())));
    }
    probes
}

/// The first number behind a word.
fn number(text: &str, word: &str) -> Option<usize> {
    let rest = text.split_once(word)?.1.trim_start();
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What is wrong with an outcome, given what others say.
fn judge(path: &Path, bytes: &[u8], outcome: &Outcome, probe: &str) -> Option<String> {
    if outcome.named.is_empty() && outcome.problems.is_empty() {
        return Some("nothing is said of it".to_owned());
    }
    if outcome.bytes > 1000 * bytes.len() as u64 + (1 << 20) {
        return Some(format!("{} bytes from {}", outcome.bytes, bytes.len()));
    }
    if let Some(cabinet) = cabinet(bytes) {
        if cabinet.flags & 3 != 0 && !outcome.tells(&format!("part {} of a set", cabinet.part + 1)) {
            return Some("a part of a set is not told as that".to_owned());
        }
        if cabinet.methods.contains(&2) && !outcome.tells("Quantum") {
            return Some("Quantum is not named".to_owned());
        }
        let whole = number(probe, "files").is_some() && number(probe, "files") == number(probe, "ok");
        let nested = outcome.named.iter().any(|name| name.contains(".cab/"));
        if whole && !nested {
            let mut sizes: Vec<u64> = outcome.read.values().copied().collect();
            sizes.sort_unstable();
            if sizes != cabinet.sizes {
                return Some(format!("sizes {sizes:?}, expected {:?}", cabinet.sizes));
            }
        }
    }
    let encrypted = probe.contains("PasswordRequired") || probe.contains("Password required");
    if encrypted && !outcome.tells("encrypted") && outcome.read.is_empty() {
        return Some("a password is not told".to_owned());
    }
    if let Some((_, rest)) = probe.split_once("UnsupportedCompressionMethod(\"") {
        let method = rest.split('"').next().unwrap_or_default();
        return (!outcome.tells(method)).then(|| format!("{method} is not named"));
    }
    if let Some(count) = number(probe, "files").filter(|_| name(path).ends_with(".cab")) {
        let members = outcome.members();
        return (members != count).then(|| format!("{members} members, expected {count}"));
    }
    let sound = probe.ends_with("errs []") || probe.ends_with("Ok(())");
    let troubles = outcome.troubles();
    let empty = troubles.iter().all(|trouble| trouble.contains("holds no files"));
    (sound && !empty).then(|| format!("{troubles:?}"))
}

/// The names that a listing beside an archive gives, as bytes; other lines are comments.
fn listed(text: &[u8]) -> Vec<&[u8]> {
    let lines = text.split(|byte| *byte == b'\n');
    lines.filter(|line| !line.is_empty() && !line.starts_with(b"#")).collect()
}

/// What upstream's tests know and the files do not tell.
const KNOWN: &[(&str, &[(&str, u64)])] = &[
    ("zip2_chinese.zip", &[("七个房间.txt", 47893)]),
    ("zip2_linux-7z.zip", &[("你好.txt", 0)]),
    ("zip2_windows-7zip.zip", &[("你好.txt", 0)]),
    ("zip2_data_descriptor.zip", &[("hello.txt", 12)]),
    ("zip2_legacy_implode.zip", &[("first.txt", 1092)]),
    ("zip2_legacy_reduce.zip", &[("first.txt", 1092)]),
    ("zip2_legacy_shrink.zip", &[("FIRST.TXT", 1092)]),
    ("zip2_ignore_encryption_flag.zip", &[("plaintext.txt", 28)]),
    ("zip2_non_utf8.zip", &[("中文", 16), ("日文", 18)]),
    ("zip2_xz.zip", &[("hello.txt", 12)]),
    ("libarchive_test_read_format_cab_1.cab", &[("dir1/file1", 60), ("dir2/file2", 78), ("empty", 0)]),
    (
        "libarchive_test_read_format_cab_3.cab",
        &[("dir1/file1", 60), ("dir2/file2", 78), ("empty", 0), ("zero", 33000)],
    ),
    (
        "libarchive_test_read_format_cab_filename_cp932.cab",
        &[("表だよ/一覧表.txt", 5), ("表だよ/漢字.txt", 5)],
    ),
    ("mspack_cabd_normal_2files_1folder.cab", &[("hello.c", 77), ("welcome.c", 74)]),
    (
        "mspack_cabd_search_basic.cab",
        &[("hello (2).c", 77), ("hello.c", 77), ("welcome (2).c", 74), ("welcome.c", 74)],
    ),
    ("mspack_cabs_split-1.cab", &[("small1.bin", 2000)]),
    ("sevenz_solid.7z", &[("test/test1.txt", 3447), ("test/test2.txt", 2654)]),
    ("sevenz_ppmd.7z", &[("apache2.txt", 11356)]),
];

#[test]
fn archives() {
    let Some(folder) = set("archives") else { return };
    let probes = probes(&folder);
    let mut verdicts = Verdicts::new("archives");
    for path in files(&folder, |name| [".cab", ".zip", ".7z"].iter().any(|ending| name.ends_with(ending))) {
        let bytes = std::fs::read(&path).unwrap();
        let (sender, receiver) = mpsc::channel();
        let worker = path.clone();
        std::thread::spawn(move || sender.send(outcome(&worker)));
        // Nothing takes as long, on the slowest machine; a hang does.
        let Ok(outcome) = receiver.recv_timeout(Duration::from_secs(120)) else {
            verdicts.case(name(&path), Some("panics or hangs".to_owned()));
            continue;
        };
        let probe = probes.get(name(&path)).map(String::as_str).unwrap_or_default();
        verdicts.case(name(&path), judge(&path, &bytes, &outcome, probe));
        if let Ok(listing) = std::fs::read(path.with_extension("txt")) {
            let names = listed(&listing);
            let found = outcome.named.iter().filter(|named| !named.ends_with(".cab")).count();
            let wrong = format!("{found} members, the listing has {}", names.len());
            verdicts.case(&format!("{} listing", name(&path)), (found != names.len()).then_some(wrong));
        }
        if let Some((_, expected)) = KNOWN.iter().find(|(known, _)| *known == name(&path)) {
            let expected: BTreeMap<String, u64> =
                expected.iter().map(|(name, size)| ((*name).to_owned(), *size)).collect();
            let wrong = format!("{:?}", outcome.read);
            verdicts.case(&format!("{} members", name(&path)), (outcome.read != expected).then_some(wrong));
        }
    }
    verdicts.finish();
}
