//! Where a key hangs whose path was saved without its root.

/// A path from its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rooted {
    pub path: String,
    pub basis: Basis,
}

/// How the root is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    Written,
    /// The first part is a hive of this root and of no other.
    Hive(&'static str),
    /// The first part is most often found below this root.
    Likely(&'static str),
}

const MACHINE: &str = "HKEY_LOCAL_MACHINE";
const USERS: &str = "HKEY_USERS";
const USER: &str = "HKEY_CURRENT_USER";
const CLASSES: &str = "HKEY_CLASSES_ROOT";

/// The roots, with the short names that people write.
const ROOTS: [(&str, &str); 5] =
    [("HKLM", MACHINE), ("HKU", USERS), ("HKCU", USER), ("HKCR", CLASSES), ("HKCC", "HKEY_CURRENT_CONFIG")];

/// First parts below the key of a user.
const OF_USER: [&str; 11] = [
    "appevents",
    "console",
    "control panel",
    "environment",
    "identities",
    "keyboard layout",
    "network",
    "printers",
    "remoteaccess",
    "unicode program groups",
    "volatile environment",
];

/// The path from its root, written or inferred from its first part; `None` where no root fits.
pub fn rooted(path: &str) -> Option<Rooted> {
    let path = path.trim().trim_matches('\\');
    let first = path.split('\\').next().filter(|first| !first.is_empty())?;
    let written = ROOTS
        .iter()
        .find(|(short, long)| first.eq_ignore_ascii_case(short) || first.eq_ignore_ascii_case(long));
    if let Some((_, root)) = written {
        let path = format!("{root}{}", &path[first.len()..]);
        return Some(Rooted { path, basis: Basis::Written });
    }
    let basis = inferred(first)?;
    let (Basis::Hive(root) | Basis::Likely(root)) = basis else { return None };
    Some(Rooted { path: format!(r"{root}\{path}"), basis })
}

fn inferred(first: &str) -> Option<Basis> {
    let lower = first.to_lowercase();
    Some(match lower.as_str() {
        "hardware" | "sam" | "security" | "system" => Basis::Hive(MACHINE),
        // Windows names the machine's `SOFTWARE` and the user's `Software`.
        "software" if first == "SOFTWARE" => Basis::Hive(MACHINE),
        "software" if first == "Software" => Basis::Likely(USER),
        "software" => Basis::Likely(MACHINE),
        ".default" => Basis::Hive(USERS),
        "clsid" | "interface" | "typelib" | "appid" => Basis::Likely(CLASSES),
        other if other.starts_with("s-1-") => Basis::Hive(USERS),
        other if other.starts_with('.') => Basis::Likely(CLASSES),
        other => OF_USER.contains(&other).then_some(Basis::Likely(USER))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_tells_the_root() {
        let check = |path: &str, expected: &str| {
            let shown = rooted(path).map(|found| format!("{} {:?}", found.path, found.basis));
            assert_eq!(shown.unwrap_or_default(), expected, "{path}");
        };
        check(r"hklm\SYSTEM\Setup\", r"HKEY_LOCAL_MACHINE\SYSTEM\Setup Written");
        check(r"HKEY_USERS", "HKEY_USERS Written");
        check(r"System\Setup", r#"HKEY_LOCAL_MACHINE\System\Setup Hive("HKEY_LOCAL_MACHINE")"#);
        check(r"SOFTWARE\A", r#"HKEY_LOCAL_MACHINE\SOFTWARE\A Hive("HKEY_LOCAL_MACHINE")"#);
        check(r"Software\A", r#"HKEY_CURRENT_USER\Software\A Likely("HKEY_CURRENT_USER")"#);
        check(r"S-1-5-18\Console", r#"HKEY_USERS\S-1-5-18\Console Hive("HKEY_USERS")"#);
        check(r".txt", r#"HKEY_CLASSES_ROOT\.txt Likely("HKEY_CLASSES_ROOT")"#);
        check(r"Parameters", "");
        check(r"\", "");
    }
}
