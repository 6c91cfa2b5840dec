#!/usr/bin/env bash
# tools/fuzz.sh [SECONDS]   builds the fuzzers (preset fuzz) and runs each for SECONDS (default 20) on its corpus.
# New inputs stay in build/fuzz/corpus/NAME; a crash is left in build/fuzz/crashes and ends with status 1.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
tools/setup.sh build check
launcher=()
command -v ccache >/dev/null && launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
cmake --preset fuzz "${launcher[@]}" >/dev/null
names=()
for source in tests/fuzz/*_fuzz.cpp; do names+=("$(basename "$source" _fuzz.cpp)"); done
cmake --build build/fuzz -j "${JOBS:-$(nproc)}" --target "${names[@]/#/fuzz_}"
mkdir -p build/fuzz/crashes
status=0
for name in "${names[@]}"; do
  dictionary=()
  [ ! -e "tests/fuzz/$name.dict" ] || dictionary=(-dict="tests/fuzz/$name.dict")
  mkdir -p "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name"
  log=build/fuzz/$name.log
  if build/fuzz/tests/fuzz/fuzz_"$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 "${dictionary[@]}" \
    -artifact_prefix="build/fuzz/crashes/$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1; then
    echo "fuzz: $name: $(awk '/number_of_executed_units/ {print $2}' "$log") inputs in $seconds s, no fault"
  else
    echo "fuzz: $name FAILED"
    tail -30 "$log"
    status=1
  fi
done
exit $status
