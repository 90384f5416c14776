//! Working days in England: Monday to Friday less bank holidays.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// One-off changes: (year, month, day) added or taken away by proclamation.
const PROCLAIMED: [(i32, u32, u32); 5] = [
    (2011, 4, 29), // Royal wedding
    (2012, 6, 5),  // Diamond Jubilee
    (2022, 6, 3),  // Platinum Jubilee
    (2022, 9, 19), // State funeral
    (2023, 5, 8),  // Coronation
];

/// The bank holidays of one year in England and Wales, substitute days included.
///
/// Source: the Banking and Financial Dealings Act 1971, schedule 1, and the proclamations for 2011, 2012, 2020, 2022
/// and 2023. Years from 1978, when early May was added.
pub fn bank_holidays_england(year: i32) -> BTreeSet<NaiveDate> {
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a fixed holiday is a date of every year");
    let mut holidays = BTreeSet::new();
    holidays.insert(on_or_next_weekday(day(1, 1)));
    let easter = easter_sunday(year);
    holidays.insert(easter - Days::new(2));
    holidays.insert(easter + Days::new(1));
    // In 2020 the early May holiday moved to the 75th anniversary of VE Day.
    holidays.insert(if year == 2020 { day(5, 8) } else { first_monday(day(5, 1)) });
    // In 2012 and 2022 the late May holiday moved into June for the Jubilees.
    holidays.insert(match year {
        2012 => day(6, 4),
        2022 => day(6, 2),
        _ => last_monday(day(5, 31)),
    });
    holidays.insert(last_monday(day(8, 31)));
    let christmas = match day(12, 25).weekday() {
        Weekday::Sat => [day(12, 27), day(12, 28)],
        Weekday::Sun => [day(12, 26), day(12, 27)],
        Weekday::Fri => [day(12, 25), day(12, 28)],
        _ => [day(12, 25), day(12, 26)],
    };
    holidays.extend(christmas);
    holidays.extend(PROCLAIMED.iter().filter(|(of, _, _)| *of == year).map(|&(_, month, on)| day(month, on)));
    holidays
}

/// Monday to Friday and no bank holiday in England.
pub fn is_working_day(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !bank_holidays_england(date.year()).contains(&date)
}

/// Working days after `from`, up to and including `to`; 0 on the same day, negative never (0 where `to` is earlier).
pub fn working_days_between(from: NaiveDate, to: NaiveDate) -> u32 {
    let mut holidays = BTreeSet::new();
    for year in from.year()..=to.year() {
        holidays.extend(bank_holidays_england(year));
    }
    from.iter_days()
        .skip(1)
        .take_while(|day| *day <= to)
        .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !holidays.contains(day))
        .count() as u32
}

fn on_or_next_weekday(date: NaiveDate) -> NaiveDate {
    match date.weekday() {
        Weekday::Sat => date + Days::new(2),
        Weekday::Sun => date + Days::new(1),
        _ => date,
    }
}

fn first_monday(first_of_month: NaiveDate) -> NaiveDate {
    let past_monday = u64::from(first_of_month.weekday().num_days_from_monday());
    first_of_month + Days::new((7 - past_monday) % 7)
}

fn last_monday(last_of_month: NaiveDate) -> NaiveDate {
    last_of_month - Days::new(u64::from(last_of_month.weekday().num_days_from_monday()))
}

/// The anonymous Gregorian computus (Meeus, Jones, Butcher), in its own letters.
#[expect(clippy::many_single_char_names, reason = "the published algorithm names its steps a to n")]
fn easter_sunday(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(year, (n / 31) as u32, (n % 31 + 1) as u32)
        .expect("the computus gives a day of March or April")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_published_holidays_of_awkward_years() {
        let listed = |year| bank_holidays_england(year).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        // As published by the government for England and Wales.
        assert_eq!(
            listed(2022),
            "2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27"
        );
        assert_eq!(
            listed(2020),
            "2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28"
        );
        assert_eq!(
            listed(2026),
            "2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28"
        );
    }

    #[test]
    fn six_may_2024_was_a_holiday() {
        assert_eq!(working_days_between(on("2024-05-01"), on("2024-05-22")), 14);
        assert_eq!(working_days_between(on("2024-05-01"), on("2024-05-24")), 16);
        assert_eq!(working_days_between(on("2024-05-04"), on("2024-05-07")), 1);
        assert_eq!(working_days_between(on("2024-05-07"), on("2024-05-01")), 0);
    }
}
