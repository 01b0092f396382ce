//! Rules on what people read: titles, explanations, and what must not stand in them.

use super::{Remark, Subject};
use crate::facts::HOST_NAMES;
use crate::signature::{Kind, Severity, bound_by};

const LONGEST_TITLE: usize = 120;
const SHORTEST_MEANS: usize = 80;
const LONGEST_MEANS: usize = 700;

/// The mark that a draft leaves where its author must write.
const MARK: &str = "TODO";

pub fn todo(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    for (at, mark) in subject.text.match_indices(MARK) {
        let line = subject.text[at..].lines().next().unwrap_or(mark);
        let what = format!("left to be written: `{}`", line.trim_end_matches(['"', '\'', ']', ' ', ',']));
        let mistake = subject.places.mistake(at..at + mark.len(), what, Some("write it".to_owned()));
        out.push(Remark { rule: "", mistake });
    }
}

pub fn title(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    let title = &subject.signature.title;
    let length = title.text().chars().count();
    if LONGEST_TITLE < length {
        let hint =
            format!("at most {LONGEST_TITLE}: say what is wrong and where, the rest belongs into `means`");
        out.push(subject.remark("title", format!("the title has {length} characters"), hint));
    }
    let needs = &subject.signature.needs;
    let bound = |name: &str| {
        HOST_NAMES.contains(&name) || needs.iter().any(|need| bound_by(&need.question).contains(name))
    };
    for name in title.names().filter(|name| !bound(name)) {
        let what = format!("the title shows `<{name}>` where no support binds `{{{name}}}`");
        out.push(subject.remark("title", what, "use names that the needs bind"));
    }
}

pub fn means(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    let words: Vec<&str> = subject.signature.means.text().split_whitespace().collect();
    let length = words.join(" ").chars().count();
    if length < SHORTEST_MEANS {
        let hint = format!("at least {SHORTEST_MEANS}: what happens, and why");
        out.push(subject.remark("means", format!("`means` has {length} characters only"), hint));
    }
    if LONGEST_MEANS < length {
        let hint = format!(
            "at most {LONGEST_MEANS}: steps belong into remedies, what tells look-alikes apart into rivals"
        );
        out.push(subject.remark("means", format!("`means` has {length} characters"), hint));
    }
}

pub fn article(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    for (field, span) in subject.places.texts() {
        let is_kb = field.split('.').any(|part| part == "kb");
        if is_kb || field.starts_with("case.") {
            continue;
        }
        let text = &subject.text[span.clone()];
        for at in article_numbers(text) {
            let what = "an article number stands within a text";
            let hint = "put it into the `kb` of the signature or of the step";
            let place = span.start + at..span.start + at + 7;
            let mistake = subject.places.mistake(place, what, Some(hint.to_owned()));
            out.push(Remark { rule: "", mistake });
        }
    }
}

/// Where `Q` and six digits stand.
fn article_numbers(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices('Q').map(|(at, _)| at).filter(|at| {
        let digits = text[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        digits == 6 && !text[..*at].ends_with(char::is_alphanumeric)
    })
}

pub fn severity(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    let it = subject.signature;
    if it.kind == Kind::Benign && it.severity != Severity::Info {
        out.push(subject.remark("severity", "a benign finding hurts nobody", "write severity = \"info\""));
    }
}
