//! Last write times as a registry editor prints them: the date as the locale has it, then the time to the minute.

use chrono::{NaiveDate, NaiveDateTime};

/// A date whose order of parts is not known yet, with its time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The numbers as they stand, with the count of their digits.
    parts: [(u16, u8); 3],
    hour: u32,
    minute: u32,
}

/// Which part of a date stands where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    MonthDayYear,
    DayMonthYear,
    YearMonthDay,
}

const ORDERS: [Order; 3] = [Order::MonthDayYear, Order::DayMonthYear, Order::YearMonthDay];

impl Printed {
    /// Reads `6/16/00 - 10:13 AM`, whatever stands between the numbers of the date.
    pub fn read(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(" - ")?;
        let mut parts = [(0, 0); 3];
        let mut numbers = numbers(date);
        for part in &mut parts {
            *part = numbers.next()??;
        }
        let (hour, minute) = clock(time)?;
        numbers.next().is_none().then_some(Self { parts, hour, minute })
    }

    /// The moment, if the parts are a date in this order.
    pub fn at(&self, order: Order) -> Option<NaiveDateTime> {
        let [first, second, third] = self.parts;
        let (year, month, day) = match order {
            Order::MonthDayYear => (third, first, second),
            Order::DayMonthYear => (third, second, first),
            Order::YearMonthDay => (first, second, third),
        };
        let year = match year {
            (year, 4) => year,
            // Windows NT is from 1993.
            (year, 1 | 2) => year + if 80 <= year { 1900 } else { 2000 },
            _ => return None,
        };
        let short = |(number, digits): (u16, u8)| (digits <= 2).then_some(u32::from(number));
        let date = NaiveDate::from_ymd_opt(i32::from(year), short(month)?, short(day)?)?;
        date.and_hms_opt(self.hour, self.minute, 0)
    }
}

/// The only order in which all dates of a capture are dates: a day above 12, or a year of four digits, decides.
pub fn order<'a>(dates: impl Iterator<Item = &'a Printed> + Clone) -> Option<Order> {
    let mut fitting = ORDERS.into_iter().filter(|order| dates.clone().all(|date| date.at(*order).is_some()));
    fitting.next().filter(|_| fitting.next().is_none())
}

/// The runs of digits of a text; `None` for one of more than four.
fn numbers(text: &str) -> impl Iterator<Item = Option<(u16, u8)>> + '_ {
    let runs = text.split(|letter: char| !letter.is_ascii_digit()).filter(|run| !run.is_empty());
    runs.map(|run| Some((run.parse().ok()?, u8::try_from(run.len()).ok().filter(|digits| *digits <= 4)?)))
}

/// Hours and minutes, of twelve hours with a mark for each half of the day, or of 24.
fn clock(text: &str) -> Option<(u32, u32)> {
    let mut numbers = numbers(text);
    let (hour, minute) = (u32::from(numbers.next()??.0), u32::from(numbers.next()??.0));
    let mark: String =
        text.chars().filter(|letter| letter.is_alphabetic()).collect::<String>().to_lowercase();
    let hour = match mark.as_str() {
        "" | "uhr" => hour,
        "am" | "午前" | "上午" | "오전" => clock12(hour)?,
        "pm" | "午後" | "下午" | "오후" => clock12(hour)? + 12,
        _ => return None,
    };
    (hour < 24 && minute < 60).then_some((hour, minute))
}

/// The hour of a half day; twelve is its first.
fn clock12(hour: u32) -> Option<u32> {
    (hour <= 12).then_some(hour % 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], expected: &str) {
        let dates: Vec<Printed> = texts.iter().map(|text| Printed::read(text).unwrap()).collect();
        let order = order(dates.iter());
        let first = order.and_then(|order| dates[0].at(order)).map(|moment| moment.to_string());
        assert_eq!(first.unwrap_or_default(), expected, "{texts:?}");
    }

    #[test]
    fn only_proof_decides_the_order() {
        check(&["6/16/00 - 10:13 AM"], "2000-06-16 10:13:00");
        check(&["19/09/2024 - 8:24 PM"], "2024-09-19 20:24:00");
        check(&["05/02/2024 - 17:04"], "");
        check(&["05/02/2024 - 17:04", "13/02/2024 - 0:00"], "2024-02-05 17:04:00");
        check(&["1999-06-16 - 10:13"], "1999-06-16 10:13:00");
        check(&["97/6/5 - 12:00 AM"], "1997-06-05 00:00:00");
        check(&["16.06.98 - 10.13"], "1998-06-16 10:13:00");
        check(&["13/01/99 - 1:00", "01/13/99 - 1:00"], "");
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "6/16/00", "6/16 - 10:13", "6/16/00 - 24:13", "6/16/00 - 10:13 XM", "1/2/3/4 - 1:00"]
        {
            assert_eq!(Printed::read(text), None, "{text}");
        }
    }
}
