"""Which uncertain values matter: Morris screening and Sobol indices (SALib) over the priors of the model."""
import os

import numpy
import pandas

from senoma.catalogue import Catalogue
from senoma.ensemble import identity_of, outcome_list, run_members, seed_list, _check_variants
from senoma.errors import Error, need
from senoma.pools import open_pool
from senoma.priors import find_priors
from senoma.report import COLOURS, Page, figure, short


def sensitivity(model, parameters=None, outcomes=None, *, method="sobol", n=None, seeds=1, seed=1, level=0.9, executor=None, jobs=None, folder=None,
                progress=None):
    """Indices of every parameter for every outcome, as a DataFrame.

    parameters  None: all values with a prior; names or patterns; or {name: prior}
    method      "sobol": first-order S1 and total ST with intervals, n (a power of two, default 256) × (parameters + 2) variants
                "morris": mean absolute effect mu_star, its interval, sigma; n (default 20) × (parameters + 1) variants
    seeds       each variant is the mean over these seeds, the same for all variants; `seed` draws the sample
    level       of the intervals
    Effects are per unit of the prior's quantile, so parameters of all scales compare. Writes catalogue, CSV and report.html into `folder`,
    where the same call goes on after a break. Raises E9102 (no prior), E9104 (an outcome without value), E9105 (members failed)."""
    if method not in _METHODS:
        raise Error("E9110", f"there is no method '{method}'", help="choose sobol or morris")
    need("SALib", "search")
    priors = find_priors(model, parameters)
    outcomes, seeds = outcome_list(model, outcomes), seed_list(seeds)
    n = n or {"sobol": 256, "morris": 20}[method]
    if method == "sobol" and n & (n - 1):
        raise Error("E9110", f"n = {n} is no power of two, which Sobol's sequence needs", help=f"choose {1 << n.bit_length()}")
    problem = {"num_vars": len(priors), "names": list(priors), "bounds": [[0.0, 1.0]] * len(priors)}
    points = _METHODS[method][0](problem, n, seed)
    # The ends of an unbounded prior are infinite.
    inside = numpy.clip(points, 1e-6, 1 - 1e-6)
    columns = [prior.distribution().ppf(inside[:, k]) for k, prior in enumerate(priors.values())]
    variants = [{name: prior.value(x) for (name, prior), x in zip(priors.items(), row)} for row in zip(*columns)]
    _check_variants(model, variants[:1])
    with Catalogue(folder, identity_of(model, outcomes)) as catalogue:
        with open_pool(executor, jobs) as pool:
            run_members(model, [(values, s) for values in variants for s in seeds], outcomes, catalogue, pool, progress)
        table = _averages(catalogue, variants, seeds)
    parts = [_METHODS[method][1](problem, points, table[name].to_numpy(), level, seed).assign(outcome=name) for name in table.columns]
    result = pandas.concat(parts, ignore_index=True)
    result = result[["outcome", *[c for c in result.columns if c != "outcome"]]]
    result.attrs.update(method=method, n=n, members=len(variants) * len(seeds), level=level)
    if folder is not None:
        result.to_csv(os.path.join(folder, "sensitivity.csv"), index=False)
        _write_report(os.path.join(folder, "report.html"), result, priors)
    return result


def _averages(catalogue, variants, seeds):
    """Outcomes of each variant: the mean over its seeds."""
    rows = []
    for values in variants:
        members = [catalogue.get(values, s) for s in seeds]
        bad = [m for m in members if m["status"] == "failed"]
        if bad:
            frame = catalogue.frame()
            raise Error("E9105", f"{(frame['status'] == 'failed').sum()} of {len(frame)} members failed; the first with {bad[0]['reason'].splitlines()[0]}",
                        help="the catalogue has all reasons; narrow the priors, or repair the model", kind="numerical")
        rows.append({name: numpy.mean([m["outcomes"][name] for m in members]) for name in members[0]["outcomes"]})
    table = pandas.DataFrame(rows)
    for name in table.columns:
        missing = int((~numpy.isfinite(table[name])).sum())
        if missing:
            raise Error("E9104", f"the outcome '{name}' has no value in {missing} of {len(table)} variants",
                        help="choose one that always exists, such as restricted_relapse, mean_burden or 'final READOUT'", kind="numerical")
    return table


def _sample_sobol(problem, n, seed):
    from SALib.sample import sobol

    return sobol.sample(problem, n, calc_second_order=False, scramble=True, seed=seed)


def _analyze_sobol(problem, points, y, level, seed):
    from SALib.analyze import sobol

    if numpy.ptp(y) == 0:  # nothing varies: no share of it
        zero = numpy.zeros(problem["num_vars"])
        found = {"S1": zero, "S1_conf": zero, "ST": zero, "ST_conf": zero}
    else:
        found = sobol.analyze(problem, y, calc_second_order=False, conf_level=level, num_resamples=500, seed=seed)
    return pandas.DataFrame({"parameter": problem["names"], "S1": found["S1"], "S1_low": found["S1"] - found["S1_conf"],
                             "S1_high": found["S1"] + found["S1_conf"], "ST": found["ST"], "ST_low": found["ST"] - found["ST_conf"],
                             "ST_high": found["ST"] + found["ST_conf"]}).sort_values("ST", ascending=False, kind="stable")


def _sample_morris(problem, n, seed):
    from SALib.sample import morris

    return morris.sample(problem, n, num_levels=8, seed=seed)


def _analyze_morris(problem, points, y, level, seed):
    from SALib.analyze import morris

    found = morris.analyze(problem, points, y, conf_level=level, num_levels=8, seed=seed)
    return pandas.DataFrame({"parameter": problem["names"], "mu_star": found["mu_star"], "mu_star_low": found["mu_star"] - found["mu_star_conf"],
                             "mu_star_high": found["mu_star"] + found["mu_star_conf"], "mu": found["mu"],
                             "sigma": found["sigma"]}).sort_values("mu_star", ascending=False, kind="stable")


_METHODS = {"sobol": (_sample_sobol, _analyze_sobol), "morris": (_sample_morris, _analyze_morris)}


def _write_report(path, result, priors):
    method, level = result.attrs["method"], result.attrs["level"]
    main = "ST" if method == "sobol" else "mu_star"
    page = Page("Which uncertain values matter", f"{len(priors)} parameters over their priors, {result.attrs['members']} runs, method of "
                f"{method.capitalize()}; bars are intervals of {level:.0%}.")
    for name, rows in result.groupby("outcome", sort=False):
        page.heading(name)
        first = rows.iloc[0]
        clear = first[f"{main}_low"] > 0
        page.text(f"'{name}' depends most on {first['parameter']}." if clear else f"No parameter moves '{name}' clearly: the interval of the largest index holds 0.")
        shown = rows.head(20).iloc[::-1]
        fig, axes = figure(7.0, 1.2 + 0.3 * len(shown))
        axis, y = axes[0, 0], numpy.arange(len(shown))
        axis.errorbar(shown[main], y, xerr=[shown[main] - shown[f"{main}_low"], shown[f"{main}_high"] - shown[main]], fmt="o", color=COLOURS[0], label={
            "ST": "total", "mu_star": "mean absolute effect"}[main])
        if method == "sobol":
            axis.plot(shown["S1"], y - 0.2, "s", color=COLOURS[1], markersize=4, label="first order (alone)")
            axis.set_xlabel("share of the variance")
        else:
            axis.set_xlabel("effect of going through the whole prior, in the outcome's unit")
        axis.set_yticks(y, [short(p, list(priors)) for p in shown["parameter"]])
        axis.axvline(0, color="#999", linewidth=0.8)
        axis.legend(frameon=False)
        page.figure(fig, f"{name}: the {len(shown)} parameters with the largest indices.")
        page.table(rows.drop(columns="outcome"))
    page.heading("Priors")
    page.table(pandas.DataFrame({"parameter": list(priors), "prior": [str(p) for p in priors.values()]}), rows=200)
    page.write(path)
