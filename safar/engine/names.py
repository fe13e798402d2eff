"""Names: when two of them are the same, and which one was probably meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

_LOOK_ALIKE = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "\u200c": None,
        "\u200d": None,
        "ـ": None,
        **{chr(0x660 + n): str(n) for n in range(10)},
        **{chr(0x6F0 + n): str(n) for n in range(10)},
    }
)


def fold(name: str) -> str:
    """The form under which names are compared: letters that only look different are one.

    >>> fold("سبد\u200cخريد") == fold("سبدخرید")
    True
    >>> fold("Cart_۲")
    'cart_2'
    """
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFKC", name).translate(_LOOK_ALIKE).casefold()


def _distance(left: str, right: str, most: int) -> int:
    """Restricted Damerau-Levenshtein distance, given up (as `most` + 1) when above `most`."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            cost = min(row[-1] + 1, last[j] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant, or None.

    >>> nearest("purchse", ["purchase", "loyalty"])
    'purchase'
    """
    wanted = fold(name)[:64]
    most = max(1, len(wanted) // 3)
    scored = [(_distance(wanted, fold(c)[:64], most), c) for c in sorted(set(candidates))]
    near = [pair for pair in scored if pair[0] <= most]
    return min(near)[1] if near else None
