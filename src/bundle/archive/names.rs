//! Names of members to paths within the bundle: decoded, kept within, and each only once.

use std::collections::{BTreeMap, HashMap};

use super::code_page::{Default, Page, clear, decode};

/// A name as an archive holds it.
#[derive(Clone, Debug)]
pub enum RawName {
    Text(String),
    /// Bytes that are said to be UTF-8.
    Utf8(Vec<u8>),
    /// Bytes of an unknown code page, and which one the format takes for granted.
    Bytes(Vec<u8>, Default),
}

/// The paths of the members of one archive.
#[derive(Debug)]
pub struct Names<'a> {
    prefix: &'a str,
    /// Each path given, and the number of the last one like it.
    taken: HashMap<String, usize>,
    /// The code page that most names show, of those that show one.
    common: Option<Page>,
    /// Code pages that names were read in without being told, and how many.
    pages: BTreeMap<Page, usize>,
}

impl<'a> Names<'a> {
    /// Looks at all names of an archive at once, as one may tell how to read another.
    pub fn new<'b>(prefix: &'a str, names: impl Iterator<Item = &'b RawName>) -> Self {
        let mut shown: BTreeMap<Page, usize> = BTreeMap::new();
        for name in names {
            if let RawName::Bytes(bytes, default) = name
                && let Some(page) = clear(bytes, *default)
            {
                *shown.entry(page).or_default() += 1;
            }
        }
        let common = shown.into_iter().max_by_key(|(_, count)| *count).map(|(page, _)| page);
        Self { prefix, taken: HashMap::new(), common, pages: BTreeMap::new() }
    }

    /// The path of a member within the bundle. Of two that would be the same the second is numbered.
    pub fn path(&mut self, name: &RawName, index: usize) -> String {
        let (text, page) = match name {
            RawName::Text(text) => (text.clone(), None),
            RawName::Utf8(bytes) => (utf8(bytes), None),
            RawName::Bytes(bytes, default) => decode(bytes, *default, self.common),
        };
        if let Some(page) = page {
            *self.pages.entry(page).or_default() += 1;
        }
        let mut within = normalised(&text);
        if within.is_empty() {
            within = format!("member {}", index + 1);
        }
        let path = format!("{}{within}", self.prefix);
        let path = if self.taken.contains_key(&path) { self.numbered(&path) } else { path };
        self.taken.insert(path.clone(), 1);
        path
    }

    /// `a.log` as `a (2).log`, so that it is still known by its ending.
    fn numbered(&mut self, path: &str) -> String {
        let name = path.rfind('/').map_or(0, |slash| slash + 1);
        let ending = path[name..].rfind('.').filter(|dot| *dot != 0).map_or(path.len(), |dot| name + dot);
        let candidate = |number: usize| format!("{} ({number}){}", &path[..ending], &path[ending..]);
        // An archive may hold one name very often, so the search goes on where it ended last.
        let mut number = self.taken.get(path).copied().unwrap_or(1) + 1;
        while self.taken.contains_key(&candidate(number)) {
            number += 1;
        }
        self.taken.insert(path.to_owned(), number);
        candidate(number)
    }

    /// What was taken for granted of the names, in words.
    pub fn assumed(&self) -> Vec<String> {
        let told = |(page, count): (&Page, &usize)| {
            let names = if *count == 1 { "1 name is".to_owned() } else { format!("{count} names are") };
            format!("{names} not in UTF-8 and read as code page {}", page.0)
        };
        self.pages.iter().map(told).collect()
    }
}

/// Text that is said to be UTF-8; bytes that are not are shown as `%` and two digits.
fn utf8(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("%{byte:02X}")));
    }
    text
}

/// A name with `/` only, without drive, root, `.` and `..`, so that it can never lead out of the bundle.
fn normalised(name: &str) -> String {
    let is_drive = |part: &str| matches!(part.as_bytes(), [b'A'..=b'Z' | b'a'..=b'z', b':', ..]);
    let mut parts: Vec<&str> =
        name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | "..")).collect();
    // `\\?\C:\x` is `C:\x`.
    if parts.len() > 1 && parts[0] == "?" {
        parts.remove(0);
    }
    if let Some(first) = parts.first_mut().filter(|first| is_drive(first)) {
        *first = &first[2..];
        if first.is_empty() {
            parts.remove(0);
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_within() {
        let check = |name: &str, expected: &str| assert_eq!(normalised(name), expected);
        check(r"..\..\C\x\.\y.log", "C/x/y.log");
        check("/etc/passwd", "etc/passwd");
        check(r"C:\SMS\Logs\hman.log", "SMS/Logs/hman.log");
        check(r"\\?\D:\SMSSETUP.LOG", "SMSSETUP.LOG");
        check("c:x.log", "x.log");
        check(r"relative/..\..\path", "relative/path");
        check("///", "");
    }

    #[test]
    fn members_of_the_same_name_are_numbered_and_the_nameless_counted() {
        let mut names = Names::new("case.zip/", std::iter::empty());
        let raw = ["a.log", r".\a.log", "../a.log", "a (2).log", "dir.x/a", "dir.x/a", "..", ".reg", ".reg"];
        let paths: Vec<String> = raw
            .iter()
            .enumerate()
            .map(|(index, name)| names.path(&RawName::Text((*name).to_owned()), index))
            .collect();
        let expected = [
            "a.log",
            "a (2).log",
            "a (3).log",
            "a (2) (2).log",
            "dir.x/a",
            "dir.x/a (2)",
            "member 7",
            ".reg",
            ".reg (2)",
        ];
        let paths: Vec<&str> = paths.iter().map(|path| path.trim_start_matches("case.zip/")).collect();
        assert_eq!(paths, expected);
    }

    #[test]
    fn bytes_are_kept_and_code_pages_told() {
        let mut names = Names::new("", std::iter::empty());
        let path = names.path(&RawName::Utf8(b"\xc0\xaf..\xff/x".to_vec()), 0);
        assert_eq!(path, "%C0%AF..%FF/x");
        names.path(&RawName::Bytes(b"\x81bung".to_vec(), Default::Oem), 1);
        names.path(&RawName::Bytes(b"\x83\x8d\x83O".to_vec(), Default::Oem), 2);
        names.path(&RawName::Bytes(b"\x83\x8d\x83P".to_vec(), Default::Oem), 3);
        assert_eq!(
            names.assumed(),
            [
                "1 name is not in UTF-8 and read as code page 437",
                "2 names are not in UTF-8 and read as code page 932"
            ]
        );
    }
}
