"""Two measures from the same extracts in DuckDB's SQL: `in_duckdb.py SIGHTLINE PROJECT`. Times both; the counts must be equal.

`missing_again` (its share of every month) and the nights of `missing_nights`, of the whole, by month. Compared is the way from the extracts
of missing episodes and children to these two; Sightline's time is that of the whole build of every measure, with
breakdowns, intervals, disclosure control and its audit, which DuckDB is not asked for.
"""
import csv
import io
import subprocess
import sys
import time

import duckdb

SQL = """
SET TimeZone = 'Europe/London';
CREATE MACRO eighteen(born) AS CAST(strftime(born + INTERVAL 18 YEAR, '%Y-%m-01') AS DATE);

CREATE TEMP TABLE links AS
SELECT agency, agency_child_id, child_id FROM read_csv('{project}/extracts/council/crosswalk.csv', all_varchar = true);

-- The first day a child is no longer followed.
CREATE TEMP TABLE leaving AS
SELECT child_id, min(left_on) AS left_on FROM (
    SELECT child_id, least(try_cast(left_area_on AS DATE), eighteen(try_cast(birth_month || '-01' AS DATE))) AS left_on
    FROM read_csv('{project}/extracts/council/children.csv', all_varchar = true)
    UNION ALL
    SELECT pers_person_id, least(try_cast(pers_death_date AS DATE), eighteen(try_cast(pers_dob AS DATE)))
    FROM read_csv('{project}/extracts/council/ssd_person.csv', all_varchar = true)
) WHERE left_on <= DATE '{as_at}' GROUP BY child_id;

-- Births, for episodes that start before them.
CREATE TEMP TABLE born AS
SELECT child_id, min(born_on) AS born_on FROM (
    SELECT child_id, try_cast(birth_month || '-01' AS DATE) AS born_on
    FROM read_csv('{project}/extracts/council/children.csv', all_varchar = true)
    UNION ALL
    SELECT pers_person_id, date_trunc('month', try_cast(pers_dob AS DATE))::DATE
    FROM read_csv('{project}/extracts/council/ssd_person.csv', all_varchar = true)
) GROUP BY child_id;

-- The rules of ingest, in order: rows that cannot be read, exact repeats, identifiers used twice, ends before starts, the future.
CREATE TEMP TABLE recorded AS
WITH raw AS (
    SELECT 'council' AS agency, miss_table_id AS id, miss_person_id AS child, miss_missing_episode_type AS kind,
           miss_missing_episode_start_date AS started, miss_missing_episode_end_date AS ended,
           concat_ws('|', coalesce(miss_missing_rhi_offered, '-'), coalesce(miss_missing_rhi_accepted, '-')) AS rest
    FROM read_csv('{project}/extracts/council/ssd_missing.csv', all_varchar = true)
    UNION ALL
    SELECT 'police', episode_id, child_id, kind, started_at, ended_at, concat_ws('|', coalesce(risk_level, '-'), coalesce(recorded_on, '-'))
    FROM read_csv('{project}/extracts/police/missing_episodes.csv', all_varchar = true)
),
read AS (
    SELECT DISTINCT agency, id, child, kind, started, ended, rest,
           try_cast(started AS TIMESTAMP) AS started_at, try_cast(ended AS TIMESTAMP) AS ended_at
    FROM raw
    WHERE id <> '' AND child <> '' AND kind IN ('M', 'A') AND try_cast(started AS TIMESTAMP) IS NOT NULL
),
once AS (SELECT * FROM read QUALIFY count(*) OVER (PARTITION BY agency, id) = 1)
SELECT once.agency, once.id, 
       -- The council's identifiers are the partnership's; another agency's child whom nobody linked stays a child of its own.
       coalesce(links.child_id, CASE WHEN once.agency = 'council' THEN child ELSE once.agency || ':' || child END) AS child_id, kind, started_at,
       CASE WHEN ended_at::DATE <= DATE '{as_at}' THEN ended_at END AS ended_at
FROM once LEFT JOIN links ON links.agency = once.agency AND links.agency_child_id = once.child
WHERE NOT coalesce(ended_at < started_at, false) AND started_at::DATE <= DATE '{as_at}';

CREATE TEMP TABLE episodes AS
SELECT row_number() OVER () AS n, r.agency, r.child_id, left_on, started_at::TIMESTAMPTZ AS s, ended_at::TIMESTAMPTZ AS e,
       ended_at IS NULL AND (max(started_at) OVER own > started_at
                             OR coalesce(max(ended_at) OVER own > started_at, false)) AS unknown_end
FROM recorded r LEFT JOIN leaving USING (child_id) LEFT JOIN born USING (child_id)
WHERE kind = 'M' AND (born_on IS NULL OR started_at::DATE >= born_on) AND (left_on IS NULL OR started_at::DATE < left_on)
WINDOW own AS (PARTITION BY r.child_id);

-- Connected episodes: overlapping, touching, or of two agencies at most six hours apart.
CREATE TEMP TABLE spell_of AS
WITH RECURSIVE pairs AS (
    SELECT a.n AS one, b.n AS other FROM episodes a JOIN episodes b USING (child_id)
    WHERE NOT a.unknown_end AND NOT b.unknown_end
      AND (a.e IS NULL OR b.s <= a.e + CASE WHEN a.agency = b.agency THEN INTERVAL 0 HOUR ELSE INTERVAL 6 HOUR END)
      AND (b.e IS NULL OR a.s <= b.e + CASE WHEN a.agency = b.agency THEN INTERVAL 0 HOUR ELSE INTERVAL 6 HOUR END)
),
reached AS (
    SELECT one, other FROM pairs
    UNION
    SELECT reached.one, pairs.other FROM reached JOIN pairs ON pairs.one = reached.other
)
SELECT one AS n, min(other) AS spell FROM reached GROUP BY one;

-- An episode without an end joins the earliest spell in which another agency's starts within a day or contains its start.
CREATE TEMP TABLE joined AS
WITH starts AS (SELECT spell, min(s) AS first_s FROM spell_of JOIN episodes USING (n) GROUP BY spell)
SELECT u.n, arg_min(starts.spell, first_s) AS spell
FROM episodes u
JOIN episodes o ON o.child_id = u.child_id AND o.agency <> u.agency AND NOT o.unknown_end AND u.unknown_end
 AND (abs(epoch_ms(o.s) - epoch_ms(u.s)) <= 86400000 OR (o.s <= u.s AND o.e IS NOT NULL AND u.s <= o.e))
JOIN spell_of ON spell_of.n = o.n JOIN starts USING (spell)
GROUP BY u.n;

CREATE TEMP TABLE spells AS
WITH known AS (
    SELECT child_id, min(s) AS s, bool_or(e IS NULL AND NOT unknown_end) AS open, max(e) AS e, any_value(left_on) AS left_on
    FROM episodes JOIN (SELECT * FROM spell_of UNION ALL SELECT * FROM joined) USING (n) GROUP BY child_id, spell
),
every AS (
    SELECT child_id, s::DATE AS started_on, s, left_on,
           CASE WHEN NOT open AND (left_on IS NULL OR e::DATE < left_on) THEN e END AS returned,
           CASE WHEN (open AND left_on IS NOT NULL) OR (NOT open AND e::DATE >= left_on) THEN left_on END AS left_missing,
           'known' AS kind
    FROM known
    UNION ALL
    SELECT child_id, s::DATE, s, left_on, NULL, NULL, 'unknown' FROM episodes ANTI JOIN joined USING (n) WHERE unknown_end
)
SELECT *, row_number() OVER (PARTITION BY child_id ORDER BY s, returned NULLS FIRST) AS place FROM every;

CREATE TEMP TABLE months AS
SELECT m::DATE AS month_on, least((m + INTERVAL 1 MONTH)::DATE, DATE '{as_at}' + 1) AS until_on
FROM range(TIMESTAMP '{first}', TIMESTAMP '{as_at}' + INTERVAL 1 DAY, INTERVAL 1 MONTH) t(m);
"""

AGAIN = """
WITH first_returns AS (
    SELECT child_id, place, returned::DATE AS ended_on, left_on FROM spells WHERE returned IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY child_id, strftime(returned, '%Y-%m') ORDER BY returned::DATE, s) = 1
),
followed AS (
    SELECT ended_on, left_on,
           (SELECT min(started_on) FROM spells n
            WHERE n.child_id = r.child_id AND n.place > r.place AND n.started_on >= r.ended_on) AS next_on
    FROM first_returns r
)
SELECT strftime(ended_on, '%Y-%m') AS month, count(*) FILTER (next_on - ended_on <= 28), count(*)
FROM followed WHERE NOT (next_on IS NULL AND left_on IS NOT NULL AND left_on - ended_on <= 28) GROUP BY month
"""

NIGHTS = """
SELECT strftime(month_on, '%Y-%m') AS month,
       sum(least(coalesce(returned::DATE, left_missing, until_on), until_on) - greatest(started_on, month_on))
FROM spells JOIN months ON started_on < until_on
WHERE kind = 'known' AND coalesce(returned::DATE, left_missing, DATE '9999-01-01') > month_on GROUP BY month
"""


def ours(sightline, project, measure):
    told = subprocess.run([sightline, "export", "--measure", measure, "--edition", "restricted", "--format", "csv", "-C", project],
                          check=True, capture_output=True, text=True).stdout
    rows = csv.DictReader(io.StringIO(told))
    return {row["period"]: row for row in rows if row["dimension"] == "total" and row["level"] == "total" and len(row["period"]) == 7 and "Q" not in row["period"]}


def main():
    sightline, project = sys.argv[1], sys.argv[2]
    again, nights = ours(sightline, project, "missing_again"), ours(sightline, project, "missing_nights")
    before = time.perf_counter()
    database = duckdb.connect()
    database.execute(SQL.format(project=project, as_at="2026-10-31", first=f"{min(nights)}-01"))
    in_sql = {month: (top, beneath) for month, top, beneath in database.execute(AGAIN).fetchall()}
    nights_in_sql = dict(database.execute(NIGHTS).fetchall())
    seconds = time.perf_counter() - before
    wrong = [(month, row["numerator"], row["denominator"], in_sql.get(month)) for month, row in again.items()
             if in_sql.get(month, (0, 0)) != (int(row["numerator"]), int(row["denominator"]))]
    wrong += [(month, row["numerator"], nights_in_sql.get(month)) for month, row in nights.items()
              if int(nights_in_sql.get(month, 0)) != int(row["numerator"])]
    if wrong:
        sys.exit("\n".join(map(str, wrong)) + f"\n{len(wrong)} of {len(again) + len(nights)} months differ")
    print(f"DuckDB {duckdb.__version__}: missing_again and the nights of missing_nights from the same files, the whole by month, "
          f"{len(again) + len(nights)} months equal to ours: {seconds:.2f} s")


if __name__ == "__main__":
    main()
