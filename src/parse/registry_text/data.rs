//! The data of a registry value: quoted text, `dword:`, and `hex:` bytes that may go on over lines.

use crate::model::{RegistryData, registry_type};

use super::expected::{Expected, ends, unblanked};
use super::header::Grammar;
use super::page::Pages;
use super::quoted::{quoted_wide, widen};

/// The right side of a value line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// `undoubled` as in [`super::quoted::Quoted`].
    Whole {
        data: RegistryData,
        undoubled: bool,
    },
    /// Bytes of a type; when `open`, the next line has more of them.
    Hex {
        kind: u32,
        open: bool,
    },
    Deleted,
}

/// Reads the right side up to the end of the line; `bytes` gets what is written in hex.
pub fn data(input: &str, bytes: &mut Vec<u8>) -> Result<Data, Expected> {
    if let Some(inner) = input.strip_prefix('"') {
        let (wide, undoubled, rest) = quoted_wide(inner)?;
        only_comment(rest)?;
        return Ok(Data::Whole { data: RegistryData { kind: registry_type::SZ, bytes: wide }, undoubled });
    }
    if let Some(digits) = input.strip_prefix("dword:") {
        let (number, rest) = number(unblanked(digits)).ok_or(Expected("1 to 8 hex digits after `dword:`"))?;
        only_comment(rest)?;
        return Ok(Data::Whole { data: RegistryData::dword(number), undoubled: false });
    }
    if let Some(typed) = input.strip_prefix("hex") {
        let what = Expected("`hex:`, or `hex(type):` with 1 to 8 hex digits");
        let (kind, rest) = hex_type(typed).ok_or(what)?;
        bytes.clear();
        return Ok(Data::Hex { kind, open: hex(rest, bytes)? });
    }
    let Some(rest) = input.strip_prefix('-') else {
        return Err(Expected("`\"text\"`, `dword:`, `hex:`, `hex(type):` or `-` after `=`"));
    };
    only_comment(rest)?;
    Ok(Data::Deleted)
}

/// The end of a line whose data is complete.
fn only_comment(rest: &str) -> Result<(), Expected> {
    if ends(rest) { Ok(()) } else { Err(Expected("nothing but a `;` comment after the data")) }
}

/// A number of one to eight hex digits, and what follows.
fn number(input: &str) -> Option<(u32, &str)> {
    let end = input.bytes().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(input.len());
    let (digits, rest) = input.split_at(end);
    if 8 < digits.len() {
        return None;
    }
    Some((u32::from_str_radix(digits, 16).ok()?, rest))
}

/// The type between `hex` and its bytes.
fn hex_type(input: &str) -> Option<(u32, &str)> {
    if let Some(rest) = input.strip_prefix(':') {
        return Some((registry_type::BINARY, rest));
    }
    let (kind, rest) = number(input.strip_prefix('(')?)?;
    Some((kind, rest.strip_prefix("):")?))
}

/// What a line within open bytes did to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Blank or a comment, which do not count here.
    Skipped,
    /// More bytes; `open` when the next line has more again.
    More { open: bool },
}

/// Reads a line after one that ended in `\`, and adds its bytes.
pub fn go_on(input: &str, bytes: &mut Vec<u8>) -> Result<Step, Expected> {
    if ends(input) {
        return Ok(Step::Skipped);
    }
    let input = unblanked(input);
    // A line that does not start with a byte, not even with a lone `\`, is lost together with the value.
    if !input.starts_with(|letter: char| letter.is_ascii_hexdigit()) {
        return Err(Expected("more bytes after the `\\`"));
    }
    Ok(Step::More { open: hex(input, bytes)? })
}

/// The values of hex digits; above 15 for all that is none.
const DIGITS: [u8; 256] = {
    let mut digits = [0xFF; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value] as usize] = value as u8;
        digits[b"0123456789ABCDEF"[value] as usize] = value as u8;
        value += 1;
    }
    digits
};

/// Adds the bytes of one line and tells whether it ends in `\`.
///
/// As Windows imports it, a comma stands before the `\`, so that no byte is ever parted.
fn hex(input: &str, bytes: &mut Vec<u8>) -> Result<bool, Expected> {
    let mut rest = input;
    // What tools write: two digits and a comma each.
    let pairs = rest.as_bytes().chunks_exact(3).map_while(|three| {
        let (high, low) = (DIGITS[usize::from(three[0])], DIGITS[usize::from(three[1])]);
        ((high | low) < 16 && three[2] == b',').then_some(high << 4 | low)
    });
    let before = bytes.len();
    bytes.extend(pairs);
    rest = &rest[3 * (bytes.len() - before)..];
    // What people write besides.
    let mut parted = true;
    while let Some((byte, behind)) = byte(rest) {
        bytes.push(byte);
        let Some(next) = behind.strip_prefix(',') else {
            (rest, parted) = (behind, false);
            break;
        };
        rest = next;
    }
    let open = if parted { unblanked(rest).strip_prefix('\\') } else { None };
    if !ends(open.unwrap_or(rest)) {
        return Err(Expected("bytes in hex with commas between them, and a `\\` only after a comma"));
    }
    Ok(open.is_some())
}

/// One byte and what follows; a `0x` before it does no harm, and neither do leading zeros.
fn byte(input: &str) -> Option<(u8, &str)> {
    let input = unblanked(input);
    let digits = input.strip_prefix("0x").or_else(|| input.strip_prefix("0X")).unwrap_or(input);
    let end = digits.bytes().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    Some((u8::from_str_radix(digits, 16).ok()?, rest))
}

/// The data as the registry would hold it, from bytes as they are written.
pub fn finish(kind: u32, bytes: &[u8], grammar: Grammar, pages: &Pages<'_>) -> RegistryData {
    let is_text = matches!(kind, registry_type::SZ | registry_type::EXPAND_SZ | registry_type::MULTI_SZ);
    if !is_text || bytes.is_empty() {
        return RegistryData { kind, bytes: bytes.to_vec() };
    }
    let mut wide = Vec::new();
    if grammar == Grammar::Version5 {
        wide.reserve_exact(bytes.len() + 2);
        wide.extend_from_slice(bytes);
    } else {
        wide.reserve_exact(2 * bytes.len() + 2);
        widen(&pages.strings(bytes), &mut wide);
    }
    terminate(&mut wide);
    RegistryData { kind, bytes: wide }
}

/// Appends the terminator that an import adds: one, and only where the last character is none.
fn terminate(bytes: &mut Vec<u8>) {
    let whole = bytes.len() & !1;
    let ends = whole.checked_sub(2).and_then(|start| bytes.get(start..whole)) == Some(&[0, 0]);
    if !ends {
        // Half a character cannot stay before the terminator.
        bytes.truncate(whole);
        bytes.extend([0, 0]);
    }
}
