//! What a report rests on, so that it can be had again: the packs of knowledge with their hashes.

use anstyle::Style;

use super::page::{Page, QUIET, plural};
use crate::model::report::PackReport;

/// Names each pack, what it defines in the place of an earlier one, and its hash.
pub fn packs(page: &mut Page, packs: &[PackReport]) {
    if packs.is_empty() {
        return;
    }
    page.heading("Knowledge");
    for pack in packs {
        let files = plural(pack.files, "file");
        let instead = match pack.overrides.as_slice() {
            [] => String::new(),
            names => format!(", in the place of {}", names.join(", ")),
        };
        page.paragraph("  · ", Style::new(), &format!("{} of {}: {files}{instead}", pack.kind, pack.path));
        page.paragraph("    ", QUIET, &format!("sha256 {}", pack.sha256));
    }
}
