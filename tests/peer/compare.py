"""Compares an export of Sightline (restricted edition, CSV) with the peer's own figures; prints every difference.

    python3 tests/peer/compare.py EXPORT.csv PROJECT [--alternative NAME]... [--tolerance 0.0005]

Exit 0 where all agree, 1 where any differs. Only the whole partnership's months and quarters are compared. A level that
the export never has for a measure, and a figure of nought against an absent row, are told of but are no difference.
"""

import argparse
import csv
import sys
from collections import defaultdict

import peer_rules
from peer import rows

DEMANDED_PARTS = {"0-3", "4-10", "11-45", "over-45", "s3", "s10", "s45"}


def number(text):
    return float(text) if text not in ("", None) else None


def same(ours, theirs, tolerance):
    if ours is None or theirs is None:
        return ours is theirs
    return abs(ours - theirs) <= tolerance * max(1.0, abs(ours))


def read_export(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return {
            (row["measure"], row["level"], row["period"]): row
            for row in csv.DictReader(file)
            if row["dimension"] == "total" and "/" not in row["period"]
        }


def is_nought(cells):
    return all(number(cell) in (None, 0.0) for cell in cells)


def differences(export, peer, tolerance):
    """Differences by measure, and notes on what was not compared."""
    found, notes = defaultdict(list), defaultdict(list)
    levels = {key[:2] for key in export}
    measures = {key[0] for key in export}
    agreed = 0
    ours = {(row[0], row[3], row[1]): row[4:] for row in peer}
    for key, cells in sorted(ours.items()):
        measure, level, period = key
        theirs = export.get(key)
        if theirs is None:
            part = level.partition(":")[2]
            if measure not in measures:
                notes[measure].append("not in the export")
            elif (measure, level) not in levels and level != "total" and part not in DEMANDED_PARTS:
                notes[measure].append(f"{level} not in the export")
            elif is_nought(cells):
                notes[measure].append("periods of nought absent from the export")
            else:
                found[measure].append(f"{period} {level}: peer {cells}, absent from the export")
            continue
        flags = " ".join(filter(None, [
            theirs.get("symbol") or "", "provisional" if theirs.get("provisional") in ("true", "1", "yes") else ""]))
        wrong = []
        for name, mine in zip(("numerator", "denominator", "value"), cells):
            other = theirs[name]
            if same(number(mine), number(other), tolerance):
                continue
            if name == "numerator" and measure == "time_to_assessment":
                continue
            if name == "value" and measure == "time_to_assessment" and mine == "":
                notes[measure].append(f"{level}: the export gives a value where follow-up does not reach (reading 26)")
                continue
            if name == "denominator" and mine == "":
                notes[measure].append(f"{level}: the export gives a denominator the peer has not")
                continue
            wrong.append(f"{name} peer {mine or 'none'} export {other or 'none'}")
        if wrong:
            found[measure].append(f"{period} {level}: " + "; ".join(wrong) + (f" [{flags}]" if flags else ""))
        else:
            agreed += 1
    compared = {key[0] for key in ours}
    for key, theirs in sorted(export.items()):
        if key not in ours and key[0] in compared and key[1] in {other[1] for other in ours if other[0] == key[0]}:
            cells = [theirs["numerator"], theirs["denominator"], theirs["value"]]
            if not is_nought(cells):
                found[key[0]].append(f"{key[2]} {key[1]}: export {cells}, absent from the peer")
    return found, notes, agreed


def main():
    parser = argparse.ArgumentParser(description="an export against the peer's figures")
    parser.add_argument("export")
    parser.add_argument("project")
    parser.add_argument("--alternative", action="append", default=[])
    parser.add_argument("--tolerance", type=float, default=0.0005)
    asked = parser.parse_args()
    peer_rules.ALTERNATIVE.update(asked.alternative)
    if unknown := peer_rules.ALTERNATIVE - peer_rules.ALTERNATIVES:
        parser.error(f"no such alternative: {', '.join(sorted(unknown))}")
    found, notes, agreed = differences(read_export(asked.export), rows(asked.project), asked.tolerance)
    for measure, lines in sorted(notes.items()):
        for line in sorted(set(lines)):
            print(f"note: {measure}: {line}")
    for measure, lines in sorted(found.items()):
        print(f"{measure}: {len(lines)} differences")
        for line in lines:
            print(f"  {line}")
    print(f"{agreed} figures agree, {sum(map(len, found.values()))} differ")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
