#!/usr/bin/env python3
"""Fits the BRAF part of the melanoma network to measured growth rates under PLX4720 and predicts the doses left out.

Data: QuLab cell counts (DIP_rate_NatMeth2015), read from $SENOMA_SHARED/data/qulab_melanoma_timecourses; not copied.
Measured rate: slope of log2(count) over 15-100 h in each well by least squares, then the mean over wells of a dose.
Model: d ln N/dt = r proliferation(t) - apoptosis_hazard(t), both outputs of the network (so the rebound of ERK inside the
window counts), sampled at the assay's own times and regressed in the same way. r is set by the control rate.
Fitted on control and every second dose; the doses between are predicted. Writes lines/*.toml and
calibration/brafi.md.
"""
import csv
import os
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

sys.path.insert(0, str(Path(__file__).parent))
from simulate import ROOT, Network  # noqa: E402

WINDOW = (15.0, 100.0)
LINES = ("A375", "A2058", "WM115", "SKMEL5")
FITTED = (0, 2, 4, 6, 8)  # indices into the ten doses: control and every second dose
# name -> (start, lower, upper, penalised distance from the start in units of log)
FREE = {"ec50_brafi": (500.0, 30.0, 60000.0), "erk_rebound": (0.3, 0.02, 6.0), "ec50_offtarget": (20000.0, 4000.0, 400000.0)}
SHRINK = 0.0004  # doublings/h that a factor e away from the start costs: keeps undetermined parameters at their start


def data_file():
    shared = Path(os.environ.get("SENOMA_SHARED", ROOT.parent / "shared"))
    return shared / "data/qulab_melanoma_timecourses/mel_plx_time_course.csv"


def measured(path):
    """line -> list of (dose nM, mean slope, sd over wells, wells, times)."""
    wells = defaultdict(list)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            time = float(row["rel.time"])
            if WINDOW[0] <= time <= WINDOW[1]:
                wells[row["cellLine"], round(float(row["Conc"]) * 1e9, 3), row["UID"]].append((time, float(row["cell.count"])))
    slopes = defaultdict(lambda: defaultdict(list))
    times = {}
    for (line, dose, _), points in wells.items():
        t, n = np.array(sorted(points)).T
        slopes[line][dose].append(np.polyfit(t, np.log2(n), 1)[0])
        times[line] = t
    return {line: [(dose, np.mean(s), np.std(s, ddof=1), len(s)) for dose, s in sorted(by.items())] for line, by in slopes.items()}, times


def predicted_rate(network, dose, rate_per_h, parameters, times):
    run = network.run(102, [(0, {"BRAFI_C": dose})], parameters, step=0.5)
    growth = rate_per_h * run["proliferation"] - run["apoptosis_hazard"]
    log2n = np.concatenate([[0], np.cumsum(0.5 * (growth[1:] + growth[:-1]) * np.diff(run["time"]))]) / np.log(2)
    return np.polyfit(times, np.interp(times, run["time"], log2n), 1)[0]


def division_rate(network, control, times):
    """The base division rate (1/h) for which the network's control growth rate is the measured one."""
    a, b = (predicted_rate(network, 0.0, r, {}, times) for r in (0.0, 0.03))
    return 0.03 * (control - a) / (b - a)


def fit_line(network, rows, times):
    rate = division_rate(network, rows[0][1], times)
    names = list(FREE)
    start = np.log([FREE[n][0] for n in names])

    def residuals(x):
        p = dict(zip(names, np.exp(x)))
        misfit = [predicted_rate(network, rows[i][0], rate, p, times) - rows[i][1] for i in FITTED[1:]]
        return np.concatenate([misfit, SHRINK * (x - start)]) * 1000

    bounds = (np.log([FREE[n][1] for n in names]) - 1e-9, np.log([FREE[n][2] for n in names]) + 1e-9)
    best = None
    for first in (100.0, 500.0, 3000.0, 15000.0):
        guess = start.copy()
        guess[0] = np.log(first)
        trial = least_squares(residuals, guess, bounds=bounds, diff_step=1e-3)
        if best is None or trial.cost < best.cost:
            best = trial
    return rate, {n: float(f"{v:.4g}") for n, v in zip(names, np.exp(best.x))}


def main():
    if not data_file().exists():
        print("the measured counts are not here: set SENOMA_SHARED to the folder that holds data/")
        return 0
    network = Network()
    table, times = measured(data_file())
    report, errors = [], {True: [], False: []}
    for line in LINES:
        rows = table[line]
        rate, p = fit_line(network, rows, times[line])
        rate = float(f"{rate:.5g}")
        report += ["", f"## {line}", "", f"Control doubling time {1 / rows[0][1]:.1f} h; base division rate {rate:.4f} 1/h; "
                   + ", ".join(f"{k} {v:g}" for k, v in p.items()) + ".", "",
                   "| dose uM | measured | sd over wells (n) | model | error | |", "|---|---|---|---|---|---|"]
        line_errors = {True: [], False: []}
        for i, (dose, slope, sd, n) in enumerate(rows):
            model = predicted_rate(network, dose, rate, p, times[line])
            fitted = i in FITTED
            errors[fitted].append(model - slope)
            line_errors[fitted].append(model - slope)
            report.append(f"| {dose / 1000:g} | {slope:.4f} | {sd:.4f} ({n}) | {model:.4f} | {model - slope:+.4f} | {'fitted' if fitted else 'predicted'} |")
        rmse = {k: np.sqrt(np.mean(np.square(v))) for k, v in line_errors.items()}
        report += ["", f"RMS error: fitted {rmse[True]:.4f}, predicted {rmse[False]:.4f} doublings/h."]
        print(line, f"Td {1 / rows[0][1]:.2f} h r {rate:.5f}", p, f"rms fitted {rmse[True]:.4f} predicted {rmse[False]:.4f}")
        src = 'source = "fitted to PLX4720 growth rates of QuLab-VU/DIP_rate_NatMeth2015 (control and every second dose), tools/networks/fit_brafi.py", grade = "calibrated"'
        toml = [f"# {line}: what differs from the network's defaults. Made by tools/networks/fit_brafi.py.",
                f"# Measured control doubling time: {1 / rows[0][1]:.1f} h (QuLab-VU/DIP_rate_NatMeth2015, slope of log2 count over 15-100 h, mean of 6 wells).",
                "", "[cell.melanoma.cycle]",
                f'duration = {{ value = "{1 / rate:.3f} h", {src.replace("fitted to", "division rate at proliferation 1; fitted to")} }}',
                "", "[network.melanoma.parameters]",
                f'ec50_brafi = {{ value = "{p["ec50_brafi"]:g} nM", {src} }}',
                f'erk_rebound = {{ value = {p["erk_rebound"]:g}, {src} }}',
                f'ec50_offtarget = {{ value = "{p["ec50_offtarget"]:g} nM", {src} }}']
        (ROOT / f"models/melanoma-tis/lines/{line}.toml").write_text("\n".join(toml) + "\n")
    total = {k: np.sqrt(np.mean(np.square(v))) for k, v in errors.items()}
    print(f"all lines: rms fitted {total[True]:.5f}, predicted {total[False]:.5f} doublings/h")
    head = ["# Growth under PLX4720: measured, fitted, predicted", "",
            "Growth rates in doublings/h, slope of log2(count) over 15-100 h, mean of per-well slopes; counts of QuLab-VU/DIP_rate_NatMeth2015",
            "(Harris et al. 2016, Nat Methods 13:497). Fitted on control and every second dose, the others predicted. Same window and regression",
            "for the model, `d ln N/dt = r proliferation - apoptosis_hazard` from `networks/melanoma.xml`. Free in each line: `ec50_brafi`,",
            "`erk_rebound`, `ec50_offtarget`; shared: `hill_brafi`, `hill_offtarget`, `k_dusp`, `cdk_erk_half`. Made by `tools/networks/fit_brafi.py`.", "",
            f"**RMS error over the four lines: fitted {total[True]:.4f}, predicted {total[False]:.4f} doublings/h** (wanted: predicted <= 0.004)."]
    (ROOT / "models/melanoma-tis/calibration/brafi.md").write_text("\n".join(head + report) + "\n")
    return 0 if total[False] <= 0.004 else 1


if __name__ == "__main__":
    sys.exit(main())
