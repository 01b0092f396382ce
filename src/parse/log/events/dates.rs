//! Dates of printed events, whose order of day, month and year only the whole source proves.

use chrono::{NaiveDate, NaiveDateTime};

/// A date and time as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    pub fields: [u16; 3],
    /// Whether the first field has four digits, so that it is the year.
    pub year_first: bool,
    /// The character between the fields.
    pub between: u8,
    pub time: [u16; 3],
    /// `Some(true)` after `PM`; `None` on a 24-hour clock.
    pub afternoon: Option<bool>,
}

/// The order of the fields of a date, the year being last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    MonthFirst,
    DayFirst,
}

/// What the dates of a source tell about their order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evidence {
    month_first: bool,
    day_first: bool,
    half_days: bool,
    dots: bool,
    open: bool,
}

impl Evidence {
    /// Takes one date into account.
    pub fn see(&mut self, printed: &Printed) {
        if printed.year_first {
            return;
        }
        self.open = true;
        self.day_first |= printed.fields[0] > 12;
        self.month_first |= printed.fields[1] > 12;
        self.half_days |= printed.afternoon.is_some();
        self.dots |= printed.between == b'.';
    }

    /// The order, and what it was taken from where no date proves it.
    pub fn order(self) -> (Option<Order>, Option<&'static str>) {
        match (self.month_first, self.day_first) {
            (true, false) => (Some(Order::MonthFirst), None),
            (false, true) => (Some(Order::DayFirst), None),
            (true, true) => (None, Some("some dates have the day first and some the month: no time is told")),
            _ if !self.open => (None, None),
            _ if self.half_days => (
                Some(Order::MonthFirst),
                Some(
                    "no date shows whether the day or the month comes first; month first, as AM and PM are American",
                ),
            ),
            _ if self.dots => (
                Some(Order::DayFirst),
                Some(
                    "no date shows whether the day or the month comes first; day first, as dots are European",
                ),
            ),
            _ => (None, Some("no date shows whether the day or the month comes first: no time is told")),
        }
    }
}

impl Printed {
    /// The moment, if the fields are one.
    pub fn moment(&self, order: Option<Order>) -> Option<NaiveDateTime> {
        let [first, second, third] = self.fields;
        let (year, month, day) = match order {
            _ if self.year_first => (first, second, third),
            Some(Order::MonthFirst) => (third, first, second),
            Some(Order::DayFirst) => (third, second, first),
            None => return None,
        };
        let year = match year {
            // Windows NT reads two digits as 1980 to 2079.
            0..80 => 2000 + year,
            80..100 => 1900 + year,
            _ => year,
        };
        let [hour, minute, second] = self.time;
        let hour = match self.afternoon {
            None => hour,
            Some(afternoon) if (1..=12).contains(&hour) => hour % 12 + u16::from(afternoon) * 12,
            Some(_) => return None,
        };
        let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))?;
        date.and_hms_opt(u32::from(hour), u32::from(minute), u32::from(second))
    }
}
