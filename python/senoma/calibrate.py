"""Parameters from data: a posterior by ABC-SMC (pyABC) or the best point (Optuna), for several data sets at once.

The likelihood is normal around the model, with each data set's sigma and weight: ln L = −Σ weight/2 · ((model − data)/sigma)², on ln for scale
"log"; where sigma is unknown, it is integrated out (senoma/scatter.py). ABC-SMC accepts by this likelihood at falling temperature and ends at
temperature 1, so the result is the posterior itself and not one widened by a tolerance (stochastic acceptor, Wilkinson 2013, doi 10.1515/sagmb-2013-0010; Schälte & Hasenauer 2020)."""
import dataclasses
import json
import math
import os

import numpy
import pandas

from senoma.abc_progress import AbcProgress
from senoma.calibrate_report import write_report
from senoma.catalogue import Catalogue
from senoma.ensemble import _check_variants, identity_of, run_members, seed_list
from senoma.errors import Error, need
from senoma.member import VERSION, reference, run_member
from senoma.model import Model
from senoma.pools import DaskPool, open_pool
from senoma.posterior import Posterior
from senoma.predictive import predictive_check
from senoma.priors import find_priors
from senoma.scatter import Scatter


@dataclasses.dataclass
class Calibration:
    """`table`: a row per parameter (estimate or median, interval, prior). `posterior`: the draws (ABC-SMC). `predictive`: data beside what the
    calibrated model predicts. `trials`: what was tried (point estimate). `log_likelihood`: of the best point. `scatter`: a row per assay whose sigma was
    unknown: sigma and drift with 90 % intervals, and the scatter among repeats to hold them against."""

    table: pandas.DataFrame
    predictive: pandas.DataFrame
    posterior: Posterior | None = None
    trials: pandas.DataFrame | None = None
    log_likelihood: float = math.nan
    scatter: pandas.DataFrame = dataclasses.field(default_factory=pandas.DataFrame)


def calibrate(model, data, parameters=None, *, method="abc", n=None, populations=8, seeds=1, seed=1, executor=None, jobs=None, folder=None,
              progress=None, draws=60):
    """Fits `parameters` (as in sensitivity()) to `data` (Data objects) and returns a Calibration.

    method       "abc": n draws (default 200) over at most `populations` populations. "point": n trials (default 200)
    seeds        runs per try, averaged; "abc" draws new seeds for each try, "point" keeps 1 … n
    executor     None, a Dask client or an executor, as in ensemble(). "abc" gives the same draws again only with None
    folder       for posterior.csv, fit.csv, scatter.csv, predictive.csv, report.html
    Wrong data, parameters without prior and missing readouts are errors before anything runs."""
    data = [data] if not isinstance(data, (list, tuple)) else list(data)
    fitted = [one for one in data if not one.held_out]
    if not fitted or method not in ("abc", "point"):
        raise Error("E9110", f"there is no method '{method}'" if fitted else "there are no data to fit", help="give data, and abc or point")
    priors = find_priors(model, parameters)
    if isinstance(model, Model):
        for one in data:
            one.fit_to(model)
    scatter = Scatter(fitted)
    scatter.check([one for one in data if one.held_out])
    outcomes = list(dict.fromkeys(name for one in data for name in one.outcome_names())) if isinstance(model, Model) else []
    _check_variants(model, [{**one.set, **{name: prior.value(prior.quantile(0.5)) for name, prior in priors.items()}} for one in data])
    if folder is not None:
        os.makedirs(folder, exist_ok=True)
    task = _Task(reference(model), fitted, priors, outcomes, scatter)
    random = numpy.random.default_rng(seed)
    if method == "abc":
        result, residuals = _abc(task, n or 200, populations, seeds, seed, executor, jobs, folder, progress)
        drawn = [scatter.draw(row, random) for row in residuals]
        tries = [(values, k + 1, drawn[row]) for k, (values, row) in enumerate(zip(result.posterior.draw(draws, seed), result.posterior.choose(draws, seed)))]
        result.scatter = scatter.table(drawn, result.posterior.weights)
    else:
        result, residuals = _point(model, task, n or 200, seed_list(seeds), seed, executor, jobs, folder, progress)
        drawn = [scatter.draw(residuals, random) for _ in range(400)]
        best = dict(zip(result.table["parameter"], result.table["value"]))
        tries = [(best, k + 1, drawn[k]) for k in range(8)]
        result.scatter = scatter.table(drawn)
    result.predictive = predictive_check(model, data, outcomes, tries, executor, jobs, seed)
    if folder is not None:
        result.table.to_csv(os.path.join(folder, "fit.csv"), index=False)
        if len(result.scatter):
            result.scatter.to_csv(os.path.join(folder, "scatter.csv"), index=False)
        result.predictive.to_csv(os.path.join(folder, "predictive.csv"), index=False)
        write_report(os.path.join(folder, "report.html"), result, data, priors)
    return result


@dataclasses.dataclass
class _Task:
    """What every try needs; crosses to workers as plain data."""

    model: tuple
    data: list
    priors: dict
    outcomes: list
    scatter: Scatter

    def residuals(self, values, run):
        """All data sets' residuals; run(values) gives outcomes, or None for a member that failed. Equal conditions run once."""
        known, parts = {}, []
        for one in self.data:
            key = json.dumps(one.set, sort_keys=True)
            if key not in known:
                known[key] = run({**one.set, **values})
            parts.append(numpy.full(len(one.days), 1e3) if known[key] is None else one.residuals(known[key]))
        return numpy.concatenate(parts)


def _mean(results):
    """Outcomes averaged over seeds; None when one failed."""
    if any(r is None or r["status"] == "failed" for r in results):
        return None
    return {name: float(numpy.mean([r["outcomes"][name] for r in results])) for name in results[0]["outcomes"]}


# ---- ABC-SMC ----


class _Coordinates:
    """Between a prior's number and where the sampler works: ln for what is positive by nature."""

    def __init__(self, priors):
        self.names = list(priors)
        self._log = [prior.kind in ("loguniform", "lognormal") for prior in priors.values()]

    def back(self, point):
        return [math.exp(point[f"p{k}"]) if log else point[f"p{k}"] for k, log in enumerate(self._log)]

    def distribution(self, pyabc, priors):
        made = {}
        for k, prior in enumerate(priors.values()):
            a, b = (math.log(prior.a), math.log(prior.b)) if prior.kind == "loguniform" else (prior.a, prior.b)
            if prior.kind in ("uniform", "loguniform"):
                made[f"p{k}"] = pyabc.RV("uniform", a, b - a)
            elif prior.kind == "integers":
                raise Error("E9110", f"the prior {prior} is of whole numbers, which ABC-SMC here does not draw", help="use uniform, or method point")
            else:
                made[f"p{k}"] = pyabc.RV("norm", math.log(prior.a) if prior.kind == "lognormal" else prior.a, prior.b)
        return pyabc.Distribution(**made)


@dataclasses.dataclass
class _Try:
    """The function that pyABC calls: a point to its residuals."""

    task: _Task
    coordinates: _Coordinates
    seeds: int

    def __call__(self, point):
        numbers = self.coordinates.back(point)
        values = {name: prior.value(x) for (name, prior), x in zip(self.task.priors.items(), numbers)}
        seeds = [int(s) for s in numpy.random.randint(1, 2**31 - 1, self.seeds)]
        run = lambda full: _mean([run_member(VERSION, self.task.model, full, s, self.task.outcomes) for s in seeds])  # noqa: E731
        return {"residuals": self.task.residuals(values, run)}


@dataclasses.dataclass
class _Density:
    """The log likelihood as pyABC calls it."""

    scatter: Scatter

    def __call__(self, x, x_0, t, par):
        return self.scatter.log_likelihood(numpy.asarray(x["residuals"]))


def _sampler(pyabc, pool):
    if isinstance(pool, DaskPool):
        return pyabc.sampler.DaskDistributedSampler(pool._executor)
    return pyabc.sampler.ConcurrentFutureSampler(pool._executor)


def _abc(task, n, populations, seeds, seed, executor, jobs, folder, progress):
    pyabc = need("pyabc", "search")
    import logging
    import tempfile

    logging.getLogger("ABC").setLevel(logging.ERROR)
    coordinates = _Coordinates(task.priors)
    points = sum(len(one.days) for one in task.data)
    density = pyabc.distance.FunctionKernel(_Density(task.scatter), ret_scale=pyabc.distance.SCALE_LOG)
    told = AbcProgress(populations, progress)
    numpy.random.seed(seed)  # pyABC draws from the global generator
    with tempfile.TemporaryDirectory() as scratch:
        database = "sqlite:///" + os.path.join(scratch, "abc.db")

        def search(sampler):
            abc = pyabc.ABCSMC(_Try(task, coordinates, seeds), coordinates.distribution(pyabc, task.priors), density, population_size=n,
                               sampler=sampler, eps=pyabc.Temperature(), acceptor=pyabc.StochasticAcceptor())
            abc.new(database, {"residuals": numpy.zeros(points)})
            history = abc.run(max_nr_populations=populations)
            particles = history.get_population().particles
            history.done()
            return particles

        if executor is None:
            particles = search(told.watch(pyabc.sampler.SingleCoreSampler(), here=True))
        else:
            with open_pool(executor, jobs) as pool:
                particles = search(told.watch(_sampler(pyabc, pool), here=False))
    draws = pandas.DataFrame([coordinates.back(p.parameter) for p in particles], columns=coordinates.names)
    posterior = Posterior(draws, [p.weight for p in particles], {name: prior.unit for name, prior in task.priors.items()})
    if folder is not None:
        posterior.write(folder)
    table = posterior.table()
    table["prior"] = [str(prior) for prior in task.priors.values()]
    table["narrowed"] = [_narrowed(prior, row.low, row.high) for row, prior in zip(table.itertuples(), task.priors.values())]
    return Calibration(table, pandas.DataFrame(), posterior), [numpy.asarray(p.sum_stat["residuals"]) for p in particles]


def _narrowed(prior, low, high):
    """The share of the prior's 90 % interval that is gone, on ln for priors of what is positive by nature."""
    on = math.log if prior.kind in ("loguniform", "lognormal") else float
    return 1 - (on(high) - on(low)) / (on(prior.quantile(0.95)) - on(prior.quantile(0.05)))


# ---- the best point ----

_BATCH = 8  # points asked for at a time: fixed, so that the search does not depend on the number of workers


def _point(model, task, n, seeds, seed, executor, jobs, folder, progress):
    optuna = need("optuna", "search")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    spaces = {name: distribution_of(optuna, prior) for name, prior in task.priors.items()}
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed, multivariate=True))
    rows, best_residuals, most = [], None, -math.inf
    with Catalogue(folder, identity_of(model, task.outcomes)) as catalogue, open_pool(executor, jobs) as pool:
        while len(rows) < n:
            trials = [study.ask(spaces) for _ in range(min(_BATCH, n - len(rows)))]
            tried = [{name: prior.value(trial.params[name]) for name, prior in task.priors.items()} for trial in trials]
            members = [({**one.set, **values}, s) for values in tried for one in task.data for s in seeds]
            run_members(model, members, task.outcomes, catalogue, pool, progress)
            for trial, values in zip(trials, tried):
                residuals = task.residuals(values, lambda full: _mean([catalogue.get(full, s) for s in seeds]))
                fit = task.scatter.log_likelihood(residuals)
                if fit > most:
                    most, best_residuals = fit, residuals
                study.tell(trial, fit)
                rows.append({**trial.params, "log_likelihood": fit})
    trials = pandas.DataFrame(rows)
    best = trials.loc[trials["log_likelihood"].idxmax()]
    table = pandas.DataFrame([{"parameter": name, "unit": prior.unit, "estimate": best[name], "value": prior.value(best[name]), "prior": str(prior)}
                              for name, prior in task.priors.items()])
    if folder is not None:
        trials.to_csv(os.path.join(folder, "trials.csv"), index=False)
    return Calibration(table, pandas.DataFrame(), trials=trials, log_likelihood=float(best["log_likelihood"])), best_residuals


def distribution_of(optuna, prior):
    """Where Optuna looks: the prior's interval, or its middle 99 %."""
    if prior.kind == "integers":
        return optuna.distributions.IntDistribution(int(prior.a), int(prior.b))
    low, high = (prior.a, prior.b) if prior.kind in ("uniform", "loguniform") else (prior.quantile(0.005), prior.quantile(0.995))
    return optuna.distributions.FloatDistribution(low, high, log=prior.kind in ("loguniform", "lognormal"))
