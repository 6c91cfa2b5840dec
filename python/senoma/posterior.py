"""What a calibration learned: weighted draws of the parameters, as a table that later runs take their values from."""
import csv
import json
import math
import os
import re

import numpy
import pandas

from senoma.errors import Error


class Posterior:
    """`frame` (a column per parameter, in the unit of `units`), `weights` (sum 1)."""

    def __init__(self, frame, weights, units):
        self.frame, self.units = frame.reset_index(drop=True), dict(units)
        weights = numpy.asarray(weights, float)
        self.weights = weights / weights.sum()

    @classmethod
    def read(cls, file):
        """A posterior.csv. Raises E1218 with the line."""
        file = os.fspath(file)
        try:
            with open(file, encoding="utf-8", newline="") as text:
                rows = list(csv.reader(text))
        except (OSError, UnicodeDecodeError) as fault:
            raise Error("E1218", f"the posterior cannot be read: {fault}", place=(file, 0, 0), help="give the posterior.csv of a calibration",
                        kind="input_output") from None
        heads = [re.fullmatch(r"(.*)\[([^\]]*)\]", cell) for cell in (rows[0][1:] if rows else [])]
        if len(rows) < 2 or rows[0][0] != "weight" or not heads or not all(heads):
            raise Error("E1218", "the file is no posterior", place=(file, 1, 0), help="its header is weight,KEY[unit],… and each further line a draw")
        numbers = []
        for line, row in enumerate(rows[1:], 2):
            try:
                values = [float(cell) for cell in row]
            except ValueError:
                values = [math.nan]
            if len(values) != len(heads) + 1 or not all(map(math.isfinite, values)) or values[0] < 0:
                raise Error("E1218", "the line is no draw", place=(file, line, 0), help="a weight and a finite number per parameter")
            numbers.append(values)
        table = numpy.array(numbers)
        if table[:, 0].sum() <= 0:
            raise Error("E1218", "all weights are zero", place=(file, 0, 0), help="at least one draw needs a weight")
        return cls(pandas.DataFrame(table[:, 1:], columns=[h[1] for h in heads]), table[:, 0], {h[1]: h[2] for h in heads})

    def write(self, folder):
        """posterior.csv, posterior.json (quantiles), and posterior-median.toml: a context that `senoma run -c posterior-median` takes when it
        lies in a folder `contexts` beside the model."""
        with open(os.path.join(folder, "posterior.csv"), "w", encoding="utf-8", newline="") as text:
            out = csv.writer(text)
            out.writerow(["weight", *(f"{name}[{self.units[name]}]" for name in self.frame.columns)])
            out.writerows([repr(float(w)), *(repr(float(x)) for x in row)] for w, row in zip(self.weights, self.frame.itertuples(index=False)))
        table = self.table()
        with open(os.path.join(folder, "posterior.json"), "w", encoding="utf-8") as text:
            json.dump({row["parameter"]: {key: row[key] for key in ("unit", "median", "low", "high")} for row in table.to_dict("records")}, text, indent=1)
        middle = self.values(table.set_index("parameter")["median"])
        with open(os.path.join(folder, "posterior-median.toml"), "w", encoding="utf-8") as text:
            text.write('[context]\ntitle = "Median of a calibration"\n[context.set]\n')
            for key, value in middle.items():
                text.write(f"{json.dumps(key)} = {json.dumps(value)}\n")

    def values(self, row):
        """A draw as values for Model.with_: numbers with their units."""
        return {name: float(row[name]) if self.units[name] == "1" else f"{float(row[name])!r} {self.units[name]}" for name in self.frame.columns}

    def draw(self, n, seed=1):
        """n draws by weight, as variants for ensemble()."""
        return [self.values(self.frame.iloc[k]) for k in self.choose(n, seed)]

    def choose(self, n, seed=1):
        """The rows of draw()."""
        return numpy.random.default_rng(seed).choice(len(self.frame), n, p=self.weights)

    def quantile(self, name, q):
        """Of the weighted draws, linear between the middles of their weights."""
        order = numpy.argsort(self.frame[name].to_numpy(), kind="stable")
        x, w = self.frame[name].to_numpy()[order], self.weights[order]
        return float(numpy.interp(q, numpy.cumsum(w) - w / 2, x))

    def table(self, level=0.9):
        """parameter, unit, median, low, high."""
        out = (1 - level) / 2
        return pandas.DataFrame([{"parameter": name, "unit": self.units[name], "median": self.quantile(name, 0.5), "low": self.quantile(name, out),
                                  "high": self.quantile(name, 1 - out)} for name in self.frame.columns])

    def effective_draws(self):
        return float(1 / numpy.sum(self.weights**2))
