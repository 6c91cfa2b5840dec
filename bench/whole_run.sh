#!/usr/bin/env bash
# One simulated hour of 1e5 cells in 3D with oxygen, N times (default 5): wall time and peak memory of each run, and the median.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-5}
program=${SENOMA:-build/release/senoma}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for i in $(seq "$runs"); do
  "$program" run bench/models/oxygen-100k.toml --out "$folder/run-$i" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
  python3 - "$folder/run-$i/run.json" <<'PY'
import json, sys
run = json.load(open(sys.argv[1]))
t = run["timings"]
print(f"{run['cells']} cells: {t['wall_seconds']:.2f} s, {t['peak_memory_bytes'] / run['cells']:.0f} B of peak memory per cell, {run['threads']} threads")
PY
done
