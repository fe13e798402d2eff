"""What a second worker brings, and that nobody's work changes a bit.

    python benchmarks/scale.py [CUSTOMERS] [--dask]

Rates are customers per second of wall time, as the difference of two sizes, so that start-up drops out; one worker and
two are measured in turn, five times, and the medians are printed, on two idle cores.  The time of the whole command at
the larger size, start-up and all, is printed too.  `--dask` does the same with a cluster of this machine.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

REFERENCE = Path(__file__).with_name("reference.journey")
TURNS = 5
SMALL = 10
"""The larger size over the smaller one."""


def run(customers: int, options: list[str]) -> tuple[float, str]:
    """Seconds of the whole command, and a digest of its figures."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder, "figures.json")
        command = [sys.executable, "-m", "safar", "simulate", str(REFERENCE), "-n", str(customers), "-q"]
        begin = time.perf_counter()
        subprocess.run([*command, "--json", str(figures), *options], check=True)
        return time.perf_counter() - begin, hashlib.sha256(figures.read_bytes()).hexdigest()[:16]


@contextlib.contextmanager
def kinds(dask: bool) -> Iterator[dict[str, list[str]]]:
    """Who does the work, by name, with the options that say so."""
    own = {"one worker": [], "two workers": ["--workers", "2"]}
    if not dask:
        yield own
        return
    from safar.scale import cluster

    with cluster.local(1) as one, cluster.local(2) as two:
        yield {"one, Dask": ["--cluster", one], "two, Dask": ["--cluster", two]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("customers", nargs="?", type=int, default=10_000_000)
    parser.add_argument("--dask", action="store_true")
    asked = parser.parse_args()
    with kinds(asked.dask) as measured:
        seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in measured}
        for _ in range(TURNS):
            for name, options in measured.items():
                small, large = (run(asked.customers // part, options)[0] for part in (SMALL, 1))
                seconds[name].append((large, (asked.customers - asked.customers // SMALL) / (large - small)))
        digests = {
            run(asked.customers // SMALL, [*options, "--partitions", part])[1]
            for options in measured.values()
            for part in ("1", "2", "7")
        }
    whole, rates = ([statistics.median(pair[n] for pair in turns) for turns in seconds.values()] for n in (0, 1))
    for name, length, rate in zip(measured, whole, rates, strict=True):
        print(f"{name:12} {rate:14,.0f} customers/s {length:8.2f} s in all")
    print(f"ratio        {rates[1] / rates[0]:14.2f}             {whole[0] / whole[1]:8.2f}")
    print(f"figures with 1, 2 and 7 partitions: {'equal' if len(digests) == 1 else 'DIFFERENT'}")


if __name__ == "__main__":
    main()
