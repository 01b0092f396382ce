//! sitedx: offline forensics for Systems Management Server and Configuration Manager sites.
//!
//! The modules stand in dependency order: each uses only those above it (a test holds this).
//! `ARCHITECTURE.md` tells the way of the data and the invariants.

pub mod model;
pub mod text;
pub mod authoring;
pub mod codes;
pub mod bundle;
pub mod custody;
pub mod pattern;
pub mod grammar;
pub mod parse;
pub mod detect;
pub mod intake;
pub mod facts;
pub mod signature;
pub mod correlate;
pub mod diagnose;
pub mod redact;
pub mod report;
pub mod handbook;
pub mod catalog;
pub mod check;
pub mod pipeline;
pub mod prove;
pub mod lint;
pub mod draft;
pub mod cli;
