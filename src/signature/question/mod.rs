//! A question to the evidence: what is asked, and of which server.

mod read;

pub use read::read;

use chrono::TimeDelta;

use crate::parse::log::Wanted;
use crate::pattern::{Glob, Template, ValueTest};

/// What is asked, and of whom.
#[derive(Clone, Debug)]
pub struct Question {
    pub place: Place,
    pub subject: Subject,
    /// Tests of what the subject binds.
    pub filter: Vec<(String, ValueTest)>,
}

/// The server that a question speaks of.
#[derive(Clone, Debug)]
pub enum Place {
    /// The server that the signature is being asked of.
    Own,
    /// The site server of the own site's parent.
    Parent,
    /// The site server of the site with this code.
    Site(Template),
    /// The server of this name.
    Host(Template),
    /// Any server that has this share, such as a logon server.
    WithShare(Glob),
}

/// What is asked.
#[derive(Clone, Debug)]
pub enum Subject {
    Line(Lines),
    Key {
        path: Glob,
        state: State,
    },
    /// A registry value; `needed` tells whether its absence means anything.
    Value {
        key: Template,
        name: Template,
        test: Option<ValueTest>,
        needed: bool,
        /// The name that its data is bound to.
        bind: String,
    },
    /// A file or folder; binds `size` in bytes and `date`, where the listing tells them.
    File {
        path: Glob,
        state: State,
    },
    /// How many files or folders there are; binds `count`.
    Count {
        path: Glob,
        test: ValueTest,
    },
    /// Free bytes of the volume of a path.
    Free {
        path: Template,
        test: ValueTest,
    },
    /// A service; binds `path`, `account`, `start` and `state`, where captures tell them.
    Service {
        name: Glob,
        state: State,
    },
    /// A share; binds its `path` and `remark`.
    Share {
        name: Glob,
        state: State,
    },
    Account {
        name: Glob,
        state: State,
    },
    Group {
        name: Glob,
        state: State,
    },
    /// A member of a group; binds the group's name as `group`.
    Member {
        group: Glob,
        name: Glob,
        state: State,
    },
    /// A named value of an INI file, a site control file, or a report of a command.
    Setting {
        document: Glob,
        section: Glob,
        name: Glob,
        test: Option<ValueTest>,
        /// The name that its value is bound to.
        bind: String,
    },
    /// The filter alone decides.
    Test,
    /// A file seen on more than one server, under the same name.
    Twice {
        path: Glob,
    },
    /// The first of several questions that is true.
    Any(Vec<Question>),
}

/// A line of a log: one of several patterns.
#[derive(Clone, Debug)]
pub struct Lines {
    pub wanted: Vec<Wanted>,
    /// The patterns by number, once they are compiled.
    pub numbers: Vec<u32>,
    /// Names of logical logs; empty for any.
    pub logs: Vec<String>,
    /// Whether it must be the last record of its log.
    pub last: bool,
    pub repeated: Option<Repeated>,
    /// How much older than the newest record of the server's other logs it must be.
    pub age: Option<TimeDelta>,
}

/// The same line over and over: so many that bind the same, and within which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeated {
    pub times: usize,
    pub per: Option<TimeDelta>,
}

/// The state that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Present,
    Absent,
    Running,
    Stopped,
}
