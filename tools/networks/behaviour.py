"""What the behaviour checks share: runs of one cell, noted rows, a table on screen and in Markdown."""
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from simulate import Network, at, integral  # noqa: E402

DAY = 24.0
PARP_CATALYSIS_OFF = {"k_par_catalysis": 0.05}
PARP_REPAIR_OFF = {"k_par_repair": 0.1}
OLAPARIB = {"k_par_catalysis": 0.05, "k_par_repair": 0.1, "par_trapping": 0.5}
IKK_OFF = {"ikkb_activity": 0.05, "ikka_activity": 0.3}  # BMS-345541
rows = []
keep_going = False  # a program sets it and shows every row; under pytest the first miss fails its test


@lru_cache(maxsize=None)
def network():
    return Network()


def run(days, calendar=(), **parameters):
    return network().run(DAY * days, calendar, parameters)


def note(name, value, bound="report", ok=True):
    rows.append((name, value, bound, ok))
    assert ok or keep_going, f"{name}: {value}, wanted {bound}"


def between(name, value, low, high, form=".2f"):
    note(name, f"{value:{form}}", f"{low:g}-{high:g}", low <= value <= high)


def survival(r, t0=0.0, t1=np.inf):
    return float(np.exp(-integral(r, "apoptosis_hazard", t0, t1)))


def gain(r, name, day):
    """Secretion above the naive level, which is the run's own start."""
    return at(r, name, DAY * day) / r[name][0]


def first_day(r, name, level):
    above = r[name] > level
    return r["time"][np.argmax(above)] / DAY if above.any() else np.inf


def show_all(tests, title, intro):
    """Runs every test, prints its rows and returns the section's Markdown lines."""
    lines = [f"## {title}", "", intro, "", "| quantity | value | wanted | met |", "|---|---|---|---|"]
    for name, test in tests:
        first = len(rows)
        test()
        print(f"\n{name[5:].replace('_', ' ')}")
        for label, value, bound, ok in rows[first:]:
            print(f"  {'ok  ' if ok else 'FAIL'} {label}: {value} (wanted {bound})")
            lines.append(f"| {label} | {value} | {bound} | {'-' if bound == 'report' else 'yes' if ok else 'NO'} |")
    return lines
