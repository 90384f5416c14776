"""Stories worked by hand against the peer, so that it is right before it is believed.

    python3 -m unittest discover -s tests/peer
"""

import csv
import os
import random
import sys
import tempfile
import unittest
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import compare  # noqa: E402
import peer  # noqa: E402
import worlds  # noqa: E402
from peer_days import working_days_after  # noqa: E402
from peer_figures import share_unassessed, stories  # noqa: E402
from peer_reading import load, moment  # noqa: E402
from peer_rules import Assessment, Clocks, Signal  # noqa: E402
from peer_reading import DEFAULTS  # noqa: E402

AS_AT = date(2026, 6, 30)


def on(day):
    """Day 0 is 1 January 2025."""
    return date(2025, 1, 1) + timedelta(days=day)


def clocks(signals, assessments=(), leaves=None, as_at=on(500)):
    """[(start, stop, why, number of signals)], days counted from day 0."""
    made = Clocks(
        sorted(signals, key=lambda signal: signal.raised_on), list(assessments), leaves and on(leaves), as_at, DEFAULTS,
    ).walk()
    return [
        ((c.start - on(0)).days, c.stop and (c.stop - on(0)).days, c.why, len(c.signals)) for c in made
    ]


def weak(day, theme="", closed=None):
    return Signal(on(day), "contact", theme, None if closed is None else on(closed))


def strong(day, theme="", closed=None):
    return Signal(on(day), "police_notification", theme, None if closed is None else on(closed))


def done(day, begun=None, theme=""):
    return Assessment(on(day), None if begun is None else on(begun), theme, "")


class ClocksOfUnassessedRisk(unittest.TestCase):
    def test_a_signal_with_no_assessment_ever_stays_open(self):
        self.assertEqual(clocks([weak(3), weak(9)]), [(3, None, "open", 2)])

    def test_assessed_the_same_day_is_a_clock_of_0_days(self):
        self.assertEqual(clocks([strong(3)], [done(3, 3)]), [(3, 3, "assessed", 1)])

    def test_an_assessment_begun_before_the_clock_does_not_stop_it(self):
        self.assertEqual(clocks([strong(3)], [done(5, 2)]), [(3, None, "open", 1)])
        self.assertEqual(clocks([strong(3)], [done(5)]), [(3, 5, "assessed", 1)])

    def test_a_weak_signal_within_91_days_is_parked_and_looked_at_on_the_92nd(self):
        self.assertEqual(clocks([weak(91)], [done(0)], as_at=on(91)), [])
        self.assertEqual(clocks([weak(91)], [done(0)]), [(92, None, "open", 1)])
        self.assertEqual(clocks([weak(92)], [done(0)]), [(92, None, "open", 1)])

    def test_a_parked_signal_waits_for_each_covering_completion(self):
        # Begun before the signal, so it does not answer it; but it covers it until day 60 + 92.
        self.assertEqual(clocks([weak(50)], [done(0), done(60, 49)]), [(152, None, "open", 1)])
        # Begun on the signal's day: it answers.
        self.assertEqual(clocks([weak(50)], [done(0), done(60, 50)]), [])

    def test_a_parked_signal_closed_is_gone_and_one_joins_a_strong_signals_clock(self):
        self.assertEqual(clocks([weak(50, closed=70)], [done(0)]), [])
        self.assertEqual(clocks([weak(50), strong(60)], [done(0)]), [(60, None, "open", 2)])

    def test_a_theme_never_assessed_makes_a_signal_strong(self):
        self.assertEqual(clocks([weak(10, "cse")], [done(0, theme="cce")]), [(10, None, "open", 1)])
        self.assertEqual(clocks([weak(10, "missing")], [done(0, theme="cce")], as_at=on(91)), [])

    def test_the_order_on_one_day(self):
        self.assertEqual(clocks([strong(0, closed=9)], [done(9, 1)], leaves=9), [(0, 9, "assessed", 1)])
        self.assertEqual(clocks([strong(0, closed=9)], leaves=9), [(0, 9, "left", 1)])
        self.assertEqual(clocks([strong(0, closed=9), weak(4, closed=8)]), [(0, 9, "closed_unassessed", 2)])

    def test_a_signal_on_the_day_of_a_stop(self):
        self.assertEqual(clocks([strong(0), strong(9)], [done(9, 1)]), [(0, 9, "assessed", 2)])
        self.assertEqual(
            clocks([strong(0, closed=9), strong(9)]), [(0, 9, "closed_unassessed", 1), (9, None, "open", 1)])

    def test_any_signals_theme_will_do(self):
        self.assertEqual(
            clocks([strong(0, "cce"), weak(5, "cse")], [done(4, 1, "cse"), done(7, 1, "cse")]), [(0, 7, "assessed", 2)])


class SharesStillUnassessed(unittest.TestCase):
    def test_competing_ends_and_open_clocks(self):
        # Five clocks: assessed at 2, left at 3, open at 5, assessed at 8, closed at 20.
        cohort = [(2, "assessed"), (3, "other"), (5, None), (8, "assessed"), (20, "other")]
        self.assertAlmostEqual(share_unassessed(cohort, 3), 1 - 1 / 5)
        # At day 8 two are watched, and 3/5 of the cohort have not ended.
        self.assertAlmostEqual(share_unassessed(cohort, 10), 1 - 1 / 5 - 3 / 5 * 1 / 2)

    def test_beyond_follow_up_is_not_known(self):
        self.assertIsNone(share_unassessed([(2, "assessed"), (5, None)], 10))
        self.assertIsNone(share_unassessed([], 3))


class WholeProjects(unittest.TestCase):
    def project(self, **tables):
        """A folder of native extracts: `agency__table = [rows]`."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        toml = ["as_at = 2026-06-30"]
        for name, rows in tables.items():
            agency, table = name.split("__")
            columns = worlds.COLUMNS[table].split()
            with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8", newline="") as file:
                out = csv.DictWriter(file, columns)
                out.writeheader()
                out.writerows({column: "" for column in columns} | dict(zip(columns, row)) for row in rows)
            toml += ["[[source]]", f'name = "{name}"', f'agency = "{agency}"', 'format = "native"',
                     f'table = "{table}"', f'path = "{name}.csv"']
        with open(os.path.join(folder, "partnership.toml"), "w", encoding="utf-8") as file:
            file.write("\n".join(toml))
        return folder

    def story(self, **tables):
        return next(stories(load(self.project(**tables))))

    def spells(self, police, council=()):
        tables = {
            f"{agency}__missing_episodes": [(f"{agency}{i}", "N1", "M", *row) for i, row in enumerate(rows)]
            for agency, rows in (("police", police), ("council", council))
        }
        return [
            (f"{spell.starts_at:%m-%d %H:%M}", spell.end_on and f"{spell.end_on:%m-%d}", spell.why)
            for spell in self.story(**tables).spells
        ]

    def test_six_hours_apart_join_across_agencies_only(self):
        late, early = ("2026-03-01T10:00", "2026-03-01T20:00"), ("2026-03-02T02:00", "2026-03-03T01:00")
        self.assertEqual(self.spells([late], [early]), [("03-01 10:00", "03-03", "returned")])
        self.assertEqual(len(self.spells([late, early])), 2)
        self.assertEqual(len(self.spells([late], [("2026-03-02T02:01", "2026-03-03T01:00")])), 2)

    def test_date_only_episodes_cover_their_days(self):
        self.assertEqual(
            self.spells([("2026-03-01", "2026-03-02"), ("2026-03-02", "2026-03-04")]),
            [("03-01 00:00", "03-04", "returned")])

    def test_an_open_episode_is_open_only_if_nothing_came_after(self):
        self.assertEqual(self.spells([("2026-03-01T10:00", "")]), [("03-01 10:00", None, "open")])
        self.assertEqual(
            self.spells([("2026-03-01T10:00", ""), ("2026-05-01T10:00", "2026-05-02T10:00")]),
            [("03-01 10:00", None, "unknown"), ("05-01 10:00", "05-02", "returned")])

    def test_an_unknown_end_joins_another_agencys_spell_within_24_hours(self):
        self.assertEqual(
            self.spells([("2026-03-01T10:00", "")], [("2026-03-02T10:00", "2026-03-03T10:00")]),
            [("03-01 10:00", "03-03", "returned")])
        self.assertEqual(len(self.spells([("2026-03-01T09:59", "")], [("2026-03-02T10:00", "2026-03-03T10:00")])), 2)

    def test_the_18th_birthday_ends_an_open_spell_and_clock(self):
        story = self.story(
            council__children=[("N1", "2008-04")],
            police__missing_episodes=[("E1", "N1", "M", "2026-03-30T22:00", "")],
            police__risk_signals=[("S1", "N1", "police", "nrm", "cce", "2026-03-31"), ("S2", "N1", "", "nrm", "", "2026-04-01")],
        )
        self.assertEqual([(spell.why, spell.end_on) for spell in story.spells], [("left", date(2026, 4, 1))])
        self.assertEqual([(c.start, c.stop, c.why) for c in story.clocks], [(date(2026, 3, 31), date(2026, 4, 1), "left")])
        self.assertEqual(len(story.risk), 2)

    def figure(self, folder, measure, period, level="total"):
        return next(row[4:] for row in peer.rows(folder) if (row[0], row[1], row[3]) == (measure, period, level))

    def test_a_month_of_missing_by_hand(self):
        folder = self.project(
            police__missing_episodes=[
                ("E1", "N1", "M", "2026-03-01T22:00", "2026-03-03T02:00"),  # 2 nights; again on 31 March, 28 days on
                ("E2", "N1", "M", "2026-03-31T12:00", "2026-03-31T18:00"),  # no night; a second return, not counted
                ("E3", "N2", "M", "2026-03-20", ""),  # open: 12 nights of March
                ("E4", "N3", "M", "2026-03-05T10:00", "2026-03-06T10:00"),  # 1 night; not again
            ],
            council__return_interviews=[("E1", "N1", "", "accepted", "2026-03-06"), ("E4", "N3", "", "accepted", "")],
        )
        self.assertEqual(self.figure(folder, "missing_again", "2026-03"), ["1", "2", "0.500000000"])
        self.assertEqual(self.figure(folder, "missing_now", "2026-03")[0], "1")
        # At risk in March: N1 31 days, N2 12, N3 27.
        self.assertEqual(self.figure(folder, "missing_nights", "2026-03")[:2], ["15", "70"])
        self.assertEqual(self.figure(folder, "rhi_held_72h", "2026-03")[:2], ["1", "3"])
        self.assertEqual(self.figure(folder, "rhi_held_72h", "2026-03", "total:not_known")[0], "1")
        self.assertEqual(self.figure(folder, "repeat_missing_children", "2026-03")[:2], ["0", "3"])

    def journeys(self, needs, services):
        story = self.story(
            council__needs=[(f"D{i}", "N1", "mental_health", day) for i, day in enumerate(needs)],
            health__services=[(f"R{i}", "N1", "mental_health", "health", *row) for i, row in enumerate(services)],
        )
        return [(f"{j.identified_on:%m-%d}", j.started_on and f"{j.started_on:%m-%d}") for j in story.journeys]

    def test_a_need_repeated_after_179_days_joins_and_after_180_does_not(self):
        self.assertEqual(self.journeys(["2025-12-01", "2026-05-29"], []), [("12-01", None)])
        self.assertEqual(self.journeys(["2025-12-01", "2026-05-30"], []), [("12-01", None), ("05-30", None)])

    def test_help_has_started_already_where_attended_in_the_90_days_before(self):
        row = ("2025-10-01", "2025-10-02", "accepted", "2025-11-01")
        self.assertEqual(self.journeys(["2026-04-01"], [(*row, "2026-01-01")]), [("04-01", "04-01")])
        self.assertEqual(self.journeys(["2026-04-02"], [(*row, "2026-01-01")]), [("04-02", None)])

    def test_a_declined_row_is_no_longer_live_from_its_offer(self):
        declined, later = ("2026-03-01", "2026-03-10", "declined"), ("2026-04-01", "2026-04-02", "accepted", "2026-04-20")
        self.assertEqual(self.journeys(["2026-03-10"], [declined, later]), [("03-10", "04-20")])
        self.assertEqual(self.journeys(["2026-03-09"], [declined, later]), [("03-09", None)])

    def test_45_working_days_with_easter_and_may(self):
        # From 1 April 2026: Good Friday, Easter Monday and 4 and 25 May are no working days.
        self.assertEqual(working_days_after(date(2026, 4, 1), date(2026, 6, 8)), 44)
        self.assertEqual(working_days_after(date(2026, 4, 1), date(2026, 6, 9)), 45)

    def test_rows_out_of_order_change_nothing_and_a_seed_makes_one_world(self):
        for seed in (1, 2):
            folder = self.enterContext(tempfile.TemporaryDirectory())
            worlds.write(worlds.World(seed), folder)
            before = peer.rows(folder)
            extracts = os.path.join(folder, "extracts")
            for name in os.listdir(extracts):
                with open(os.path.join(extracts, name), encoding="utf-8") as file:
                    head, *rest = file.read().splitlines()
                random.Random(9).shuffle(rest)
                with open(os.path.join(extracts, name), "w", encoding="utf-8") as file:
                    file.write("\n".join([head, *rest]) + "\n")
            self.assertEqual(peer.rows(folder), before)
            worlds.write(worlds.World(seed), folder)
            self.assertEqual(peer.rows(folder), before)

    def test_comparing_finds_a_planted_difference(self):
        folder = self.enterContext(tempfile.TemporaryDirectory())
        worlds.write(worlds.World(4), folder)
        rows = peer.rows(folder)
        export = {
            (row[0], row[3], row[1]): dict(zip(peer.COLUMNS, row)) | {"symbol": "", "provisional": "false"} for row in rows
        }
        self.assertEqual(compare.differences(export, rows, 0.0005)[0], {})
        key = next(key for key in export if key[0] == "unassessed_days" and export[key]["numerator"] != "0")
        export[key]["numerator"] = "-1"
        self.assertEqual(list(compare.differences(export, rows, 0.0005)[0]), ["unassessed_days"])

    def test_dates_as_they_come(self):
        self.assertEqual(moment("03/04/2026", "%d/%m/%Y").on, date(2026, 4, 3))
        self.assertTrue(moment("03/04/2026 21:15", "%d/%m/%Y").timed)
        self.assertEqual(moment("2026-06-30T23:30:00Z", None).on, date(2026, 7, 1))
        self.assertFalse(moment("2026-06-30 00:00:00", None, of_ssd=True).timed)
        with self.assertRaises(ValueError):
            moment("30/06/2026", None)


if __name__ == "__main__":
    unittest.main()
