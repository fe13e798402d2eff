"""Portions by processes of this machine.

A process that is lost (killed, out of memory) takes the pool with it; what it had not finished is given to a new pool.
"""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection, wait

from safar.errors import WorkerLostError
from safar.scale.starting import METHOD, heed_interrupts
from safar.scale.work import work

MOST_LOST = 3
"""Pools that may be lost one after the other; a portion that kills its process every time is no accident."""


ADVICE = "take fewer workers or more partitions"


class Processes:
    """Some workers, each a copy of a process that has loaded what they need and done nothing else; where there is no
    such thing, each a new one (`spawn`).  Nothing of this process is inherited.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(self, job: bytes, tasks: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
        """The number and the answer of each task, as they are done.

        Raises `WorkerLostError` where processes are lost again and again.
        """
        todo = dict(enumerate(tasks))
        lost = 0
        while todo:
            before = len(todo)
            for number, answer in _attempt(job, todo, min(self.workers, len(todo))):
                del todo[number]
                yield number, answer
            lost = 0 if len(todo) < before else lost + 1
            if lost == MOST_LOST:
                raise WorkerLostError(f"processes were lost {lost} times over, perhaps for want of memory; {ADVICE}")


def _attempt(job: bytes, todo: dict[int, bytes], workers: int) -> Iterator[tuple[int, bytes]]:
    """What is done before a process is lost, or all of it."""
    context = multiprocessing.get_context(METHOD)
    wanted, tell = context.Pipe(duplex=False)
    pool = concurrent.futures.ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(wanted,))
    done = False
    try:
        futures = _handed_over(pool, job, todo)
        for future in concurrent.futures.as_completed(futures):
            try:
                answer = future.result()
            except BrokenProcessPool:
                continue
            yield futures[future], answer
        done = True
    except BrokenProcessPool:  # so soon that not everything was handed over
        return
    finally:
        if not done:
            tell.close()
        pool.shutdown(wait=True, cancel_futures=True)
        tell.close()
        wanted.close()


def _handed_over(
    pool: concurrent.futures.ProcessPoolExecutor, job: bytes, todo: dict[int, bytes]
) -> dict[concurrent.futures.Future[bytes], int]:
    """The tasks, by what will be their answers.  Raises `BrokenProcessPool` where no process can be begun."""
    try:
        return {pool.submit(work, job, task): number for number, task in todo.items()}
    except (EOFError, ConnectionError) as lost:  # the process that workers are copies of is no more
        raise BrokenProcessPool from lost


def _begin(wanted: Connection) -> None:
    """A worker ends in silence when it is interrupted, and when nobody wants its answers any longer: then the other end
    of the pipe is closed, be it that the process that it works for is no more.
    """
    heed_interrupts(lambda _signal, _frame: os._exit(130))
    threading.Thread(target=_end_with, args=(wanted,), daemon=True).start()


def _end_with(wanted: Connection) -> None:
    wait([wanted])
    os._exit(1)
