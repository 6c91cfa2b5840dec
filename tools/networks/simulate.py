"""One cell's network in libroadrunner under a calendar of inputs; shared by the checks and the fits of tools/networks."""
from pathlib import Path

import numpy as np
import roadrunner

ROOT = Path(__file__).resolve().parents[2]
XML = ROOT / "models/melanoma-tis/networks/melanoma.xml"
FACTORS = ["CCL2", "CCL5", "IL6", "CXCL8", "CXCL1", "IL1A", "IL1B", "TGFB", "TNF", "IFNB", "VEGFA", "MMP", "GDF15", "IGFBP7", "PAI1"]
OUTPUTS = ["proliferation", "arrest", "senescence", "apoptosis_hazard", "escape_hazard", "invasiveness", "ecadherin",
           "nk_ligand", "clearance_hazard", "eat_me", "pdl1", "jag1", "tgfb_activation", "clonogenicity"] + [f"s_{f}" for f in FACTORS]
FAST = ["breaks", "repair_arm", "par", "atm", "ddr", "mdm2", "erk", "ikk", "p53_target", "nfkb_target", "sasp", "sting", "cdk46", "cdk2", "rb_free", "checkpoint", "prime_ratio"]


class Network:
    def __init__(self, xml=XML):
        self.runner = roadrunner.RoadRunner(str(xml))
        self.runner.integrator.relative_tolerance = 1e-7
        self.runner.integrator.absolute_tolerance = 1e-10
        self.states = list(self.runner.model.getFloatingSpeciesIds()) + list(self.runner.getRateRuleIds())
        known = set(self.states)
        self.columns = ["time"] + self.states + [n for n in FAST if n not in known] + OUTPUTS
        self.runner.timeCourseSelections = self.columns

    def runner_default(self, name):
        """The value of a parameter in the file."""
        self.runner.resetToOrigin()
        return self.runner[name]

    def run(self, hours, calendar=(), parameters=None, step=1.0):
        """calendar: (time h, {name: value}) changes of inputs or parameters; parameters: values from the start.
        Returns a dict name -> array over time (step h)."""
        self.runner.resetToOrigin()
        for name, value in (parameters or {}).items():
            self.runner[name] = value
        events = sorted(calendar, key=lambda e: e[0])
        edges = sorted({0.0, float(hours), *[e[0] for e in events if e[0] < hours]})
        parts = []
        for start, end in zip(edges[:-1], edges[1:]):
            for at, change in events:
                if at == start:
                    for name, value in change.items():
                        self.runner[name] = value
            n = max(2, int(round((end - start) / step)) + 1)
            parts.append(np.array(self.runner.simulate(start, end, n))[(0 if not parts else 1):])
        table = np.vstack(parts)
        return {name: table[:, i] for i, name in enumerate(self.columns)}


def fotemustine(days=(0, 7, 14), exposure_uM_h=14.0, start_h=0.0):
    """Plasma exposure of 100 mg/m2 as a one-hour block (parameters.tsv: 14 uM h)."""
    return [e for d in days for e in ((start_h + 24 * d, {"FTM_C": exposure_uM_h * 1000}), (start_h + 24 * d + 1, {"FTM_C": 0}))]


def temozolomide_bath(concentration_uM, start_h=0.0, half_life_h=1.8):
    """One bath dose that decays by hydrolysis, in half-hour blocks of the mean concentration."""
    k = np.log(2) / half_life_h
    blocks = [(start_h + 0.5 * i, {"TMZ_C": 1000 * concentration_uM * np.exp(-k * 0.5 * i) * (1 - np.exp(-k * 0.5)) / (k * 0.5)})
              for i in range(36)]
    return blocks + [(start_h + 18, {"TMZ_C": 0})]


def integral(run, name, t0=0.0, t1=np.inf):
    keep = (run["time"] >= t0) & (run["time"] <= t1)
    return float(np.trapezoid(run[name][keep], run["time"][keep]) if hasattr(np, "trapezoid") else np.trapz(run[name][keep], run["time"][keep]))


def at(run, name, hour):
    return float(np.interp(hour, run["time"], run[name]))
