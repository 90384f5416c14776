"""Reads a project folder into plain rows: the partnership's identifiers, parsed dates, bad rows left out and counted.

Knows the three formats' column names and the obvious row rules; nothing of spells, clocks or measures.
"""

import csv
import glob
import json
import os
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DEFAULTS = {
    "missing_again_days": 28,
    "repeat_missing_spells": 3,
    "repeat_missing_days": 90,
    "cross_source_gap_hours": 6,
    "unknown_end_joins_hours": 24,
    "assessment_valid_days": 91,
    "strategy_discussion_stops_clock": False,
    "signal_kinds": [
        "police_notification", "ed_screening", "screening_tool", "contact", "school", "nrm",
        "return_from_missing", "harm_event",
    ],
    "risk_lapses_days": 365,
    "help_within_days": 90,
    "need_repeats_days": 180,
    "attending_already_days": 90,
    "rhi_within_days": 3,
    "assessed_within_working_days": 45,
    "history_months": 72,
}

# Our table: its required identifiers, required dates, (start, end) pairs, and optional dates.
# A pair's end must not come before its start; an end or an optional date after the as-at date has not happened yet.
TABLES = {
    "missing_episodes": (["episode_id", "child_id", "kind"], ["started_at"], [("started_at", "ended_at")], []),
    "return_interviews": (["episode_id", "child_id"], [], [], ["held_on"]),
    "risk_signals": (["signal_id", "child_id", "kind"], ["raised_on"], [("raised_on", "closed_on")], []),
    "risk_assessments": (
        ["assessment_id", "child_id", "kind"], [], [("started_on", "completed_on")], ["started_on"],
    ),
    "needs": (["need_id", "child_id", "service"], ["identified_on"], [], []),
    "services": (
        ["referral_id", "child_id", "service"], ["referred_on"],
        [("referred_on", "ended_on")], ["offered_on", "first_attended_on", "last_attended_on"],
    ),
    "harm_events": (["event_id", "child_id", "kind"], ["occurred_on"], [], []),
}

# The statutory tables in our columns: format, their table -> (our table, {ours: theirs}, constants).
STATUTORY = {
    ("ssd", "ssd_person"): ("children", {
        "child_id": "pers_person_id", "birth_month": "pers_dob", "left_area_on": "pers_death_date"}, {}),
    ("ssd", "ssd_missing"): ("missing_episodes", {
        "episode_id": "miss_table_id", "child_id": "miss_person_id", "kind": "miss_missing_episode_type",
        "started_at": "miss_missing_episode_start_date", "ended_at": "miss_missing_episode_end_date"}, {}),
    ("ssd", "ssd_contacts"): ("risk_signals", {
        "signal_id": "cont_contact_id", "child_id": "cont_person_id", "raised_on": "cont_contact_date",
        "flags": "cont_contact_outcome_json"}, {"kind": "contact", "theme": "missing"}),
    ("ssd", "ssd_cin_assessments"): ("risk_assessments", {
        "assessment_id": "cina_assessment_id", "child_id": "cina_person_id",
        "started_on": "cina_assessment_start_date", "completed_on": "cina_assessment_auth_date",
        "child_seen": "cina_assessment_child_seen"}, {"kind": "child_and_family"}),
    ("ssd", "ssd_s47_enquiry"): ("risk_assessments", {
        "assessment_id": "s47e_s47_enquiry_id", "child_id": "s47e_person_id",
        "completed_on": "s47e_s47_start_date"}, {"kind": "strategy_discussion"}),
    ("ssda903", "header"): ("children", {"child_id": "CHILD", "birth_month": "DOB"}, {}),
    ("ssda903", "missing"): ("missing_episodes", {
        "child_id": "CHILD", "kind": "MISSING", "started_at": "MIS_START", "ended_at": "MIS_END",
        "birth_month": "DOB"}, {"episode_id": "-"}),
}
NATIVE = set(TABLES) | {"children", "crosswalk"}
MISSING_KINDS = {"m": "M", "missing": "M", "a": "A", "away": "A", "absent": "A"}
PARTNERSHIP_ZONE = ZoneInfo("Europe/London")


@dataclass(frozen=True, order=True)
class Moment:
    """A date, or a date with a time of day (civil, the partnership's zone)."""

    at: datetime
    timed: bool

    @property
    def on(self):
        return self.at.date()

    def first_instant(self):
        return self.at

    def last_instant(self):
        """A date alone covers its whole day: up to the midnight that ends it."""
        return self.at if self.timed else self.at + timedelta(days=1)


@dataclass
class Project:
    """All rows that count, children by the partnership's identifier. Dates are `Moment` or None."""

    as_at: date
    settings: dict
    rows: dict = field(default_factory=dict)
    supplied: set = field(default_factory=set)
    birth: dict = field(default_factory=dict)
    left: dict = field(default_factory=dict)
    unlinked: set = field(default_factory=set)
    ledger: Counter = field(default_factory=Counter)


def load(folder):
    """The project in `folder`, with its ledger of rows left out."""
    with open(os.path.join(folder, "partnership.toml"), "rb") as file:
        config = tomllib.load(file)
    as_at = config["as_at"]
    as_at = as_at if isinstance(as_at, date) else date.fromisoformat(as_at)
    project = Project(as_at, DEFAULTS | config.get("definitions", {}))
    staged = [row for source in config.get("source", []) for row in read_source(folder, source, project)]
    crosswalk, linked_agencies = {}, set()
    for table, row in staged:
        if table == "crosswalk":
            linked_agencies.add(row.get("agency", ""))
            if all(row.get(name) for name in ("agency", "agency_child_id", "child_id")):
                crosswalk[row["agency"], row["agency_child_id"]] = row["child_id"]
    for table, row in staged:
        identifier, agency = row.get("child_id", ""), row["source_agency"]
        if agency not in linked_agencies:
            row["child"] = identifier
        else:
            row["child"] = crosswalk.get((agency, identifier)) or f"unlinked/{agency}/{identifier}"
        if row["child"].startswith("unlinked/"):
            project.unlinked.add(row["child"])
    read_children(staged, project)
    for table, row in staged:
        if table in TABLES:
            keep = parsed(table, row, project)
            if keep:
                project.rows.setdefault(table, []).append(keep)
    for table in TABLES:
        project.rows.setdefault(table, [])
    return project


def read_source(folder, source, project):
    """(our table, row of text) of every file of one source; exact duplicates within a file dropped."""
    paths = source["path"] if isinstance(source["path"], list) else [source["path"]]
    files = sorted({name for path in paths for name in glob.glob(os.path.join(folder, path), recursive=True)})
    form = source.get("format", "native")
    theirs = {name: ours for ours, name in source.get("columns", {}).items()}
    for path in files:
        table = source.get("table") or known_stem(os.path.splitext(os.path.basename(path))[0], form)
        if form == "native":
            ours, columns, constants = table, None, {}
        elif (form, table) in STATUTORY:
            ours, columns, constants = STATUTORY[form, table]
        elif table in ("crosswalk",):
            ours, columns, constants = table, None, {}
        else:
            continue
        project.supplied.add(ours)
        if form == "ssda903":
            project.supplied.add("ssda903")
        seen = set()
        with open(path, encoding=encoding(source.get("encoding")), newline="") as file:
            for cells in csv.DictReader(file):
                cells = {
                    theirs.get(name, name): (value or "").strip()
                    for name, value in cells.items() if name is not None and not isinstance(value, list)
                }
                whole = tuple(sorted(cells.items()))
                if whole in seen:
                    project.ledger[ours, "exact duplicate"] += 1
                    continue
                seen.add(whole)
                if columns:
                    cells = {name: cells.get(name, cells.get(column, "")) for name, column in columns.items()}
                for name, codes in source.get("codes", {}).items():
                    if name in cells:
                        cells[name] = str(codes.get(cells[name], cells[name]))
                cells |= constants
                cells["source_agency"] = source["agency"]
                cells["source_format"] = form
                cells["date_format"] = source.get("date_format") or ("%d/%m/%Y" if form == "ssda903" else None)
                if ours == "risk_signals" and form == "ssd" and not missing_flag(cells.get("flags", "")):
                    continue
                yield ours, cells


def known_stem(stem, form):
    """The table a file's name states; a longer name counts as the longest known table it begins with."""
    known = NATIVE if form == "native" else {table for of, table in STATUTORY if of == form} | {"crosswalk"}
    if stem in known:
        return stem
    return max((name for name in known if stem.startswith(name)), key=len, default=stem)


def encoding(name):
    name = (name or "utf-8").lower()
    return "utf-8-sig" if name in ("utf-8", "utf8") else name


def missing_flag(text):
    """Whether a contact's outcome has the key MISSING_FLAG, and not with a no."""
    try:
        outcome = json.loads(text) if text else {}
    except ValueError:
        return False
    if isinstance(outcome, list):
        return "MISSING_FLAG" in outcome
    return isinstance(outcome, dict) and str(outcome.get("MISSING_FLAG", "")).strip().lower() in ("y", "yes", "true", "1")


def moment(text, form, of_ssd=False):
    """The moment `text` states, or None where empty; ValueError where unreadable."""
    if not text:
        return None
    if form:
        day_part = re.split(r"[ T]?%H", form)[0]
        for attempt, timed in ((form, "%H" in form), (form + " %H:%M", True), (form + " %H:%M:%S", True), (day_part, False)):
            try:
                return stamped(datetime.strptime(text, attempt), timed, of_ssd)
            except ValueError:
                continue
        raise ValueError("not in the declared form")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", text):
        raise ValueError("not an ISO date")
    at = datetime.fromisoformat(text)
    if at.tzinfo:
        at = at.astimezone(PARTNERSHIP_ZONE).replace(tzinfo=None)
    return stamped(at, len(text) > 10, of_ssd)


def stamped(at, timed, of_ssd):
    """In SSD a midnight is a date that a database wrote as an instant."""
    if of_ssd and (at.hour, at.minute, at.second) == (0, 0, 0):
        timed = False
    return Moment(at if timed else at.replace(hour=0, minute=0, second=0), timed)


def read_children(staged, project):
    """Birth months and the day each child left or died: the earliest stated by any row."""
    for table, row in staged:
        if "birth_month" in row:
            born = birth_month(row["birth_month"], row["date_format"])
            if born and born <= project.as_at:
                project.birth[row["child"]] = min(born, project.birth.get(row["child"], born))
        if table == "children":
            for name in ("left_area_on", "died_on"):
                try:
                    gone = moment(row.get(name, ""), row["date_format"])
                except ValueError:
                    continue
                if gone:
                    project.left[row["child"]] = min(gone.on, project.left.get(row["child"], gone.on))


def birth_month(text, form):
    """The first day of the month of birth, or None."""
    try:
        if re.fullmatch(r"\d{4}-\d\d", text):
            return date.fromisoformat(text + "-01")
        born = moment(text, form)
    except ValueError:
        return None
    return born and born.on.replace(day=1)


def parsed(table, row, project):
    """The row with its dates parsed, or None where a row rule leaves it out."""
    ids, required, pairs, optional = TABLES[table]

    def out(rule):
        project.ledger[table, rule] += 1

    if not all(row.get(name) for name in ids):
        return out("empty identifier")
    kept = dict(row)
    if table == "missing_episodes":
        kept["kind"] = MISSING_KINDS.get(row["kind"].lower())
        if not kept["kind"]:
            return out("unknown kind")
    of_ssd = row["source_format"] == "ssd"
    dates = dict.fromkeys(required + [name for pair in pairs for name in pair] + optional)
    for name in dates:
        try:
            kept[name] = moment(row.get(name, ""), row["date_format"], of_ssd)
        except ValueError:
            if name in required:
                return out("unreadable date")
            kept[name] = None
    if any(kept[name] is None for name in required):
        return out("no date")
    for start, end in pairs:
        if kept[start] and kept[end] and kept[end].last_instant() < kept[start].first_instant():
            return out("end before start")
    starts = required or [name for name, _ in pairs[:1]]
    if any(kept[name] and kept[name].on > project.as_at for name in starts):
        return out("after the as-at date")
    born = project.birth.get(kept["child"])
    if born and any(kept[name] and kept[name].on < born for name in dates):
        return out("before birth")
    for name in dates:
        if kept[name] and kept[name].on > project.as_at:
            kept[name] = None
    if table == "risk_assessments" and not kept["started_on"] and not kept["completed_on"]:
        return out("no date")
    return kept
