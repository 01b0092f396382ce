//! Runs one stage so often as is asked, for tools that count instructions: `gate STAGE REPEATS`. See `.ci/speed`.

use std::env;
use std::hint::black_box;

use sitedx::bundle::{Opened, in_memory};
use sitedx::catalog::{Cases, Catalog, Packs};
use sitedx::custody::Hashes;
use sitedx::model::SourceId;
use sitedx::parse::PARSERS;
use sitedx::parse::log::{each_record, read};
use sitedx::pipeline::analyze;
use sitedx::text::Encoding;

#[path = "support/captures.rs"]
mod captures;
#[path = "support/corpus.rs"]
mod corpus;

use corpus::Framing;

/// Bytes of the logs; captures have half of it.
const BYTES: u64 = 2_000_000;
const SEED: u64 = 42;

fn main() -> Result<(), String> {
    // `cargo bench` alone passes an option of its own and asks for nothing.
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let [stage, repeats] = words.as_slice() else { return Ok(()) };
    let repeats: usize = repeats.parse().map_err(|_| format!("`{repeats}` is no number"))?;
    // One thread, so that what is counted does not depend on who waits for whom.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|error| error.to_string())?;
    pool.install(|| run(stage, repeats))
}

fn run(stage: &str, repeats: usize) -> Result<(), String> {
    match stage {
        "frame" => {
            let (catalog, logs) = (catalog(), logs());
            repeat(repeats, || {
                let mut records = 0;
                for (_, bytes) in &logs {
                    let each = &mut |_: &sitedx::grammar::Record<'_>| records += 1;
                    each_record(&mut bytes.as_slice(), Encoding::Utf8, &catalog.grammars, each)
                        .expect("memory can be read");
                }
                records
            });
        }
        "match" => matched(&logs(), Encoding::Utf8, repeats),
        "utf16" => matched(&wide(logs()), Encoding::Utf16Le, repeats),
        "analyze" => analyzed(Hashes::Left, repeats),
        "hashes" => analyzed(Hashes::Told, repeats),
        "catalog" => {
            repeat(repeats, || Catalog::load(&Packs::default(), Cases::Skipped).0.signatures.all.len());
        }
        "registry" => parsed("registry_text", &captures::registry_export(BYTES as usize / 2), repeats),
        "listing" => parsed("console", &captures::listing(BYTES as usize / 2), repeats),
        _ => return Err(format!("no stage is named `{stage}`")),
    }
    Ok(())
}

fn repeat(repeats: usize, mut stage: impl FnMut() -> usize) {
    for _ in 0..repeats {
        // A stage that finds nothing was given what it does not understand.
        assert_ne!(black_box(stage()), 0, "the stage did nothing");
    }
}

fn catalog() -> Catalog {
    Catalog::load(&Packs::default(), Cases::Skipped).0
}

/// One log of each framing, with names that signatures know.
fn logs() -> Vec<(&'static str, Vec<u8>)> {
    let framings = [
        ("hman.log", Framing::Sms2),
        ("distmgr.log", Framing::ConfigMgr),
        ("CcmExec.log", Framing::Ccm),
        ("SMSSETUP.LOG", Framing::Setup),
    ];
    framings.map(|(name, framing)| (name, corpus::log(framing, 0, BYTES / 4, SEED))).to_vec()
}

fn wide(logs: Vec<(&'static str, Vec<u8>)>) -> Vec<(&'static str, Vec<u8>)> {
    let wide = |bytes: Vec<u8>| {
        let text = Encoding::Ansi.decode(&bytes);
        format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    logs.into_iter().map(|(name, bytes)| (name, wide(bytes))).collect()
}

fn matched(logs: &[(&str, Vec<u8>)], encoding: Encoding, repeats: usize) {
    let catalog = catalog();
    repeat(repeats, || {
        let one = |(name, bytes): &(&str, Vec<u8>)| {
            read(SourceId(0), name, &mut bytes.as_slice(), encoding, catalog.log_context()).0.records as usize
        };
        logs.iter().map(one).sum()
    });
}

fn analyzed(hashes: Hashes, repeats: usize) {
    let catalog = catalog();
    let opened: Opened = in_memory("gate", corpus::files(BYTES, SEED).collect());
    repeat(repeats, || analyze(&opened, &catalog, hashes, |_| {}).hosts.len());
}

fn parsed(name: &str, bytes: &[u8], repeats: usize) {
    let parser = PARSERS.iter().find(|parser| parser.name() == name).expect("a parser of this name");
    repeat(repeats, || {
        let parsed = parser.parse(SourceId(0), "capture", bytes);
        assert!(parsed.problems.is_empty(), "{:?}", parsed.problems.first());
        parsed.facts.len()
    });
}
