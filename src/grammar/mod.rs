//! Log grammars: files that say how a log frames its records, compiled and run over lines. Also catalogues: logs, zones, events.

mod enclosed;
mod event_texts;
mod file;
mod frame;
mod language;
mod layout;
mod logs;
mod making;
mod reader;
mod record;
mod step;
mod tails;
mod told;
mod zones;

pub use event_texts::EventTexts;
pub use file::{Expected, Grammar, Sample};
pub use frame::Frame;
pub use logs::{LogicalLog, Logs, generation};
pub use reader::Reader;
pub use record::{Framing, Record};
pub use zones::Zones;

use memchr::memmem::Finder;

/// Every grammar, in the order in which they are tried, and the time zones they may name.
#[derive(Debug, Default)]
pub struct Grammars {
    pub all: Vec<Grammar>,
    pub zones: Zones,
    /// Texts of which one stands in every line that a tail ends.
    marks: Vec<Finder<'static>>,
}

impl Grammars {
    /// Puts the grammars in the order of their ranks.
    pub fn new(mut all: Vec<Grammar>, zones: Zones) -> Self {
        all.sort_by(|a, b| (a.rank, &a.name).cmp(&(b.rank, &b.name)));
        let marks = tails::marks(&all);
        Self { all, zones, marks }
    }
}

#[cfg(test)]
pub use tests::built_in;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Stamp;
    use crate::text::RawLine;
    use proptest::prelude::*;

    /// The built-in grammars, read from the folder that a person edits.
    pub fn built_in() -> Grammars {
        let files = crate::bundle::text_files(std::path::Path::new("grammars")).unwrap().0;
        let (mut all, mut zones) = (Vec::new(), Zones::default());
        let is_catalogue =
            |path: &str| ["logs.toml", "event-texts.toml"].iter().any(|name| path.ends_with(name));
        for file in files.iter().filter(|file| !is_catalogue(&file.path)) {
            let told = |mistakes: Vec<crate::authoring::Mistake>| -> String {
                mistakes.iter().map(|mistake| format!("{mistake}\n")).collect()
            };
            if file.path.ends_with("zones.toml") {
                zones = Zones::read(&file.path, &file.text).map_err(told).unwrap();
            } else {
                all.push(Grammar::read(&file.path, &file.text).map_err(told).unwrap());
            }
        }
        Grammars::new(all, zones)
    }

    fn raw(line: &str, index: usize, offset: u64) -> RawLine<'_> {
        let length = line.len() as u32;
        RawLine { text: line.as_bytes(), number: index as u32 + 1, offset, length, exact: true }
    }

    /// Each record as `grammar|message|component|time|thread|severity|line+lines`.
    fn records(grammars: &Grammars, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut emit = |record: &Record<'_>| {
            let time = record.local.map(|local| Stamp { local, zone: record.zone }.display());
            found.push(format!(
                "{}|{}|{}|{}|{}|{}|{}+{}",
                record.framing.name(grammars).unwrap_or_default(),
                String::from_utf8_lossy(record.message),
                String::from_utf8_lossy(record.component),
                time.unwrap_or_default(),
                record.thread.map(|it| it.to_string()).unwrap_or_default(),
                record.severity.map(|it| it.to_string()).unwrap_or_default(),
                record.line,
                record.lines,
            ));
        };
        let mut reader = Reader::new(grammars);
        let mut offset = 0;
        for (number, line) in text.split('\n').enumerate() {
            reader.line(&raw(line, number, offset), &mut emit);
            offset += line.len() as u64 + 1;
        }
        reader.end(&mut emit);
        found
    }

    #[test]
    fn every_grammar_reads_its_own_samples_among_all_others() {
        let grammars = built_in();
        let mut wrong = Vec::new();
        for grammar in &grammars.all {
            for sample in &grammar.samples {
                let found = records(&grammars, sample.lines.trim_end_matches('\n'));
                if found.len() != sample.records.len() {
                    wrong.push(format!("{}: {} records: {found:#?}", grammar.name, found.len()));
                    continue;
                }
                for (found, expected) in found.iter().zip(&sample.records) {
                    let parts: Vec<&str> = found.split('|').collect();
                    // What was cut off stays a line without a frame.
                    let same = (parts[0] == grammar.name || parts[0].is_empty())
                        && parts[1] == expected.message
                        && expected.component.as_deref().is_none_or(|it| it == parts[2])
                        && expected.time.as_deref().is_none_or(|it| it == parts[3])
                        && expected.thread.is_none_or(|it| it.to_string() == parts[4])
                        && expected.severity.is_none_or(|it| it.to_string() == parts[5]);
                    if !same {
                        wrong.push(format!("{}: read {found}\n   expected {expected:?}", grammar.name));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn places_are_those_of_the_raw_bytes() {
        let grammars = built_in();
        let text = "   first half\n   second $$<A><Mon Dec 04 15:41:45 1995~><thread=E0>\nnext\n";
        let mut reader = Reader::new(&grammars);
        let mut spans = Vec::new();
        let mut emit =
            |record: &Record<'_>| spans.push((record.offset, record.length, record.line, record.lines));
        let mut offset = 0;
        for (number, line) in text.lines().enumerate() {
            reader.line(&raw(line, number, offset), &mut emit);
            offset += line.len() as u64 + 1;
        }
        reader.end(&mut emit);
        let shown: Vec<&str> =
            spans.iter().map(|it| &text[it.0 as usize..it.0 as usize + it.1 as usize]).collect();
        assert_eq!(shown, ["first half\n   second $$<A><Mon Dec 04 15:41:45 1995~><thread=E0>", "next"]);
        assert_eq!(spans[1].2, 3);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_no_byte_belongs_to_two_records(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "$$<A>", "<Mon Dec 04 15:41:45 1995~>", "<thread=E0>", "\n", " ", "text", "<![LOG[", "]LOG]!>",
                    "<time=\"06:37:51.201-660\" date=\"11-28-2012\" component=\"e\" context=\"\" type=\"3\" thread=\"2\" file=\"\">",
                    "11-22-1996 13:42:14 ", "[18D][Fri 03/17/2000 16:08:23]:", "\r", "\u{e9}", "$$",
                ]),
                0..40,
            )
        ) {
            let grammars = built_in();
            let text = pieces.concat();
            let mut reader = Reader::new(&grammars);
            let mut end = 0;
            let mut emit = |record: &Record<'_>| {
                assert!(end <= record.offset, "{text:?}");
                end = record.offset + u64::from(record.length);
                assert!(end <= text.len() as u64);
            };
            let mut offset = 0;
            for (number, line) in text.split('\n').enumerate() {
                reader.line(&raw(line, number, offset), &mut emit);
                offset += line.len() as u64 + 1;
            }
            reader.end(&mut emit);
        }
    }
}
