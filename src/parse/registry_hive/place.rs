//! Where a hive hangs in the registry, which the hive itself does not say: judged by its keys, then by names.

use crate::model::{Origin, SourceId};

use super::bytes::push_name;
use super::cells::{Entries, Hive, KeyNode};
use super::header::Header;

/// Where a hive is taken to hang.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path of its root key.
    pub root: String,
    /// The keys show it, so that what is not in the hive is not there; names alone are no proof.
    pub certain: bool,
    /// What it was judged by.
    pub why: String,
}

impl Place {
    /// Judges by the keys, then by the name in the header, the file's name and the root key's name.
    pub fn of(hive: &Hive<'_>, name: &str) -> Self {
        let mut tree = Tree::of(hive);
        if let Some(place) = by_keys(&mut tree) {
            return place;
        }
        let by_name = |root: String, why: String| Self { root, certain: false, why };
        if is_account(&tree.name) {
            let why = format!("by the name of its root key, `{}`", tree.name);
            return by_name(format!(r"HKEY_USERS\{}", tree.name), why);
        }
        let header = &hive.header.file_name;
        let names = [
            (header.as_str(), "the file name in its header"),
            (name, "its file name"),
            (tree.name.as_str(), "the name of its root key"),
        ];
        for (name, what) in names {
            if let Some(root) = known(name) {
                return by_name(root.to_owned(), format!("by {what}, `{name}`"));
            }
        }
        let name: String = name.chars().map(|letter| if letter == '\\' { '/' } else { letter }).collect();
        by_name(format!(r"HKEY_USERS\(hive {name})"), String::new())
    }

    /// The place in the file that a reader may look at: the header with the file's name.
    pub fn origin(source: SourceId) -> Origin {
        let (offset, length) = Header::FILE_NAME;
        Origin { source, line: 0, offset, length }
    }

    /// What is taken for granted, for people.
    pub fn told(&self) -> String {
        let root = &self.root;
        if self.why.is_empty() {
            return format!(
                "nothing tells where this hive hangs in the registry: its keys are shown below `{root}`, a place that no registry has"
            );
        }
        let so = match self.certain {
            true => "and keys that Windows keeps in memory only are in no hive",
            false => "so nothing is known to be absent",
        };
        format!("taken for {root} {}; a hive does not say where it hangs, {so}", self.why)
    }
}

/// A tree of the registry by the keys that it has directly or deeper below its root.
struct Shape {
    place: &'static str,
    /// It has all of these.
    all: &'static [&'static str],
    /// And at least as many of these; one is enough where the root key has the name of the place.
    least: usize,
    some: &'static [&'static str],
    /// No other tree looks like this.
    certain: bool,
}

/// What trees look like on Windows NT 4 to Windows Server 2025; whole hives first.
const SHAPES: &[Shape] = &[
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SYSTEM",
        all: &["Select"],
        least: 1,
        some: &["ControlSet001", "ControlSet002", "ControlSet003", "ControlSet004"],
        certain: true,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SOFTWARE",
        // Keys of the machine, which a user's `Software` has not.
        all: &["Microsoft"],
        least: 1,
        some: &[
            r"Microsoft\Windows NT\CurrentVersion\ProfileList",
            r"Microsoft\Windows\CurrentVersion\Setup",
            "Program Groups",
            "Windows 3.1 Migration Status",
        ],
        certain: true,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SOFTWARE",
        all: &["Microsoft", "Classes"],
        least: 0,
        some: &[],
        certain: false,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SAM",
        all: &[r"SAM\Domains\Account", r"SAM\Domains\Builtin"],
        least: 0,
        some: &[],
        certain: true,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SECURITY",
        all: &[r"Policy\PolAdtEv"],
        least: 1,
        some: &["RXACT", "Cache", r"Policy\Accounts", r"Policy\Secrets"],
        certain: true,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\BCD00000000",
        all: &["Description", "Objects"],
        least: 0,
        some: &[],
        certain: false,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS",
        all: &["Identification"],
        least: 1,
        some: &["Setup", "Components"],
        certain: true,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\SMS",
        all: &[],
        least: 2,
        some: &["Setup", "Components", "Inbox Source", "Inbox Destination", "Operations Management"],
        certain: false,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft",
        all: &[r"Windows NT\CurrentVersion\ProfileList", r"Windows\CurrentVersion"],
        least: 0,
        some: &[],
        certain: true,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet",
        all: &["Control", "Services"],
        least: 1,
        some: &["Enum", "Hardware Profiles", r"Control\Session Manager"],
        certain: false,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control",
        all: &["ComputerName", "Session Manager"],
        least: 0,
        some: &[],
        certain: false,
    },
    Shape {
        place: r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services",
        all: &["LanmanServer"],
        least: 1,
        some: &["LanmanWorkstation", "EventLog", "RpcSs", "Tcpip"],
        certain: false,
    },
];

/// The roots of users' hives, of which names tell whose they are.
const USER: Shape = Shape {
    place: "HKEY_CURRENT_USER",
    all: &["Control Panel"],
    least: 1,
    some: &["Software", "Environment", "Keyboard Layout", "Console", "AppEvents"],
    certain: false,
};

/// The files in which Windows keeps whole hives, without endings.
const FILES: &[(&str, &str)] = &[
    ("SYSTEM", r"HKEY_LOCAL_MACHINE\SYSTEM"),
    ("SOFTWARE", r"HKEY_LOCAL_MACHINE\SOFTWARE"),
    ("SAM", r"HKEY_LOCAL_MACHINE\SAM"),
    ("SECURITY", r"HKEY_LOCAL_MACHINE\SECURITY"),
    ("COMPONENTS", r"HKEY_LOCAL_MACHINE\COMPONENTS"),
    ("DRIVERS", r"HKEY_LOCAL_MACHINE\DRIVERS"),
    ("BCD", r"HKEY_LOCAL_MACHINE\BCD00000000"),
    ("DEFAULT", r"HKEY_USERS\.DEFAULT"),
    ("NTUSER", "HKEY_CURRENT_USER"),
    ("USRCLASS", r"HKEY_CURRENT_USER\Software\Classes"),
];

/// The place of a whole hive by the name of its file: `C:\WINNT\system32\config\software.sav`, `SITEP01_SYSTEM`.
fn known(name: &str) -> Option<&'static str> {
    let file = name.rsplit(['\\', '/']).next()?;
    let stem = file.split('.').next()?;
    // Collectors put the server in front.
    let last = stem.rsplit(['_', '-', ' ']).next()?;
    FILES.iter().find(|(known, _)| known.eq_ignore_ascii_case(last)).map(|(_, place)| *place)
}

/// Whether a root key has the name of an account's hive: its security identifier, maybe with `_Classes` behind.
fn is_account(name: &str) -> bool {
    let letters = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    name.starts_with("S-1-") && name.len() < 200 && letters(name)
}

/// The place that the keys of a hive show.
fn by_keys(tree: &mut Tree<'_>) -> Option<Place> {
    for shape in SHAPES {
        if let Some(seen) = tree.fits(shape) {
            let (root, certain) = (shape.place.to_owned(), shape.certain);
            return Some(Place { root, certain, why: format!("by its keys {seen}") });
        }
    }
    let seen = tree.fits(&USER)?;
    let default = known(&tree.hive.header.file_name).filter(|place| place.starts_with("HKEY_USERS"));
    if is_account(&tree.name) {
        return None;
    }
    let root = default.unwrap_or(USER.place).to_owned();
    Some(Place { root, certain: false, why: format!("by its keys {seen}, those of a user") })
}

/// Steps of all searches together, for hives that have lists without end.
const STEPS: u32 = 200_000;

/// The root of a hive and what is below it, looked at key by key.
struct Tree<'a> {
    hive: &'a Hive<'a>,
    root: Option<KeyNode<'a>>,
    /// The root key's own name.
    name: String,
    steps: u32,
}

impl<'a> Tree<'a> {
    fn of(hive: &'a Hive<'a>) -> Self {
        let root = hive.key(hive.header.root).ok();
        let mut name = String::new();
        if let Some(root) = &root {
            push_name(&mut name, root.name, root.narrow);
        }
        Self { hive, root, name, steps: STEPS }
    }

    /// The keys by which the tree is known as one of a shape.
    fn fits(&mut self, shape: &Shape) -> Option<String> {
        let last = shape.place.rsplit('\\').next()?;
        let least = if self.name.eq_ignore_ascii_case(last) { shape.least.min(1) } else { shape.least };
        let mut seen = Vec::new();
        for path in shape.all {
            if !self.has(path) {
                return None;
            }
            seen.push(*path);
        }
        let needed = seen.len() + least;
        for path in shape.some {
            if seen.len() == needed {
                break;
            }
            if self.has(path) {
                seen.push(*path);
            }
        }
        (seen.len() == needed).then(|| format!("`{}`", seen.join("`, `")))
    }

    /// Whether there is a key at a path below the root.
    fn has(&mut self, path: &str) -> bool {
        let mut key = self.root;
        for name in path.split('\\') {
            key = key.and_then(|key| self.child(&key, name));
        }
        key.is_some()
    }

    /// The subkey of a name.
    fn child(&mut self, key: &KeyNode<'a>, name: &str) -> Option<KeyNode<'a>> {
        if key.subkeys == 0 {
            return None;
        }
        let list = self.hive.list(key.subkey_list).ok()?;
        if &list.mark != b"ri" {
            return self.among(list.entries, name);
        }
        for entry in list.entries {
            self.steps = self.steps.checked_sub(1)?;
            let Ok(leaf) = self.hive.list(entry.offset) else { continue };
            if let Some(found) = self.among(leaf.entries, name) {
                return Some(found);
            }
        }
        None
    }

    fn among(&mut self, entries: Entries<'a>, name: &str) -> Option<KeyNode<'a>> {
        let mut found = String::new();
        for entry in entries {
            self.steps = self.steps.checked_sub(1)?;
            let Ok(key) = self.hive.key(entry.offset) else { continue };
            found.clear();
            push_name(&mut found, key.name, key.narrow);
            if found.eq_ignore_ascii_case(name) {
                return Some(key);
            }
        }
        None
    }
}
