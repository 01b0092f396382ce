//! The time model: a local time as written, and how its distance from UTC is known.

use chrono::{DateTime, Duration, NaiveDateTime, TimeDelta, Utc};

/// How the distance of a local time from UTC is known. Offsets are minutes east of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// Nothing tells.
    Unknown,
    /// The record holds UTC, so nothing is to be known.
    Utc,
    /// The record names its Windows time zone, which tells standard from daylight time.
    Named(i16),
    /// The record carries a bias (UTC = local + bias).
    Bias(i16),
    /// The record carries a bias whose sign is the opposite, as the zone of its server shows.
    Turned(i16),
    /// Measured from a status message of the same log, which carries local and UTC time.
    Measured(i16),
    /// Taken from the registry of the server: right at the time of the capture, and only then certain.
    Registry(i16),
    /// Taken from the other logs of the server, which all have the same.
    Server(i16),
}

impl Zone {
    /// Minutes east of UTC, where known.
    pub fn offset(self) -> Option<i16> {
        match self {
            Self::Unknown => None,
            Self::Utc => Some(0),
            Self::Named(offset)
            | Self::Bias(offset)
            | Self::Turned(offset)
            | Self::Measured(offset)
            | Self::Registry(offset)
            | Self::Server(offset) => Some(offset),
        }
    }

    /// The name of the basis that reports use.
    pub fn basis(self) -> &'static str {
        match self {
            Self::Unknown => "local time, zone unknown",
            Self::Utc => "UTC in the record",
            Self::Named(_) => "zone named in the record",
            Self::Bias(_) => "bias in the record",
            Self::Turned(_) => "bias in the record, its sign turned",
            Self::Measured(_) => "measured from a status message",
            Self::Registry(_) => "registry of the server",
            Self::Server(_) => "other logs of the server",
        }
    }
}

/// Minutes east of UTC as people write them: `-05:00`.
pub fn offset_text(minutes: i16) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// A moment as a log or a capture tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Local time of the writer, as written; UTC where the zone is [`Zone::Utc`].
    pub local: NaiveDateTime,
    pub zone: Zone,
}

impl Stamp {
    /// The moment in UTC, where the zone is known and the result is a date at all.
    pub fn utc(self) -> Option<DateTime<Utc>> {
        let offset = Duration::minutes(i64::from(self.zone.offset()?));
        Some(self.local.checked_sub_signed(offset)?.and_utc())
    }

    /// RFC 3339 in UTC where the zone is known, else local time without an offset.
    pub fn display(self) -> String {
        let (moment, end) = match self.utc() {
            Some(utc) => (utc.naive_utc(), "Z"),
            None => (self.local, ""),
        };
        let format = if moment.and_utc().timestamp_subsec_millis() == 0 {
            "%Y-%m-%dT%H:%M:%S"
        } else {
            "%Y-%m-%dT%H:%M:%S%.3f"
        };
        format!("{}{end}", moment.format(format))
    }

    /// The time since an earlier moment: between moments of UTC if both zones are known, else as written.
    pub fn since(self, earlier: Self) -> TimeDelta {
        match (self.utc(), earlier.utc()) {
            (Some(later), Some(earlier)) => later - earlier,
            _ => self.local - earlier.local,
        }
    }

    /// The key by which moments of several servers are put in order: UTC where known, else local time.
    pub fn order(self) -> NaiveDateTime {
        self.utc().map_or(self.local, |utc| utc.naive_utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn at(hour: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2023, 7, 15).unwrap().and_hms_opt(hour, 12, 45).unwrap()
    }

    #[test]
    fn utc_is_local_plus_bias() {
        // ConfigMgr writes `09:12:45+240` for Eastern daylight time: 13:12:45 UTC.
        let stamp = Stamp { local: at(9), zone: Zone::Bias(-240) };
        assert_eq!(stamp.display(), "2023-07-15T13:12:45Z");
    }

    #[test]
    fn an_unknown_zone_stays_local() {
        let stamp = Stamp { local: at(9), zone: Zone::Unknown };
        assert_eq!(stamp.utc(), None);
        assert_eq!(stamp.display(), "2023-07-15T09:12:45");
    }

    #[test]
    fn the_edge_of_the_calendar_does_not_panic() {
        let stamp = Stamp { local: NaiveDateTime::MAX, zone: Zone::Bias(-600) };
        assert_eq!(stamp.utc(), None);
    }
}
