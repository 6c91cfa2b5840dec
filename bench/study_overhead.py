#!/usr/bin/env python3
"""What a study costs beside the runs of its members: planning, records, catalogue, tables and report.

  build/venv/bin/python bench/study_overhead.py            80 members of the melanoma model, well mixed, 60 d, five repeats
  build/venv/bin/python bench/study_overhead.py --seeds 10 --repeats 3

The same members run twice: by `senoma screen -j 1`, and bare, as Simulation after Simulation in memory (Model.run of the Python package, the
model loaded once per setting), which writes nothing. Told is the median ratio of their processor times; in each repeat both run, one after
the other. Writes build/bench/study_overhead.json. SENOMA names the program (default build/release/senoma).
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

import senoma as sm

ROOT = pathlib.Path(__file__).resolve().parents[1]
MODELS = ROOT / "models/melanoma-tis"
PROGRAM = os.environ.get("SENOMA", str(ROOT / "build/release/senoma"))
LEVELS = [0.5, 0.75, 0.95]
STUDY = f"""[study]
experiment = "{MODELS}/experiments/relapse-body.toml"
arm = "drug"
levels = {LEVELS}
contexts = ["well-mixed-nodule"]
set = {{ "time.duration" = "60 d" }}
[[study.context]]
name = "baseline"
[[study.target]]
name = "CCL2"
knock_down = "CCL2"
[[study.outcome]]
name = "mean burden"
better = "lower"
weight = 1
scale = 20
"""


def study(folder, seeds):
    """Processor seconds of the program."""
    file = pathlib.Path(folder) / "study.toml"
    file.write_text(STUDY)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([PROGRAM, "screen", str(file), "-s", f"study.seeds={seeds}", "-j", "1", "--progress", "none", "-o", f"{folder}/out"],
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def bare(seeds):
    """Processor seconds of this process."""
    start = processor_seconds()
    model = sm.Model.load(str(MODELS / "experiments/relapse-body.toml"), arm="drug", contexts=["well-mixed-nodule"])
    model = model.with_(**{"time.duration": "60 d"})
    for level in [None, *LEVELS]:
        one = model if level is None else model.with_(intervention=[{"knock_down": "CCL2", "by": level, "from": "0 d"}])
        for seed in range(1, seeds + 1):
            one.run(seed=seed, threads=1)
    return processor_seconds() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    a = parser.parse_args()
    rows = []
    for k in range(a.repeats):
        with tempfile.TemporaryDirectory() as folder:
            pair = (study(folder, a.seeds), bare(a.seeds)) if k % 2 == 0 else tuple(reversed((bare(a.seeds), study(folder, a.seeds))))
        rows.append(pair)
        print(f"study {pair[0]:.1f} s, bare runs {pair[1]:.1f} s of processor time: {100 * (pair[0] / pair[1] - 1):+.1f} %", flush=True)
    ratio = statistics.median(s / b for s, b in rows)
    print(f"{4 * a.seeds} members: the study costs {100 * (ratio - 1):+.1f} % over the bare runs (median of {a.repeats})")
    out = ROOT / "build/bench"
    out.mkdir(parents=True, exist_ok=True)
    (out / "study_overhead.json").write_text(json.dumps({"members": 4 * a.seeds, "repeats": rows, "ratio": ratio}, indent=1))


if __name__ == "__main__":
    main()
