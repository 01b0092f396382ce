//! Fingerprints: what tells one trouble from others, in every capture of it and with every version of the tool.
//!
//! Each kind is named with its version; a new way to compute one gets a new name beside the old one. Paths of captures,
//! lines, times, counts, titles and the version of the tool are in none of them.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::super::finding::Finding;
use crate::correlate::World;
use crate::custody::hex;
use crate::model::report::{CAUSE, FLEET};

/// The fingerprints of a finding by their names.
///
/// `cause/v1`: the signature, the site, the server, and what the signature declares as its identity. `fleet/v1`: the
/// signature and the codes of that identity, which mean the same at every site.
pub fn fingerprints(finding: &Finding<'_>, world: &World) -> BTreeMap<&'static str, String> {
    let id = finding.signature.id.as_str();
    let host = normal(&world.hosts[finding.host].name);
    let site = normal(finding.site.as_deref().unwrap_or_default());
    let identity: Vec<String> = finding.identity.iter().map(|value| normal(value)).collect();
    let own = [id, site.as_str(), host.as_str()].into_iter().chain(identity.iter().map(String::as_str));
    let everywhere = identity.iter().map(String::as_str).filter(|value| is_code(value) && *value != site);
    BTreeMap::from([(CAUSE, digest(own)), (FLEET, digest([id].into_iter().chain(everywhere)))])
}

/// A value in the one form in which it is compared: names of Windows know no case, and GUIDs come with braces or without.
fn normal(value: &str) -> String {
    let value = value.trim().to_lowercase();
    let bare = value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(&value);
    bare.trim_end_matches('\\').to_owned()
}

/// Whether a value is a number or a code, and not the name of something at one site.
fn is_code(value: &str) -> bool {
    let digits = value.strip_prefix("0x").unwrap_or(value);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
        && value.starts_with(|c: char| c.is_ascii_digit())
}

/// 128 bits of SHA-256 over parts, none of which can run into the next one.
fn digest<'p>(parts: impl Iterator<Item = &'p str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    format!("v1:{}", &hex(&hash.finalize())[..32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_compared_in_one_form() {
        assert_eq!(normal(" D:\\SMS\\ "), "d:\\sms");
        assert_eq!(normal("{0A1B}"), "0a1b");
        assert!(is_code("112") && is_code("0x80070005") && is_code("10061"));
        assert!(!is_code("sql01") && !is_code("") && !is_code("abc") && !is_code("s04"));
        assert_ne!(digest(["ab", "c"].into_iter()), digest(["a", "bc"].into_iter()));
    }
}
