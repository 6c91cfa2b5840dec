"""A fast stand-in for models/verify/spheroid-oxygen.toml, to find the region of its parameters: half a second instead of
minutes; within 4 % of its cells and 2 % of its diameters to 561 h.

Radial shells of cells that keep their order: each holds viable cells in Erlang stages of G0/G1 (left at a rate that is
linear in oxygen, as in the model) and of the rest of the cycle, and necrotic cells with their shrinking volume. Oxygen is
quasi-steady: D c'' + 2 D c'/r = (q phi/(km + c) + decay) c with c = medium at the surface, phi the share of space filled by
viable cells. Living and necrotic cells fill different shares of space. Units: um, h, mmHg.
"""
import math

import numpy as np

D, DECAY, MEDIUM = 2000.0 * 60, 0.1 * 60, 38.0  # um^2/h, 1/h, mmHg
Q, KM = 15.4 * 60, 1.0                          # mmHg/h inside a cell; mmHg
NEWBORN = 2494.0                                # um^3
# Read from frames of the model: share of space that living and necrotic cells fill, and how much the outline's diameter
# exceeds that of the ball (the outermost cells stand out).
LIVE_SHARE, DEAD_SHARE, OUTLINE = 0.85, 0.58, 25.0  # -, -, um
LAYER = 5.0         # um from the ball to where the medium is held: the middles of voxels without cells
NECROTIC, SHRINK = 0.25, 0.05                   # final volume of a necrotic cell; 1/h
GROWING, MITOSIS = 12.0, 1.0                    # h: S and G2, over which the volume doubles; M
REST_OF_CYCLE = GROWING + MITOSIS
STAGES = 12
STEP, SUB = 1.0, 4


def oxygen(outer, phi):
    """At the middles of shells with outer radii `outer`, Picard iteration over the uptake."""
    inner = np.concatenate(([0.0], outer[:-1]))
    middle, volume = 0.5 * (inner + outer), (outer**3 - inner**3) / 3
    n = len(outer)
    gap = np.concatenate((np.diff(middle), [outer[-1] - middle[-1] + LAYER]))
    flux = D * outer**2 / gap  # to the next shell outward; the last: to the surface
    c = np.full(n, MEDIUM)
    for _ in range(25):
        loss = (Q * phi / (KM + np.maximum(c, 0)) + DECAY) * volume
        diagonal = loss + flux
        diagonal[1:] += flux[:-1]
        right = np.zeros(n)
        right[-1] = flux[-1] * MEDIUM
        upper = -flux[:-1]
        d, r = diagonal.copy(), right.copy()
        for i in range(1, n):
            w = -flux[i - 1] / d[i - 1]
            d[i] -= w * upper[i - 1]
            r[i] -= w * r[i - 1]
        new = np.empty(n)
        new[-1] = r[-1] / d[-1]
        for i in range(n - 2, -1, -1):
            new[i] = (r[i] - upper[i] * new[i + 1]) / d[i]
        done = np.max(np.abs(new - c)) < 1e-3
        c = new if done else 0.5 * (new + c)
        if done:
            break
    return c


def grow(g0g1, rest, full, necrosis, hours, start=101.69, cells=600):
    """Rows (hours, viable cells, diameter) at the times `hours`."""
    k1, k2 = STAGES / g0g1, STAGES / REST_OF_CYCLE
    total = g0g1 + REST_OF_CYCLE
    # ages at random in the cycle, as the model starts: uniform
    time_in = np.concatenate((np.full(STAGES, g0g1 / STAGES), np.full(STAGES, REST_OF_CYCLE / STAGES)))
    shape = time_in / total
    since_s = np.maximum(0.0, np.cumsum(time_in) - time_in / 2 - g0g1)
    size = NEWBORN * (1 + np.minimum(since_s / GROWING, 1.0))
    shells = 6
    n = np.outer(np.full(shells, cells / shells), shape)
    dead, dead_volume, dead_rest = np.zeros(shells), np.zeros(shells), np.zeros(shells)
    rows, t, wanted = [], start, list(hours)
    while wanted:
        live_volume = n @ size
        space = live_volume / LIVE_SHARE + dead_volume / DEAD_SHARE
        outer = np.cbrt(np.cumsum(space) * 3 / (4 * math.pi))
        if t >= wanted[0] - STEP / 2:
            rows.append((wanted.pop(0), n.sum(), 2 * outer[-1] + OUTLINE))
            continue
        thick = np.diff(outer, prepend=0.0) > 12
        if thick.any():  # split thick shells into two of the same cells
            repeat = np.where(thick, 2, 1)
            n = np.repeat(n / repeat[:, None], repeat, axis=0)
            dead, dead_volume, dead_rest = (np.repeat(v / repeat, repeat) for v in (dead, dead_volume, dead_rest))
            continue
        phi = live_volume / space
        c = oxygen(outer, phi)
        entry = np.clip((c - rest) / (full - rest), 0, 1)[:, None]
        rate = np.concatenate((np.repeat(k1 * entry, STAGES, axis=1), np.full((len(n), STAGES), k2)), axis=1)
        lost = np.where(c < rest, 1 - math.exp(-necrosis * STEP), 0.0)
        for _ in range(SUB):
            out = n * rate * (STEP / SUB)
            n = n - out
            n[:, 1:] += out[:, :-1]
            n[:, 0] += 2 * out[:, -1]
        gone = n * lost[:, None]
        n = n - gone
        dead += gone.sum(axis=1)
        dead_volume = dead_rest + (dead_volume - dead_rest) * math.exp(-SHRINK * STEP) + gone @ size
        dead_rest += NECROTIC * (gone @ size)
        t += STEP
    return rows
