#!/usr/bin/env python3
"""Builds systemic.xml (SBML Level 3 Version 1) and systemic.toml's tables from the Antimony text systemic.ant.

Reads the same kind of parameter lines as build.py (`name = value; name has unit; // grade | prior | source`). The initial
values are set to the steady state without tumour and drugs, found here by integration.
Usage: python3 tools/networks/build_systemic.py
"""
import libsbml

import build

NETWORK = build.ROOT / "models/melanoma-tis/networks/systemic.ant"
STEADY = 'source = "steady state without tumour and drugs, tools/networks/build_systemic.py", grade = "computed"'


def to_sbml(text):
    document = build.level_3(text, "systemic")
    build.declare_literals(document.getModel())
    return document


def table_text(sections, inputs, document):
    model = document.getModel()
    out = ["# Parameters and initial values of networks/systemic.xml. Made by tools/networks/build_systemic.py from systemic.ant:",
           "# change the values there.", "", "[network.systemic]", 'file = "systemic.xml"', "inputs = ["]
    out += [f'  "{name}",  # {build.number(value)} {unit}: {doc}' for name, value, unit, doc in inputs]
    out += ["]", "", "[network.systemic.parameters]"] + build.parameter_lines(sections)
    out += ["", "[network.systemic.initial]  # health: no tumour, no drug"]
    for name in build.state_names(libsbml.writeSBMLToString(document)):
        unit = {"nanomolar": " nM"}.get(model.getParameter(name).getUnits(), "")
        value = build.number(model.getParameter(name).getValue())
        out.append(f"{name} = {{ value = " + (f'"{value}{unit}"' if unit else value) + f", {STEADY} }}")
    return "\n".join(out) + "\n"


def main():
    build.GRADES = build.GRADES + ("convention",)
    text = NETWORK.read_text()
    sections, inputs = build.read_parameters(text)
    document = to_sbml(text)
    build.set_initial(document, build.naive_steady_state(libsbml.writeSBMLToString(document)))
    document.checkConsistency()
    bad = [document.getError(i) for i in range(document.getNumErrors())]
    bad = [e for e in bad if e.getSeverity() >= libsbml.LIBSBML_SEV_WARNING]
    for error in bad[:20]:
        print(f"{error.getSeverityAsString()} {error.getErrorId()} line {error.getLine()}: {error.getMessage().strip()}")
    libsbml.writeSBMLToFile(document, str(NETWORK.with_suffix(".xml")))
    NETWORK.with_suffix(".toml").write_text(table_text(sections, inputs, document))
    print(f"{NETWORK.with_suffix('.xml').name}: {document.getModel().getNumRules()} rules, {len(bad)} warnings")


if __name__ == "__main__":
    main()
