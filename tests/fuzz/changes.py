"""Changed texts: tokens and pieces of several files put together wrongly, as people and attackers do.

The tokens are cut coarsely, the same way for all kinds of files, so that what comes out still looks like a file of
its kind: words, numbers, quoted texts, marks, line ends with the indentation behind them.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Sequence

LONGEST = 1 << 16

_TOKEN = re.compile(r"\w+|\"[^\"\n]*\"|'[^'\n]*'|\n[ \t]*|[ \t]+|.", re.DOTALL)
_MARKS = [
    *"{}[]():;,.\"'#&*!|<>%@`\\/\n\t -+=?~^$",
    "\r",
    "\r\n",
    "\u200c",
    "\u202e",
    "\u2028",
    "\x85",
    "ی",
    "ي",
    "۱",
    "٪",
    "“",
    "\x00",
    "\x1b",
    "\ufeff",
    "\U0001f600",
    "\u0301",
    "''",
    '""',
    "==",
    "- ",
    ": ",
    " #",
    "<<: ",
    "---\n",
    "...\n",
]
_VALUES = [
    "0",
    "-1",
    "1e308",
    "9" * 30,
    "0.1",
    "12%",
    "20 EUR",
    "3d",
    "2 months",
    "25:00",
    "2027-02-30",
    "yes",
    "unknown",
    "customer.x",
    "{",
    "}",
    "(",
    ")",
    "not",
    "or else",
    "within 3d",
    "where",
    "otherwise",
]

Words = list[str]


def tokens(text: str) -> Words:
    """The text in pieces; joined they are the text.

    >>> tokens('wait 3d # x')
    ['wait', ' ', '3d', ' ', '#', ' ', 'x']
    """
    return _TOKEN.findall(text)


def changed(texts: Sequence[str], chance: random.Random) -> str:
    """One of the texts, changed at some places."""
    words = tokens(chance.choice(texts))
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        words = chance.choice(_WAYS)(words, tokens(chance.choice(texts)), chance)
    return _joined(words)


def _joined(words: Words) -> str:
    """So much of the text as may be: a long word over and over would not fit into the memory."""
    lengths = itertools.accumulate(map(len, words))
    return "".join(word for word, end in zip(words, lengths, strict=True) if end - len(word) < LONGEST)[:LONGEST]


def _stretch(words: Words, chance: random.Random, longest: int = 12) -> slice:
    start = chance.randint(0, len(words))
    return slice(start, min(len(words), start + chance.choice((1, 1, 2, 3, longest))))


def _take_out(words: Words, other: Words, chance: random.Random) -> Words:
    at = _stretch(words, chance)
    return words[: at.start] + words[at.stop :]


def _put_in(words: Words, other: Words, chance: random.Random) -> Words:
    at = chance.randint(0, len(words))
    return [*words[:at], chance.choice(_MARKS + _VALUES), *words[at:]]


def _put_instead(words: Words, other: Words, chance: random.Random) -> Words:
    at = _stretch(words, chance, 1)
    return [*words[: at.start], chance.choice(_MARKS + _VALUES), *words[at.stop :]]


def _splice(words: Words, other: Words, chance: random.Random) -> Words:
    at, there = _stretch(words, chance), _stretch(other, chance, 60)
    return words[: at.start] + other[there] + words[at.stop :]


def _swap(words: Words, other: Words, chance: random.Random) -> Words:
    one, two = sorted((chance.randint(0, len(words)), chance.randint(0, len(words))))
    return words[:one] + words[two : two + 1] + words[one + 1 : two] + words[one : one + 1] + words[two + 1 :]


def _again(words: Words, other: Words, chance: random.Random) -> Words:
    at = _stretch(words, chance, 40)
    return words[: at.stop] + words[at] * chance.choice((1, 1, 2, 70)) + words[at.stop :]


def _over_and_over(words: Words, other: Words, chance: random.Random) -> Words:
    """What shows whether the time grows with the square of the length."""
    at = _stretch(words, chance, 30)
    piece = words[at] or [chance.choice(_MARKS)]
    return words[: at.stop] + piece * (chance.choice((500, 4_000)) // len(piece) + 1) + words[at.stop :]


def _cut_off(words: Words, other: Words, chance: random.Random) -> Words:
    at = chance.randint(0, len(words))
    return words[:at] if chance.random() < 0.5 else words[at:]


def _indent(words: Words, other: Words, chance: random.Random) -> Words:
    ends = [at for at, word in enumerate(words) if word.startswith("\n")]
    if not ends:
        return words
    at = chance.choice(ends)
    return [*words[:at], words[at] + chance.choice(("", " ", "  ", "\t", "- ")), *words[at + 1 :]]


def _letter(words: Words, other: Words, chance: random.Random) -> Words:
    text = _joined(words)
    at = chance.randint(0, len(text))
    return [text[:at], chance.choice((*_MARKS, chr(chance.randint(1, 0x2FFF)))), text[at + chance.randint(0, 1) :]]


_WAYS: list[Callable[[Words, Words, random.Random], Words]] = [
    _take_out,
    _put_in,
    _put_instead,
    _put_instead,
    _splice,
    _splice,
    _swap,
    _again,
    _over_and_over,
    _cut_off,
    _indent,
    _letter,
]
