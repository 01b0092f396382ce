//! `STATMSG:` lines: they name the system and site, and carry UTC beside the record's local time.

use std::sync::LazyLock;

use chrono::NaiveDateTime;
use memchr::memmem::Finder;

use crate::grammar::Frame;

/// What a status message says of where and when it was written.
#[derive(Clone, Copy, Debug)]
pub struct StatusMessage<'t> {
    text: &'t str,
    pub system: Option<&'t str>,
    pub site: Option<&'t str>,
}

/// The names of fields, ready to be looked for.
static START: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("TATMSG: ID="));
static SYSTEM: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" SYS="));
static SITE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(" SITE="));
static DATE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("GMTDATE="));
static MOMENT: LazyLock<Option<Frame>> = LazyLock::new(|| {
    Frame::read("{weekday} {monthname} {day} {hour}:{minute}:{second}[.{fraction}] {year}").ok()
});

/// Reads the fields of a `STATMSG:` line.
pub fn read(message: &str) -> Option<StatusMessage<'_>> {
    let text = behind(message, &START)?;
    let word = |name: &Finder<'_>| {
        let value = behind(text, name)?.split_ascii_whitespace().next()?;
        Some(value.trim_matches('"')).filter(|value| !value.is_empty())
    };
    Some(StatusMessage { text, system: word(&SYSTEM), site: word(&SITE) })
}

/// What stands behind the first place of a name.
fn behind<'t>(text: &'t str, name: &Finder<'_>) -> Option<&'t str> {
    text.get(name.find(text.as_bytes())? + name.needle().len()..)
}

impl StatusMessage<'_> {
    /// `GMTDATE`, which is UTC.
    pub fn utc(&self) -> Option<NaiveDateTime> {
        let date = behind(self.text, &DATE)?;
        MOMENT.as_ref()?.match_at(date.as_bytes(), 0)?.1.local()
    }
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
        assert_eq!((found.system, found.site), (Some("ECGJ01"), Some("OH1")));
        let utc = found.utc().unwrap();
        let local = utc - chrono::Duration::hours(4);
        assert_eq!(offset(local, utc), Some(-240));
        assert_eq!(offset(local + chrono::Duration::minutes(7), utc), None);
        assert_eq!(read("TATMSG: ID=1 GMTDATE=never").unwrap().utc(), None);
    }
}
