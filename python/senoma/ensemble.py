"""Many members of one model: variants × seeds, anywhere, into a catalogue."""
import itertools
import os
import sys
import time

from senoma import _core
from senoma.catalogue import Catalogue, variant_text
from senoma.dispatch import LOST, TRIES, dispatch
from senoma.errors import Error
from senoma.member import VERSION, failed, reference, run_member
from senoma.model import Model
from senoma.outcomes import check, default
from senoma.pools import open_pool


def seed_list(seeds):
    """4 → 1, 2, 3, 4."""
    result = list(range(1, seeds + 1)) if isinstance(seeds, int) else [int(s) for s in seeds]
    if not result or min(result) < 1 or len(set(result)) != len(result):
        raise Error("E9110", f"seeds = {seeds!r} is not usable", help="give a number of seeds, or different whole numbers from 1")
    return result


def identity_of(model, outcomes):
    """What must be equal for members to stand in one catalogue."""
    names = [o if isinstance(o, str) else o[0] for o in outcomes]
    return {"version": VERSION, "model": reference(model)[2], "outcomes": "; ".join(names)}


def outcome_list(model, outcomes):
    """A list of texts, or {name: function of the run}; None: the model's own."""
    if not isinstance(model, Model):
        return []
    if outcomes is None:
        return default(model)
    found = list(outcomes.items()) if isinstance(outcomes, dict) else [outcomes] if isinstance(outcomes, str) else list(outcomes)
    check(model, [o for o in found if isinstance(o, str)])
    return found


def _check_variants(model, variants):
    """One variant of each set of keys is loaded, so that a wrong key is an error now and not in every member."""
    if isinstance(model, Model):
        for values in {tuple(sorted(values)): values for values in variants}.values():
            model.with_(values)


class _Progress:
    def __init__(self, total, wanted):
        self._total, self._done, self._failed, self._start, self._last = total, 0, 0, time.monotonic(), 0.0
        self._shown = sys.stderr.isatty() if wanted is None else wanted

    def count(self, result):
        self._done += 1
        self._failed += result["status"] == "failed"
        now = time.monotonic()
        if self._shown and (now - self._last > 0.2 or self._done == self._total):
            self._last = now
            left = (now - self._start) / self._done * (self._total - self._done)
            end = "\n" if self._done == self._total else ""
            print(f"\r{self._done} of {self._total} members, {self._failed} failed, {left:.0f} s left   ", end=end, file=sys.stderr, flush=True)


def run_members(model, members, outcomes, catalogue, pool, progress=None):
    """Runs what the catalogue lacks of `members` [(values, seed)]. The catalogue is written by this thread only."""
    wanted = {(variant_text(values), seed): (values, seed) for values, seed in members}  # each once
    todo = [member for member in wanted.values() if not catalogue.has(*member)]
    line = _Progress(len(todo), progress)
    shipped = reference(model)
    stop = _core.StopFlag() if pool.local else None

    def submit(member):
        return pool.submit(run_member, VERSION, shipped, *member, outcomes, *([stop] if stop else []))

    def take(member, result):
        if result is not None:
            catalogue.add(*member, result)
            line.count(result)

    def lost(member):
        take(member, failed(f"{LOST} {TRIES} times while it ran this member"))

    try:
        dispatch(pool, todo, submit, take, lost)
    except BaseException:
        if stop:
            stop.set()
        raise


def ensemble(model, variants=({},), seeds=1, executor=None, *, outcomes=None, folder=None, jobs=None, progress=None, retry_failed=False):
    """Runs every variant with every seed and returns a DataFrame with a row per member: the values set, seed, status (done, failed), reason,
    state_hash and the outcomes.

    model      a Model, or a function (values, seed) → number or {name: number}
    variants   list of {key: value}; {} is the model as it is
    seeds      a number (1, 2, … n) or a list: the same in all variants
    executor   None: threads here; "processes"; a concurrent.futures executor; a Dask client or its address. A member is the same bits anywhere
    outcomes   texts as in senoma.outcomes, or {name: function of the Run}
    folder     for catalogue.sqlite and members.csv: the same call goes on with a study that was killed. None: in memory
    Wrong keys, other versions of Senoma and unreachable schedulers are errors before any member runs; a member that fails is a row."""
    variants = [dict(values) for values in variants]
    seeds = seed_list(seeds)
    outcomes = outcome_list(model, outcomes)
    _check_variants(model, variants)
    with Catalogue(folder, identity_of(model, outcomes)) as catalogue:
        if retry_failed:
            catalogue.forget_failed()
        with open_pool(executor, jobs) as pool:
            run_members(model, list(itertools.product(variants, seeds)), outcomes, catalogue, pool, progress)
        frame = catalogue.frame()
        if folder is not None:
            frame.to_csv(os.path.join(folder, "members.csv"), index=False)
        return frame
