"""The space between two tokens on one line, and the one way to write a token."""

from __future__ import annotations

import functools

from safar.dsl.parser import table
from safar.dsl.tokens import RESERVED, Token

_CLOSE = frozenset(")],?:")
_OPEN = frozenset("([")
_SIGNS = frozenset("+-")
_VALUES = frozenset(
    ("STRING", "INTEGER", "DECIMAL", "PERCENT", "MONEY", "DURATION", "PERIOD", "DATE", "TIME", ")", "]")
)
_CURRENCY = 3
"""Letters of a currency's code."""


@functools.cache
def _keywords() -> frozenset[str]:
    """Words that the grammar has somewhere as words of the language."""
    return frozenset(word for row in table().actions for word in row if word.islower())


def written(token: Token) -> str:
    """A token as it is laid out: one space inside an amount of money or a period, none before `%`.

    >>> written(("MONEY", 0, 6, "20EUR")), written(("PERCENT", 0, 4, "5 %"))
    ('20 EUR', '5%')
    """
    kind, _, _, text = token
    if kind == "or_else":
        return "or else"
    if kind == "MONEY":
        return f"{text[:-_CURRENCY].rstrip()} {text[-_CURRENCY:]}"
    if kind == "PERIOD":
        return " ".join(text.split())
    if kind == "PERCENT":
        return "".join(text.split())
    return text


def space(earlier: Token | None, before: Token, after: Token) -> str:
    """What stands between two tokens on one line; `earlier` is the token before them, if there is one."""
    return " " if _apart(earlier, before, after) else ""


def _apart(earlier: Token | None, before: Token, after: Token) -> bool:
    left, right = before[0], after[0]
    if right == ".":
        return left == "," or (before[3] == "path" and before[2] < after[1])
    if left == "." or left in _OPEN or right in _CLOSE:
        return False
    if left in _SIGNS:
        return _is_binary(earlier, before, after)
    if right == "(":
        return _apart_from_parenthesis(before, after)
    return True


def _apart_from_parenthesis(before: Token, after: Token) -> bool:
    """A name and its arguments stand together, a word of the language stands apart; what can be both, as written."""
    kind, word = before[0], before[3]
    if kind not in ("NAME", "CALLED", "COLONED"):
        return True
    if word in RESERVED or word == "with":
        return True
    return word in _keywords() and before[2] < after[1]


def _is_binary(earlier: Token | None, sign: Token, after: Token) -> bool:
    """Whether a `+` or `-` stands between two values; behind a word that may be a keyword it is as written."""
    if earlier is None or earlier[0] in ("{", "END"):
        return False
    if earlier[0] in _VALUES or earlier[3] in ("now", "today"):
        return True
    if earlier[0] in ("NAME", "CALLED") and earlier[3] not in RESERVED:
        return earlier[3] not in _keywords() or sign[2] < after[1]
    return False
