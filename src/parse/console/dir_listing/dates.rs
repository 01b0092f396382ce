//! Dates whose order of day, month and year only the whole source proves.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::language::Language;
use super::words::ENGLISH_CLOCK;

/// The orders in which Windows prints a short date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    MonthDayYear,
    DayMonthYear,
    YearMonthDay,
}

pub const ORDERS: [Order; 3] = [Order::MonthDayYear, Order::DayMonthYear, Order::YearMonthDay];

impl Order {
    fn name(self) -> &'static str {
        match self {
            Self::MonthDayYear => "month first",
            Self::DayMonthYear => "day first",
            Self::YearMonthDay => "year first",
        }
    }
}

/// How the time of the day is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// On a 24-hour clock.
    Day,
    /// On a 12-hour clock, with `a`, `p`, `AM` or `PM`.
    English { afternoon: bool },
    /// On a 12-hour clock, with the words of another language.
    Local { afternoon: bool },
    /// With a word that is not known.
    Unknown,
}

/// A date and time as printed, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    pub fields: [u16; 3],
    /// Where a four-digit year stands, `0` or `2`; `None` when all fields have two digits.
    pub year_at: Option<u8>,
    /// What stands between the fields.
    pub separator: u8,
    /// The order, where a month has its name.
    pub named: Option<Order>,
    pub hour: u8,
    pub minute: u8,
    pub clock: Clock,
}

impl Printed {
    /// Year, month and day, if they can stand in this order.
    fn split(self, order: Order) -> Option<(u16, u16, u16)> {
        let [first, second, third] = self.fields;
        let (year, month, day, year_at) = match order {
            Order::MonthDayYear => (third, first, second, 2),
            Order::DayMonthYear => (third, second, first, 2),
            Order::YearMonthDay => (first, second, third, 0),
        };
        let fits = self.year_at.is_none_or(|at| at == year_at) && (1..=12).contains(&month);
        (fits && (1..=31).contains(&day)).then_some((year, month, day))
    }

    /// The moment, if the fields are one in this order.
    pub fn moment(self, order: Order) -> Option<NaiveDateTime> {
        Some(self.day(order)?.and_time(self.time()?))
    }

    /// The day, if the fields are one in this order.
    pub fn day(self, order: Order) -> Option<NaiveDate> {
        let (year, month, day) = self.split(self.named.unwrap_or(order))?;
        let year = match (self.year_at, year) {
            (Some(_), year) => year,
            // Windows NT reads two digits as 1980 to 2079.
            (None, 80..) => 1900 + year,
            (None, _) => 2000 + year,
        };
        NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
    }

    /// The time of the day, if it is one.
    pub fn time(self) -> Option<NaiveTime> {
        let hour = match self.clock {
            Clock::Day => self.hour,
            Clock::English { afternoon } | Clock::Local { afternoon } if (1..=12).contains(&self.hour) => {
                self.hour % 12 + u8::from(afternoon) * 12
            }
            _ => return None,
        };
        NaiveTime::from_hms_opt(u32::from(hour), u32::from(self.minute), 0)
    }

    /// What was printed, by the moment that it is in an order.
    pub fn of_moment(moment: NaiveDateTime, order: Order, four_digits: bool) -> Self {
        let year = if four_digits { moment.year() } else { moment.year() % 100 };
        let [year, month, day] = [year as u16, moment.month() as u16, moment.day() as u16];
        let (fields, year_at) = match order {
            Order::MonthDayYear => ([month, day, year], 2),
            Order::DayMonthYear => ([day, month, year], 2),
            Order::YearMonthDay => ([year, month, day], 0),
        };
        let (hour, minute) = (moment.hour() as u8, moment.minute() as u8);
        let year_at = four_digits.then_some(year_at);
        Self { fields, year_at, separator: b'/', named: None, hour, minute, clock: Clock::Day }
    }

    /// The date as it is printed, for people.
    fn show(self) -> String {
        let fields = self.fields.map(|field| format!("{field:02}"));
        fields.join(char::from(self.separator).encode_utf8(&mut [0; 4]))
    }
}

/// What the dates of a source tell about their order.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// The orders of `ORDERS` that no date has ruled out.
    open: [bool; 3],
    /// Whether some time is on a 12-hour clock with English letters, which tells an English system.
    english: bool,
    /// The first date.
    first: Option<Printed>,
    /// The date that was seen last.
    last: [u16; 3],
    /// The order that is certain so far.
    order: Option<Order>,
}

/// The order of the dates of a source, and what was taken for granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub order: Option<Order>,
    /// What to tell, where no date proves the order.
    pub told: Option<String>,
}

impl Evidence {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self { open: [true; 3], english: false, first: None, last: [0; 3], order: None }
    }

    /// Takes one date into account. A date that fits no order at all says nothing.
    pub fn see(&mut self, printed: Printed) {
        if printed.named.is_some() || (printed.fields == self.last && self.first.is_some()) {
            return;
        }
        self.last = printed.fields;
        self.first.get_or_insert(printed);
        self.english |= matches!(printed.clock, Clock::English { .. });
        let fits = ORDERS.map(|order| printed.split(order).is_some());
        if fits.contains(&true) {
            for (open, fits) in self.open.iter_mut().zip(fits) {
                *open &= fits;
            }
        }
        let (first, second) = {
            let mut open = self.open();
            (open.next(), open.next())
        };
        self.order = match (first, second) {
            (Some(order), None) => Some(order),
            (Some(ENGLISH_CLOCK), _) if self.english => Some(ENGLISH_CLOCK),
            _ => None,
        };
    }

    /// The orders that no date has ruled out.
    pub fn open(&self) -> impl Iterator<Item = Order> + '_ {
        ORDERS.into_iter().zip(self.open).filter(|(_, open)| *open).map(|(order, _)| order)
    }

    /// The order, where it is certain: proved by a date, or month first on an English system.
    pub fn order(&self) -> Option<Order> {
        self.order
    }

    /// Whether years have four digits.
    pub fn four_digits(&self) -> bool {
        self.first.is_some_and(|first| first.year_at.is_some())
    }

    /// The order, by whatever tells it: a date, the clock, the order of the rows where they were sorted by date,
    /// the language.
    pub fn decide(&self, language: Option<&Language>, sorted: Option<Order>) -> Decision {
        let Some(first) = self.first else { return Decision { order: None, told: None } };
        let proved = self.open().count() == 1;
        let assumed = |order: Order, reason: &str| Decision {
            order: Some(order),
            told: Some(format!("dates like {} are read {}, {reason}", first.show(), order.name())),
        };
        if let Some(order) = self.order() {
            // An English clock has the month first in the United States, and not everywhere.
            let doubtful = (first.separator != b'/' && first.year_at.is_some())
                || language.is_some_and(|language| !language.orders.is_empty());
            if proved || !doubtful {
                return Decision { order: Some(order), told: None };
            }
            return assumed(order, "as the 12-hour clock is English; no date proves it");
        }
        if let Some(order) = sorted {
            return assumed(order, "as only so the rows are sorted by date, which was asked for");
        }
        let Some(_) = self.open().next() else {
            let what = "the dates fit no single order of day, month and year, so no times are kept";
            return Decision { order: None, told: Some(what.to_owned()) };
        };
        let usual = language.and_then(|language| {
            let order = language.orders.iter().find(|order| self.open().any(|open| open == **order))?;
            Some((*order, language.name))
        });
        if let Some((order, name)) = usual {
            return assumed(order, &format!("as the listing is in {name}; no date proves it"));
        }
        let dotted = first.separator == b'.' && first.year_at == Some(2);
        if let Some(order) = self.open().find(|order| dotted && *order == Order::DayMonthYear) {
            return assumed(order, "as dots divide dates only where the day comes first; no date proves it");
        }
        let orders: Vec<&str> = self.open().map(Order::name).collect();
        let what = format!(
            "dates like {} may be read {}, and nothing tells which, so times are kept only where all agree",
            first.show(),
            orders.join(" or ")
        );
        Decision { order: None, told: Some(what) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::console::dir_listing::entry;
    use expect_test::{Expect, expect};

    fn check(dates: &[&str], expected: Expect) {
        let lines: Vec<String> = dates.iter().map(|date| format!("{date}           1 x")).collect();
        let dates: Vec<Printed> =
            lines.iter().map(|line| entry::row(line, None).expect("a row").printed).collect();
        let mut evidence = Evidence::new();
        dates.iter().for_each(|date| evidence.see(*date));
        let moments: Vec<String> = dates
            .iter()
            .map(|date| match evidence.order().and_then(|order| date.moment(order)) {
                Some(moment) => moment.format("%Y-%m-%d %H:%M").to_string(),
                None => "-".to_owned(),
            })
            .collect();
        expected.assert_eq(&moments.join(", "));
    }

    #[test]
    fn one_date_proves_the_order_of_all() {
        check(&["01/02/2003  00:10", "01/13/2003  23:59"], expect!["2003-01-02 00:10, 2003-01-13 23:59"]);
        check(&["01.02.2003  10:00", "13.01.2003  10:00"], expect!["2003-02-01 10:00, 2003-01-13 10:00"]);
        check(&["99/10/11  10:00"], expect!["1999-10-11 10:00"]);
        check(&["2003-04-05  10:00"], expect!["2003-04-05 10:00"]);
    }

    #[test]
    fn what_no_date_proves_stays_open() {
        check(&["01/02/2003  10:00", "03/04/2003  10:00"], expect!["-, -"]);
        // Day, month, year or year, month, day.
        check(&["13-01-05  10:00"], expect!["-"]);
        check(&["13/01/2003  10:00", "01/13/2003  10:00"], expect!["-, -"]);
    }

    #[test]
    fn a_twelve_hour_clock_is_english() {
        check(&["06/01/01  12:05a", "06/01/80  12:05p"], expect!["2001-06-01 00:05, 1980-06-01 12:05"]);
        check(
            &["06/01/2001  12:05 AM", "31/12/2001  01:05 PM"],
            expect!["2001-01-06 00:05, 2001-12-31 13:05"],
        );
        check(&["06/01/79  13:05p"], expect!["-"]);
    }
}
