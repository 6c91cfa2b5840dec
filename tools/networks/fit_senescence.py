#!/usr/bin/env python3
"""Fits growth arrest under doxorubicin, palbociclib and IFN-g with TNF to published fold growth (finding V25).

Data: Homann et al. 2022 (Cells 11:1514, appendix table), SK-MEL-28: control 15.6, doxorubicin 1.45, palbociclib 1.27,
IFN-g + TNF 0.70; WM115 (not fitted): 18.3, 1.50, 1.32, 1.34. The table's assay is taken as 96 h.
Model: d ln N/dt = r proliferation - apoptosis_hazard from networks/melanoma.xml; r gives the control its fold.
Fitted, one parameter per treatment: k_top2_dsb, cdk2_bypass, k_extrinsic. Prints the values that belong in melanoma.ant and
writes models/melanoma-tis/calibration/senescence.md.
"""
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

sys.path.insert(0, str(Path(__file__).parent))
from simulate import ROOT, Network, at, integral  # noqa: E402

HOURS = 96
CONTROL = 15.6
TREATMENTS = {  # inputs (doses of the assay, occupancy 0.8 at nanograms per mL) -> published fold, fitted parameter and its bounds
    "doxorubicin 100 nM": ({"DOX_C": 100}, 1.45, "k_top2_dsb", (3, 60)),
    "palbociclib (CDK4/6 at 2 %)": ({"cdk46_activity": 0.02}, 1.27, "cdk2_bypass", (0.001, 0.3)),
    "IFN-g + TNF (occupancy 0.8)": ({"IFNG_occ": 0.8, "TNF_occ": 0.8}, 0.70, "k_extrinsic", (0.002, 0.4)),
}


def log_fold(run, rate):
    return rate * integral(run, "proliferation") - integral(run, "apoptosis_hazard")


def division_rate(network, hours=HOURS):
    run = network.run(hours)
    return (np.log(CONTROL) + integral(run, "apoptosis_hazard")) / integral(run, "proliferation")


def main():
    network = Network()
    rate = division_rate(network)
    lines = ["# Growth under doxorubicin, palbociclib and IFN-g with TNF (V25)", "",
             "SK-MEL-28, Homann et al. 2022 (Cells 11:1514): fold growth, taken over 96 h. Made by `tools/networks/fit_senescence.py`.", "",
             "| treatment | published | model | parameter | in the file | fitted | p21 fold | breaks | lock day 4 / 6 | CCL2 fold day 6 | p53 lost: fold |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    good = True
    for label, (inputs, target, name, (low, high)) in TREATMENTS.items():
        def miss(value):
            return log_fold(network.run(HOURS, [(0, inputs)], {name: value}, step=0.5), rate) - np.log(target)  # noqa: B023
        fitted = brentq(miss, low, high, xtol=1e-5)
        run, long = network.run(HOURS, [(0, inputs)], step=0.5), network.run(144, [(0, inputs)])
        lost = network.run(HOURS, [(0, inputs)], {"p53_wt": 0}, step=0.5)
        fold = np.exp(log_fold(run, rate))
        good &= abs(fold / target - 1) <= 0.05
        lines.append(f"| {label} | {target} | {fold:.2f} | `{name}` | {network.runner_default(name):g} | {fitted:.3g} | {run['p21'][-1] / run['p21'][0]:.1f} | "
                     f"{run['breaks'][-1]:.1f} | {at(long, 'senescence', 96):.2f} / {at(long, 'senescence', 144):.2f} | "
                     f"{at(long, 's_CCL2', 144) / long['s_CCL2'][0]:.1f} | {np.exp(log_fold(lost, rate)):.2f} |")
    (ROOT / "models/melanoma-tis/calibration/senescence.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
