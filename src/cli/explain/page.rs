//! Answers for people: aligned, the likeliest first.

use anstyle::Style;

use super::answer::{Answer, CodeAnswer, ComponentAnswer, LogAnswer, SignatureAnswer};
use crate::report::page::{Page, QUIET, STRONG};

/// Answers that are listed one by one; an article may be cited by many codes.
const MOST: usize = 12;

/// Renders the answers for a page of `width` columns; what is not known is left to the complaint.
pub fn render(answers: &[Answer], width: usize) -> String {
    let mut page = Page::new(width);
    for answer in answers.iter().filter(|answer| answer.known) {
        page.gap();
        page.paragraph("", STRONG, &answer.asked);
        codes(&mut page, answer);
        answer.components.iter().take(MOST).for_each(|it| component(&mut page, it));
        answer.logs.iter().for_each(|it| log(&mut page, it));
        match answer.asked.contains(char::is_whitespace) {
            true => brief(&mut page, &answer.signatures),
            false => answer.signatures.iter().for_each(|it| signature(&mut page, it)),
        }
        let more = answer.components.len().saturating_sub(MOST) + answer.codes.len().saturating_sub(MOST);
        if more != 0 {
            page.paragraph("  ", QUIET, &format!("and {more} more: `--format json` tells all"));
        }
    }
    page.finish()
}

/// A word and what stands beside it.
fn row(page: &mut Page, width: usize, word: &str, style: Style, text: &str) {
    let first = format!("  {word:width$}  ");
    page.paragraph(&first, style, text);
}

fn codes(page: &mut Page, answer: &Answer) {
    let codes: Vec<&CodeAnswer> = answer.codes.iter().take(MOST).collect();
    let width = codes.iter().map(|code| code.title.chars().count()).max().unwrap_or_default();
    let several = codes.iter().any(|code| code.written != answer.asked);
    for same in codes.chunk_by(|a, b| a.written == b.written) {
        if several {
            page.gap();
            page.paragraph("  ", STRONG, &same[0].written);
        }
        for (place, code) in same.iter().enumerate() {
            row(page, width, code.title, Style::new(), &meaning(code));
            if let Some(usually) = &code.usually {
                row(page, width, "", Style::new(), &format!("here: {usually}"));
            }
            let likeliest = if place == 0 && same.len() > 1 { "likeliest: " } else { "" };
            let kb = if code.kb.is_empty() { String::new() } else { format!(" ({})", code.kb.join(", ")) };
            row(page, width, "", QUIET, &format!("{likeliest}{}{kb}", code.why));
        }
    }
}

fn meaning(code: &CodeAnswer) -> String {
    let same = code.written.eq_ignore_ascii_case(&code.normal);
    let number = if same { String::new() } else { format!("{} ", code.normal) };
    match (&code.name, &code.meaning) {
        (Some(name), Some(meaning)) => format!("{number}{name}: {meaning}"),
        (None, Some(meaning)) => format!("{number}{meaning}"),
        _ => format!("{number}not in the tables: what it means is not known"),
    }
}

/// Lists that belong to something, in two columns; empty ones are left out.
fn lists(page: &mut Page, lists: &[(&str, &[String])]) {
    for (title, list) in lists.iter().filter(|(_, list)| !list.is_empty()) {
        row(page, 11, title, Style::new(), &list.join(", "));
    }
}

fn component(page: &mut Page, it: &ComponentAnswer) {
    page.gap();
    page.paragraph("  ", STRONG, &format!("{}, {} of SMS {}", it.name, it.kind, it.versions.join(" and ")));
    page.paragraph("  ", Style::new(), &it.does);
    lists(
        page,
        &[
            ("also called", &it.also),
            ("logs", &it.logs),
            ("signatures", &it.signatures),
            ("articles", &it.kb),
        ],
    );
}

fn log(page: &mut Page, it: &LogAnswer) {
    page.gap();
    page.paragraph("  ", STRONG, &format!("{}: {}", it.name, it.title));
    lists(page, &[("files", &it.files), ("written by", &it.components), ("signatures", &it.signatures)]);
}

/// The signatures that look for a line, by their names.
fn brief(page: &mut Page, signatures: &[SignatureAnswer]) {
    if !signatures.is_empty() {
        page.gap();
        page.paragraph("  ", STRONG, "Signatures that look for such a line");
    }
    for it in signatures {
        page.hanging("  · ", "    ", Style::new(), &format!("{}: {}", it.id, it.title));
    }
}

fn signature(page: &mut Page, it: &SignatureAnswer) {
    page.gap();
    page.paragraph("  ", STRONG, &format!("{}: {}", it.id, it.title));
    page.paragraph("  ", QUIET, &format!("{}, {}, {}", it.kind.replace('_', " "), it.severity, it.phase));
    page.paragraph("  ", Style::new(), &it.means);
    let proof = it.proved_by.iter().map(|proof| ("proved by", std::slice::from_ref(proof)));
    lists(page, &proof.collect::<Vec<_>>());
    lists(page, &[("articles", &it.kb)]);
    row(page, 11, "more", QUIET, &format!("sitedx signature show {}", it.id));
}
