"""Calibration when the size of the scatter is not known: it is estimated with the parameters, and the predictive check says what fits."""
import math

import numpy
import pytest

import search_models

PRIORS = {"rate": "loguniform(0.2, 2)"}
DAYS = numpy.arange(8.0)


def counts(random, sigma, drift=0.0, session=0.0, conditions=4, rate=0.5):
    """A file's text: wells of some conditions that grow at one rate, six of the first and two of each other."""
    together = random.normal(0, session, len(DAYS))
    rows = ["time[d],condition,well,count"]
    for condition in range(conditions):
        for well in range(2 if condition else 6):
            y = 100 * numpy.exp(rate * DAYS + together + random.normal(0, drift) * DAYS + random.normal(0, sigma, len(DAYS)))
            rows += [f"{day},{condition},{well},{value!r}" for day, value in zip(DAYS.tolist(), y.tolist())]
    return "\n".join(rows) + "\n"


def data_of(sm, path, condition, **more):
    return sm.Data(path, "cells", value="count", replicate="well", where={"condition": condition}, **{"sigma": "unknown", "normalise": "first", **more})


@pytest.mark.parametrize("normalise", ["first", None])
def test_the_scatter_is_recovered(sm, tmp_path, normalise):
    from senoma.scatter import Scatter

    random = numpy.random.default_rng(1)
    exact = {f"cells at {float(day)!r} d": 100 * math.exp(0.5 * day) for day in DAYS}
    inside = 0
    for truth in ((0.05, 0.0, 0.0), (0.05, 0.04, 0.0), (0.05, 0.04, 0.1)):
        medians = []
        for _ in range(8):
            (tmp_path / "counts.csv").write_text(counts(random, *truth, conditions=2))
            data = [data_of(sm, tmp_path / "counts.csv", k, normalise=normalise) for k in range(2)]
            scatter = Scatter(data)
            residuals = numpy.concatenate([one.residuals(exact) for one in data])
            row = scatter.table([scatter.draw(residuals, random) for _ in range(200)]).iloc[0]
            medians.append([row[name] for name in ("sigma", "drift per day", "session")])
            inside += row["sigma low"] <= 0.05 <= row["sigma high"]
        sigma, drift, session = numpy.median(medians, axis=0)
        assert sigma == pytest.approx(0.05, rel=0.15)
        assert drift == pytest.approx(truth[1], abs=0.015)
        assert session == pytest.approx(truth[2], abs=0.035)
    assert inside >= 18  # of 24 intervals of 90 %


def test_a_likelihood_does_not_count_common_errors_twice(sm, tmp_path):
    """Wells that are measured together err together: six of them say less about the rate than six that err alone."""
    from senoma.scatter import Scatter

    random, widths = numpy.random.default_rng(2), {}
    for session in (0.0, 0.15):
        found = []
        for _ in range(6):
            (tmp_path / "counts.csv").write_text(counts(random, 0.05, session=session, conditions=1))
            one = data_of(sm, tmp_path / "counts.csv", 0)
            scatter, rates = Scatter([one]), numpy.linspace(0.4, 0.6, 201)
            log = [scatter.log_likelihood(one.residuals({f"cells at {float(d)!r} d": 100 * math.exp(r * d) for d in DAYS})) for r in rates]
            share = numpy.exp(numpy.array(log) - max(log))
            share /= share.sum()
            middle = float(numpy.sum(share * rates))
            found.append((math.sqrt(float(numpy.sum(share * (rates - middle) ** 2))), abs(middle - 0.5)))
        widths[session] = numpy.mean(found, axis=0)
    assert widths[0.15][0] > 1.5 * widths[0.0][0]
    assert widths[0.15][1] < 2.5 * widths[0.15][0]  # and the truth is as far away as the width says


def test_unknown_scatter_and_held_out_data(sm, tmp_path):
    random = numpy.random.default_rng(3)
    (tmp_path / "counts.csv").write_text(counts(random, 0.08, conditions=3))
    data = [data_of(sm, tmp_path / "counts.csv", k, name=f"condition {k}", held_out=k == 2) for k in range(3)]
    fit = sm.calibrate(search_models.growth, data, {"rate": PRIORS["rate"], "capacity": "loguniform(3e4, 3e6)"}, n=40, populations=3, folder=tmp_path / "fit")
    scatter = fit.scatter.iloc[0]
    assert scatter["sigma low"] <= 0.08 <= scatter["sigma high"] and scatter["sigma"] == pytest.approx(0.08, rel=0.3)
    assert scatter["between repeats"] == pytest.approx(0.08, rel=0.3)
    rate = fit.table.set_index("parameter").loc["rate"]
    assert rate["low"] < 0.5 < rate["high"] and rate["narrowed"] > 0.8
    check = fit.predictive
    assert len(check) == 10 * 7  # ten wells, eight times, of which the first is 1 by definition
    assert check["held_out"].sum() == 2 * 7 and 0.8 <= check["inside"].mean() <= 0.99
    page = (tmp_path / "fit" / "report.html").read_text()
    assert "held out as a test" in page and "The scatter about the model is that of the measurement" in page and (tmp_path / "fit" / "scatter.csv").exists()


def test_the_check_says_which_data_a_fit_misses(sm, tmp_path):
    from senoma.predictive import by_data_set, verdict

    random = numpy.random.default_rng(4)
    (tmp_path / "counts.csv").write_text(counts(random, 0.05, conditions=1))
    (tmp_path / "other.csv").write_text(counts(random, 0.05, conditions=1, rate=0.6))
    data = [data_of(sm, tmp_path / "counts.csv", 0, name="as fitted"), data_of(sm, tmp_path / "other.csv", 0, name="faster", sigma=0.05, held_out=True)]
    fit = sm.calibrate(search_models.growth, data, {"rate": PRIORS["rate"], "capacity": "loguniform(3e5, 3e6)"}, method="point", n=48)
    table = by_data_set(fit.predictive).set_index("data")
    assert table.loc["as fitted", "verdict"] == "passes" and table.loc["faster", "verdict"] == "too few inside"
    assert "168 h: 6 above" in table.loc["faster", "outside at"] and table.loc["faster", "use"] == "held out"
    assert verdict(fit.predictive[~fit.predictive["held_out"]])[0]
    passes, words = verdict(fit.predictive[fit.predictive["held_out"]])
    assert not passes and "too few" in words


def test_what_unknown_scatter_refuses(sm, tmp_path):
    (tmp_path / "counts.csv").write_text(counts(numpy.random.default_rng(5), 0.05, conditions=2))
    fitted, other = data_of(sm, tmp_path / "counts.csv", 0, sigma=0.1), data_of(sm, tmp_path / "counts.csv", 1, held_out=True)
    for given, said in (([fitted, other], "nothing tells the scatter"), ([other], "no data to fit")):
        with pytest.raises(sm.Error, match=said) as caught:
            sm.calibrate(search_models.growth, given, PRIORS)
        assert caught.value.code == "E9110" and caught.value.help
    with pytest.raises(sm.Error, match="E9110"):
        data_of(sm, tmp_path / "counts.csv", 0, sigma="often")
