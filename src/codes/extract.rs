//! All codes of a message.

use super::family::number_of_state;
use super::phrase::{Before, Phrase, phrase};
use super::spelling::{Bare, Spelled, spelled};
use super::tokens::{Token, tokens};
use super::value::{is_result, of_system};
use super::{Candidate, Family, Found};

/// The codes of a message, in the order in which they stand. What says that there was no error is left out.
///
/// Each number is looked at with a few words around it, so the time is that of reading the message.
pub fn find(message: &str) -> Vec<Found> {
    let message = Message::new(message);
    let mut found = Vec::new();
    let mut at = 0;
    while at < message.tokens.len() {
        match message.odbc(at) {
            Some((codes, end)) => {
                found.extend(codes);
                at = end;
            }
            None => {
                found.extend(message.code(at));
                at += 1;
            }
        }
    }
    found
}

/// What a message says as a whole.
struct Message<'a> {
    tokens: Vec<Token<'a>>,
    /// The first token that tells of a failure.
    failure: usize,
    /// The Despooler of SMS 1.x tells the result of an instruction, in hexadecimal without `0x`.
    despooler: bool,
    /// It is about packing or unpacking.
    packing: bool,
    sql: bool,
    /// The text of an event of SMS 1.x, with its fields.
    event: bool,
    /// It names the Site Configuration Manager of SMS 1.x.
    site_config: bool,
}

const FAILURES: &[&str] = &[
    "error",
    "err",
    "fail",
    "cannot",
    "can't",
    "could",
    "couldn",
    "unable",
    "denied",
    "exception",
    "fatal",
    "corrupt",
    "invalid",
];

/// Words before a long number that show it to be an address, a mask or an offset.
const NO_CODES: &[&str] = &[
    "address", "at", "eip", "base", "offset", "flags", "flag", "mask", "access", "memory", "thread", "role",
];

impl<'a> Message<'a> {
    fn new(message: &'a str) -> Self {
        let tokens = tokens(message);
        let starts = |token: &Token<'_>, word: &str| {
            token.text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        let has = |word: &str| tokens.iter().any(|token| starts(token, word));
        let field =
            |word: &str| tokens.windows(2).any(|it| it[0].is(word) && [":", "="].contains(&it[1].text));
        let fails = |token: &Token<'_>| FAILURES.iter().any(|word| starts(token, word));
        Self {
            failure: tokens.iter().position(fails).unwrap_or(usize::MAX),
            despooler: has("despooler") && has("instruction"),
            packing: ["compress", "decompress", "ctool"].into_iter().any(has),
            sql: has("sql") || has("dbprocess"),
            event: tokens.windows(3).any(|it| it[0].is("error") && it[1].is("in") && it[2].is("module"))
                || (field("operation") && field("object")),
            site_config: has("sms_site_config"),
            tokens,
        }
    }

    /// `[08001][10054][Microsoft]…`: a state and the number of the driver.
    fn odbc(&self, at: usize) -> Option<(Vec<Found>, usize)> {
        let list = self.tokens.get(at..at + 7)?;
        let marks = [0, 2, 3, 5, 6].map(|place| list[place].text);
        if marks != ["[", "]", "[", "]", "["] {
            return None;
        }
        let (state, native) = (&list[1], &list[4]);
        let number = number_of_state(state.text)?;
        let value: i64 = native.text.parse().ok()?;
        let why = "a state and a native error in square brackets, as ODBC writes them";
        let mut codes = vec![Found {
            span: state.start..state.end(),
            candidates: vec![Candidate { family: Family::Odbc, number, why }],
            open: false,
        }];
        let connection = state.text.starts_with("08") || state.text.starts_with("HYT");
        if value != 0 {
            codes.push(found(native.start..native.end(), native_error(value, connection, why)));
        }
        Some((codes, at + 6))
    }

    fn code(&self, at: usize) -> Option<Found> {
        let tokens = &self.tokens;
        let first = tokens[at].text.as_bytes()[0];
        if !first.is_ascii_hexdigit() && !matches!(first, b'o' | b'O') {
            return None;
        }
        let bare = if self.despooler { Bare::All } else { Bare::Mixed };
        let loose = spelled(tokens, at, bare)?;
        let Some((phrase, before)) = phrase(tokens, loose.from) else { return self.alone(at) };
        // Numbers to base 16 without `0x` are those of an error code only.
        let number = match phrase {
            Phrase::ErrorCode if self.despooler || before.mark => loose,
            Phrase::SqlState => return sql_state(&tokens[at]),
            _ => spelled(tokens, at, Bare::Long)?,
        };
        let (candidates, open) = self.families(phrase, &before, &number, at)?;
        let candidates: Vec<Candidate> = candidates.into_iter().filter(|it| it.number != 0).collect();
        (!candidates.is_empty()).then_some(Found { span: number.span, candidates, open })
    }

    /// A result code needs no words before it, if the message tells of a failure.
    fn alone(&self, at: usize) -> Option<Found> {
        let number = spelled(&self.tokens, at, Bare::Long)?;
        let before = number.from.checked_sub(1).map(|before| self.tokens[before]);
        let other = before.is_some_and(|token| {
            NO_CODES.iter().any(|word| token.is(word)) || ["-", "{", "=", "\\", "/"].contains(&token.text)
        });
        // `4294896193 (0xFFFEEA41)` is one number twice.
        let again = at.checked_sub(2).is_some_and(|number| self.tokens[number].is_digit())
            && before.is_some_and(|token| token.text == "(");
        let candidates = of_system(number.value, "a result code by its shape");
        let known = candidates.first().is_some_and(|first| first.family != Family::Own);
        let fits = number.hex && is_result(number.value) && self.failure < at && !other && !again && known;
        fits.then(|| found(number.span, candidates))
    }

    /// What follows a number begins a phrase of its own: `3 files`.
    fn counts(&self, at: usize) -> bool {
        self.tokens.get(at + 1).is_some_and(|token| token.text.starts_with(|c: char| c.is_ascii_lowercase()))
    }

    fn families(
        &self,
        phrase: Phrase,
        before: &Before<'_>,
        number: &Spelled,
        at: usize,
    ) -> Option<(Vec<Candidate>, bool)> {
        let value = number.value;
        let one = |family, why| Some((vec![Candidate { family, number: value, why }], false));
        let system = |why| Some((of_system(value, why), false));
        let or = |mut list: Vec<Candidate>, family, why| {
            list.push(Candidate { family, number: value, why });
            Some((list, true))
        };
        let next = |place: usize, word: &str| self.tokens.get(at + place).is_some_and(|token| token.is(word));
        match phrase {
            Phrase::System | Phrase::ServiceException => {
                system("the words before it say that Windows gave it")
            }
            Phrase::Error | Phrase::ErrorCode if next(1, ",") && next(2, "severity") => {
                one(Family::SqlServer, "severity and state follow, as SQL Server writes them")
            }
            Phrase::ErrorCode if self.despooler => {
                let why = "the result of an instruction of the Despooler, in hexadecimal without 0x";
                let mut list = vec![Candidate { family: Family::SmsDespooler, number: value, why }];
                list.extend(of_system(value, "if the Despooler passes on a code of Windows"));
                Some((list, true))
            }
            Phrase::ErrorCode if self.event || (before.opens() && before.colon) => {
                one(Family::Own, "a field of an event of SMS 1.x: a code of the component")
            }
            Phrase::Error if before.colon && self.counts(at) => None,
            Phrase::Error if before.colon && before.opens() && at + 1 == self.tokens.len() => or(
                of_system(value, "an error number without a family is one of Windows"),
                Family::Own,
                "it stands alone: programs for MS-DOS number their own messages so",
            ),
            Phrase::Error | Phrase::ErrorCode | Phrase::FailedWith if self.sql && !is_result(value) => {
                let why = "an error number in a message about SQL Server";
                let family =
                    if (10_000..10_100).contains(&value) { Family::DbLibrary } else { Family::SqlServer };
                let mut list = vec![Candidate { family, number: value, why }];
                list.extend(of_system(value, "an error number without a family is one of Windows"));
                Some((list, true))
            }
            Phrase::Error if before.opens() && next(1, "-") && !(2100..3000).contains(&value) => or(
                of_system(value, "an error number without a family is one of Windows"),
                Family::Own,
                "it opens the line: agents number their own messages so",
            ),
            Phrase::FailedWith if !number.hex && self.tokens.get(at + 1).is_some_and(Token::is_word) => None,
            Phrase::Error | Phrase::ErrorCode if self.site_config && (7100..7600).contains(&value) => or(
                vec![Candidate {
                    family: Family::SmsSiteConfig,
                    number: value,
                    why: "the message names the Site Configuration Manager",
                }],
                Family::Win32,
                "an error number without a family is one of Windows",
            ),
            Phrase::Error | Phrase::ErrorCode | Phrase::FailedWith => {
                system("an error number without a family is one of Windows")
            }
            Phrase::ReturnCode if self.packing && !is_result(value) => {
                one(Family::SmsCompression, "the return code of packing or unpacking")
            }
            Phrase::ReturnCode if number.hex => system("a return code in hexadecimal"),
            Phrase::ReturnCode => or(
                of_system(value, "return codes are mostly those of Windows"),
                Family::Own,
                "a program may return numbers of its own",
            ),
            Phrase::Returned if is_result(value) => system("a result code by its shape"),
            Phrase::Returned if self.counts(at) => None,
            Phrase::Returned => one(Family::Own, "what a function returned, without the word error"),
            Phrase::StatusCode if is_result(value) => system("a result code by its shape"),
            Phrase::StatusCode => None,
            Phrase::Result => system("the words before it say that it is a result code"),
            Phrase::Exception if is_result(value) => system("the code of an exception"),
            Phrase::Exception => None,
            Phrase::Exit => Some((exit(value), false)),
            Phrase::SiteConfig => {
                one(Family::SmsSiteConfig, "the words before it name the Site Configuration Manager")
            }
            Phrase::Event => or(
                vec![Candidate {
                    family: Family::SmsEvent,
                    number: value,
                    why: "an event, if SMS 1.x wrote it",
                }],
                Family::WindowsEvent,
                "an event, if Windows wrote it",
            ),
            Phrase::EventLogged if next(1, "logged") => {
                one(Family::SmsEvent, "SMS 1.x says that it logged this event")
            }
            Phrase::EventLogged | Phrase::SqlState => None,
            Phrase::Status => one(Family::SmsStatus, "the words before it say that it is a status message"),
            Phrase::SqlMessage => one(Family::SqlServer, "the words before it say that SQL Server gave it"),
            Phrase::DbLibrary if value < 10_000 => {
                one(Family::SqlServer, "the words before it say that it came from SQL Server")
            }
            Phrase::DbLibrary => one(Family::DbLibrary, "the words before it say that DB-Library gave it"),
            Phrase::Native => Some((native_error(value, true, "a native error of an ODBC driver"), true)),
            Phrase::Winsock => one(Family::Winsock, "the words before it speak of sockets"),
            Phrase::Brackets if self.failure < at && value <= 0xFFFF_FFFF => {
                let small = number.hex || value < 16_000 || is_result(value);
                small.then(|| (of_system(value, "a number in brackets behind a failure"), false))
            }
            Phrase::Brackets => None,
        }
    }
}

fn found(span: std::ops::Range<usize>, candidates: Vec<Candidate>) -> Found {
    Found { span, candidates, open: false }
}

fn sql_state(token: &Token<'_>) -> Option<Found> {
    let number = number_of_state(token.text).filter(|_| token.text != "00000")?;
    let why = "the words before it say that it is a state of ODBC";
    Some(found(token.start..token.end(), vec![Candidate { family: Family::Odbc, number, why }]))
}

/// The native error of a driver: of the network where a connection failed, else of SQL Server.
fn native_error(number: i64, connection: bool, why: &'static str) -> Vec<Candidate> {
    let server = Candidate { family: Family::SqlServer, number, why };
    let mut list = if connection { of_system(number, why) } else { Vec::new() };
    // Logins are refused by SQL Server whatever the state of the connection.
    let place = if number < 4000 || (10_000..12_000).contains(&number) { list.len() } else { 0 };
    list.insert(place, server);
    list
}

/// The families of an exit code; empty where it says that all went well.
fn exit(number: i64) -> Vec<Candidate> {
    match number {
        0 => Vec::new(),
        1601..=1654 | 3010 => of_system(number, "an exit code of Windows Installer is a code of Windows"),
        _ if is_result(number) => {
            of_system(number, "an exit code of this size is the exception that ended the program")
        }
        _ => vec![Candidate { family: Family::Exit, number, why: "an exit code is the program's own" }],
    }
}

#[cfg(test)]
mod tests;
