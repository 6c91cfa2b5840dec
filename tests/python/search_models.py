"""Models as functions, for tests of searches: known answers, no simulation. A module of its own, so that workers can import it."""
import math
import os
import signal
import time


def ishigami(values, seed):
    x, y, z = (values[name] for name in "xyz")
    return math.sin(x) + 7 * math.sin(y) ** 2 + 0.1 * z**4 * math.sin(x)


def growth(values, seed):
    """Cells that double, from 100, at eight times."""
    rate, capacity = values["rate"], values["capacity"]
    return {f"cells at {float(day)!r} d": capacity / (1 + (capacity / 100 - 1) * math.exp(-rate * day)) for day in range(8)}


def dose(values, seed):
    """More dose, longer to relapse and more exposure; beyond 5 it harms."""
    x = values["dose"]
    return {"relapse": 10 + 8 * x - x * x + 0.1 * (seed % 2), "exposure": 3 * x}


def failing(values, seed):
    if values["x"] > 0.5 and seed == 2:
        raise ValueError("x is too large")
    return values["x"] + seed


def slow(values, seed):
    time.sleep(0.05)
    return values["x"] * seed


def deadly(values, seed):
    """Kills its worker the first time it runs: the file named by `once` remembers."""
    if values["x"] == 3 and not os.path.exists(values["once"]):
        open(values["once"], "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return values["x"] * seed
