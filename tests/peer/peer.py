"""A second hand: Sightline's first figures worked out again from the extracts, slowly, from MEASURES 3b alone.

    python3 tests/peer/peer.py PROJECT [--alternative NAME]... [--detail] > peer.csv

Shares no code and no idea with the product, and was written without sight of its marts, measures or queries, so that
where the two agree it is because the text says so. `--detail` prints spells, clocks and journeys instead of figures
(made-up children only: it names them). `--alternative` reads one ambiguity the other way, to see what it is worth.

Readings of the text, where it can be read in more than one way (alternatives by name in brackets):

 1. A date-only episode covers 00:00 to the midnight that ends it, so two date-only episodes of one agency on
    neighbouring days touch and are one spell. The text's "so that episodes sharing a date merge" could mean that only
    a shared date merges. [midnight_apart]
 2. The date of a date-only end is that date (the return is on it), though it covers up to the next midnight. In SSD a
    time of exactly 00:00:00 is a date without a time; in native extracts it is midnight.
 3. Gaps are between pairs of episodes: a chain of agencies can connect two episodes of one agency, whose own gap joins
    nothing. The gap of six hours is in hours, equal to six joins.
 4. "No source has an episode that starts, or ends, after it started": episodes of kind M alone, instants compared
    strictly, the child's own other episodes of the same agency too. Episodes dropped for starting on or after leaving
    are no evidence. An end after the as-at date is no end, and then follows the rule for episodes without one.
 5. An episode of unknown end joins a spell only through an episode of *another* agency in it. Inside, or with the same
    start as, an episode of its own agency it stays a spell of its own (a year-end return that carries an open episode
    over twice thus counts two starts). [same_agency_overlap]
 6. "Within 24 hours of its start" is either side. Which spell it joins is judged by episodes with a known extent, not by
    others of unknown end that joined; "the earliest" is by the spell's start before any joined.
 7. Unknown-end episodes of different agencies left over within 24 hours of each other are one spell of unknown end.
 8. A joined episode may move a spell's start before the end of an earlier spell; they stay two spells.
 9. A spell that ends on the leaving day ends as `left`, not `returned` (open when that day began). [return_on_leaving]
    A spell of unknown end stays unknown when the child leaves later.
10. The next spell is the first in order of start whose start *date* is not before the return date.
11. `missing_again`: follow-up ended within 28 days means leaving - return <= 28. A month not yet mature keeps all its
    returns in the denominator (as-at is not a loss of follow-up); there is no source for custody.
12. Leaving with several `children` rows: the earliest left_area_on (or death), the earliest birth month.
13. Signals closed as duplicate or error are dropped by their reason alone, closing date or not; dropped before the test
    whether the extract holds a return for that child and day. Any closing date is a closing, whatever the reason.
14. `signal_kinds` also decides which signals open and extend risk periods; missing starts and returns always do.
15. "No assessment was completed on any of the days s-91 ... s-1" means none that covers the signal's theme (section 3:
    "unless a valid assessment already covers it"; and only covering completions are looked back at on the 92nd day).
    Read literally it is any assessment. [window_any_theme; look_again_any_theme for the 92nd day of any]
16. A parked signal looked at again is judged with all covering completions of the 91 days before that day, later ones
    included, and keeps its first day for the question whether an assessment answers it.
17. A parked signal closed, or answered, on the very day it would be looked at again is gone; no clock of 0 days.
18. The clock it starts began on that day: an assessment begun between the raising and that day does not stop the clock.
19. A signal raised and parked on one day is gone that day if an assessment begun on or after it (or with no start
    recorded) completes that day and covers it, or it is closed that day.
20. On the day of a stop by assessment the signals raised that day are in the clock before the question whether an
    assessment covers any of its themes. Closed signals still count among a clock's themes.
21. On the day of a closing, signals raised that day are judged as with no clock running: they may start one or be parked.
    The closing itself is judged without them.
22. An assessment whose recorded start is on or after leaving does not count; one completed on the leaving day does.
23. With strategy_discussion_stops_clock, strategy discussions are assessments in every respect (covering too).
24. Risk period: a day on which a spell runs extends it (a spell longer than 365 days does not let it lapse). An
    assessment on the closing day itself (last + 365) comes too late; a signal on it opens a new period. Above low:
    medium, moderate, high, very high, significant, severe, critical; any other word extends nothing.
25. `missing_nights` counts a child once a night. Denominators of it and `unassessed_days` are all child-days at risk.
26. `time_to_assessment` at t is not defined where nobody is followed to t and not all have ended. [carry_forward]
    Censoring time of an open clock is as-at minus start. Times of 0 count.
27. Needs of one child and service on one day are one journey, whatever its state.
28. A `services` row is live on a day before, not on, its ending day; declined or not offered ends it on offered_on (else
    referred_on) even where ended_on is given. Rows referred on or after leaving are no rows. [live_on_last_day]
29. Ties in the earliest referred_on go to the earliest first attended. A later journey may share an earlier one's row.
30. "Attended in the 90 days before": first_attended_on before the need, and first or last attended on or after the need
    - 90 (so a last attendance after the need counts), in the journey's own row alone. [attended_any_row]
31. `help_started`: leaving within the 90 days stays in the denominator. A journey ends, and is no longer waiting, on the
    day its row stops being live.
32. `unmet_need_now` counts child and service once.
33. `rhi_held_72h`: an interview belongs to the return of the merged spell that holds its episode (identifier within the
    agency; another agency's interview may name the episode where its own has none of that number). held - return <= 3,
    so an interview before the merged return counts. Returns in the month, all of them, are the denominator; not known
    are returns with an interview accepted or with no outcome, and none dated.
34. `assessed_45_working_days`: all child and family assessments, the child seen or not; begun before leaving.
    [assessed_45_seen_only]
35. An unlinked identifier is a child of its own in every figure. [unlinked_excluded]
36. Unreadable optional dates are empty. Duplicate identifiers that are not exact duplicates are kept.
37. The sender whose identifiers a row uses, and whose episode it is, is the source's `agency`; a row's own `agency` column
    changes neither.
38. Only months that have ended by the as-at date are counted, from the month of the first event.
"""

import argparse
import csv
import sys

import peer_rules
from peer_figures import figures, stories
from peer_reading import load

COLUMNS = ["measure", "period", "dimension", "level", "numerator", "denominator", "value"]


def rows(folder):
    """The export's rows for the whole partnership, in order."""
    found = [
        [measure, period, "total", level, text(numerator), text(denominator), text(value)]
        for measure, period, level, numerator, denominator, value in figures(load(folder))
    ]
    return sorted(found, key=lambda row: (row[0], row[3], row[1]))


def text(number):
    if number is None:
        return ""
    return f"{number:.9f}" if isinstance(number, float) else str(int(number))


def detail(folder, out):
    """Every child's spells, clocks, risk days and journeys, for finding the cause of a difference."""
    for story in stories(load(folder)):
        print(f"child {story.child} leaves {story.leaves_on}", file=out)
        for spell in story.spells:
            print(f"  spell {spell.starts_at} to {spell.end_on} {spell.why} of {len(spell.episodes)}", file=out)
        for clock in story.clocks:
            signals = " ".join(f"{signal.kind}/{signal.theme or '-'}@{signal.raised_on}" for signal in clock.signals)
            print(f"  clock {clock.start} to {clock.stop} {clock.why}: {signals}", file=out)
        if story.risk:
            print(f"  risk {len(story.risk)} days, {min(story.risk)} to {max(story.risk)}", file=out)
        for journey in story.journeys:
            print(f"  need {journey.service} {journey.identified_on} started {journey.started_on} "
                  f"ended {journey.ended_on}", file=out)


def main():
    parser = argparse.ArgumentParser(description="Sightline's figures worked out a second time")
    parser.add_argument("project")
    parser.add_argument("--alternative", action="append", default=[])
    parser.add_argument("--detail", action="store_true")
    asked = parser.parse_args()
    peer_rules.ALTERNATIVE.update(asked.alternative)
    if unknown := peer_rules.ALTERNATIVE - peer_rules.ALTERNATIVES:
        parser.error(f"no such alternative: {', '.join(sorted(unknown))}")
    if asked.detail:
        return detail(asked.project, sys.stdout)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(COLUMNS)
    out.writerows(rows(asked.project))
    return None


if __name__ == "__main__":
    main()
