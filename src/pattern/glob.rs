//! Path globs: `?:\**\netmon\*`, with captures of single components or whole paths.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use regex::{Regex, RegexBuilder};

use super::Captures;
use super::captures::{FUNCTIONS, apply};
use super::syntax::{Piece, hole_names, pieces};
use crate::authoring::nearest;

/// A glob over Windows paths, registry paths, or plain names. Case does not count.
///
/// `?` is one character, `*` any within a component, `**` any number of components. `{name}` stands
/// for what is bound, or else captures one component; `{name:path}` captures any number.
#[derive(Clone, Debug)]
pub struct Glob {
    pieces: Vec<Piece>,
    text: String,
    /// The filled glob, where there is nothing to fill in.
    constant: OnceLock<Box<FilledGlob>>,
}

/// A glob with everything that was bound filled in.
#[derive(Clone, Debug)]
pub struct FilledGlob {
    form: Form,
    names: Vec<String>,
    /// The exact path, where nothing is left open.
    pub exact: Option<String>,
    /// The path in readable form.
    pub shown: String,
}

/// The size of a compiled glob: far more than paths of the greatest length need, bound names included.
const MOST_COMPILED: usize = 16 << 20;

/// How a path is compared. Most globs are plain texts, for which nothing needs to be compiled.
#[derive(Clone, Debug)]
enum Form {
    /// The lower-case path itself.
    Exact(String),
    /// The lower-case beginning of a path of which only the last component is open.
    Prefix(String),
    /// A regular expression, compiled when the first path is tried: many servers have none to try. Shared, so that it is
    /// compiled once for all copies.
    Open(Arc<(String, OnceLock<Option<Regex>>)>),
}

impl Glob {
    /// Reads a glob.
    ///
    /// # Errors
    /// The byte at which something is wrong, and what.
    pub fn new(text: &str) -> Result<Self, (usize, String)> {
        let pieces = pieces(text)?;
        for piece in &pieces {
            if let Piece::Hole { name, kind } = piece {
                let known = kind.is_empty() || kind == "path" || FUNCTIONS.contains(&kind.as_str());
                if name.is_empty() || !known {
                    let hint = nearest(kind, FUNCTIONS).unwrap_or_default();
                    let known = FUNCTIONS.join(", ");
                    return Err((
                        0,
                        format!(
                            "`{{{name}:{kind}}}` needs a name, and path or one of {known} if any: {hint}"
                        ),
                    ));
                }
            }
        }
        Ok(Self { pieces, text: text.to_owned(), constant: OnceLock::new() })
    }

    /// The glob as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names it uses; those not bound before are bound by a match.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        hole_names(&self.pieces)
    }

    /// Fills in what is bound.
    ///
    /// # Errors
    /// A name that a function is applied to and that is not bound.
    pub fn fill(&self, captures: &Captures) -> Result<FilledGlob, String> {
        if let Some(constant) = self.constant.get() {
            return Ok(FilledGlob::clone(constant));
        }
        let filled = self.filled(captures)?;
        if !self.pieces.iter().any(|piece| matches!(piece, Piece::Hole { .. })) {
            return Ok(FilledGlob::clone(self.constant.get_or_init(|| Box::new(filled))));
        }
        Ok(filled)
    }

    fn filled(&self, captures: &Captures) -> Result<FilledGlob, String> {
        let mut source = String::from("(?is)^");
        let (mut shown, mut names, mut open) = (String::new(), Vec::new(), false);
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => {
                    shown.push_str(text);
                    open |= text.contains(['?', '*']);
                    source.push_str(&wild(text));
                }
                Piece::OneOf(choices) => {
                    open = true;
                    let _ = write!(shown, "{{{}}}", choices.join("|"));
                    let choices: Vec<String> = choices.iter().map(|choice| wild(choice)).collect();
                    let _ = write!(source, "(?:{})", choices.join("|"));
                }
                Piece::Hole { name, kind } => match captures.get(name) {
                    Some(value) => {
                        let value = if kind.is_empty() || kind == "path" {
                            value.trim_end_matches('\\').to_owned()
                        } else {
                            apply(kind, value)
                        };
                        shown.push_str(&value);
                        source.push_str(&regex::escape(&value));
                    }
                    None if kind.is_empty() || kind == "path" => {
                        open = true;
                        let _ = write!(shown, "<{name}>");
                        let body = if kind.is_empty() { r"[^\\]+" } else { ".+" };
                        let _ = write!(source, "(?P<{name}>{body})");
                        names.push(name.clone());
                    }
                    None => return Err(name.clone()),
                },
            }
        }
        source.push('$');
        let exact = (!open).then(|| shown.clone());
        let prefix = shown.strip_suffix('*').filter(|prefix| !prefix.contains(['?', '*', '<', '{', '|']));
        let form = match (&exact, prefix) {
            (Some(exact), _) => Form::Exact(exact.to_lowercase()),
            (None, Some(prefix)) => Form::Prefix(prefix.to_lowercase()),
            (None, None) => Form::Open(Arc::new((source, OnceLock::new()))),
        };
        Ok(FilledGlob { form, names, exact, shown })
    }
}

impl FilledGlob {
    /// What a path binds, if it matches.
    pub fn find(&self, path: &str) -> Option<Captures> {
        let mut captures = Captures::default();
        let regex = match &self.form {
            Form::Exact(exact) => return (path.to_lowercase() == *exact).then_some(captures),
            Form::Prefix(prefix) => {
                let lower = path.to_lowercase();
                let rest = lower.strip_prefix(prefix)?;
                return (!rest.contains('\\')).then_some(captures);
            }
            Form::Open(open) => {
                let (source, regex) = &**open;
                regex.get_or_init(|| RegexBuilder::new(source).size_limit(MOST_COMPILED).build().ok())
            }
        };
        let found = regex.as_ref()?.captures(path)?;
        for name in &self.names {
            captures.bind(name, found.name(name).map_or("", |value| value.as_str()));
        }
        Some(captures)
    }

    /// The folders, from the root on, before the first open part: `D:\SMS` of `D:\SMS\**\x`.
    pub fn fixed_folder(&self) -> Option<&str> {
        let open = self.shown.find(['?', '*', '<', '{']).unwrap_or(self.shown.len());
        self.shown[..open].rfind('\\').map(|end| &self.shown[..end])
    }
}

/// A literal with its wildcards as a regular expression.
fn wild(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(r"**\") {
            out.push_str(r"(?:[^\\]+\\)*");
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix("**") {
            out.push_str(".*");
            rest = after;
            continue;
        }
        match c {
            '*' => out.push_str(r"[^\\]*"),
            '?' => out.push_str(r"[^\\]"),
            c => out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(glob: &str, path: &str, expected: Option<&str>) {
        let mut bound = Captures::default();
        bound.bind("set", r"Z:\BACKUP");
        let found = Glob::new(glob).unwrap().fill(&bound).unwrap().find(path).map(|captures| {
            captures.iter().map(|(name, value)| format!("{name}={value};")).collect::<String>()
        });
        assert_eq!(found.as_deref(), expected, "{glob} {path}");
    }

    #[test]
    fn wildcards_keep_to_components() {
        let netmon = r"?:\**\netmon\**\parsers\*";
        check(netmon, r"x:\sms\netmon\i386\parsers\atalk.dll", Some(""));
        check(netmon, r"X:\NETMON\PARSERS\a.dll", Some(""));
        check(netmon, r"x:\sms\netmon\i386\parsers\deep\a.dll", None);
        check(netmon, r"x:\sms\bin\parsers\a.dll", None);
        check(r"C:\*.TMP\SMSSETUP\**", r"C:\IUSH4YZ5.TMP\SMSSETUP\netmon\a", Some(""));
    }

    #[test]
    fn names_are_filled_in_or_bound() {
        check(r"{set}\SMS\SMS.INI", r"z:\backup\sms\sms.ini", Some(""));
        check(r"{set}\SMS\*", r"z:\backup\sms\sms.ini", Some(""));
        check(r"{set}\SMS\*", r"z:\backup\sms\deep\sms.ini", None);
        check(r"{root:path}\SMS", r"Z:\A\B\SMS", Some(r"root=Z:\A\B;"));
        check("CAP_{code}", "CAP_S04", Some("code=S04;"));
    }

    #[test]
    fn what_is_fixed_is_known() {
        let filled = Glob::new(r"D:\SMS\**\x.dll").unwrap().fill(&Captures::default()).unwrap();
        assert_eq!(filled.fixed_folder(), Some(r"D:\SMS"));
        assert_eq!(filled.exact, None);
    }
}
