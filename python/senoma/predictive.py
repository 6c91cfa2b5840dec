"""The predictive check of a calibration: do new measurements of the calibrated model look like those that were made?"""
import json

import numpy
import pandas

from senoma.catalogue import Catalogue
from senoma.ensemble import run_members
from senoma.pools import open_pool
from senoma.scatter import noise_of

LEVEL = 0.9
ENOUGH, TOO_MANY = 0.80, 0.97  # shares of points in 90 % intervals between which a calibration passes


def predictive_check(model, data, outcomes, tries, executor, jobs, seed):
    """A row per measured point: data set, held out or not, day, measured value, the calibrated model's median, and the 90 % interval of a new repeat
    (uncertainty of the parameters, chance in the model, scatter of the measurement). `tries`: (values, seed, drawn scatter). What is 1 by
    definition (the first value of a repeat with normalise = "first") is no point."""
    random = numpy.random.default_rng(seed)
    with Catalogue() as catalogue, open_pool(executor, jobs) as pool:
        conditions = {json.dumps(one.set, sort_keys=True): one.set for one in data}.values()
        run_members(model, [({**condition, **values}, s) for values, s, _ in tries for condition in conditions], outcomes, catalogue, pool, False)
        tables = []
        for one in data:
            members = [(catalogue.get({**one.set, **values}, s), noise_of(one, drawn)) for values, s, drawn in tries]
            table = _of_one(one, [(m, noise) for m, noise in members if m["status"] == "done"], random)
            if table is not None:
                tables.append(table)
    return pandas.concat(tables, ignore_index=True) if tables else pandas.DataFrame()


def _of_one(one, members, random, repeats=20):
    points = one.compared()
    if not members or not points.any():
        return None
    times, where = numpy.unique(one.days, return_inverse=True)
    curves = numpy.array([one.curve(m["outcomes"]) for m, _ in members])
    noise = numpy.array([n.sample(random, times, repeats) for _, n in members])
    seen = curves[:, None] * numpy.exp(noise) if one.scale == "log" else curves[:, None] + noise
    low, high = numpy.nanquantile(seen.reshape(-1, len(times)), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)[:, where]
    median = numpy.nanmedian(curves, axis=0)[where]
    table = pandas.DataFrame({"data": one.name, "held_out": one.held_out, "day": one.days, "measured": one.values, "median": median, "low": low, "high": high,
                              "inside": (one.values >= low) & (one.values <= high)})
    return table[points]


def verdict(rows):
    """(passes, words) of a predictive table: is the share inside what 90 % intervals should have?"""
    inside, total = int(rows["inside"].sum()), len(rows)
    share = inside / total
    counts = f"{inside} of {total} measured points ({100 * share:.0f} %) lie in the interval in which the calibrated model expects 90 % of them"
    if share < ENOUGH:
        return False, counts + ". That is too few: the model misses something that the data show."
    if share > TOO_MANY:
        return True, counts + ". That is more than expected: the intervals are cautious."
    return True, counts + ", as it should be."


def by_data_set(predictive):
    """A row per data set: points, inside, share, and when measured points lie outside: "57 h: 2 below" (hours, or days from 10 d on)."""
    rows = []
    for name, table in predictive.groupby("data", sort=False):
        out = []
        in_days = table["day"].max() >= 10
        for day, here in table[~table["inside"]].groupby("day"):
            sides = [f"{n} {side}" for n, side in ((int((here["measured"] > here["high"]).sum()), "above"), (int((here["measured"] < here["low"]).sum()), "below")) if n]
            out.append(f"{day:.4g} d: {', '.join(sides)}" if in_days else f"{24 * day:.4g} h: {', '.join(sides)}")
        share = table["inside"].mean()
        rows.append({"data": name, "use": "held out" if table["held_out"].iloc[0] else "fitted", "points": len(table), "inside": int(table["inside"].sum()),
                     "share inside": f"{100 * share:.0f} %", "verdict": "passes" if share >= ENOUGH else "too few inside", "outside at": "; ".join(out) or "–"})
    return pandas.DataFrame(rows)
