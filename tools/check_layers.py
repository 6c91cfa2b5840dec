#!/usr/bin/env python3
"""Holds the #include lines of src/ to the table of rooms in docs/architecture.md.

A row of the table: | layer | room | owns | may include |. The last cell lists rooms, or single headers as `room/file.h`;
"–" is nothing. A room may always include itself. Exit status 1 and one line per violation.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "architecture.md"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


def table():
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == 4 and cells[0].isdigit():
            rows[cells[1].strip("`")] = (int(cells[0]), set(re.findall(r"[a-z_]+(?:/[a-z_]+\.h)?", cells[3])))
    return rows


def faults_of_table(rows):
    for room, (layer, allowed) in rows.items():
        for entry in sorted(allowed):
            other = entry.split("/")[0]
            if other not in rows:
                yield f"{TABLE.name}: {room} may include '{entry}', which is not a room"
            elif rows[other][0] > layer:
                yield f"{TABLE.name}: {room} (layer {layer}) may not include {other} (layer {rows[other][0]})"


def cycles(rows):
    state = {}

    def visit(room, path):
        if state.get(room) == "done":
            return
        if room in path:
            yield f"{TABLE.name}: a circle: {' → '.join(path[path.index(room):] + [room])}"
            return
        for entry in sorted(rows[room][1]):
            other = entry.split("/")[0]
            if other in rows:
                yield from visit(other, path + [room])
        state[room] = "done"

    for room in rows:
        yield from visit(room, [])


def faults_of_sources(rows):
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix not in (".h", ".cpp"):
            continue
        room = path.relative_to(ROOT / "src").parts[0]
        name = path.relative_to(ROOT)
        if room not in rows:
            yield f"{name}: room '{room}' is not in the table"
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = INCLUDE.match(line)
            if not found:
                continue
            header = found[1]
            other = header.split("/")[0]
            if "/" not in header or not ((ROOT / "src" / header).exists() or (ROOT / "include" / header).exists() or other in rows):
                yield f'{name}:{number}: "{header}" is no file of a room; includes are written from src/, others\' in <>'
            elif other != room and other != "senoma" and not {other, header} & rows[room][1]:
                yield f"{name}:{number}: {room} may not include {header}"


def main():
    rows = table()
    if not rows:
        print(f"layers: no table found in {TABLE.relative_to(ROOT)}", file=sys.stderr)
        return 2
    faults = [*faults_of_table(rows), *cycles(rows), *faults_of_sources(rows)]
    for fault in faults:
        print(fault)
    print(f"layers: {len(rows)} rooms, {len(faults)} violations")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
