"""One number of a run. Written as a text, so that it can go into plans, catalogues and to other machines:

    nadir, relapse_day, restricted_relapse …   what the experiment's burden did (Run.outcome)
    final READOUT, initial, max, min, mean     over the rows of the summary; the mean over time
    auc READOUT                                integral over time, in unit × d
    READOUT at 20 d                            linear between rows
    days READOUT below 0.1, … above 150 %      days spent there; in the readout's unit, or in % of its first row
    days until READOUT below 0.1, … above …    until it is there for the first time; the end of the run where it never is
"""
import math
import re

import numpy

from senoma import _core
from senoma.errors import Error, nearest

_STATISTICS = ("final", "initial", "max", "min", "mean", "auc")
_FORMS = "write nadir, relapse_day …, 'final READOUT', 'max READOUT', 'auc READOUT', 'READOUT at 20 d' or 'days [until] READOUT below 0.1'"


def parse(text):
    """(form, readout, argument); the form "outcome" stands for what the experiment itself measures."""
    words = str(text).split()
    if len(words) == 2 and words[0] in _STATISTICS:
        return words[0], words[1], None
    found = re.fullmatch(r"(\S+) at (\S+) ?(\S+)", text.strip())
    if found:
        try:
            return "at", found[1], _core.convert(float(found[2]), found[3], "d")
        except ValueError:
            pass
    found = re.fullmatch(r"days (until )?(\S+) (below|above) (\S+?)( ?%)?", text.strip())
    if found:
        try:
            return (found[1] or "") + found[3], found[2], (float(found[4]), bool(found[5]))
        except ValueError:
            pass
    if len(words) == 1:
        return "outcome", words[0], None
    raise Error("E9103", f"the outcome '{text}' cannot be read", help=_FORMS)


def check(model, texts):
    """Raises E9103 for outcomes that the model does not have, before anything runs."""
    for text in texts:
        form, name, _ = parse(text)
        if form != "outcome" and name not in model.readouts:
            raise Error("E9103", f"the outcome '{text}' asks for a readout '{name}', which the model does not have", help=nearest(name, model.readouts))


def _time_inside(times, values, threshold, below):
    """Of a line through the rows: the time it is below (above) the threshold."""
    y = (values - threshold) * (-1.0 if below else 1.0)
    first, second, step = y[:-1], y[1:], numpy.diff(times)
    with numpy.errstate(divide="ignore", invalid="ignore"):
        share = numpy.where(first * second >= 0, (first + second > 0).astype(float), numpy.maximum(first, second) / numpy.abs(first - second))
    return float(numpy.sum(step * share))


def _time_until(times, values, threshold, below):
    """Of a line through the rows: when it first is below (above) the threshold, else the last time."""
    y = (values - threshold) * (-1.0 if below else 1.0)
    there = numpy.flatnonzero(y > 0)
    if not len(there):
        return float(times[-1])
    k = there[0]
    return float(times[k] if k == 0 else times[k] - (times[k] - times[k - 1]) * y[k] / (y[k] - y[k - 1]))


def measure(run, text):
    """The number; NaN for an event that did not happen."""
    form, name, argument = parse(text)
    if form == "outcome":
        if name not in run.outcome:
            raise Error("E9103", f"the experiment does not measure '{name}'", help=[*nearest(name, run.outcome), _FORMS])
        return float(run.outcome[name])
    if name not in run.columns:
        raise Error("E9103", f"the model has no readout '{name}'", help=nearest(name, run.columns))
    days, values = run.times / 1440.0, run.columns[name]
    if form == "at":
        return float(numpy.interp(argument, days, values)) if days[0] <= argument <= days[-1] + 1e-9 else math.nan
    if form.endswith(("below", "above")):
        threshold = argument[0] / 100 * values[0] if argument[1] else argument[0]
        return (_time_until if form.startswith("until") else _time_inside)(days, values, threshold, form.endswith("below"))
    auc = float(numpy.sum(numpy.diff(days) * (values[1:] + values[:-1]) / 2))
    simple = {"final": lambda: values[-1], "initial": lambda: values[0], "max": lambda: values.max(), "min": lambda: values.min(),
              "auc": lambda: auc, "mean": lambda: auc / (days[-1] - days[0]) if len(days) > 1 else values[0]}
    return float(simple[form]())


def default(model):
    """What is measured when nothing is asked for: the experiment's own outcomes, or the final values."""
    roles = model._loaded.roles
    if "tumour_readout" in roles or "burden_readout" in roles:
        return ["nadir", "nadir_day", "restricted_relapse", "mean_burden", "end_burden"]
    return [f"final {name}" for name in model.readouts]
