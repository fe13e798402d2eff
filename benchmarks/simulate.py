"""How fast simulations are: the reference workload beside a loop in Python, SimPy and a program in C, in one run.

    python benchmarks/simulate.py                       # ten minutes; SimPy: pip install simpy; C: any compiler
    python benchmarks/simulate.py --scale 0.001 --rounds 1

Rates are customers per second of processor time of one core, as the difference of two sizes, so that start-up drops
out; all are measured in turn, and the median of the rounds is told.  The figures of all must agree with the exact ones
within four standard errors, else the exit code is 1.  Times and memory of the command are those of the whole process.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs as a script too, not only by -m

from benchmarks import peers, workloads
from benchmarks.workloads import EXACT, REFERENCE, SPREAD, Figures
from safar.dsl.read import read_text
from safar.engine.model import Project
from safar.engine.simulate.fast import Wanted
from safar.engine.simulate.population import simulate, simulate_all
from safar.engine.simulate.results import as_json

MARKS = {"C": 0.4, "SimPy": 200.0, "R200": 0.5, "megabytes": 100.0, "memory": 1.2, "workers": 1.8}
"""What the rates against C and SimPy, R200's against R's, memory at the large size, and two workers shall come to."""


class Tool(NamedTuple):
    """Something that runs the workload, and how many customers it is given."""

    name: str
    run: Callable[[int], Figures]
    customers: int


def project_of(text: str) -> Project:
    return read_text(text).project


def with_engine(project: Project, engine: Wanted) -> Callable[[int], Figures]:
    journey = next(iter(project.journeys))

    def run(customers: int) -> Figures:
        figures = as_json(simulate(project, journey, n=customers, engine=engine))
        measures = figures["measures"]
        return Figures(
            figures["goals"]["bought"]["rate"],
            measures["reminders_sent"]["value"],
            100 * measures["cost_per_customer"]["value"],
            100 * measures["revenue_per_customer"]["value"],
        )

    return run


def rest(project: Project, *, together: bool = False) -> Callable[[int], None]:
    """A run whose figures nobody looks at."""
    journey = next(iter(project.journeys))

    def run(customers: int) -> None:
        if together:
            simulate_all(project, n=customers, days=1, engine="auto")
        else:
            simulate(project, journey, n=customers, engine="fast")

    return run


# --- measuring


def cpu() -> float:
    """Seconds of processor time of this process and of those that it waited for."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def seconds(run: Callable[[int], object], customers: int) -> float:
    begun = cpu()
    run(customers)
    return cpu() - begun


def rate(run: Callable[[int], object], customers: int) -> float:
    """Customers per second between a tenth of them and all."""
    small = customers // 10
    spent = -seconds(run, small) + seconds(run, customers)
    return (customers - small) / max(spent, 1e-9)


LAUNCHER = """
import os, sys, time
begun = time.perf_counter()
_, status, used = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ), 0)
print(status, time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A small process that starts another: else the memory of this one would be counted in."""


class Used(NamedTuple):
    wall: float
    cpu: float
    megabytes: float


def command(customers: int, workers: int = 1) -> Used:
    """What `safar simulate` takes as a whole."""
    arguments = ["-m", "safar", "simulate", str(REFERENCE), "-n", str(customers), "--workers", str(workers), "--quiet"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCHER, sys.executable, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    status, wall, spent, peak = done.stdout.split()
    if status != "0":
        raise SystemExit(f"safar simulate failed:\n{done.stderr}")
    return Used(float(wall), float(spent), int(peak) / (2**20 if sys.platform == "darwin" else 2**10))


# --- telling


def agrees(found: Figures, customers: int) -> bool:
    """Whether each figure is within four standard errors of the exact one."""
    return all(
        abs(one - exact) <= 4 * spread / math.sqrt(customers)
        for one, exact, spread in zip(found, EXACT, SPREAD, strict=True)
    )


def mark(value: float, name: str, *, least: bool = True) -> str:
    met = value >= MARKS[name] if least else value <= MARKS[name]
    return f"{'at least' if least else 'at most'} {MARKS[name]:g}: {'met' if met else 'MISSED'}"


def compare(tools: list[Tool], rounds: int) -> bool:
    """The rates of all tools in turn; whether their figures agree with the exact ones."""
    right = True
    for tool in tools:
        found = tool.run(tool.customers)
        well = agrees(found, tool.customers)
        right = right and well
        print(
            f"{tool.name:18} {'':2}"
            + " ".join(f"{name} {value:<11.6g}" for name, value in found._asdict().items())
            + ("" if well else " WRONG")
        )
    print(f"{'exact':18} {'':2}" + " ".join(f"{name} {value:<11.6g}" for name, value in EXACT._asdict().items()))
    print("all within four standard errors" if right else "WRONG: more than four standard errors away")
    rates: dict[str, list[float]] = {tool.name: [] for tool in tools}
    for _ in range(rounds):
        for tool in tools:
            rates[tool.name].append(rate(tool.run, tool.customers))
    told(tools, {name: statistics.median(many) for name, many in rates.items()})
    return right


def told(tools: list[Tool], rates: dict[str, float]) -> None:
    ours = rates["safar"]
    print(f"\n{'':18} {'customers':>12} {'per CPU second':>15} {'safar / it':>11}")
    for tool in tools:
        print(f"{tool.name:18} {tool.customers:>12,} {rates[tool.name]:>15,.0f} {ours / rates[tool.name]:>11.3g}")
    for name in ("C", "SimPy"):
        if name in rates:
            print(f"safar / {name}: {ours / rates[name]:.3g} ({mark(ours / rates[name], name)})")
    print(f"R200 / R: {rates['safar, R200'] / ours:.3g} ({mark(rates['safar, R200'] / ours, 'R200')})")


def memory(small: int, large: int) -> None:
    print(f"\n{'safar simulate':18} {'wall s':>8} {'CPU s':>8} {'peak MB':>8}")
    used = {}
    for customers in (small, large):
        used[customers] = one = command(customers)
        print(f"{customers:>18,} {one.wall:>8.2f} {one.cpu:>8.2f} {one.megabytes:>8.1f}")
    peak, ratio = used[large].megabytes, used[large].megabytes / used[small].megabytes
    print(
        f"peak memory {peak:.1f} MB ({mark(peak, 'megabytes', least=False)}), "
        f"{ratio:.3g} of the smaller run's ({mark(ratio, 'memory', least=False)})"
    )


def workers(customers: int, rounds: int) -> None:
    """Two workers against one, by the clock: as a user waits for it, and as the difference of two sizes."""
    sizes = (max(1000, customers // 10), customers)
    waited: dict[tuple[int, int], list[float]] = {}
    for _ in range(rounds):
        for many in (1, 2):
            for size in sizes:
                waited.setdefault((many, size), []).append(command(size, many).wall)
    print(f"\n{'workers':>18} " + " ".join(f"{f'{size:,}':>12}" for size in sizes) + f" {'customers/s':>12}")
    small, large = sizes
    rates = {}
    for many in (1, 2):
        least, most = (statistics.median(waited[many, size]) for size in sizes)
        rates[many] = (large - small) / max(most - least, 1e-9)
        print(f"{many:>18} {least:>10.2f} s {most:>10.2f} s {rates[many]:>12,.0f}")
    whole = statistics.median(waited[1, large]) / statistics.median(waited[2, large])
    gain = rates[2] / rates[1]
    print(f"two against one: {gain:.3g} ({mark(gain, 'workers')}), start included {whole:.3g}")


def growth(customers: int) -> None:
    """Time against customers, steps and journeys; what is linear has one number in the last column."""
    reference = project_of(workloads.reference())
    table("customers", ((n * customers, rest(reference), n * customers) for n in (1, 2, 4, 8)), "per customer")
    table("steps", ((n, rest(project_of(workloads.chain(n))), customers) for n in (10, 20, 40, 80)), "per step")
    stepped = max(100, customers // 500)  # several journeys on one timeline are lived through one customer at a time
    several = ((n, rest(project_of(workloads.side_by_side(n)), together=True), stepped) for n in (1, 2, 4, 8))
    table("journeys", several, "per journey")


def table(what: str, rows: Iterator[tuple[int, Callable[[int], object], int]], per: str) -> None:
    print(f"\n{what:>12} {'CPU s':>9} {'ns ' + per:>18}")
    for number, run, customers in rows:
        run(min(customers, 1000))
        spent = seconds(run, customers)
        each = spent / number if what == "customers" else spent / number / customers
        print(f"{number:>12,} {spent:>9.3f} {each * 1e9:>18,.1f}")


# --- the whole


def tools_for(scale: float, folder: Path) -> Iterator[Tool]:
    """All that can be run here; `scale` multiplies the numbers of customers."""

    def some(customers: int) -> int:
        return max(100, int(customers * scale))

    reference = project_of(workloads.reference())
    yield Tool("safar", with_engine(reference, "fast"), some(10_000_000))
    yield Tool("safar, R200", with_engine(project_of(workloads.r200()), "fast"), some(10_000_000))
    yield Tool("safar, plain", with_engine(reference, "plain"), some(5_000))
    yield Tool("Python by hand", peers.by_hand, some(400_000))
    if importlib.util.find_spec("simpy"):
        yield Tool("SimPy", peers.simpy, some(50_000))
    else:
        print("no SimPy here: pip install simpy")
    in_c = peers.compiled(folder)
    if in_c is not None:
        yield Tool("C", in_c, some(10_000_000))
    else:
        print("no C compiler here")


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--scale", type=float, default=1.0, help="multiplies all numbers of customers")
    reader.add_argument("--rounds", type=int, default=5)
    reader.add_argument("--only", choices=("rates", "memory", "workers", "growth"), help="one part of it")
    wanted = reader.parse_args()
    right = True
    with contextlib.ExitStack() as open_things:
        folder = Path(open_things.enter_context(tempfile.TemporaryDirectory()))
        if wanted.only in (None, "rates"):
            right = compare(list(tools_for(wanted.scale, folder)), wanted.rounds)
        if wanted.only in (None, "memory"):
            memory(max(100, int(100_000 * wanted.scale)), max(1000, int(10_000_000 * wanted.scale)))
        if wanted.only in (None, "workers"):
            workers(max(10_000, int(10_000_000 * wanted.scale)), wanted.rounds)
        if wanted.only in (None, "growth"):
            growth(max(100, int(1_000_000 * wanted.scale)))
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
