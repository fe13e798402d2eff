"""Changed files into the readers: `python benchmarks/fuzz.py TARGET... --seconds N`; without a target, each in turn.

With the package `atheris` the changes are led by what code they reach (`--blind`: without); what they begin with and
how they change is in `tests/fuzz`.  What ends in an exception, breaks a promise of `tests/fuzz/targets.py` or takes
more than two seconds of processor time is kept in `fuzz-found/`; mended, it belongs into `tests/fuzz/found`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import io
import os
import random
import runpy
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ROOM = ROOT / "tests" / "fuzz"
KEPT = ROOT / "fuzz-found"
SECONDS, TRACED_SECONDS = 2.0, 10.0
"""Of processor time for a text; what tells atheris which code is reached takes several times as long."""
Change = Callable[[Sequence[str], random.Random], str]


class TooSlow(BaseException):
    """Raised where a text is still being read after five times the time allowed."""


def stop(*_: object) -> None:
    raise TooSlow


class Trial:
    """Reads one text after the other, and keeps those that are not read well: one for each place that fails."""

    def __init__(self, name: str, target: Any, seconds: float) -> None:
        self.name, self.target, self.seconds = name, target, seconds
        self.count = 0
        self.places: set[str] = set()

    def read(self, text: str) -> None:
        self.count += 1
        begin = time.process_time()
        said, place = "", ""
        signal.setitimer(signal.ITIMER_PROF, 5 * self.seconds)
        try:
            self.target.read(text)
        except (Exception, TooSlow) as wrong:
            said = traceback.format_exc(limit=-4)
            place = str([(step.filename, step.lineno) for step in traceback.extract_tb(wrong.__traceback__)][-1])
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        took = time.process_time() - begin
        if took > self.seconds:
            place = place or f"slow {int(took)}"
        if place and place not in self.places:
            self.places.add(place)
            self._keep(text, f"{took:.1f} s\n{said}")

    def _keep(self, text: str, said: str) -> None:
        KEPT.mkdir(exist_ok=True)
        raw = text.encode(errors="surrogatepass")
        kept = KEPT / f"{self.name}-{hashlib.blake2b(raw, digest_size=6).hexdigest()}{self.target.ending}"
        kept.write_bytes(raw)
        sys.stdout.write(f"{self.name}: kept as {kept.name}: {said}\n")

    def end(self) -> int:
        """Say how many there were; 1 where something was found."""
        sys.stdout.write(f"{self.name}: {self.count:,} inputs, {len(self.places)} found\n")
        return 1 if self.places else 0


def blind(trial: Trial, change: Change, seconds: float, chance: random.Random) -> int:
    """Changes at random, until the time is over."""
    seeds = trial.target.seeds()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        trial.read(change(seeds, chance))
    return trial.end()


def led(trial: Trial, change: Change, seconds: float) -> None:
    """Changes of what reached code that nothing reached before.  Ends the process."""
    import atheris

    seeds = trial.target.seeds()
    end = time.monotonic() + seconds

    def one(raw: bytes) -> None:
        trial.read(raw.decode(errors="replace"))
        if time.monotonic() > end:
            code = trial.end()
            sys.stdout.flush()
            os._exit(code)

    def changed(raw: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        if chance.random() < 0.3:
            return bytes(atheris.Mutate(raw, most))
        texts = [raw.decode(errors="replace")] * 3 + [chance.choice(seeds)]
        return change(texts, chance).encode(errors="replace")[:most]

    with tempfile.TemporaryDirectory(prefix="safar-fuzz-") as folder:
        for number, text in enumerate(seeds):
            Path(folder, str(number)).write_bytes(text.encode(errors="replace"))
        options = ["-max_len=65536", "-timeout=600", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *options, folder], one, custom_mutator=changed)
        atheris.Fuzz()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each target")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**9, help="the same changes again (blind only)")
    parser.add_argument("--blind", action="store_true", help="without atheris")
    return parser.parse_args()


def known(name: str) -> Any:
    """A target.  All that it imports is imported, also what is only when it is needed."""
    targets = runpy.run_path(str(ROOM / "targets.py"))["TARGETS"]
    if name not in targets:
        raise SystemExit(f"no target {name}; there are {', '.join(targets)}")
    for text in targets[name].seeds():
        with contextlib.suppress(Exception):  # it will be tried again, and then it counts
            targets[name].read(text)
    return targets[name]


def traced(name: str) -> Any:
    """A target whose modules tell atheris which of their code is reached."""
    import atheris

    with contextlib.redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["safar"]):
        return known(name)


def main() -> int:
    asked = arguments()
    if len(asked.targets) != 1:
        names = asked.targets or list(runpy.run_path(str(ROOM / "targets.py"))["TARGETS"])
        options = ["--seconds", str(asked.seconds), "--seed", str(asked.seed), *["--blind"] * asked.blind]
        return max(subprocess.call([sys.executable, __file__, name, *options]) for name in names)
    signal.signal(signal.SIGPROF, stop)
    name = asked.targets[0]
    change: Change = runpy.run_path(str(ROOM / "changes.py"))["changed"]
    has_atheris = importlib.util.find_spec("atheris") is not None
    if has_atheris and not asked.blind:
        led(Trial(name, traced(name), TRACED_SECONDS), change, asked.seconds)
    if not asked.blind:
        sys.stderr.write("atheris is not installed (`pip install atheris`): the changes are made blindly\n")
    sys.stdout.write(f"seed {asked.seed}\n")
    return blind(Trial(name, known(name), SECONDS), change, asked.seconds, random.Random(asked.seed))  # noqa: S311 - repeatable


if __name__ == "__main__":
    sys.exit(main())
