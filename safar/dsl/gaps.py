"""What stands between two tokens: comments, blank lines, marks that end a statement.

The lexers drop all of it, so it is read from the source.  Formatting and converting lose no comment because
each gap is written out again.
"""

from __future__ import annotations

import msgspec

_BLANK = (
    " \t\r\f\v\u00a0\u061c\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_MARKS = ";؛"


class Comment(msgspec.Struct, frozen=True):
    """A comment with a line of its own; `blank`: a line is left empty before it."""

    text: str
    blank: bool


class Gap(msgspec.Struct, frozen=True):
    """`trailing` stands on the line of the token before, `own` below it; `blank`: an empty line before the token after.

    `marks` are the `;` in it, as written.
    """

    trailing: str = ""
    own: tuple[Comment, ...] = ()
    blank: bool = False
    breaks: bool = False
    marks: str = ""

    @property
    def comments(self) -> tuple[str, ...]:
        """All comments, in order."""
        first = (self.trailing,) if self.trailing else ()
        return (*first, *(one.text for one in self.own))


NONE = Gap()


def read_gap(text: str) -> Gap:
    """The gap that a text between two tokens is.

    >>> read_gap("  # why \\n\\n # how\\n").comments
    ('# why', '# how')
    """
    if not text.strip(" "):
        return NONE
    marks, trailing, blank = "", "", False
    own: list[Comment] = []
    lines = text.split("\n")
    for number, line in enumerate(lines):
        before, sign, said = line.partition("#")
        marks += "".join(letter for letter in before if letter in _MARKS)
        if sign and number == 0:
            trailing = tidy(sign + said)
        elif sign:
            own.append(Comment(tidy(sign + said), blank))
            blank = False
        elif 0 < number < len(lines) - 1 and not before.strip(_BLANK):
            blank = True
    return Gap(trailing, tuple(own), blank, len(lines) > 1, marks)


def tidy(comment: str) -> str:
    """A comment without the blanks behind it."""
    return comment.rstrip()
