#!/usr/bin/env python3
"""Repeats the calibration of models/verify/spheroid-oxygen.toml: see models/verify/calibration/spheroid-oxygen.md.

    python tools/verify/fit_spheroid.py --until 561.36          # search with the surrogate, a few minutes
    python tools/verify/fit_spheroid.py --senoma build/release/senoma --profile full --seeds 1

The first prints the four free parameters that minimise the sum of squared ln(simulated/published) over cells and
diameter at the published times up to --until, and their residuals at all times. The second runs the model file as it
stands and prints its residuals. Needs NumPy.
"""
import argparse
import csv
import math
import pathlib
import subprocess
import tempfile

import simplex
import spheroid_surrogate

ROOT = pathlib.Path(__file__).resolve().parents[2]
# name: (start, least, greatest); rise: oxygen_full - oxygen_rest
FREE = {"g0g1 [h]": (12.0, 3, 25), "oxygen_rest [mmHg]": (2.0, 0.2, 10), "rise [mmHg]": (8.0, 1, 38),
        "necrosis_rate [1/h]": (0.01, 0.001, 0.2)}


def published():
    with open(ROOT / "models/verify/data/freyer-sutherland-1986.csv", encoding="utf-8") as f:
        rows = csv.DictReader(line for line in f if not line.startswith("#"))
        return [tuple(float(row[k]) for k in ("hours", "cells", "diameter")) for row in rows]


def residuals(simulated, measured):
    return [(h, math.log(c / mc), math.log(d / md)) for (_, c, d), (h, mc, md) in zip(simulated, measured)]


def surrogate(point, measured):
    g0g1, rest, rise, necrosis = (math.exp(x) for x in point)
    return residuals(spheroid_surrogate.grow(g0g1, rest, rest + rise, necrosis, [m[0] for m in measured]), measured)


def cost(point, measured):
    outside = sum(max(0.0, math.log(low) - x, x - math.log(high)) ** 2 for x, (_, low, high) in zip(point, FREE.values()))
    return sum(c * c + d * d for _, c, d in surrogate(point, measured)) + 10 * outside


def show(rows):
    for h, c, d in rows:
        print(f"{h:8.2f} h  ln cells {c:+.3f}  ln diameter {d:+.3f}")
    for until in (270, 562):
        part = [r for r in rows if r[0] <= until]
        if part and (until == 270 or len(part) > 4):
            rms = [math.sqrt(sum(r[k] ** 2 for r in part) / len(part)) for k in (1, 2)]
            print(f"to {until} h: root mean square {rms[0]:.3f} cells, {rms[1]:.3f} diameter")


def run(senoma, profile, seed, measured):
    with tempfile.TemporaryDirectory() as folder:
        command = [senoma, "run", str(ROOT / "models/verify/spheroid-oxygen.toml"), "--seed", str(seed), "-o", folder + "/run",
                   "--progress", "none", "--checkpoint-every", "never"]
        subprocess.run(command + (["--profile", profile] if profile else []), check=True, stdout=subprocess.DEVNULL)
        with open(folder + "/run/summary.csv", encoding="utf-8") as f:
            rows = [{k.split("[")[0]: float(v) for k, v in row.items()} for row in csv.DictReader(f)]
    reached = [m for m in measured if m[0] <= rows[-1]["hours"] + 0.5]
    nearest = [min(rows, key=lambda r, h=m[0]: abs(r["hours"] - h)) for m in reached]
    return residuals([(r["hours"], r["cells"], r["diameter"]) for r in nearest], reached)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--until", type=float, default=561.36, help="last published time that is fitted, h")
    parser.add_argument("--evaluations", type=int, default=120)
    parser.add_argument("--senoma", help="the program; without it, the surrogate is fitted")
    parser.add_argument("--profile", default="", help="full: to 561.36 h")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    measured = published()[1:]  # the first is where the model starts
    if options.senoma:
        for seed in range(1, options.seeds + 1):
            print(f"seed {seed}")
            show(run(options.senoma, options.profile, seed, measured))
        return
    fitted = [m for m in measured if m[0] <= options.until]
    value, point = simplex.minimise(lambda p: cost(p, fitted), [math.log(v[0]) for v in FREE.values()], [0.3] * len(FREE),
                                    options.evaluations)
    print(f"sum of squares {value:.4f}")
    for name, x in zip(FREE, point):
        print(f"{name:22} {math.exp(x):.4g}")
    show(surrogate(point, measured))


if __name__ == "__main__":
    main()
