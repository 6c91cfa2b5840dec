"""Senoma from Python: load a model, change it, run it in memory, and search over it.

    import senoma as sm
    m = sm.Model.load("relapse.toml", profile="quick", contexts=["aged"])
    m["drug.fotemustine.schedule[0].dose"] = "80 mg/m^2"
    run = m.run(seed=1)
    run.summary                       # a DataFrame; run.summary.attrs["units"] has the units

Names and values are those of model files and of the program `senoma`; `sm.screen` runs its studies. The searches (sensitivity, calibrate, optimise) need the
packages of the extra `search`, clusters those of `dask`.
"""
from senoma._core import version as _version
from senoma.calibrate import calibrate
from senoma.data import Data
from senoma.ensemble import Catalogue, ensemble
from senoma.errors import Error
from senoma.model import Model, Run
from senoma.optimise import optimise
from senoma.posterior import Posterior
from senoma.priors import Prior
from senoma.screen import Screen, screen
from senoma.sensitivity import sensitivity

__version__ = _version()
__all__ = ["Catalogue", "Data", "Error", "Model", "Posterior", "Prior", "Run", "Screen", "calibrate", "ensemble", "optimise", "screen",
           "sensitivity"]
