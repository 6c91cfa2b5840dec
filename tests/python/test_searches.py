"""Sensitivity, calibration and optimisation against known answers, and what they refuse."""
import json
import math
import os
import pathlib
import subprocess
import sys

import numpy
import pytest

import search_models


@pytest.fixture(scope="module")
def model(sm, tiny):
    return sm.Model.load(tiny, arm="no drug", set={"time.duration": "1 d"})


# ---- sensitivity ----


def test_sobol_indices_of_the_ishigami_function(sm, tmp_path):
    priors = dict.fromkeys("xyz", f"uniform({-math.pi!r}, {math.pi!r})")
    found = sm.sensitivity(search_models.ishigami, priors, n=512, folder=tmp_path).set_index("parameter")
    # Ishigami and Homma 1990 with a = 7, b = 0.1: closed forms
    variance = 7**2 / 8 + 0.1 * math.pi**4 / 5 + 0.01 * math.pi**8 / 18 + 0.5
    first = {"x": 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2 / variance, "y": 7**2 / 8 / variance, "z": 0.0}
    shared = 0.01 * math.pi**8 * (1 / 18 - 1 / 50) / variance
    total = {"x": first["x"] + shared, "y": first["y"], "z": shared}
    for name in "xyz":
        assert found.loc[name, "S1"] == pytest.approx(first[name], abs=0.05)
        assert found.loc[name, "ST"] == pytest.approx(total[name], abs=0.05)
        assert found.loc[name, "ST_low"] <= found.loc[name, "ST"] <= found.loc[name, "ST_high"]
    page = (tmp_path / "report.html").read_text()
    assert "Which uncertain values matter" in page and "<img" in page and "src='http" not in page
    assert (tmp_path / "sensitivity.csv").exists()


def test_morris_screens_a_model_over_its_priors(sm, model):
    found = sm.sensitivity(model, outcomes=["final cells", "final signal"], method="morris", n=6, seeds=2)
    cells = found[found["outcome"] == "final cells"].set_index("parameter")
    assert set(cells.index) == {"substrates.signal.decay", "cell.tumour.cycle.duration"}
    assert cells.loc["substrates.signal.decay", "mu_star"] == 0  # nothing senses the signal
    assert cells.loc["cell.tumour.cycle.duration", "mu"] < -5    # a longer cycle, fewer cells
    signal = found[found["outcome"] == "final signal"].set_index("parameter")
    assert signal.loc["substrates.signal.decay", "mu"] < 0


def test_what_a_sensitivity_run_refuses(sm, model, tiny):
    for wrong, code in ((dict(parameters=["cell.tumour.hazard.apoptosis"]), "E9102"), (dict(parameters=["cell.tumuor.*"]), "E9101"),
                        (dict(parameters={"cell.tumour.cycle.duration": "loguniform(10, 1)"}), "E1208"), (dict(n=100), "E9110"),
                        (dict(outcomes=["relapse_day"], n=4), "E9104")):
        with pytest.raises(sm.Error) as caught:
            sm.sensitivity(model, **wrong)
        assert caught.value.code == code and caught.value.help, wrong
    with pytest.raises(sm.Error) as caught:
        sm.sensitivity(model, ["cell.tumour.hazard.apoptosis"])
    assert caught.value.place[0].endswith("tiny.toml") and caught.value.place[1] == 25
    with pytest.raises(sm.Error, match="E9102"):
        sm.sensitivity(search_models.ishigami)
    with pytest.raises(sm.Error, match="x is too large") as caught:
        sm.sensitivity(search_models.failing, {"x": "uniform(0, 1)"}, n=4, seeds=2)
    assert caught.value.code == "E9105"


# ---- data ----


@pytest.mark.parametrize(("text", "code", "line", "shown"), [
    ("time[h],n\n0,100\n24,x\n", "E9202", 3, "x"),
    ("time[h],n\n0,100\n24,-3\n", "E9205", 3, "-3"),
    ("time[h],n\n0,100\n24,0\n", "E9205", 3, "logarithm"),
    ("time[h],n\n0,100\n24,120\n24,130\n", "E9204", 4, "line 3"),
    ("time[um],n\n0,100\n", "E9203", 1, "um"),
    ("time,n\n0,100\n", "E9203", 1, "no unit"),
    ("time[h],m\n0,100\n", "E9201", 1, "'n'"),
    ("time[h],n\n0,100,2\n", "E9201", 2, "3 values"),
    ("", "E9201", 1, "empty"),
])
def test_bad_data_are_refused_with_their_place(sm, tmp_path, text, code, line, shown):
    (tmp_path / "data.csv").write_text(text)
    with pytest.raises(sm.Error) as caught:
        sm.Data(tmp_path / "data.csv", "cells", value="n", sigma=0.1)
    error = caught.value
    assert error.code == code and error.place[:2] == (str(tmp_path / "data.csv"), line) and error.help
    assert shown in error.message


def test_data_must_fit_the_model(sm, model, tmp_path):
    (tmp_path / "data.csv").write_text("time[h],n,c[nM]\n0,100,1\n24,120,2\n72,150,3\n")
    for arguments, code in ((dict(readout="cell"), "E9103"), (dict(readout="cells"), "E9206"), (dict(readout="signal"), "E9203")):
        data = sm.Data(tmp_path / "data.csv", value="n", sigma=0.1, **arguments)
        with pytest.raises(sm.Error) as caught:
            sm.calibrate(model, data)
        assert caught.value.code == code
    with pytest.raises(sm.Error, match="scatter"):
        sm.Data(tmp_path / "data.csv", "cells", value="n")
    in_other_unit = sm.Data(tmp_path / "data.csv", "signal", value="c", unit="uM", sigma=0.1, until="24 h")
    in_other_unit.fit_to(model)
    assert list(in_other_unit.values) == pytest.approx([1000, 2000])
    window = sm.Data(tmp_path / "data.csv", "cells", value="n", sigma=0.1, normalise="first", since="24 h")
    assert list(window.days) == [1.0, 3.0] and list(window.values) == [1.0, 1.25]


def test_the_scatter_comes_from_replicates(sm, tmp_path):
    (tmp_path / "data.csv").write_text("time[h],well,n\n0,a,100\n0,b,200\n24,a,200\n24,b,440\n")
    ratios = numpy.log([2.0, 2.2])
    data = sm.Data(tmp_path / "data.csv", "cells", value="n", replicate="well", normalise="first")
    assert data.sigma == pytest.approx(numpy.std(ratios, ddof=1))  # not diluted by the first time, where all are 1
    absolute = sm.Data(tmp_path / "data.csv", "cells", value="n", replicate="well")
    spread = [numpy.std(numpy.log(pair), ddof=1) for pair in ([100, 200], [200, 440])]
    assert absolute.sigma == pytest.approx(math.sqrt((spread[0] ** 2 + spread[1] ** 2) / 2))


# ---- calibration ----


def synthetic(sm, path, truth, random, sigma=0.1):
    """Counts of `growth` with noise, as a file."""
    exact = search_models.growth(truth, 1)
    rows = "".join(f"{name.split()[2]},{value * math.exp(random.normal(0, sigma))!r}\n" for name, value in exact.items())
    path.write_text("time[d],count\n" + rows)
    return sm.Data(path, "cells", value="count", sigma=sigma)


PRIORS = {"rate": "loguniform(0.2, 2)", "capacity": "loguniform(300, 30000)"}


def test_a_posterior_holds_the_truth_and_serves_later_runs(sm, tmp_path, capsys):
    truth = {"rate": 0.8, "capacity": 3000}
    data = synthetic(sm, tmp_path / "data.csv", truth, numpy.random.default_rng(1))
    fit = sm.calibrate(search_models.growth, data, PRIORS, n=60, populations=4, seed=1, folder=tmp_path / "fit", progress=True)
    told = [line.split("\r")[-1].strip() for line in capsys.readouterr().err.strip().split("\n")]
    assert told[0].startswith("calibration sample: 60 of 60 draws from 60 tries")
    assert [line.split(":")[0] for line in told[1:]] == [f"population {k} of at most 4" for k in range(1, len(told))] and len(told) > 2
    assert all(int(line.split(" tries")[0].split()[-1]) >= 60 for line in told)
    table = fit.table.set_index("parameter")
    for name, value in truth.items():
        assert table.loc[name, "low"] / 1.15 < value < table.loc[name, "high"] * 1.15
        assert table.loc[name, "narrowed"] > 0.5
    assert fit.predictive["inside"].mean() >= 0.6
    again = sm.Posterior.read(tmp_path / "fit" / "posterior.csv")
    assert again.frame.equals(fit.posterior.frame) and numpy.allclose(again.weights, fit.posterior.weights)
    frame = sm.ensemble(search_models.growth, again.draw(5, seed=1))
    assert len(frame) >= 2 and (frame["status"] == "done").all()
    page = (tmp_path / "fit" / "report.html").read_text()
    assert "Predictive check" in page and "Identifiability" in page
    (tmp_path / "bad.csv").write_text("weight,rate[1]\n0.5,0.4\n0.5,x\n")
    with pytest.raises(sm.Error) as caught:
        sm.Posterior.read(tmp_path / "bad.csv")
    assert caught.value.code == "E1218" and caught.value.place[1] == 3


def test_the_best_point_of_a_simulated_model(sm, model, tmp_path):
    truth = model.with_(**{"cell.tumour.cycle.duration": "16 h"})
    runs = [truth.run(seed=s) for s in range(101, 109)]
    rows = "".join(f"{h},{w},{r.columns['cells'][h // 6]}\n" for w, r in enumerate(runs) for h in (0, 6, 12, 18, 24))
    (tmp_path / "counts.csv").write_text("time[h],well,count\n" + rows)
    data = sm.Data(tmp_path / "counts.csv", "cells", value="count", replicate="well", sigma=0.15, normalise="first")
    fit = sm.calibrate(model, data, ["cell.tumour.cycle.duration"], method="point", n=24, seeds=4, folder=tmp_path / "fit")
    assert fit.table.iloc[0]["estimate"] == pytest.approx(16, rel=0.15)
    assert fit.predictive["inside"].mean() > 0.7 and (tmp_path / "fit" / "report.html").exists()
    again = sm.calibrate(model, data, ["cell.tumour.cycle.duration"], method="point", n=24, seeds=4, jobs=2)
    assert again.trials.equals(fit.trials)  # whatever the number of workers


@pytest.mark.long
def test_coverage_of_intervals_from_synthetic_data(sm, tmp_path):
    random = numpy.random.default_rng(7)
    inside, total = 0, 0
    for k in range(60):
        truth = {name: sm.Prior.parse(prior).quantile(random.uniform()) for name, prior in PRIORS.items()}
        data = synthetic(sm, tmp_path / "data.csv", truth, random)
        fit = sm.calibrate(search_models.growth, data, PRIORS, n=100, populations=6, seed=k + 1, draws=10)
        for row in fit.table.itertuples():
            inside, total = inside + (row.low <= truth[row.parameter] <= row.high), total + 1
    print(f"{inside} of {total} intervals of 90 % hold the truth")
    assert total >= 100 and 0.80 <= inside / total <= 0.97


# ---- optimisation ----


def test_the_front_of_a_known_trade_off(sm, tmp_path):
    found = sm.optimise(search_models.dose, {"dose": "uniform(0, 8)"}, {"relapse": "maximise", "exposure": "minimise"}, ["exposure <= 9"], n=72, seeds=2,
                        folder=tmp_path)
    front = found[found["front"]]
    assert len(front) >= 5 and (front["dose"] <= 3).all()  # the constraint; up to 4 more dose is better and costs more
    assert (found["feasible"] == (found["dose"] <= 3)).all()
    assert found["relapse"].to_numpy() == pytest.approx((10 + 8 * found["dose"] - found["dose"] ** 2 + 0.05).to_numpy())
    single = sm.optimise(search_models.dose, {"dose": "uniform(0, 8)"}, {"relapse": "maximise"}, n=48, seeds=2)
    assert single.loc[single["relapse"].idxmax(), "dose"] == pytest.approx(4, abs=0.4) and single["front"].sum() >= 1
    assert "What was tried, and the front" in (tmp_path / "report.html").read_text()


def test_doses_and_schedules_of_a_model_are_variables(sm, tiny):
    model = sm.Model.load(tiny, arm="drug", set={"time.duration": "1 d"})
    found = sm.optimise(model, {"drug.toxin.schedule[0].dose": "uniform(0.1, 60) mg", "drug.toxin.schedule[0].at[0]": "choice(1 h, 12 h)"},
                        {"final cells": "minimise", "auc toxin": "minimise"}, n=12, seeds=2)
    largest, smallest = found.loc[found["auc toxin"].idxmax()], found.loc[found["auc toxin"].idxmin()]
    assert largest["final cells"] < smallest["final cells"]
    for wrong, code in ((dict(objectives={"final cells": "least"}), "E9301"), (dict(objectives={"final cells": "minimise"}, constraints=["cells < 3"]), "E9301"),
                        (dict(objectives={"final cell": "minimise"}), "E9103")):
        with pytest.raises(sm.Error) as caught:
            sm.optimise(model, {"drug.toxin.schedule[0].dose": "uniform(1, 60) mg"}, **wrong)
        assert caught.value.code == code


def test_thresholds_of_doses_that_react_are_variables(sm, tiny, tmp_path):
    model = sm.Model.load(tiny, arm="drug", set={
        "time.summary": "1 h", "drug.toxin.pk.half_life": "1 h", "drug.toxin.effects": [{"stimulates": "tumour apoptosis", "ec50": "100 nM", "emax": 200}],
        "drug.toxin.schedule": [{"dose": "30 mg", "at": "1 h", "every": "2 h", "times": 23, "readout": "cells", "stop_below": "50 %", "resume_above": "100 %"}],
        "readout": [{"name": "cells", "over": "count", "cell": "tumour", "where": "dying == 0"}, {"name": "toxin", "unit": "nM", "over": "world", "value": "toxin.concentration"},
                    {"name": "doses", "over": "world", "value": "toxin.doses_given"}]})
    stop, resume = "drug.toxin.schedule[0].stop_below", "drug.toxin.schedule[0].resume_above"
    found = sm.optimise(model, {stop: "uniform(20, 80) %", resume: "choice(80 %, 100 %)"}, {"mean cells": "minimise", "auc toxin": "minimise"},
                        ["final doses <= 20", "days until cells below 90 % <= 1"], n=12, seeds=2, folder=tmp_path)
    late, early = found.loc[found[stop].idxmin()], found.loc[found[stop].idxmax()]  # who pauses late gives more and leaves fewer
    assert late["auc toxin"] > early["auc toxin"] and late["mean cells"] < early["mean cells"]
    assert found["front"].any() and 1 <= found["final doses"].min() < found["final doses"].max() <= 23
    with pytest.raises(sm.Error) as caught:
        sm.optimise(model, {stop: "uniform(60, 120) nM"}, {"mean cells": "minimise"}, n=12, seeds=1)
    assert caught.value.code == "E1213" and caught.value.place[0]


def test_the_verbs_of_the_program(sm, senoma, tiny, tmp_path):
    def run(*arguments):
        path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
        return subprocess.run([senoma, *map(str, arguments)], capture_output=True, text=True, env={**os.environ, "PATH": path}, cwd=tmp_path)

    done = run("sensitivity", tiny, "--arm", "drug", "-s", "time.duration=6 h", "-p", "*.duration", "-O", "final cells", "--method", "morris", "-n", 2, "-o", "out")
    assert done.returncode == 0 and done.stdout == "" and "cell.tumour.cycle.duration" in done.stderr
    assert (tmp_path / "out" / "report.html").exists()
    assert "Examples:" in run("calibrate", "--help").stdout


def test_a_table_as_json_is_what_the_file_has(sm, tiny, tmp_path, capsys, monkeypatch):
    from senoma import command

    (tmp_path / "plan.toml").write_text(f'model = "{tiny}"\nset = {{ "time.duration" = "12 h" }}\nparameters = ["*.duration", "*.decay"]\n'
                                        'outcomes = ["final cells"]\nmethod = "morris"\nn = 4\n')
    monkeypatch.setattr("sys.argv", ["senoma-sensitivity", str(tmp_path / "plan.toml"), "-o", str(tmp_path / "out"), "--format", "json"])
    assert command.sensitivity() == 0
    out = json.loads(capsys.readouterr().out)
    assert {row["parameter"] for row in out} == {"cell.tumour.cycle.duration", "substrates.signal.decay"}
    assert pathlib.Path(tmp_path / "out" / "catalogue.sqlite").exists()
    monkeypatch.setattr("sys.argv", ["senoma-sensitivity", str(tiny), "-p", "cell.tumour.hazard.apoptosis"])
    assert command.sensitivity() == 2
    assert "error[E9102]" in capsys.readouterr().err
    (tmp_path / "plan.toml").write_text(f'model = "{tiny}"\nvariable = {{}}\n')
    monkeypatch.setattr("sys.argv", ["senoma-optimise", str(tmp_path / "plan.toml")])
    assert command.optimise() == 2
    assert "did you mean 'variables'" in capsys.readouterr().err
