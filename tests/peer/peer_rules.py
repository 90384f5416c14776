"""The rules of MEASURES 3b, a child at a time: missing spells, signals, clocks, risk days, journeys.

Slow on purpose: pairs are compared with pairs, and what happens day by day is walked day by day.
Readings of ambiguous text are numbered as in `peer.py`; `ALTERNATIVE` holds the names of those read the other way.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from peer_days import DAY, days

ALTERNATIVE = set()
ALTERNATIVES = {
    "midnight_apart", "same_agency_overlap", "return_on_leaving", "window_any_theme", "look_again_any_theme",
    "carry_forward", "live_on_last_day", "attended_any_row", "assessed_45_seen_only", "unlinked_excluded",
}

STRONG_KINDS = {"harm_event", "ed_screening", "police_notification", "nrm"}
ABOVE_LOW = {"medium", "moderate", "high", "very_high", "very high", "significant", "severe", "critical"}
NOT_SEEN = {"no", "n", "0", "false"}


# --- missing spells ---------------------------------------------------------------------------------------------


@dataclass
class Spell:
    """One merged missing spell. `end_on` is None where open or unknown; `why` is returned, open, left or unknown."""

    starts_at: datetime
    why: str
    end_on: date | None
    episodes: list

    @property
    def start_on(self):
        return self.starts_at.date()

    def nights(self, as_at):
        """Days out over the midnight that ends them."""
        if self.why == "unknown":
            return []
        return days(self.start_on, as_at + DAY if self.why == "open" else self.end_on)


def start_of(episode):
    return episode["started_at"].first_instant()


def end_of(episode):
    return episode["ended_at"] and episode["ended_at"].last_instant()


def together(one, other, settings):
    """Overlap, touch, or another agency's at most six hours apart. An open episode has no last instant."""
    if start_of(other) < start_of(one):
        one, other = other, one
    if end_of(one) is None:
        return True
    gap = start_of(other) - end_of(one)
    if gap < timedelta(0):
        return True
    if gap == timedelta(0):
        by_day = not one["ended_at"].timed and "midnight_apart" in ALTERNATIVE
        if not by_day:
            return True
    return one["source_agency"] != other["source_agency"] and gap <= timedelta(hours=settings["cross_source_gap_hours"])


def connected(items, linked):
    """The sets of items connected by `linked`, whatever their order."""
    groups = []
    for item in items:
        touching = [group for group in groups if any(linked(item, other) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([item] + [other for group in touching for other in group])
    return groups


def is_open(episode, episodes):
    """No source has an episode of the child that starts, or ends, after this one started."""
    return not any(
        other is not episode
        and (start_of(other) > start_of(episode) or (end_of(other) and end_of(other) > start_of(episode)))
        for other in episodes
    )


def missing_spells(episodes, leaves_on, project):
    """A child's merged spells in order of start. `episodes` are those of kind M."""
    settings = project.settings
    episodes = [episode for episode in episodes if not leaves_on or episode["started_at"].on < leaves_on]
    for episode in episodes:
        episode["truly_open"] = episode["ended_at"] is None and is_open(episode, episodes)
    known = [episode for episode in episodes if episode["ended_at"] or episode["truly_open"]]
    unknown = [episode for episode in episodes if not any(episode is other for other in known)]
    groups = [(group, list(group)) for group in connected(known, lambda a, b: together(a, b, settings))]
    groups.sort(key=lambda group: min(start_of(episode) for episode in group[0]))
    near = timedelta(hours=settings["unknown_end_joins_hours"])

    def welcomes(member, stray):
        if member["source_agency"] == stray["source_agency"]:
            return "same_agency_overlap" in ALTERNATIVE and contains(member, stray)
        return abs(start_of(member) - start_of(stray)) <= near or contains(member, stray)

    alone = []
    for stray in unknown:
        homes = [whole for core, whole in groups if any(welcomes(member, stray) for member in core)]
        (homes[0] if homes else alone).append(stray)
    spells = [closed_or_open(whole, leaves_on, project.as_at) for _, whole in groups]
    for group in connected(alone, lambda a, b: a["source_agency"] != b["source_agency"] and abs(start_of(a) - start_of(b)) <= near):
        spells.append(Spell(min(map(start_of, group)), "unknown", None, group))
    return sorted(spells, key=lambda spell: (spell.starts_at, spell.why == "unknown", spell.end_on or date.max))


def contains(member, stray):
    """The episode was running when the other started."""
    return start_of(member) <= start_of(stray) and (end_of(member) is None or start_of(stray) <= end_of(member))


def closed_or_open(episodes, leaves_on, as_at):
    """The spell these episodes make: to the latest end, or open if one of them is; cut at leaving."""
    spell = Spell(min(map(start_of, episodes)), "open", None, episodes)
    ended = [episode for episode in episodes if episode["ended_at"]]
    if ended and not any(episode["truly_open"] for episode in episodes):
        last = max(ended, key=lambda episode: (end_of(episode), episode["ended_at"].on))
        spell.why, spell.end_on = "returned", last["ended_at"].on
    if leaves_on and leaves_on <= as_at:
        late = spell.end_on is None or spell.end_on > leaves_on
        if late or (spell.end_on == leaves_on and "return_on_leaving" not in ALTERNATIVE):
            spell.why, spell.end_on = "left", leaves_on
    return spell


def next_spell(spell, spells):
    """The next in order of start that does not begin on a day before the return."""
    after = spells[next(i for i, other in enumerate(spells) if other is spell) + 1:]
    return next((other for other in after if other.start_on >= spell.end_on), None)


# --- signals and assessments ------------------------------------------------------------------------------------


@dataclass
class Signal:
    raised_on: date
    kind: str
    theme: str
    closed_on: date | None = None
    closed_reason: str = ""


@dataclass
class Assessment:
    completed_on: date | None
    started_on: date | None
    theme: str
    level: str

    def covers(self, theme):
        return not self.theme or self.theme == theme or theme in ("", "missing")


def signals_of(rows, harm, spells, leaves_on, settings):
    """The child's signals that count, in order: the extract's, harm events, returns."""
    found = [
        Signal(
            row["raised_on"].on, row["kind"].lower(), row.get("theme", "").lower(),
            row["closed_on"] and row["closed_on"].on, row.get("closed_reason", "").lower(),
        )
        for row in rows
    ]
    found = [signal for signal in found if signal.closed_reason not in ("duplicate", "error")]
    held = {signal.raised_on for signal in found if signal.kind == "return_from_missing"}
    found += [Signal(row["occurred_on"].on, "harm_event", "") for row in harm]
    found += [
        Signal(spell.end_on, "return_from_missing", "missing")
        for spell in spells if spell.why == "returned" and spell.end_on not in held
    ]
    found = [
        signal for signal in found
        if signal.kind in settings["signal_kinds"] and (not leaves_on or signal.raised_on < leaves_on)
    ]
    return sorted(found, key=lambda signal: (signal.raised_on, signal.kind, signal.theme, signal.closed_on or date.max))


def assessments_of(rows, leaves_on, settings):
    """Those that count: of exploitation or child and family, the child not recorded as unseen."""
    kinds = {"exploitation", "child_and_family"}
    if settings["strategy_discussion_stops_clock"]:
        kinds.add("strategy_discussion")
    return [
        Assessment(
            row["completed_on"] and row["completed_on"].on, row["started_on"] and row["started_on"].on,
            row.get("theme", "").lower(), row.get("level", "").lower(),
        )
        for row in rows
        if row["kind"].lower() in kinds and row.get("child_seen", "").lower() not in NOT_SEEN
        and not (leaves_on and row["started_on"] and row["started_on"].on >= leaves_on)
        and not (leaves_on and row["completed_on"] and row["completed_on"].on > leaves_on)
    ]


# --- clocks -----------------------------------------------------------------------------------------------------


@dataclass
class Clock:
    start: date
    signals: list
    stop: date | None = None
    why: str = "open"


class Clocks:
    """Walks a child's days and keeps the clocks. One instance a child."""

    def __init__(self, signals, assessments, leaves_on, as_at, settings):
        self.signals, self.leaves_on, self.as_at = signals, leaves_on, as_at
        self.done = [assessment for assessment in assessments if assessment.completed_on]
        self.valid = settings["assessment_valid_days"]
        self.parked, self.running, self.clocks = [], None, []

    def walk(self):
        """All clocks, in order."""
        if not self.signals:
            return []
        for day in days(self.signals[0].raised_on, self.as_at + DAY):
            self.live_through(day, [signal for signal in self.signals if signal.raised_on == day])
        return self.clocks

    def live_through(self, day, raised):
        if self.running:
            if self.answered(self.running.start, self.running.signals + raised, day):
                self.running.signals += raised
                return self.stop(day, "assessed")
            if self.leaves_on == day:
                return self.stop(day, "left")
            if not self.all_closed(self.running.signals, day):
                self.running.signals += raised
                return None
            self.stop(day, "closed_unassessed")
        self.parked = [
            signal for signal in self.parked
            if not self.answered(signal.raised_on, [signal], day) and not self.all_closed([signal], day)
        ]
        if self.leaves_on == day:
            self.parked = []
        again = [signal for signal in self.parked if self.looked_at_again(signal, day)]
        if any(self.starts(signal, day) for signal in raised + again):
            self.running = Clock(day, self.parked + raised)
            self.clocks.append(self.running)
            self.parked = []
            if self.answered(day, self.running.signals, day):
                self.stop(day, "assessed")
            elif self.all_closed(self.running.signals, day):
                self.stop(day, "closed_unassessed")
        else:
            self.parked += [
                signal for signal in raised
                if not self.answered(day, [signal], day) and not self.all_closed([signal], day)
            ]
        return None

    def stop(self, day, why):
        self.running.stop, self.running.why = day, why
        self.running = None

    def answered(self, since, signals, day):
        """An assessment begun and finished since then completes on this day and covers one of the signals."""
        return any(
            done.completed_on == day >= since and (done.started_on is None or done.started_on >= since)
            and any(done.covers(signal.theme) for signal in signals)
            for done in self.done
        )

    @staticmethod
    def all_closed(signals, day):
        return all(signal.closed_on and signal.closed_on <= day for signal in signals)

    def covering(self, theme):
        return [done for done in self.done if done.covers(theme)]

    def strong(self, signal, day):
        return signal.kind in STRONG_KINDS or not any(done.completed_on < day for done in self.covering(signal.theme))

    def starts(self, signal, day):
        """Strong, or no assessment that covers it was completed in the 91 days before."""
        window = self.done if "window_any_theme" in ALTERNATIVE else self.covering(signal.theme)
        recent = any(day - self.valid * DAY <= done.completed_on <= day - DAY for done in window)
        return self.strong(signal, day) or not recent

    def looked_at_again(self, signal, day):
        """The 92nd day after a covering completion, the signal being older."""
        completed = day - (self.valid + 1) * DAY
        covering = self.done if "look_again_any_theme" in ALTERNATIVE else self.covering(signal.theme)
        return any(done.completed_on == completed for done in covering)


# --- risk -------------------------------------------------------------------------------------------------------


def risk_days(signals, spells, assessments, leaves_on, project):
    """The days on which the child is in a risk period, as a set."""
    opening = {signal.raised_on for signal in signals} | {spell.start_on for spell in spells}
    if not opening:
        return set()
    extending = {spell.end_on for spell in spells if spell.why == "returned"}
    extending |= {done.completed_on for done in assessments if done.completed_on and done.level in ABOVE_LOW}
    out = {day for spell in spells for day in spell.nights(project.as_at)}
    at_risk, last = set(), None
    stop = project.as_at + DAY
    if leaves_on:
        stop = min(stop, leaves_on)
    for day in days(min(opening), stop):
        if last and day >= last + project.settings["risk_lapses_days"] * DAY:
            last = None
        if day in opening or (last and (day in extending or day in out)):
            last = day
        if last:
            at_risk.add(day)
    return at_risk


# --- need to help -----------------------------------------------------------------------------------------------


@dataclass
class Journey:
    service: str
    identified_on: date
    started_on: date | None = None
    ended_on: date | None = None
    needs: list = field(default_factory=list)

    def waiting(self, day, leaves_on):
        """Identified by then, and neither started, ended nor left by then."""
        over = [self.started_on, self.ended_on, leaves_on]
        return self.identified_on <= day and not any(end and end <= day for end in over)


def journeys(needs, services, leaves_on, settings):
    """A child's journeys, by service and day."""
    made = []
    for need in sorted(needs, key=lambda need: (need["service"], need["identified_on"].on)):
        day = need["identified_on"].on
        if leaves_on and day >= leaves_on:
            continue
        earlier = [
            journey for journey in made
            if journey.service == need["service"] and (
                journey.identified_on == day
                or ((day - journey.identified_on).days < settings["need_repeats_days"] and journey.waiting(day, leaves_on))
            )
        ]
        if not earlier:
            rows = [row for row in services if row["service"] == need["service"]]
            made.append(journey_of(need["service"], day, rows, leaves_on, settings))
    return made


def on(moment):
    return moment and moment.on


def live_until(row):
    """The day a row stops being live; None while it still is."""
    if row.get("outcome", "").lower() in ("declined", "not_offered"):
        return on(row["offered_on"]) or on(row["referred_on"])
    return on(row["ended_on"])


def journey_of(service, day, rows, leaves_on, settings):
    """The journey of a need identified on `day`."""
    journey = Journey(service, day)
    mine = [
        row for row in rows
        if row["referred_on"].on >= day or live_until(row) is None or live_until(row) > day
        or ("live_on_last_day" in ALTERNATIVE and live_until(row) == day)
    ]
    far = date.max
    mine.sort(key=lambda row: (
        row["referred_on"].on, on(row["first_attended_on"]) or far, live_until(row) or far, row["referral_id"]))
    if leaves_on:
        mine = [row for row in mine if row["referred_on"].on < leaves_on]
    lately = rows if "attended_any_row" in ALTERNATIVE else mine[:1]
    since = day - settings["attending_already_days"] * DAY
    attended = any(
        on(row["first_attended_on"]) and row["first_attended_on"].on < day
        and any(on(row[name]) and row[name].on >= since for name in ("first_attended_on", "last_attended_on"))
        for row in lately
    )
    if mine:
        first = on(mine[0]["first_attended_on"])
        if first and first >= day and not (leaves_on and first >= leaves_on):
            journey.started_on = first
        journey.ended_on = live_until(mine[0])
    if attended and not (journey.started_on == day):
        journey.started_on = day
    return journey
