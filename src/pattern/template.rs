//! Templates: texts with `{name}` or `{name:function}` that captures fill in.

use super::Captures;
use super::captures::{FUNCTIONS, apply};
use super::syntax::{Piece, hole_names, pieces};
use crate::authoring::nearest;

/// A text to be filled in.
#[derive(Clone, Debug)]
pub struct Template {
    pieces: Vec<Piece>,
    text: String,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// The byte at which something is wrong, and what.
    pub fn new(text: &str) -> Result<Self, (usize, String)> {
        let pieces = pieces(text)?;
        for piece in &pieces {
            match piece {
                Piece::Hole { name, kind } if name.is_empty() || !valid_function(kind) => {
                    let hint = nearest(kind, FUNCTIONS).unwrap_or_default();
                    let known = FUNCTIONS.join(", ");
                    return Err((
                        0,
                        format!("`{{{name}:{kind}}}` needs a name, and one of {known} if any: {hint}"),
                    ));
                }
                Piece::OneOf(choices) => {
                    return Err((
                        0,
                        format!("`{{{}}}` has no place in a text to fill in", choices.join("|")),
                    ));
                }
                _ => {}
            }
        }
        Ok(Self { pieces, text: text.to_owned() })
    }

    /// The template as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names that must be bound.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        hole_names(&self.pieces)
    }

    /// The text with every name filled in.
    ///
    /// # Errors
    /// The first name that is not bound.
    pub fn fill(&self, captures: &Captures) -> Result<String, String> {
        self.fill_with(captures, |name| Err(name.to_owned()))
    }

    /// The text with what is not bound shown as `<name>`, for people to read.
    pub fn show(&self, captures: &Captures) -> String {
        let shown = self.fill_with(captures, |name| Ok(format!("<{}>", name.replace('_', " "))));
        shown.unwrap_or_default()
    }

    fn fill_with(
        &self,
        captures: &Captures,
        missing: impl Fn(&str) -> Result<String, String>,
    ) -> Result<String, String> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Hole { name, kind } => match captures.get(name) {
                    Some(value) => out.push_str(&apply(kind, value)),
                    None => out.push_str(&missing(name)?),
                },
                Piece::OneOf(_) => {}
            }
        }
        Ok(out)
    }
}

fn valid_function(kind: &str) -> bool {
    kind.is_empty() || FUNCTIONS.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in() {
        let mut captures = Captures::default();
        captures.bind("dst", r"x:\sms\netmon\atalk.dll");
        let template = Template::new(r"dir /s {dst:drive}\sms on {host}").unwrap();
        assert_eq!(template.show(&captures), r"dir /s x:\sms on <host>");
        assert_eq!(template.fill(&captures), Err("host".to_owned()));
        assert!(Template::new("{dst:foldr}").unwrap_err().1.contains("did you mean `folder`?"));
    }
}
