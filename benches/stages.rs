//! Speed of each stage and of a whole run, over text made in memory.

use std::hint::black_box;
use std::io::{Cursor, Write as _};

use divan::Bencher;
use divan::counter::BytesCount;
use sitedx::bundle::{Opened, Source, in_memory};
use sitedx::catalog::{Cases, Catalog, Packs};
use sitedx::correlate::World;
use sitedx::custody::Hashes;
use sitedx::facts::{Assignment, Capture, Host};
use sitedx::intake::Intake;
use sitedx::model::SourceId;
use sitedx::parse::log::{EventForm, each_record, read, read_events};
use sitedx::parse::{PARSERS, Parsed};
use sitedx::pipeline::{analyze, assignments, gather, read_all};
use sitedx::report::{Format, Options, render};
use sitedx::text::{Encoding, Runs, Streamed};

#[path = "support/captures.rs"]
mod captures;
#[path = "support/corpus.rs"]
mod corpus;

use corpus::Framing;

fn main() {
    divan::main();
}

/// Bytes of one log.
const BYTES: u64 = 3_000_000;
const SEED: u64 = 42;

/// How the bytes of a log are written, for the name of a benchmark.
#[derive(Clone, Copy, Debug)]
enum Bytes {
    Plain,
    CodePage,
    Utf16,
}

/// A log whose text is the same in each encoding. Letters that are not ASCII are in a line of eight, so that the code
/// page has work.
fn encoded(bytes: Bytes) -> (Vec<u8>, Encoding) {
    let log = corpus::log(Framing::Sms2, 0, BYTES, SEED);
    let mut text = Encoding::Ansi.decode(&log).into_owned();
    match bytes {
        Bytes::Plain => (text.into_bytes(), Encoding::Utf8),
        Bytes::CodePage => {
            text = text.replace("inbox", "Eingang f\u{fc}r");
            (text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect(), Encoding::Ansi)
        }
        Bytes::Utf16 => (text.encode_utf16().flat_map(u16::to_le_bytes).collect(), Encoding::Utf16Le),
    }
}

/// Bytes to text, all at once.
#[divan::bench(args = [Bytes::Plain, Bytes::CodePage, Bytes::Utf16])]
fn decode(bencher: Bencher<'_, '_>, bytes: Bytes) {
    let (bytes, encoding) = encoded(bytes);
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| encoding.decode(black_box(&bytes)).len());
}

/// Bytes to lines, through the buffers that logs are read with.
#[divan::bench(args = [Bytes::Plain, Bytes::CodePage, Bytes::Utf16])]
fn lines(bencher: Bencher<'_, '_>, bytes: Bytes) {
    let (bytes, encoding) = encoded(bytes);
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        let (mut reader, mut length, mut done) = (bytes.as_slice(), 0, Streamed::default());
        let mut runs = Runs::new(&mut reader, encoding);
        while let Some(run) = runs.next_run() {
            run.piece().lines(&mut done, &mut |line| length += line.text.len());
        }
        (length, done.lines)
    });
}

#[divan::bench(args = [Framing::Sms2, Framing::ConfigMgr, Framing::Ccm, Framing::Setup])]
fn records(bencher: Bencher<'_, '_>, framing: Framing) {
    let catalog = Catalog::built_in();
    let bytes = corpus::log(framing, 0, BYTES, SEED);
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        let mut count = 0_u64;
        let each = &mut |_: &sitedx::grammar::Record<'_>| count += 1;
        let _ = each_record(&mut bytes.as_slice(), Encoding::Utf8, &catalog.grammars, each);
        count
    });
}

#[divan::bench(args = [Bytes::Plain, Bytes::CodePage, Bytes::Utf16])]
fn log_with_signatures(bencher: Bencher<'_, '_>, bytes: Bytes) {
    let catalog = Catalog::built_in();
    let (bytes, encoding) = encoded(bytes);
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| {
        read(SourceId(0), "hman.log", &mut bytes.as_slice(), encoding, catalog.log_context()).0.records
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

#[divan::bench(args = ["registry_text", "console"])]
fn state(bencher: Bencher<'_, '_>, name: &str) {
    let bytes = match name {
        "registry_text" => captures::registry_export(1_000_000),
        _ => captures::listing(1_000_000),
    };
    let parser = PARSERS.iter().find(|parser| parser.name() == name).expect("a parser of this name");
    bencher
        .counter(BytesCount::of_slice(&bytes))
        .bench(|| parser.parse(SourceId(0), "capture", &bytes).facts.len());
}

/// Logs of one server, packed in each way, to where they can be read.
#[divan::bench(args = ["zip", "tar.gz", "7z"])]
fn unpack(bencher: Bencher<'_, '_>, kind: &str) {
    let text = corpus::log(Framing::Sms2, 0, BYTES, SEED);
    let names: Vec<String> = (0..10).map(|number| format!("SMS/Logs/log{number}.log")).collect();
    let archive = match kind {
        "zip" => {
            let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for name in &names {
                writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("memory takes all");
                writer.write_all(text.as_slice()).expect("memory takes all");
            }
            writer.finish().expect("memory takes all").into_inner()
        }
        "tar.gz" => {
            let writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            let mut builder = tar::Builder::new(writer);
            for name in &names {
                let mut header = tar::Header::new_gnu();
                header.set_size(text.len() as u64);
                builder.append_data(&mut header, name, text.as_slice()).expect("memory takes all");
            }
            builder.into_inner().and_then(|writer| writer.finish()).expect("memory takes all")
        }
        _ => {
            let mut writer =
                sevenz_rust2::ArchiveWriter::new(Cursor::new(Vec::new())).expect("memory takes all");
            let entries = names.iter().map(|name| sevenz_rust2::ArchiveEntry::new_file(name)).collect();
            let readers = names.iter().map(|_| sevenz_rust2::SourceReader::new(text.as_slice())).collect();
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

/// Logs and captures of eight servers.
fn bundle() -> (Opened, u64) {
    let mut files: Vec<(String, Vec<u8>)> = corpus::files(2 * BYTES, SEED).collect();
    for site in 0..8 {
        files.push((format!("site{site}/services.reg"), captures::registry_export(100_000)));
        files.push((format!("site{site}/dir_d.txt"), captures::listing(100_000)));
    }
    let bytes = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    (in_memory("bench", files), bytes)
}

/// What was read of all sources to the facts of each server.
#[divan::bench(sample_count = 20)]
fn index(bencher: Bencher<'_, '_>) {
    let catalog = Catalog::load(&Packs::default(), Cases::Skipped).0;
    let opened = bundle().0;
    let read = || {
        let intakes = read_all(&opened.sources, catalog.log_context(), Hashes::Left, |_| {});
        (assignments(&opened, &intakes), intakes)
    };
    bencher.with_inputs(read).bench_values(|(assignments, intakes)| {
        let mut intakes: Vec<Option<Intake>> = intakes.into_iter().map(Some).collect();
        let host = |assignment: &Assignment| {
            let (mut captures, mut logs) = (Vec::new(), Vec::new());
            for id in &assignment.sources {
                let Some(intake) = intakes[id.0 as usize].take() else { continue };
                logs.extend(intake.log);
                let capture = |it: Parsed| Capture { facts: it.facts, coverage: it.coverage };
                captures.extend(intake.parsed.map(capture));
            }
            Host::new(assignment, captures, logs)
        };
        World::new(assignments.iter().map(host).collect(), &catalog.signatures)
    });
}

/// All signatures asked about all servers.
#[divan::bench]
fn verdicts(bencher: Bencher<'_, '_>) {
    let catalog = Catalog::load(&Packs::default(), Cases::Skipped).0;
    let signatures = &catalog.signatures;
    let gathered = gather(&bundle().0, catalog.log_context(), signatures, Hashes::Left, |_| {});
    bencher.bench(|| gathered.report_of(&signatures.all, signatures).diagnoses.len());
}

#[divan::bench(args = [Format::Text, Format::Json])]
fn report(bencher: Bencher<'_, '_>, format: Format) {
    let catalog = Catalog::load(&Packs::default(), Cases::Skipped).0;
    let report = analyze(&bundle().0, &catalog, Hashes::Left, |_| {});
    bencher.bench(|| render(&report, format, &Options::default()).len());
}

#[divan::bench(args = [Hashes::Left, Hashes::Told])]
fn whole_run(bencher: Bencher<'_, '_>, hashes: Hashes) {
    let catalog = Catalog::load(&Packs::default(), Cases::Skipped).0;
    let (opened, bytes) = bundle();
    bencher.counter(BytesCount::new(bytes)).bench(|| analyze(&opened, &catalog, hashes, |_| {}).hosts.len());
}
