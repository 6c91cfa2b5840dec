"""What separates a measured value from the model: the likelihood of a calibration, with the size of the scatter given or estimated.

Data with a given sigma have independent normal residuals. Data with sigma = "unknown" share one scatter per assay (same file, readout and scale). With r a
repeat's residuals at its times, s the time since its first one:

    r ~ N(0, sigma² C),  C = 1 + J + rho² s sᵀ within a repeat, + tau² Z Zᵀ over all repeats

J (all ones) stands only with normalise = "first": the first value, by which the others are divided, is as uncertain as they are. rho² s sᵀ: repeats differ in
their rates (wells that grow faster or slower), so that residuals of one repeat go together. tau² Z Zᵀ: what is measured in one session (at one time of the
assay) errs together; Z tells the session of each value (minus that of the first, where it is relative). Both only where three repeats can tell.
sigma² is integrated over an inverse-gamma prior worth one observation of the scatter that repeats have among themselves (without repeats: 0.1), which gives a
Student t (Gelman et al. 2013, Bayesian Data Analysis, 3.2); rho and tau over a grid. A weight divides the variance of its data set's values."""
import dataclasses
import math
import os

import numpy
import pandas

from senoma.errors import Error

_GRID = (0.0, *(2 ** (k / 2) for k in range(-4, 7)))  # 0 and 1/4 to 8: rho times the longest time, and tau
_FREEDOM = 1.0                       # of the prior of sigma
_DEFAULT = 0.1                       # scatter without repeats: of ln, or relative to the mean


@dataclasses.dataclass(frozen=True)
class Noise:
    """Of one value `sigma`, of a repeat's rate `drift` (per day), of what is measured in one session `session`; `relative`: to the repeat's first value."""

    sigma: float
    drift: float
    session: float
    relative: bool

    def sample(self, random, days, n):
        """n new repeats, each in sessions of its own: what scatter adds to the model (to its logarithm on scale log)."""
        one = math.hypot(self.sigma, self.session)
        drift = self.drift * random.normal(size=(n, 1)) * (days - days[0])
        noise = random.normal(0.0, one, (n, len(days)))
        return noise + drift if not self.relative else numpy.where(days > days[0], noise - random.normal(0.0, one, (n, 1)) + drift, 0.0)


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
        """{assay: (sigma, drift, session)} given the residuals: a draw of the posterior."""
        return {key: assay.draw(residuals, random) for key, assay in self.assays.items()}

    def table(self, drawn, weights=None):
        """A row per assay: 90 % intervals of what was drawn, and the scatter among repeats."""
        rows = []
        for key, assay in self.assays.items():
            columns = zip(("sigma", "drift per day", "session"), numpy.array([one[key] for one in drawn]).T)
            rows.append({"readout": key[1], "data": ", ".join(assay.names), **{k: v for name, x in columns for k, v in _interval(name, x, weights).items()},
                         "between repeats": assay.between_repeats, "drift between repeats": assay.rates_between_repeats})
        return pandas.DataFrame(rows)


def assay_of(one):
    return os.path.abspath(one.file), one.readout, one.scale, one.normalise


def noise_of(one, drawn):
    """The noise of a data set, given a draw of the assays' scatter."""
    if one.sigma is not None:
        return Noise(one.sigma, 0.0, 0.0, False)
    return Noise(*drawn[assay_of(one)], one.normalise == "first")


def _interval(name, x, weights):
    order = numpy.argsort(x, kind="stable")
    w = numpy.full(len(x), 1 / len(x)) if weights is None else numpy.asarray(weights)[order]
    low, middle, high = numpy.interp([0.05, 0.5, 0.95], numpy.cumsum(w) - w / 2, x[order])
    return {name: middle, name + " low": low, name + " high": high}


class _Assay:
    def __init__(self, members):
        data = [one for one, _ in members]
        self.names = [one.name for one in data]
        index, own, drift, session, repeats = [], [], [], [], 0
        times = numpy.unique(numpy.concatenate([one.days for one in data]))
        for one, here in members:
            relative = one.normalise == "first"
            for repeat in dict.fromkeys(one.repeats):
                at = numpy.array([k for k, name in enumerate(one.repeats) if name == repeat])
                days = one.days[at] - one.days[at[0]]
                of = (times == one.days[at][:, None]).astype(float)
                if relative:  # the first is 1 by definition
                    of, at, days = of[1:] - of[0], at[1:], days[1:]
                if len(at):
                    index, repeats = [*index, *(here.start + at)], repeats + 1
                    own.append(numpy.eye(len(at)) / one.weight + (1.0 if relative else 0.0))
                    drift.append(numpy.outer(days, days))
                    session.append(of)
        self._index = numpy.array(index, int)
        own, drift, session = _diagonal(own), _diagonal(drift), numpy.concatenate(session)
        span = math.sqrt(drift.max())
        many = max(len(set(one.repeats)) for one in data) >= 3
        rho = [float(r) / span for r in _GRID] if many and span > 0 else [0.0]
        tau = numpy.array(_GRID if repeats >= 3 else [0.0])
        self._grid = [(r, float(t)) for r in rho for t in tau]
        # With R = (own + rho² drift)^(-1/2) and R Z = U S Vᵀ, rᵀ C⁻¹ r = |R r|² - Σ (Uᵀ R r)ᵢ² tau² Sᵢ² / (1 + tau² Sᵢ²).
        self._rows, self._taken, self._log_determinant = [], [], []
        for r in rho:
            lower = numpy.linalg.cholesky(own + r**2 * drift)
            root = numpy.linalg.inv(lower)
            left, size, _ = numpy.linalg.svd(root @ session, full_matrices=False)
            shared = numpy.outer(tau**2, size**2)
            self._rows.append(numpy.concatenate([root, left.T @ root]))
            self._taken.append(shared / (1 + shared))
            self._log_determinant.append(2 * numpy.sum(numpy.log(numpy.diag(lower))) + numpy.sum(numpy.log1p(shared), axis=1))
        self._rows, self._taken, self._log_determinant = numpy.concatenate(self._rows), numpy.array(self._taken), numpy.concatenate(self._log_determinant)
        self._freedom = _FREEDOM + len(self._index)
        self.between_repeats, self.rates_between_repeats = _between_repeats(data)
        size = 1.0 if data[0].scale == "log" else float(numpy.mean(numpy.abs(numpy.concatenate([one.values for one in data]))))
        self._prior = _FREEDOM * (self.between_repeats if self.between_repeats > 0 else _DEFAULT * size) ** 2

    def _squares(self, residuals):
        """For every point of the grid, with the prior's."""
        projected = (self._rows @ residuals[self._index]).reshape(len(self._taken), -1) ** 2
        own, shared = projected[:, :len(self._index)], projected[:, len(self._index):]
        return self._prior + (own.sum(axis=1)[:, None] - numpy.einsum("rts,rs->rt", self._taken, shared)).ravel()

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
        return sigma, sigma * self._grid[k][0], sigma * self._grid[k][1]


def _diagonal(blocks):
    """A matrix with these blocks along its diagonal."""
    size = sum(len(block) for block in blocks)
    whole, begin = numpy.zeros((size, size)), 0
    for block in blocks:
        whole[begin:begin + len(block), begin:begin + len(block)] = block
        begin += len(block)
    return whole


def _between_repeats(data):
    """Among repeats, about each time's mean: standard deviation of one value about each repeat's own level, and that of their rates (per day; the former is
    part of it). nan without repeats."""
    squares, freedom, rates, repeated = 0.0, 0, 0.0, 0
    for one in data:
        times, repeats = numpy.unique(one.days), sorted(set(one.repeats))
        table = numpy.full((len(times), len(repeats)), math.nan)
        for days, value, repeat in zip(one.days, one.values, one.repeats):
            table[numpy.searchsorted(times, days), repeats.index(repeat)] = math.log(value) if one.scale == "log" else value
        whole = ~numpy.isnan(table).any(axis=1)
        table, times = table[whole], times[whole]
        if table.shape[0] < 2 or table.shape[1] < 2:
            continue
        left = table - table.mean(axis=1, keepdims=True)
        left = left - left.mean(axis=0, keepdims=True)
        squares, freedom = squares + float(numpy.sum(left**2)), freedom + (table.shape[0] - 1) * (table.shape[1] - 1)
        centred = times - times.mean()
        rates, repeated = rates + float(numpy.sum((centred @ left / numpy.sum(centred**2)) ** 2)), repeated + table.shape[1] - 1
    return (math.sqrt(squares / freedom), math.sqrt(rates / repeated)) if freedom else (math.nan, math.nan)
