//! What the frame of a record tells of it.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// A part of the matched bytes, from and to.
pub type Span = (usize, usize);

/// What a frame told. Spans are places in the matched bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub component: Span,
    pub zone: Span,
    pub bias: Option<i32>,
    pub thread: Option<u32>,
    pub severity: Option<u8>,
    pub(super) year: Option<i32>,
    pub(super) month: u32,
    pub(super) day: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    pub(super) nanosecond: u32,
    pub(super) afternoon: Option<bool>,
    /// The day, where it is one.
    pub(super) date: Option<NaiveDate>,
}

impl Told {
    /// The local time, if the frame has one and it is a real date.
    pub fn local(&self) -> Option<NaiveDateTime> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
        };
        Some(self.date?.and_time(NaiveTime::from_hms_nano_opt(
            hour,
            self.minute,
            self.second,
            self.nanosecond,
        )?))
    }

    /// Notes the day that year, month and day make.
    pub(super) fn find_date(&mut self) {
        self.date = self.year.and_then(|year| NaiveDate::from_ymd_opt(year, self.month, self.day));
    }
}
