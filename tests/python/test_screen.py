"""Studies from Python and on workers: the same records and tables as `senoma screen` makes with threads, also when workers or the driver die."""
import concurrent.futures
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from cluster import Cluster

TABLES = ("members", "variants", "ranking", "flips", "pairs", "shapley", "survival", "stability", "mechanism")
STUDY = """[study]
experiment = "EXPERIMENT"
arm = "drug"
control = "no drug"
seeds = 3
levels = [0.5, 0.95]
[[study.context]]
name = "plain"
[[study.context]]
name = "None"
set = { "cell.tumour.hazard.apoptosis" = "0.02 1/h" }
[[study.target]]
name = "signal"
knock_down = "signal"
[[study.target]]
name = "death"
knock_down = "tumour apoptosis"
[[study.pair]]
of = ["signal", "death"]
[profiles.long.study]
seeds = 4
[profiles.fork.study]
fork_at = "1 d"
[[profiles.fork.study.timing]]
name = "late"
start = "1 d"
[[profiles.staged.study.stage]]
name = "wide"
seeds = 2
levels = [0.95]
keep = 1
[[profiles.staged.study.stage]]
name = "confirm"
seeds = 2
only_contexts = ["plain"]
"""


@pytest.fixture(scope="module")
def study(tiny, tmp_path_factory):
    file = tmp_path_factory.mktemp("study") / "study.toml"
    file.write_text(STUDY.replace("EXPERIMENT", str(tiny)))
    return file


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    with made.client() as client:  # both workers are there
        made.address = client.scheduler.address
    yield made
    made.close()


def what_counts(folder):
    """Tables as bytes; records without the time they took."""
    records = {file.name: {**json.loads(file.read_text().splitlines()[0]), "wall_seconds": 0} for file in (folder / "members").glob("*.json")}
    return records, {name: (folder / f"{name}.csv").read_bytes() for name in TABLES}


def program(senoma, *arguments, **options):
    scripts = os.path.dirname(sys.executable)
    environment = {**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]}
    return subprocess.Popen([str(senoma), "screen", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **options)


def finish(process):
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def wait_for_members(folder, n, process):
    while process.poll() is None and len(list((folder / "members").glob("*.json"))) < n:
        time.sleep(0.005)
    return len(list((folder / "members").glob("*.json")))


def test_threads_processes_and_an_executor_give_the_tables_of_the_program(sm, senoma, study, tmp_path):
    assert finish(program(senoma, study, "--profile", "fork", "-o", tmp_path / "program", "-j", 2))[0] == 0
    expected = what_counts(tmp_path / "program")
    threads = sm.screen(study, "fork", out=tmp_path / "threads", jobs=2)
    sm.screen(study, "fork", out=tmp_path / "processes", executor="processes", jobs=2)
    with concurrent.futures.ThreadPoolExecutor(2) as executor:
        sm.screen(study, "fork", out=tmp_path / "executor", executor=executor)
    for name in ("threads", "processes", "executor"):
        assert what_counts(tmp_path / name) == expected, name
    assert (threads.done, threads.total, threads.failed, threads.simulated) == (42, 42, 0, 42)
    assert set(threads.ranking["context"]) == {"plain", "None"} and threads.ranking["score"].notna().all()
    assert list(threads.variants["kind"]) == ["none", "control", "target", "target", "target", "target", "pair"]
    assert len(threads.members) == 42 and (threads.members["error"] == "").all()
    for name in ("flips", "pairs", "survival", "stability"):
        assert len(getattr(threads, name)) > 0, name
    assert threads.report.exists() and "42 of 42 members" in threads._repr_html_() and "signal 95%" in threads._repr_html_()
    again = sm.Screen(tmp_path / "threads")
    assert again.ranking.equals(threads.ranking)


def test_stages_run_elsewhere_too(sm, study, tmp_path):
    here, there = (sm.screen(study, "staged", out=tmp_path / str(executor), executor=executor, jobs=2) for executor in (None, "processes"))
    assert [stage.folder.name for stage in there.stages] == ["1-wide", "2-confirm"]
    for one, other in zip(here.stages, there.stages):
        assert what_counts(one.folder) == what_counts(other.folder)
    assert there.choice["kept"].sum() == 1 and len(there.choice) == 3 and there.choice.equals(here.choice)
    assert set(there.ranking["context"]) == {"plain"} and there.ranking.equals(there.stages[1].ranking)
    assert there.report == tmp_path / "processes" / "report.html" and there.report.exists() and "plain" in there._repr_html_()


def test_a_study_goes_on_with_values_and_only_some_targets(sm, study, tmp_path):
    first = sm.screen(study, set={"study.seeds": 1}, only="death", out=tmp_path)
    assert (first.done, first.total) == (8, 14)
    assert sm.screen(study, set={"study.seeds": 1}, out=tmp_path).simulated == 6
    with pytest.raises(sm.Error, match="E8203"):
        sm.screen(study, set={"study.levels": [0.25]}, out=tmp_path)
    with pytest.raises(sm.Error, match="E8202.*\n.*|did you mean 'death'"):
        sm.screen(study, only="deth", out=tmp_path / "other")
    with pytest.raises(sm.Error, match="E9106"):
        sm.Screen(tmp_path / "nothing")


def test_workers_killed_and_the_driver_killed_the_study_equals_a_local_one(senoma, study, cluster, tmp_path):
    assert finish(program(senoma, study, "--profile", "long", "-o", tmp_path / "local", "-j", 2))[0] == 0
    command = (study, "--profile", "long", "--dask", cluster.address, "-o", tmp_path / "dask")
    driver = program(senoma, *command)
    assert 3 <= wait_for_members(tmp_path / "dask", 3, driver) < 56, "the study was over before its driver could be killed"
    driver.kill()
    finish(driver)
    kept = len(list((tmp_path / "dask" / "members").glob("*.json")))
    driver = program(senoma, *command, "--format", "json", "--rows", 1)
    assert wait_for_members(tmp_path / "dask", kept + 5, driver) < 56, "the study was over before a worker could be killed"
    cluster.workers[0].send_signal(signal.SIGKILL)
    code, out, err = finish(driver)
    assert code == 0, err
    assert f"{kept} of 56 members have run already, {56 - kept} are run now" in err and f"workers  2 at {cluster.address}" in err and "plain" in err
    assert json.loads(out)["done"] == 56 and json.loads(out)["simulated"] == 56 - kept
    assert what_counts(tmp_path / "dask") == what_counts(tmp_path / "local")


def test_a_wrong_cluster_is_an_error_before_any_member(sm, senoma, study, cluster, tmp_path):
    code, _, err = finish(program(senoma, study, "--dask", "tcp://127.0.0.1:1", "-o", tmp_path / "out"))
    assert code == 4 and "error[E9107]" in err and "help: start one with `dask scheduler`" in err
    assert not (tmp_path / "out").exists()
    fake = tmp_path / "other" / "senoma"
    fake.mkdir(parents=True)
    (fake / "__init__.py").write_text("")
    (fake / "member.py").write_text("def identity():\n    return '0.0.1'\n")
    with cluster.client(at_least=1) as client:
        before = len(client.ncores())
        cluster.add_worker({**cluster.environment, "PYTHONPATH": str(fake.parent)})
        client.wait_for_workers(before + 1, timeout=60)
        with pytest.raises(sm.Error, match="0.0.1") as caught:
            sm.screen(study, executor=client, out=tmp_path / "out")
    assert caught.value.code == "E9108" and not list(tmp_path.glob("out/members/*.json"))


class Elsewhere:
    """An executor whose files change before the first member runs."""

    def __init__(self, file):
        self._file = file

    def submit(self, function, *arguments):
        self._file.write_text(self._file.read_text().replace("levels = [0.5, 0.95]", "levels = [0.6, 0.95]"))
        future = concurrent.futures.Future()
        try:
            future.set_result(function(*arguments))
        except Exception as fault:
            future.set_exception(fault)
        return future


def test_other_files_on_a_worker_are_refused(sm, study, tmp_path):
    file = tmp_path / "study.toml"
    file.write_text(study.read_text())
    with pytest.raises(sm.Error) as caught:
        sm.screen(file, executor=Elsewhere(file), out=tmp_path / "out")
    assert caught.value.code == "E9111" and caught.value.help and not list(tmp_path.glob("out/members/*.json"))


def test_members_that_take_their_worker_with_them_are_left_for_another_time(sm, study, tmp_path):
    from senoma.pools import Pool

    class Deadly(Pool):
        def submit(self, function, version, request, names):
            if "f0-c1-v3-s2" not in names:
                return super().submit(function, version, request, names)
            future = concurrent.futures.Future()
            future.set_exception(concurrent.futures.BrokenExecutor("a worker ended"))
            return future

        def renew(self):
            pass

    with concurrent.futures.ThreadPoolExecutor(1) as executor, pytest.warns(UserWarning, match="lost 3 times while it ran f0-c1-v3-s2: not recorded"):
        partly = sm.screen(study, "fork", set={"study.seeds": 2}, executor=Deadly(executor), out=tmp_path)
    assert (partly.done, partly.total) == (27, 28), "its group has it alone to blame"
    assert sm.screen(study, "fork", set={"study.seeds": 2}, out=tmp_path).simulated == 1


def test_without_the_package_the_program_says_what_to_install(senoma, study):
    done = subprocess.run([str(senoma), "screen", str(study), "--dask", "tcp://127.0.0.1:1"], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"})
    assert done.returncode == 2 and "error[E9001]" in done.stderr and "pip install './python[dask]'" in done.stderr
