//! Questions to the evidence in words.

use chrono::TimeDelta;

use super::{Library, Line};
use crate::pattern::ValueTest;
use crate::signature::{Condition, Lines, Place, Question, Side, State, Subject};

/// What a condition asks, in a sentence, with the patterns of lines below it.
pub fn asked(condition: &Condition, library: Library<'_>) -> Vec<Line> {
    let mut lines = question(&condition.question, library);
    if let Some(order) = &condition.order {
        let side = if order.side == Side::After { "after" } else { "before" };
        let within =
            order.within.map(|within| format!(", at most {} apart", time(within))).unwrap_or_default();
        lines.push(Line::Text(format!("{side} `{}`{within}", order.other)));
    }
    lines
}

/// A question in words.
pub fn question(question: &Question, library: Library<'_>) -> Vec<Line> {
    let on = match &question.place {
        Place::Own => String::new(),
        Place::Parent => "on the server of the parent site: ".to_owned(),
        Place::Site(site) => format!("on the server of site {}: ", site.text()),
        Place::Host(host) => format!("on {}: ", host.text()),
        Place::WithShare(share) => format!("on a server with the share {}: ", share.text()),
    };
    let mut lines = match &question.subject {
        Subject::Line(lines) => line(lines, &on, library),
        Subject::Any(inner) => {
            let mut all = vec![Line::Text(format!("{on}one of these:"))];
            all.extend(inner.iter().flat_map(|one| self::question(one, library)));
            all
        }
        other => vec![Line::Text(format!("{on}{}", state(other)))],
    };
    if !matches!(question.subject, Subject::Test) || question.filter.is_empty() {
        lines.extend(tests(&question.filter).map(|text| Line::Text(format!("where {text}"))));
    } else {
        lines = tests(&question.filter).map(Line::Text).into_iter().collect();
    }
    lines
}

fn line(lines: &Lines, on: &str, library: Library<'_>) -> Vec<Line> {
    let texts =
        |lines: &Lines| lines.wanted.iter().map(|it| it.pattern.text().to_owned()).collect::<Vec<_>>();
    let mut rest = String::new();
    if let Some(repeated) = lines.repeated {
        let per = repeated.per.map(|per| format!(" within {}", time(per))).unwrap_or_default();
        rest.push_str(&format!(", at least {} times{per}", repeated.times));
    }
    if lines.last {
        rest.push_str(", as its last record");
    }
    if let Some(age) = lines.age {
        rest.push_str(&format!(
            ", at least {} older than the newest record of the server's other logs",
            time(age)
        ));
    }
    let events = &library.signatures.events.all;
    let own = texts(lines);
    let same = |event: &&crate::signature::Event| {
        let known = event.wanted.iter().map(|it| it.pattern.text());
        event.logs == lines.logs && known.eq(own.iter().map(String::as_str))
    };
    if let Some(event) = events.iter().find(same) {
        return vec![Line::Text(format!("{on}the event `{}` ({}){rest}", event.name, event.title))];
    }
    let component = lines.wanted.first().and_then(|it| it.component.as_ref());
    let by = component.map(|component| format!(" of {component}")).unwrap_or_default();
    let titles: Vec<&str> = lines
        .logs
        .iter()
        .map(|name| library.logs.get(name).map_or(name.as_str(), |log| log.title.as_str()))
        .collect();
    let place =
        if titles.is_empty() { "any log".to_owned() } else { format!("the {}", titles.join(" or the ")) };
    let several = if 1 < own.len() { ", one of" } else { "" };
    let mut all = vec![Line::Text(format!("{on}a line{by} in {place}{rest}{several}:"))];
    all.extend(own.into_iter().map(Line::Code));
    all
}

fn state(subject: &Subject) -> String {
    let is = |state: State| match state {
        State::Present => "is there",
        State::Absent => "is not there",
        State::Running => "runs",
        State::Stopped => "does not run",
    };
    let tested = |test: Option<&ValueTest>| test.map_or("is there".to_owned(), test_words);
    match subject {
        Subject::Key { path, state } => format!("the registry key `{}` {}", path.text(), is(*state)),
        Subject::Value { key, name, test, .. } => {
            format!("the registry value \"{}\" of `{}` {}", name.text(), key.text(), tested(test.as_ref()))
        }
        Subject::File { path, state } => format!("the file or folder `{}` {}", path.text(), is(*state)),
        Subject::Count { path, test } => {
            format!("the number of files `{}` {}", path.text(), test_words(test))
        }
        Subject::Free { path, test } => {
            format!("the free space on the volume of `{}`, in bytes, {}", path.text(), test_words(test))
        }
        Subject::Service { name, state } => format!("the service {} {}", name.text(), is(*state)),
        Subject::Share { name, state } => format!("the share {} {}", name.text(), is(*state)),
        Subject::Account { name, state } => format!("the account {} {}", name.text(), is(*state)),
        Subject::Group { name, state } => format!("the group {} {}", name.text(), is(*state)),
        Subject::Member { group, name, state } => {
            let is = if *state == State::Absent { "is no member" } else { "is a member" };
            format!("{} {is} of the group {}", name.text(), group.text())
        }
        Subject::Setting { document, section, name, test, .. } => {
            let place = format!("\"{}\" in section [{}] of {}", name.text(), section.text(), document.text());
            format!("the setting {place} {}", tested(test.as_ref()))
        }
        Subject::Twice { path } => {
            format!("another server has a file like `{}` of the same name", path.text())
        }
        // Written by those who call.
        Subject::Test | Subject::Line(_) | Subject::Any(_) => String::new(),
    }
}

/// Tests by names: `code is 3, and dst is not …`.
fn tests(tests: &[(String, ValueTest)]) -> Option<String> {
    let texts: Vec<String> =
        tests.iter().map(|(name, test)| format!("{{{name}}} {}", test_words(test))).collect();
    (!texts.is_empty()).then(|| texts.join(", and "))
}

/// What a signature is restricted to.
pub fn applies(tests: &[(String, ValueTest)]) -> String {
    let texts: Vec<String> =
        tests.iter().map(|(name, test)| format!("{name} {}", test_words(test))).collect();
    texts.join(", ")
}

fn test_words(test: &ValueTest) -> String {
    format!("is {}", bare(test))
}

fn bare(test: &ValueTest) -> String {
    match test {
        ValueTest::Matches(glob) if glob.text().contains(['\\', '*', '?']) => format!("`{}`", glob.text()),
        ValueTest::Matches(glob) => glob.text().to_owned(),
        ValueTest::Not(inner) => format!("not {}", bare(inner)),
        ValueTest::Compares(operator, template) => format!("{operator} {}", template.text()),
        ValueTest::AnyOf(tests) => tests.iter().map(bare).collect::<Vec<_>>().join(" or "),
    }
}

/// A span of time in its largest whole unit.
fn time(span: TimeDelta) -> String {
    let seconds = span.num_seconds();
    let units = [(86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")];
    let (size, name) =
        units.into_iter().find(|(size, _)| seconds % size == 0 && *size <= seconds).unwrap_or((1, "second"));
    let count = seconds / size;
    if count == 1 { format!("1 {name}") } else { format!("{count} {name}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_their_largest_unit() {
        for (span, text) in [
            (TimeDelta::minutes(90), "90 minutes"),
            (TimeDelta::hours(1), "1 hour"),
            (TimeDelta::hours(48), "2 days"),
        ] {
            assert_eq!(time(span), text);
        }
    }
}
