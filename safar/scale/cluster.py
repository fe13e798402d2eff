"""Portions by the workers of a Dask cluster (`pip install safar[dask]`)."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterator, Sequence
from typing import Any

from safar.errors import SelectionError, WorkerLostError
from safar.scale.work import work

ALLOCATION = {"MALLOC_TRIM_THRESHOLD_": "268435456", "MALLOC_MMAP_THRESHOLD_": "33554432"}
"""What workers are started with.

Dask gives them a trim threshold of 64 KiB, which turns off glibc's own adaptation: every array of half a megabyte is
then mapped and faulted in anew, and columns of customers take nearly twice as long (dask/distributed issue 3898).
"""


PATIENCE = "10s"
"""How long a scheduler is waited for."""


def is_installed() -> bool:
    """Whether there is Dask."""
    return importlib.util.find_spec("distributed") is not None


class Cluster:
    """The workers behind a client."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.workers = max(1, sum(client.nthreads().values()))

    def run(self, job: bytes, tasks: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
        """The number and the answer of each task, as they are done; Dask gives those of a lost worker to another.

        Raises `WorkerLostError` where workers are lost again and again.
        """
        from distributed import KilledWorker, as_completed

        futures = {self._client.submit(work, job, task, pure=False): number for number, task in enumerate(tasks)}
        try:
            for future in as_completed(futures, loop=self._client.loop):
                yield futures[future], future.result()
        except KilledWorker as wrong:
            raise WorkerLostError("workers of the cluster were lost again and again; see their logs") from wrong


@contextlib.contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster of the scheduler at `address`, such as `tcp://10.0.0.5:8786`.

    Raises `SelectionError` where nobody answers, or Dask is not installed.
    """
    if not is_installed():
        raise SelectionError("a cluster needs the package `distributed`; install it: `pip install safar[dask]`")
    from distributed import Client

    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SelectionError(f"no Dask scheduler answers at `{address}`") from error
    with client:
        yield Cluster(client)


@contextlib.contextmanager
def local(workers: int) -> Iterator[str]:
    """A cluster of this machine, for trials: its address."""
    import dask
    from distributed import LocalCluster

    environment = {"distributed.nanny.pre-spawn-environ": ALLOCATION}
    with (
        dask.config.set(environment),
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        yield cluster.scheduler_address
