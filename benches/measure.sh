#!/usr/bin/env bash
# The budgets of one authority, measured on this machine: build, memory, reading alone, serving, and the same measures in
# DuckDB. `benches/measure.sh`; needs cargo, python3 (with venv) and wrk. SIGHTLINE names another binary to measure;
# QUICK=1 leaves out what compiles more (the ratio to reading).
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(cargo metadata --format-version 1 --no-deps | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -z "${SIGHTLINE:-}" ]; then
    cargo build --release --locked
    SIGHTLINE="$target/release/sightline"
fi
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet duckdb

echo "machine: $(nproc) cores, $(awk '/MemTotal/ {printf "%.0f GB", $2 / 1e6}' /proc/meminfo), load $(cut -d' ' -f1 /proc/loadavg)"
XDG_DATA_HOME="$work/keys" "$work/venv/bin/python" benches/measure.py "$SIGHTLINE" "$work"
XDG_DATA_HOME="$work/keys" "$work/venv/bin/python" benches/in_duckdb.py "$SIGHTLINE" "$work/csv"

if [ -z "${QUICK:-}" ]; then
    cargo bench --locked --bench pipeline -- --noplot
    python3 - "$target/criterion/authority" <<'PY'
import json, pathlib, sys
folder = pathlib.Path(sys.argv[1])
def seconds(name):
    return json.loads((folder / name / "new/estimates.json").read_text())["median"]["point_estimate"] / 1e9
reading, ingest, release = (seconds(name) for name in ("read every input column", "ingest", "extracts to release"))
print(f"Parquet: reading every column {reading:.3f} s; reading and checking {ingest:.3f} s, {ingest / reading:.1f} times; "
      f"extracts to release {release:.3f} s, {release / reading:.1f} times")
PY
fi
