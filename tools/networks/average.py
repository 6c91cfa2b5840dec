#!/usr/bin/env python3
"""Fits the averaged mode's relations to cycle means of the full mode, and checks that both modes agree on daily readouts.

1. Closures: the full network is held at a constant damage response or IKK (by parameters alone), its last cycles are averaged,
   and the parameters of p53_target and nfkb_target in the averaged mode are fitted to those means. The mean of p53 is the one
   that its readouts see, of p53/(1 + p53): they saturate, and the pulses are high.
2. Daily readouts: both networks run the same scenarios; daily means must agree within 5 % of the value, or 1 % of the
   readout's largest value in any scenario where that is more.
3. Rhythm: periods of p53 after breaks and of nuclear NF-kB after TNF are measured and reported. Nothing is fitted to them.
Run as a program it writes models/melanoma-tis/calibration/modes.md; pytest collects the test_* functions.
"""
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

sys.path.insert(0, str(Path(__file__).parent))
from simulate import FACTORS, ROOT, XML, Network, fotemustine, temozolomide_bath  # noqa: E402

FULL = XML.with_name("melanoma-full.xml")
DDR = (0.03, 0.06, 0.1, 0.2, 0.3, 0.5, 0.7, 0.85, 0.95)
IKK = (0.01, 0.03, 0.06, 0.1, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)  # densest where damage holds it
TOLERANCE = 0.05
CYTOKINES = {"TNF_occ": 0.8, "IFNG_occ": 0.8}
BREAKS = [(0, {"k_dsb_endogenous": 12}), (1, {"k_dsb_endogenous": 0.03})]
SCENARIOS = {"no drug": (14, [], {}), "fotemustine 14 uM h": (14, fotemustine((0,)), {}), "temozolomide 30 uM": (14, temozolomide_bath(30), {}),
             "transient breaks": (14, BREAKS, {}), "IFN-g and TNF": (8, [(0, CYTOKINES)], {}),
             "fotemustine, p53 lost": (14, fotemustine((0,)), {"p53_wt": 0}), "doxorubicin 100 nM": (10, [(0, {"DOX_C": 100})], {}),
             "MDM2 at 5 %": (8, [(0, {"mdm2_activity": 0.05})], {})}
ONLY_SHOWN = {"MDM2 at 5 %"}  # held far from the states to which the relations were fitted
READOUTS = ["proliferation", "lock", "cumulative_hazard", "stat3", "mitf", "guard", "nk_ligand", "pdl1"] + [f"s_{f}" for f in FACTORS]


@lru_cache(maxsize=None)
def network(full):
    return Network(FULL if full else XML)


def last_mean(run, name, hours):
    keep = run["time"] > run["time"][-1] - hours
    return float(run[name][keep].mean())


def held_ddr(level):
    """Parameters that hold the damage response of an undamaged cell at a level."""
    net = network(True)
    breaks = net.runner_default("dsb")
    return {"k_lock_on": 0, "k_ros_dsb": 0, "k_persist": 0, "dsb_persistent": 0, "atm_half": breaks * (1 / level - 1) ** 0.5}


def seen(p53):
    """What the readouts of p53 follow (GDF15, PAI-1, its hold on the secretome)."""
    return p53 / (1 + p53)


def cycle_means():
    net = network(True)
    p53, nfkb, p21 = [], [], []
    for level in DDR:
        run = net.run(240, [], held_ddr(level), step=0.05)
        run["seen"] = seen(run["p53"])
        mean = last_mean(run, "seen", 120)
        p53.append((last_mean(run, "ddr", 120), mean / (1 - mean)))
        half = net.runner_default("p21_p53_half")
        run["drive"] = run["p53"] ** 2 / (half**2 + run["p53"] ** 2)
        p21.append((p53[-1][1], last_mean(run, "drive", 120)))
    for level in IKK:
        run = net.run(120, [], {"ikk_basal": level}, step=0.02)
        nfkb.append((last_mean(run, "ikk", 60), last_mean(run, "nfkb_target", 60)))
    return np.array(p53), np.array(nfkb), np.array(p21)


def overshoots():
    """Excess over the cycle mean after a step, in hours of the step, turned into the averaged mode's overshoot o: there the excess
    is o/k_adaptation for p53 and ln(1 + o)/k_adaptation for NF-kB. NF-kB: of the first day; p53: mean of the excess until each
    time of the second day, as its pulses do not die out and the excess goes up and down with each."""
    net, excess = network(True), {"p53": [], "nfkb": []}
    for level in (0.3, 0.5, 0.7, 0.9):
        run = net.run(240, [], held_ddr(level), step=0.05)
        mean = last_mean(run, "p53_target", 120)
        area = 0.05 * np.cumsum(run["p53_target"] - mean)
        excess["p53"].append(area[(run["time"] >= 24) & (run["time"] < 48)].mean() / (mean - net.runner_default("p53_basal")))
    for level in (0.5, 1.0, 2.0, 3.0):
        run = net.run(120, [(0, {"ikk_basal": level})], {}, step=0.02)
        mean, first = last_mean(run, "nfkb_target", 60), run["nfkb_target"][run["time"] < 24].mean()
        excess["nfkb"].append(24 * (first - mean) / (mean - run["nfkb_target"][0]))
    p53, nfkb = (float(np.mean(excess[n]) * network(False).runner_default(f"k_{n}_adaptation")) for n in excess)
    return {"p53_overshoot": p53, "nfkb_overshoot": float(np.expm1(nfkb))}


def p53_relation(ddr, gain, onset):
    basal = network(False).runner_default("p53_basal")
    return basal + gain * (1 - basal) * ddr**5 / (onset**4 + ddr**4)


def nfkb_relation(ikk, top, half, slope):
    return top * ikk / (half + ikk) + slope * ikk**2


def fitted(p53, nfkb, p21):
    gain, onset = least_squares(lambda x: p53_relation(p53[:, 0], *x) / p53[:, 1] - 1, (1.0, 0.05)).x
    top, feedback, slope = least_squares(lambda x: (nfkb_relation(nfkb[:, 0], *x) - nfkb[:, 1]) / (0.03 + nfkb[:, 1]), (1.0, 0.6, 0.05)).x
    half, = least_squares(lambda x: p21[:, 0] ** 2 / (x[0] ** 2 + p21[:, 0] ** 2) - p21[:, 1], (0.35,)).x
    return {"p53_gain": gain, "p53_onset": onset, "p21_p53_half": half, "nfkb_max": top, "nfkb_feedback": feedback, "nfkb_slope": slope,
            **overshoots()}


def daily(full, name):
    days, calendar, parameters = SCENARIOS[name]
    run = dict(network(full).run(24 * days, calendar, parameters, step=0.1))
    mcl1 = network(full).runner_default("mcl1_level") - network(full).runner_default("guard_shift") * run["priming"]
    run["guard"] = run["bclxl"] + mcl1  # what holds BAX; BCL-XL alone is a small, NF-kB-driven part of it in a cycling cell
    h = run["apoptosis_hazard"]
    run["cumulative_hazard"] = np.concatenate([[0], np.cumsum(0.5 * (h[1:] + h[:-1]) * np.diff(run["time"]))])
    day = np.minimum((run["time"] / 24).astype(int), days - 1)
    return {r: np.array([run[r][day == d].mean() for d in range(days)]) for r in READOUTS}


@lru_cache(maxsize=None)
def comparison():
    """(scenario, readout) -> largest difference of daily means, relative."""
    both = {s: (daily(False, s), daily(True, s)) for s in SCENARIOS}
    floor = {r: 0.2 * max(np.abs(b[1][r]).max() for b in both.values()) for r in READOUTS}
    return {(s, r): float(np.max(np.abs(a[r] - f[r]) / np.maximum(np.abs(f[r]), floor[r]))) for s, (a, f) in both.items() for r in READOUTS}


def periods(time, level, start):
    """Periods (h) between upward crossings of the mean after start."""
    t, x = time[time > start], level[time > start]
    if x.std() < 0.02 * x.mean():
        return np.array([])
    m = x.mean()
    return np.diff(t[1:][(x[:-1] < m) & (x[1:] >= m)])


def held_pulses(level, wip1):
    """p53 height of the later pulses and lowest and mean damage signal there, at a held damage response."""
    run = network(True).run(120, [], held_ddr(level) | {"wip1_activity": wip1}, step=0.02)
    late = run["time"] > 48
    return run["p53_total"][late].max(), run["damage_signal"][late].min(), run["damage_signal"][late].mean()


def rhythm():
    rows = []
    for wip1, name in ((1, "with WIP1"), (0, "without")):
        rows.append((f"p53 height / lowest / mean damage signal at damage response 0.22; 0.96, {name}",
                     "; ".join(" / ".join(f"{v:.2f}" for v in held_pulses(level, wip1)) for level in (0.2, 0.95))))
    for breaks_per_h in (1, 3, 6, 12, 24):
        run = network(True).run(72, [(0, {"k_dsb_endogenous": breaks_per_h}), (1, {"k_dsb_endogenous": 0.03})], {}, step=0.05)
        peaks = [i for i in range(1, len(run["time"]) - 1) if run["p53_total"][i - 1] < run["p53_total"][i] >= run["p53_total"][i + 1]
                 and run["p53_total"][i] > 0.15]
        gaps = np.diff(run["time"][peaks])
        rows.append((f"p53 pulses after a pulse of {breaks_per_h} breaks: number / period h / mean height",
                     f"{len(peaks)} / {gaps.mean() if len(gaps) else np.nan:.1f} / {run['p53_total'][peaks].mean() if peaks else 0:.2f}"))
    run = network(True).run(192, fotemustine((0,)), {}, step=0.05)
    p = periods(run["time"], run["p53_total"], 48)
    rows.append(("p53 period under fotemustine 14 uM h, day 2-8, h", f"{p.mean():.1f} ({p.min():.1f}-{p.max():.1f})" if len(p) else "none"))
    for occupancy in (0.05, 0.2, 0.5, 1.0):
        run = network(True).run(12, [(0, {"TNF_occ": occupancy})], {}, step=0.01)
        x, t = run["nfkb_nuclear"], run["time"]
        peaks = [i for i in range(1, len(t) - 1) if x[i - 1] < x[i] >= x[i + 1]]
        gaps = 60 * np.diff(t[peaks])
        rows.append((f"NF-kB after TNF, occupancy {occupancy:g}: gaps between the first peaks, min", ", ".join(f"{g:.0f}" for g in gaps[:4]) or "none"))
    return rows


def test_the_averaged_relations_are_those_of_the_full_mode():
    for name, value in fitted(*cycle_means()).items():
        assert abs(network(False).runner_default(name) - value) <= 0.02 * value, (name, value)


def test_p53_pulses_have_one_height_and_wip1_ends_the_signal():
    low, high, without = held_pulses(0.2, 1), held_pulses(0.95, 1), held_pulses(0.95, 0)
    assert 0.8 <= high[0] / low[0] <= 1.25
    assert max(low[1], high[1]) < 0.5 < 0.95 < without[1]


def test_both_modes_agree_on_daily_readouts():
    worst = max((item for item in comparison().items() if item[0][0] not in ONLY_SHOWN), key=lambda item: item[1])
    assert worst[1] <= TOLERANCE, worst


def main():
    p53, nfkb, p21 = cycle_means()
    values = fitted(p53, nfkb, p21)
    lines = ["# Averaged mode against full mode", "", "Measured by `tools/networks/average.py` with libroadrunner on `networks/melanoma.xml` and `networks/melanoma-full.xml`.", "",
             "## Relations of the averaged mode", "", "| parameter | in the file | fitted to cycle means |", "|---|---|---|"]
    lines += [f"| {n} | {network(False).runner_default(n):.4g} | {v:.4g} |" for n, v in values.items()]
    lines += ["", "| damage response | mean p53 its readouts see, full | relation | | IKK | mean NF-kB target drive, full | relation |", "|---|---|---|---|---|---|---|"]
    closure_p = p53_relation(p53[:, 0], values["p53_gain"], values["p53_onset"])
    closure_n = nfkb_relation(nfkb[:, 0], values["nfkb_max"], values["nfkb_feedback"], values["nfkb_slope"])
    for i in range(max(len(p53), len(nfkb))):
        left = f"{p53[i, 0]:.2f} | {p53[i, 1]:.3f} | {closure_p[i]:.3f}" if i < len(p53) else " | | "
        lines.append(f"| {left} | | {nfkb[i, 0]:.2f} | {nfkb[i, 1]:.3f} | {closure_n[i]:.3f} |")
    lines += ["", "## Daily readouts", "", "Largest relative difference of daily means over the scenario's days (wanted: at most 0.05; \"MDM2 at 5 %\" is only shown).", "",
              "| readout | " + " | ".join(SCENARIOS) + " |", "|---" * (len(SCENARIOS) + 1) + "|"]
    table = comparison()
    lines += [f"| {r} | " + " | ".join(f"{table[s, r]:.3f}" for s in SCENARIOS) + " |" for r in READOUTS]
    lines += ["", "## Rhythm of the full mode (measured, not fitted; published: p53 4-7 h, NF-kB 90-110 min after TNF)", "", "| quantity | measured |", "|---|---|"]
    lines += [f"| {a} | {b} |" for a, b in rhythm()]
    (ROOT / "models/melanoma-tis/calibration/modes.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
    return 0 if max(v for (s, _), v in table.items() if s not in ONLY_SHOWN) <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
