"""Commands that run until they are interrupted."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

Begin = Callable[..., "subprocess.Popen[str]"]


def _interruptible() -> None:
    """Whoever starts the tests in the background ignores Ctrl-C, and what they start would too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Starts `safar` with arguments; whatever becomes of the test, it does not outlive it."""
    with ExitStack() as stack:

        def begun(*arguments: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [sys.executable, "-m", "safar", *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                preexec_fn=_interruptible if sys.platform != "win32" else None,  # noqa: PLW1509
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield begun
