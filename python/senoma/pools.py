"""Where members run: threads of this process (the default: simulations release the GIL), processes, any executor with `submit` as in
concurrent.futures, or a Dask client or scheduler address. All look the same to dispatch(): submit, check, renew, close."""
import concurrent.futures
import contextlib
import multiprocessing
import socket

from senoma import _core
from senoma.errors import Error, need
from senoma.member import VERSION, identity


class Pool:
    """Around an executor that is the caller's own: never shut down here."""

    local = False  # members can be asked to stop

    def __init__(self, executor):
        self._executor = executor

    def check(self):
        """Raises before any member runs when a worker cannot be used. An executor's workers are checked with each member only."""

    def everywhere(self, function, *arguments):
        """Calls the function once on every worker that is there, where that can be done, and raises the first error."""

    def slots(self):
        """Members at a time; 0: not known."""
        return 0

    def submit(self, function, *arguments):
        return self._executor.submit(function, *arguments)

    def is_loss(self, fault):
        return isinstance(fault, (concurrent.futures.BrokenExecutor, concurrent.futures.CancelledError))

    def renew(self):
        """After a loss. A foreign executor that broke cannot be repaired here."""
        raise Error("E9112", "the executor broke: a worker ended", help="what ran is in the catalogue; start again with a new executor to go on",
                    kind="input_output")

    def close(self, cancel):
        pass


class ThreadPool(Pool):
    local = True

    def __init__(self, jobs):
        super().__init__(concurrent.futures.ThreadPoolExecutor(jobs))

    def close(self, cancel):
        self._executor.shutdown(wait=True, cancel_futures=cancel)


class ProcessPool(Pool):
    def __init__(self, jobs):
        self._jobs = jobs
        super().__init__(self._new())

    def slots(self):
        return self._jobs

    def _new(self):
        # spawn: a fork of a process with threads may hang
        return concurrent.futures.ProcessPoolExecutor(self._jobs, mp_context=multiprocessing.get_context("spawn"))

    def renew(self):
        with contextlib.suppress(concurrent.futures.BrokenExecutor):
            self._executor.submit(identity).result()
            return  # an earlier loss of the same break has renewed it
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._new()

    def close(self, cancel):
        self._executor.shutdown(wait=True, cancel_futures=cancel)


class DaskPool(Pool):
    """The scheduler itself gives the members of a lost worker to others."""

    def __init__(self, client, own=False):
        super().__init__(client)
        self._own = own

    def check(self):
        client = self._executor
        if not client.ncores():
            try:
                client.wait_for_workers(1, timeout=30)
            except Exception:
                raise Error("E9107", f"the scheduler {client.scheduler.address} has no workers", help="start some: dask worker ADDRESS", kind="input_output") from None
        try:
            found = client.run(_identity_of_worker, on_error="return")
        except Exception as fault:
            raise self._gone(fault) from None
        for worker, version in found.items():
            if version != VERSION:
                what = f"has senoma {version}" if isinstance(version, str) else f"has no senoma that can be loaded ({version})"
                raise Error("E9108", f"the worker {worker} {what}; this is senoma {VERSION}", help="install the same version on all workers; no member has run")

    def everywhere(self, function, *arguments):
        try:
            found = self._executor.run(function, *arguments, on_error="return")
        except Exception as fault:
            raise self._gone(fault) from None
        for answer in found.values():
            if isinstance(answer, Error):
                raise answer

    def slots(self):
        return sum(self._executor.ncores().values())

    def submit(self, function, *arguments):
        try:
            return self._executor.submit(function, *arguments, pure=False, retries=2)
        except Exception as fault:
            if self._executor.status != "running":
                raise self._gone(fault) from None
            raise

    def is_loss(self, fault):
        if self._executor.status not in ("running", "connecting"):
            raise self._gone(fault) from None
        return type(fault).__name__ in ("KilledWorker", "CancelledError", "FutureCancelledError", "CommClosedError")

    def renew(self):
        pass

    def _gone(self, fault):
        return Error("E9107", f"the connection to the Dask scheduler is lost ({type(fault).__name__})", kind="input_output",
                     help="what ran is in the catalogue; the same call with a running scheduler goes on")

    def close(self, cancel):
        if self._own:
            self._executor.close()


def _identity_of_worker():
    from senoma.member import identity as here

    return here()


def _connect(address):
    distributed = need("distributed", "dask")
    try:
        _probe(address)
        return distributed.Client(address, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as fault:
        raise Error("E9107", f"no Dask scheduler answers at '{address}' ({type(fault).__name__})", kind="input_output",
                    help=["start one with `dask scheduler`, and workers with `dask worker ADDRESS`", "no member has run"]) from None


def _probe(address):
    """A refused connection is known at once; Dask would try for as long as it may wait."""
    protocol, _, place = address.rpartition("://")
    host, _, port = place.rpartition(":")
    if protocol in ("", "tcp", "tls") and host and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()


@contextlib.contextmanager
def open_pool(executor=None, jobs=None):
    """executor: None (threads), "processes", a Dask address ("tcp://host:8786") or client, or anything with submit()."""
    jobs = jobs or _core.processors()
    if isinstance(executor, Pool):
        yield executor  # somebody else's, who closes it
        return
    if executor is None:
        pool = ThreadPool(jobs)
    elif executor == "processes":
        pool = ProcessPool(jobs)
    elif isinstance(executor, str):
        pool = DaskPool(_connect(executor), own=True)
    elif hasattr(executor, "scheduler_info"):
        pool = DaskPool(executor)
    elif hasattr(executor, "submit"):
        pool = Pool(executor)
    else:
        raise Error("E9110", f"{executor!r} is no executor", help="give a concurrent.futures executor, a Dask client or its address")
    done = False
    try:
        pool.check()
        yield pool
        done = True
    finally:
        pool.close(cancel=not done)
