#!/usr/bin/env python3
"""Builds melanoma.xml (SBML Level 3 Version 1) and melanoma.toml from the Antimony text melanoma.ant, in two modes.

The Antimony file is the one human source: equations, values, units, and behind each parameter `// grade | prior | source`.
Lines between `//@if averaged` or `//@if full` and `//@endif` belong to one mode only; the rest to both. Written are
melanoma.{xml,toml} (averaged) and melanoma-full.{ant,xml,toml} (p53 and NF-kB oscillate).
Usage: python3 tools/networks/build.py [--network models/melanoma-tis/networks/melanoma.ant]
The initial values are set to the steady state of a naive cell (no drug, no ligand), found here by integration.
"""
import argparse
import re
import sys
from pathlib import Path

import antimony
import libsbml

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = ROOT / "models/melanoma-tis/networks/melanoma.ant"

# Antimony unit name -> text of a senoma quantity ("" = dimensionless, a bare number)
TOML_UNIT = {"dimensionless": "", "per_hour": "1/h", "nanomolar": "nM", "per_nanomolar_hour": "1/nM/h",
             "molecules_per_minute": "molecules/min", "hour": "h", "per_gray": "1/Gy"}
PARAMETER = re.compile(r"^\s*(\w+) = ([-+0-9.eE]+);\s*\1 has (\w+);\s*//\s*(.*)$")
GRADES = ("found", "recalled", "computed", "assumption", "calibrated")


MODES = {"averaged": "", "full": "-full"}


def in_mode(text, mode):
    """The network's text without the lines that belong to the other mode."""
    out, keep = [], True
    for line in text.splitlines():
        s = line.strip()
        if s.startswith("//@if "):
            if s.removeprefix("//@if ") not in MODES:
                sys.exit(f"unknown mode: {line}")
            keep = s.removeprefix("//@if ") == mode
        elif s == "//@endif":
            keep = True
        elif keep:
            out.append(line)
    return "\n".join(out) + "\n"


def read_parameters(text):
    """Sections of (name, value, unit, grade, prior, source) and the input lines (name, value, unit, comment)."""
    sections, inputs, current = [], [], None
    for line in text.splitlines():
        s = line.strip()
        if s.startswith("//@parameters"):
            current = (s.removeprefix("//@parameters").strip(), [])
            sections.append(current)
        elif s == "//@inputs":
            current = ("inputs", None)
        elif s == "//@end":
            current = None
        elif current is not None and s:
            match = PARAMETER.match(line) if current[1] is not None else re.match(
                r"^\s*(\w+) = ([-+0-9.eE]+);\s*\1 has (\w+);\s*(?://\s*(.*))?$", line)
            if not match:
                sys.exit(f"not a parameter line: {line}")
            name, value, unit, rest = match.groups()
            if current[1] is None:
                inputs.append((name, value, unit, rest or "receptor occupancy 0..1"))
                continue
            grade, prior, source = (part.strip() for part in rest.split("|", 2))
            if grade not in GRADES or unit not in TOML_UNIT or not source:
                sys.exit(f"bad grade, unit or source: {line}")
            current[1].append((name, value, unit, grade, prior, source))
    return sections, inputs


def level_3(text, name):
    """Antimony text -> libSBML document of its model `name`, Level 3 Version 1, in hours and litres."""
    if antimony.loadAntimonyString(text) < 0:
        sys.exit(antimony.getLastError())
    document = libsbml.readSBMLFromString(antimony.getSBMLString(name))
    properties = libsbml.ConversionProperties(libsbml.SBMLNamespaces(3, 1))
    properties.addOption("setLevelAndVersion", True)
    properties.addOption("strict", False)
    if document.convert(properties) != libsbml.LIBSBML_OPERATION_SUCCESS:
        sys.exit("conversion to Level 3 Version 1 failed")
    document.getModel().setTimeUnits("hour")
    for compartment in document.getModel().getListOfCompartments():
        compartment.setUnits("litre")
    return document


def to_sbml(text):
    """The network of a cell: species are counts, without unit."""
    document = level_3(text, "melanoma")
    model = document.getModel()
    model.setSubstanceUnits("dimensionless")
    model.setExtentUnits("dimensionless")
    model.setVolumeUnits("litre")
    for species in model.getListOfSpecies():
        species.setSubstanceUnits("dimensionless")
        species.setHasOnlySubstanceUnits(True)
        species.setInitialAmount(species.getInitialAmount() if species.isSetInitialAmount() else species.getInitialConcentration())
    declare_literals(model)
    return document


def declare_literals(model):
    """Literal numbers in formulas are dimensionless; saying so lets libSBML check every unit."""
    def walk(node):
        if node.isNumber():
            node.setUnits("dimensionless")
        for i in range(node.getNumChildren()):
            walk(node.getChild(i))

    for holder in list(model.getListOfRules()) + [r.getKineticLaw() for r in model.getListOfReactions()]:
        math = holder.getMath().deepCopy()
        walk(math)
        holder.setMath(math)


def naive_steady_state(sbml):
    import roadrunner
    runner = roadrunner.RoadRunner(sbml)
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = 1e-11, 1e-14
    names = state_names(sbml)
    result = runner.simulate(0, 20000, 2, ["time"] + names)
    return dict(zip(names, (float(v) for v in result[-1][1:])))


def state_names(sbml):
    model = libsbml.readSBMLFromString(sbml).getModel()
    names = [s.getId() for s in model.getListOfSpecies()]
    return names + [r.getVariable() for r in model.getListOfRules() if r.isRate()]


def set_initial(document, values):
    model = document.getModel()
    for name, value in values.items():
        value = float(f"{value:.9g}") if abs(value) > 1e-12 else 0.0
        if model.getSpecies(name):
            model.getSpecies(name).setInitialAmount(value)
        else:
            model.getParameter(name).setValue(value)


def number(value):
    return f"{float(value):.9g}"


def parameter_lines(sections):
    """The lines of a [network.NAME.parameters] table, section by section."""
    out = []
    for title, rows in sections:
        out += ["", f"# {title}"]
        for name, value, unit, grade, prior, source in rows:
            quantity = f'"{number(value)} {TOML_UNIT[unit]}"' if TOML_UNIT[unit] else number(value)
            prior_text = f', prior = "{prior}"' if prior != "-" else ""
            out.append(f'{name} = {{ value = {quantity}, source = "{source}", grade = "{grade}"{prior_text} }}')
    return out


def names_in_mode(text):
    """Key paths, below [network.NAME], of what a mode has: its parameters and its states."""
    sections, _ = read_parameters(text)
    return {f"parameters.{row[0]}" for _, rows in sections for row in rows} | {f"initial.{s}" for s in state_names(libsbml.writeSBMLToString(to_sbml(text)))}


def drop_lines(names):
    """A later file of one mode replaces the other mode: what only that one has goes."""
    lines, line = ["# what the other mode has and this one has not", "drop = ["], " "
    for name in sorted(names):
        if len(line) > 110:
            lines, line = lines + [line], " "
        line += f' "network.melanoma.{name}",'
    return lines + [line, "]"]


def write_toml(path, sections, inputs, document, dropped):
    model = document.getModel()
    out = [f"# Parameters and initial values of networks/{path.stem}.xml. Made by tools/networks/build.py from melanoma.ant:",
           "# change the values there; tools/networks/check.py compares both files.", *drop_lines(dropped), "",
           "[network.melanoma]", f'file = "{path.stem}.xml"',
           f"# set by the engine for each cell and step; without drug and ligand they keep the value in {path.stem}.xml", "inputs = ["]
    for name, value, unit, doc in inputs:
        out.append(f'  "{name}",  # {number(value)} {unit}: {doc}')
    out.append("]")
    out += ["", "[network.melanoma.parameters]"] + parameter_lines(sections)
    out += ["", "[network.melanoma.initial]  # steady state of a naive cell: no drug, no ligand"]
    steady = 'source = "steady state of the network without drug and ligand, tools/networks/build.py", grade = "computed"'
    for name in state_names(libsbml.writeSBMLToString(document)):
        species = model.getSpecies(name)
        value = species.getInitialAmount() if species else model.getParameter(name).getValue()
        out.append(f"{name} = {{ value = {number(value)}, {steady} }}")
    out += ["", "[network.melanoma.on_division]  # lesions are counts and are shared out; levels are copied"]
    out += [f'{name} = "halve"' for name in state_names(libsbml.writeSBMLToString(document)) if model.getSpecies(name)]
    path.write_text("\n".join(out) + "\n")


def build(text, path, dropped):
    """Writes path.xml and path.toml; dropped: what the other mode alone has."""
    sections, inputs = read_parameters(text)
    document = to_sbml(text)
    set_initial(document, naive_steady_state(libsbml.writeSBMLToString(document)))
    document.checkConsistency()
    bad = [document.getError(i) for i in range(document.getNumErrors())]
    bad = [e for e in bad if e.getSeverity() >= libsbml.LIBSBML_SEV_WARNING]
    for error in bad[:20]:
        print(f"{error.getSeverityAsString()} {error.getErrorId()} line {error.getLine()}: {error.getMessage().strip()}")
    libsbml.writeSBMLToFile(document, str(path.with_suffix(".xml")))
    write_toml(path.with_suffix(".toml"), sections, inputs, document, dropped)
    model = document.getModel()
    print(f"{path.with_suffix('.xml').name}: {len(state_names(libsbml.writeSBMLToString(document)))} states, "
          f"{sum(len(s[1]) for s in sections)} parameters, {len(inputs)} inputs, {model.getNumRules()} rules, {len(bad)} warnings")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", type=Path, default=DEFAULT)
    source = parser.parse_args().network
    text = source.read_text()
    texts = {mode: in_mode(text, mode) for mode in MODES}
    names = {mode: names_in_mode(lines) for mode, lines in texts.items()}
    for mode, suffix in MODES.items():
        lines = texts[mode]
        if mode == "full":
            note = "// Full mode of melanoma.ant, written by tools/networks/build.py: change it there.\n"
            source.with_name(f"{source.stem}{suffix}.ant").write_text(note + lines)
        others = set().union(*names.values()) - names[mode]
        build(lines, source.with_name(f"{source.stem}{suffix}.ant"), others)


if __name__ == "__main__":
    main()
