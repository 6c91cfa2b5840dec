#!/usr/bin/env python3
"""Over how much of the prior mass of secretion rates does inhibiting PARP-1 or IKK in the donors lower the invasion that their medium causes?

    senoma run models/melanoma-tis/experiments/uncertainty/secretion.toml --out A
    senoma run models/melanoma-tis/experiments/uncertainty/secretion-scale.toml --out B
    python3 tools/secretion_uncertainty.py A B --figure docs/images/secretion-uncertainty.svg

Prints tables in Markdown and writes the figure. Each seed of a run is one draw of all rates (patients.csv). Effect: invaded share of the
recipients in medium of senescent cells, less that in medium made under the inhibitor, in points, same seed and rates. Shares have exact binomial
(Clopper-Pearson) intervals of 90 %.
"""
import argparse
import csv
import math
import pathlib
import re

ARMS = {"control": "control-medium", "senescent": "senescent-medium", "PARP-1": "senescent-medium-parp-inhibited",
        "IKK": "senescent-medium-ikk-inhibited"}
INHIBITORS = ("PARP-1", "IKK")
CLEAR = 2.0  # points: two cells of a hundred
COLOURS = {"PARP-1": "#0072B2", "IKK": "#D55E00"}


def table(path):
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    return [re.sub(r"\[.*", "", name) for name in rows[0]], [[float(cell) for cell in row] for row in rows[1:]]


def read_run(folder):
    """Rates by name, and the invaded share (%) at the end by arm, each a list over draws."""
    names, rows = table(folder / "patients.csv")
    rates = {name: [row[k] for row in rows] for k, name in enumerate(names) if k > 0}
    ends = {}
    for key, slug in ARMS.items():
        ends[key] = []
        for row in rows:
            header, summary = table(folder / "arms" / slug / f"seed-{int(row[0])}" / "summary.csv")
            ends[key].append(summary[-1][header.index("invaded_fraction")])
    return rates, ends


def tail(k, n, p):
    """P(X >= k), X binomial."""
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1))


def exact_interval(k, n, level=0.9):
    def solve(wanted, of):
        low, high = 0.0, 1.0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if of(middle) < wanted else (low, middle)
        return low

    out = (1 - level) / 2
    low = 0.0 if k == 0 else solve(out, lambda p: tail(k, n, p))
    high = 1.0 if k == n else solve(1 - out, lambda p: tail(k + 1, n, p))
    return low, high


def share(flags):
    k, n = sum(flags), len(flags)
    low, high = exact_interval(k, n)
    return f"{k} of {n}: {100 * k / n:.1f} % ({100 * low:.1f}–{100 * high:.1f})"


def ranks(values):
    """Mean ranks, so that ties count alike."""
    order = sorted(range(len(values)), key=values.__getitem__)
    result, at = [0.0] * len(values), 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for k in range(at, end + 1):
            result[order[k]] = (at + end) / 2
        at = end + 1
    return result


def rank_correlation(x, y):
    a, b = ranks(x), ranks(y)
    middle = (len(x) - 1) / 2
    top = sum((p - middle) * (q - middle) for p, q in zip(a, b))
    return top / math.sqrt(sum((p - middle) ** 2 for p in a) * sum((q - middle) ** 2 for q in b))


def quantile(values, q):
    values = sorted(values)
    at = q * (len(values) - 1)
    low = math.floor(at)
    return values[low] + (at - low) * (values[min(low + 1, len(values) - 1)] - values[low])


def effects(ends, inhibitor):
    return [a - b for a, b in zip(ends["senescent"], ends[inhibitor])]


def kept_gain(ends, inhibitor):
    """The share of the gain by senescent medium that is left under the inhibitor; nothing where there is no gain."""
    gains = zip(ends["control"], ends["senescent"], ends[inhibitor])
    return [(x - control) / (cm - control) if cm > control else math.inf for control, cm, x in gains]


def where_it_fails(rates, ends, by):
    n = len(ends["control"])
    scale = rates.get("secretion_scale", [1.0] * n)
    print(f"\nDraws with an effect of {CLEAR:g} points or less, by reason:\n")
    print("| inhibitor | nothing to prevent: senescent medium itself adds no more | the rest that is secreted under inhibition still suffices |\n|---|---|---|")
    for i in INHIBITORS:
        lost = [s for s in range(n) if by[i][s] <= CLEAR]
        nothing = sum(ends["senescent"][s] - ends["control"][s] <= CLEAR for s in lost)
        print(f"| {i} | {nothing} | {len(lost) - nothing} |")
    against = [(by[i][s], i, s) for i in INHIBITORS for s in range(n) if by[i][s] <= 0]
    if not against:
        print("\nNo draw has an effect of 0 or less.")
        return
    print("\nDraws with an effect of 0 or less (invaded %; CCL2 of a naive and of a senescent cell, molecules/min, scale included):\n")
    print("| inhibitor | draw | effect | control medium | senescent | inhibited | CCL2 naive | CCL2 senescent |\n|---|---|---|---|---|---|---|---|")
    for effect, i, s in sorted(against):
        shares = " | ".join(f"{ends[k][s]:.1f}" for k in ("control", "senescent", i))
        print(f"| {i} | {s + 1} | {effect:.1f} | {shares} | {scale[s] * rates['ccl2_basal'][s]:.0f} | {scale[s] * rates['ccl2_max'][s]:.0f} |")


def report(name, rates, ends):
    n = len(ends["control"])
    print(f"### {name}: {n} draws\n")
    print("| | PARP-1 inhibited | IKK inhibited |\n|---|---|---|")
    by = {i: effects(ends, i) for i in INHIBITORS}
    print("| effect > 0 | " + " | ".join(share([e > 0 for e in by[i]]) for i in INHIBITORS) + " |")
    print(f"| effect > {CLEAR:g} points | " + " | ".join(share([e > CLEAR for e in by[i]]) for i in INHIBITORS) + " |")
    half = {i: share([k <= 0.5 for k in kept_gain(ends, i)]) for i in INHIBITORS}
    print("| at least half of the gain prevented | " + " | ".join(half[i] for i in INHIBITORS) + " |")
    spread = {i: " / ".join(f"{quantile(by[i], q):.1f}" for q in (0.05, 0.5, 0.95)) for i in INHIBITORS}
    print("| effect, points: 5 % / median / 95 % of the draws | " + " | ".join(spread[i] for i in INHIBITORS) + " |\n")
    print("Rates that move the effect most (rank correlation over the draws), and the effect in the lower, middle and upper third of the rate, points:\n")
    print("| inhibitor | rate | rank correlation | lower | middle | upper |\n|---|---|---|---|---|---|")
    for i in INHIBITORS:
        found = sorted(((rank_correlation(rates[r], by[i]), r) for r in rates), key=lambda t: -abs(t[0]))
        for rho, rate in found[:4]:
            order = sorted(range(n), key=rates[rate].__getitem__)
            thirds = [order[k * n // 3:(k + 1) * n // 3] for k in range(3)]
            means = [sum(by[i][s] for s in third) / len(third) for third in thirds]
            print(f"| {i} | `{rate}` | {rho:+.2f} | " + " | ".join(f"{m:.1f}" for m in means) + " |")
    where_it_fails(rates, ends, by)
    print()


def figure(runs):
    """Effect over the CCL2 that a senescent cell can secrete: one panel per run, one dot per draw and inhibitor."""
    width, height, left, top, gap = 380, 260, 56, 34, 30
    x_low, x_high = 2.5, 7.0
    highest = max(max(effects(ends, i)) for _, _, ends in runs for i in INHIBITORS)
    lowest = min(0.0, min(min(effects(ends, i)) for _, _, ends in runs for i in INHIBITORS))
    y_low, y_high = 5 * math.floor(lowest / 5 - 0.2), 5 * math.ceil(highest / 5)
    total = left + len(runs) * (width + gap)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {height + top + 62}" font-family="sans-serif" font-size="12" fill="#222">',
             f'<rect width="{total}" height="{height + top + 62}" fill="white"/>']
    for k, (name, rates, ends) in enumerate(runs):
        x0 = left + k * (width + gap)

        def x(value, x0=x0):
            return x0 + width * (math.log10(value) - x_low) / (x_high - x_low)

        def y(value):
            return top + height * (y_high - value) / (y_high - y_low)

        parts.append(f'<text x="{x0}" y="20" font-weight="bold">{name}</text>')
        for step in range(y_low, y_high + 1, 5):
            parts.append(f'<line x1="{x0}" x2="{x0 + width}" y1="{y(step):.1f}" y2="{y(step):.1f}" stroke="{"#222" if step == 0 else "#ddd"}"/>')
            if k == 0:
                parts.append(f'<text x="{x0 - 8}" y="{y(step) + 4:.1f}" text-anchor="end">{step}</text>')
        for decade in range(3, 8):
            parts.append(f'<line x1="{x(10.0**decade):.1f}" x2="{x(10.0**decade):.1f}" y1="{top + height}" y2="{top + height + 5}" stroke="#222"/>')
            parts.append(f'<text x="{x(10.0**decade):.1f}" y="{top + height + 19}" text-anchor="middle">10<tspan dy="-5" font-size="9">{decade}</tspan></text>')
        parts.append(f'<text x="{x0 + width / 2}" y="{top + height + 38}" text-anchor="middle">CCL2 of a senescent cell, molecules/min (ccl2_max × scale)</text>')
        scale = rates.get("secretion_scale", [1.0] * len(ends["control"]))
        for i in INHIBITORS:
            for s, effect in enumerate(effects(ends, i)):
                parts.append(f'<circle cx="{x(scale[s] * rates["ccl2_max"][s]):.1f}" cy="{y(effect):.1f}" r="3" fill="{COLOURS[i]}" fill-opacity="0.6"/>')
    parts.append(f'<text transform="translate(16 {top + height / 2}) rotate(-90)" text-anchor="middle">invasion prevented, points</text>')
    for n, i in enumerate(INHIBITORS):
        parts.append(f'<circle cx="{left + 6 + 190 * n}" cy="{top + height + 54}" r="4" fill="{COLOURS[i]}"/>')
        parts.append(f'<text x="{left + 16 + 190 * n}" y="{top + height + 58}">{i} inhibited in the donors</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=pathlib.Path, help="folders of finished runs")
    parser.add_argument("--figure", type=pathlib.Path)
    arguments = parser.parse_args()
    runs = []
    for folder in arguments.runs:
        rates, ends = read_run(folder)
        name = "Rates and their common scale" if "secretion_scale" in rates else "Each rate from its own prior"
        runs.append((name, rates, ends))
        report(*runs[-1])
    if arguments.figure:
        arguments.figure.write_text(figure(runs), encoding="utf-8")


if __name__ == "__main__":
    main()
