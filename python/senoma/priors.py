"""Prior distributions as texts, as a model file has them: loguniform(a, b), uniform(a, b), normal(mean, sd), lognormal(median, sd of ln); for
searches over schedules also integers(a, b) and choice(x, y, …). Numbers are in the unit of the value."""
import fnmatch
import math
import re

from senoma.errors import Error, nearest, need
from senoma.model import Model

_FORM = "write loguniform(a, b), uniform(a, b), normal(mean, sd) or lognormal(median, sd of ln), in the value's own unit"


class Prior:
    """`kind`, its two numbers `a` and `b`, and `unit`. value(x) is the model-file value of a number x."""

    kinds = ("loguniform", "uniform", "normal", "lognormal", "integers")

    def __init__(self, kind, a, b, unit="1"):
        self.kind, self.a, self.b, self.unit = kind, float(a), float(b), unit or "1"
        interval, positive = kind in ("uniform", "loguniform", "integers"), kind in ("loguniform", "lognormal")
        if kind not in self.kinds or not (math.isfinite(self.a) and math.isfinite(self.b)) or (interval and self.b <= self.a) or (
                not interval and self.b <= 0) or (positive and self.a <= 0):
            raise Error("E1208", f"the prior {self} makes no distribution", help=_FORM)

    @classmethod
    def parse(cls, text, unit="1"):
        """A text "loguniform(0.1, 10)", with the unit behind it if not given: "uniform(1, 5) d"."""
        found = re.fullmatch(r"\s*(\w+)\(\s*([^,()]+),\s*([^,()]+)\)\s*(.*?)\s*", str(text))
        try:
            return cls(found[1], float(found[2]), float(found[3]), found[4] or unit)
        except (TypeError, ValueError):
            raise Error("E1208", f"the prior \"{text}\" is malformed", help=_FORM) from None

    def distribution(self):
        """The frozen scipy distribution."""
        stats = need("scipy.stats", "search")
        if self.kind == "uniform":
            return stats.uniform(self.a, self.b - self.a)
        if self.kind == "loguniform":
            return stats.loguniform(self.a, self.b)
        if self.kind == "normal":
            return stats.norm(self.a, self.b)
        if self.kind == "lognormal":
            return stats.lognorm(self.b, scale=self.a)
        return stats.randint(int(self.a), int(self.b) + 1)

    def quantile(self, u):
        return float(self.distribution().ppf(u))

    def value(self, number):
        """As a model file has it: 0.4, or "0.4 1/h"."""
        number = int(round(number)) if self.kind == "integers" else float(number)
        return number if self.unit == "1" else f"{number!r} {self.unit}"

    def __str__(self):
        return f"{self.kind}({self.a:g}, {self.b:g})" + ("" if self.unit == "1" else f" {self.unit}")

    __repr__ = __str__


def find_priors(model, parameters):
    """{name: Prior} of what is asked for: None (all values of the model with a prior), names or patterns (*, ?), or {name: prior}. For a
    function as model only the last. E9101: no such value; E9102: no prior."""
    if isinstance(parameters, dict):
        table = {row.name: row.unit for row in model.parameters().itertuples(index=False)} if isinstance(model, Model) else {}
        priors = {name: prior if isinstance(prior, Prior) else Prior.parse(prior, table.get(name, "1")) for name, prior in parameters.items()}
        if isinstance(model, Model):
            for name in priors:
                if name not in table and not model._loaded.value_at(name):
                    raise Error("E9101", f"the model has no value '{name}'", help=nearest(name, table))
    elif not isinstance(model, Model):
        raise Error("E9102", "a function has no priors of its own", help='give them: parameters={"x": "uniform(0, 1)"}')
    else:
        priors = _of_model(model, parameters)
    if not priors:
        raise Error("E9102", "there is no parameter with a prior", help=_FORM)
    return priors


def _of_model(model, asked):
    rows = {row.name: row for row in model.parameters().itertuples(index=False)}
    if asked is None:
        return {name: Prior.parse(row.prior, row.unit) for name, row in rows.items() if row.prior}
    priors = {}
    for pattern in [asked] if isinstance(asked, str) else asked:
        names = [pattern] if pattern in rows else [n for n in rows if fnmatch.fnmatchcase(n, pattern)]
        if not names:
            raise Error("E9101", f"no value of the model is called '{pattern}'", help=nearest(pattern, rows))
        with_prior = [name for name in names if rows[name].prior]
        if not with_prior:
            file, _, line = rows[names[0]].origin.rpartition(":")
            place = (file, int(line), 0) if file and line.isdigit() else (rows[names[0]].origin, 0, 0)
            what = f"'{names[0]}'" if len(names) == 1 else f"none of the {len(names)} values '{pattern}'"
            raise Error("E9102", f"{what} has {'no' if len(names) == 1 else 'a'} prior", place=place,
                        help=[f'add it in the file: {{ value = …, prior = "loguniform(a, b)" }} (unit {rows[names[0]].unit})',
                              'or give it here: {"' + names[0] + '": "loguniform(a, b)"}'])
        priors.update({name: Prior.parse(rows[name].prior, rows[name].unit) for name in with_prior})
    return priors
