//! One value as a query prints it: name, type and data in one line.

use crate::model::{RegistryData, registry_type};
use crate::parse::registry_print::types;

/// The parts of a row as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    pub name: &'a str,
    pub kind: u32,
    pub data: &'a str,
}

impl<'a> Row<'a> {
    /// Reads `    name    REG_SZ    data`, parted by four blanks or a tab.
    ///
    /// Names and data may hold blanks too, so the first type that stands between such gaps parts them. What people
    /// copied has gaps of any width; it is read where nothing fits better.
    pub fn read(text: &'a str) -> Option<Self> {
        Self::parted(text, &["\t", "    "]).or_else(|| Self::parted(text, &["\t", " "]))
    }

    fn parted(text: &'a str, gaps: &[&str]) -> Option<Self> {
        text.match_indices("REG_").find_map(|(at, _)| {
            let (before, rest) = text.split_at(at);
            // Not beyond the longest name: a line may repeat the start of one a million times.
            let letters = rest.bytes().take(MOST + 1);
            let end = letters.take_while(|byte| byte.is_ascii_uppercase() || *byte == b'_').count();
            let (kind, behind) = rest.split_at(end);
            let kind = types::named(kind)?;
            let behind = numbered(behind);
            let name = before.trim();
            let starts = gaps.iter().any(|gap| before.ends_with(gap)) && !name.is_empty();
            let ends = behind.is_empty() || gaps.iter().any(|gap| behind.starts_with(gap));
            (starts && ends).then_some(Self { name, kind, data: data(behind) })
        })
    }

    /// Reads `REG_SZ<TAB>name<TAB>data`, as the Resource Kit of Windows NT 4.0 prints it.
    pub fn read_kind_first(text: &'a str) -> Option<Self> {
        let (kind, rest) = text.trim_start().split_once('\t')?;
        let kind = types::named(kind.trim_end())?;
        let (name, data) = rest.trim_start_matches('\t').split_once('\t').unwrap_or((rest.trim(), ""));
        Some(Self { name: name.trim(), kind, data: data.trim_start_matches('\t') })
    }

    /// The data as the registry holds it; `None` where it is not what its type prints.
    pub fn value(&self, separator: &str) -> Option<RegistryData> {
        if types::is_text(self.kind) {
            return Some(types::text(self.kind, self.data));
        }
        if types::is_number(self.kind) {
            return types::number(self.kind, self.data);
        }
        if self.kind == registry_type::MULTI_SZ {
            // The last string may be followed by the separator too, and by that of the end.
            let mut strings: Vec<&str> = self.data.split(separator).collect();
            strings.truncate(strings.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1));
            return Some(types::strings(self.kind, strings));
        }
        Some(RegistryData { kind: self.kind, bytes: bytes(self.data.trim())? })
    }
}

/// Letters of the longest name of a type.
const MOST: usize = "REG_RESOURCE_REQUIREMENTS_LIST".len();

/// What follows a type and its number in parentheses, which `/z` adds.
fn numbered(behind: &str) -> &str {
    let number =
        behind.strip_prefix(" (").map(|rest| rest.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    number.and_then(|rest| rest.strip_prefix(')')).unwrap_or(behind)
}

/// The data behind the gap.
fn data(behind: &str) -> &str {
    let exact = behind.strip_prefix("    ").or_else(|| behind.strip_prefix('\t'));
    exact.unwrap_or_else(|| behind.trim_start())
}

/// Bytes that are printed without gaps.
fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digit = |digit: u8| char::from(digit).to_digit(16);
    let pairs = hex.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    });
    pairs.collect()
}

/// How much a name looks like what tools print for the default value, which has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    No,
    Yes,
    /// A word in brackets of a language or a code page that is not known here.
    Likely,
}

/// The words of reg.exe for the default value, in the languages of Windows, as far as they are plain.
const DEFAULTS: [&str; 15] = [
    "(Default)",
    "(Standard)",
    "(Standaard)",
    "(par défaut)",
    "(Par défaut)",
    "(Predeterminado)",
    "(Predefinito)",
    "(Padrão)",
    "(Oletus)",
    "(По умолчанию)",
    "(既定)",
    "(默认)",
    "(預設值)",
    "<NO NAME>",
    "<SANS NOM>",
];

/// Judges the name of a row.
pub fn default(name: &str) -> Default {
    if DEFAULTS.contains(&name) {
        return Default::Yes;
    }
    let inner = name.strip_prefix('(').and_then(|name| name.strip_suffix(')'));
    let foreign = inner.is_some_and(|inner| !inner.is_ascii() || inner.contains('?'));
    // In capitals, as no value that a program writes is named.
    let capital = |inner: &str| {
        inner.contains(' ') && inner.chars().all(|letter| letter == ' ' || letter.is_uppercase())
    };
    let angled = name.strip_prefix('<').and_then(|name| name.strip_suffix('>')).is_some_and(capital);
    if foreign || angled { Default::Likely } else { Default::No }
}

/// What reg.exe prints for a default value that is not there.
const UNSET: [&str; 4] =
    ["(value not set)", "(Wert nicht festgelegt)", "(valeur non définie)", "(数值未设置)"];

/// Whether the data of a default value says that there is none.
pub fn is_unset(data: &str) -> bool {
    UNSET.contains(&data.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, u32, &str)>) {
        assert_eq!(Row::read(text).map(|row| (row.name, row.kind, row.data)), expected, "{text}");
    }

    #[test]
    fn the_type_parts_name_and_data() {
        check("    a b    REG_SZ      c    REG_DWORD    d ", Some(("a b", 1, "  c    REG_DWORD    d ")));
        check("\t<NO NAME>\tREG_SZ\t\"%1\"", Some(("<NO NAME>", 1, "\"%1\"")));
        check(
            "    DevicePath  REG_EXPAND_SZ   %SystemRoot%\\inf",
            Some(("DevicePath", 2, "%SystemRoot%\\inf")),
        );
        check("    is REG_SZ here    REG_BINARY    00", Some(("is REG_SZ here", 3, "00")));
        check("    empty    REG_SZ", Some(("empty", 1, "")));
        check("    empty    REG_SZ    ", Some(("empty", 1, "")));
        check("    z    REG_DWORD (4)    0x1", Some(("z", 4, "0x1")));
        check("    z    REG_SZ (4", Some(("z", 1, "(4")));
        check("    REG_SZ    no name", None);
        check("    REG_NEW    a", None);
    }

    #[test]
    fn data_is_what_its_type_prints() {
        let read = |text| Row::read(text)?.value("\\0").map(|data| data.bytes);
        assert_eq!(read(" a    REG_BINARY    0aFF"), Some(vec![0x0A, 0xFF]));
        assert_eq!(read(" a    REG_BINARY    0a F"), None);
        assert_eq!(read(" a    REG_NONE    "), Some(vec![]));
        assert_eq!(read(" a    REG_MULTI_SZ    b\\0c"), Some(b"b\0\0\0c\0\0\0\0\0".to_vec()));
        assert_eq!(read(" a\tREG_MULTI_SZ\tb\\0\\0"), Some(b"b\0\0\0\0\0".to_vec()));
        assert_eq!(read(" a    REG_DWORD    zero"), None);
        let row = Row::read_kind_first("REG_SZ\tName\tD:\\SMS").unwrap();
        assert_eq!((row.name, row.data), ("Name", "D:\\SMS"));
    }

    #[test]
    fn the_default_value_has_many_names() {
        assert_eq!(default("(par défaut)"), Default::Yes);
        assert_eq!(default("(par d?faut)"), Default::Likely);
        assert_eq!(default("<KEIN NAME>"), Default::Likely);
        assert_eq!(default("(a)"), Default::No);
        assert_eq!(default("<a>"), Default::No);
    }
}
