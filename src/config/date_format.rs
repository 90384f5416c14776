//! How a sender writes dates: a declared order of day, month and year, read without guessing.

use chrono::NaiveDate;

/// Minutes ahead of UTC, as written after a time.
pub type OffsetMinutes = i32;

/// A date as read, with its time of day where one was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The civil date.
    pub on: NaiveDate,
    /// Milliseconds since midnight; none for a bare date.
    pub time_ms: Option<i64>,
    /// The offset from UTC, where written.
    pub offset: Option<OffsetMinutes>,
}

/// A declared order of date parts, such as `DD/MM/YYYY` or `%d/%m/%Y %H:%M`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    written: String,
    parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    MonthName,
    Year,
    ShortYear,
    Hour,
    Minute,
    Second,
    Literal(u8),
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

impl DateFormat {
    /// Reads a format written as `%d/%m/%Y` or as `DD/MM/YYYY`; none where it names no day, month and year.
    pub fn new(written: &str) -> Option<Self> {
        let mut rest = if written.contains('%') { written.to_owned() } else { friendly(written) };
        let mut parts = Vec::new();
        while !rest.is_empty() {
            let (part, used) = match rest.as_bytes() {
                [b'%', letter, ..] => (directive(*letter)?, 2),
                [byte, ..] if byte.is_ascii() => (Part::Literal(*byte), 1),
                _ => return None,
            };
            parts.push(part);
            rest.drain(..used);
        }
        let has = |wanted: &[Part]| wanted.iter().any(|part| parts.contains(part));
        let whole = has(&[Part::Day]) && has(&[Part::Month, Part::MonthName]) && has(&[Part::Year, Part::ShortYear]);
        whole.then(|| Self { written: written.to_owned(), parts })
    }

    /// As declared.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Reads a value in this format; a time of day may follow a format that has none.
    pub fn read(&self, text: &str) -> Option<Civil> {
        let (mut day, mut month, mut year) = (0, 0, 0);
        let (mut hour, mut minute, mut second) = (None, 0, 0);
        let mut rest = text.as_bytes();
        for part in &self.parts {
            match part {
                Part::Literal(literal) => rest = rest.strip_prefix(&[*literal])?,
                Part::MonthName => {
                    let name = rest.get(..3)?.to_ascii_lowercase();
                    month = 1 + MONTHS.iter().position(|known| known.as_bytes() == name)? as u32;
                    rest = rest.get(3..)?;
                }
                Part::Day => (day, rest) = digits(rest, 1, 2)?,
                Part::Month => (month, rest) = digits(rest, 1, 2)?,
                Part::Year => (year, rest) = digits(rest, 4, 4)?,
                Part::ShortYear => {
                    (year, rest) = digits(rest, 2, 2)?;
                    year += 2000;
                }
                Part::Hour => {
                    let (value, after) = digits(rest, 1, 2)?;
                    (hour, rest) = (Some(value), after);
                }
                Part::Minute => (minute, rest) = digits(rest, 2, 2)?,
                Part::Second => (second, rest) = digits(rest, 2, 2)?,
            }
        }
        let on = NaiveDate::from_ymd_opt(year as i32, month, day)?;
        if rest.is_empty() {
            let time_ms = match hour {
                Some(hour) => Some(time_ms(hour, minute, second)?),
                None => None,
            };
            return Some(Civil { on, time_ms, offset: None });
        }
        if hour.is_some() {
            return None;
        }
        let (time_ms, offset) = time_after_date(rest)?;
        Some(Civil { on, time_ms: Some(time_ms), offset })
    }
}

/// Reads `YYYY-MM-DD`, alone or with a time and an offset: the one way of writing dates that cannot be misread.
///
/// ```
/// use sightline::config::read_iso;
///
/// assert_eq!(read_iso("2024-05-01").unwrap().time_ms, None);
/// assert_eq!(read_iso("2024-05-01T09:30:00+01:00").unwrap().offset, Some(60));
/// assert_eq!(read_iso("01/05/2024"), None);
/// ```
pub fn read_iso(text: &str) -> Option<Civil> {
    let (year, rest) = digits(text.as_bytes(), 4, 4)?;
    let (month, rest) = digits(rest.strip_prefix(b"-")?, 2, 2)?;
    let (day, rest) = digits(rest.strip_prefix(b"-")?, 2, 2)?;
    let on = NaiveDate::from_ymd_opt(year as i32, month, day)?;
    if rest.is_empty() {
        return Some(Civil { on, time_ms: None, offset: None });
    }
    let (time_ms, offset) = time_after_date(rest)?;
    Some(Civil { on, time_ms: Some(time_ms), offset })
}

/// ` HH:MM`, `THH:MM:SS`, with fractions of a second and an offset or `Z` where written.
fn time_after_date(text: &[u8]) -> Option<(i64, Option<OffsetMinutes>)> {
    let text = text.strip_prefix(b"T").or_else(|| text.strip_prefix(b" "))?;
    let (hour, rest) = digits(text, 1, 2)?;
    let (minute, mut rest) = digits(rest.strip_prefix(b":")?, 2, 2)?;
    let mut second = 0;
    if let Some(after) = rest.strip_prefix(b":") {
        (second, rest) = digits(after, 2, 2)?;
        if let Some(fraction) = rest.strip_prefix(b".") {
            let len = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            rest = fraction.get(len..)?;
        }
    }
    let offset = match rest {
        [] => None,
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), after @ ..] => {
            let (hours, after) = digits(after, 2, 2)?;
            let after = after.strip_prefix(b":").unwrap_or(after);
            let (minutes, after) = if after.is_empty() { (0, after) } else { digits(after, 2, 2)? };
            let total =
                i32::try_from(hours * 60 + minutes).ok().filter(|total| *total < 24 * 60 && after.is_empty())?;
            Some(if *sign == b'-' { -total } else { total })
        }
        _ => return None,
    };
    Some((time_ms(hour, minute, second)?, offset))
}

fn time_ms(hour: u32, minute: u32, second: u32) -> Option<i64> {
    (hour < 24 && minute < 60 && second < 60).then(|| i64::from((hour * 60 + minute) * 60 + second) * 1000)
}

/// A number of `least` to `most` digits, and what follows it.
fn digits(text: &[u8], least: usize, most: usize) -> Option<(u32, &[u8])> {
    let len = text.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at_checked(len).filter(|_| len >= least)?;
    Some((number.iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0')), rest))
}

fn directive(letter: u8) -> Option<Part> {
    Some(match letter {
        b'd' | b'e' => Part::Day,
        b'm' => Part::Month,
        b'b' => Part::MonthName,
        b'Y' => Part::Year,
        b'y' => Part::ShortYear,
        b'H' => Part::Hour,
        b'M' => Part::Minute,
        b'S' => Part::Second,
        _ => return None,
    })
}

/// `DD/MM/YYYY HH:MM` as `%d/%m/%Y %H:%M`. Minutes are told from months by standing after the hours.
fn friendly(written: &str) -> String {
    let upper = written.to_ascii_uppercase();
    let (date, time) = upper.split_once("HH").map_or((upper.as_str(), None), |(date, time)| (date, Some(time)));
    let mut pattern =
        date.replace("YYYY", "%Y").replace("YY", "%y").replace("MMM", "%b").replace("MM", "%m").replace("DD", "%d");
    if let Some(time) = time {
        pattern.push_str("%H");
        pattern.push_str(&time.replace("MM", "%M").replace("SS", "%S"));
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn the_same_text_is_another_day_under_another_order() {
        let british = DateFormat::new("DD/MM/YYYY").unwrap();
        let american = DateFormat::new("%m/%d/%Y").unwrap();
        assert_eq!(british.read("03/04/2024").unwrap().on, on(2024, 4, 3));
        assert_eq!(american.read("03/04/2024").unwrap().on, on(2024, 3, 4));
        assert_eq!(american.read("23/04/2024"), None);
    }

    #[test]
    fn a_time_may_follow_and_months_may_be_names() {
        let format = DateFormat::new("DD-MMM-YYYY HH:MM").unwrap();
        let read = format.read("01-Feb-2024 23:05").unwrap();
        assert_eq!((read.on, read.time_ms), (on(2024, 2, 1), Some((23 * 60 + 5) * 60_000)));
        assert_eq!(DateFormat::new("DD/MM/YYYY").unwrap().read("1/2/2024 23:05"), Some(read));
        assert_eq!(DateFormat::new("DD/MM"), None);
    }

    #[test]
    fn nonsense_is_not_a_date() {
        for text in ["2024-02-30", "2024-05-01T25:00", "2024-05-01x", "", "20240501"] {
            assert_eq!(read_iso(text), None, "{text}");
        }
    }
}
