#!/usr/bin/env python3
"""What the network does under other lesions, targeted drugs and cytokines (pytest collects the test_* functions)."""
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from behaviour import between, first_day, gain, note, run, survival  # noqa: E402
from simulate import FACTORS, at, fotemustine, integral, temozolomide_bath  # noqa: E402

RATE = 0.0335  # A375's division rate at proliferation 1, 1/h (lines/A375.toml)
CYTOKINES = {"IFNG_occ": 0.8, "TNF_occ": 0.8}


def fold_at_72_h(calendar, **parameters):
    r = run(3, calendar, **parameters)
    return np.exp(RATE * integral(r, "proliferation") - integral(r, "apoptosis_hazard"))


def ic50(calendar_of, low, high, **parameters):
    """Dose at which the count after 72 h is half of the control's."""
    half = 0.5 * fold_at_72_h([], **parameters)
    for _ in range(18):
        middle = np.sqrt(low * high)
        low, high = (middle, high) if fold_at_72_h(calendar_of(middle), **parameters) > half else (low, middle)
    return middle


def irradiation(gray):
    return [(0, {"RAD_RATE": 10 * gray}), (0.1, {"RAD_RATE": 0})]


def test_growth_inhibition_by_other_genotoxic_drugs():
    def bath(drug, half_life):
        k = np.log(2) / half_life
        return lambda c: [(float(t), {drug: c * np.exp(-k * t) * (1 - np.exp(-k)) / k}) for t in range(72)]
    between("cisplatin (half-life 5 h in medium): IC50 at 72 h, uM", ic50(bath("CIS_C", 5.0), 1e2, 1e5) / 1000, 1, 30, ".1f")
    between("taxane: IC50 at 72 h, nM", ic50(lambda c: [(0, {"TAXANE_C": c})], 0.1, 100), 0.5, 20, ".1f")
    between("doxorubicin: IC50 at 72 h, nM", ic50(lambda c: [(0, {"DOX_C": c})], 1, 1000), 5, 200, ".0f")
    # a cultured line stands more than the shipped tumour (experiments/donor.toml)
    between("temozolomide, MGMT-low, cultured line: IC50 at 72 h, uM", ic50(temozolomide_bath, 1, 1000, damage_sensitivity=0.25), 10, 100, ".0f")
    note("temozolomide, MGMT-low, default cell: IC50 at 72 h, uM", f"{ic50(temozolomide_bath, 1, 1000):.0f}")
    ratio = ic50(bath("CIS_C", 5.0), 1e2, 1e5, ner_activity=0.1) / ic50(bath("CIS_C", 5.0), 1e2, 1e5)
    note("cisplatin: IC50 without excision repair, relative to with", f"{ratio:.2f}", "<= 0.8", ratio <= 0.8)


def test_radiation_makes_breaks_by_the_gray():
    r = run(8, irradiation(2))
    between("2 Gy: breaks that need slow repair, at the end of the dose", float(r["breaks"].max()), 10, 40, ".0f")
    note("2 Gy: breaks at 24 h", f"{at(r, 'breaks', 24):.1f}", "<= 8", at(r, "breaks", 24) <= 8)
    doses = [run(8, irradiation(g)) for g in (1, 2, 4, 8)]
    note("1 / 2 / 4 / 8 Gy: lock day 8", " / ".join(f"{d['senescence'][-1]:.2f}" for d in doses), "rises", doses[3]["senescence"][-1] > doses[0]["senescence"][-1])
    note("1 / 2 / 4 / 8 Gy: dead by day 8", " / ".join(f"{1 - survival(d):.2f}" for d in doses))
    plain, off = (run(1, irradiation(4), **p) for p in ({}, {"dnapk_activity": 0}))
    note("4 Gy: NF-kB at 4 h without / with DNA-PK", f"{at(off, 'nfkb', 4) / at(plain, 'nfkb', 4):.2f}", "<= 0.5", at(off, "nfkb", 4) <= 0.5 * at(plain, "nfkb", 4))


def test_failed_mitoses_give_a_damage_response_in_one_to_three_days():
    for label, cal, par in (("aurora A at 5 %", [], {"aurka_activity": 0.05}), ("taxane 10 nM", [(0, {"TAXANE_C": 10})], {})):
        r = run(12, cal, **par)
        between(f"{label}: ATM above 0.3, day", first_day(r, "atm", 0.3), 0.5, 3)
        note(f"{label}: lock / s_CCL2 fold day 12", f"{r['senescence'][-1]:.2f} / {gain(r, 's_CCL2', 12):.1f}", "> 0.5 / >= 5", r["senescence"][-1] > 0.5 and gain(r, "s_CCL2", 12) >= 5)


def test_tnf_with_interferon_gamma_makes_senescence_and_a_strong_secretome():
    both, dox = run(8, [(0, CYTOKINES)]), run(8, [(0, {"DOX_C": 100})])
    between("IFN-g + TNF: lock > 0.5, day", first_day(both, "senescence", 0.5), 3, 6, ".1f")
    for name in ("s_CCL2", "s_IL6", "s_CXCL8"):
        ratio = at(both, name, 144) / at(dox, name, 144)
        between(f"IFN-g + TNF: {name} day 6 relative to doxorubicin 100 nM", ratio, 2, 20, ".1f")
    for alone in CYTOKINES:
        r = run(8, [(0, {alone: 0.8})])
        note(f"{alone} alone: lock day 8", f"{r['senescence'][-1]:.3f}", "< 0.1", r["senescence"][-1] < 0.1)
    for switch in ("stat1_activity", "tnfr_activity", "ifngr_activity"):
        r = run(8, [(0, CYTOKINES)], **{switch: 0})
        note(f"IFN-g + TNF, {switch} 0: lock day 8", f"{r['senescence'][-1]:.3f}", "< 0.1", r["senescence"][-1] < 0.1)
    ifng = run(2, [(0, {"IFNG_occ": 0.8})])
    note("IFN-g: PD-L1 naive / day 2", f"{ifng['pdl1'][0]:.2f} / {ifng['pdl1'][-1]:.2f}", ">= 5 x", ifng["pdl1"][-1] >= 5 * ifng["pdl1"][0])
    between("IFN-g: proliferation day 2", ifng["proliferation"][-1], 0.3, 0.9)


def test_sting_makes_interferon_and_nothing_else():
    control, off = run(14, fotemustine((0,))), run(14, fotemustine((0,)), sting_activity=0)
    level = control["s_IFNB"] - control["s_IFNB"][0]
    between("IFN-b: half of its day-14 level, day", control["time"][np.argmax(level > 0.5 * level[-1])] / 24, 3, 7, ".1f")
    note("STING off: IFN-b day 14 relative to control", f"{off['s_IFNB'][-1] / control['s_IFNB'][-1]:.3f}", "<= 0.1", off["s_IFNB"][-1] <= 0.1 * control["s_IFNB"][-1])
    other = max(abs(off[f"s_{f}"][-1] / control[f"s_{f}"][-1] - 1) for f in FACTORS if f != "IFNB")
    note("STING off: largest change of another factor, day 14", f"{other:.3f}", "<= 0.05", other <= 0.05)
    note("STING off: change of the lock, day 14", f"{abs(off['lock'][-1] - control['lock'][-1]):.3f}", "<= 0.02", abs(off["lock"][-1] - control["lock"][-1]) <= 0.02)


def test_cdk46_inhibition_becomes_durable_but_not_senescent():
    held = run(21, [(0, {"cdk46_activity": 0.02}), (14 * 24, {"cdk46_activity": 1})])
    short = run(8, [(0, {"cdk46_activity": 0.02}), (24, {"cdk46_activity": 1})])
    note("CDK4/6 blocked 1 d / 14 d: proliferation 1 d after", f"{at(short, 'proliferation', 48):.2f} / {at(held, 'proliferation', 360):.2f}", ">= 0.8 / <= 0.4",
         at(short, "proliferation", 48) >= 0.8 and at(held, "proliferation", 360) <= 0.4)
    note("CDK4/6 blocked 14 d: lock / breaks fold / largest secretion fold",
         f"{at(held, 'lock', 336):.3f} / {at(held, 'breaks', 336) / held['breaks'][0]:.2f} / {max(at(held, f's_{f}', 336) / held[f's_{f}'][0] for f in FACTORS):.2f}",
         "< 0.05 / <= 1.1 / <= 1.1", at(held, "lock", 336) < 0.05 and max(at(held, f"s_{f}", 336) / held[f"s_{f}"][0] for f in FACTORS) <= 1.1)
    lost = run(4, [(0, {"cdk46_activity": 0.02})], rb_activity=0)
    note("CDK4/6 blocked, RB lost: proliferation day 4", f"{lost['proliferation'][-1]:.2f}", ">= 0.8", lost["proliferation"][-1] >= 0.8)


def test_p53_release_stroma_and_growth_factors():
    nutlin = run(4, [(0, {"mdm2_activity": 0.05})])
    note("MDM2 at 5 %: p53 fold / proliferation day 4 / breaks fold", f"{nutlin['p53'][-1] / nutlin['p53'][0]:.1f} / {nutlin['proliferation'][-1]:.2f} / {nutlin['breaks'][-1] / nutlin['breaks'][0]:.1f}",
         ">= 5 / <= 0.3", nutlin["p53"][-1] >= 5 * nutlin["p53"][0] and nutlin["proliferation"][-1] <= 0.3)
    alone, hgf = run(4, [(0, {"BRAFI_C": 3000})]), run(4, [(0, {"BRAFI_C": 3000, "HGF_occ": 0.8})])
    note("PLX4720 3 uM: proliferation day 4 without / with HGF", f"{alone['proliferation'][-1]:.2f} / {hgf['proliferation'][-1]:.2f}", ">= 1.5 x", hgf["proliferation"][-1] >= 1.5 * alone["proliferation"][-1])
    wild = run(4, [(0, {"BRAFI_C": 3000})], braf_mutant=0)
    note("PLX4720 3 uM, BRAF wild type: proliferation day 4", f"{wild['proliferation'][-1]:.2f}", ">= 0.8", wild["proliferation"][-1] >= 0.8)


def test_juxtacrine_notch_wnt_and_reinforcement():
    jag = run(6, [(0, {"JAG1_contact": 2})])
    note("JAG1 of neighbours: own jag1 fold / TGF-b fold day 6", f"{jag['jag1'][-1] / jag['jag1'][0]:.1f} / {gain(jag, 's_TGFB', 6):.1f}", ">= 3 / >= 2", jag["jag1"][-1] >= 3 * jag["jag1"][0] and gain(jag, "s_TGFB", 6) >= 2)
    control, off = run(20, fotemustine((0,))), run(20, fotemustine((0,)), wnt_activity=0)
    note("Wnt off: escape relative to control, day 20", f"{off['escape_hazard'][-1] / control['escape_hazard'][-1]:.2f}", "<= 0.2", off["escape_hazard"][-1] <= 0.2 * control["escape_hazard"][-1])
    between("senescent cell: clonogenicity kept for its escape, relative to naive, day 20", control["clonogenicity"][-1], 1.5, 10, ".1f")
    low = fotemustine((0,), 5.0)
    base = run(8, low)["lock"][-1]
    for ligand in ("CXCL8_occ", "CXCL1_occ", "PAI1_occ", "IGFBP7_occ"):
        r = run(8, [(0, {ligand: 0.8})] + low)
        note(f"fotemustine 5 uM h: lock day 8 without / with {ligand} 0.8", f"{base:.2f} / {r['lock'][-1]:.2f}", "higher", r["lock"][-1] > base)


def test_vegf_rises_with_damage_through_erk_and_in_hypoxia():
    dose = temozolomide_bath(50)
    drug, meki = run(4, dose), run(4, dose, erk_activity=0.1)
    fold = {n: gain(drug, n, 3) for n in ("s_VEGFA", "s_CXCL8")}
    note("alkylator: VEGFA / CXCL8 fold day 3", f"{fold['s_VEGFA']:.2f} / {fold['s_CXCL8']:.2f}", "> 1.1 both", min(fold.values()) > 1.1)
    note("alkylator with MEK inhibition: VEGFA relative to without, day 3", f"{at(meki, 's_VEGFA', 72) / at(drug, 's_VEGFA', 72):.2f}", "<= 0.6", at(meki, "s_VEGFA", 72) <= 0.6 * at(drug, "s_VEGFA", 72))
    hypoxic = run(1, [(1, {"O2_rel": 0.02})])
    note("oxygen 2 %: VEGFA fold", f"{gain(hypoxic, 's_VEGFA', 1):.1f}", ">= 2", gain(hypoxic, "s_VEGFA", 1) >= 2)


def test_p53_driven_factors_do_not_need_nfkb():
    control, off = run(10, fotemustine((0,))), run(10, fotemustine((0,)), nfkb_activity=0)
    lost = run(10, fotemustine((0,)), p53_wt=0)
    for name in ("s_GDF15", "s_PAI1", "s_IGFBP7"):
        note(f"{name}: fold day 10, and without NF-kB, and without p53", f"{gain(control, name, 10):.1f}, {gain(off, name, 10):.1f}, {gain(lost, name, 10):.1f}", ">= 2, >= 2", min(gain(control, name, 10), gain(off, name, 10)) >= 2)


if __name__ == "__main__":
    sys.exit("run check_behaviour.py")
