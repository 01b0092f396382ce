//! Registry data as the tools of Windows print it for people: names of types, numbers, joined strings.

use crate::model::{RegistryData, registry_type};

/// The types by the names that tools print (winnt.h).
const NAMES: [(&str, u32); 13] = [
    ("REG_NONE", registry_type::NONE),
    ("REG_SZ", registry_type::SZ),
    ("REG_EXPAND_SZ", registry_type::EXPAND_SZ),
    ("REG_BINARY", registry_type::BINARY),
    ("REG_DWORD", registry_type::DWORD),
    ("REG_DWORD_LITTLE_ENDIAN", registry_type::DWORD),
    ("REG_DWORD_BIG_ENDIAN", registry_type::DWORD_BIG_ENDIAN),
    ("REG_LINK", 6),
    ("REG_MULTI_SZ", registry_type::MULTI_SZ),
    ("REG_RESOURCE_LIST", 8),
    ("REG_FULL_RESOURCE_DESCRIPTOR", 9),
    ("REG_RESOURCE_REQUIREMENTS_LIST", 10),
    ("REG_QWORD", registry_type::QWORD),
];

/// The number of a type by its name.
pub fn named(name: &str) -> Option<u32> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

/// Whether the data of a type is one text.
pub fn is_text(kind: u32) -> bool {
    matches!(kind, registry_type::SZ | registry_type::EXPAND_SZ | 6)
}

/// Whether the data of a type is a number.
pub fn is_number(kind: u32) -> bool {
    matches!(kind, registry_type::DWORD | registry_type::DWORD_BIG_ENDIAN | registry_type::QWORD)
}

/// A text of a type, with its terminator.
pub fn text(kind: u32, text: &str) -> RegistryData {
    RegistryData { kind, ..RegistryData::text(text) }
}

/// Strings of a type, each with its terminator, and the one that ends them.
pub fn strings<'a>(kind: u32, strings: impl IntoIterator<Item = &'a str>) -> RegistryData {
    let units = strings.into_iter().flat_map(|text| text.encode_utf16().chain([0]));
    RegistryData { kind, bytes: units.chain([0]).flat_map(u16::to_le_bytes).collect() }
}

/// A number that is printed as `0x1f`, or as `0`.
pub fn number(kind: u32, printed: &str) -> Option<RegistryData> {
    let printed = printed.trim();
    let number = match printed.strip_prefix("0x") {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            u64::from_str_radix(digits, 16).ok()?
        }
        Some(_) => return None,
        None => (printed == "0").then_some(0)?,
    };
    let short = || u32::try_from(number).ok();
    let bytes = match kind {
        registry_type::QWORD => number.to_le_bytes().to_vec(),
        registry_type::DWORD_BIG_ENDIAN => short()?.to_be_bytes().to_vec(),
        _ => short()?.to_le_bytes().to_vec(),
    };
    Some(RegistryData { kind, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fit_their_types() {
        let read = |kind, text| number(kind, text).map(|data| data.bytes);
        assert_eq!(read(registry_type::DWORD, " 0x1F "), Some(vec![0x1F, 0, 0, 0]));
        assert_eq!(read(registry_type::DWORD_BIG_ENDIAN, "0x1f"), Some(vec![0, 0, 0, 0x1F]));
        assert_eq!(read(registry_type::QWORD, "0"), Some(vec![0; 8]));
        assert_eq!(read(registry_type::DWORD, "0x100000000"), None);
        assert_eq!(read(registry_type::DWORD, "0x+1"), None);
        assert_eq!(read(registry_type::DWORD, "12"), None);
    }

    #[test]
    fn strings_end_twice() {
        assert_eq!(strings(registry_type::MULTI_SZ, ["a"]).bytes, [b'a', 0, 0, 0, 0, 0]);
        assert_eq!(strings(registry_type::MULTI_SZ, []).bytes, [0, 0]);
    }
}
