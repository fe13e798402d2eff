"""Changes of texts as a unified diff: to be read, or put into the files by `patch` or `git apply`."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from safar.renderers.terminal import CYAN, GREEN, RED, Style, visible

_COLOURS = {"+": GREEN, "-": RED, "@": CYAN}
_NO_END = "\\ No newline at end of file"


def patch(path: str, before: str, after: str, style: Style) -> str:
    """The lines that differ, three lines around them.  What a terminal would obey is spelled out.

    >>> print(patch("a.journey", "wait 3 d", "wait 3d\\n", Style()), end="")
    --- a.journey
    +++ a.journey
    @@ -1 +1 @@
    -wait 3 d
    \\ No newline at end of file
    +wait 3d
    """
    return "".join(f"{line}\n" for line in _lines(visible(path), before, after, style))


def _lines(path: str, before: str, after: str, style: Style) -> Iterator[str]:
    rows = difflib.unified_diff(_split(before), _split(after), path, path)
    for number, row in enumerate(rows):
        text = row.removesuffix("\n")
        shown = "\t".join(map(visible, text.split("\t")))
        yield shown if number < 2 else style(shown, _COLOURS.get(shown[:1], ""))
        if number >= 2 and not row.endswith("\n"):
            yield _NO_END


def _split(text: str) -> list[str]:
    """Lines with their ends: `splitlines` would also end them at other letters."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
