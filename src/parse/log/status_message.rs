//! `STATMSG:` lines: they name the system and site, and carry UTC beside the record's local time.

use chrono::NaiveDateTime;

/// What a status message says of where and when it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusMessage {
    pub system: Option<String>,
    pub site: Option<String>,
    /// `GMTDATE`, which is UTC.
    pub utc: Option<NaiveDateTime>,
}

/// Reads the fields of a `STATMSG:` line.
pub fn read(message: &str) -> Option<StatusMessage> {
    let start = message.find("TATMSG: ID=")?;
    let text = &message[start..];
    let word = |name: &str| {
        let value = text.split_once(name)?.1.split_whitespace().next()?;
        Some(value.trim_matches('"').to_owned()).filter(|value| !value.is_empty())
    };
    let utc = text.split_once("GMTDATE=").and_then(|(_, rest)| {
        let date = rest.split(" ISTR").next()?.trim();
        NaiveDateTime::parse_from_str(date, "%a %b %d %H:%M:%S%.f %Y").ok()
    });
    Some(StatusMessage { system: word(" SYS="), site: word(" SITE="), utc })
}

/// The distance of local time from UTC, if it is one that a zone can have.
///
/// A message is written and framed within moments, so the difference is within two minutes of a
/// multiple of a quarter of an hour.
pub fn offset(local: NaiveDateTime, utc: NaiveDateTime) -> Option<i16> {
    let seconds = (local - utc).num_seconds();
    let quarters = (seconds as f64 / 900.0).round() as i64;
    let close = (seconds - quarters * 900).abs() <= 120;
    i16::try_from(quarters * 15).ok().filter(|minutes| close && minutes.abs() <= 14 * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_message_measures_the_zone() {
        // Q271181 prints both times of one message.
        let line = r#"STATMSG: ID=3807 SEV=W LEV=M SOURCE="SMS Server" COMP="SMS_OFFER_STATUS_SUMMARIZER" SYS=ECGJ01 SITE=OH1 PID=259 TID=170 GMTDATE=Fri Jul 14 12:37:37.180 2000 ISTR0="8""#;
        let found = read(line).unwrap();
        assert_eq!((found.system.as_deref(), found.site.as_deref()), (Some("ECGJ01"), Some("OH1")));
        let utc = found.utc.unwrap();
        let local = utc - chrono::Duration::hours(4);
        assert_eq!(offset(local, utc), Some(-240));
        assert_eq!(offset(local + chrono::Duration::minutes(7), utc), None);
        assert_eq!(read("TATMSG: ID=1 GMTDATE=never").unwrap().utc, None);
    }
}
