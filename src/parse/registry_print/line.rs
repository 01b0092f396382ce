//! One line of a saved subtree, told apart by its label; columns do not count.

use super::types;

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    Blank,
    KeyName(&'a str),
    ClassName,
    LastWrite(&'a str),
    /// `Value 3`
    Value(u32),
    Name(&'a str),
    Type(&'a str),
    Data(&'a str),
    /// A row of bytes: where it starts within the data, and what follows that number.
    Row(u32, &'a str),
    /// What people write by hand: `name REG_SZ : data`.
    Typed {
        name: &'a str,
        kind: u32,
        data: &'a str,
    },
    Other,
}

/// Reads a line.
pub fn line(text: &str) -> Line<'_> {
    let inner = text.trim();
    if inner.is_empty() {
        return Line::Blank;
    }
    let label = |label: &str| inner.strip_prefix(label).map(|_| behind(text, label));
    if let Some(path) = label("Key Name:") {
        return Line::KeyName(path.trim());
    }
    if label("Class Name:").is_some() {
        return Line::ClassName;
    }
    if let Some(time) = label("Last Write Time:") {
        return Line::LastWrite(time.trim());
    }
    if let Some(name) = label("Name:") {
        return Line::Name(name);
    }
    if let Some(kind) = label("Type:") {
        return Line::Type(kind.trim());
    }
    if let Some(data) = label("Data:") {
        return Line::Data(data);
    }
    let number = inner.strip_prefix("Value ").and_then(|number| number.trim_start().parse().ok());
    if let Some(number) = number {
        return Line::Value(number);
    }
    row(inner).or_else(|| typed(inner)).unwrap_or(Line::Other)
}

/// The columns before the values of labels.
const COLUMN: usize = 19;

/// What stands behind a label: from the column of values on, else without blanks before it.
fn behind<'a>(text: &'a str, label: &str) -> &'a str {
    match text.split_at_checked(COLUMN) {
        Some((margin, rest)) if margin.trim() == label => rest,
        _ => text.trim_start()[label.len()..].trim_start(),
    }
}

/// `00000010   64 00 …`: eight digits of an offset, then bytes.
fn row(inner: &str) -> Option<Line<'_>> {
    let (offset, rest) = inner.split_at_checked(8)?;
    let digits = offset.bytes().all(|byte| byte.is_ascii_hexdigit()) && rest.starts_with(' ');
    let offset = u32::from_str_radix(offset, 16).ok().filter(|_| digits)?;
    Some(Line::Row(offset, rest.trim_start()))
}

/// `name  REG_SZ : data`
fn typed(inner: &str) -> Option<Line<'_>> {
    let (at, _) = inner.match_indices("REG_").find(|(at, _)| inner[..*at].ends_with([' ', '\t']))?;
    let (name, rest) = inner.split_at(at);
    let (kind, data) = rest.split_once(':')?;
    Some(Line::Typed { name: name.trim_end(), kind: types::named(kind.trim_end())?, data: data.trim() })
}

/// The bytes of a row, of which the characters follow behind at least two blanks: sixteen at most.
pub fn bytes(row: &str, out: &mut Vec<u8>) {
    let mut rest = row;
    for _ in 0..16 {
        let Some((digits, behind)) = rest.split_at_checked(2) else { return };
        let byte = u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
        let Some(byte) = byte.filter(|_| behind.is_empty() || behind.starts_with(' ')) else { return };
        out.push(byte);
        let next = behind.strip_prefix(" - ").or_else(|| behind.strip_prefix(' '));
        let Some(next) = next else { return };
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_count_and_columns_do_not() {
        assert_eq!(line("   Key Name: SOFTWARE\\A b "), Line::KeyName("SOFTWARE\\A b"));
        assert_eq!(line("  Data:              two blanks first"), Line::Data("  two blanks first"));
        assert_eq!(line("Data: Y"), Line::Data("Y"));
        assert_eq!(line("Value 12"), Line::Value(12));
        assert_eq!(line("Value none"), Line::Other);
        assert_eq!(line("00000010   64 00"), Line::Row(16, "64 00"));
        assert_eq!(
            line("ncacn_np   REG_SZ :  rpclts1.dll"),
            Line::Typed { name: "ncacn_np", kind: 1, data: "rpclts1.dll" }
        );
    }

    #[test]
    fn characters_beside_the_bytes_are_none() {
        let read = |row: &str| {
            let mut out = Vec::new();
            bytes(row, &mut out);
            out
        };
        assert_eq!(read("61 62                   ab"), [0x61, 0x62]);
        assert_eq!(read("00 01 02 03 04 05 06 07 - 08  ab"), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(read("+1 é"), [0_u8; 0]);
        let full = "00 01 02 03 04 05 06 07 - 08 09 0a 0b 0c 0d 0e 0f ab cd";
        assert_eq!(read(full).len(), 16);
    }
}
