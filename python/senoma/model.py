"""Models and runs. A Model is what a file says with a profile, an arm, contexts and values set over it; a Run is what came out."""
import json
import math
import os

import numpy
import pandas

from senoma import _core
from senoma.errors import Error, nearest


def toml(value):
    """A Python value as TOML. A text is a text: "80 mg/m^2"."""
    if isinstance(value, (bool, numpy.bool_)):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (int, numpy.integer)):
        return str(int(value))
    if isinstance(value, (float, numpy.floating)):
        if not math.isfinite(value):
            raise Error("E1204", f"{value} is not a finite number", help="give a finite value")
        return repr(float(value))
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(str(key))} = {toml(item)}" for key, item in value.items()) + " }"
    raise Error("E1109", f"{value!r} is no value of a model file", help="give a number, a text with unit, true or false, a list or a dict")


class Model:
    """A loaded and checked model. `m[key] = value` and `m.update({...})` change it; `m.with_(**{key: value})` gives a changed copy. Keys are
    those of `senoma explain` and -s."""

    def __init__(self, spec):
        self.spec = spec
        self._loaded = _core.LoadedModel.load(spec["path"], spec["profile"], spec["arm"], spec["contexts"],
                                              [f"{key}={text}" for key, text in spec["set"].items()], spec["patient"])

    @classmethod
    def load(cls, path, profile="", arm="", contexts=(), set=None, patient=None):
        """Reads and checks a model or experiment file. `set`: values by key. `patient`: of the model's cohort. Raises Error."""
        return cls({"path": os.path.abspath(os.fspath(path)), "profile": profile or "", "arm": arm or "", "contexts": list(contexts),
                    "set": {key: toml(value) for key, value in (set or {}).items()}, "patient": patient})

    def with_(self, values=None, /, **more):
        """A copy with these values: m.with_(**{"drug.toxin.schedule[0].dose": "80 mg/m^2"}). `arm`, `profile`, `contexts` and `patient`
        choose what load() chooses."""
        changed = {**(values or {}), **more}
        if not changed:
            return self
        chosen = {key: changed.pop(key) for key in ("arm", "profile", "contexts", "patient") if key in changed}
        texts = {key: toml(value) for key, value in changed.items()}
        kept = {key: text for key, text in self.spec["set"].items() if key not in texts}
        return Model({**self.spec, **chosen, "set": {**kept, **texts}})

    def update(self, values):
        """Sets several values in this model; none of them if one is wrong."""
        changed = self.with_(values)
        self.spec, self._loaded = changed.spec, changed._loaded

    def __setitem__(self, key, value):
        self.update({key: value})

    def __getitem__(self, key):
        """The value at a key as it is written: "80 mg/m^2", 0.4, true."""
        text = self._loaded.value_at(key)
        if not text:
            raise Error("E9101", f"the model sets no '{key}'", help=nearest(key, [row[0] for row in self._loaded.parameters()]))
        try:
            return json.loads(text)
        except ValueError:
            return text

    title = property(lambda self: self._loaded.title)
    hash = property(lambda self: self._loaded.hash, doc="Of the description: equal for equal simulations.")
    warnings = property(lambda self: list(self._loaded.warnings))
    arms = property(lambda self: self._loaded.arms())
    readouts = property(lambda self: dict(self._loaded.readouts()), doc="Readouts and their units.")
    duration = property(lambda self: self._loaded.duration_min / 1440.0, doc="Days.")

    def parameters(self):
        """A row per number of the model: name, value, unit, source, grade, prior, note, origin (file:line)."""
        rows = []
        for name, value, unit, *rest in self._loaded.parameters():
            number = value[: len(value) - len(unit)] if unit != "1" and value.endswith(unit) else value
            try:
                number = float(number)
            except ValueError:
                number = math.nan
            rows.append((name, number, unit, *rest))
        return pandas.DataFrame(rows, columns=["name", "value", "unit", "source", "grade", "prior", "note", "origin"])

    def resolved_toml(self):
        """The whole model as one text, each value with its origin."""
        return self._loaded.resolved_toml()

    def run(self, seed=1, threads=1, stop=None):
        """Runs in memory. Same seed, same bits, for any number of threads. Ctrl-C ends it within a step (KeyboardInterrupt)."""
        return Run(_core.run(self._loaded, seed, threads, stop), seed, self.hash)

    def __repr__(self):
        return f"<senoma.Model {self.title!r} {self.hash}>"

    def __reduce__(self):
        return (_load_same, (self.spec, self.hash))


def _load_same(spec, expected):
    model = Model(spec)
    if model.hash != expected:
        raise Error("E9111", f"{spec['path']} is another model here ({model.hash}) than where the study was started ({expected})",
                    help="give all workers the same files, for example over a shared folder")
    return model


class Run:
    """`summary` and `populations` (DataFrames over time, units in .attrs["units"]), `state_hash`, `outcome` (nadir, relapse …, when the
    experiment names a burden), `counts`, `warnings`, `seed`, `model_hash`, `finished`."""

    def __init__(self, raw, seed, model_hash):
        self.seed, self.model_hash = seed, model_hash
        self.state_hash, self.finished = raw["state_hash"], raw["finished"]
        self.outcome, self.counts, self.warnings = dict(raw["outcome"]), dict(raw["counts"]), list(raw["warnings"])
        self._raw, self._unit = raw, raw["time_unit"]
        self.times = raw["summary"][0]  # min
        self.columns = {name: values for name, _, values in raw["summary"][1]}
        self.units = {name: unit for name, unit, _ in raw["summary"][1]}

    summary = property(lambda self: self._frame("summary"), doc="Readouts over time.")
    populations = property(lambda self: self._frame("populations"), doc="Cells by state over time.")

    def _frame(self, table):
        times, columns = self._raw[table]
        index = pandas.Index(times / (1440.0 if self._unit == "d" else 60.0), name="time")
        frame = pandas.DataFrame({name: values for name, _, values in columns}, index=index)
        frame.attrs["units"] = {"time": self._unit, **{name: unit for name, unit, _ in columns}}
        return frame

    def __repr__(self):
        return f"<senoma.Run seed {self.seed}, {len(self.times)} rows, state {self.state_hash}>"
