#!/usr/bin/env python3
"""Published findings (V01-V29 of the project's table) as far as one cell can show them (pytest collects the test_* functions).

Findings that may be fitted have bounds; those kept for prediction (calibration/predicted-findings.toml) are only measured.
Where a finding speaks of fractions, a virtual population is drawn: log-normal MGMT, damage and apoptosis sensitivity.
"""
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from behaviour import IKK_OFF, OLAPARIB, PARP_CATALYSIS_OFF, first_day, gain, network, note, run, survival  # noqa: E402
from check_therapies import CYTOKINES, ic50, irradiation  # noqa: E402
from simulate import at, fotemustine, integral, temozolomide_bath  # noqa: E402

CELLS = 60
SPREAD = {"mgmt_level": 0.3, "damage_sensitivity": 0.35, "apoptosis_sensitivity": 0.25}  # sigma of the logarithm, a cultured line


@lru_cache(maxsize=None)
def draws():
    random = np.random.default_rng(1)
    return [{n: float(np.exp(s * z)) for (n, s), z in zip(SPREAD.items(), random.standard_normal(3))} for _ in range(CELLS)]


def population(hours, calendar, **parameters):
    """Fractions of the cells that were there at the start: senescent alive, dead; and mean proliferation of the living."""
    alive, locked, proliferation = np.zeros(CELLS), np.zeros(CELLS), np.zeros(CELLS)
    for i, factor in enumerate(draws()):
        own = {n: f * parameters.get(n, network().runner_default(n)) for n, f in factor.items()}
        r = network().run(hours, calendar, {**parameters, **own}, step=2.0)
        alive[i], locked[i], proliferation[i] = survival(r), r["lock"][-1] > 0.5, r["proliferation"][-1]
    return float(np.mean(alive * locked)), float(np.mean(1 - alive)), float(np.sum(alive * proliferation) / alive.sum())


def test_v01_temozolomide_makes_senescence_through_p53_and_mgmt():
    dose = temozolomide_bath(ic50(temozolomide_bath, 1, 1000))
    senescent, dead, proliferation = population(96, dose)
    note("V01 predicted: at the IC50, 96 h: senescent / dead, fractions", f"{senescent:.2f} / {dead:.2f}")
    late, died, _ = population(168, dose)
    note("V01 predicted: at the IC50, 7 d: senescent / dead, fractions", f"{late:.2f} / {died:.2f}")
    _, dead_off, proliferation_off = population(96, dose, p53_activity=0.05)
    note("V01 predicted: p53 inhibited: dead / proliferation, relative to without", f"{dead_off / max(dead, 1e-9):.2f} / {proliferation_off / max(proliferation, 1e-9):.2f}")
    low, high = ic50(temozolomide_bath, 1, 3000), ic50(temozolomide_bath, 1, 3000, mgmt_level=3000)
    note("V01 predicted: MGMT x 5: IC50 ratio", f"{high / low:.1f}")


def test_v02_parp_inhibition_potentiates_temozolomide_in_mgmt_positive_cells():
    ratios = {}
    for label, level in (("MGMT-", 700), ("MGMT+", 60000)):
        dose = temozolomide_bath(50)
        alone, both = population(192, dose, mgmt_level=level)[0], population(192, dose, mgmt_level=level, **OLAPARIB)[0]
        ratios[label] = both / max(alone, 1 / CELLS)
        note(f"V02 fitted: {label}, temozolomide 50 uM: senescent fraction day 8 without / with olaparib", f"{alone:.2f} / {both:.2f}")
    note("V02 fitted: ratio MGMT+ (a fraction below one cell counts as one cell)", f"{ratios['MGMT+']:.1f}", ">= 2", ratios["MGMT+"] >= 2)
    note("V02 fitted: ratio MGMT-", f"{ratios['MGMT-']:.2f}", "0.8-1.3", 0.8 <= ratios["MGMT-"] <= 1.3)


def test_v03_the_secretome_is_slow_and_needs_persistent_damage():
    r = run(10, fotemustine((0,)))
    note("V03 fitted: IL6 fold at 24 h / day 9", f"{gain(r, 's_IL6', 1):.2f} / {gain(r, 's_IL6', 9):.1f}", "< 2 / >= 10", gain(r, "s_IL6", 1) < 2 and gain(r, "s_IL6", 9) >= 10)


def test_v05_v06_inhibitors_and_ccl2():
    control = run(10, fotemustine((0,)))
    cut = [integral(run(10, fotemustine((0,)), **off), "s_CCL2", 72) / integral(control, "s_CCL2", 72) for off in (PARP_CATALYSIS_OFF, IKK_OFF)]
    note("V05: CCL2 made from day 3 to 10 under PARP / IKK inhibition, share of control", f"{cut[0]:.2f} / {cut[1]:.2f}")
    plain, ccl2 = run(6), run(6, [(0, {"CCL2_occ": 0.6})])
    drug, helped = run(6, fotemustine((0,))), run(6, [(0, {"CCL2_occ": 0.6})] + fotemustine((0,)))
    note("V06 predicted: CCL2 alone, day 6: invasiveness / E-cadherin / survival under fotemustine, fold",
         f"{ccl2['invasiveness'][-1] / plain['invasiveness'][-1]:.0f} / {ccl2['ecadherin'][-1] / plain['ecadherin'][-1]:.2f} / {survival(helped) / survival(drug):.2f}")


def test_v07_other_stimuli_give_the_same_secretome():
    stimuli = {"fotemustine": (fotemustine((0,)), {}), "MITF silenced": ([], {"mitf_activity": 0.02}), "doxorubicin 100 nM": ([(0, {"DOX_C": 100})], {}),
               "cisplatin 1 uM": ([(0, {"CIS_C": 1000})], {}), "4 Gy": (irradiation(4), {}), "aurora A at 5 %": ([], {"aurka_activity": 0.05})}
    shown = ("CCL2", "IL6", "CXCL8", "CXCL1", "MMP", "TGFB", "IFNB")
    for label, (calendar, parameters) in stimuli.items():
        r, off = run(12, calendar, **parameters), run(12, calendar, **parameters, nfkb_activity=0)
        half = [first_day({"time": r["time"], "x": r[n] - r[n][0]}, "x", 0.5 * (r[n].max() - r[n][0])) for n in ("s_TGFB", "s_CCL2", "s_IL6")]
        note(f"V07 predicted: {label}: fold day 12 of " + ", ".join(shown), ", ".join(f"{gain(r, 's_' + n, 12):.1f}" for n in shown))
        note(f"V07 predicted: {label}: half rise of TGF-b, CCL2, IL6, day", ", ".join(f"{h:.1f}" for h in half))
        note(f"V07 predicted: {label}, NF-kB off: share left of the same", ", ".join(f"{at(off, 's_' + n, 288) / at(r, 's_' + n, 288):.2f}" for n in shown))


def test_v08_conditioned_medium_reprograms_through_stat3():
    medium = [(0, {"IL6_occ": 0.4, "CCL2_occ": 0.4})]
    naive, cm = run(6), run(6, medium)
    change = lambda r, n: r[n][-1] - naive[n][-1]  # noqa: E731
    note("V08 predicted: IL6 and CCL2 at 0.4, day 6: MITF / proliferation / clonogenicity", f"{cm['mitf'][-1]:.2f} / {cm['proliferation'][-1]:.2f} / {cm['clonogenicity'][-1]:.2f}")
    for label, off in (("STAT3 at 10 %", {"stat3_activity": 0.1}), ("IL6R at 10 %", {"il6r_activity": 0.1})):
        blocked = run(6, medium, **off)
        note(f"V08 predicted: {label}: undone of MITF / invasiveness / proliferation",
             " / ".join(f"{1 - change(blocked, n) / change(cm, n):.2f}" for n in ("mitf", "invasiveness", "proliferation")))


def test_v09_v10_nfkb_and_the_arrest():
    dox = [(0, {"DOX_C": 100})]
    control = run(12, dox)
    for label, off in (("IKKb lost", {"ikkb_activity": 0}), ("p38 lost", {"p38_activity": 0})):
        r = run(12, dox, **off)
        share = np.mean([(at(r, n, 288) - r[n][0]) / (at(control, n, 288) - control[n][0]) for n in ("s_CCL2", "s_IL6", "s_CXCL8")])
        note(f"V09 predicted: {label}, doxorubicin day 12: secretome left / change of proliferation", f"{share:.2f} / {r['proliferation'][-1] - control['proliferation'][-1]:+.3f}")
    for rho in (0.2, 0.5, 0.8, 1.0):
        r = run(28, [(0, {"aurka_activity": 0.05}), (240, {"aurka_activity": 1, **IKK_OFF})], nfkb_reinforcement=rho)
        kept = run(28, [(0, {"aurka_activity": 0.05}), (240, {"aurka_activity": 1})], nfkb_reinforcement=rho)
        note(f"V10 predicted: aurora A at 5 % for 10 d, then IKK inhibitor, nfkb_reinforcement {rho:g}: lock day 28 with / without", f"{r['lock'][-1]:.2f} / {kept['lock'][-1]:.2f}")


def test_v12_two_waves():
    r, off = run(20, fotemustine((0,))), run(20, fotemustine((0,)), notch_activity=0)
    wave = r["time"][np.argmax(r["s_TGFB"])] / 24
    later = min(r["time"][np.argmax(r[n])] / 24 for n in ("s_IL6", "s_CXCL8")) - wave
    note("V12 fitted: peak of IL6 and CXCL8 after that of TGF-b, d", f"{later:.1f}", ">= 2", later >= 2)
    note("V12: NOTCH off: TGF-b peak / IL6 day 6 relative to control", f"{off['s_TGFB'].max() / r['s_TGFB'].max():.2f} / {at(off, 's_IL6', 144) / at(r, 's_IL6', 144):.2f}")


def test_v13_v16_v17_neighbours_clearance_and_senolysis():
    note("V13 predicted: TGF-b occupancy 0.05 / 0.1 / 0.2 / 0.4 / 0.8: lock day 10", " / ".join(f"{run(10, [(0, {'TGFB_occ': o})])['lock'][-1]:.2f}" for o in (0.05, 0.1, 0.2, 0.4, 0.8)))
    aurora = run(12, aurka_activity=0.05)
    note("V16 predicted: aurora A at 5 %, day 12: eat_me / nk_ligand (naive values)", f"{aurora['eat_me'][-1]:.2f} ({aurora['eat_me'][0]:.2f}) / {aurora['nk_ligand'][-1]:.2f} ({aurora['nk_ligand'][0]:.2f})")

    def dead(start, calendar):
        return 1 - survival(run(start + 3, list(calendar) + [(start * 24, {"bclxl_activity": 0.05})]), start * 24)
    chemo, brafi = fotemustine((0,)), [(0, {"BRAFI_C": 10000})]
    note("V17 predicted: BCL-XL blocked 3 d, dead: naive / day 0-3 with fotemustine / day 10 after / BRAF-arrested day 10",
         f"{dead(1, ()):.2f} / {dead(0, chemo):.2f} / {dead(10, chemo):.2f} / {dead(10, brafi):.2f}")


def test_v25_cytokine_and_drug_senescence():
    dox, both, palbo = run(6, [(0, {"DOX_C": 100})]), run(6, [(0, CYTOKINES)]), run(6, [(0, {"cdk46_activity": 0.02})])
    ratio = np.mean([r for r in (at(both, n, 144) / at(dox, n, 144) for n in ("s_CCL2", "s_IL6", "s_CXCL8", "s_CXCL1"))])
    note("V25 fitted: secretome of IFN-g + TNF relative to doxorubicin, day 6 (fold growth: calibration/senescence.md)", f"{ratio:.1f}", "2-20", 2 <= ratio <= 20)
    note("V25: palbociclib: p21 fold day 6", f"{palbo['p21'][-1] / palbo['p21'][0]:.2f}", "<= 1.1", palbo["p21"][-1] <= 1.1 * palbo["p21"][0])


if __name__ == "__main__":
    sys.exit("run check_behaviour.py")
