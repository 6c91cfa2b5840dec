#!/usr/bin/env python3
"""Checks that melanoma.toml and melanoma.xml agree, and the same pair of the full mode: same names, equal values, same units; source and grade on every value."""
import re
import sys
import tomllib
from pathlib import Path

import libsbml

ROOT = Path(__file__).resolve().parents[2]
NETWORKS = [ROOT / "models/melanoma-tis/networks" / name for name in ("melanoma", "melanoma-full")]
UNIT = {"": "dimensionless", "1/h": "per_hour", "nM": "nanomolar", "1/nM/h": "per_nanomolar_hour",
        "molecules/min": "molecules_per_minute", "h": "hour", "1/Gy": "per_gray"}
GRADES = {"found", "recalled", "computed", "assumption", "calibrated"}
PRIOR = re.compile(r"^(uniform|loguniform)\(([-\d.e+]+), ([-\d.e+]+)\)$")


def quantity(value):
    if isinstance(value, str):
        number, unit = value.split(" ", 1)
        return float(number), unit
    return float(value), ""


def problems(network):
    table = tomllib.loads(network.with_suffix(".toml").read_text())["network"]["melanoma"]
    document = libsbml.readSBMLFromFile(str(network.with_suffix(".xml")))
    model = document.getModel()
    if (document.getLevel(), document.getVersion()) != (3, 1):
        yield f"{network.name}.xml is not SBML Level 3 Version 1"
    document.checkConsistency()
    for i in range(document.getNumErrors()):
        yield f"libSBML: {document.getError(i).getMessage().strip()}"
    ruled = {r.getVariable(): r for r in model.getListOfRules()}
    entries = {**table["parameters"], **table["initial"]}
    in_sbml = {s.getId() for s in model.getListOfSpecies()}
    inputs = set(table["inputs"])
    in_sbml |= {p.getId() for p in model.getListOfParameters() if p.getId() not in ruled or ruled[p.getId()].isRate()}
    in_sbml -= inputs
    for name in sorted(in_sbml ^ set(entries)):
        yield f"{name}: only in {'the SBML' if name in in_sbml else 'the TOML'}"
    for name in sorted(in_sbml & set(entries)):
        entry, (value, unit) = entries[name], quantity(entries[name]["value"])
        species, parameter = model.getSpecies(name), model.getParameter(name)
        there = species.getInitialAmount() if species else parameter.getValue()
        if abs(there - value) > 1e-9 * max(1.0, abs(value)):
            yield f"{name}: {value} in the TOML, {there} in the SBML"
        declared = species.getSubstanceUnits() if species else parameter.getUnits()
        if UNIT.get(unit) != declared:
            yield f"{name}: unit '{unit}' in the TOML, '{declared}' in the SBML"
        if not entry.get("source") or entry.get("grade") not in GRADES:
            yield f"{name}: source or grade missing"
        if "prior" in entry:
            match = PRIOR.match(entry["prior"])
            if not match:
                yield f"{name}: prior '{entry['prior']}' not understood"
            elif name in table["parameters"] and not float(match[2]) <= value <= float(match[3]):
                yield f"{name}: value {value} lies outside its prior {entry['prior']}"
        if entry.get("grade") == "calibrated" and "calibrated:" not in entry["source"]:
            yield f"{name}: calibrated to what?"
    for output in model.getListOfParameters():
        if not output.isSetUnits():
            yield f"{output.getId()}: no unit in the SBML"


def test_toml_and_sbml_agree():
    for network in NETWORKS:
        assert list(problems(network)) == [], network.name


def main():
    found = {network.name: list(problems(network)) for network in NETWORKS}
    for name, lines in found.items():
        print("\n".join(f"{name}: {line}" for line in lines) or f"{name}.toml and {name}.xml agree")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
