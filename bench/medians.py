#!/usr/bin/env python3
"""Prints the medians of Google Benchmark's JSON files as one Markdown table.

Processor time is that of all threads together; other programs on the machine hardly change it, unlike the wall clock's.
The counter `items` (cells, voxels) gives the processor time per item.
"""
import json
import re
import sys

STANDARD = {"name", "run_name", "run_type", "repetitions", "threads", "aggregate_name", "aggregate_unit", "iterations",
            "real_time", "cpu_time", "time_unit", "items", "family_index", "per_family_instance_index"}

UNITS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}


def main():
    print("| benchmark | wall | spread (cv) | processor time | per item | |\n|---|---|---|---|---|---|")
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as text:
            runs = json.load(text)
        if "benchmarks" not in runs:
            continue
        cv = {r["run_name"]: r["real_time"] for r in runs["benchmarks"] if r.get("aggregate_name") == "cv"}
        for run in runs["benchmarks"]:
            if run.get("aggregate_name") != "median":
                continue
            name = re.sub("/(real_time|process_time|iterations:[0-9]+)", "", run["run_name"])
            unit = UNITS[run["time_unit"]]
            per_item = f"{run['cpu_time'] * unit / run['items']:.3g} ns" if run.get("items") else ""
            rest = ", ".join(f"{key} {run[key]:.3g}" for key in run if key not in STANDARD)
            print(f"| {name} | {run['real_time']:.3g} {run['time_unit']} | {100 * cv[run['run_name']]:.0f} % | {run['cpu_time']:.3g} {run['time_unit']} | {per_item} | {rest} |")


if __name__ == "__main__":
    main()
