//! Packs of knowledge: the built-in one and those of the user, with what tells one from another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{Flaws, Packs, VOCABULARY, built_in, stem};
use crate::authoring::{Mistake, Places, nearest};
use crate::bundle::{TextFile, text_files};
use crate::custody::hex;
use crate::model::report::PackReport;
use crate::signature::{Lifecycle, Signature};

/// The files of one pack.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The folder or file of the user; `built-in` for what the program carries.
    pub path: String,
    pub files: Vec<TextFile>,
}

/// The name of the pack that the program carries.
pub const BUILT_IN: &str = "built-in";

/// The packs of signatures: the built-in one, then those of the user in their order.
pub fn signature_packs(packs: &Packs, flaws: &mut Flaws) -> Vec<Pack> {
    all(built_in::SIGNATURES, packs.signatures.iter().map(|path| path.as_path()), flaws)
}

/// The packs of grammars, likewise.
pub fn grammar_packs(packs: &Packs, flaws: &mut Flaws) -> Vec<Pack> {
    all(built_in::GRAMMARS, packs.grammars.iter().map(|path| path.as_path()), flaws)
}

/// The pack of codes, which a user cannot add to.
pub fn code_packs() -> Vec<Pack> {
    all(built_in::CODES, std::iter::empty(), &mut Flaws::default())
}

fn all<'a>(embedded: &[(&str, &str)], paths: impl Iterator<Item = &'a Path>, flaws: &mut Flaws) -> Vec<Pack> {
    let embedded =
        embedded.iter().map(|(path, text)| TextFile { path: (*path).into(), text: (*text).into() });
    let mut packs = vec![Pack { path: BUILT_IN.to_owned(), files: embedded.collect() }];
    for path in paths {
        match text_files(path) {
            Ok((files, failures)) => {
                flaws.failures.extend(failures);
                packs.push(Pack { path: path.display().to_string().replace('\\', "/"), files });
            }
            Err(error) => flaws.failures.push(format!("{error:#}")),
        }
    }
    packs
}

/// What a report says of the packs. Files with mistakes are counted too: they are in the hash.
pub fn reports(signatures: &[Pack], grammars: &[Pack], codes: &[Pack]) -> Vec<PackReport> {
    let mut reports: Vec<PackReport> = Vec::new();
    for (kind, packs) in [("signatures", signatures), ("grammars", grammars), ("codes", codes)] {
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for pack in packs {
            let own: BTreeSet<&str> = pack.names().collect();
            reports.push(PackReport {
                path: pack.path.clone(),
                kind,
                files: own.len(),
                sha256: pack.digest(),
                overrides: own.intersection(&known).map(|name| (*name).to_owned()).collect(),
            });
            known.extend(own);
        }
    }
    reports
}

/// What lifecycles call a signature and is none.
pub fn unknown_findings(
    lifecycles: &[Lifecycle],
    signatures: &[Signature],
    files: &[TextFile],
) -> Vec<Mistake> {
    let ids: Vec<&str> = signatures.iter().map(|signature| signature.id.as_str()).collect();
    let mut mistakes = Vec::new();
    for lifecycle in lifecycles {
        let Some(file) = files.iter().find(|file| file.path == lifecycle.path) else { continue };
        for id in lifecycle.signatures().filter(|id| !ids.contains(id)) {
            let places = Places::read(&file.path, &file.text);
            let at = file.text.find(id).unwrap_or_default();
            let what = format!("no signature is called `{id}`");
            mistakes.push(places.mistake(at..at + id.len(), what, nearest(id, &ids)));
        }
    }
    mistakes
}

/// Whether a file of signatures is a lifecycle, by its folder.
pub fn is_lifecycle(file: &TextFile) -> bool {
    file.path.rsplit('/').nth(1) == Some("lifecycles")
}

/// Whether a file of signatures is a signature.
pub fn is_signature(file: &TextFile) -> bool {
    !is_lifecycle(file) && !VOCABULARY.contains(&stem(&file.path))
}

impl Pack {
    /// Whether the program carries it.
    pub fn is_built_in(&self) -> bool {
        self.path == BUILT_IN
    }

    /// What its files define: the names of signatures, grammars and catalogues.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| stem(&file.path))
    }

    /// The files that hold a signature each.
    pub fn signatures(&self) -> impl Iterator<Item = &TextFile> {
        self.files.iter().filter(|file| is_signature(file))
    }

    /// Files of one name in different folders: the second would take the place of the first unseen.
    pub fn twice(&self) -> Vec<Mistake> {
        let mut first: BTreeMap<&str, &str> = BTreeMap::new();
        let mut mistakes = Vec::new();
        for file in self.signatures() {
            let name = stem(&file.path);
            if let Some(other) = first.insert(name, &file.path) {
                let places = Places::read(&file.path, &file.text);
                let what = format!("the pack has two signatures called `{name}`");
                mistakes.push(places.mistake(places.span("id"), what, Some(format!("the other is {other}"))));
            }
        }
        mistakes
    }

    /// SHA-256 over names and texts; names below the pack, so that the same pack has one hash everywhere.
    fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for file in &self.files {
            let below = file.path.strip_prefix(&self.path).unwrap_or(&file.path).trim_start_matches('/');
            // A pack that is one file is known by the file's own name.
            let name =
                if below.is_empty() { file.path.rsplit('/').next().unwrap_or_default() } else { below };
            hash.update(name.as_bytes());
            hash.update([0]);
            hash.update(file.text.as_bytes());
            hash.update([0]);
        }
        hex(&hash.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(root: &str, paths: &[&str]) -> Pack {
        let file = |path: &&str| TextFile { path: format!("{root}/{path}"), text: "id = 'a'\n".to_owned() };
        Pack { path: root.to_owned(), files: paths.iter().map(file).collect() }
    }

    #[test]
    fn two_files_of_one_id_are_told() {
        assert!(pack("p", &["x/a.toml", "y/b.toml"]).twice().is_empty());
        let told: Vec<String> =
            pack("p", &["x/a.toml", "y/a.toml"]).twice().iter().map(ToString::to_string).collect();
        assert_eq!(told, ["p/y/a.toml:1:6: the pack has two signatures called `a`: the other is p/x/a.toml"]);
    }

    #[test]
    fn a_pack_has_one_hash_wherever_it_lies() {
        let (here, there) = (pack("here", &["x/a.toml"]), pack("/far/there", &["x/a.toml"]));
        assert_eq!(here.digest(), there.digest());
        assert_ne!(here.digest(), pack("here", &["a.toml"]).digest());
        let told = reports(&[here, there], &[], &[]);
        assert_eq!((told[0].overrides.len(), told[1].overrides.as_slice()), (0, ["a".to_owned()].as_slice()));
    }
}
