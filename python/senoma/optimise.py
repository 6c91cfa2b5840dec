"""Doses and schedules: a search over several objectives (Optuna) under constraints, and what cannot be improved without giving something up (the
Pareto front)."""
import json
import os
import re

import numpy
import pandas

from senoma.calibrate import distribution_of
from senoma.catalogue import Catalogue
from senoma.ensemble import _check_variants, identity_of, run_members, seed_list
from senoma.errors import Error, need
from senoma.model import Model
from senoma.outcomes import check
from senoma.pools import open_pool
from senoma.priors import Prior, find_priors
from senoma.report import COLOURS, Page, figure, short

_BATCH = 12  # fixed, so that the search does not depend on the number of workers


def optimise(model, variables, objectives, constraints=(), *, n=120, seeds=4, seed=1, executor=None, jobs=None, folder=None, progress=None, apply=None):
    """Tries n settings and returns a DataFrame: variables, objectives (means over the seeds), constrained outcomes, feasible, front.

    variables    {key: "uniform(1, 5) d", "loguniform(10, 100) mg/m^2", "integers(1, 6)" or "choice(7 d, 14 d, 21 d)"}
    objectives   {outcome: "maximise" or "minimise"}, outcomes as in senoma.outcomes ("restricted_relapse", "auc toxin" …)
    constraints  ["auc toxin <= 40", "days toxin below 0.1 >= 30"]
    apply        function {variable: value} → {key: value}, when several keys follow from one variable
    `front` marks the settings that no other feasible one beats in all objectives. Writes optimise.csv and report.html into `folder`."""
    optuna = need("optuna", "search")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    spaces = _spaces(model, variables, apply)
    directions = _directions(objectives)
    limits = [_constraint(text) for text in constraints]
    outcomes = list(dict.fromkeys([*directions, *(limit[0] for limit in limits)]))
    if isinstance(model, Model):
        check(model, outcomes)
    seeds = seed_list(seeds)
    settings = apply or (lambda values: values)
    sampler = (optuna.samplers.NSGAIISampler(seed=seed, population_size=2 * _BATCH) if len(directions) > 1 else optuna.samplers.TPESampler(seed=seed))
    study = optuna.create_study(directions=list(directions.values()), sampler=sampler)
    rows, checked = [], False
    with Catalogue(folder, identity_of(model, outcomes)) as catalogue, open_pool(executor, jobs) as pool:
        while len(rows) < n:
            trials = [study.ask({name: space[0] for name, space in spaces.items()}) for _ in range(min(_BATCH, n - len(rows)))]
            tried = [settings({name: space[1](trial.params[name]) for name, space in spaces.items()}) for trial in trials]
            if not checked:
                _check_variants(model, tried)
                checked = True
            run_members(model, [(values, s) for values in tried for s in seeds], outcomes, catalogue, pool, progress)
            for trial, values in zip(trials, tried):
                row = _measured(catalogue, values, seeds, outcomes)
                excess = [(row[name] - limit) * sign for name, sign, limit in limits] if row else []
                for text, value in zip(constraints, excess):
                    trial.set_constraint(text, value)
                if row is None:
                    study.tell(trial, state=optuna.trial.TrialState.FAIL)
                else:
                    study.tell(trial, [row[name] for name in directions])
                rows.append({**trial.params, **(row or dict.fromkeys(outcomes, numpy.nan)), "feasible": row is not None and all(e <= 0 for e in excess)})
    result = pandas.DataFrame(rows)
    result["front"] = _front(result, directions)
    if folder is not None:
        result.to_csv(os.path.join(folder, "optimise.csv"), index=False)
        _write_report(os.path.join(folder, "report.html"), result, list(spaces), directions, list(constraints), len(seeds))
    return result


def _spaces(model, variables, apply):
    """{name: (Optuna's distribution, number → value of the model)}."""
    optuna = need("optuna", "search")
    if not variables:
        raise Error("E9301", "there is nothing to vary", help='give variables={key: "uniform(1, 5) d"}')
    spaces, priors = {}, {}
    for name, text in variables.items():
        found = re.fullmatch(r"\s*choice\((.*)\)\s*", str(text))
        if found:
            spaces[name] = (optuna.distributions.CategoricalDistribution([c.strip() for c in found[1].split(",")]), _plain)
        else:
            priors[name] = text
    known = find_priors(model, priors) if priors and not apply else {name: Prior.parse(text) for name, text in priors.items()}
    spaces.update({name: (distribution_of(optuna, prior), prior.value) for name, prior in known.items()})
    return {name: spaces[name] for name in variables}


def _plain(text):
    """A choice as it stands in a model file: 3, true, "7 d"."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _directions(objectives):
    words = {"maximise": "maximize", "minimise": "minimize"}
    if not objectives:
        raise Error("E9301", "there is no objective", help='give objectives={"restricted_relapse": "maximise"}')
    for name, word in objectives.items():
        if word not in words:
            raise Error("E9301", f"the objective '{name}' is to be '{word}'", help="write maximise or minimise")
    return {name: words[word] for name, word in objectives.items()}


def _constraint(text):
    found = re.fullmatch(r"\s*(.+?)\s*(<=|>=)\s*(\S+)\s*", text)
    try:
        return found[1], 1.0 if found[2] == "<=" else -1.0, float(found[3])
    except (TypeError, ValueError):
        raise Error("E9301", f"the constraint '{text}' cannot be read", help="write OUTCOME <= NUMBER or OUTCOME >= NUMBER, like 'auc toxin <= 40'") from None


def _measured(catalogue, values, seeds, outcomes):
    members = [catalogue.get(values, s) for s in seeds]
    if any(m["status"] == "failed" for m in members):
        return None
    row = {name: float(numpy.mean([m["outcomes"][name] for m in members])) for name in outcomes if name in members[0]["outcomes"]}
    missing = [name for name in outcomes if not numpy.isfinite(row.get(name, numpy.nan))]
    if missing:
        raise Error("E9104", f"the outcome '{missing[0]}' has no value with {values}", help="choose one that always exists, such as restricted_relapse", kind="numerical")
    return row


def _front(result, directions):
    signs = numpy.array([1.0 if d == "minimize" else -1.0 for d in directions.values()])
    costs = result[list(directions)].to_numpy(float) * signs
    feasible = result["feasible"].to_numpy(bool)
    front = numpy.zeros(len(result), bool)
    for k in numpy.flatnonzero(feasible):
        others = costs[feasible]
        front[k] = not numpy.any(numpy.all(others <= costs[k], axis=1) & numpy.any(others < costs[k], axis=1))
    return front


def _write_report(path, result, variables, directions, constraints, n_seeds):
    best = result[result["front"]].sort_values(list(directions)[0])
    words = {"maximize": "high", "minimize": "low"}
    page = Page("Which settings are worth trying", f"{len(result)} settings, {n_seeds} seeds each. Sought: " + ", ".join(f"{words[d]} {o}" for o, d in directions.items())
                + (". Under: " + "; ".join(constraints) if constraints else "") + ".")
    if not len(best):
        page.text("No setting kept the constraints.")
    else:
        page.text(f"{int(result['feasible'].sum())} settings keep the constraints; {len(best)} of them cannot be improved in one objective without loss in another.")
        shown = best[[*variables, *[c for c in result.columns if c not in variables and c not in ("feasible", "front")]]]
        page.table(shown.rename(columns={name: short(name, variables) for name in variables}))
    pairs = list(directions)
    if len(pairs) > 1:
        fig, axes = figure(6.5, 4.2)
        axis = axes[0, 0]
        for rows, colour, label in ((result[~result["feasible"]], "#bbb", "breaks a constraint"), (result[result["feasible"]], COLOURS[5], "feasible")):
            axis.plot(rows[pairs[0]], rows[pairs[1]], "o", color=colour, markersize=4, label=label)
        axis.plot(best[pairs[0]], best[pairs[1]], "o-", color=COLOURS[1], label="Pareto front")
        axis.set_xlabel(f"{pairs[0]} ({words[directions[pairs[0]]]} is better)")
        axis.set_ylabel(f"{pairs[1]} ({words[directions[pairs[1]]]} is better)")
        axis.legend(frameon=False)
        page.figure(fig, "What was tried, and the front.")
    numeric = [v for v in variables if pandas.api.types.is_numeric_dtype(result[v])]
    if numeric:
        fig, axes = figure(3.2 * len(numeric), 2.8, len(numeric))
        for axis, name in zip(axes[0], numeric):
            axis.plot(result[name], result[pairs[0]], "o", color=COLOURS[5], markersize=3)
            axis.plot(best[name], best[pairs[0]], "o", color=COLOURS[1], markersize=5)
            axis.set_xlabel(short(name, variables))
        axes[0, 0].set_ylabel(pairs[0])
        page.figure(fig, f"{pairs[0]} over each variable; the front in orange.")
    page.write(path)
