//! Names: components, logs, control files, signatures, and the numbers of articles.

use super::answer::{Answer, CodeAnswer, ComponentAnswer, LogAnswer, SignatureAnswer};
use crate::authoring::{nearest, one_line};
use crate::catalog::Catalog;
use crate::codes::{Candidate, Component, Components};
use crate::grammar::LogicalLog;
use crate::signature::{Condition, KINDS, Lines, SEVERITIES, Signature, Subject, name_of};

/// Longest text for which the nearest name is looked for.
const LONGEST_NAME: usize = 80;

/// What goes by a name.
pub fn look_up(what: &str, catalog: &Catalog, components: &Components) -> Answer {
    let mut answer = Answer::new(what);
    answer.article = article(what);
    if let Some(article) = answer.article.clone() {
        cited(&article, catalog, components, &mut answer);
    }
    let by_id = catalog.signatures.all.iter().find(|it| it.id.eq_ignore_ascii_case(what));
    answer.signatures.extend(by_id.map(signature));
    let named = components.named(what);
    answer.components.extend(named.iter().map(|it| component(it, catalog)));
    answer.logs.extend(log_named(what, catalog).map(|log| log_answer(log, catalog)));
    // An ending such as .710 is a code too.
    if let Some(number) = what.strip_prefix('.').or(Some(what)).filter(|it| it.parse::<u32>().is_ok())
        && !named.is_empty()
    {
        answer.codes.extend(super::codes::of_number(number, catalog).into_iter().flat_map(|it| it.codes));
    }
    answer.known = answer.is_known();
    answer
}

/// Says that a name is not known, with the nearest that is.
pub fn unknown(what: &str, catalog: &Catalog, components: &Components) -> Answer {
    let mut answer = Answer::new(what);
    answer.article = article(what);
    // To measure how much a long text is like each name takes long, and no name is that long.
    if LONGEST_NAME < what.len() {
        return answer;
    }
    let codes: Vec<&str> = catalog.codes().all().filter_map(|(_, _, entry)| entry.name.as_deref()).collect();
    let names = components.0.iter().flat_map(Component::names).map(String::as_str);
    let ids = catalog.signatures.all.iter().map(|it| it.id.as_str());
    let known: Vec<&str> = names.chain(ids).chain(catalog.logs.names()).chain(codes).collect();
    // Names of components and codes are written in capitals, those of logs and signatures are not.
    let ways = [what.to_owned(), what.to_uppercase(), what.to_lowercase()];
    answer.near = ways
        .iter()
        .filter(|_| answer.article.is_none())
        .filter_map(|way| nearest(way, &known))
        .next()
        .or_else(|| {
            answer.article.is_none().then(|| "`sitedx explain --help` tells what can be asked".to_owned())
        });
    answer
}

/// `Q123456`, `KB123456` and `123456` as articles are cited.
fn article(what: &str) -> Option<String> {
    let upper = what.to_ascii_uppercase();
    let digits = upper.strip_prefix("KB").or(upper.strip_prefix('Q')).unwrap_or(&upper);
    let right = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    right.then(|| format!("Q{digits}"))
}

/// All that cites an article.
fn cited(article: &str, catalog: &Catalog, components: &Components, answer: &mut Answer) {
    let cites = |kb: &[String]| kb.iter().any(|known| known == article);
    let all = catalog.signatures.all.iter();
    let by = |it: &&Signature| {
        cites(&it.kb) || it.remedies.iter().any(|remedy| remedy.kb.as_deref() == Some(article))
    };
    answer.signatures.extend(all.filter(by).map(signature));
    for (family, number, entry) in catalog.codes().all().filter(|(_, _, entry)| cites(&entry.kb)) {
        let candidate = Candidate { family, number, why: "the article tells of it" };
        answer.codes.push(CodeAnswer::new(&family.written(number), candidate, Some(entry), false));
    }
    answer.components.extend(components.0.iter().filter(|it| cites(&it.kb)).map(|it| component(it, catalog)));
}

/// A signature in short.
pub fn signature(it: &Signature) -> SignatureAnswer {
    let proof = |condition: &&Condition| condition.proves;
    let says = |condition: &Condition| match &condition.says {
        Some(says) => one_line(says.text()),
        None => condition.name.replace('_', " "),
    };
    SignatureAnswer {
        id: it.id.clone(),
        title: it.title.text().to_owned(),
        kind: name_of(KINDS, it.kind),
        severity: name_of(SEVERITIES, it.severity),
        phase: it.phase.clone(),
        means: one_line(it.means.text()),
        proved_by: it.conditions().filter(proof).map(says).collect(),
        kb: it.kb.clone(),
    }
}

/// A component with the signatures that speak of it.
pub fn component(it: &Component, catalog: &Catalog) -> ComponentAnswer {
    let logs: Vec<&str> = it
        .logs
        .iter()
        .filter_map(|file| catalog.logs.of_file(file))
        // Many things are told by the log of Setup: that alone does not make a signature speak of them.
        .filter(|log| {
            log.components().iter().any(|name| it.names().any(|own| own.eq_ignore_ascii_case(name)))
        })
        .map(|log| log.name.as_str())
        .collect();
    let speaks = |signature: &&Signature| {
        logs.iter().any(|log| reads(signature, log)) || it.names().any(|name| mentions(signature, name))
    };
    ComponentAnswer {
        name: it.name.clone(),
        also: it.also.clone(),
        kind: it.kind.clone(),
        versions: it.versions.clone(),
        does: it.does.clone(),
        logs: it.logs.clone(),
        kb: it.kb.clone(),
        signatures: catalog.signatures.all.iter().filter(speaks).map(|it| it.id.clone()).collect(),
    }
}

/// The log of a name: of itself, of a file, or a file without `.log`.
fn log_named<'a>(what: &str, catalog: &'a Catalog) -> Option<&'a LogicalLog> {
    let lower = what.to_lowercase();
    let file = lower.rsplit(['/', '\\']).next().unwrap_or_default();
    let by_file = || if file.contains('.') { catalog.logs.of_file(file) } else { None };
    let added = || catalog.logs.of_file(&format!("{file}.log")).filter(|_| !file.contains(['.', ' ', '_']));
    let by_component = || catalog.logs.of_component(what);
    catalog.logs.get(&lower).or_else(by_component).or_else(by_file).or_else(added)
}

fn log_answer(log: &LogicalLog, catalog: &Catalog) -> LogAnswer {
    let reading = catalog.signatures.all.iter().filter(|it| reads(it, &log.name));
    LogAnswer {
        name: log.name.clone(),
        title: log.title.clone(),
        files: log.file_names.clone(),
        components: log.components().iter().map(|name| name.to_uppercase()).collect(),
        signatures: reading.map(|it| it.id.clone()).collect(),
    }
}

/// Whether a signature asks for lines of a log.
fn reads(signature: &Signature, log: &str) -> bool {
    signature.questions().iter().any(|question| match &question.subject {
        Subject::Line(Lines { wanted, logs, .. }) => {
            logs.iter().any(|known| known == log)
                || wanted.iter().any(|wanted| wanted.logs.iter().any(|known| known == log))
        }
        _ => false,
    })
}

/// Whether a signature looks for lines such as this one.
pub fn looks_for(signature: &Signature, message: &str) -> bool {
    signature.questions().iter().any(|question| match &question.subject {
        Subject::Line(Lines { wanted, .. }) => {
            wanted.iter().any(|wanted| wanted.pattern.find(message).is_some())
        }
        _ => false,
    })
}

/// Whether a signature names something in its texts, or asks for it.
fn mentions(signature: &Signature, name: &str) -> bool {
    let texts = signature.conditions().flat_map(|condition| condition.says.iter().chain(&condition.denies));
    let items = signature.items.iter().flat_map(|item| [&item.title, &item.subject]);
    let texts = [&signature.title, &signature.means].into_iter().chain(texts).chain(items);
    let remedies = signature.remedies.iter().map(|remedy| &remedy.action);
    let asked = signature.questions().into_iter().filter_map(|question| match &question.subject {
        Subject::Service { name, .. } | Subject::Share { name, .. } | Subject::Account { name, .. } => {
            Some(name.text())
        }
        Subject::Key { path, .. } | Subject::File { path, .. } => Some(path.text()),
        _ => None,
    });
    texts.chain(remedies).map(|text| text.text()).chain(asked).any(|text| has_word(text, name))
}

/// Whether a text holds a name as a whole word. Short names and plain words would be found everywhere.
fn has_word(text: &str, name: &str) -> bool {
    let name = name.trim_end_matches('*').to_lowercase();
    let telling = name.contains(['_', '.']) && 4 <= name.len();
    let text = text.to_lowercase();
    let word = |c: char| c.is_alphanumeric() || c == '_';
    telling
        && text.match_indices(&name).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let behind = text[at + name.len()..].chars().next();
            // An ending stands behind a name; a name that ends in `_` stands before one.
            (name.starts_with('.') || !before.is_some_and(word))
                && (name.ends_with('_') || !behind.is_some_and(word))
        })
}
