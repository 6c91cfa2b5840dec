"""Studies: what to block, with what, when, in which context. The core runs them; members may run on any pool's workers."""
import functools
import html
import os
import pathlib
import sys
import warnings

import pandas

from senoma import _core
from senoma.dispatch import LOST, TRIES, dispatch
from senoma.errors import Error
from senoma.member import VERSION
from senoma.model import toml
from senoma.pools import open_pool

_TEXTS = ("fidelity", "context", "variant", "status", "error", "model_hash", "state_hash", "kind", "actors", "group", "timing", "sign", "family", "candidate",
          "context_positive", "timing_positive", "context_negative", "timing_negative", "pair", "reference", "not_defined_because", "outcome", "unit", "actor", "target",
          "mediator", "stage", "because")


@functools.lru_cache(maxsize=2)
def _worker(request):
    try:
        worker = _core.StudyWorker(request)
    except Error as error:
        raise Error("E9111", f"the study cannot be loaded on a worker: {error.message} ({error.code})", error.place, kind=error.kind,
                    help=["give all workers the same files under the same path, for example over a shared folder", *error.help]) from None
    if worker.here != worker.expected:
        raise Error("E9111", f"the study is another one on a worker (plan {worker.here}) than where it was started (plan {worker.expected})",
                    help="give all workers the same files, for example over a shared folder")
    return worker


def run_members_of_study(version, request, names):
    """On a worker: [(name, record)]. The plan is loaded once and kept."""
    if version != VERSION:
        raise Error("E9108", f"this worker has senoma {VERSION}, the study was started by {version}", help="install the same version on all workers")
    return _worker(request).run(list(names))


def _parts(groups, slots):
    """Groups are cut when there are fewer than workers: their shared beginning is then computed more than once."""
    parts = -(-slots // len(groups)) if slots > len(groups) else 1
    for names in groups:
        size = -(-len(names) // parts)
        yield from (tuple(names[at:at + size]) for at in range(0, len(names), size))


def run_work(work, pool, at_a_time=None, say=None):
    """Runs the members of a _core.StudyWork on a pool. Those that took their worker with them three times are left out, and said."""
    pool.everywhere(run_members_of_study, VERSION, work.request, ())
    given_up = []

    def take(_, records):
        for name, record in records:
            work.deliver(name, record)

    def submit(names):
        return pool.submit(run_members_of_study, VERSION, work.request, names)

    def lost(names):
        if len(names) > 1:  # which one was it?
            return [(name,) for name in names]
        given_up.append(names[0])

    dispatch(pool, _parts(work.groups, pool.slots()), submit, take, lost, at_a_time, work.stopped)
    if given_up:
        (say or work.note)(f"{LOST} {TRIES} times while it ran {', '.join(given_up)}: not recorded, the same call tries again")


class Screen:
    """The results of a study in its folder: data frames `ranking`, `members`, `variants`, `flips`, `pairs`, `shapley`, `survival`, `stability`,
    `mechanism` (the files of these names), and `report`, the path of the page. Screen(folder) opens one that ran earlier.

    Of a study with stages the tables are those of its last stage, `stages` are the Screens of all, `choice` and `agreement` the tables that say who
    went on and how far the last two agree, and `report` is the page over all."""

    def __init__(self, folder, answer=None):
        self.folder = pathlib.Path(folder)
        self.stages = []
        if (self.folder / "stages.csv").exists():
            folders = [path.parent for path in self.folder.glob("*-*/ranking.csv")]
            self.stages = [Screen(path) for path in sorted(folders, key=lambda path: int(path.name.partition("-")[0]))]
        self._tables = self.stages[-1].folder if self.stages else self.folder
        if not (self._tables / "ranking.csv").exists():
            raise Error("E9106", f"'{folder}' holds no results of a study", place=(str(folder), 0, 0), help="`senoma.screen` or `senoma screen` makes such a folder",
                        kind="input_output")
        self.report = self.folder / "report.html"
        self._answer = answer or {}

    def _table(self, name, folder=None):
        # "None" and "NA" are names as any other
        frame = pandas.read_csv((folder or self._tables) / f"{name}.csv", keep_default_na=False, na_values=["nan", "-nan", ""], dtype={text: str for text in _TEXTS})
        return frame.fillna({column: "" for column in frame.columns if column in _TEXTS})

    ranking = functools.cached_property(lambda self: self._table("ranking"))
    members = functools.cached_property(lambda self: self._table("members"))
    variants = functools.cached_property(lambda self: self._table("variants"))
    flips = functools.cached_property(lambda self: self._table("flips"))
    pairs = functools.cached_property(lambda self: self._table("pairs"))
    shapley = functools.cached_property(lambda self: self._table("shapley"))
    survival = functools.cached_property(lambda self: self._table("survival"))
    stability = functools.cached_property(lambda self: self._table("stability"))
    mechanism = functools.cached_property(lambda self: self._table("mechanism"))
    choice = functools.cached_property(lambda self: self._table("stages", self.folder))
    agreement = functools.cached_property(lambda self: self._table("agreement", self.folder))

    total = property(lambda self: self._answer.get("total", len(self.members)), doc="Members of the study.")
    done = property(lambda self: len(self.members), doc="Members that have run.")
    failed = property(lambda self: int((self.members["status"] == "failed").sum()), doc="Of these, those that failed.")
    simulated = property(lambda self: self._answer.get("simulated", 0), doc="Members that ran in this call.")
    seconds = property(lambda self: self._answer.get("seconds", 0.0))

    def best(self, n=5):
        """The first n variants of every fidelity and context."""
        return self.ranking.groupby(["fidelity", "context"], sort=False).head(n)

    def __repr__(self):
        return f"<senoma.Screen {str(self.folder)!r}: {self.done} of {self.total} members, {self.failed} failed>"

    def _repr_html_(self):
        shown = ["fidelity", "context", "rank", "variant", "pairs", "score", "score_low", "score_high", "probability_top", "sign"]
        table = self.best()[shown if self.ranking["fidelity"].nunique() > 1 else shown[1:]].to_html(index=False, float_format="{:.3g}".format)
        failed = f", {self.failed} failed" if self.failed else ""
        return (f"<p><b>{html.escape(self._answer.get('title', self.folder.name))}</b>: {self.done} of {self.total} members{failed}, "
                f"{int(self.flips['flagged'].sum())} sign flips. <a href='{html.escape(str(self.report), quote=True)}'>report</a></p>{table}")


def screen(file, profile="", *, set=None, out=None, only=(), executor=None, jobs=None, progress=None):
    """Runs the study that a file describes, as `senoma screen` does, and returns a Screen with its tables.

    set        values of the study file by key: {"study.seeds": 16}
    out        the folder for the results (default: out/NAME); the same call goes on with a study that was killed
    only       names of targets and drugs to run now, with what they are compared with
    executor   None: threads of the core; "processes", a concurrent.futures executor, a Dask client or its address
    jobs       members at a time (default: all processors, or all workers)
    Wrong files, other versions and unreachable schedulers are errors before any member runs; a member that fails is a row of `members`."""
    overrides = [f"{key}={toml(value)}" for key, value in (set or {}).items()]
    shown = sys.stderr.isatty() if progress is None else progress
    given = (os.fspath(file), profile or "", overrides, os.fspath(out) if out else "", [only] if isinstance(only, str) else list(only))
    if executor is None:
        answer = _core.screen(*given, jobs or _core.processors(), None, shown)
    else:
        with open_pool(executor, jobs) as pool:
            answer = _core.screen(*given, 1, lambda work: run_work(work, pool, jobs, warnings.warn), shown)
    return Screen(answer["out"], answer)
