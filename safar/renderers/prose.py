"""Texts of others in Markdown that people read: as they are, and nothing in them is markup, a link or a mention.

Where a sign must show as itself it stands behind a backslash; words that a service would turn into a link, a mention
or a reference stand in code spans.
"""

from __future__ import annotations

import re

from safar.renderers.escape import code
from safar.renderers.labels import clean

_SIGNS = frozenset("\\`*_{}[]<>#|~&$!")
_AT_START = re.compile(r"^([-+=]|\d+(?=[.)]))")
"""What makes a list, a rule or a heading of a line that begins so."""
_LINKED = re.compile(r"@|#\d|://|www\.|gh-\d|^[0-9a-f]{7,}$", re.IGNORECASE)


def prose(text: str) -> str:
    """A text on one line.  Between two code spans stands a space without width, that they do not become one.

    >>> prose("2 * 3 <b> [x](y) week."), prose("ask @org now")
    ('2 \\\\* 3 \\\\<b\\\\> \\\\[x\\\\](y) week.', 'ask `@org` now')
    """
    words: list[str] = []
    for word in clean(text).split(" "):
        linked = _LINKED.search(word) is not None
        if linked and words and words[-1].endswith("`") and not words[-1].endswith("\\`"):
            words.append("\u200b")
        words.append(code(word) if linked else _escaped(word))
    return " ".join(words)


def _escaped(word: str) -> str:
    shown = "".join(f"\\{letter}" if letter in _SIGNS else letter for letter in word)
    found = _AT_START.match(shown)
    if found is None:
        return shown
    at = found.end() if found[0].isdigit() else 0
    return f"{shown[:at]}\\{shown[at:]}"


def cell(text: str) -> str:
    """A text in a table: no bar of it parts cells."""
    return re.sub(r"(?<!\\)\|", r"\\|", prose(text))
