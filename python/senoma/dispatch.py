"""Hands tasks to the workers of a pool and takes what comes back, in the caller's thread. A task whose worker is lost is tried again."""
import collections
import queue

from senoma.errors import Error

LOST = "a worker was lost"
TRIES = 3          # of a task whose worker is lost
_AT_A_TIME = 2000  # tasks handed out: a scheduler's memory is finite


def dispatch(pool, tasks, submit, take, lost, at_a_time=None, stopped=None):
    """submit(task) gives a future; take(task, result) follows for each task, or lost(task) when its worker was lost three times, which may give
    other tasks to try instead. Errors of tasks are raised here. `stopped()` is asked several times a second: when true, what has not come is given up."""
    todo = collections.deque((task, 1) for task in tasks)
    came, running = queue.SimpleQueue(), {}

    def hand_out():
        while todo and len(running) < (at_a_time or _AT_A_TIME):
            task, attempt = todo.popleft()
            try:
                future = submit(task)
            except Exception as fault:
                if not pool.is_loss(fault):
                    raise
                todo.appendleft((task, attempt))
                pool.renew()
                continue
            running[future] = (task, attempt)
            future.add_done_callback(came.put)

    def collect(future):
        task, attempt = running.pop(future)
        try:
            result = future.result()
        except Error:
            raise
        except BaseException as fault:
            if isinstance(fault, KeyboardInterrupt) or not pool.is_loss(fault):
                raise
            pool.renew()
            if attempt < TRIES:
                todo.append((task, attempt + 1))
            else:
                todo.extend((other, 1) for other in lost(task) or ())
            return
        take(task, result)

    try:
        hand_out()
        while running and not (stopped and stopped()):
            try:
                collect(came.get(timeout=0.2 if stopped else None))
            except queue.Empty:
                continue
            hand_out()
    finally:
        for future in list(running):
            future.cancel()
