//! What a capture says about a server, and which places it speaks for.

use chrono::NaiveDateTime;

use super::RegistryData;

/// One thing that a state capture proves. Spelling is kept as found; comparison is the index's work.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// The capture names the computer it was taken on.
    Computer { name: String },
    /// The capture names the operating system, for example `Windows NT` or `Windows 2000`.
    System { name: String },
    /// A registry key exists. The path starts at a full root, for example `HKEY_LOCAL_MACHINE\SOFTWARE`.
    RegistryKey { path: String },
    /// A registry value exists; an empty `name` is the default value.
    RegistryValue { key: String, name: String, data: RegistryData },
    /// The capture deletes a key with all below it, or one value of it; so it is no plain export.
    RegistryDeletion { key: String, value: Option<String> },
    /// A file or folder exists. The path is absolute, `D:\SMS\bin` or `\\server\share\x`.
    Entry {
        path: String,
        kind: EntryKind,
        /// Local time of the server, to the minute, where the date order is certain.
        modified: Option<NaiveDateTime>,
    },
    /// A volume was listed. `root` is `C:` or `\\server\share`; free space in bytes.
    Volume { root: String, label: Option<String>, free: Option<u64> },
    /// A service is running, under the name (key name or display name) that the capture prints.
    ServiceRunning { name: String },
    /// A share exists. `path` is empty for IPC$ and the like.
    Share { name: String, path: String, remark: String },
    /// An account exists on the computer or in its domain.
    Account { name: String },
}

/// What a listing entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file with its size in bytes.
    File {
        size: u64,
    },
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
    /// All running services.
    RunningServices,
    /// All shares.
    Shares,
    /// All accounts.
    Accounts,
}
