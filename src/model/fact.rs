//! What a capture says about a server, and which places it speaks for.

use std::sync::Arc;

use chrono::NaiveDateTime;

use super::{RegistryData, Service, Stamp};

/// One thing that a state capture proves. Spelling is kept as found; comparison is the index's work.
///
/// A capture may hold millions of keys, values and entries, so what these share is shared in memory.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// The capture names the computer it was taken on.
    Computer { name: String },
    /// The capture names the operating system, for example `Windows NT` or `Windows 2000`.
    System { name: String },
    /// A registry key exists. The path starts at a full root, for example `HKEY_LOCAL_MACHINE\SOFTWARE`.
    RegistryKey {
        path: Arc<str>,
        /// When the key or one of its values was last written, where the capture tells.
        written: Option<Stamp>,
    },
    /// A registry value exists; an empty `name` is the default value.
    RegistryValue { key: Arc<str>, name: Box<str>, data: RegistryData },
    /// The capture deletes a key with all below it, or one value of it; so it is no plain export.
    RegistryDeletion { key: Arc<str>, value: Option<Box<str>> },
    /// A folder was listed under its own heading. The path is absolute: `D:\SMS\bin` or `\\server\share\x`.
    Folder { path: Arc<str> },
    /// A file or folder exists in a folder, whose path is absolute.
    Entry {
        folder: Arc<str>,
        name: Box<str>,
        kind: EntryKind,
        /// Local time of the server, to the minute, where the date order is certain.
        modified: Option<NaiveDateTime>,
    },
    /// A volume was listed. `root` is `C:` or `\\server\share`; free space in bytes.
    Volume { root: String, label: Option<String>, free: Option<u64> },
    /// A service or driver exists.
    Service(Box<Service>),
    /// A share exists. `path` is empty for IPC$ and the like.
    Share { name: String, path: String, remark: String },
    /// An account exists on the computer or in its domain.
    Account { name: String },
    /// A local or global group exists.
    Group { name: String },
    /// An account or group is a member of a group.
    Member { group: String, name: String },
    /// A named value of a document: an INI file, a site control file, a report such as `systeminfo`.
    Setting {
        /// The file's name in lower case, or the command's: `sms.ini`, `sitectrl.ct0`, `ipconfig`.
        document: Arc<str>,
        /// The section or the path of blocks within it, parts divided by `/`; empty where there is none.
        section: Arc<str>,
        name: Box<str>,
        value: Box<str>,
    },
}

/// What a listing entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file with its size in bytes.
    File {
        size: u64,
    },
    /// A file whose size the capture does not print; in a list of names alone it may be a folder.
    Unsized,
    Folder,
    /// A junction or a symbolic link.
    Link,
}

/// A place for which a capture is complete, so that what it does not show there is absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// All keys and values at and below this key.
    RegistryTree { root: String },
    /// All direct entries of this folder.
    Folder { path: String },
    /// This file or folder, which does not exist.
    Absent { path: String },
    /// All services that run, under their display names at least.
    RunningServices,
    /// All services, running or not, under their key names.
    Services,
    /// All shares.
    Shares,
    /// All accounts.
    Accounts,
    /// All groups.
    Groups,
    /// All members of a group.
    Members { group: String },
}

/// The path of an entry of a folder.
pub fn entry_path(folder: &str, name: &str) -> String {
    let mut path = String::with_capacity(folder.len() + 1 + name.len());
    path.push_str(folder);
    if !folder.ends_with('\\') {
        path.push('\\');
    }
    path.push_str(name);
    path
}
