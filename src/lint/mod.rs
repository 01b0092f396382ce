//! Judgement beyond correctness: what a careful reader of a signature would send back.

mod evidence;
mod prose;
mod relatives;
mod remedy;
mod trigger;
mod words;

use serde::Serialize;

use crate::authoring::{Mistake, Places};
use crate::signature::Signature;

/// A rule: its name, what it asks for, and who judges.
pub struct Rule {
    pub name: &'static str,
    /// What a signature should be like, for people.
    pub wants: &'static str,
    judge: fn(&Subject<'_>, &mut Vec<Remark>),
}

/// Every rule, in the order in which a signature is read.
pub const RULES: &[Rule] = &[
    Rule { name: "todo", wants: "nothing is left to be written", judge: prose::todo },
    Rule { name: "title", wants: "a title is short and needs no support", judge: prose::title },
    Rule { name: "means", wants: "`means` has 80 to 700 characters", judge: prose::means },
    Rule { name: "article-in-prose", wants: "article numbers stand in `kb` only", judge: prose::article },
    Rule { name: "severity", wants: "what is benign is info", judge: prose::severity },
    Rule { name: "says", wants: "each condition says what it means", judge: evidence::says },
    Rule { name: "no-effect", wants: "each field has an effect", judge: evidence::no_effect },
    Rule { name: "always-true", wants: "each condition can be false", judge: evidence::always_true },
    Rule { name: "generic-trigger", wants: "a trigger is rare in other logs", judge: trigger::generic },
    Rule { name: "far-near-miss", wants: "a near miss is near", judge: trigger::far_near_miss },
    Rule { name: "rival-back", wants: "rivals name each other", judge: relatives::rival_back },
    Rule { name: "same-trigger", wants: "signatures of one line are rivals", judge: relatives::same_trigger },
    Rule { name: "no-remedy", wants: "a cause has a remedy", judge: remedy::missing },
    Rule { name: "remedy-server", wants: "each step names its server", judge: remedy::server },
    Rule { name: "remedy-risk", wants: "what destroys is no low risk", judge: remedy::risk },
    Rule { name: "verify", wants: "a cure can be verified", judge: remedy::verify },
];

/// What a rule is asked about.
pub struct Subject<'a> {
    pub signature: &'a Signature,
    /// The text of its file, and where each field stands in it.
    pub text: &'a str,
    pub places: &'a Places<'a>,
    /// The signatures that are judged together, with this one.
    pub together: &'a [&'a Signature],
}

/// What a rule has to say, and where.
#[derive(Clone, Debug)]
pub struct Remark {
    /// The rule's name; [`lint`] puts it in.
    pub rule: &'static str,
    pub mistake: Mistake,
}

/// A remark, for other programs.
#[derive(Clone, Debug, Serialize)]
pub struct RemarkReport {
    pub rule: &'static str,
    pub path: String,
    pub line: usize,
    pub column: usize,
    pub what: String,
    pub hint: Option<String>,
}

/// Judges signatures, each with the text of its file.
pub fn lint(files: &[(Signature, String)]) -> Vec<Remark> {
    let together: Vec<&Signature> = files.iter().map(|(signature, _)| signature).collect();
    let mut remarks = Vec::new();
    for (signature, text) in files {
        let places = Places::read(&signature.path, text);
        let subject = Subject { signature, text, places: &places, together: &together };
        let start = remarks.len();
        for rule in RULES {
            let mut found = Vec::new();
            (rule.judge)(&subject, &mut found);
            remarks.extend(found.into_iter().map(|remark| Remark { rule: rule.name, ..remark }));
        }
        remarks[start..].sort_by_key(|remark| (remark.mistake.line, remark.mistake.column));
    }
    remarks
}

impl Subject<'_> {
    /// A remark on a field, with the way out.
    fn remark(&self, field: &str, what: impl Into<String>, hint: impl Into<String>) -> Remark {
        let mistake = self.places.mistake(self.places.whole(field), what, Some(hint.into()));
        Remark { rule: "", mistake }
    }

    /// The conditions with the paths of their fields.
    fn conditions(&self) -> impl Iterator<Item = (String, &crate::signature::Condition)> {
        let it = self.signature;
        let lists = [
            ("needs", &it.needs),
            ("supports", &it.supports),
            ("refutes", &it.refutes),
            ("resolved", &it.resolved),
        ];
        lists.into_iter().flat_map(|(part, list)| {
            list.iter().enumerate().map(move |(index, condition)| (format!("{part}.{index}"), condition))
        })
    }
}

impl Remark {
    /// Its plain data.
    pub fn report(&self) -> RemarkReport {
        let Mistake { path, line, column, what, hint, .. } = &self.mistake;
        RemarkReport {
            rule: self.rule,
            path: path.clone(),
            line: *line,
            column: *column,
            what: what.clone(),
            hint: hint.clone(),
        }
    }
}
