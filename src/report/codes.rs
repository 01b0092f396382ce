//! What the codes of an error line mean, in one line for each.

use crate::model::report::CodeReport;

/// `5 = ERROR_ACCESS_DENIED: access is denied`; where several things can be meant, all of them.
pub fn meanings(codes: &[CodeReport]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let known: Vec<&CodeReport> = codes.iter().filter(|code| code.meaning.is_some()).collect();
    for same in known.chunk_by(|a, b| a.open && b.open && a.written == b.written) {
        let meant: Vec<String> = same.iter().map(|code| meaning(code)).collect();
        let line = format!("{} = {}", same[0].written, meant.join("; or "));
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

fn meaning(code: &CodeReport) -> String {
    let text = code.meaning.as_deref().unwrap_or_default();
    let Some(name) = &code.name else { return format!("{}: {text}", code.title) };
    // A number in another dress is told with the plain one, which is what people look for.
    let plain = code.number.map(|number| number.to_string()).filter(|number| *number != code.written);
    match plain.filter(|_| ["win32", "nerr", "winsock"].contains(&code.family)) {
        Some(number) => format!("{name} ({} {number}): {text}", code.title),
        None => format!("{name}: {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(family: &'static str, written: &str, number: i64, name: Option<&str>, open: bool) -> CodeReport {
        CodeReport {
            family,
            title: "Title",
            number: Some(number),
            written: written.to_owned(),
            name: name.map(str::to_owned),
            meaning: (family != "own").then(|| "it says this".to_owned()),
            open,
        }
    }

    #[test]
    fn each_code_is_one_line() {
        let codes = [
            code("win32", "5", 5, Some("ERROR_X"), false),
            code("win32", "5", 5, Some("ERROR_X"), false),
            code("win32", "0x80070005", 5, Some("ERROR_X"), false),
            code("sms_status", "2321", 2321, None, false),
            code("sms_despooler", "cb", 203, None, true),
            code("win32", "cb", 203, Some("ERROR_Y"), true),
            code("own", "232", 232, None, false),
        ];
        assert_eq!(
            meanings(&codes),
            [
                "5 = ERROR_X: it says this",
                "0x80070005 = ERROR_X (Title 5): it says this",
                "2321 = Title: it says this",
                "cb = Title: it says this; or ERROR_Y (Title 203): it says this",
            ]
        );
    }
}
