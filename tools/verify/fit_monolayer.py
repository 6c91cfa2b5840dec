#!/usr/bin/env python3
"""Repeats the calibration of models/verify/monolayer.toml: see models/verify/calibration/monolayer.md.

    python tools/verify/fit_monolayer.py --senoma build/release/senoma --half 2.2 2.6 3.0

Runs the model with each half-pressure of contact inhibition (about a minute each) and prints ln(simulated/published) of
the radius and its root mean square. Standard library alone.
"""
import argparse
import csv
import math
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def published():
    with open(ROOT / "models/verify/data/bru-1998.csv", encoding="utf-8") as f:
        rows = csv.DictReader(line for line in f if not line.startswith("#"))
        return [(float(row["hours"]), float(row["radius"])) for row in rows]


def radii(senoma, half, seed):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([senoma, "run", str(ROOT / "models/verify/monolayer.toml"), "--seed", str(seed), "-o", folder + "/run",
                        "-s", f"cell.C6.rule[0].half={half}", "--progress", "none", "--checkpoint-every", "never"],
                       check=True, stdout=subprocess.DEVNULL)
        with open(folder + "/run/summary.csv", encoding="utf-8") as f:
            return [(float(row["hours[h]"]), float(row["radius[um]"])) for row in csv.DictReader(f)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--senoma", required=True)
    parser.add_argument("--half", type=float, nargs="+", required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    measured = published()[1:]  # the first is where the model starts
    for half in options.half:
        simulated = radii(options.senoma, half, options.seed)
        errors = [math.log(min(simulated, key=lambda s, t=t: abs(s[0] - t))[1] / radius) for t, radius in measured]
        print(f"half {half:g}: {' '.join(f'{e:+.3f}' for e in errors)}  root mean square "
              f"{math.sqrt(sum(e * e for e in errors) / len(errors)):.3f}")


if __name__ == "__main__":
    main()
