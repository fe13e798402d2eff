"""Which customers were seen: a million numbered ones in some three megabytes."""

from __future__ import annotations

_BITS = 6


class Keys:
    """A set of keys that only grows.  Numbers are bits of words, since shops number their customers in a row.

    >>> keys = Keys()
    >>> keys.add(7); keys.add("c7")
    >>> 7 in keys, "c7" in keys, 8 in keys
    (True, True, False)
    """

    __slots__ = ("_texts", "_words")

    def __init__(self) -> None:
        self._words: dict[int, int] = {}
        self._texts: set[str] = set()

    def __contains__(self, key: object) -> bool:
        if not isinstance(key, int):
            return key in self._texts
        return bool(self._words.get(key >> _BITS, 0) >> (key & 63) & 1)

    def add(self, key: int | str) -> None:
        if isinstance(key, str):
            self._texts.add(key)
        else:
            self._words[key >> _BITS] = self._words.get(key >> _BITS, 0) | 1 << (key & 63)
