"""A Dask cluster for tests."""
import os
import pathlib
import subprocess
import sys
import time

import pytest

HERE = pathlib.Path(__file__).parent


class Cluster:
    """A real scheduler and workers on loopback, each a process."""

    def __init__(self, folder, n_workers=2):
        pytest.importorskip("distributed")
        self.folder, self.environment = folder, {**os.environ, "PYTHONPATH": str(HERE)}
        address = folder / "scheduler.json"
        self.processes = [self._start("scheduler", "--port", "0", "--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", address)]
        self.file = address
        self.workers = [self.add_worker() for _ in range(n_workers)]

    def _start(self, what, *arguments, environment=None):
        log = open(self.folder / f"{what}-{time.monotonic_ns()}.log", "w")
        return subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_" + what, *map(str, arguments)], stdout=log, stderr=log, env=environment or self.environment)

    def add_worker(self, environment=None):
        worker = self._start("worker", "--scheduler-file", self.file, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", self.folder,
                             environment=environment)
        self.processes.append(worker)
        return worker

    def client(self, at_least=None):
        from distributed import Client

        client = Client(scheduler_file=str(self.file), timeout="60s", set_as_default=False)
        client.wait_for_workers(at_least or len(self.processes) - 1, timeout=60)
        return client

    def close(self):
        for process in self.processes:
            process.kill()
            process.wait()
