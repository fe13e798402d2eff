"""A change of a file is noticed, however an editor saves it, and never twice."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from safar.serving.watching import changes


class Heard:
    """Counts changes in a thread."""

    def __init__(self, paths: list[Path], restless: Callable[[], bool] = bool) -> None:
        self.count = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._listen, args=(paths, restless), daemon=True)
        self.thread.start()
        self.settle(1)

    def _listen(self, paths: list[Path], restless: Callable[[], bool]) -> None:
        for _ in changes(lambda: paths, self.ended, restless):
            self.count += 1

    def settle(self, count: int) -> None:
        until = time.monotonic() + 5
        while self.count < count and time.monotonic() < until:
            time.sleep(0.01)
        assert self.count == count

    def close(self) -> None:
        self.ended.set()
        self.thread.join(2)
        assert not self.thread.is_alive()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.journey"
    path.write_text("team crm", encoding="utf-8")
    return path


def rename(path: Path, text: str) -> None:
    beside = path.with_name(".a.swp")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)  # noqa: PTH105 - as editors do


def test_every_way_of_saving_is_one_change(file: Path) -> None:
    other = file.with_name("later.journey")
    heard = Heard([file, other])
    ways: list[Callable[[], object]] = [
        lambda: file.write_text("team other", encoding="utf-8"),
        lambda: rename(file, "team crm"),
        lambda: rename(file, "team xxx"),  # of the same length
        file.unlink,
        lambda: file.write_text("team crm", encoding="utf-8"),
        lambda: other.write_text("", encoding="utf-8"),
        lambda: os.utime(file, ns=(1, 1)),
    ]
    for number, way in enumerate(ways, start=2):
        way()
        heard.settle(number)
    time.sleep(0.3)
    assert heard.count == len(ways) + 1
    heard.close()


def test_a_file_that_is_being_written_is_read_when_it_is_whole(file: Path) -> None:
    heard = Heard([file])
    with file.open("w", encoding="utf-8") as written:
        for _ in range(12):
            written.write("team crm\n")
            written.flush()
            time.sleep(0.01)
    heard.settle(2)
    time.sleep(0.3)
    assert heard.count == 2
    heard.close()


def test_what_is_missed_is_looked_for_each_second(file: Path) -> None:
    heard = Heard([file], restless=lambda: True)
    heard.settle(2)
    heard.close()
