"""Ensembles: the catalogue, resuming, failures, and the same members on threads, processes and Dask workers."""
import pathlib
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

import search_models
from cluster import Cluster

HERE = pathlib.Path(__file__).parent
VARIANTS = [{}, {"cell.tumour.cycle.duration": "30 h"}, {"arm": "no drug"}]


def rows_of(folder):
    with sqlite3.connect(folder / "catalogue.sqlite") as connection:
        return connection.execute("SELECT * FROM members ORDER BY variant, seed").fetchall()


@pytest.fixture(scope="module")
def model(sm, tiny):
    return sm.Model.load(tiny, arm="drug", set={"time.duration": "1 d"})


def test_members_are_the_same_in_threads_and_processes(sm, model, tmp_path):
    threads = sm.ensemble(model, VARIANTS, seeds=3, jobs=2, folder=tmp_path / "threads", outcomes=["final cells", "max signal"])
    sm.ensemble(model, VARIANTS, seeds=3, executor="processes", jobs=2, folder=tmp_path / "processes", outcomes=["final cells", "max signal"])
    assert rows_of(tmp_path / "threads") == rows_of(tmp_path / "processes") and len(threads) == 9
    alone = model.with_(**VARIANTS[1]).run(seed=2)
    row = threads[(threads["cell.tumour.cycle.duration"] == "30 h") & (threads["seed"] == 2)].iloc[0]
    assert row["state_hash"] == alone.state_hash and row["final cells"] == alone.columns["cells"][-1]


def test_a_failed_member_is_a_row_and_the_study_goes_on(sm, tmp_path):
    frame = sm.ensemble(search_models.failing, [{"x": 0.1}, {"x": 0.9}], seeds=3, folder=tmp_path)
    failed = frame[frame["status"] == "failed"]
    assert len(frame) == 6 and len(failed) == 1
    assert failed.iloc[0]["reason"] == "ValueError: x is too large" and failed.iloc[0]["seed"] == 2
    assert frame[frame["status"] == "done"]["value"].sum() == pytest.approx(3 * 0.1 + 6 + 2 * 0.9 + 4)


def test_wrong_input_is_refused_before_any_member(sm, model, tmp_path):
    for wrong, code in ((dict(variants=[{"cell.tumour.nothing": 1}]), "E1201"), (dict(outcomes=["final cell"]), "E9103"), (dict(seeds=[1, 1]), "E9110"),
                        (dict(executor="tcp://127.0.0.1:1"), "E9107"), (dict(executor=3), "E9110")):
        with pytest.raises(sm.Error) as caught:
            sm.ensemble(model, **wrong, folder=tmp_path / "wrong")
        assert caught.value.code == code and caught.value.help
    assert not (tmp_path / "wrong" / "catalogue.sqlite").exists() or not rows_of(tmp_path / "wrong")


def test_a_folder_belongs_to_one_study(sm, model, tmp_path):
    sm.ensemble(model, folder=tmp_path, outcomes=["final cells"])
    with pytest.raises(sm.Error, match="E9106"):
        sm.ensemble(model.with_(**{"time.duration": "12 h"}), folder=tmp_path, outcomes=["final cells"])
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as connection:
        connection.execute("UPDATE info SET value = '0.0.1' WHERE key = 'version'")
    with pytest.raises(sm.Error, match="version is 0.0.1"):
        sm.ensemble(model, folder=tmp_path, outcomes=["final cells"])


def test_a_killed_study_goes_on_and_ends_as_an_undisturbed_one(sm, tmp_path):
    code = ("import sys; sys.path.insert(0, sys.argv[1]); import senoma as sm, search_models\n"
            "sm.ensemble(search_models.slow, [{'x': x} for x in range(6)], seeds=5, jobs=2, folder=sys.argv[2])")
    with subprocess.Popen([sys.executable, "-c", code, HERE, tmp_path / "killed"]) as process:
        catalogue = tmp_path / "killed" / "catalogue.sqlite"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            time.sleep(0.05)
            if catalogue.exists():
                try:
                    if len(rows_of(tmp_path / "killed")) >= 5:
                        break
                except sqlite3.OperationalError:  # not made yet
                    pass
        process.kill()
    kept = rows_of(tmp_path / "killed")
    assert 5 <= len(kept) < 30
    variants = [{"x": x} for x in range(6)]
    sm.ensemble(search_models.slow, variants, seeds=5, folder=tmp_path / "killed")
    sm.ensemble(search_models.slow, variants, seeds=5, folder=tmp_path / "whole")
    assert rows_of(tmp_path / "killed") == rows_of(tmp_path / "whole")
    assert (tmp_path / "killed" / "members.csv").read_bytes() == (tmp_path / "whole" / "members.csv").read_bytes()


def test_a_process_that_dies_loses_no_member(sm, tmp_path):
    variants = [{"x": x, "once": str(tmp_path / "died")} for x in range(6)]
    frame = sm.ensemble(search_models.deadly, variants, seeds=1, executor="processes", jobs=2)
    assert (tmp_path / "died").exists()
    assert (frame["status"] == "done").all() and sorted(frame["value"]) == [0, 1, 2, 3, 4, 5]


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    yield made
    made.close()


def test_dask_members_equal_local_ones_also_when_a_worker_is_killed(sm, model, cluster, tmp_path):
    import threading

    variants = [{"cell.tumour.cycle.duration": f"{hours} h"} for hours in range(12, 24)]
    with cluster.client() as client:
        study = threading.Thread(target=lambda: sm.ensemble(model, variants, seeds=6, executor=client, folder=tmp_path / "dask", outcomes=["final cells"]))
        study.start()
        while study.is_alive() and not ((tmp_path / "dask" / "catalogue.sqlite").exists() and _count(tmp_path / "dask") >= 5):
            time.sleep(0.01)
        assert _count(tmp_path / "dask") < 72, "the study was over before a worker could be killed"
        cluster.workers[0].send_signal(signal.SIGKILL)
        study.join(120)
        assert not study.is_alive()
    local = sm.ensemble(model, variants, seeds=6, folder=tmp_path / "local", outcomes=["final cells"])
    assert rows_of(tmp_path / "dask") == rows_of(tmp_path / "local")
    assert (local["status"] == "done").all() and len(local) == 72


def _count(folder):
    try:
        return len(rows_of(folder))
    except sqlite3.OperationalError:  # not made yet
        return 0


def test_a_worker_of_another_version_is_refused_before_any_member(sm, model, cluster, tmp_path):
    fake = tmp_path / "other" / "senoma"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text("")
    (fake / "member.py").write_text("def identity():\n    return '0.0.1'\n")
    cluster.add_worker({**cluster.environment, "PYTHONPATH": str(fake.parent)})
    with cluster.client() as client, pytest.raises(sm.Error) as caught:
        sm.ensemble(model, seeds=4, executor=client, folder=tmp_path / "study")
    assert caught.value.code == "E9108" and "0.0.1" in str(caught.value)
    assert rows_of(tmp_path / "study") == []
