"""What ABC-SMC is doing, on stderr: which population, how many draws accepted of how many tries. A posterior takes minutes to hours."""
import sys
import time


class AbcProgress:
    """Tells of the populations of one search; `wanted` as in ensemble(): None shows it on a terminal only."""

    def __init__(self, populations, wanted=None):
        self._populations, self._shown = populations, sys.stderr.isatty() if wanted is None else wanted

    def watch(self, sampler, here):
        """The pyABC sampler, telling. `here`: tries run in this thread, so that they can be counted as they come."""
        sample = sampler.sample_until_n_accepted

        def told(n, simulate_one, t, **rest):
            # before the first population pyABC draws a calibration sample, t = -1, to set the temperature
            line = _Line(f"population {t + 1} of at most {self._populations}" if t >= 0 else "calibration sample", n, self._shown)
            result = sample(n, line.counting(simulate_one) if here else simulate_one, t, **rest)
            line.end(n, sampler.nr_evaluations_)
            return result

        if self._shown:
            sampler.sample_until_n_accepted = told
        return sampler


class _Line:
    def __init__(self, name, wanted, shown):
        self._name, self._wanted, self._shown, self._start, self._last = name, wanted, shown, time.monotonic(), 0.0

    def counting(self, simulate_one):
        accepted = tries = 0

        def counted():
            nonlocal accepted, tries
            particle = simulate_one()
            tries += 1
            accepted += particle.accepted
            now = time.monotonic()
            if now - self._last > 0.2:
                self._last = now
                self._print(accepted, tries, "\r")
            return particle

        return counted

    def end(self, accepted, tries):
        self._print(accepted, tries, "\r", "\n")

    def _print(self, accepted, tries, before, after=""):
        seconds = time.monotonic() - self._start
        print(f"{before}{self._name}: {accepted} of {self._wanted} draws from {tries} tries, {seconds:.0f} s   ", end=after, file=sys.stderr, flush=True)
