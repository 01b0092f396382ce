//! Links to the files of evidence, for terminals that know them.

use crate::model::report::Report;

/// The text with each `file:line` made a link to its file (OSC 8); `file_of` tells where a source of a bundle lies, if it is
/// a file of its own.
pub fn linked(text: &str, report: &Report, file_of: impl Fn(&str, &str) -> Option<String>) -> String {
    let mut places: Vec<(String, String)> = Vec::new();
    for place in report.clone().evidence_mut().filter(|place| !place.source.is_empty()) {
        let Some(line) = place.line else { continue };
        if let Some(target) = file_of(&place.bundle, &place.source) {
            places.push((format!("{}:{line}", place.source), target));
        }
    }
    // Longer names first, so that none is taken for the beginning of another.
    places.sort_by(|one, other| other.0.len().cmp(&one.0.len()).then_with(|| one.cmp(other)));
    places.dedup();
    text.split_inclusive('\n').map(|line| with_links(line, &places)).collect()
}

fn with_links(line: &str, places: &[(String, String)]) -> String {
    for (shown, target) in places {
        let Some(at) = line.find(shown.as_str()) else { continue };
        let end = at + shown.len();
        if line[end..].starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let uri: String = target.bytes().map(encoded).collect();
        let link = format!("\u{1b}]8;;file://{uri}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\");
        return format!("{}{link}{}", &line[..at], &line[end..]);
    }
    line.to_owned()
}

/// A byte of a path in a URI.
fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
            (byte as char).to_string()
        }
        other => format!("%{other:02X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_becomes_a_link_and_its_neighbour_does_not() {
        let places = vec![("a b.log:1".to_owned(), "/case/a b.log".to_owned())];
        assert_eq!(
            with_links("  S  a b.log:1  12:00\n", &places),
            "  S  \u{1b}]8;;file:///case/a%20b.log\u{1b}\\a b.log:1\u{1b}]8;;\u{1b}\\  12:00\n"
        );
        assert_eq!(with_links("  S  a b.log:12\n", &places), "  S  a b.log:12\n");
    }
}
