//! The nouns that every other module shares. No input, no output, no clock.

pub mod diff;
mod fact;
mod origin;
mod printable;
mod problem;
mod registry;
pub mod report;
pub mod run;
mod service;
mod stamp;
pub mod verify;
pub mod why;

pub use fact::{Coverage, EntryKind, Fact, entry_path};
pub use origin::{Located, Origin, SourceId};
pub use printable::{json_safe, printable};
pub use problem::{Problem, ProblemKind};
pub use registry::{RegistryData, registry_type};
pub use service::{Service, ServiceState, StartType};
pub use stamp::{Stamp, Zone, offset_text};
