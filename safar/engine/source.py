"""Where things stand: a source text and spans in it, counted in code points."""

from __future__ import annotations

import bisect
import unicodedata

import msgspec


class Source:
    """A text with a name.  `path` is relative to the project, with forward slashes.

    >>> Source("a.journey", "one\\ntwo").position(5)
    (2, 2)
    """

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts, at = [0], self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._starts = starts
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a code point, both counted from 1."""
        starts = self._line_starts()
        line = bisect.bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its line end."""
        starts = self._line_starts()
        end = starts[number] if number < len(starts) else len(self.text) + 1
        return self.text[starts[number - 1] : end - 1].rstrip("\r")

    def __repr__(self) -> str:
        return f"Source({self.path!r})"


class Span(msgspec.Struct, frozen=True, eq=False):
    """A stretch of a source: `start` is in, `end` is out.

    All spans compare equal: where a thing was written is no part of what it means, so two
    journeys are equal when they say the same, in whichever spelling.  `key` tells spans apart.
    """

    source: Source
    start: int
    end: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span)

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, Span)

    def __hash__(self) -> int:
        return 0

    @property
    def key(self) -> tuple[str, int, int]:
        return self.source.path, self.start, self.end

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """From the start of this one to the end of the other."""
        return Span(self.source, self.start, other.end)


NOWHERE = Span(Source("", ""), 0, 0)
"""The span of what no file says: defaults, and parts that the program adds."""


def display_width(text: str) -> int:
    """Terminal columns that a text takes: wide letters two, marks and joiners none.

    >>> display_width("خوش\u200cآمد")
    6
    """
    width = 0
    for letter in text:
        if unicodedata.combining(letter) or unicodedata.category(letter) in ("Cf", "Mn", "Me"):
            continue
        width += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
    return width
