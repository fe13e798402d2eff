"""Where pages stand in the folder of the site, and how one leads to another: relative, so that the folder can move."""

from __future__ import annotations

import functools
import hashlib
import posixpath

SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))})
"""Names that are no files on Windows, whatever their ending."""
_LONGEST = 60


def file_name(name: str, apart: str = "") -> str:
    """A name as the name of a file on every system; one that has to be changed, or set `apart`, has a mark behind it.

    >>> file_name("abandoned_cart"), file_name("سبد خرید"), file_name("../Con")
    ('abandoned_cart', 'x-619d6271', 'con-fd9f2c6a')
    """
    small = "".join(letter for letter in name.lower() if letter in SAFE).strip("-")[:_LONGEST]
    if small and small == name and not apart and small not in _DEVICES:
        return small
    mark = hashlib.blake2b(f"{name}\0{apart}".encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
    return f"{small or 'x'}-{mark}"


def way(start: str, end: str) -> str:
    """From one page to another, both by their path in the site; either may have an anchor.

    >>> way("en/journeys/cart.html", "en/channels/email.html"), way("en/index.html", "site.css")
    ('../channels/email.html', '../site.css')
    """
    return _from_folder(posixpath.dirname(start), end)


@functools.lru_cache(maxsize=1 << 15)
def _from_folder(folder: str, end: str) -> str:
    path, sign, anchor = end.partition("#")
    return posixpath.relpath(path, folder or ".") + sign + anchor
