//! Speed of reading listings with two million entries, over text made in memory.

use std::fmt::Write as _;

use divan::Bencher;
use divan::counter::BytesCount;
use sitedx::model::SourceId;
use sitedx::parse::PARSERS;

fn main() {
    divan::main();
}

const ENTRIES: u32 = 2_000_000;

/// The words and digits of a system.
struct System {
    volume: &'static str,
    folder: &'static str,
    /// Date and time of every entry.
    time: &'static str,
    thousands: &'static str,
    files: &'static str,
    folders: &'static str,
    bytes: &'static str,
    total: &'static str,
}

const ENGLISH: System = System {
    volume: " Volume in drive D is DATA\r\n Volume Serial Number is 1234-5678\r\n",
    folder: " Directory of ",
    time: "12/07/2019  02:09 AM",
    thousands: ",",
    files: "File(s)",
    folders: "Dir(s)",
    bytes: "bytes",
    total: "     Total Files Listed:",
};

const GERMAN: System = System {
    volume: " Datentr\u{e4}ger in Laufwerk D: ist DATEN\r\n Volumeseriennummer: 1234-5678\r\n",
    folder: " Verzeichnis von ",
    time: "17.12.2019  18:31",
    thousands: ".",
    files: "Datei(en),",
    folders: "Verzeichnis(se),",
    bytes: "Bytes",
    total: "     Anzahl der angezeigten Dateien:",
};

/// A `dir /s` of folders with so many files each; a name in eight has an umlaut.
fn listing(system: &System, files: u32) -> String {
    let System { volume, folder, time, thousands, files: count, folders, bytes, total } = system;
    let size = |number: u32| format!("{}{thousands}{:03}", number % 900 + 1, number % 1000);
    let mut text = format!("{volume}\r\n");
    let rows = ENTRIES / files;
    let mut all = 0;
    for number in 0..rows {
        let _ = write!(text, "{folder}D:\\SMS\\inboxes\\folder{number:06}\r\n\r\n");
        for dots in [".", ".."] {
            let _ = write!(text, "{time}    <DIR>          {dots}\r\n");
        }
        let mut sum = 0;
        for file in 0..files {
            let key = number.wrapping_mul(31).wrapping_add(file);
            let name = if system.thousands == "." && file % 8 == 0 { "\u{dc}bergabe" } else { "SMSfile_" };
            let _ = write!(text, "{time}{:>18} {name}{file:07}.DDR\r\n", size(key));
            sum += u64::from(key % 900 + 1) * 1000 + u64::from(key % 1000);
        }
        all += sum;
        let _ = write!(text, "{files:>16} {count}{sum:>15} {bytes}\r\n\r\n");
    }
    let _ = write!(text, "{total}\r\n{:>16} {count}{all:>15} {bytes}\r\n", rows * files);
    let _ = write!(
        text,
        "{:>16} {folders}{:>15} {bytes} {}\r\n",
        rows * 2,
        9999,
        if *bytes == "bytes" { "free" } else { "frei" }
    );
    text
}

fn read(bencher: Bencher<'_, '_>, bytes: &[u8]) {
    let console = PARSERS.iter().find(|parser| parser.name() == "console").expect("the parser of captures");
    let parsed = console.parse(SourceId(0), "dir.txt", bytes);
    assert_eq!(
        (parsed.understood, parsed.problems.len()),
        (parsed.lines, 0),
        "{:?}",
        parsed.problems.first()
    );
    assert!(!parsed.coverage.is_empty());
    drop(parsed);
    bencher.counter(BytesCount::of_slice(bytes)).bench(|| console.parse(SourceId(0), "dir.txt", bytes));
}

#[divan::bench(sample_count = 10)]
fn many_folders(bencher: Bencher<'_, '_>) {
    read(bencher, listing(&ENGLISH, 40).as_bytes());
}

#[divan::bench(sample_count = 10)]
fn one_folder(bencher: Bencher<'_, '_>) {
    read(bencher, listing(&ENGLISH, ENTRIES).as_bytes());
}

#[divan::bench(sample_count = 10)]
fn german_in_code_page_850(bencher: Bencher<'_, '_>) {
    let oem = |c: char| match c {
        'ä' => 0x84,
        'Ü' => 0x9A,
        c => c as u8,
    };
    let bytes: Vec<u8> = listing(&GERMAN, 40).chars().map(oem).collect();
    read(bencher, &bytes);
}
