//! Numbers and lines of logs: which families, what meaning.

use super::answer::{Answer, CodeAnswer};
use super::names;
use crate::catalog::Catalog;
use crate::codes::{self, Book, Candidate, Components, Entry, Family, number_of_state, of_system};
use crate::parse::log::each_record_of;
use crate::text::Encoding;

/// The codes of a line, what wrote it, and the signatures that look for such lines.
pub fn of_line(line: &str, catalog: &Catalog, components: &Components) -> Answer {
    let mut answer = Answer::new(line);
    let mut messages = Vec::new();
    each_record_of(line.as_bytes(), Encoding::Utf8, &catalog.grammars, &mut |record| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        messages.push((text(record.message), text(record.component)));
    });
    for (message, component) in &messages {
        for found in codes::find(message) {
            let written = &message[found.span.clone()];
            let meanings = catalog.codes().meanings(&found);
            let known = meanings.iter().filter(|(_, entry)| entry.is_some()).count();
            for (candidate, entry) in meanings {
                let open = found.open && 1 < known;
                let code = CodeAnswer::new(written, candidate, entry, open);
                let same = |known: &CodeAnswer| (known.family, &known.normal) == (code.family, &code.normal);
                if !answer.codes.iter().any(same) {
                    answer.codes.push(code);
                }
            }
        }
        for component in components.named(component).into_iter().filter(|_| !component.is_empty()) {
            answer.components.push(names::component(component, catalog));
        }
        for signature in catalog.signatures.all.iter().filter(|it| names::looks_for(it, message)) {
            answer.signatures.push(names::signature(signature));
        }
    }
    answer.known = answer.is_known();
    answer
}

/// What a number without words around it can be; nothing if it is no number and no name of a code.
pub fn of_number(text: &str, catalog: &Catalog) -> Option<Answer> {
    let book = catalog.codes();
    let mut answer = Answer::new(text);
    for (family, number, entry) in book.named(text) {
        let candidate = Candidate { family, number, why: "its name" };
        answer.codes.push(CodeAnswer::new(&family.written(number), candidate, Some(entry), false));
    }
    if answer.codes.is_empty() {
        let candidates = candidates(text)?;
        answer.codes = told(text, &candidates, book);
    }
    answer.known = answer.is_known();
    if !answer.known {
        answer.near = answer.codes.first().map(shape);
    }
    Some(answer)
}

/// What is known of the candidates; where nothing is, what the number looks like.
fn told(text: &str, candidates: &[Candidate], book: &Book) -> Vec<CodeAnswer> {
    let known: Vec<(Candidate, &Entry)> = candidates
        .iter()
        .flat_map(|it| book.entries(it.family, it.number).into_iter().map(|entry| (*it, entry)))
        .collect();
    let mut codes: Vec<CodeAnswer> = Vec::new();
    for (candidate, entry) in &known {
        // Two headers may name one number of Windows: the first is enough.
        let same = |code: &CodeAnswer| code.number == Some(candidate.number) && is_system(code.family);
        if !(is_system(candidate.family.name()) && codes.iter().any(same)) {
            codes.push(CodeAnswer::new(text, *candidate, Some(entry), known.len() > 1));
        }
    }
    if codes.is_empty() {
        codes.extend(candidates.first().map(|first| CodeAnswer::new(text, *first, None, false)));
    }
    codes
}

fn is_system(family: &str) -> bool {
    ["win32", "nerr", "winsock"].contains(&family)
}

/// What can be said of a number that no table has.
fn shape(code: &CodeAnswer) -> String {
    let number = code.number.unwrap_or_default();
    match code.family {
        "own" => "no family has such numbers".to_owned(),
        _ if number == 0 => "0 is no error".to_owned(),
        _ => format!(
            "by its value it is of the family {} ({number}), whose table does not have it",
            code.title
        ),
    }
}

/// Families beside those of Windows, and when a number is of them.
const OTHERS: &[(Family, &str)] = &[
    (Family::SmsStatus, "if it is the ID of a status message of SMS 2.0"),
    (Family::SmsSiteConfig, "if the line says \"SiteConfig Mgr code\", or as the ending of a refused file"),
    (Family::SmsCompression, "if it is the return code of packing or unpacking"),
    (Family::SmsDespooler, "if the Despooler of SMS 1.x wrote it, in hexadecimal without 0x"),
    (Family::SqlServer, "if it stands behind \"SQL Msg #\" or \"Msg\""),
    (Family::DbLibrary, "if it stands behind \"SQL Err #\""),
    (Family::SmsEvent, "if it is the ID of an event of SMS 1.x"),
    (Family::SmsSiteStatus, "if it is the status of a site in HMAN.LOG of SMS 1.x"),
    (Family::SmsControl, "if it is a control code for SENDCODE"),
    (Family::WindowsEvent, "if it is the ID of an event of Windows"),
    (Family::Exit, "if it is the exit code of a program"),
];

/// All that a number can be, the likeliest first.
fn candidates(text: &str) -> Option<Vec<Candidate>> {
    let state = number_of_state(text).map(|number| Candidate {
        family: Family::Odbc,
        number,
        why: "five digits or letters, as states of ODBC have",
    });
    let digits = text.trim_start_matches('#');
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    // Eight digits that begin so are a result code without 0x; as a decimal number they are nothing.
    let result = plain && digits.len() == 8 && digits.starts_with("80");
    let value = if result { i64::from_str_radix(digits, 16).ok() } else { codes::number(text) };
    let Some(value) = value.map(codes::unsigned).filter(|value| value.unsigned_abs() <= 0xFFFF_FFFF) else {
        return state.map(|state| vec![state]);
    };
    let bare = !plain && !digits.starts_with('-') && !digits.to_lowercase().starts_with(['0', 'o']);
    let why = match value {
        _ if bare => "if it is written to base 16",
        2100..3000 => "2100 to 2999 are the numbers of the LAN Manager functions",
        10_000..12_000 => "10000 to 11999 are the numbers of Winsock",
        0x8000_0000.. => "a result code by its shape",
        _ => "error numbers in logs are mostly those of Windows",
    };
    let mut all = of_system(value, why);
    if value == 0 {
        all.push(Candidate { family: Family::Win32, number: 0, why: "0 says that all went well" });
    }
    if text.starts_with('0') {
        all.extend(state);
    } else {
        all.splice(0..0, state.filter(|_| !plain));
    }
    let others = OTHERS.iter().map(|(family, why)| Candidate { family: *family, number: value, why });
    let (despooler, others): (Vec<_>, Vec<_>) =
        others.partition(|it| bare && it.family == Family::SmsDespooler);
    let despooler = despooler.into_iter().map(|it| Candidate {
        why: "hexadecimal without 0x is how the Despooler of SMS 1.x writes its results",
        ..it
    });
    all.splice(0..0, despooler);
    all.extend(others);
    Some(all)
}
