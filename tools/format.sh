#!/usr/bin/env bash
# tools/format.sh [--check]   applies .clang-format to all C++ of the project; --check only compares, and lists what differs.
set -euo pipefail
cd "$(dirname "$0")/.."
formatter=$(command -v clang-format-14 || command -v clang-format) || { echo "format: clang-format 14 is missing: tools/setup.sh check" >&2; exit 2; }
files() { find src tests bench python/bindings -name '*.cpp' -o -name '*.h' | sort; }
if [ "${1:-}" = --check ]; then
  bad=$(files | while read -r file; do "$formatter" "$file" | cmp -s - "$file" || echo "$file"; done)
  [ -z "$bad" ] || { printf 'format: differs from .clang-format (make format):\n%s\n' "$bad" >&2; exit 1; }
  echo "format: $(files | wc -l) files as .clang-format asks"
else
  files | xargs "$formatter" -i
fi
