//! The nouns that every other module shares. No input, no output, no clock.

pub mod diff;
mod fact;
mod names;
mod origin;
mod printable;
mod problem;
mod registry;
pub mod report;
pub mod run;
mod secrets;
mod service;
mod stamp;
mod texts;
pub mod verify;
pub mod why;

pub use fact::{Coverage, EntryKind, Fact, entry_path};
pub use names::{NameKind, Names};
pub use origin::{Located, Origin, SourceId};
pub use printable::{json_safe, printable};
pub use problem::{Problem, ProblemKind};
pub use registry::{RegistryData, registry_type};
pub use secrets::{is_secret_name, masked, value_of};
pub use service::{Service, ServiceState, StartType};
pub use stamp::{Stamp, Zone, offset_text};
pub use texts::Texts;
