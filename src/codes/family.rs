//! The families of codes: the same number means something else in each.

/// A family of codes. The order is that in which a number without a phrase is most likely meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    Win32,
    Nerr,
    Winsock,
    Hresult,
    Wbem,
    NtStatus,
    SmsStatus,
    SmsSiteConfig,
    SmsDespooler,
    SmsCompression,
    SqlServer,
    DbLibrary,
    Odbc,
    SmsEvent,
    SmsSiteStatus,
    SmsControl,
    WindowsEvent,
    Exit,
    /// A number that means something to the program that wrote it, and to nobody else.
    Own,
}

/// The names that data files and reports use, and the titles for people.
pub const FAMILIES: &[(Family, &str, &str)] = &[
    (Family::Win32, "win32", "Win32"),
    (Family::Nerr, "nerr", "LAN Manager"),
    (Family::Winsock, "winsock", "Winsock"),
    (Family::Hresult, "hresult", "HRESULT"),
    (Family::Wbem, "wbem", "WBEM"),
    (Family::NtStatus, "ntstatus", "NTSTATUS"),
    (Family::SmsStatus, "sms_status", "SMS status message"),
    (Family::SmsSiteConfig, "sms_site_config", "SMS 1.x Site Configuration Manager"),
    (Family::SmsDespooler, "sms_despooler", "SMS 1.x Despooler"),
    (Family::SmsCompression, "sms_compression", "SMS compression"),
    (Family::SqlServer, "sql_server", "SQL Server message"),
    (Family::DbLibrary, "db_library", "DB-Library"),
    (Family::Odbc, "odbc", "ODBC state"),
    (Family::SmsEvent, "sms_event", "SMS 1.x event"),
    (Family::SmsSiteStatus, "sms_site_status", "SMS 1.x site status"),
    (Family::SmsControl, "sms_control", "SMS 1.x service control code"),
    (Family::WindowsEvent, "windows_event", "Windows event"),
    (Family::Exit, "exit", "exit code"),
    (Family::Own, "own", "a number of the program itself"),
];

impl Family {
    /// The family of a name.
    pub fn named(name: &str) -> Option<Self> {
        FAMILIES.iter().find(|(_, known, _)| *known == name).map(|(family, _, _)| *family)
    }

    /// The name in data files and reports.
    pub fn name(self) -> &'static str {
        FAMILIES.iter().find(|(known, _, _)| *known == self).map_or("", |(_, name, _)| name)
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        FAMILIES.iter().find(|(known, _, _)| *known == self).map_or("", |(_, _, title)| title)
    }

    /// Whether only articles tell what its codes mean, so that each must name one.
    pub fn is_told_by_articles(self) -> bool {
        self.name().starts_with("sms_") || self == Self::Exit
    }

    /// How a number of this family is written.
    pub fn written(self, number: i64) -> String {
        match self {
            Self::Odbc => state(number),
            Self::Hresult | Self::Wbem | Self::NtStatus => format!("0x{number:08X}"),
            Self::SmsDespooler => format!("{number:x}"),
            _ => number.to_string(),
        }
    }

    /// A number as data files write it for this family.
    pub fn read(self, key: &str) -> Option<i64> {
        match self {
            Self::Odbc => number_of_state(key),
            _ => match key.strip_prefix("0x") {
                Some(hex) => i64::from_str_radix(hex, 16).ok(),
                None => key.parse().ok(),
            },
        }
    }
}

/// An ODBC state, which is a name of five digits and letters, as a number.
pub fn number_of_state(state: &str) -> Option<i64> {
    let upper = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    (state.len() == 5 && state.bytes().all(upper)).then(|| i64::from_str_radix(state, 36).ok()).flatten()
}

fn state(number: i64) -> String {
    let mut rest = number.unsigned_abs();
    let mut digits = [b'0'; 5];
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(rest % 36) as usize];
        rest /= 36;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_as_it_is_read() {
        for (family, key) in [
            (Family::Win32, "5"),
            (Family::Hresult, "0x80004005"),
            (Family::Odbc, "08001"),
            (Family::Odbc, "IM002"),
            (Family::Odbc, "HYT00"),
        ] {
            assert_eq!(family.written(family.read(key).unwrap()), key);
        }
        assert_eq!(Family::Odbc.read("8001"), None);
        assert_eq!(Family::SmsDespooler.written(0x38a), "38a");
    }

    #[test]
    fn every_family_has_one_name() {
        for (index, (family, name, title)) in FAMILIES.iter().enumerate() {
            assert_eq!((Family::named(name), family.name(), family.title()), (Some(*family), *name, *title));
            assert!(index == 0 || FAMILIES[index - 1].0 < *family, "{name} is out of order");
        }
    }
}
