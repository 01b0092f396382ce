//! Speed of each stage and of a whole run, over text made in memory.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use divan::Bencher;
use divan::counter::BytesCount;
use sitedx::bundle::{Source, in_memory};
use sitedx::catalog::Catalog;
use sitedx::model::SourceId;
use sitedx::parse::PARSERS;
use sitedx::parse::log::{EventForm, each_record, read, read_events};
use sitedx::pipeline::analyze;
use sitedx::text::Encoding;

fn main() {
    divan::main();
}

/// A trace of SMS 2.0 with an error line in a thousand.
fn trace(lines: usize) -> String {
    let mut text = String::new();
    for number in 0..lines {
        let (minute, second, part) = (number / 60 % 60, number % 60, number % 1000);
        let message = match number % 1000 {
            0 => format!("Cannot connect to registry of SRV{part:03}, Win32 error = 53"),
            _ => format!("Processing file D:\\SMS\\inboxes\\ddm.box\\{number:08X}.DDR for system {part}"),
        };
        let _ = writeln!(
            text,
            "{message}  $$<SMS_DISCOVERY_DATA_MANAGER><Fri Mar 26 10:{minute:02}:{second:02}.{part:03} 1999 Eastern Standard Time><thread=281 (0x119)>\r"
        );
    }
    text
}

/// A setup log, whose times come first.
fn setup(lines: usize) -> String {
    (0..lines)
        .map(|number| {
            format!("<03-26-1999 10:{:02}:{:02}> Installing file {number}\r\n", number / 60 % 60, number % 60)
        })
        .collect()
}

#[divan::bench(args = ["trace", "setup"])]
fn records(bencher: Bencher<'_, '_>, kind: &str) {
    let catalog = Catalog::built_in();
    let text = if kind == "trace" { trace(20_000) } else { setup(40_000) };
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        let mut count = 0_u64;
        let each = &mut |_: &sitedx::grammar::Record<'_>| count += 1;
        let _ = each_record(&mut text.as_bytes(), Encoding::Utf8, &catalog.grammars, each);
        count
    });
}

#[divan::bench]
fn log_with_signatures(bencher: Bencher<'_, '_>) {
    let catalog = Catalog::built_in();
    let text = trace(20_000);
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        read(SourceId(0), "ddm.log", &mut text.as_bytes(), Encoding::Utf8, catalog.log_context()).0.records
    });
}

#[divan::bench(args = [EventForm::File, EventForm::Text])]
fn event_log(bencher: Bencher<'_, '_>, form: EventForm) {
    let catalog = Catalog::built_in();
    let sample: &[u8] = include_bytes!("../samples/events/AppEvent.Evt");
    let bytes = match form {
        // Copies behind one another are a damaged log, in which each event is found.
        EventForm::File => sample.repeat(1000),
        EventForm::Text => include_bytes!("../samples/events/dumpel_application.txt").repeat(4000),
    };
    bencher
        .counter(BytesCount::of_slice(&bytes))
        .bench(|| read_events(SourceId(0), "AppEvent.Evt", &bytes, form, catalog.log_context()).records);
}

#[divan::bench]
fn registry_export(bencher: Bencher<'_, '_>) {
    let mut text = String::from("REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE]\r\n\r\n");
    for number in 0..10_000 {
        let _ = write!(
            text,
            "[HKEY_LOCAL_MACHINE\\SOFTWARE\\K{number}]\r\n\"Name\"=\"D:\\\\SMS\\\\{number}\"\r\n\"Start\"=dword:00000002\r\n\r\n"
        );
    }
    state(bencher, "registry_text", &text);
}

fn state(bencher: Bencher<'_, '_>, name: &str, text: &str) {
    let parser = PARSERS.iter().find(|parser| parser.name() == name).expect("a parser of this name");
    bencher
        .counter(BytesCount::of_str(text))
        .bench(|| parser.parse(SourceId(0), "capture", text.as_bytes()).facts.len());
}

/// Logs of one server, packed in each way, to where they can be read.
#[divan::bench(args = ["zip", "tar.gz", "7z"])]
fn unpack(bencher: Bencher<'_, '_>, kind: &str) {
    let text = trace(20_000);
    let names: Vec<String> = (0..10).map(|number| format!("SMS/Logs/log{number}.log")).collect();
    let archive = match kind {
        "zip" => {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for name in &names {
                writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory takes all");
                writer.write_all(text.as_bytes()).expect("memory takes all");
            }
            writer.finish().expect("memory takes all").into_inner()
        }
        "tar.gz" => {
            let writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            let mut builder = tar::Builder::new(writer);
            for name in &names {
                let mut header = tar::Header::new_gnu();
                header.set_size(text.len() as u64);
                builder.append_data(&mut header, name, text.as_bytes()).expect("memory takes all");
            }
            builder.into_inner().and_then(|writer| writer.finish()).expect("memory takes all")
        }
        _ => {
            let mut writer =
                sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).expect("memory takes all");
            let entries = names.iter().map(|name| sevenz_rust2::ArchiveEntry::new_file(name)).collect();
            let readers = names.iter().map(|_| sevenz_rust2::SourceReader::new(text.as_bytes())).collect();
            writer.push_archive_entries(entries, readers).expect("memory takes all");
            writer.finish().expect("memory takes all").into_inner()
        }
    };
    bencher.counter(BytesCount::new(text.len() * names.len())).bench(|| {
        let opened = in_memory("bench", vec![(format!("SRV1.{kind}"), archive.clone())]);
        let read = |source: &Source| source.read(|reader| std::io::copy(reader, &mut std::io::sink()));
        opened.sources.iter().filter_map(|source| read(source).ok()?.ok()).sum::<u64>()
    });
}

#[divan::bench]
fn whole_run(bencher: Bencher<'_, '_>) {
    let catalog = Catalog::built_in();
    let (hman, setup) = (trace(20_000), setup(20_000));
    let files = vec![
        ("SRV1/SMS/Logs/hman.log".to_owned(), hman.clone().into_bytes()),
        ("SRV1/C_drive/SMSSETUP.LOG".to_owned(), setup.clone().into_bytes()),
    ];
    let opened = in_memory("bench", files);
    let bytes = hman.len() + setup.len();
    bencher.counter(BytesCount::new(bytes)).bench(|| analyze(&opened, &catalog, |_| {}).hosts.len());
}
