#!/usr/bin/env python3
"""Members per minute of the well-mixed fidelity: the full melanoma model, 249 cells at the start, 60 days (bench/models/well-mixed.toml).

  bench/well_mixed.py                    64 members of the arm "drug", on two threads
  bench/well_mixed.py --members 200 --threads 1
  bench/well_mixed.py --steps            readouts at coupling steps of 4 h to 15 min, paired by seed: what the step costs in accuracy

Told are seconds of processor time (user and system) and of wall time per member, the loading of the model, all outputs and the
report included, and what 1000 members would take on two free cores: half of their processor time. Writes
build/bench/well_mixed.json. SENOMA names the program (default build/release/senoma).
"""
import argparse
import csv
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
MODEL = ROOT / "bench/models/well-mixed.toml"
PROGRAM = os.environ.get("SENOMA", str(ROOT / "build/release/senoma"))
MEASURES = ["nadir[%]", "nadir_day[d]", "time_to_relapse[d]", "senescent_peak[%]", "peak_CCL2[nM]", "end_burden[%]"]


def timed(command):
    """(processor seconds, wall seconds) of a command."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(message.decode())
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start


def members(folder, n, threads, step):
    """Runs n members; (processor seconds, wall seconds, rows of arms.csv)."""
    out = pathlib.Path(folder) / "run"
    cpu, wall = timed([PROGRAM, "run", str(MODEL), "--arm", "drug", "--seeds", str(n), "-s", f'time.step="{step}"', "-j", str(threads),
                       "--progress", "none", "--out", str(out)])
    with open(out / "arms.csv", encoding="utf-8") as file:
        return cpu, wall, list(csv.DictReader(file))


def speed(a):
    with tempfile.TemporaryDirectory() as folder:
        cpu, wall, rows = members(folder, a.members, a.threads, "2 h")
    cells = statistics.median(float(row["end viable"]) for row in rows)
    result = {"members": a.members, "threads": a.threads, "processor_seconds": cpu / a.members, "wall_seconds": wall / a.members,
              "minutes_per_1000": 1000 * cpu / a.members / 120, "viable_at_end": cells}
    print(f"{a.members} members, {a.threads} threads: {cpu / a.members:.3f} s of processor time and {wall / a.members:.3f} s of wall time each; "
          f"median of {cells:.0f} viable cells at the end")
    print(f"1000 members on two free cores: {result['minutes_per_1000']:.1f} min")
    return result


def steps(a):
    table = {}
    for step in ["15 min", "30 min", "1 h", "2 h", "4 h"]:
        with tempfile.TemporaryDirectory() as folder:
            table[step] = members(folder, a.members, a.threads, step)[2]
    finest = table["15 min"]
    result = {}
    print("mean difference to steps of 15 min (standard error), paired by seed; first line: mean and standard deviation over seeds")
    print("step      " + "".join(f"{m:>22}" for m in MEASURES))
    for step, rows in table.items():
        texts = []
        for m in MEASURES:
            pairs = [(float(r[m]), float(f[m])) for r, f in zip(rows, finest)]
            known = [(x, y) for x, y in pairs if not math.isnan(x) and not math.isnan(y)]
            values = [y if rows is finest else x - y for x, y in known]
            spread = statistics.stdev(values) if len(values) > 1 else 0.0
            error = spread if rows is finest else spread / math.sqrt(len(values))
            texts.append(f"{statistics.mean(values):.3g} ({error:.2g})")
            result.setdefault(step, {})[m] = [statistics.mean(values), error, len(values)]
        print(f"{step:10}" + "".join(f"{t:>22}" for t in texts))
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", action="store_true")
    a = parser.parse_args()
    result = steps(a) if a.steps else speed(a)
    path = ROOT / "build/bench" / ("well_mixed_steps.json" if a.steps else "well_mixed.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
