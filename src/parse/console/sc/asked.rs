//! What was typed to make `sc` print a list, and so what a whole list covers.

use crate::model::Coverage;
use crate::parse::console::command;

/// What was asked of `sc`. Nothing is known where the capture does not show the command.
#[derive(Default)]
pub struct Asked {
    /// What the list covers if it is whole.
    pub covers: Option<Coverage>,
    /// The computer that was asked over the network, as `\\name`.
    pub computer: Option<String>,
}

impl Asked {
    /// Judges the words of a prompt.
    pub fn of(typed: Option<&str>) -> Self {
        let (_, words) = command::words(typed.unwrap_or_default());
        let mut words = words.iter().map(String::as_str).peekable();
        let computer = words.next_if(|word| word.starts_with(r"\\")).map(str::to_owned);
        let list = matches!(words.next(), Some("query" | "queryex"));
        let covers = if list && computer.is_none() { covered(words) } else { None };
        Self { covers, computer }
    }
}

/// What `sc query` lists with these options. The default is what runs of the services, without the drivers.
fn covered<'w>(mut words: impl Iterator<Item = &'w str>) -> Option<Coverage> {
    let mut covers = Coverage::RunningServices;
    while let Some(word) = words.next() {
        // Without an option's name, the word is the one service that is shown.
        let (option, value) = word.split_once('=')?;
        let value = if value.is_empty() { words.next()? } else { value };
        match (option, value) {
            ("state", "all") => covers = Coverage::Services,
            ("state", "active") | ("type", "service" | "all") | ("bufsize", _) => {}
            _ => return None,
        }
    }
    Some(covers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unfiltered_lists_cover() {
        let check = |typed: &str, covers: Option<Coverage>| {
            assert_eq!(Asked::of(Some(typed)).covers, covers, "{typed}")
        };
        check("sc query", Some(Coverage::RunningServices));
        check("SC QUERYEX state= ALL > c:\\sc.txt", Some(Coverage::Services));
        check("sc query type= service state=all bufsize= 65536", Some(Coverage::Services));
        check("sc query SMS_EXECUTIVE", None);
        check("sc query type= driver state= all", None);
        check("sc query state= inactive", None);
        check("sc query state= all group= TDI", None);
        check("sc query ri= 79", None);
        check("sc qc SMS_EXECUTIVE", None);
        check("sc \\\\SITES02 query state= all", None);
        assert_eq!(Asked::of(Some("sc \\\\SITES02 query")).computer.as_deref(), Some("\\\\sites02"));
        assert_eq!(Asked::of(None).covers, None);
    }
}
