"""One member, as it runs anywhere: plain data in, plain data out. A worker loads a model once and keeps it over seeds."""
import functools
import hashlib
import json

from senoma import _core
from senoma.errors import Error
from senoma.model import Model, _load_same
from senoma.outcomes import measure

VERSION = _core.version()


def identity():
    return VERSION


@functools.lru_cache(maxsize=4)
def _base(spec, expected):
    return _load_same(json.loads(spec), expected)


@functools.lru_cache(maxsize=16)
def _variant(spec, expected, values):
    return _base(spec, expected).with_(json.loads(values))


def reference(model):
    """What goes to the workers instead of a model: its files' names and its hash, or the function itself."""
    if isinstance(model, Model):
        return ("model", json.dumps(model.spec), model.hash)
    if callable(model):
        return ("function", model, getattr(model, "__qualname__", type(model).__name__))
    raise Error("E9110", f"{model!r} is neither a senoma.Model nor a function of (values, seed)", help="load one with senoma.Model.load")


def failed(reason):
    return {"status": "failed", "reason": reason, "state_hash": "", "outcomes": {}}


def run_member(version, model, values, seed, outcomes, stop=None):
    """`outcomes`: texts, or pairs (name, function of the run). What the model itself does wrong is a failed member; another version or
    other files on this worker raise."""
    if version != VERSION:
        raise Error("E9108", f"this worker has senoma {VERSION}, the study was started by {version}", help="install the same version on all workers")
    if model[0] == "function":
        return _call(model[1], values, seed)
    _base(model[1], model[2])
    try:
        run = _variant(model[1], model[2], json.dumps(values, sort_keys=True)).run(seed=seed, stop=stop)
    except Error as error:
        return failed(str(error))
    if not run.finished:
        return None  # asked to stop
    measured = {}
    for outcome in outcomes:
        name, function = (outcome, None) if isinstance(outcome, str) else outcome
        try:
            measured[name] = float(function(run) if function else measure(run, outcome))
        except Error:
            raise
        except Exception as fault:  # the user's own function
            return failed(f"outcome {name}: {type(fault).__name__}: {fault}")
    return {"status": "done", "reason": "", "state_hash": run.state_hash, "outcomes": measured}


def _call(function, values, seed):
    try:
        result = function(values, seed)
        result = {name: float(value) for name, value in result.items()} if isinstance(result, dict) else {"value": float(result)}
    except Exception as fault:  # a member that fails is recorded, and the study goes on
        return failed(f"{type(fault).__name__}: {fault}")
    digest = hashlib.sha256(json.dumps({k: v.hex() for k, v in sorted(result.items())}).encode()).hexdigest()[:16]
    return {"status": "done", "reason": "", "state_hash": digest, "outcomes": result}
