//! What is wrong between signature files, each of which is right by itself.

use crate::authoring::{Mistake, Places, nearest};
use crate::signature::Signature;

/// Signatures that others name and that do not exist.
///
/// `files` are those that are asked about, with their texts; `ids` are all that are known.
pub fn between(files: &[(Signature, String)], ids: &[&str]) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    for (signature, text) in files {
        let rivals = signature.rivals.iter().enumerate();
        let rivals = rivals.map(|(index, it)| (format!("rival.{index}.signature"), &it.signature));
        let explained = signature.explains.iter().enumerate();
        let explained = explained.map(|(index, id)| (format!("explains.{index}"), id));
        for (field, id) in rivals.chain(explained).filter(|(_, id)| !ids.contains(&id.as_str())) {
            let hint = nearest(id, ids).or_else(|| Some("`sitedx signature list` lists all".to_owned()));
            let places = Places::read(&signature.path, text);
            mistakes.push(places.mistake(
                places.span(&field),
                format!("no signature is called `{id}`"),
                hint,
            ));
        }
    }
    mistakes
}
