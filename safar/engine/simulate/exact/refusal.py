"""What has no exact answer."""

from __future__ import annotations

from safar.engine.source import NOWHERE, Span

DOUBT = ("doubt",)
"""What is counted where delays blur the end of a goal's window: the chance that an answer is taken for too late."""
DOUBTFUL = 0.05
"""More doubt than that at one place ends the attempt."""
MOST_DOUBT = 1e-6
"""The doubt that a whole answer may have: figures are told to six places."""


class NotExactError(Exception):
    """The journey has no exact answer here; `span` says where, the message why, in one sentence without an end mark."""

    def __init__(self, why: str, span: Span = NOWHERE) -> None:
        super().__init__(why)
        self.span = span


class TooManyStatesError(Exception):
    """The chain grew beyond its limit."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the exact answer needs more than {limit:,} states")
        self.limit = limit
