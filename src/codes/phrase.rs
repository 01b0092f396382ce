//! The words that stand before a number, read backwards: they tell the family.

use super::tokens::Token;

/// What the words before a number say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// `Win32 error =`, `GetLastError`, `the operating system reported error`.
    System,
    /// `error code =`.
    ErrorCode,
    /// `error`, without `code`.
    Error,
    /// `return code =`, `rc=`, `result code`.
    ReturnCode,
    /// `returned`, `returning`: mostly a number of the program itself.
    Returned,
    /// `failed with`.
    FailedWith,
    /// `hr =`, `HRESULT :`, `error status was`.
    Result,
    StatusCode,
    /// `Exception =`.
    Exception,
    ServiceException,
    Exit,
    SiteConfig,
    Event,
    EventLogged,
    Status,
    SqlMessage,
    DbLibrary,
    SqlState,
    Native,
    Winsock,
    /// `(5)` with nothing else before it.
    Brackets,
}

/// The words before a number, and the marks between.
#[derive(Debug)]
pub struct Before<'a> {
    words: Vec<&'a str>,
    /// A mark such as `=` stands directly before the number.
    pub mark: bool,
    pub colon: bool,
    /// The token at which the phrase begins.
    start: usize,
}

/// Words that are looked at; a phrase is no longer.
const MOST_WORDS: usize = 8;

const FILLERS: &[&str] =
    &["is", "was", "of", "the", "a", "no", "number", "value", "equals", "occurred", "occured", "returned"];

/// What the tokens before `end` say of a number there, and where that begins.
pub fn phrase<'a>(tokens: &[Token<'a>], end: usize) -> Option<(Phrase, Before<'a>)> {
    let (mut at, mut brackets, mut apart) = (end, false, true);
    let (mut mark, mut colon) = (false, false);
    for _ in 0..4 {
        let Some(token) = at.checked_sub(1).map(|before| &tokens[before]) else { break };
        match token.text {
            "=" | "#" => mark = true,
            "'" | "\"" | ">" if !brackets => mark = true,
            ":" => (mark, colon) = (true, true),
            // What stands in brackets belongs to words before them, not to a number or a call: `276 (0x114)`, `f(5)`.
            "(" if !brackets => (brackets, apart) = (true, token.gap),
            _ => break,
        }
        at -= 1;
    }
    let (words, start) = words(tokens, at);
    let before = Before { words, mark, colon, start };
    if let Some(phrase) = before.read() {
        return Some((phrase, before));
    }
    if before.is(0, &["id"]) && mark && is_status(tokens, before.start) {
        return Some((Phrase::Status, before));
    }
    let closed = tokens.get(end..).into_iter().flatten().take(3).any(|token| token.text == ")");
    let word = at.checked_sub(1).is_some_and(|before| !tokens[before].is_digit());
    (brackets && apart && closed && word).then_some((Phrase::Brackets, before))
}

/// Whether `STATMSG:` stands before a token; its first letter may be lost.
fn is_status(tokens: &[Token<'_>], end: usize) -> bool {
    let Some([word, mark]) = end.checked_sub(2).and_then(|start| tokens.get(start..end)) else {
        return false;
    };
    mark.text == ":" && (word.is("STATMSG") || word.is("TATMSG"))
}

/// The words that stand before a token without a mark between, the nearest first; `()` is no mark.
fn words<'a>(tokens: &[Token<'a>], end: usize) -> (Vec<&'a str>, usize) {
    let (mut words, mut at) = (Vec::new(), end);
    while words.len() < MOST_WORDS {
        let Some(before) = at.checked_sub(1) else { break };
        let token = &tokens[before];
        let call = token.text == ")" && before.checked_sub(1).is_some_and(|open| tokens[open].text == "(");
        if call {
            at = before - 1;
        } else if token.is_word() {
            words.push(token.text);
            at = before;
        } else {
            break;
        }
    }
    (words, at)
}

impl Before<'_> {
    /// Whether the phrase opens the message.
    pub fn opens(&self) -> bool {
        self.start == 0
    }

    fn is(&self, place: usize, choices: &[&str]) -> bool {
        self.words.get(place).is_some_and(|word| choices.iter().any(|known| word.eq_ignore_ascii_case(known)))
    }

    fn read(&self) -> Option<Phrase> {
        let mut at = 0;
        // `returned` is a filler before another word only: `GetLastError() returned error 2`.
        while self.is(at, FILLERS) && !(at == 0 && self.is(0, &["returned"])) {
            at += 1;
        }
        if self.is(at, &["code", "codes"]) {
            return self.coded(at + 1);
        }
        let word = |choices: &[&str]| self.is(at, choices);
        let next = |choices: &[&str]| self.is(at + 1, choices);
        if word(&["error", "err"]) {
            return Some(self.error(at));
        }
        let status = word(&["status"]);
        let message = word(&["message"]);
        let rules = [
            (word(&["win32", "getlasterror", "lasterror"]), Phrase::System),
            (word(&["return"]) && self.mark, Phrase::System),
            (word(&["returned", "returning"]), Phrase::Returned),
            (
                word(&["with"]) && next(&["failed", "fails", "failing", "terminated", "ended"]),
                Phrase::FailedWith,
            ),
            (word(&["hr", "hresult", "scode", "ntstatus"]), Phrase::Result),
            (status && next(&["error", "nt"]), Phrase::Result),
            (word(&["rc"]) && self.mark, Phrase::ReturnCode),
            (word(&["errorcode", "errno", "dwerror"]) && self.mark, Phrase::ErrorCode),
            (word(&["exception"]) && next(&["service"]), Phrase::ServiceException),
            (word(&["exception"]), Phrase::Exception),
            (word(&["exitcode"]) || (status && next(&["exit"])), Phrase::Exit),
            (word(&["id"]) && next(&["event"]), Phrase::Event),
            (word(&["event"]) && at == 0, Phrase::EventLogged),
            (word(&["id"]) && next(&["message"]), Phrase::Status),
            (word(&["messageid"]) && self.mark, Phrase::Status),
            (message && next(&["status"]), Phrase::Status),
            (message && next(&["server"]) && self.is(at + 2, &["sql"]), Phrase::SqlMessage),
            (word(&["msg"]), Phrase::SqlMessage),
            (word(&["sqlstate"]), Phrase::SqlState),
            (word(&["nativeerror", "native"]), Phrase::Native),
        ];
        rules.into_iter().find(|(holds, _)| *holds).map(|(_, phrase)| phrase)
    }

    /// `… code`.
    fn coded(&self, at: usize) -> Option<Phrase> {
        let word = |choices: &[&str]| self.is(at, choices);
        if word(&["error", "failure", "err"]) {
            let system = self.is(at + 1, &["win32", "system"]);
            Some(if system { Phrase::System } else { Phrase::ErrorCode })
        } else if word(&["win32"]) {
            Some(Phrase::System)
        } else if word(&["return", "returns", "returned", "result", "completion"]) {
            Some(Phrase::ReturnCode)
        } else if word(&["exit"]) {
            Some(Phrase::Exit)
        } else if word(&["mgr", "manager"]) && self.is(at + 1, &["siteconfig", "config"]) {
            Some(Phrase::SiteConfig)
        } else if word(&["exception"]) {
            Some(Phrase::Exception)
        } else if word(&["hresult"]) {
            Some(Phrase::Result)
        } else if word(&["status"]) {
            Some(Phrase::StatusCode)
        } else {
            None
        }
    }

    /// `… error`.
    fn error(&self, at: usize) -> Phrase {
        let before = |choices: &[&str]| self.is(at + 1, choices);
        let sql = before(&["sql"]) || (before(&["server"]) && self.is(at + 2, &["sql"]));
        match () {
            () if before(&["win32", "getlasterror"]) => Phrase::System,
            () if before(&["returned"]) && self.is(at + 2, &["getlasterror"]) => Phrase::System,
            () if before(&["reported"]) && self.is(at + 2, &["system"]) => Phrase::System,
            () if sql && self.is(at, &["err"]) => Phrase::DbLibrary,
            () if sql => Phrase::SqlMessage,
            () if before(&["library", "dblib"]) => Phrase::DbLibrary,
            () if before(&["native"]) => Phrase::Native,
            () if before(&["winsock", "socket", "sockets"]) => Phrase::Winsock,
            () => Phrase::Error,
        }
    }
}
