//! What a typed `dir` command says about what it prints and what it leaves out.

use super::trailer::{is_absolute, root};

/// What the typed command says about what is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// A filter by name or attribute: nothing is complete.
    pub narrow: bool,
    /// A name was given, which may be a file: a root, which has no `.` to show, may be incomplete.
    pub named: bool,
}

/// A typed command like `dir /s d:\`, and the folder that the prompt before it shows.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub scope: Scope,
    /// `/b`: names alone.
    pub bare: bool,
    /// `/s`: all folders below, too.
    pub recursive: bool,
    /// `/a:d`: folders alone.
    pub folders: bool,
    /// `/w` or `/d`: several names in a line.
    pub wide: bool,
    /// The width of the columns that `/x` and `/q` add before names, as Windows XP and later print them.
    pub columns: usize,
    /// `/t:c` or `/t:a`: the times are not those of the last change.
    pub other_times: bool,
    /// `/o:d`: the rows are sorted by date.
    pub by_date: bool,
    /// The one absolute path that was asked for, without wildcards in it.
    pub asked: Option<String>,
    /// The folder whose rows are printed, where the command tells.
    pub folder: Option<String>,
}

impl Typed {
    /// Reads a command line; `current` is the folder that the prompt shows.
    pub fn of(typed: &str, current: Option<&str>) -> Self {
        let mut found = Self::default();
        let mut paths = Vec::new();
        for word in words(typed) {
            let (path, switches) = split(&word);
            if !path.is_empty() {
                found.path(path);
                paths.push(path.to_owned());
            }
            switches.for_each(|switch| found.switch(&switch.to_ascii_lowercase()));
        }
        match paths.as_slice() {
            [] => found.folder = current.map(str::to_owned),
            [path] => {
                found.asked = absolute(path, current).filter(|path| !path.contains(['*', '?']));
                let folder = match path.rsplit_once('\\') {
                    Some((folder, name)) if name.contains(['*', '?']) => {
                        absolute(&format!("{folder}\\"), current)
                    }
                    None if path.contains(['*', '?']) => current.map(str::to_owned),
                    _ => found.asked.clone(),
                };
                found.folder = folder.map(|path| trim(&path).to_owned());
            }
            _ => {}
        }
        found
    }

    fn path(&mut self, path: &str) {
        let last = path.rsplit(['\\', ':']).next().unwrap_or_default();
        self.scope.narrow |= path.contains(['*', '?']) && !matches!(last, "*" | "*.*");
        self.scope.named |= !matches!(last, "" | "." | "*" | "*.*");
    }

    fn switch(&mut self, switch: &str) {
        let mut letters = switch.chars();
        let letter = letters.next().unwrap_or_default();
        let rest = letters.as_str().trim_start_matches(':');
        match letter {
            'a' => {
                self.scope.narrow |= !rest.is_empty();
                self.folders |= rest == "d";
            }
            'b' => self.bare = true,
            's' => self.recursive = true,
            'w' | 'd' => self.wide = true,
            'x' => self.columns += 13,
            'q' => self.columns += 23,
            't' => self.other_times |= matches!(rest, "a" | "c"),
            'o' => self.by_date |= rest.trim_start_matches('g').trim_start_matches('-') == "d",
            _ => {}
        }
    }
}

/// The words behind `dir`, without what redirects the output; quotes hold blanks together.
fn words(typed: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in typed.chars() {
        match c {
            '"' => quoted = !quoted,
            '>' | '|' | '&' if !quoted => break,
            _ if c.is_whitespace() && !quoted => words.push(String::new()),
            _ => words.last_mut().into_iter().for_each(|word| word.push(c)),
        }
    }
    let first = words.first_mut().map(std::mem::take).unwrap_or_default();
    let glued = first.get(3..).filter(|_| first.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("dir")));
    let glued = glued.unwrap_or(&first).to_owned();
    words.push(glued);
    words.retain(|word| !word.is_empty());
    words
}

/// A path and the switches that are glued to it.
fn split(word: &str) -> (&str, impl Iterator<Item = &str>) {
    let mut parts = word.split('/');
    (parts.next().unwrap_or_default(), parts)
}

/// The absolute path of what was typed at a prompt; `None` where that is not certain.
pub fn absolute(path: &str, current: Option<&str>) -> Option<String> {
    if path.split('\\').any(|part| part == "..") {
        return None;
    }
    if is_absolute(path) {
        return Some(trim(path).to_owned());
    }
    let current = current?;
    if path == "." {
        return Some(current.to_owned());
    }
    if path.contains(':') {
        // `d:` is the current folder of that drive, which only its own prompt shows.
        let same = path.len() == 2 && current.get(..2).is_some_and(|drive| drive.eq_ignore_ascii_case(path));
        return same.then(|| current.to_owned());
    }
    let joined = match path.strip_prefix('\\') {
        Some(rest) => format!("{}\\{rest}", root(current)),
        None => format!("{}\\{}", current.trim_end_matches('\\'), path.trim_start_matches(".\\")),
    };
    Some(trim(&joined).to_owned())
}

/// A path without a backslash at its end, unless it is a root.
fn trim(path: &str) -> &str {
    let short = path.trim_end_matches('\\');
    if short.len() <= 2 { path } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_command_tells_what_is_left_out() {
        let of = |typed: &str| Typed::of(typed, None).scope;
        let whole = Scope::default();
        assert_eq!(of("dir /s d:\\ > d.txt"), whole);
        assert_eq!(of("dir/s/a"), whole);
        assert_eq!(of("dir c:\\*.*"), whole);
        assert_eq!(of("dir /s d:\\sms"), Scope { narrow: false, named: true });
        assert_eq!(of("dir /s *.dll"), Scope { narrow: true, named: true });
        assert!(of("dir/s/ad d:\\").narrow);
    }

    #[test]
    fn a_typed_command_tells_its_folder() {
        let check = |typed: &str, asked: Option<&str>, folder: Option<&str>| {
            let found = Typed::of(typed, Some("C:\\source"));
            assert_eq!((found.asked.as_deref(), found.folder.as_deref()), (asked, folder), "{typed}");
        };
        check("dir /x", None, Some("C:\\source"));
        check("dir D:\\SMS", Some("D:\\SMS"), Some("D:\\SMS"));
        check("dir \"D:\\Program Files\\\"/b", Some("D:\\Program Files"), Some("D:\\Program Files"));
        check("DIR sub", Some("C:\\source\\sub"), Some("C:\\source\\sub"));
        check("dir \\sub\\*.log", None, Some("C:\\sub"));
        check("dir *.log", None, Some("C:\\source"));
        check("dir ..", None, None);
        check("dir d:", None, None);
        check("dir c:", Some("C:\\source"), Some("C:\\source"));
        check("dir c:\\", Some("c:\\"), Some("c:\\"));
        check("dir\\", Some("C:\\"), Some("C:\\"));
        check("dir a b", None, None);
    }

    #[test]
    fn switches_tell_what_is_printed() {
        let of = |typed: &str| Typed::of(typed, None);
        assert!(of("dir /b/s d:\\").bare && of("dir /b/s d:\\").recursive);
        assert!(of("dir /T:C").other_times && !of("dir /t:w").other_times);
        assert!(of("dir /o:-d").by_date && of("dir /od").by_date && !of("dir /on").by_date);
        assert_eq!(of("dir /x /q").columns, 36);
        assert!(of("dir /a:d /b").folders && !of("dir /a-d /b").folders);
    }
}
