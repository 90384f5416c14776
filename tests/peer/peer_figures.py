"""Counts the measures of the whole partnership from the rules' spells, clocks, days and journeys."""

from collections import Counter, defaultdict
from dataclasses import dataclass

import peer_rules as rules
from peer_days import DAY, days, leaving, month, month_end, months_between, quarter, working_days_after

AGE_BANDS = [("0-3", 0, 3), ("4-10", 4, 10), ("11-45", 11, 45), ("over-45", 46, None)]
SHARES_AT = (3, 10, 45)


@dataclass
class Story:
    """All that the rules make of one child."""

    child: str
    leaves_on: object
    spells: list
    signals: list
    clocks: list
    risk: set
    journeys: list
    interviews: list
    assessments_rows: list


def stories(project):
    """One story a child, unlinked identifiers apart as readings say."""
    by = {table: defaultdict(list) for table in project.rows}
    children = set()
    for table, table_rows in project.rows.items():
        for row in table_rows:
            if row["child"] in project.unlinked and "unlinked_excluded" in rules.ALTERNATIVE:
                continue
            by[table][row["child"]].append(row)
            children.add(row["child"])
    for child in sorted(children):
        leaves_on = leaving(child, project)
        episodes = [row for row in by["missing_episodes"][child] if row["kind"] == "M"]
        spells = rules.missing_spells(episodes, leaves_on, project)
        signals = rules.signals_of(by["risk_signals"][child], by["harm_events"][child], spells, leaves_on, project.settings)
        assessments = rules.assessments_of(by["risk_assessments"][child], leaves_on, project.settings)
        clocks = rules.Clocks(signals, assessments, leaves_on, project.as_at, project.settings).walk()
        yield Story(
            child, leaves_on, spells, signals, clocks,
            rules.risk_days(signals, spells, assessments, leaves_on, project),
            rules.journeys(by["needs"][child], by["services"][child], leaves_on, project.settings),
            by["return_interviews"][child], by["risk_assessments"][child],
        )


def figures(project):
    """(measure, period, level, numerator, denominator, value) of every figure, unordered."""
    told = list(stories(project))
    months = months_of(project)
    missing, assessed = "missing_episodes" in project.supplied, "risk_assessments" in project.supplied
    helped = {"needs", "services"} <= project.supplied
    if missing:
        yield from missing_again(told, months, project)
        yield from missing_stocks(told, months, project)
        yield from missing_nights(told, months, project)
        if "return_interviews" in project.supplied:
            yield from rhi_held_72h(told, months, project)
    if assessed:
        yield from unassessed(told, months, project)
        yield from time_to_assessment(told, months, project)
        yield from assessed_45_working_days(told, months, project)
    if helped:
        yield from help_started(told, months, project)


def months_of(project):
    """Ended months up to the as-at date, from the first event on, at most `history_months`."""
    dates = [
        value.on for table in project.rows.values() for row in table for value in row.values() if hasattr(value, "on")
    ]
    if not dates:
        return []
    ended = [text for text in months_between(min(dates), project.as_at) if month_end(text) <= project.as_at]
    return ended[-project.settings["history_months"]:]


def share(numerator, denominator, per=1):
    return per * numerator / denominator if denominator else None


def missing_again(told, months, project):
    again, followed, ended = Counter(), Counter(), Counter()
    within = project.settings["missing_again_days"]
    for story in told:
        firsts = {}
        for spell in story.spells:
            if spell.why == "returned":
                key = month(spell.end_on)
                if key not in firsts or spell.end_on < firsts[key].end_on:
                    firsts[key] = spell
        for key, spell in firsts.items():
            after = rules.next_spell(spell, story.spells)
            gone = story.leaves_on and story.leaves_on <= project.as_at and (story.leaves_on - spell.end_on).days <= within
            if after is None and gone:
                ended[key] += 1
                continue
            followed[key] += 1
            again[key] += after is not None and (after.start_on - spell.end_on).days <= within
    for key in months:
        yield "missing_again", key, "total", again[key], followed[key], share(again[key], followed[key])
        yield "missing_again", key, "total:followup_ended", ended[key], None, ended[key]


def missing_stocks(told, months, project):
    window, often = project.settings["repeat_missing_days"], project.settings["repeat_missing_spells"]
    for key in months:
        at = month_end(key)
        now = sum(
            any(spell.why != "unknown" and spell.start_on <= at and (spell.end_on is None or spell.end_on > at)
                for spell in story.spells)
            for story in told
        )
        starts = [
            sum(at - (window - 1) * DAY <= spell.start_on <= at for spell in story.spells) for story in told
        ]
        once, repeat = sum(count >= 1 for count in starts), sum(count >= often for count in starts)
        yield "missing_now", key, "total", now, None, now
        yield "repeat_missing_children", key, "total", repeat, once, share(repeat, once)


def risk_by_month(told):
    return Counter(month(day) for story in told for day in story.risk)


def missing_nights(told, months, project):
    at_risk = risk_by_month(told)
    nights = Counter(
        month(day) for story in told for day in {night for spell in story.spells for night in spell.nights(project.as_at)}
    )
    for key in months:
        yield "missing_nights", key, "total", nights[key], at_risk[key], share(nights[key], at_risk[key], 1000)


def unassessed(told, months, project):
    at_risk = risk_by_month(told)
    waited = Counter()
    for story in told:
        waited.update(month(day) for day in {
            day for clock in story.clocks for day in days(clock.start, clock.stop or project.as_at + DAY)})
    for key in months:
        yield "unassessed_days", key, "total", waited[key], at_risk[key], share(waited[key], at_risk[key], 1000)
        at = month_end(key)
        ages = [
            (at - clock.start).days for story in told for clock in story.clocks
            if clock.start <= at and (clock.stop is None or clock.stop > at)
        ]
        yield "unassessed_now", key, "total", len(ages), None, len(ages)
        for name, low, high in AGE_BANDS:
            count = sum(low <= age and (high is None or age <= high) for age in ages)
            yield "unassessed_now", key, f"total:{name}", count, None, count


def time_to_assessment(told, months, project):
    cohorts = defaultdict(list)
    quarters = {quarter(month_end(key)) for key in months if key[-2:] in ("03", "06", "09", "12")}
    for story in told:
        for clock in story.clocks:
            time = ((clock.stop or project.as_at) - clock.start).days
            cause = {"assessed": "assessed", "open": None}.get(clock.why, "other")
            for key in (month(clock.start), quarter(clock.start)):
                cohorts[key].append((time, cause))
    for key in months + sorted(quarters):
        for at in SHARES_AT:
            value = share_unassessed(cohorts[key], at)
            yield "time_to_assessment", key, f"total:s{at}", None, len(cohorts[key]), value


def share_unassessed(cohort, at):
    """1 - Aalen-Johansen incidence of `assessed` at day `at`; None where follow-up does not reach it."""
    if not cohort:
        return None
    incidence, surviving = 0.0, 1.0
    for time in sorted({time for time, cause in cohort if cause and time <= at}):
        under_watch = sum(other >= time for other, _ in cohort)
        ends = Counter(cause for other, cause in cohort if other == time and cause)
        incidence += surviving * ends["assessed"] / under_watch
        surviving *= 1 - sum(ends.values()) / under_watch
    if surviving > 1e-12 and not any(time >= at for time, _ in cohort) and "carry_forward" not in rules.ALTERNATIVE:
        return None
    return 1 - incidence


def help_started(told, months, project):
    started, identified = Counter(), Counter()
    for story in told:
        for journey in story.journeys:
            key = month(journey.identified_on)
            identified[key] += 1
            on = journey.started_on
            started[key] += bool(on and (on - journey.identified_on).days <= project.settings["help_within_days"])
    for key in months:
        at = month_end(key)
        unmet = len({
            (story.child, journey.service) for story in told for journey in story.journeys
            if journey.waiting(at, story.leaves_on)
        })
        yield "help_started", key, "total", started[key], identified[key], share(started[key], identified[key])
        yield "unmet_need_now", key, "total", unmet, None, unmet


def rhi_held_72h(told, months, project):
    held, returns, not_known = Counter(), Counter(), Counter()
    within = project.settings["rhi_within_days"]
    for story in told:
        interviews = {}
        for row in story.interviews:
            interviews.setdefault(row["episode_id"], []).append(row)
        for spell in story.spells:
            if spell.why != "returned":
                continue
            key = month(spell.end_on)
            returns[key] += 1
            mine = [
                row for episode in spell.episodes for row in interviews.get(episode["episode_id"], [])
                if row["source_agency"] == episode["source_agency"] or not same_agency_has(row, story, spell)
            ]
            dated = [row["held_on"].on for row in mine if row["held_on"]]
            if any((on - spell.end_on).days <= within for on in dated):
                held[key] += 1
            elif not dated and any(row.get("outcome", "").lower() in ("accepted", "") for row in mine):
                not_known[key] += 1
    for key in months:
        yield "rhi_held_72h", key, "total", held[key], returns[key], share(held[key], returns[key])
        yield "rhi_held_72h", key, "total:not_known", not_known[key], None, not_known[key]


def same_agency_has(interview, story, spell):
    """Whether the interviewing agency itself has an episode of that identifier, for this child."""
    return any(
        episode["episode_id"] == interview["episode_id"] and episode["source_agency"] == interview["source_agency"]
        for other in story.spells for episode in other.episodes
    )


def assessed_45_working_days(told, months, project):
    done, begun = Counter(), Counter()
    limit = project.settings["assessed_within_working_days"]
    for story in told:
        for row in story.assessments_rows:
            start = row["started_on"]
            if row["kind"].lower() != "child_and_family" or not start:
                continue
            if story.leaves_on and start.on >= story.leaves_on:
                continue
            if "assessed_45_seen_only" in rules.ALTERNATIVE and row.get("child_seen", "").lower() in rules.NOT_SEEN:
                continue
            begun[month(start.on)] += 1
            end = row["completed_on"]
            done[month(start.on)] += bool(end and working_days_after(start.on, end.on) <= limit)
    for key in months:
        yield "assessed_45_working_days", key, "total", done[key], begun[key], share(done[key], begun[key])
