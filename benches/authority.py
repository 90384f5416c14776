#!/usr/bin/env python3
"""Simulates one authority, builds it, and prints build time and memory: `benches/authority.py SIGHTLINE [FOLDER]`.

SIGHTLINE is the release binary. Python's standard library alone; the figures are those of this machine.
"""
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time


def run(*command):
    before = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - before


def main():
    sightline = sys.argv[1]
    folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(tempfile.mkdtemp()) / "authority"
    for form in ("csv", "parquet"):
        project = folder.with_name(f"{folder.name}-{form}")
        shutil.rmtree(project, ignore_errors=True)
        made = run(sightline, "simulate", "--children", "263000", "--known", "5000", "--months", "72", "--seed", "7",
                   "--format", form, "--out", str(project))
        times = []
        for _ in range(5):
            shutil.rmtree(project / "releases", ignore_errors=True)
            times.append(run(sightline, "build", str(project)))
        size = sum(file.stat().st_size for file in (project / "extracts").rglob("*") if file.is_file())
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{form}: {size / 1e6:.1f} MB of extracts, simulated in {made:.2f} s; "
              f"build {min(times):.2f} s at best, {sorted(times)[2]:.2f} s in the middle of five; "
              f"peak memory of any step so far {peak:.0f} MB")


if __name__ == "__main__":
    main()
