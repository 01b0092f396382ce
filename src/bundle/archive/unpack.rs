//! Opens archives and the archives within them, and adds what they hold to the sources of a bundle.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::names::Names;
use super::{Contents, Format, START};
use crate::bundle::block::{Block, Spool};
use crate::bundle::limits::{Budget, Stop};
use crate::bundle::source::SourceBytes;
use crate::bundle::{Limits, Opened};
use crate::model::ProblemKind;

/// Adds the members of the archives of one bundle, within its limits.
pub struct Unpacker<'a> {
    pub opened: &'a mut Opened,
    bundle: usize,
    budget: Budget,
}

/// Where an archive is.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its path, under which its own troubles are told.
    pub path: &'a str,
    /// What stands before the names of its members.
    pub prefix: &'a str,
    /// 1 for an archive that lies in no other.
    pub depth: usize,
}

impl<'a> Unpacker<'a> {
    pub fn new(opened: &'a mut Opened, bundle: usize, limits: &Limits) -> Self {
        Self { opened, bundle, budget: Budget::new(*limits) }
    }

    /// Adds a file as it is.
    pub fn add(&mut self, path: String, bytes: SourceBytes) {
        self.opened.add(self.bundle, path, bytes);
    }

    /// Keeps the name of what could not be opened, with the reason.
    pub fn unreadable(&mut self, path: &str, stop: Stop) {
        self.opened.unreadable(self.bundle, path.to_owned(), stop.kind, stop.what);
    }

    /// Adds what an archive holds. `false` if it holds no archive after all and was left alone.
    pub fn archive(&mut self, format: Format, block: &Block, place: Place<'_>) -> bool {
        let budget = &mut self.budget;
        if place.depth == 1 {
            budget.begin(block.len() as u64);
        }
        let contents = guarded(|| format.members(place.path, block, budget));
        let Some(contents) = contents.unwrap_or_else(|| Some(broken())) else { return false };
        if contents.members.is_empty() && contents.problems.is_empty() {
            let what = "the archive holds no files";
            self.unreadable(place.path, Stop::new(ProblemKind::Unreadable, what));
        }
        for stop in contents.problems {
            self.unreadable(place.path, stop);
        }
        self.budget.members = self.budget.members.saturating_sub(contents.members.len());
        let mut names = Names::new(place.prefix, contents.members.iter().map(|member| &member.name));
        let mut members: Vec<(String, Result<SourceBytes, Stop>)> = contents
            .members
            .into_iter()
            .enumerate()
            .map(|(index, member)| (names.path(&member.name, index), member.bytes))
            .collect();
        for what in names.assumed() {
            self.unreadable(place.path, Stop::new(ProblemKind::Assumed, what));
        }
        // The order in which a folder is walked, so that packing changes nothing.
        members.sort_by(|(a, _), (b, _)| a.split('/').cmp(b.split('/')));
        for (path, bytes) in members {
            match bytes {
                Ok(bytes) => self.member(path, bytes, place.depth),
                Err(stop) => self.unreadable(&path, stop),
            }
        }
        true
    }

    /// Adds a member: what it holds if it is an archive, else itself.
    fn member(&mut self, path: String, bytes: SourceBytes, depth: usize) {
        let limits = self.budget.limits;
        let length = path.chars().count();
        if length > limits.path {
            let shown: String = path.chars().take(limits.path).collect();
            let what = format!("a path of {length} characters, the limit is {}", limits.path);
            return self.unreadable(&shown, Stop::new(ProblemKind::Limit, what));
        }
        let start = match guarded(|| bytes.start(START)) {
            Some(Ok(start)) => start,
            Some(Err(error)) => return self.unreadable(&path, Stop::of(&error)),
            None => return broken().problems.into_iter().for_each(|stop| self.unreadable(&path, stop)),
        };
        let Some(format) = Format::of(&path, &start) else { return self.add(path, bytes) };
        if depth >= limits.depth && format != Format::Carrier {
            let what = format!("an archive within {depth} archives, the limit is {}", limits.depth);
            return self.unreadable(&path, Stop::new(ProblemKind::Limit, what));
        }
        let memory = self.budget.memory;
        let (block, cut) = match guarded(|| self.block(&bytes)) {
            Some(Ok(found)) => found,
            Some(Err(error)) => return self.unreadable(&path, Stop::of(&error)),
            None => return self.add(path, bytes),
        };
        let place = Place { path: &path, prefix: &format!("{path}/"), depth: depth + 1 };
        if depth < limits.depth && self.archive(format, &block, place) {
            cut.into_iter().for_each(|stop| self.unreadable(&path, stop));
        } else {
            self.budget.memory = memory;
            self.add(path, bytes);
        }
    }

    /// All bytes of a member in one run, and why there are no more.
    fn block(&mut self, bytes: &SourceBytes) -> io::Result<(Block, Option<Stop>)> {
        if let SourceBytes::Block { block, cut } = bytes {
            return Ok((block.clone(), cut.as_deref().cloned()));
        }
        let mut spool = Spool::new(&self.budget);
        // What the archive around it declares was taken from the budget already, and holds while reading.
        let meter = self.budget.one();
        let (_, cut) = bytes.read(|reader| spool.fill(reader, meter))?;
        Ok((spool.finish(&mut self.budget)?, cut))
    }
}

/// Decoders are others' work; one that breaks must not take the rest of the bundle with it.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn broken() -> Contents {
    let mut contents = Contents::default();
    let what = "internal error while unpacking; please report it with this file";
    contents.problem(ProblemKind::Unreadable, what);
    contents
}
