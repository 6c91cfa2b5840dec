#!/usr/bin/env python3
"""Holds src/ free of biology: no name of a secreted factor, a gene or a protein, and none of a substrate, a drug or a network node.

Names come from the shipped models ([substrates.NAME], [drug.NAME], nodes drawn by [network.*.node.NAME]) and from the list below,
and count in any spelling (NF-kB, NFKB, nfkb). What every tissue has is neutral. Comments and help texts count too: they
would tell readers that the program knows a biology. Not looked at: names of test cases that src/verify runs by file name.
Exit status 1 and one line per place.
"""
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[1]
NEUTRAL = {"oxygen", "drug", "radiation", "rad", "cycle", "death", "escape", "stem", "repair", "lock"}  # also words of the program
ALWAYS = """CCL2 CCL5 IL1 IL1A IL1B IL2 IL6 IL8 IL10 IL15 CXCL1 CXCL8 CXCL12 CCR2 CXCR2 TGF TGFB TGFB1 TNF TNFA IFN IFNA IFNB IFNG VEGF VEGFA MMP
MMP1 MMP2 MMP9 GDF15 IGFBP7 PAI1 HGF FGF EGF ECM SASP MGMT PARP PARP1 ATM ATR P53 TP53 P21 P16 CDKN2A CDK4 CDK6 BRAF MEK ERK MITF AXL STAT1
STAT3 NFKB IKK IKBA NEMO A20 BCL2 BCLXL BAX MCL1 NOTCH1 JAG1 CEBPB STING CGAS WNT RB1 MDM2 PDL1 NKG2D""".split()
EXEMPT = {"src/verify/boolean.cpp"}  # runs the case models/verify/known/p53-mdm2


def plain(name):
    return re.sub(r"[^a-z0-9]", "", name.lower())


def names_of_models():
    for path in sorted((ROOT / "models").rglob("*.toml")):
        with open(path, "rb") as file:
            model = tomllib.load(file)
        if "verify" not in path.parts:  # made-up systems with letters for names
            yield from [*model.get("substrates", {}), *model.get("drug", {})]
        for network in model.get("network", {}).values():
            yield from network.get("node", {})


def words(line):
    """Words of a line, and what single hyphens join: "NF-kB" is one name, "anti-CCL2" holds one."""
    for word in re.findall(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", line.replace("_", " ")):
        yield from {word, *word.split("-")}


def faults(names):
    for path in sorted((ROOT / "src").rglob("*")):
        where = path.relative_to(ROOT).as_posix()
        if path.suffix not in (".h", ".cpp") or where in EXEMPT:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = sorted({word for word in words(line) if plain(word) in names})
            if found:
                yield f"{where}:{number}: names {', '.join(found)}; write a neutral word (LIGAND, NAME, matrix)"


def main():
    names = {plain(n) for n in [*ALWAYS, *names_of_models()]} - NEUTRAL
    found = list(faults(names))
    print("\n".join([*found, f"names: {len(names)} of factors, genes and nodes; {len(found)} in src/"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
