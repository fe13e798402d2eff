"""How processes start: as copies of one that has loaded what they need, where there is such a thing.

Nothing is imported here that takes long, so that the loading begins before anything else does.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable

METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def warm_up() -> None:
    """Begin to load what workers need, in a process of its own, while this one reads journey and customers.

    That process and its copies inherit that interrupts are held back: else one would break off their start with a
    traceback.
    """
    if METHOD == "forkserver":
        from multiprocessing import forkserver, resource_tracker

        resource_tracker.ensure_running()  # which would let interrupts through again
        multiprocessing.get_context(METHOD).set_forkserver_preload(["safar.scale.ready"])
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            forkserver.ensure_running()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def heed_interrupts(handler: Callable[[int, object], object]) -> None:
    """In a worker: what to do when it is interrupted, which it could not be while it started."""
    signal.signal(signal.SIGINT, handler)
    if METHOD == "forkserver":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
