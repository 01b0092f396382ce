//! The output of `tree` and `tree /f`: folders and files in a drawing of lines, with `/a` of ASCII characters.
//!
//! A tree covers nothing: it leaves out what is hidden, and no count shows that it is whole.

use std::sync::Arc;

use super::command::{Command, Output, prompt, words};
use super::dir_listing::{absolute, is_name};
use super::{Claim, Head, Reading};
use crate::model::{EntryKind, Fact, Origin, entry_path};
use crate::text::{Line, Page, Text};

/// Reads what `tree` prints on Windows NT 4 and later.
pub struct TreeListing;

/// Starts of the first line, where they are known, and the pages of their systems.
const HEADERS: [(&str, &[Page]); 8] = [
    ("Folder PATH listing", &[]),
    ("Auflistung der Ordnerpfade für", WESTERN),
    ("Auflistung der Ordnerpfade", &[]),
    ("Structure du dossier", &[]),
    ("Le numéro de série du volume est", WESTERN),
    ("Listado de rutas de carpetas", &[]),
    ("Структура папок", &[Page::Cp866, Page::Cp1251]),
    ("フォルダー パスの一覧", &[Page::Cp932]),
];

const WESTERN: &[Page] = &[Page::Cp850, Page::Cp1252];

/// Pages in which a line of the drawing is two columns wide.
const EASTERN: &[Page] = &[Page::Cp932, Page::Cp936, Page::Cp949, Page::Cp950];

/// What stands before the name of a folder; the letters are lines of an OEM page, read in an ANSI one.
const BRANCHES: [&str; 6] = ["+---", "\\---", "├───", "└───", "ÃÄÄÄ", "ÀÄÄÄ"];
const WIDE_BRANCHES: [&str; 2] = ["├─", "└─"];

/// Lines before the root: the volume and its serial number.
const HEADER_LINES: u32 = 3;

impl Command for TreeListing {
    fn name(&self) -> &'static str {
        "tree_listing"
    }

    fn recognise(&self, head: &Head) -> Option<Claim> {
        let at = head.lines.iter().position(|line| is_root(line.trim()));
        let root = at.and_then(|at| head.lines.get(at)).map_or("", |line| line.trim());
        let below = at.and_then(|at| head.lines.get(at + 1..)).unwrap_or_default();
        let wide = is_wide(below);
        let branches = below.iter().filter(|line| Row::of(line, wide).is_some_and(|row| row.folder)).count();
        let header = head.lines.iter().take(at.unwrap_or(0)).find(|line| self.begins(line.trim()));
        if let Some(header) = header {
            return Some(Claim { score: 90, why: format!("`{}`, `{root}`", header.trim()) });
        }
        let typed = head.lines.iter().filter_map(|line| prompt(line)).find(|typed| {
            let (program, _) = words(typed);
            self.typed(&program, &[])
        });
        let why = match typed {
            Some(typed) => format!("`{typed}` at a prompt"),
            None if branches >= 2 => format!("{branches} branches below `{root}`"),
            None => return None,
        };
        Some(Claim { score: 80, why })
    }

    fn typed(&self, program: &str, _: &[&str]) -> bool {
        program == "tree" || program == "tree.com"
    }

    fn begins(&self, line: &str) -> bool {
        HEADERS.iter().any(|(header, _)| !header.starts_with("Le ") && line.starts_with(header))
    }

    fn pages(&self, line: &str) -> &'static [Page] {
        let line = line.trim();
        let header = HEADERS.iter().find(|(header, _)| line.starts_with(header));
        let wide = WIDE_BRANCHES.iter().any(|branch| line.starts_with(branch));
        let narrow = BRANCHES.iter().any(|branch| line.starts_with(branch));
        header.map_or(if wide && !narrow { EASTERN } else { &[] }, |(_, pages)| pages)
    }

    fn reader<'a>(&self, text: &Text<'a>) -> Box<dyn Output<'a> + 'a> {
        /// Lines among which one has a branch.
        const LINES: usize = 4096;
        let lines: Vec<String> = text.lines().take(LINES).map(|line| line.text.into_owned()).collect();
        Box::new(Tree { wide: is_wide(&lines), ..Tree::default() })
    }
}

/// Whether the lines of the drawing are two columns wide.
fn is_wide(lines: &[String]) -> bool {
    let branch = lines.iter().find_map(|line| line.find(['├', '└']).and_then(|at| line.get(at..)));
    branch.is_some_and(|branch| !BRANCHES.iter().any(|narrow| branch.starts_with(narrow)))
}

/// Whether a line is the root of a tree: a path, or a drive with a dot for its current folder.
fn is_root(text: &str) -> bool {
    match text.as_bytes() {
        [letter, b':', b'.'] | [letter, b':', b'\\', ..] => {
            let path = text.get(2..).unwrap_or_default();
            letter.is_ascii_alphabetic() && !path.contains([':', '<', '>', '|', '"', '?', '*'])
        }
        [b'\\', b'\\', first, ..] => {
            first.is_ascii_alphanumeric() && !text.contains([':', '<', '>', '|', '"'])
        }
        _ => false,
    }
}

/// The tree that is being read.
#[derive(Default)]
struct Tree {
    wide: bool,
    /// The folder that the prompt shows, and the one that was asked for.
    current: Option<String>,
    asked: Option<String>,
    /// Lines before the root.
    headers: u32,
    /// The folders from the root to the last one.
    folders: Vec<Arc<str>>,
    /// Where a root stands whose path is not known; what is below has no path either.
    unknown: Option<Origin>,
}

impl Tree {
    fn begin(&mut self) {
        let Self { wide, .. } = *self;
        *self = Self { wide, ..Self::default() };
    }

    fn root(&mut self, text: &str, line: &Line<'_>, reading: &mut Reading) {
        reading.understood();
        let path = match text.ends_with(":.") {
            true => self.asked.clone().or_else(|| self.current.clone()),
            false => Some(text.to_owned()),
        };
        let Some(path) = path else {
            self.unknown = Some(line.origin);
            let what =
                || format!("found root {text:?}, expected a path, or a prompt that shows the current folder");
            return reading.malformed(line.origin, what);
        };
        let drive = path.get(..2).filter(|drive| drive.ends_with(':'));
        if let Some(drive) = drive {
            let volume = Fact::Volume { root: drive.to_owned(), label: None, free: None };
            reading.parsed.fact(volume, line.origin);
        }
        let path: Arc<str> = path.into();
        reading.parsed.fact(Fact::Folder { path: path.clone() }, line.origin);
        self.folders = vec![path];
    }

    fn row(&mut self, row: &Row<'_>, line: &Line<'_>, reading: &mut Reading) {
        if self.unknown.is_some() {
            return;
        }
        let parent = row.depth.checked_sub(1).and_then(|at| self.folders.get(at)).cloned();
        let Some(folder) = parent.filter(|_| line.terminated && is_name(row.name)) else {
            return reading.unread(line, "a file or folder of a `tree` below its folder");
        };
        reading.understood();
        let name = row.name;
        if row.folder {
            self.folders.truncate(row.depth);
            self.folders.push(entry_path(&folder, name).into());
        }
        let kind = if row.folder { EntryKind::Folder } else { EntryKind::Unsized };
        reading.parsed.fact(Fact::Entry { folder, name: name.into(), kind, modified: None }, line.origin);
    }
}

impl<'a> Output<'a> for Tree {
    fn prompt(&mut self, folder: &str) {
        self.current = Some(folder.to_owned());
    }

    fn begin(&mut self, typed: Option<&str>) {
        let current = self.current.take().filter(|_| typed.is_some());
        Tree::begin(self);
        let words: Vec<&str> = typed.unwrap_or_default().split_whitespace().skip(1).collect();
        let path = words.iter().find(|word| !word.starts_with('/')).map(|path| path.trim_matches('"'));
        self.asked = path.and_then(|path| absolute(path, current.as_deref()));
        // A relative path that is not understood is not the current folder.
        self.current = current.filter(|_| path.is_none());
    }

    fn line(&mut self, line: Line<'a>, reading: &mut Reading) {
        let text = line.text.trim();
        if is_root(text) && line.terminated {
            if !self.folders.is_empty() || self.unknown.is_some() {
                Tree::begin(self);
            }
            return self.root(text, &line, reading);
        }
        let below = !self.folders.is_empty() || self.unknown.is_some();
        match Row::of(&line.text, self.wide) {
            Some(row) if below && row.name.is_empty() => reading.understood(),
            Some(row) if below => self.row(&row, &line, reading),
            _ if !below && self.headers < HEADER_LINES => {
                self.headers += 1;
                reading.understood();
            }
            _ => reading.unread(&line, "a line of a `tree`"),
        }
    }

    fn stop(&mut self, _: &mut Reading) {
        Tree::begin(self);
    }
}

/// A line of the drawing.
struct Row<'t> {
    /// How many folders it stands below, counted from 1 for what the root holds.
    depth: usize,
    folder: bool,
    /// Empty where the line only divides.
    name: &'t str,
}

impl<'t> Row<'t> {
    /// Reads a line; `wide` is whether lines of the drawing fill two columns.
    fn of(line: &'t str, wide: bool) -> Option<Self> {
        let line = line.trim_end();
        let branches: &[&str] = if wide { &WIDE_BRANCHES } else { &BRANCHES };
        let mut rest = line;
        let mut depth = 0;
        loop {
            if let Some(name) = branches.iter().find_map(|branch| rest.strip_prefix(branch)) {
                return (!name.is_empty()).then_some(Self { depth: depth + 1, folder: true, name });
            }
            let Some(after) = passed(rest, wide) else { break };
            (rest, depth) = (after, depth + 1);
        }
        let divides = matches!(rest, "" | "|" | "│" | "³");
        let name = if divides { "" } else { rest };
        let indented = divides || (depth > 0 && !rest.starts_with(' '));
        indented.then_some(Self { depth, folder: false, name })
    }
}

/// What follows one column of the drawing: a line that goes on below, or none.
fn passed(rest: &str, wide: bool) -> Option<&str> {
    let after = rest.strip_prefix(['|', '│', '³']);
    match after {
        Some(after) => after.strip_prefix(if wide { "  " } else { "   " }),
        None => rest.strip_prefix("    "),
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_as;
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn check(text: impl AsRef<[u8]>, expected: Expect) {
        let parsed = read_as("tree_listing", text);
        expected.assert_eq(&crate::parse::shown(&parsed, |fact| match fact {
            Fact::Entry { folder, name, kind, .. } => format!("{} {kind:?}", entry_path(folder, name)),
            other => format!("{other:?}"),
        }));
    }

    const ASCII: &str = include_str!("../../../samples/state/tree_listing/ascii.txt");
    const DRAWN: &[u8] = include_bytes!("../../../samples/state/tree_listing/german_oem.txt");

    #[test]
    fn trees_of_each_kind() {
        check(
            ASCII,
            expect![[r#"
            Volume { root: "D:", label: None, free: None }
            Folder { path: "D:\\SMS" }
            D:\SMS\sms.ini Unsized
            D:\SMS\SMS Setup.log Unsized
            D:\SMS\bin Folder
            D:\SMS\bin\i386 Folder
            D:\SMS\bin\i386\sitecomp.exe Unsized
            D:\SMS\bin\i386\smsexec.exe Unsized
            D:\SMS\bin\00000409 Folder
            D:\SMS\inboxes Folder
            D:\SMS\inboxes\despoolr.box Folder
            D:\SMS\inboxes\despoolr.box\receive Folder
            D:\SMS\Logs Folder
            D:\SMS\Logs\despool.log Unsized
            D:\SMS\Logs\hman.log Unsized
            understood 22 of 22"#]],
        );
        check(
            DRAWN,
            expect![[r#"
            Volume { root: "E:", label: None, free: None }
            Folder { path: "E:\\SMS" }
            E:\SMS\install.map Unsized
            E:\SMS\bin Folder
            E:\SMS\bin\i386 Folder
            E:\SMS\bin\i386\smsexec.exe Unsized
            E:\SMS\Übergabe Folder
            E:\SMS\Übergabe\liste ä.txt Unsized
            understood 12 of 12"#]],
        );
    }

    #[test]
    fn letters_stand_for_lines_and_lines_may_be_wide() {
        check(
            "D:\\SMS\n³   sms.ini\n³   \nÃÄÄÄbin\n³       a.exe\n³       \nÀÄÄÄlogs\n",
            expect![[r#"
            Volume { root: "D:", label: None, free: None }
            Folder { path: "D:\\SMS" }
            D:\SMS\sms.ini Unsized
            D:\SMS\bin Folder
            D:\SMS\bin\a.exe Unsized
            D:\SMS\logs Folder
            understood 7 of 7"#]],
        );
        check(
            "D:\\SMS\n│  sms.ini\n│\n├─bin\n│  └─x\n│          a.exe\n│\n└─logs\n        b.log\n",
            expect![[r#"
            Volume { root: "D:", label: None, free: None }
            Folder { path: "D:\\SMS" }
            D:\SMS\sms.ini Unsized
            D:\SMS\bin Folder
            D:\SMS\bin\x Folder
            D:\SMS\bin\x\a.exe Unsized
            D:\SMS\logs Folder
            D:\SMS\logs\b.log Unsized
            understood 9 of 9"#]],
        );
    }

    #[test]
    fn a_root_without_a_path_is_told() {
        check(
            "C:.\n+---bin\n|       a.exe\n",
            expect![[r#"
            malformed line 1: found root "C:.", expected a path, or a prompt that shows the current folder
            understood 1 of 3"#]],
        );
        check(
            "D:\\SMS>tree /f\nFolder PATH listing\nVolume serial number is 0000-0001\nD:.\n\\---bin\n\nD:\\SMS>",
            expect![[r#"
                Volume { root: "D:", label: None, free: None }
                Folder { path: "D:\\SMS" }
                D:\SMS\bin Folder
                understood 7 of 7"#]],
        );
        check(
            "D:\\SMS>tree ..\\x\nD:.\n\\---bin\n",
            expect![[r#"
            malformed line 2: found root "D:.", expected a path, or a prompt that shows the current folder
            understood 2 of 3"#]],
        );
    }

    #[test]
    fn what_is_out_of_place_is_told() {
        check(
            "D:\\SMS\n|   |   |   x\nNo subfolders exist\n+---a:b\n+---bi",
            expect![[r#"
            Volume { root: "D:", label: None, free: None }
            Folder { path: "D:\\SMS" }
            malformed line 2: found "|   |   |   x", expected a file or folder of a `tree` below its folder
            malformed line 3: found "No subfolders exist", expected a line of a `tree`
            malformed line 4: found "+---a:b", expected a file or folder of a `tree` below its folder
            truncated line 5: the source ends in the middle of "+---bi"
            understood 1 of 5"#]],
        );
    }

    #[test]
    fn trees_are_recognised() {
        let head =
            |text: &str| TreeListing.recognise(&Head::new("x.txt", text.as_bytes())).map(|it| it.score);
        assert_eq!(head(ASCII), Some(90));
        assert_eq!(head("D:\\SMS\n+---a\n\\---b\n"), Some(80));
        assert_eq!(head("D:\\SMS\nsome text\n"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..400_usize) {
            read_as("tree_listing", &bytes);
            let mut mangled = DRAWN.to_vec();
            let at = at.min(mangled.len());
            mangled.splice(at..at, bytes);
            read_as("tree_listing", &mangled);
        }

        #[test]
        fn no_drawing_panics(lines in prop::collection::vec("[|+\\\\─├└│ -]{0,12}[a-z:]{0,4}", 0..9)) {
            read_as("tree_listing", format!("D:\\\n{}\n", lines.join("\n")));
        }
    }
}
