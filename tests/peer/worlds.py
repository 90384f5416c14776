"""Makes a tiny adversarial project folder: made-up children who live on the boundaries of MEASURES 3b.

    python3 tests/peer/worlds.py SEED DIR [--only missing|clocks|help] [--unlinked] [--defects] [--head FILE]

5 to 40 children, 1 to 3 agencies, native CSV, as-at 2026-06-30. The same seed gives the same files. `--only` leaves the
other families' rows out, `--unlinked` leaves some identifiers out of the crosswalk, `--defects` adds rows that the row rules
leave out, `--head` puts the lines of a file (a pseudonym key, an identity) at the top of `partnership.toml`. No row
describes a real child.
"""

import argparse
import csv
import os
import random
from datetime import date, datetime, timedelta

AS_AT = date(2026, 6, 30)
THEMES = ["cce", "cse", "missing", "gangs", "trafficking", ""]
WEAK = ["screening_tool", "contact", "school", "return_from_missing"]
STRONG = ["police_notification", "ed_screening", "nrm"]
SERVICES = ["mental_health", "youth_work", "substance_misuse"]
# Days after one event on which the next is put: each limit, the day before and the day after.
LIMITS = [0, 0, 0, 1, 2, 3, 4, 10, 11, 27, 28, 29, 45, 46, 89, 90, 91, 92, 93, 120, 183, 184, 185, 364, 365, 366]
GAPS = [0, 1, 299, 359, 360, 361, 720, 1439, 1440, 1441, 2880]  # minutes between episodes
DAY = timedelta(days=1)


class World:
    """Rows by (agency, table) as they are made up."""

    def __init__(self, seed, only=None, unlinked=False):
        self.random = random.Random(seed)
        self.seed, self.only = seed, only
        self.months = self.random.choice([12, 18, 24])
        self.start = date(2026 - self.months // 12, 7, 1) if self.months != 18 else date(2025, 1, 1)
        self.agencies = ["council", "police", "health"][: self.random.randint(1, 3)]
        self.crosswalk = len(self.agencies) > 1 and self.random.random() < 0.7
        self.unlinked = unlinked and self.crosswalk
        self.settings = {}
        if self.random.random() < 0.15:
            self.settings["strategy_discussion_stops_clock"] = "true"
        if self.random.random() < 0.15:
            self.settings["risk_lapses_days"] = "120"
        self.rows, self.count = {}, 0

    def number(self, prefix):
        self.count += 1
        return f"{prefix}{self.count:05}"

    def add(self, agency, table, child, **cells):
        self.rows.setdefault((agency, table), []).append({"child_id": self.known_as(agency, child), **cells})

    def known_as(self, agency, child):
        """The agency's own identifier; the partnership's where there is no crosswalk."""
        return f"{agency[0].upper()}0{child}" if self.crosswalk else f"N{child}"

    def any_day(self):
        return self.start + self.random.randrange((AS_AT - self.start).days + 1) * DAY

    def after(self, day):
        """On a limit after the day; not beyond the as-at date."""
        return min(day + self.random.choice(LIMITS) * DAY, AS_AT)

    def agency(self):
        return self.random.choice(self.agencies)

    def often(self, share):
        return self.random.random() < share


def child(world, number):
    """One child: born, perhaps gone in the middle of it all, with bursts of rows round common days."""
    pick = world.random
    anchors = [world.any_day() for _ in range(pick.randint(1, 3))]
    if world.often(0.2):
        anchors.append(pick.choice([AS_AT, AS_AT - 28 * DAY, AS_AT - 91 * DAY, date(2026, 5, 31), date(2026, 3, 31)]))
    gone = ""
    born = date(pick.randint(2009, 2015), pick.randint(1, 12), 1)
    if world.often(0.15):
        grown = pick.choice(anchors) + pick.choice([0, 20, 40]) * DAY
        born = date(grown.year - 18, grown.month, 1)
    if world.often(0.15):
        gone = (pick.choice(anchors) + pick.choice(LIMITS) * DAY).isoformat()
    world.rows.setdefault(("council", "children"), []).append({
        "child_id": world.known_as("council", number), "birth_month": born.strftime("%Y-%m"),
        "sex": pick.choice("MF"), "ethnicity": "WBRI", "locality": pick.choice(["North", "South"]), "left_area_on": gone,
    })
    for anchor in anchors:
        if world.only in (None, "missing"):
            if world.often(0.7):
                missing(world, number, anchor)
        if world.only in (None, "clocks"):
            if world.often(0.8):
                clocks(world, number, anchor)
        if world.only in (None, "help"):
            if world.often(0.6):
                helps(world, number, anchor)


def missing(world, number, anchor):
    """Episodes a few minutes round the merging limits apart, in several agencies, some without a time or an end."""
    pick = world.random
    at = datetime(anchor.year, anchor.month, anchor.day, pick.choice([0, 6, 18, 23]), pick.choice([0, 0, 30, 59]))
    for _ in range(pick.randint(1, 6)):
        agency = world.agency()
        end = at + timedelta(minutes=pick.choice([0, 1, 60, 360, 720, 1440, 2880, 5000]))
        if at.date() > AS_AT:
            break
        date_only = world.often(0.3)
        form = "%Y-%m-%d" if date_only else pick.choice(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"])
        ended = "" if world.often(0.15) else end.strftime(form)
        if not date_only and ended and world.often(0.1):
            ended = end.strftime("%Y-%m-%d")
        identifier = world.number("E")
        world.add(agency, "missing_episodes", number, episode_id=identifier, kind=pick.choice("MMMMMMMA"),
                  started_at=at.strftime(form), ended_at=ended)
        if world.often(0.6):
            interview(world, agency, number, identifier, end.date())
        if world.often(0.35):
            at = at + timedelta(minutes=pick.choice([-1440, -60, 0, 60, 1440]))
        elif world.often(0.5):
            at = end + timedelta(minutes=pick.choice(GAPS))
        else:
            at = end + timedelta(days=pick.choice([1, 2, 26, 27, 28, 29, 30, 60, 89, 90]))


def interview(world, agency, number, identifier, back_on):
    pick = world.random
    outcome = pick.choice(["accepted", "accepted", "accepted", "declined", "not_offered", "missing_again"])
    held = ""
    if outcome == "accepted" and world.often(0.75):
        day = back_on + pick.choice([0, 1, 2, 3, 3, 4, 10]) * DAY
        held = day.isoformat() if day <= AS_AT else ""
    world.add(agency, "return_interviews", number, episode_id=identifier, offered_on="", outcome=outcome, held_on=held)


def clocks(world, number, anchor):
    """Signals and assessments leapfrogging one another on the limits."""
    pick = world.random
    day, days = anchor, [anchor]
    for _ in range(pick.randint(1, 9)):
        kind = pick.random()
        if kind < 0.5:
            signal(world, number, day)
        elif kind < 0.97:
            assessment(world, number, day, days)
        else:
            world.add(world.agency(), "harm_events", number, event_id=world.number("H"),
                      kind=pick.choice(["arrest", "victim_of_crime"]), occurred_on=day.isoformat())
        days.append(day)
        day = world.after(pick.choice([day, day, pick.choice(days)]))


def signal(world, number, day):
    pick = world.random
    closed = reason = ""
    if world.often(0.4):
        on = day + pick.choice([0, 0, 1, 3, 10, 11, 45, 91, 92, 93]) * DAY
        if on <= AS_AT or world.often(0.2):
            closed, reason = on.isoformat(), pick.choice(["no_risk", "no_risk", "passed_on", "duplicate", "error"])
    world.add(world.agency(), "risk_signals", number, signal_id=world.number("S"),
              kind=pick.choice(WEAK + WEAK + STRONG), theme=pick.choice(THEMES), raised_on=day.isoformat(),
              closed_on=closed, closed_reason=reason)


def assessment(world, number, day, days):
    pick = world.random
    kind = pick.choice(["exploitation", "exploitation", "child_and_family", "child_and_family", "strategy_discussion"])
    started = pick.choice([day, day, pick.choice(days), pick.choice(days), day - DAY, day - 63 * DAY, None])
    completed = day
    if started and started > day:
        started = day
    if kind == "child_and_family" and world.often(0.3):
        started, completed = day, None
    if kind == "child_and_family" and started is None:
        started = day
    if kind == "child_and_family" and completed and world.often(0.5):
        completed = max(started, started + pick.choice([61, 62, 63, 64, 65, 66, 67]) * DAY)
    if started and started < date(2024, 1, 1):
        started = day
    world.add(world.agency(), "risk_assessments", number, assessment_id=world.number("A"), kind=kind,
              started_on=started.isoformat() if started else "", completed_on=completed.isoformat() if completed else "",
              child_seen=pick.choice(["yes", "yes", "yes", "yes", "no", ""]),
              theme=pick.choice(["", "", "", "cce", "cse", "gangs", "trafficking", "missing"]),
              level=pick.choice(["low", "medium", "high", "", "unknown"]))


def helps(world, number, anchor):
    """Needs repeated on the limits, with rows before, on and after them, and every outcome."""
    pick = world.random
    service, day = pick.choice(SERVICES), anchor
    for _ in range(pick.randint(1, 4)):
        world.add(world.agency(), "needs", number, need_id=world.number("N"), service=service,
                  identified_on=day.isoformat(), identified_by="assessor")
        if world.often(0.75):
            referral(world, number, service, day + pick.choice([-200, -91, -90, -10, -1, 0, 0, 1, 14, 60]) * DAY)
        day = min(day + pick.choice([0, 1, 30, 89, 90, 91, 178, 179, 180, 181, 200]) * DAY, AS_AT)


def referral(world, number, service, referred):
    pick = world.random
    if referred > AS_AT or referred < date(2024, 1, 1):
        return
    outcome = pick.choice(["accepted", "accepted", "accepted", "declined", "not_offered", ""])
    offered = first = last = ended = reason = ""
    if outcome and world.often(0.7):
        offered = known(referred + pick.choice([0, 1, 14, 40]) * DAY)
    if outcome == "accepted" and world.often(0.8):
        began = referred + pick.choice([0, 0, 1, 88, 89, 90, 91, 92]) * DAY
        first = known(began)
        if first and world.often(0.7):
            last = known(began + pick.choice([0, 1, 10, 89, 90, 91, 150]) * DAY)
    if world.often(0.4):
        ended = known(referred + pick.choice([0, 1, 90, 91, 120, 200]) * DAY)
        if ended and ((last and last > ended) or (first and first > ended)):
            ended = last or first
        reason = pick.choice(["planned", "unplanned", "moved", "aged_out"]) if ended else ""
    world.add(world.agency(), "services", number, referral_id=world.number("R"), service=service,
              referred_on=referred.isoformat(), offered_on=offered, outcome=outcome,
              first_attended_on=first, last_attended_on=last, ended_on=ended, end_reason=reason)


def known(day):
    return day.isoformat() if day <= AS_AT else ""


COLUMNS = {
    "children": "child_id birth_month sex ethnicity locality left_area_on",
    "missing_episodes": "episode_id child_id kind started_at ended_at",
    "return_interviews": "episode_id child_id offered_on outcome held_on",
    "risk_signals": "signal_id child_id agency kind theme raised_on closed_on closed_reason",
    "risk_assessments": "assessment_id child_id agency kind started_on completed_on child_seen theme level",
    "needs": "need_id child_id service identified_on identified_by",
    "services": "referral_id child_id service agency referred_on offered_on outcome first_attended_on last_attended_on "
                "ended_on end_reason",
    "harm_events": "event_id child_id agency kind occurred_on",
    "crosswalk": "agency agency_child_id child_id",
}
FAMILIES = {
    "missing": ["missing_episodes", "return_interviews"],
    "clocks": ["risk_signals", "risk_assessments", "harm_events"],
    "help": ["needs", "services"],
}


def defects(world):
    """Exact duplicates, and rows whose dates cannot be or cannot yet be."""
    pick = world.random
    spoil = {"missing_episodes": ("started_at", "ended_at"), "risk_signals": ("raised_on", "closed_on"),
             "needs": ("identified_on", None), "harm_events": ("occurred_on", None)}
    for (_, table), rows in sorted(world.rows.items()):
        for row in list(rows):
            if table not in spoil or not world.often(0.15):
                continue
            start, end = spoil[table]
            identifier = COLUMNS[table].split()[0]
            bad = row | {identifier: world.number("X")}
            rows.append(pick.choice([
                row,
                bad | {start: "31/02/2026"},
                bad | {start: "2026-07-01"},
                bad | {start: "1990-01-01"},
                bad | {"child_id": ""},
                bad | ({end: (date.fromisoformat(row[start][:10]) - 2 * DAY).isoformat()} if end else {start: ""}),
                row | ({end: "2026-07-03"} if end and not row[end] else {}),
            ]))


def write(world, folder, head="", spoilt=False):
    """The project folder: `partnership.toml` and one CSV a table and agency, rows shuffled."""
    os.makedirs(os.path.join(folder, "extracts"), exist_ok=True)
    children = world.random.randint(5, 40)
    for number in range(1001, 1001 + children):
        child(world, number)
    if world.crosswalk:
        world.rows["council", "crosswalk"] = [
            {"child_id": f"N{number}", "agency": agency, "agency_child_id": world.known_as(agency, number)}
            for agency in world.agencies for number in range(1001, 1001 + children)
            if not (world.unlinked and agency != "council" and world.often(0.15))
        ]
    if spoilt:
        defects(world)
    for family in FAMILIES if world.only is None else [world.only]:
        for table in FAMILIES[family]:
            if not any(name == table for _, name in world.rows):
                world.rows["council", table] = []
    toml = [head.rstrip(), 'name = "Northmoor Safeguarding Children Partnership"', 'area = "Northmoor"',
            f"as_at = {AS_AT.isoformat()}", ""]
    if world.settings:
        toml += ["[definitions]"] + [f"{name} = {value}" for name, value in world.settings.items()] + [""]
    for (agency, table), rows in sorted(world.rows.items()):
        world.random.shuffle(rows)
        columns = COLUMNS[table].split()
        with open(os.path.join(folder, "extracts", f"{agency}_{table}.csv"), "w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, columns, lineterminator="\n")
            out.writeheader()
            out.writerows({"agency": agency} | row if "agency" in columns else row for row in rows)
        toml += ["[[source]]", f'name = "{agency} {table.replace("_", " ")}"', f'agency = "{agency}"', 'format = "native"',
                 f'path = "extracts/{agency}_{table}.csv"', f'table = "{table}"', f"data_to = {AS_AT.isoformat()}", ""]
    with open(os.path.join(folder, "partnership.toml"), "w", encoding="utf-8") as file:
        file.write("\n".join(toml).lstrip())


def main():
    parser = argparse.ArgumentParser(description="a tiny adversarial project folder")
    parser.add_argument("seed", type=int)
    parser.add_argument("folder")
    parser.add_argument("--only", choices=sorted(FAMILIES))
    parser.add_argument("--unlinked", action="store_true")
    parser.add_argument("--defects", action="store_true")
    parser.add_argument("--head")
    asked = parser.parse_args()
    head = ""
    if asked.head:
        with open(asked.head, encoding="utf-8") as file:
            head = file.read() + "\n"
    write(World(asked.seed, asked.only, asked.unlinked), asked.folder, head, asked.defects)


if __name__ == "__main__":
    main()
