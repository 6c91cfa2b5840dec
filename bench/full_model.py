#!/usr/bin/env python3
"""Cost of the shipped melanoma model at about 1e5 cells in 3D, hour by hour while it is treated (bench/models/melanoma-100k.toml).

  bench/full_model.py                    a course of 4 d, then five single hours, one after another, each its own process
  bench/full_model.py --days 0.5 --hours 3 --threads 1

Told are seconds of processor time (user and system, all threads) and of wall time per simulated hour; processor time over the
number of threads is what a free machine would take at best. Each single hour counts with loading and saving its state, as
`senoma resume` does it; the course with start-up and output. Passes are told as shares of the wall time of the single hours.
Writes build/bench/full_model.json. SENOMA names the program (default build/release/senoma).
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
MODEL = ROOT / "bench/models/melanoma-100k.toml"


def timed(command):
    """(processor seconds, wall seconds) of a command."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    message = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(message.decode())
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start


def told(folder):
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    rows = (folder / "summary.csv").read_text(encoding="utf-8").splitlines()
    last = dict(zip((c.split("[")[0] for c in rows[0].split(",")), map(float, rows[-1].split(","))))
    return {"cells": run["cells"], "senescent": int(last["senescent"]), "viable": int(last["viable"]), "timings": run["timings"]}


def passes(timings):
    """Pass -> seconds since the start of the run; a resumed run goes on counting."""
    return {p["pass"]: p["seconds"] for p in timings["passes"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=float, default=4)
    parser.add_argument("--hours", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    program = os.environ.get("SENOMA", str(ROOT / "build/release/senoma"))
    common = ["-j", str(a.threads), "--checkpoint-every", "never", "--progress", "none"]
    course = round(24 * a.days)
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "run"
        cpu, wall = timed([program, "run", str(MODEL), "--seed", "1", "--until", f"{course} h", "--checkpoint-at", f"{course} h", "--out", str(out), *common])
        result = {"threads": a.threads, "course_h": course, "course_cpu_s": cpu, "course_wall_s": wall, "after_course": told(out), "hours": []}
        print(f"course of {course} h: {cpu / course:.2f} s of processor time, {wall / course:.2f} s of wall time per simulated hour; at its end "
              f"{result['after_course']['cells']} cells, {result['after_course']['senescent']} senescent", flush=True)
        for hour in range(course + 1, course + a.hours + 1):
            cpu, wall = timed([program, "resume", str(out), "--until", f"{hour} h", "--checkpoint-at", f"{hour} h", *common])
            result["hours"].append({"hour": hour, "cpu_s": cpu, "wall_s": wall, **told(out)})
            print(f"hour {hour}: {cpu:.2f} s of processor time, {wall:.2f} s of wall time", flush=True)
    cpu = [h["cpu_s"] for h in result["hours"]]
    print(f"median of {a.hours} hours: {statistics.median(cpu):.2f} s of processor time ({min(cpu):.2f}-{max(cpu):.2f}), "
          f"{statistics.median(cpu) / a.threads:.2f} s on each of {a.threads} threads")
    first, last = (passes(r["timings"]) for r in (result["after_course"], result["hours"][-1]))
    spent = {name: last[name] - first[name] for name in last}
    result["shares"] = {name: s / sum(spent.values()) for name, s in spent.items()}
    print("passes: " + ", ".join(f"{name} {100 * share:.0f} %" for name, share in sorted(result["shares"].items(), key=lambda p: -p[1])))
    target = ROOT / "build/bench/full_model.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
