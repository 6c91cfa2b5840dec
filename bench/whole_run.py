#!/usr/bin/env python3
"""One simulated hour of a spheroid in 3D with oxygen, live cycle and mechanics, for several numbers of cells.

  bench/whole_run.py                      10^4, 5·10^4, 10^5, 2.5·10^5 cells with 1 and 2 threads, beside PhysiCell
  bench/whole_run.py --scale              10^3 to 10^6 cells: log-log slope of the cost, slope of the peak memory
  bench/whole_run.py --sizes 1e4 --threads 1 --runs 5

Writes build/bench/whole_run.json (or scale.json) and prints a table of medians. The model is bench/models/oxygen-100k.toml
with the cube, the sphere and the count scaled. SENOMA names the program (default build/release/senoma).
"""
import argparse
import json
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
SIDE = {10_000: 600, 50_000: 880, 100_000: 1080, 250_000: 1400}  # um, of PhysiCell's benchmark case
PHYSICELL = {10_000: 25.0, 50_000: 143.0, 100_000: 305.0, 250_000: 824.0}  # s, 1.14.2, two threads, this kind of machine
STANDARD = [10_000, 50_000, 100_000, 250_000]
SCALE = [1_000, 10_000, 50_000, 100_000, 250_000, 1_000_000]


def model_of(cells):
    size = (cells / 1e5) ** (1 / 3)
    side = SIDE.get(cells, 20 * round(1080 * size / 20))
    text = (ROOT / "bench/models/oxygen-100k.toml").read_text(encoding="utf-8")
    for pattern, value in (
        (r'size = \["1080 um", "1080 um", "1080 um"\]', f'size = ["{side} um", "{side} um", "{side} um"]'),
        (r'radius = "450 um"', f'radius = "{450 * size + 5:.1f} um"'),
        (r"count = 100000", f"count = {cells}"),
        (r'title = "1e5 cells', f'title = "{cells} cells'),
    ):
        text, found = re.subn(pattern, value, text)
        if found != 1:
            sys.exit(f"bench/models/oxygen-100k.toml has no {pattern}")
    return text


def simulate(program, model, out, threads, *more):
    start = time.perf_counter()
    command = [program, "run", str(model), "--out", str(out), "-j", str(threads), "--progress", "none", *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    elapsed = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(done.stderr)
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    timings = run["timings"]
    return {
        "elapsed_s": elapsed,
        "wall_s": timings["wall_seconds"],
        "cells_at_end": run["cells"],
        "peak_bytes": timings["peak_memory_bytes"],
        "passes_s": {p["pass"]: p["seconds"] for p in timings["passes"]},
    }


def measure(program, cells, threads, runs):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        model = folder / "model.toml"
        model.write_text(model_of(cells), encoding="utf-8")
        results = [simulate(program, model, folder / f"run-{k}", threads) for k in range(runs)]
        empty = simulate(program, model, folder / "start", threads, "--until", "0 min", "--checkpoint-every", "never")
    wall = [r["wall_s"] for r in results]
    return {
        "cells": cells,
        "threads": threads,
        "runs": runs,
        "wall_s": statistics.median(wall),
        "wall_min_s": min(wall),
        "wall_max_s": max(wall),
        "peak_bytes": statistics.median(r["peak_bytes"] for r in results),
        "start_and_first_frame_s": empty["elapsed_s"],
        "passes_s": results[0]["passes_s"],
        "cells_at_end": results[0]["cells_at_end"],
    }


def slope(x, y):
    lx, ly = [math.log(v) for v in x], [math.log(v) for v in y]
    mx, my = statistics.mean(lx), statistics.mean(ly)
    return sum((a - mx) * (b - my) for a, b in zip(lx, ly)) / sum((a - mx) ** 2 for a in lx)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", action="store_true")
    parser.add_argument("--sizes", type=lambda t: [int(float(v)) for v in t.split(",")])
    parser.add_argument("--threads", type=lambda t: [int(v) for v in t.split(",")])
    parser.add_argument("--runs", type=int, default=5)
    a = parser.parse_args()
    sizes = a.sizes or (SCALE if a.scale else STANDARD)
    threads = a.threads or ([2] if a.scale else [1, 2])
    program = os.environ.get("SENOMA", str(ROOT / "build/release/senoma"))
    rows = []
    print("  cells  threads   s per simulated hour (range)     us per cell   B peak per cell   start, first frame   PhysiCell")
    for n in threads:
        for cells in sizes:
            r = measure(program, cells, n, a.runs)
            rows.append(r)
            other = f"{PHYSICELL[cells]:.0f} s, {PHYSICELL[cells] / r['wall_s']:.0f}x" if cells in PHYSICELL and n == 2 else ""
            print(f"{cells:>8} {n:>6}   {r['wall_s']:>8.3f} ({r['wall_min_s']:.3f}-{r['wall_max_s']:.3f})"
                  f" {1e6 * r['wall_s'] / cells:>14.2f} {r['peak_bytes'] / cells:>14.0f}"
                  f" {r['start_and_first_frame_s']:>14.2f} s          {other}", flush=True)
    summary = {}
    for n in threads:
        mine = [r for r in rows if r["threads"] == n]
        if len(mine) < 3:
            continue
        work = [sum(r["passes_s"].values()) for r in mine]
        summary[f"slope_{n}_threads"] = slope(sizes, [r["wall_s"] for r in mine])
        summary[f"slope_of_passes_{n}_threads"] = slope(sizes, work)
        by_size = {r["cells"]: r for r in mine}
        if 100_000 in by_size and 1_000_000 in by_size:
            more = by_size[1_000_000]["peak_bytes"] - by_size[100_000]["peak_bytes"]
            summary["bytes_per_further_cell"] = more / 900_000
    for name, value in summary.items():
        print(f"{name.replace('_', ' ')}: {value:.3g}")
    out = ROOT / "build/bench" / ("scale.json" if a.scale else "whole_run.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"rows": rows, "summary": summary}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
