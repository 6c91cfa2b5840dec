#!/usr/bin/env bash
# bench/run.sh BUILD_FOLDER   runs every micro-benchmark five times, writes BUILD_FOLDER/NAME.json, and prints the medians.
set -euo pipefail
build=$1
cd "$(dirname "$0")/.."
awk -F': ' '/model name/ {print "processor: " $2; exit}' /proc/cpuinfo
for source in bench/*_bench.cpp; do
  name=$(basename "$source" _bench.cpp)
  "$build/bench/bench_$name" --benchmark_repetitions=5 --benchmark_report_aggregates_only=true \
    --benchmark_out="$build/$name.json" --benchmark_out_format=json >/dev/null 2>&1 || { echo "bench_$name failed" >&2; exit 1; }
done
"$build/bench/bench_field_error_cost" "$build/field_error_cost.json"
python3 bench/medians.py "$build"/*.json
