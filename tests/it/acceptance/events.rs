//! Event log files, INI files, site control files and maps of Setup.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sitedx::catalog::Catalog;
use sitedx::grammar::Record;
use sitedx::model::{Fact, SourceId};
use sitedx::parse::Parsed;
use sitedx::parse::log::{EventForm, each_event};

use super::{Verdicts, files, json, name, parse, set};

fn has_ending(name: &str, ending: &str) -> bool {
    name.to_lowercase().ends_with(ending)
}

fn number(bytes: &[u8], at: usize) -> usize {
    let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, |bytes| u32::from_le_bytes(bytes) as usize)
}

/// All places of some bytes.
fn places(bytes: &[u8], wanted: &[u8]) -> Vec<usize> {
    (0..bytes.len()).filter(|at| bytes[*at..].starts_with(wanted)).collect()
}

/// The oldest number of a log and the one behind the newest, as its end record says, or else its header.
fn bounds(bytes: &[u8]) -> (usize, usize) {
    let end = places(bytes, &[0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22, 0x33, 0x33, 0x33, 0x33]);
    match end.as_slice() {
        [.., at] => (number(bytes, at + 28), number(bytes, at + 24)),
        [] => (number(bytes, 28), number(bytes, 24)),
    }
}

#[test]
fn event_log_files_hold_the_events_that_they_count() {
    let Some(folder) = set("eventlog") else { return };
    let texts = Catalog::built_in().event_texts;
    let mut verdicts = Verdicts::new("event_log_files");
    for path in files(&folder, |name| has_ending(name, ".evt")) {
        let bytes = fs::read(&path).unwrap();
        let (oldest, next) = bounds(&bytes);
        let marked =
            places(&bytes[8.min(bytes.len())..], b"LfLe").into_iter().map(|at| number(&bytes, at + 12));
        let wanted = marked.filter(|number| (oldest..next).contains(number)).collect::<BTreeSet<_>>().len();
        let (mut count, mut unnamed) = (0, 0);
        let mut times = Vec::new();
        let mut each = |record: &Record<'_>| {
            count += 1;
            unnamed += usize::from(record.component.is_empty());
            times.extend(record.local);
            assert!(record.message.starts_with(b"Event "));
            assert!(record.offset + u64::from(record.length) <= bytes.len() as u64);
        };
        each_event(SourceId(0), &bytes, EventForm::File, &texts, &mut each);
        let wrong = if (count, unnamed, times.len()) != (wanted, 0, count) {
            Some(format!(
                "{count} events, {unnamed} without a source, {} times, expected {wanted}",
                times.len()
            ))
        } else if times.first() > times.last() {
            Some("the first event is later than the last".to_owned())
        } else {
            None
        };
        verdicts.case(name(&path), wrong);
    }
    verdicts.finish();
}

/// The values of a name, in their order; letter case does not count.
fn values<'a>(parsed: &'a Parsed, wanted_section: &str, wanted: &str) -> Vec<&'a str> {
    let value = |fact: &'a Fact| match fact {
        Fact::Setting { section, name, value, .. } => {
            let same = section.eq_ignore_ascii_case(wanted_section) && name.eq_ignore_ascii_case(wanted);
            same.then_some(&**value)
        }
        _ => None,
    };
    parsed.facts.iter().filter_map(|fact| value(&fact.value)).collect()
}

/// What another reader of INI files says that Windows does not, or says otherwise.
fn differs(parsed: &Parsed, text: &str, section: &str, name: &str, oracle: &[&str]) -> Option<String> {
    let own = values(parsed, section, name);
    // The other reader takes lines with a `:` or with nothing for values; Windows ignores them, which is told.
    let is_ours =
        |line: &str| line.split_once('=').is_some_and(|(found, _)| found.trim().eq_ignore_ascii_case(name));
    if own.is_empty() && !text.lines().any(is_ours) {
        return parsed.problems.is_empty().then(|| format!("[{section}] {name}: ignored without a word"));
    }
    // Its values go on over indented lines, and end before ` ;` and ` #`; those of Windows do neither.
    let same = |(own, oracle): (&&str, &&str)| {
        let first = oracle.lines().next().unwrap_or_default();
        *own == first || own.strip_prefix(first).is_some_and(|rest| rest.trim_start().starts_with([';', '#']))
    };
    let all = own.len() >= oracle.len() && own.iter().zip(oracle).all(same);
    (!all).then(|| format!("[{section}] {name}: {own:?}, expected {oracle:?}"))
}

#[test]
fn ini_files_have_the_values_that_others_find() {
    let Some(folder) = set("ini") else { return };
    let mut verdicts = Verdicts::new("ini");
    for path in files(&folder, |name| has_ending(name, ".ini")) {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let parsed =
            parse(name(&path), &bytes).filter(|(reader, _)| *reader == "ini").map(|(_, parsed)| parsed);
        let Some(parsed) = parsed else {
            verdicts.case(name(&path), Some("not taken for an INI file".to_owned()));
            continue;
        };
        for oracle in [path.with_extension("json"), duplicates(&path)].iter().filter(|path| path.is_file()) {
            let mut wrong = Vec::new();
            let sections = json(oracle);
            for (section, entries) in sections.as_object().into_iter().flatten() {
                for (entry, value) in entries.as_object().into_iter().flatten() {
                    let list =
                        value.as_array().map(|list| list.iter().filter_map(|it| it.as_str()).collect());
                    let wanted: Vec<&str> = list.unwrap_or_else(|| value.as_str().into_iter().collect());
                    wrong.extend(differs(&parsed, &text, section, entry, &wanted));
                }
            }
            verdicts.case(name(oracle), (!wrong.is_empty()).then(|| wrong.join("; ")));
        }
    }
    verdicts.finish();
}

/// The oracle that lists all values of a name: `jc_ini-dup-test.json` beside `jc_ini-test.ini`.
fn duplicates(path: &Path) -> std::path::PathBuf {
    path.with_file_name(name(path).replacen("ini-", "ini-dup-", 1)).with_extension("json")
}

/// What a line of an excerpt must be read as.
fn starts_property(line: &str) -> bool {
    let line = line.trim_start();
    let rest =
        line.get(..8).filter(|word| word.eq_ignore_ascii_case("property")).map(|_| line[8..].trim_start());
    rest.is_some_and(|rest| rest.starts_with('<'))
}

#[test]
fn excerpts_of_site_control_files_give_every_property() {
    let Some(folder) = set("kb_excerpts") else { return };
    let mut verdicts = Verdicts::new("site_control");
    let wanted = |name: &str| ["sitectrl", "install_map"].iter().any(|start| name.starts_with(start));
    for path in files(&folder, wanted) {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        let properties = lines.iter().filter(|line| starts_property(line)).count();
        let found = parse(name(&path), &bytes).filter(|(reader, _)| *reader == "site_control");
        let wrong = match found {
            // An excerpt that only speaks of such files is none.
            None if properties == 0 => None,
            None => Some("not taken for a site control file".to_owned()),
            Some((_, parsed)) => {
                let of_property = |line: u32| {
                    line.checked_sub(1)
                        .and_then(|at| lines.get(at as usize))
                        .is_some_and(|line| starts_property(line))
                };
                let facts = parsed.facts.iter().filter(|fact| of_property(fact.origin.line)).count();
                let told = parsed.problems.len() as u32 + parsed.untold;
                let silent = (parsed.lines - parsed.understood).saturating_sub(told);
                ((facts, silent) != (properties, 0))
                    .then(|| format!("{facts} of {properties} properties, {silent} lines without a word"))
            }
        };
        verdicts.case(name(&path), wrong);
    }
    verdicts.finish();
}

#[test]
fn excerpts_of_ini_files_leave_no_line_untold() {
    let Some(folder) = set("kb_excerpts") else { return };
    let mut verdicts = Verdicts::new("ini_excerpts");
    for path in files(&folder, |name| name.starts_with("ini")) {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        let is_section = |line: &str| line.starts_with('[') && line.ends_with(']');
        let count =
            |test: &dyn Fn(&str) -> bool| text.lines().map(str::trim).filter(|line| test(line)).count();
        let shaped = count(&|line| is_section(line) || line.contains('=') || line.starts_with(';'));
        let most = shaped * 2 > count(&|line| !line.is_empty());
        let found = parse(name(&path), &bytes).filter(|(reader, _)| *reader == "ini");
        let wrong = match found {
            // In an article with a few lines of such a file, these are a quotation.
            None => most.then(|| "not taken for an INI file".to_owned()),
            Some((_, parsed)) => {
                let told: BTreeSet<u32> = parsed
                    .problems
                    .iter()
                    .filter_map(|problem| Some(problem.origin?.line))
                    .chain(parsed.facts.iter().map(|fact| fact.origin.line))
                    .collect();
                let silent = text.lines().zip(1..).filter(|(line, number)| {
                    let line = line.trim();
                    !(line.is_empty() || line.starts_with([';', '[']) || told.contains(number))
                });
                let silent: Vec<&str> = silent.map(|(line, _)| line).collect();
                (parsed.untold == 0 && !silent.is_empty()).then(|| format!("not a word of {silent:?}"))
            }
        };
        verdicts.case(name(&path), wrong);
    }
    verdicts.finish();
}
