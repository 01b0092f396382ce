//! Lines that are told by their shape, where their words are of no known language.

use super::trailer::is_absolute;

/// The path of a folder whose header has words before or after it.
pub fn folder(text: &str) -> Option<&str> {
    if is_absolute(text) {
        // Where the path ends is not certain if it holds blanks, so the words behind it are the last one.
        let (path, words) = text.rsplit_once(' ')?;
        let is_word = !words.is_empty() && !words.bytes().any(|byte| b"\\/:.*?<>|\"".contains(&byte));
        return (is_word && is_path(path)).then_some(path);
    }
    let at =
        text.match_indices(' ').map(|(at, _)| at + 1).find(|at| text.get(*at..).is_some_and(is_absolute))?;
    let (words, path) = text.split_at_checked(at)?;
    let is_words = words.split_whitespace().count() <= 6
        && !words.bytes().any(|byte| byte.is_ascii_digit() || b"\\/*?<>|\"".contains(&byte));
    (is_words && is_path(path)).then_some(path)
}

/// The root that a line names, as one before a serial number does: one word of it is a letter of a drive.
pub fn volume(text: &str) -> Option<String> {
    if text.len() > 120 || text.bytes().any(|byte| byte.is_ascii_digit() || byte == b'\\') {
        return None;
    }
    let word = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let is_drive = |word: &String| word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let mut drives = text.split_whitespace().map(word).filter(is_drive);
    let drive = drives.next().filter(|_| text.contains(' '))?;
    drives.next().is_none().then(|| format!("{drive}:"))
}

/// Whether a text is the path of a file or folder, and nothing more.
pub fn is_entry_path(text: &str) -> bool {
    is_absolute(text) && text.len() > 3 && is_path(text) && !text.ends_with('\\')
}

fn is_path(path: &str) -> bool {
    let rest = path.get(2..).unwrap_or_default();
    !rest.bytes().any(|byte| byte < 0x20 || b"/:*?<>|\"".contains(&byte))
        && !rest.trim_start_matches('\\').contains("\\\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_any_language() {
        assert_eq!(folder("Kansio: D:\\SMS\\bin x"), Some("D:\\SMS\\bin x"));
        assert_eq!(folder("D:\\Program Files x"), Some("D:\\Program Files"));
        assert_eq!(folder("Contents \\\\SRV\\share\\x"), Some("\\\\SRV\\share\\x"));
        assert_eq!(folder("12 files in D:\\SMS"), None);
        assert_eq!(folder("D:\\SMS"), None);
        assert_eq!(folder("copy *.* D:\\SMS"), None);
        assert_eq!(folder("é"), None);
    }

    #[test]
    fn volumes_of_any_language() {
        assert_eq!(volume("Aseman C levy on DATA").as_deref(), Some("C:"));
        assert_eq!(volume("D: x"), Some("D:".to_owned()));
        assert_eq!(volume("A or B"), None);
        assert_eq!(volume("nothing of the kind"), None);
    }

    #[test]
    fn paths_alone() {
        assert!(is_entry_path("C:\\Program Files\\x.txt"));
        assert!(!is_entry_path("C:\\"));
        assert!(!is_entry_path("C:\\x>dir"));
        assert!(!is_entry_path("HKEY_LOCAL_MACHINE\\x"));
    }
}
