"""The package `senoma`: models, values, runs, errors."""
import csv
import json
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading
import time
import tomllib

import numpy
import pytest


@pytest.fixture(scope="module")
def model(sm, tiny):
    return sm.Model.load(tiny, arm="drug")


def test_a_run_in_memory_is_the_run_of_the_program(senoma, model, tiny, tmp_path):
    subprocess.run([senoma, "run", tiny, "--arm", "drug", "--seed", "5", "-o", tmp_path / "out", "--progress", "none"], check=True, capture_output=True)
    run = model.run(seed=5)
    assert run.finished and run.state_hash == json.loads((tmp_path / "out" / "run.json").read_text())["hashes"]["state"]
    rows = list(csv.reader((tmp_path / "out" / "summary.csv").read_text().splitlines()))
    assert rows[0] == [f"{name}[{run.summary.attrs['units'][name]}]" for name in ["time", *run.summary.columns]]
    written = numpy.array(rows[1:], float)
    assert numpy.array_equal(written[:, 0], run.summary.index) and numpy.array_equal(written[:, 1:], run.summary.to_numpy())


def test_package_and_program_have_one_version(sm, senoma):
    project = tomllib.loads((pathlib.Path(__file__).parents[2] / "python" / "pyproject.toml").read_text())["project"]
    said = subprocess.run([senoma, "--version"], capture_output=True, text=True, check=True).stdout
    assert said == f"senoma {sm.__version__}\n" and project["version"] == sm.__version__


def test_same_seed_same_bits_for_any_number_of_threads(model):
    runs = [model.run(seed=2, threads=n) for n in (1, 2, 4)]
    assert len({r.state_hash for r in runs}) == 1
    assert all(r.summary.equals(runs[0].summary) for r in runs)
    assert model.run(seed=3).state_hash != runs[0].state_hash


def test_values_are_set_as_in_model_files(model):
    before = model.hash
    changed = model.with_(**{"drug.toxin.schedule[0].dose": "60 mg", "cell.tumour.cycle.duration": "30 h"})
    assert model.hash == before != changed.hash
    assert changed["drug.toxin.schedule[0].dose"] == "60 mg" and changed["cell.tumour.hazard.apoptosis"] == "0.001 1/h"
    copy = model.with_({"cell.tumour.cycle.duration": "30 h"})
    copy["drug.toxin.schedule[0].dose"] = "60 mg"
    assert copy.hash == changed.hash
    assert pickle.loads(pickle.dumps(copy)).hash == copy.hash
    assert model.with_(arm="no drug").run().columns["toxin"].max() == 0 < model.run().columns["toxin"].max()


def test_parameters_come_with_unit_and_prior(model):
    table = model.parameters().set_index("name")
    row = table.loc["cell.tumour.cycle.duration"]
    assert (row["value"], row["unit"], row["grade"], row["prior"]) == (20.0, "h", "assumption", "loguniform(10, 60)")
    assert row["origin"].endswith("tiny.toml:28")


def test_errors_have_code_place_and_remedy(sm, model, tiny):
    with pytest.raises(sm.Error) as caught:
        model.with_(**{"cell.tumour.cycle.duration": "30 um"})
    error = caught.value
    assert error.code == "E1203" and error.place[0] == "command line" and error.kind == "configuration"
    assert "error[E1203]" in str(error) and "^^^" in str(error) and error.help
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.place, str(again)) == (error.code, error.place, str(error))
    with pytest.raises(sm.Error) as caught:
        model["cell.tumour.cylce"] = 1
    assert caught.value.code == "E1201" and any("cycle" in remedy for remedy in caught.value.help)
    assert model.run(seed=1).finished  # a refused value leaves the model as it was
    with pytest.raises(sm.Error, match="E1108"):
        sm.Model.load(tiny, arm="drugs")
    with pytest.raises(sm.Error, match="E1101|E1102"):
        sm.Model.load(tiny.with_name("absent.toml"))
    with pytest.raises(sm.Error, match="E9101"):
        model["cell.tumour.absent"]


def test_outcomes_are_numbers_of_the_summary(model):
    from senoma.outcomes import measure

    run = model.run(seed=1)
    cells, days = run.columns["cells"], run.times / 1440
    assert measure(run, "final cells") == cells[-1] and measure(run, "max toxin") == run.columns["toxin"].max()
    assert measure(run, "cells at 12 h") == cells[list(run.times).index(720.0)]
    assert measure(run, "auc cells") == pytest.approx(numpy.trapezoid(cells, days), rel=1e-12)
    inside = measure(run, "days toxin above 100") + measure(run, "days toxin below 100")
    assert inside == pytest.approx(2.0, rel=1e-12) and 0 < measure(run, "days toxin above 100") < 2
    first = next(k for k in range(len(cells)) if cells[k] > 1.1 * cells[0])
    crossed = numpy.interp(1.1 * cells[0], cells[first - 1:first + 1], days[first - 1:first + 1])
    assert 0 < crossed < 2 and measure(run, "days until cells above 110 %") == pytest.approx(crossed, rel=1e-12)
    assert measure(run, "days cells above 110 %") == pytest.approx(measure(run, f"days cells above {float(1.1 * cells[0])!r}"), rel=1e-12)
    assert measure(run, "days until cells above 1e6") == 2.0 and measure(run, "days until cells below 1e6") == 0.0
    assert measure(run, "end_burden") == pytest.approx(100 * cells[-1] / cells[0])


def test_other_threads_go_on_while_a_run_computes(model):
    slow = model.with_(**{"time.duration": "600 d", "cell.tumour.cycle.duration": "4000 h"})
    done = threading.Event()
    worker = threading.Thread(target=lambda: (slow.run(), done.set()))
    ticks = 0
    worker.start()
    while not done.is_set():
        ticks += 1
        time.sleep(0.002)
    worker.join()
    assert ticks > 10  # the longest step is far shorter than the run, and the GIL was free


def test_ctrl_c_ends_a_run(tiny):
    code = ("import senoma as sm, signal, sys\nsignal.signal(signal.SIGINT, signal.default_int_handler)\nm = sm.Model.load(sys.argv[1], set={'time.duration': '40000 d', 'cell.tumour.cycle.duration': '4000 h'})\n"
            "try:\n    print('runs', flush=True)\n    m.run()\nexcept KeyboardInterrupt:\n    print('stopped', flush=True)")
    with subprocess.Popen([sys.executable, "-c", code, tiny], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "runs\n"
        time.sleep(0.3)
        begun = time.monotonic()
        os.kill(process.pid, signal.SIGINT)
        assert process.stdout.readline() == "stopped\n"
        assert time.monotonic() - begun < 10 and process.wait(20) == 0
