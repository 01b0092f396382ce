//! Rules on the first need, which decides whether there is anything to report.

use std::borrow::Cow;

use super::words::{alike, least_rare, message_words, runs, shares_words, words};
use super::{Remark, Subject};
use crate::pattern::Glob;
use crate::signature::{Case, Condition, Expect, Lines, Question, Signature, Subject as Asked};

/// Letters of rare words that set a line apart from those of other logs.
const RARE_ENOUGH: usize = 10;
/// What a restriction is worth, in letters: to few logs or one component, and of a captured value.
const RESTRICTION: usize = 8;

pub fn generic(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    let it = subject.signature;
    let Some(trigger) = it.needs.first() else { return };
    let Asked::Line(Lines { wanted, logs, .. }) = &trigger.question.subject else { return };
    // An event is judged by those who write events; and its lines count in its own logs only.
    if !subject.places.has("needs.0.line") {
        return;
    }
    let few = (1..=2).contains(&logs.len());
    let by_component = wanted.iter().all(|one| one.component.is_some());
    // A code is one of a few that any line may bear.
    let is_code = |name: &str| ["code", "error", "rc", "status"].contains(&name);
    let tests = trigger.question.filter.iter().filter(|(name, _)| !is_code(name)).count();
    // A further need that only tests what the trigger binds restricts it like a test of its own.
    let worth = |need: &Condition| if matches!(need.question.subject, Asked::Test) { 1 } else { 2 };
    let others: usize = it.needs.iter().skip(1).map(worth).sum();
    let restrictions = usize::from(few) + usize::from(by_component) + tests + others;
    for (index, one) in wanted.iter().enumerate() {
        let rare = least_rare(&one.pattern);
        if rare + RESTRICTION * restrictions < RARE_ENOUGH {
            let several = format!("needs.0.line.{index}");
            let field = if subject.places.has(&several) { several.as_str() } else { "needs.0.line" };
            let what = format!("too generic a trigger: {rare} letters of words that other logs seldom have");
            let hint = "take more of the line, name the `log` or `component`, or add a second need";
            out.push(subject.remark(field, what, hint));
        }
    }
}

pub fn far_near_miss(subject: &Subject<'_>, out: &mut Vec<Remark>) {
    let it = subject.signature;
    let Some(trigger) = it.needs.first() else { return };
    let misses = |expect| it.cases.iter().filter(move |case| case.expect == expect);
    // What is ruled out was triggered, so it is near; a line may also be one of a firing case with a change.
    let near = misses(Expect::RuledOut).next().is_some()
        || misses(Expect::None).any(|miss| {
            let files = || miss.files.iter().map(|(path, bytes)| (path, String::from_utf8_lossy(bytes)));
            files().any(|(path, text)| is_near(&trigger.question, &format!("{path}\n{text}")))
                || firing(it)
                    .any(|case| case.files.iter().any(|file| files().any(|miss| are_alike(file, &miss))))
        });
    if !near {
        let first = it.cases.iter().position(|case| case.expect == Expect::None).unwrap_or_default();
        let what = "no near miss is near: none has words of the trigger in their order";
        let hint =
            "take the very line with another code, value or order, or what a healthy server writes there";
        out.push(subject.remark(&format!("case.{first}"), what, hint));
    }
}

fn firing(signature: &Signature) -> impl Iterator<Item = &Case> {
    let fires = |case: &&Case| matches!(case.expect, Expect::Confirmed | Expect::Probable | Expect::Possible);
    signature.cases.iter().filter(fires)
}

/// What captures of state begin with: their lines are alike on all servers.
const STATE: &[&str] =
    &["REGEDIT", "Windows Registry", "Volume", "These Windows", "User accounts", "Share name", "["];

/// Whether two logs of one name have lines that differ a little only.
fn are_alike(one: &(String, Vec<u8>), other: &(&String, Cow<'_, str>)) -> bool {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let text = String::from_utf8_lossy(&one.1);
    let is_state = STATE.iter().any(|start| text.trim_start().starts_with(start));
    if is_state || name(&one.0) != name(other.0) {
        return false;
    }
    let lines: Vec<Vec<String>> = other.1.lines().map(message_words).collect();
    text.lines().map(message_words).any(|line| lines.iter().any(|other| alike(&line, other)))
}

/// Whether a text of a case has something in common with a question.
fn is_near(question: &Question, text: &str) -> bool {
    let has = |glob: &Glob| {
        let text = text.to_lowercase();
        let fixed = glob.text().split(['\\', '*', '?', '{', '}']).map(str::to_lowercase);
        let mut fixed = fixed.filter(|part| 3 <= part.len() && !part.starts_with("hk")).peekable();
        // A pattern of wildcards alone has nothing that could be shared.
        fixed.peek().is_none() || fixed.any(|part| text.contains(&part))
    };
    match &question.subject {
        Asked::Line(lines) => {
            let text = words(text);
            lines.wanted.iter().flat_map(|one| runs(&one.pattern)).any(|run| shares_words(&run, &text))
        }
        Asked::Key { path, .. }
        | Asked::File { path, .. }
        | Asked::Count { path, .. }
        | Asked::Twice { path } => has(path),
        Asked::Setting { document, .. } => has(document),
        Asked::Service { name, .. }
        | Asked::Share { name, .. }
        | Asked::Account { name, .. }
        | Asked::Member { name, .. } => has(name) || text.contains("The command completed"),
        Asked::Any(inner) => inner.iter().any(|inner| is_near(inner, text)),
        _ => true,
    }
}
