//! All signatures together, with the one search that serves them all.

use std::collections::BTreeMap;

use super::{Events, Question, Signature, Subject, Versions};
use crate::parse::log::{Interest, Wanted};

/// Every signature and event, compiled.
#[derive(Debug)]
pub struct Signatures {
    /// In the order of their ids.
    pub all: Vec<Signature>,
    pub interest: Interest,
    /// The event that a pattern belongs to, by pattern number: index into the events.
    pub event_of: BTreeMap<u32, usize>,
    pub events: Events,
    pub versions: Versions,
}

impl Signatures {
    /// Numbers every pattern and prepares the search. Of two signatures with one id the later wins.
    pub fn new(signatures: Vec<Signature>, events: Events, versions: Versions) -> Self {
        let by_id: BTreeMap<String, Signature> =
            signatures.into_iter().map(|signature| (signature.id.clone(), signature)).collect();
        let mut all: Vec<Signature> = by_id.into_values().collect();
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut event_of = BTreeMap::new();
        for (index, event) in events.0.iter().enumerate() {
            for pattern in &event.wanted {
                event_of.insert(wanted.len() as u32, index);
                wanted.push(pattern.clone());
            }
        }
        for signature in &mut all {
            let conditions = signature
                .needs
                .iter_mut()
                .chain(&mut signature.supports)
                .chain(&mut signature.refutes)
                .chain(&mut signature.resolved)
                .map(|condition| &mut condition.question);
            let items = signature
                .items
                .iter_mut()
                .flat_map(|item| item.each.iter_mut().chain(&mut item.only).chain(&mut item.test));
            for question in conditions.chain(items) {
                number(question, &mut wanted);
            }
        }
        Self { all, interest: Interest::new(wanted), event_of, events, versions }
    }

    /// A set of other signatures with the same vocabulary.
    #[must_use]
    pub fn only(&self, signatures: Vec<Signature>) -> Self {
        Self::new(signatures, self.events.clone(), self.versions.clone())
    }

    /// The signature of an id.
    pub fn get(&self, id: &str) -> Option<&Signature> {
        self.all.binary_search_by(|signature| signature.id.as_str().cmp(id)).ok().map(|at| &self.all[at])
    }
}

fn number(question: &mut Question, all: &mut Vec<Wanted>) {
    match &mut question.subject {
        Subject::Line(lines) => {
            // A signature of another set bears that set's numbers.
            lines.numbers.clear();
            for pattern in &lines.wanted {
                lines.numbers.push(all.len() as u32);
                all.push(pattern.clone());
            }
        }
        Subject::Any(inner) => inner.iter_mut().for_each(|question| number(question, all)),
        _ => {}
    }
}
