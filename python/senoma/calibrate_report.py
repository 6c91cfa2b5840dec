"""The predictive check of a calibration, and its page: do runs with the calibrated values look like the data, and what did the data tell?"""
import itertools

import numpy

from senoma.predictive import ENOUGH, by_data_set, verdict
from senoma.report import COLOURS, Page, figure, short


def write_report(path, result, data, priors):
    posterior = result.posterior is not None
    fitted, held_out = [one for one in data if not one.held_out], [one for one in data if one.held_out]
    page = Page("Calibration", f"{len(priors)} parameters from {_counted(fitted)}; " + ("posterior by ABC-SMC." if posterior else "best point.") + (
        f" {_counted(held_out)} held out as a test." if held_out else ""))
    _check_part(page, result, data)
    _scatter_part(page, result)
    page.heading("Parameters")
    page.table(result.table.drop(columns="value", errors="ignore"))
    for words in unsettled(result, priors) if posterior else []:
        page.text(words)
    page.heading("Identifiability")
    page.figure(_identifiability(result, priors), "Each parameter over its prior (diagonal: a flat histogram at the grey line has learned nothing), and pairs "
                "of draws with their correlation: a narrow slope means that only a combination is known."
                if posterior else "Log likelihood of what was tried: a flat top means that the data do not settle the parameter.")
    page.write(path)


def _counted(data):
    points = int(sum(one.compared().sum() for one in data))
    return f"{len(data)} data set{'s' if len(data) > 1 else ''} ({points} points)"


def _check_part(page, result, data):
    page.heading("Predictive check")
    rows = result.predictive
    if not len(rows):
        page.text("No run with the calibrated values ended: there is nothing to compare.")
        return
    for use, words in ((False, "Fitted data: "), (True, "Held-out data, which the calibration has not seen: ")):
        if (rows["held_out"] == use).any():
            page.text(words + verdict(rows[rows["held_out"] == use])[1])
    table = by_data_set(rows)
    missed = table[table["verdict"] != "passes"]
    if len(missed):
        page.text(f"{len(missed)} of {len(table)} data sets have fewer than {100 * ENOUGH:.0f} % inside: "
                  + "; ".join(f"{row[0]} ({row[3]} of {row[2]}; {row[6]})" for row in missed.itertuples(index=False)) + ".")
    page.figure(_predictive_figure(data, rows), "Measured points (one line per repeat; orange rings: outside), median of the calibrated model (blue) and the interval "
                "in which 90 % of new measurements are expected.")
    page.table(table)


def _scatter_part(page, result):
    for row in result.scatter.itertuples(index=False):
        row = dict(zip(result.scatter.columns, row))
        parts = [f"{title} {row[name]:.2g} ({row[name + ' low']:.2g} to {row[name + ' high']:.2g})" for name, title in
                 (("sigma", "one value"), ("session", "all that is measured at one time"), ("drift per day", "the rate of a repeat, per day")) if row[name] > 0]
        page.text(f"Scatter of {row['readout']} about the model, estimated with the parameters (90 % interval): {'; '.join(parts)}.")
        if not row["between repeats"] > 0:
            continue
        page.text(f"Among themselves, repeats of one condition scatter by {row['between repeats']:.2g}, and their rates differ by {row['drift between repeats']:.2g} per day. "
                  + _misfit(row))


def _misfit(row):
    """Whether the scatter about the model is more than that of the measurement: then the intervals are wide because the model misses something."""
    larger = [words for words, excess in (("values", row["sigma"] / row["between repeats"]),
                                          ("rates", row["drift per day"] / row["drift between repeats"] if row["drift between repeats"] > 0 else 0.0)) if excess > 1.5]
    if not larger:
        return "The scatter about the model is that of the measurement."
    return (f"The {' and '.join(larger)} scatter more than 1.5 times as much about the model: it misses something, and the intervals are wide for that reason. Look at "
            "whether points lie on one side of the median.")


def unsettled(result, priors):
    """Sentences: what the data leave open."""
    table, frame, weights = result.table, result.posterior.frame, result.posterior.weights
    words = []
    loose = [short(name, list(priors)) for name in table[table["narrowed"] < 0.3]["parameter"]]
    words.append(f"The data say little about {', '.join(loose)}: the interval is hardly narrower than the prior." if loose else "The data narrow every parameter.")
    for a, b in itertools.combinations(priors, 2):
        r = _correlation(frame, weights, priors, a, b)
        if abs(r) > 0.8:
            words.append(f"{short(a, list(priors))} and {short(b, list(priors))} are known together better than each alone (correlation {r:.2f}).")
    words.append(f"The draws are worth {result.posterior.effective_draws():.0f} independent ones.")
    return words


def _on_prior(frame, priors, name):
    return numpy.log(frame[name]) if priors[name].kind in ("loguniform", "lognormal") else frame[name]


def _correlation(frame, weights, priors, a, b):
    x, y = _on_prior(frame, priors, a), _on_prior(frame, priors, b)
    if not numpy.std(x) * numpy.std(y) > 0:
        return 0.0
    covariance = numpy.cov(x, y, aweights=weights)
    return float(covariance[0, 1] / numpy.sqrt(covariance[0, 0] * covariance[1, 1]))


def _predictive_figure(data, predictive):
    """A panel per data set; the same axes for data sets of one readout and scale."""
    data = [one for one in data if (predictive["data"] == one.name).any()]
    columns = min(3, len(data))
    rows = -(-len(data) // columns)
    fig, axes = figure(7.0 if columns == 1 else 3.6 * columns, 3.6 if columns == 1 else 2.9 * rows, columns, rows)
    first = {}
    for axis, one in zip(axes.flat, data):
        table = predictive[predictive["data"] == one.name]
        curve = table.drop_duplicates("day").sort_values("day")
        days, start = curve["day"].to_numpy(), one.days.min()
        band = [curve[key].to_numpy() for key in ("low", "high", "median")]
        if one.normalise == "first":  # all are 1 at the first time
            days, band = numpy.concatenate([[start], days]), [numpy.concatenate([[1.0], y]) for y in band]
        axis.fill_between(days, band[0], band[1], color=COLOURS[5], alpha=0.35, linewidth=0, label="90 % interval")
        axis.plot(days, band[2], color=COLOURS[0], label="calibrated model")
        for k, repeat in enumerate(dict.fromkeys(one.repeats)):
            here = numpy.array([r == repeat for r in one.repeats])
            axis.plot(one.days[here], one.values[here], "o-", color="black", markersize=3, linewidth=0.5, alpha=0.7, label=None if k else "measured")
        out = table[~table["inside"]]
        axis.plot(out["day"], out["measured"], "o", markerfacecolor="none", markeredgecolor=COLOURS[1], markersize=8, markeredgewidth=1.5)
        axis.set_yscale("log" if one.scale == "log" else "linear")
        axis.set_title(f"{one.name}{' (held out)' if one.held_out else ''}: {int(table['inside'].sum())} of {len(table)}", fontsize=10)
        key = (one.readout, one.scale, one.normalise)
        if len(data) > 1 and key in first:
            axis.sharey(first[key])
        first.setdefault(key, axis)
        if one.scale == "log":
            _decades(axis)
        axis.set_xlabel("time (d)")
        axis.set_ylabel(f"{one.readout}, relative to first" if one.normalise else one.readout + ("" if one.unit == "1" else f" ({one.unit})"))
    for axis in axes.flat[len(data):]:
        axis.set_axis_off()
    for axis in axes.flat:
        axis.label_outer(remove_inner_ticks=False)
    axes[0, 0].legend(frameon=False, fontsize=9)
    return fig


def _decades(axis):
    """Plain numbers on a logarithmic axis that may hold less than a decade."""
    from matplotlib import ticker

    axis.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5), numticks=12))
    axis.yaxis.set_major_formatter(ticker.FuncFormatter(lambda y, _: f"{y:g}"))
    axis.yaxis.set_minor_formatter(ticker.NullFormatter())


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
            _scale(axis.xaxis, is_log, near[name].min(), near[name].max())
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
            r = _correlation(frame, weights, priors, names[row], names[column])
            axis.text(0.5, 0.5, f"r = {r:.2f}", ha="center", va="center", transform=axis.transAxes)
        if row == len(names) - 1:
            axis.set_xlabel(short(names[column], names))
        if column == 0 and row > 0:
            axis.set_ylabel(short(names[row], names))
    return fig
