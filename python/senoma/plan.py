"""Plans: a search written down in TOML, for the commands senoma-sensitivity, senoma-calibrate and senoma-optimise. Paths are relative to the plan."""
import inspect
import os
import tomllib

from senoma.data import Data
from senoma.errors import Error, nearest
from senoma.model import Model

_MODEL = {"model": str, "profile": str, "arm": str, "contexts": list, "set": dict}
_SEARCH = {"method": str, "n": int, "seeds": (int, list), "seed": int}
_OF = {"sensitivity": {"parameters": (list, dict), "outcomes": list, "level": float, **_SEARCH},
       "calibrate": {"parameters": (list, dict), "data": list, "populations": int, **_SEARCH},
       "optimise": {"variables": dict, "objectives": dict, "constraints": list, "n": int, "seeds": (int, list), "seed": int}}
_NEEDED = {"sensitivity": [], "calibrate": ["data"], "optimise": ["variables", "objectives"]}


def read_plan(path, verb):
    """(model, the arguments of the search). A file with a table [model] is itself the model: then there are no arguments."""
    try:
        with open(path, "rb") as file:
            plan = tomllib.load(file)
    except OSError as fault:
        raise Error("E9110", f"the plan cannot be read: {fault.strerror}", place=(path, 0, 0), help="give a plan or an experiment file", kind="input_output") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Error("E9110", f"the plan is no TOML: {fault}", place=(path, 0, 0), help="see `senoma " + verb + " --help` for an example") from None
    if not isinstance(plan.get("model"), str):
        if verb == "sensitivity":
            return {"path": path}, {}
        raise Error("E9110", "the plan names no model", place=(path, 0, 0), help=f'write model = "relapse.toml"; `senoma {verb} --help` shows a plan')
    kinds = {**_MODEL, **_OF[verb]}
    for key, value in plan.items():
        if key not in kinds:
            raise Error("E9110", f"unknown key '{key}' in the plan", place=(path, 0, 0), help=nearest(key, kinds))
        if not isinstance(value, kinds[key]) or isinstance(value, bool):
            wanted = kinds[key] if isinstance(kinds[key], tuple) else (kinds[key],)
            names = {str: "a text", list: "a list", dict: "a table", int: "a whole number", float: "a number"}
            raise Error("E9110", f"'{key}' is {value!r}; it is {' or '.join(names[k] for k in wanted)}", place=(path, 0, 0), help="correct the plan")
    for key in _NEEDED[verb]:
        if not plan.get(key):
            raise Error("E9110", f"the plan has no '{key}'", place=(path, 0, 0), help=f"`senoma {verb} --help` shows a plan")
    folder = os.path.dirname(os.path.abspath(path))
    model = {"path": os.path.join(folder, plan.pop("model")), **{key: plan.pop(key) for key in list(_MODEL) if key in plan}}
    if "data" in plan:
        plan["data"] = [_data(row, path, folder) for row in plan["data"]]
    return model, plan


def _data(row, path, folder):
    known = list(inspect.signature(Data.__init__).parameters)[1:]
    for key in row if isinstance(row, dict) else ():
        if key not in known:
            raise Error("E9110", f"unknown key '{key}' in [[data]]", place=(path, 0, 0), help=nearest(key, known))
    if not isinstance(row, dict) or "file" not in row or "readout" not in row:
        raise Error("E9110", "[[data]] needs file and readout", place=(path, 0, 0), help='write file = "counts.csv", readout = "cells"')
    return Data(**{**row, "file": os.path.join(folder, os.path.expandvars(row["file"]))})


def load_model(model, arguments):
    """The plan's model with what the command line lays over it."""
    overrides = dict(model.get("set", {}))
    for text in arguments.set:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise Error("E1109", f"an override is key=value, not '{text}'", help="for example -s 'time.duration=30 d'")
        overrides[key.strip()] = _typed(value.strip())
    return Model.load(model["path"], profile=arguments.profile or model.get("profile", ""), arm=arguments.arm or model.get("arm", ""),
                      contexts=[*model.get("contexts", []), *arguments.context], set=overrides)


def _typed(text):
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        return text
