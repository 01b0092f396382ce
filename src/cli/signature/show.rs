//! What is known: a list, a page about one, and the handbook of all.

use std::fmt::Write as _;

use anyhow::bail;

use super::{DocsArguments, ListArguments, ShowArguments, Status, output};
use crate::authoring::nearest;
use crate::bundle::write_text;
use crate::catalog::Catalog;
use crate::handbook::{Library, pages, shown};
use crate::signature::{KINDS, SEVERITIES, name_of};

fn library(catalog: &Catalog) -> Library<'_> {
    Library { signatures: &catalog.signatures, logs: &catalog.logs }
}

/// One line for each signature.
pub fn list(arguments: &ListArguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog();
    let width = catalog.signatures.all.iter().map(|it| it.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for it in &catalog.signatures.all {
        let kind = name_of(KINDS, it.kind);
        let severity = name_of(SEVERITIES, it.severity);
        let _ =
            writeln!(out, "{:width$}  {kind:10}  {severity:8}  {:17}  {}", it.id, it.phase, it.kb.join(" "));
    }
    output::result(&out)?;
    Ok(if sound { Status::Done } else { Status::Failed })
}

/// A page about one signature.
pub fn show(arguments: &ShowArguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog_with_cases();
    let Some(it) = catalog.signatures.get(&arguments.id) else {
        let ids: Vec<&str> = catalog.signatures.all.iter().map(|it| it.id.as_str()).collect();
        let hint =
            nearest(&arguments.id, &ids).unwrap_or_else(|| "`sitedx signature list` lists all".to_owned());
        bail!("no signature is called `{}`: {hint}", arguments.id);
    };
    output::result(&shown(it, library(catalog), output::width()))?;
    Ok(if sound { Status::Done } else { Status::Failed })
}

/// Writes the handbook: one page for each signature, and an index.
pub fn docs(arguments: &DocsArguments) -> anyhow::Result<Status> {
    let (catalog, sound) = arguments.packs.catalog_with_cases();
    let pages = pages(library(catalog));
    for (path, text) in &pages {
        write_text(&arguments.output.join(path), text)?;
    }
    output::result(&format!("{} pages in {}\n", pages.len(), arguments.output.display()))?;
    Ok(if sound { Status::Done } else { Status::Failed })
}
