#!/usr/bin/env python3
"""A well-mixed stand-in for the relapse experiment: founders with their own parameters, each followed as a clone.

Every founder's network runs once under the doses (libroadrunner); the cells of its clone share that trajectory and differ
by chance: division (r proliferation, logistic crowding), apoptosis, immune clearance, escape, drawn by tau-leaping each
hour. An escapee founds a new clone that starts naive, with stem memory, under the doses that are left. No space, no ligands
(occupancies 0), no dilution of lesions by division. Used to choose hazards and heterogeneity before the tissue model runs.
Usage: python3 tools/networks/surrogate.py [--seeds 5] [--cells 600] [--arm drug ...] [--set name=value ...]
"""
import argparse
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from simulate import Network, fotemustine  # noqa: E402

DAYS, STEP = 75, 2.0  # d, h
SPREAD = {"mgmt_level": 0.9, "damage_sensitivity": 0.35, "apoptosis_sensitivity": 0.25}  # sigma of the natural logarithm
TISSUE = {"doubling_h": 96.0, "capacity": 2.5, "senescent_volume": 3.0, "swelling_h": 96.0, "k_clearance": 0.005}
ARMS = {
    "control": ((), {}),
    "drug": (fotemustine(), {}),
    "drug, NF-kB off": (fotemustine(), {"nfkb_activity": 0.0}),
    "drug + olaparib": (fotemustine() + [(0.0, {"k_par_catalysis": 0.05, "k_par_repair": 0.1, "par_trapping": 0.5}),
                                         (21 * 24.0, {"k_par_catalysis": 1.0, "k_par_repair": 1.0, "par_trapping": 0.0})], {}),
    "drug then navitoclax": (fotemustine() + [e for d in range(21, 35) for e in ((24.0 * d, {"bclxl_activity": 0.25}),)]
                             + [(35 * 24.0, {"bclxl_activity": 1.0})], {}),
}
KEYS = ("proliferation", "apoptosis_hazard", "clearance_hazard", "escape_hazard", "senescence", "s_CCL2", "checkpoint")


def draw_founders(rng, n):
    """Lognormal multipliers with median 1; mgmt_level's median is the file's value."""
    return {name: np.exp(sigma * rng.standard_normal(n)) for name, sigma in SPREAD.items()}


def trajectory(network, calendar, parameters, start=0.0, stem=None):
    hours = DAYS * 24 - start
    shifted = [(max(0.0, t - start), c) for t, c in calendar if t >= start or not any(k.endswith("_C") for k in c)]
    if stem is not None:
        parameters = {**parameters, "stem": stem}
    run = network.run(hours, shifted, parameters, step=STEP)
    t = np.arange(0, hours, STEP)
    out = {k: np.interp(t, run["time"], run[k]) for k in KEYS}
    swollen = np.cumsum(out["senescence"] > 0.5) * STEP / TISSUE["swelling_h"]
    out["volume"] = 1 + (TISSUE["senescent_volume"] - 1) * np.clip(swollen, 0, 1)
    return out


def simulate(network, n, seed, calendar, overrides):
    rng = np.random.default_rng(seed)
    multipliers = draw_founders(rng, n)
    base = {"k_clearance": TISSUE["k_clearance"], **overrides}
    clones = []  # [first step, count, trajectory, parameters, escaped]
    for i in range(n):
        p = {name: m[i] * network.runner_default(name) for name, m in multipliers.items()}
        clones.append([0, 1, trajectory(network, calendar, {**base, **p}), p, False])
    rate, capacity = np.log(2) / TISSUE["doubling_h"], TISSUE["capacity"] * n
    steps = int(DAYS * 24 / STEP)
    out = {k: np.zeros(steps) for k in ("volume", "senescent", "cells", "escaped", "ccl2", "never")}
    for s in range(steps):
        living = [c for c in clones if c[1] > 0]
        volume = 0.0
        for first, count, tr, _, escaped in living:
            k = s - first
            v, old = count * tr["volume"][k], tr["senescence"][k] > 0.5
            volume += v
            out["cells"][s] += count
            out["senescent"][s] += count * old
            out["escaped"][s] += v * escaped
            out["ccl2"][s] += count * tr["s_CCL2"][k]
        out["volume"][s] = volume
        room = max(0.0, 1 - volume / capacity)
        for clone in living:
            first, count, tr, p, escaped = clone
            k = s - first
            gone = 1 - np.exp(-STEP * (tr["apoptosis_hazard"][k] + tr["clearance_hazard"][k]))
            deaths = rng.binomial(count, gone)
            births = rng.binomial(count - deaths, 1 - np.exp(-STEP * rate * room * max(tr["proliferation"][k], 0)))
            escapes = rng.binomial(count - deaths, 1 - np.exp(-STEP * tr["escape_hazard"][k]))
            clone[1] = count - deaths + births - escapes
            for _ in range(escapes):
                clones.append([s, 1, trajectory(network, calendar, {**base, **p}, s * STEP, stem=1.0), p, True])
    out["day"] = np.arange(steps) * STEP / 24
    out["start"] = float(n)
    return out


def summary(r):
    v = r["volume"] / r["start"]
    low = int(np.argmin(v[r["day"] > 1])) + int((r["day"] <= 1).sum())
    after = np.nonzero(v[low:] >= 1)[0]
    share = r["senescent"] / np.maximum(r["cells"], 1)
    return {"nadir": v[low], "nadir_day": r["day"][low], "peak": v.max(), "peak_sen_share": share.max(), "peak_sen_day": r["day"][share.argmax()],
            "sen_at_nadir": share[low], "relapse_day": r["day"][low + after[0]] if len(after) and v[low] < 0.95 else np.inf,
            "cells_at_nadir": r["cells"][low], "escapee_share": r["escaped"][-1] / max(r["volume"][-1], 1), "ccl2": r["ccl2"].max() / r["ccl2"][0]}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--cells", type=int, default=600)
    parser.add_argument("--arm", nargs="*", default=list(ARMS))
    parser.add_argument("--set", nargs="*", default=[])
    args = parser.parse_args()
    network, extra = Network(), {}
    for item in args.set:
        name, value = item.split("=")
        if name in TISSUE:
            TISSUE[name] = float(value)
        elif name.startswith("sigma_"):
            SPREAD[name[6:]] = float(value)
        else:
            extra[name] = float(value)
    for arm in args.arm:
        calendar, overrides = ARMS[arm]
        print(f"{arm}")
        for seed in range(1, args.seeds + 1):
            s = summary(simulate(network, args.cells, seed, calendar, {**overrides, **extra}))
            print(f"  seed {seed}: nadir {s['nadir']:.2f} at day {s['nadir_day']:.0f} ({s['cells_at_nadir']:.0f} cells, {100 * s['sen_at_nadir']:.0f} % senescent); "
                  f"senescent share peaks {100 * s['peak_sen_share']:.0f} % at day {s['peak_sen_day']:.0f}; relapse day {s['relapse_day']:.0f}; "
                  f"escapees {100 * s['escapee_share']:.1f} % of final volume; CCL2 output x{s['ccl2']:.1f}")


if __name__ == "__main__":
    main()
