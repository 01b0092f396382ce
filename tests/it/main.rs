//! Whole-program tests: what a user sees, on samples, and the rules of the house.

#![allow(clippy::disallowed_methods, reason = "tests read and write files of their own")]

mod acceptance;
mod authors;
mod causes;
mod clocks;
mod collect;
mod command;
mod courses;
mod diff;
mod docs;
mod drafts;
mod events;
mod explain;
mod false_alarms;
mod files;
mod formats;
mod hostile;
mod html;
mod invariance;
mod language;
mod lifecycles;
mod mistakes;
mod packing;
mod redaction;
mod registry_forms;
mod roles;
mod samples;
mod scenarios;
mod schemas;
mod signatures;
mod terminal;
mod tickets;
mod tidy;
mod verify;
