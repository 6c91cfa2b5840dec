#!/usr/bin/env python3
"""Every number in models/ says where it comes from: a `source` and a `grade`, and a unit when it is physical.

`source` and `grade` may stand beside the value ({ value = …, source = …, grade = … }) or in a table around it; the nearest
counts, as in the program. Exempt are keys that describe the run and not the biology (STRUCTURAL). A bare number is
dimensionless; `senoma check` finds a missing unit, because every key has its dimension in the registry of src/model.
Numbers with a unit inside an expression ("0.02 [1/h] * …") count too. A cohort's variation whose source begins with "the prior of" has the
distribution that its parameter's prior says. Exit status 1 and one line per value without.
"""
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[1]
GRADES = {"found", "recalled", "computed", "assumption", "calibrated", "convention"}
NOTES = {"source", "grade", "prior", "note", "doc", "unit"}
# Key paths, * for one part; what lies below is exempt too. [profiles.X] and overrides by arm are read as the plain keys.
STRUCTURAL = """
compare.condition compare.fitted
model  domain  time  experiment  readout  extends  finding  cohort.seed
network.*.node  experiment.seeds
substrates.*.tolerance  substrates.*.undershoot_tolerance  substrates.*.time_tolerance
network.*.relative_tolerance  network.*.absolute_tolerance  network.*.inputs  network.*.time_unit
cell.*.initial  cell.*.arrival.maximum  cell.*.arrival.from  cell.*.arrival.until  cell.*.colour  cell.*.state.*.colour  cell.*.tumour
drug.*.schedule.at  drug.*.schedule.every  drug.*.schedule.times  drug.*.schedule.washout
drug.*.schedule.stop_below  drug.*.schedule.resume_above  drug.*.schedule.checked_every
intervention.from  intervention.until  intervention.by
compare.window  compare.map  compare.columns  compare.time_unit  compare.bootstrap
study.seeds  study.first_seed  study.levels  study.stage  study.best  study.time  study.timing
arm.donor_set.time  arm.donor_share  arm.name  arm.label  arm.colour  arm.seeds
"""
STRUCTURAL = [tuple(key.split(".")) for key in STRUCTURAL.split()]
QUANTITY = re.compile(r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?(\s*[A-Za-z%/µ1].*)?$")
UNIT_NUMBER = re.compile(r"\d\s*\[[^\]]*\]")


def is_structural(path):
    return any(len(path) >= len(key) and all(k in ("*", p) for k, p in zip(key, path)) for key in STRUCTURAL)


def is_number(value):
    if isinstance(value, bool):
        return False
    if isinstance(value, (int, float)):
        return True
    return isinstance(value, str) and bool(QUANTITY.match(value) or UNIT_NUMBER.search(value))


def split_key(key):
    """An override's key: 'drug.fotemustine.schedule[0].dose' → its parts, without indices."""
    return [part.strip('"') for part in re.findall(r'"[^"]*"|[^.\[\]]+', re.sub(r"\[[^\]]*\]", "", key))]


def names(path):
    """The path as the plain key: list indices, [profiles.X], `add` and an arm's, a study's or a context's `set` left out."""
    parts = [part for part in path if not isinstance(part, int)]
    if parts[:1] == ["profiles"]:
        parts = parts[2:]
    if parts[:1] == ["add"]:
        parts = [piece for part in parts[1:] for piece in split_key(part)]
    if parts[:1] == ["arm"] and len(parts) > 1 and parts[1] in ("set", "add"):
        parts = [piece for part in parts[2:] for piece in split_key(part)]
    if parts[:2] == ["study", "set"]:
        parts = [piece for part in parts[2:] for piece in split_key(part)]
    if parts[:1] == ["study"] and len(parts) > 2 and parts[1] in ("fidelity", "context", "drug") and parts[2] in ("set", "add"):
        parts = [piece for part in parts[3:] for piece in split_key(part)]
    if parts[:1] == ["context"] and len(parts) > 1 and parts[1] in ("set", "add"):
        parts = [piece for part in parts[2:] for piece in split_key(part)]
    return parts


def shown(path):
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def walk(value, path, around, faults, counts):
    if isinstance(value, dict):
        around = {**around, **{key: value[key] for key in ("source", "grade") if isinstance(value.get(key), str)}}
        if "grade" in value and value["grade"] not in GRADES:
            faults.append(f"{shown(path)}: grade {value['grade']!r} is none of {', '.join(sorted(GRADES))}")
        for key, below in value.items():
            if key in NOTES:
                continue
            # { value = … } is the value itself
            walk(below, path if key == "value" else path + [key], around, faults, counts)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            walk(below, path + [index], around, faults, counts)
    elif is_number(value):
        if is_structural(names(path)):
            counts["structural"] = counts.get("structural", 0) + 1
            return
        missing = [key for key in ("source", "grade") if not around.get(key)]
        if missing:
            faults.append(f"{shown(path)} = {value!r}: no {' and no '.join(missing)}")
        else:
            counts[around["grade"]] = counts.get(around["grade"], 0) + 1


def network_priors(folder):
    """Prior of every network.N.parameters.P in the *.toml files of a folder `networks`."""
    found = {}
    for path in sorted(folder.rglob("networks/*.toml")) if folder.is_dir() else []:
        for network, content in tomllib.loads(path.read_text(encoding="utf-8")).get("network", {}).items():
            for name, value in content.get("parameters", {}).items():
                if isinstance(value, dict) and "prior" in value:
                    found.setdefault(f"network.{network}.parameters.{name}", value["prior"])
    return found


def strays_from_prior(document, priors):
    faults = []
    for name, variation in document.get("cohort", {}).get("vary", {}).items():
        key = variation.get("key")
        if not str(variation.get("source", "")).startswith("the prior of"):
            continue
        if variation.get("distribution") != priors.get(key):
            faults.append(f"cohort.vary.{name}: {variation.get('distribution')} is not the prior of {key}, {priors.get(key)}")
    return faults


def main():
    folders = [pathlib.Path(name) for name in sys.argv[1:]] or [ROOT / "models"]
    bad, counts, files = 0, {}, 0
    priors = network_priors(ROOT / "models")
    for path in sorted(p for folder in folders for p in ([folder] if folder.is_file() else folder.rglob("*.toml"))):
        files += 1
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            print(f"{path}: {error}")
            bad += 1
            continue
        faults = []
        walk(document, [], {}, faults, counts)
        faults += strays_from_prior(document, priors)
        name = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        for fault in faults:
            print(f"{name}: {fault}")
        bad += len(faults)
    graded = ", ".join(f"{counts[grade]} {grade}" for grade in sorted(counts))
    print(f"models: {files} files; values: {graded or 'none'}; {bad} without source or grade")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
