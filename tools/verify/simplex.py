"""The downhill simplex method of Nelder and Mead, standard coefficients, with the standard library alone."""


def minimise(function, start, scale, rounds):
    """(best value, best point) after at most `rounds` evaluations; `scale`: size of the first simplex per axis."""
    points = [list(start)] + [[x + (scale[i] if i == k else 0) for i, x in enumerate(start)] for k in range(len(start))]
    simplex = sorted((function(p), p) for p in points)
    used = len(points)
    while used < rounds:
        worst, centre = simplex[-1], [sum(p[i] for _, p in simplex[:-1]) / len(start) for i in range(len(start))]

        def at(t):
            point = [c + t * (w - c) for c, w in zip(centre, worst[1])]
            return function(point), point

        trial, used = at(-1.0), used + 1
        if trial[0] < simplex[0][0]:
            further, used = at(-2.0), used + 1
            simplex[-1] = min(trial, further)
        elif trial[0] < simplex[-2][0]:
            simplex[-1] = trial
        else:
            inner, used = at(0.5 if trial[0] >= worst[0] else -0.5), used + 1
            if inner[0] < min(trial[0], worst[0]):
                simplex[-1] = inner
            else:
                best = simplex[0][1]
                simplex[1:] = [(function(q), q) for q in
                               ([b + 0.5 * (x - b) for b, x in zip(best, p)] for _, p in simplex[1:])]
                used += len(start)
        simplex.sort()
    return simplex[0]
