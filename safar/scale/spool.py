"""What portions have to write, in files of their own, until it is taken over in the order of the portions."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from safar import output
from safar.engine.simulate.ledger import Record
from safar.engine.simulate.population import Results
from safar.scale.job import Job, Task


def _file(folder: str, number: int, kind: str) -> Path:
    return Path(folder, f"{number}.{kind}.jsonl")


@contextlib.contextmanager
def folder(where: Path) -> Iterator[str]:
    """A new folder in another one; gone at the end."""
    if not where.is_dir():
        raise output.OutputError(f"there is no folder {where}")
    try:
        made = tempfile.TemporaryDirectory(prefix=".safar-", dir=where.absolute())
    except OSError as error:
        raise output.OutputError(f"nothing can be written in {where}: {error.strerror}") from None
    with made as name:
        yield name


@contextlib.contextmanager
def lines(job: Job, task: Task) -> Iterator[Callable[[str], object]]:
    """Takes the lines of a portion's traces."""
    with output.writing(_file(job.spool, task.number, "traces")) as file:
        yield lambda line: file.write(line.encode("utf-8", "backslashreplace"))


@contextlib.contextmanager
def records(job: Job, task: Task) -> Iterator[Results]:
    """Takes the records of a portion's results."""
    encoder = msgspec.json.Encoder()
    with output.writing(_file(job.spool, task.number, "results")) as file:
        yield lambda _columns: lambda record: file.write(encoder.encode(record) + b"\n")


class Gathering:
    """Takes over what the portions wrote, each as soon as all before it are there."""

    def __init__(
        self,
        folder: str,
        traces: Callable[[str], object] | None,
        add: Callable[[Record], object] | None,
        out: Path | None,
    ) -> None:
        self.folder, self.traces, self.add, self._out = folder, traces, add, out
        self._done: set[int] = set()
        self._next = 0

    def fault(self, words: str) -> str:
        """What went wrong with a portion's file, by the name that people know; empty if it was something else."""
        if not self.folder or not words.startswith(self.folder):
            return ""
        file, _, reason = words.partition(" cannot be written: ")
        if self._out is not None and file.endswith(".results.jsonl"):
            return f"{self._out} cannot be written: {reason}"
        return f"traces cannot be kept in {Path(self.folder).parent}: {reason}"

    def done(self, number: int) -> None:
        """This portion has been written."""
        self._done.add(number)
        while self._next in self._done:
            self._take(self._next)
            self._next += 1

    def _take(self, number: int) -> None:
        if self.traces is not None:
            with _gone(_file(self.folder, number, "traces")) as path, path.open(encoding="utf-8", newline="\n") as file:
                for line in file:
                    self.traces(line)
        if self.add is not None:
            decoder = msgspec.json.Decoder(Record)
            with _gone(_file(self.folder, number, "results")) as path, path.open("rb") as rows:
                for row in rows:
                    self.add(decoder.decode(row))


@contextlib.contextmanager
def _gone(path: Path) -> Iterator[Path]:
    yield path
    path.unlink()
