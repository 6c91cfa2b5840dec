#!/usr/bin/env python3
"""Names source files over 400 lines and headers over 250 (docs/architecture.md). Past that, look for the second idea.

A warning only: the exit status is 0 unless --strict is given.
"""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
LIMITS = {".cpp": 400, ".h": 250, ".py": 400}


def main():
    long_files = []
    for folder in ("src", "include", "tests", "bench", "tools", "python"):
        for path in sorted((ROOT / folder).rglob("*")):
            limit = LIMITS.get(path.suffix)
            if limit and path.is_file():
                with open(path, encoding="utf-8") as text:
                    lines = sum(1 for _ in text)
                if lines > limit:
                    long_files.append((lines, limit, path.relative_to(ROOT)))
    for lines, limit, path in sorted(long_files, reverse=True):
        print(f"sizes: {path} has {lines} lines (limit {limit})")
    return 1 if long_files and "--strict" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
