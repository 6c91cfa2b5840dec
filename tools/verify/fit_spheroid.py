#!/usr/bin/env python3
"""Repeats the calibration of models/verify/spheroid-oxygen.toml: see models/verify/calibration/spheroid-oxygen.md.

    python tools/verify/fit_spheroid.py                                          # the surrogate alone, half a minute
    python tools/verify/fit_spheroid.py --senoma build/release/senoma --profile full --rounds 2     # corrected by the model
    python tools/verify/fit_spheroid.py --senoma build/release/senoma --profile full --seeds 1      # the file as it stands

Fitted are the four free parameters: least sum of squares of ln(simulated/published) over cells and diameter at the
published times from the second (the model starts at the first) up to --until. A round of correction runs the model
with the values found, takes what it differs from the surrogate by (in ln, at each time) as constant, and fits the
surrogate with that difference added; from then on only points that the profile reaches are fitted. Needs NumPy and SciPy.
"""
import argparse
import csv
import math
import pathlib
import subprocess
import sys

import numpy as np
from scipy.optimize import least_squares

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
    """Rows of hours, ln ratio of cells, ln ratio of diameters."""
    return np.array([(h, math.log(c / mc), math.log(d / md)) for (_, c, d), (h, mc, md) in zip(simulated, measured)])


def surrogate(values, measured):
    g0g1, rest, rise, necrosis = values
    return residuals(spheroid_surrogate.grow(g0g1, rest, rest + rise, necrosis, [m[0] for m in measured]), measured)


def fit(measured, difference, start):
    """Values that bring surrogate + difference closest to what was measured."""
    low, high = (np.log([v[k] for v in FREE.values()]) for k in (1, 2))
    found = least_squares(lambda x: (surrogate(np.exp(x), measured) + difference)[:, 1:].ravel(), np.log(start), bounds=(low, high),
                          diff_step=0.03, max_nfev=15)
    return np.exp(found.x)


def show(rows):
    for h, c, d in rows:
        print(f"{h:8.2f} h  ln cells {c:+.3f}  ln diameter {d:+.3f}")
    for until in (270, 562):
        part = rows[rows[:, 0] <= until]
        if until == 270 or len(part) > 4:
            rms = np.sqrt((part[:, 1:] ** 2).mean(axis=0))
            print(f"to {until} h: root mean square {rms[0]:.3f} cells, {rms[1]:.3f} diameter", flush=True)


def run(options, seed, measured, folder, values=None):
    """Residuals of the model at the published times that it reaches. A finished run in the folder is taken as it is."""
    command = [options.senoma, "run", str(ROOT / "models/verify/spheroid-oxygen.toml"), "--seed", str(seed), "-o", str(folder),
               "-j", str(options.threads), "--progress", "none"]
    command += ["--profile", options.profile] if options.profile else []
    if values is not None:
        g0g1, rest, rise, necrosis = values
        for key, value in (("cell.EMT6.cycle.g0g1", f"{g0g1:.4g} h"), ("parameters.oxygen_rest", f"{rest:.4g} mmHg"),
                           ("parameters.oxygen_full", f"{rest + rise:.4g} mmHg"), ("parameters.necrosis_rate", f"{necrosis:.4g} 1/h")):
            command += ["-s", f"{key}={value}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    with open(folder / "summary.csv", encoding="utf-8") as f:
        rows = [{k.split("[")[0]: float(v) for k, v in row.items()} for row in csv.DictReader(f)]
    hours, cells, diameter = (np.array([r[k] for r in rows]) for k in ("hours", "cells", "diameter"))
    reached = [m for m in measured if m[0] <= hours[-1] + 0.5]
    return residuals([(m[0], np.interp(m[0], hours, cells), np.interp(m[0], hours, diameter)) for m in reached], reached)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--until", type=float, default=561.36, help="last published time that is fitted, h")
    parser.add_argument("--senoma", help="the program; without it, the surrogate alone is fitted")
    parser.add_argument("--profile", default="", help="full: to 561.36 h")
    parser.add_argument("--rounds", type=int, default=0, help="of correction by the model; 0: judge the file as it stands")
    parser.add_argument("--seeds", type=int, default=3, help="with which the file as it stands is judged")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "out/fit-spheroid", help="where the runs lie")
    options = parser.parse_args()
    measured = published()[1:]  # the first is where the model starts
    if options.senoma and not options.rounds:
        for seed in range(1, options.seeds + 1):
            print(f"seed {seed}")
            show(run(options, seed, measured, options.out / f"{options.profile or 'standard'}-seed-{seed}"))
        return
    fitted = [m for m in measured if m[0] <= options.until]
    values, difference = np.array([v[0] for v in FREE.values()]), 0.0
    for step in range(options.rounds + 1):
        values = fit(fitted, difference, values)
        print(f"round {step}, " + ", ".join(f"{name} {x:.4g}" for name, x in zip(FREE, values)) + ": surrogate")
        show(surrogate(values, measured))
        if options.senoma:
            rows = run(options, 1, fitted, options.out / f"round-{step}", values)
            print("the model with these values")
            show(rows)
            fitted = fitted[: len(rows)]
            difference = rows - surrogate(values, fitted)
            difference[:, 0] = 0


if __name__ == "__main__":
    main()
