//! Tests of a captured value: equal, not, compared, one of, or matching a glob.

use std::cmp::Ordering;

use super::glob::{FilledGlob, Glob};
use super::{Captures, Template};
use crate::codes;

/// A test as a signature writes it: `3`, `'< 2.00.1493.3000'`, `'not ?:\**\netmon\**'`.
#[derive(Clone, Debug)]
pub enum ValueTest {
    Matches(Glob),
    Not(Box<ValueTest>),
    Compares(&'static str, Template),
    AnyOf(Vec<ValueTest>),
}

/// The operators of comparisons; longer ones first, so that `<=` is not read as `<`.
const OPERATORS: &[&str] = &["<=", ">=", "<", ">", "="];

impl ValueTest {
    /// Reads a test from one text or several: any of them may hold, and none that says `not` may fail.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(texts: &[String]) -> Result<Self, String> {
        match texts {
            [text] => Self::one(text.trim()),
            [] => Err("an empty list holds for nothing".to_owned()),
            many => {
                Ok(Self::AnyOf(many.iter().map(|text| Self::one(text.trim())).collect::<Result<_, _>>()?))
            }
        }
    }

    fn one(text: &str) -> Result<Self, String> {
        if let Some(rest) = text.strip_prefix("not ") {
            return Ok(Self::Not(Box::new(Self::one(rest.trim())?)));
        }
        if let Some((operator, rest)) =
            OPERATORS.iter().find_map(|operator| Some((*operator, text.strip_prefix(operator)?)))
        {
            let template = Template::new(rest.trim()).map_err(|(_, what)| what)?;
            return Ok(Self::Compares(operator, template));
        }
        Ok(Self::Matches(Glob::new(text).map_err(|(_, what)| what)?))
    }

    /// Whether a value that passes still passes when it grows.
    pub fn is_lower_bound(&self) -> bool {
        matches!(self, Self::Compares(">" | ">=", _))
    }

    /// The names that must be bound for the test.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Matches(glob) => glob.names().map(str::to_owned).collect(),
            Self::Not(inner) => inner.names(),
            Self::Compares(_, template) => template.names().map(str::to_owned).collect(),
            Self::AnyOf(tests) => tests.iter().flat_map(Self::names).collect(),
        }
    }

    /// Whether a value passes.
    ///
    /// # Errors
    /// A name that the test needs and that is not bound.
    pub fn holds(&self, value: &str, captures: &Captures) -> Result<bool, String> {
        match self {
            Self::Matches(glob) => {
                // What a path pattern would capture, a test must know.
                if let Some(missing) = glob.names().find(|name| captures.get(name).is_none()) {
                    return Err(missing.to_owned());
                }
                let filled = glob.fill(captures)?;
                Ok(filled.find(value).is_some() || same_number(&filled, value))
            }
            Self::Not(inner) => Ok(!inner.holds(value, captures)?),
            Self::Compares(operator, template) => {
                let wanted = template.fill(captures)?;
                let order = compare(value, &wanted);
                Ok(order.is_some_and(|order| match *operator {
                    "<=" => order != Ordering::Greater,
                    ">=" => order != Ordering::Less,
                    "<" => order == Ordering::Less,
                    ">" => order == Ordering::Greater,
                    _ => order == Ordering::Equal,
                }))
            }
            Self::AnyOf(tests) => {
                // Of several things that it must not be, it must be none.
                let (not, any): (Vec<_>, Vec<_>) =
                    tests.iter().partition(|test| matches!(test, Self::Not(_)));
                for test in &not {
                    if !test.holds(value, captures)? {
                        return Ok(false);
                    }
                }
                for test in &any {
                    if test.holds(value, captures)? {
                        return Ok(true);
                    }
                }
                Ok(any.is_empty())
            }
        }
    }
}

/// `0x5` and `5` are one code, whatever the spelling.
fn same_number(glob: &FilledGlob, value: &str) -> bool {
    let Some(wanted) = glob.exact.as_deref().and_then(|exact| exact.parse::<i64>().ok()) else {
        return false;
    };
    codes::number(value).is_some_and(|found| codes::unsigned(found) == codes::unsigned(wanted))
}

/// Compares numbers as numbers, dates as dates and versions part by part; anything else does not compare.
pub fn compare(a: &str, b: &str) -> Option<Ordering> {
    if let (Ok(a), Ok(b)) = (a.parse::<i64>(), b.parse::<i64>()) {
        return Some(a.cmp(&b));
    }
    let parts =
        |text: &str| -> Option<Vec<u64>> { text.split('.').map(|part| part.trim().parse().ok()).collect() };
    if let (Some(a), Some(b)) = (date(a), date(b)) {
        return Some(a.cmp(b));
    }
    let (mut a, mut b) = (parts(a)?, parts(b)?);
    // A bare build number is not the first part of a version.
    if (a.len() == 1) != (b.len() == 1) {
        return None;
    }
    let length = a.len().max(b.len());
    a.resize(length, 0);
    b.resize(length, 0);
    Some(a.cmp(&b))
}

/// A date and time as listings give them, `1996-06-10 14:00`, of which the end may be missing.
fn date(text: &str) -> Option<&str> {
    let is_date = text.bytes().zip(b"0000-00-00").all(|(byte, form)| match form {
        b'0' => byte.is_ascii_digit(),
        form => byte == *form,
    });
    (text.len() >= "0000-00-00".len() && is_date).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(test: &str, value: &str) -> bool {
        ValueTest::new(&[test.to_owned()]).unwrap().holds(value, &Captures::default()).unwrap()
    }

    #[test]
    fn numbers_versions_and_globs() {
        assert!(check("3", "3") && check("3", "0x3") && !check("3", "32"));
        assert!(check("< 2.00.1493.3000", "2.00.1493.2010") && !check("< 2.00.1493.3000", "2.00.1493.3010"));
        assert!(check(">= 112", "112") && !check("> 112", "112"));
        assert!(check("2147942405", "-2147024891"), "one HRESULT, two spellings");
        assert!(check(r"not ?:\**\netmon\**", r"g:\sms\bin\a.dll"));
        assert!(!check(r"not ?:\**\netmon\**", r"g:\sms\netmon\a.dll"));
        assert!(!check("< 3", "none"), "what is no number compares with none");
        assert!(!check("< 2.00.1493.3000", "1239"), "a bare build number is no version");
        assert!(check("< 1996-06-11", "1996-06-10 14:00") && !check("< 1996-06-11", "1996-06-11 02:00"));
        assert!(check("> 1996-06-11", "1996-06-11 02:00"), "a day begins before its hours");
    }

    #[test]
    fn a_name_that_is_not_bound_is_told() {
        let test = ValueTest::new(&["not {site}*".to_owned()]).unwrap();
        assert_eq!(test.holds("H10000A4", &Captures::default()), Err("site".to_owned()));
    }

    #[test]
    fn any_of_a_list() {
        let test = ValueTest::new(&["2".into(), "3".into()]).unwrap();
        assert_eq!(test.holds("3", &Captures::default()), Ok(true));
        assert_eq!(test.holds("5", &Captures::default()), Ok(false));
        let neither = ValueTest::new(&["not 2".into(), "not 3".into()]).unwrap();
        assert_eq!(neither.holds("5", &Captures::default()), Ok(true));
        assert_eq!(neither.holds("3", &Captures::default()), Ok(false));
    }
}
