//! Listings of other people: jc's with what jc makes of them, localized ones and period ones with their own
//! trailers as the judge.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use regex::bytes::Regex;
use serde_json::Value;
use sitedx::model::{Coverage, EntryKind, Fact, ProblemKind};
use sitedx::parse::{Head, PARSERS, Parsed};

use super::{Verdicts, files, json, name, parse, set};

#[test]
fn jc_agrees() {
    let Some(folder) = set("dir_listings") else { return };
    let mut verdicts = Verdicts::new("D1");
    for path in files(&folder, |name| name.starts_with("jc_") && name.ends_with(".out")) {
        let expected = json(&path.with_extension("json"));
        verdicts.case(name(&path), differs(&path, &expected));
    }
    verdicts.finish();
}

/// The first row that is not as jc says; `None` where all are.
fn differs(path: &Path, expected: &Value) -> Option<String> {
    let Some(parsed) = read(path) else { return Some("not read as a listing".to_owned()) };
    let Some(rows) = expected.as_array() else { return Some("jc's file holds no list".to_owned()) };
    let is_dots = |row: &&Value| matches!(row["filename"].as_str(), Some("." | ".."));
    for row in rows.iter().filter(is_dots) {
        let folder = row["parent"].as_str().unwrap_or_default();
        let there =
            parsed.facts.iter().any(|it| matches!(&it.value, Fact::Folder { path } if **path == *folder));
        if !there {
            return Some(format!("no folder {folder}"));
        }
    }
    let expected: Vec<String> = rows.iter().filter(|row| !is_dots(row)).map(of_jc).collect();
    let found: Vec<String> = parsed.facts.iter().filter_map(|fact| of_fact(&fact.value)).collect();
    let first = (0..expected.len().max(found.len())).find(|at| expected.get(*at) != found.get(*at))?;
    Some(format!("row {first}: jc has {:?}, here it is {:?}", expected.get(first), found.get(first)))
}

fn of_jc(row: &Value) -> String {
    let text = |key: &str| row[key].as_str().unwrap_or_default();
    let kind = match row["dir"].as_bool() {
        Some(true) => "folder".to_owned(),
        _ => row["size"].as_u64().map_or("?".to_owned(), |size| size.to_string()),
    };
    format!("{}|{}|{kind}|{} {}", text("parent"), text("filename"), text("date"), text("time"))
}

fn of_fact(fact: &Fact) -> Option<String> {
    let Fact::Entry { folder, name, kind, modified } = fact else { return None };
    let kind = match kind {
        EntryKind::File { size } => size.to_string(),
        EntryKind::Folder | EntryKind::Link => "folder".to_owned(),
        EntryKind::Unsized => "?".to_owned(),
    };
    let time = modified.map(|time| time.format("%m/%d/%Y %I:%M %p").to_string()).unwrap_or_default();
    Some(format!("{folder}|{name}|{kind}|{time}"))
}

fn read(path: &Path) -> Option<Parsed> {
    let bytes = fs::read(path).unwrap();
    let (parser, parsed) = parse(name(path), &bytes)?;
    (parser == "console" && parsed.readers.contains(&"dir_listing")).then_some(parsed)
}

/// What a listing holds by the shape of its lines alone, whatever the page and the language.
#[derive(Debug, Default)]
struct Shape {
    /// Lines with a date and a time, and those of `.` and `..`.
    rows: usize,
    dots: usize,
    /// Lines with two numbers after rows, as numbers; not those after a line that ends in a colon.
    trailers: Vec<(u64, u64)>,
}

impl Shape {
    fn of(bytes: &[u8]) -> Self {
        let row =
            Regex::new(r"(?-u)(\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}).{0,12}\s\d{1,2}[:.]\d\d").unwrap();
        let dots =
            Regex::new(r"(?-u)((?:>|\xEF\xBC\x9E|\x81\x84) +|-DIR- +)\.{1,2} *$|^\.{1,2} +<DIR>").unwrap();
        let mut shape = Self::default();
        let (mut after_rows, mut totals) = (false, false);
        for line in bytes.split(|byte| *byte == b'\n') {
            let line = line.trim_ascii();
            if row.is_match(line) {
                shape.rows += 1;
                shape.dots += usize::from(dots.is_match(line));
                (after_rows, totals) = (true, false);
            } else if let ([first, second], true) = (numbers(line).as_slice(), after_rows && !totals) {
                shape.trailers.push((*first, *second));
                after_rows = false;
            }
            totals |= shape.rows != 0 && line.ends_with(b":");
        }
        shape
    }
}

/// The numbers of a line, with whatever groups their digits.
fn numbers(line: &[u8]) -> Vec<u64> {
    let number = Regex::new(
        r"(?-u)\d{1,3}(?:(?:[,. \xFF\xA0?]|\xC2\xA0|\xC3[\xBF\xA1]|\xE2\x80\xAF|\xEF\xBF\xBD)\d{3})+|\d+",
    )
    .unwrap();
    let digits = |found: &[u8]| {
        found.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| *byte as char).collect::<String>()
    };
    number.find_iter(line).filter_map(|found| digits(found.as_bytes()).parse().ok()).collect()
}

/// Rows that are told as not understood.
fn told_rows(parsed: &Parsed, bytes: &[u8]) -> usize {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let dated = Regex::new(r"(?-u)\d[./-]\d.*\d[:.]\d\d").unwrap();
    let malformed = parsed.problems.iter().filter(|problem| problem.kind == ProblemKind::Malformed);
    malformed
        .map(|problem| {
            let more = problem.what.split(" more rows").next().and_then(|count| count.parse().ok());
            let line = problem.origin.and_then(|origin| lines.get(origin.line as usize - 1));
            more.unwrap_or_else(|| usize::from(line.is_some_and(|line| dated.is_match(line))))
        })
        .sum()
}

fn entries(parsed: &Parsed) -> usize {
    parsed.facts.iter().filter(|fact| matches!(fact.value, Fact::Entry { .. })).count()
}

fn disagreements(parsed: &Parsed) -> usize {
    parsed.problems.iter().filter(|problem| problem.what.contains("the trailer counts")).count()
}

/// Files and their bytes, by folder.
fn sums(parsed: &Parsed) -> BTreeMap<String, (u64, u64)> {
    let mut sums = BTreeMap::new();
    for fact in &parsed.facts {
        match &fact.value {
            Fact::Folder { path } => drop(sums.entry(path.to_string()).or_insert((0, 0))),
            Fact::Entry { folder, kind: EntryKind::File { size }, .. } => {
                let sum: &mut (u64, u64) = sums.entry(folder.to_string()).or_insert((0, 0));
                *sum = (sum.0 + 1, sum.1 + size);
            }
            _ => {}
        }
    }
    sums
}

#[test]
fn localized_listings_add_up() {
    let Some(folder) = set("dir_listings") else { return };
    let mut verdicts = Verdicts::new("D2");
    for path in files(&folder, |name| name.starts_with("localized_")) {
        let bytes = fs::read(&path).unwrap();
        verdicts.case(name(&path), localized(&path, &bytes));
    }
    verdicts.finish();
}

fn localized(path: &Path, bytes: &[u8]) -> Option<String> {
    let file = name(path);
    let Some(parsed) = read(path) else { return Some("not read as a listing".to_owned()) };
    let shape = Shape::of(bytes);
    let (found, told) = (entries(&parsed), told_rows(&parsed, bytes));
    if found + shape.dots != shape.rows || told != 0 || found == 0 {
        return Some(format!("{found} entries, {told} told, of {shape:?}"));
    }
    if file.contains("truncated") {
        let told = parsed.problems.iter().any(|problem| problem.kind == ProblemKind::Truncated);
        let wrong = !told || !parsed.coverage.is_empty();
        return wrong.then(|| format!("a cut listing: {:?}, {:?}", parsed.coverage, parsed.problems));
    }
    let sums: Vec<(u64, u64)> = sums(&parsed).into_values().collect();
    let sum = |pairs: &[(u64, u64)]| pairs.iter().fold((0, 0), |all, pair| (all.0 + pair.0, all.1 + pair.1));
    if sum(&sums) != sum(&shape.trailers) || disagreements(&parsed) != 0 {
        return Some(format!("sums {sums:?}, trailers {:?}", shape.trailers));
    }
    language_and_dates(file, bytes, &parsed)
}

/// Whether the language is the one of the file's name, and the dates are read in its order.
fn language_and_dates(file: &str, bytes: &[u8], parsed: &Parsed) -> Option<String> {
    let code = file.strip_prefix("localized_")?.get(..2)?;
    let (language, order) = match code {
        "de" => ("German", [2, 1, 0]),
        "fr" => ("French", [2, 1, 0]),
        "ja" => ("Japanese", [0, 1, 2]),
        "es" => ("Spanish", [2, 1, 0]),
        "it" => ("Italian", [2, 1, 0]),
        "ru" => ("Russian", [2, 1, 0]),
        "ko" => ("Korean", [0, 1, 2]),
        _ => return None,
    };
    let head = Head::new(file, bytes);
    let claims = PARSERS.iter().filter_map(|parser| parser.recognise(&head));
    let why = claims.max_by_key(|claim| claim.score).map(|claim| claim.why).unwrap_or_default();
    if !why.contains(language) {
        return Some(format!("recognised by {why}, which is not {language}"));
    }
    parsed.facts.iter().find_map(|fact| {
        let Fact::Entry { name, modified, .. } = &fact.value else { return None };
        let start = fact.origin.offset as usize;
        let line = bytes.get(start..start + fact.origin.length as usize)?;
        let fields = Regex::new(r"(?-u)(\d+)[./-]\s?(\d+)[./-]\s?(\d+)").unwrap();
        let fields = fields.captures(line)?;
        let field = |at: usize| String::from_utf8_lossy(&fields[order[at] + 1]).into_owned();
        // A user may print dates of another country; then the place of the year has to do.
        if field(0).len() < 4 && fields.iter().flatten().skip(1).any(|field| field.len() == 4) {
            return modified.is_none().then(|| format!("{name}: no date"));
        }
        let expected = format!("{}-{}-{}", field(0), field(1), field(2));
        let found = modified.map(|time| time.format("%Y-%m-%d").to_string()).unwrap_or_default();
        (!found.ends_with(&expected)).then(|| format!("{name}: the date is {found}, expected {expected}"))
    })
}

#[test]
fn period_listings_add_up() {
    let Some(folder) = set("kb_excerpts") else { return };
    let mut verdicts = Verdicts::new("D3");
    for path in files(&folder, |name| name.starts_with("dir_")) {
        let bytes = fs::read(&path).unwrap();
        verdicts.case(name(&path), period(&path, &bytes));
    }
    verdicts.finish();
}

fn period(path: &Path, bytes: &[u8]) -> Option<String> {
    use chrono::Datelike;
    let Some(parsed) = read(path) else { return Some("not read as a listing".to_owned()) };
    let shape = Shape::of(bytes);
    let (found, told) = (entries(&parsed), told_rows(&parsed, bytes));
    if found + told + shape.dots < shape.rows {
        return Some(format!("{found} entries, {told} told, of {shape:?}"));
    }
    // Each folder with a trailer is whole by it, or is told not to be, or lacks what only a whole one has.
    let covered = parsed.coverage.iter().filter(|it| matches!(it.value, Coverage::Folder { .. })).count();
    if shape.trailers.len() < covered + disagreements(&parsed) {
        return Some(format!("{covered} folders covered, {} not, of {shape:?}", disagreements(&parsed)));
    }
    let sound = told == 0 && disagreements(&parsed) == 0 && !shape.trailers.is_empty();
    if sound && covered == 0 {
        return Some("trailers agree and nothing is covered".to_owned());
    }
    let years = parsed.facts.iter().filter_map(|fact| match &fact.value {
        Fact::Entry { modified, .. } => Some(modified.map(|time| time.year())),
        _ => None,
    });
    let odd = years.into_iter().find(|year| !year.is_some_and(|year| (1990..=2003).contains(&year)));
    odd.map(|year| format!("an entry of the year {year:?}"))
}
