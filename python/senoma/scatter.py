"""What separates a measured value from the model: the likelihood of a calibration, with the size of the scatter given or estimated.

Data with a given sigma have independent normal residuals. Data with sigma = "unknown" share one scatter per assay (same file, readout and scale). With r a
repeat's residuals at its times, s the time since its first one:

    r ~ N(0, sigma² C),  C = 1 + J + rho² s sᵀ

J (all ones) stands only with normalise = "first": the first value, by which the others are divided, is as uncertain as they are. rho² s sᵀ: repeats differ in
their rates (wells that grow faster or slower), so that residuals of one well go together; only where some data set has three repeats to tell.
sigma² is integrated over an inverse-gamma prior worth one observation of the scatter that repeats have among themselves (without repeats: 0.1), which gives a
Student t (Gelman et al. 2013, Bayesian Data Analysis, 3.2); rho over a grid."""
import dataclasses
import math
import os

import numpy
import pandas

from senoma.errors import Error

_DRIFTS = (0.0, 0.5, 1.0, 2.0, 4.0)  # rho times the longest time: drift over the scatter of one value
_FREEDOM = 1.0                       # of the prior of sigma
_DEFAULT = 0.1                       # scatter without repeats: of ln, or relative to the mean


@dataclasses.dataclass(frozen=True)
class Noise:
    """Of one value `sigma`, of a repeat's rate `drift` (per day); `relative`: to the repeat's first value."""

    sigma: float
    drift: float
    relative: bool

    def sample(self, random, days, n):
        """n new repeats: what scatter adds to the model (to its logarithm on scale log)."""
        noise = random.normal(0.0, self.sigma, (n, len(days)))
        if not self.relative:
            return noise + self.drift * random.normal(size=(n, 1)) * (days - days[0])
        first = random.normal(0.0, self.sigma, (n, 1))
        return numpy.where(days > days[0], noise - first + self.drift * random.normal(size=(n, 1)) * (days - days[0]), 0.0)


class Scatter:
    """The likelihood of residuals: those of all fitted data sets (Data.residuals) one after another."""

    def __init__(self, data):
        self._fixed, assays, begin = [], {}, 0
        for one in data:
            here = slice(begin, begin + len(one.days))
            begin = here.stop
            if one.sigma is None:
                assays.setdefault(assay_of(one), []).append((one, here))
            else:
                self._fixed.append(here)
        self.assays = {key: _Assay(members) for key, members in assays.items()}

    def check(self, held_out):
        """A data set that is only predicted takes its scatter from a fitted one."""
        for one in held_out:
            if one.sigma is None and assay_of(one) not in self.assays:
                raise Error("E9110", f"nothing tells the scatter of the data '{one.name}', which are held out", place=(one.file, 0, 0),
                            help="fit another data set of the same file and readout, or give sigma")

    def log_likelihood(self, residuals):
        """Up to a constant that depends on the data alone."""
        fixed = -0.5 * sum(float(numpy.sum(residuals[here] ** 2)) for here in self._fixed)
        return fixed + sum(assay.log_likelihood(residuals) for assay in self.assays.values())

    def draw(self, residuals, random):
        """{assay: (sigma, drift)} given the residuals: a draw of the posterior."""
        return {key: assay.draw(residuals, random) for key, assay in self.assays.items()}

    def table(self, drawn, weights=None):
        """A row per assay: 90 % intervals of what was drawn, and the scatter among repeats."""
        rows = []
        for key, assay in self.assays.items():
            sigma, drift = numpy.array([one[key] for one in drawn]).T
            rows.append({"readout": key[1], "data": ", ".join(assay.names), **_interval("sigma", sigma, weights), **_interval("drift per day", drift, weights),
                         "between repeats": assay.between_repeats})
        return pandas.DataFrame(rows)


def assay_of(one):
    return os.path.abspath(one.file), one.readout, one.scale, one.normalise


def noise_of(one, drawn):
    """The noise of a data set, given a draw of the assays' scatter."""
    if one.sigma is not None:
        return Noise(one.sigma, 0.0, False)
    return Noise(*drawn[assay_of(one)], one.normalise == "first")


def _interval(name, x, weights):
    order = numpy.argsort(x, kind="stable")
    w = numpy.full(len(x), 1 / len(x)) if weights is None else numpy.asarray(weights)[order]
    low, middle, high = numpy.interp([0.05, 0.5, 0.95], numpy.cumsum(w) - w / 2, x[order])
    return {name: middle, name + " low": low, name + " high": high}


class _Assay:
    def __init__(self, members):
        self.names = [one.name for one, _ in members]
        self._blocks, self._freedom, span, most, blocks = [], _FREEDOM, 0.0, 0, []
        for one, here in members:
            repeats = {}
            for k, repeat in enumerate(one.repeats):
                repeats.setdefault(repeat, []).append(k)
            most = max(most, len(repeats))
            for index in repeats.values():
                days = one.days[index] - one.days[index[0]]
                if one.normalise == "first":  # the first is 1 by definition
                    index, days = index[1:], days[1:]
                if len(index):
                    blocks.append((here.start + numpy.array(index), days, one.normalise == "first", one.weight))
                    span = max(span, float(days[-1]))
                    self._freedom += one.weight * len(index)
        self._rho = numpy.array(_DRIFTS) / span if most >= 3 and span > 0 else numpy.zeros(1)
        self._log_determinant = numpy.zeros(len(self._rho))
        for index, days, relative, weight in blocks:
            roots = []
            for k, rho in enumerate(self._rho):
                root = numpy.linalg.cholesky(numpy.eye(len(index)) + (1.0 if relative else 0.0) + rho**2 * numpy.outer(days, days))
                roots.append(numpy.linalg.inv(root))
                self._log_determinant[k] += 2 * weight * float(numpy.sum(numpy.log(numpy.diag(root))))
            self._blocks.append((index, numpy.array(roots), weight))
        self.between_repeats = _between_repeats([one for one, _ in members])
        size = 1.0 if members[0][0].scale == "log" else float(numpy.mean(numpy.abs(numpy.concatenate([one.values for one, _ in members]))))
        self._prior = _FREEDOM * (self.between_repeats if self.between_repeats > 0 else _DEFAULT * size) ** 2

    def _squares(self, residuals):
        """For every rho, with the prior's."""
        total = numpy.full(len(self._rho), self._prior)
        for index, roots, weight in self._blocks:
            total += weight * numpy.sum((roots @ residuals[index]) ** 2, axis=1)
        return total

    def _log_each(self, residuals):
        return -0.5 * (self._log_determinant + self._freedom * numpy.log(self._squares(residuals)))

    def log_likelihood(self, residuals):
        each = self._log_each(residuals)
        return float(each.max() + math.log(numpy.mean(numpy.exp(each - each.max()))))

    def draw(self, residuals, random):
        each = self._log_each(residuals)
        share = numpy.exp(each - each.max())
        k = random.choice(len(share), p=share / share.sum())
        sigma = math.sqrt(self._squares(residuals)[k] / random.chisquare(self._freedom))
        return sigma, sigma * float(self._rho[k])


def _between_repeats(data):
    """Standard deviation of one value among repeats, about each time's mean and each repeat's own level. nan without repeats."""
    squares, freedom = 0.0, 0
    for one in data:
        times, repeats = numpy.unique(one.days), sorted(set(one.repeats))
        table = numpy.full((len(times), len(repeats)), math.nan)
        for days, value, repeat in zip(one.days, one.values, one.repeats):
            table[numpy.searchsorted(times, days), repeats.index(repeat)] = math.log(value) if one.scale == "log" else value
        table = table[~numpy.isnan(table).any(axis=1)]
        if table.shape[0] < 2 or table.shape[1] < 2:
            continue
        left = table - table.mean(axis=1, keepdims=True)
        left = left - left.mean(axis=0, keepdims=True)
        squares, freedom = squares + float(numpy.sum(left**2)), freedom + (table.shape[0] - 1) * (table.shape[1] - 1)
    return math.sqrt(squares / freedom) if freedom else math.nan
