//! All signatures together, with the one search that serves them all.

use std::collections::BTreeMap;

use super::{Events, Lifecycle, Question, Quiet, Roles, Signature, Subject, Versions};
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
    /// In the order of their ids.
    pub lifecycles: Vec<Lifecycle>,
    pub roles: Roles,
    /// State whose changes mean nothing.
    pub quiet: Vec<Quiet>,
}

impl Signatures {
    /// Numbers every pattern and prepares the search. Of two signatures with one id the later wins.
    pub fn new(
        signatures: Vec<Signature>,
        lifecycles: Vec<Lifecycle>,
        mut roles: Roles,
        events: Events,
        versions: Versions,
    ) -> Self {
        let mut all = last_of_each(signatures, |signature| signature.id.clone());
        let mut lifecycles = last_of_each(lifecycles, |lifecycle| lifecycle.id.clone());
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut event_of = BTreeMap::new();
        for (index, event) in events.all.iter().enumerate() {
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
        lifecycles.iter_mut().flat_map(Lifecycle::questions_mut).for_each(|it| number(it, &mut wanted));
        roles.questions_mut().for_each(|it| number(it, &mut wanted));
        Self {
            all,
            interest: Interest::new(wanted),
            event_of,
            events,
            versions,
            lifecycles,
            roles,
            quiet: Vec::new(),
        }
    }

    /// A set of other signatures with the same vocabulary, and neither lifecycles nor roles.
    #[must_use]
    pub fn only(&self, signatures: Vec<Signature>) -> Self {
        Self::new(signatures, Vec::new(), Roles::default(), self.events.clone(), self.versions.clone())
    }

    /// The signature of an id.
    pub fn get(&self, id: &str) -> Option<&Signature> {
        self.all.binary_search_by(|signature| signature.id.as_str().cmp(id)).ok().map(|at| &self.all[at])
    }
}

/// Those that remain where a later one takes the place of an earlier one of the same id, in the order of the ids.
fn last_of_each<T>(all: Vec<T>, id: impl Fn(&T) -> String) -> Vec<T> {
    let by_id: BTreeMap<String, T> = all.into_iter().map(|it| (id(&it), it)).collect();
    by_id.into_values().collect()
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
