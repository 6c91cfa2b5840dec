"""Measurements to calibrate against: a CSV file with columns for time and value, checked against the model before anything runs."""
import csv
import math
import os
import re

import numpy

from senoma import _core
from senoma.errors import Error, nearest


class Data:
    """One data set, measured under one condition.

    file, readout   a CSV with a header (`name` or `name[unit]`), and the readout of the model that it measures
    time, value     names of the columns; `time_unit` and `unit` where the header has none
    where           {column: text or number}: only these rows
    replicate       column (or list of columns) that tells repeats of one time apart
    set             the condition: values of the model, {"arm": "drug"} too
    scale           "log": residuals of ln(value), for counts; "linear": of the value
    sigma           their standard deviation (of ln: 0.1 is about 10 %); None: from the replicates; "unknown": estimated with the parameters, one for
                    all data sets of the same file and readout (senoma/scatter.py)
    normalise       "first": data and simulation relative to their value at the first time
    weight          of this data set's likelihood
    since, until    leave out earlier and later times: "15 h", "20 d"
    held_out        not fitted, only predicted: the test of a calibration
    Raises E9201–E9205 with file, line and value."""

    def __init__(self, file, readout, *, time="time", value="value", time_unit=None, unit=None, where=None, replicate=None, set=None, scale="log",
                 sigma=None, normalise=None, weight=1.0, since=None, until=None, held_out=False, name=None):
        self.file, self.readout = os.fspath(file), readout
        self.name = name or f"{readout}, {os.path.basename(self.file)}"
        self.set, self.scale, self.normalise, self.weight = dict(set or {}), scale, normalise, float(weight)
        self.held_out = bool(held_out)
        for given, choices, what in ((scale, ("log", "linear"), "scale"), (normalise, (None, "first"), "normalise")):
            if given not in choices:
                raise Error("E9110", f"{what} = {given!r} of the data '{self.name}' is not known", help=f"choose one of {choices}")
        if not (self.weight > 0 and math.isfinite(self.weight)):
            raise Error("E9110", f"the weight of the data '{self.name}' is {weight}", help="give a number above zero")
        self._read(time, value, time_unit, unit, where or {}, [replicate] if isinstance(replicate, str) else list(replicate or []),
                   -math.inf if since is None else _days(since), math.inf if until is None else _days(until))
        self.sigma = None if sigma == "unknown" else self._noise(sigma)

    def _read(self, time, value, time_unit, unit, where, replicate, begin, end):
        try:
            with open(self.file, encoding="utf-8-sig", newline="") as text:
                rows = list(csv.reader(text))
        except (OSError, UnicodeDecodeError) as fault:
            raise Error("E9201", f"the data file cannot be read: {fault}", place=(self.file, 0, 0), help="check its path and that it is CSV",
                        kind="input_output") from None
        if not rows:
            raise Error("E9201", "the data file is empty", place=(self.file, 1, 0), help="its first line names the columns")
        names, units = zip(*(re.fullmatch(r"\s*(.*?)\s*(?:\[(.*)\])?\s*", cell).groups() for cell in rows[0]))

        def column(wanted):
            if wanted not in names:
                raise Error("E9201", f"there is no column '{wanted}'", place=(self.file, 1, 0), help=nearest(wanted, names))
            return names.index(wanted)

        at, of = column(time), column(value)
        time_unit, self.unit = time_unit or units[at], unit or units[of] or "1"
        if not time_unit:
            raise Error("E9203", f"the times in column '{time}' have no unit", place=(self.file, 1, 0), help=f"write {time}[h], or give time_unit")
        per_day = self._converted(1.0, time_unit, "d", "a time")
        filters = [(column(key), wanted) for key, wanted in where.items()]
        repeats = [column(key) for key in replicate]
        points, seen = [], {}
        for line, row in enumerate(rows[1:], 2):
            if not row:
                continue
            if len(row) != len(names):
                raise Error("E9201", f"the line has {len(row)} values, the header {len(names)}", place=(self.file, line, 0), help="each line has a value per column")
            if not all(_same(row[k], wanted) for k, wanted in filters):
                continue
            days, y = self._number(row[at], line, time) * per_day, self._number(row[of], line, value)
            if y < 0 or (y == 0 and self.scale == "log"):
                raise Error("E9205", f"the {value} is {row[of].strip()}" + (", which has no logarithm" if y == 0 else ""), place=(self.file, line, 0),
                            help="correct or remove the row" + ('; zeros need scale="linear"' if y == 0 else ""))
            key = (days, *(row[k] for k in repeats))
            if key in seen:
                raise Error("E9204", f"the time {row[at].strip()} {time_unit} occurs twice (first in line {seen[key]})", place=(self.file, line, 0),
                            help="name the columns that tell replicates apart (replicate), choose rows with `where`, or remove the repeat")
            seen[key] = line
            if begin - 1e-9 <= days <= end + 1e-9:
                points.append((days, y, tuple(row[k] for k in repeats)))
        if not points:
            raise Error("E9201", "no row of the data is asked for" if seen or where else "the data file has no rows", place=(self.file, 0, 0),
                        help="check `where`, `since` and `until`")
        points.sort(key=lambda p: (p[0], p[2]))
        self.days = numpy.array([p[0] for p in points])
        self.values = numpy.array([p[1] for p in points])
        self.repeats = [p[2] for p in points]
        if self.normalise == "first":
            first = {}
            for days, y, repeat in points:
                first.setdefault(repeat, y)
            if min(first.values()) <= 0:
                raise Error("E9205", "the first value is zero, so nothing can be relative to it", place=(self.file, 0, 0), help="leave out normalise")
            self.values = self.values / numpy.array([first[repeat] for repeat in self.repeats])

    def _number(self, text, line, column):
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise Error("E9202", f"the {column} '{text.strip()}' is not a finite number", place=(self.file, line, 0), help="correct or remove the row")
        return number

    def _converted(self, value, unit, wanted, what):
        try:
            return _core.convert(value, unit, wanted)
        except Error as fault:
            raise Error("E9203", f"'{unit}' is not the unit of {what}: {fault.message}", place=(self.file, 1, 0), help=f"give a unit such as {wanted}") from None

    def _noise(self, sigma):
        if sigma is not None:
            if isinstance(sigma, str) or not (float(sigma) > 0 and math.isfinite(float(sigma))):
                raise Error("E9110", f"sigma of the data '{self.name}' is {sigma}", help='give a number above zero, or "unknown"')
            return float(sigma)
        residuals, freedom = 0.0, 0
        y = numpy.log(self.values) if self.scale == "log" else self.values
        # What is relative to the first time has no scatter there.
        for days in numpy.unique(self.days)[1 if self.normalise == "first" else 0:]:
            group = y[self.days == days]
            residuals, freedom = residuals + float(numpy.sum((group - group.mean()) ** 2)), freedom + len(group) - 1
        if freedom < 1 or residuals == 0:
            raise Error("E9110", f"the scatter of the data '{self.name}' is not known: it has no replicates that differ", place=(self.file, 0, 0),
                        help="give sigma, the standard deviation of one value" + (" of ln (0.1 is about 10 %)" if self.scale == "log" else ""))
        return math.sqrt(residuals / freedom)

    def fit_to(self, model):
        """Checks readout, unit and times against the model, and brings the values to the readout's unit."""
        units = model.readouts
        if self.readout not in units:
            raise Error("E9103", f"the model has no readout '{self.readout}', which the data '{self.name}' measure", help=nearest(self.readout, units))
        if self.normalise is None:
            factor = self._converted(1.0, self.unit, units[self.readout], f"the readout '{self.readout}' ({units[self.readout]})")
            self.values, self.unit = self.values * factor, units[self.readout]
        if self.days[0] < 0 or self.days[-1] > model.with_(self.set).duration + 1e-9:
            outside = self.days[0] if self.days[0] < 0 else self.days[-1]
            raise Error("E9206", f"the time {outside:g} d of the data '{self.name}' lies outside the simulation (0 to {model.duration:g} d)",
                        place=(self.file, 0, 0), help=f'lengthen the run: set={{"time.duration": "{math.ceil(outside)} d"}}, or give until')

    def outcome_names(self):
        """The outcomes that a run is asked for, one per different time."""
        return [f"{self.readout} at {float(days)!r} d" for days in numpy.unique(self.days)]

    def curve(self, outcomes):
        """The model's value at each different time."""
        y = numpy.array([outcomes[name] for name in self.outcome_names()])
        if self.normalise == "first":
            y = y / y[0] if y[0] > 0 else numpy.full_like(y, math.nan)
        return y

    def simulated(self, outcomes):
        """The model's value beside every point."""
        return self.curve(outcomes)[numpy.searchsorted(numpy.unique(self.days), self.days)]

    def compared(self):
        """True for each point that says something: not for the first of a repeat if all are relative to it."""
        seen = set()
        return numpy.array([not (self.normalise == "first" and repeat not in seen and not seen.add(repeat)) for repeat in self.repeats])

    def residuals(self, outcomes):
        """In units of sigma, times the root of the weight (of themselves where sigma is unknown: None); what cannot be compared (no value, logarithm of
        nothing) is far away."""
        y = self.simulated(outcomes)
        with numpy.errstate(all="ignore"):
            difference = numpy.log(y) - numpy.log(self.values) if self.scale == "log" else y - self.values
        scale, weight = (1.0, 1.0) if self.sigma is None else (self.sigma, math.sqrt(self.weight))
        return numpy.nan_to_num(difference / scale, nan=1e3, posinf=1e3, neginf=-1e3).clip(-1e3, 1e3) * weight


def _days(text):
    number, _, unit = str(text).strip().partition(" ")
    try:
        return _core.convert(float(number), unit, "d")
    except ValueError:
        raise Error("E9203", f"'{text}' is no time", help='write "20 d"') from None


def _same(cell, wanted):
    if isinstance(wanted, (list, tuple)):
        return any(_same(cell, one) for one in wanted)
    if isinstance(wanted, (int, float)):
        try:
            return math.isclose(float(cell), wanted, rel_tol=1e-9, abs_tol=1e-300)
        except ValueError:
            return False
    return cell.strip() == str(wanted)
