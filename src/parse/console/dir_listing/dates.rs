//! Dates whose order of day, month and year only the whole source proves.

use chrono::{NaiveDate, NaiveDateTime};

/// The orders in which Windows prints a short date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    MonthDayYear,
    DayMonthYear,
    YearMonthDay,
}

const ORDERS: [Order; 3] = [Order::MonthDayYear, Order::DayMonthYear, Order::YearMonthDay];

/// A date and time as printed, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    pub fields: [u16; 3],
    /// Where a four-digit year stands, `0` or `2`; `None` when all fields have two digits.
    pub year_at: Option<u8>,
    pub hour: u8,
    pub minute: u8,
    /// `Some(true)` after `p` or ` PM`, `None` on a 24-hour clock.
    pub afternoon: Option<bool>,
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
        let (year, month, day) = self.split(order)?;
        let year = match (self.year_at, year) {
            (Some(_), year) => year,
            // Windows NT reads two digits as 1980 to 2079.
            (None, 80..) => 1900 + year,
            (None, _) => 2000 + year,
        };
        let hour = match self.afternoon {
            None => self.hour,
            Some(afternoon) if (1..=12).contains(&self.hour) => self.hour % 12 + u8::from(afternoon) * 12,
            Some(_) => return None,
        };
        let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))?;
        date.and_hms_opt(u32::from(hour), u32::from(self.minute), 0)
    }
}

/// What the dates of a source tell about their order.
#[derive(Clone, Copy, Debug)]
pub struct Evidence {
    /// The orders of `ORDERS` that no date has ruled out.
    open: [bool; 3],
    /// Whether some time is on a 12-hour clock, which tells an English system.
    english: bool,
}

impl Evidence {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self { open: [true; 3], english: false }
    }

    /// Takes one date into account. A date that fits no order at all says nothing.
    pub fn see(&mut self, printed: Printed) {
        self.english |= printed.afternoon.is_some();
        let fits = ORDERS.map(|order| printed.split(order).is_some());
        if fits.contains(&true) {
            for (open, fits) in self.open.iter_mut().zip(fits) {
                *open &= fits;
            }
        }
    }

    /// The order, where it is certain: proved by a date, or month first on an English system.
    pub fn order(self) -> Option<Order> {
        match self.open {
            [true, false, false] => Some(Order::MonthDayYear),
            [false, true, false] => Some(Order::DayMonthYear),
            [false, false, true] => Some(Order::YearMonthDay),
            [true, ..] if self.english => Some(Order::MonthDayYear),
            _ => None,
        }
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
