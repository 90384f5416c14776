"""Civil days: months, quarters, leaving, working days of England. No rows, no rules of measures."""

import calendar
from datetime import date, timedelta

DAY = timedelta(days=1)

# Bank holidays of England and Wales as the government published them, typed in year by year.
BANK_HOLIDAYS = {date.fromisoformat(text) for text in """
2014-01-01 2014-04-18 2014-04-21 2014-05-05 2014-05-26 2014-08-25 2014-12-25 2014-12-26
2015-01-01 2015-04-03 2015-04-06 2015-05-04 2015-05-25 2015-08-31 2015-12-25 2015-12-28
2016-01-01 2016-03-25 2016-03-28 2016-05-02 2016-05-30 2016-08-29 2016-12-26 2016-12-27
2017-01-02 2017-04-14 2017-04-17 2017-05-01 2017-05-29 2017-08-28 2017-12-25 2017-12-26
2018-01-01 2018-03-30 2018-04-02 2018-05-07 2018-05-28 2018-08-27 2018-12-25 2018-12-26
2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26
2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27
2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
""".split()}


def working_days_after(start, end):
    """Working days after `start`, up to and including `end`."""
    return sum(1 for day in days(start + DAY, end + DAY) if day.weekday() < 5 and day not in BANK_HOLIDAYS)


def days(start, end):
    """Every day from `start` to the one before `end`."""
    while start < end:
        yield start
        start += DAY


def month(day):
    return f"{day.year:04}-{day.month:02}"


def quarter(day):
    return f"{day.year:04}-Q{(day.month + 2) // 3}"


def month_end(text):
    year, number = map(int, text.split("-"))
    return date(year, number, calendar.monthrange(year, number)[1])


def months_between(first, last):
    """Months as text from that of `first` to that of `last`, both in."""
    found, (year, number) = [], (first.year, first.month)
    while (year, number) <= (last.year, last.month):
        found.append(f"{year:04}-{number:02}")
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)
    return found


def leaving(child, project):
    """The day a child left: left the area or died, or the first day of the month of the 18th birthday; None if not known."""
    born, gone = project.birth.get(child), project.left.get(child)
    grown = born and born.replace(year=born.year + 18, day=1)
    return min((day for day in (gone, grown) if day), default=None)
