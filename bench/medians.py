#!/usr/bin/env python3
"""Prints the medians of Google Benchmark's JSON files as one Markdown table."""
import json
import re
import sys

STANDARD = {"name", "run_name", "run_type", "repetitions", "threads", "aggregate_name", "aggregate_unit", "iterations",
            "real_time", "cpu_time", "time_unit", "family_index", "per_family_instance_index"}


def main():
    print("| benchmark | wall | spread (cv) | processor time | |\n|---|---|---|---|---|")
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
            rest = ", ".join(f"{key} {run[key]:.3g}" for key in run if key not in STANDARD)
            print(f"| {name} | {run['real_time']:.3g} {run['time_unit']} | {100 * cv[run['run_name']]:.0f} % | {run['cpu_time']:.3g} {run['time_unit']} | {rest} |")


if __name__ == "__main__":
    main()
