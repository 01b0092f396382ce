//! The lists that `net` commands print, which say how they ended.

use crate::model::Origin;

use super::Reading;

/// Whether a line says that a `net` command ended, and then whether it ended well.
pub fn completion(text: &str) -> Option<bool> {
    let said = text.trim().strip_prefix("The command completed ")?;
    Some(said.trim_end_matches('.') == "successfully")
}

/// The list that a `net` command prints: complete only when the command says that it completed.
#[derive(Default)]
pub struct List {
    start: Option<Origin>,
    flawed: bool,
}

impl List {
    /// A header was read; a list that was open is cut.
    pub fn begin(&mut self, origin: Origin, reading: &mut Reading) {
        self.cut(reading);
        *self = Self { start: Some(origin), flawed: false };
    }

    /// Whether rows belong to a list.
    pub fn is_open(&self) -> bool {
        self.start.is_some()
    }

    /// A row was not understood, so the list speaks for nothing that it does not show.
    pub fn flaw(&mut self) {
        self.flawed = true;
    }

    /// The list ends without a word from the command.
    pub fn cut(&mut self, reading: &mut Reading) {
        if let Some(start) = self.start.take() {
            let what = "the list has no end: expected `The command completed successfully.`";
            reading.truncated(start, || what.to_owned());
        }
    }

    /// The command said how it completed. True when the list is whole.
    pub fn end(&mut self, well: bool, origin: Origin, reading: &mut Reading) -> bool {
        let open = self.start.take().is_some();
        if open && !well {
            let what = "the command completed with errors, so its list may lack entries";
            reading.truncated(origin, || what.to_owned());
        }
        open && well && !self.flawed
    }
}
