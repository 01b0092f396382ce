//! Names alone, as `dir /b` prints them, and paths alone, as `dir /b /s` does. There is no header and no
//! trailer, so nothing shows that the list is whole.

use std::sync::Arc;

use super::block::is_name;
use super::listing::Listing;
use super::shape::is_entry_path;
use super::trailer::{self, Mark};
use crate::model::{EntryKind, Fact};
use crate::parse::console::Reading;
use crate::text::Line;

impl<'a> Listing<'a> {
    /// Reads a line of a bare list.
    pub(super) fn bare_line(&mut self, line: Line<'a>, reading: &mut Reading) {
        if !line.terminated {
            return reading.unread(&line, "a whole name of a bare `dir` listing");
        }
        let text = line.text.trim_end_matches('\u{1a}');
        if let Some((Mark::Message(failure), _)) = trailer::mark(text) {
            reading.understood();
            return self.fails(failure, line);
        }
        if is_entry_path(text.trim()) {
            return self.bare_path(text.trim(), &line, reading);
        }
        let folder = self.typed.folder.clone().filter(|_| is_name(text));
        let Some(folder) = folder else {
            return reading.unread(&line, "a name of a bare `dir` listing whose command tells the folder");
        };
        // `dir /b` of a file prints the file's name.
        let itself = folder.rsplit_once('\\').filter(|(_, name)| name.eq_ignore_ascii_case(text));
        if let (Some((parent, _)), None) = (itself, &self.bare) {
            let parent: Arc<str> =
                if parent.len() == 2 { format!("{parent}\\").into() } else { parent.into() };
            self.bare_entry(parent, text, &line, reading);
            // More names tell that it is a folder, in which something has the folder's own name.
            self.bare = Some(folder.as_str().into());
            return;
        }
        if self.bare.is_none() {
            reading.parsed.fact(Fact::Folder { path: folder.as_str().into() }, line.origin);
        }
        let folder = self.bare.clone().unwrap_or_else(|| folder.as_str().into());
        self.bare_entry(folder, text, &line, reading);
    }

    fn bare_path(&mut self, path: &str, line: &Line<'a>, reading: &mut Reading) {
        let Some((parent, name)) = path.rsplit_once('\\') else { return self.unread(line, reading) };
        let parent = if parent.len() == 2 { path.get(..3).unwrap_or(parent) } else { parent };
        let known = self.bare.clone().filter(|known| **known == *parent);
        self.bare_entry(known.unwrap_or_else(|| parent.into()), name, line, reading);
    }

    fn bare_entry(&mut self, folder: Arc<str>, name: &str, line: &Line<'a>, reading: &mut Reading) {
        let kind = if self.typed.folders { EntryKind::Folder } else { EntryKind::Unsized };
        reading.understood();
        self.bare = Some(folder.clone());
        reading.parsed.fact(Fact::Entry { folder, name: name.into(), kind, modified: None }, line.origin);
    }
}
