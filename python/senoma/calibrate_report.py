"""The predictive check of a calibration, and its page: do runs with the calibrated values look like the data, and what did the data tell?"""
import itertools
import json

import numpy
import pandas

from senoma.catalogue import Catalogue
from senoma.ensemble import run_members
from senoma.pools import open_pool
from senoma.report import COLOURS, Page, figure, short


def predictive_check(model, data, outcomes, tries, executor, jobs, seed, level=0.9):
    """A row per point: data set, time, measured value, and the interval in which the calibrated model expects it (uncertainty of the parameters,
    chance in the model, scatter of the measurement). Every try has a seed of its own."""
    pairs = [(values, k + 1) for k, values in enumerate(tries)] if len(tries) > 1 else [(tries[0], s) for s in range(1, 9)]
    random = numpy.random.default_rng(seed)
    with Catalogue() as catalogue, open_pool(executor, jobs) as pool:
        conditions = {json.dumps(one.set, sort_keys=True): one.set for one in data}.values()
        run_members(model, [({**condition, **values}, s) for values, s in pairs for condition in conditions], outcomes, catalogue, pool, False)
        tables = []
        for one in data:
            members = [catalogue.get({**one.set, **values}, s) for values, s in pairs]
            curves = numpy.array([one.simulated(m["outcomes"]) for m in members if m["status"] == "done"])
            if not len(curves):
                continue
            noise = random.normal(0.0, one.sigma, (20, *curves.shape))
            seen = curves * numpy.exp(noise) if one.scale == "log" else curves + noise
            low, high = numpy.nanquantile(seen.reshape(-1, curves.shape[1]), [(1 - level) / 2, (1 + level) / 2], axis=0)
            tables.append(pandas.DataFrame({"data": one.name, "day": one.days, "measured": one.values, "median": numpy.nanmedian(curves, axis=0), "low": low,
                                            "high": high, "inside": (one.values >= low) & (one.values <= high)}))
    return pandas.concat(tables, ignore_index=True) if tables else pandas.DataFrame()


def write_report(path, result, data, priors):
    points = len(result.predictive)
    inside = int(result.predictive["inside"].sum()) if points else 0
    kind = "posterior by ABC-SMC" if result.posterior is not None else "best point"
    page = Page("Calibration", f"{len(priors)} parameters from {len(data)} data set{'s' if len(data) > 1 else ''}, {points} points; {kind}.")
    page.heading("Parameters")
    page.table(result.table)
    if result.posterior is not None:
        loose = result.table[result.table["narrowed"] < 0.3]["parameter"].tolist()
        page.text(f"The data say little about {', '.join(loose)}: the interval is hardly narrower than the prior." if loose else
                  "The data narrow every parameter.")
    page.heading("Predictive check")
    page.text(f"{inside} of {points} measured points lie in the interval in which the calibrated model expects 90 % of them." + (
        "" if points == 0 or inside >= 0.75 * points else " That is too few: the model misses something that the data show."))
    for one in data:
        rows = result.predictive[result.predictive["data"] == one.name] if points else result.predictive
        if len(rows):
            page.figure(_predictive_figure(one, rows), f"{one.name}: measured points, and median and 90 % interval of the calibrated model.")
    page.heading("Identifiability")
    page.figure(_identifiability(result, priors), "Each parameter over its prior (diagonal), and pairs: a narrow slope means that only a combination is known."
                if result.posterior is not None else "Log likelihood of what was tried: a flat top means that the data do not settle the parameter.")
    page.write(path)


def _predictive_figure(one, rows):
    fig, axes = figure(7.0, 3.6)
    axis = axes[0, 0]
    curve = rows.drop_duplicates("day")
    axis.fill_between(curve["day"], curve["low"], curve["high"], color=COLOURS[5], alpha=0.35, linewidth=0, label="90 % interval")
    axis.plot(curve["day"], curve["median"], color=COLOURS[0], label="calibrated model")
    axis.plot(rows["day"], rows["measured"], "o", color="black", markersize=4, label="measured")
    axis.set_yscale("log" if one.scale == "log" else "linear")
    axis.set_xlabel("time (d)")
    axis.set_ylabel(f"{one.readout}, relative" if one.normalise else one.readout + ("" if one.unit == "1" else f" ({one.unit})"))
    axis.legend(frameon=False)
    return fig


def _scale(side, log, low, high):
    """A logarithmic axis where decades are shown, and few ticks."""
    from matplotlib import ticker

    if log and high > 10 * low > 0:
        (side.axes.set_xscale if side.axis_name == "x" else side.axes.set_yscale)("log")
        side.set_major_locator(ticker.LogLocator(numticks=4))
        side.set_minor_formatter(ticker.NullFormatter())
    else:
        side.set_major_locator(ticker.MaxNLocator(3))


def _identifiability(result, priors):
    names = list(priors)[:6]  # more do not fit on a page; the CSV has all
    log = [priors[name].kind in ("loguniform", "lognormal") for name in names]
    if result.posterior is None:
        fig, axes = figure(3.2 * min(3, len(names)), 2.8 * -(-len(names) // 3), min(3, len(names)), -(-len(names) // 3))
        for axis, name, is_log in zip(axes.flat, names, log):
            best = result.trials["log_likelihood"].max()
            near = result.trials[result.trials["log_likelihood"] > best - 20]
            axis.plot(near[name], near["log_likelihood"], "o", color=COLOURS[0], markersize=3, alpha=0.6)
            axis.set_xscale("log" if is_log else "linear")
            axis.set_xlabel(short(name, names))
        for axis in axes.flat[len(names):]:
            axis.set_axis_off()
        axes[0, 0].set_ylabel("log likelihood")
        return fig
    frame, weights = result.posterior.frame, result.posterior.weights
    fig, axes = figure(2.4 * max(2, len(names)), 2.2 * max(2, len(names)), len(names), len(names))
    for row, column in itertools.product(range(len(names)), repeat=2):
        axis, x, prior = axes[row, column], frame[names[column]], priors[names[column]]
        if row == column:
            _scale(axis.xaxis, log[column], prior.quantile(0.001), prior.quantile(0.999))
            grid = [prior.quantile(q) for q in numpy.linspace(0.001, 0.999, 21)]  # bins of equal prior mass: the prior is flat
            counts, _ = numpy.histogram(x, grid, weights=weights)
            axis.stairs(counts * 20, grid, color=COLOURS[0], fill=True, alpha=0.7)
            axis.axhline(1, color="#888", linewidth=0.8)
            axis.set_yticks([])
        elif row > column:
            for side, k in ((axis.xaxis, column), (axis.yaxis, row)):
                _scale(side, log[k], frame[names[k]].min(), frame[names[k]].max())
            axis.scatter(x, frame[names[row]], s=400 * weights / weights.max() / 20, color=COLOURS[0], alpha=0.5, linewidths=0)
        else:
            axis.set_axis_off()
            a, b = (numpy.log(frame[names[k]]) if log[k] else frame[names[k]] for k in (row, column))
            spread = numpy.std(a) * numpy.std(b)
            r = float(numpy.cov(a, b, aweights=weights)[0, 1] / numpy.sqrt(numpy.cov(a, aweights=weights) * numpy.cov(b, aweights=weights))) if spread > 0 else 0.0
            axis.text(0.5, 0.5, f"r = {r:.2f}", ha="center", va="center", transform=axis.transAxes)
        if row == len(names) - 1:
            axis.set_xlabel(short(names[column], names))
        if column == 0 and row > 0:
            axis.set_ylabel(short(names[row], names))
    return fig
