#!/usr/bin/env python3
"""bench/roadrunner_case.py BENCH_NETWORK_CASE [--cells N] [--instances M] [--rounds R] [--rtol T ...]   → JSON on stdout

One SBML network (the melanoma network, 27 states) in many cells with inputs of their own, in coupling steps of half an
hour over a day: ours in a batch of N cells against one libRoadRunner instance per cell, of which M take turns as N would,
on one core each. Both at the same tolerances; the error of both is the largest |y - reference| / (atol + rtol |reference|)
over the hours and states of eight cells, the reference being libRoadRunner (CVODE) at 1e-12.

CVODE's error exceeds its tolerance where ours does not, so libRoadRunner is also timed at the loosest tolerance (of those
a power of ten tighter) at which its error is at most what was asked for: `ratio_equal_error_…`.

Two ways to advance an instance are timed: `oneStep`, the leanest call there is, and `simulate(t, t + dt, 2)`, which
tissue simulators use. Loading instances and setting inputs is not timed on either side. Needs `pip install libroadrunner`.
"""
import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

try:
    import roadrunner
except ImportError:
    sys.exit("roadrunner_case.py needs libRoadRunner: pip install libroadrunner")

NETWORK = Path(__file__).resolve().parent.parent / "models/melanoma-tis/networks/melanoma.xml"
HOURS, STEP, SHOWN = 24, 0.5, 8
RELATIVE_TOLERANCES = [1e-3, 1e-4, 1e-6]


def drug(i):
    """As in network_case.cpp: nM fotemustine in the first hour."""
    return 14000.0 * ((i + 1) * 0.6180339887498949 % 1.0)


def sensitivity(i):
    return 0.5 + (i + 1) * 0.7548776662466927 % 1.0


def ours(program, cells, rtol, atol):
    out = subprocess.run([program, NETWORK, "--rtol", str(rtol), "--atol", str(atol), "--cells", str(cells), "--hours",
                          str(HOURS), "--dt", str(STEP), "--print", str(SHOWN)], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


def theirs(instances, rtol, atol, advance, names, shown):
    """Processor seconds for the day, and the states of the first `shown` cells at every hour."""
    for i, cell in enumerate(instances):
        cell.resetToOrigin()
        cell.integrator.relative_tolerance = rtol
        cell.integrator.absolute_tolerance = atol
        cell["damage_sensitivity"] = sensitivity(i)
    seconds, trace = 0.0, []
    for k in range(round(HOURS / STEP)):
        t = k * STEP
        for i, cell in enumerate(instances):
            cell["FTM_C"] = drug(i) if t < 1.0 else 0.0
        start = time.process_time()
        if advance == "oneStep":
            for cell in instances:
                cell.oneStep(t, STEP)
        else:
            for cell in instances:
                cell.simulate(t, t + STEP, 2)
        seconds += time.process_time() - start
        if (t + STEP) % 1.0 == 0.0:
            trace += [[cell[name] for name in names] for cell in instances[:shown]]
    return seconds, trace


def error(trace, reference, rtol, atol):
    return max(abs(y - r) / (atol + rtol * abs(r)) for row, exact in zip(trace, reference) for y, r in zip(row, exact))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--cells", type=int, default=100000)
    parser.add_argument("--instances", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rtol", type=float, nargs="+", default=RELATIVE_TOLERANCES,
                        help="relative tolerances; the absolute ones are a thousandth")
    a = parser.parse_args()
    names = ours(a.program, SHOWN, 1e-3, 1e-6)["states"]
    text = NETWORK.read_text()
    start = time.process_time()
    instances = [roadrunner.RoadRunner(text) for _ in range(a.instances)]
    loading = (time.process_time() - start) / a.instances
    _, reference = theirs(instances[:SHOWN], 1e-12, 1e-15, "oneStep", names, SHOWN)
    result = {"network": NETWORK.name, "states": len(names), "hours": HOURS, "coupling_step_h": STEP, "cells": a.cells,
              "instances": a.instances, "roadrunner": roadrunner.__version__, "loading_s_per_instance": loading,
              "unit": "microseconds of processor time per cell and simulated hour", "cases": []}
    for rtol in a.rtol:
        atol = 1e-3 * rtol
        tighter = 1.0
        while True:
            _, trace = theirs(instances[:SHOWN], rtol * tighter, atol * tighter, "oneStep", names, SHOWN)
            if error(trace, reference, rtol, atol) <= 1.0:
                break
            tighter /= 10.0
        times = {name: [] for name in ("ours", "oneStep", "simulate", "equal_error_oneStep", "equal_error_simulate")}
        for _ in range(a.rounds):
            run = ours(a.program, a.cells, rtol, atol)
            times["ours"].append(run["seconds"] / a.cells)
            for advance in ("oneStep", "simulate"):
                seconds, trace = theirs(instances, rtol, atol, advance, names, SHOWN)
                times[advance].append(seconds / a.instances)
                seconds, _ = theirs(instances, rtol * tighter, atol * tighter, advance, names, 0)
                times["equal_error_" + advance].append(seconds / a.instances)
        case = {"rtol": rtol, "atol": atol, "error_ours": error(run["trace"], reference, rtol, atol),
                "error_roadrunner": error(trace, reference, rtol, atol), "equal_error_rtol": rtol * tighter}
        for name, values in times.items():
            case[name] = 1e6 * statistics.median(values) / HOURS
        for name in list(times)[1:]:
            case["ratio_" + name] = case[name] / case["ours"]
        result["cases"].append(case)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
