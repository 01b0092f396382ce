//! What a ticket says, whatever the system: blocks of text, made from a finding.

use crate::model::printable;
use crate::model::report::{Diagnosis, Evidence, Report};

use super::super::place::where_is;

/// Pieces of evidence that a ticket shows.
const MOST_PLACES: usize = 5;

/// A piece of a ticket's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Heading(String),
    Text(String),
    List(Vec<String>),
    /// Numbered.
    Steps(Vec<String>),
    /// As it stands.
    Code(String),
}

/// A trouble to be told to a ticketing system.
#[derive(Clone, Debug)]
pub struct Ticket<'r> {
    /// What tells it from all others, in every report of it.
    pub key: String,
    pub title: String,
    pub severity: &'static str,
    pub host: String,
    pub site: String,
    pub signature: String,
    pub kb: &'r [String],
    pub first_seen: Option<&'r str>,
    /// What it is called in the case: the path of the bundle.
    pub case: String,
    pub body: Vec<Block>,
}

impl Ticket<'_> {
    /// The key as a word without colons, for systems that search by labels.
    pub fn label(&self) -> String {
        let hash = self.key.rsplit(':').next().unwrap_or(&self.key);
        format!("sitedx-{}", hash.get(..16).unwrap_or(hash))
    }

    /// What is added to a ticket that is open already.
    pub fn update(&self) -> Vec<Block> {
        let mut blocks = vec![Block::Text(format!("Seen again in {}.", self.case))];
        blocks.extend(self.body.iter().cloned());
        blocks
    }
}

/// A ticket for each root cause that is claimed.
pub fn of_causes<'r>(case: &str, report: &'r Report) -> Vec<Ticket<'r>> {
    let roots = report.diagnoses.iter().filter(|it| it.is_claimed() && it.explained_by.is_none());
    roots
        .map(|it| Ticket {
            key: it.fingerprint.clone(),
            title: it.title.clone(),
            severity: it.severity,
            host: it.host.clone(),
            site: it.site.clone().unwrap_or_default(),
            signature: it.signature.clone(),
            kb: &it.kb,
            first_seen: it.first_seen.as_deref(),
            case: case.to_owned(),
            body: body(it, report),
        })
        .collect()
}

/// One ticket for all that is claimed of a case; none where nothing is.
pub fn of_case<'r>(case: &str, report: &'r Report) -> Option<Ticket<'r>> {
    let tickets = of_causes(case, report);
    let first = tickets.first()?.clone();
    let keys: Vec<&str> = tickets.iter().map(|it| it.key.as_str()).collect();
    let more = tickets.len() - 1;
    let title = if more == 0 { first.title.clone() } else { format!("{} (and {more} more)", first.title) };
    let mut body = Vec::new();
    for ticket in &tickets {
        body.push(Block::Heading(ticket.title.clone()));
        body.extend(ticket.body.iter().cloned());
    }
    // Of several troubles the set is what is recognised, whatever their order.
    let key = if more == 0 { first.key.clone() } else { joined(keys) };
    Some(Ticket { key, title, body, ..first })
}

fn joined(mut keys: Vec<&str>) -> String {
    use sha2::{Digest, Sha256};
    keys.sort_unstable();
    let hash = Sha256::digest(keys.join("\n"));
    let hash: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("v1:{hash}")
}

fn body(it: &Diagnosis, report: &Report) -> Vec<Block> {
    let site = it.site.as_ref().map(|site| format!(", site {site}")).unwrap_or_default();
    let kb = if it.kb.is_empty() { String::new() } else { format!(", {}", it.kb.join(" ")) };
    let seen = match (&it.first_seen, &it.last_seen) {
        (Some(first), Some(last)) if first != last => format!(", from {first} to {last}"),
        (Some(first), _) => format!(", at {first}"),
        _ => String::new(),
    };
    let mut blocks = vec![
        Block::Text(format!(
            "{} ({}%), severity {}, on {}{site}{kb}{seen}",
            capitalised(it.verdict),
            it.confidence,
            it.severity,
            it.host
        )),
        Block::Text(it.means.clone()),
        Block::Heading("Evidence".to_owned()),
    ];
    blocks.extend(places(&it.evidence));
    if !it.against.is_empty() {
        blocks.push(Block::Heading("What speaks against it".to_owned()));
        blocks.extend(places(&it.against));
    }
    let effects: Vec<String> = it
        .explains
        .iter()
        .filter_map(|id| report.diagnoses.get(id - 1))
        .map(|effect| format!("{} (on {})", effect.title, effect.host))
        .collect();
    section(&mut blocks, "What it explains", Block::List, effects);
    let steps = it.remediation.iter().map(|step| {
        let risk = if step.risk == "low" { String::new() } else { format!(" [{} risk]", step.risk) };
        let run = step.run.as_ref().map(|run| format!(" Command: {run}")).unwrap_or_default();
        format!("On {}{risk}: {}{run}", step.on, step.action)
    });
    section(&mut blocks, "What to do", Block::Steps, steps.collect());
    section(&mut blocks, "How to verify", Block::List, it.verification.clone());
    let asks = it
        .unknown
        .iter()
        .filter_map(|unknown| unknown.ask.as_ref().map(|ask| format!("{} ({})", ask, unknown.why)));
    section(&mut blocks, "What to collect", Block::List, asks.collect());
    blocks
}

fn section(blocks: &mut Vec<Block>, title: &str, block: fn(Vec<String>) -> Block, texts: Vec<String>) {
    if !texts.is_empty() {
        blocks.push(Block::Heading(title.to_owned()));
        blocks.push(block(texts));
    }
}

/// The first places, each with what it shows; what several show is said once.
fn places(evidence: &[Evidence]) -> Vec<Block> {
    let (mut blocks, mut before) = (Vec::new(), "");
    for place in evidence.iter().take(MOST_PLACES) {
        if before != place.says {
            blocks.push(Block::Text(place.says.clone()));
            before = &place.says;
        }
        if !place.source.is_empty() {
            blocks.push(Block::Code(format!("{}\n{}", printable(&where_is(place)), place.text)));
        }
    }
    blocks
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// A title that fits into a field of so many characters.
pub fn cut(text: &str, most: usize) -> String {
    let text = printable(text);
    if text.chars().count() <= most {
        return text;
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.push('…');
    out
}
