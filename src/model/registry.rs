//! A registry value as the registry holds it: its type number and its bytes.

/// The type numbers of the Windows registry (winnt.h `REG_*`).
pub mod registry_type {
    pub const NONE: u32 = 0;
    pub const SZ: u32 = 1;
    pub const EXPAND_SZ: u32 = 2;
    pub const BINARY: u32 = 3;
    pub const DWORD: u32 = 4;
    pub const DWORD_BIG_ENDIAN: u32 = 5;
    pub const MULTI_SZ: u32 = 7;
    pub const QWORD: u32 = 11;
}

/// Registry data. Strings are UTF-16LE with their terminators, whatever the capture's encoding was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryData {
    pub kind: u32,
    pub bytes: Vec<u8>,
}

impl RegistryData {
    /// A `REG_SZ` with its terminator.
    pub fn text(text: &str) -> Self {
        let units = text.encode_utf16().chain([0]);
        Self { kind: registry_type::SZ, bytes: units.flat_map(u16::to_le_bytes).collect() }
    }

    /// A `REG_DWORD`.
    pub fn dword(value: u32) -> Self {
        Self { kind: registry_type::DWORD, bytes: value.to_le_bytes().to_vec() }
    }

    /// The strings of a text type, up to their terminators; `None` for other types.
    pub fn strings(&self) -> Option<Vec<String>> {
        let multi = match self.kind {
            registry_type::SZ | registry_type::EXPAND_SZ => false,
            registry_type::MULTI_SZ => true,
            _ => return None,
        };
        let units: Vec<u16> =
            self.bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect();
        let mut parts = units.split(|unit| *unit == 0).map(String::from_utf16_lossy);
        if multi {
            return Some(parts.take_while(|part| !part.is_empty()).collect());
        }
        Some(parts.next().into_iter().collect())
    }

    /// The number of a DWORD or QWORD; `None` for other types or wrong lengths.
    pub fn number(&self) -> Option<u64> {
        match self.kind {
            registry_type::DWORD => {
                Some(u64::from(u32::from_le_bytes(self.bytes.as_slice().try_into().ok()?)))
            }
            registry_type::DWORD_BIG_ENDIAN => {
                Some(u64::from(u32::from_be_bytes(self.bytes.as_slice().try_into().ok()?)))
            }
            registry_type::QWORD => Some(u64::from_le_bytes(self.bytes.as_slice().try_into().ok()?)),
            _ => None,
        }
    }

    /// The value as a person would write it: text, `a; b`, a decimal number, or hex bytes.
    pub fn display(&self) -> String {
        if let Some(strings) = self.strings() {
            return strings.join("; ");
        }
        if let Some(number) = self.number() {
            return number.to_string();
        }
        self.bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_up_to_its_terminator() {
        let mut data = RegistryData::text("D:\\SMS");
        assert_eq!(data.display(), "D:\\SMS");
        data.bytes.extend([b'x', 0]);
        assert_eq!(data.display(), "D:\\SMS");
    }

    #[test]
    fn a_dword_of_wrong_length_is_no_number() {
        let data = RegistryData { kind: registry_type::DWORD, bytes: vec![1, 0] };
        assert_eq!(data.number(), None);
        assert_eq!(data.display(), "0100");
    }

    #[test]
    fn multi_strings_end_at_the_empty_one() {
        let data = RegistryData {
            kind: registry_type::MULTI_SZ,
            bytes: "a\0b\0\0rest".encode_utf16().flat_map(u16::to_le_bytes).collect(),
        };
        assert_eq!(data.display(), "a; b");
    }
}
