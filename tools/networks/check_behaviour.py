#!/usr/bin/env python3
"""What the melanoma network must do, checked in libroadrunner (pytest collects the test_* functions).

Run as a program it prints a table of measured numbers and writes models/melanoma-tis/calibration/network.md.
Nothing here sets an answer: each scenario changes inputs (drug, occupancy) or node switches only.
"""
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
import behaviour  # noqa: E402
from behaviour import (DAY, IKK_OFF, OLAPARIB, PARP_CATALYSIS_OFF, PARP_REPAIR_OFF, gain, network, note, run,  # noqa: E402
                       survival)
from simulate import ROOT, at, fotemustine, integral, temozolomide_bath  # noqa: E402

SECRETED = ("s_CCL2", "s_IL6", "s_CXCL8", "s_MMP")


@lru_cache(maxsize=None)
def senescent_run():
    return run(30, fotemustine((0,)))


def test_naive_cell_rests_at_its_initial_values():
    for s_phase in (0.0, 0.35, 1.0):
        r = run(30, [(0, {"S_phase": s_phase})])
        drift = max(abs(r[n][-1] - r[n][0]) / max(abs(r[n][0]), 0.05) for n in network().states)
        note(f"naive, S_phase {s_phase:g}: largest relative drift of a state in 30 d", f"{drift:.2g}", "<= 0.1", drift <= 0.1)
    note("naive: proliferation", f"{r['proliferation'][0]:.3f}", "0.97-1.03", 0.97 <= r["proliferation"][0] <= 1.03)
    note("naive: deaths per day", f"{24 * r['apoptosis_hazard'][0]:.2g}", "<= 0.005", 24 * r["apoptosis_hazard"][0] <= 0.005)
    note("naive: invasiveness", f"{r['invasiveness'][0]:.3f}", "<= 0.05", r["invasiveness"][0] <= 0.05)


def test_fotemustine_locks_survivors_in_three_to_seven_days():
    r = senescent_run()
    arrest = r["time"][np.argmax(r["checkpoint"] < 0.2)] / DAY
    lock = r["time"][np.argmax(r["senescence"] > 0.5)] / DAY
    note("fotemustine once: arrested (checkpoint < 0.2), day", f"{arrest:.2f}", "<= 2", 0 < arrest <= 2)
    note("fotemustine once: lock > 0.5, day", f"{lock:.2f}", "3-7", 3 <= lock <= 7)
    note("fotemustine once: proliferation day 30", f"{at(r, 'proliferation', 720):.4f}", "<= 0.01", at(r, "proliferation", 720) <= 0.01)
    note("fotemustine once: persistent breaks day 30", f"{at(r, 'dsb_persistent', 720):.1f}", "5-20", 5 <= at(r, "dsb_persistent", 720) <= 20)
    acute = 1 - survival(r, 0, 6 * DAY)
    note("fotemustine once: dead by day 6, median cell", f"{acute:.2f}", "0.3-0.9", 0.3 <= acute <= 0.9)
    late = 1e3 * r["apoptosis_hazard"][-1]
    note("senescent: late hazard, per 1000 h", f"{late:.2f}", "<= 2", late <= 2)


def test_secretome_is_slow_and_comes_in_two_waves():
    r = senescent_run()
    for name in SECRETED:
        note(f"{name}: fold at 24 h", f"{gain(r, name, 1):.2f}", "< 2", gain(r, name, 1) < 2)
    note("s_IL6: fold at day 9", f"{gain(r, 's_IL6', 9):.1f}", ">= 10", gain(r, "s_IL6", 9) >= 10)
    note("s_CCL2: fold at day 9", f"{gain(r, 's_CCL2', 9):.1f}", ">= 10", gain(r, "s_CCL2", 9) >= 10)
    for name in ("s_CCL2", "s_IL6", "s_CXCL8"):
        level = r[name] - r[name][0]
        onset, plateau = (r["time"][np.argmax(level > share * level.max())] / DAY for share in (0.1, 0.8))
        note(f"{name}: onset (10 %), day", f"{onset:.1f}", "1.5-5", 1.5 <= onset <= 5)
        note(f"{name}: plateau (80 %), day", f"{plateau:.1f}", "5-11", 5 <= plateau <= 11)
    wave = r["time"][np.argmax(r["s_TGFB"])] / DAY
    half = {n: r["time"][np.argmax(r[n] > 0.5 * r[n].max())] / DAY for n in ("s_IL6", "s_CXCL8")}
    peak = min(r["time"][np.argmax(r[n])] / DAY for n in ("s_IL6", "s_CXCL8"))
    note("TGF-b: peak, day", f"{wave:.1f}", "1-5", 1 <= wave <= 5)
    note("IL6/CXCL8: peak after TGF-b, d", f"{peak - wave:.1f}", ">= 2", peak - wave >= 2)
    note("IL6/CXCL8: half rise after TGF-b peak, d", f"{min(half.values()) - wave:.1f}", ">= 2", min(half.values()) - wave >= 2)
    per_second = r["s_CCL2"][-1] / 60
    note("s_CCL2 senescent, molecules/s", f"{per_second:.0f}", "40-400", 40 <= per_second <= 400)


def test_transient_damage_gives_no_secretome():
    # about 15 breaks, repaired within 24 h: breaks come from a one-hour pulse, no crosslinks
    r = run(14, [(0, {"k_dsb_endogenous": 12}), (1, {"k_dsb_endogenous": network().runner_default("k_dsb_endogenous")})])
    note("transient: breaks at peak", f"{r['breaks'].max():.1f}", ">= 8", r["breaks"].max() >= 8)
    note("transient: breaks at 24 h", f"{at(r, 'breaks', 24):.1f}", "<= 2", at(r, "breaks", 24) <= 2)
    note("transient: NF-kB within 3 h, fold", f"{at(r, 'nfkb', 3) / r['nfkb'][0]:.1f}", ">= 5", at(r, "nfkb", 3) >= 5 * r["nfkb"][0])
    for name in SECRETED:
        note(f"transient: {name} largest fold", f"{r[name].max() / r[name][0]:.2f}", "< 1.5", r[name].max() < 1.5 * r[name][0])
    note("transient: lock at day 14", f"{r['senescence'][-1]:.3f}", "< 0.1", r["senescence"][-1] < 0.1)


def test_parp_catalysis_and_ikk_are_needed_for_the_secretome_but_not_for_tgfb():
    control = senescent_run()
    for label, off in (("PARP catalysis 5 %", PARP_CATALYSIS_OFF), ("IKK 5 %", IKK_OFF), ("NF-kB off", {"nfkb_activity": 0}),
                       ("p38 off", {"p38_activity": 0})):
        r = run(30, fotemustine((0,)), **off)
        for name in ("s_CCL2", "s_IL6", "s_CXCL8"):
            cut = 1 - integral(r, name, 72) / integral(control, name, 72)
            note(f"{label}: cut of {name}", f"{cut:.2f}", ">= 0.8", cut >= 0.8)
        share = r["s_TGFB"].max() / control["s_TGFB"].max()
        note(f"{label}: TGF-b peak relative to control", f"{share:.2f}", ">= 0.7", share >= 0.7)
        note(f"{label}: lock at day 14", f"{at(r, 'senescence', 336):.2f}")
        note(f"{label}: proliferation at day 14", f"{at(r, 'proliferation', 336):.3f}", "<= 0.05", at(r, "proliferation", 336) <= 0.05)


def test_late_inhibition_stops_a_running_secretome():
    for label, off in (("PARP catalysis 5 % from day 12", PARP_CATALYSIS_OFF), ("IKK 5 % from day 12", IKK_OFF)):
        r = run(24, fotemustine((0,)) + [(12 * DAY, off)])
        left = r["s_CCL2"][-1] / at(r, "s_CCL2", 12 * DAY)
        note(f"{label}: CCL2 left at day 24", f"{left:.2f}", "<= 0.2", left <= 0.2)


def test_parp_repair_and_trapping_raise_damage():
    low = fotemustine((0,), 5.0)
    control, repair, olaparib = (run(6, low), run(6, low, **PARP_REPAIR_OFF), run(6, low, **OLAPARIB))
    for label, r in (("PARP repair 10 %", repair), ("olaparib", olaparib)):
        ratio = at(r, "dsb_persistent", 72) / at(control, "dsb_persistent", 72)
        note(f"{label} + fotemustine 5 uM h: persistent breaks day 3, fold", f"{ratio:.2f}", ">= 1.1", ratio >= 1.1)
    alone = run(10, **OLAPARIB)
    note("olaparib alone: proliferation day 10", f"{alone['proliferation'][-1]:.2f}", ">= 0.5", alone["proliferation"][-1] >= 0.5)
    for level, label in ((700, "MGMT-"), (60000, "MGMT+")):
        dose = temozolomide_bath(50)
        plain, both = run(8, dose, mgmt_level=level), run(8, dose, mgmt_level=level, **OLAPARIB)
        note(f"temozolomide 50 uM, {label}: lock day 8 without / with olaparib",
             f"{plain['senescence'][-1]:.2f} / {both['senescence'][-1]:.2f}", "MGMT+ >= 2 x", level < 1e4 or both["senescence"][-1] >= 2 * plain["senescence"][-1])


def test_mgmt_and_genotype():
    low, high = run(14, fotemustine((0,))), run(14, fotemustine((0,)), mgmt_level=20000)
    note("MGMT 20000: lock day 14", f"{high['senescence'][-1]:.3f}", "< 0.1", high["senescence"][-1] < 0.1)
    note("MGMT 20000: crosslinks relative to MGMT-low", f"{high['icl'].max() / low['icl'].max():.2f}", "<= 0.3", high["icl"].max() <= 0.3 * low["icl"].max())
    dose = temozolomide_bath(30)
    wild, lost = run(5, dose), run(5, dose, p53_wt=0)
    note("temozolomide 30 uM: dead by day 5, p53 wild type / lost", f"{1 - survival(wild):.2f} / {1 - survival(lost):.2f}", "lost higher", survival(lost) < survival(wild))
    note("temozolomide 30 uM: proliferation day 4, p53 wild type / lost", f"{at(wild, 'proliferation', 96):.2f} / {at(lost, 'proliferation', 96):.2f}",
         "lost higher", at(lost, "proliferation", 96) > at(wild, "proliferation", 96))
    mismatch = run(5, dose, mmr_proficiency=0)
    note("temozolomide 30 uM: persistent breaks, mismatch repair lost / intact", f"{mismatch['dsb_persistent'][-1]:.2f} / {wild['dsb_persistent'][-1]:.2f}",
         "<= 0.5 x", mismatch["dsb_persistent"][-1] <= 0.5 * wild["dsb_persistent"][-1])


def test_nfkb_is_a_survival_factor_and_may_hold_the_arrest():
    control = senescent_run()
    off = run(30, fotemustine((0,)), nfkb_activity=0)
    note("NF-kB off: BCL-XL day 10 relative to control", f"{at(off, 'bclxl', 240) / at(control, 'bclxl', 240):.2f}", "<= 0.8", at(off, "bclxl", 240) <= 0.8 * at(control, "bclxl", 240))
    note("NF-kB off / on: survival to day 14", f"{survival(off, 0, 336):.3f} / {survival(control, 0, 336):.3f}", "lower", survival(off, 0, 336) < survival(control, 0, 336))
    for rho in (0.0, 0.2, 0.5, 1.0):
        r = run(45, fotemustine((0,)), nfkb_activity=0, nfkb_reinforcement=rho)
        note(f"NF-kB off, nfkb_reinforcement {rho:g}: lock / proliferation day 45", f"{r['senescence'][-1]:.2f} / {r['proliferation'][-1]:.2f}",
             "held at 0 and 0.2, open at 1", r["senescence"][-1] > 0.5 if rho <= 0.2 else (rho < 1 or r["proliferation"][-1] > 0.5))
    r = run(45, fotemustine((0,)), nfkb_reinforcement=1)
    note("NF-kB on, nfkb_reinforcement 1: lock day 45", f"{r['senescence'][-1]:.2f}", "> 0.5", r["senescence"][-1] > 0.5)


def test_senolysis_needs_time_after_arrest():
    def death(start, p):
        r = run(start + 3, list(p) + [(start * DAY, {"bclxl_activity": 0.1})])
        return 1 - survival(r, start * DAY)
    course = fotemustine((0,))
    note("navitoclax 3 d: naive cells dead", f"{death(1, ()):.3f}", "<= 0.1", death(1, ()) <= 0.1)
    note("navitoclax 3 d from day 12: senescent cells dead", f"{death(12, course):.2f}", "0.5-0.95", 0.5 <= death(12, course) <= 0.95)
    brafi = [(0, {"BRAFI_C": 10000})]
    note("navitoclax 3 d from day 12: BRAF-arrested cells dead", f"{death(12, brafi):.2f}", "<= 0.4", death(12, brafi) <= 0.4)


def test_ligands_make_cells_invasive_through_stat3():
    base = run(1)
    for label, occ in (("CCL2 occupancy 0.6", {"CCL2_occ": 0.6}), ("IL6 occupancy 0.6", {"IL6_occ": 0.6})):
        r, blocked = run(6, [(0, occ)]), run(6, [(0, occ)], stat3_activity=0.1)
        note(f"{label}: STAT3 fold at 6 h", f"{at(r, 'stat3', 6) / base['stat3'][0]:.1f}", ">= 5", at(r, "stat3", 6) >= 5 * base["stat3"][0])
        speed = 1 + r["invasiveness"][-1] - base["invasiveness"][0]
        note(f"{label}: speed at day 6 with speed = 1 + invasiveness", f"{speed:.2f}", "1.5-2.2", 1.5 <= speed <= 2.2)
        note(f"{label}: E-cadherin day 6", f"{r['ecadherin'][-1]:.2f}", "<= 0.6", r["ecadherin"][-1] <= 0.6)
        note(f"{label}: proliferation day 6", f"{r['proliferation'][-1]:.2f}", "0.4-0.8", 0.4 <= r["proliferation"][-1] <= 0.8)
        undone = 1 - (blocked["invasiveness"][-1] - base["invasiveness"][0]) / (r["invasiveness"][-1] - base["invasiveness"][0])
        note(f"{label}: undone by STAT3 inhibition", f"{undone:.2f}", ">= 0.8", undone >= 0.8)
    weak = run(6, [(0, {"CCL2_occ": 0.03})])
    note("CCL2 occupancy 0.03 (one neighbour): invasiveness gain", f"{weak['invasiveness'][-1] - base['invasiveness'][0]:.3f}", "<= 0.05", weak["invasiveness"][-1] <= base["invasiveness"][0] + 0.05)
    drugged, helped = run(6, fotemustine((0,))), run(6, [(0, {"CCL2_occ": 0.6})] + fotemustine((0,)))
    note("fotemustine: survival without / with CCL2", f"{survival(drugged):.3f} / {survival(helped):.3f}", "with higher", survival(helped) > survival(drugged))


def test_braf_inhibition_arrests_without_damage_or_secretome():
    r = run(8, [(0, {"BRAFI_C": 10000})])
    note("PLX4720 10 uM: ERK at 2 h / 72 h", f"{at(r, 'erk', 2):.2f} / {at(r, 'erk', 72):.2f}", "rebound", at(r, "erk", 72) > at(r, "erk", 2))
    note("PLX4720 10 uM: proliferation day 4", f"{at(r, 'proliferation', 96):.2f}", "<= 0.3", at(r, "proliferation", 96) <= 0.3)
    note("PLX4720 10 uM: breaks day 8", f"{r['breaks'][-1]:.2f}", "<= 1.1 x naive", r["breaks"][-1] <= 1.1 * r["breaks"][0])
    note("PLX4720 10 uM: lock day 8", f"{r['senescence'][-1]:.3f}", "< 0.05", r["senescence"][-1] < 0.05)
    for name in SECRETED:
        note(f"PLX4720 10 uM: {name} fold day 8", f"{gain(r, name, 8):.2f}", "<= 1.1", gain(r, name, 8) <= 1.1)


def test_notch_mitf_and_paracrine_tgfb():
    control, off = senescent_run(), run(30, fotemustine((0,)), notch_activity=0)
    note("NOTCH1 off: TGF-b peak / IL6 day 6, relative to control", f"{off['s_TGFB'].max() / control['s_TGFB'].max():.2f} / {at(off, 's_IL6', 144) / at(control, 's_IL6', 144):.2f}",
         "< 0.5 / > 1.1", off["s_TGFB"].max() < 0.5 * control["s_TGFB"].max() and at(off, "s_IL6", 144) > 1.1 * at(control, "s_IL6", 144))
    on = run(30, fotemustine((0,)), notch_constitutive=0.8)
    note("NOTCH1 always on: IL6 day 10 relative to control", f"{at(on, 's_IL6', 240) / at(control, 's_IL6', 240):.2f}", "< 0.5", at(on, "s_IL6", 240) < 0.5 * at(control, "s_IL6", 240))
    silenced = run(14, mitf_activity=0.02)
    day = silenced["time"][np.argmax(silenced["senescence"] > 0.5)] / DAY
    note("MITF silenced: lock > 0.5, day", f"{day:.1f}", "3-10", 3 <= day <= 10)
    note("MITF silenced: s_CCL2 fold day 14", f"{gain(silenced, 's_CCL2', 14):.1f}", ">= 5", gain(silenced, "s_CCL2", 14) >= 5)
    for occupancy, low, high in ((0.05, 0, 0.1), (0.8, 0.5, 1)):
        r = run(10, [(0, {"TGFB_occ": occupancy})])
        note(f"TGF-b occupancy {occupancy:g}: lock day 10", f"{r['senescence'][-1]:.2f}", f"{low}-{high}", low <= r["senescence"][-1] <= high)
    p53_lost = run(9, temozolomide_bath(30), p53_wt=0)
    wild = run(9, temozolomide_bath(30))
    note("temozolomide 30 uM: IL6 day 9 p53 lost / wild type", f"{p53_lost['s_IL6'][-1]:.0f} / {wild['s_IL6'][-1]:.0f}")


def test_palbociclib_arrests_without_p21_or_secretome():
    r = run(8, [(0, {"cdk46_activity": 0.02})])
    note("CDK4/6 inhibited: proliferation / p21 fold / CCL2 fold day 8", f"{r['proliferation'][-1]:.2f} / {r['p21'][-1] / r['p21'][0]:.2f} / {gain(r, 's_CCL2', 8):.2f}",
         "<= 0.1 / <= 1.1 / <= 1.1", r["proliferation"][-1] <= 0.1 and r["p21"][-1] <= 1.1 * r["p21"][0] and gain(r, "s_CCL2", 8) <= 1.1)


def test_escape_is_rare_and_easier_without_p53():
    r = senescent_run()
    rate = 24 * at(r, "escape_hazard", 480)
    note("escape, p53 wild type, per cell and day", f"{rate:.1e}", "1e-7-1e-3", 1e-7 <= rate <= 1e-3)
    note("escape, naive cell, per day", f"{24 * r['escape_hazard'][0]:.1e}", "<= 1e-9", 24 * r["escape_hazard"][0] <= 1e-9)


def main():
    import check_findings
    import check_therapies
    behaviour.keep_going = True
    lines = ["# What the melanoma network does", "",
             "Measured by `tools/networks/check_behaviour.py` with libroadrunner on `networks/melanoma.xml`, one cell with the file's",
             "values unless the row says otherwise; fotemustine 14 uM h as a one-hour block. Bounds from SCIENCE.md and its tables.", ""]
    for module, title, intro in (
            (sys.modules[__name__], "Core mechanisms", "Damage, arrest, lock, secretome, survival, invasion."),
            (check_therapies, "Lesions, targeted drugs, cytokines", "Mechanisms beyond the core."),
            (check_findings, "Published findings, one cell", "Findings kept for prediction (predicted-findings.toml) are measured and reported; nothing is fitted to them.")):
        tests = [(n, f) for n, f in vars(module).items() if n.startswith("test_")]
        lines += behaviour.show_all(tests, title, intro) + [""]
    (ROOT / "models/melanoma-tis/calibration/network.md").write_text("\n".join(lines).rstrip() + "\n")
    met = [r[3] for r in behaviour.rows if r[2] != "report"]
    print(f"\n{sum(bool(m) for m in met)} of {len(met)} met")
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
